//! Positioning a reader: by offset and by time, with or without a hint from an index.

use std::io::ErrorKind;

use crate::fs::Access;

use super::error::LogError;
use super::read::Reader;
use super::segment::{SegmentEntry, list};
use super::verdict::Expect;
use super::walk::Walk;

/// A batch that an index names: where its first record should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Base offset of the segment.
    pub segment_base: i64,
    /// Where the batch starts in it. Bytes.
    pub position: u64,
    /// Its base offset.
    pub base_offset: i64,
}

impl Reader {
    /// Puts the reader on the batch that holds `offset`; records before it may come first. The
    /// offset after the last record is a legal place: the reader then waits there.
    ///
    /// # Errors
    ///
    /// [`LogError::OffsetOutOfRange`] with the log's bounds, or the operating system's; the reader
    /// is where it was.
    pub fn seek(&mut self, offset: i64, hint: Option<Hint>) -> Result<(), LogError> {
        if let Some(hint) = hint
            && hint.base_offset <= offset
            && self.log.has_batch_at(hint.segment_base, hint.position, hint.base_offset)?
        {
            let walk = self.log.walk(hint.segment_base, hint.position, hint.base_offset)?;
            if self.walk_to(hint.segment_base, walk, offset)? {
                return Ok(());
            }
        }
        let segments = self.log.segments()?;
        let start = self.log.start_offset()?;
        if offset < start {
            return Err(self.out_of_range(offset, start)?);
        }
        let holding = holding(&segments, offset).ok_or_else(|| self.log.no_segment())?;
        let walk = match self.log.walk(holding.base, 0, holding.base) {
            Ok(walk) => walk,
            Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => {
                return Err(self.out_of_range(offset, self.log.start_offset()?)?);
            }
            Err(error) => return Err(error),
        };
        if self.walk_to(holding.base, walk, offset)? {
            return Ok(());
        }
        Err(self.out_of_range(offset, start)?)
    }

    /// Puts the reader on the first batch whose largest timestamp reaches `timestamp`
    /// (milliseconds), or at the end. Records that are older may come first.
    ///
    /// # Errors
    ///
    /// The operating system's; the reader is where it was.
    pub fn seek_time(&mut self, timestamp: i64, hint: Option<Hint>) -> Result<(), LogError> {
        let segments: Vec<SegmentEntry> = list(self.log.dir.as_ref())?;
        let mut start = None;
        if let Some(hint) = hint
            && self.log.has_batch_at(hint.segment_base, hint.position, hint.base_offset)?
        {
            start = Some(hint);
        }
        let mut last = None;
        for segment in &segments {
            let hint = start.filter(|hint| hint.segment_base >= segment.base);
            let (position, offset) = match hint {
                Some(hint) if hint.segment_base > segment.base => continue,
                Some(hint) => (hint.position, hint.base_offset),
                None => (0, segment.base),
            };
            let mut walk = match self.log.walk(segment.base, position, offset) {
                Ok(walk) => walk,
                Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => continue,
                Err(error) => return Err(error),
            };
            let mut before = (walk.position(), walk.expect());
            while let Some(walked) = walk.step()? {
                if walked.header.max_timestamp >= timestamp {
                    return self.place(segment.base, before.0, before.1);
                }
                before = (walk.position(), walk.expect());
            }
            if walk.fault().is_some() {
                // The reader itself will judge what is here.
                return self.place(segment.base, before.0, before.1);
            }
            if segment.size_bytes > 0 || last.is_none() {
                last = Some((segment.base, before));
            }
        }
        let (base, (position, expect)) = last.ok_or_else(|| self.log.no_segment())?;
        self.place(base, position, expect)
    }

    /// Walks on until the batch that holds `offset`. `false` if the log ends before it.
    fn walk_to(&mut self, base: i64, mut walk: Walk, offset: i64) -> Result<bool, LogError> {
        let mut before = (walk.position(), walk.expect());
        while let Some(walked) = walk.step()? {
            if walked.header.last_offset() >= offset {
                self.place(base, before.0, before.1)?;
                return Ok(true);
            }
            before = (walk.position(), walk.expect());
        }
        let (position, expect) = before;
        let found = expect.offset == offset || walk.fault().is_some();
        if found {
            // At the very end, or where a batch may still be being written or is damaged: the
            // reader tells these apart.
            self.place(base, position, Expect { offset: expect.offset, ..expect })?;
            return Ok(expect.offset == offset || self.log.end()?.next_offset >= offset);
        }
        // The segment is closed and ends early: what is missing shows when it is read.
        let closed = self.log.segments()?.iter().any(|s| s.base > base && s.size_bytes > 0);
        if closed {
            self.place(base, position, expect)?;
        }
        Ok(closed)
    }

    fn out_of_range(&self, wanted: i64, start: i64) -> Result<LogError, LogError> {
        let end = self.log.end()?.next_offset;
        Ok(LogError::OffsetOutOfRange { wanted, start, end })
    }
}

/// The segment that holds `offset`: the highest that starts at or below it and is not empty, or
/// the first of all.
fn holding(segments: &[SegmentEntry], offset: i64) -> Option<SegmentEntry> {
    segments
        .iter()
        .rev()
        .find(|segment| segment.base <= offset && segment.size_bytes > 0)
        .or_else(|| segments.first())
        .copied()
}

impl super::partition::PartitionLog {
    /// Opens one segment to watch or to measure it.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn segment_file(&self, base: i64) -> Result<crate::fs::File, LogError> {
        self.open_segment(base, Access::Read)
    }
}
