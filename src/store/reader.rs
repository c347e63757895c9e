//! Reading one partition: found by offset or time through index points, or by walking.

use crate::fs::{Dir, File};
use crate::log::{BatchRun, Hint, LogEnd, LogError, PartitionLog, Reader, Step};
use crate::record::BatchHeader;

use super::error::StoreError;
use super::points::{hint, is_valid, newest_valid, note_points};
use super::topic::Topic;

/// Bytes that a search may walk before it leaves points for the next one.
const WALK_BYTES: u64 = 16 << 20;

/// Reads one partition forward, without a lock. A partition that nobody has written to is empty,
/// and the reader notices when that changes.
#[derive(Debug)]
pub struct PartitionReader {
    topic: Topic,
    partition: u32,
    reader: Option<Reader>,
}

impl PartitionReader {
    pub(super) fn new(topic: Topic, partition: u32) -> Result<Self, StoreError> {
        let mut reader = Self { topic, partition, reader: None };
        reader.open()?;
        Ok(reader)
    }

    /// The topic read from.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The partition read from.
    pub fn partition(&self) -> u32 {
        self.partition
    }

    /// The log, once there is one.
    pub fn log(&self) -> Option<&PartitionLog> {
        self.reader.as_ref().map(Reader::log)
    }

    /// The offset of the next record.
    pub fn offset(&self) -> i64 {
        self.reader.as_ref().map_or(0, Reader::offset)
    }

    /// The segment being read, to watch for changes.
    pub fn segment_file(&self) -> Option<&File> {
        self.reader.as_ref().and_then(Reader::segment_file)
    }

    /// The directory to watch for comings and goings: the partition's, or the topic's as long as
    /// the partition has none.
    pub fn directory(&self) -> &Dir {
        self.log().map_or(&self.topic.dir, PartitionLog::dir)
    }

    /// The first offset that can be read.
    ///
    /// # Errors
    /// `TopicGone`, or the file system's.
    pub fn start_offset(&mut self) -> Result<i64, StoreError> {
        match self.open()? {
            Some(reader) => {
                let start = reader.log().start_offset();
                start.map_err(|error| self.gone(error.into()))
            }
            None => Ok(0),
        }
    }

    /// The offset behind the last record there is now.
    ///
    /// # Errors
    /// `TopicGone`, or the file system's.
    pub fn end_offset(&mut self) -> Result<i64, StoreError> {
        Ok(self.end()?.map_or(0, |end| end.next_offset))
    }

    /// Where the log ends now; `None` if nobody has written to the partition.
    ///
    /// # Errors
    /// `TopicGone`, or the file system's.
    pub fn end(&mut self) -> Result<Option<LogEnd>, StoreError> {
        match self.open()? {
            Some(reader) => {
                let end = reader.log().end();
                end.map(Some).map_err(|error| self.gone(error.into()))
            }
            None => Ok(None),
        }
    }

    /// Puts the reader on the batch that holds `offset`; records before it may come first. The
    /// offset behind the last record is a legal place.
    ///
    /// # Errors
    /// `Log(OffsetOutOfRange)` with the bounds; the reader is where it was.
    pub fn seek(&mut self, offset: i64) -> Result<(), StoreError> {
        self.note_points_if_behind();
        let id = self.topic.object.id;
        let partition = self.partition;
        let point = self
            .topic
            .shared
            .catalogue()
            .points(|projection| projection.point_at_or_below(id, partition, offset));
        let Some(reader) = self.open()? else {
            if offset == 0 {
                return Ok(());
            }
            return Err(LogError::OffsetOutOfRange { wanted: offset, start: 0, end: 0 }.into());
        };
        let hint = point.filter(|point| is_valid(reader.log(), point)).map(|point| hint(&point));
        let outcome = reader.seek(offset, hint);
        outcome.map_err(|error| self.gone(error.into()))
    }

