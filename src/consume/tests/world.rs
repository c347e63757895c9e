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
