//! The records of groups in `cursors`: epochs, members, and who is to read and who reads what.
//!
//! The model is that of Kafka's KIP-848: a group epoch that rises with every change, a target for
//! each member, and what each member owns on its way there.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::path::TopicName;

use super::id::ObjectId;
use super::object::topic_name;

/// Partitions of topics.
pub type Partitions = BTreeSet<(ObjectId, u32)>;

/// A member of a group, as keys name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberKey {
    /// The group.
    pub group: String,
    /// The member.
    pub member_id: ObjectId,
}

/// A group as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupEpoch {
    /// Rises when members come or go, and when topics change.
    pub epoch: i64,
    /// By which rule the targets of this epoch were chosen.
    pub assignor: String,
    /// The topics that members read.
    pub topics: Vec<GroupTopic>,
    /// When the epoch began, in milliseconds since 1970.
    pub time_ms: i64,
}

/// A topic as a group knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupTopic {
    /// The topic.
    pub topic_id: ObjectId,
    /// Its name.
    #[serde(with = "topic_name")]
    pub topic: TopicName,
    /// How many partitions it has.
    pub partitions: u32,
}

/// What a member wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberWish {
    /// What it calls itself.
    pub client: String,
    /// When it joined, in milliseconds since 1970.
    pub joined_ms: i64,
    /// The topics that it wants to read.
    pub topics: Vec<ObjectId>,
    /// The assignors that it agrees to, by name, the one it likes best first.
    pub assignors: Vec<String>,
    /// The name that a static member keeps over restarts (`group.instance.id`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

/// What a member reads and commits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owned {
    /// The group epoch in which it came to own exactly this.
    pub epoch: i64,
    /// Nobody else owns one of these.
    #[serde(with = "by_topic")]
    pub partitions: Partitions,
}

/// What a member is to own once the others have let go of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// No two members have one of these in common.
    #[serde(with = "by_topic")]
    pub partitions: Partitions,
}

/// What was set for a group by hand; what is absent is as with any other group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSettings {
    /// The assignor of members that ask for none, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignor: Option<String>,
    /// How long its cursors stay once it has no member, in minutes; −1 for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offsets_retention_minutes: Option<i64>,
}

/// One change of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRecord {
    /// A new epoch of a group.
    Epoch(String, GroupEpoch),
    /// The group has no epoch any more: a key without a value. Its members are gone before.
    Forgotten(String),
    /// What was set for it; nothing at all is a key without a value.
    Settings(String, GroupSettings),
    /// A member came, or wants something else from now on.
    Joined(MemberKey, MemberWish),
    /// It is gone, and owns nothing any more: a key without a value.
    Left(MemberKey),
    /// What it is to own.
    Target(MemberKey, Target),
    /// What it owns.
    Owned(MemberKey, Owned),
}

impl GroupRecord {
    /// The group that it concerns.
    pub fn group(&self) -> &str {
        match self {
            Self::Epoch(group, _) | Self::Forgotten(group) | Self::Settings(group, _) => group,
            Self::Joined(key, _) | Self::Left(key) | Self::Target(key, _) | Self::Owned(key, _) => {
                &key.group
            }
        }
    }
}

/// A member of a group, as its records leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// What it wants.
    pub wish: MemberWish,
    /// What it is to own.
    pub target: Partitions,
    /// What it owns.
    pub owned: Owned,
}

/// A group as its records leave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupState {
    /// The newest epoch.
    pub epoch: GroupEpoch,
    /// What was set for it.
    pub settings: GroupSettings,
    /// Its members, dead ones among them until somebody notices.
    pub members: BTreeMap<ObjectId, GroupMember>,
}

impl GroupState {
    /// Takes in a record of this group.
    pub fn apply(&mut self, record: GroupRecord) {
        match record {
            GroupRecord::Epoch(_, epoch) => self.epoch = epoch,
            GroupRecord::Forgotten(_) => self.epoch = GroupEpoch::default(),
            GroupRecord::Settings(_, settings) => self.settings = settings,
            GroupRecord::Joined(key, wish) => match self.members.entry(key.member_id) {
                Entry::Occupied(mut known) => known.get_mut().wish = wish,
                Entry::Vacant(place) => {
                    let (target, owned) = Default::default();
                    place.insert(GroupMember { wish, target, owned });
                }
            },
            GroupRecord::Left(key) => {
                self.members.remove(&key.member_id);
            }
            // Of a member whose beginning is damaged nothing is known.
            GroupRecord::Target(key, target) => {
                if let Some(member) = self.members.get_mut(&key.member_id) {
                    member.target = target.partitions;
                }
            }
            GroupRecord::Owned(key, owned) => {
                if let Some(member) = self.members.get_mut(&key.member_id) {
                    member.owned = owned;
                }
            }
        }
    }

