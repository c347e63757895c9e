//! From where to where: in offsets, counted from the end, and in time.

use std::ops::ControlFlow;

use super::world::{NOW, World, numbers, read_on};
use crate::consume::{Consumer, ConsumerConfig, News, Progress, Start, Until};

fn from(start: Start) -> ConsumerConfig {
    ConsumerConfig { start, ..ConsumerConfig::default() }
}

fn between(start: Start, until: Until) -> ConsumerConfig {
    ConsumerConfig { start, until: Some(until), ..ConsumerConfig::default() }
}

/// Ten batches of ten, so that every bound cuts one.
fn hundred() -> World {
    let world = World::new(1);
    for batch in 0..10 {
        world.append(0, batch * 10..batch * 10 + 10);
    }
    world
}

#[test]
fn every_start_and_every_stop() {
    let world = hundred();
    let second = |number: i64| NOW + number * 1000;
    let starts = [
        (Start::Beginning, 0),
        (Start::End, 100),
        (Start::Offset(0), 0),
        (Start::Offset(37), 37),
        (Start::Offset(100), 100),
        (Start::Offset(120), 120),
        (Start::BeforeEnd(1), 99),
        (Start::BeforeEnd(25), 75),
        (Start::BeforeEnd(1000), 0),
        (Start::Time(second(-5)), 0),
        (Start::Time(second(42)), 42),
        (Start::Time(second(42) - 1), 42),
        (Start::Time(second(99) + 1), 100),
    ];
    let stops = [
        (Until::Beginning, 0),
        (Until::End, 100),
        (Until::Offset(43), 43),
        (Until::Offset(110), 110),
        (Until::BeforeEnd(33), 67),
        (Until::Time(second(58)), 58),
        (Until::Time(second(58) - 1), 58),
    ];
    for (start, first) in starts {
        assert_eq!(world.read(from(start)), numbers(first.min(100)..100, 0), "{start:?}");
        for (until, end) in stops {
            let expected = numbers(first.min(100)..end.min(100), 0);
            assert_eq!(world.read(between(start, until)), expected, "{start:?} {until:?}");
        }
    }
}

#[test]
fn the_end_is_where_it_was_when_the_consumer_was_made() {
    let world = hundred();
    let mut consumer = world.consumer(between(Start::Offset(95), Until::End));
    world.append(0, 100..110);
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    assert_eq!(all, numbers(95..100, 0));
    assert_eq!(read_on(&mut consumer, NOW, &mut all).unwrap(), Progress::Done);
}

#[test]
fn a_start_that_is_to_come_yet_is_waited_for() {
    let world = hundred();
    let mut consumer = world.consumer(between(Start::Offset(105), Until::Offset(112)));
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    assert_eq!(read_on(&mut consumer, NOW, &mut all).unwrap(), Progress::CaughtUp);
    consumer.wait(None, None).unwrap();
    world.append(0, 100..120);
    let mut progress = Progress::CaughtUp;
    while progress != Progress::Done {
        if progress == Progress::CaughtUp {
            consumer.wait(None, None).unwrap();
        }
        progress = read_on(&mut consumer, NOW, &mut all).unwrap();
    }
    assert_eq!(all, numbers(105..112, 0));
}

#[test]
fn a_stop_in_the_past_or_passing_by_ends_reading() {
    let world = hundred();
    let until = NOW + 500_000;
    let mut consumer = world.consumer(between(Start::Offset(90), Until::Time(until)));
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    assert_eq!(all, numbers(90..100, 0));
    assert_eq!(read_on(&mut consumer, NOW, &mut all).unwrap(), Progress::CaughtUp);
    consumer.look_at_the_time();
    while read_on(&mut consumer, until, &mut all).unwrap() == Progress::Some {}
    assert_eq!(read_on(&mut consumer, until, &mut all).unwrap(), Progress::Done);
    assert_eq!(all.len(), 10);
}

#[test]
fn partitions_take_turns_and_each_keeps_its_order() {
    let world = World::new(4);
    for batch in 0..20 {
        for partition in [0, 1, 3] {
            world.append(partition, batch * 5..batch * 5 + 5);
        }
    }
    let config = ConsumerConfig { read_bytes: 300, ..between(Start::Beginning, Until::End) };
    let all = world.read(config);
    for partition in 0..4 {
        let of: Vec<_> = all.iter().copied().filter(|(it, _)| *it == partition).collect();
        let expected = if partition == 2 { Vec::new() } else { numbers(0..100, partition) };
        assert_eq!(of, expected);
    }
    assert!(all.iter().position(|(partition, _)| *partition == 3).unwrap() < 100, "turns");
    let one = ConsumerConfig { partition: Some(3), ..config };
    assert_eq!(world.read(one), numbers(0..100, 3));
    let none = ConsumerConfig { partition: Some(4), ..config };
    let error = Consumer::new(world.topic.clone(), none).unwrap_err();
    assert!(error.to_string().contains("partition 4"), "{error}");
}

#[test]
fn a_receiver_may_break_off() {
    let world = hundred();
    let mut consumer = world.consumer(from(Start::Beginning));
    let mut left = 17;
    let progress = loop {
        let progress = consumer.read(NOW, |_| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match progress.unwrap() {
            Progress::Some => {}
            progress => break progress,
        }
    };
    assert_eq!((progress, left), (Progress::Stopped, 0));
}

#[test]
fn expired_records_are_invisible_and_their_offsets_stay() {
    let world = hundred();
    let config = ConsumerConfig { ttl_ms: Some(30_000), ..between(Start::Beginning, Until::End) };
    let mut consumer = world.consumer(config);
    let mut all = Vec::new();
    let now = NOW + 80_000;
    while read_on(&mut consumer, now, &mut all).unwrap() == Progress::Some {}
    assert_eq!(all, numbers(50..100, 0));
    assert_eq!(
        world.read(ConsumerConfig { start: Start::Offset(60), ..config }),
        numbers(60..100, 0)
    );
}

#[test]
fn a_start_that_retention_has_passed_is_told() {
    let world = hundred();
    // Where retention has removed the front, the lowest segment has a higher name.
    let dir = world.topic.reader(0).unwrap().log().unwrap().dir().path().to_path_buf();
    for entry in std::fs::read_dir(&dir).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    world.topic.reader(0).unwrap().log().unwrap().create(500).unwrap();
    world.append(0, 0..3);
    let mut consumer = world.consumer(between(Start::Offset(7), Until::End));
    let notices = consumer.take_notices();
    assert!(matches!(notices[0].news, News::Trimmed { from: 7, to: 500 }), "{notices:?}");
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    assert_eq!(all.len(), 3);
}
