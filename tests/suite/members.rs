//! Groups of several members, as processes: sharing, leaving, dying, and being stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rustix::process::Signal;
use serde_json::Value;

use crate::world::{Running, World, eventually};

fn world(partitions: u32) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let partitions = partitions.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &partitions], "").ok());
    world
}

fn member(world: &World, line: &str) -> Running {
    let line = format!("--topic /s:t --group g --from-beginning --verbose {line}");
    world.start("console-consumer", line.split_whitespace())
}

/// Writes numbers, spread over all partitions.
fn produce(world: &World, range: Range<u32>) {
    let input: String = range.map(|number| format!("key {number}\t{number}\n")).collect();
    let words = ["--topic", "/s:t", "--property", "parse.key=true"];
    drop(world.run("console-producer", words, input).ok());
}

/// Which process reads which partitions, as `stream assign list` says.
fn shares(world: &World) -> BTreeMap<u64, BTreeSet<u64>> {
    let words = "stream assign list -path /s -consumergroup g -detail -format jsonl";
    let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    let mut shares: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for row in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let number = |name: &str| row[name].as_u64().unwrap();
        assert_eq!(row["topic"], "t");
        let is_new = shares.entry(number("pid")).or_default().insert(number("partitionid"));
        assert!(is_new, "{text}");
    }
    shares
}

/// Waits until all partitions are read, each by one of `members`, of which each reads some.
#[track_caller]
fn wait_until_shared(world: &World, partitions: u64, members: &[&Running]) {
    let pids: BTreeSet<u64> = members.iter().map(|member| u64::from(member.pid())).collect();
    eventually("all partitions are shared", || {
        let shares = shares(world);
        let read: Vec<u64> = shares.values().flatten().copied().collect();
        let all: BTreeSet<u64> = read.iter().copied().collect();
        assert!(read.len() == all.len(), "one is read twice: {shares:?}");
        all == (0..partitions).collect() && shares.keys().copied().collect::<BTreeSet<_>>() == pids
    });
}

fn numbers(printed: &str) -> Vec<u32> {
    // A line that a kill cut off is no number of ours, perhaps.
    let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
    whole.lines().map(|line| line.parse().unwrap()).collect()
}

/// Waits until `members` have printed all of `range`, with what was printed `before`.
#[track_caller]
fn wait_for_all(range: Range<u32>, members: &[&Running], before: &str) {
    eventually("every record is printed", || {
        let mut seen: BTreeSet<u32> = numbers(before).into_iter().collect();
        seen.extend(members.iter().flat_map(|member| numbers(&member.stdout_so_far())));
        range.clone().all(|number| seen.contains(&number))
    });
}

/// The lines of one name that a member told on the side.
fn told(stderr: &str, name: &str) -> Vec<Value> {
    let lines = stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["name"] == name).collect()
}

