//! Appending to one partition: its directory, the epoch, frozen marks and index points seen to.

use std::{error, fmt};

use crate::fs::{Access, flock_holder};
use crate::log::{AppendTime, Appended, Appender, Chore, Cut, LogError};
use crate::record::{EncodedBatch, TimestampType};

use super::error::StoreError;
use super::layout::APPEND_LOCK;
use super::points::note_points;
use super::topic::Topic;

/// Bytes written between two visits to the index.
const POINTS_EVERY_BYTES: u64 = 8 << 20;
/// A segment is closed when it spans this part of the time to live, so that what has expired can
/// go in whole files.
const SEGMENTS_PER_TTL: i64 = 4;
/// Smaller segments are not closed by age. Bytes.
const AGED_SEGMENT_BYTES_MIN: u64 = 1 << 20;
/// How often one append is tried again after something was put right.
const ATTEMPTS: u32 = 5;

/// Appends to one partition of a topic. One per thread; any number of processes.
#[derive(Debug)]
pub struct PartitionWriter {
    topic: Topic,
    partition: u32,
    time: TimestampType,
    /// `None` if messages live for ever. Milliseconds.
    segment_ms: Option<i64>,
    appender: Option<Appender>,
    cuts: Vec<Cut>,
    unnoted_bytes: u64,
}

/// An append that did not store everything.
#[derive(Debug)]
pub struct WriteError {
    /// Why it stopped.
    pub error: StoreError,
    /// What is whole in the log all the same: it counts as stored and must not be sent again.
    pub stored: Option<Box<Appended>>,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl error::Error for WriteError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.error.source()
    }
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        Self { error, stored: None }
    }
}

impl PartitionWriter {
    pub(super) fn new(topic: Topic, partition: u32) -> Result<Self, StoreError> {
        let row = {
            let mut catalogue = topic.shared.catalogue();
            catalogue.refresh(None).map_err(|error| topic.shared.gone_if_missing(error))?;
            catalogue.stream(None)?
        };
        let Some(attributes) = row.attributes else {
            return Err(StoreError::StreamGone { stream: topic.shared.path.clone() });
        };
        let time = topic.timestamp_type(&attributes);
        let ttl_ms = i64::try_from(attributes.ttl_s).unwrap_or(i64::MAX).saturating_mul(1000);
        Ok(Self {
            topic,
            partition,
            time,
            segment_ms: (ttl_ms > 0).then_some(ttl_ms / SEGMENTS_PER_TTL),
            appender: None,
            cuts: Vec::new(),
            unnoted_bytes: 0,
        })
    }

    /// The topic written to.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The partition written to.
    pub fn partition(&self) -> u32 {
        self.partition
    }

    /// Whose clock stamps the messages.
    pub fn timestamp_type(&self) -> TimestampType {
        self.time
    }

    /// Makes everything ready for an append, so that the first one does not have to.
    ///
    /// # Errors
    /// As `append`.
    pub fn prepare(&mut self) -> Result<(), StoreError> {
        self.topic.shared.epoch_for_appending()?;
        if self.appender.is_some() {
            return Ok(());
        }
        let log = match self.topic.partition_log(self.partition)? {
            Some(log) => log,
            None => self.topic.make_partition(self.partition)?,
        };
        let log = match self.segment_ms {
            Some(segment_ms) => log.closing_after(segment_ms, AGED_SEGMENT_BYTES_MIN),
            None => log,
        };
        self.appender = Some(log.appender()?);
        Ok(())
    }

