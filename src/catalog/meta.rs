//! The records of a stream's `meta` log, and their JSON form.

use serde::{Deserialize, Serialize};

use super::error::MetaError;
use super::format;
use super::id::ObjectId;
use super::object::{EpochObject, Identity, StreamAttributes, TopicObject};

/// The version of the records that this program writes, and the highest that it reads.
///
/// It rises with every new record, field or meaning, so that an older program refuses the record
/// by its version instead of dropping what it does not know.
pub const META_FORMAT: u32 = 1;

/// One record of `meta`; its JSON form also carries `format`, the version of that form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum MetaRecord {
    /// The first record of the log: what the stream is.
    Identity(Identity),
    /// A change, with everything needed to list it and to undo it.
    Operation(Operation),
    /// A part of the state as it is, at the front of a segment.
    Snapshot(SnapshotItem),
    /// The snapshot at the front of the segment is whole.
    SnapshotEnd(SnapshotEnd),
}

/// One change of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The change's own identity; a frozen partition names it.
    pub operation_id: ObjectId,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// Who.
    pub user: String,
    /// The command line that asked for it.
    pub command: String,
    /// What changed.
    pub change: Change,
}

/// An object before and after; absent before: created, absent after: deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "object", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// The stream and its attributes.
    Stream {
        /// What they were.
        before: Option<Box<StreamAttributes>>,
        /// What they are.
        after: Option<Box<StreamAttributes>>,
    },
    /// A topic.
    Topic {
        /// What it was.
        before: Option<TopicObject>,
        /// What it is.
        after: Option<TopicObject>,
    },
    /// The stream's epoch.
    Epoch {
        /// What it was.
        before: Option<EpochObject>,
        /// What it is.
        after: EpochObject,
    },
}

/// One object of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "object", content = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum SnapshotItem {
    /// Begins a snapshot: the stream's identity.
    Identity(Identity),
    /// The stream's attributes.
    Stream(Box<StreamAttributes>),
    /// A topic.
    Topic(TopicObject),
    /// The newest epoch.
    Epoch(EpochObject),
}

/// The end of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotEnd {
    /// How many topics the snapshot holds.
    pub topics: u64,
}

impl MetaRecord {
    /// Returns the record's JSON form, one line.
    pub fn to_json(&self) -> Vec<u8> {
        format::to_json(META_FORMAT, self)
    }

    /// Reads a record's JSON form.
    ///
    /// # Errors
    /// `Newer` if a newer program wrote it, `Invalid` if no program did.
    pub fn from_json(bytes: &[u8]) -> Result<Self, MetaError> {
        let record: Self = format::from_json(bytes, META_FORMAT)?;
        match &record {
            Self::Operation(Operation {
                change:
                    Change::Stream { before: None, after: None }
                    | Change::Topic { before: None, after: None },
                ..
            }) => Err(MetaError::NoObject),
            _ => Ok(record),
        }
    }

    /// The topic as it is after this record; `None` if the record is not about a living topic.
    pub fn topic(&self) -> Option<&TopicObject> {
        match self {
            Self::Operation(Operation { change: Change::Topic { after, .. }, .. }) => {
                after.as_ref()
            }
            Self::Snapshot(SnapshotItem::Topic(topic)) => Some(topic),
            _ => None,
        }
    }

    /// The stream's attributes after this record; `None` if the record does not tell.
    pub fn attributes(&self) -> Option<&StreamAttributes> {
        match self {
            Self::Operation(Operation { change: Change::Stream { after, .. }, .. }) => {
                after.as_deref()
            }
            Self::Snapshot(SnapshotItem::Stream(attributes)) => Some(attributes),
            _ => None,
        }
    }

    /// The newest epoch after this record; `None` if the record does not tell.
    pub fn epoch(&self) -> Option<&EpochObject> {
        match self {
            Self::Operation(Operation { change: Change::Epoch { after, .. }, .. })
            | Self::Snapshot(SnapshotItem::Epoch(after)) => Some(after),
            _ => None,
        }
    }

