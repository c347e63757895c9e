//! What is set for a group, how long its cursors stay, and that nothing stays of it in the end.

use std::collections::BTreeSet;

use rustix::process::Signal;
use serde_json::Value;

use crate::world::{Ran, Running, World, eventually, run_command};

/// Milliseconds since 1970 at which a test begins.
const BEGIN: i64 = 1_700_000_000_000;
const MINUTE: i64 = 60_000;
const WEEK: i64 = 10_080 * MINUTE;

fn world(partitions: u32) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let line = format!("topic create /s:t -partitions {partitions}");
    drop(world.run("streamctl", line.split_whitespace(), "").ok());
    world
}

/// Runs a program at a time of its own.
fn at(world: &World, ms: i64, line: &str) -> Ran {
    let mut words = line.split_whitespace();
    let mut command = world.command(words.next().unwrap(), words);
    command.env("STREAMPATH_NOW", format!("@{}", BEGIN + ms));
    run_command(command, "")
}

fn start_at(world: &World, ms: i64, line: &str) -> Running {
    let mut words = line.split_whitespace();
    let mut command = world.command(words.next().unwrap(), words);
    command.env("STREAMPATH_NOW", format!("@{}", BEGIN + ms));
    Running::start(command)
}

fn produce(world: &World, lines: &str) {
    drop(world.run("console-producer", ["--topic", "/s:t"], lines).ok());
}

/// Reads for a group what is there, from the beginning if it has no cursor.
fn read(world: &World, ms: i64, group: &str) -> Ran {
    let line = format!(
        "console-consumer --topic /s:t --group {group} --command-property auto.offset.reset=earliest --until end"
    );
    at(world, ms, &line).ends(0)
}

