//! What real Apache Kafka wrote, read by us (`tests/data/kafka-4.1`, made by `tests/interop`).

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use streampath::record::{Batch, BatchHeader, Compression, Scratch, TimestampType};

/// One record, by whoever read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) offset: i64,
    pub(crate) timestamp: i64,
    pub(crate) timestamp_type: &'static str,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// One batch of a captured segment with its records.
struct Captured {
    header: BatchHeader,
    records: Vec<Read>,
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kafka-4.1")
}

/// Returns a captured topic's segments in offset order.
pub(crate) fn segments(topic: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(data())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "log"))
        .filter(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let rest = name.strip_prefix(topic);
            rest.is_some_and(|rest| rest.is_empty() || rest.trim_start_matches('-').len() == 20)
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no captured segment of `{topic}`");
    found
}

/// Reads a captured topic the way a consumer would: every batch checked, every record decoded.
fn read_by_us(topic: &str) -> Vec<Captured> {
    let mut batches = Vec::new();
    let mut scratch = Scratch::default();
    for segment in segments(topic) {
        let bytes = fs::read(&segment).unwrap();
        let mut position = 0;
        while position < bytes.len() {
            let at = format!("`{}` at byte {position}", segment.display());
            let batch = Batch::parse(&bytes[position..]).unwrap_or_else(|e| panic!("{at}: {e}"));
            let header = *batch.header();
            let records = batch.records(&mut scratch).unwrap_or_else(|e| panic!("{at}: {e}"));
            let timestamp_type = match header.timestamp_type() {
                TimestampType::CreateTime => "CreateTime",
                TimestampType::LogAppendTime => "LogAppendTime",
            };
            let records = records.map(|record| {
                let record = record.unwrap_or_else(|e| panic!("{at}: {e}"));
                let header = |(key, value): (&[u8], Option<&[u8]>)| {
                    (key.to_vec(), value.map(<[u8]>::to_vec))
                };
                Read {
                    offset: record.offset,
                    timestamp: record.timestamp,
                    timestamp_type,
                    key: record.key.map(<[u8]>::to_vec),
                    value: record.value.map(<[u8]>::to_vec),
                    headers: record.headers.iter().map(header).collect(),
                }
            });
            let records: Vec<Read> = records.collect();
            assert_eq!(records.len(), header.records_count as usize, "{at}");
            position += header.total_bytes();
            batches.push(Captured { header, records });
        }
        assert_eq!(position, bytes.len(), "{}", segment.display());
    }
    batches
}

/// Returns the records that a consumer delivers: those of control batches it keeps to itself.
fn delivered(batches: &[Captured]) -> Vec<Read> {
    let data = batches.iter().filter(|batch| !batch.header.is_control());
    data.flat_map(|batch| batch.records.clone()).collect()
}

/// Returns what Java's consumer wrote down about a topic.
pub(crate) fn read_by_java(name: &str) -> Vec<Read> {
    let text = fs::read_to_string(data().join(format!("{name}.json"))).unwrap();
    text.lines().map(java_record).collect()
}

/// Reads one JSON line of `Capture.java`.
pub(crate) fn java_record(line: &str) -> Read {
    let record: Value = serde_json::from_str(line).unwrap();
    assert_eq!(record["partition"], 0);
    let header = |pair: &Value| (bytes(&pair[0]).unwrap(), bytes(&pair[1]));
    Read {
        offset: record["offset"].as_i64().unwrap(),
        timestamp: record["timestamp"].as_i64().unwrap(),
        timestamp_type: match record["timestampType"].as_str().unwrap() {
            "CreateTime" => "CreateTime",
            "LogAppendTime" => "LogAppendTime",
            other => panic!("no such timestamp type: {other}"),
        },
        key: bytes(&record["key"]),
        value: bytes(&record["value"]),
        headers: record["headers"].as_array().unwrap().iter().map(header).collect(),
    }
}

/// Decodes base64; null stays null.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    let text = value.as_str()?;
    let mut decoded = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("no base64: {other}"),
        };
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(decoded)
}

/// Demands that we read exactly what Java's consumer read, and returns the batches.
#[track_caller]
fn same_as_java(topic: &str, at_least: usize) -> Vec<Captured> {
    let batches = read_by_us(topic);
    let (ours, java) = (delivered(&batches), read_by_java(topic));
    assert!(java.len() >= at_least, "only {} records captured of `{topic}`", java.len());
    for (our, theirs) in ours.iter().zip(&java) {
        assert_eq!(our, theirs, "`{topic}`, offset {}", theirs.offset);
    }
    assert_eq!(ours.len(), java.len(), "`{topic}`");
    batches
}