    /// Whether anything was set for the group.
    pub fn has_settings(&self) -> bool {
        self.settings != GroupSettings::default()
    }

    /// Whether there is nothing to be known of the group.
    pub fn is_nothing(&self) -> bool {
        self.members.is_empty() && self.epoch == GroupEpoch::default() && !self.has_settings()
    }

    /// The records that lead to this state.
    pub fn records(&self, group: &str) -> Vec<GroupRecord> {
        let mut records = Vec::new();
        if self.epoch != GroupEpoch::default() {
            records.push(GroupRecord::Epoch(group.to_owned(), self.epoch.clone()));
        }
        if self.has_settings() {
            records.push(GroupRecord::Settings(group.to_owned(), self.settings.clone()));
        }
        for (member_id, member) in &self.members {
            let key = MemberKey { group: group.to_owned(), member_id: *member_id };
            let target = Target { partitions: member.target.clone() };
            records.extend([
                GroupRecord::Joined(key.clone(), member.wish.clone()),
                GroupRecord::Target(key.clone(), target),
                GroupRecord::Owned(key, member.owned.clone()),
            ]);
        }
        records
    }

    /// The records that lead from this state to none.
    pub fn ending(&self, group: &str) -> Vec<GroupRecord> {
        let key =
            |member_id: &ObjectId| MemberKey { group: group.to_owned(), member_id: *member_id };
        let mut records: Vec<GroupRecord> =
            self.members.keys().map(|member_id| GroupRecord::Left(key(member_id))).collect();
        if self.has_settings() {
            records.push(GroupRecord::Settings(group.to_owned(), GroupSettings::default()));
        }
        if self.epoch != GroupEpoch::default() {
            records.push(GroupRecord::Forgotten(group.to_owned()));
        }
        records
    }

    /// What the records of this state take, about. Bytes.
    pub fn snapshot_bytes(&self, group: &str) -> u64 {
        let mut bytes = 0;
        if self.epoch != GroupEpoch::default() {
            bytes += 120 + group.len() + self.epoch.topics.len() * 110;
        }
        if self.has_settings() {
            bytes += 170 + group.len();
        }
        for member in self.members.values() {
            let partitions = member.target.len() + member.owned.partitions.len();
            bytes += 530 + 3 * group.len() + member.wish.client.len() + 5 * partitions;
            bytes += 45 * member.wish.topics.len() + 10 * member.wish.assignors.len();
        }
        bytes as u64
    }

    /// Who owns a partition.
    pub fn owner(&self, topic_id: ObjectId, partition: u32) -> Option<ObjectId> {
        let owns = |member: &GroupMember| member.owned.partitions.contains(&(topic_id, partition));
        self.members.iter().find(|(_, member)| owns(member)).map(|(id, _)| *id)
    }

    /// What members other than `member_id` own.
    pub fn owned_by_others(&self, member_id: ObjectId) -> Partitions {
        let others = self.members.iter().filter(|(id, _)| **id != member_id);
        others.flat_map(|(_, member)| member.owned.partitions.iter().copied()).collect()
    }

    /// Whether every member owns what it is to own.
    pub fn is_stable(&self) -> bool {
        self.members.values().all(|member| member.target == member.owned.partitions)
    }
}

/// Partitions in JSON: an object of lists, by topic.
mod by_topic {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::catalog::id::ObjectId;

    use super::Partitions;

    pub(super) fn serialize<S: Serializer>(
        partitions: &Partitions,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut topics: BTreeMap<ObjectId, Vec<u32>> = BTreeMap::new();
        for (topic_id, partition) in partitions {
            topics.entry(*topic_id).or_default().push(*partition);
        }
        topics.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Partitions, D::Error> {
        let topics = BTreeMap::<ObjectId, Vec<u32>>::deserialize(deserializer)?;
        let each = |(topic, partitions): (ObjectId, Vec<u32>)| {
            partitions.into_iter().map(move |partition| (topic, partition))
        };
        Ok(topics.into_iter().flat_map(each).collect())
    }
}
