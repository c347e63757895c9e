//! The log's promises, on the real disk and on one that can fail and forget.

mod damage;
mod histories;
mod trimming;
mod world;

use crate::fs::Access;
use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord, Scratch};

use super::{
    AppendTime, BatchRun, Chore, Gaps, LogError, LogOptions, PartitionLog, Step, segment_name,
};
use world::{Scene, batch, read_all, values};

#[test]
fn what_was_appended_is_read_back_in_order() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    for number in 0..10 {
        let mut batches = [batch(&[&format!("a{number}"), "b"])];
        let appended = appender.append(&mut batches, 3, AppendTime::Create).unwrap();
        assert_eq!(appended.placed[0].base_offset, number * 2);
        appended.sync.sync().unwrap();
    }
    let records = read_all(&scene.log);
    assert_eq!(records.len(), 20);
    assert_eq!(records[6], (6, "a3".to_owned()));
    let end = scene.log.end().unwrap();
    assert_eq!((end.next_offset, end.epoch), (20, 3));
    assert!(scene.log.is_durable(&end).unwrap());
}

#[test]
fn a_sync_on_another_thread_does_not_open_the_lock_under_an_append() {
    const BATCHES: usize = 300;
    let scene = Scene::new(LogOptions::default());
    // Each pair is a process: one thread appends, another one syncs what that has written.
    std::thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            let mut appender = scene.log.appender().unwrap();
            let (points, written) = std::sync::mpsc::channel::<crate::log::SyncPoint>();
            scope.spawn(move || written.iter().for_each(|point| point.sync().unwrap()));
            scope.spawn(move || {
                for number in 0..BATCHES {
                    let value = format!("{name}{number}");
                    let mut batches = [batch(&[&value])];
                    let appended = appender.append(&mut batches, 1, AppendTime::Create).unwrap();
                    points.send(appended.sync).unwrap();
                }
            });
        }
    });
    let found = values(&scene.log);
    assert_eq!(found.len(), 3 * BATCHES, "an append overwrote another");
    for name in ["a", "b", "c"] {
        let of: Vec<&String> = found.iter().filter(|value| value.starts_with(name)).collect();
        let expected: Vec<String> = (0..BATCHES).map(|number| format!("{name}{number}")).collect();
        assert!(of.into_iter().eq(&expected));
    }
}

#[test]
fn two_appenders_take_turns_and_see_each_other() {
    let scene = Scene::new(LogOptions::default());
    let mut one = scene.log.appender().unwrap();
    let mut two = scene.log.appender().unwrap();
    for round in 0..20 {
        let appender = if round % 3 == 0 { &mut one } else { &mut two };
        let appended = appender.append(&mut [batch(&["x"])], 0, AppendTime::Create).unwrap();
        assert_eq!(appended.placed[0].base_offset, round);
    }
    assert_eq!(read_all(&scene.log).len(), 20);
}

#[test]
fn a_full_segment_is_followed_by_another() {
    let options = LogOptions { segment_bytes: 300, ..LogOptions::default() };
    let scene = Scene::new(options);
    let mut appender = scene.log.appender().unwrap();
    let mut batches: Vec<EncodedBatch> = (0..20).map(|n| batch(&[&format!("v{n}")])).collect();
    let appended = appender.append(&mut batches, 0, AppendTime::Create).unwrap();
    let segments = scene.log.segments().unwrap();
    assert!(segments.len() > 4, "{segments:?}");
    assert!(segments.iter().all(|segment| segment.size_bytes <= 300));
    assert_eq!(appended.placed.len(), 20);
    assert_eq!(read_all(&scene.log).len(), 20);
    let seals = appender
        .take_chores()
        .iter()
        .map(|chore| {
            chore.run().unwrap();
            matches!(chore, Chore::Seal { .. })
        })
        .filter(|seal| *seal)
        .count();
    assert_eq!(seals, segments.len() - 1);
    for segment in &segments[..segments.len() - 1] {
        let seal = scene.log.read_seal(segment.base).unwrap().unwrap();
        assert_eq!(seal.length_bytes, segment.size_bytes);
        assert_eq!(seal.first_offset, segment.base);
    }
    assert_eq!(scene.log.check(&mut |finding| panic!("{finding:?}")).unwrap().records, 20);
}

