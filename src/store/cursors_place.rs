//! What a cursor means in its log: whether it is still good, and how far it is from the end.

use crate::log::{BatchRun, LogError, Step};
use crate::record::{BatchHeader, HEADER_BYTES, Scratch};

use super::error::StoreError;
use super::topic::Topic;

/// How much is read to look at one record. Bytes.
const READ_BYTES: usize = 64 << 10;

/// Whether the log that a cursor is in is still the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorTrust {
    /// It is, as far as can be told.
    Good,
    /// The log went back, was repaired or replaced: what was read before the cursor is not what is
    /// there now.
    WentBack {
        /// Where to read on: at the first offset of a higher epoch, else at the end.
        to: i64,
    },
}

/// How far a cursor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CursorNumbers {
    /// The first offset of the partition that can be read.
    pub start_offset: i64,
    /// Offset of the last record of the partition, −1 if there is none.
    pub last_offset: i64,
    /// Timestamp of the last record, in milliseconds; 0 if there is none.
    pub last_timestamp: i64,
    /// Timestamp of the record before the cursor, in milliseconds; 0 if it is not there.
    pub read_timestamp: i64,
    /// How long the next record to be read has been waiting, in milliseconds; 0 if there is none.
    pub lag_ms: i64,
}

/// The record at one offset, without its contents.
#[derive(Clone, Copy, Debug)]
struct Found {
    epoch: i32,
    timestamp: i64,
}

impl Topic {
    /// The epoch of the batch before `offset`, to be committed with it; −1 if there is none.
    ///
    /// # Errors
    /// The file system's.
    pub fn epoch_before(&self, partition: u32, offset: i64) -> Result<i32, StoreError> {
        Ok(self.find(partition, offset - 1)?.map_or(-1, |found| found.epoch))
    }

    /// Whether a cursor at `offset` that was committed in `epoch` is still good.
    ///
    /// # Errors
    /// The file system's.
    pub fn check_cursor(
        &self,
        partition: u32,
        offset: i64,
        epoch: i32,
    ) -> Result<CursorTrust, StoreError> {
        // A cursor at the very beginning, or set where there was nothing, has read nothing.
        if offset <= 0 || epoch < 0 {
            return Ok(CursorTrust::Good);
        }
        let mut reader = self.listing_reader(partition)?;
        let end = reader.end_offset()?;
        if offset <= end {
            match self.find(partition, offset - 1)? {
                Some(found) if found.epoch != epoch => {}
                // Removed by retention, or damaged: nothing speaks against it.
                _ => return Ok(CursorTrust::Good),
            }
        }
        let to = self.first_above(partition, epoch)?.unwrap_or(end);
        Ok(CursorTrust::WentBack { to })
    }

    /// How far a cursor at `offset` is, as of `now` (milliseconds since 1970).
    ///
    /// # Errors
    /// The file system's.
    pub fn cursor_numbers(
        &self,
        partition: u32,
        offset: i64,
        now: i64,
    ) -> Result<CursorNumbers, StoreError> {
        let mut reader = self.listing_reader(partition)?;
        let (start, end) = (reader.start_offset()?, reader.end_offset()?);
        let timestamp = |offset: i64| -> Result<Option<i64>, StoreError> {
            Ok(self.find(partition, offset)?.map(|found| found.timestamp))
        };
        let next = offset.max(start);
        let waiting = if next < end { timestamp(next)? } else { None };
        Ok(CursorNumbers {
            start_offset: start,
            last_offset: end - 1,
            last_timestamp: timestamp(end - 1)?.unwrap_or(0),
            read_timestamp: timestamp(offset - 1)?.unwrap_or(0),
            lag_ms: waiting.map_or(0, |timestamp| now.saturating_sub(timestamp).max(0)),
        })
    }

    /// The record at `offset`; `None` if it is not there or cannot be read.
    fn find(&self, partition: u32, offset: i64) -> Result<Option<Found>, StoreError> {
        let mut reader = self.listing_reader(partition)?;
        if offset < reader.start_offset()? || offset >= reader.end_offset()? {
            return Ok(None);
        }
        match reader.seek(offset) {
            Err(StoreError::Log(LogError::OffsetOutOfRange { .. })) => return Ok(None),
            outcome => outcome?,
        }
        let mut run = BatchRun::default();
        if !matches!(reader.read(&mut run, READ_BYTES)?, Step::Batches) {
            return Ok(None);
        }
        let mut scratch = Scratch::default();
        let mut batches = run.batches();
        let Some(batch) = batches.find(|batch| batch.header().last_offset() >= offset) else {
            return Ok(None);
        };
        let (epoch, timestamp) = (batch.header().leader_epoch, batch.header().max_timestamp);
        let Ok(mut records) = batch.records(&mut scratch) else {
            return Ok(Some(Found { epoch, timestamp }));
        };
        let record = records.find_map(|record| record.ok().filter(|r| r.offset >= offset));
        Ok(Some(Found { epoch, timestamp: record.map_or(timestamp, |record| record.timestamp) }))
    }

    /// The first offset of an epoch above `epoch`.
    fn first_above(&self, partition: u32, epoch: i32) -> Result<Option<i64>, StoreError> {
        let Some(log) = self.partition_log(partition)? else { return Ok(None) };
        let segments = log.segments()?;
        for (index, segment) in segments.iter().enumerate() {
            // Epochs never fall: if the next segment begins at or below it, this one holds no more.
            let next = segments.get(index + 1).filter(|next| next.size_bytes > 0);
            if let Some(next) = next {
                let mut header = [0; HEADER_BYTES];
                let file = log.segment_file(next.base)?;
                let read = file.read_exact_at(&mut header, 0);
                if read.is_ok()
                    && BatchHeader::parse(&header).is_ok_and(|next| next.leader_epoch <= epoch)
                {
                    continue;
                }
            }
            let mut walk = log.walk(segment.base, 0, segment.base)?;
            while let Some(walked) = walk.step()? {
                if walked.header.leader_epoch > epoch {
                    return Ok(Some(walked.header.base_offset));
                }
            }
        }
        Ok(None)
    }
}
