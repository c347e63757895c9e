//! `kafka-topics` against Kafka's own tests: sections 10 to 12 of the conformance vectors, each row
//! by its number, and more rows of the same kind; and what is ours: streams, statuses, notes.

use std::fs;
use std::os::unix::fs::symlink;

use regex::Regex;

use crate::users::{ANN, run_as, shared_store};
use crate::world::{Ran, World, program_path, run_command};

mod rows;

use rows::Expected::{self, Fails, Notes, Prints, Refused};
use rows::{MORE_ROWS, ROWS};

const WARNING: &str = "WARNING: Due to limitations in metric names, topics with a period ('.') or \
    underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n";

const FAILED: &str = "kafka-topics: Error while executing topic command : ";

fn run(world: &World, line: &str) -> Ran {
    world.run("kafka-topics", words(line), "")
}

/// Splits a line at blanks, but not inside single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        for (index, piece) in part.split(' ').enumerate() {
            if index > 0 {
                words.push(String::new());
            }
            words.last_mut().unwrap().push_str(piece);
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// Runs the rows one after the other in one world.
#[track_caller]
fn check(world: &World, rows: &[(&str, &str, Expected)]) {
    for (row, line, expected) in rows {
        let ran = run(world, line);
        match expected {
            Prints(text) => assert_eq!(ran.ok().stdout(), *text, "{row}"),
            Notes(text, notes) => {
                let ran = ran.ends(0);
                assert_eq!(ran.stdout(), *text, "{row}");
                assert_eq!(ran.stderr().lines().count(), notes.len(), "{row}: {}", ran.told());
                for note in *notes {
                    let is_there = ran.stderr().lines().any(|line| line.contains(note));
                    assert!(is_there, "{row}: no `{note}`: {}", ran.told());
                }
            }
            Fails(status, message) => {
                let stderr = ran.fails(*status).stderr();
                let expected = format!("{FAILED}{message}");
                assert!(stderr.starts_with(&expected), "{row}: `{expected}`\n{stderr}");
                assert!(stderr.contains("\nhint: "), "{row}: {stderr}");
            }
            Refused(message) => {
                let stderr = ran.fails(2).stderr();
                let begins = ["kafka-topics: ", "error: "]
                    .iter()
                    .any(|start| stderr.starts_with(&format!("{start}{message}")));
                assert!(begins, "{row}: `{message}`\n{stderr}");
            }
        }
    }
}

#[test]
fn the_tutorials_command_works_as_printed() {
    let world = World::new();
    let bin = world.dir().join("bin");
    drop(world.run("streamctl", ["links", "bin"], "").ok());
    let line = "--zookeeper 127.0.0.1:2181 --topic first_topic --create --partitions 3 \
                --replication-factor 1";
    let program = bin.join("kafka-topics.bat");
    let ran = world.run(program.to_str().unwrap(), line.split_whitespace(), "").ok();
    assert_eq!(ran.stdout(), format!("{WARNING}Created topic first_topic.\n"));
    let listed =
        world.run("streamctl", ["topic", "list", "/kafka", "-columns", "topic,partitions"], "");
    assert_eq!(listed.ok().stdout(), "topic        partitions\nfirst_topic  3\n");
    // The same with the name of every era.
    for name in ["kafka-topics", "kafka-topics.sh"] {
        let program = bin.join(name);
        let words = ["--list", "--bootstrap-server", "localhost:9092"];
        let ran = world.run(program.to_str().unwrap(), words, "").ok();
        assert_eq!(ran.stdout(), "first_topic\n", "{name}");
    }
    // Any other name of the file leaves it streamctl.
    symlink(program_path("streamctl"), bin.join("kafka-topicz")).unwrap();
    let program = bin.join("kafka-topicz");
    let ran = world.run(program.to_str().unwrap(), ["--list"], "").fails(2);
    assert!(ran.stderr().contains("streamctl"), "{}", ran.told());
}

#[test]
fn section_10_arguments_and_outputs() {
    let world = World::new();
    check(&world, ROWS);
    check(&world, MORE_ROWS);
    let described = run(&world, "--describe --topic assigned").ok().stdout();
    assert!(
        described.contains("\tPartitionCount: 3\tReplicationFactor: 1\t"),
        "10.11: {described}"
    );
}

