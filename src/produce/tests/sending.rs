//! What is sent arrives: where, in which order, and when it counts.

use super::world::{Acks as Listened, NOW, World, values};
use crate::produce::{Acks, ProduceError, Producer, ProducerConfig};
use crate::record::{Compression, NewRecord, partition_for_key};

const LEVELS: [Acks; 3] = [Acks::None, Acks::Leader, Acks::All];

fn small_batches(acks: Acks) -> ProducerConfig {
    ProducerConfig { acks, batch_bytes: 500, ..ProducerConfig::default() }
}

#[test]
fn every_record_arrives_in_order_and_is_acknowledged_in_order() {
    for acks in LEVELS {
        let world = World::new(3);
        let (mut producer, acknowledged) = world.reporting(small_batches(acks));
        for number in 0..5000 {
            producer.send_value(NOW, format!("value {number}").as_bytes()).unwrap();
        }
        let (totals, outcome) = producer.finish();
        outcome.unwrap();
        assert_eq!(totals.sent_records, 5000);
        assert_eq!(totals.stored_records, 5000);
        assert_eq!(totals.acknowledged_records, 5000);
        let list = acknowledged.list();
        assert_eq!(list.len(), 5000);
        for partition in 0..3 {
            let stored = values(&world.topic, partition);
            assert!(stored.len() > 1000, "{} in {partition}", stored.len());
            let numbers: Vec<u32> =
                stored.iter().map(|value| value[6..].parse().unwrap()).collect();
            assert!(numbers.is_sorted(), "{acks:?}: partition {partition} is in order");
            let told: Vec<(i64, String)> = list
                .iter()
                .filter(|(of, ..)| *of == partition)
                .map(|(_, offset, value)| (*offset, value.clone()))
                .collect();
            let expected: Vec<(i64, String)> = (0..).zip(stored).collect();
            assert_eq!(told, expected, "{acks:?}");
        }
    }
}

#[test]
fn keys_choose_the_partition_and_a_named_one_beats_them() {
    let world = World::new(5);
    let mut producer = world.producer(small_batches(Acks::Leader));
    for number in 0..300 {
        let key = format!("key {}", number % 17);
        let record = NewRecord {
            timestamp: NOW,
            key: Some(key.as_bytes()),
            value: Some(key.as_bytes()),
            headers: &[(b"h", None)],
        };
        producer.send(None, &record).unwrap();
        producer.send(Some(4), &NewRecord { value: Some(b"named"), ..record }).unwrap();
    }
    let error = producer.send(Some(5), &NewRecord::default()).unwrap_err();
    assert!(matches!(error, ProduceError::NoPartition { partition: 5, partitions: 5 }));
    let (totals, outcome) = producer.finish();
    outcome.unwrap();
    assert_eq!(totals.stored_records, 600);
    for partition in 0..5 {
        for value in values(&world.topic, partition) {
            let expected = match value.as_str() {
                "named" => 4,
                key => partition_for_key(key.as_bytes(), 5),
            };
            assert_eq!(partition, expected, "{value}");
        }
    }
}

