//! One topic of a stream.

use std::sync::Arc;

use crate::access::Action;
use crate::catalog::{StreamAttributes, TopicObject};
use crate::fs::Dir;
use crate::path::{StreamPath, TopicName};
use crate::record::TimestampType;

use super::error::StoreError;
use super::reader::PartitionReader;
use super::session::Session;
use super::stream::Shared;
use super::writer::PartitionWriter;

/// An open topic. It stays the same topic when it is renamed, and never becomes another one of
/// the same name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Topic {
    pub(super) shared: Arc<Shared>,
    pub(super) object: TopicObject,
    pub(super) dir: Dir,
}

impl Topic {
    pub(super) fn open(shared: Arc<Shared>, object: TopicObject) -> Result<Self, StoreError> {
        if let Some(dir) = shared.open_topic_dir(&object)? {
            return Ok(Self { shared, object, dir });
        }
        // Recorded, and its maker is about to make the directory or is dead: the gate makes sure.
        let mut session = Session::enter(&shared, shared.context.lock_wait)?;
        let Some(row) = session.topic_by_id(object.id)? else {
            return Err(StoreError::TopicGone { topic: object.name });
        };
        session.make_topic_dir(&row.topic)?;
        drop(session);
        match shared.open_topic_dir(&row.topic)? {
            Some(dir) => Ok(Self { shared, object: row.topic, dir }),
            None => Err(StoreError::TopicGone { topic: row.topic.name }),
        }
    }

    /// What `meta` says of the topic, as of when it was opened or refreshed.
    pub fn object(&self) -> &TopicObject {
        &self.object
    }

    /// The topic's name.
    pub fn name(&self) -> &TopicName {
        &self.object.name
    }

    /// The path of the stream that it is in.
    pub fn stream_path(&self) -> &StreamPath {
        &self.shared.path
    }

    /// How many partitions it has.
    pub fn partitions(&self) -> u32 {
        self.object.partitions
    }

    /// Whose clock stamps its messages.
    pub fn timestamp_type(&self, attributes: &StreamAttributes) -> TimestampType {
        self.object.timestamp_type.unwrap_or(attributes.timestamp_type)
    }

    /// What time it is, by the clock that stamps what is recorded. Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.shared.context.clock.now().0
    }

    /// The topic's directory, to watch for partitions that appear.
    pub fn directory(&self) -> &Dir {
        &self.dir
    }

    /// Returns the topic as it is now: with more partitions or another name, perhaps.
    ///
    /// # Errors
    /// `TopicGone`, `StreamGone`.
    pub fn refreshed(&self) -> Result<Self, StoreError> {
        let row = {
            let mut catalogue = self.shared.catalogue();
            catalogue.refresh(None).map_err(|error| self.shared.gone_if_missing(error))?;
            catalogue.topic_by_id(None, self.object.id)?
        };
        match row {
            Some(row) => Ok(Self { object: row.topic, ..self.clone() }),
            None => Err(StoreError::TopicGone { topic: self.object.name.clone() }),
        }
    }

    /// Prepares appending to one partition. Nothing is made before the first append.
    ///
    /// # Errors
    /// `Denied`, `PartitionNotFound`, `StreamGone`.
    pub fn writer(&self, partition: u32) -> Result<PartitionWriter, StoreError> {
        self.shared.authorize(Action::Produce)?;
        self.check_partition(partition)?;
        PartitionWriter::new(self.clone(), partition)
    }

    /// Opens one partition for reading, at its beginning. It need not have been written yet.
    ///
    /// # Errors
    /// `Denied`, `PartitionNotFound`.
    pub fn reader(&self, partition: u32) -> Result<PartitionReader, StoreError> {
        self.shared.authorize(Action::Consume)?;
        self.check_partition(partition)?;
        PartitionReader::new(self.clone(), partition)
    }

    /// The same for who lists sizes, times and cursors: the messages themselves go nowhere.
    pub(super) fn listing_reader(&self, partition: u32) -> Result<PartitionReader, StoreError> {
        self.check_partition(partition)?;
        PartitionReader::new(self.clone(), partition)
    }

    pub(super) fn check_partition(&self, partition: u32) -> Result<(), StoreError> {
        if partition < self.object.partitions {
            return Ok(());
        }
        Err(StoreError::PartitionNotFound {
            topic: self.object.name.clone(),
            partition,
            partitions: self.object.partitions,
        })
    }
}
