//! A topic to read, and short words for writing to it and reading it.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::access::Caller;
use crate::catalog::StreamAttributes;
use crate::consume::{ConsumeError, Consumer, ConsumerConfig, Progress};
use crate::fs::RealDisk;
use crate::path::{StreamPath, TopicName};
use crate::record::{BatchEncoder, Compression, NewRecord};
use crate::store::{Context, Home, Stream, Topic, TopicOptions};
use crate::time::{FixedClock, TimestampMs};

pub(super) const NOW: i64 = 1_700_000_000_000;

pub(super) struct World {
    pub(super) stream: Stream,
    pub(super) topic: Topic,
    _dir: tempfile::TempDir,
}

impl World {
    pub(super) fn new(partitions: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let context = Context {
            clock: Arc::new(FixedClock(TimestampMs(NOW))),
            caller: Caller::new("tester", 0),
            accounts: Arc::default(),
            command: "a test".to_owned(),
            lock_wait: Duration::from_secs(10),
            allow_network: false,
        };
        let home = Home::open(Arc::new(RealDisk), dir.path(), context).unwrap();
        let stream = StreamPath::parse("/s").unwrap();
        home.create_stream(&stream, &StreamAttributes::created_by(&Caller::new("tester", 0)))
            .unwrap();
        let stream = home.stream(&stream).unwrap();
        let options = TopicOptions { partitions: Some(partitions), ..TopicOptions::default() };
        let topic = stream.create_topic(&topic_name(), options).unwrap();
        Self { stream, topic, _dir: dir }
    }

    /// Appends one batch of numbers, each with its own value as its distance from `NOW` in seconds.
    pub(super) fn append(&self, partition: u32, numbers: std::ops::Range<i64>) {
        append_to(&self.topic, partition, numbers);
    }

    pub(super) fn consumer(&self, config: ConsumerConfig) -> Consumer {
        Consumer::new(self.topic.clone(), config).unwrap()
    }

    /// Everything that such a consumer delivers until it is done or has caught up.
    pub(super) fn read(&self, config: ConsumerConfig) -> Vec<(u32, i64)> {
        let mut consumer = self.consumer(config);
        let mut all = Vec::new();
        while read_on(&mut consumer, NOW, &mut all).unwrap() == Progress::Some {}
        all
    }
}

/// A record as it was delivered: topic, partition, timestamp, offset.
pub(super) type Seen = (String, u32, i64, i64);

/// A topic with this name and its own records: of each partition the batches, of each batch the
/// timestamps, with which values grow to about `bytes`.
pub(super) fn fill(stream: &Stream, name: &str, partitions: &[Vec<Vec<i64>>], bytes: usize) {
    let name = TopicName::parse(name).unwrap();
    let options =
        TopicOptions { partitions: Some(partitions.len() as u32), ..TopicOptions::default() };
    let topic = match stream.topic(&name) {
        Ok(topic) => topic,
        Err(_) => stream.create_topic(&name, options).unwrap(),
    };
    let codecs = [Compression::None, Compression::Lz4, Compression::Zstd];
    for (partition, batches) in partitions.iter().enumerate() {
        let mut writer = topic.writer(partition as u32).unwrap();
        for (number, times) in batches.iter().enumerate().filter(|(_, times)| !times.is_empty()) {
            let mut encoder = BatchEncoder::default();
            for time in times {
                let value = format!("{time:0bytes$}");
                let key = time.to_be_bytes();
                let headers: [(&[u8], Option<&[u8]>); 2] = [(b"h", Some(&key)), (b"n", None)];
                encoder.push(&NewRecord {
                    timestamp: *time,
                    key: (time % 3 != 0).then_some(&key),
                    value: (time % 5 != 0).then_some(value.as_bytes()),
                    headers: if time % 2 == 0 { &headers } else { &[] },
                });
            }
            let mut batches = [encoder.finish(codecs[(partition + number) % codecs.len()])];
            writer.append(&mut batches).unwrap();
        }
    }
}

/// Reads until there is nothing more, and checks that each record is as `fill` made it.
pub(super) fn see_all(consumer: &mut Consumer) -> (Vec<Seen>, Progress) {
    let mut seen = Vec::new();
    loop {
        let progress = consumer
            .read(NOW, |delivered| {
                let record = delivered.record;
                let time = record.timestamp;
                let is_null = time % 5 == 0;
                assert_eq!(record.value.is_none(), is_null);
                let value = record.value.map(|value| std::str::from_utf8(value).unwrap());
                assert!(value.is_none_or(|value| value.parse() == Ok(time)), "{time}: {value:?}");
                let key = time.to_be_bytes();
                assert_eq!(record.key, (time % 3 != 0).then_some(&key[..]));
                let headers: Vec<_> = record.headers.iter().collect();
                let expected: &[(&[u8], Option<&[u8]>)] =
                    if time % 2 == 0 { &[(b"h", Some(&key)), (b"n", None)] } else { &[] };
                assert_eq!(headers, expected);
                let topic = delivered.topic.name().to_string();
                seen.push((topic, delivered.partition, time, record.offset));
                ControlFlow::Continue(())
            })
            .unwrap();
        if progress != Progress::Some {
            return (seen, progress);
        }
    }
}

/// Random batches of one partition: times near each other, sorted or not.
pub(super) fn random_batches(random: &mut fastrand::Rng, is_sorted: bool) -> Vec<Vec<i64>> {
    let count = random.usize(0..6);
    let mut times: Vec<i64> = (0..random.usize(0..60)).map(|_| random.i64(0..40)).collect();
    if is_sorted {
        times.sort_unstable();
    }
    let mut batches = vec![Vec::new(); count + 1];
    for (index, time) in times.iter().enumerate() {
        batches[index * (count + 1) / times.len()].push(*time);
    }
    batches
}

pub(super) fn topic_name() -> TopicName {
    TopicName::parse("t").unwrap()
}

pub(super) fn append_to(topic: &Topic, partition: u32, numbers: std::ops::Range<i64>) {
    let mut encoder = BatchEncoder::default();
    for number in numbers {
        let value = number.to_string();
        encoder.push(&NewRecord {
            timestamp: NOW + number * 1000,
            key: None,
            value: Some(value.as_bytes()),
            headers: &[],
        });
    }
    let mut batches = [encoder.finish(Compression::None)];
    topic.writer(partition).unwrap().append(&mut batches).unwrap();
}

/// Reads once and adds partition and number of each record.
pub(super) fn read_on(
    consumer: &mut Consumer,
    now: i64,
    all: &mut Vec<(u32, i64)>,
) -> Result<Progress, ConsumeError> {
    consumer.read(now, |delivered| {
        let value = std::str::from_utf8(delivered.record.value.unwrap()).unwrap();
        all.push((delivered.partition, value.parse().unwrap()));
        ControlFlow::Continue(())
    })
}

pub(super) fn numbers(of: std::ops::Range<i64>, partition: u32) -> Vec<(u32, i64)> {
    of.map(|number| (partition, number)).collect()
}
