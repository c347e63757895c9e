//! What `console-consumer` prints against Kafka's own tests: sections 7 and 8 of the conformance
//! vectors through the program, deserializers, formatters, and transactions.

use std::fs;
use std::io::Write as _;
use std::process::Command;

use streampath::record::BatchHeader;

use crate::adopted::adopt;
use crate::interop::read_by_java;
use crate::world::{Ran, World, run_command};

/// The time of every record, and of everyone who reads.
const TIME: &str = "@1700000000123";
const PACKAGE: &str = "org.apache.kafka.common.serialization";

/// A topic of one partition.
struct Topic {
    world: World,
}

impl Topic {
    fn new() -> Topic {
        let world = World::new();
        drop(world.run("streamctl", ["stream", "create", "-path", "/s", "-ttl", "0"], "").ok());
        drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", "1"], "").ok());
        Topic { world }
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.world.command(program, ["--topic", "/s:t"]);
        command.args(arguments).env("STREAMPATH_NOW", TIME);
        command
    }

    /// Writes lines `h1=v1,…|key|value`; `∅` is null.
    fn with(input: &[u8]) -> Topic {
        let topic = Topic::new();
        let mut arguments = Vec::new();
        for pair in [
            "parse.key=true",
            "parse.headers=true",
            "headers.delimiter=|",
            "key.separator=|",
            "headers.key.separator==",
            "null.marker=∅",
        ] {
            arguments.extend(["--reader-property", pair]);
        }
        drop(run_command(topic.command("console-producer", &arguments), input).ok());
        topic
    }

    /// Reads with properties of the formatter.
    fn read(&self, properties: &[&str], more: &[&str]) -> Ran {
        let mut arguments = vec!["--from", "beginning", "--until", "end"];
        for property in properties {
            arguments.extend(["--formatter-property", property]);
        }
        arguments.extend(more);
        run_command(self.command("console-consumer", &arguments), "")
    }
}

/// Rows 7.1 to 7.15: properties accumulate. A delivery count, an epoch and a record without
/// timestamp cannot come to the console consumer from its own producer.
#[test]
fn section_7_columns_come_in_a_fixed_order() {
    let topic = Topic::with("h1=v1,h2=v2|key|value\n".as_bytes());
    let bare = Topic::with("∅|key|value\n".as_bytes());
    let t = "CreateTime:1700000000123";
    let rows: &[(&str, &Topic, &[&str], String)] = &[
        ("7.1", &bare, &[], "value\n".to_owned()),
        ("7.2", &bare, &["print.key=true"], "key\tvalue\n".to_owned()),
        ("7.3", &bare, &["print.partition=true"], "Partition:0\tkey\tvalue\n".to_owned()),
        ("7.4", &bare, &["print.timestamp=true"], format!("{t}\tPartition:0\tkey\tvalue\n")),
        ("7.5", &bare, &["print.offset=true"], format!("{t}\tPartition:0\tOffset:0\tkey\tvalue\n")),
        (
            "7.6",
            &bare,
            &["print.headers=true"],
            format!("{t}\tPartition:0\tOffset:0\tNO_HEADERS\tkey\tvalue\n"),
        ),
        (
            "7.7",
            &bare,
            &["print.delivery=true"],
            format!("{t}\tPartition:0\tOffset:0\tDelivery:NOT_PRESENT\tNO_HEADERS\tkey\tvalue\n"),
        ),
        (
            "7.9",
            &topic,
            &["print.epoch=true"],
            format!(
                "{t}\tPartition:0\tOffset:0\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\th1:v1,h2:v2\tkey\tvalue\n"
            ),
        ),
        (
            "7.11",
            &topic,
            &["print.value=false", "key.separator=<sep>"],
            format!(
                "{t}<sep>Partition:0<sep>Offset:0<sep>Delivery:NOT_PRESENT<sep>Epoch:NOT_PRESENT<sep>h1:v1,h2:v2<sep>key\n"
            ),
        ),
        (
            "7.13",
            &topic,
            &["print.epoch=false", "print.delivery=false"],
            format!("{t}<sep>Partition:0<sep>Offset:0<sep>h1:v1,h2:v2<sep>key\n"),
        ),
        (
            "7.15",
            &topic,
            &["line.separator=<end>", "headers.separator=|"],
            format!("{t}<sep>Partition:0<sep>Offset:0<sep>h1:v1|h2:v2<sep>key<end>"),
        ),
        (
            // Kafka's row has a class of its own; this one shows what is no letter of ASCII.
            "7.17",
            &topic,
            &[
                "headers.deserializer=org.apache.kafka.common.serialization.ByteBufferDeserializer",
                "key.deserializer=org.apache.kafka.common.serialization.BytesDeserializer",
            ],
            format!(
                "{t}<sep>Partition:0<sep>Offset:0<sep>h1:java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]|h2:java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]<sep>key<end>"
            ),
        ),
    ];
    let mut properties = Vec::new();
    for (row, topic, added, expected) in rows {
        properties.extend(*added);
        assert_eq!(topic.read(&properties, &[]).ok().stdout(), *expected, "row {row}");
    }
    let class = "org.apache.kafka.tools.consumer.NoOpMessageFormatter";
    for class in [class, "kafka.tools.NoOpMessageFormatter"] {
        let ran = topic.read(&properties, &["--formatter", class]).ok();
        assert_eq!(ran.stdout(), "", "row 7.19");
        assert_eq!(ran.stderr(), "Processed a total of 1 messages\n", "row 7.19");
    }
}

