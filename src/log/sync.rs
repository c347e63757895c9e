//! From written to durable: syncing outside the lock, and remembering a sync that failed.

use crate::fs::{File, PathError};

use super::end::LogEnd;
use super::error::LogError;
use super::lock::{LockFile, LockGuard};
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot, Which, write_slot};

/// An end of the log that may be made durable, on any thread.
#[derive(Clone, Debug)]
pub struct SyncPoint {
    pub(super) log: PartitionLog,
    pub(super) lock_file: LockFile,
    pub(super) segment: File,
    pub(super) slot: Slot,
}

impl SyncPoint {
    /// The end of the log this point stands for.
    pub fn end(&self) -> LogEnd {
        LogEnd::from(&self.slot)
    }

    /// Makes everything up to this end durable: the bytes, and for a new segment the directory
    /// entries that lead to it. One call also covers what others had written before it began.
    ///
    /// # Errors
    ///
    /// [`LogError::SyncFailed`] when the disk refused now or earlier: whatever was not yet
    /// acknowledged must not be, by anybody, until the log is repaired. Never call it again to
    /// see whether it works now: the kernel would say yes.
    pub fn sync(&self) -> Result<(), LogError> {
        let record = RecoveryRecord::read(self.lock_file.file().as_ref())?;
        if self.log.failed(&record) {
            return Err(self.log.sync_failed(None));
        }
        if let Some(durable) = record.durable
            && self.covered_by(&durable)
        {
            return Ok(());
        }
        // What others wrote since is synced along, and their syncs then have less to do.
        let goal = match record.tail {
            Some(tail)
                if self.log.boot == Some(tail.boot)
                    && tail.segment == self.slot.segment
                    && tail.position > self.slot.position =>
            {
                tail
            }
            _ => self.slot,
        };
        let named = record.durable.is_some_and(|slot| slot.segment == self.slot.segment);
        if let Err(error) = self.sync_files(named) {
            self.remember_failure();
            return Err(self.log.sync_failed(Some(error)));
        }
        let guard = LockGuard::take(&self.lock_file)?;
        let record = RecoveryRecord::read(guard.file())?;
        if self.log.failed(&record) {
            return Err(self.log.sync_failed(None));
        }
        let raise = match record.durable {
            Some(durable) if durable.segment == goal.segment && durable.base == goal.base => {
                durable.position < goal.position
            }
            Some(durable) => durable.base < goal.base,
            None => true,
        };
        if raise {
            write_slot(guard.file(), Which::Durable, &goal)?;
        }
        Ok(())
    }

    fn covered_by(&self, durable: &Slot) -> bool {
        durable.base > self.slot.base
            || (durable.segment == self.slot.segment
                && durable.base == self.slot.base
                && durable.position >= self.slot.position)
    }

    pub(super) fn sync_files(&self, directories_are_durable: bool) -> Result<(), PathError> {
        self.segment.sync_data()?;
        if !directories_are_durable {
            self.log.dir.sync()?;
            for parent in self.log.parents.iter() {
                parent.sync()?;
            }
        }
        Ok(())
    }

    /// Sets the flag that stops every process from acknowledging anything more. If even that
    /// cannot be written, at least this process has refused.
    fn remember_failure(&self) {
        let Ok(guard) = LockGuard::take(&self.lock_file) else { return };
        let Ok(record) = RecoveryRecord::read(guard.file()) else { return };
        let tail = record.tail.filter(|tail| self.log.boot == Some(tail.boot)).unwrap_or(self.slot);
        let _ = write_slot(guard.file(), Which::Tail, &Slot { sync_failed: true, ..tail });
    }
}

impl PartitionLog {
    /// Whether a sync failed in this boot.
    pub(super) fn failed(&self, record: &RecoveryRecord) -> bool {
        record.tail.is_some_and(|tail| tail.sync_failed && self.boot == Some(tail.boot))
    }

    pub(super) fn sync_failed(&self, source: Option<PathError>) -> LogError {
        LogError::SyncFailed { directory: self.dir.path().to_path_buf(), source }
    }
}
