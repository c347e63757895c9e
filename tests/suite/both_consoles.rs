//! Both console programs side by side: a topic through a pipe, records that are sent when they are
//! due, and what is told of a full disk, a denied permission and a topic that goes.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::world::{Ran, World, eventually, program_path, random, run_command};

const TOPICS: [(&str, u32); 3] = [("/s:three", 3), ("/s:one", 1), ("/deep/u:two", 2)];

/// A store with the topics, which are empty.
fn world() -> World {
    let world = World::new();
    for stream in ["/s", "/deep/u"] {
        let line = format!("stream create -path {stream} -ttl 0");
        drop(world.run("streamctl", line.split_whitespace(), "").ok());
    }
    for (topic, partitions) in TOPICS {
        let line = format!("topic create {topic} -partitions {partitions}");
        drop(world.run("streamctl", line.split_whitespace(), "").ok());
    }
    world
}

fn produce(world: &World, line: &str, input: impl AsRef<[u8]>) -> Ran {
    world.run("console-producer", line.split_whitespace(), input)
}

fn consume(world: &World, line: &str) -> Ran {
    let line = format!("{line} --from beginning --until end");
    world.run("console-consumer", line.split_whitespace(), "")
}

#[track_caller]
fn values(world: &World, topic: &str) -> String {
    consume(world, &format!("--topic {topic}")).ok().stdout()
}

/// A shell in which the programs are on the path.
fn shell(world: &World, script: &str) -> Command {
    let programs = program_path("console-producer").parent().unwrap().to_owned();
    let mut command = world.command("/bin/sh", ["-c", script]);
    command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()));
    command
}

/// Records of every kind, each with a topic and a partition, as lines of JSON.
fn records_of_every_kind() -> String {
    const TEXTS: &[&str] = &[
        "null",
        "\"\"",
        "\"text\"",
        "\"a\\tb\\n\\r\\u0000\\u001b\\\"\\\\ é€😀\"",
        "{\"base64\":\"\"}",
        "{\"base64\":\"/w==\"}",
        "{\"base64\":\"AIGCgyD/YQo=\"}",
        "{\"base64\":\"aGVsbG8=\"}",
    ];
    let mut random = random();
    let mut lines = String::new();
    for number in 0..600_i64 {
        let mut text = || TEXTS[random.usize(..TEXTS.len())];
        let (key, value) = (text(), text());
        let headers = match number % 4 {
            0 => String::new(),
            1 => format!("[\"h\",{}]", text()),
            // The same name again and again, and none.
            _ => format!("[\"h\",{}],[\"h\",{}],[\"\",{}],[\"é\",null]", text(), text(), text()),
        };
        let (topic, partitions) = TOPICS[random.usize(..TOPICS.len())];
        let partition = random.u32(..partitions);
        // Times need not rise.
        let timestamp = random.i64(0..4_102_444_800_000);
        lines.push_str(&format!(
            "{{\"v\":1,\"topic\":\"{topic}\",\"partition\":{partition},\"offset\":{number},\
             \"timestamp\":{timestamp},\"timestampType\":\"CreateTime\",\"key\":{key},\
             \"value\":{value},\"headers\":[{headers}]}}\n"
        ));
    }
    lines
}

