//! Members, topics and partitions by number, and who is believed to hold what.

use std::collections::BTreeMap;

use crate::path::TopicName;

use super::order::nothing;
use super::subscription::{Assignment, MemberSubscription, Partitions, TopicPartition};

/// A topic that somebody reads.
pub(super) struct TopicRow<'a> {
    name: &'a TopicName,
    /// The members that read it, ascending.
    pub(super) subscribers: Vec<usize>,
}

/// One partition of a topic that somebody reads.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// The topic's index in the table.
    pub(super) topic: usize,
    /// The partition's number.
    pub(super) number: u32,
}

/// What is to be shared, and among whom. Members, topics and partitions are indices.
pub(super) struct Table<'a> {
    members: &'a [&'a MemberSubscription<'a>],
    /// By name.
    pub(super) topics: Vec<TopicRow<'a>>,
    /// By topic and number.
    pub(super) slots: Vec<Slot>,
    /// Who holds each partition and may keep it. Nobody, if the latest claims contradict each
    /// other, or if the holder does not want the topic any longer.
    pub(super) holders: Vec<Option<usize>>,
}

impl<'a> Table<'a> {
    /// Numbers what there is, and judges the claims: of several on one partition, the one of the
    /// latest epoch counts; if two members make it in the same epoch, none does.
    pub(super) fn new(members: &'a [&'a MemberSubscription<'a>], topics: &'a Partitions) -> Self {
        let mut table =
            Self { members, topics: Vec::new(), slots: Vec::new(), holders: Vec::new() };
        let mut first_slots = BTreeMap::new();
        for (name, &count) in topics {
            let wants = |member: &usize| members[*member].topics.contains(name);
            let subscribers: Vec<usize> = (0..members.len()).filter(wants).collect();
            if !subscribers.is_empty() {
                let topic = table.topics.len();
                first_slots.insert(name, (table.slots.len(), count));
                table.slots.extend((0..count).map(|number| Slot { topic, number }));
                table.topics.push(TopicRow { name, subscribers });
            }
        }
        // The latest epoch in which each one was claimed, and by whom.
        let mut claims: Vec<(i32, Vec<usize>)> = vec![(i32::MIN, Vec::new()); table.slots.len()];
        for (index, member) in members.iter().enumerate() {
            for owned in &member.owned {
                let place = first_slots.get(&owned.topic);
                let Some((first, _)) = place.filter(|(_, count)| owned.partition < *count) else {
                    continue;
                };
                let (generation, claimants) = &mut claims[first + owned.partition as usize];
                if member.generation > *generation {
                    *generation = member.generation;
                    claimants.clear();
                }
                if member.generation == *generation && claimants.last() != Some(&index) {
                    claimants.push(index);
                }
            }
        }
        for (slot, (_, claimants)) in table.slots.iter().zip(claims) {
            let subscribers = &table.topics[slot.topic].subscribers;
            table.holders.push(match claimants[..] {
                [holder] => Some(holder).filter(|holder| subscribers.contains(holder)),
                _ => None,
            });
        }
        table
    }

    /// How many members there are.
    pub(super) fn members(&self) -> usize {
        self.members.len()
    }

    /// Whether every member reads every topic of the table.
    pub(super) fn is_even(&self) -> bool {
        self.topics.iter().all(|topic| topic.subscribers.len() == self.members.len())
    }

    /// Returns each member's partitions of those that are held, ascending.
    pub(super) fn held(&self) -> Vec<Vec<usize>> {
        let mut held = vec![Vec::new(); self.members.len()];
        for (slot, holder) in self.holders.iter().enumerate() {
            if let Some(holder) = holder {
                held[*holder].push(slot);
            }
        }
        held
    }

    /// Returns the assignment in which each partition has the owner that is given for it.
    pub(super) fn answer(&self, owners: &[Option<usize>]) -> Assignment {
        let mut assignment = nothing(self.members);
        for (slot, owner) in self.slots.iter().zip(owners) {
            if let Some(owner) = owner {
                let name = self.topics[slot.topic].name.clone();
                let partition = TopicPartition::new(name, slot.number);
                assignment.entry(self.members[*owner].id.to_owned()).or_default().push(partition);
            }
        }
        assignment
    }
}
