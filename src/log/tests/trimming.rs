//! Old segments go, whole ones, from the front; whatever happens meanwhile, the rest is whole.

use std::path::Path;

use super::world::values;
use crate::fs::Disk;
use crate::fs::sim::SimDisk;
use crate::log::{AppendTime, BatchRun, LogOptions, PartitionLog, Step};
use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord};

fn batch(value: &str, timestamp: i64) -> EncodedBatch {
    let mut encoder = BatchEncoder::new(Vec::new());
    encoder.push(&NewRecord { timestamp, key: None, value: Some(value.as_bytes()), headers: &[] });
    encoder.finish(Compression::None)
}

/// The log in the root of a disk; each segment takes one batch.
fn log_on(disk: &SimDisk, boot: u8) -> PartitionLog {
    let options = LogOptions { segment_bytes: 1, ..LogOptions::default() };
    let root = disk.open_root(Path::new("/")).unwrap();
    PartitionLog::new(root, Vec::new(), Some([boot; 16]), options)
}

/// A log of one segment for each time.
fn with_times(disk: &SimDisk, times: &[i64]) -> PartitionLog {
    let log = log_on(disk, 7);
    log.create(0).unwrap();
    let mut appender = log.appender().unwrap();
    for time in times {
        let mut batches = [batch(&time.to_string(), *time)];
        let appended = appender.append(&mut batches, 1, AppendTime::Create).unwrap();
        appended.sync.sync().unwrap();
    }
    log
}

fn bases(log: &PartitionLog) -> Vec<i64> {
    log.segments().unwrap().iter().map(|segment| segment.base).collect()
}

#[test]
fn whole_segments_go_from_the_front_and_the_last_one_stays() {
    for (oldest, left) in [(10, 0), (11, 1), (21, 1), (31, 3), (99, 4)] {
        // The third is older than the second, which keeps it.
        let log = with_times(&SimDisk::new(), &[10, 30, 20, 40, 50]);
        log.seal(1).unwrap();
        let removed = log.trim(oldest).unwrap();
        assert_eq!(removed.len(), left as usize, "{oldest}");
        assert_eq!(bases(&log), (left..5).collect::<Vec<_>>(), "{oldest}");
        assert_eq!(log.start_offset().unwrap(), left);
        let mut appender = log.appender().unwrap();
        let appended = appender.append(&mut [batch("60", 60)], 1, AppendTime::Create).unwrap();
        assert_eq!(appended.placed[0].base_offset, 5);
        assert_eq!(values(&log).len(), 6 - left as usize);
        assert!(log.trim(oldest).unwrap().is_empty() || oldest == 99);
    }
}

#[test]
fn what_is_damaged_or_has_no_time_stays_with_all_behind_it() {
    let log = with_times(&SimDisk::new(), &[-1, 20, 30]);
    assert_eq!(log.trim(99).unwrap(), []);
    let log = with_times(&SimDisk::new(), &[10, 20, 30]);
    let name = crate::log::segment_name(1);
    let file = log.dir().open(&name, crate::fs::Access::Write).unwrap();
    // The largest timestamp of the header: only the checksum knows that it is wrong.
    file.write_all_at(&[0; 8], 35).unwrap();
    assert_eq!(log.trim(99).unwrap().len(), 1);
    assert_eq!(bases(&log), [1, 2]);
}

#[test]
fn a_reader_in_a_removed_segment_reads_on() {
    let log = with_times(&SimDisk::new(), &[10, 20, 30]);
    let mut reader = log.reader();
    let mut run = BatchRun::default();
    assert!(matches!(reader.read(&mut run, 1).unwrap(), Step::Batches));
    assert_eq!(log.trim(25).unwrap().len(), 2);
    let step = reader.read(&mut run, 1).unwrap();
    assert!(matches!(step, Step::Trimmed { from: 1, to: 2 }), "{step:?}");
    assert!(matches!(reader.read(&mut run, 1).unwrap(), Step::Batches));
    assert_eq!(run.first_offset, 2);
}

#[test]
fn a_death_or_a_power_cut_at_any_step_leaves_no_hole() {
    for n in 1.. {
        let disk = SimDisk::new();
        let log = with_times(&disk, &[10, 20, 30, 40]);
        log.seal(0).unwrap();
        let dying = disk.process();
        let log = log_on(&dying, 7);
        dying.die_after(n);
        let outcome = log.trim(99);
        let finished = !dying.is_dead();
        // The one that only continues comes last: it writes to the disk that the others copy.
        for seed in [1, 2, 3, 4, 0] {
            let next = if seed == 0 { disk.process() } else { disk.power_loss(seed) };
            let log = log_on(&next, if seed == 0 { 7 } else { 8 });
            let left = values(&log);
            let all = ["10", "20", "30", "40"];
            assert!(
                !left.is_empty()
                    && all.ends_with(&left.iter().map(String::as_str).collect::<Vec<_>>()),
                "{n} {seed}: {left:?}"
            );
            assert!(!finished || left == ["40"], "{n} {seed}: {left:?}");
            let mut appender = log.appender().unwrap();
            let appended = appender.append(&mut [batch("50", 50)], 2, AppendTime::Create).unwrap();
            assert_eq!(appended.placed[0].base_offset, 4, "{n} {seed}");
        }
        if finished {
            assert_eq!(outcome.unwrap().len(), 3);
            assert!(n > 8, "only {n} steps");
            break;
        }
    }
}
