//! The index is deleted, cut, overwritten or replaced at any moment, and nothing is lost or wrong.

use std::fs;
use std::path::{Path, PathBuf};

use super::world::{
    NOW, attributes, batch, damage, name, path, produce, real, topic_names, values,
};
use crate::record::Compression;
use crate::store::{Home, StoreError, Stream, TopicOptions};

/// What can happen to the newest generation of an index.
const HARMS: [&str; 8] = [
    "deleted",
    "emptied",
    "halved",
    "noise renamed",
    "older renamed",
    "noise in place",
    "all gone",
    "one page of noise",
];

fn newest(stream: &Path) -> Option<PathBuf> {
    let mut found: Vec<(u64, PathBuf)> = fs::read_dir(stream)
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let text = entry.file_name().into_string().unwrap();
            let number = text.strip_prefix("index.")?.strip_suffix(".db")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, path)| path)
}

fn noise(bytes: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.u8(..)).take(bytes).collect()
}

fn harm(stream: &Path, how: &str, older: &[u8]) {
    let Some(index) = newest(stream) else { return };
    let renamed = |bytes: &[u8]| {
        let other = stream.join("other");
        fs::write(&other, bytes).unwrap();
        fs::rename(&other, &index).unwrap();
    };
    let length = fs::metadata(&index).unwrap().len();
    match how {
        "deleted" => fs::remove_file(&index).unwrap(),
        "emptied" => renamed(b""),
        "halved" => {
            let bytes = fs::read(&index).unwrap();
            renamed(&bytes[..bytes.len() / 2]);
        }
        "noise renamed" => renamed(&noise(20_000)),
        "older renamed" => renamed(older),
        "noise in place" => fs::write(&index, noise(usize::try_from(length).unwrap())).unwrap(),
        "one page of noise" => {
            let mut bytes = fs::read(&index).unwrap();
            let page = fastrand::usize(0..bytes.len() / 4096) * 4096;
            bytes[page..page + 4096].copy_from_slice(&noise(4096));
            fs::write(&index, bytes).unwrap();
        }
        "all gone" => {
            for entry in fs::read_dir(stream).unwrap().flatten() {
                if entry.file_name().to_string_lossy().starts_with("index.") {
                    fs::remove_file(entry.path()).unwrap();
                }
            }
        }
        _ => unreachable!("{how}"),
    }
}

fn prepared(home: &Home) -> Stream {
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    for n in 0..30 {
        stream.create_topic(&name(&format!("t{n}")), TopicOptions::default()).unwrap();
    }
    stream
}

/// Every operation once; all of them must do what they always do.
fn every_operation(home: &Home, round: usize, mut between: impl FnMut()) {
    let text = format!("round-{round}");
    between();
    let stream = home.stream(&path("/s")).unwrap();
    between();
    assert_eq!(stream.attributes().unwrap(), attributes());
    between();
    assert!(matches!(stream.topic(&name(&text)), Err(StoreError::TopicNotFound { .. })));
    between();
    let topic = stream.create_topic(&name(&text), TopicOptions::default()).unwrap();
    between();
    let twice = stream.create_topic(&name(&text), TopicOptions::default());
    assert!(matches!(twice, Err(StoreError::TopicExists { .. })));
    between();
    assert_eq!(produce(&topic, 0, "a").unwrap(), 0);
    between();
    assert_eq!(produce(&topic, 0, "b").unwrap(), 1);
    between();
    assert_eq!(values(&stream.topic(&name(&text)).unwrap(), 0), ["a", "b"]);
    between();
    assert_eq!(topic_names(&stream).len(), 31);
    between();
    assert_eq!(stream.info().unwrap().topics, 31);
    between();
    assert_eq!(topic.partition_summary(0).unwrap().end_offset, 2);
    between();
    stream.delete_topic(&name(&text)).unwrap();
    between();
    assert!(matches!(stream.topic(&name(&text)), Err(StoreError::TopicNotFound { .. })));
    between();
    assert_eq!(topic_names(&home.stream(&path("/s")).unwrap()).len(), 30);
}

#[test]
fn at_every_operation_of_one_process() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("s");
    let home = real(place.path());
    drop(prepared(&home));
    let older = fs::read(newest(&dir).unwrap()).unwrap();
    for (round, how) in HARMS.iter().enumerate() {
        // What overwrites a file in place is tried while nothing has it open.
        if how.contains("in place") || how.contains("one page") {
            harm(&dir, how, &older);
            every_operation(&home, round, || ());
        } else {
            every_operation(&home, round, || harm(&dir, how, &older));
        }
    }
    assert_eq!(damage(&home), []);
}

