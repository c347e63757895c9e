//! The index: made, opened, and kept up with the `meta` log.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::connection;
use super::error::IndexError;
use super::id::ObjectId;
use super::meta::MetaRecord;
use super::object::{EpochObject, StreamAttributes, TopicObject};
use super::position::{LogPosition, RecordPosition};
use super::rows::{json, timestamp_text};

/// The index of one stream, in a file or in memory.
///
/// - Everything in it is computed; losing it loses nothing.
/// - No statement stays open between two calls.
/// - Every row carries the place of the record that it was computed from.
#[derive(Debug)]
pub struct Projection {
    pub(super) connection: Connection,
}

/// A decoded record and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Where the record is.
    pub at: RecordPosition,
    /// The record.
    pub record: MetaRecord,
}

impl Projection {
    /// Makes an empty index in memory.
    ///
    /// # Errors
    /// `Failed` when memory runs out, `UnsafeLibrary`.
    pub fn in_memory() -> Result<Self, IndexError> {
        Ok(Self { connection: connection::in_memory()? })
    }

    /// Makes an empty index file at an absolute path under a temporary name, for one process only;
    /// `finish` makes it one to share, and the caller renames it then.
    ///
    /// # Errors
    /// Whatever SQLite says; a file may be left under the temporary name.
    pub fn create(path: &Path) -> Result<Self, IndexError> {
        Ok(Self { connection: connection::create(path)? })
    }

    /// Closes an index made by `create`, noting the file's device and inode in it.
    ///
    /// # Errors
    /// Whatever SQLite says; the file is then of no use.
    pub fn finish(self, device: u64, inode: u64) -> Result<(), IndexError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO file (one, device, inode) VALUES (1, ?1, ?2)",
            params![device.cast_signed(), inode.cast_signed()],
        )?;
        self.connection.flush_prepared_statement_cache();
        connection::share(self.connection)
    }

    /// Opens an index file by absolute path; `device` and `inode` are those of the file there.
    ///
    /// # Errors
    /// `Foreign`, `Version`, `Replaced`, `Damaged`: a new generation is needed.
    pub fn open(path: &Path, device: u64, inode: u64) -> Result<Self, IndexError> {
        let connection = connection::open(path)?;
        let made_as = connection
            .query_row("SELECT device, inode FROM file WHERE one = 1", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })
            .optional()?;
        if made_as != Some((device.cast_signed(), inode.cast_signed())) {
            return Err(IndexError::Replaced);
        }
        Ok(Self { connection })
    }

    /// Applies records of `meta` in one transaction and notes how far the log has been applied.
    ///
    /// # Errors
    /// Whatever SQLite says; nothing of the call is applied then.
    pub fn apply(&mut self, records: &[Applied], end: &LogPosition) -> Result<(), IndexError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for Applied { at, record } in records {
            apply_one(&transaction, at, record)?;
        }
        set_position(&transaction, "meta", end)?;
        transaction.commit()?;
        Ok(())
    }
}

fn apply_one(
    connection: &Connection,
    at: &RecordPosition,
    record: &MetaRecord,
) -> Result<(), IndexError> {
    if record.identity().is_some() {
        set_identity(connection, at, record)?;
    }
    if let Some(attributes) = record.attributes() {
        set_attributes(connection, at, Some(attributes))?;
    } else if record.deletes_stream() {
        set_attributes(connection, at, None)?;
    }
    if let Some(topic) = record.topic() {
        set_topic(connection, at, topic)?;
    } else if let Some(topic) = record.deleted_topic() {
        delete_topic(connection, at, topic)?;
    }
    if let Some(epoch) = record.epoch() {
        set_epoch(connection, at, epoch)?;
    }
    if matches!(record, MetaRecord::SnapshotEnd(_)) {
        set_snapshot_end(connection, at)?;
    }
    Ok(())
}

