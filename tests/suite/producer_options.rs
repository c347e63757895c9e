//! Kafka's conformance rows for the producer's options, by their numbers, through the program.
//!
//! Rows that the published sample does not have are made by the same rules.

use std::fs;

use crate::producer_rows::{shown, world};
use crate::world::World;

/// What `--explain-options` says is set, each as `name=value`.
#[track_caller]
fn settings(world: &World, line: &str) -> Vec<String> {
    let line = format!("--bootstrap-server h:1 --topic t3 --quiet --explain-options {line}");
    let told = world.run("console-producer", line.split_whitespace(), "").ok().stdout();
    let (_, set) = told.split_once("Set by this command line and its files:\n").unwrap();
    set.lines().map(|line| line.split("  ").next().unwrap().to_owned()).collect()
}

/// A row: its number, options, what is then set, and one thing that is not.
const SET: &[(&str, &str, &str, &str)] = &[
    (
        "3.3",
        "--reader-property parse.key=true --reader-property key.separator=#",
        "parse.key=true,key.separator=#",
        "",
    ),
    (
        "3.4",
        "--property parse.key=true --property key.separator=#",
        "parse.key=true,key.separator=#",
        "",
    ),
    (
        "3.5",
        "--reader-config reader --reader-property key.separator=; --reader-property parse.headers=true",
        "key.separator=;,parse.key=true,parse.headers=true,topic=t3",
        "key.separator=|",
    ),
    (
        "3.6",
        "--reader-config reader --reader-property topic=x",
        "topic=x,key.separator=|",
        "topic=t3",
    ),
    ("3.9", "--producer-property client.id=producer-1", "client.id=producer-1", ""),
    ("3.10", "--command-property client.id=producer-1", "client.id=producer-1", ""),
    (
        "3.11",
        "--batch-size 123 --max-partition-memory-bytes 456",
        "batch.size=456",
        "batch.size=123",
    ),
    (
        "3.12",
        "--max-partition-memory-bytes 456 --command-property batch.size=9",
        "batch.size=456",
        "",
    ),
    ("3.14", "--batch-size 123 --command-property batch.size=9", "batch.size=123", ""),
    (
        "3.19",
        "--command-config p --command-property acks=all",
        "acks=all,batch.size=16384",
        "acks=1",
    ),
    ("3.20", "--producer.config p --request-required-acks 0", "acks=0,batch.size=16384", "acks=1"),
    ("3.21", "--command-config e", "linger.ms=7", "linger.ms=1000"),
    ("3.22", "--timeout 5 --command-config e", "linger.ms=5", ""),
    (
        "4.3",
        "--command-property my.empty.property= --command-property my.empty.property1",
        "my.empty.property=,my.empty.property1=",
        "",
    ),
    (
        "4.5",
        "--command-property first.property=first --command-property second.property=second",
        "first.property=first,second.property=second",
        "",
    ),
    ("4.7", "--command-property second.property=second=", "second.property=second=", ""),
    (
        "4.9",
        "--command-property compression.type=lz4 --compression-codec zstd",
        "compression.type=zstd",
        "",
    ),
    (
        "4.11",
        "--compression-codec= --command-property compression.type=lz4",
        "compression.type=gzip",
        "",
    ),
    (
        "4.13",
        "--command-property compression.type=lz4 --compression-codec",
        "compression.type=gzip",
        "",
    ),
    (
        "4.17",
        "--command-property compression.type=lz4 --command-property acks=1",
        "compression.type=lz4,acks=1",
        "",
    ),
];

#[test]
fn section_3_and_4_what_is_set() {
    let world = World::new();
    let write = |name: &str, text: &str| fs::write(world.dir().join(name), text).unwrap();
    write("reader", "parse.key=true\nkey.separator=|\ntopic=other\n");
    write("p", "acks=1\nbatch.size=16384\n");
    write("e", "# c\nlinger.ms : 7\nclient.id=a\\tb\\u0063\n");
    for (number, line, set, unset) in SET {
        let mut command = world.command("console-producer", [""; 0]);
        command.args("--bootstrap-server h:1 --topic t3 --quiet --explain-options".split(' '));
        command.args(line.split_whitespace());
        let told = crate::world::run_command(command, "").ok().stdout();
        let (_, told) = told.split_once("Set by this command line and its files:\n").unwrap();
        let all: Vec<&str> = told.lines().map(|line| line.split("  ").next().unwrap()).collect();
        for pair in set.split(',') {
            assert!(all.contains(&pair), "row {number}: `{pair}` is not among {all:?}");
        }
        assert!(!all.contains(unset), "row {number}: {all:?}");
    }
    let servers = settings(&world, "");
    assert!(servers.contains(&"bootstrap.servers=h:1".to_owned()), "3.7: {servers:?}");
    // Kafka sets its default of 16384 where nobody set one; here nothing is set, and the default is
    // 131072, as the help says.
    let sizes = servers.iter().any(|pair| pair.starts_with("batch.size"));
    assert!(!sizes, "3.13: {servers:?}");
    let servers = settings(&world, "--broker-list other:2");
    assert!(servers.contains(&"bootstrap.servers=h:1".to_owned()), "3.2: {servers:?}");
}

