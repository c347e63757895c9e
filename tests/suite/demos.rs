//! The demos, with the programs of this test instead of builds of their own.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::world::{Running, World, eventually, program_path, run_command};

fn demo(world: &World, name: &str) -> Command {
    let tools = world.dir().join("tools");
    let target = world.dir().join("target");
    fs::create_dir_all(&tools).unwrap();
    fs::create_dir_all(&target).unwrap();
    symlink("/bin/true", tools.join("cargo")).unwrap();
    symlink(program_path("streamctl").parent().unwrap(), target.join("release")).unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demos").join(name);
    let mut command = world.command("/usr/bin/env", ["bash", demo.to_str().unwrap()]);
    command
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display()))
        .env("CARGO_TARGET_DIR", &target)
        .env("TMPDIR", world.dir());
    command
}

#[test]
fn the_quickstart_runs() {
    let world = World::new();
    let told = run_command(demo(&world, "quickstart.sh"), "").ok().stdout();
    for line in [
        "$ maprcli stream create -path /sample-stream",
        "$ maprcli stream topic create -path /sample-stream  -topic fast-messages --partitions 3",
        "$ maprcli stream topic list -path /sample-stream",
        "partitions  maxlag  logicalsize  topic          consumers  physicalsize",
        "3           0       0            fast-messages  0          0",
        "Hello, stream",
        "Processed a total of 3 messages",
    ] {
        assert!(told.lines().any(|told| told == line), "no line `{line}` in\n{told}");
    }
}

/// What is running with files below a directory.
fn left_below(dir: &Path) -> Vec<String> {
    let environ = |pid: &str| fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let needle = dir.to_str().unwrap().as_bytes();
    let names = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name());
    let pids = names.filter_map(|name| name.into_string().ok());
    let is_below = |pid: &String| {
        pid.bytes().all(|byte| byte.is_ascii_digit())
            && environ(pid).windows(needle.len()).any(|part| part == needle)
    };
    pids.filter(is_below).collect()
}

#[test]
fn the_demo_of_groups_runs() {
    let world = World::new();
    let told = run_command(demo(&world, "groups.sh"), "").ok().stdout();
    let mut orders = BTreeSet::new();
    let mut after_the_kill = BTreeSet::new();
    let mut moved = 0;
    let mut is_dead = false;
    for line in told.lines() {
        is_dead |= line.starts_with("$ kill -KILL ");
        moved +=
            usize::from(line.starts_with("partition ") && line.contains(" went from bruno to "));
        if let Some((name, order)) = line.split_once(" | order ") {
            orders.insert(order.parse::<u32>().unwrap());
            if is_dead {
                after_the_kill.insert(name);
            }
        }
    }
    assert_eq!(orders, (1..=24).collect(), "{told}");
    assert_eq!(moved, 2, "both partitions of the dead one: {told}");
    assert_eq!(after_the_kill, ["anna", "clara"].into(), "{told}");
    for line in [
        "$ streamctl stream assign list -path /shop -consumergroup billing \\",
        "billing        Stable  2        0",
        "billing        Empty  0        0",
    ] {
        assert!(told.lines().any(|told| told == line), "no line `{line}` in\n{told}");
    }
    assert!(told.contains("\n24 of 24 orders were delivered"), "{told}");
    eventually("nothing is left", || left_below(world.dir()).is_empty());
}

#[test]
fn the_demo_of_groups_cleans_up_when_it_is_interrupted() {
    let world = World::new();
    let demo = Running::start(demo(&world, "groups.sh"));
    eventually("it has begun", || demo.stdout_so_far().contains("anna | order"));
    demo.signal(Signal::TERM);
    assert_eq!(demo.wait().code(), Some(143));
    eventually("nothing is left", || left_below(world.dir()).is_empty());
    let left = fs::read_dir(world.dir()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("tmp.")).collect();
    assert!(left.is_empty(), "{left:?}");
}
