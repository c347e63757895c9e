//! Cursors with what they mean: for showing, not for deciding.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::access::Action;
use crate::catalog::{Cursor, ObjectId};
use crate::path::TopicName;

use super::cursors::CursorFilter;
use super::cursors_place::CursorNumbers;
use super::error::StoreError;
use super::stream::Stream;

/// One cursor in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorSummary {
    /// The group.
    pub group: String,
    /// The topic's identity.
    pub topic_id: ObjectId,
    /// The topic's name now.
    pub topic: TopicName,
    /// The partition.
    pub partition: u32,
    /// What was committed.
    pub cursor: Cursor,
    /// How far it is.
    pub numbers: CursorNumbers,
}

impl Stream {
    /// Returns the cursors that `filter` matches in topics that are there, in the order of group,
    /// topic and partition.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub fn cursor_summaries(
        &self,
        filter: &CursorFilter,
    ) -> Result<Vec<CursorSummary>, StoreError> {
        self.authorize(Action::CursorList)?;
        let found = self.cursors()?.list(filter);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.shared().context.clock.now().0;
        let names: HashMap<ObjectId, TopicName> =
            self.topic_objects()?.into_iter().map(|topic| (topic.id, topic.name)).collect();
        let mut topics = HashMap::new();
        let mut summaries = Vec::new();
        for (id, cursor) in found {
            let Some(name) = names.get(&id.topic_id) else { continue };
            let topic = match topics.entry(id.topic_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => match self.topic(name) {
                    Ok(topic) => place.insert(topic),
                    // Deleted just now.
                    Err(StoreError::TopicNotFound { .. } | StoreError::TopicGone { .. }) => {
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            if id.partition >= topic.partitions() {
                continue;
            }
            summaries.push(CursorSummary {
                group: id.group,
                topic_id: id.topic_id,
                topic: name.clone(),
                partition: id.partition,
                numbers: topic.cursor_numbers(id.partition, cursor.offset, now)?,
                cursor,
            });
        }
        summaries.sort_by(|a, b| {
            (&a.group, &a.topic, a.partition).cmp(&(&b.group, &b.topic, b.partition))
        });
        Ok(summaries)
    }
}
