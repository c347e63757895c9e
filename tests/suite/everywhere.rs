//! Every command in stores of every kind: empty, large, not writable, and closed to who asks.
//!
//! One table says how each command ends in each of them, and what it has to say there.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::time::Instant;

use streampath::catalog::{Change, MetaRecord, ObjectId, Operation, TopicObject};
use streampath::fs::{Disk as _, RealDisk};
use streampath::log::{AppendTime, LogOptions, PartitionLog};
use streampath::path::TopicName;
use streampath::record::{BatchEncoder, Compression, NewRecord};

use crate::permissions::stream_with;
use crate::users::{ANN, run_as, shared_store};
use crate::world::{Ran, World, run_command};

/// A time like any other.
const NOW_MS: i64 = 1_700_000_000_000;

/// How a command ends, and a part of what it then says on stderr (or on stdout, if it is done).
type Ending = (i32, &'static str);

/// A command and its endings.
struct Row {
    line: &'static str,
    /// Where there is no store yet.
    empty: Ending,
    /// Where stream `/s` has 10,000 topics.
    large: Ending,
    /// Where stream `/s` has topic `t` and the user may write nothing.
    read_only: Ending,
    /// Where stream `/s` has topic `t` and the user has none of its permissions.
    denied: Ending,
}

const NO_STREAM: &str = "stream `/s` does not exist";

/// The commands that look, then those that change, the one that removes all at the end.
const ROWS: &[Row] = &[
    Row {
        line: "stream list",
        empty: (0, ""),
        large: (0, "\n/s    10000      0"),
        read_only: (0, "\n/s    1 "),
        denied: (0, "\n/s    1 "),
    },
    Row {
        line: "stream info /s -columns numtopics,path",
        empty: (3, NO_STREAM),
        large: (0, "10000      /s\n"),
        read_only: (0, "1          /s\n"),
        denied: (5, "may not see the stream's attributes"),
    },
    Row {
        line: "topic list /s",
        empty: (3, NO_STREAM),
        large: (0, "  t-9999  "),
        read_only: (0, "  t      "),
        denied: (5, "may not list topics"),
    },
    Row {
        line: "topic info /s:t",
        empty: (3, NO_STREAM),
        large: (0, "localhost:5660"),
        read_only: (0, "localhost:5660"),
        denied: (5, "may not"),
    },
    Row {
        line: "cursor list /s",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (0, ""),
        denied: (5, "may not"),
    },
    Row {
        line: "assign list /s",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (0, ""),
        denied: (5, "may not"),
    },
    Row {
        line: "errors 17",
        empty: (0, "EEXIST"),
        large: (0, "EEXIST"),
        read_only: (0, "EEXIST"),
        denied: (0, "EEXIST"),
    },
    Row {
        line: "store info -columns streams,topics",
        empty: (0, "0        0\n"),
        large: (0, "1        10000\n"),
        read_only: (0, "1        1\n"),
        denied: (0, "1        1\n"),
    },
    Row {
        line: "store check",
        empty: (0, ""),
        large: (0, ""),
        read_only: (0, ""),
        denied: (0, ""),
    },
    Row {
        line: "stream edit /s --dry-run -ttl 5",
        empty: (3, NO_STREAM),
        large: (0, "edit stream"),
        read_only: (0, "edit stream"),
        denied: (5, "may not"),
    },
    Row {
        line: "stream delete /s --dry-run",
        empty: (3, NO_STREAM),
        large: (0, "/s:t-9999\n"),
        read_only: (5, "cannot be deleted"),
        denied: (0, "delete stream  -          -      /s\n"),
    },
    Row {
        line: "stream purge /s --dry-run",
        empty: (3, NO_STREAM),
        large: (0, "purge stream"),
        read_only: (0, "purge stream"),
        denied: (5, "may not purge the stream"),
    },
    Row {
        line: "topic create /s:new --dry-run",
        empty: (3, NO_STREAM),
        large: (0, "create topic"),
        read_only: (0, "create topic"),
        denied: (5, "may not create topics"),
    },
    Row {
        line: "topic edit /s:t -partitions 2 --dry-run",
        empty: (3, NO_STREAM),
        large: (0, "edit topic"),
        read_only: (0, "edit topic"),
        denied: (5, "may not edit topics"),
    },
    Row {
        line: "topic delete /s:t --dry-run",
        empty: (3, NO_STREAM),
        large: (0, "delete topic"),
        read_only: (0, "delete topic"),
        denied: (5, "may not delete topics"),
    },
    Row {
        line: "topic create /s:new",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (5, "may not create topics"),
    },
    Row {
        line: "topic edit /s:t -partitions 2",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (5, "may not edit topics"),
    },
    Row {
        line: "topic delete /s:t",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (5, "may not delete topics"),
    },
    Row {
        line: "stream edit /s -ttl 5",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (5, "may not edit the stream"),
    },
    Row {
        line: "stream purge /s",
        empty: (3, NO_STREAM),
        large: (0, ""),
        // Nothing has expired, so nothing is written.
        read_only: (0, ""),
        denied: (5, "may not purge the stream"),
    },
    Row {
        line: "cursor delete /s",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (5, "may not delete cursors"),
    },
    Row {
        line: "stream create /new",
        empty: (0, ""),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (0, ""),
    },
    Row {
        line: "stream delete /s",
        empty: (3, NO_STREAM),
        large: (0, ""),
        read_only: (5, "cannot"),
        denied: (0, ""),
    },
];

/// Runs every row with `run` and gathers what did not end as it should.
#[track_caller]
fn check(ending: impl Fn(&Row) -> Ending, run: impl Fn(&str) -> Ran) {
    let mut faults = Vec::new();
    for row in ROWS {
        let (code, part) = ending(row);
        let ran = run(row.line);
        let said = if code == 0 { ran.stdout() } else { ran.stderr() };
        let begins = code == 0 || said.starts_with("streamctl: ");
        let panicked = ran.stderr().contains("a bug in this program");
        if ran.code() != Some(code) || !said.contains(part) || !begins || panicked {
            faults.push(format!("{code} with `{}` expected: {}", part.escape_debug(), ran.told()));
        }
        // In JSON it ends alike, and what is printed is JSON; a second time only where it may be.
        if code != 0 {
            let ran = run(&format!("{} -json", row.line));
            let value: Result<serde_json::Value, _> = serde_json::from_str(&ran.stdout());
            if ran.code() != Some(code) || value.is_err() || !ran.stderr().is_empty() {
                faults.push(format!("{code} and JSON expected: {}", ran.told()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn plain(world: &World) -> impl Fn(&str) -> Ran {
    move |line| world.run("streamctl", line.split_whitespace(), "")
}

#[test]
fn in_an_empty_store() {
    let world = World::new();
    check(|row| row.empty, plain(&world));
}

#[test]
fn without_a_permission() {
    let world = stream_with(&[]);
    check(|row| row.denied, plain(&world));
}

#[test]
fn in_a_store_that_may_not_be_written() {
    let Some(world) = shared_store(0o777) else { return };
    let ann = |line: &str| run_as(&world, ANN, &[], &format!("streamctl {line}"), "");
    drop(ann("stream create /s").ok());
    drop(ann("topic create /s:t").ok());
    let words = ["-R", "a-w", world.store().to_str().unwrap()];
    drop(run_command(world.command("/bin/chmod", words), "").ok());
    check(|row| row.read_only, ann);
}

/// Makes `/s` with `topics` topics, one of them `t`.
///
/// The changes are written as the store writes them, but all at once: one after another each would
/// look at all topics before it.
fn fill(world: &World, topics: u32) {
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    let root = world.store().join("s");
    let mut batches = Vec::new();
    for number in 0..topics {
        let name = if number == 0 { "t".to_owned() } else { format!("t-{number}") };
        let mut id = [7; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let topic = TopicObject {
            id: ObjectId::from_bytes(id),
            name: TopicName::parse(&name).unwrap(),
            partitions: 1,
            timestamp_type: None,
            created_ms: NOW_MS,
        };
        let folder = root.join(format!("topics/{name}~{}", topic.id.short()));
        fs::DirBuilder::new().mode(0o700).create(folder).unwrap();
        let record = MetaRecord::Operation(Operation {
            operation_id: ObjectId::random(),
            time_ms: NOW_MS,
            user: "a test".to_owned(),
            command: "a test".to_owned(),
            change: Change::Topic { before: None, after: Some(topic) },
        });
        let mut encoder = BatchEncoder::new(Vec::new());
        let value = record.to_json();
        let headers = &[];
        encoder.push(&NewRecord { timestamp: NOW_MS, key: None, value: Some(&value), headers });
        batches.push(encoder.finish(Compression::None));
    }
    let meta = RealDisk.open_root(&root.join("meta/0")).unwrap();
    let options = LogOptions { segment_bytes: u64::MAX, ..LogOptions::default() };
    let log = PartitionLog::new(meta, Vec::new(), RealDisk.boot_id(), options);
    log.appender().unwrap().append(&mut batches, 1, AppendTime::Create).unwrap();
}

#[test]
fn with_ten_thousand_topics() {
    let world = World::in_memory();
    let begun = Instant::now();
    fill(&world, 10_000);
    println!("filled in {} ms", begun.elapsed().as_millis());
    let run = |line: &str| {
        let begun = Instant::now();
        let ran = plain(&world)(line);
        println!("{line}: {} ms", begun.elapsed().as_millis());
        ran
    };
    check(|row| row.large, run);
}
