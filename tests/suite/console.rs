//! The two console programs as processes: signals, closed pipes, bounds, reports, and their counts.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::world::{Ran, Running, World, eventually, program_path, run_command};

/// A world with the topic `/s:t`.
fn world(partitions: u32) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let partitions = partitions.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &partitions], "").ok());
    world
}

#[track_caller]
fn run(world: &World, program: &str, line: &str, input: &str) -> Ran {
    world.run(program, line.split_whitespace(), input)
}

#[track_caller]
fn read(world: &World, line: &str) -> String {
    run(world, "console-consumer", &format!("--topic /s:t {line}"), "").ok().stdout()
}

fn shell(world: &World, script: &str) -> Command {
    let mut command = world.command("/bin/sh", ["-c", script]);
    let programs = program_path("streamctl");
    let folder = programs.parent().unwrap();
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    command
}

fn numbers(range: std::ops::Range<u32>) -> String {
    range.map(|number| format!("{number}\n")).collect()
}

#[test]
fn acks_are_reported_once_reached_with_place_key_and_value() {
    for acks in ["0", "1", "-1", "all"] {
        let world = world(1);
        let line = format!(
            "--topic /s:t --report-acks --request-required-acks {acks} --reader-property \
             parse.key=true --reader-property key.separator=:"
        );
        let told = run(&world, "console-producer", &line, "a:one\nb:two\n").ok().stdout();
        let events: Vec<serde_json::Value> =
            told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(events.len(), 2);
        for (event, (key, value, offset)) in events.iter().zip([("a", "one", 0), ("b", "two", 1)]) {
            assert_eq!(event["name"], "producer_send_success");
            assert_eq!((&event["key"], &event["value"]), (&key.into(), &value.into()));
            assert_eq!((&event["partition"], &event["offset"]), (&0.into(), &offset.into()));
            assert_eq!(event["topic"], "/s:t");
        }
    }
}

#[test]
fn sync_tells_of_each_line_before_the_next_is_read() {
    let world = world(1);
    let mut producer =
        world.start("console-producer", ["--topic", "/s:t", "--sync", "--report-acks"]);
    for number in 0..3 {
        producer.feed(format!("line {number}\n"));
        producer.wait_for_line(|line| line.contains(&format!("\"value\":\"line {number}\"")));
    }
    drop(producer.wait().ok());
}

#[test]
fn a_line_after_which_the_input_pauses_goes_out_at_once() {
    let world = world(3);
    let mut producer = world.start("console-producer", ["--topic", "/s:t"]);
    producer.feed("now\n");
    let began = Instant::now();
    while read(&world, "--from beginning --until end") != "now\n" {
        assert!(began.elapsed() < Duration::from_secs(10), "nothing goes out");
    }
    drop(producer.wait().ok());
}

#[test]
fn a_signal_writes_what_was_read_and_tells_what_was_not() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let world = world(1);
        let mut producer = world.start("console-producer", ["--topic", "/s:t", "--report-acks"]);
        producer.feed("whole\nunfinished");
        producer.wait_for_line(|line| line.contains("whole"));
        producer.signal(signal);
        eventually("the producer ends", || producer.has_ended());
        let ran = producer.wait().ends(code);
        assert!(
            ran.stderr().contains("not written: 10 bytes of a line that had not ended"),
            "{}",
            ran.stderr()
        );
        assert_eq!(read(&world, "--from beginning --until end"), "whole\n");

        let consumer = world.start("console-consumer", ["--topic", "/s:t", "--from-beginning"]);
        consumer.wait_for_line(|line| line == "whole");
        consumer.signal(signal);
        let ran = consumer.wait().ends(code);
        assert!(ran.stderr().ends_with("Processed a total of 1 messages\n"), "{}", ran.stderr());
    }
}

