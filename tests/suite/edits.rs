//! What an edit of permissions says about the modes of the files, which it does not change.

use crate::world::{World, run_command};

fn edit(world: &World, line: &str) -> String {
    let words = format!("stream edit {line}");
    let ran = run_command(world.command("streamctl", words.split_whitespace()), "").ends(0);
    ran.stderr()
}

#[test]
fn whom_the_files_keep_out_is_told_when_expressions_let_them_in() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    let told = edit(&world, "/s -consumeperm p");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("streamctl: the files of stream `/s` stay those of user "));
    assert!(lines[0].contains(" and keep out others, whatever its permissions say"), "{told}");
    assert!(lines[1].starts_with("hint: make the stream again"), "{told}");
    assert_eq!(lines.len(), 2, "{told}");
    // Only an edit of permissions says so, and only while it is so.
    assert_eq!(edit(&world, "/s -ttl 5"), "");
    assert_eq!(edit(&world, "/s -consumeperm p"), "", "nothing changes");
    assert!(edit(&world, "/s -produceperm !u:nobody --dry-run").starts_with(lines[0]));
    assert_eq!(edit(&world, "/s -consumeperm u:root"), "");
}

#[test]
fn files_that_are_open_to_all_keep_nobody_out() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s", "-copyperm", "p"], "").ok());
    assert_eq!(edit(&world, "/s -consumeperm p -produceperm u:nobody|g:nogroup"), "");
}