fn set_identity(
    connection: &Connection,
    at: &RecordPosition,
    record: &MetaRecord,
) -> Result<(), IndexError> {
    let Some(identity) = record.identity() else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "INSERT INTO stream (one, identity, id_segment, id_position, id_crc, id_offset)
         VALUES (1, ?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (one) DO UPDATE SET identity = ?1, id_segment = ?2, id_position = ?3,
             id_crc = ?4, id_offset = ?5",
    )?;
    let (segment, position, crc, offset) = columns(at);
    statement.execute(params![json(identity), segment, position, crc, offset])?;
    Ok(())
}

fn set_attributes(
    connection: &Connection,
    at: &RecordPosition,
    attributes: Option<&StreamAttributes>,
) -> Result<(), IndexError> {
    let mut statement = connection.prepare_cached(
        "UPDATE stream SET attributes = ?1, segment = ?2, position = ?3, crc = ?4, offset = ?5
         WHERE one = 1",
    )?;
    let (segment, position, crc, offset) = columns(at);
    statement.execute(params![attributes.map(json), segment, position, crc, offset])?;
    Ok(())
}

fn set_topic(
    connection: &Connection,
    at: &RecordPosition,
    topic: &TopicObject,
) -> Result<(), IndexError> {
    // By identity first: a renamed topic leaves its old name.
    connection
        .prepare_cached("DELETE FROM topic WHERE id = ?1 OR name = ?2")?
        .execute(params![topic.id.bytes(), topic.name.as_str()])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO topic (name, id, partitions, timestamp_type, created_ms,
             segment, position, crc, offset) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let (segment, position, crc, offset) = columns(at);
    statement.execute(params![
        topic.name.as_str(),
        topic.id.bytes(),
        topic.partitions,
        topic.timestamp_type.map(timestamp_text),
        topic.created_ms,
        segment,
        position,
        crc,
        offset
    ])?;
    Ok(())
}

fn delete_topic(
    connection: &Connection,
    at: &RecordPosition,
    topic: &TopicObject,
) -> Result<(), IndexError> {
    let id = topic.id.bytes();
    connection.prepare_cached("DELETE FROM topic WHERE id = ?1")?.execute(params![id])?;
    connection.prepare_cached("DELETE FROM point WHERE topic = ?1")?.execute(params![id])?;
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO deleted_topic (id, name, segment, position, crc, offset)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let (segment, position, crc, offset) = columns(at);
    statement.execute(params![id, topic.name.as_str(), segment, position, crc, offset])?;
    Ok(())
}

fn set_epoch(
    connection: &Connection,
    at: &RecordPosition,
    epoch: &EpochObject,
) -> Result<(), IndexError> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO epoch (one, epoch, boot_id, device, inode,
             segment, position, crc, offset) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let (segment, position, crc, offset) = columns(at);
    statement.execute(params![
        epoch.epoch,
        epoch.boot_id.as_ref().map(ObjectId::bytes),
        epoch.device.cast_signed(),
        epoch.inode.cast_signed(),
        segment,
        position,
        crc,
        offset
    ])?;
    Ok(())
}

fn set_snapshot_end(connection: &Connection, at: &RecordPosition) -> Result<(), IndexError> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO snapshot (one, segment, position, crc, offset)
         VALUES (1, ?1, ?2, ?3, ?4)",
    )?;
    let (segment, position, crc, offset) = columns(at);
    statement.execute(params![segment, position, crc, offset])?;
    Ok(())
}

fn set_position(
    transaction: &Transaction<'_>,
    log: &str,
    end: &LogPosition,
) -> Result<(), IndexError> {
    let mut statement = transaction.prepare_cached(
        "INSERT OR REPLACE INTO log (name, stream_id, segment, position, crc, next_offset)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        log,
        end.stream_id.bytes(),
        end.segment_base,
        end.position_bytes.cast_signed(),
        end.batch_crc,
        end.next_offset
    ])?;
    Ok(())
}

/// The four columns of a record's place, as SQLite's integers.
fn columns(at: &RecordPosition) -> (i64, i64, u32, i64) {
    (at.segment_base, at.position_bytes.cast_signed(), at.batch_crc, at.offset)
}

#[cfg(test)]
mod tests;
