//! The topics that a member reads: one that was named, or those of its stream whose names it wants.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::catalog::{GroupState, GroupTopic, ObjectId};
use crate::fs::{Change, WatchId, Watcher};
use crate::path::TopicName;
use crate::store::{StoreError, Stream, Topic};

/// Which topics a member wants to read.
#[derive(Clone)]
pub enum Wanted {
    /// This one, and no other that has its name later.
    Topic(Topic),
    /// Those of the stream for whose names this says so, now and later.
    Matching(Arc<dyn Fn(&TopicName) -> bool + Send + Sync>),
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Topic(topic) => f.debug_tuple("Topic").field(topic.name()).finish(),
            Self::Matching(_) => f.write_str("Matching"),
        }
    }
}

/// What a member wants, as it was last looked at, and what is watched of it.
#[derive(Debug)]
pub(super) struct Topics {
    stream: Stream,
    wanted: Wanted,
    found: BTreeMap<ObjectId, Topic>,
    /// The directory of all topics, where new ones come.
    comings: Option<WatchId>,
    watches: BTreeMap<ObjectId, WatchId>,
}

impl Topics {
    /// Finds what there is.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub(super) fn find(stream: &Stream, wanted: Wanted) -> Result<Self, StoreError> {
        let found = BTreeMap::new();
        let (stream, watches) = (stream.clone(), BTreeMap::new());
        let mut topics = Self { stream, wanted, found, comings: None, watches };
        topics.look()?;
        Ok(topics)
    }

    /// Looks again. A topic that was named and is gone stays as it was: the member itself finds
    /// that out where it reads.
    ///
    /// # Errors
    /// As [`Topics::find`]; what was found before stays.
    pub(super) fn look(&mut self) -> Result<(), StoreError> {
        let wants = match &self.wanted {
            Wanted::Topic(topic) => {
                let id = topic.object().id;
                match self.found.get(&id).unwrap_or(topic).refreshed() {
                    Ok(topic) => drop(self.found.insert(id, topic)),
                    Err(StoreError::TopicGone { .. }) => {}
                    Err(error) => return Err(error),
                }
                return Ok(());
            }
            Wanted::Matching(wants) => wants,
        };
        let mut found = BTreeMap::new();
        for object in self.stream.topics_to_read()? {
            if !wants(&object.name) {
                continue;
            }
            let topic = match self.found.get(&object.id) {
                Some(topic) if *topic.object() == object => topic.clone(),
                _ => match self.stream.listed_topic(&object) {
                    Ok(topic) => topic,
                    // Deleted again: what nobody has seen is not missed.
                    Err(StoreError::TopicGone { .. }) => continue,
                    Err(error) => return Err(error),
                },
            };
            found.insert(object.id, topic);
        }
        self.found = found;
        Ok(())
    }

    /// Returns the topics.
    pub(super) fn found(&self) -> &BTreeMap<ObjectId, Topic> {
        &self.found
    }

    /// Returns what the group has to know of them.
    pub(super) fn known(&self) -> impl Iterator<Item = GroupTopic> {
        self.found.values().map(|topic| GroupTopic {
            topic_id: topic.object().id,
            topic: topic.name().clone(),
            partitions: topic.partitions(),
        })
    }

    /// Whether the group has to learn something: that the member wants other topics, or that one of
    /// them has another name or more partitions.
    pub(super) fn are_news(&self, state: &GroupState, member_id: ObjectId) -> bool {
        let Some(member) = state.members.get(&member_id) else { return false };
        let is_known = |found: &GroupTopic| {
            let is_it = |known: &GroupTopic| {
                known.topic_id == found.topic_id
                    && known.topic == found.topic
                    && known.partitions >= found.partitions
            };
            state.epoch.topics.iter().any(is_it)
        };
        !member.wish.topics.iter().eq(self.found.keys()) || !self.known().all(|it| is_known(&it))
    }

    /// Watches whatever is not watched yet. `true` if that was anything: then look again first.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn watch(&mut self, watcher: &mut Watcher) -> Result<bool, StoreError> {
        let mut any = false;
        if self.comings.is_none() && matches!(self.wanted, Wanted::Matching(_)) {
            self.comings = Some(watcher.watch_dir(self.stream.topics_directory())?);
            any = true;
        }
        self.watches.retain(|id, watch| {
            let keep = self.found.contains_key(id);
            if !keep {
                watcher.unwatch(*watch);
            }
            keep
        });
        for (id, topic) in &self.found {
            if self.watches.contains_key(id) {
                continue;
            }
            match watcher.watch_dir(topic.directory()) {
                Ok(watch) => {
                    self.watches.insert(*id, watch);
                    any = true;
                }
                // Whoever deletes a topic is not waited for.
                Err(_) if matches!(topic.refreshed(), Err(StoreError::TopicGone { .. })) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(any)
    }

    /// Whether a change is one that [`Topics::look`] may see.
    pub(super) fn concerns(&self, change: &Change) -> bool {
        self.comings == Some(change.id) || self.watches.values().any(|id| *id == change.id)
    }
}
