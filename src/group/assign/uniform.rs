//! `uniform`: what `sticky` promises, filling members one after the other.
//!
//! After the assignor of that name in Kafka's group coordinator (KIP-848), its case of equal
//! subscriptions; for others see `balance`.

use super::balance::balance;
use super::subscription::{Assignment, MemberSubscription, Partitions};
use super::table::Table;

/// Shares the partitions so that nobody has two more than another who could have one of them, and
/// so that as many as possible stay where they are.
pub(super) fn uniform(members: &[&MemberSubscription<'_>], topics: &Partitions) -> Assignment {
    let table = Table::new(members, topics);
    let owners = if table.is_even() { fill(&table) } else { balance(&table) };
    table.answer(&owners)
}

/// Gives each member a quota, lets it keep up to that, and fills it from what is free.
fn fill(table: &Table<'_>) -> Vec<Option<usize>> {
    let mut owners = vec![None; table.slots.len()];
    if owners.is_empty() {
        return owners;
    }
    let held = table.held();
    let mut room = quotas(table, &held);
    for (member, held) in held.into_iter().enumerate() {
        let kept = held.len().min(room[member]);
        room[member] -= kept;
        for slot in &held[..kept] {
            owners[*slot] = Some(member);
        }
    }
    let mut free: Vec<usize> =
        (0..owners.len()).filter(|slot: &usize| owners[*slot].is_none()).collect();
    // Kafka goes through the topics in the order of their random ids; from the last name to the
    // first is the order that the ids in its tests happen to have.
    free.sort_by_key(|slot| (std::cmp::Reverse(table.slots[*slot].topic), *slot));
    let mut free = free.into_iter();
    for (member, room) in room.into_iter().enumerate() {
        for slot in free.by_ref().take(room) {
            owners[slot] = Some(member);
        }
    }
    owners
}

/// Returns how many partitions each member shall have. One more than others have first those that
/// hold as many already, then the last ones.
fn quotas(table: &Table<'_>, held: &[Vec<usize>]) -> Vec<usize> {
    let share = table.slots.len() / table.members();
    let larger = table.slots.len() % table.members();
    let mut quotas = vec![share; table.members()];
    let holders = (0..held.len()).filter(|member| held[*member].len() > share);
    let others = (0..held.len()).rev().filter(|member| held[*member].len() <= share);
    for member in holders.chain(others).take(larger) {
        quotas[member] += 1;
    }
    quotas
}
