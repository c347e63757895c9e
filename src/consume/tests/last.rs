//! The newest records over all partitions: against sorting everything.

use super::world::{NOW, Seen, World, fill, random_batches, see_all};
use crate::consume::{Consumer, ConsumerConfig, Order, Progress, Start, Subscription, Until};

fn last(count: u64) -> ConsumerConfig {
    ConsumerConfig { last: Some(count), ..ConsumerConfig::default() }
}

fn all_topics(world: &World, config: ConsumerConfig) -> Consumer {
    let subscription = Subscription::new(world.stream.clone(), |name| name.as_str() != "t");
    Consumer::subscribed(subscription, config).unwrap()
}

fn sorted(topics: &[(&str, Vec<Vec<Vec<i64>>>)]) -> Vec<Seen> {
    let mut all = Vec::new();
    for (name, partitions) in topics {
        for (partition, batches) in partitions.iter().enumerate() {
            for (offset, time) in batches.iter().flatten().enumerate() {
                all.push(((*name).to_owned(), partition as u32, *time, offset as i64));
            }
        }
    }
    all.sort_by_key(|(topic, partition, time, offset)| (*time, topic.clone(), *partition, *offset));
    all
}

#[test]
fn random_records_are_the_end_of_everything_sorted() {
    let mut random = fastrand::Rng::with_seed(29);
    for round in 0..16 {
        let world = World::new(1);
        let mut topics = Vec::new();
        for name in ["b", "a"] {
            let partitions = (0..random.usize(1..5))
                .map(|_| random_batches(&mut random, round % 2 == 0))
                .collect::<Vec<_>>();
            fill(&world.stream, name, &partitions, random.usize(1..300));
            topics.push((name, partitions));
        }
        let all = sorted(&topics);
        for count in [0, 1, 5, all.len() / 2, all.len(), all.len() + 3] {
            let merge_bytes = [1, 2000, 32 << 20][random.usize(0..3)];
            let read_bytes = [200, 1 << 20][random.usize(0..2)];
            let config = ConsumerConfig {
                until: Some(Until::End),
                merge_bytes,
                read_bytes,
                ..last(count as u64)
            };
            let mut consumer = all_topics(&world, config);
            let (seen, progress) = see_all(&mut consumer);
            assert_eq!(progress, Progress::Done);
            let expected = &all[all.len().saturating_sub(count)..];
            assert_eq!(seen, expected, "round {round}, the last {count}");
        }
    }
}

#[test]
fn bounds_cut_the_end_off_first() {
    let world = World::new(1);
    // Partition 0 in order, partition 1 not: its newest record comes first.
    let partitions =
        [vec![(0..50).map(|n| n * 2).collect()], vec![vec![99], vec![1, 3, 5], vec![7]]];
    fill(&world.stream, "a", &partitions, 10);
    for (until, count, expected) in [
        (Until::End, 3, vec![96, 98, 99]),
        (Until::Offset(4), 3, vec![5, 6, 99]),
        (Until::BeforeEnd(1), 2, vec![96, 99]),
        // The record of this time is the first one of partition 1: nothing there is before it.
        (Until::Time(90), 2, vec![86, 88]),
        (Until::Beginning, 2, vec![]),
    ] {
        let config = ConsumerConfig { until: Some(until), ..last(count) };
        let (seen, progress) = see_all(&mut all_topics(&world, config));
        let times: Vec<i64> = seen.iter().map(|(_, _, time, _)| *time).collect();
        assert_eq!((times, progress), (expected, Progress::Done), "{until:?}");
    }
}

#[test]
fn what_comes_afterwards_is_followed_from_where_the_search_ended() {
    for order in [Order::Turns, Order::Time] {
        let world = World::new(1);
        fill(&world.stream, "a", &[vec![vec![11, 12]], vec![vec![13]]], 10);
        let start = Start::Beginning;
        let mut consumer = all_topics(&world, ConsumerConfig { start, order, ..last(2) });
        fill(&world.stream, "a", &[vec![vec![1]], vec![]], 10);
        let (seen, progress) = see_all(&mut consumer);
        let times: Vec<i64> = seen.iter().map(|(_, _, time, _)| *time).collect();
        assert_eq!((times, progress), (vec![12, 13, 1], Progress::CaughtUp));
    }
}

#[test]
fn expired_records_are_none_of_the_last() {
    let world = World::new(1);
    fill(&world.stream, "a", &[vec![vec![NOW - 50, NOW - 10, NOW - 60]]], 10);
    let config = ConsumerConfig { until: Some(Until::End), ttl_ms: Some(30), ..last(2) };
    let (seen, _) = see_all(&mut all_topics(&world, config));
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].2, NOW - 10);
}

#[test]
fn a_single_topic_and_a_single_partition() {
    let world = World::new(2);
    fill(&world.stream, "t", &[vec![vec![11, 14]], vec![vec![12, 13]]], 10);
    let config = ConsumerConfig { until: Some(Until::End), ..last(2) };
    let (seen, _) = see_all(&mut world.consumer(config));
    assert_eq!(seen.iter().map(|seen| seen.2).collect::<Vec<_>>(), [13, 14]);
    let config = ConsumerConfig { partition: Some(0), ..config };
    let (seen, _) = see_all(&mut world.consumer(config));
    assert_eq!(seen.iter().map(|seen| seen.2).collect::<Vec<_>>(), [11, 14]);
}
