//! What our encoder wrote, read by Apache Kafka's own classes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use streampath::record::{BatchEncoder, Compression, NewRecord};

use crate::interop::{Read, java_record, read_by_java};
use crate::world::{World, run_command, skip};

fn script(name: &str) -> String {
    format!("{}/tests/interop/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Returns the folder of Kafka's jars, fetched before (`.ci/run` does); a test never fetches.
fn jars() -> Option<String> {
    let listed = Command::new("bash").args([&script("kafka-jars.sh"), "--cached"]).output().ok()?;
    let java = Command::new("javac").arg("-version").output();
    if !listed.status.success() || !java.is_ok_and(|ran| ran.status.success()) {
        skip("no Kafka here: needs Java 17 and `bash tests/interop/kafka-jars.sh`");
        return None;
    }
    Some(String::from_utf8(listed.stdout).unwrap().trim().to_owned())
}

/// Encodes `records` as a segment: some batches of a few records, then one of all the rest.
fn encode(records: &[Read], codec: Compression, append_time: Option<i64>) -> Vec<u8> {
    let mut segment = Vec::new();
    let mut encoder = BatchEncoder::new(Vec::new());
    let mut rest = records;
    for size in [1, 7, 4, usize::MAX] {
        let (batch, later) = rest.split_at(size.min(rest.len()));
        rest = later;
        let Some(first) = batch.first() else { break };
        for record in batch {
            let headers: Vec<(&[u8], Option<&[u8]>)> =
                record.headers.iter().map(|(key, value)| (&key[..], value.as_deref())).collect();
            encoder.push(&NewRecord {
                timestamp: record.timestamp,
                key: record.key.as_deref(),
                value: record.value.as_deref(),
                headers: &headers,
            });
        }
        let mut encoded = encoder.finish(codec);
        if let Some(timestamp) = append_time {
            encoded.stamp_append_time(timestamp);
        }
        encoded.stamp(first.offset, 3);
        segment.extend_from_slice(encoded.bytes());
        encoder.reuse(encoded.into_buffer());
    }
    segment
}

/// Returns every kind of record there is, and thousands more of one kind: several blocks of any
/// codec's framing in one batch.
fn records() -> Vec<Read> {
    let mut records = read_by_java("zstd");
    let next = records.last().unwrap().offset + 1;
    records.extend((0..5000).map(|number| Read {
        offset: next + number,
        timestamp: 1_700_000_000_000 + number * number % 977,
        timestamp_type: "CreateTime",
        key: (number % 3 > 0).then(|| format!("key {}", number % 50).into_bytes()),
        value: Some(format!("{{\"number\":{number},\"square\":{}}}", number * number).into_bytes()),
        headers: Vec::new(),
    }));
    records
}

/// Returns what Kafka's own classes read from `segments`, one after another.
#[track_caller]
fn read_by_kafka(world: &World, jars: &str, segments: &[PathBuf]) -> Vec<Read> {
    let classes = format!("{jars}/*");
    let mut java = world.command("/usr/bin/env", ["java", "-Xmx512m", "-cp", &classes]);
    java.env("PATH", env::var_os("PATH").unwrap());
    java.arg(script("Capture.java")).arg("read").args(segments);
    let ran = run_command(java, "").ok();
    ran.stdout().lines().map(java_record).collect()
}

#[test]
fn kafka_reads_what_we_encode_record_for_record() {
    let Some(jars) = jars() else { return };
    let world = World::new();
    let records = records();
    let append_time = 1_800_000_000_123;
    let stamped = records.iter().cloned().map(|record| Read {
        timestamp: append_time,
        timestamp_type: "LogAppendTime",
        ..record
    });
    let stamped: Vec<Read> = stamped.collect();

    let mut segments = Vec::new();
    let mut expected = Vec::new();
    for codec in Compression::ALL {
        for (stamp, read) in [(None, &records), (Some(append_time), &stamped)] {
            let folder = world.dir().join(segments.len().to_string());
            fs::create_dir(&folder).unwrap();
            let segment = folder.join("00000000000000000000.log");
            fs::write(&segment, encode(&records, codec, stamp)).unwrap();
            segments.push(segment);
            expected.extend_from_slice(read);
        }
    }
    let read = read_by_kafka(&world, &jars, &segments);
    for (number, (theirs, ours)) in read.iter().zip(&expected).enumerate() {
        let segment = segments[number / records.len()].display();
        assert_eq!(theirs, ours, "{segment}");
    }
    assert_eq!(read.len(), expected.len());

    let cache = Path::new(&jars).parent().unwrap().parent().unwrap();
    let mut dump = world.command("/bin/bash", [script("dump-log.sh")]);
    dump.env("PATH", env::var_os("PATH").unwrap());
    dump.arg(world.dir()).env("XDG_CACHE_HOME", cache);
    let ran = run_command(dump, "").ok();
    for codec in Compression::ALL {
        assert!(ran.stdout().contains(&format!(" {codec}:8")), "{}", ran.told());
    }
}
