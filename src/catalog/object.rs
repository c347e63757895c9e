//! The objects of a stream's catalogue: the stream itself, its topics, its epochs.

use serde::{Deserialize, Serialize};

use crate::access::{Caller, Expression, Permissions};
use crate::path::TopicName;
use crate::record::Compression;
use crate::record::TimestampType;

use super::id::ObjectId;

/// What kind of thing a directory with a `meta` log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// An ordinary stream.
    Stream,
}

/// What never changes about a stream; the first record of its `meta` log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The stream's identity.
    pub stream_id: ObjectId,
    /// What the directory is.
    pub kind: StreamKind,
    /// Permission bits of every file in it.
    pub file_mode: u32,
    /// Permission bits of every directory in it.
    pub dir_mode: u32,
}

/// What can be set on a stream; the defaults are MapR's, save for `compression`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamAttributes {
    /// Seconds that a message lives; 0 keeps it for ever.
    pub ttl_s: u64,
    /// Whether a producer's first write to an unknown topic creates it.
    pub autocreate: bool,
    /// Partitions of a topic that is created without a number.
    pub default_partitions: u32,
    /// Codec that producers use unless told otherwise.
    #[serde(with = "codec_name")]
    pub compression: Compression,
    /// Whose clock stamps messages, for topics that do not say.
    #[serde(with = "timestamp_name")]
    pub timestamp_type: TimestampType,
    /// Who may publish: an access control expression without blanks, as the four that follow.
    pub produce_perm: String,
    /// Who may read.
    pub consume_perm: String,
    /// Who may create, edit and delete topics.
    pub topic_perm: String,
    /// Who may copy.
    pub copy_perm: String,
    /// Who may edit the stream, these expressions included.
    pub admin_perm: String,
    /// Whether topics are compacted by key.
    pub compact: bool,
    /// Milliseconds before which a record is not compacted away.
    pub min_compaction_lag_ms: i64,
    /// Milliseconds that a tombstone is kept.
    pub delete_retention_ms: i64,
    /// Whether this is a change log.
    pub is_changelog: bool,
    /// Seconds after which an idle producer's identity is forgotten.
    pub pid_expiry_s: u64,
}

impl StreamAttributes {
    /// Returns the defaults for a stream of `creator`, who alone has every permission.
    pub fn created_by(creator: &Caller) -> Self {
        let creator = format!("{:#}", Expression::only(creator));
        Self {
            ttl_s: 604_800,
            autocreate: true,
            default_partitions: 1,
            compression: Compression::None,
            timestamp_type: TimestampType::CreateTime,
            produce_perm: creator.clone(),
            consume_perm: creator.clone(),
            topic_perm: creator.clone(),
            copy_perm: creator.clone(),
            admin_perm: creator,
            compact: false,
            min_compaction_lag_ms: 0,
            delete_retention_ms: 86_400_000,
            is_changelog: false,
            pid_expiry_s: 604_800,
        }
    }

    /// Returns the five expressions. A text that is none lets nobody in.
    pub fn permissions(&self) -> Permissions {
        let parsed = |text: &str| text.parse().unwrap_or(Expression::NOBODY);
        Permissions {
            produce: parsed(&self.produce_perm),
            consume: parsed(&self.consume_perm),
            topic: parsed(&self.topic_perm),
            copy: parsed(&self.copy_perm),
            admin: parsed(&self.admin_perm),
        }
    }
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicObject {
    /// The topic's identity; a topic made again under the same name has another.
    pub id: ObjectId,
    /// Its name.
    #[serde(with = "topic_name")]
    pub name: TopicName,
    /// How many partitions it has.
    pub partitions: u32,
    /// Whose clock stamps messages; absent: as the stream says.
    #[serde(with = "timestamp_name_option")]
    pub timestamp_type: Option<TimestampType>,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: i64,
}

/// One life of the stream on one boot of one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochObject {
    /// The number that batches carry as partition leader epoch.
    pub epoch: i32,
    /// The kernel's boot id; absent where it cannot be read.
    pub boot_id: Option<ObjectId>,
    /// Device of `gate.lock`.
    pub device: u64,
    /// Inode of `gate.lock`.
    pub inode: u64,
}

mod codec_name {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::record::Compression;

    pub(super) fn serialize<S: Serializer>(
        codec: &Compression,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match codec {
            Compression::None => "off",
            Compression::Gzip => "gzip",
            Compression::Snappy => "snappy",
            Compression::Lz4 => "lz4",
            Compression::Zstd => "zstd",
        })
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Compression, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(match name.as_str() {
            "off" => Compression::None,
            "gzip" => Compression::Gzip,
            "snappy" => Compression::Snappy,
            "lz4" => Compression::Lz4,
            "zstd" => Compression::Zstd,
            _ => return Err(de::Error::custom(format!("`{name}` is not a codec"))),
        })
    }
}

mod timestamp_name {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::record::TimestampType;

    pub(super) fn name(timestamp_type: TimestampType) -> &'static str {
        match timestamp_type {
            TimestampType::CreateTime => "createtime",
            TimestampType::LogAppendTime => "logappendtime",
        }
    }

    pub(super) fn parse<E: de::Error>(name: &str) -> Result<TimestampType, E> {
        match name {
            "createtime" => Ok(TimestampType::CreateTime),
            "logappendtime" => Ok(TimestampType::LogAppendTime),
            _ => Err(E::custom(format!("`{name}` is not a timestamp type"))),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    pub(super) fn serialize<S: Serializer>(
        timestamp_type: &TimestampType,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(name(*timestamp_type))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TimestampType, D::Error> {
        parse(&String::deserialize(deserializer)?)
    }
}

mod timestamp_name_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::record::TimestampType;

    use super::timestamp_name;

    #[expect(clippy::ref_option, reason = "serde passes fields by reference")]
    pub(super) fn serialize<S: Serializer>(
        timestamp_type: &Option<TimestampType>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        timestamp_type.map(timestamp_name::name).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<TimestampType>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        name.map(|name| timestamp_name::parse(&name)).transpose()
    }
}

pub(super) mod topic_name {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::path::TopicName;

    pub(in crate::catalog) fn serialize<S: Serializer>(
        name: &TopicName,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(name.as_str())
    }

    pub(in crate::catalog) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TopicName, D::Error> {
        TopicName::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
