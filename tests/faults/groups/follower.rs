//! Reads the `cursors` log of a stream while it is written: every commit, and who owned what when.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use streampath::catalog::{CursorRecord, GroupRecord, ObjectId};
use streampath::record::{Batch, Scratch};

use super::history::{Logged, What};

/// How often it is looked for more. A segment is only ever removed once two have followed it.
const PAUSE: Duration = Duration::from_millis(5);

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Followed {
    pub(super) log: Vec<Logged>,
    /// The numbers of the members by their identities.
    numbers: BTreeMap<ObjectId, u32>,
    /// What each member owns.
    pub(super) owned: BTreeMap<u32, BTreeSet<u32>>,
    /// What each member is to own.
    pub(super) targets: BTreeMap<u32, BTreeSet<u32>>,
    /// The offset of each partition's next record.
    pub(super) cursors: BTreeMap<u32, i64>,
}

impl Followed {
    /// Whether each member owns what it is to own, and together they own all.
    pub(super) fn is_settled(&self, members: &BTreeSet<u32>, partitions: u32) -> bool {
        let all: Vec<u32> = self.owned.values().flatten().copied().collect();
        let once: BTreeSet<u32> = all.iter().copied().collect();
        let joined: BTreeSet<u32> = self.owned.keys().copied().collect();
        joined == *members
            && self.owned == self.targets
            && all.len() == once.len()
            && once == (0..partitions).collect()
    }

    fn take(&mut self, at: i64, record: CursorRecord) {
        let partitions = |all: BTreeSet<(ObjectId, u32)>| -> BTreeSet<u32> {
            all.into_iter().map(|(_, partition)| partition).collect()
        };
        let what = match record {
            CursorRecord::Committed(id, cursor) => {
                self.cursors.insert(id.partition, cursor.offset);
                What::Committed(id.partition, cursor.offset)
            }
            CursorRecord::Group(GroupRecord::Joined(key, wish)) => {
                let number = wish.client.strip_prefix('m').and_then(|text| text.parse().ok());
                let number = number.expect("members are called m and a number");
                self.numbers.insert(key.member_id, number);
                self.owned.insert(number, BTreeSet::new());
                self.targets.insert(number, BTreeSet::new());
                What::Joined(number)
            }
            CursorRecord::Group(GroupRecord::Left(key)) => {
                let number = self.numbers[&key.member_id];
                self.owned.remove(&number);
                self.targets.remove(&number);
                What::Left(number)
            }
            CursorRecord::Group(GroupRecord::Owned(key, owned)) => {
                let number = self.numbers[&key.member_id];
                let owned = partitions(owned.partitions);
                self.owned.insert(number, owned.clone());
                What::Owned(number, owned)
            }
            CursorRecord::Group(GroupRecord::Target(key, target)) => {
                let number = self.numbers[&key.member_id];
                self.targets.insert(number, partitions(target.partitions));
                return;
            }
            CursorRecord::Deleted(_) => panic!("nobody deletes cursors here"),
            CursorRecord::Group(
                GroupRecord::Epoch(..) | GroupRecord::Forgotten(_) | GroupRecord::Settings(..),
            )
            | CursorRecord::Snapshot(..)
            | CursorRecord::GroupSnapshot(_)
            | CursorRecord::SnapshotEnd(_) => return,
        };
        self.log.push(Logged { at, what });
    }
}

/// The thread that reads.
#[derive(Debug)]
pub(super) struct Follower {
    followed: Arc<Mutex<Followed>>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Follower {
    /// Begins to read the log in `dir`.
    pub(super) fn start(dir: PathBuf) -> Follower {
        let followed = Arc::new(Mutex::new(Followed::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let (own, stopped) = (Arc::clone(&followed), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            let mut reading = Reading { dir, segment: None, position: 0, next: 0 };
            loop {
                // Looked at before: so it reads once more after it was asked to stop.
                let is_last = stopped.load(Ordering::Relaxed);
                while reading.read(&own) {}
                if is_last {
                    return;
                }
                thread::sleep(PAUSE);
            }
        });
        Follower { followed, stop, thread }
    }

    /// Returns what was read so far; nothing more is read meanwhile.
    #[track_caller]
    pub(super) fn so_far(&self) -> MutexGuard<'_, Followed> {
        assert!(!self.thread.is_finished(), "the log of cursors could not be read");
        self.followed.lock().unwrap()
    }

    /// Reads to the end.
    #[track_caller]
    pub(super) fn stop(self) -> Followed {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
        std::mem::take(&mut *self.followed.lock().unwrap())
    }
}

struct Reading {
    dir: PathBuf,
    /// By its base offset. An open file stays what it is when it is removed.
    segment: Option<(i64, File)>,
    position: u64,
    /// The offset of the next batch.
    next: i64,
}

impl Reading {
    /// Reads what is there. `true` if there is more to be read at once.
    fn read(&mut self, followed: &Mutex<Followed>) -> bool {
        // What follows is there only when the segment before it is whole.
        let later = self.later_segment();
        if let Some((_, file)) = &self.segment {
            let size = file.metadata().unwrap().len();
            let mut bytes = vec![0; usize::try_from(size.saturating_sub(self.position)).unwrap()];
            let count = file.read_at(&mut bytes, self.position).unwrap();
            let used = self.take(&bytes[..count], followed);
            self.position += used;
        }
        match later {
            Some((base, path)) => {
                assert_eq!(base, self.next, "a segment was missed");
                self.segment = Some((base, File::open(path).unwrap()));
                self.position = 0;
                true
            }
            None => false,
        }
    }

    fn later_segment(&self) -> Option<(i64, PathBuf)> {
        let current = self.segment.as_ref().map_or(-1, |(base, _)| *base);
        let paths = fs::read_dir(&self.dir).unwrap().map(|entry| entry.unwrap().path());
        let base = |path: &PathBuf| -> Option<i64> {
            path.file_name()?.to_str()?.strip_suffix(".log")?.parse().ok()
        };
        let segments = paths.filter_map(|path| Some((base(&path)?, path)));
        segments.filter(|(base, _)| *base > current).min()
    }

    /// Takes in whole batches; the rest is only being written.
    fn take(&mut self, bytes: &[u8], followed: &Mutex<Followed>) -> u64 {
        let mut used = 0;
        let mut scratch = Scratch::default();
        while let Ok(batch) = Batch::parse(&bytes[used..]) {
            let header = batch.header();
            assert_eq!(header.base_offset, self.next, "a batch was missed");
            self.next = header.base_offset + i64::from(header.last_offset_delta) + 1;
            let mut followed = followed.lock().unwrap();
            for record in batch.records(&mut scratch).unwrap() {
                let record = record.unwrap();
                let key = record.key.expect("cursors have keys");
                let parsed = CursorRecord::from_json(key, record.value).unwrap();
                followed.take(record.timestamp, parsed);
            }
            used += batch.bytes().len();
        }
        used as u64
    }
}
