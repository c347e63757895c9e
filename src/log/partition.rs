//! One partition's directory as a whole: making it, opening it, freezing it.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::sync::Arc;

use crate::fs::{Access, Dir, File};

use super::append::Appender;
use super::end::{LogEnd, advance, choose};
use super::error::LogError;
use super::lock::{LockFile, LockGuard};
use super::options::LogOptions;
use super::read::Reader;
use super::record_file::{RECORD_FILE_BYTES, RecoveryRecord, write_frozen};
use super::segment::{SegmentEntry, list, segment_name};
use super::verdict::{Depth, Expect, Verdict, examine};
use super::walk::Walk;

/// The file that is locked for one append at a time and holds the recovery record.
pub const APPEND_LOCK: &str = "append.lock";

/// One partition's log: its directory and what must be known to use it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PartitionLog {
    pub(super) dir: Dir,
    pub(super) parents: Arc<[Dir]>,
    pub(super) boot: Option<[u8; 16]>,
    pub(super) options: LogOptions,
}

impl PartitionLog {
    /// Describes the log in `dir`; touches nothing. `parents` are the directories above it whose
    /// entries must be durable before the first acknowledgement from a new segment. `boot` is
    /// the kernel's boot id, without which nothing a recovery record says of unsynced bytes counts.
    pub fn new(
        dir: Dir,
        parents: impl Into<Arc<[Dir]>>,
        boot: Option<[u8; 16]>,
        options: LogOptions,
    ) -> Self {
        Self { dir, parents: parents.into(), boot, options }
    }

    /// The same log, of which a segment of at least `bytes_min` is closed when a batch is
    /// `segment_ms` younger than its first one.
    pub fn closing_after(mut self, segment_ms: i64, bytes_min: u64) -> Self {
        self.options.segment_ms = Some(segment_ms);
        self.options.aged_segment_bytes_min = bytes_min;
        self
    }

    /// The partition's directory.
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// The settings the log is used with.
    pub fn options(&self) -> &LogOptions {
        &self.options
    }

    /// Makes the lock file and a first, empty segment in an existing, empty directory, and syncs
    /// the directory: whoever renames it into place afterwards can never leave, not even by a
    /// power cut, a partition without its lock file, which would read as a deleted one.
    ///
    /// # Errors
    ///
    /// The operating system's; a part of the files may exist then.
    pub fn create(&self, base_offset: i64) -> Result<(), LogError> {
        let mode = self.options.file_mode;
        let lock_file = self.dir.create(OsStr::new(APPEND_LOCK), mode)?;
        lock_file.write_all_at(&[0; RECORD_FILE_BYTES], 0)?;
        self.dir.create(&segment_name(base_offset), mode)?;
        Ok(self.dir.sync()?)
    }

    /// Opens the log for appending. Takes no lock yet.
    ///
    /// # Errors
    ///
    /// [`LogError::Gone`] if there is no lock file: appending never makes one.
    pub fn appender(&self) -> Result<Appender, LogError> {
        let lock_file = self.open_lock_file(Access::Write)?;
        Ok(Appender::new(self.clone(), lock_file))
    }

    /// Opens the log for reading, from its first record on.
    pub fn reader(&self) -> Reader {
        Reader::new(self.clone())
    }

