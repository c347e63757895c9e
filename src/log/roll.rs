//! Closing a segment and starting the next one.

use std::ffi::OsString;
use std::io::ErrorKind;

use crate::fs::Access;
use crate::record::{BatchHeader, EncodedBatch, HEADER_BYTES};

use super::append::{Appender, Session};
use super::end::at_start;
use super::error::LogError;
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot, Which, write_slot};
use super::recover::Active;
use super::resync::read_up_to;
use super::segment::{SegmentEntry, list, segment_name};
use super::sync::SyncPoint;

/// Work left over from an append that needs no lock.
#[derive(Clone, Debug)]
pub enum Chore {
    /// The segment is nearly full: syncing it now leaves little for the roll to sync.
    SyncEarly(SyncPoint),
    /// A segment was closed and wants its seal.
    Seal {
        /// The log.
        log: PartitionLog,
        /// Base offset of the closed segment.
        base: i64,
    },
}

impl Chore {
    /// Does the work.
    ///
    /// # Errors
    ///
    /// Those of [`SyncPoint::sync`] and [`PartitionLog::seal`]. A seal that cannot be written is
    /// no error to anybody else; the next `store check` writes it.
    pub fn run(&self) -> Result<(), LogError> {
        match self {
            Self::SyncEarly(point) => point.sync(),
            Self::Seal { log, base } => log.seal(*base).map(drop),
        }
    }
}

impl Appender {
    /// How many of `batches` fit into the active segment, which takes at least one if it is
    /// empty.
    pub(super) fn count_fitting(
        &self,
        session: &mut Session,
        batches: &[EncodedBatch],
    ) -> Result<usize, LogError> {
        let options = &self.log.options;
        let mut position = session.slot.position;
        let mut next_offset = session.slot.next_offset;
        for (count, batch) in batches.iter().enumerate() {
            let last_offset = next_offset + i64::from(batch.header().last_offset_delta);
            let full = position + batch.bytes().len() as u64 > options.segment_bytes
                || last_offset - session.slot.base >= i64::from(i32::MAX)
                || self.is_too_old(session, batch)?;
            if full && position > 0 {
                return Ok(count);
            }
            position += batch.bytes().len() as u64;
            next_offset = last_offset + 1;
        }
        Ok(batches.len())
    }

    /// Whether the batch is so much younger than the segment's first one that retention could
    /// not drop the segment whole.
    fn is_too_old(&self, session: &mut Session, batch: &EncodedBatch) -> Result<bool, LogError> {
        let Some(segment_ms) = self.log.options.segment_ms else { return Ok(false) };
        let small = session.slot.position < self.log.options.aged_segment_bytes_min;
        if session.slot.position == 0 || small {
            return Ok(false);
        }
        let first_time = match session.active.first_time {
            Some(time) => time,
            None => {
                let mut header = [0; HEADER_BYTES];
                let filled = read_up_to(session.active.file.as_ref(), &mut header, 0)?;
                let Ok(header) = BatchHeader::parse(&header[..filled]) else { return Ok(false) };
                session.active.first_time = Some(header.max_timestamp);
                header.max_timestamp
            }
        };
        Ok(batch.max_timestamp().saturating_sub(first_time) > segment_ms)
    }

    /// Closes the active segment and makes the next one the active one.
    ///
    /// Order: the old segment is synced, and the directory entries that lead to it; the new file
    /// is made; the tail slot names it; only then may a batch go into it. So a non-empty segment
    /// always has a whole, durable predecessor, and a power cut leaves no hole.
    pub(super) fn roll(&mut self, session: &mut Session) -> Result<(), LogError> {
        let record = RecoveryRecord::read(session.guard.file())?;
        let named = record.durable.is_some_and(|slot| slot.segment == session.slot.segment);
        let point = self.point(session);
        if let Err(error) = point.sync_files(named) {
            let failed = Slot { sync_failed: true, ..session.slot };
            // If even the flag cannot be written, this process at least goes no further.
            let _ = write_slot(session.guard.file(), Which::Tail, &failed);
            return Err(self.log.sync_failed(Some(error)));
        }
        write_slot(session.guard.file(), Which::Durable, &session.slot)?;
        let closed = session.slot.base;
        let base = session.slot.next_offset;
        match self.log.dir.create(&segment_name(base), self.log.options.file_mode) {
            Ok(_) => {}
            // A roll that died here before left an empty file of this name.
            Err(error) if error.source.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
        let file = self.log.open_segment(base, Access::Write)?;
        let stat = file.stat()?;
        if stat.size_bytes > 0 {
            // No tail slot ever named these bytes, so they are not ours; they are kept all the same.
            let stray = Active { file: file.clone(), id: stat.id, base, first_time: None };
            self.log.copy_rest(&stray, 0, stat.size_bytes, session.slot.epoch)?;
            file.set_size(0)?;
        }
        let entry = SegmentEntry { base, size_bytes: 0, id: stat.id };
        let slot = Slot {
            last_time: session.slot.last_time,
            epoch: session.slot.epoch,
            ..at_start(&entry, session.slot.boot)
        };
        write_slot(session.guard.file(), Which::Tail, &slot)?;
        session.slot = slot;
        session.active = Active { file, id: stat.id, base, first_time: None };
        self.remove_strays(base)?;
        self.chores.push(Chore::Seal { log: self.log.clone(), base: closed });
        Ok(())
    }

    /// Removes empty segments that dead writers left behind.
    fn remove_strays(&self, active: i64) -> Result<(), LogError> {
        let strays: Vec<OsString> = list(self.log.dir.as_ref())?
            .iter()
            .filter(|segment| segment.size_bytes == 0 && segment.base != active)
            .map(|segment| segment_name(segment.base))
            .collect();
        for name in strays {
            self.log.dir.remove_file(&name)?;
        }
        Ok(())
    }

    /// Asks for a sync once the segment is seven eighths full.
    pub(super) fn plan_early_sync(&mut self, session: &Session, before: u64) {
        let mark = self.log.options.segment_bytes / 8 * 7;
        if before < mark && session.slot.position >= mark {
            self.chores.push(Chore::SyncEarly(self.point(session)));
        }
    }
}
