//! Appending under the lock: locate the end, stamp, write everything waiting in one go, say so.

use crate::fs::{File, PathError};
use crate::record::EncodedBatch;

use super::end::LogEnd;
use super::error::LogError;
use super::lock::{LockFile, LockGuard};
use super::options::AppendTime;
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot, Which, write_slot};
use super::recover::{Active, Cut, Located};
use super::roll::Chore;
use super::sync::SyncPoint;

/// Where one batch went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Offset of its first record.
    pub base_offset: i64,
    /// Base offset of the segment.
    pub segment_base: i64,
    /// Where in the segment it starts. Bytes.
    pub position: u64,
}

/// What an append stored.
#[derive(Debug)]
pub struct Appended {
    /// One entry a batch, in order.
    pub placed: Vec<Placed>,
    /// The log's end after them, to be made durable.
    pub sync: SyncPoint,
}

/// An append that did not store everything.
#[derive(Debug)]
pub struct AppendError {
    /// Why it stopped.
    pub error: LogError,
    /// What is whole in the log all the same: it counts as stored and must not be sent again.
    pub stored: Option<Box<Appended>>,
}

impl From<LogError> for AppendError {
    fn from(error: LogError) -> Self {
        Self { error, stored: None }
    }
}

impl From<PathError> for AppendError {
    fn from(error: PathError) -> Self {
        Self { error: error.into(), stored: None }
    }
}

/// Appends to one partition. Any number of processes may have one each.
#[derive(Debug)]
pub struct Appender {
    pub(super) log: PartitionLog,
    pub(super) lock_file: LockFile,
    pub(super) chores: Vec<Chore>,
    /// The lock file was compared with the directory's after it was first locked.
    checked: bool,
    active: Option<Active>,
    cuts: Vec<Cut>,
}

/// An append under way: the lock is held, the end is known.
pub(super) struct Session {
    pub(super) guard: LockGuard,
    pub(super) active: Active,
    pub(super) slot: Slot,
    pub(super) placed: Vec<Placed>,
}

impl Appender {
    pub(super) fn new(log: PartitionLog, lock_file: File) -> Self {
        let lock_file = LockFile::new(lock_file, log.options.lock_wait);
        Self { log, lock_file, chores: Vec::new(), checked: false, active: None, cuts: Vec::new() }
    }

    /// The log this appends to.
    pub fn log(&self) -> &PartitionLog {
        &self.log
    }

    /// What was cut off the log's end since this was last asked.
    pub fn take_cuts(&mut self) -> Vec<Cut> {
        std::mem::take(&mut self.cuts)
    }

    /// Work that may be done now, outside the lock, on any thread, or never.
    pub fn take_chores(&mut self) -> Vec<Chore> {
        std::mem::take(&mut self.chores)
    }

    /// Appends `batches` in order, stamping base offsets and `epoch`. Waits for the lock as long
    /// as the log's options say. The bytes reach the kernel, not the disk: see [`SyncPoint::sync`].
    ///
    /// # Errors
    ///
    /// Whatever stopped it; `stored` tells how many batches are in the log nevertheless. A
    /// partial batch is cut off before the lock is given back, or by the next writer.
    pub fn append(
        &mut self,
        batches: &mut [EncodedBatch],
        epoch: i32,
        time: AppendTime,
    ) -> Result<Appended, AppendError> {
        let log = self.log.clone();
        let lock_file = self.lock_file.clone();
        let mut session = self.begin(&log, &lock_file, epoch)?;
        let outcome = self.write_all(&mut session, batches, time);
        self.active = Some(session.active.clone());
        let appended = Appended { sync: self.point(&session), placed: session.placed };
        match outcome {
            Ok(()) => Ok(appended),
            Err(error) => {
                let stored = (!appended.placed.is_empty()).then(|| Box::new(appended));
                Err(AppendError { error, stored })
            }
        }
    }

    /// Finds the end of the log under the lock, making it clean, and gives the lock back.
    ///
    /// # Errors
    ///
    /// As [`Appender::append`].
    pub fn recover(&mut self, epoch: i32) -> Result<LogEnd, LogError> {
        let log = self.log.clone();
        let lock_file = self.lock_file.clone();
        let session = self.begin(&log, &lock_file, epoch)?;
        let end = LogEnd::from(&session.slot);
        let active = session.active.clone();
        drop(session);
        self.active = Some(active);
        Ok(end)
    }

