//! The records of a stream's `cursors` log: where each group reads on, by topic and partition.

use serde::{Deserialize, Serialize};

use crate::path::TopicName;

use super::error::MetaError;
use super::format;
use super::id::ObjectId;
use super::object::topic_name;

/// The version of the keys and values that this program writes, and the highest that it reads.
///
/// As with `meta`, it rises with every new record, field or meaning.
pub const CURSORS_FORMAT: u32 = 1;

/// Which cursor: a later record of the same one replaces it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CursorId {
    /// The group that reads.
    pub group: String,
    /// The topic, which keeps its identity when it is renamed.
    pub topic_id: ObjectId,
    /// The partition.
    pub partition: u32,
}

/// Where a group reads on in one partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The topic's name when this was committed.
    #[serde(with = "topic_name")]
    pub topic: TopicName,
    /// The offset of the next record to be read.
    pub offset: i64,
    /// Epoch of the batch before it; −1 if there is none. By it a reader knows that the log is
    /// still the one that was read.
    pub epoch: i32,
    /// What the group's member wanted to remember with it.
    pub metadata: String,
    /// When it was committed, in milliseconds since 1970.
    pub time_ms: i64,
}

/// One record of `cursors`: a key, and a value unless it deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorRecord {
    /// A commit.
    Committed(CursorId, Cursor),
    /// The cursor is no more: a key without a value.
    Deleted(CursorId),
    /// A cursor as it is, at the front of a segment.
    Snapshot(CursorId, Cursor),
    /// The snapshot at the front of the segment is whole, with so many cursors.
    SnapshotEnd(u64),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "key", rename_all = "snake_case")]
enum Key {
    Cursor(CursorId),
    SnapshotEnd(Nothing),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Value {
    Cursor(Cursor),
    Snapshot(Cursor),
    SnapshotEnd(Count),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    cursors: u64,
}

impl CursorRecord {
    /// Returns the record's key and value, each one line of JSON.
    pub fn to_json(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        let (key, value) = match self {
            Self::Committed(id, cursor) => {
                (Key::Cursor(id.clone()), Some(Value::Cursor(cursor.clone())))
            }
            Self::Deleted(id) => (Key::Cursor(id.clone()), None),
            Self::Snapshot(id, cursor) => {
                (Key::Cursor(id.clone()), Some(Value::Snapshot(cursor.clone())))
            }
            Self::SnapshotEnd(cursors) => (
                Key::SnapshotEnd(Nothing {}),
                Some(Value::SnapshotEnd(Count { cursors: *cursors })),
            ),
        };
        let value = value.map(|value| format::to_json(CURSORS_FORMAT, &value));
        (format::to_json(CURSORS_FORMAT, &key), value)
    }

    /// Reads a record's key and value.
    ///
    /// # Errors
    /// `Newer` if a newer program wrote it, `Invalid` or `NoObject` if no program did.
    pub fn from_json(key: &[u8], value: Option<&[u8]>) -> Result<Self, MetaError> {
        let key: Key = format::from_json(key, CURSORS_FORMAT)?;
        let value = value.map(|value| format::from_json(value, CURSORS_FORMAT)).transpose()?;
        match (key, value) {
            (Key::Cursor(id), Some(Value::Cursor(cursor))) => Ok(Self::Committed(id, cursor)),
            (Key::Cursor(id), Some(Value::Snapshot(cursor))) => Ok(Self::Snapshot(id, cursor)),
            (Key::Cursor(id), None) => Ok(Self::Deleted(id)),
            (Key::SnapshotEnd(_), Some(Value::SnapshotEnd(count))) => {
                Ok(Self::SnapshotEnd(count.cursors))
            }
            _ => Err(MetaError::NoObject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, CursorId, CursorRecord};
    use crate::catalog::{MetaError, ObjectId};
    use crate::path::TopicName;

    fn all() -> Vec<CursorRecord> {
        let id = CursorId {
            group: "g\n\"ü".to_owned(),
            topic_id: ObjectId::from_bytes(*b"0123456789abcdef"),
            partition: 4095,
        };
        let cursor = Cursor {
            topic: TopicName::parse("t").unwrap(),
            offset: i64::MAX,
            epoch: -1,
            metadata: String::new(),
            time_ms: 1_700_000_000_000,
        };
        vec![
            CursorRecord::Committed(id.clone(), cursor.clone()),
            CursorRecord::Snapshot(id.clone(), cursor),
            CursorRecord::Deleted(id),
            CursorRecord::SnapshotEnd(7),
        ]
    }

    #[test]
    fn every_record_is_read_back_as_it_was() {
        for record in all() {
            let (key, value) = record.to_json();
            assert!(key.starts_with(b"{\"format\":1,\"key\":"), "{}", key.escape_ascii());
            assert!(!key.contains(&b'\n') && !value.iter().flatten().any(|byte| *byte == b'\n'));
            assert_eq!(CursorRecord::from_json(&key, value.as_deref()).unwrap(), record);
        }
    }

    #[test]
    fn the_form_of_a_commit_is_as_documented() {
        let (key, value) = all()[0].to_json();
        assert_eq!(
            String::from_utf8(key).unwrap(),
            "{\"format\":1,\"key\":\"cursor\",\"group\":\"g\\n\\\"ü\",\
             \"topic_id\":\"30313233-3435-3637-3839-616263646566\",\"partition\":4095}"
        );
        assert_eq!(
            String::from_utf8(value.unwrap()).unwrap(),
            "{\"format\":1,\"record\":\"cursor\",\"topic\":\"t\",\"offset\":9223372036854775807,\
             \"epoch\":-1,\"metadata\":\"\",\"time_ms\":1700000000000}"
        );
    }

    #[test]
    fn nothing_unknown_is_dropped_and_newer_formats_are_refused_by_number() {
        let with = |json: &[u8], name: &str, number: u32| {
            let mut value: serde_json::Value = serde_json::from_slice(json).unwrap();
            value[name] = number.into();
            value.to_string().into_bytes()
        };
        for record in all() {
            let (key, value) = record.to_json();
            let read = |key: &[u8], value: Option<&[u8]>| CursorRecord::from_json(key, value);
            assert!(read(&with(&key, "surprise", 1), value.as_deref()).is_err());
            let newer = read(&with(&key, "format", 2), value.as_deref());
            assert!(matches!(newer, Err(MetaError::Newer { found: 2, known: 1 })));
            let Some(value) = value else { continue };
            assert!(read(&key, Some(&with(&value, "surprise", 1))).is_err());
            let newer = read(&key, Some(&with(&value, "format", 2)));
            assert!(matches!(newer, Err(MetaError::Newer { found: 2, known: 1 })));
        }
    }

    #[test]
    fn keys_and_values_that_do_not_belong_together_are_refused() {
        let records: Vec<_> = all().iter().map(CursorRecord::to_json).collect();
        let (end_key, end) = &records[3];
        assert!(CursorRecord::from_json(&records[0].0, end.as_deref()).is_err());
        assert!(CursorRecord::from_json(end_key, records[0].1.as_deref()).is_err());
        assert!(CursorRecord::from_json(end_key, None).is_err());
        assert!(CursorRecord::from_json(b"", None).is_err());
    }
}
