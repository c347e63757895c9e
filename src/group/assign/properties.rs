//! What every assignment promises, whatever the group.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, sample};

use super::{Assignment, Assignor, MemberSubscription, Partitions, TopicPartition, assign};
use crate::path::TopicName;

const EVEN: [Assignor; 2] = [Assignor::Sticky, Assignor::Uniform];

/// A group, with ids to lend out: who wants which of the topics, and what it holds.
#[derive(Clone, Debug)]
struct Group {
    topics: Partitions,
    ids: Vec<String>,
    instances: Vec<Option<String>>,
    wants: Vec<BTreeSet<TopicName>>,
    owned: Vec<Vec<TopicPartition>>,
    generations: Vec<i32>,
}

impl Group {
    fn members(&self) -> Vec<MemberSubscription<'_>> {
        let member = |index: usize| MemberSubscription {
            id: &self.ids[index],
            instance: self.instances[index].as_deref(),
            topics: self.wants[index].clone(),
            owned: self.owned[index].clone(),
            generation: self.generations[index],
        };
        (0..self.ids.len()).map(member).collect()
    }

    fn assign(&self, assignor: Assignor) -> Assignment {
        assign(assignor, &self.members(), &self.topics)
    }

    /// The group when everybody holds what it was given, in one epoch.
    fn settle(&mut self, assignment: &Assignment) {
        self.owned = self.ids.iter().map(|id| assignment[id].clone()).collect();
        self.generations.fill(7);
    }

    fn leave(&mut self, index: usize) {
        self.ids.remove(index);
        self.instances.remove(index);
        self.wants.remove(index);
        self.owned.remove(index);
        self.generations.remove(index);
    }

    fn join(&mut self, id: &str, wants: BTreeSet<TopicName>) {
        self.ids.push(id.to_owned());
        self.instances.push(None);
        self.wants.push(wants);
        self.owned.push(Vec::new());
        self.generations.push(-1);
    }

    /// The partitions that somebody wants.
    fn wanted(&self) -> BTreeSet<TopicPartition> {
        let wanted = self
            .topics
            .iter()
            .filter(|(name, _)| self.wants.iter().any(|wants| wants.contains(name)));
        wanted
            .flat_map(|(name, &count)| {
                (0..count).map(|number| TopicPartition::new(name.clone(), number))
            })
            .collect()
    }
}

fn topic(index: usize) -> TopicName {
    TopicName::parse(&format!("t{index}")).unwrap()
}

/// A group whose members read what `wants` says of each one, and hold anything, rightly or not.
fn group_of(wants: fn(usize) -> Vec<BTreeSet<TopicName>>) -> impl Strategy<Value = Group> {
    (1_usize..=4, 1_usize..=6).prop_flat_map(move |(topics, members)| {
        let sizes = collection::vec(0_u32..7, topics);
        let wants = collection::vec(sample::select(wants(topics)), members);
        let partition = (0..topics + 1, 0_u32..8)
            .prop_map(|(index, number)| TopicPartition::new(topic(index), number));
        let owned = collection::vec(collection::vec(partition, 0..8), members);
        let generations = collection::vec(-1..3_i32, members);
        let fixed = collection::vec(any::<bool>(), members);
        (sizes, wants, owned, generations, fixed).prop_map(
            move |(sizes, wants, owned, generations, fixed)| Group {
                topics: sizes.into_iter().enumerate().map(|(at, size)| (topic(at), size)).collect(),
                ids: (0..members).map(|at| format!("m{at}")).collect(),
                instances: (0..members)
                    .map(|at| fixed[at].then(|| format!("i{}", 9 - at)))
                    .collect(),
                wants,
                owned,
                generations,
            },
        )
    })
}

/// Members that read different topics, one that is not there among them.
fn any_group() -> impl Strategy<Value = Group> {
    group_of(|topics| {
        let subset = |bits: usize| (0..=topics).filter(move |at| bits >> at & 1 == 1).map(topic);
        (0..1 << (topics + 1)).map(|bits| subset(bits).collect()).collect()
    })
}

