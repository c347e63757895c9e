//! Streams of one user and the programs run by others: expressions and file modes together.
//!
//! Only root can run programs as other users; without it these tests say that they are skipped.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::world::{Ran, World, run_command, skip};

/// Users that no account has: their names are their numbers.
pub(crate) const ANN: u32 = 54_321;
const BOB: u32 = 54_322;
/// A group that is nobody's own.
const CREW: u32 = 54_400;

/// A store for several users, or `None` (and a line that says so) if this cannot be tried here.
pub(crate) fn shared_store(mode: u32) -> Option<World> {
    if !rustix::process::geteuid().is_root() {
        skip("not root: no other user can be had");
        return None;
    }
    let world = World::new();
    fs::create_dir(world.store()).unwrap();
    set_mode(world.dir(), 0o755);
    set_mode(world.store(), mode);
    Some(world)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs a command line as a user, with a umask that would shut everybody else out.
pub(crate) fn run_as(world: &World, uid: u32, groups: &[u32], line: &str, typed: &str) -> Ran {
    let mut words = line.split_whitespace();
    let program = crate::world::program_path(words.next().unwrap());
    let groups: Vec<String> = groups.iter().map(u32::to_string).collect();
    let groups = match groups.is_empty() {
        true => "--clear-groups".to_owned(),
        false => format!("--groups={}", groups.join(",")),
    };
    let script = "umask 077; exec setpriv --reuid=$0 --regid=$0 \"$@\"";
    let mut arguments = vec!["-c".to_owned(), script.to_owned(), uid.to_string(), groups];
    arguments.push("--".to_owned());
    arguments.push(program.to_str().unwrap().to_owned());
    arguments.extend(words.map(str::to_owned));
    run_command(world.command("/bin/sh", arguments), typed)
}

/// The mode, user and group of everything below a directory, itself included.
fn below(path: &Path) -> Vec<(bool, u32, u32)> {
    let stat = fs::symlink_metadata(path).unwrap();
    let mut all = vec![(stat.is_dir(), stat.mode() & 0o7777, stat.gid())];
    if stat.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            all.extend(below(&entry.unwrap().path()));
        }
    }
    all
}

#[track_caller]
fn has_modes(path: &Path, dir: u32, file: u32, group: Option<u32>) {
    let all = below(path);
    assert!(all.len() > 10);
    for (is_dir, mode, gid) in all {
        // Who is not in the group cannot keep set-group-id; it only matters where the group does.
        let mode = if dir == 0o2777 { mode & 0o777 } else { mode };
        assert_eq!(
            mode,
            if is_dir && dir == 0o2777 {
                0o777
            } else if is_dir {
                dir
            } else {
                file
            }
        );
        assert!(group.is_none_or(|group| group == gid), "group {gid}");
    }
}

const CONSUME: &str = "console-consumer --topic /s:t --from beginning --until end";

#[test]
fn a_stream_is_its_owners_alone() {
    let Some(world) = shared_store(0o1777) else { return };
    let ann = |line: &str, typed: &str| run_as(&world, ANN, &[], line, typed);
    let bob = |line: &str, typed: &str| run_as(&world, BOB, &[], line, typed);
    ann("streamctl stream create /s", "").ok();
    ann("console-producer --topic /s:t", "hello\n").ok();
    assert_eq!(ann(CONSUME, "").ok().stdout(), "hello\n");
    has_modes(&world.store().join("s"), 0o700, 0o600, Some(ANN));
    for line in [
        "streamctl stream info /s",
        "streamctl topic list /s",
        "streamctl topic info /s:t",
        "streamctl topic create /s:u",
        "streamctl topic delete /s:t",
        "streamctl stream delete /s",
        "console-producer --topic /s:t",
        CONSUME,
    ] {
        let stderr = bob(line, "x\n").fails(5).stderr();
        let closed = format!("stream `/s` is closed: the files of user id {ANN} do not let others");
        assert!(stderr.contains(&closed), "{line}: {stderr}");
        assert!(stderr.contains("\nhint: "), "{line}: {stderr}");
    }
    assert_eq!(bob("streamctl stream list", "").ok().stdout(), "");
    bob("streamctl stream create /s", "").fails(4);
    let found = bob("streamctl store check", "").ok().stdout();
    assert!(found.contains(&format!("not looked into: the files of user id {ANN}")), "{found}");
    // Nobody is above it: modes do not stop root, expressions do.
    let stderr = world.run("streamctl", ["stream", "info", "/s"], "").fails(5).stderr();
    assert!(stderr.contains(&format!("which user id {ANN} has")), "{stderr}");
    assert_eq!(ann(CONSUME, "").ok().stdout(), "hello\n");
}

