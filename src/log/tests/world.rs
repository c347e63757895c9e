//! A partition in a temporary directory, and short words for what tests do with it.

use std::path::Path;

use crate::fs::sim::SimDisk;
use crate::fs::{Access, Disk, File, RealDisk};
use crate::log::{BatchRun, LogOptions, PartitionLog, Step};
use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord, Scratch};

pub(super) struct Scene {
    pub(super) log: PartitionLog,
    /// Where it is on the real disk; nowhere on the simulated one, which costs no system calls.
    pub(super) _dir: Option<tempfile::TempDir>,
}

impl Scene {
    pub(super) fn new(options: LogOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = RealDisk.open_root(dir.path()).unwrap();
        let log = PartitionLog::new(root, Vec::new(), Some([7; 16]), options);
        log.create(0).unwrap();
        Self { log, _dir: Some(dir) }
    }

    pub(super) fn simulated(options: LogOptions) -> Self {
        let disk = SimDisk::new();
        let root = disk.open_root(Path::new("/")).unwrap();
        let log = PartitionLog::new(root, Vec::new(), Some([7; 16]), options);
        log.create(0).unwrap();
        Self { log, _dir: None }
    }

    /// A file of the partition, opened for whoever wants to damage it.
    pub(super) fn file(&self, name: &str) -> File {
        self.log.dir().open(name.as_ref(), Access::Write).unwrap()
    }
}

pub(super) fn batch(values: &[&str]) -> EncodedBatch {
    let mut encoder = BatchEncoder::new(Vec::new());
    for value in values {
        encoder.push(&NewRecord {
            timestamp: 1_700_000_000_000,
            key: None,
            value: Some(value.as_bytes()),
            headers: &[],
        });
    }
    encoder.finish(Compression::None)
}

/// Every record from the start, as offset and value; panics on anything but batches.
pub(super) fn read_all(log: &PartitionLog) -> Vec<(i64, String)> {
    let mut reader = log.reader();
    let mut run = BatchRun::default();
    let mut scratch = Scratch::default();
    let mut records = Vec::new();
    loop {
        match reader.read(&mut run, 4096).unwrap() {
            Step::Batches => {
                for batch in run.batches() {
                    for record in batch.records(&mut scratch).unwrap() {
                        let record = record.unwrap();
                        let value = String::from_utf8_lossy(record.value.unwrap()).into_owned();
                        records.push((record.offset, value));
                    }
                }
            }
            Step::End => return records,
            other => panic!("{other:?}"),
        }
    }
}

pub(super) fn values(log: &PartitionLog) -> Vec<String> {
    read_all(log).into_iter().map(|(_, value)| value).collect()
}
