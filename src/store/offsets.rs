//! The offsets at which a partition begins and ends, and where its newest record is.

use std::ops::Range;

use super::error::StoreError;
use super::topic::Topic;

impl Topic {
    /// Returns the offsets that a partition has now: from the first one that can be read to the one
    /// behind the last.
    ///
    /// # Errors
    /// `PartitionNotFound`, `TopicGone`, or the file system's.
    pub fn offsets(&self, partition: u32) -> Result<Range<i64>, StoreError> {
        let mut reader = self.listing_reader(partition)?;
        let end = reader.end_offset()?;
        Ok(reader.start_offset()?.min(end)..end)
    }

    /// Returns the offset of the first record that has the largest timestamp of a partition; `None`
    /// if it holds no record.
    ///
    /// # Errors
    /// As [`Topic::offsets`].
    pub fn offset_of_max_timestamp(&self, partition: u32) -> Result<Option<i64>, StoreError> {
        self.check_partition(partition)?;
        match self.partition_summary(partition)?.max_timestamp {
            Some(time) => self.offset_of_time(partition, time),
            None => Ok(None),
        }
    }
}