#[test]
fn a_line_over_the_limit_is_named_and_everything_before_it_is_stored() {
    let world = world(1);
    let long = "x".repeat(10_000_001);
    let input = format!("one\ntwo\n{long}\nfour\n");
    let ran = run(&world, "console-producer", "--topic /s:t", &input).fails(1);
    assert_eq!(
        ran.stderr(),
        "console-producer: stored 2 records, refused 1: line 3; stopped there\n\
         console-producer: cannot send line 3: the message has 10000001 bytes; the limit is \
         10000000\nhint: what stands before it is sent; behind it: tail -n +4 FILE\n"
    );
    assert_eq!(read(&world, "--from beginning --until end"), "one\ntwo\n");
    let endless = "head -c 30000000 /dev/zero | console-producer --topic /s:t; echo $?";
    let ran = run_command(shell(&world, endless), "").ends(0);
    assert_eq!(ran.stdout(), "1\n");
    assert!(ran.stderr().contains("line 1 has more than"), "{}", ran.stderr());
    let largest = "y".repeat(10_000_000);
    drop(run(&world, "console-producer", "--topic /s:t", &largest).ok());
    assert_eq!(read(&world, "--from -1 --until end"), format!("{largest}\n"));
}

#[test]
fn a_bad_line_is_named_and_everything_before_it_is_stored() {
    let world = world(1);
    let line = "--topic /s:t --property parse.key=true";
    let ran = run(&world, "console-producer", line, "k\tv\nno key\n").fails(1);
    assert!(ran.stderr().contains("No key separator found on line number 2"), "{}", ran.stderr());
    assert_eq!(read(&world, "--from beginning --until end"), "v\n");
}

#[test]
fn a_closed_output_ends_both_quietly() {
    let world = world(3);
    drop(run(&world, "console-producer", "--topic /s:t", &numbers(0..200_000)).ok());
    let all = "{ console-consumer --topic /s:t --from-beginning; echo $? >&2; } | head -1";
    let ran = run_command(shell(&world, all), "").ends(0);
    assert_eq!(ran.stdout().lines().count(), 1);
    let told = ran.stderr();
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("Processed a total of "), "{told}");
    assert_eq!(lines[1..], ["0"], "{told}");

    // Waiting, with nothing to write.
    let idle = "{ console-consumer --topic /s:t; echo $? >&2; } | sleep 0.3";
    let ran = run_command(shell(&world, idle), "").ends(0);
    assert_eq!(ran.stderr(), "Processed a total of 0 messages\n0\n");

    let report = "{ yes | console-producer --topic /s:t --report-acks; echo $? >&2; } | head -1";
    let ran = run_command(shell(&world, report), "").ends(0);
    assert_eq!(ran.stderr().lines().last(), Some("0"), "{}", ran.stderr());
    let paused = "{ sleep 5 | console-producer --topic /s:t --report-acks; echo $? >&2; } | :";
    let ran = run_command(shell(&world, paused), "").ends(0);
    assert_eq!(ran.stderr(), "0\n");
}

#[test]
fn closed_and_full_streams_are_told_apart() {
    let world = world(1);
    let ran = run_command(shell(&world, "console-producer --topic /s:t <&-; echo $?"), "").ends(0);
    assert_eq!(ran.stdout(), "0\n", "no input is no records");
    drop(run(&world, "console-producer", "--topic /s:t", "one\n").ok());
    let full = "console-consumer --topic /s:t --from beginning --until end > /dev/full; echo $?";
    let ran = run_command(shell(&world, full), "").ends(0);
    assert_eq!(ran.stdout(), "1\n");
    assert!(ran.stderr().contains("cannot write standard output"), "{}", ran.stderr());
}

