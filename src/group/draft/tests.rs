//! The state machine under random events: nothing is owned twice, and in the end all is owned.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, agreed, can_agree, can_settle, losing, ring};
use crate::catalog::{
    GroupMember, GroupSettings, GroupState, GroupTopic, MemberWish, ObjectId, Partitions,
};
use crate::group::assign::Assignor;
use crate::path::TopicName;

/// A small generator of numbers that look random, the same ones for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

fn id_of(number: u128) -> ObjectId {
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834);
    ObjectId::from_bytes(number.to_be_bytes())
}

/// A group with its members as processes: each knows what it reads, and acts when it gets to.
struct World {
    state: GroupState,
    topics: Vec<GroupTopic>,
    /// What each live member reads, as it believes.
    reads: BTreeMap<ObjectId, Partitions>,
    /// Members that died or were stopped, and that nobody has removed yet.
    dead: BTreeSet<ObjectId>,
    born: u128,
}

impl World {
    fn new(topics: u8) -> Self {
        let topic = |number: u8| GroupTopic {
            topic_id: ObjectId::from_bytes([number; 16]),
            topic: TopicName::parse(&format!("t{number}")).unwrap(),
            partitions: u32::from(number) * 3 + 1,
        };
        Self {
            state: GroupState::default(),
            topics: (0..topics).map(topic).collect(),
            reads: BTreeMap::new(),
            dead: BTreeSet::new(),
            born: 0,
        }
    }

    fn change(&mut self, work: impl FnOnce(&mut Draft)) {
        let mut draft = Draft::new("g", &self.state);
        work(&mut draft);
        draft.retarget(0);
        let expected = draft.state().clone();
        for record in draft.into_records() {
            self.state.apply(record);
        }
        assert_eq!(self.state, expected, "the records say what the draft was");
    }

    fn join(&mut self, dice: &mut Dice) {
        self.join_with(dice, &["range"]);
    }

    fn join_with(&mut self, dice: &mut Dice, assignors: &[&str]) {
        self.born += 1;
        let id = id_of(self.born);
        let mut wanted: Vec<GroupTopic> = self.topics.clone();
        wanted.retain(|_| dice.below(3) > 0);
        let topics = wanted.iter().map(|topic| topic.topic_id).collect();
        let wish = MemberWish {
            client: String::new(),
            joined_ms: 0,
            topics,
            assignors: assignors.iter().map(|name| (*name).to_owned()).collect(),
            instance: None,
        };
        self.change(|draft| {
            draft.join(id, wish);
            wanted.iter().for_each(|topic| draft.learn(topic));
            draft.retarget(0);
            draft.settle(id, &Partitions::new());
        });
        self.reads.insert(id, self.state.members[&id].owned.partitions.clone());
    }

    fn settle(&mut self, id: ObjectId, lost: &Partitions) {
        self.change(|draft| draft.settle(id, lost));
        self.reads.insert(id, self.state.members[&id].owned.partitions.clone());
    }

    fn live(&self, dice: &mut Dice) -> Option<ObjectId> {
        let live: Vec<ObjectId> = self.reads.keys().copied().collect();
        if live.is_empty() { None } else { Some(live[dice.below(live.len())]) }
    }