#[test]
fn section_8_row_by_row() {
    let rows: &[(&str, &str, &[&str], &str)] = &[
        ("8.1", "∅|k|∅", &[], "null\n"),
        ("8.3", "∅||", &["print.key=true"], "\t\n"),
        ("8.5", "∅|k|a\tb", &["print.key=true"], "k\ta\tb\n"),
        ("8.9", "∅|k|v", &["print.value=false"], ""),
        (
            "8.11",
            "∅|k|v",
            &["print.value=false", "print.timestamp=true"],
            "CreateTime:1700000000123\n",
        ),
        ("8.13", "=x,n=∅,e=|k|v", &["print.headers=true"], ":x,n:null,e:\tv\n"),
        ("8.17", "∅|k|v", &["print.key=true", "key.separator=", "line.separator="], "kv"),
        ("8.19", "∅|k|v", &["print.key= True "], "k\tv\n"),
        ("8.19a", "∅|k|v", &["print.key=yes"], "v\n"),
        ("8.19b", "∅|k|v", &["print.key"], "v\n"),
        ("8.19c", "∅|k|v", &["print.key=true", "print.key=false"], "v\n"),
        ("8.19d", "∅|k|v", &["no.such.property=1"], "v\n"),
        ("8.20", "∅|∅|v", &["print.key=true", "null.literal="], "\tv\n"),
        ("8.20a", "∅|k|v", &["print.key=true", "key.separator=\\t"], "k\\tv\n"),
        ("8.20b", "∅|k|v", &["line.separator==="], "v=="),
        (
            "8.23",
            "∅|k|∅",
            &[
                "value.deserializer=org.apache.kafka.common.serialization.LongDeserializer",
                "null.literal=AAAAAAAA",
            ],
            "4702111234474983745\n",
        ),
        (
            "8.24",
            "∅|AAAA|v",
            &[
                "print.key=true",
                "key.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer",
            ],
            "1094795585\tv\n",
        ),
        (
            "8.24a",
            "a=AA,b=∅|k|v",
            &[
                "print.headers=true",
                "headers.deserializer=org.apache.kafka.common.serialization.ShortDeserializer",
                "null.literal=BB",
            ],
            "a:16705,b:16962\tv\n",
        ),
        // The traps of section 2.5: header.deserializer is in Kafka's help and nowhere else.
        ("8.24b", "a=AA|k|v", &["print.headers=true", "header.deserializer=x"], "a:AA\tv\n"),
    ];
    for (row, input, properties, expected) in rows {
        let topic = Topic::with(format!("{input}\n").as_bytes());
        assert_eq!(topic.read(properties, &[]).ok().stdout(), *expected, "row {row}");
    }
}

#[test]
fn row_8_15_a_comma_in_a_header() {
    let topic = Topic::new();
    let mut arguments = Vec::new();
    for pair in ["parse.headers=true", "headers.separator=;", "headers.delimiter=|"] {
        arguments.extend(["--reader-property", pair]);
    }
    drop(run_command(topic.command("console-producer", &arguments), "a:1,2|v\n").ok());
    assert_eq!(topic.read(&["print.headers=true"], &[]).ok().stdout(), "a:1,2\tv\n", "row 8.15");
}

#[test]
fn row_8_7_the_clock_of_the_append() {
    let topic = Topic::new();
    let edit = ["topic", "edit", "/s:t", "-timestamptype", "logappendtime"];
    drop(topic.world.run("streamctl", edit, "").ok());
    drop(run_command(topic.command("console-producer", &[]), "v\n").ok());
    let printed = topic.read(&["print.timestamp=true"], &[]).ok().stdout();
    assert_eq!(printed, "LogAppendTime:1700000000123\tv\n", "row 8.7");
}

