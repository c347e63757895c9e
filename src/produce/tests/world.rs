//! A topic to send to, and what became of what was sent.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::access::Caller;
use crate::catalog::StreamAttributes;
use crate::fs::{Disk, RealDisk};
use crate::log::{BatchRun, Step};
use crate::path::{StreamPath, TopicName};
use crate::produce::{AckListener, Acknowledged, Producer, ProducerConfig};
use crate::record::Scratch;
use crate::store::{Context, Home, Stream, Topic, TopicOptions};
use crate::time::{FixedClock, TimestampMs};

pub(super) const NOW: i64 = 1_700_000_000_000;

pub(super) struct World {
    pub(super) stream: Stream,
    pub(super) topic: Topic,
    _dir: Option<tempfile::TempDir>,
}

impl World {
    pub(super) fn new(partitions: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let world = Self::on(Arc::new(RealDisk), dir.path(), partitions);
        Self { _dir: Some(dir), ..world }
    }

    pub(super) fn on(disk: Arc<dyn Disk>, path: &Path, partitions: u32) -> Self {
        let context = Context {
            clock: Arc::new(FixedClock(TimestampMs(NOW))),
            caller: Caller::new("tester", 0),
            accounts: Arc::default(),
            command: "a test".to_owned(),
            lock_wait: Duration::from_secs(10),
            allow_network: false,
        };
        let home = Home::open(disk, path, context).unwrap();
        let stream = StreamPath::parse("/s").unwrap();
        home.create_stream(&stream, &StreamAttributes::created_by(&Caller::new("tester", 0)))
            .unwrap();
        let stream = home.stream(&stream).unwrap();
        let topic = create_topic(&stream, partitions);
        Self { stream, topic, _dir: None }
    }

    pub(super) fn producer(&self, config: ProducerConfig) -> Producer {
        Producer::new(self.stream.clone(), self.topic.clone(), config, None)
    }

    /// A producer and what it acknowledges: partition, offset, value.
    pub(super) fn reporting(&self, config: ProducerConfig) -> (Producer, Acks) {
        let acks = Acks::default();
        let stream = self.stream.clone();
        let producer =
            Producer::new(stream, self.topic.clone(), config, Some(acks.listener(|_| {})));
        (producer, acks)
    }
}

pub(super) fn create_topic(stream: &Stream, partitions: u32) -> Topic {
    let options = TopicOptions { partitions: Some(partitions), ..TopicOptions::default() };
    stream.create_topic(&topic_name(), options).unwrap()
}

pub(super) fn topic_name() -> TopicName {
    TopicName::parse("t").unwrap()
}

/// What was acknowledged, in the order in which that was told.
#[derive(Clone, Default)]
pub(super) struct Acks(Arc<Mutex<Vec<(u32, i64, String)>>>);

impl Acks {
    pub(super) fn listener(
        &self,
        mut also: impl FnMut(&Acknowledged) + Send + 'static,
    ) -> AckListener {
        let acks = self.clone();
        let mut scratch = Scratch::new();
        Box::new(move |acknowledged| {
            also(acknowledged);
            let mut list = acks.0.lock().unwrap();
            for record in acknowledged.batch.as_batch().records(&mut scratch).unwrap() {
                let record = record.unwrap();
                let value = String::from_utf8(record.value.unwrap().to_vec()).unwrap();
                list.push((acknowledged.partition, record.offset, value));
            }
        })
    }

    pub(super) fn list(&self) -> Vec<(u32, i64, String)> {
        self.0.lock().unwrap().clone()
    }
}

/// All values of a partition.
pub(super) fn values(topic: &Topic, partition: u32) -> Vec<String> {
    let mut reader = topic.reader(partition).unwrap();
    let mut run = BatchRun::default();
    let mut scratch = Scratch::new();
    let mut values = Vec::new();
    loop {
        match reader.read(&mut run, 1 << 20).unwrap() {
            Step::Batches => {
                for batch in run.batches() {
                    for record in batch.records(&mut scratch).unwrap() {
                        let value = record.unwrap().value.unwrap();
                        values.push(String::from_utf8(value.to_vec()).unwrap());
                    }
                }
            }
            Step::End => return values,
            step => panic!("{step:?}"),
        }
    }
}
