//! Under the append lock: finding the end of the log, and cutting what a dead writer or a power
//! cut left behind it.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::fs::{Access, File, FileId};

use super::end::{Start, Trust, advance, at_start, choose};
use super::error::LogError;
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot};
use super::resync::{Stretch, find, good_batch_at, read_up_to};
use super::segment::list;

/// The segment that appends go to.
#[derive(Clone, Debug)]
pub(super) struct Active {
    pub(super) file: File,
    pub(super) id: FileId,
    pub(super) base: i64,
    /// Timestamp of the first batch, once it was needed. Milliseconds.
    pub(super) first_time: Option<i64>,
}

/// Bytes that followed the log's end and were cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub segment: PathBuf,
    /// The log's end, where it was cut. Bytes.
    pub position: u64,
    /// How much was cut. Bytes.
    pub cut_bytes: u64,
    /// Where the bytes were kept, because whole batches were among them.
    pub kept_in: Option<PathBuf>,
}

/// The end of the log, found and made clean.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) active: Active,
    pub(super) slot: Slot,
    pub(super) cut: Option<Cut>,
}

impl PartitionLog {
    /// Finds the active segment and the log's end. Whole batches behind the recorded end count;
    /// what is not a batch is cut, and kept in a file of its own where whole batches are in it
    /// (`epoch` names that file). The caller holds the lock.
    pub(super) fn locate(
        &self,
        record: &RecoveryRecord,
        cached: Option<Active>,
        epoch: i32,
    ) -> Result<Located, LogError> {
        if let (Some(slot), Some(active)) = (record.tail, cached)
            && self.boot == Some(slot.boot)
            && active.id == slot.segment
            && active.base == slot.base
        {
            let size_bytes = active.file.size_bytes()?;
            if size_bytes == slot.position {
                return Ok(Located { active, slot, cut: None });
            }
            if size_bytes > slot.position {
                return self.finish(active, slot, Trust::Tail, size_bytes, epoch);
            }
        }
        let segments = list(self.dir.as_ref())?;
        let Start { entry, slot, trust } =
            choose(&segments, record, self.boot).ok_or_else(|| self.no_segment())?;
        let active = self.open_active(entry.base)?;
        let size_bytes = active.file.size_bytes()?;
        let located = self.finish(active, slot, trust, size_bytes, epoch)?;
        // A roll that died after making the next segment, in a boot that is over: appends go on
        // in the empty file that the end names.
        let next = segments.iter().find(|segment| {
            segment.base == located.slot.next_offset
                && segment.base > located.slot.base
                && segment.size_bytes == 0
        });
        if let (Some(next), true) = (next, trust != Trust::Tail) {
            let active = self.open_active(next.base)?;
            let slot = Slot {
                last_time: located.slot.last_time,
                epoch: located.slot.epoch,
                ..at_start(next, located.slot.boot)
            };
            located.active.file.sync_data()?;
            return Ok(Located { active, slot, cut: located.cut });
        }
        Ok(located)
    }

    pub(super) fn open_active(&self, base: i64) -> Result<Active, LogError> {
        let file = self.open_segment(base, Access::Write)?;
        let id = file.stat()?.id;
        Ok(Active { file, id, base, first_time: None })
    }

    /// Walks to the last whole batch and cuts what follows it.
    fn finish(
        &self,
        active: Active,
        slot: Slot,
        trust: Trust,
        size_bytes: u64,
        epoch: i32,
    ) -> Result<Located, LogError> {
        let (slot, _) = advance(active.file.as_ref(), slot, size_bytes, self.options.gaps)?;
        if slot.position == size_bytes {
            return Ok(Located { active, slot, cut: None });
        }
        let kept_in = match trust {
            // Within one boot nothing is lost between: the rest is one dead writer's torn batch.
            Trust::Tail => None,
            Trust::Durable | Trust::Nothing => self.keep_rest(&active, &slot, size_bytes, epoch)?,
        };
        active.file.set_size(slot.position)?;
        let cut = Cut {
            segment: active.file.path().to_path_buf(),
            position: slot.position,
            cut_bytes: size_bytes - slot.position,
            kept_in,
        };
        Ok(Located { active, slot, cut: Some(cut) })
    }

    /// Copies what is about to be cut if whole batches are in it.
    fn keep_rest(
        &self,
        active: &Active,
        slot: &Slot,
        size_bytes: u64,
        epoch: i32,
    ) -> Result<Option<PathBuf>, LogError> {
        let stretch = Stretch {
            position: slot.position,
            limit: size_bytes,
            offset: slot.next_offset,
            offset_limit: i64::MAX,
        };
        let here = good_batch_at(active.file.as_ref(), slot.position, stretch)?;
        if here.is_none() && find(active.file.as_ref(), stretch)?.is_none() {
            return Ok(None);
        }
        self.copy_rest(active, slot.position, size_bytes, epoch).map(Some)
    }

    /// Copies `position..size_bytes` of the segment to `<base>.cut-<epoch>` and syncs the copy.
    pub(super) fn copy_rest(
        &self,
        active: &Active,
        position: u64,
        size_bytes: u64,
        epoch: i32,
    ) -> Result<PathBuf, LogError> {
        let stem = format!("{:020}.cut-{epoch}", active.base);
        let mut name = OsString::from(&stem);
        let mut attempt = 1;
        let copy = loop {
            match self.dir.create(&name, self.options.file_mode) {
                Ok(file) => break file,
                Err(error) if error.source.kind() == ErrorKind::AlreadyExists => {
                    name = format!("{stem}.{attempt}").into();
                    attempt += 1;
                }
                Err(error) => return Err(error.into()),
            }
        };
        copy_range(active.file.as_ref(), copy.as_ref(), position, size_bytes)?;
        copy.sync_data()?;
        self.dir.sync()?;
        Ok(copy.path().to_path_buf())
    }
}

/// Copies `from..to` of one file to the start of another.
pub(super) fn copy_range(
    source: &dyn crate::fs::OpenFile,
    target: &dyn crate::fs::OpenFile,
    from: u64,
    to: u64,
) -> Result<(), LogError> {
    let mut buffer = vec![0; 1 << 20];
    let mut position = from;
    while position < to {
        let want = usize::try_from(to - position).unwrap_or(usize::MAX).min(buffer.len());
        let filled = read_up_to(source, &mut buffer[..want], position)?;
        if filled == 0 {
            break;
        }
        target.write_all_at(&buffer[..filled], position - from)?;
        position += filled as u64;
    }
    Ok(())
}
