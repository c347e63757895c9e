//! The rows of section 10 of the conformance vectors, and more of the same kind, for one world.

/// What a row expects, on standard output or error.
pub(super) enum Expected {
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

const OFFSETS_MADE: &str = "WARNING: Due to limitations in metric names, topics with a period ('.') or \
    underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n\
    Created topic __consumer_offsets.\n";

const ABSENT: &str = "Topic 'no' does not exist as expected\nhint: kafka-topics --list\n";

const NO_TOPIC: &str = "Missing required argument \"[topic]\"";

const NO_PARTITIONS: &str = "Missing required argument \"[partitions]\"";

const EXACTLY: &str = "Command must include exactly one action: --list, --describe, --create, --alter or \
    --delete";

/// The rows of section 10, in their order.
pub(super) const ROWS: &[(&str, &str, Expected)] = &[
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
pub(super) const MORE_ROWS: &[(&str, &str, Expected)] = &[
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
