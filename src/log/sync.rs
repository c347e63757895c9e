//! From written to durable: syncing outside the lock, and remembering a sync that failed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::fs::{File, OpenFile, PathError};

use super::end::LogEnd;
use super::error::LogError;
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot, Which, write_slot};

/// The lock file as one appender opened it, shared with its sync points.
///
/// The kernel's lock belongs to the handle: a second thread that locks the same handle gets the
/// lock at once, and its unlocking takes it from the first. So threads take turns here before.
#[derive(Clone, Debug)]
pub(super) struct LockFile {
    file: File,
    turn: Arc<Mutex<()>>,
}

impl LockFile {
    pub(super) fn new(file: File) -> Self {
        Self { file, turn: Arc::default() }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }
}

/// The append lock, held until dropped.
pub(super) struct LockGuard<'f> {
    file: &'f File,
    /// Given up after the kernel's lock.
    _turn: MutexGuard<'f, ()>,
}

impl<'f> LockGuard<'f> {
    pub(super) fn take(lock_file: &'f LockFile) -> Result<Self, PathError> {
        // A thread that panicked under the lock has left what a dying process leaves.
        let turn = lock_file.turn.lock().unwrap_or_else(PoisonError::into_inner);
        lock_file.file.lock()?;
        Ok(Self { file: &lock_file.file, _turn: turn })
    }

    pub(super) fn file(&self) -> &dyn OpenFile {
        self.file.as_ref()
    }
}

impl Drop for LockGuard<'_> {
    fn drop(&mut self) {
        // A lock that cannot be given back goes with the process; there is nobody to tell.
        let _ = self.file.unlock();
    }
}

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
