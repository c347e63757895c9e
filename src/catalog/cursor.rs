//! The records of a stream's `cursors` log: where each group reads on, by topic and partition, and
//! who reads for it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::path::TopicName;

use super::error::MetaError;
use super::format;
use super::group::{GroupEpoch, GroupRecord, GroupSettings, MemberKey, MemberWish, Owned, Target};
use super::id::ObjectId;
use super::object::topic_name;

/// The highest version of keys and values that this program reads and writes.
///
/// As with `meta`, it rises with every new record, field or meaning. A record carries the version
/// that brought its kind, so that older programs read what they know.
pub const CURSORS_FORMAT: u32 = 3;
/// The version of cursors.
const CURSOR_FORMAT: u32 = 1;
/// The version that brought the records of groups.
const GROUP_FORMAT: u32 = 2;
/// The version that brought the settings of groups, and their deletion.
const SETTINGS_FORMAT: u32 = 3;

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
    /// A change of a group.
    Group(GroupRecord),
    /// A part of a group as it is, at the front of a segment.
    GroupSnapshot(GroupRecord),
    /// The snapshot at the front of the segment is whole, with so many cursors.
    SnapshotEnd(u64),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "key", rename_all = "snake_case")]
enum Key {
    Cursor(CursorId),
    Group(GroupName),
    Settings(GroupName),
    Member(MemberKey),
    Target(MemberKey),
    Owned(MemberKey),
    SnapshotEnd(Nothing),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Value {
    Cursor(Cursor),
    Snapshot(Cursor),
    Group(GroupEpoch),
    GroupSnapshot(GroupEpoch),
    Settings(GroupSettings),
    SettingsSnapshot(GroupSettings),
    Member(MemberWish),
    MemberSnapshot(MemberWish),
    Target(Target),
    TargetSnapshot(Target),
    Owned(Owned),
    OwnedSnapshot(Owned),
    SnapshotEnd(Count),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupName {
    group: String,
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
        let mut format = CURSOR_FORMAT;
        let (key, value) = match self {
            Self::Committed(id, cursor) => {
                (Key::Cursor(id.clone()), Some(Value::Cursor(cursor.clone())))
            }
            Self::Deleted(id) => (Key::Cursor(id.clone()), None),
            Self::Snapshot(id, cursor) => {
                (Key::Cursor(id.clone()), Some(Value::Snapshot(cursor.clone())))
            }
            Self::Group(record) | Self::GroupSnapshot(record) => {
                format = match record {
                    GroupRecord::Settings(..) | GroupRecord::Forgotten(_) => SETTINGS_FORMAT,
                    _ => GROUP_FORMAT,
                };
                group_pair(record, matches!(self, Self::GroupSnapshot(_)))
            }
            Self::SnapshotEnd(cursors) => (
                Key::SnapshotEnd(Nothing {}),
                Some(Value::SnapshotEnd(Count { cursors: *cursors })),
            ),
        };
        let value = value.map(|value| format::to_json(format, &value));
        (format::to_json(format, &key), value)
    }

    /// Reads a record's key and value.
    ///
    /// # Errors
    /// `Newer` if a newer program wrote it, `Invalid` or `NoObject` if no program did.
    pub fn from_json(key: &[u8], value: Option<&[u8]>) -> Result<Self, MetaError> {
        if let Some(record) = value.and_then(|value| Self::quickly_from_json(key, value)) {
            return Ok(record);
        }
        let key: Key = format::from_json(key, CURSORS_FORMAT)?;
        let value = value.map(|value| format::from_json(value, CURSORS_FORMAT)).transpose()?;
        match (key, value) {
            (Key::Cursor(id), Some(Value::Cursor(cursor))) => Ok(Self::Committed(id, cursor)),
            (Key::Cursor(id), Some(Value::Snapshot(cursor))) => Ok(Self::Snapshot(id, cursor)),
            (Key::Cursor(id), None) => Ok(Self::Deleted(id)),
            (Key::SnapshotEnd(_), Some(Value::SnapshotEnd(count))) => {
                Ok(Self::SnapshotEnd(count.cursors))
            }
            (key, value) => group_record(key, value),
        }
    }
}

impl CursorRecord {
    /// Reads what this program writes with few copies: a crowd reads the records of all its members.
    /// `None` is for anything else.
    fn quickly_from_json(key: &[u8], value: &[u8]) -> Option<Self> {
        fn read<T: DeserializeOwned>(object: &[u8]) -> Option<T> {
            serde_json::from_slice(object).ok()
        }
        let (key, id) = format::split_tagged(key, "key", CURSORS_FORMAT)?;
        let (kind, fields) = format::split_tagged(value, "record", CURSORS_FORMAT)?;
        let record = match (key, kind) {
            (b"cursor", b"cursor") => return Some(Self::Committed(read(&id)?, read(&fields)?)),
            (b"cursor", b"snapshot") => return Some(Self::Snapshot(read(&id)?, read(&fields)?)),
            (b"member", b"member" | b"member_snapshot") => {
                GroupRecord::Joined(read(&id)?, read(&fields)?)
            }
            (b"target", b"target" | b"target_snapshot") => {
                GroupRecord::Target(read(&id)?, read(&fields)?)
            }
            (b"owned", b"owned" | b"owned_snapshot") => {
                GroupRecord::Owned(read(&id)?, read(&fields)?)
            }
            (b"group", b"group" | b"group_snapshot") => {
                GroupRecord::Epoch(read::<GroupName>(&id)?.group, read(&fields)?)
            }
            (b"settings", b"settings" | b"settings_snapshot") => {
                GroupRecord::Settings(read::<GroupName>(&id)?.group, read(&fields)?)
            }
            _ => return None,
        };
        let is_snapshot = kind.ends_with(b"_snapshot");
        Some(if is_snapshot { Self::GroupSnapshot(record) } else { Self::Group(record) })
    }
}

/// The key and the value of a group's record, as it is at the front of a segment or elsewhere.
fn group_pair(record: &GroupRecord, snapshot: bool) -> (Key, Option<Value>) {
    match record.clone() {
        GroupRecord::Epoch(group, epoch) => {
            let value = if snapshot { Value::GroupSnapshot } else { Value::Group };
            (Key::Group(GroupName { group }), Some(value(epoch)))
        }
        GroupRecord::Forgotten(group) => (Key::Group(GroupName { group }), None),
        GroupRecord::Settings(group, settings) => {
            let value = if snapshot { Value::SettingsSnapshot } else { Value::Settings };
            let is_any = settings != GroupSettings::default();
            (Key::Settings(GroupName { group }), is_any.then(|| value(settings)))
        }
        GroupRecord::Joined(key, wish) => {
            let value = if snapshot { Value::MemberSnapshot } else { Value::Member };
            (Key::Member(key), Some(value(wish)))
        }
        GroupRecord::Left(key) => (Key::Member(key), None),
        GroupRecord::Target(key, target) => {
            let value = if snapshot { Value::TargetSnapshot } else { Value::Target };
            (Key::Target(key), Some(value(target)))
        }
        GroupRecord::Owned(key, owned) => {
            let value = if snapshot { Value::OwnedSnapshot } else { Value::Owned };
            (Key::Owned(key), Some(value(owned)))
        }
    }
}

fn group_record(key: Key, value: Option<Value>) -> Result<CursorRecord, MetaError> {
    use CursorRecord::{Group, GroupSnapshot};
    use GroupRecord::{Epoch, Forgotten, Joined, Left, Settings};
    Ok(match (key, value) {
        (Key::Group(key), Some(Value::Group(epoch))) => Group(Epoch(key.group, epoch)),
        (Key::Group(key), Some(Value::GroupSnapshot(epoch))) => {
            GroupSnapshot(Epoch(key.group, epoch))
        }
        (Key::Group(key), None) => Group(Forgotten(key.group)),
        (Key::Settings(key), Some(Value::Settings(settings))) => {
            Group(Settings(key.group, settings))
        }
        (Key::Settings(key), Some(Value::SettingsSnapshot(settings))) => {
            GroupSnapshot(Settings(key.group, settings))
        }
        (Key::Settings(key), None) => Group(Settings(key.group, GroupSettings::default())),
        (Key::Member(key), Some(Value::Member(wish))) => Group(Joined(key, wish)),
        (Key::Member(key), Some(Value::MemberSnapshot(wish))) => GroupSnapshot(Joined(key, wish)),
        (Key::Member(key), None) => Group(Left(key)),
        (Key::Target(key), Some(Value::Target(target))) => Group(GroupRecord::Target(key, target)),
        (Key::Target(key), Some(Value::TargetSnapshot(target))) => {
            GroupSnapshot(GroupRecord::Target(key, target))
        }
        (Key::Owned(key), Some(Value::Owned(owned))) => Group(GroupRecord::Owned(key, owned)),
        (Key::Owned(key), Some(Value::OwnedSnapshot(owned))) => {
            GroupSnapshot(GroupRecord::Owned(key, owned))
        }
        _ => return Err(MetaError::NoObject),
    })
}

#[cfg(test)]
mod tests {
    use super::{Cursor, CursorId, CursorRecord};
    use crate::catalog::{
        GroupEpoch, GroupRecord, GroupSettings, GroupState, GroupTopic, MemberKey, MemberWish,
        MetaError, ObjectId, Owned, Target,
    };
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

