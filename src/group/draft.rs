//! The state machine of a group: what joins, deaths, releases and new partitions make of it.
//!
//! Nothing here looks at files or clocks. Whoever notices something drafts the change under the
//! lock of `cursors`, from the newest state, and appends the records of the draft.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{
    GroupEpoch, GroupMember, GroupRecord, GroupSettings, GroupState, GroupTopic, MemberKey,
    MemberWish, ObjectId, Owned, Partitions, Target,
};
use crate::path::TopicName;

use super::assign::{Assignor, MemberSubscription, TopicPartition, assign};

/// A group as it will be, and the records that make it so.
#[derive(Debug)]
pub(super) struct Draft {
    group: String,
    state: GroupState,
    records: Vec<GroupRecord>,
    /// Members or topics changed: the targets are those of an epoch that is over.
    is_stale: bool,
}

impl Draft {
    pub(super) fn new(group: &str, state: &GroupState) -> Self {
        let (group, state) = (group.to_owned(), state.clone());
        Self { group, state, records: Vec::new(), is_stale: false }
    }

    pub(super) fn state(&self) -> &GroupState {
        &self.state
    }

    /// Takes in a member, or what a member wants now.
    pub(super) fn join(&mut self, member_id: ObjectId, wish: MemberWish) {
        self.put(GroupRecord::Joined(self.key(member_id), wish));
        self.is_stale = true;
    }

    /// Lets a member take the place of a static one that has ended, with all that it owns. That is no
    /// new epoch, unless the new one wants something else.
    pub(super) fn replace(&mut self, former: ObjectId, member_id: ObjectId, wish: MemberWish) {
        let Some(member) = self.state.members.get(&former).cloned() else {
            return self.join(member_id, wish);
        };
        self.is_stale |= member.wish.topics != wish.topics;
        self.is_stale |= member.wish.assignors != wish.assignors;
        self.put(GroupRecord::Left(self.key(former)));
        self.put(GroupRecord::Joined(self.key(member_id), wish));
        let target = Target { partitions: member.target };
        self.put(GroupRecord::Target(self.key(member_id), target));
        let partitions = member.owned.partitions;
        let owned = Owned { epoch: self.state.epoch.epoch, partitions };
        self.put(GroupRecord::Owned(self.key(member_id), owned));
    }

    /// Lets a member want other topics.
    pub(super) fn subscribe(&mut self, member_id: ObjectId, topics: &[ObjectId]) {
        let Some(member) = self.state.members.get(&member_id) else { return };
        if member.wish.topics != topics {
            let wish = MemberWish { topics: topics.to_vec(), ..member.wish.clone() };
            self.join(member_id, wish);
        }
    }

    /// Removes a member, which owns nothing from then on.
    pub(super) fn remove(&mut self, member_id: ObjectId) {
        if self.state.members.contains_key(&member_id) {
            self.put(GroupRecord::Left(self.key(member_id)));
            self.is_stale = true;
        }
    }

    /// Takes in what was set for the group. Members share anew if that is by another assignor now.
    pub(super) fn configure(&mut self, settings: GroupSettings) {
        if settings != self.state.settings {
            self.put(GroupRecord::Settings(self.group.clone(), settings));
            self.is_stale |= !self.state.members.is_empty()
                && agreed(&self.state).name() != self.state.epoch.assignor;
        }
    }

    /// Takes in what is known of a topic. Partitions are only ever added.
    pub(super) fn learn(&mut self, found: &GroupTopic) {
        let topics = &mut self.state.epoch.topics;
        match topics.iter_mut().find(|topic| topic.topic_id == found.topic_id) {
            Some(known) if known.topic == found.topic && known.partitions >= found.partitions => {}
            Some(known) => {
                known.topic = found.topic.clone();
                known.partitions = known.partitions.max(found.partitions);
                self.is_stale = true;
            }
            None => {
                // Another one of this name was deleted or renamed.
                topics.retain(|topic| topic.topic != found.topic);
                topics.push(found.clone());
                self.is_stale = true;
            }
        }
    }

    /// Begins a new epoch with new targets, if anything changed. `time_ms` is in milliseconds since
    /// 1970.
    pub(super) fn retarget(&mut self, time_ms: i64) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let wanted: BTreeSet<ObjectId> =
            self.state.members.values().flat_map(|member| member.wish.topics.clone()).collect();
        let GroupEpoch { epoch, mut topics, .. } = std::mem::take(&mut self.state.epoch);
        topics.retain(|topic| wanted.contains(&topic.topic_id));
        let assignor = agreed(&self.state);
        let targets = targets(assignor, &self.state.members, &topics, epoch);
        let assignor = assignor.to_string();
        let epoch = GroupEpoch { epoch: epoch + 1, assignor, topics, time_ms };
        self.put(GroupRecord::Epoch(self.group.clone(), epoch));
        for (member_id, partitions) in targets {
            if self.state.members[&member_id].target != partitions {
                self.put(GroupRecord::Target(self.key(member_id), Target { partitions }));
            }
        }
    }

    /// Lets a member have what of its target nobody else owns. It gives up `lost`, and keeps the
    /// rest of what it owns, for it may be reading that.
    pub(super) fn settle(&mut self, member_id: ObjectId, lost: &Partitions) {
        let Some(member) = self.state.members.get(&member_id) else { return };
        let others = self.state.owned_by_others(member_id);
        let mut partitions: Partitions = &member.owned.partitions - lost;
        partitions.extend(member.target.difference(&others));
        if partitions != member.owned.partitions {
            let owned = Owned { epoch: self.state.epoch.epoch, partitions };
            self.put(GroupRecord::Owned(self.key(member_id), owned));
        }
    }

    /// What is to be appended.
    pub(super) fn into_records(self) -> Vec<GroupRecord> {
        self.records
    }

    fn key(&self, member_id: ObjectId) -> MemberKey {
        MemberKey { group: self.group.clone(), member_id }
    }

    fn put(&mut self, record: GroupRecord) {
        self.state.apply(record.clone());
        self.records.push(record);
    }
}

