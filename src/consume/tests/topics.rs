//! Several topics of a stream: those that are there, those that come, those that go.

use std::thread;
use std::time::{Duration, Instant};

use super::world::{World, fill, see_all};
use crate::consume::{
    Consumer, ConsumerConfig, Order, Progress, Start, Subscription, TopicNews, Until, Woken,
};
use crate::path::TopicName;

const SOON: Option<Duration> = Some(Duration::from_secs(10));

fn name(text: &str) -> TopicName {
    TopicName::parse(text).unwrap()
}

fn subscribed(world: &World, config: ConsumerConfig) -> Consumer {
    let wants = |name: &TopicName| name.as_str().starts_with('s');
    Consumer::subscribed(Subscription::new(world.stream.clone(), wants), config).unwrap()
}

/// Reads and waits until `count` records have come; their topics and times.
fn read_until(consumer: &mut Consumer, count: usize) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    while all.len() < count {
        let (seen, progress) = see_all(consumer);
        all.extend(seen.into_iter().map(|(topic, _, time, _)| (topic, time)));
        assert_eq!(progress, Progress::CaughtUp);
        if all.len() < count {
            assert_ne!(consumer.wait(None, SOON).unwrap(), Woken::TimedOut, "{}", all.len());
        }
    }
    all
}

#[test]
fn topics_that_come_are_read_from_their_first_record() {
    for order in [Order::Turns, Order::Time] {
        let world = World::new(1);
        fill(&world.stream, "s1", &[vec![vec![1]]], 1);
        fill(&world.stream, "other", &[vec![vec![1]]], 1);
        let mut consumer =
            subscribed(&world, ConsumerConfig { order, ..ConsumerConfig::default() });
        let stream = world.stream.clone();
        let writer = thread::spawn(move || {
            for number in 2..6 {
                thread::sleep(Duration::from_millis(10));
                fill(&stream, &format!("s{number}"), &[vec![vec![number]], vec![]], 1);
                fill(&stream, "other", &[vec![vec![number]]], 1);
                fill(&stream, "s1", &[vec![vec![number * 10]]], 1);
            }
        });
        let mut all = read_until(&mut consumer, 8);
        writer.join().unwrap();
        all.sort();
        let mut expected: Vec<(String, i64)> =
            (2..6).flat_map(|n| [(format!("s{n}"), n), ("s1".to_owned(), n * 10)]).collect();
        expected.sort();
        assert_eq!(all, expected);
        assert_eq!(consumer.topics().count(), 5);
    }
}

#[test]
fn topics_that_go_are_told_once_and_the_rest_goes_on() {
    for order in [Order::Turns, Order::Time] {
        let world = World::new(1);
        for topic in ["s1", "s2", "s3"] {
            fill(&world.stream, topic, &[vec![vec![1]], vec![]], 1);
        }
        let start = Start::Beginning;
        let mut consumer =
            subscribed(&world, ConsumerConfig { start, order, ..ConsumerConfig::default() });
        assert_eq!(read_until(&mut consumer, 3).len(), 3);
        let stream = world.stream.clone();
        let deleter = thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            stream.delete_topic(&name("s2")).unwrap();
            // The same name is another topic.
            fill(&stream, "s2", &[vec![vec![7]]], 1);
            fill(&stream, "s1", &[vec![vec![8]], vec![]], 1);
        });
        let mut all = read_until(&mut consumer, 2);
        deleter.join().unwrap();
        all.sort();
        assert_eq!(all, [("s1".to_owned(), 8), ("s2".to_owned(), 7)]);
        let mut news = Vec::new();
        let began = Instant::now();
        while news.is_empty() && began.elapsed() < Duration::from_secs(10) {
            news.extend(consumer.take_topic_news());
            let _ = consumer.wait(None, Some(Duration::from_millis(50))).unwrap();
            let _ = see_all(&mut consumer);
        }
        news.extend(consumer.take_topic_news());
        assert!(
            matches!(&news[..], [TopicNews::Deleted(topic)] if topic.as_str() == "s2"),
            "{news:?}"
        );
        assert_eq!(news[0].to_string(), "topic `s2` was deleted while it was read");
    }
}

#[test]
fn without_a_topic_it_waits_for_one_unless_what_is_there_is_asked_for() {
    let world = World::new(1);
    let bounded = ConsumerConfig { until: Some(Until::End), ..ConsumerConfig::default() };
    assert_eq!(see_all(&mut subscribed(&world, bounded)).1, Progress::Done);
    let mut consumer = subscribed(&world, ConsumerConfig::default());
    assert_eq!(see_all(&mut consumer).1, Progress::CaughtUp);
    let stream = world.stream.clone();
    let writer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        fill(&stream, "s1", &[vec![vec![1]]], 1);
    });
    assert_eq!(read_until(&mut consumer, 1), [("s1".to_owned(), 1)]);
    writer.join().unwrap();
}

#[test]
fn a_topic_that_cannot_be_opened_is_told_and_the_others_are_read() {
    let world = World::new(1);
    fill(&world.stream, "s1", &[vec![vec![1]]], 1);
    fill(&world.stream, "s2", &[vec![vec![2]]], 1);
    let dir = world.stream.topic(&name("s1")).unwrap().directory().path().join("0");
    // Where a partition should be is something else: the same for root as for others.
    std::fs::rename(&dir, dir.with_file_name("1")).unwrap();
    std::fs::write(&dir, b"").unwrap();
    let bounded = ConsumerConfig {
        start: Start::Beginning,
        until: Some(Until::End),
        ..ConsumerConfig::default()
    };
    let mut consumer = subscribed(&world, bounded);
    let (seen, progress) = see_all(&mut consumer);
    assert_eq!((seen.len(), progress), (1, Progress::Done));
    let news = consumer.take_topic_news();
    assert_eq!(news.len(), 1);
    assert!(news[0].to_string().starts_with("topic `s1` is not read: "), "{}", news[0]);
    assert!(consumer.take_topic_news().is_empty());
}
