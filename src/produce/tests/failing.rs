//! What happens to records that cannot be stored.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::world::{NOW, World, create_topic, topic_name, values};
use crate::fs::sim::SimDisk;
use crate::fs::{Access, Disk};
use crate::produce::{Acks, ProduceError, ProducerConfig};
use crate::store::{APPEND_LOCK, StoreError};

fn config(acks: Acks) -> ProducerConfig {
    ProducerConfig { acks, batch_bytes: 500, ..ProducerConfig::default() }
}

#[test]
fn a_lock_that_is_held_too_long_is_told_with_its_holder() {
    let world = World::new(1);
    let mut first = world.producer(config(Acks::Leader));
    first.send_value(NOW, b"before").unwrap();
    first.finish().1.unwrap();
    let log = world.topic.reader(0).unwrap().log().unwrap().clone();
    let held = log.dir().open(OsStr::new(APPEND_LOCK), Access::Write).unwrap();
    held.lock().unwrap();

    let (mut producer, acks) = world.reporting(ProducerConfig {
        max_block: Duration::from_millis(200),
        ..config(Acks::Leader)
    });
    producer.send_value(NOW, b"blocked").unwrap();
    let (totals, outcome) = producer.finish();
    match outcome.unwrap_err() {
        ProduceError::Busy { partition: 0, holder, waited } => {
            assert_eq!(holder, Some(std::process::id()));
            assert!(waited >= Duration::from_millis(200));
        }
        other => panic!("{other}"),
    }
    assert_eq!((totals.sent_records, totals.stored_records), (1, 0));
    assert_eq!(acks.list(), []);
}

#[test]
fn a_topic_deleted_meanwhile_is_told_and_nothing_goes_anywhere() {
    for acks in [Acks::Leader, Acks::All] {
        let world = World::new(1);
        let (mut producer, told) = world.reporting(config(acks));
        producer.send_value(NOW, b"before").unwrap();
        producer.wait().unwrap();
        world.stream.delete_topic(&topic_name()).unwrap();
        producer.send_value(NOW, b"after").unwrap();
        let (totals, outcome) = producer.finish();
        match outcome.unwrap_err() {
            ProduceError::Append { partition: 0, source: StoreError::TopicGone { .. } } => {}
            other => panic!("{other:?}"),
        }
        assert_eq!((totals.sent_records, totals.acknowledged_records), (2, 1));
        assert_eq!(totals.lost_records(), 1);
        assert_eq!(told.list(), [(0, 0, "before".to_owned())]);
    }
}

#[test]
fn records_go_on_into_a_topic_that_was_made_again() {
    let world = World::new(2);
    let (mut producer, told) = world.reporting(config(Acks::All));
    producer.send_value(NOW, b"before").unwrap();
    producer.wait().unwrap();
    world.stream.delete_topic(&topic_name()).unwrap();
    let topic = create_topic(&world.stream, 2);
    producer.send_value(NOW, b"after").unwrap();
    producer.finish().1.unwrap();
    let found: Vec<String> = (0..2).flat_map(|partition| values(&topic, partition)).collect();
    assert_eq!(found, ["after"]);
    assert_eq!(told.list().len(), 2);
    assert_eq!(told.list()[1].1, 0, "offsets begin again");
}

#[test]
fn a_topic_made_again_with_fewer_partitions_is_refused() {
    let world = World::new(2);
    let mut producer = world.producer(config(Acks::All));
    world.stream.delete_topic(&topic_name()).unwrap();
    create_topic(&world.stream, 1);
    let record = crate::record::NewRecord { value: Some(b"x"), ..Default::default() };
    producer.send(Some(1), &record).unwrap();
    let (totals, outcome) = producer.finish();
    let error = outcome.unwrap_err();
    assert!(
        matches!(
            &error,
            ProduceError::Append { partition: 1, source: StoreError::PartitionNotFound { .. } }
        ),
        "{error:?}"
    );
    assert_eq!(totals.lost_records(), 1);
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged_and_counts_the_rest() {
    for acks in [Acks::Leader, Acks::All] {
        let disk = SimDisk::new();
        let world = World::on(Arc::new(disk.clone()) as Arc<dyn Disk>, Path::new("/store"), 1);
        let (mut producer, told) = world.reporting(config(acks));
        producer.send_value(NOW, b"first").unwrap();
        producer.wait().unwrap();
        disk.space_left(Some(20_000));
        let mut sent = 1;
        let mut failed = false;
        while sent < 10_000 {
            let value = format!("value {sent} ................................");
            sent += 1;
            if producer.send_value(NOW, value.as_bytes()).is_err() {
                failed = true;
                break;
            }
        }
        let (totals, outcome) = producer.finish();
        assert!(failed || outcome.is_err());
        disk.space_left(None);
        let stored = values(&world.topic, 0);
        assert_eq!(totals.stored_records, stored.len() as u64, "{acks:?}");
        assert!(totals.lost_records() > 0);
        let told: Vec<String> = told.list().into_iter().map(|(.., value)| value).collect();
        assert!(!told.is_empty() && told.len() <= stored.len());
        assert_eq!(told, stored[..told.len()], "what was told is there, in order");
        assert_eq!(totals.acknowledged_records, told.len() as u64);
    }
}

#[test]
fn after_a_failed_sync_nothing_more_is_acknowledged() {
    let disk = SimDisk::new();
    let world = World::on(Arc::new(disk.clone()) as Arc<dyn Disk>, Path::new("/store"), 1);
    let (mut producer, told) = world.reporting(config(Acks::All));
    producer.send_value(NOW, b"first").unwrap();
    producer.wait().unwrap();
    disk.fail_next_sync(".log");
    producer.send_value(NOW, b"second").unwrap();
    let error = producer.wait().unwrap_err();
    assert!(matches!(error, ProduceError::Sync { partition: 0, .. }), "{error:?}");
    let refused = producer.send_value(NOW, b"third").and_then(|()| producer.flush());
    assert!(matches!(refused, Err(ProduceError::Stopped)), "{refused:?}");
    let (totals, _) = producer.finish();
    assert_eq!((totals.stored_records, totals.acknowledged_records), (2, 1));
    assert_eq!(told.list().len(), 1);
}