/// Members that read all topics.
fn even_group() -> impl Strategy<Value = Group> {
    group_of(|topics| vec![(0..topics).map(topic).collect()])
}

/// How many partitions are with those who may keep them.
fn stayed(group: &Group, assignment: &Assignment) -> usize {
    let mut claims: BTreeMap<&TopicPartition, Vec<(i32, usize)>> = BTreeMap::new();
    for (index, owned) in group.owned.iter().enumerate() {
        for partition in owned.iter().collect::<BTreeSet<_>>() {
            claims.entry(partition).or_default().push((group.generations[index], index));
        }
    }
    let keeps = |(partition, claims): &(&TopicPartition, Vec<(i32, usize)>)| {
        let latest = claims.iter().map(|(generation, _)| *generation).max();
        let mut holders = claims.iter().filter(|(generation, _)| Some(*generation) == latest);
        let Some((_, holder)) = holders.next() else { return false };
        holders.next().is_none() && assignment[&group.ids[*holder]].contains(partition)
    };
    claims.into_iter().filter(keeps).count()
}

/// The best that any assignment can do: the sum of the squares of the counts, then the partitions
/// that stay. By trying all of them.
fn best(group: &Group) -> (usize, usize) {
    let wanted: Vec<TopicPartition> = group.wanted().into_iter().collect();
    let mut assignment: Assignment = group.ids.iter().map(|id| (id.clone(), Vec::new())).collect();
    let mut best = None;
    try_all(group, &wanted, &mut assignment, &mut best);
    let (squares, std::cmp::Reverse(stayed)) = best.unwrap();
    (squares, stayed)
}

type Found = Option<(usize, std::cmp::Reverse<usize>)>;

fn try_all(group: &Group, rest: &[TopicPartition], assignment: &mut Assignment, best: &mut Found) {
    let Some((partition, rest)) = rest.split_first() else {
        let found = (squares(assignment), std::cmp::Reverse(stayed(group, assignment)));
        *best = Some(best.map_or(found, |best| best.min(found)));
        return;
    };
    for (index, id) in group.ids.iter().enumerate() {
        if group.wants[index].contains(&partition.topic) {
            assignment.get_mut(id).unwrap().push(partition.clone());
            try_all(group, rest, assignment, best);
            assignment.get_mut(id).unwrap().pop();
        }
    }
}

fn squares(assignment: &Assignment) -> usize {
    assignment.values().map(|partitions| partitions.len() * partitions.len()).sum()
}

