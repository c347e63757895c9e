//! What an assignor is asked, and what it answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::path::TopicName;

/// One partition of one topic. Ordered by the topic's name, then by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// The topic.
    pub topic: TopicName,
    /// The partition's number.
    pub partition: u32,
}

impl TopicPartition {
    /// Names a partition.
    pub fn new(topic: TopicName, partition: u32) -> Self {
        Self { topic, partition }
    }
}

/// As Kafka's tools name it: the topic, `-` and the number.
impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

/// The topics that are there, and how many partitions each one has.
pub type Partitions = BTreeMap<TopicName, u32>;

/// What each member shall read, by the member's id; each list is sorted and has nothing twice.
pub type Assignment = BTreeMap<String, Vec<TopicPartition>>;

/// What a member wants, and what it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberSubscription<'a> {
    /// The member's id, its own within the group.
    pub id: &'a str,
    /// The name that a static member keeps over restarts (`group.instance.id`).
    pub instance: Option<&'a str>,
    /// The topics that it wants to read. One that is not there counts for nothing.
    pub topics: BTreeSet<TopicName>,
    /// What it was given last, or says that it holds. The assignors that move as little as they can
    /// start from this; the others look past it.
    pub owned: Vec<TopicPartition>,
    /// The group epoch (Kafka's generation) in which it was given that, −1 if it does not know.
    /// Where two members claim one partition, the later epoch is believed.
    pub generation: i32,
}
