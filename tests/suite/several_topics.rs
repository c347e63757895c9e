//! Groups that read several topics: those whose names match, as they come and go.

use std::collections::{BTreeMap, BTreeSet};

use rustix::process::Signal;
use serde_json::Value;

use crate::world::{Running, World, eventually};

fn world(topics: &[(&str, u32)]) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    topics.iter().for_each(|(topic, partitions)| create(&world, topic, *partitions));
    world
}

fn create(world: &World, topic: &str, partitions: u32) {
    let (name, partitions) = (format!("/s:{topic}"), partitions.to_string());
    drop(world.run("streamctl", ["topic", "create", &name, "-partitions", &partitions], "").ok());
}

/// Writes lines `topic-number` to a topic.
fn produce(world: &World, topic: &str, range: std::ops::Range<u32>) {
    let line = |number| format!("key {number}\t{topic}-{number}\n");
    let input: String = range.map(line).collect();
    let name = format!("/s:{topic}");
    let words = ["--topic", &name, "--property", "parse.key=true"];
    drop(world.run("console-producer", words, input).ok());
}

fn lines(topic: &str, range: std::ops::Range<u32>) -> BTreeSet<String> {
    range.map(|number| format!("{topic}-{number}")).collect()
}

fn member(world: &World, line: &str) -> Running {
    let line = format!("--group g --from-beginning --verbose {line}");
    world.start("console-consumer", line.split_whitespace())
}

/// Which process reads which partitions of which topics.
fn shares(world: &World) -> BTreeMap<u64, BTreeSet<(String, u64)>> {
    let words = "stream assign list -path /s -consumergroup g -detail -format jsonl";
    let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    let mut shares: BTreeMap<u64, BTreeSet<(String, u64)>> = BTreeMap::new();
    for row in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let number = |name: &str| row[name].as_u64().unwrap();
        let topic = row["topic"].as_str().unwrap().to_owned();
        shares.entry(number("pid")).or_default().insert((topic, number("partitionid")));
    }
    shares
}

/// Waits until so many partitions of each topic are read, each by one.
#[track_caller]
fn wait_until_shared(world: &World, topics: &[(&str, u64)]) {
    let each = |(topic, partitions): &(&str, u64)| {
        let topic = (*topic).to_owned();
        (0..*partitions).map(move |partition| (topic.clone(), partition))
    };
    let wanted: Vec<(String, u64)> = topics.iter().flat_map(each).collect();
    eventually("all partitions are shared", || {
        let mut read: Vec<_> = shares(world).into_values().flatten().collect();
        read.sort();
        read == wanted
    });
}

#[track_caller]
fn wait_for(lines: &BTreeSet<String>, members: &[&Running]) {
    eventually("every record is printed", || {
        let printed: String = members.iter().map(|member| member.stdout_so_far()).collect();
        let printed: BTreeSet<&str> = printed.lines().collect();
        lines.iter().all(|line| printed.contains(line.as_str()))
    });
}

