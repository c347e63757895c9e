//! Whether somebody may join a group, and in whose place: static members come back under their names.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::catalog::{GroupMember, GroupState, MemberWish, ObjectId};
use crate::store::{Pulse, Pulses, StoreError};

use super::assign::Assignor;
use super::draft::can_agree;

/// How long a joiner waits for the end of the static member that has its name.
pub(super) const INSTANCE_WAIT: Duration = Duration::from_secs(5);

/// What a joiner finds.
pub(super) enum Entry {
    /// Nothing in the way.
    Free,
    /// A static member with the same name has ended, or is stopped for too long: its place is free.
    Former(ObjectId),
    /// A live member has the name.
    Taken(ObjectId),
    /// The others agree to none of its assignors, but to this one.
    Disagreed(String),
}

impl Entry {
    /// Looks at a group in which nobody is lost.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn of(
        state: &GroupState,
        wish: &MemberWish,
        assignors: &[Assignor],
        pulses: &Pulses,
    ) -> Result<Self, StoreError> {
        let has_name =
            |member: &GroupMember| wish.instance.is_some() && member.wish.instance == wish.instance;
        let found = state.members.iter().find(|(_, member)| has_name(member));
        let former = found.map(|(former, _)| *former);
        if !can_agree(state, assignors, former) {
            return Ok(Self::Disagreed(state.epoch.assignor.clone()));
        }
        let Some(former) = former else { return Ok(Self::Free) };
        Ok(match pulses.of(former)? {
            Pulse::Until(_) => Self::Taken(former),
            Pulse::Away(_) | Pulse::Overdue | Pulse::Dead => Self::Former(former),
        })
    }
}

/// Waits for the end of a member until a time. `false` if it has not ended.
pub(super) fn ends_before(pulses: &Pulses, member_id: ObjectId, deadline: Instant) -> bool {
    let (sender, receiver) = mpsc::sync_channel(1);
    let pulses = pulses.clone();
    // Whoever waits in vain leaves the thread behind, which ends with that member.
    thread::spawn(move || sender.send(pulses.wait_for_death(member_id)));
    let left = deadline.saturating_duration_since(Instant::now());
    matches!(receiver.recv_timeout(left), Ok(Ok(())))
}