    /// The stream's identity, if this record tells it.
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Identity(identity) | Self::Snapshot(SnapshotItem::Identity(identity)) => {
                Some(identity)
            }
            _ => None,
        }
    }

    /// The topic that this record deletes.
    pub fn deleted_topic(&self) -> Option<&TopicObject> {
        match self {
            Self::Operation(Operation {
                change: Change::Topic { before: Some(before), after: None },
                ..
            }) => Some(before),
            _ => None,
        }
    }

    /// Whether this record deletes the stream.
    pub fn deletes_stream(&self) -> bool {
        matches!(
            self,
            Self::Operation(Operation { change: Change::Stream { after: None, .. }, .. })
        )
    }

    /// The identity of the operation that this record is.
    pub fn operation_id(&self) -> Option<ObjectId> {
        match self {
            Self::Operation(operation) => Some(operation.operation_id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, MetaRecord, Operation, SnapshotEnd, SnapshotItem};
    use crate::access::Caller;
    use crate::catalog::{
        EpochObject, Identity, MetaError, ObjectId, StreamAttributes, StreamKind, TopicObject,
    };
    use crate::path::TopicName;
    use crate::record::TimestampType;

    fn id() -> ObjectId {
        ObjectId::from_bytes(*b"0123456789abcdef")
    }

    fn operation(change: Change) -> MetaRecord {
        MetaRecord::Operation(Operation {
            operation_id: id(),
            time_ms: 1_700_000_000_000,
            user: "mapr".to_owned(),
            command: "stream create -path \"/s\"\n".to_owned(),
            change,
        })
    }

    fn all() -> Vec<MetaRecord> {
        let identity = Identity {
            stream_id: id(),
            kind: StreamKind::Stream,
            file_mode: 0o600,
            dir_mode: 0o700,
        };
        let attributes = Box::new(StreamAttributes::created_by(&Caller::new("mapr", 1000)));
        let topic = TopicObject {
            id: id(),
            name: TopicName::parse("t").unwrap(),
            partitions: 4096,
            timestamp_type: Some(TimestampType::LogAppendTime),
            created_ms: -1,
        };
        let epoch = EpochObject { epoch: 1, boot_id: None, device: u64::MAX, inode: u64::MAX };
        vec![
            MetaRecord::Identity(identity.clone()),
            operation(Change::Stream { before: None, after: Some(attributes.clone()) }),
            operation(Change::Stream { before: Some(attributes.clone()), after: None }),
            operation(Change::Topic { before: Some(topic.clone()), after: Some(topic.clone()) }),
            operation(Change::Epoch { before: None, after: epoch }),
            MetaRecord::Snapshot(SnapshotItem::Identity(identity)),
            MetaRecord::Snapshot(SnapshotItem::Stream(attributes)),
            MetaRecord::Snapshot(SnapshotItem::Topic(topic)),
            MetaRecord::Snapshot(SnapshotItem::Epoch(epoch)),
            MetaRecord::SnapshotEnd(SnapshotEnd { topics: 1 }),
        ]
    }

    #[test]
    fn every_record_is_read_back_as_it_was() {
        for record in all() {
            let json = record.to_json();
            assert!(json.starts_with(b"{\"format\":1,\"record\":"), "{}", json.escape_ascii());
            assert!(!json.contains(&b'\n'));
            assert_eq!(MetaRecord::from_json(&json).unwrap(), record);
        }
    }

    #[test]
    fn the_form_of_an_operation_is_as_documented() {
        let epoch = EpochObject { epoch: 1, boot_id: Some(id()), device: 2, inode: 3 };
        let json = operation(Change::Epoch { before: None, after: epoch }).to_json();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            "{\"format\":1,\"record\":\"operation\",\
             \"operation_id\":\"30313233-3435-3637-3839-616263646566\",\"time_ms\":1700000000000,\
             \"user\":\"mapr\",\"command\":\"stream create -path \\\"/s\\\"\\n\",\
             \"change\":{\"object\":\"epoch\",\"before\":null,\"after\":{\"epoch\":1,\
             \"boot_id\":\"30313233-3435-3637-3839-616263646566\",\"device\":2,\"inode\":3}}}"
        );
    }

    #[test]
    fn a_newer_format_is_refused_by_its_number_before_its_fields() {
        let newer = br#"{"format":2,"record":"something new","x":[]}"#;
        let error = MetaRecord::from_json(newer).unwrap_err();
        assert!(matches!(error, MetaError::Newer { found: 2, known: 1 }));
        assert!(error.to_string().contains("format 2; this program reads formats up to 1"));
    }

    #[test]
    fn nothing_unknown_is_dropped() {
        for record in all() {
            let mut value: serde_json::Value = serde_json::from_slice(&record.to_json()).unwrap();
            let mut changed = 0;
            extend_each_object(&mut value, &mut changed, &record);
            assert!(changed > 0);
        }
    }

    /// Puts an unknown field into each object of the record in turn; each must be refused.
    fn extend_each_object(value: &mut serde_json::Value, changed: &mut u32, record: &MetaRecord) {
        fn objects(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
            if let Some(fields) = value.as_object() {
                found.push(at.to_owned());
                for (name, value) in fields {
                    objects(value, &format!("{at}/{name}"), found);
                }
            }
        }
        let mut places = Vec::new();
        objects(value, "", &mut places);
        for place in places {
            let mut copy = value.clone();
            let fields = copy.pointer_mut(&place).unwrap().as_object_mut().unwrap();
            fields.insert("surprise".to_owned(), 1.into());
            let read = MetaRecord::from_json(copy.to_string().as_bytes());
            assert!(read.is_err(), "{record:?} took a field at `{place}`: {read:?}");
            *changed += 1;
        }
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for json in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"format":0,"record":"identity"}"#,
            r#"{"format":"1","record":"identity"}"#,
            r#"{"format":1}"#,
            r#"{"format":1,"record":"identity"}"#,
        ] {
            assert!(MetaRecord::from_json(json.as_bytes()).is_err(), "{json}");
        }
        let nothing = operation(Change::Topic { before: None, after: None }).to_json();
        assert!(matches!(MetaRecord::from_json(&nothing), Err(MetaError::NoObject)));
    }
}
