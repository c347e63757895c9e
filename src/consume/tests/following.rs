//! What is written while a consumer waits reaches it, wherever it is written.

use std::thread;
use std::time::{Duration, Instant};

use super::world::{NOW, World, append_to, numbers, read_on, topic_name};
use crate::consume::{ConsumeError, Consumer, ConsumerConfig, Progress, Start, Until, Woken};
use crate::record::{BatchEncoder, Compression, NewRecord};
use crate::store::TopicEdit;

const SOON: Option<Duration> = Some(Duration::from_secs(10));

/// Reads until `count` records are there, waiting where there is nothing.
fn read_until(consumer: &mut Consumer, count: usize) -> Vec<(u32, i64)> {
    let mut all = Vec::new();
    while all.len() < count {
        if read_on(consumer, NOW, &mut all).unwrap() == Progress::CaughtUp {
            assert_ne!(consumer.wait(None, SOON).unwrap(), Woken::TimedOut, "{}", all.len());
        }
    }
    all
}

fn follower(world: &World) -> Consumer {
    world.consumer(ConsumerConfig { start: Start::End, ..ConsumerConfig::default() })
}

#[test]
fn partitions_are_noticed_when_they_are_first_written() {
    let world = World::new(3);
    let mut consumer = follower(&world);
    let topic = world.topic.clone();
    let writer = thread::spawn(move || {
        for round in 0..30 {
            thread::sleep(Duration::from_millis(2));
            append_to(&topic, (round % 3) as u32, round..round + 1);
        }
    });
    let all = read_until(&mut consumer, 30);
    writer.join().unwrap();
    for partition in 0..3 {
        let of: Vec<_> = all.iter().filter(|(it, _)| *it == partition).map(|(_, n)| *n).collect();
        let expected: Vec<_> = (0..30).filter(|n| n % 3 == i64::from(partition)).collect();
        assert_eq!(of, expected);
    }
}

#[test]
fn partitions_that_are_added_are_noticed_and_read_from_their_first_record() {
    for (start, until, expected) in [
        (Start::End, None, numbers(5..8, 2)),
        (Start::BeforeEnd(1), None, [numbers(0..1, 0), numbers(5..8, 2)].concat()),
        (Start::Offset(1), Some(Until::Offset(3)), numbers(6..8, 2)),
        (Start::Time(NOW + 7000), None, numbers(7..8, 2)),
    ] {
        let world = World::new(2);
        world.append(0, 0..1);
        let mut consumer =
            world.consumer(ConsumerConfig { start, until, ..ConsumerConfig::default() });
        let (stream, topic) = (world.stream.clone(), topic_name());
        let writer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            let edit = TopicEdit { partitions: Some(3), ..TopicEdit::default() };
            stream.edit_topic(&topic, edit).unwrap();
            append_to(&stream.topic(&topic).unwrap(), 2, 5..8);
        });
        assert_eq!(read_until(&mut consumer, expected.len()), expected, "{start:?}");
        writer.join().unwrap();
    }
}

#[test]
fn a_partition_added_and_written_before_anybody_watches_is_noticed() {
    let world = World::new(1);
    let mut consumer = follower(&world);
    let edit = TopicEdit { partitions: Some(2), ..TopicEdit::default() };
    world.stream.edit_topic(&topic_name(), edit).unwrap();
    append_to(&world.stream.topic(&topic_name()).unwrap(), 1, 0..2);
    assert_eq!(read_until(&mut consumer, 2), numbers(0..2, 1));
}

#[test]
fn one_partition_stays_one_and_a_fixed_end_stays_where_it_was() {
    let world = World::new(1);
    world.append(0, 0..1);
    let one =
        ConsumerConfig { partition: Some(0), start: Start::Beginning, ..ConsumerConfig::default() };
    let bounded = ConsumerConfig { partition: None, until: Some(Until::End), ..one };
    let mut consumers = [world.consumer(one), world.consumer(bounded)];
    let edit = TopicEdit { partitions: Some(2), ..TopicEdit::default() };
    world.stream.edit_topic(&topic_name(), edit).unwrap();
    append_to(&world.stream.topic(&topic_name()).unwrap(), 1, 7..8);
    for (consumer, last) in consumers.iter_mut().zip([Progress::CaughtUp, Progress::Done]) {
        let mut all = Vec::new();
        let _ = consumer.wait(None, Some(Duration::ZERO)).unwrap();
        let mut progress = Progress::Some;
        while progress == Progress::Some {
            progress = read_on(consumer, NOW, &mut all).unwrap();
        }
        assert_eq!((progress, all), (last, numbers(0..1, 0)));
    }
}