#[test]
fn section_10_descriptions() {
    let world = World::new();
    let create = "--create --topic two --partitions 2 --config message.timestamp.type=CreateTime";
    run(&world, create).ok();
    run(&world, "--create --topic one").ok();
    let described = run(&world, "--describe --topic two").ok().stdout();
    // 10.21: three rows, the first begins with the topic; 10.23: the columns of Kafka 4.
    let id = Regex::new("\tTopicId: ([A-Za-z0-9_-]{22})\t").unwrap();
    let id = id.captures(&described).unwrap()[1].to_owned();
    let rows = format!(
        "Topic: two\tTopicId: {id}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: \
         message.timestamp.type=CreateTime\n\
         \tTopic: two\tPartition: 0\tLeader: 0\tReplicas: 0\tIsr: 0\tElr: \tLastKnownElr: \n\
         \tTopic: two\tPartition: 1\tLeader: 0\tReplicas: 0\tIsr: 0\tElr: \tLastKnownElr: \n"
    );
    assert_eq!(described, rows);
    let all = run(&world, "--describe").ok().stdout();
    assert!(all.starts_with("Topic: one\tTopicId: ") && all.ends_with(&rows), "{all}");
    assert!(all.contains("\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n"), "{all}");
    for line in [
        format!("--describe --topic-id {id}"),
        format!("--describe --topic-id={id}=="),
        "--describe --topic two --topic-id AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "--describe --topic t.*".to_owned(),
    ] {
        assert_eq!(run(&world, &line).ok().stdout(), rows, "{line}");
    }
    let both = run(&world, &format!("--describe --topic one --topic-id {id}")).ends(0);
    assert_eq!(both.stdout(), rows);
    let notice = "Only topic id will be used when both --topic and --topic-id are specified and \
                  topicId is not Uuid.ZERO_UUID\n";
    assert_eq!(both.stderr(), notice);
    let partitions: Vec<&str> = all.lines().filter(|line| line.starts_with('\t')).collect();
    let at_min_isr = format!("{}\n", partitions.join("\n"));
    let own = format!("{}\n", rows.lines().next().unwrap());
    let other = "AAAAAAAAAAAAAAAAAAAAAQ";
    check(
        &world,
        &[
            ("filter", "--describe --under-replicated-partitions", Prints("")),
            ("filter", "--describe --unavailable-partitions", Prints("")),
            ("filter", "--describe --under-min-isr-partitions", Prints("")),
            ("id", "--describe --topic-id AAAAAAAAAAAAAAAAAAAAAQ --if-exists", Prints("")),
            ("id", "--describe --topic-id AQ", Fails(2, "Input string `AQ` decoded as 1 bytes")),
            ("id", "--describe --topic-id a!", Fails(2, "Input string `a!` is no base64")),
            (
                "limit",
                "--describe --topic x --if-exists --partition-size-limit-per-response 5",
                Notes("", &["--partition-size-limit-per-response has no effect"]),
            ),
        ],
    );
    let missing = run(&world, &format!("--describe --topic-id {other}")).fails(3).stderr();
    assert!(
        missing.starts_with(&format!("{FAILED}TopicId '{other}' does not exist as expected\n")),
        "{missing}"
    );
    assert_eq!(run(&world, "--describe --at-min-isr-partitions").ok().stdout(), at_min_isr);
    assert_eq!(run(&world, "--describe --topics-with-overrides").ok().stdout(), own);
}

#[test]
fn section_11_names() {
    let world = World::in_memory();
    let long = "a".repeat(249);
    for name in ["valid", "TOPIC", "nAmEs", "ar6", "VaL1d", "_0-9_.", "...", &long] {
        let made = run(&world, &format!("--create --topic {name}")).ok().stdout();
        let warned = if name.contains(['.', '_']) { WARNING } else { "" };
        assert_eq!(made, format!("{warned}Created topic {name}.\n"), "11.1, 11.5");
    }
    let create =
        |world: &World, name: &str| world.run("kafka-topics", ["--create", "--topic", name], "");
    for character in "/\\,:\"';*? \t\r\n=".chars() {
        let name = format!("Is{character}illegal");
        let stderr = create(&world, &name).fails(2).stderr();
        let rule =
            "contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
        let expected = format!("{FAILED}Topic name is invalid: 'Is");
        assert!(stderr.starts_with(&expected) && stderr.contains(rule), "11.3: {stderr}");
    }
    for (name, rule) in [
        (".", "'.' is not allowed"),
        ("..", "'..' is not allowed"),
        (&*"a".repeat(250), "is longer than the max allowed length 249"),
        ("", "the empty string is not allowed"),
        ("/s:", "the empty string is not allowed"),
        ("/s:a b", "'a b' contains one or more characters"),
    ] {
        let stderr = create(&world, name).fails(2).stderr();
        let is_said = stderr.contains("Topic name is invalid: ") && stderr.contains(rule);
        assert!(is_said, "{name}: {stderr}");
    }
    for (row, one, other) in
        [("11.7", ".topic", "_topic"), ("11.7a", "to.pic", "to_pic"), ("11.7b", "topic.", "topic_")]
    {
        create(&world, one).ok();
        let stderr = create(&world, other).fails(2).stderr();
        let expected = format!("{FAILED}Topic '{other}' collides with existing topics: {one}\n");
        assert!(stderr.starts_with(&expected), "{row}: {stderr}");
    }
    for name in [".start", "end.", "mid.dle", ".ma.ny."] {
        let made = create(&world, name).ok().stdout();
        assert_eq!(made, format!("{WARNING}Created topic {name}.\n"), "11.5");
    }
}