#[test]
fn a_topic_copied_through_a_pipe_passes_diff() {
    let (from, to) = (world(), world());
    let records = records_of_every_kind();
    drop(produce(&from, "--format json --quiet", &records).ok());
    let all = "--from beginning --until end --order time --format json --quiet";
    let script = format!(
        "set -e; copy={}
         for topics in '/s:^.*' /deep/u:two; do
             console-consumer --topic \"$topics\" {all} > before
             console-consumer --topic \"$topics\" {all} |
                 STREAMPATH_HOME=$copy console-producer --format json --quiet
             STREAMPATH_HOME=$copy console-consumer --topic \"$topics\" {all} > after
             diff before after
             cat after
         done",
        to.store().display()
    );
    let ran = run_command(shell(&from, &script), "").ok();
    assert_eq!(ran.stdout().lines().count(), 600, "all were copied");
    // What came in is what came out, but for the offsets.
    let without_offsets = |text: &str| {
        let mut lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for line in &mut lines {
            // Text may be given as base64 and is printed as text.
            let plain = |value: &mut serde_json::Value| match value["base64"].as_str() {
                Some("") => *value = "".into(),
                Some("aGVsbG8=") => *value = "hello".into(),
                _ => {}
            };
            plain(&mut line["key"]);
            plain(&mut line["value"]);
            for header in line["headers"].as_array_mut().unwrap() {
                plain(&mut header[1]);
            }
            line.as_object_mut().unwrap().remove("offset").unwrap();
        }
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(without_offsets(&ran.stdout()), without_offsets(&records));
    // Into one topic that is named, with partitions of its own.
    let script = format!(
        "console-consumer --topic /s:three {all} |
             console-producer --topic /deep/u:two --format json --repartition --restamp --quiet &&
         console-consumer --topic /s:three {all} --format '%k %s %h\\n' | sort > before &&
         console-consumer --topic /deep/u:two {all} --format '%k %s %h\\n' | sort > after &&
         comm -23 before after"
    );
    let script = script.replace(" --format json --quiet --format", " --quiet --format");
    assert_eq!(run_command(shell(&from, &script), "").ok().stdout(), "");
}

#[test]
fn records_are_sent_at_the_pace_asked_for() {
    let world = world();
    let timed = |options: &str, input: &str| {
        let began = Instant::now();
        let line = format!("--topic /s:one --quiet --pace {options}");
        drop(produce(&world, &line, input).ok());
        began.elapsed()
    };
    let json = [0, 7_200_000, 7_201_000].map(|time| {
        format!("{{\"timestamp\":{},\"value\":\"{time}\"}}\n", 1_700_000_000_000_i64 + time)
    });
    let json = json.concat();
    let least = Duration::from_millis(1000);
    assert!(timed("7200x --format json", &json) >= least, "two hours, 7200 times as fast");
    assert!(timed("original --max-gap 500ms --format json", &json) >= least);
    assert!(timed("2/s --format json", &json) >= least);
    assert!(timed("2/s", "a\nb\nc\n") >= least);
    assert!(timed("2/s --key k", "a\nb\nc") >= least);
    for name in ["f1", "f2", "f3"] {
        fs::write(world.dir().join(name), name).unwrap();
    }
    assert!(timed("2/s --file-per-record f1 f2 f3", "") >= least);
    assert!(timed("2/s --file-per-record", "f1\nf2\nf3\n") >= least);
    assert!(timed("original --max-gap 0s --format json", &json) < Duration::from_secs(3600));
    let expected = "0\n7200000\n7201000\n".repeat(3);
    let text = "a\nb\nc\n".repeat(2) + &"f1f2f3".repeat(2).replace('f', "\nf")[1..] + "\n";
    assert_eq!(values(&world, "/s:one"), expected + &text + "0\n7200000\n7201000\n");

    // The gaps stay when the times do not.
    let gap = json.lines().next_back().unwrap();
    let earlier = gap.replace("7201000\"", "first\"").replace("01000,", "00500,");
    let input = format!("{earlier}\n{gap}\n");
    let line = "--topic /deep/u:two --partition 0";
    drop(produce(&world, line, "").ok());
    drop(
        produce(&world, "--topic /deep/u:two --format json --restamp --pace original", input)
            .ends(0),
    );
    let times = consume(&world, "--topic /deep/u:two --order time --format %T\\n").ok().stdout();
    let times: Vec<i64> = times.lines().map(|time| time.parse().unwrap()).collect();
    assert!(times[1] - times[0] >= 490 && times[0] > 1_700_007_201_000, "{times:?}");

    for (line, part) in [
        ("--topic /s:one --pace original", "--pace by timestamps is for --format json"),
        ("--topic /s:one --pace 2x", "--pace by timestamps is for --format json"),
        ("--topic /s:one --pace fast", "`fast` is not a pace"),
        ("--topic /s:one --pace 1/s --max-gap 5", "`5` is not a duration"),
        ("--topic /s:one --max-gap 5s", "--pace"),
    ] {
        let told = produce(&world, line, "").fails(2).stderr();
        assert!(told.contains(part), "{line}: {told}");
    }
}

#[test]
fn a_wait_for_a_record_ends_at_once_and_what_was_sent_is_stored() {
    let world = world();
    let input = "{\"timestamp\":1000,\"value\":\"one\"}\n{\"timestamp\":1000,\"value\":\"two\"}\n\
                 {\"timestamp\":9999999,\"value\":\"three\"}\n{\"value\":\"four\"}\n";
    // Also where records are let wait for others: a wait is longer than that.
    for (linger, stored) in [("0", "one\ntwo\n"), ("3600000", "one\ntwo\none\ntwo\n")] {
        let line = format!("--topic /s:one --format json --pace original --timeout {linger}");
        let mut producer = world.start("console-producer", line.split_whitespace());
        producer.feed(input);
        eventually("what was sent is stored", || values(&world, "/s:one") == stored);
        producer.signal(Signal::INT);
        let told = producer.wait().ends(130).stderr();
        assert_eq!(told, "console-producer: stored 2 records; interrupted\n");
        assert_eq!(values(&world, "/s:one"), stored);
    }
    let piped = "{ yes | console-producer --topic /s:one --pace 1/h --report-acks; echo $? >&2; } | \
                 head -1";
    let ran = run_command(shell(&world, piped), "").ends(0);
    assert_eq!((ran.stdout().lines().count(), ran.told().contains("0")), (1, true));
    assert!(ran.stderr().ends_with("0\n"), "{}", ran.stderr());
}

#[test]
fn a_full_disk_is_status_1_with_a_true_count_in_both() {
    let world = world();
    // A file that may not grow is what a test can have anywhere.
    let fill = "trap '' XFSZ; ulimit -f 500; seq 1 1000000 | \
                console-producer --topic /s:one --request-required-acks ";
    for acks in ["-1", "1"] {
        let before = values(&world, "/s:one").lines().count();
        let ran = run_command(shell(&world, &format!("{fill}{acks}")), "").ends(1);
        let told = ran.stderr();
        assert!(told.contains("File too large"), "{told}");
        let (_, counted) = told.split_once("stored ").unwrap();
        let counted: usize = counted.split(' ').next().unwrap().parse().unwrap();
        let stored = values(&world, "/s:one");
        assert_eq!(stored.lines().count() - before, counted, "{told}");
        assert!(acks == "1" || counted > 0, "{told}");
        let numbers = stored.lines().take(counted).map(|line| line.parse::<usize>().unwrap());
        assert!(acks == "1" || numbers.eq(1..=counted), "those before the end");
        assert!(told.contains("; the topic took no more"), "{told}");
    }
    let full = "console-consumer --topic /s:one --from beginning --until end > /dev/full";
    let told = run_command(shell(&world, full), "").ends(1).stderr();
    assert!(told.contains("cannot write standard output: No space left on device"), "{told}");
    assert!(told.starts_with("Processed a total of 0 messages\n"), "{told}");
    let limit = "seq 1 200000 | console-producer --topic /deep/u:two; trap '' XFSZ; ulimit -f 1500; \
                 console-consumer --topic /deep/u:two --from beginning --until end > printed";
    let told = run_command(shell(&world, limit), "").ends(1).stderr();
    let (_, counted) = told.split_once("Processed a total of ").unwrap();
    let counted: usize = counted.split(' ').next().unwrap().parse().unwrap();
    let printed = fs::read(world.dir().join("printed")).unwrap();
    let lines = printed.iter().filter(|byte| **byte == b'\n').count();
    assert!((1..=lines).contains(&counted), "{counted} of {lines}: {told}");
}

#[test]
fn a_permission_that_is_missing_is_status_5_in_both() {
    let world = world();
    let line = "stream create -path /no -produceperm u:nobody -consumeperm u:nobody";
    drop(world.run("streamctl", line.split_whitespace(), "").ok());
    drop(world.run("streamctl", ["topic", "create", "/no:t"], "").ok());
    let told = produce(&world, "--topic /no:t", "x\n").fails(5).stderr();
    assert!(told.contains("produceperm"), "{told}");
    let told = consume(&world, "--topic /no:t").fails(5).stderr();
    assert!(told.contains("consumeperm"), "{told}");
    assert!(!told.contains("Processed"), "nothing was read: {told}");
}

#[test]
fn a_topic_that_goes_is_status_3_with_a_true_count_in_both() {
    let world = world();
    let mut producer = world.start("console-producer", ["--topic", "/s:one", "--report-acks"]);
    producer.feed("one\ntwo\n");
    producer.wait_for_lines(2);
    let follow = ["--topic", "/s:one", "--from-beginning", "--summary"];
    let consumer = world.start("console-consumer", follow);
    consumer.wait_for_lines(2);
    drop(world.run("streamctl", ["topic", "delete", "/s:one"], "").ok());
    let told = consumer.wait().ends(3).stderr();
    assert!(told.contains("topic `one` was deleted"), "{told}");
    assert!(told.contains("Processed a total of 2 messages\n"), "{told}");
    producer.feed("three\n");
    let told = producer.wait().ends(3).stderr();
    assert!(told.contains("stored 2 records, 1 not stored; the topic took no more"), "{told}");
    assert!(told.contains("topic `one` was deleted"), "{told}");
}
