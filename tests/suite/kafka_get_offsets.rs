//! `kafka-get-offsets` against Kafka's own tests: sections 13 and 14 of the conformance vectors, each
//! row by its number, and more rows of the same kind.

use std::fs;
use std::os::unix::fs::symlink;

use crate::users::{ANN, run_as, shared_store};
use crate::world::{Ran, World, program_path, run_command};

/// What a row expects.
enum Expected {
    /// Status 0 and these rows, one blank between them.
    Rows(&'static str),
    /// This status, and this behind `Error occurred: `.
    Fails(i32, &'static str),
    /// Status 2 and this, before anything is looked at.
    Refused(&'static str),
}

use Expected::{Fails, Refused, Rows};

fn run(world: &World, line: &str) -> Ran {
    world.run("kafka-get-offsets", line.split_whitespace(), "")
}

/// Topics topic1 to topic4; topic `i` has `i` partitions and `i * i` records, spread round robin.
fn world_of_kafkas_test() -> World {
    let world = World::in_memory();
    for number in 1..=4_u32 {
        let partitions = number.to_string();
        let name = format!("topic{number}");
        let words = ["--create", "--topic", &name, "--partitions", &partitions];
        drop(world.run("kafka-topics", words, "").ok());
        for partition in 0..number {
            let lines: String = (0..number).map(|line| format!("{line}\n")).collect();
            let partition = partition.to_string();
            let words = ["--topic", &name, "--partition", &partition];
            drop(world.run("console-producer", words, lines).ok());
        }
    }
    world
}

const ALL: &str = "topic1:0:1 topic2:0:2 topic2:1:2 topic3:0:3 topic3:1:3 topic3:2:3 topic4:0:4 \
                   topic4:1:4 topic4:2:4 topic4:3:4";

#[track_caller]
fn check(world: &World, rows: &[(&str, &str, Expected)]) {
    for (row, line, expected) in rows {
        let ran = run(world, line);
        match expected {
            Rows(rows) => {
                let text: String = rows.split_whitespace().map(|row| format!("{row}\n")).collect();
                assert_eq!(ran.ok().stdout(), text, "{row}: {line}");
            }
            Fails(status, message) => {
                let stderr = ran.fails(*status).stderr();
                let expected = format!("kafka-get-offsets: Error occurred: {message}");
                assert!(stderr.starts_with(&expected), "{row}: {line}: {stderr}");
                assert!(stderr.contains("\nhint: "), "{row}: {line}: {stderr}");
            }
            Refused(message) => {
                let stderr = ran.fails(2).stderr();
                assert!(stderr.starts_with(&format!("error: {message}")), "{row}: {stderr}");
            }
        }
    }
}

const NO_MATCH: &str = "Could not match any topic-partitions with the specified filters\n";

const MALFORMED: &str = "Malformed time argument invalid. Please use -1 or latest / -2 or earliest / \
    -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or \
    earliest-pending-upload, or a specified long format timestamp\n";

/// Topics with their partitions.
type Partitions = &'static [(&'static str, &'static [u32])];

/// What a row of section 13 lets through, of topics that have six partitions each.
const FILTERS: &[(&str, &str, Partitions)] = &[
    ("13.1", "test", &[("test", &[0, 1, 2, 3, 4, 5])]),
    (
        "13.3",
        "test,test1,__consumer_offsets",
        &[
            ("__consumer_offsets", &[0, 1, 2, 3, 4, 5]),
            ("test", &[0, 1, 2, 3, 4, 5]),
            ("test1", &[0, 1, 2, 3, 4, 5]),
        ],
    ),
    (
        "13.5",
        ":0",
        &[
            ("__consumer_offsets", &[0]),
            ("custom", &[0]),
            ("test", &[0]),
            ("test1", &[0]),
            ("test2", &[0]),
        ],
    ),
    (
        "13.7",
        "test.*:4-,:5-",
        &[
            ("__consumer_offsets", &[5]),
            ("custom", &[5]),
            ("test", &[4, 5]),
            ("test1", &[4, 5]),
            ("test2", &[4, 5]),
        ],
    ),
    (
        "13.9",
        "test.*:0,__consumer_offsets:1-2,.*:3",
        &[
            ("__consumer_offsets", &[1, 3]),
            ("custom", &[3]),
            ("test", &[0, 3]),
            ("test1", &[0, 3]),
            ("test2", &[0, 3]),
        ],
    ),
    ("13.11", "test:1-3", &[("test", &[1, 2])]),
    ("13.13", "test:-3", &[("test", &[0, 1, 2])]),
    ("every partition", "test:-", &[("test", &[0, 1, 2, 3, 4, 5])]),
    (
        "one of several",
        "cust.m,test2:5,test2:1",
        &[("custom", &[0, 1, 2, 3, 4, 5]), ("test2", &[1, 5])],
    ),
    ("none of a range", "test:3-3,test:5", &[("test", &[5])]),
];

#[test]
fn section_13_filters() {
    let world = World::in_memory();
    for name in ["test", "test1", "test2", "custom", "__consumer_offsets"] {
        let words = ["--create", "--topic", name, "--partitions", "6"];
        drop(world.run("kafka-topics", words, "").ok());
    }
    for (row, list, expected) in FILTERS {
        let mut text = String::new();
        for (topic, partitions) in *expected {
            for partition in *partitions {
                text.push_str(&format!("{topic}:{partition}:0\n"));
            }
        }
        let ran = run(&world, &format!("--topic-partitions {list}")).ok();
        assert_eq!(ran.stdout(), text, "{row}: {list}");
        // The same partitions by the path of their stream.
        let list: Vec<String> = list.split(',').map(|rule| format!("/kafka:{rule}")).collect();
        let ran = run(&world, &format!("--topic-partitions {}", list.join(","))).ok();
        assert_eq!(ran.stdout().replace("/kafka:", ""), text, "{row}");
        let ran = run(&world, &format!("--topic-partitions {} --exclude-internal-topics", list[0]));
        assert!(!ran.stdout().contains("__consumer_offsets"), "{row}: {}", ran.told());
    }
}

#[test]
fn offsets_are_read_where_nothing_may_be_written() {
    let Some(world) = shared_store(0o777) else { return };
    let ran = |name: &str, line: &str, typed: &str| {
        run_as(&world, ANN, &[], &format!("{} {line}", world.dir().join(name).display()), typed)
    };
    for name in ["kafka-topics", "kafka-get-offsets"] {
        symlink(program_path("streamctl"), world.dir().join(name)).unwrap();
    }
    drop(ran("kafka-topics", "--create --topic t --partitions 2", "").ok());
    let produce = "console-producer --topic t --partition 1";
    drop(run_as(&world, ANN, &[], produce, "a\nb\n").ok());
    let words = ["-R", "a-w", world.store().to_str().unwrap()];
    drop(run_command(world.command("/bin/chmod", words), "").ok());
    assert_eq!(ran("kafka-get-offsets", "", "").ok().stdout(), "t:0:0\nt:1:2\n");
    for time in ["earliest", "max-timestamp", "0"] {
        let found = ran("kafka-get-offsets", &format!("--partitions 1 --time {time}"), "");
        assert_eq!(found.ok().stdout(), "t:1:0\n", "{time}");
    }
}

#[test]
fn section_14_offsets_against_data() {
    let world = world_of_kafkas_test();
    let create = ["--create", "--topic", "__consumer_offsets", "--partitions", "4"];
    let low = "topic1:0:1 topic2:0:2 topic2:1:2 topic3:0:3 topic3:1:3 topic4:0:4 topic4:1:4";
    let zeros = "topic1:0:0 topic2:0:0 topic2:1:0 topic3:0:0";
    let four = "--topic-partitions topic1:0,topic2:-2,topic3:0";
    let at = |time: &str| -> &'static str {
        Box::leak(format!("{four} --time {time}").into_boxed_str())
    };
    check(
        &world,
        &[
            ("14.1", "", Rows(ALL)),
            ("14.1a", "--bootstrap-server localhost:9092", Rows(ALL)),
            ("14.1b", "--broker-list 127.0.0.1:9092,127.0.0.1:9093", Rows(ALL)),
            ("14.3", "--topic topic2", Rows("topic2:0:2 topic2:1:2")),
            ("14.3a", "--topic topic.* --partitions 3", Rows("topic4:3:4")),
            ("14.3b", "--topic topic1,topic2", Rows("topic1:0:1 topic2:0:2 topic2:1:2")),
            ("14.3c", "--topic-partitions topic1,topic2:1", Rows("topic1:0:1 topic2:1:2")),
            ("14.5", "--partitions 0,1", Rows(low)),
            ("14.5a", "--topic-partitions :-2", Rows(low)),
            ("14.5b", "--topic-partitions topic.*:0-2", Rows(low)),
            ("14.9", at("-2"), Rows(zeros)),
            ("14.9a", at("earliest"), Rows(zeros)),
            ("14.9b", at("-4"), Rows(zeros)),
            ("14.9c", at("earliest-local"), Rows(zeros)),
            ("14.11", at("850000000000"), Rows(zeros)),
            ("14.11a", at("0"), Rows(zeros)),
            ("14.11b", at("9999999999999"), Rows("")),
            ("14.13", at("-5"), Rows("")),
            ("14.13a", at("latest-tiered"), Rows("")),
            ("14.13b", at("-6"), Rows("")),
            ("14.13c", at("earliest-pending-upload"), Rows("")),
            ("latest", at("-1"), Rows("topic1:0:1 topic2:0:2 topic2:1:2 topic3:0:3")),
            ("latest", at("latest"), Rows("topic1:0:1 topic2:0:2 topic2:1:2 topic3:0:3")),
            ("14.15", "--topic some_nonexistent_topic:*", Fails(3, NO_MATCH)),
            ("14.15a", "--topic-partitions topic1:7", Fails(3, NO_MATCH)),
            ("14.15b", "--partitions 4", Fails(3, NO_MATCH)),
            (
                "14.17",
                "--topic-partitions topic1 --topic topic1",
                Fails(2, "--topic-partitions cannot be used with --topic or --partitions\n"),
            ),
            (
                "14.17a",
                "--topic-partitions topic1 --partitions 0",
                Fails(2, "--topic-partitions cannot be used with --topic or --partitions\n"),
            ),
            ("13.15", "--time invalid", Fails(2, MALFORMED)),
            (
                "partitions",
                "--partitions 0,a",
                Fails(
                    2,
                    "--partitions expects a comma separated list of numeric partition ids, but \
                     received: 0,a\n",
                ),
            ),
            ("rule", "--topic-partitions a:b:c", Fails(2, "Invalid rule specification: a:b:c\n")),
            ("regex", "--topic [a", Fails(2, "[a is an invalid regex.\n")),
            ("ignored", "--offsets 5 --max-wait-ms 10 --topic topic1", Rows("topic1:0:1")),
            ("one dash", "-topic topic1 -time -2", Rows("topic1:0:0")),
            ("unknown", "--nonsense", Refused("nonsense is not a recognized option")),
            ("elsewhere", "--broker-list far:9092", Fails(1, "topic `.*` is on a Kafka cluster")),
            (
                "address",
                "--bootstrap-server nowhere",
                Fails(2, "Please provide valid host:port like host1:9091,host2:9092\n"),
            ),
            ("file", "--command-config none", Fails(1, "cannot read `none` of --command-config")),
        ],
    );
    drop(world.run("kafka-topics", create, "").ok());
    let internal = "__consumer_offsets:0:0";
    check(
        &world,
        &[
            ("14.7", "--partitions 0,1 --exclude-internal-topics", Rows(low)),
            ("14.7a", "--topic-partitions .*:0-2 --exclude-internal-topics", Rows(low)),
            ("13.9", "--topic-partitions __consumer_offsets:-1,topic1", Rows(with_first(internal))),
            ("13.9a", "--topic __consumer_offsets --exclude-internal-topics", Fails(3, NO_MATCH)),
            ("unwritten", "--topic __consumer_offsets --time -3", Rows("")),
        ],
    );
    // 14.19: help is on standard output here, with status 0.
    let help = run(&world, "--help").ok().stdout();
    assert!(help.starts_with("Print offsets of partitions as Kafka's tool does\n"));
}

fn with_first(first: &str) -> &'static str {
    Box::leak(format!("{first} topic1:0:1").into_boxed_str())
}

#[test]
fn times_find_the_first_record_that_is_not_older() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s", "-ttl", "0"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/s:t"], "").ok());
    for timestamp in ["1600000001000", "1600000003000", "1600000002000", "1600000003000"] {
        let words = ["--topic", "/s:t", "--timestamp", timestamp];
        drop(world.run("console-producer", words, "x\n").ok());
    }
    check(
        &world,
        &[
            ("", "--topic /s:t --time 1600000000999", Rows("/s:t:0:0")),
            ("", "--topic /s:t --time 1600000001000", Rows("/s:t:0:0")),
            ("", "--topic /s:t --time 1600000001001", Rows("/s:t:0:1")),
            ("", "--topic /s:t --time 1600000003001", Rows("")),
            ("", "--topic /s:t --time max-timestamp", Rows("/s:t:0:1")),
            ("", "--topic /s:t --time -3", Rows("/s:t:0:1")),
            ("", "--topic /s:t", Rows("/s:t:0:4")),
        ],
    );
}

