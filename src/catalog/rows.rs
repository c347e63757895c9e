//! What the index answers about the stream and its topics, each row with the place of its record.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::path::TopicName;
use crate::record::TimestampType;

use super::error::IndexError;
use super::id::ObjectId;
use super::object::{EpochObject, Identity, StreamAttributes, TopicObject};
use super::position::{LogPosition, RecordPosition};
use super::projection::Projection;

/// A topic and the record that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRow {
    /// The topic.
    pub topic: TopicObject,
    /// Where its newest record is.
    pub at: RecordPosition,
}

/// The stream and the records that say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRow {
    /// What the stream is.
    pub identity: Identity,
    /// Where the record of that is.
    pub identity_at: RecordPosition,
    /// Its attributes; `None` once its deletion is recorded.
    pub attributes: Option<StreamAttributes>,
    /// Where the newest record of the attributes is; `None` before the first.
    pub at: Option<RecordPosition>,
}

/// The newest epoch and the record that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochRow {
    /// The epoch.
    pub epoch: EpochObject,
    /// Where its record is.
    pub at: RecordPosition,
}

const TOPIC_COLUMNS: &str =
    "name, id, partitions, timestamp_type, created_ms, segment, position, crc, offset";

impl Projection {
    /// Returns the stream; `None` in an index to which nothing has been applied.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn stream(&self) -> Result<Option<StreamRow>, IndexError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT identity, id_segment, id_position, id_crc, id_offset,
                 attributes, segment, position, crc, offset FROM stream WHERE one = 1",
        )?;
        let row = statement
            .query_row([], |row| {
                let segment: Option<i64> = row.get(6)?;
                let at = segment.map(|_| position(row, 6)).transpose()?;
                let identity: String = row.get(0)?;
                Ok((identity, position(row, 1)?, row.get::<_, Option<String>>(5)?, at))
            })
            .optional()?;
        let Some((identity, identity_at, attributes, at)) = row else { return Ok(None) };
        Ok(Some(StreamRow {
            identity: from_json(&identity, "stream")?,
            identity_at,
            attributes: attributes.map(|text| from_json(&text, "stream")).transpose()?,
            at,
        }))
    }

    /// Returns a topic by name.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn topic(&self, name: &TopicName) -> Result<Option<TopicRow>, IndexError> {
        let sql = format!("SELECT {TOPIC_COLUMNS} FROM topic WHERE name = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row = statement.query_row(params![name.as_str()], raw_topic).optional()?;
        row.map(RawTopic::check).transpose()
    }

    /// Returns a topic by identity, whatever it is called now.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn topic_by_id(&self, id: ObjectId) -> Result<Option<TopicRow>, IndexError> {
        let sql = format!("SELECT {TOPIC_COLUMNS} FROM topic WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row = statement.query_row(params![id.bytes()], raw_topic).optional()?;
        row.map(RawTopic::check).transpose()
    }

    /// Returns all topics in the order of their names.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn topics(&self) -> Result<Vec<TopicRow>, IndexError> {
        let sql = format!("SELECT {TOPIC_COLUMNS} FROM topic ORDER BY name");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut topics = Vec::new();
        while let Some(row) = rows.next()? {
            topics.push(raw_topic(row)?.check()?);
        }
        Ok(topics)
    }

    /// Returns how many topics there are.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn topic_count(&self) -> Result<u64, IndexError> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM topic")?;
        let count: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }

    /// Returns where the deletion of a topic is recorded, looked up by the first digits of its
    /// identity as they stand in directory names, with the identity and the name.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn deleted_topic(
        &self,
        short_id: &str,
    ) -> Result<Vec<(ObjectId, TopicName, RecordPosition)>, IndexError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, segment, position, crc, offset FROM deleted_topic
             WHERE lower(hex(substr(id, 1, 4))) = ?1",
        )?;
        let mut rows = statement.query(params![short_id])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get(1)?;
            let name = TopicName::parse(&name)
                .map_err(|_| IndexError::DamagedRow { table: "deleted_topic" })?;
            found.push((ObjectId::from_bytes(row.get(0)?), name, position(row, 2)?));
        }
        Ok(found)
    }

    /// Returns the newest epoch; `None` before the first append to the stream.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn epoch(&self) -> Result<Option<EpochRow>, IndexError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT epoch, boot_id, device, inode, segment, position, crc, offset
             FROM epoch WHERE one = 1",
        )?;
        let row = statement
            .query_row([], |row| {
                let epoch = EpochObject {
                    epoch: row.get(0)?,
                    boot_id: row.get::<_, Option<[u8; 16]>>(1)?.map(ObjectId::from_bytes),
                    device: row.get::<_, i64>(2)?.cast_unsigned(),
                    inode: row.get::<_, i64>(3)?.cast_unsigned(),
                };
                Ok(EpochRow { epoch, at: position(row, 4)? })
            })
            .optional()?;
        Ok(row)
    }

    /// Returns where the newest whole snapshot of `meta` ends; `None` before the first.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn snapshot_end(&self) -> Result<Option<RecordPosition>, IndexError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT segment, position, crc, offset FROM snapshot WHERE one = 1")?;
        Ok(statement.query_row([], |row| position(row, 0)).optional()?)
    }

    /// Returns how far `meta` has been applied; `None` if nothing has.
    ///
    /// # Errors
    /// The index is damaged or busy.
    pub fn meta_position(&self) -> Result<Option<LogPosition>, IndexError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT stream_id, segment, position, crc, next_offset FROM log WHERE name = 'meta'",
        )?;
        let row = statement
            .query_row([], |row| {
                Ok(LogPosition {
                    stream_id: ObjectId::from_bytes(row.get(0)?),
                    segment_base: row.get(1)?,
                    position_bytes: row.get::<_, i64>(2)?.cast_unsigned(),
                    batch_crc: row.get(3)?,
                    next_offset: row.get(4)?,
                })
            })
            .optional()?;
        Ok(row)
    }
}