    fn of_groups() -> Vec<GroupRecord> {
        let topic_id = ObjectId::from_bytes([7; 16]);
        let key = MemberKey { group: "g".to_owned(), member_id: ObjectId::from_bytes([9; 16]) };
        let partitions: std::collections::BTreeSet<_> = [(topic_id, 0), (topic_id, 3)].into();
        let topic = TopicName::parse("t").unwrap();
        let epoch = GroupEpoch {
            epoch: 4,
            assignor: "range".to_owned(),
            topics: vec![GroupTopic { topic_id, topic, partitions: 5 }],
            time_ms: 1_700_000_000_000,
        };
        let (client, assignors) = ("c".to_owned(), vec!["range".to_owned()]);
        let topics = vec![topic_id];
        let wish = MemberWish { client, joined_ms: 1, topics, assignors, instance: None };
        vec![
            GroupRecord::Epoch("g".to_owned(), epoch),
            GroupRecord::Joined(key.clone(), wish),
            GroupRecord::Target(key.clone(), Target { partitions: partitions.clone() }),
            GroupRecord::Owned(key.clone(), Owned { epoch: 3, partitions }),
            GroupRecord::Left(key),
            GroupRecord::Settings("g".to_owned(), settings()),
            GroupRecord::Settings("g".to_owned(), GroupSettings::default()),
            GroupRecord::Forgotten("g".to_owned()),
        ]
    }