fn is_level(assignment: &Assignment) -> bool {
    let counts = || assignment.values().map(Vec::len);
    counts().max().unwrap_or(0) - counts().min().unwrap_or(0) <= 1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_wanted_partition_has_one_owner_that_wants_it(group in any_group()) {
        for assignor in Assignor::ALL {
            let assignment = group.assign(assignor);
            prop_assert!(assignment.keys().eq(&group.ids), "{assignor}");
            let mut owned = BTreeSet::new();
            for (id, wants) in group.ids.iter().zip(&group.wants) {
                prop_assert!(assignment[id].is_sorted());
                for partition in &assignment[id] {
                    prop_assert!(wants.contains(&partition.topic), "{assignor}: {id} {partition}");
                    prop_assert!(owned.insert(partition.clone()), "{assignor}: {partition} twice");
                }
            }
            let wanted = group.wanted();
            if assignor == Assignor::CooperativeSticky {
                let claimed: BTreeSet<_> = group.owned.iter().flatten().cloned().collect();
                prop_assert!(owned.is_subset(&wanted));
                prop_assert!(wanted.difference(&owned).all(|one| claimed.contains(one)));
            } else {
                prop_assert_eq!(&owned, &wanted, "{}", assignor);
            }
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(group in any_group()) {
        for assignor in Assignor::ALL {
            let mut members = group.members();
            let forward = assign(assignor, &members, &group.topics);
            members.reverse();
            members.iter_mut().for_each(|member| member.owned.reverse());
            prop_assert_eq!(forward, assign(assignor, &members, &group.topics), "{}", assignor);
        }
    }

    #[test]
    fn members_that_read_the_same_have_the_same_but_for_one(group in even_group()) {
        for assignor in [Assignor::RoundRobin, Assignor::Sticky, Assignor::Uniform] {
            prop_assert!(is_level(&group.assign(assignor)), "{assignor}");
        }
        for (name, &count) in &group.topics {
            let alone = Partitions::from([(name.clone(), count)]);
            prop_assert!(is_level(&assign(Assignor::Range, &group.members(), &alone)));
        }
    }

    #[test]
    fn of_equal_members_as_many_partitions_stay_as_can(group in even_group()) {
        // Nobody has two more than another, so who holds `n` keeps at most its share of them, and
        // the larger shares are best where more is held.
        let nothing_held = Group { owned: vec![Vec::new(); group.ids.len()], ..group.clone() };
        let total = nothing_held.wanted().len();
        let (share, larger) = (total / group.ids.len(), total % group.ids.len());
        let everything: Assignment =
            group.ids.iter().cloned().zip(group.owned.iter().cloned()).collect();
        let valid = |index: usize| {
            let mut alone = everything.clone();
            for (id, owned) in &mut alone {
                if *id != group.ids[index] {
                    owned.clear();
                }
                owned.retain(|partition| {
                    let count = group.topics.get(&partition.topic);
                    count.is_some_and(|count| partition.partition < *count)
                });
            }
            stayed(&group, &alone)
        };
        let held: Vec<usize> = (0..group.ids.len()).map(valid).collect();
        let more = held.iter().filter(|held| **held > share).count().min(larger);
        let most = held.iter().map(|held| *held.min(&share)).sum::<usize>() + more;
        for assignor in EVEN {
            prop_assert_eq!(stayed(&group, &group.assign(assignor)), most, "{}", assignor);
        }
    }

    #[test]
    fn nothing_moves_when_nothing_changes(mut group in any_group()) {
        for assignor in EVEN {
            let first = group.assign(assignor);
            group.settle(&first);
            prop_assert_eq!(&first, &group.assign(assignor), "{}", assignor);
            prop_assert_eq!(&first, &group.assign(Assignor::CooperativeSticky));
        }
    }

    #[test]
    fn who_stays_keeps_all_when_another_leaves(mut group in even_group(), who in 0_usize..6) {
        for assignor in EVEN {
            if group.ids.len() < 2 {
                break;
            }
            let before = group.assign(assignor);
            group.settle(&before);
            group.leave(who % group.ids.len());
            let after = group.assign(assignor);
            for id in &group.ids {
                prop_assert!(before[id].iter().all(|partition| after[id].contains(partition)));
            }
        }
    }

    #[test]
    fn who_joins_gets_its_share_and_nothing_else_moves(mut group in even_group()) {
        for assignor in EVEN {
            let before = group.assign(assignor);
            group.settle(&before);
            let newcomer = format!("n{}", group.ids.len());
            group.join(&newcomer, group.wants[0].clone());
            let after = group.assign(assignor);
            for id in group.ids.iter().filter(|id| **id != newcomer) {
                prop_assert!(after[id].iter().all(|partition| before[id].contains(partition)));
            }
            prop_assert!(after[&newcomer].len() <= group.wanted().len().div_ceil(group.ids.len()));
        }
    }

    #[test]
    fn growth_gives_more_and_takes_little(mut group in even_group(), more in 1_u32..9) {
        for assignor in EVEN {
            let before = group.assign(assignor);
            group.settle(&before);
            group.topics.insert(topic(0), group.topics[&topic(0)] + more);
            let after = group.assign(assignor);
            let held: usize = before.values().map(Vec::len).sum();
            prop_assert_eq!(stayed(&group, &after), held, "{}", assignor);
        }
    }

    #[test]
    fn cooperative_members_never_read_the_same_partition(mut group in any_group()) {
        // What somebody else claims is not given to anybody but the one who has it by the latest
        // epoch.
        let assignment = group.assign(Assignor::CooperativeSticky);
        for (index, id) in group.ids.iter().enumerate() {
            for partition in &assignment[id] {
                let claims = |at: usize| group.owned[at].contains(partition);
                let others = (0..group.ids.len()).filter(|at| *at != index && claims(*at));
                for other in others {
                    prop_assert!(claims(index));
                    prop_assert!(group.generations[index] > group.generations[other]);
                }
            }
        }
        // When all have given up what was taken from them, the next round gives out the rest; then
        // it is what `sticky` says.
        group.settle(&assignment);
        let second = group.assign(Assignor::CooperativeSticky);
        for (index, id) in group.ids.iter().enumerate() {
            for partition in &second[id] {
                let mut others = (0..group.ids.len()).filter(|at| *at != index);
                prop_assert!(!others.any(|at| group.owned[at].contains(partition)));
            }
        }
        group.settle(&second);
        let third = group.assign(Assignor::CooperativeSticky);
        group.settle(&third);
        prop_assert_eq!(group.assign(Assignor::Sticky), group.assign(Assignor::CooperativeSticky));
        prop_assert_eq!(group.assign(Assignor::Sticky), third);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn different_subscriptions_get_the_best_of_all_assignments(
        mut group in any_group(),
        holders in collection::vec(0_usize..8, 7),
    ) {
        // Small enough to try everything.
        let mut room = holders.len() as u32;
        for count in group.topics.values_mut() {
            *count = room.min(*count);
            room -= *count;
        }
        while group.ids.len() > 3 {
            group.leave(0);
        }
        // In half of the cases each partition is held by one member, often one that may keep it.
        if group.generations[0] > 0 {
            group.generations.fill(7);
            group.owned.iter_mut().for_each(Vec::clear);
            for (partition, holder) in group.wanted().into_iter().zip(holders) {
                if let Some(owned) = group.owned.get_mut(holder % 4) {
                    owned.push(partition);
                }
            }
        }
        let best = best(&group);
        for assignor in EVEN {
            let assignment = group.assign(assignor);
            let found = (squares(&assignment), stayed(&group, &assignment));
            prop_assert_eq!(found, best, "{}", assignor);
        }
    }
}

/// 64 members and 256 partitions: each one alike, or every member another choice of 8 topics.
fn crowd(alike: bool) -> Group {
    let topics: Partitions = (0..8).map(|at| (topic(at), 32)).collect();
    let wants = |at: usize| {
        topics.keys().enumerate().filter(move |(index, _)| alike || (at * 37) >> index & 1 == 1)
    };
    Group {
        ids: (0..64).map(|at| format!("m{at}")).collect(),
        instances: vec![None; 64],
        wants: (0..64).map(|at| wants(at).map(|(_, name)| name.clone()).collect()).collect(),
        owned: vec![Vec::new(); 64],
        generations: vec![-1; 64],
        topics,
    }
}

/// How long an assignment takes; the shortest of a few times.
fn time_of(group: &Group, assignor: Assignor) -> Duration {
    let run = || {
        let start = Instant::now();
        std::hint::black_box(group.assign(assignor));
        start.elapsed()
    };
    (0..5).map(|_| run()).min().unwrap()
}

#[test]
fn a_crowd_is_shared_out_in_no_time() {
    for alike in [true, false] {
        // Dealing out cards takes 60 µs, and the dearest of these 0.6 ms; without optimization it is
        // 200 µs and 14 ms, and the bounds are ten times that.
        let dealing = time_of(&crowd(alike), Assignor::RoundRobin);
        let bound = dealing * if alike { 40 } else { 700 };
        for assignor in Assignor::ALL {
            let mut group = crowd(alike);
            let fresh = time_of(&group, assignor);
            assert!(fresh < bound, "{assignor}: {fresh:?}, and dealing takes {dealing:?}");
            // One member holds all that it wants, and the others come at once: most has to move.
            let all = group.wanted().into_iter();
            group.owned[63] = all.filter(|one| group.wants[63].contains(&one.topic)).collect();
            let spread = time_of(&group, assignor);
            assert!(spread < bound, "{assignor}: {spread:?}, and dealing takes {dealing:?}");
        }
    }
}
