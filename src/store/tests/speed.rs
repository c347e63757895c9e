//! Index points, and how long the operations take.

use std::fs;
use std::time::Instant;

use super::world::{NOW, append, attributes, batch, name, path, real};
use crate::record::Compression;
use crate::store::TopicOptions;

#[test]
fn points_are_found_again_used_and_checked() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    let mut writer = topic.writer(0).unwrap();
    let text = "x".repeat(50_000);
    for n in 0..500 {
        let mut batches = [batch(&[&text], NOW + 10 * n, Compression::None)];
        writer.append(&mut batches).unwrap();
    }
    drop(writer);
    let count = |stream: &crate::store::Stream| {
        let catalogue = stream.shared().catalogue();
        let last = catalogue.points(|index| index.last_point(topic.object().id, 0));
        last.map_or(0, |point| point.base_offset)
    };
    assert!(count(&stream) > 480, "{}", count(&stream));
    let check = |topic: &crate::store::Topic| {
        let mut reader = topic.reader(0).unwrap();
        for offset in [0, 1, 77, 250, 499, 500] {
            reader.seek(offset).unwrap();
            assert_eq!(reader.offset(), offset);
            reader.seek_time(NOW + 10 * offset - 3).unwrap();
            assert_eq!(reader.offset(), offset);
        }
    };
    check(&topic);
    // Points of another log: each is seen to be wrong.
    let wrong: Vec<_> = (0..10)
        .map(|n| crate::catalog::IndexPoint {
            base_offset: 50 * n,
            segment_base: 0,
            position_bytes: 7 * n.cast_unsigned(),
            batch_crc: 1,
            max_timestamp: NOW - 1,
            logical_bytes: 3,
        })
        .collect();
    stream.shared().catalogue().add_points(topic.object().id, 0, &wrong, Some(0));
    check(&topic);
    fs::remove_file(place.path().join("s/index.1.db")).unwrap();
    let fresh = real(place.path()).stream(&path("/s")).unwrap();
    check(&fresh.topic(&name("t")).unwrap());
    assert!(count(&fresh) > 450);
}

#[test]
fn figures() {
    let place = tempfile::tempdir_in(".").unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let count = if cfg!(debug_assertions) { 100 } else { 1_000 };
    let start = Instant::now();
    for n in 0..count {
        stream.create_topic(&name(&format!("t{n}")), TopicOptions::default()).unwrap();
    }
    println!("create {count}: {:?}", start.elapsed());
    let time = |what: &str, limit_ms: u128, run: &dyn Fn()| {
        let best = (0..5)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed()
            })
            .min()
            .unwrap();
        println!("{what}: {best:?}");
        assert!(best.as_millis() < limit_ms, "{what} took {best:?}");
    };
    time("open and list", 200, &|| {
        assert_eq!(real(place.path()).stream(&path("/s")).unwrap().topics().unwrap().len(), count);
    });
    time("open and find", 10, &|| {
        real(place.path()).stream(&path("/s")).unwrap().topic(&name("t7")).unwrap();
    });
    time("rebuild", 100, &|| {
        for entry in fs::read_dir(place.path().join("s")).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("index.") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
        real(place.path()).stream(&path("/s")).unwrap().topic(&name("t7")).unwrap();
    });
    let topic = stream.topic(&name("t7")).unwrap();
    let start = Instant::now();
    append(&topic, 0, "x").unwrap();
    println!("first append: {:?}", start.elapsed());
    time("open and append", 15, &|| {
        let topic = real(place.path()).stream(&path("/s")).unwrap().topic(&name("t7")).unwrap();
        append(&topic, 0, "x").unwrap();
    });
}
