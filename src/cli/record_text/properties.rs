//! What holds for every record and every line.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::Index;

use super::read::Header;
use super::{JsonReader, TextRecord, json_string, write_json};
use crate::record::TimestampType;

type Bytes = Vec<u8>;

/// Texts with much to escape, and bytes that are not text.
fn bytes() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        "[\"\\\\a-z{}:, \u{0}-\u{1f}\u{7f}-\u{a0}é€😀]{0,60}".prop_map(String::into_bytes),
        any::<String>().prop_map(String::into_bytes),
        vec(any::<u8>(), 0..60),
        Just(b"{\"a\":\"b\"}".repeat(200)),
    ]
}

/// A record with parts of its own.
#[derive(Clone, Debug)]
struct Owned {
    topic: String,
    partition: u32,
    offset: i64,
    timestamp: i64,
    is_appended: bool,
    key: Option<Bytes>,
    value: Option<Bytes>,
    headers: Vec<(Bytes, Option<Bytes>)>,
}

prop_compose! {
    fn record()(
        topic in any::<String>(),
        partition in 0..=i32::MAX as u32,
        (offset, timestamp) in (any::<i64>(), prop_oneof![Just(-1), any::<i64>()]),
        is_appended in any::<bool>(),
        key in of(bytes()),
        value in of(bytes()),
        headers in vec((bytes(), of(bytes())), 0..4),
    ) -> Owned {
        Owned { topic, partition, offset, timestamp, is_appended, key, value, headers }
    }
}

fn written(record: &Owned) -> Vec<u8> {
    let headers = record.headers.iter().map(|(key, value)| (&**key, value.as_deref()));
    let record_shown = TextRecord {
        partition: record.partition,
        offset: record.offset,
        timestamp: record.timestamp,
        timestamp_type: match record.is_appended {
            true => TimestampType::LogAppendTime,
            false => TimestampType::CreateTime,
        },
        key: record.key.as_deref(),
        value: record.value.as_deref(),
        headers,
    };
    let mut out = Vec::new();
    write_json(record_shown, &json_string(&record.topic), &mut out);
    out
}

proptest! {
    #[test]
    fn a_record_comes_back_as_it_was(records in vec(record(), 1..5)) {
        let mut reader = JsonReader::default();
        for record in &records {
            let line = written(record);
            let read = reader.read(&line).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(read.topic, Some(&*record.topic));
            prop_assert_eq!(read.partition, Some(record.partition));
            prop_assert_eq!(read.timestamp, Some(record.timestamp));
            prop_assert_eq!(read.key, record.key.as_deref());
            prop_assert_eq!(read.value, record.value.as_deref());
            let headers: Vec<Header<'_>> = read.headers.iter().collect();
            let expected: Vec<Header<'_>> =
                record.headers.iter().map(|(key, value)| (&**key, value.as_deref())).collect();
            prop_assert_eq!(headers, expected);
        }
    }

    /// A line is one line, is what any other reader of JSON takes it for, and steers no terminal.
    #[test]
    fn a_line_is_json_to_others(record in record()) {
        let line = written(&record);
        prop_assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1));
        let text = std::str::from_utf8(&line[..line.len() - 1]).unwrap();
        prop_assert!(!text.chars().any(char::is_control));
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        prop_assert_eq!(&json["topic"], &serde_json::Value::from(&*record.topic));
        prop_assert_eq!(&json["offset"], &serde_json::Value::from(record.offset));
        match record.value.map(String::from_utf8) {
            None => prop_assert!(json["value"].is_null()),
            Some(Ok(value)) => prop_assert_eq!(&json["value"], &serde_json::Value::from(value)),
            Some(Err(_)) => prop_assert!(json["value"]["base64"].is_string()),
        }
    }

    #[test]
    fn no_bytes_are_too_much(line in vec(any::<u8>(), 0..80)) {
        if let Err(error) = JsonReader::default().read(&line) {
            prop_assert!(!error.to_string().chars().any(char::is_control));
        }
    }

    /// Whatever is read from a spoilt line, it was JSON all the same.
    #[test]
    fn what_is_read_is_json(
        record in record(),
        spoilt in vec((any::<Index>(), prop_oneof![Just(b'"'), Just(b'\\'), Just(b','), Just(b'0'),
            Just(b'}'), Just(b'u'), Just(b'\x01'), any::<u8>()], any::<bool>()), 1..4),
    ) {
        let mut line = written(&record);
        for (index, byte, inserted) in spoilt {
            let at = index.index(line.len());
            if inserted { line.insert(at, byte) } else { line[at] = byte }
        }
        match JsonReader::default().read(&line) {
            Ok(_) => {
                let json = serde_json::from_slice::<serde_json::Value>(&line);
                prop_assert!(json.is_ok(), "{}", String::from_utf8_lossy(&line));
            }
            Err(error) => prop_assert!(!error.to_string().chars().any(char::is_control)),
        }
    }
}
