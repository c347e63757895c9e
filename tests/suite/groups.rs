//! A member of a group as a process: what it prints, what it commits, and how it ends.

use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::world::{Ran, World, program_path, run_command};

fn world(partitions: u32) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let partitions = partitions.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &partitions], "").ok());
    world
}

#[track_caller]
fn consume(world: &World, line: &str) -> Ran {
    let line = format!("--topic /s:t --group g {line}");
    world.run("console-consumer", line.split_whitespace(), "")
}

fn produce(world: &World, range: std::ops::Range<u32>) {
    let input: String = range.map(|number| format!("{number}\n")).collect();
    drop(world.run("console-producer", ["--topic", "/s:t"], input).ok());
}

fn sorted(text: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = text.lines().map(|line| line.parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

fn shell(world: &World, script: &str) -> Command {
    let mut command = world.command("/bin/sh", ["-c", script]);
    let programs = program_path("streamctl");
    command.env("PATH", format!("{}:/usr/bin:/bin", programs.parent().unwrap().display()));
    command
}

#[test]
fn each_record_is_printed_once_over_several_runs() {
    let world = world(3);
    produce(&world, 0..100);
    let mut all = String::new();
    for count in ["5", "1", "40"] {
        let ran = consume(&world, &format!("--from-beginning --max-messages {count}")).ok();
        assert_eq!(ran.stdout().lines().count().to_string(), count);
        all.push_str(&ran.stdout());
    }
    produce(&world, 100..130);
    all.push_str(&consume(&world, "--until end").ok().stdout());
    assert_eq!(sorted(&all), (0..130).collect::<Vec<u32>>());
    assert_eq!(consume(&world, "--timeout-ms 50").ok().stdout(), "");
}

#[test]
fn without_a_cursor_it_starts_at_the_end_or_where_it_is_told() {
    let world = world(1);
    produce(&world, 0..3);
    let none = "--consumer-property auto.offset.reset=none --timeout-ms 50";
    let ran = consume(&world, none).fails(1);
    assert!(ran.stderr().contains("group `g` has no cursor in partition 0"), "{}", ran.stderr());
    assert_eq!(consume(&world, "--timeout-ms 50").ok().stdout(), "");
    // The end was committed: what comes between two runs is not missed.
    produce(&world, 3..5);
    assert_eq!(consume(&world, none).ok().stdout(), "3\n4\n");
    let other = "--topic /s:t --command-property group.id=h --from-beginning --timeout-ms 50";
    let ran = world.run("console-consumer", other.split_whitespace(), "").ok();
    assert_eq!(ran.stdout(), "0\n1\n2\n3\n4\n");
}

#[test]
fn nothing_is_committed_if_that_is_asked_for() {
    let world = world(1);
    produce(&world, 0..3);
    let line = "--consumer-property auto.offset.reset=earliest --until end --consumer-property \
                enable.auto.commit=false";
    for _ in 0..2 {
        assert_eq!(consume(&world, line).ok().stdout(), "0\n1\n2\n");
    }
}

#[test]
fn a_killed_member_has_committed_nothing_and_is_no_member() {
    let world = world(1);
    let words = ["--topic", "/s:t", "--group", "g", "--from-beginning"];
    let first = world.start("console-consumer", words);
    produce(&world, 0..1);
    first.wait_for_line(|line| line == "0");
    drop(first.kill());
    // The kernel has given its lock up; it had no time to commit.
    assert_eq!(
        consume(&world, "--command-property auto.offset.reset=earliest --until end").ok().stdout(),
        "0\n"
    );
}

#[test]
fn a_signal_and_the_interval_commit_what_was_printed() {
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let world = world(1);
        produce(&world, 0..2);
        let words = ["--topic", "/s:t", "--group", "g", "--from-beginning"];
        let consumer = world.start("console-consumer", words);
        consumer.wait_for_line(|line| line == "1");
        consumer.signal(signal);
        drop(consumer.wait().ends(status));
        produce(&world, 2..3);
        assert_eq!(consume(&world, "--until end").ok().stdout(), "2\n");
    }
    let world = world(1);
    produce(&world, 0..2);
    let line = "--topic /s:t --group g --from-beginning --consumer-property \
                auto.commit.interval.ms=20";
    let consumer = world.start("console-consumer", line.split_whitespace());
    consumer.wait_for_line(|line| line == "1");
    thread::sleep(Duration::from_millis(500));
    drop(consumer.kill());
    assert_eq!(consume(&world, "--from-beginning --timeout-ms 50").ok().stdout(), "");
}

#[test]
fn nothing_is_committed_that_was_not_written_to_the_pipe() {
    let world = world(1);
    produce(&world, 0..200_000);
    let script = "console-consumer --topic /s:t --group g --from-beginning --timeout-ms 3000 \
                  2>/dev/null | head -n 3; sleep 0.3; \
                  console-consumer --topic /s:t --group g --from-beginning --max-messages 1 2>/dev/null";
    let told = run_command(shell(&world, script), "").ends(0).stdout();
    let lines: Vec<u32> = told.lines().map(|line| line.parse().unwrap()).collect();
    // `head` had read its three lines; what was written and not read by it may be committed, what
    // was not written may not.
    assert_eq!(lines[..3], [0, 1, 2]);
    assert!(lines[3] < 150_000, "{lines:?}");
}

#[test]
fn a_member_stops_before_damage_and_goes_on_only_if_told() {
    let world = world(1);
    for start in [0, 10, 20] {
        produce(&world, start..start + 10);
    }
    let find = "find \"$STREAMPATH_HOME\"/s/topics -name '*.log'";
    let found = run_command(shell(&world, find), "").ok().stdout();
    let mut bytes = std::fs::read(found.trim_end()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(found.trim_end(), bytes).unwrap();
    let ran = consume(&world, "--command-property auto.offset.reset=earliest --until end").ends(7);
    assert_eq!(sorted(&ran.stdout()), (0..10).collect::<Vec<u32>>());
    assert!(ran.stderr().contains("nothing behind it was read"), "{}", ran.stderr());
    let ran = consume(&world, "--until end").ends(7);
    assert_eq!(ran.stdout(), "", "it still stands before it");
    let ran = consume(&world, "--until end --skip-corrupt").ends(7);
    assert_eq!(sorted(&ran.stdout()), (20..30).collect::<Vec<u32>>());
    assert_eq!(consume(&world, "--timeout-ms 50").ok().stdout(), "");
}

#[test]
fn options_that_exclude_a_group() {
    let world = world(1);
    for (line, message) in [
        ("--partition 0", "Options group and partition cannot be specified together."),
        ("--from end", "Options group and from cannot be specified together."),
        ("--consumer-property group.id=h", "The group ids provided in different places"),
    ] {
        let ran = consume(&world, line).fails(2);
        assert!(ran.stderr().contains(message), "{line}: {}", ran.stderr());
    }
    let ran = consume(&world, "--consumer-property fetch.bytes=1 --timeout-ms 50").ends(0);
    assert!(ran.stderr().contains("property `fetch.bytes` is not used"), "{}", ran.stderr());
}

/// Runs `streamctl` and returns the rows of its listing.
fn rows(world: &World, line: &str) -> Vec<serde_json::Value> {
    let words = format!("{line} -format jsonl");
    let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn cursors_are_listed_with_numbers_of_the_log_and_deleted() {
    let world = world(2);
    let list = "stream cursor list -path /s";
    assert_eq!(rows(&world, list).len(), 0);
    drop(world.run("console-producer", ["--topic", "/s:t"], "a\nb\nc\n").ok());
    drop(consume(&world, "--from-beginning --max-messages 2").ok());
    let all = rows(&world, list);
    assert_eq!(all.len(), 2);
    let names: Vec<&str> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names.join(" "),
        "consumergroup topic partitionid produceroffset committedoffset producertimestamp \
         consumertimestamp consumerlagmillis"
    );
    let read = all.iter().find(|row| row["produceroffset"] == 2).expect("one has all three");
    assert_eq!((&read["consumergroup"], &read["topic"]), (&"g".into(), &"t".into()));
    assert_eq!(read["committedoffset"], 2);
    assert!(read["consumerlagmillis"].as_i64().unwrap() > 0, "{read}");
    assert!(read["consumertimestamp"].as_i64() >= Some(1_600_000_000_000), "{read}");
    let empty = all.iter().find(|row| row["produceroffset"] == -1).expect("the other has none");
    assert_eq!((&empty["committedoffset"], &empty["consumerlagmillis"]), (&0.into(), &0.into()));
    let header = world.run("streamctl", list.split_whitespace(), "").ok().stdout();
    let header: Vec<&str> = header.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(
        header.join(" "),
        "consumergroup partitionid consumertimestamp consumerlagmillis topic committedoffset \
         produceroffset producertimestamp"
    );

    let topics = rows(&world, "topic list /s");
    assert_eq!(topics[0]["consumers"], 1);
    assert!(topics[0]["maxlag"].as_i64().unwrap() > 0, "{topics:?}");
    let infos = rows(&world, "topic info /s:t");
    let info = infos.iter().find(|row| row["maxoffset"] == 2).unwrap();
    assert_eq!(info["minoffsetacrossconsumers"], 2);
    assert_eq!(info["mintimestampacrossconsumers"], read["consumertimestamp"]);

    assert_eq!(rows(&world, &format!("{list} -topic t -partition 1")).len(), 1);
    assert_eq!(rows(&world, &format!("{list} -consumergroup h")).len(), 0);
    drop(world.run("streamctl", "cursor list /s -partition 1".split_whitespace(), "").fails(2));
    drop(world.run("streamctl", "cursor list /s -topic no".split_whitespace(), "").fails(3));
    let delete = "cursor delete -path /s -consumergroup g -topic t -partition 1";
    drop(world.run("streamctl", delete.split_whitespace(), "").ok());
    assert_eq!(rows(&world, list).len(), 1);
    drop(world.run("streamctl", ["cursor", "delete", "/s"], "").ok());
    assert_eq!(rows(&world, list).len(), 0);
    drop(world.run("streamctl", ["topic", "delete", "/s:t"], "").ok());
    assert_eq!(rows(&world, list).len(), 0);
}

#[test]
fn running_members_are_listed() {
    let world = world(2);
    assert_eq!(rows(&world, "stream assign list /s").len(), 0);
    let words = ["--topic", "/s:t", "--group", "g", "--from-beginning"];
    let member = world.start("console-consumer", words);
    produce(&world, 0..1);
    member.wait_for_line(|line| line == "0");
    let all = rows(&world, "assign list -path /s -detail");
    assert_eq!(all.len(), 2);
    assert_eq!(all[1]["partitionid"], 1);
    assert_eq!(all[0]["pid"], member.pid());
    assert_eq!(all[0]["client"], "console-consumer");
    assert_eq!(rows(&world, "assign list /s -topic t -partition 0").len(), 1);
    assert_eq!(rows(&world, "assign list /s -consumergroup h").len(), 0);
    drop(member.kill());
    assert_eq!(rows(&world, "assign list /s").len(), 0);
}