#[test]
fn a_public_stream_is_shared_and_kept() {
    let Some(world) = shared_store(0o1777) else { return };
    let ann = |line: &str, typed: &str| run_as(&world, ANN, &[], line, typed);
    let bob = |line: &str, typed: &str| run_as(&world, BOB, &[], line, typed);
    ann("streamctl stream create /s -produceperm p -consumeperm p", "").ok();
    bob("console-producer --topic /s:t", "from bob\n").ok();
    ann("console-producer --topic /s:t", "from ann\n").ok();
    bob("console-producer --topic /s:t", "again\n").ok();
    assert_eq!(bob(CONSUME, "").ok().stdout(), "from bob\nfrom ann\nagain\n");
    assert_eq!(ann(CONSUME, "").ok().stdout(), "from bob\nfrom ann\nagain\n");
    has_modes(&world.store().join("s"), 0o2777, 0o666, None);
    bob("streamctl topic create /s:u", "").fails(5);
    bob("streamctl topic delete /s:t", "").fails(5);
    // In a sticky directory people remove their own, and a refused deletion leaves all as it was.
    for line in ["streamctl stream delete /s", "streamctl stream delete /s --dry-run"] {
        let stderr = bob(line, "").fails(5).stderr();
        assert!(stderr.contains("only owners remove their own"), "{stderr}");
    }
    assert_eq!(ann(CONSUME, "").ok().stdout(), "from bob\nfrom ann\nagain\n");
    ann("streamctl store check", "").ok();
    ann("streamctl stream delete /s", "").ok();
    ann("streamctl stream info /s", "").fails(3);
    assert_eq!(fs::read_dir(world.store().join(".streampath/trash")).unwrap().count(), 0);
}

#[test]
fn a_group_shares_a_stream() {
    let Some(world) = shared_store(0o1777) else { return };
    let ann = |line: &str, typed: &str| run_as(&world, ANN, &[CREW], line, typed);
    let bob = |line: &str, typed: &str| run_as(&world, BOB, &[CREW], line, typed);
    let perms = format!("-produceperm g:{CREW} -consumeperm u:{ANN}|g:{CREW} -topicperm g:{CREW}");
    ann(&format!("streamctl stream create /s {perms}"), "").ok();
    bob("streamctl topic create /s:t", "").ok();
    bob("console-producer --topic /s:t", "from bob\n").ok();
    ann("console-producer --topic /s:t", "from ann\n").ok();
    assert_eq!(bob(CONSUME, "").ok().stdout(), "from bob\nfrom ann\n");
    // Without the index, whoever comes first makes it for all.
    for name in ["index.1.db", "index.1.db-wal", "index.1.db-shm"] {
        drop(fs::remove_file(world.store().join("s").join(name)));
    }
    bob("streamctl topic list /s", "").ok();
    ann("streamctl topic create /s:v", "").ok();
    bob("streamctl topic delete /s:v", "").ok();
    has_modes(&world.store().join("s"), 0o2770, 0o660, Some(CREW));
    let stderr = run_as(&world, BOB, &[], CONSUME, "").fails(5).stderr();
    assert!(stderr.contains("stream `/s` is closed"), "{stderr}");
    // Nothing but a new stream lets in more people than the modes do.
    let admin = format!("streamctl stream edit /s -adminperm g:{CREW}");
    assert_eq!(ann(&admin, "").ends(0).stderr(), "");
    let stderr = ann("streamctl stream edit /s -consumeperm p", "").ends(0).stderr();
    let said = format!("those of group id {CREW} and keep out all but its owner and its members");
    assert!(stderr.contains(&said), "{stderr}");
    run_as(&world, BOB, &[], CONSUME, "").fails(5);
}

#[test]
fn who_may_write_the_directory_may_delete_the_stream() {
    let Some(world) = shared_store(0o777) else { return };
    let (ann, bob) = ("streamctl stream create /s -consumeperm p", "streamctl stream delete /s");
    run_as(&world, ANN, &[], ann, "").ok();
    set_mode(world.store(), 0o755);
    let stderr = run_as(&world, BOB, &[], bob, "").fails(5).stderr();
    assert!(stderr.contains("that takes write on `"), "{stderr}");
    run_as(&world, ANN, &[], "console-producer --topic /s:t", "still there\n").ok();
    assert_eq!(run_as(&world, BOB, &[], CONSUME, "").ok().stdout(), "still there\n");
    set_mode(world.store(), 0o777);
    run_as(&world, BOB, &[], bob, "").ok();
    run_as(&world, ANN, &[], "streamctl stream info /s", "").fails(3);
}

#[test]
fn a_store_that_may_not_be_written_is_read() {
    let Some(world) = shared_store(0o777) else { return };
    let ann = |line: &str, typed: &str| run_as(&world, ANN, &[], line, typed);
    ann("streamctl stream create /s", "").ok();
    ann("console-producer --topic /s:t", "kept\n").ok();
    let chmod = |mode: &str| {
        let words = ["-R", mode, world.store().to_str().unwrap()];
        run_command(world.command("/bin/chmod", words), "").ok();
    };
    chmod("a-w");
    assert_eq!(ann(CONSUME, "").ok().stdout(), "kept\n");
    for line in ["streamctl stream info /s", "streamctl topic list /s", "streamctl topic info /s:t"]
    {
        ann(line, "").ok();
    }
    for line in [
        "streamctl stream create /u",
        "streamctl stream delete /s",
        "streamctl topic create /s:u",
        "streamctl topic delete /s:t",
        "console-producer --topic /s:t",
        "console-producer --topic /s:made",
    ] {
        ann(line, "x\n").fails(5);
    }
    chmod("u+w");
    assert_eq!(ann(CONSUME, "").ok().stdout(), "kept\n");
}