#[test]
fn reading_is_bounded_by_counts_silence_places_and_the_end() {
    let world = world(1);
    drop(run(&world, "console-producer", "--topic /s:t", &numbers(0..100)).ok());
    for (line, expected) in [
        ("--from-beginning --max-messages 3", 0..3),
        ("--partition 0 --offset 97 --max-messages 2", 97..99),
        ("--partition 0 --offset earliest --max-messages 1", 0..1),
        ("--from -5 --until end", 95..100),
        ("--from 10 --until 20", 10..20),
        ("--from beginning --until -90", 0..10),
        ("--from 1h --until @now", 0..100),
        ("--from end --until end", 0..0),
        ("--from beginning --max-messages 0", 0..0),
        ("--from 98 --timeout-ms 100", 98..100),
        ("--timeout-ms 100", 0..0),
    ] {
        let line = format!("--topic /s:t {line}");
        let ran = run(&world, "console-consumer", &line, "").ok();
        assert_eq!(ran.stdout(), numbers(expected.clone()), "{line}");
        let total = format!("Processed a total of {} messages\n", expected.len());
        assert_eq!(ran.stderr(), total, "{line}");
    }
}

#[test]
fn what_was_damaged_is_told_at_the_end() {
    let world = world(1);
    drop(run(&world, "console-producer", "--topic /s:t", &numbers(0..50)).ok());
    drop(run(&world, "console-producer", "--topic /s:t", &numbers(50..100)).ok());
    let find = "find \"$STREAMPATH_HOME\"/s/topics -name '*.log'";
    let found = run_command(shell(&world, find), "").ok().stdout();
    let path = found.trim_end();
    let mut bytes = std::fs::read(path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(path, bytes).unwrap();
    let line = "--topic /s:t --from beginning --until end";
    let ran = run(&world, "console-consumer", line, "").ends(7);
    assert_eq!(ran.stdout(), numbers(50..100));
    let told = ran.stderr();
    assert!(told.starts_with("console-consumer: partition 0 is damaged: `"), "{told}");
    assert!(told.contains("offsets 0 up to 50 are skipped"), "{told}");
    assert!(told.contains("\nProcessed a total of 50 messages\n"), "{told}");
}

#[test]
fn a_deleted_topic_ends_both_with_a_clear_message() {
    let world = world(1);
    let mut producer = world.start("console-producer", ["--topic", "/s:t", "--report-acks"]);
    producer.feed("before\n");
    producer.wait_for_line(|line| line.contains("before"));
    let consumer = world.start("console-consumer", ["--topic", "/s:t", "--from-beginning"]);
    consumer.wait_for_line(|line| line == "before");
    drop(world.run("streamctl", ["topic", "delete", "/s:t"], "").ok());
    let ran = consumer.wait().ends(3);
    assert!(ran.stderr().contains("topic `t` was deleted"), "{}", ran.stderr());
    producer.feed("after\n");
    let ran = producer.wait().ends(3);
    let told = ran.stderr();
    assert!(told.contains("1 of 2 records were not stored"), "{told}");
    assert!(told.contains("topic `t` was deleted"), "{told}");
}

#[test]
fn a_held_lock_does_not_stop_a_reader() {
    let world = world(1);
    drop(run(&world, "console-producer", "--topic /s:t", "one\n").ok());
    let find = "find \"$STREAMPATH_HOME\"/s/topics -name append.lock";
    let lock = run_command(shell(&world, find), "").ok().stdout();
    let hold = format!("exec 9< {}; flock 9; exec sleep 30", lock.trim_end());
    let holder = Running::start(shell(&world, &hold));
    thread::sleep(Duration::from_millis(100));
    assert_eq!(read(&world, "--from beginning --until end"), "one\n");
    drop(holder.kill());
}

/// A topic has more partitions than a shell lets a program have files open, unless it asks.
#[test]
fn many_partitions_need_no_ulimit() {
    let world = world(600);
    let keys = "ulimit -S -n 256; seq 3000 | sed 's/.*/&:&/' | console-producer --topic /s:t \
                --reader-property parse.key=true --reader-property key.separator=: --request-required-acks 1";
    drop(run_command(shell(&world, keys), "").ok());
    let count =
        "ulimit -S -n 256; console-consumer --topic /s:t --from beginning --until end | wc -l";
    let ran = run_command(shell(&world, count), "").ends(0);
    assert_eq!(ran.stdout().trim(), "3000", "{}", ran.stderr());
}
