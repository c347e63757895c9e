//! The assignments that Kafka's own tests expect, by the numbers of the table of conformance vectors.

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
