//! The assignments that Kafka's own tests expect, by the numbers of the table of conformance
//! vectors.

use super::{Assignor, MemberSubscription, Partitions, TopicPartition, assign};
use crate::path::TopicName;

fn topic(name: &str) -> TopicName {
    TopicName::parse(name).unwrap()
}

fn partition(text: &str) -> TopicPartition {
    let (name, number) = text.rsplit_once('-').unwrap();
    TopicPartition::new(topic(name), number.parse().unwrap())
}

/// Topics as the table writes them: `t1:3 t2:2`.
fn topics(text: &str) -> Partitions {
    let pair = |word: &str| {
        let (name, count) = word.split_once(':').unwrap();
        (topic(name), count.parse().unwrap())
    };
    text.split_whitespace().map(pair).collect()
}

/// A member that wants some topics and holds some partitions.
fn member<'a>(id: &'a str, wants: &str, owned: &str) -> MemberSubscription<'a> {
    MemberSubscription {
        id,
        instance: None,
        topics: wants.split_whitespace().map(topic).collect(),
        owned: owned.split_whitespace().map(partition).collect(),
        generation: 1,
    }
}

/// A member with an instance id.
fn fixed<'a>(id: &'a str, instance: &'a str, wants: &str) -> MemberSubscription<'a> {
    MemberSubscription { instance: Some(instance), ..member(id, wants, "") }
}

