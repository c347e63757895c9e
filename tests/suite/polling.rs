//! Members of a group for whom no instance of inotify is left: they look for what nothing tells.

use std::collections::BTreeSet;
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use crate::world::{Running, World, eventually, program_path, run_command, skip};

/// Runs what follows with so many instances of inotify: the limit is for a user of a namespace.
const SCRIPT: &str = "echo $0 >/proc/sys/user/max_inotify_instances && exec \"$@\"";

/// A program in a user namespace of its own, so that nobody else lacks the instances.
fn with_instances(world: &World, count: u32, program: &str, line: &str) -> Command {
    let (count, program) = (count.to_string(), program_path(program));
    let shell = ["unshare", "-U", "-r", "/bin/sh", "-c", SCRIPT, &count];
    let words = shell.into_iter().chain([program.to_str().unwrap()]);
    world.command("/usr/bin/env", words.chain(line.split_whitespace()))
}

fn rows(world: &World, line: &str) -> Vec<Value> {
    let line = format!("{line} -path /s -format jsonl");
    let text = run_command(with_instances(world, 0, "streamctl", &line), "").ok().stdout();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn produce(world: &World, range: std::ops::Range<u32>) {
    let input: String = range.map(|number| format!("key {number}\t{number}\n")).collect();
    let line = "--topic /s:t --property parse.key=true";
    drop(run_command(with_instances(world, 0, "console-producer", line), input).ok());
}

fn numbers(printed: &str) -> BTreeSet<u32> {
    let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
    whole.lines().map(|line| line.parse().unwrap()).collect()
}

/// What a member has told of looking for things.
fn polls(member: &Running) -> BTreeSet<String> {
    let text = member.stderr_so_far();
    let events = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let polls = events.filter(|event| event["name"].as_str().unwrap().starts_with("polling_"));
    polls
        .map(|event| {
            assert_eq!(event["reason"], "no instance of inotify is left");
            event["name"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_group_works_where_no_instance_of_inotify_is_left_and_says_so() {
    let world = World::new();
    let probe = run_command(with_instances(&world, 0, "/bin/true", ""), "");
    if probe.code() != Some(0) {
        skip("no namespace here: a limit of its own cannot be set");
        return;
    }
    for line in ["stream create -path /s", "topic create /s:t -partitions 4"] {
        drop(run_command(with_instances(&world, 0, "streamctl", line), "").ok());
    }
    let start = |instances: u32| {
        let line = "--topic /s:t --group g --from-beginning --verbose --command-property \
                    auto.commit.interval.ms=20";
        Running::start(with_instances(&world, instances, "console-consumer", line))
    };
    let (none, one) = (start(0), start(1));
    eventually("both have their share", || {
        let rows = rows(&world, "stream assign list -consumergroup g -detail");
        let of = |member: &Running| rows.iter().filter(|row| row["pid"] == member.pid()).count();
        (of(&none), of(&one)) == (2, 2)
    });
    // Each needs one for the records and one for the group, and has told without being asked again.
    let both = BTreeSet::from(["polling_group".to_owned(), "polling_records".to_owned()]);
    eventually("it is told at once", || polls(&none) == both);
    eventually("of the group alone", || polls(&one) == ["polling_group".to_owned()].into());

    produce(&world, 0..200);
    let printed = || &numbers(&none.stdout_so_far()) | &numbers(&one.stdout_so_far());
    eventually("both print", || printed().len() == 200);
    assert!(!none.stdout_so_far().is_empty() && !one.stdout_so_far().is_empty());
    assert!(numbers(&none.stdout_so_far()).is_disjoint(&numbers(&one.stdout_so_far())));
    let committed = || {
        let rows = rows(&world, "stream cursor list");
        rows.iter().map(|row| row["committedoffset"].as_u64().unwrap()).sum::<u64>()
    };
    eventually("all is committed", || committed() == 200);

    drop(one.kill());
    produce(&world, 200..400);
    eventually("the other one has taken over", || {
        numbers(&none.stdout_so_far()).is_superset(&(200..400).collect())
    });
    none.signal(Signal::INT);
    let left = none.wait().ends(130);
    let count = left.stdout().lines().count();
    assert_eq!(count, numbers(&left.stdout()).len(), "none of them twice: {}", left.told());
    assert_eq!(committed(), 400);
}