    /// The point up to which the log is written now, to be made durable.
    ///
    /// # Errors
    ///
    /// As [`Appender::append`].
    pub fn sync_point(&mut self, epoch: i32) -> Result<SyncPoint, LogError> {
        let log = self.log.clone();
        let lock_file = self.lock_file.clone();
        let session = self.begin(&log, &lock_file, epoch)?;
        let point = self.point(&session);
        self.active = Some(session.active.clone());
        Ok(point)
    }

    /// The end that the session has reached, to be made durable.
    pub(super) fn point(&self, session: &Session) -> SyncPoint {
        SyncPoint {
            log: self.log.clone(),
            lock_file: self.lock_file.clone(),
            segment: session.active.file.clone(),
            slot: session.slot,
        }
    }

    /// Keeps the open segment for the next append.
    pub(super) fn remember(&mut self, session: &Session) {
        self.active = Some(session.active.clone());
    }

    pub(super) fn begin(
        &mut self,
        log: &PartitionLog,
        lock_file: &LockFile,
        epoch: i32,
    ) -> Result<Session, LogError> {
        let guard = LockGuard::take(lock_file)?;
        if !self.checked {
            log.check_lock_file(lock_file.file())?;
            self.checked = true;
        }
        if lock_file.file().stat()?.links == 0 {
            return Err(log.gone());
        }
        let record = RecoveryRecord::read(guard.file())?;
        if let Some(operation) = record.frozen {
            return Err(LogError::Frozen { operation });
        }
        if log.failed(&record) {
            return Err(log.sync_failed(None));
        }
        let cached = self.active.take();
        let Located { active, slot, cut } = log.locate(&record, cached, epoch)?;
        if record.tail != Some(slot) {
            write_slot(guard.file(), Which::Tail, &slot)?;
        }
        self.cuts.extend(cut);
        if slot.epoch > epoch {
            return Err(LogError::StaleEpoch { epoch, tail_epoch: slot.epoch });
        }
        let slot = Slot { epoch, ..slot };
        Ok(Session { guard, active, slot, placed: Vec::new() })
    }

    pub(super) fn write_all(
        &mut self,
        session: &mut Session,
        batches: &mut [EncodedBatch],
        time: AppendTime,
    ) -> Result<(), LogError> {
        session.placed.reserve_exact(batches.len());
        let mut rest = batches;
        while !rest.is_empty() {
            let fitting = self.count_fitting(session, rest)?;
            if fitting == 0 {
                self.roll(session)?;
                continue;
            }
            let (now, later) = rest.split_at_mut(fitting);
            self.write_run(session, now, time)?;
            rest = later;
        }
        Ok(())
    }

    /// Stamps and writes batches that fit into the active segment, then the tail slot.
    fn write_run(
        &mut self,
        session: &mut Session,
        batches: &mut [EncodedBatch],
        time: AppendTime,
    ) -> Result<(), LogError> {
        let mut slots = Vec::with_capacity(batches.len());
        let mut slot = session.slot;
        for batch in batches.iter_mut() {
            if let AppendTime::LogAppend(now) = time {
                batch.stamp_append_time(now.max(slot.last_time));
            }
            batch.stamp(slot.next_offset, slot.epoch);
            slot.position += batch.bytes().len() as u64;
            slot.last_time = slot.last_time.max(batch.max_timestamp());
            slot.next_offset += i64::from(batch.header().last_offset_delta) + 1;
            slots.push(slot);
        }
        let parts: Vec<&[u8]> = batches.iter().map(EncodedBatch::bytes).collect();
        let start = session.slot.position;
        let outcome = session.active.file.write_all_vectored_at(&parts, start);
        let written_bytes = match &outcome {
            Ok(()) => slot.position - start,
            Err((written_bytes, _)) => *written_bytes,
        };
        let whole = slots.iter().take_while(|slot| slot.position <= start + written_bytes).count();
        let mut at = session.slot;
        for after in slots.iter().take(whole) {
            session.placed.push(Placed {
                base_offset: at.next_offset,
                segment_base: at.base,
                position: at.position,
            });
            at = *after;
        }
        let before = session.slot.position;
        session.slot = at;
        if outcome.is_err() && start + written_bytes > at.position {
            // Best effort: the next writer cuts it otherwise.
            let _ = session.active.file.set_size(at.position);
        }
        write_slot(session.guard.file(), Which::Tail, &session.slot)?;
        self.plan_early_sync(session, before);
        outcome.map_err(|(_, error)| LogError::Io(error))
    }
}