#[test]
fn two_members_share_and_the_one_that_leaves_hands_over() {
    let world = world(4);
    produce(&world, 0..100);
    let first = member(&world, "");
    wait_for_all(0..100, &[&first], "");
    let second = member(&world, "");
    wait_until_shared(&world, 4, &[&first, &second]);
    produce(&world, 100..200);
    wait_for_all(0..200, &[&first, &second], "");
    assert!(!second.stdout_so_far().is_empty(), "it has printed its share");
    first.signal(Signal::INT);
    let left = first.wait().ends(130);
    wait_until_shared(&world, 4, &[&second]);
    produce(&world, 200..300);
    wait_for_all(200..300, &[&second], "");
    second.signal(Signal::TERM);
    let ended = second.wait().ends(143);
    let mut all = numbers(&(left.stdout() + &ended.stdout()));
    all.sort_unstable();
    assert_eq!(all, (0..300).collect::<Vec<u32>>(), "each record once");

    let assigned = told(&left.stderr(), "partitions_assigned");
    assert_eq!(assigned[0]["partitions"].as_array().unwrap().len(), 4);
    assert_eq!(assigned[0]["partitions"][0]["topic"], "t");
    assert!(assigned[0]["timestamp"].as_i64() > Some(1_600_000_000_000));
    let revoked = told(&left.stderr(), "partitions_revoked");
    let counts: Vec<usize> =
        revoked.iter().map(|line| line["partitions"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [2, 2], "half of them for the second, then the rest");
    let committed = told(&ended.stderr(), "offsets_committed");
    let last = committed.last().unwrap();
    assert_eq!(last["success"], true);
    assert!(last["offsets"][0]["offset"].as_i64() > Some(0), "{last}");
}

#[test]
fn the_partitions_of_a_killed_member_are_taken_over_and_no_record_is_lost() {
    let world = world(10);
    let mut members: Vec<Running> = (0..5).map(|_| member(&world, "")).collect();
    wait_until_shared(&world, 10, &members.iter().collect::<Vec<_>>());
    produce(&world, 0..500);
    let mut before = String::new();
    for round in 0..3_u32 {
        let all = (round + 1) * 500;
        before.push_str(&members.remove(1).kill().stdout());
        before.truncate(before.rfind('\n').map_or(0, |end| end + 1));
        wait_until_shared(&world, 10, &members.iter().collect::<Vec<_>>());
        produce(&world, all..all + 500);
        wait_for_all(0..all + 500, &members.iter().collect::<Vec<_>>(), &before);
    }
}

#[test]
fn a_member_that_was_stopped_for_too_long_is_fenced_and_says_why() {
    let world = world(2);
    let times = "--consumer-property session.timeout.ms=400 --consumer-property \
                 auto.commit.interval.ms=1";
    let zombie = member(&world, times);
    produce(&world, 0..10);
    wait_for_all(0..10, &[&zombie], "");
    let heir = member(&world, times);
    wait_until_shared(&world, 2, &[&zombie, &heir]);
    zombie.signal(Signal::STOP);
    produce(&world, 10..40);
    wait_for_all(10..40, &[&heir], &zombie.stdout_so_far());
    let cursors = || {
        let words = "stream cursor list -path /s -format jsonl";
        let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
        let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.map(|row| row["committedoffset"].as_u64().unwrap()).sum::<u64>()
    };
    eventually("the heir has committed all", || cursors() == 40);
    zombie.signal(Signal::CONT);
    let ran = zombie.wait().ends(9);
    assert!(ran.stderr().contains("this member was removed from group `g`"), "{}", ran.told());
    assert!(numbers(&ran.stdout()).iter().all(|number| *number < 10), "{}", ran.told());
    assert_eq!(cursors(), 40);
    wait_until_shared(&world, 2, &[&heir]);
}

#[test]
fn a_member_without_a_share_waits_and_takes_over() {
    let world = world(1);
    let reader = member(&world, "");
    wait_until_shared(&world, 1, &[&reader]);
    let idle = [member(&world, ""), member(&world, "")];
    produce(&world, 0..10);
    let all = [&reader, &idle[0], &idle[1]];
    wait_for_all(0..10, &all, "");
    // Whose id comes first reads: perhaps that is not the one that was there first.
    let owner = u64::from(
        all.iter()
            .map(|member| member.pid())
            .find(|pid| shares(&world).contains_key(&u64::from(*pid)))
            .unwrap(),
    );
    let mut members: Vec<Running> = [reader].into_iter().chain(idle).collect();
    let at = members.iter().position(|member| u64::from(member.pid()) == owner).unwrap();
    let before = members.remove(at).kill().stdout();
    produce(&world, 10..20);
    wait_for_all(10..20, &members.iter().collect::<Vec<_>>(), &before);
    assert_eq!(shares(&world).len(), 1);
    let rest = world.run(
        "console-consumer",
        "--topic /s:t --group g --until end --timeout-ms 20000".split_whitespace(),
        "",
    );
    assert!(rest.code() == Some(0), "with or without a share it ends: {}", rest.told());
}

#[test]
fn partitions_that_are_added_are_read_from_their_beginning() {
    let world = world(1);
    let line = "--topic /s:t --group g --verbose --consumer-property heartbeat.interval.ms=50";
    let one = world.start("console-consumer", line.split_whitespace());
    let other = world.start("console-consumer", line.split_whitespace());
    eventually("both have joined", || {
        one.stderr_so_far().contains("assigned") || other.stderr_so_far().contains("assigned")
    });
    let edit = "topic edit -path /s -topic t -partitions 6";
    drop(world.run("streamctl", edit.split_whitespace(), "").ends(0));
    produce(&world, 0..100);
    wait_until_shared(&world, 6, &[&one, &other]);
    wait_for_all(0..100, &[&one, &other], "");
}

#[test]
fn nothing_of_a_group_is_in_the_index() {
    let world = world(4);
    let members = [member(&world, ""), member(&world, ""), member(&world, "")];
    let all: Vec<&Running> = members.iter().collect();
    wait_until_shared(&world, 4, &all);
    produce(&world, 0..50);
    for entry in std::fs::read_dir(world.store().join("s")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("index.") {
            std::fs::remove_file(path).unwrap();
        }
    }
    produce(&world, 50..100);
    wait_for_all(0..100, &all, "");
    wait_until_shared(&world, 4, &all);
    let set = "cursor set -path /s -consumergroup g -topic t -to 0";
    drop(world.run("streamctl", set.split_whitespace(), "").ends(8));
    let [first, ..] = members;
    drop(first.kill());
    produce(&world, 100..150);
    assert_eq!(world.run("streamctl", ["store", "check"], "").code(), Some(0));
}

#[test]
fn with_commit_each_a_kill_repeats_one_record_at_most() {
    let world = world(1);
    produce(&world, 0..2_000);
    let killed = member(&world, "--commit-each");
    killed.wait_for_lines(100);
    let before = numbers(&killed.kill().stdout());
    let line = "--topic /s:t --group g --until end";
    let rest = world.run("console-consumer", line.split_whitespace(), "").ok();
    let rest = numbers(&rest.stdout());
    let repeated = before.len() + rest.len() - 2_000;
    assert!(repeated <= 1, "{repeated} were printed twice");
    let all: BTreeSet<u32> = before.into_iter().chain(rest).collect();
    assert_eq!(all.len(), 2_000);

    let refused = |line: &str| {
        let line = format!("--topic /s:t {line}");
        world.run("console-consumer", line.split_whitespace(), "").fails(2).stderr()
    };
    assert!(refused("--commit-each").contains("Option commit-each requires a group."));
    assert!(refused("--verbose").contains("Option verbose requires a group."));
    let never = refused("--group g --commit-each --consumer-property enable.auto.commit=false");
    assert!(never.contains("'enable.auto.commit=false' cannot be specified together"), "{never}");
}

#[test]
fn a_member_that_waits_between_records_lets_go_all_the_same() {
    let world = world(2);
    produce(&world, 0..40);
    let paced = member(&world, "--pace 10/h");
    eventually("it has begun", || !shares(&world).is_empty());
    let other = member(&world, "");
    wait_until_shared(&world, 2, &[&paced, &other]);
    assert!(!other.stdout_so_far().is_empty() || !shares(&world).is_empty());
    paced.signal(Signal::INT);
    let printed = paced.wait().ends(130).stdout();
    wait_for_all(0..40, &[&other], &printed);
    let both = numbers(&printed).len() + numbers(&other.stdout_so_far()).len();
    assert_eq!(both, 40, "each once");
}