/// Compares an assignment with the expected one: `c1 t1-0 t1-2; c2 t1-1`.
#[track_caller]
fn expect(assignor: Assignor, members: &[MemberSubscription<'_>], sizes: &str, expected: &str) {
    let sorted = |text: &str| {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        words[1..].sort_by_key(|word| partition(word));
        words.join(" ")
    };
    let expected: Vec<String> = expected.split(';').map(sorted).collect();
    let mut found = Vec::new();
    for (id, partitions) in assign(assignor, members, &topics(sizes)) {
        let mut line = id;
        for partition in partitions {
            line.push_str(&format!(" {partition}"));
        }
        found.push(line);
    }
    assert_eq!(found, expected);
}

#[test]
fn range_rows_of_the_clients() {
    let row = |members: &[_], sizes, expected| expect(Assignor::Range, members, sizes, expected);
    // 32.1
    row(&[member("c1", "", "")], "", "c1");
    row(&[member("c1", "t1", "")], "t1:0", "c1");
    // 32.3
    row(&[member("c1", "t1", ""), member("c2", "t1", "")], "t1:1", "c1 t1-0; c2");
    // 32.5
    let members = [member("c1", "t1", ""), member("c2", "t1 t2", ""), member("c3", "t1", "")];
    row(&members, "t1:3 t2:2", "c1 t1-0; c2 t1-1 t2-0 t2-1; c3 t1-2");
    // 32.7
    let members = [fixed("m3", "i1", "t1"), fixed("m1", "i2", "t1"), fixed("m2", "i3", "t1")];
    row(&members, "t1:3", "m1 t1-1; m2 t1-2; m3 t1-0");
    // 32.9
    let both = "t1 t2";
    let members = [fixed("m3", "i1", both), fixed("m1", "i2", both), fixed("m2", "i3", both)];
    let expected = "m1 t1-2 t1-3 t2-2 t2-3; m2 t1-4 t2-4; m3 t1-0 t1-1 t2-0 t2-1";
    row(&members, "t1:5 t2:5", expected);
}

#[test]
fn range_rows_of_the_coordinator() {
    let row = |members: &[_], sizes, expected| expect(Assignor::Range, members, sizes, expected);
    // 35.1
    let members = [member("A", "T1 T3", ""), member("B", "T1 T3", "")];
    row(&members, "T1:3 T3:2", "A T1-0 T1-1 T3-0; B T1-2 T3-1");
    // 35.3
    let members = [member("A", "T1 T3", ""), member("B", "T1 T3", ""), member("C", "T1 T3", "")];
    row(&members, "T1:3 T3:2", "A T1-0 T3-0; B T1-1 T3-1; C T1-2");
    // 35.5
    let owned = "T1-0 T1-1 T2-0 T2-1";
    let members = [member("A", "T1 T2", owned), member("B", "T1 T2", "T1-2 T2-2")];
    row(&members, "T1:4 T2:4", "A T1-0 T1-1 T2-0 T2-1; B T1-2 T1-3 T2-2 T2-3");
    // 35.7
    let [first, second] = members;
    let members = [first, second, member("C", "T1", "")];
    row(&members, "T1:4 T2:3", "A T1-0 T1-1 T2-0 T2-1; B T1-2 T2-2; C T1-3");
    // 35.9
    let members = [
        member("A", "T1", "T1-0 T1-1 T1-2 T2-0"),
        member("B", "T1 T2 T3", "T2-1"),
        member("C", "T2", "T2-2 T3-0 T3-1"),
    ];
    row(&members, "T1:3 T2:3 T3:2", "A T1-0 T1-1; B T1-2 T2-0 T2-1 T3-0 T3-1; C T2-2");
}

#[test]
fn round_robin_rows() {
    let row =
        |members: &[_], sizes, expected| expect(Assignor::RoundRobin, members, sizes, expected);
    // 33.1
    row(&[member("c1", "t1", ""), member("c2", "t1", "")], "t1:1", "c1 t1-0; c2");
    // 33.3
    let both = "t1 t2";
    let expected = "c1 t1-0 t1-2 t2-1; c2 t1-1 t2-0 t2-2";
    row(&[member("c1", both, ""), member("c2", both, "")], "t1:3 t2:3", expected);
    // 33.5
    let members = [fixed("m3", "i1", both), fixed("m1", "i2", both), fixed("m2", "i3", both)];
    let expected = "m1 t1-1 t1-4 t2-2; m2 t1-2 t2-0 t2-3; m3 t1-0 t1-3 t2-1 t2-4";
    row(&members, "t1:5 t2:5", expected);
    // Of a member that does not read the topic, the turn is passed on.
    let members = [member("c1", both, ""), member("c2", "t1", ""), member("c3", "t2", "")];
    row(&members, "t1:3 t2:3", "c1 t1-0 t1-2 t2-1; c2 t1-1; c3 t2-0 t2-2");
}

#[test]
fn sticky_rows() {
    let both = "t1 t2";
    for assignor in [Assignor::Sticky, Assignor::CooperativeSticky] {
        let row = |members: &[_], sizes, expected| expect(assignor, members, sizes, expected);
        // 34.1
        let members = [member("c1", both, ""), member("c2", both, "")];
        row(&members, "t1:3 t2:3", "c1 t1-0 t1-2 t2-1; c2 t1-1 t2-0 t2-2");
        // 34.3
        let members = [member("c1", both, "t1-0 t2-1"), member("c2", both, "t1-1 t2-2")];
        row(&members, "t1:2 t2:3", "c1 t1-0 t2-0 t2-1; c2 t1-1 t2-2");
        // 34.5
        let members =
            [member("c1", both, "t1-0"), member("c2", both, "t1-1"), member("c3", both, "")];
        row(&members, "t1:2 t2:3", "c1 t1-0 t2-1; c2 t1-1 t2-2; c3 t2-0");
        // 34.7
        let members = [member("c1", both, ""), member("c2", both, "")];
        row(&members, "t1:3 t2:4", "c1 t1-0 t1-2 t2-1 t2-3; c2 t1-1 t2-0 t2-2");
        // 34.9, after the two that join and take over.
        let members = [member("c3", both, "t1-2 t2-3"), member("c4", both, "t2-2")];
        row(&members, "t1:3 t2:4", "c3 t1-0 t1-2 t2-1 t2-3; c4 t1-1 t2-0 t2-2");
    }
    // What 34.9 starts from.
    let members = [
        member("c1", both, "t1-0 t1-2 t2-1 t2-3"),
        member("c2", both, "t1-1 t2-0 t2-2"),
        member("c3", both, ""),
        member("c4", both, ""),
    ];
    let expected = "c1 t1-0 t2-1; c2 t1-1 t2-0; c3 t1-2 t2-3; c4 t2-2";
    expect(Assignor::Sticky, &members, "t1:3 t2:4", expected);
    let expected = "c1 t1-0 t2-1; c2 t1-1 t2-0; c3; c4";
    expect(Assignor::CooperativeSticky, &members, "t1:3 t2:4", expected);
}

#[test]
fn cooperative_sticky_rows() {
    // 34.11
    let members =
        [member("c1", "t1", "t1-0 t1-1"), member("c2", "t1", "t1-0 t1-2"), member("c3", "t1", "")];
    expect(Assignor::CooperativeSticky, &members, "t1:4", "c1 t1-1 t1-3; c2 t1-2; c3");
}

#[test]
fn of_two_claims_the_later_epoch_counts() {
    let old = |id, owned| MemberSubscription { generation: 4, ..member(id, "t1", owned) };
    let new = |id, owned| MemberSubscription { generation: 5, ..member(id, "t1", owned) };
    for assignor in [Assignor::Sticky, Assignor::CooperativeSticky, Assignor::Uniform] {
        let members = [old("c1", "t1-0 t1-1"), new("c2", "t1-1")];
        expect(assignor, &members, "t1:2", "c1 t1-0; c2 t1-1");
        let members = [new("c1", "t1-1"), old("c2", "t1-0 t1-1")];
        expect(assignor, &members, "t1:2", "c1 t1-1; c2 t1-0");
    }
    // The later one does not want it any longer, but may still read it.
    let members =
        [MemberSubscription { topics: [].into(), ..new("c1", "t1-0") }, old("c2", "t1-0")];
    expect(Assignor::Sticky, &members, "t1:1", "c1; c2 t1-0");
    expect(Assignor::CooperativeSticky, &members, "t1:1", "c1; c2");
}

#[test]
fn uniform_rows() {
    let row = |members: &[_], sizes, expected| expect(Assignor::Uniform, members, sizes, expected);
    let both = "T1 T2";
    // 35.11
    let members = [member("A", "T3", ""), member("B", "T3", ""), member("C", "T3", "")];
    row(&members, "T3:2", "A; B T3-0; C T3-1");
    // 35.13
    let members = [member("A", both, "T1-0 T1-2 T2-0"), member("B", both, "T1-1 T2-1 T2-2")];
    let expected = "A T1-0 T1-2 T2-0 T2-3 T2-4; B T1-1 T1-3 T1-4 T1-5 T2-1 T2-2";
    row(&members, "T1:6 T2:5", expected);
    // 35.15
    let members = [member("A", both, "T1-0 T2-0"), member("B", both, "T1-1 T2-1")];
    row(&members, "T1:3 T2:3", "A T1-0 T2-0 T2-2; B T1-1 T1-2 T2-1");
}

#[test]
fn a_topic_that_is_not_there_gives_nothing() {
    // 35.17 is an error of Kafka's coordinator; here topics may vanish while members read them.
    for assignor in Assignor::ALL {
        let members = [member("A", "T1 T2", "T1-0 T2-0"), member("B", "T1 T2", "T1-1 T2-1")];
        expect(assignor, &members, "T2:2", "A T2-0; B T2-1");
    }
}

#[test]
fn different_subscriptions_are_shared_as_evenly_as_can_be() {
    for assignor in [Assignor::Sticky, Assignor::Uniform] {
        // Kafka's coordinator leaves 9, 10 and 11 here, as its documentation says.
        let t1 = "t1-0 t1-1 t1-2 t1-3 t1-4 t1-5 t1-6 t1-7 t1-8";
        let mixed = "t1-9 t1-10 t1-11 t1-12 t1-13 t1-14 t2-0 t2-1 t2-2 t2-3";
        let t2 = "t2-4 t2-5 t2-6 t2-7 t2-8 t2-9 t2-10 t2-11 t2-12 t2-13 t2-14";
        let members =
            [member("c1", "t1", t1), member("c2", "t1 t2", mixed), member("c3", "t2", t2)];
        let assignment = assign(assignor, &members, &topics("t1:15 t2:15"));
        assert!(assignment.values().all(|partitions| partitions.len() == 10));
        let stayed = |member: &MemberSubscription<'_>| {
            let new = &assignment[member.id];
            member.owned.iter().filter(|partition| new.contains(partition)).count()
        };
        assert_eq!(members.each_ref().map(stayed), [9, 9, 10], "two moves are enough");
    }
}

#[test]
fn what_was_moved_in_vain_is_moved_back() {
    // The first guess gives t0-0 to m2, so that m0 has to be given t1-0; the better answer leaves
    // that.
    let members = [
        member("m0", "t0 t1", "t1-1"),
        member("m1", "t1 t2", "t1-0 t2-1"),
        member("m2", "t0 t2", ""),
    ];
    for assignor in [Assignor::Sticky, Assignor::Uniform] {
        expect(assignor, &members, "t0:1 t1:2 t2:3", "m0 t0-0 t1-1; m1 t1-0 t2-1; m2 t2-0 t2-2");
    }
}