#[test]
fn section_12_expressions_choose_topics() {
    let world = World::new();
    for name in ["yes1", "yes2", "no1", "included-topic1"] {
        run(&world, &format!("--create --topic {name}")).ok();
    }
    check(
        &world,
        &[
            ("12.1", "--list --topic yes1,yes2", Prints("yes1\nyes2\n")),
            ("12.1a", "--list --topic yes1,yes2 --exclude-internal", Prints("yes1\nyes2\n")),
            ("12.3", "--list --topic included-topic.+", Prints("included-topic1\n")),
            ("blanks and quotes", "--list --topic ' \"yes1 , no.\" '", Prints("no1\nyes1\n")),
            ("the whole name", "--list --topic yes", Prints("\n")),
            ("none", "--list --topic [y", Fails(2, "[y is an invalid regex.\n")),
            ("several", "--alter --topic yes.* --partitions 2", Prints("")),
            (
                "as many",
                "--alter --topic yes1 --partitions 2",
                Fails(2, "Topic already has 2 partition(s).\n"),
            ),
            (
                "fewer",
                "--alter --topic yes1 --partitions 1",
                Fails(
                    2,
                    "The topic yes1 currently has 2 partition(s); 1 would not be an increase.\n",
                ),
            ),
            ("several", "--delete --topic yes.*", Prints("")),
            ("what is left", "--list", Prints("included-topic1\nno1\n")),
        ],
    );
}

#[test]
fn topics_of_any_stream_are_named_by_path() {
    let world = World::new();
    for stream in ["/s", "/default"] {
        drop(world.run("streamctl", ["stream", "create", stream], "").ok());
    }
    check(
        &world,
        &[
            ("", "--create --topic /s:t --partitions 2 --bootstrap-server any.thing", Prints(MADE)),
            ("", "--create --topic /s:u --zookeeper far:2181", Prints("Created topic /s:u.\n")),
            ("", "--create --topic /s:u", Fails(4, "Topic '/s:u' already exists.\n")),
            ("", "--list --topic /s:.*", Prints("/s:t\n/s:u\n")),
            ("", "--list --topic /s:", Prints("/s:t\n/s:u\n")),
            ("", "--list --topic /s", Prints("/s:t\n/s:u\n")),
            ("", "--list --topic /s:u,v", Prints("/s:u\n")),
            ("", "--list", Prints("\n")),
            (
                "",
                "--describe --topic /s:v",
                Fails(
                    3,
                    "Topic '/s:v' does not exist as expected\nhint: kafka-topics --list --topic \
                     '/s:.*'\n",
                ),
            ),
            ("", "--describe --topic /no:t", Fails(3, "stream `/no` does not exist\n")),
            ("", "--delete --topic /no:t --if-exists", Prints("")),
            ("", "--create --topic /no:t", Fails(3, "stream `/no` does not exist\n")),
            ("", "--create --topic /s", Fails(2, "`/s` names no topic")),
            ("", "--delete --topic /s:u", Prints("")),
            ("", "--list --topic /s:", Prints("/s:t\n")),
        ],
    );
    let described = run(&world, "--describe --topic /s:t").ok().stdout();
    assert!(described.starts_with("Topic: /s:t\tTopicId: "), "{described}");
    assert!(described.contains("\n\tTopic: /s:t\tPartition: 1\tLeader: 0\t"), "{described}");
    // Nothing was made for names that nobody used.
    assert!(!world.store().join("kafka").exists());
    let mut command = world.command("kafka-topics", ["--create", "--topic", "t"]);
    command.env("STREAMPATH_DEFAULT_STREAM", "/default");
    drop(run_command(command, "").ok());
    assert_eq!(run(&world, "--list --topic /default:").ok().stdout(), "/default:t\n");
}

