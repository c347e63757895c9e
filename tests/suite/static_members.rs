//! Members that keep their share over a restart (`group.instance.id`).

use std::collections::{BTreeMap, BTreeSet};

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

fn produce(world: &World, range: std::ops::Range<u32>) {
    let input: String = range.map(|number| format!("key {number}\t{number}\n")).collect();
    let words = ["--topic", "/s:t", "--property", "parse.key=true"];
    drop(world.run("console-producer", words, input).ok());
}

fn line(instance: &str, session_timeout_ms: u32) -> String {
    format!(
        "--topic /s:t --group g --from-beginning --verbose --consumer-property \
         group.instance.id={instance} --consumer-property session.timeout.ms={session_timeout_ms}"
    )
}

fn member(world: &World, instance: &str, session_timeout_ms: u32) -> Running {
    world.start("console-consumer", line(instance, session_timeout_ms).split_whitespace())
}

/// Which process reads which partitions.
fn shares(world: &World) -> BTreeMap<u64, BTreeSet<u64>> {
    let words = "stream assign list -path /s -consumergroup g -detail -format jsonl";
    let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    let mut shares: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for row in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let number = |name: &str| row[name].as_u64().unwrap();
        shares.entry(number("pid")).or_default().insert(number("partitionid"));
    }
    shares
}

fn share(world: &World, member: &Running) -> BTreeSet<u64> {
    shares(world).remove(&u64::from(member.pid())).unwrap_or_default()
}

#[track_caller]
fn wait_for_shares(world: &World, members: &[&Running], each: usize) {
    eventually("the partitions are shared", || {
        members.iter().all(|member| share(world, member).len() == each)
    });
}

/// How often a member was told of partitions that came or went.
fn rebalances(member: &Running) -> usize {
    let text = member.stderr_so_far();
    text.lines().filter(|line| line.contains("_assigned") || line.contains("_revoked")).count()
}

#[test]
fn who_comes_back_in_time_gets_what_it_had_and_nobody_else_notices() {
    let world = world(6);
    let one = member(&world, "one", 60_000);
    let mut two = member(&world, "two", 60_000);
    wait_for_shares(&world, &[&one, &two], 3);
    produce(&world, 0..60);
    let had = share(&world, &two);
    let before = rebalances(&one);
    let mut printed = String::new();
    for round in 0..4_u32 {
        eventually("all is read", || {
            let texts = [printed.clone(), one.stdout_so_far(), two.stdout_so_far()].concat();
            (0..60 * (round + 1)).all(|number| texts.lines().any(|it| it == number.to_string()))
        });
        // One that ends, and one that is killed.
        let ended = if round % 2 == 0 {
            two.signal(Signal::TERM);
            two.wait().ends(143)
        } else {
            two.kill()
        };
        printed.push_str(&ended.stdout());
        produce(&world, 60 * (round + 1)..60 * (round + 2));
        two = member(&world, "two", 60_000);
        wait_for_shares(&world, &[&one, &two], 3);
        assert_eq!(share(&world, &two), had, "round {round}");
    }
    assert_eq!(rebalances(&one), before, "{}", one.stderr_so_far());
    assert!(one.stdout_so_far().lines().count() < 300, "it read only its own share");
}

#[test]
fn who_does_not_come_back_is_replaced_when_its_time_is_over() {
    let world = world(4);
    let one = member(&world, "one", 60_000);
    let two = member(&world, "two", 500);
    let three = member(&world, "three", 500);
    eventually("all read", || shares(&world).len() == 3);
    produce(&world, 0..40);
    // Both at once: nobody looks after the second but the one that is left.
    two.signal(Signal::INT);
    let mut texts = two.wait().ends(130).stdout();
    texts.push_str(&three.kill().stdout());
    wait_for_shares(&world, &[&one], 4);
    eventually("all is read", || {
        let texts = texts.clone() + &one.stdout_so_far();
        (0..40).all(|number| texts.lines().any(|it| it == number.to_string()))
    });
    assert_eq!(shares(&world).len(), 1);
}

#[test]
fn two_live_members_cannot_have_one_name() {
    let world = world(2);
    let one = member(&world, "one", 60_000);
    wait_for_shares(&world, &[&one], 2);
    let line = line("one", 60_000);
    let ran = world.run("console-consumer", line.split_whitespace(), "").fails(8);
    let told = ran.stderr();
    let pid = one.pid();
    let text = format!("group `g` has a live member with group.instance.id `one`, process {pid}");
    assert!(told.contains(&text) && told.contains("hint: end that process"), "{told}");
    // Whoever waits for its end goes on at once.
    let heir = member(&world, "one", 60_000);
    one.signal(Signal::TERM);
    drop(one.wait().ends(143));
    wait_for_shares(&world, &[&heir], 2);
}

#[test]
fn a_name_is_of_kafkas_kind() {
    let world = world(1);
    for (name, text) in [
        ("a/b", "expected ASCII letters and digits, '.', '_' and '-'"),
        ("..", "expected a name other than . and .."),
        ("", "expected a name"),
    ] {
        let ran = world.run("console-consumer", line(name, 1000).split_whitespace(), "").fails(2);
        assert!(ran.stderr().contains(text), "{name}: {}", ran.stderr());
    }
}

/// The cursors of a group whose only member is away can be set: it finds them when it comes back.
#[test]
fn cursors_are_set_while_a_static_member_is_away() {
    let world = world(1);
    produce(&world, 0..10);
    let end = "--max-messages 10";
    let all = line("one", 60_000) + " " + end;
    drop(world.run("console-consumer", all.split_whitespace(), "").ends(0));
    let words = "group describe -path /s -group g -format jsonl";
    let row = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    let row: Value = serde_json::from_str(row.trim()).unwrap();
    assert_eq!((&row["note"], &row["groupinstanceid"]), (&"away".into(), &"one".into()), "{row}");
    let words = "cursor set -path /s -consumergroup g -topic t -partition 0 -to 4";
    drop(world.run("streamctl", words.split_whitespace(), "").ends(0));
    let rest = line("one", 60_000) + " --max-messages 6";
    let ran = world.run("console-consumer", rest.split_whitespace(), "").ends(0);
    assert_eq!(ran.stdout(), "4\n5\n6\n7\n8\n9\n");
}
