//! A store to try things in.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::access::Caller;
use crate::catalog::StreamAttributes;
use crate::fs::sim::SimDisk;
use crate::fs::{Disk, RealDisk};
use crate::log::{Appended, BatchRun, Step};
use crate::path::{StreamPath, TopicName};
use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord, Scratch};
use crate::store::{Context, Finding, Home, StoreError, Stream, Topic};
use crate::time::{FixedClock, TimestampMs};

pub(super) const NOW: i64 = 1_700_000_000_000;

/// Owns the files of a store that root or the simulated disk makes.
pub(super) fn tester() -> Caller {
    Caller::new("tester", 0)
}

pub(super) fn context() -> Context {
    Context {
        clock: Arc::new(FixedClock(TimestampMs(NOW))),
        caller: tester(),
        accounts: Arc::default(),
        command: "a test".to_owned(),
        lock_wait: Duration::from_secs(10),
        allow_network: false,
    }
}

pub(super) fn real(path: &Path) -> Home {
    Home::open(Arc::new(RealDisk), path, context()).unwrap()
}

pub(super) fn simulated(disk: &SimDisk) -> Home {
    open_simulated(disk).unwrap()
}

pub(super) fn open_simulated(disk: &SimDisk) -> Result<Home, StoreError> {
    Home::open(Arc::new(disk.clone()) as Arc<dyn Disk>, Path::new("/store"), context())
}

pub(super) fn path(text: &str) -> StreamPath {
    StreamPath::parse(text).unwrap()
}

pub(super) fn name(text: &str) -> TopicName {
    TopicName::parse(text).unwrap()
}

pub(super) fn attributes() -> StreamAttributes {
    StreamAttributes::created_by(&tester())
}

pub(super) fn batch(values: &[&str], timestamp: i64, codec: Compression) -> EncodedBatch {
    let mut encoder = BatchEncoder::new(Vec::new());
    for value in values {
        let value = Some(value.as_bytes());
        encoder.push(&NewRecord { timestamp, key: None, value, headers: &[] });
    }
    encoder.finish(codec)
}

/// Appends one value and makes it durable.
pub(super) fn produce(topic: &Topic, partition: u32, value: &str) -> Result<i64, StoreError> {
    let appended = append(topic, partition, value)?;
    appended.sync.sync()?;
    Ok(appended.placed[0].base_offset)
}

pub(super) fn append(topic: &Topic, partition: u32, value: &str) -> Result<Appended, StoreError> {
    let mut writer = topic.writer(partition)?;
    let mut batches = [batch(&[value], NOW, Compression::None)];
    writer.append(&mut batches).map_err(|failure| failure.error)
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

pub(super) fn topic_names(stream: &Stream) -> Vec<String> {
    stream.topics().unwrap().into_iter().map(|topic| topic.name.to_string()).collect()
}

/// Checks the whole store and returns the findings that are damage.
pub(super) fn damage(home: &Home) -> Vec<Finding> {
    findings(home).into_iter().filter(|finding| finding.damaged).collect()
}

pub(super) fn findings(home: &Home) -> Vec<Finding> {
    let mut findings = Vec::new();
    home.check(None, &mut |finding| findings.push(finding)).unwrap();
    findings
}