#[test]
fn topics_that_match_are_shared_and_so_are_those_that_come() {
    let world = world(&[("sens-a", 3), ("sens-b", 3), ("other", 2)]);
    produce(&world, "sens-a", 0..30);
    produce(&world, "sens-b", 0..30);
    produce(&world, "other", 0..30);
    let mut all = &lines("sens-a", 0..30) | &lines("sens-b", 0..30);
    let first = member(&world, "--include /s:sens-.*");
    let second = member(&world, "--topic /s:^sens-.*");
    wait_for(&all, &[&first, &second]);
    wait_until_shared(&world, &[("sens-a", 3), ("sens-b", 3)]);
    assert_eq!(shares(&world).len(), 2, "both read");

    create(&world, "sens-c", 4);
    produce(&world, "sens-c", 0..30);
    all.extend(lines("sens-c", 0..30));
    wait_for(&all, &[&first, &second]);
    wait_until_shared(&world, &[("sens-a", 3), ("sens-b", 3), ("sens-c", 4)]);
    drop(world.run("streamctl", ["topic", "edit", "/s:sens-a", "-partitions", "5"], "").ends(0));
    wait_until_shared(&world, &[("sens-a", 5), ("sens-b", 3), ("sens-c", 4)]);

    drop(world.run("streamctl", ["topic", "delete", "/s:sens-b", "--yes"], "").ok());
    wait_until_shared(&world, &[("sens-a", 5), ("sens-c", 4)]);
    produce(&world, "sens-a", 30..60);
    all.extend(lines("sens-a", 30..60));
    wait_for(&all, &[&first, &second]);

    first.signal(Signal::INT);
    let first = first.wait().ends(130);
    second.signal(Signal::INT);
    let second = second.wait().ends(130);
    let printed = first.stdout() + &second.stdout();
    assert_eq!(printed.lines().count(), all.len(), "each record once");
    assert!(!printed.contains("other"));
    let told = first.stderr() + &second.stderr();
    assert!(told.contains("topic `sens-b` was deleted"), "{told}");
    assert!(told.contains(r#"{"topic":"sens-c","partition":3}"#), "{told}");

    // The next one begins where they ended, in every topic.
    produce(&world, "sens-c", 30..31);
    let line = "--include /s:sens-.* --group g --until end";
    let next = world.run("console-consumer", line.split_whitespace(), "").ok();
    assert_eq!(next.stdout(), "sens-c-30\n");
}

#[test]
fn members_of_one_group_may_read_different_topics() {
    let world = world(&[("a", 2), ("b", 2)]);
    produce(&world, "a", 0..10);
    produce(&world, "b", 0..10);
    let one = member(&world, "--topic /s:a");
    let other = member(&world, "--topic /s:b");
    let both = member(&world, "--include /s:a|b");
    let all = &lines("a", 0..10) | &lines("b", 0..10);
    wait_for(&all, &[&one, &other, &both]);
    wait_until_shared(&world, &[("a", 2), ("b", 2)]);
    let shares = shares(&world);
    let of = |member: &Running| shares.get(&u64::from(member.pid())).cloned().unwrap_or_default();
    assert!(of(&one).iter().all(|(topic, _)| topic == "a"), "{shares:?}");
    assert!(of(&other).iter().all(|(topic, _)| topic == "b"), "{shares:?}");
    let text = world.run("streamctl", ["group", "describe", "-path", "/s", "-group", "g"], "").ok();
    assert!(text.stdout().lines().count() >= 4, "{}", text.stdout());
}

/// Who starts at the end has missed nothing of a topic that came later.
#[test]
fn a_topic_that_comes_is_read_from_its_first_record() {
    let world = world(&[("a", 1)]);
    produce(&world, "a", 0..5);
    let words = "--include /s:.* --group g --verbose";
    let member = world.start("console-consumer", words.split_whitespace());
    wait_until_shared(&world, &[("a", 1)]);
    create(&world, "b", 1);
    produce(&world, "b", 0..3);
    wait_for(&lines("b", 0..3), &[&member]);
    member.signal(Signal::INT);
    let text = member.wait().ends(130).stdout();
    assert!(!text.contains("a-"), "{text}");
}

/// A group waits for topics that are not there yet, unless there is nothing to wait for.
#[test]
fn a_group_without_topics_waits_for_some() {
    let world = world(&[]);
    let member = member(&world, "--include /s:t.*");
    eventually("it says so", || member.stderr_so_far().contains("no topic of stream `/s`"));
    create(&world, "t1", 2);
    produce(&world, "t1", 0..3);
    wait_for(&lines("t1", 0..3), &[&member]);
    let line = "--include /s:nothing --group h --until end";
    let ended = world.run("console-consumer", line.split_whitespace(), "").fails(3);
    assert!(ended.stderr().contains("no topic of stream `/s` matches `nothing`"));
}