#[test]
fn section_3_and_4_what_is_refused() {
    let world = world();
    let far = "topic `t` is on a Kafka cluster at `localhost:1003,far:1004`, and clusters cannot be \
               reached yet; nothing is stored here for another machine";
    for (number, line, message) in [
        ("3.1", "--bootstrap-server localhost:1003,far:1004 --topic t", far),
        ("3.2", "--topic t --command-property bootstrap.servers=localhost:1003,far:1004", far),
        // Rows 4.19 and 4.21 are about an option that only other tools have.
        (
            "4.21",
            "--topic t --bootstrap-controller h:1",
            "bootstrap-controller is not a recognized option",
        ),
        ("3.8", "--topic t --bootstrap-server=", "Error while validating the bootstrap address"),
        (
            "3.8",
            "--topic t --bootstrap-server h",
            "Please provide valid host:port like host1:9091,host2:9092",
        ),
        (
            "3.15",
            "--topic /s:t --producer-property acks=all --command-property batch.size=16384",
            "Options --command-property and --producer-property cannot be specified together.",
        ),
        (
            "3.16",
            "--topic /s:t --producer.config a --command-config b",
            "Options --command-config and --producer.config cannot be specified together.",
        ),
        (
            "3.17",
            "--topic /s:t --property parse.key=true --reader-property parse.headers=true",
            "Options --reader-property and --property cannot be specified together.",
        ),
        ("3.18", "--producer.config a --command-config b", "Missing required argument \"[topic]\""),
        (
            "3.23",
            "--topic /s:t --line-reader x.Y",
            "--line-reader names `x.Y`; there is org.apache.kafka.tools.LineMessageReader, also as \
             kafka.tools.ConsoleProducer$LineMessageReader",
        ),
        ("3.24", "--topic /s:t --batch-size x", "Cannot parse argument 'x' of option batch-size"),
        ("3.25", "--topic /s:t --timeout 1.5", "Cannot parse argument '1.5' of option timeout"),
        (
            "3.26",
            "--topic /s:t --socket-buffer-size 2147483648",
            "Cannot parse argument '2147483648' of option socket-buffer-size",
        ),
        (
            "3.27",
            "--topic /s:t --topic /s:u",
            "Found multiple arguments for option topic, but you asked for only one",
        ),
        (
            "3.27",
            "--topic /s:t --batch-size 1 -batch-size 2",
            "Found multiple arguments for option batch-size, but you asked for only one",
        ),
        ("3.28", "--topic /s:t --nonsense", "nonsense is not a recognized option"),
        ("3.28", "--top /s:t", "top is not a recognized option"),
        ("3.29", "--topic", "Option topic requires an argument"),
        (
            "3.30",
            "--topic /s:t --request-required-acks 2",
            "Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1",
        ),
        (
            "3.31",
            "--topic /s:t --compression-codec brotli",
            "Invalid value brotli for configuration compression.type: String must be one of: none, \
             gzip, snappy, lz4, zstd",
        ),
        (
            "3.32",
            "--topic /s:t --command-property transactional.id=x",
            "transactional.id is `x`, and there are no transactions yet",
        ),
    ] {
        let ran = world.run("console-producer", line.split_whitespace(), "x\n");
        assert!(matches!(ran.code(), Some(1 | 2)), "row {number}: {}", ran.told());
        let told = ran.stderr();
        let has = told.lines().any(|line| {
            let line = line.strip_prefix("console-producer: ").or(line.strip_prefix("error: "));
            line == Some(message)
        });
        assert!(has, "row {number}: {}", ran.told());
    }
}

#[test]
fn old_names_are_taken_with_a_warning_on_the_side() {
    let world = world();
    fs::write(world.dir().join("p"), "acks=1\n").unwrap();
    let line = "--broker-list localhost:9092 --topic /s:t --property parse.key=true --producer-property \
                linger.ms=0 --producer.config p --max-partition-memory-bytes 100 --sync --sync \
                --line-reader kafka.tools.ConsoleProducer$LineMessageReader --retry-backoff-ms 5 \
                --message-send-max-retries 3 --request-timeout-ms 1500 --metadata-expiry-ms 300000 \
                --socket-buffer-size 102400 --max-memory-bytes 33554432 --max-block-ms 60000";
    let ran = world.run("console-producer", line.split_whitespace(), "k\tv\n").ends(0);
    assert_eq!(
        ran.stderr(),
        "Warning: --producer.config is deprecated and will be removed in a future version. Use \
         --command-config instead.\n\
         Warning: --producer-property is deprecated and will be removed in a future version. Use \
         --command-property instead.\n\
         Warning: --property is deprecated and will be removed in a future version. Use \
         --reader-property instead.\n\
         Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache Kafka 5.0. \
         Use --batch-size instead.\n"
    );
    assert_eq!(shown(&world, "/s:t"), "NO_HEADERS|k|v\n");
    let quiet = format!("{line} --quiet");
    drop(world.run("console-producer", quiet.split_whitespace(), "k\tv\n").ok());
}

/// `--reader-property topic=` redirects every record; a file's `topic` does not.
#[test]
fn a_reader_property_redirects() {
    let world = world();
    fs::write(world.dir().join("r"), "topic=/s:file\nkey.separator=\\t\\t\n").unwrap();
    let line = "--topic /s:t --reader-config r --reader-property parse.key=true";
    drop(world.run("console-producer", line.split_whitespace(), "a\t\tb\n").ok());
    assert_eq!(shown(&world, "/s:t"), "NO_HEADERS|a|b\n");
    let line = "--topic /s:t --reader-property topic=/s:x";
    drop(world.run("console-producer", line.split_whitespace(), "c\n").ok());
    assert_eq!(shown(&world, "/s:x"), "NO_HEADERS|∅|c\n");
    assert_eq!(shown(&world, "/s:t"), "NO_HEADERS|a|b\n");
}
