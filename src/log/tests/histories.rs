//! Random histories with power cuts, deaths at every step, syncs that fail, and full disks.

use std::ffi::OsStr;
use std::path::Path;

use fastrand::Rng;

use crate::fs::sim::SimDisk;
use crate::fs::{Dir, Disk};
use crate::log::{
    AppendTime, Appender, BatchRun, LogError, LogOptions, PartitionLog, Step, SyncPoint,
};
use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord, Scratch};

/// Histories a run tries; `STREAMPATH_ROUNDS` asks for more.
#[expect(clippy::disallowed_methods, reason = "a test may be asked for its long form")]
fn rounds() -> u64 {
    std::env::var("STREAMPATH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

const OPTIONS: LogOptions = LogOptions {
    segment_bytes: 9_000,
    segment_ms: None,
    aged_segment_bytes_min: 0,
    gaps: crate::log::Gaps::Contiguous,
    file_mode: 0o600,
    lock_wait: None,
};

fn log_on(disk: &SimDisk) -> PartitionLog {
    let root = disk.open_root(Path::new("/")).unwrap();
    let dir = root.open_dir(OsStr::new("p")).unwrap();
    PartitionLog::new(dir, [root], disk.boot_id(), OPTIONS)
}

fn fresh_disk() -> SimDisk {
    let disk = SimDisk::new();
    let root: Dir = disk.open_root(Path::new("/")).unwrap();
    root.make_dir(OsStr::new("p"), 0o700).unwrap();
    log_on(&disk).create(0).unwrap();
    root.sync().unwrap();
    disk
}

fn one(value: &str) -> EncodedBatch {
    super::world::batch(&[value])
}

fn random_batch(rng: &mut Rng, number: &mut u64) -> (EncodedBatch, Vec<String>) {
    let mut encoder = BatchEncoder::new(Vec::new());
    let mut values = Vec::new();
    for _ in 0..rng.usize(1..4) {
        let value = format!("{number}:{}", "z".repeat(rng.usize(0..3000)));
        *number += 1;
        encoder.push(&NewRecord {
            timestamp: 1_700_000_000_000,
            key: None,
            value: Some(value.as_bytes()),
            headers: &[],
        });
        values.push(value);
    }
    (encoder.finish(Compression::None), values)
}

/// All that can be read from the start, and whether damage was met.
fn read_values(log: &PartitionLog) -> (Vec<String>, bool) {
    let mut reader = log.reader();
    let mut run = BatchRun::default();
    let mut scratch = Scratch::default();
    let (mut values, mut damaged) = (Vec::new(), false);
    loop {
        match reader.read(&mut run, 1 << 14).unwrap() {
            Step::Batches => {
                for batch in run.batches() {
                    for record in batch.records(&mut scratch).unwrap() {
                        let record = record.unwrap();
                        assert_eq!(record.offset, i64::try_from(values.len()).unwrap());
                        values.push(String::from_utf8(record.value.unwrap().to_vec()).unwrap());
                    }
                }
            }
            Step::Damaged(_) => damaged = true,
            Step::End => return (values, damaged),
            other => panic!("{other:?}"),
        }
    }
}

/// What the test knows of one log.
#[derive(Default)]
struct Known {
    /// Every value that got an offset, in order.
    written: Vec<String>,
    /// How many of them, from the first on, were acknowledged with acks=all.
    acknowledged: usize,
}

impl Known {
    fn append(&mut self, appender: &mut Appender, epoch: i32, rng: &mut Rng, number: &mut u64) {
        let (mut batches, values): (Vec<_>, Vec<_>) =
            (0..rng.usize(1..3)).map(|_| random_batch(rng, number)).unzip();
        let appended = appender.append(&mut batches, epoch, AppendTime::Create).unwrap();
        assert_eq!(
            appended.placed[0].base_offset,
            i64::try_from(self.written.len()).unwrap(),
            "offsets continue"
        );
        self.written.extend(values.into_iter().flatten());
        if rng.bool() {
            self.acknowledge(&appended.sync);
        }
        for chore in appender.take_chores() {
            if rng.bool() {
                chore.run().unwrap();
            }
        }
    }

    fn acknowledge(&mut self, point: &SyncPoint) {
        point.sync().unwrap();
        let end = usize::try_from(point.end().next_offset).unwrap();
        self.acknowledged = self.acknowledged.max(end);
    }

    /// The log is a prefix of what was written and holds what was acknowledged.
    fn judge(&mut self, log: &PartitionLog, what: &str) {
        let (values, damaged) = read_values(log);
        assert!(!damaged, "{what}: damage where none was done");
        assert!(values.len() >= self.acknowledged, "{what}: acknowledged records are gone");
        assert!(self.written.starts_with(&values), "{what}: not a prefix of the history");
        self.written.truncate(values.len());
    }
}

#[test]
fn power_cuts_leave_a_prefix_with_all_that_was_acknowledged() {
    for seed in 0..rounds() {
        let mut rng = Rng::with_seed(seed);
        let mut disk = fresh_disk();
        disk.seed(seed);
        let mut known = Known::default();
        let mut number = 0;
        for epoch in 0..rng.i32(1..4) {
            let mut appenders =
                [log_on(&disk), log_on(&disk.process())].map(|log| log.appender().unwrap());
            for _ in 0..rng.usize(0..12) {
                let appender = &mut appenders[rng.usize(0..2)];
                known.append(appender, epoch, &mut rng, &mut number);
            }
            disk = disk.power_loss(rng.u64(..));
            // A reader comes first, before any writer has cleaned up.
            let what = format!("seed {seed}, epoch {epoch}, before recovery");
            let before = known.written.clone();
            known.judge(&log_on(&disk), &what);
            known.written = before;
            let log = log_on(&disk);
            log.appender().unwrap().recover(epoch + 1).unwrap();
            known.judge(&log, &format!("seed {seed}, epoch {epoch}"));
            let summary = log.check(&mut |_| {}).unwrap();
            assert_eq!(summary.damaged, 0, "seed {seed}");
        }
    }
}

/// One appending process: several appends with rolls, syncs and seals.
fn one_life(log: &PartitionLog, known: &mut Known, epoch: i32) -> Result<(), LogError> {
    let mut rng = Rng::with_seed(42);
    let mut number = 0;
    let mut appender = log.appender()?;
    for round in 0..6 {
        let (mut batches, values): (Vec<_>, Vec<_>) =
            (0..2).map(|_| random_batch(&mut rng, &mut number)).unzip();
        let outcome = appender.append(&mut batches, epoch, AppendTime::Create);
        // Whole batches in the file count even when the writer died on its way back.
        known.written.extend(values.into_iter().flatten());
        let appended = outcome.map_err(|error| error.error)?;
        if round % 2 == 0 {
            appended.sync.sync()?;
            known.acknowledged = known.written.len();
        }
        for chore in appender.take_chores() {
            chore.run()?;
        }
    }
    Ok(())
}

/// Design §3 and §4: lock, read the record, cut, stamp, write, tail slot, unlock, sync, lock, durable
/// slot, unlock; at a roll: sync, make, tail slot; then the seal: write, sync, rename, sync.
#[test]
fn a_writer_may_die_at_every_step_of_append_roll_sync_and_seal() {
    let disk = fresh_disk();
    let process = disk.process();
    one_life(&log_on(&process), &mut Known::default(), 0).unwrap();
    let steps = process.steps();
    assert!(steps > 60, "the life has only {steps} steps");
    for step in 1..=steps {
        for seed in 0..4 {
            let disk = fresh_disk();
            disk.seed(seed);
            let process = disk.process();
            let mut known = Known::default();
            let dying = log_on(&process);
            process.die_after(step);
            // The last step, giving the lock back, fails unseen.
            let _ = one_life(&dying, &mut known, 0);
            assert!(process.is_dead(), "step {step} did not happen");
            let what = format!("death at step {step}, seed {seed}");
            let survivor = log_on(&disk.process());
            let (seen, damaged) = read_values(&survivor);
            assert!(!damaged, "{what}");
            let mut appender = survivor.appender().unwrap();
            appender.recover(0).unwrap();
            known.judge(&survivor, &what);
            assert_eq!(known.written.len(), seen.len(), "{what}: a whole batch was taken back");
            let mut rng = Rng::with_seed(1);
            known.append(&mut appender, 0, &mut rng, &mut 1000);
            known.judge(&survivor, &what);
            // And the power fails on top of it.
            let cut = disk.power_loss(seed);
            log_on(&cut).appender().unwrap().recover(1).unwrap();
            known.judge(&log_on(&cut), &format!("{what}, then a power cut"));
        }
    }
}

#[test]
fn after_a_failed_sync_nobody_acknowledges_until_the_repair() {
    let disk = fresh_disk();
    let log = log_on(&disk);
    let mut rng = Rng::with_seed(7);
    let mut known = Known::default();
    let mut appender = log.appender().unwrap();
    let mut number = 0;
    for _ in 0..3 {
        known.append(&mut appender, 0, &mut rng, &mut number);
    }
    let point = appender.sync_point(0).unwrap();
    known.acknowledge(&point);
    let mut batches = [random_batch(&mut rng, &mut number).0];
    let lost = appender.append(&mut batches, 0, AppendTime::Create).unwrap();
    disk.fail_next_sync(".log");
    assert!(matches!(lost.sync.sync(), Err(LogError::SyncFailed { source: Some(_), .. })));
    // The kernel says "success" now; nobody may believe it, whenever they started.
    assert!(matches!(lost.sync.sync(), Err(LogError::SyncFailed { source: None, .. })));
    let other = log_on(&disk.process());
    let mut batches = [random_batch(&mut rng, &mut number).0];
    let refused = other.appender().unwrap().append(&mut batches, 0, AppendTime::Create);
    assert!(matches!(refused.unwrap_err().error, LogError::SyncFailed { .. }));
    let mut findings = Vec::new();
    assert_eq!(log.check(&mut |finding| findings.push(finding)).unwrap().damaged, 1);
    let repaired = other.repair(1).unwrap().unwrap();
    assert!(repaired.kept_in.is_some());
    assert_eq!(usize::try_from(repaired.end.next_offset).unwrap(), known.acknowledged);
    let mut appender = other.appender().unwrap();
    known.written.truncate(known.acknowledged);
    known.append(&mut appender, 1, &mut rng, &mut number);
    known.acknowledge(&appender.sync_point(1).unwrap());
    known.judge(&other, "after the repair");
    let cut = disk.power_loss_in(&crate::fs::sim::Weather::NOTHING_KEPT, 1);
    log_on(&cut).appender().unwrap().recover(2).unwrap();
    known.judge(&log_on(&cut), "after a power cut after the repair");
}

#[test]
fn a_full_disk_keeps_whole_batches_and_cuts_the_partial_one() {
    for space in (0..12_000).step_by(97) {
        let disk = fresh_disk();
        let log = log_on(&disk);
        let mut appender = log.appender().unwrap();
        appender.append(&mut [one("first")], 0, AppendTime::Create).unwrap();
        disk.space_left(Some(space));
        let mut rng = Rng::with_seed(space);
        let mut number = 0;
        let (mut batches, values): (Vec<_>, Vec<_>) =
            (0..5).map(|_| random_batch(&mut rng, &mut number)).unzip();
        let mut expected = vec!["first".to_owned()];
        match appender.append(&mut batches, 0, AppendTime::Create) {
            Ok(_) => expected.extend(values.into_iter().flatten()),
            Err(error) => {
                let stored = error.stored.map_or(0, |stored| stored.placed.len());
                assert!(stored < 5);
                expected.extend(values.into_iter().take(stored).flatten());
            }
        }
        assert_eq!(read_values(&log), (expected.clone(), false), "space {space}");
        disk.space_left(None);
        appender.append(&mut [one("last")], 0, AppendTime::Create).unwrap();
        expected.push("last".to_owned());
        assert_eq!(read_values(&log), (expected, false), "space {space}, afterwards");
    }
}

#[test]
fn appenders_on_threads_lose_and_double_nothing() {
    let disk = fresh_disk();
    disk.wait_for_locks(true);
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let log = log_on(&disk.process());
            std::thread::spawn(move || {
                let mut appender = log.appender().unwrap();
                for number in 0..50 {
                    let value = format!("{thread}:{number}");
                    let mut batches = [one(&value)];
                    let appended = appender.append(&mut batches, 0, AppendTime::Create).unwrap();
                    appended.sync.sync().unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let (values, damaged) = read_values(&log_on(&disk));
    assert!(!damaged);
    for thread in 0..4 {
        let prefix = format!("{thread}:");
        let own: Vec<_> = values.iter().filter_map(|v| v.strip_prefix(&prefix)).collect();
        let expected: Vec<_> = (0..50).map(|number| number.to_string()).collect();
        assert_eq!(own, expected, "thread {thread}");
    }
}