/// What a member has to let go of.
pub(super) fn losing(member: &GroupMember) -> Partitions {
    &member.owned.partitions - &member.target
}

/// Whether a member has anything to let go of, or to take that is free.
pub(super) fn can_settle(state: &GroupState, member_id: ObjectId) -> bool {
    let Some(member) = state.members.get(&member_id) else { return true };
    if member.target == member.owned.partitions {
        return false;
    }
    let gaining = &member.target - &member.owned.partitions;
    !losing(member).is_empty() || !gaining.is_subset(&state.owned_by_others(member_id))
}

/// The others in the order in which a member looks for one whose death it waits for: the ring of all
/// members, from the one behind it.
pub(super) fn ring(state: &GroupState, member_id: ObjectId) -> Vec<ObjectId> {
    let mut ids: Vec<ObjectId> = state.members.keys().copied().collect();
    let behind = ids.partition_point(|id| *id <= member_id);
    ids.rotate_left(behind);
    ids.retain(|id| *id != member_id);
    ids
}

/// The assignor that most members like best among those that all of them agree to; of equals, the
/// one that Kafka names first. Members that name none agree to all and have no vote: if nobody has,
/// it is the group's.
fn agreed(state: &GroupState) -> Assignor {
    let wishes: Vec<Vec<Assignor>> = state
        .members
        .values()
        .filter(|member| !member.wish.assignors.is_empty())
        .map(|member| member.wish.assignors.iter().filter_map(|name| name.parse().ok()).collect())
        .collect();
    if wishes.is_empty() {
        let own = state.settings.assignor.as_ref().and_then(|name| name.parse().ok());
        return own.unwrap_or_default();
    }
    let by_all = |assignor: &Assignor| wishes.iter().all(|wish| wish.contains(assignor));
    let votes = |assignor: &Assignor| {
        let first = |wish: &&Vec<Assignor>| wish.iter().find(|one| by_all(one)) == Some(assignor);
        wishes.iter().filter(first).count()
    };
    // Of equal numbers `max_by_key` takes the last.
    Assignor::ALL.into_iter().rev().filter(by_all).max_by_key(votes).unwrap_or_default()
}

/// Whether a member that agrees to `assignors`, or to all if it names none, fits to the others of its
/// group, without the one whose place it takes.
pub(super) fn can_agree(
    state: &GroupState,
    assignors: &[Assignor],
    former: Option<ObjectId>,
) -> bool {
    let others = || state.members.iter().filter(|(id, _)| Some(**id) != former);
    let fits = |assignor: &Assignor| {
        others().map(|(_, member)| &member.wish.assignors).all(|names| {
            names.is_empty() || names.iter().any(|name| name.parse().as_ref() == Ok(assignor))
        })
    };
    assignors.is_empty() || assignors.iter().any(fits)
}

fn targets(
    assignor: Assignor,
    members: &BTreeMap<ObjectId, GroupMember>,
    topics: &[GroupTopic],
    epoch: i64,
) -> Vec<(ObjectId, Partitions)> {
    let by_id: BTreeMap<ObjectId, &TopicName> =
        topics.iter().map(|topic| (topic.topic_id, &topic.topic)).collect();
    let by_name: BTreeMap<&TopicName, ObjectId> =
        topics.iter().map(|topic| (&topic.topic, topic.topic_id)).collect();
    let ids: Vec<(ObjectId, String)> = members.keys().map(|id| (*id, id.to_string())).collect();
    let subscriptions: Vec<MemberSubscription<'_>> = ids
        .iter()
        .zip(members.values())
        .map(|((_, id), member)| {
            let named = |(topic, partition): &(ObjectId, u32)| {
                by_id.get(topic).map(|name| TopicPartition::new((*name).clone(), *partition))
            };
            let topics = member.wish.topics.iter();
            MemberSubscription {
                id,
                instance: member.wish.instance.as_deref(),
                topics: topics.filter_map(|id| by_id.get(id).map(|name| (*name).clone())).collect(),
                owned: member.target.iter().filter_map(named).collect(),
                generation: i32::try_from(epoch).unwrap_or(i32::MAX),
            }
        })
        .collect();
    let counts = topics.iter().map(|topic| (topic.topic.clone(), topic.partitions)).collect();
    let assignment = assign(assignor.of_target(), &subscriptions, &counts);
    let of = |id: &String| {
        let partitions = assignment.get(id).into_iter().flatten();
        partitions.map(|at| (by_name[&at.topic], at.partition)).collect()
    };
    ids.iter().map(|(member_id, id)| (*member_id, of(id))).collect()
}

#[cfg(test)]
mod tests;
