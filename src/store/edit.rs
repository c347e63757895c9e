//! Changing what is recorded of a stream or a topic: one operation that holds it before and after.

use crate::access::Action;
use crate::catalog::{Change, ObjectId, StreamAttributes, TopicObject};
use crate::path::{TopicName, check_partitions};
use crate::record::TimestampType;

use super::error::StoreError;
use super::session::Session;
use super::stream::Stream;

/// What is to change about a topic; what is absent stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopicEdit {
    /// How many partitions it is to have; never fewer than it has.
    pub partitions: Option<u32>,
    /// Whose clock is to stamp messages that are written from now on.
    pub timestamp_type: Option<TimestampType>,
}

/// Something before and after an edit; equal if there was nothing to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited<T> {
    /// What it was.
    pub before: T,
    /// What it is.
    pub after: T,
}

impl Stream {
    /// Changes the stream's attributes: `change` is given what they are, verified and under the
    /// gate. What does not change is not recorded. Writers that are open keep what they began with.
    ///
    /// # Errors
    /// `Name` for the number of partitions, `StreamGone`, `Busy`, `ReadOnly`.
    pub fn edit(
        &self,
        change: impl FnOnce(&mut StreamAttributes),
    ) -> Result<Edited<StreamAttributes>, StoreError> {
        let shared = self.shared();
        shared.authorize(Action::StreamEdit)?;
        let mut session = Session::enter(shared, shared.context.lock_wait)?;
        let before = session.attributes()?;
        let mut after = before.clone();
        change(&mut after);
        check_partitions(after.default_partitions.into())?;
        if after != before {
            let change = Change::Stream {
                before: Some(Box::new(before.clone())),
                after: Some(Box::new(after.clone())),
            };
            session.record(ObjectId::random(), change)?;
            session.publish()?;
        }
        Ok(Edited { before, after })
    }

    /// Changes a topic. New partitions get their directories when they are first written; readers
    /// notice them then. Messages that are there stay where they are.
    ///
    /// # Errors
    /// `TopicNotFound`, `FewerPartitions`, `PartitionsFixed`, `Name` for the number of partitions,
    /// `StreamGone`, `Busy`, `ReadOnly`.
    pub fn edit_topic(
        &self,
        name: &TopicName,
        edit: TopicEdit,
    ) -> Result<Edited<TopicObject>, StoreError> {
        let shared = self.shared();
        shared.authorize(Action::TopicEdit)?;
        let mut session = Session::enter(shared, shared.context.lock_wait)?;
        let attributes = session.attributes()?;
        let Some(row) = session.topic(name)? else {
            return Err(shared.topic_not_found(name));
        };
        let before = row.topic;
        let after = edit.applied_to(&before, &attributes)?;
        if after != before {
            let change = Change::Topic { before: Some(before.clone()), after: Some(after.clone()) };
            session.record(ObjectId::random(), change)?;
            session.publish()?;
        }
        Ok(Edited { before, after })
    }
}

impl TopicEdit {
    /// Returns what becomes of a topic in a stream with `attributes`.
    ///
    /// # Errors
    /// `FewerPartitions`, `PartitionsFixed`, `Name` for the number of partitions.
    pub fn applied_to(
        &self,
        topic: &TopicObject,
        attributes: &StreamAttributes,
    ) -> Result<TopicObject, StoreError> {
        let mut after = topic.clone();
        if let Some(wanted) = self.partitions {
            let name = topic.name.clone();
            let partitions = check_partitions(wanted.into())?;
            if partitions < topic.partitions {
                return Err(StoreError::FewerPartitions {
                    topic: name,
                    partitions: topic.partitions,
                    wanted,
                });
            }
            if partitions > topic.partitions && attributes.is_changelog {
                return Err(StoreError::PartitionsFixed { topic: name });
            }
            after.partitions = partitions;
        }
        after.timestamp_type = self.timestamp_type.or(topic.timestamp_type);
        Ok(after)
    }
}