#[test]
fn a_segment_closes_by_age() {
    let scene = Scene::new(LogOptions { segment_ms: Some(1000), ..LogOptions::default() });
    let mut appender = scene.log.appender().unwrap();
    for time in [0, 500, 1000, 1001, 1500, 2002] {
        let mut encoder = BatchEncoder::new(Vec::new());
        encoder.push(&NewRecord { timestamp: time, key: None, value: Some(b"v"), headers: &[] });
        let mut batches = [encoder.finish(Compression::None)];
        appender.append(&mut batches, 0, AppendTime::Create).unwrap();
    }
    let bases: Vec<i64> = scene.log.segments().unwrap().iter().map(|s| s.base).collect();
    assert_eq!(bases, [0, 3, 5]);
}

#[test]
fn log_append_time_never_falls() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    for now in [1000, 900, 2000] {
        appender.append(&mut [batch(&["v"])], 0, AppendTime::LogAppend(now)).unwrap();
    }
    let mut reader = scene.log.reader();
    let mut run = BatchRun::default();
    assert!(matches!(reader.read(&mut run, 1 << 16).unwrap(), Step::Batches));
    let mut scratch = Scratch::default();
    let mut times = Vec::new();
    for batch in run.batches() {
        for record in batch.records(&mut scratch).unwrap() {
            times.push(record.unwrap().timestamp);
        }
    }
    assert_eq!(times, [1000, 1000, 2000]);
}

#[test]
fn a_lower_epoch_is_refused_and_writes_nothing() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    appender.append(&mut [batch(&["v"])], 5, AppendTime::Create).unwrap();
    let refused = appender.append(&mut [batch(&["w"])], 4, AppendTime::Create).unwrap_err();
    assert!(
        matches!(refused.error, LogError::StaleEpoch { epoch: 4, tail_epoch: 5 }),
        "{refused:?}"
    );
    assert_eq!(values(&scene.log), ["v"]);
}

#[test]
fn a_frozen_log_takes_nothing_until_it_is_thawed() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    appender.append(&mut [batch(&["v"])], 0, AppendTime::Create).unwrap();
    scene.log.freeze([9; 16]).unwrap();
    let refused = appender.append(&mut [batch(&["w"])], 0, AppendTime::Create).unwrap_err();
    assert!(matches!(refused.error, LogError::Frozen { operation } if operation == [9; 16]));
    scene.log.thaw().unwrap();
    appender.append(&mut [batch(&["x"])], 0, AppendTime::Create).unwrap();
    assert_eq!(values(&scene.log), ["v", "x"]);
}

#[test]
fn a_missing_or_unlinked_lock_file_means_gone() {
    let scene = Scene::new(LogOptions::default());
    let mut open = scene.log.appender().unwrap();
    open.append(&mut [batch(&["v"])], 0, AppendTime::Create).unwrap();
    scene.log.dir().remove_file(super::APPEND_LOCK.as_ref()).unwrap();
    let refused = open.append(&mut [batch(&["w"])], 0, AppendTime::Create).unwrap_err();
    assert!(matches!(refused.error, LogError::Gone { .. }), "{refused:?}");
    assert!(matches!(scene.log.appender(), Err(LogError::Gone { .. })));
}

#[test]
fn seek_finds_every_offset_and_refuses_others() {
    let options = LogOptions { segment_bytes: 500, ..LogOptions::default() };
    let scene = Scene::new(options);
    let mut appender = scene.log.appender().unwrap();
    for number in 0..50 {
        appender
            .append(&mut [batch(&[&format!("v{number}"), "w", "x"])], 0, AppendTime::Create)
            .unwrap();
    }
    let mut run = BatchRun::default();
    for offset in 0..=150 {
        let mut reader = scene.log.reader();
        reader.seek(offset, None).unwrap();
        match reader.read(&mut run, 1 << 16).unwrap() {
            Step::Batches => assert!(run.first_offset <= offset && offset < run.next_offset),
            Step::End => assert_eq!(offset, 150),
            other => panic!("{other:?}"),
        }
    }
    for wrong in [-1, 151, i64::MAX - 1] {
        let error = scene.log.reader().seek(wrong, None).unwrap_err();
        assert!(
            matches!(error, LogError::OffsetOutOfRange { start: 0, end: 150, .. }),
            "{wrong}: {error:?}"
        );
    }
}