    /// Puts the reader on the first batch whose largest timestamp reaches `timestamp`
    /// (milliseconds since 1970), or at the end. Older records may come first.
    ///
    /// # Errors
    /// `TopicGone`, or the file system's; the reader is where it was.
    pub fn seek_time(&mut self, timestamp: i64) -> Result<(), StoreError> {
        self.note_points_if_behind();
        let id = self.topic.object.id;
        let partition = self.partition;
        let (before, _) = self
            .topic
            .shared
            .catalogue()
            .points(|projection| projection.points_around_time(id, partition, timestamp));
        let Some(reader) = self.open()? else { return Ok(()) };
        let hint: Option<Hint> =
            before.filter(|point| is_valid(reader.log(), point)).map(|point| hint(&point));
        let outcome = reader.seek_time(timestamp, hint);
        outcome.map_err(|error| self.gone(error.into()))
    }

    /// Reads up to `want_bytes` of whole batches into `run`; more only if one batch needs it.
    ///
    /// # Errors
    /// The file system's; the reader stays where it was. A deleted topic is `Step::Gone`.
    pub fn read(&mut self, run: &mut BatchRun, want_bytes: usize) -> Result<Step, StoreError> {
        let outcome = match self.open() {
            Ok(Some(reader)) => {
                let outcome = reader.read(run, want_bytes);
                outcome.map_err(|error| self.gone(error.into()))
            }
            Ok(None) => Ok(Step::End),
            Err(error) => Err(error),
        };
        match outcome {
            Err(StoreError::TopicGone { .. } | StoreError::StreamGone { .. }) => Ok(Step::Gone),
            outcome => outcome,
        }
    }

    /// Goes back to a batch of `run`, the last run this reader read: the one whose bytes start at
    /// byte `at` of it.
    pub fn unread(&mut self, run: &BatchRun, batch: &BatchHeader, at: usize) {
        if let Some(reader) = &mut self.reader {
            reader.unread(run, batch, at);
        }
    }

    /// Opens the log as soon as it is there.
    fn open(&mut self) -> Result<Option<&mut Reader>, StoreError> {
        if self.reader.is_none() {
            let log = self.topic.partition_log(self.partition);
            match log.map_err(|error| self.gone(error))? {
                Some(log) => self.reader = Some(log.reader()),
                None => self.check_topic_dir()?,
            }
        }
        Ok(self.reader.as_mut())
    }

    /// A topic whose directory was moved or emptied may be deleted; the catalogue knows.
    fn check_topic_dir(&self) -> Result<(), StoreError> {
        let name = super::layout::topic_dir_name(&self.topic.object);
        let named = self.topic.shared.topics.stat_entry(&name);
        if named.is_ok_and(|stat| self.topic.dir.id().is_ok_and(|id| id == stat.id)) {
            return Ok(());
        }
        self.topic.refreshed().map(drop)
    }

    fn gone(&self, error: StoreError) -> StoreError {
        let missing = match &error {
            StoreError::Log(LogError::Gone { .. } | LogError::NoSegment { .. }) => true,
            StoreError::File(error) => super::layout::is_missing(error),
            _ => false,
        };
        if !missing {
            return error;
        }
        match self.topic.refreshed() {
            Err(gone @ (StoreError::TopicGone { .. } | StoreError::StreamGone { .. })) => gone,
            _ => error,
        }
    }

    /// Leaves points for later searches if the newest one is far from the end.
    fn note_points_if_behind(&mut self) {
        let Ok(Some(end)) = self.end() else { return };
        let Some(log) = self.log().cloned() else { return };
        let (last, _) = newest_valid(&self.topic, self.partition, &log);
        let is_near = last.is_some_and(|point| {
            point.segment_base == end.segment_base
                && end.position.saturating_sub(point.position_bytes) < WALK_BYTES
        });
        let is_short = last.is_none()
            && end.position < WALK_BYTES
            && log.start_offset().is_ok_and(|start| start == end.segment_base);
        if !is_near && !is_short {
            note_points(&self.topic, self.partition, &log);
        }
    }
}
