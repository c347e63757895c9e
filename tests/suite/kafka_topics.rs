//! `kafka-topics` against Kafka's own tests: sections 10 to 12 of the conformance vectors, each row
//! by its number, and more rows of the same kind; and what is ours: streams, statuses, notes.

use std::fs;
use std::os::unix::fs::symlink;

use regex::Regex;

use crate::users::{ANN, run_as, shared_store};
use crate::world::{Ran, World, program_path, run_command};

/// What a row expects, on standard output or error.
enum Expected {
    /// Status 0 and exactly this on standard output; nothing on standard error.
    Prints(&'static str),
    /// Status 0, this on standard output, and on standard error a line with each of these.
    Notes(&'static str, &'static [&'static str]),
    /// This status, and this behind `Error while executing topic command : `.
    Fails(i32, &'static str),
    /// Status 2 and this, before anything is executed.
    Refused(&'static str),
}

use Expected::{Fails, Notes, Prints, Refused};

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

const NO_TOPIC: &str = "Missing required argument \"[topic]\"";

const NO_PARTITIONS: &str = "Missing required argument \"[partitions]\"";

const EXACTLY: &str = "Command must include exactly one action: --list, --describe, --create, --alter or \
    --delete";

/// The rows of section 10, in their order.
const ROWS: &[(&str, &str, Expected)] = &[
    ("nothing made", "--list", Prints("\n")),
    ("nothing made", "--describe", Prints("")),
    ("10.1", "--alter --topic t", Refused(NO_PARTITIONS)),
    ("10.1a", "--bootstrap-server localhost:9092 --alter --topic t", Refused(NO_PARTITIONS)),
    (
        "10.3",
        "--create --topic compacted --partitions 3 --replication-factor 3 --config \
                 cleanup.policy=compact",
        Notes(
            "Created topic compacted.\n",
            &["--replication-factor 3 has no effect", "--config cleanup.policy=compact has no"],
        ),
    ),
    (
        "10.5",
        "--create --replication-factor 3 --topic t --bootstrap-server 127.0.0.1:9092",
        Notes("Created topic t.\n", &["--replication-factor 3 has no effect"]),
    ),
    (
        "10.7",
        "--create --replica-assignment 3:0,5:1 --partitions 2 --topic x",
        Refused("Option \"[replica-assignment]\" can't be used with option \"[partitions]\""),
    ),
    (
        "10.7a",
        "--create --replica-assignment 3:0,5:1 --replication-factor 2 --topic x",
        Refused(
            "Option \"[replica-assignment]\" can't be used with option \"[replication-factor]\"",
        ),
    ),
    (
        "10.9",
        "--create --replica-assignment 5:5 --topic x",
        Fails(2, "Partition replica lists may not contain duplicate entries: 5\n"),
    ),
    (
        "10.11",
        "--create --replica-assignment 5:4,3:2,1:0 --topic assigned",
        Notes("Created topic assigned.\n", &["--replica-assignment 5:4,3:2,1:0 has no"]),
    ),
    ("10.13", "--create --topic t --if-not-exists --partitions 9", Prints("")),
    ("10.13a", "--create --topic t", Fails(4, "Topic 't' already exists.\n")),
    (
        "10.15",
        "--create --topic x --config message.timestamp.type=boom",
        Fails(2, "Invalid value boom for configuration message.timestamp.type: String must"),
    ),
    ("10.17", "--create --topic __consumer_offsets --partitions 50", Prints(OFFSETS_MADE)),
    ("10.17a", "--list", Prints("__consumer_offsets\nassigned\ncompacted\nt\n")),
    ("10.17b", "--list --exclude-internal", Prints("assigned\ncompacted\nt\n")),
    ("10.19", "--alter --topic no --partitions 2", Fails(3, ABSENT)),
    ("10.19a", "--delete --topic no", Fails(3, ABSENT)),
    ("10.19b", "--describe --topic no", Fails(3, ABSENT)),
    ("10.19c", "--alter --topic no --partitions 2 --if-exists", Prints("")),
    ("10.19d", "--delete --topic no --if-exists", Prints("")),
    ("10.19e", "--describe --topic no --if-exists", Prints("")),
    ("10.19f", "--list --topic no", Prints("\n")),
];

/// More command lines, where the topics of the rows are.
const MORE_ROWS: &[(&str, &str, Expected)] = &[
    ("one action", "--topic t", Refused(EXACTLY)),
    ("one action", "--topic t --create --list", Refused(EXACTLY)),
    ("required", "--create", Refused(NO_TOPIC)),
    ("required", "--delete --if-exists", Refused(NO_TOPIC)),
    ("required", "--alter --partitions 2", Refused(NO_TOPIC)),
    (
        "required",
        "--describe --if-exists",
        Refused("--topic or --topic-id is required to describe a topic"),
    ),
    (
        "pairs",
        "--list --partitions 2",
        Refused("Option \"[partitions]\" can't be used with option \"[list]\""),
    ),
    (
        "pairs",
        "--list --replication-factor 2",
        Refused("Option \"[replication-factor]\" can't be used with option \"[list]\""),
    ),
    (
        "pairs",
        "--list --config a=b",
        Refused("Option \"[config]\" can't be used with option \"[list]\""),
    ),
    (
        "pairs",
        "--list --if-exists",
        Refused("Option \"[if-exists]\" can't be used with option \"[list]\""),
    ),
    (
        "pairs",
        "--list --if-not-exists",
        Refused("Option \"[if-not-exists]\" can't be used with option \"[list]\""),
    ),
    (
        "pairs",
        "--delete --topic t --exclude-internal",
        Refused("Option \"[exclude-internal]\" can't be used with option \"[delete]\""),
    ),
    (
        "pairs",
        "--describe --unavailable-partitions --at-min-isr-partitions",
        Refused(
            "Option \"[unavailable-partitions]\" can't be used with option \
                     \"[at-min-isr-partitions]\"",
        ),
    ),
    (
        "pairs",
        "--alter --topic t --config retention.ms=1 --bootstrap-server localhost:1",
        Refused("Option combination \"[bootstrap-server],[config]\" can't be used with"),
    ),
    ("joptsimple", "--nonsense", Refused("nonsense is not a recognized option")),
    (
        "joptsimple",
        "--list --topic a --topic b",
        Refused("Found multiple arguments for option topic, but you asked for only one"),
    ),
    (
        "joptsimple",
        "--create --topic a --partitions x",
        Refused("Cannot parse argument 'x' of option partitions"),
    ),
    ("no abbreviations", "--list --excl", Refused("excl is not a recognized option")),
    ("repeated flags", "--list --list -exclude-internal", Prints("assigned\ncompacted\nt\n")),
    (
        "address",
        "--list --bootstrap-server localhost",
        Fails(2, "Please provide valid host:port like host1:9091,host2:9092\n"),
    ),
    ("elsewhere", "--list --bootstrap-server far:1", Fails(1, "topic `.*` is on a Kafka")),
    ("elsewhere", "--create --topic n --zookeeper far:1/path", Fails(1, "topic `n` is on a")),
    (
        "partitions",
        "--create --topic n --partitions 0",
        Fails(2, "The partitions must be greater than 0\n"),
    ),
    (
        "partitions",
        "--create --topic n --partitions 5000",
        Fails(2, "5000 partitions; a topic has 1 to 4096\n"),
    ),
    (
        "replication factor",
        "--create --topic n --replication-factor 0",
        Fails(2, "The replication factor must be between 1 and 32767 inclusive\n"),
    ),
    (
        "replication factor",
        "--create --topic n --replication-factor 40000",
        Fails(2, "The replication factor must be between 1 and 32767 inclusive\n"),
    ),
    (
        "config",
        "--create --topic n --config a",
        Fails(
            2,
            "requirement failed: Invalid topic config: all configs to be added must be in \
                     the format \"key=val\".\n",
        ),
    ),
    (
        "config",
        "--create --topic n --config retention_ms=1",
        Fails(2, "Unknown topic config name: retention_ms\nhint: --config retention.ms=1"),
    ),
    ("file", "--list --command-config none", Fails(1, "cannot read `none` of --command-config")),
    ("still the same", "--list --topic n", Prints("\n")),
];

#[test]
fn section_10_arguments_and_outputs() {
    let world = World::new();
    check(&world, ROWS);
    check(&world, MORE_ROWS);
}

const OFFSETS_MADE: &str = "WARNING: Due to limitations in metric names, topics with a period ('.') or \
    underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n\
    Created topic __consumer_offsets.\n";

const ABSENT: &str = "Topic 'no' does not exist as expected\nhint: kafka-topics --list\n";

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
        // An empty word is no argument for clap, in its own words.
        let stderr = create(&world, name).fails(2).stderr();
        let is_said = stderr.contains("Topic name is invalid: ") && stderr.contains(rule);
        assert!(is_said || name.is_empty(), "{name}: {stderr}");
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
