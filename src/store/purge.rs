//! Purging: closed segments in which every record has expired are removed from the disk.

use crate::access::Action;
use crate::path::TopicName;

use super::error::StoreError;
use super::stream::Stream;
use super::topic::Topic;

/// A segment that was removed, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgedSegment {
    /// The topic.
    pub topic: TopicName,
    /// The partition.
    pub partition: u32,
    /// Offset of the segment's first record.
    pub base_offset: i64,
    /// Its length. Bytes.
    pub size_bytes: u64,
}

/// Whether a purge is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purge {
    /// Nothing is removed, only told.
    Plan,
    /// What is told was removed.
    Remove,
}

impl Stream {
    /// Removes every closed segment whose records are all older than the stream's time to live,
    /// from the start of each partition on; with `Purge::Plan` only tells them. The last segment
    /// of a partition always stays, and with a time to live of 0 all do.
    ///
    /// # Errors
    /// `StreamGone`, or the file system's; what was told before is removed.
    pub fn purge(
        &self,
        purge: Purge,
        report: &mut dyn FnMut(PurgedSegment),
    ) -> Result<(), StoreError> {
        self.authorize(Action::StreamPurge)?;
        let ttl_s = self.attributes()?.ttl_s;
        let Some(ttl_s) = i64::try_from(ttl_s).ok().filter(|seconds| *seconds > 0) else {
            return Ok(());
        };
        let now = self.shared().context.clock.now().0;
        let oldest = now.saturating_sub(ttl_s.saturating_mul(1000));
        for object in self.topic_objects()? {
            let topic = match self.topic(&object.name) {
                Ok(topic) => topic,
                // Deleted in the meantime.
                Err(StoreError::TopicNotFound { .. } | StoreError::TopicGone { .. }) => continue,
                Err(error) => return Err(error),
            };
            for partition in 0..topic.partitions() {
                topic.purge(partition, oldest, purge, report)?;
            }
        }
        Ok(())
    }
}

impl Topic {
    fn purge(
        &self,
        partition: u32,
        oldest: i64,
        purge: Purge,
        report: &mut dyn FnMut(PurgedSegment),
    ) -> Result<(), StoreError> {
        let Some(log) = self.partition_log(partition)? else { return Ok(()) };
        let segments = match purge {
            Purge::Plan => log.expired_segments(oldest)?,
            Purge::Remove => log.trim(oldest)?,
        };
        if purge == Purge::Remove && !segments.is_empty() {
            // Points carry sums over the whole log: they are found again from its new start on.
            self.shared.catalogue().add_points(self.object.id, partition, &[], Some(0));
        }
        for segment in segments {
            report(PurgedSegment {
                topic: self.object.name.clone(),
                partition,
                base_offset: segment.base,
                size_bytes: segment.size_bytes,
            });
        }
        Ok(())
    }
}
