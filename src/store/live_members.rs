//! The living members of groups with what they own and what they are to own: for showing.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::access::Action;
use crate::catalog::{GroupState, GroupTopic, MemberObject, ObjectId, Partitions};
use crate::fs::since_boot_ms;
use crate::path::TopicName;

use super::error::StoreError;
use super::stream::Stream;

/// What a group is doing, as in Kafka's KIP-848.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupPhase {
    /// No member lives.
    Empty,
    /// A member is dead and the others have not noticed yet: its partitions have no new owner.
    Assigning,
    /// Somebody does not own exactly what is meant for it yet.
    Reconciling,
    /// Every member owns what it is to own.
    Stable,
}

impl GroupPhase {
    /// Kafka's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Assigning => "Assigning",
            Self::Reconciling => "Reconciling",
            Self::Stable => "Stable",
        }
    }

    /// Tells it from a group's records and from which of its members live.
    fn of(state: &GroupState, lives: impl Fn(ObjectId) -> bool) -> Self {
        let dead = state.members.keys().filter(|id| !lives(**id)).count();
        if dead == state.members.len() {
            Self::Empty
        } else if dead > 0 {
            Self::Assigning
        } else if state.is_stable() {
            Self::Stable
        } else {
            Self::Reconciling
        }
    }
}

/// A partition that a member owns, or is to own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberPartition {
    /// The topic's name, as the group knows it.
    pub topic: TopicName,
    /// The partition.
    pub partition: u32,
    /// The topic's identity.
    pub topic_id: ObjectId,
}

/// A member that lives and has joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveMember {
    /// What it says of itself.
    pub object: MemberObject,
    /// It has not said that it runs for longer than it may, and is removed as soon as another
    /// member notices: stopped, most probably.
    pub is_overdue: bool,
    /// The name that it keeps over restarts, if it has one (`group.instance.id`).
    pub instance: Option<String>,
    /// The epoch of its group that it has come to.
    pub epoch: i64,
    /// What it reads, in the order of topic and partition.
    pub owned: Vec<MemberPartition>,
    /// What it is to read, in the same order.
    pub target: Vec<MemberPartition>,
}

impl LiveMember {
    /// Whether it owns what it is to own.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.owned == self.target
    }
}

/// A group with a member that lives, or whose records there are.
#[derive(Clone, Debug)]
pub(super) struct LiveGroup {
    pub(super) epoch: i64,
    pub(super) assignor: String,
    pub(super) phase: GroupPhase,
    /// In the order of joining.
    pub(super) members: Vec<LiveMember>,
}

impl Stream {
    /// Returns the living members of all groups with what they own, in the order of group and time
    /// of joining.
    ///
    /// # Errors
    /// The file system's.
    pub fn members(&self) -> Result<Vec<LiveMember>, StoreError> {
        Ok(self.live_groups()?.into_values().flat_map(|group| group.members).collect())
    }

    /// Returns the groups of which there are records, by their names.
    pub(super) fn live_groups(&self) -> Result<BTreeMap<String, LiveGroup>, StoreError> {
        self.authorize(Action::AssignList)?;
        let mut living = self.shared().living_members()?;
        let cursors = self.cursors()?;
        let mut groups = BTreeMap::new();
        for (name, state) in cursors.groups() {
            let mut members = Vec::new();
            for (id, member) in &state.members {
                let (object, lease) = match living.remove(id) {
                    Some(living) => living,
                    // It is dead, or joined between the two looks.
                    None => match self.shared().living_member(&OsString::from(id.to_string()))? {
                        Some(living) => living,
                        None => continue,
                    },
                };
                let owned = &member.owned.partitions;
                // Nobody writes anew what stays as it is.
                let is_settled = *owned == member.target;
                members.push(LiveMember {
                    object,
                    is_overdue: lease.is_some_and(|lease| lease.0 < since_boot_ms()),
                    instance: member.wish.instance.clone(),
                    epoch: if is_settled { state.epoch.epoch } else { member.owned.epoch },
                    owned: named(owned, &state.epoch.topics),
                    target: named(&member.target, &state.epoch.topics),
                });
            }
            members.sort_by_key(|it| (it.object.joined_ms, it.object.member_id));
            let lives = |id| members.iter().any(|it| it.object.member_id == id);
            let phase = GroupPhase::of(state, lives);
            let assignor = state.epoch.assignor.clone();
            let epoch = state.epoch.epoch;
            groups.insert(name.to_owned(), LiveGroup { epoch, assignor, phase, members });
        }
        Ok(groups)
    }
}

/// Gives partitions their topics' names; those of a topic that the group has forgotten are left out,
/// for it is gone.
fn named(partitions: &Partitions, topics: &[GroupTopic]) -> Vec<MemberPartition> {
    let name = |id: ObjectId| topics.iter().find(|topic| topic.topic_id == id);
    let mut named: Vec<MemberPartition> = partitions
        .iter()
        .filter_map(|(topic_id, partition)| {
            let topic = name(*topic_id)?.topic.clone();
            Some(MemberPartition { topic, partition: *partition, topic_id: *topic_id })
        })
        .collect();
    named.sort();
    named
}

#[cfg(test)]
mod tests {
    use crate::catalog::{GroupMember, GroupState, MemberWish, ObjectId, Owned, Partitions};

    use super::GroupPhase;

    #[test]
    fn a_group_is_stable_when_all_live_and_own_their_target() {
        let place = (ObjectId::from_bytes([9; 16]), 0);
        let wish = MemberWish {
            client: String::new(),
            joined_ms: 0,
            topics: Vec::new(),
            assignors: Vec::new(),
            instance: None,
        };
        let member = |target: Partitions, partitions: Partitions| GroupMember {
            wish: wish.clone(),
            target,
            owned: Owned { epoch: 1, partitions },
        };
        let [one, other] = [1, 2].map(|byte| ObjectId::from_bytes([byte; 16]));
        let mut state = GroupState::default();
        let all = |_| true;
        assert_eq!(GroupPhase::of(&state, all), GroupPhase::Empty);
        state.members.insert(one, member([place].into(), [place].into()));
        assert_eq!(GroupPhase::of(&state, all), GroupPhase::Stable);
        assert_eq!(GroupPhase::of(&state, |_| false), GroupPhase::Empty, "all are dead");
        state.members.insert(other, member(Partitions::new(), Partitions::new()));
        assert_eq!(GroupPhase::of(&state, all), GroupPhase::Stable, "one has nothing to read");
        let first = |id| id == one;
        assert_eq!(GroupPhase::of(&state, first), GroupPhase::Assigning, "the other is dead");
        state.members.insert(other, member([place].into(), Partitions::new()));
        assert_eq!(GroupPhase::of(&state, all), GroupPhase::Reconciling);
    }
}