#[test]
fn a_torn_batch_is_no_damage_and_the_next_writer_cuts_it() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    appender.append(&mut [batch(&["v"])], 0, AppendTime::Create).unwrap();
    let mut torn = batch(&["torn"]);
    torn.stamp(1, 0);
    let file = scene.log.dir().open(&segment_name(0), Access::Write).unwrap();
    let end = file.size_bytes().unwrap();
    file.write_all_at(&torn.bytes()[..torn.bytes().len() - 1], end).unwrap();
    assert_eq!(values(&scene.log), ["v"]);
    let mut told = Vec::new();
    let summary = scene.log.check(&mut |finding| told.push(finding)).unwrap();
    assert_eq!((summary.damaged, told.len()), (0, 1), "{told:?}");
    let appended = appender.append(&mut [batch(&["w"])], 0, AppendTime::Create).unwrap();
    assert_eq!(appended.placed[0].base_offset, 1);
    assert_eq!(appender.take_cuts().len(), 1);
    assert_eq!(values(&scene.log), ["v", "w"]);
}

#[test]
fn a_whole_batch_of_a_dead_writer_counts() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    appender.append(&mut [batch(&["v"])], 0, AppendTime::Create).unwrap();
    let mut orphan = batch(&["orphan"]);
    orphan.stamp(1, 0);
    let file = scene.log.dir().open(&segment_name(0), Access::Write).unwrap();
    file.write_all_at(orphan.bytes(), file.size_bytes().unwrap()).unwrap();
    let appended = appender.append(&mut [batch(&["w"])], 0, AppendTime::Create).unwrap();
    assert_eq!(appended.placed[0].base_offset, 2);
    assert_eq!(values(&scene.log), ["v", "orphan", "w"]);
}

#[test]
fn without_a_recovery_record_nothing_is_lost() {
    let scene = Scene::new(LogOptions { segment_bytes: 400, ..LogOptions::default() });
    let mut appender = scene.log.appender().unwrap();
    for number in 0..20 {
        appender.append(&mut [batch(&[&format!("v{number}")])], 0, AppendTime::Create).unwrap();
    }
    let lock = scene.log.dir().open(super::APPEND_LOCK.as_ref(), Access::Write).unwrap();
    for garbage in [vec![0; 1536], vec![0xff; 1536], vec![]] {
        lock.set_size(0).unwrap();
        lock.write_all_at(&garbage, 0).unwrap();
        let before = values(&scene.log).len();
        let mut fresh = scene.log.appender().unwrap();
        fresh.append(&mut [batch(&["more"])], 0, AppendTime::Create).unwrap();
        assert_eq!(values(&scene.log).len(), before + 1);
    }
}

#[test]
fn a_copied_log_walks_instead_of_trusting_the_record() {
    let scene = Scene::new(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    appender.append(&mut [batch(&["a"]), batch(&["b"])], 0, AppendTime::Create).unwrap();
    let other = PartitionLog::new(
        scene.log.dir().clone(),
        Vec::new(),
        Some([1; 16]),
        LogOptions { gaps: Gaps::Contiguous, ..LogOptions::default() },
    );
    let mut appender = other.appender().unwrap();
    let appended = appender.append(&mut [batch(&["c"])], 1, AppendTime::Create).unwrap();
    assert_eq!(appended.placed[0].base_offset, 2);
    assert_eq!(values(&other), ["a", "b", "c"]);
}

/// File systems give the number of a removed file to the next one: a segment that was laid in the
/// place of another is walked, not taken for it.
#[test]
fn a_segment_in_the_place_of_another_is_not_taken_for_it() {
    let disk = crate::fs::sim::SimDisk::new();
    disk.reuse_inodes(true);
    let root = crate::fs::Disk::open_root(&disk, std::path::Path::new("/")).unwrap();
    let log = PartitionLog::new(root, Vec::new(), Some([7; 16]), LogOptions::default());
    log.create(0).unwrap();
    let mut appender = log.appender().unwrap();
    let appended = appender.append(&mut [batch(&["old"])], 0, AppendTime::Create).unwrap();
    appended.sync.sync().unwrap();
    drop((appended, appender));
    let before = log.segments().unwrap()[0].id;
    log.dir().remove_file(&segment_name(0)).unwrap();
    let file = log.dir().create(&segment_name(0), 0o600).unwrap();
    let mut longer = batch(&["this is", "another", "segment"]);
    longer.stamp(0, 0);
    file.write_all_at(longer.bytes(), 0).unwrap();
    let after = log.segments().unwrap()[0].id;
    assert_eq!((before.device, before.inode), (after.device, after.inode), "a hard case");
    assert_eq!(log.end().unwrap().next_offset, 3);
    let mut appender = log.appender().unwrap();
    let appended = appender.append(&mut [batch(&["new"])], 0, AppendTime::Create).unwrap();
    assert_eq!(appended.placed[0].base_offset, 3);
    assert_eq!(values(&log), ["this is", "another", "segment", "new"]);
}