#[test]
fn topics_of_several_streams_are_chosen_by_path() {
    let world = World::new();
    for line in ["stream create /r", "stream create /s", "topic create /r:b", "topic create /r:a"] {
        drop(world.run("streamctl", line.split(' '), "").ok());
    }
    drop(world.run("streamctl", ["topic", "create", "/s:c", "-partitions", "3"], "").ok());
    drop(world.run("kafka-topics", ["--create", "--topic", "plain"], "").ok());
    check(
        &world,
        &[
            ("", "--topic /r:.* --bootstrap-server any.thing", Rows("/r:a:0:0 /r:b:0:0")),
            ("", "--topic /r:", Rows("/r:a:0:0 /r:b:0:0")),
            ("", "--topic-partitions /s:c:1-,/r:a", Rows("/r:a:0:0 /s:c:1:0 /s:c:2:0")),
            ("", "--topic-partitions /s:c:1,plain", Rows("/s:c:1:0 plain:0:0")),
            ("", "", Rows("plain:0:0")),
            ("", "--topic /no:t", Fails(3, "stream `/no` does not exist\n")),
        ],
    );
}

#[test]
fn without_any_topic_nothing_matches_and_nothing_is_made() {
    let world = World::new();
    check(&world, &[("", "", Fails(3, NO_MATCH)), ("", "--topic /s:t", Fails(3, "stream `/s`"))]);
    assert!(!world.store().exists());
    let mut command = world.command("kafka-get-offsets", ["--topic", "t"]);
    command.env("STREAMPATH_DEFAULT_STREAM", "/d");
    let ran = run_command(command, "").fails(3);
    assert!(ran.stderr().contains("Error occurred: stream `/d` does not exist"), "{}", ran.told());
}

/// What cannot be looked at is told and stepped over.
#[test]
fn a_partition_without_an_answer_is_skipped_with_a_word() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", "2"], "").ok());
    for partition in ["0", "1"] {
        let words = ["--topic", "/s:t", "--partition", partition];
        drop(world.run("console-producer", words, "x\n").ok());
    }
    let topics = fs::read_dir(world.store().join("s/topics")).unwrap();
    let topic = topics.map(|entry| entry.unwrap().path()).next().unwrap();
    for entry in fs::read_dir(topic.join("1")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|suffix| suffix == "log") {
            fs::remove_file(path).unwrap();
        }
    }
    let ran = run(&world, "--topic /s:t");
    assert_eq!(ran.stdout(), "/s:t:0:1\n", "{}", ran.told());
    let skipped =
        "kafka-get-offsets: Skip getting offsets for topic-partition /s:t-1 due to error: ";
    assert!(ran.stderr().starts_with(skipped), "{}", ran.told());
    assert_ne!(ran.code(), Some(0), "{}", ran.told());
}
