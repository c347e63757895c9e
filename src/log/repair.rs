//! After a failed sync: a new file with what is known to be on the disk, and the rest set aside.
//!
//! A kernel that could not write a page calls it clean afterwards, so the cache cannot be
//! trusted. Only bytes below the durable position were ever confirmed; they are copied to a new
//! file, and what lies above is kept as a cut file for whoever wants to look.

use std::path::PathBuf;

use crate::fs::{Access, Replace, temporary_name};

use super::end::{LogEnd, Trust, advance, at_start, choose};
use super::error::LogError;
use super::lock::{LockFile, LockGuard};
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot, Which, write_slot};
use super::recover::{Active, copy_range};
use super::segment::{list, segment_name};

/// What a repair did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// Where the log ends now.
    pub end: LogEnd,
    /// Where the bytes above the durable position were kept, if there were any.
    pub kept_in: Option<PathBuf>,
}

impl PartitionLog {
    /// Whether a sync failed in this boot and was not repaired since.
    ///
    /// # Errors
    ///
    /// [`LogError::Gone`], or the operating system's.
    pub fn sync_has_failed(&self) -> Result<bool, LogError> {
        let record = RecoveryRecord::read(self.open_lock_file(Access::Read)?.as_ref())?;
        Ok(self.failed(&record))
    }

    /// Replaces the active segment by a synced copy of what is known to be durable. `epoch` names
    /// the cut file; the caller has raised the stream's epoch to it before. `None` if no sync
    /// had failed.
    ///
    /// # Errors
    ///
    /// The operating system's; the log is as it was, or already whole, and the call may be
    /// repeated.
    pub fn repair(&self, epoch: i32) -> Result<Option<Repaired>, LogError> {
        let lock_file = LockFile::new(self.open_lock_file(Access::Write)?, self.options.lock_wait);
        let guard = LockGuard::take(&lock_file)?;
        self.check_lock_file(lock_file.file())?;
        let record = RecoveryRecord::read(guard.file())?;
        if !self.failed(&record) {
            return Ok(None);
        }
        let segments = list(self.dir.as_ref())?;
        let start = choose(&segments, &record, self.boot).ok_or_else(|| self.no_segment())?;
        let active = self.open_active(start.entry.base)?;
        let boot = self.boot.unwrap_or_default();
        let durable = match record.durable {
            Some(slot) if slot.base == start.entry.base && slot.segment == active.id => slot,
            _ => at_start(&start.entry, boot),
        };
        let size_bytes = active.file.size_bytes()?;
        let kept_in = if size_bytes > durable.position {
            Some(self.copy_rest(&active, durable.position, size_bytes, epoch)?)
        } else {
            None
        };
        // Whoever still has an epoch from before must read `meta` again first.
        let slot = Slot { epoch, ..self.replace_by_copy(&active, &durable)? };
        write_slot(guard.file(), Which::Durable, &slot)?;
        write_slot(guard.file(), Which::Tail, &slot)?;
        debug_assert_eq!(start.trust, Trust::Tail, "a failed flag counts only in a valid tail");
        Ok(Some(Repaired { end: LogEnd::from(&slot), kept_in }))
    }

    /// Writes `0..durable.position` to a new file, syncs it and puts it in the segment's place.
    fn replace_by_copy(&self, active: &Active, durable: &Slot) -> Result<Slot, LogError> {
        let name = temporary_name();
        let copy = self.dir.create(&name, self.options.file_mode)?;
        copy_range(active.file.as_ref(), copy.as_ref(), 0, durable.position)?;
        copy.sync_data()?;
        self.dir.rename(&name, self.dir.as_ref(), &segment_name(active.base), Replace::Always)?;
        self.dir.sync()?;
        let entry = super::segment::SegmentEntry {
            base: active.base,
            size_bytes: durable.position,
            id: copy.stat()?.id,
        };
        let boot = self.boot.unwrap_or_default();
        let (slot, _) =
            advance(copy.as_ref(), at_start(&entry, boot), durable.position, self.options.gaps)?;
        Ok(slot)
    }
}