#[test]
fn few_lines_with_pauses_stay_in_one_partition_and_in_order() {
    let world = World::new(3);
    let mut producer = world.producer(ProducerConfig::default());
    for number in 0..20 {
        producer.send_value(NOW, number.to_string().as_bytes()).unwrap();
        producer.wait().unwrap();
        assert_eq!(producer.totals().acknowledged_records, number + 1);
    }
    producer.finish().1.unwrap();
    let used: Vec<Vec<String>> = (0..3)
        .map(|partition| values(&world.topic, partition))
        .filter(|it| !it.is_empty())
        .collect();
    assert_eq!(used.len(), 1);
    assert_eq!(used[0], (0..20).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[test]
fn with_acks_all_a_record_is_durable_before_it_is_told() {
    let world = World::new(2);
    let listened = Listened::default();
    let topic = world.topic.clone();
    let listener = listened.listener(move |acknowledged| {
        let log = topic.reader(acknowledged.partition).unwrap().log().unwrap().clone();
        let last = acknowledged.batch.header().last_offset();
        let walked = log.walk(0, 0, 0).unwrap();
        let end = durable_end(walked, last);
        assert!(log.is_durable(&end).unwrap());
    });
    let config = small_batches(Acks::All);
    let mut producer =
        Producer::new(world.stream.clone(), world.topic.clone(), config, Some(listener));
    for number in 0..300 {
        producer.send_value(NOW, format!("value {number}").as_bytes()).unwrap();
        if number % 50 == 0 {
            producer.flush().unwrap();
        }
    }
    producer.finish().1.unwrap();
    assert_eq!(listened.list().len(), 300);
}

/// Where the batch with the offset `last` ends.
fn durable_end(mut walk: crate::log::Walk, last: i64) -> crate::log::LogEnd {
    while let Some(walked) = walk.step().unwrap() {
        if walked.header.last_offset() == last {
            return crate::log::LogEnd {
                segment_base: 0,
                position: walked.position + walked.header.total_bytes() as u64,
                next_offset: last + 1,
                epoch: walked.header.leader_epoch,
            };
        }
    }
    panic!("no batch ends at {last}");
}

#[test]
fn compressed_batches_arrive_and_their_buffers_are_used_again() {
    for compression in [Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd]
    {
        let world = World::new(1);
        let config = ProducerConfig { compression, ..small_batches(Acks::Leader) };
        let mut producer = world.producer(config);
        let sent: Vec<String> = (0..500).map(|number| format!("aaaaaaaaaaaa {number}")).collect();
        for value in &sent {
            producer.send_value(NOW, value.as_bytes()).unwrap();
        }
        producer.finish().1.unwrap();
        assert!(values(&world.topic, 0) == sent, "{compression}");
    }
}

#[test]
fn a_message_over_the_limit_is_refused_and_leaves_no_trace() {
    let world = World::new(1);
    let config = ProducerConfig { message_bytes_max: 1000, ..ProducerConfig::default() };
    let mut producer = world.producer(config);
    producer.send_value(NOW, &[b'a'; 1000]).unwrap();
    for (key, value, header) in [(0, 1001, 0), (1, 1000, 0), (400, 400, 200)] {
        let (key, value, header) = (vec![b'k'; key], vec![b'v'; value], vec![b'h'; header]);
        let headers: [(&[u8], Option<&[u8]>); 1] = [(b"h", Some(&header))];
        let record =
            NewRecord { timestamp: NOW, key: Some(&key), value: Some(&value), headers: &headers };
        let error = producer.send(None, &record).unwrap_err();
        let expected = key.len() + value.len() + header.len() + 1;
        match error {
            ProduceError::MessageTooLarge { message_bytes, message_bytes_max: 1000 } => {
                assert_eq!(message_bytes, expected);
            }
            other => panic!("{other}"),
        }
    }
    producer.send_value(NOW, b"after").unwrap();
    let (totals, outcome) = producer.finish();
    outcome.unwrap();
    assert_eq!((totals.sent_records, totals.stored_records), (2, 2));
    assert_eq!(values(&world.topic, 0), ["a".repeat(1000), "after".to_owned()]);
}

#[test]
fn a_message_larger_than_a_batch_goes_out_alone() {
    let world = World::new(1);
    let mut producer = world.producer(small_batches(Acks::All));
    let large = "x".repeat(100_000);
    for value in ["a", &large, "b", "c"] {
        producer.send_value(NOW, value.as_bytes()).unwrap();
    }
    producer.finish().1.unwrap();
    assert_eq!(values(&world.topic, 0), ["a", &large, "b", "c"]);
}

#[test]
fn what_is_on_the_way_stays_below_its_bounds() {
    let world = World::new(3);
    let config = ProducerConfig {
        acks: Acks::All,
        batch_bytes: 1000,
        in_flight_bytes_max: 4000,
        unacknowledged_bytes_max: 8000,
        ..ProducerConfig::default()
    };
    let mut producer = world.producer(config);
    let mut most = (0, 0);
    for number in 0..20_000 {
        producer.send_value(NOW, format!("value {number}").as_bytes()).unwrap();
        let state = producer.handoff.lock();
        most = (most.0.max(state.waiting_bytes), most.1.max(state.unsynced_bytes));
    }
    producer.finish().1.unwrap();
    assert!(most.0 <= 4000, "{most:?}");
    assert!(most.1 <= 8000, "{most:?}");
    assert!(most.0 > 1000 && most.1 > 1000, "the bounds were put to use: {most:?}");
}

#[test]
fn many_partitions_do_not_take_a_buffer_each() {
    let world = World::new(500);
    let mut producer = world.producer(ProducerConfig { acks: Acks::Leader, ..Default::default() });
    for number in 0..2000_u32 {
        let key = number.to_string();
        let record = NewRecord {
            timestamp: NOW,
            key: Some(key.as_bytes()),
            value: Some(key.as_bytes()),
            headers: &[],
        };
        producer.send(None, &record).unwrap();
    }
    assert!(!producer.keeps_buffers);
    let (totals, outcome) = producer.finish();
    outcome.unwrap();
    assert_eq!(totals.stored_records, 2000);
}
