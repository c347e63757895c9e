//! `sticky`: as even as subscriptions allow, and with as few moves as that takes.
//!
//! For members that read the same topics after Kafka's `AbstractStickyAssignor` (its case of equal
//! subscriptions), so that the same member gets the same partition; for others see `balance`.

use std::collections::VecDeque;

use super::balance::balance;
use super::subscription::{Assignment, MemberSubscription, Partitions};
use super::table::Table;

/// Shares the partitions so that nobody has two more than another who could have one of them, and
/// so that as many as possible stay where they are.
pub(super) fn sticky(members: &[&MemberSubscription<'_>], topics: &Partitions) -> Assignment {
    let table = Table::new(members, topics);
    let owners = if table.is_even() { deal(&table) } else { balance(&table) };
    table.answer(&owners)
}

/// Lets each member keep up to its share, and deals the rest to those that have less.
fn deal(table: &Table<'_>) -> Vec<Option<usize>> {
    let mut owners = vec![None; table.slots.len()];
    if owners.is_empty() {
        return owners;
    }
    let share = owners.len() / table.members();
    // So many members have one more than the share; those that hold more already come first.
    let mut larger = owners.len() % table.members();
    let mut counts = vec![0; table.members()];
    let mut short = VecDeque::new();
    let mut even = VecDeque::new();
    for (member, mut held) in table.held().into_iter().enumerate() {
        // The lowest numbers of each topic stay, so that topics stay aligned.
        held.sort_by_key(|&slot| (table.slots[slot].number, slot));
        let keeps_more = larger > 0 && held.len() > share;
        larger -= usize::from(keeps_more);
        held.truncate(share + usize::from(keeps_more));
        counts[member] = held.len();
        for slot in held {
            owners[slot] = Some(member);
        }
        if counts[member] < share {
            short.push_back(member);
        } else if !keeps_more {
            even.push_back(member);
        }
    }
    for owner in owners.iter_mut().filter(|owner| owner.is_none()) {
        // First everybody gets the share, turn by turn; what is left then goes to those that had it
        // first.
        let Some(member) = short.pop_front().or_else(|| even.pop_front()) else {
            unreachable!("there is room for every partition: the shares add up to all of them")
        };
        *owner = Some(member);
        counts[member] += 1;
        if counts[member] < share {
            short.push_back(member);
        } else if counts[member] == share {
            even.push_back(member);
        }
    }
    owners
}