    /// The segments, lowest base offset first.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn segments(&self) -> Result<Vec<SegmentEntry>, LogError> {
        Ok(list(self.dir.as_ref())?)
    }

    /// The first offset of the log: the base of its lowest segment that is not empty.
    ///
    /// # Errors
    ///
    /// [`LogError::NoSegment`], or the operating system's.
    pub fn start_offset(&self) -> Result<i64, LogError> {
        let segments = self.segments()?;
        segments
            .iter()
            .find(|segment| segment.size_bytes > 0)
            .or_else(|| segments.first())
            .map(|segment| segment.base)
            .ok_or_else(|| self.no_segment())
    }

    /// Where the log ends now, found without a lock.
    ///
    /// # Errors
    ///
    /// [`LogError::NoSegment`], [`LogError::Gone`], or the operating system's.
    pub fn end(&self) -> Result<LogEnd, LogError> {
        let record = RecoveryRecord::read(self.open_lock_file(Access::Read)?.as_ref())?;
        // Between the listing and the opening a roll may pass, or retention: look again.
        for _ in 0..8 {
            let segments = self.segments()?;
            let start = choose(&segments, &record, self.boot).ok_or_else(|| self.no_segment())?;
            let file = match self.open_segment(start.entry.base, Access::Read) {
                Ok(file) => file,
                Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => continue,
                Err(error) => return Err(error),
            };
            let size_bytes = file.size_bytes()?;
            let gaps = self.options.gaps;
            let (slot, _) = advance(file.as_ref(), start.slot, size_bytes, gaps)?;
            // Rolled since the record was read: what follows is in a later segment.
            let newer = segments.iter().any(|s| s.base > slot.base && s.size_bytes > 0);
            if newer {
                let record = RecoveryRecord::default();
                if let Some(last) = choose(&segments, &record, self.boot) {
                    let file = self.open_segment(last.entry.base, Access::Read)?;
                    let size_bytes = file.size_bytes()?;
                    let (slot, _) = advance(file.as_ref(), last.slot, size_bytes, gaps)?;
                    return Ok(LogEnd::from(&slot));
                }
            }
            return Ok(LogEnd::from(&slot));
        }
        Err(self.no_segment())
    }

    /// Walks the batch headers of one segment from a known batch boundary on.
    ///
    /// # Errors
    ///
    /// The operating system's; `NotFound` if the segment is gone.
    pub fn walk(&self, segment_base: i64, position: u64, offset: i64) -> Result<Walk, LogError> {
        let file = self.open_segment(segment_base, Access::Read)?;
        let expect = Expect { offset, epoch: -1, gaps: self.options.gaps };
        Walk::new(file, position, expect)
    }

    /// Whether a whole, checked batch with base offset `offset` starts at `position`: what every
    /// index point must pass before it is used.
    ///
    /// # Errors
    ///
    /// The operating system's, except that a missing segment is simply `false`.
    pub fn has_batch_at(
        &self,
        segment_base: i64,
        position: u64,
        offset: i64,
    ) -> Result<bool, LogError> {
        let file = match self.open_segment(segment_base, Access::Read) {
            Ok(file) => file,
            Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        };
        let size_bytes = file.size_bytes()?;
        let remaining_bytes = size_bytes.saturating_sub(position);
        let expect = Expect { offset, epoch: i32::MIN, gaps: super::options::Gaps::Contiguous };
        let mut bytes = vec![0; 4096];
        loop {
            let filled = super::resync::read_up_to(file.as_ref(), &mut bytes, position)?;
            match examine(&bytes[..filled], remaining_bytes, expect, Depth::WithCrc) {
                Verdict::Whole(_) => return Ok(true),
                Verdict::Short { needed_bytes } if needed_bytes > bytes.len() => {
                    bytes.resize(needed_bytes, 0);
                }
                _ => return Ok(false),
            }
        }
    }

    /// Marks the log as being deleted by `operation`, under its lock: no append gets past the mark.
    ///
    /// # Errors
    ///
    /// [`LogError::Gone`], or the operating system's with the mark as it was.
    pub fn freeze(&self, operation: [u8; 16]) -> Result<(), LogError> {
        self.write_mark(Some(operation))
    }

    /// Takes the mark of a deletion that did not take place away again.
    ///
    /// # Errors
    ///
    /// [`LogError::Gone`], or the operating system's with the mark as it was.
    pub fn thaw(&self) -> Result<(), LogError> {
        self.write_mark(None)
    }

    /// The operation that has marked the log for deletion, if any.
    ///
    /// # Errors
    ///
    /// [`LogError::Gone`], or the operating system's.
    pub fn frozen_by(&self) -> Result<Option<[u8; 16]>, LogError> {
        Ok(RecoveryRecord::read(self.open_lock_file(Access::Read)?.as_ref())?.frozen)
    }

    /// Whether everything up to `end` is known to have been synced.
    ///
    /// # Errors
    ///
    /// [`LogError::Gone`], or the operating system's.
    pub fn is_durable(&self, end: &LogEnd) -> Result<bool, LogError> {
        let record = RecoveryRecord::read(self.open_lock_file(Access::Read)?.as_ref())?;
        let Some(slot) = record.durable else { return Ok(false) };
        if slot.base > end.segment_base {
            return Ok(true);
        }
        if slot.base < end.segment_base || slot.position < end.position {
            return Ok(false);
        }
        let stat = match self.dir.stat_entry(&segment_name(slot.base)) {
            Ok(stat) => stat,
            Err(error) if error.source.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        Ok(stat.id == slot.segment)
    }

    fn write_mark(&self, operation: Option<[u8; 16]>) -> Result<(), LogError> {
        let lock_file = LockFile::new(self.open_lock_file(Access::Write)?, self.options.lock_wait);
        let guard = LockGuard::take(&lock_file)?;
        self.check_lock_file(lock_file.file())?;
        write_frozen(guard.file(), operation)?;
        Ok(())
    }

    pub(super) fn open_lock_file(&self, access: Access) -> Result<File, LogError> {
        match self.dir.open(OsStr::new(APPEND_LOCK), access) {
            Ok(file) => Ok(file),
            Err(error) if error.source.kind() == ErrorKind::NotFound => Err(self.gone()),
            Err(error) => Err(error.into()),
        }
    }

    /// After locking a newly opened lock file: is it still the one in the directory?
    pub(super) fn check_lock_file(&self, lock_file: &File) -> Result<(), LogError> {
        let there = match self.dir.stat_entry(OsStr::new(APPEND_LOCK)) {
            Ok(stat) => stat.id,
            Err(error) if error.source.kind() == ErrorKind::NotFound => return Err(self.gone()),
            Err(error) => return Err(error.into()),
        };
        if there == lock_file.stat()?.id { Ok(()) } else { Err(self.gone()) }
    }

    pub(super) fn open_segment(&self, base: i64, access: Access) -> Result<File, LogError> {
        Ok(self.dir.open(&segment_name(base), access)?)
    }

    pub(super) fn no_segment(&self) -> LogError {
        LogError::NoSegment { directory: self.dir.path().to_path_buf() }
    }

    pub(super) fn gone(&self) -> LogError {
        LogError::Gone { directory: self.dir.path().to_path_buf() }
    }
}