const MADE: &str = "Created topic /s:t.\n";

#[test]
fn configs_act_or_say_why_not() {
    let world = World::new();
    check(
        &world,
        &[
            (
                "what is so anyway",
                "--create --topic plain --replication-factor 1 --config retention.ms=604800000 \
                 --config cleanup.policy=delete --config compression.type=producer --config \
                 min.insync.replicas=1",
                Prints("Created topic plain.\n"),
            ),
            (
                "what the stream decides",
                "--create --topic t --config retention.ms=86400000 --config compression.type=gzip \
                 --config retention.bytes=1000 --config message.timestamp.type=LogAppendTime",
                Notes(
                    "Created topic t.\n",
                    &[
                        "kafka-topics: --config retention.ms=86400000 has no effect: how long \
                         messages are kept is the stream's: streamctl stream edit -path /kafka -ttl \
                         86400",
                        "streamctl stream edit -path /kafka -compression zlib",
                        "--config retention.bytes=1000 has no effect: ",
                    ],
                ),
            ),
            (
                "through ZooKeeper",
                "--zookeeper localhost:2181 --alter --topic t --partitions 2 --config \
                 message.timestamp.type=CreateTime",
                Prints(
                    "Updated config for topic t.\nWARNING: If partitions are increased for a topic \
                     that has a key, the partition logic or ordering of the messages will be \
                     affected\nAdding partitions succeeded!\n",
                ),
            ),
            (
                "no longer",
                "--alter --topic t --delete-config retention.ms",
                Notes(
                    "",
                    &["--delete-config retention.ms has no effect: it is no longer supported"],
                ),
            ),
        ],
    );
    let info = ["topic", "list", "/kafka", "-columns", "topic,partitions", "-noheader"];
    let listed = world.run("streamctl", info, "").ok().stdout();
    assert_eq!(listed, "plain  1\nt      2\n");
    let described = run(&world, "--describe --topic t").ok().stdout();
    assert!(described.contains("\tConfigs: message.timestamp.type=CreateTime\n"), "{described}");
}

/// The clock of the broker stamps messages if the topic says so.
#[test]
fn a_timestamp_type_holds_for_what_is_written() {
    let world = World::new();
    run(&world, "--create --topic t --config message.timestamp.type=LogAppendTime").ok();
    let words = ["--topic", "t", "--timestamp", "1000"];
    world.run("console-producer", words, "x\n").ok();
    let words = ["--topic", "t", "--from", "beginning", "--until", "end"];
    let words = words.iter().chain(&["--formatter-property", "print.timestamp=true"]);
    let read = world.run("console-consumer", words, "").ok().stdout();
    assert!(
        read.starts_with("LogAppendTime:") && !read.starts_with("LogAppendTime:1000\t"),
        "{read}"
    );
}

#[test]
fn a_store_that_cannot_be_written_is_looked_at_but_not_changed() {
    let Some(world) = shared_store(0o777) else { return };
    let program = world.dir().join("kafka-topics");
    symlink(program_path("streamctl"), &program).unwrap();
    let ran = |line: &str| {
        let line = format!("{} {line}", program.display());
        run_as(&world, ANN, &[], &line, "")
    };
    drop(ran("--create --topic t").ok());
    let words = ["-R", "a-w", world.store().to_str().unwrap()];
    drop(run_command(world.command("/bin/chmod", words), "").ok());
    assert_eq!(ran("--list").ok().stdout(), "t\n");
    assert!(ran("--describe").ok().stdout().starts_with("Topic: t\t"));
    for line in ["--create --topic new", "--delete --topic t", "--alter --topic t --partitions 2"] {
        let stderr = ran(line).fails(5).stderr();
        assert!(stderr.starts_with(FAILED), "{line}: {stderr}");
    }
}

#[test]
fn a_description_that_nobody_reads_to_its_end_is_no_failure() {
    let world = World::new();
    run(&world, "--create --topic t --partitions 4000").ok();
    let program = world.dir().join("kafka-topics");
    symlink(program_path("streamctl"), &program).unwrap();
    let script = format!("{} --describe | head -n 1", program.display());
    let ran =
        run_command(world.command("/bin/bash", ["-c", &format!("set -o pipefail; {script}")]), "");
    assert_eq!(ran.ok().stdout().lines().count(), 1);
    fs::remove_file(program).unwrap();
}
