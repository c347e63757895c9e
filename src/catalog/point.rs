//! Index points: places in partition logs where a search can begin.

use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use super::error::IndexError;
use super::id::ObjectId;
use super::projection::Projection;

/// One batch of a partition log, found without walking there.
///
/// A search believes a point only if the batch at `position_bytes` has this base offset and CRC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexPoint {
    /// Offset of the batch's first record.
    pub base_offset: i64,
    /// Base offset of the segment that holds the batch.
    pub segment_base: i64,
    /// Where the batch begins in that segment.
    pub position_bytes: u64,
    /// CRC-32C of the batch, from its header.
    pub batch_crc: u32,
    /// Largest timestamp of all records before the batch and in it.
    pub max_timestamp: i64,
    /// Bytes before compression of all batches before this one and of this one.
    pub logical_bytes: u64,
}

impl IndexPoint {
    /// A checksum over the whole row: SQLite keeps none of its pages.
    fn row_check(&self, topic: ObjectId, partition: u32) -> u32 {
        let mut check = crc32c::crc32c(topic.bytes());
        for number in [
            i64::from(partition),
            self.base_offset,
            self.segment_base,
            self.position_bytes.cast_signed(),
            i64::from(self.batch_crc),
            self.max_timestamp,
            self.logical_bytes.cast_signed(),
        ] {
            check = crc32c::crc32c_append(check, &number.to_be_bytes());
        }
        check
    }
}

const COLUMNS: &str =
    "base_offset, segment, position, crc, max_timestamp, logical_bytes, row_check";

impl Projection {
    /// Notes points of one partition in one transaction; a point of the same offset is replaced.
    ///
    /// # Errors
    /// Whatever SQLite says; none of them is noted then.
    pub fn add_points(
        &mut self,
        topic: ObjectId,
        partition: u32,
        points: &[IndexPoint],
    ) -> Result<(), IndexError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut statement = transaction.prepare_cached(
                "INSERT OR REPLACE INTO point (topic, partition, base_offset, segment, position,
                     crc, max_timestamp, logical_bytes, row_check)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?;
            for point in points {
                statement.execute(params![
                    topic.bytes(),
                    partition,
                    point.base_offset,
                    point.segment_base,
                    point.position_bytes.cast_signed(),
                    point.batch_crc,
                    point.max_timestamp,
                    point.logical_bytes.cast_signed(),
                    point.row_check(topic, partition)
                ])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns the greatest point at or below an offset.
    ///
    /// # Errors
    /// `DamagedRow` if the row fails its checksum; the index is damaged or busy.
    pub fn point_at_or_below(
        &self,
        topic: ObjectId,
        partition: u32,
        offset: i64,
    ) -> Result<Option<IndexPoint>, IndexError> {
        self.one_point("base_offset <= ?3 ORDER BY base_offset DESC", topic, partition, offset)
    }

    /// Returns the newest point of a partition.
    ///
    /// # Errors
    /// As `point_at_or_below`.
    pub fn last_point(
        &self,
        topic: ObjectId,
        partition: u32,
    ) -> Result<Option<IndexPoint>, IndexError> {
        self.point_at_or_below(topic, partition, i64::MAX)
    }

    /// Returns the first point whose largest timestamp reaches `timestamp`, and the one before it.
    ///
    /// The batch looked for lies behind the one before and not behind the one that reaches.
    ///
    /// # Errors
    /// As `point_at_or_below`.
    pub fn points_around_time(
        &self,
        topic: ObjectId,
        partition: u32,
        timestamp: i64,
    ) -> Result<(Option<IndexPoint>, Option<IndexPoint>), IndexError> {
        let first = "base_offset >= ?3 ORDER BY base_offset";
        let (mut before, mut reaching) = (None, None);
        let Some(mut low) = self.one_point(first, topic, partition, i64::MIN)? else {
            return Ok((None, None));
        };
        let Some(mut high) = self.last_point(topic, partition)? else { return Ok((None, None)) };
        if low.max_timestamp >= timestamp {
            return Ok((None, Some(low)));
        }
        if high.max_timestamp < timestamp {
            return Ok((Some(high), None));
        }
        // `low` is short of the time, `high` reaches it: halve the offsets between them. Damage that
        // survives the row checksum can only make this end early, never loop.
        while low.base_offset < high.base_offset {
            (before, reaching) = (Some(low), Some(high));
            let middle = low.base_offset + (high.base_offset - low.base_offset) / 2;
            let next = self.one_point(first, topic, partition, middle.max(low.base_offset + 1))?;
            match next {
                Some(point) if point.base_offset < high.base_offset => {
                    if point.max_timestamp >= timestamp {
                        high = point;
                    } else {
                        low = point;
                    }
                }
                // Nothing between the middle and `high`: look below the middle.
                _ => match self.point_at_or_below(topic, partition, middle)? {
                    Some(point) if point.base_offset > low.base_offset => {
                        if point.max_timestamp >= timestamp {
                            high = point;
                        } else {
                            low = point;
                        }
                    }
                    _ => break,
                },
            }
        }
        if let Some(found) = reaching.as_mut() {
            *found = high;
        }
        if let Some(found) = before.as_mut() {
            *found = low;
        }
        Ok((before, reaching))
    }

    /// Forgets the points of a partition at and above an offset: the log went back.
    ///
    /// # Errors
    /// Whatever SQLite says; nothing is forgotten then.
    pub fn forget_points_from(
        &mut self,
        topic: ObjectId,
        partition: u32,
        offset: i64,
    ) -> Result<(), IndexError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached(
                "DELETE FROM point WHERE topic = ?1 AND partition = ?2 AND base_offset >= ?3",
            )?
            .execute(params![topic.bytes(), partition, offset])?;
        transaction.commit()?;
        Ok(())
    }

    /// Forgets all points of a topic.
    ///
    /// # Errors
    /// Whatever SQLite says; nothing is forgotten then.
    pub fn forget_topic_points(&mut self, topic: ObjectId) -> Result<(), IndexError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached("DELETE FROM point WHERE topic = ?1")?
            .execute(params![topic.bytes()])?;
        transaction.commit()?;
        Ok(())
    }

    fn one_point(
        &self,
        condition: &str,
        topic: ObjectId,
        partition: u32,
        offset: i64,
    ) -> Result<Option<IndexPoint>, IndexError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM point WHERE topic = ?1 AND partition = ?2 AND {condition} LIMIT 1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row =
            statement.query_row(params![topic.bytes(), partition, offset], read).optional()?;
        match row {
            None => Ok(None),
            Some((point, check)) if point.row_check(topic, partition) == check => Ok(Some(point)),
            Some(_) => Err(IndexError::DamagedRow { table: "point" }),
        }
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(IndexPoint, u32)> {
    let point = IndexPoint {
        base_offset: row.get(0)?,
        segment_base: row.get(1)?,
        position_bytes: row.get::<_, i64>(2)?.cast_unsigned(),
        batch_crc: row.get(3)?,
        max_timestamp: row.get(4)?,
        logical_bytes: row.get::<_, i64>(5)?.cast_unsigned(),
    };
    Ok((point, row.get(6)?))
}
