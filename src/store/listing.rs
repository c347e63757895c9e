//! The topics of a stream for a reader that chooses among them by name.

use crate::access::Action;
use crate::catalog::TopicObject;
use crate::fs::Dir;

use super::error::StoreError;
use super::stream::Stream;
use super::topic::Topic;

impl Stream {
    /// Lists the topics in the order of their names, for whoever may read them.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub fn topics_to_read(&self) -> Result<Vec<TopicObject>, StoreError> {
        self.authorize(Action::Consume)?;
        self.objects()
    }

    /// Opens a topic that was listed.
    ///
    /// # Errors
    /// `TopicGone` if it was deleted meanwhile, or the file system's.
    pub fn listed_topic(&self, object: &TopicObject) -> Result<Topic, StoreError> {
        Topic::open(self.shared().clone(), object.clone())
    }

    /// The directory that topics come to and go from, to be watched.
    pub fn topics_directory(&self) -> &Dir {
        &self.shared().topics
    }
}
