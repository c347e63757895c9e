//! The topic that a producer's batches go to, as the writer thread sees it.

use crate::log::{Appended, Chore};
use crate::record::EncodedBatch;
use crate::store::{PartitionWriter, StoreError, Stream, Topic, WriteError};

/// The partitions of a topic, opened as they are written to.
#[derive(Debug)]
pub(super) struct Outlet {
    stream: Stream,
    topic: Topic,
    writers: Vec<Option<PartitionWriter>>,
}

impl Outlet {
    pub(super) fn new(stream: Stream, topic: Topic) -> Self {
        let mut outlet = Self { stream, topic, writers: Vec::new() };
        outlet.close_all();
        outlet
    }

    fn close_all(&mut self) {
        self.writers.clear();
        self.writers.resize_with(self.topic.partitions() as usize, || None);
    }

    /// Appends batches to a partition, in order and in one go.
    ///
    /// If the topic was deleted and nothing of the batches was stored, they go into the topic that
    /// has its name now, if there is one.
    ///
    /// # Errors
    ///
    /// Whatever stopped it, with what is stored nevertheless.
    pub(super) fn append(
        &mut self,
        partition: u32,
        batches: &mut [EncodedBatch],
    ) -> Result<Appended, WriteError> {
        match self.writer(partition)?.append(batches) {
            Err(WriteError { error: error @ StoreError::TopicGone { .. }, stored: None }) => {
                self.reopen(error)?;
                self.writer(partition)?.append(batches)
            }
            outcome => outcome,
        }
    }

    /// Goes on with a newer topic of the same name; without one, gives back what was met.
    fn reopen(&mut self, gone: StoreError) -> Result<(), StoreError> {
        match self.stream.topic(self.topic.name()) {
            Ok(topic) => self.topic = topic,
            Err(StoreError::TopicNotFound { .. }) => return Err(gone),
            Err(error) => return Err(error),
        }
        self.close_all();
        Ok(())
    }

    fn writer(&mut self, partition: u32) -> Result<&mut PartitionWriter, StoreError> {
        let Some(writer) = self.writers.get_mut(partition as usize) else {
            // The newer topic has fewer partitions than the one the batch was made for.
            return Err(StoreError::PartitionNotFound {
                topic: self.topic.name().clone(),
                partition,
                partitions: self.topic.partitions(),
            });
        };
        match writer {
            Some(writer) => Ok(writer),
            none => Ok(none.insert(self.topic.writer(partition)?)),
        }
    }

    /// Returns work that came up and may be done later, on any thread, or never.
    pub(super) fn take_chores(&mut self, partition: u32) -> Vec<Chore> {
        let writer = self.writers.get_mut(partition as usize).and_then(Option::as_mut);
        writer.map(PartitionWriter::take_chores).unwrap_or_default()
    }
}