/// The columns of a topic before anybody has looked whether they make sense.
struct RawTopic {
    name: String,
    id: [u8; 16],
    partitions: u32,
    timestamp_type: Option<String>,
    created_ms: i64,
    at: RecordPosition,
}

fn raw_topic(row: &Row<'_>) -> rusqlite::Result<RawTopic> {
    Ok(RawTopic {
        name: row.get(0)?,
        id: row.get(1)?,
        partitions: row.get(2)?,
        timestamp_type: row.get(3)?,
        created_ms: row.get(4)?,
        at: position(row, 5)?,
    })
}

impl RawTopic {
    fn check(self) -> Result<TopicRow, IndexError> {
        let damaged = || IndexError::DamagedRow { table: "topic" };
        let timestamp_type = match self.timestamp_type.as_deref() {
            None => None,
            Some("createtime") => Some(TimestampType::CreateTime),
            Some("logappendtime") => Some(TimestampType::LogAppendTime),
            Some(_) => return Err(damaged()),
        };
        let topic = TopicObject {
            id: ObjectId::from_bytes(self.id),
            name: TopicName::parse(&self.name).map_err(|_| damaged())?,
            partitions: self.partitions,
            timestamp_type,
            created_ms: self.created_ms,
        };
        Ok(TopicRow { topic, at: self.at })
    }
}

pub(super) fn timestamp_text(timestamp_type: TimestampType) -> &'static str {
    match timestamp_type {
        TimestampType::CreateTime => "createtime",
        TimestampType::LogAppendTime => "logappendtime",
    }
}

fn position(row: &Row<'_>, first: usize) -> rusqlite::Result<RecordPosition> {
    Ok(RecordPosition {
        segment_base: row.get(first)?,
        position_bytes: row.get::<_, i64>(first + 1)?.cast_unsigned(),
        batch_crc: row.get(first + 2)?,
        offset: row.get(first + 3)?,
    })
}

pub(super) fn json(object: &impl Serialize) -> String {
    serde_json::to_string(object).unwrap_or_default()
}

fn from_json<T: DeserializeOwned>(text: &str, table: &'static str) -> Result<T, IndexError> {
    serde_json::from_str(text).map_err(|_| IndexError::DamagedRow { table })
}
