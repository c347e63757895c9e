//! The harness itself is right: what it runs, what it waits for, and that it can fail a test.

use std::process::Command;

use crate::world::{Running, World, run_command};

fn shell(world: &World, script: &str) -> Command {
    world.command("/bin/sh", ["-c", script])
}

#[test]
fn a_program_sees_only_the_environment_of_its_world() {
    let world = World::new();
    let ran = run_command(shell(&world, "env | sort"), "").ok();
    let names: Vec<String> =
        ran.stdout().lines().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect();
    for name in ["STREAMPATH_HOME", "HOME", "TZ", "NO_COLOR", "COLUMNS", "LC_ALL", "PATH"] {
        assert!(names.iter().any(|seen| seen == name), "{name} is not set: {names:?}");
    }
    assert!(!names.iter().any(|name| name.starts_with("CARGO")), "{names:?}");
}

#[test]
fn output_is_followed_while_the_program_runs_and_its_end_is_told() {
    let world = World::new();
    let mut running = Running::start(shell(&world, "while read x; do echo got $x; done; exit 6"));
    running.feed("one\n");
    assert_eq!(running.wait_for_line(|line| line.starts_with("got")), "got one");
    running.feed("two\n");
    running.wait_for_lines(2);
    assert_eq!(running.wait().ends(6).stdout(), "got one\ngot two\n");
}

#[test]
fn a_killed_program_is_gone_and_keeps_what_it_said() {
    let world = World::new();
    let running = Running::start(shell(&world, "echo here; exec sleep 1000"));
    running.wait_for_line(|line| line == "here");
    let ran = running.kill();
    assert_eq!((ran.code(), ran.stdout().as_str()), (None, "here\n"));
}

#[test]
#[should_panic(expected = "wrong exit status")]
fn a_wrong_exit_status_fails_the_test() {
    let world = World::new();
    drop(run_command(shell(&world, "echo no >&2; exit 3"), "").fails(4));
}

#[test]
#[should_panic(expected = "should have been quiet on stderr")]
fn a_noisy_success_is_no_success() {
    let world = World::new();
    drop(run_command(shell(&world, "echo careful >&2"), "").ok());
}
