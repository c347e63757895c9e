//! Every single-bit flip and every truncation of a 64 KiB segment.

use crate::log::{APPEND_LOCK, AppendTime, BatchRun, LogOptions, Step};
use crate::record::Batch;

use super::world::{Scene, batch, read_all};

/// A log with one closed, sealed segment of 64 KiB in batches of about 1 KiB, and a successor.
fn sealed_scene() -> (Scene, u64) {
    let scene = Scene::simulated(LogOptions { segment_bytes: 64 << 10, ..LogOptions::default() });
    let mut appender = scene.log.appender().unwrap();
    let value = "x".repeat(300);
    let mut number = 0;
    while scene.log.segments().unwrap().len() < 2 {
        let values = [&format!("{number}{value}")[..], &value, &value];
        appender.append(&mut [batch(&values)], 2, AppendTime::Create).unwrap();
        number += 1;
    }
    assert!(scene.log.seal(0).unwrap().is_some());
    let size_bytes = scene.log.segments().unwrap()[0].size_bytes;
    (scene, size_bytes)
}

/// What reading the log gives: base offsets of the batches, and whether damage was reported.
fn survey(scene: &Scene, run: &mut BatchRun) -> (Vec<i64>, bool) {
    let mut reader = scene.log.reader();
    let (mut bases, mut damaged) = (Vec::new(), false);
    loop {
        match reader.read(run, 1 << 17).unwrap() {
            Step::Batches => bases.extend(run.batches().map(|b| b.header().base_offset)),
            Step::Damaged(_) => damaged = true,
            Step::End => return (bases, damaged),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_bit_flip_of_a_sealed_segment_is_seen_and_costs_one_batch_at_most() {
    let (scene, size_bytes) = sealed_scene();
    let file = scene.file("00000000000000000000.log");
    let mut bytes = vec![0; usize::try_from(size_bytes).unwrap()];
    file.read_exact_at(&mut bytes, 0).unwrap();
    let mut run = BatchRun::default();
    let (whole, damaged) = survey(&scene, &mut run);
    assert!(!damaged);
    let (mut by_reading, mut by_seal) = (0_u32, 0_u32);
    for bit in 0..bytes.len() * 8 {
        let at = bit / 8;
        let flipped = bytes[at] ^ (1 << (bit % 8));
        file.write_all_at(&[flipped], at as u64).unwrap();
        let (bases, damaged) = survey(&scene, &mut run);
        let lost = whole.len() - bases.len();
        assert!(lost <= 1, "bit {bit}: {lost} batches lost");
        assert!(bases.iter().all(|base| whole.contains(base)), "bit {bit}: a batch from nowhere");
        if damaged {
            by_reading += 1;
        } else {
            assert_eq!(lost, 0, "bit {bit}: a batch vanished silently");
            let summary = scene.log.check(&mut |_| {}).unwrap();
            assert!(summary.damaged > 0, "bit {bit}: nobody noticed");
            by_seal += 1;
        }
        file.write_all_at(&bytes[at..=at], at as u64).unwrap();
    }
    eprintln!("{by_reading} flips seen by every reader, {by_seal} only with the seal");
    assert_eq!(survey(&scene, &mut run), (whole, false), "the segment is as it was");
}

/// In the active segment the flips that nobody can notice are the epochs, upwards, and the last
/// batch's header where no successor contradicts it.
#[test]
fn bit_flips_of_an_active_segment_that_go_unnoticed_are_few_and_known() {
    let scene = Scene::simulated(LogOptions::default());
    let mut appender = scene.log.appender().unwrap();
    for number in 0..16 {
        appender
            .append(&mut [batch(&[&format!("value {number}")])], 2, AppendTime::Create)
            .unwrap();
    }
    let file = scene.file("00000000000000000000.log");
    let size_bytes = file.size_bytes().unwrap();
    let mut bytes = vec![0; usize::try_from(size_bytes).unwrap()];
    file.read_exact_at(&mut bytes, 0).unwrap();
    let mut starts = Vec::new();
    while starts.last().copied().unwrap_or(0) < bytes.len() {
        let start = starts.last().copied().unwrap_or(0);
        starts.push(start + Batch::parse(&bytes[start..]).unwrap().bytes().len());
    }
    let mut run = BatchRun::default();
    let mut unnoticed = Vec::new();
    for bit in 0..bytes.len() * 8 {
        let at = bit / 8;
        file.write_all_at(&[bytes[at] ^ (1 << (bit % 8))], at as u64).unwrap();
        let (bases, damaged) = survey(&scene, &mut run);
        assert!(16 - bases.len() <= 1, "bit {bit}");
        if !damaged {
            unnoticed.push(bit);
        }
        file.write_all_at(&bytes[at..=at], at as u64).unwrap();
    }
    for bit in &unnoticed {
        let at = bit / 8;
        let start = starts.iter().rev().find(|start| **start <= at).copied().unwrap_or(0);
        let in_batch = at - start;
        assert!((12..16).contains(&in_batch), "bit {bit} at byte {in_batch} of its batch");
    }
    eprintln!("{} of {} flips go unnoticed, all in epochs", unnoticed.len(), bytes.len() * 8);
}

#[test]
fn every_truncation_recovers_the_longest_valid_prefix() {
    let scene = Scene::simulated(LogOptions { segment_bytes: 64 << 10, ..LogOptions::default() });
    let mut appender = scene.log.appender().unwrap();
    let value = "y".repeat(300);
    let mut ends = vec![0];
    for _ in 0..60 {
        let appended =
            appender.append(&mut [batch(&[&value, &value])], 0, AppendTime::Create).unwrap();
        ends.push(appended.sync.end().position);
    }
    let (file, lock_file) = (scene.file("00000000000000000000.log"), scene.file(APPEND_LOCK));
    let mut whole = vec![0; usize::try_from(file.size_bytes().unwrap()).unwrap()];
    file.read_exact_at(&mut whole, 0).unwrap();
    for length in 0..=whole.len() {
        // As after a power cut without any recovery record: another boot, no slots.
        file.set_size(0).unwrap();
        file.write_all_at(&whole[..length], 0).unwrap();
        lock_file.set_size(0).unwrap();
        let mut appender = scene.log.appender().unwrap();
        let end = appender.recover(1).unwrap();
        let longest = ends.iter().rfind(|end| **end <= length as u64).copied().unwrap();
        assert_eq!(end.position, longest, "cut at {length}");
        assert_eq!(file.size_bytes().unwrap(), longest);
    }
    assert_eq!(read_all(&scene.log).len(), 120);
}