    fn step(&mut self, dice: &mut Dice) {
        let event = dice.below(14);
        let Some(id) = self.live(dice) else { return self.join(dice) };
        match event {
            0 | 1 if self.reads.len() < 8 => self.join(dice),
            // Leaves.
            2 => {
                self.reads.remove(&id);
                self.change(|draft| draft.remove(id));
            }
            // Dies, or is stopped: what it reads nobody knows.
            3 => {
                self.reads.remove(&id);
                self.dead.insert(id);
            }
            // Somebody notices.
            4 => {
                let dead = std::mem::take(&mut self.dead);
                self.change(|draft| dead.into_iter().for_each(|id| draft.remove(id)));
            }
            5 if !self.topics.is_empty() => {
                let at = dice.below(self.topics.len());
                self.topics[at].partitions += 1;
                let topic = self.topics[at].clone();
                let is_read = self.state.epoch.topics.iter().any(|t| t.topic_id == topic.topic_id);
                if is_read {
                    self.change(|draft| draft.learn(&topic));
                }
            }
            // A static member comes back while it is away, or takes the place of one that is stopped.
            6 => {
                let Some(former) = self.dead.pop_first() else { return };
                let wish = self.state.members[&former].wish.clone();
                let epoch = self.state.epoch.epoch;
                let owned = self.state.members[&former].owned.partitions.clone();
                self.born += 1;
                let heir = id_of(self.born);
                self.change(|draft| draft.replace(former, heir, wish));
                assert_eq!(self.state.epoch.epoch, epoch, "no rebalance");
                assert_eq!(self.state.members[&heir].owned.partitions, owned);
                self.reads.insert(heir, owned);
            }
            // It wants other topics.
            7 => {
                let mut wanted = self.topics.clone();
                wanted.retain(|_| dice.below(2) > 0);
                let topics: Vec<ObjectId> = wanted.iter().map(|topic| topic.topic_id).collect();
                self.change(|draft| {
                    draft.subscribe(id, &topics);
                    wanted.iter().for_each(|topic| draft.learn(topic));
                });
            }
            // It has stopped reading what it is to lose, as it was when it looked.
            _ => {
                let lost = losing(&self.state.members[&id]);
                if dice.below(3) == 0 {
                    let other = self.live(dice).unwrap_or(id);
                    if other != id {
                        self.reads.remove(&other);
                        self.change(|draft| draft.remove(other));
                    }
                }
                self.settle(id, &lost);
            }
        }
    }

    /// No two members own one partition, and nobody reads what it does not own.
    fn check(&self) {
        let mut seen = BTreeSet::new();
        for (id, member) in &self.state.members {
            for place in &member.owned.partitions {
                assert!(seen.insert(*place), "{place:?} has two owners");
            }
            if let Some(reads) = self.reads.get(id) {
                assert_eq!(*reads, member.owned.partitions);
            }
        }
    }

    fn calm(&mut self) {
        let dead = std::mem::take(&mut self.dead);
        self.change(|draft| dead.into_iter().for_each(|id| draft.remove(id)));
        for _ in 0..2 * self.reads.len() + 1 {
            let ids: Vec<ObjectId> = self.reads.keys().copied().collect();
            for id in ids {
                if !can_settle(&self.state, id) {
                    continue;
                }
                let lost = losing(&self.state.members[&id]);
                self.settle(id, &lost);
                self.check();
            }
        }
        assert!(self.state.is_stable());
        for topic in &self.topics {
            let wants =
                |id: &ObjectId| self.state.members[id].wish.topics.contains(&topic.topic_id);
            let known = self.state.epoch.topics.iter().find(|t| t.topic_id == topic.topic_id);
            let partitions = known.map_or(0, |topic| topic.partitions);
            let is_wanted = self.reads.keys().any(wants);
            assert_eq!(is_wanted, known.is_some());
            for partition in 0..partitions {
                let owner = self.state.owner(topic.topic_id, partition);
                assert!(owner.is_some_and(|id| wants(&id)), "{} {partition}", topic.topic);
            }
        }
    }
}

#[test]
fn whatever_happens_nothing_is_owned_twice_and_in_the_end_all_is_owned() {
    for seed in 1..200 {
        let mut dice = Dice(u64::wrapping_mul(seed, 0x9e37_79b9_7f4a_7c15));
        let mut world = World::new(3);
        let mut epoch = 0;
        for _ in 0..60 {
            world.step(&mut dice);
            world.check();
            assert!(world.state.epoch.epoch >= epoch, "epochs only rise");
            epoch = world.state.epoch.epoch;
        }
        world.calm();
    }
}

