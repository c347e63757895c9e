//! `range`: each topic by itself, in consecutive pieces.
//!
//! After `RangeAssignor` of Kafka's clients and of its group coordinator, which agree where nothing
//! is said of racks.

use super::order::nothing;
use super::subscription::{Assignment, MemberSubscription, Partitions, TopicPartition};

/// Cuts each topic into as many pieces as it has subscribers, in their order; the first ones get
/// one partition more if it does not come out even.
pub(super) fn range(members: &[&MemberSubscription<'_>], topics: &Partitions) -> Assignment {
    let mut assignment = nothing(members);
    for (topic, &count) in topics {
        let subscribers: Vec<_> =
            members.iter().filter(|member| member.topics.contains(topic)).collect();
        let mut rest = 0..count;
        for (served, subscriber) in subscribers.iter().enumerate() {
            let share = rest.len().div_ceil(subscribers.len() - served);
            let piece = rest.by_ref().take(share);
            let partitions = piece.map(|partition| TopicPartition::new(topic.clone(), partition));
            assignment.entry(subscriber.id.to_owned()).or_default().extend(partitions);
        }
    }
    assignment
}
