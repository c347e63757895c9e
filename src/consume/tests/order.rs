//! Merging by time: against a plain merge of the same records, in as little memory as it is given.

use std::ops::ControlFlow;

use super::world::{NOW, Seen, World, fill, random_batches, see_all};
use crate::consume::merge::share_bytes;
use crate::consume::{Consumer, ConsumerConfig, Order, Progress, Start, Subscription, Until};

fn merged() -> ConsumerConfig {
    ConsumerConfig {
        start: Start::Beginning,
        until: Some(Until::End),
        order: Order::Time,
        ..ConsumerConfig::default()
    }
}

fn all_topics(world: &World, config: ConsumerConfig) -> Consumer {
    let subscription = Subscription::new(world.stream.clone(), |name| name.as_str() != "t");
    Consumer::subscribed(subscription, config).unwrap()
}

/// What a merge is, word for word: the earliest of the first records that are left.
fn merge(topics: &[(&str, Vec<Vec<Vec<i64>>>)]) -> Vec<Seen> {
    let mut queues = Vec::new();
    for (name, partitions) in topics {
        for (partition, batches) in partitions.iter().enumerate() {
            let times = batches.iter().flatten().copied().enumerate();
            let mut records: Vec<Seen> = times
                .map(|(offset, time)| ((*name).to_owned(), partition as u32, time, offset as i64))
                .collect();
            records.reverse();
            queues.push(records);
        }
    }
    let mut all = Vec::new();
    loop {
        let first = |queue: &&mut Vec<Seen>| {
            let (name, partition, time, _) = queue.last().unwrap().clone();
            (time, name, partition)
        };
        let next = queues.iter_mut().filter(|queue| !queue.is_empty()).min_by_key(first);
        match next {
            Some(queue) => all.extend(queue.pop()),
            None => return all,
        }
    }
}

#[test]
fn random_records_come_as_in_a_plain_merge() {
    let mut random = fastrand::Rng::with_seed(17);
    for round in 0..16 {
        let world = World::new(1);
        let mut topics = Vec::new();
        for name in ["b", "a", "c"] {
            let partitions = (0..random.usize(1..5))
                .map(|_| random_batches(&mut random, round % 2 == 0))
                .collect::<Vec<_>>();
            fill(&world.stream, name, &partitions, random.usize(1..400));
            topics.push((name, partitions));
        }
        let merge_bytes = [0, 100_000, 32 << 20][random.usize(0..3)];
        let read_bytes = [200, 5000, 1 << 20][random.usize(0..3)];
        let config = ConsumerConfig { merge_bytes, read_bytes, ..merged() };
        let (seen, progress) = see_all(&mut all_topics(&world, config));
        assert_eq!(progress, Progress::Done);
        assert_eq!(seen, merge(&topics), "round {round}");
    }
}

#[test]
fn times_in_order_come_out_sorted_with_ties_by_topic_partition_and_offset() {
    let world = World::new(1);
    let one = vec![vec![vec![1, 1, 2]], vec![vec![1, 2, 2]]];
    fill(&world.stream, "b", &one, 1);
    fill(&world.stream, "a", &one, 1);
    let (seen, _) = see_all(&mut all_topics(&world, merged()));
    let mut sorted = seen.clone();
    sorted.sort_by_key(|(topic, partition, time, offset)| {
        (*time, topic.clone(), *partition, *offset)
    });
    assert_eq!((seen.len(), &seen), (12, &sorted));
    assert_eq!(seen[0], ("a".to_owned(), 0, 1, 0));
}