#[test]
fn a_new_segment_is_followed_even_if_it_is_empty_for_a_while() {
    let world = World::new(1);
    world.append(0, 0..1);
    let log = world.topic.reader(0).unwrap().log().unwrap().clone();
    let mut consumer = follower(&world);
    assert_eq!(consumer.wait(None, SOON).unwrap(), Woken::Changed, "watches begin");
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    // A roll that takes its time: the file first, the batch later.
    log.dir().create(&crate::log::segment_name(1), 0o600).unwrap();
    let dir = world.topic.clone();
    let writer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        let mut encoder = BatchEncoder::default();
        encoder.push(&NewRecord { timestamp: NOW, value: Some(b"1"), ..NewRecord::default() });
        let mut batch = encoder.finish(Compression::None);
        batch.stamp(1, 1);
        let log = dir.reader(0).unwrap().log().unwrap().clone();
        let name = crate::log::segment_name(1);
        let file = log.dir().open(&name, crate::fs::Access::Write).unwrap();
        file.write_all_at(batch.bytes(), 0).unwrap();
    });
    assert_eq!(read_until(&mut consumer, 1), numbers(1..2, 0));
    writer.join().unwrap();
}

#[test]
fn nothing_is_missed_between_reading_to_the_end_and_waiting() {
    let world = World::new(2);
    let mut consumer = follower(&world);
    let topic = world.topic.clone();
    let writer = thread::spawn(move || {
        for round in 0..2000 {
            append_to(&topic, (round % 2) as u32, round..round + 1);
        }
    });
    let all = read_until(&mut consumer, 2000);
    writer.join().unwrap();
    for partition in 0..2 {
        assert!(all.iter().filter(|(it, _)| *it == partition).map(|(_, n)| n).is_sorted());
    }
}

#[test]
fn a_silence_ends_a_wait_without_using_the_processor() {
    let world = World::new(1);
    world.append(0, 0..1);
    let mut consumer = follower(&world);
    let began = Instant::now();
    let mut waits = 0;
    loop {
        waits += 1;
        match consumer.wait(None, Some(Duration::from_millis(100))).unwrap() {
            Woken::TimedOut => break,
            Woken::Changed => {
                while read_on(&mut consumer, NOW, &mut Vec::new()).unwrap() == Progress::Some {}
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(began.elapsed() >= Duration::from_millis(100));
    assert!(waits <= 3, "{waits} waits");
}

#[test]
fn a_deleted_topic_ends_a_waiting_consumer() {
    for written in [false, true] {
        let world = World::new(1);
        if written {
            world.append(0, 0..1);
        }
        let mut consumer = follower(&world);
        let stream = world.stream.clone();
        let deleter = thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            stream.delete_topic(&topic_name()).unwrap();
        });
        let began = Instant::now();
        let error = loop {
            assert!(began.elapsed() < Duration::from_secs(10));
            match read_on(&mut consumer, NOW, &mut Vec::new()) {
                Ok(Progress::CaughtUp) => match consumer.wait(None, SOON) {
                    Ok(_) => {}
                    Err(error) => break error,
                },
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(error, ConsumeError::Gone { .. }), "{error:?}");
        assert_eq!(error.to_string(), "topic `t` was deleted while it was read");
        deleter.join().unwrap();
    }
}

#[test]
fn another_handle_and_a_waker_end_a_wait() {
    use std::os::fd::AsFd;
    let world = World::new(1);
    let mut consumer = follower(&world);
    assert_eq!(consumer.wait(None, SOON).unwrap(), Woken::Changed, "watches begin");
    while read_on(&mut consumer, NOW, &mut Vec::new()).unwrap() == Progress::Some {}
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(theirs);
    assert_eq!(consumer.wait(Some(ours.as_fd()), SOON).unwrap(), Woken::Other);
    consumer.waker().unwrap().wake();
    assert_eq!(consumer.wait(None, SOON).unwrap(), Woken::Signal);
}
