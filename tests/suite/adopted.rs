//! Segments from a real Kafka broker put in a store's place, and used through the programs.

use std::fs;
use std::path::PathBuf;

use crate::interop::{Read, read_by_java, segments};
use crate::world::World;

/// What stands between columns, records and headers, and for null: in none of the captured bytes.
const COLUMN: &str = "<|column|>";
const RECORD: &str = "<|record|>";
const HEADER: &str = "<|header|>";
const NULL: &str = "<|null|>";

/// Returns what Kafka's console consumer prints for `records` with every column it has.
fn printed(records: &[Read]) -> Vec<u8> {
    let null = |bytes: &Option<Vec<u8>>| bytes.clone().unwrap_or_else(|| NULL.into());
    let mut out = Vec::new();
    for record in records {
        let front = format!("{}:{}{COLUMN}", record.timestamp_type, record.timestamp);
        out.extend(front.bytes());
        out.extend(format!("Partition:0{COLUMN}Offset:{}{COLUMN}", record.offset).bytes());
        let headers: Vec<Vec<u8>> = record
            .headers
            .iter()
            .map(|(name, value)| [&name[..], b":", &null(value)].concat())
            .collect();
        if headers.is_empty() {
            out.extend(b"NO_HEADERS");
        }
        out.extend(headers.join(HEADER.as_bytes()));
        out.extend(COLUMN.bytes().chain(null(&record.key)));
        out.extend(COLUMN.bytes().chain(null(&record.value)));
        out.extend(RECORD.bytes());
    }
    out
}

/// Makes topic `topic` of one partition, and lays the captured segments of `captured` in its place.
pub(crate) fn adopt(world: &World, topic: &str, captured: &str) {
    let create = ["stream", "topic", "create", "-path", "/kafka", "-topic", topic];
    world.run("streamctl", create.iter().chain(&["-partitions", "1"]), "").ok();
    let target = format!("/kafka:{topic}");
    world.run("console-producer", ["--topic", &target], "makes the partition\n").ok();

    let prefix = format!("{topic}~");
    let topics = fs::read_dir(world.store().join("kafka/topics")).unwrap();
    let mut folders = topics.map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix);
    let partition = folders.find(named).unwrap().join("0");
    fs::remove_file(partition.join("00000000000000000000.log")).unwrap();
    for segment in segments(captured) {
        let name = segment.file_name().unwrap().to_str().unwrap();
        let base = name.trim_start_matches(captured).trim_start_matches('-');
        let base = if base == ".log" { "00000000000000000000.log" } else { base };
        fs::copy(&segment, partition.join(base)).unwrap();
    }
}

#[track_caller]
fn consume(world: &World, topic: &str) -> Vec<u8> {
    let mut args = vec!["--topic".to_owned(), format!("/kafka:{topic}")];
    args.extend(["--from", "beginning", "--until", "end"].map(str::to_owned));
    let mut set = |name: &str, value: &str| {
        args.extend(["--formatter-property".to_owned(), format!("{name}={value}")]);
    };
    for column in ["timestamp", "partition", "offset", "headers", "key"] {
        set(&format!("print.{column}"), "true");
    }
    set("key.separator", COLUMN);
    set("line.separator", RECORD);
    set("headers.separator", HEADER);
    set("null.literal", NULL);
    world.run("console-consumer", args, "").ok().bytes().to_vec()
}

/// What a broker wrote is a topic like any other: read record for record, checked, and written on.
///
/// Method: in an idle store, the one segment of a topic is replaced by captured ones. (Their records
/// are years old: the stream keeps everything.)
#[test]
fn a_brokers_segments_are_read_checked_and_continued() {
    let world = World::new();
    world.run("streamctl", ["stream", "create", "-path", "/kafka", "-ttl", "0"], "").ok();
    let captured = [
        "none",
        "gzip",
        "snappy",
        "lz4",
        "zstd",
        "append-time",
        "idempotent",
        "transactions",
        "rolled",
    ];
    for topic in captured {
        adopt(&world, topic, topic);
        let expected = printed(&read_by_java(topic));
        let read = consume(&world, topic);
        assert!(
            read == expected,
            "`{topic}`: {} bytes printed, {} expected:\n{}",
            read.len(),
            expected.len(),
            String::from_utf8_lossy(&read[..read.len().min(3000)])
        );
        let target = format!("/kafka:{topic}");
        world.run("console-producer", ["--topic", &target], "written on\n").ok();
        let longer = consume(&world, topic);
        assert!(longer.starts_with(&expected), "`{topic}` changed by an append");
        let ending = format!("{COLUMN}written on{RECORD}");
        assert!(longer.ends_with(ending.as_bytes()), "`{topic}` was not continued");
    }
    world.run("streamctl", ["store", "check"], "").ends(0);
}