#[test]
fn what_is_held_stays_within_its_bound_whatever_the_batches_are() {
    const PARTITIONS: usize = 32;
    let world = World::new(1);
    let mut random = fastrand::Rng::with_seed(3);
    // Each batch is many times a share: compressed, it is much smaller than what it holds.
    let partitions: Vec<Vec<Vec<i64>>> =
        (0..PARTITIONS).map(|_| vec![(0..500).map(|_| random.i64(0..1000)).collect()]).collect();
    fill(&world.stream, "a", &partitions, 300);
    let config = ConsumerConfig { merge_bytes: PARTITIONS * 8192, ..merged() };
    assert_eq!(share_bytes(&config, PARTITIONS), 8192);
    let mut consumer = all_topics(&world, config);
    let (mut held_max, mut seen) = (0, 0);
    loop {
        let progress = consumer.read(NOW, |_| {
            seen += 1;
            ControlFlow::Continue(())
        });
        held_max = held_max.max(consumer.held_bytes());
        if progress.unwrap() == Progress::Done {
            break;
        }
    }
    assert_eq!(seen, PARTITIONS * 500);
    // A share is left with the record that fills it.
    assert!(held_max > PARTITIONS * 4096, "{held_max}");
    assert!(held_max < PARTITIONS * (8192 + 500), "{held_max}");
}

#[test]
fn a_share_is_never_what_256_partitions_would_read_alone() {
    let config = ConsumerConfig::default();
    assert_eq!(share_bytes(&config, 1), config.read_bytes);
    assert_eq!(share_bytes(&config, 256) * 256, 32 << 20);
    assert_eq!(share_bytes(&config, 4096) * 4096, 32 << 20);
    assert_eq!(share_bytes(&config, 100_000), 4 << 10);
}

#[test]
fn bounds_positions_and_breaking_off_hold_while_merging() {
    let world = World::new(1);
    let partitions: Vec<Vec<Vec<i64>>> =
        (0..2).map(|partition| vec![(0..50).map(|n| n * 2 + partition).collect()]).collect();
    fill(&world.stream, "a", &partitions, 10);
    let config =
        ConsumerConfig { start: Start::Offset(10), until: Some(Until::Time(60)), ..merged() };
    let (seen, progress) = see_all(&mut all_topics(&world, config));
    assert_eq!(progress, Progress::Done);
    let times: Vec<i64> = seen.iter().map(|(_, _, time, _)| *time).collect();
    assert_eq!(times, (20..60).collect::<Vec<i64>>());

    let mut consumer = all_topics(&world, merged());
    let mut left = 15;
    let progress = consumer.read(NOW, |_| {
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(progress.unwrap(), Progress::Stopped);
    // Read ahead is not delivered: 8 of the one, 7 of the other.
    let positions: Vec<i64> = consumer.positions().map(|at| at.offset).collect();
    assert_eq!(positions, [8, 7]);
}

#[test]
fn damage_costs_its_batch_and_the_rest_is_merged() {
    use std::os::unix::fs::FileExt;
    let world = World::new(1);
    let batches = |start: i64| (0..5).map(|n| vec![start + n * 10, start + n * 10 + 1]).collect();
    fill(&world.stream, "a", &[batches(0), batches(5)], 10);
    let name = crate::path::TopicName::parse("a").unwrap();
    let topic = world.stream.topic(&name).unwrap();
    let log = topic.reader(0).unwrap().log().unwrap().clone();
    let mut walk = log.walk(0, 0, 0).unwrap();
    let third = (0..3).map(|_| walk.step().unwrap().unwrap()).last().unwrap();
    let path = log.segment_file(0).unwrap().path().to_path_buf();
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(b"\xff", third.position + 70).unwrap();
    let mut consumer = all_topics(&world, merged());
    let (seen, _) = see_all(&mut consumer);
    let times: Vec<i64> = seen.iter().map(|(_, _, time, _)| *time).collect();
    let mut expected: Vec<i64> = (0..10).flat_map(|n| [n * 5, n * 5 + 1]).collect();
    expected.retain(|time| ![20, 21].contains(time));
    assert_eq!(times, expected);
    let notices = consumer.take_notices();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].to_string().starts_with("topic `a`, partition 0 is damaged"));
}