    fn settings() -> GroupSettings {
        let assignor = Some("sticky".to_owned());
        GroupSettings { assignor, offsets_retention_minutes: Some(-1) }
    }

    #[test]
    fn the_records_of_groups_are_read_back_and_lead_to_the_same_state() {
        let mut state = GroupState::default();
        for record in of_groups() {
            let pair = CursorRecord::Group(record.clone()).to_json();
            let is_new = matches!(record, GroupRecord::Settings(..) | GroupRecord::Forgotten(_));
            let start = format!("{{\"format\":{},\"key\":", if is_new { 3 } else { 2 });
            assert!(pair.0.starts_with(start.as_bytes()), "{}", pair.0.escape_ascii());
            let read = CursorRecord::from_json(&pair.0, pair.1.as_deref()).unwrap();
            assert_eq!(read, CursorRecord::Group(record.clone()));
            if pair.1.is_none() {
                continue;
            }
            let (key, value) = CursorRecord::GroupSnapshot(record.clone()).to_json();
            assert_eq!(key, pair.0, "a later record replaces it");
            let read = CursorRecord::from_json(&key, value.as_deref()).unwrap();
            assert_eq!(read, CursorRecord::GroupSnapshot(record.clone()));
            state.apply(record);
        }
        let mut again = GroupState::default();
        let records = state.records("g");
        let encoded: usize = records
            .iter()
            .map(|record| CursorRecord::GroupSnapshot(record.clone()).to_json())
            .map(|(key, value)| key.len() + value.map_or(0, |value| value.len()))
            .sum();
        assert!((encoded as u64).abs_diff(state.snapshot_bytes("g")) < 100, "{encoded}");
        records.into_iter().for_each(|record| again.apply(record));
        assert_eq!(again, state);
        assert!(state.is_stable() && state.owner(ObjectId::from_bytes([7; 16]), 3).is_some());
        let ending = state.ending("g");
        assert_eq!(ending.len(), 3, "a member, the settings and the epoch: {ending:?}");
        ending.into_iter().for_each(|record| state.apply(record));
        assert!(state.is_nothing() && state.records("g").is_empty(), "{state:?}");
        assert_eq!(state.snapshot_bytes("g"), 0);
    }