#[test]
fn row_8_21_an_unknown_class_is_named_and_bytes_are_printed() {
    let topic = Topic::with("∅|k|v\n".as_bytes());
    for (property, printed) in [
        ("value.deserializer=no.such.Class", "v\n"),
        ("value.deserializer=LongDeserializer", "v\n"),
        ("value.deserializer=", "v\n"),
    ] {
        let ran = topic.read(&[property], &[]).ends(0);
        assert_eq!(ran.stdout(), printed, "row 8.21");
        let class = property.split_once('=').unwrap().1;
        let log = format!("Unable to instantiate a deserializer from {class}");
        assert!(ran.stderr().contains(&log), "row 8.21: {}", ran.stderr());
    }
    for class in ["no.such.Formatter", "DefaultMessageFormatter", ""] {
        let ran = topic.read(&[], &["--formatter", class]).fails(2);
        assert!(ran.stderr().contains("NoOpMessageFormatter"), "{}", ran.stderr());
    }
}

#[test]
fn rows_8_25_to_8_27_the_logging_formatter() {
    let topic = Topic::with("∅|k|v\n∅|∅|∅\n".as_bytes());
    for class in [
        "kafka.tools.LoggingMessageFormatter",
        "org.apache.kafka.tools.consumer.LoggingMessageFormatter",
    ] {
        let ran = topic.read(&[], &["--formatter", class]).ends(0);
        assert_eq!(ran.stdout(), "v\nnull\n", "row 8.25");
        let log = |text: &str| {
            format!(
                "[2023-11-14 22:13:20,123] INFO {text} \
                 (org.apache.kafka.tools.consumer.LoggingMessageFormatter)\n"
            )
        };
        let expected = [
            log("CreateTime:1700000000123, key:k, value:v"),
            log("CreateTime:1700000000123, key:null value:null"),
            "Processed a total of 2 messages\n".to_owned(),
        ];
        assert_eq!(ran.stderr(), expected.concat(), "row 8.27");
    }
}

