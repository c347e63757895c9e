//! Damage is told and stepped over; everything else is delivered.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use super::world::{NOW, World, read_on};
use crate::consume::{ConsumeError, ConsumerConfig, News, OnDamage, Order, Progress, Start, Until};

#[test]
fn a_flipped_bit_costs_its_batch_and_is_told() {
    let world = World::new(1);
    for batch in 0..10 {
        world.append(0, batch * 10..batch * 10 + 10);
    }
    let log = world.topic.reader(0).unwrap().log().unwrap().clone();
    let mut walk = log.walk(0, 0, 0).unwrap();
    let third = (0..4).map(|_| walk.step().unwrap().unwrap()).last().unwrap();
    let path = log.segment_file(0).unwrap().path().to_path_buf();
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(b"\xff", third.position + 80).unwrap();

    let config = ConsumerConfig {
        start: Start::Beginning,
        until: Some(Until::End),
        ..ConsumerConfig::default()
    };
    let mut consumer = world.consumer(config);
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    let expected: Vec<_> = (0..30).chain(40..100).map(|number| (0, number)).collect();
    assert_eq!(all, expected);
    let notices = consumer.take_notices();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].is_damage());
    match &notices[0].news {
        News::Damaged(damage) => {
            assert_eq!((damage.from_offset, damage.to_offset), (30, 40));
            assert_eq!(damage.position, third.position);
        }
        other => panic!("{other:?}"),
    }
    let text = notices[0].to_string();
    assert!(text.starts_with("partition 0 is damaged: `"), "{text}");
    assert!(text.ends_with("offsets 30 up to 40 are skipped"), "{text}");
    assert!(consumer.take_notices().is_empty());
}

/// Ten records, the eighth of which is none, in a batch with a good checksum.
fn senseless() -> World {
    use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord};
    let world = World::new(1);
    world.append(0, 0..5);
    // A batch whose record is not one, with the checksum that its bytes have.
    let mut encoder = BatchEncoder::default();
    for value in ["5", "6", "7"] {
        let value = Some(value.as_bytes());
        encoder.push(&NewRecord { timestamp: NOW, value, ..NewRecord::default() });
    }
    let mut bytes = encoder.finish(Compression::None).into_buffer();
    let last = bytes.len() - 1;
    bytes[last] = 0x7f;
    let crc = crc32c::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    let mut batches = [EncodedBatch::from_bytes(bytes).unwrap()];
    world.topic.writer(0).unwrap().append(&mut batches).unwrap();
    world.append(0, 8..10);
    world
}

#[test]
fn records_that_make_no_sense_under_a_good_checksum_are_told() {
    let world = senseless();
    let config = ConsumerConfig { start: Start::Beginning, ..ConsumerConfig::default() };
    let mut consumer = world.consumer(config);
    let mut all = Vec::new();
    while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
    let expected: Vec<_> = [0, 1, 2, 3, 4, 5, 6, 8, 9].map(|number| (0, number)).into();
    assert_eq!(all, expected);
    let notices = consumer.take_notices();
    assert!(matches!(notices[0].news, News::Undecodable { from: 7, to: 8, .. }), "{notices:?}");
    assert!(notices[0].is_damage());
}

#[test]
fn who_must_not_pass_damage_gets_what_is_before_it_in_every_order() {
    for order in [Order::Turns, Order::Time] {
        let world = senseless();
        let config = ConsumerConfig {
            start: Start::Beginning,
            on_damage: OnDamage::Stop,
            order,
            ..ConsumerConfig::default()
        };
        let mut consumer = world.consumer(config);
        let mut all = Vec::new();
        let error = loop {
            match read_on(&mut consumer, NOW, &mut all) {
                Ok(progress) => assert_eq!(progress, Progress::Some),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, ConsumeError::Damaged(_)), "{error:?}");
        assert_eq!(all, (0..7).map(|number| (0, number)).collect::<Vec<_>>());
        assert_eq!(consumer.positions().next().map(|at| at.offset), Some(7));
    }
}