#[test]
fn every_codec_of_a_real_broker_is_read_record_for_record() {
    let codecs = [
        ("none", Compression::None),
        ("gzip", Compression::Gzip),
        ("snappy", Compression::Snappy),
        ("lz4", Compression::Lz4),
        ("zstd", Compression::Zstd),
    ];
    for (topic, codec) in codecs {
        let batches = same_as_java(topic, 74);
        assert!(batches.len() >= 5, "`{topic}` has only {} batches", batches.len());
        for batch in &batches {
            assert_eq!(batch.header.compression(), codec, "`{topic}`");
        }
        let records = delivered(&batches);
        let any = |what: &str, found: fn(&Read) -> bool| {
            assert!(records.iter().any(found), "`{topic}` was to hold {what}");
        };
        any("a null key", |record| record.key.is_none());
        any("an empty key", |record| record.key.as_deref() == Some(b""));
        any("a tombstone", |record| record.key.is_some() && record.value.is_none());
        any("an empty value", |record| record.value.as_deref() == Some(b""));
        any("several headers", |record| record.headers.len() > 2);
        any("a null header", |record| record.headers.iter().any(|(_, value)| value.is_none()));
        any("a nameless header", |record| record.headers.iter().any(|(key, _)| key.is_empty()));
        if codec != Compression::None {
            any("a value of several blocks", |r| {
                r.value.as_ref().is_some_and(|v| v.len() > 65_536)
            });
        }
    }
}

#[test]
fn append_time_is_the_time_of_every_record_of_the_batch() {
    let batches = same_as_java("append-time", 10);
    let mut codecs: Vec<Compression> = Vec::new();
    for batch in &batches {
        assert_eq!(batch.header.timestamp_type(), TimestampType::LogAppendTime);
        for record in &batch.records {
            assert_eq!(record.timestamp, batch.header.max_timestamp);
        }
        codecs.push(batch.header.compression());
    }
    assert_eq!(codecs, [Compression::None, Compression::Lz4]);
}

#[test]
fn a_producer_with_an_identity_numbers_its_batches() {
    let batches = same_as_java("idempotent", 12);
    let sequences: Vec<i32> = batches.iter().map(|batch| batch.header.base_sequence).collect();
    assert_eq!(sequences, [0, 4, 8]);
    for batch in &batches {
        assert!(batch.header.producer_id >= 0 && batch.header.producer_epoch >= 0);
        assert_eq!(batch.header.last_sequence(), batch.header.base_sequence + 3);
        assert!(!batch.header.is_transactional());
    }
}

#[test]
fn transactions_and_their_markers_are_told_apart() {
    let batches = same_as_java("transactions", 9);
    let mut committed = Vec::new();
    let mut open = Vec::new();
    let mut ends = Vec::new();
    for batch in &batches {
        assert!(batch.header.is_transactional());
        if batch.header.is_control() {
            // A marker's key: version 0, then 0 for abort or 1 for commit.
            let [record] = &batch.records[..] else { panic!("a marker stands alone") };
            assert_eq!(batch.header.base_sequence, -1);
            match record.key.as_deref() {
                Some([0, 0, 0, 0]) => open.clear(),
                Some([0, 0, 0, 1]) => committed.append(&mut open),
                other => panic!("no marker that ends a transaction: {other:?}"),
            }
            ends.push(record.key.clone().unwrap()[3]);
        } else {
            open.extend(batch.records.clone());
        }
    }
    assert_eq!(ends, [1, 0, 1], "committed, aborted, committed");
    assert_eq!(committed, read_by_java("transactions.committed"));
}

#[test]
fn a_log_of_several_segments_goes_on_where_the_one_before_ended() {
    let batches = same_as_java("rolled", 12);
    assert_eq!(segments("rolled").len(), 3);
    let mut next = 0;
    for batch in &batches {
        assert_eq!(batch.header.base_offset, next);
        next = batch.header.next_offset();
    }
}

#[test]
fn a_compacted_log_has_gaps_a_delete_horizon_and_nothing_lost() {
    let batches = same_as_java("compacted", 11);
    let offsets: Vec<i64> = delivered(&batches).iter().map(|record| record.offset).collect();
    assert!(offsets[0] > 0, "the first records were overwritten: {offsets:?}");
    assert!(offsets.is_sorted(), "{offsets:?}");
    let horizons = batches.iter().filter_map(|batch| batch.header.delete_horizon());
    let horizons: Vec<i64> = horizons.collect();
    let [horizon] = horizons[..] else { panic!("one batch holds a tombstone: {horizons:?}") };
    assert!(horizon > 1_700_000_000_000, "{horizon}");
}