    #[test]
    fn the_form_of_settings_is_as_documented() {
        let (key, value) = CursorRecord::Group(of_groups().remove(5)).to_json();
        assert_eq!(
            String::from_utf8(key).unwrap(),
            "{\"format\":3,\"key\":\"settings\",\"group\":\"g\"}"
        );
        assert_eq!(
            String::from_utf8(value.unwrap()).unwrap(),
            "{\"format\":3,\"record\":\"settings\",\"assignor\":\"sticky\",\
             \"offsets_retention_minutes\":-1}"
        );
    }

    #[test]
    fn the_form_of_an_ownership_is_as_documented() {
        let (key, value) = CursorRecord::Group(of_groups().remove(3)).to_json();
        assert_eq!(
            String::from_utf8(key).unwrap(),
            "{\"format\":2,\"key\":\"owned\",\"group\":\"g\",\
             \"member_id\":\"09090909-0909-0909-0909-090909090909\"}"
        );
        assert_eq!(
            String::from_utf8(value.unwrap()).unwrap(),
            "{\"format\":2,\"record\":\"owned\",\"epoch\":3,\
             \"partitions\":{\"07070707-0707-0707-0707-070707070707\":[0,3]}}"
        );
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
    fn what_is_written_is_read_quickly_and_what_is_odd_all_the_same() {
        let groups = of_groups().into_iter().flat_map(|record| {
            [CursorRecord::Group(record.clone()), CursorRecord::GroupSnapshot(record)]
        });
        for record in all().into_iter().chain(groups) {
            let (key, Some(value)) = record.to_json() else { continue };
            if !matches!(record, CursorRecord::SnapshotEnd(_)) {
                assert_eq!(CursorRecord::quickly_from_json(&key, &value), Some(record.clone()));
            }
            let spaced = [b" ", value.as_slice(), b" "].concat();
            assert_eq!(CursorRecord::quickly_from_json(&key, &spaced), None);
            assert_eq!(CursorRecord::from_json(&key, Some(&spaced)).unwrap(), record);
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
            let newer = read(&with(&key, "format", 4), value.as_deref());
            assert!(matches!(newer, Err(MetaError::Newer { found: 4, known: 3 })));
            let Some(value) = value else { continue };
            assert!(read(&key, Some(&with(&value, "surprise", 1))).is_err());
            let newer = read(&key, Some(&with(&value, "format", 4)));
            assert!(matches!(newer, Err(MetaError::Newer { found: 4, known: 3 })));
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