#[test]
fn under_open_handles_of_several_processes() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("s");
    let home = real(place.path());
    let one = prepared(&home);
    let two = home.stream(&path("/s")).unwrap();
    let older = fs::read(newest(&dir).unwrap()).unwrap();
    for (round, how) in HARMS.iter().enumerate() {
        if how.contains("in place") || how.contains("one page") {
            continue;
        }
        let text = name(&format!("x{round}"));
        let topic = one.create_topic(&text, TopicOptions::default()).unwrap();
        harm(&dir, how, &older);
        assert_eq!(two.topic(&text).unwrap().object(), topic.object(), "{how}");
        harm(&dir, how, &older);
        two.delete_topic(&text).unwrap();
        assert!(one.topic(&text).is_err(), "{how}");
        harm(&dir, how, &older);
        assert_eq!(topic_names(&one).len(), 30, "{how}");
        assert_eq!(topic_names(&two).len(), 30, "{how}");
    }
    drop((one, two));
    let left: Vec<_> = fs::read_dir(&dir)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name.starts_with("index.") || name.starts_with(".tmp"))
        .collect();
    assert!(left.len() <= 6, "{left:?}");
}

#[test]
fn a_row_that_was_changed_is_not_believed() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    drop(prepared(&home));
    let index = newest(&place.path().join("s")).unwrap();
    for sql in [
        "UPDATE topic SET partitions = 99 WHERE name = 't7'",
        "DELETE FROM topic WHERE name = 't7'",
        "UPDATE topic SET name = 'T7' WHERE name = 't7'",
        "UPDATE topic SET id = zeroblob(16) WHERE name = 't7'",
        "UPDATE topic SET offset = offset + 1, created_ms = 0",
        "DELETE FROM topic",
        "DELETE FROM epoch",
        "UPDATE epoch SET epoch = 77",
        "UPDATE stream SET attributes = replace(attributes, '604800', '604801')",
        "UPDATE stream SET attributes = NULL",
        "DELETE FROM stream",
        "DELETE FROM log",
        "UPDATE log SET next_offset = 1",
        "DROP TABLE topic",
        "DROP TABLE point",
    ] {
        let index = newest(&place.path().join("s")).unwrap_or_else(|| index.clone());
        let connection = rusqlite::Connection::open(&index).unwrap();
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        assert_eq!(stream.attributes().unwrap(), attributes(), "{sql}");
        let topic = stream.topic(&name("t7")).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(topic.partitions(), 1, "{sql}");
        assert!(stream.topic(&name("T7")).is_err(), "{sql}");
        let twice = stream.create_topic(&name("t7"), TopicOptions::default());
        assert!(matches!(twice, Err(StoreError::TopicExists { .. })), "{sql}");
        let appended =
            topic.writer(0).unwrap().append(&mut [batch(&["x"], NOW, Compression::None)]);
        assert_eq!(appended.unwrap().sync.end().epoch, 1, "{sql}");
        assert_eq!(topic_names(&stream).len(), 30, "{sql}");
    }
}

#[test]
fn a_path_that_sqlite_cannot_open_is_served_from_memory() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    let deep = format!("{}/s", format!("/{}", "d".repeat(250)).repeat(8));
    home.create_stream(&path(&deep), &attributes()).unwrap();
    let stream = home.stream(&path(&deep)).unwrap();
    stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
    assert_eq!(topic_names(&home.stream(&path(&deep)).unwrap()), ["t"]);
}

#[test]
fn damage_to_meta_costs_the_batch_it_hits() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    let stream = prepared(&home);
    let meta = place.path().join("s/meta/0/00000000000000000000.log");
    let good = fs::read(&meta).unwrap();
    let wanted = topic_names(&stream);
    drop(stream);
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..200 {
        let mut bytes = good.clone();
        let place = random.usize(..bytes.len());
        bytes[place] ^= 1 << random.u8(..8);
        fs::write(&meta, &bytes).unwrap();
        let stream = home.stream(&path("/s")).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(stream.attributes().unwrap(), attributes(), "{place}");
        let names = topic_names(&stream);
        assert!(names.len() >= wanted.len() - 1, "{place}: {names:?}");
        assert!(names.iter().all(|name| wanted.contains(name)), "{place}: {names:?}");
        let again = topic_names(&stream);
        assert_eq!(names, again, "{place}");
        if names.len() < wanted.len() {
            assert!(!damage(&home).is_empty(), "{place}");
        }
    }
    fs::write(&meta, &good).unwrap();
    assert_eq!(topic_names(&home.stream(&path("/s")).unwrap()), wanted);
}