#[test]
fn a_partition_goes_on_only_once_it_was_let_go() {
    let mut world = World::new(1);
    let mut dice = Dice(7);
    while world.reads.len() < 2 {
        // Only those that want the topic.
        world.join(&mut dice);
        let idle = world.state.members.iter().find(|(_, member)| member.wish.topics.is_empty());
        if let Some(id) = idle.map(|(id, _)| *id) {
            world.reads.remove(&id);
            world.change(|draft| draft.remove(id));
        }
    }
    world.calm();
    let (one, other) = (world.live(&mut Dice(1)).unwrap(), world.reads.keys().last().copied());
    let other = other.filter(|id| *id != one).unwrap_or(*world.reads.keys().next().unwrap());
    assert_eq!(ring(&world.state, one), [other]);
    assert_eq!(ring(&world.state, other), [one]);
    // The only partition is one member's; it dies, and the other may have it at once when removed.
    let topic = world.topics[0].topic_id;
    let owner = world.state.owner(topic, 0).unwrap();
    let heir = if owner == one { other } else { one };
    assert!(!can_settle(&world.state, heir));
    world.reads.remove(&owner);
    world.change(|draft| draft.remove(owner));
    assert!(can_settle(&world.state, heir));
    world.settle(heir, &Partitions::new());
    assert_eq!(world.state.owner(topic, 0), Some(heir));
    assert_eq!(ring(&world.state, heir), []);
}

#[test]
fn members_agree_to_what_all_of_them_know() {
    let wish = |names: &[&str]| MemberWish {
        client: String::new(),
        joined_ms: 0,
        topics: Vec::new(),
        assignors: names.iter().map(|name| (*name).to_owned()).collect(),
        instance: None,
    };
    let state = |settings: Option<&str>, wishes: &[&[&str]]| {
        let mut state = GroupState::default();
        state.settings.assignor = settings.map(str::to_owned);
        for (number, names) in (1..).zip(wishes) {
            let (target, owned) = Default::default();
            let member = GroupMember { wish: wish(names), target, owned };
            state.members.insert(ObjectId::from_bytes([number; 16]), member);
        }
        state
    };
    let known = [&["of-the-future", "range"][..], &["range"]];
    assert_eq!(agreed(&state(None, &known)), Assignor::Range);
    assert_eq!(agreed(&state(Some("sticky"), &known)), Assignor::Range);
    assert_eq!(agreed(&state(None, &[])), Assignor::Range);
    // Who names none has no vote, and without any the group's counts.
    assert_eq!(agreed(&state(Some("sticky"), &[&[], &[]])), Assignor::Sticky);
    assert_eq!(agreed(&state(Some("of-the-future"), &[&[]])), Assignor::Range);
    let mixed = state(Some("sticky"), &[&[], &["uniform", "range"]]);
    assert_eq!(agreed(&mixed), Assignor::Uniform);
    assert!(can_agree(&mixed, &[], None) && can_agree(&mixed, &[Assignor::Range], None));
    assert!(!can_agree(&mixed, &[Assignor::Sticky], None));
    assert!(can_agree(&state(Some("sticky"), &[&[], &[]]), &[Assignor::RoundRobin], None));
}

#[test]
fn another_assignor_of_the_group_is_a_new_epoch_only_if_it_changes_something() {
    let mut world = World::new(3);
    world.change(|draft| draft.configure(settings("sticky")));
    assert_eq!((world.state.epoch.epoch, world.state.settings.clone()), (0, settings("sticky")));
    let mut dice = Dice(3);
    (0..3).for_each(|_| world.join_with(&mut dice, &[]));
    world.calm();
    let epoch = world.state.epoch.epoch;
    assert_eq!(world.state.epoch.assignor, "sticky");
    let retention = GroupSettings { offsets_retention_minutes: Some(1), ..settings("sticky") };
    world.change(|draft| draft.configure(retention.clone()));
    assert_eq!((world.state.epoch.epoch, world.state.settings.clone()), (epoch, retention));
    world.change(|draft| draft.configure(settings("roundrobin")));
    assert_eq!(world.state.epoch.epoch, epoch + 1);
    assert_eq!(world.state.epoch.assignor, "roundrobin");
    world.calm();
    world.join_with(&mut dice, &["range"]);
    let epoch = world.state.epoch.epoch;
    assert_eq!(world.state.epoch.assignor, "range");
    world.change(|draft| draft.configure(settings("uniform")));
    assert_eq!(world.state.epoch.epoch, epoch, "one asks for range, so that stays");
}

fn settings(assignor: &str) -> GroupSettings {
    GroupSettings { assignor: Some(assignor.to_owned()), ..GroupSettings::default() }
}