    /// Appends batches in order and returns where they went. They are in the kernel's hands then;
    /// `Appended::sync` makes them durable, on any thread.
    ///
    /// Waits for the append lock as long as it takes; see `lock_holder`.
    ///
    /// # Errors
    /// `TopicGone`, `StreamGone`, `ReadOnly`, or what the log says. `stored` tells what is in the
    /// log nevertheless.
    pub fn append(&mut self, batches: &mut [EncodedBatch]) -> Result<Appended, WriteError> {
        for _ in 0..ATTEMPTS {
            self.prepare().map_err(|error| self.gone(error))?;
            let epoch = self.topic.shared.epoch_for_appending()?;
            let time = match self.time {
                TimestampType::CreateTime => AppendTime::Create,
                TimestampType::LogAppendTime => {
                    AppendTime::LogAppend(self.topic.shared.context.clock.now().0)
                }
            };
            let Some(appender) = self.appender.as_mut() else { continue };
            match appender.append(batches, epoch, time) {
                Ok(appended) => {
                    self.cuts.extend(appender.take_cuts());
                    let bytes: usize = batches.iter().map(|batch| batch.bytes().len()).sum();
                    self.count(bytes as u64);
                    return Ok(appended);
                }
                Err(failure) if failure.stored.is_some() => {
                    let error = self.gone(failure.error.into());
                    return Err(WriteError { error, stored: failure.stored });
                }
                Err(failure) => self.put_right(failure.error)?,
            }
        }
        Err(StoreError::Damaged {
            path: self.topic.dir.path().join(self.partition.to_string()),
            reason: "its log cannot be brought into step with the stream's catalogue".to_owned(),
        }
        .into())
    }

    /// Deals with what an append met; returns if it is worth another try.
    fn put_right(&mut self, error: LogError) -> Result<(), StoreError> {
        let shared = &self.topic.shared;
        match error {
            LogError::StaleEpoch { tail_epoch, .. } => {
                shared.epoch_after_stale(tail_epoch).map(drop)
            }
            LogError::Frozen { .. } => match self.topic.partition_log(self.partition) {
                Ok(Some(log)) => shared.resolve_frozen(&self.topic.object, &log),
                Ok(None) => Err(StoreError::TopicGone { topic: self.topic.object.name.clone() }),
                Err(error) => Err(error),
            },
            error => Err(self.gone(error.into())),
        }
    }

    /// A file that vanished means that the topic is gone.
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
            Ok(_) => error,
            Err(gone @ (StoreError::TopicGone { .. } | StoreError::StreamGone { .. })) => gone,
            Err(_) => error,
        }
    }

    /// What was cut off the end of the log since this was last asked.
    pub fn take_cuts(&mut self) -> Vec<Cut> {
        std::mem::take(&mut self.cuts)
    }

    /// Work that may be done now, on any thread, or never.
    pub fn take_chores(&mut self) -> Vec<Chore> {
        self.appender.as_mut().map(Appender::take_chores).unwrap_or_default()
    }

    /// The process that holds the append lock, where it can be seen: for a message about waiting.
    pub fn lock_holder(&self) -> Option<u32> {
        lock_holder(&self.topic, self.partition)
    }

    fn count(&mut self, bytes: u64) {
        self.unnoted_bytes += bytes;
        if self.unnoted_bytes >= POINTS_EVERY_BYTES {
            self.note_points();
        }
    }

    /// Notes index points for what was written, if the gate is free at once.
    pub fn note_points(&mut self) {
        self.unnoted_bytes = 0;
        if let Some(appender) = &self.appender {
            note_points(&self.topic, self.partition, appender.log());
        }
    }
}

impl Drop for PartitionWriter {
    fn drop(&mut self) {
        // Short writes leave less than a point's worth, which a walk finds at no cost.
        if self.unnoted_bytes > super::points::POINT_BYTES {
            self.note_points();
        }
    }
}

/// The process that holds the append lock of a partition, where it can be seen.
pub(super) fn lock_holder(topic: &Topic, partition: u32) -> Option<u32> {
    let log = topic.partition_log(partition).ok()??;
    let file = log.dir().open(std::ffi::OsStr::new(APPEND_LOCK), Access::Read).ok()?;
    flock_holder(file.stat().ok()?.id)
}
