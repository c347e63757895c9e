//! `cooperative-sticky`: what `sticky` wants, but nobody is given what another one may still read.
//!
//! After `CooperativeStickyAssignor` of Kafka's clients (KIP-429).

use std::collections::{BTreeMap, BTreeSet};

use super::sticky::sticky;
use super::subscription::{Assignment, MemberSubscription, Partitions, TopicPartition};
use super::table::Table;

/// Returns the assignment of `sticky` without the partitions that have to be given up first.
///
/// Who has to give up a partition does not find it in its list; when it has told so (the partition
/// is not in its `owned` any longer), the next round gives it to its new owner.
pub(super) fn cooperative_sticky(
    members: &[&MemberSubscription<'_>],
    topics: &Partitions,
) -> Assignment {
    let mut assignment = sticky(members, topics);
    let keepers = keepers(members, topics);
    let claimed: BTreeSet<&TopicPartition> =
        members.iter().flat_map(|member| &member.owned).collect();
    for (id, partitions) in &mut assignment {
        partitions
            .retain(|partition| !claimed.contains(partition) || keepers.get(partition) == Some(id));
    }
    assignment
}

/// Returns who may go on with what it has.
fn keepers(
    members: &[&MemberSubscription<'_>],
    topics: &Partitions,
) -> BTreeMap<TopicPartition, String> {
    let table = Table::new(members, topics);
    let mut keepers = BTreeMap::new();
    for (id, partitions) in table.answer(&table.holders) {
        keepers.extend(partitions.into_iter().map(|partition| (partition, id.clone())));
    }
    keepers
}