/// Bytes, class, and the text that Java prints.
#[test]
fn deserializers_print_what_java_prints() {
    let rows: &[(&str, &[u8], &str)] = &[
        ("String", b"a\xff", "a\u{fffd}"),
        ("Bytes", b"a\\\xff\x01 ~", "a\\x5C\\xFF\\x01 ~"),
        ("ByteArray", b"abc", "abc"),
        ("ByteBuffer", b"abc", "java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]"),
        ("Integer", b"\xff\xff\xff\xfe", "-2"),
        ("Long", b"\x80\0\0\0\0\0\0\0", "-9223372036854775808"),
        ("Short", b"\xff\xff", "-1"),
        ("Boolean", b"\x01", "true"),
        ("Float", b"\x50\x15\x02\xf9", "1.0E10"),
        ("Float", b"\x7f\xc0\0\0", "NaN"),
        ("Double", b"\x80\0\0\0\0\0\0\0", "-0.0"),
        ("Double", b"\x7f\xf0\0\0\0\0\0\0", "Infinity"),
        ("Double", b"\x3f\xb9\x99\x99\x99\x99\x99\x9a", "0.1"),
        ("UUID", b"123E4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
    ];
    for (kind, bytes, expected) in rows {
        let topic = Topic::new();
        let line = [bytes, &b"\n"[..]].concat();
        drop(run_command(topic.command("console-producer", &[]), line).ok());
        let class = format!("{PACKAGE}.{kind}Deserializer");
        for arguments in [
            vec!["--value-deserializer", &class],
            vec!["--formatter-property", &format!("value.deserializer={class}")],
        ] {
            let printed = topic.read(&[], &arguments).ok().stdout();
            assert_eq!(printed, format!("{expected}\n"), "{kind} of {bytes:x?}");
        }
    }
}

#[test]
fn what_cannot_be_deserialized_ends_the_run_or_is_skipped() {
    let topic = Topic::with("∅|k|AAAAAAAA\n∅|k|short\n∅|k|BBBBBBBB\n".as_bytes());
    let long = "org.apache.kafka.common.serialization.LongDeserializer";
    let text = "partition 0, offset 1: org.apache.kafka.common.errors.SerializationException: Size \
                of data received by LongDeserializer is not 8";
    let ran = topic.read(&[], &["--value-deserializer", long]).ends(1);
    assert_eq!(ran.stdout(), "4702111234474983745\n");
    let told = ran.stderr();
    assert!(told.contains(&format!("Unknown error when running consumer: {text}")), "{told}");
    assert!(told.contains("Processed a total of 2 messages\n"), "{told}");

    let ran = topic.read(&[], &["--value-deserializer", long, "--skip-message-on-error"]).ends(0);
    assert_eq!(ran.stdout(), "4702111234474983745\n4774451407313060418\n");
    let skipping = format!("Error processing message, skipping this message: {text}");
    assert!(ran.stderr().contains(&skipping), "{}", ran.stderr());
    assert!(ran.stderr().contains("Processed a total of 3 messages\n"), "skipped ones count");

    // As in Kafka's tool, the columns before the one that fails are printed.
    let skip = ["--value-deserializer", long, "--skip-message-on-error"];
    let ran = topic.read(&["print.key=true"], &skip).ends(0);
    assert_eq!(ran.stdout(), "k\t4702111234474983745\nk\tk\t4774451407313060418\n");
}

/// The record that could not be printed is the next one of the group.
#[test]
fn a_group_stays_before_what_could_not_be_deserialized() {
    let topic = Topic::with("∅|k|AAAAAAAA\n∅|k|short\n".as_bytes());
    let long = "org.apache.kafka.common.serialization.LongDeserializer";
    let group = |more: &[&str]| {
        let line = ["--group", "g", "--from-beginning", "--timeout-ms", "100"];
        let line: Vec<&str> = line.iter().chain(more).copied().collect();
        run_command(topic.command("console-consumer", &line), "")
    };
    let ran = group(&["--value-deserializer", long]).ends(1);
    assert_eq!(ran.stdout(), "4702111234474983745\n");
    assert_eq!(group(&[]).ok().stdout(), "short\n");
    assert_eq!(group(&[]).ok().stdout(), "");
}

/// What a broker's transactions left behind, read at both levels of isolation.
#[test]
fn read_committed_leaves_out_what_was_aborted() {
    let world = World::new();
    world.run("streamctl", ["stream", "create", "-path", "/kafka", "-ttl", "0"], "").ok();
    adopt(&world, "transactions", "transactions");
    let values = |captured: &str| -> Vec<u8> {
        let lines = read_by_java(captured).into_iter().map(|record| record.value.unwrap());
        lines.flat_map(|value| [&value[..], b"\n"].concat()).collect()
    };
    let read = |more: &str| {
        let line = format!("--topic /kafka:transactions --from beginning --until end {more}");
        world.run("console-consumer", line.split_whitespace(), "").ok().bytes().to_vec()
    };
    assert_eq!(read(""), values("transactions"));
    assert_eq!(read("--isolation-level read_uncommitted"), values("transactions"));
    let committed = values("transactions.committed");
    assert!(committed.len() < values("transactions").len());
    for more in [
        "--isolation-level read_committed",
        "--command-property isolation.level=read_committed",
        "--isolation-level read_committed --command-property isolation.level=read_uncommitted",
        "--isolation-level read_committed --command-property max.partition.fetch.bytes=1",
    ] {
        assert_eq!(read(more), committed, "{more}");
    }
}

/// Reading stops before a transaction that is open, and goes on once it is decided.
#[test]
fn read_committed_waits_for_what_is_open() {
    let world = World::new();
    world.run("streamctl", ["stream", "create", "-path", "/kafka", "-ttl", "0"], "").ok();
    adopt(&world, "transactions", "transactions");
    let find = "find \"$STREAMPATH_HOME\"/kafka/topics -name '*.log' -path '*transactions~*'";
    let found = run_command(world.command("/bin/sh", ["-c", find]), "").ok().stdout();
    let segment = found.trim_end();
    let whole = fs::read(segment).unwrap();
    let mut starts = vec![0];
    while let Ok(header) = BatchHeader::parse(&whole[starts[starts.len() - 1]..]) {
        starts.push(starts[starts.len() - 1] + header.total_bytes());
    }
    assert_eq!(starts.pop(), Some(whole.len()));
    // Without its last batch, which commits, the last transaction is open.
    let marker = starts.pop().unwrap();
    fs::write(segment, &whole[..marker]).unwrap();
    let line = "--topic /kafka:transactions --isolation-level read_committed --from beginning";
    let line: Vec<&str> = line.split(' ').collect();
    let bounded = line.iter().chain(&["--until", "end"]);
    let decided = world.run("console-consumer", bounded, "").ok().stdout();
    let all: Vec<String> = read_by_java("transactions.committed")
        .into_iter()
        .map(|record| String::from_utf8(record.value.unwrap()).unwrap())
        .collect();
    let lines: Vec<&str> = decided.lines().collect();
    assert!(!lines.is_empty() && lines.len() < all.len(), "{lines:?}");
    assert_eq!(lines, all[..lines.len()]);

    let consumer = world.start("console-consumer", line);
    consumer.wait_for_lines(lines.len());
    let mut file = fs::OpenOptions::new().append(true).open(segment).unwrap();
    file.write_all(&whole[marker..]).unwrap();
    consumer.wait_for_lines(all.len());
    assert_eq!(consumer.stdout_so_far().lines().collect::<Vec<_>>(), all);
    drop(consumer.kill());
}
