//! `roundrobin`: all partitions of all topics dealt out like cards.
//!
//! After `RoundRobinAssignor` of Kafka's clients.

use super::subscription::{Assignment, MemberSubscription, Partitions};
use super::table::Table;

/// Deals the partitions, by topic and number, to the members in a circle; who does not read the
/// topic is passed over.
pub(super) fn roundrobin(members: &[&MemberSubscription<'_>], topics: &Partitions) -> Assignment {
    let table = Table::new(members, topics);
    let mut owners = Vec::with_capacity(table.slots.len());
    let mut next = 0;
    for slot in &table.slots {
        let subscribers = &table.topics[slot.topic].subscribers;
        let after = subscribers.partition_point(|subscriber| *subscriber < next);
        let owner = subscribers[after % subscribers.len()];
        owners.push(Some(owner));
        next = owner + 1;
    }
    table.answer(&owners)
}