fn rows(ran: &Ran) -> Vec<Value> {
    ran.stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The groups and offsets of all cursors.
fn cursors(world: &World, ms: i64) -> Vec<(String, u64)> {
    let ran = at(world, ms, "streamctl cursor list -path /s -format jsonl").ok();
    let cursor = |row: &Value| {
        let offset = row["committedoffset"].as_u64().unwrap();
        (row["consumergroup"].as_str().unwrap().to_owned(), offset)
    };
    rows(&ran).iter().map(cursor).collect()
}

fn groups(world: &World, ms: i64) -> Vec<String> {
    let ran = at(world, ms, "streamctl group list -path /s -format jsonl").ok();
    rows(&ran).iter().map(|row| row["consumergroup"].as_str().unwrap().to_owned()).collect()
}

/// What holds for group `g`: both settings and who says so.
fn rules(world: &World, ms: i64) -> String {
    let line = "streamctl group describe -path /s -group g -format jsonl";
    let row = rows(&at(world, ms, line).ok()).remove(0);
    let [assignor, by, minutes, from] =
        ["assignor", "assignorfrom", "offsetsretentionminutes", "offsetsretentionfrom"]
            .map(|name| row[name].clone());
    let (assignor, by) = (assignor.as_str().unwrap(), by.as_str().unwrap());
    format!("{assignor} by {by}, {minutes} by {}", from.as_str().unwrap())
}

/// What of the group's name is in the bytes of the `cursors` log.
fn mentions(world: &World, group: &str) -> bool {
    let text = format!("\"group\":\"{group}\"");
    std::fs::read_dir(world.store().join("s/cursors/0")).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn what_is_set_for_a_group_holds_before_it_is_there_and_until_it_is_deleted() {
    let world = world(1);
    produce(&world, "a\n");
    drop(at(&world, 0, "streamctl group describe -path /s -group g").fails(3));
    let edit =
        |line: &str| at(&world, 0, &format!("streamctl group edit -path /s -group g {line}"));
    let plan = edit("-assignor sticky --offsetsretentionminutes=-1 --dry-run -format csv").ok();
    assert_eq!(
        plan.stdout(),
        "action,object,attribute,before,after\n\
         edit group,g,assignor,default,sticky\n\
         edit group,g,offsetsretentionminutes,default,-1\n"
    );
    drop(at(&world, 0, "streamctl group describe -path /s -group g").fails(3));
    assert_eq!(edit("-assignor sticky").ok().stdout(), "");
    assert_eq!(rules(&world, 0), "sticky by group, 10080 by default");
    drop(edit("--offsetsretentionminutes -1").ok());
    assert_eq!(rules(&world, 0), "sticky by group, -1 by group");
    drop(edit("-assignor default -offsetsretentionminutes 30").ok());
    assert_eq!(rules(&world, 0), "range by default, 30 by group");
    drop(edit("-offsetsretentionminutes default").ok());
    assert_eq!(groups(&world, 0), [""; 0], "nothing is set any more");
    drop(at(&world, 0, "streamctl stream edit -path /s -ttl 0").ok());
    drop(edit("-assignor uniform").ok());
    assert_eq!(rules(&world, 0), "uniform by group, -1 by stream");
    assert_eq!(groups(&world, 1000 * WEEK), ["g"]);
    drop(at(&world, 0, "streamctl group delete -path /s -group g").ok());
    assert_eq!(groups(&world, 0), [""; 0]);
    for wrong in ["-assignor best", "-offsetsretentionminutes 0", "-offsetsretentionminutes x"] {
        drop(edit(wrong).fails(2));
    }
    assert_eq!(read(&world, 0, "g").stdout(), "a\n");
    assert_eq!(rules(&world, 0), "range by default, -1 by stream");
}

/// The partitions that each process reads, in the order of their first ones.
fn shares(world: &World) -> Vec<BTreeSet<u64>> {
    let line = "streamctl stream assign list -path /s -detail -format jsonl";
    let mut shares = std::collections::BTreeMap::<u64, BTreeSet<u64>>::new();
    for row in rows(&at(world, 0, line).ok()) {
        let number = |name: &str| row[name].as_u64().unwrap();
        shares.entry(number("pid")).or_default().insert(number("partitionid"));
    }
    let mut shares: Vec<BTreeSet<u64>> = shares.into_values().collect();
    shares.sort();
    shares
}

#[test]
fn members_that_run_share_anew_when_the_groups_assignor_changes() {
    let world = world(4);
    let line = "console-consumer --topic /s:t --group g --from-beginning --verbose";
    let members = [start_at(&world, 0, line), start_at(&world, 0, line)];
    let both = |one: [u64; 2], other: [u64; 2]| {
        eventually("they share like this", || shares(&world) == [one.into(), other.into()]);
    };
    both([0, 1], [2, 3]);
    assert_eq!(rules(&world, 0), "range by default, 10080 by default");
    let edit = |assignor: &str| {
        let line = format!("streamctl group edit -path /s -group g -assignor {assignor}");
        at(&world, 0, &line).ends(0).stderr()
    };
    assert_eq!(edit("roundrobin"), "");
    both([0, 2], [1, 3]);
    assert_eq!(rules(&world, 0), "roundrobin by group, 10080 by default");
    assert_eq!(edit("default"), "");
    both([0, 1], [2, 3]);
    assert_eq!(edit("roundrobin"), "");
    both([0, 2], [1, 3]);
    // One that asks for something itself decides.
    let [first, second] = members;
    first.signal(Signal::INT);
    drop(first.wait().ends(130));
    let property = "--consumer-property partition.assignment.strategy=range,sticky";
    let asking = start_at(&world, 0, &format!("{line} {property}"));
    both([0, 1], [2, 3]);
    assert_eq!(rules(&world, 0), "range by members, 10080 by default");
    let told = edit("uniform");
    assert!(told.contains("have agreed to `range`; the group's counts once none"), "{told}");
    asking.signal(Signal::INT);
    drop(asking.wait().ends(130));
    eventually("the other one is alone", || shares(&world) == [BTreeSet::from([0, 1, 2, 3])]);
    assert_eq!(rules(&world, 0), "uniform by group, 10080 by default");
    second.signal(Signal::INT);
    drop(second.wait().ends(130));
}

#[test]
fn a_group_that_nobody_reads_for_is_forgotten_after_a_week() {
    let world = world(1);
    produce(&world, "a\nb\n");
    assert_eq!(read(&world, 0, "g").stdout(), "a\nb\n");
    assert_eq!(cursors(&world, WEEK), [("g".to_owned(), 2)]);
    assert_eq!(cursors(&world, WEEK + 1), []);
    assert_eq!(groups(&world, WEEK + 1), [""; 0]);
    let line = "streamctl group reset-offsets -path /s -group g -topic t -by 1";
    drop(at(&world, WEEK + 1, line).fails(3));
    let ran = read(&world, WEEK + 1, "g");
    assert_eq!(ran.stdout(), "a\nb\n");
    let told = ran.stderr();
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("expired")).collect();
    assert_eq!(
        lines,
        [
            "console-consumer: the cursors of group `g` have expired: it had no member and committed \
          nothing since 2023-11-14 22:13:20; it begins at the first message"
        ]
    );
    assert_eq!(cursors(&world, 2 * WEEK + 1), [("g".to_owned(), 2)], "from then on anew");
    let ran = read(&world, 2 * WEEK + 1, "g");
    assert!(ran.stdout().is_empty() && !ran.stderr().contains("expired"), "{}", ran.told());
    // Messages that stay for ever have cursors that do.
    drop(at(&world, 0, "streamctl stream edit -path /s -ttl 0").ok());
    assert_eq!(cursors(&world, 999 * WEEK), [("g".to_owned(), 2)]);
    let edit = "streamctl group edit -path /s -group g -offsetsretentionminutes 5";
    drop(at(&world, 2 * WEEK + 2, edit).ok());
    assert_eq!(cursors(&world, 2 * WEEK + 1 + 5 * MINUTE).len(), 1);
    assert_eq!(cursors(&world, 2 * WEEK + 2 + 5 * MINUTE).len(), 0);
}

#[test]
fn a_live_member_keeps_the_cursors_and_a_killed_one_until_that_is_noticed() {
    let world = world(1);
    produce(&world, "a\nb\n");
    let line = "console-consumer --topic /s:t --group g --from-beginning --consumer-property \
                auto.commit.interval.ms=1";
    let member = start_at(&world, 0, line);
    eventually("it has committed", || cursors(&world, 0) == [("g".to_owned(), 2)]);
    let old = 100 * WEEK;
    assert_eq!(read(&world, old, "h").stdout(), "a\nb\n");
    assert_eq!(cursors(&world, old).len(), 2, "it lives");
    drop(member.kill());
    assert_eq!(cursors(&world, old).len(), 2, "nobody has noticed");
    // Whoever joins another group finds it dead; the time begins then.
    drop(read(&world, old + 1, "h"));
    assert_eq!(cursors(&world, old + 1 + WEEK).len(), 2);
    assert_eq!(cursors(&world, old + 2 + WEEK), []);
}

#[test]
fn the_next_snapshot_holds_nothing_of_a_deleted_or_expired_group() {
    let world = world(1);
    produce(&world, "a\n");
    let edit = |group: &str| {
        let line =
            format!("streamctl group edit -path /s -group {group} -offsetsretentionminutes 9");
        drop(at(&world, 0, &line).ok());
    };
    for group in ["deleted", "expired"] {
        drop(read(&world, 0, group));
        edit(group);
    }
    drop(at(&world, 0, "streamctl group delete -path /s -group deleted").ok());
    assert_eq!(groups(&world, 0), ["expired"]);
    assert!(mentions(&world, "deleted") && mentions(&world, "expired"));
    // Each record is a commit: the log goes on in two new segments, at least.
    let numbers: String = (0..12_000).map(|number| format!("{number}\n")).collect();
    produce(&world, &numbers);
    let line = "console-consumer --topic /s:t --group reader --command-property auto.offset.reset=earliest --until end --commit-each";
    drop(at(&world, 10 * MINUTE, line).ok());
    assert!(mentions(&world, "reader"));
    assert!(!mentions(&world, "deleted") && !mentions(&world, "expired"));
    assert_eq!(groups(&world, 10 * MINUTE), ["reader"]);
    assert_eq!(at(&world, 0, "streamctl store check").code(), Some(0));
}
