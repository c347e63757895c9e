//! What a stream does in its life, on both disks; and how long it takes.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::world::{
    NOW, attributes, batch, context, damage, findings, name, path, produce, real, simulated,
    topic_names, values,
};
use crate::fs::RealDisk;
use crate::fs::sim::SimDisk;
use crate::log::{LogError, Step};
use crate::record::{Compression, TimestampType};
use crate::store::{Home, StoreError, StoreErrorKind, TopicOptions};

/// Runs a story on a real directory and on the simulated disk.
fn on_both(story: impl Fn(&Home)) {
    let place = tempfile::tempdir().unwrap();
    story(&real(&place.path().join("store")));
    story(&simulated(&SimDisk::new()));
}

#[test]
fn a_store_that_does_not_exist_is_empty_and_is_made_by_its_first_stream() {
    on_both(|home| {
        assert_eq!(home.streams(None).unwrap(), []);
        let error = home.stream(&path("/s")).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NotFound);
        assert_eq!(error.to_string(), "no stream `/s`");
        assert_eq!(home.check(None, &mut |_| ()).unwrap().streams, 0);
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        assert_eq!(stream.attributes().unwrap(), attributes());
        assert_eq!(topic_names(&stream), [""; 0]);
        assert_eq!(findings(home), []);
    });
}

#[test]
fn streams_are_listed_by_path_and_do_not_nest() {
    on_both(|home| {
        for text in ["/b", "/a/c", "/a/b/x", "/a-b"] {
            home.create_stream(&path(text), &attributes()).unwrap();
        }
        let listed = |under| {
            let streams = home.streams(under).unwrap();
            streams.into_iter().map(|path| path.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(listed(None), ["/a-b", "/a/b/x", "/a/c", "/b"]);
        assert_eq!(listed(Some("/")), listed(None));
        assert_eq!(listed(Some("/a")), ["/a/b/x", "/a/c"]);
        assert_eq!(listed(Some("/b")), ["/b"]);
        assert_eq!(listed(Some("/none")), [""; 0]);

        let create = |text| home.create_stream(&path(text), &attributes()).unwrap_err();
        assert!(matches!(create("/b"), StoreError::StreamExists { .. }));
        assert!(matches!(create("/b/x/y"), StoreError::InsideStream { .. }));
        assert!(create("/b/x/y").to_string().contains("inside stream `/b`"));
        assert!(matches!(create("/a"), StoreError::NameTaken { .. }));
        let error = home.stream(&path("/b/x")).unwrap_err();
        assert!(matches!(error, StoreError::InsideStream { .. }));
        assert!(home.stream(&path("/a")).is_err());

        home.delete_stream(&path("/a/b/x")).unwrap();
        home.delete_stream(&path("/a/c")).unwrap();
        let error = home.delete_stream(&path("/a/c")).unwrap_err();
        assert!(matches!(error, StoreError::StreamNotFound { .. }));
        assert_eq!(listed(None), ["/a-b", "/b"]);
        // `/a/b` is an empty directory now.
        home.create_stream(&path("/a/b"), &attributes()).unwrap();
        assert_eq!(damage(home), []);
    });
}

#[test]
fn topics_are_created_listed_and_deleted() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let options = TopicOptions {
            partitions: Some(3),
            timestamp_type: Some(TimestampType::LogAppendTime),
        };
        let topic = stream.create_topic(&name("b"), options).unwrap();
        assert_eq!((topic.partitions(), topic.object().created_ms), (3, NOW));
        stream.create_topic(&name("a"), TopicOptions::default()).unwrap();
        assert_eq!(topic_names(&stream), ["a", "b"]);
        let error = stream.create_topic(&name("a"), TopicOptions::default()).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::AlreadyExists);
        let options = TopicOptions { partitions: Some(4097), timestamp_type: None };
        let error = stream.create_topic(&name("c"), options).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Usage);
        let error = topic.writer(3).unwrap_err();
        assert!(error.to_string().contains("no partition 3 in topic `b`"), "{error}");

        // Another handle, as another process would have it.
        let other = home.stream(&path("/s")).unwrap();
        assert_eq!(other.topic(&name("b")).unwrap().object(), topic.object());
        other.delete_topic(&name("b")).unwrap();
        let error = stream.topic(&name("b")).unwrap_err();
        assert!(matches!(error, StoreError::TopicNotFound { .. }));
        assert!(matches!(topic.refreshed(), Err(StoreError::TopicGone { .. })));
        assert_eq!(topic_names(&stream), ["a"]);
        let again = stream.topic_or_create(&name("b")).unwrap();
        assert_ne!(again.object().id, topic.object().id);
        assert_eq!(findings(home), []);
    });
}

#[test]
fn what_is_written_is_read_counted_and_summed_up() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let options = TopicOptions { partitions: Some(2), timestamp_type: None };
        let topic = stream.create_topic(&name("t"), options).unwrap();
        assert_eq!(values(&topic, 1), [""; 0]);
        let mut reader = topic.reader(1).unwrap();
        for n in 0..5 {
            assert_eq!(produce(&topic, 1, &format!("v{n}")).unwrap(), n);
        }
        assert_eq!(values(&topic, 1), ["v0", "v1", "v2", "v3", "v4"]);
        assert_eq!(values(&topic, 0), [""; 0]);
        // A reader that was there before the partition was.
        reader.seek(3).unwrap();
        assert_eq!((reader.offset(), reader.end_offset().unwrap()), (3, 5));
        let error = reader.seek(6).unwrap_err();
        assert!(
            matches!(error, StoreError::Log(LogError::OffsetOutOfRange { wanted: 6, end: 5, .. })),
            "{error:?}"
        );
        let mut writer = topic.writer(1).unwrap();
        let text = "x".repeat(10_000);
        writer.append(&mut [batch(&[&text], NOW + 9, Compression::Gzip)]).unwrap();

        let partitions = stream.partitions(&name("t")).unwrap();
        assert_eq!(partitions.len(), 2);
        assert_eq!((partitions[0].physical_bytes, partitions[0].end_offset), (0, 0));
        let one = &partitions[1];
        assert_eq!((one.start_offset, one.end_offset), (0, 6));
        assert_eq!((one.min_timestamp, one.max_timestamp), (Some(NOW), Some(NOW + 9)));
        assert!(one.logical_bytes > 10_000 && one.physical_bytes < 1_000, "{one:?}");
        let topics = stream.topics().unwrap();
        assert_eq!(topics[0].logical_bytes, one.logical_bytes);
        assert_eq!(topics[0].physical_bytes, one.physical_bytes);
        let info = stream.info().unwrap();
        assert_eq!((info.topics, info.logical_bytes), (1, one.logical_bytes));
        assert!(info.physical_bytes > one.physical_bytes);
        let totals = home.check(Some(&path("/s")), &mut |finding| panic!("{finding:?}")).unwrap();
        assert_eq!((totals.topics, totals.partitions, totals.damaged), (1, 3, 0));
    });
}

#[test]
fn the_log_append_time_is_that_of_the_clock() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let options =
            TopicOptions { partitions: None, timestamp_type: Some(TimestampType::LogAppendTime) };
        let topic = stream.create_topic(&name("t"), options).unwrap();
        let mut writer = topic.writer(0).unwrap();
        writer.append(&mut [batch(&["x"], 5, Compression::None)]).unwrap();
        let summary = topic.partition_summary(0).unwrap();
        assert_eq!((summary.min_timestamp, summary.max_timestamp), (Some(NOW), Some(NOW)));
    });
}

#[test]
fn a_topic_deleted_and_made_again_takes_nothing_from_old_writers() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let old = stream.topic_or_create(&name("t")).unwrap();
        let mut writer = old.writer(0).unwrap();
        writer.append(&mut [batch(&["old"], NOW, Compression::None)]).unwrap();
        let mut reader = old.reader(0).unwrap();
        let other = home.stream(&path("/s")).unwrap();
        other.delete_topic(&name("t")).unwrap();
        let new = other.topic_or_create(&name("t")).unwrap();
        produce(&new, 0, "new").unwrap();

        let failure = writer.append(&mut [batch(&["late"], NOW, Compression::None)]).unwrap_err();
        assert!(matches!(failure.error, StoreError::TopicGone { .. }), "{failure:?}");
        assert!(failure.stored.is_none());
        assert_eq!(values(&new, 0), ["new"]);
        let mut run = crate::log::BatchRun::default();
        let mut steps = 0;
        while !matches!(reader.read(&mut run, 1 << 16).unwrap(), Step::Gone) {
            steps += 1;
            assert!(steps < 5);
        }
    });
}

#[test]
fn a_deleted_stream_ends_its_writers() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let topic = stream.topic_or_create(&name("t")).unwrap();
        let mut writer = topic.writer(0).unwrap();
        writer.append(&mut [batch(&["old"], NOW, Compression::None)]).unwrap();
        home.delete_stream(&path("/s")).unwrap();
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let failure = writer.append(&mut [batch(&["late"], NOW, Compression::None)]).unwrap_err();
        assert_eq!(failure.error.kind(), StoreErrorKind::NotFound, "{failure:?}");
        let error = stream.create_topic(&name("x"), TopicOptions::default()).unwrap_err();
        assert!(matches!(error, StoreError::StreamGone { .. }), "{error:?}");
        assert!(stream.topic(&name("t")).is_err());
        assert_eq!(topic_names(&home.stream(&path("/s")).unwrap()), [""; 0]);
        assert_eq!(findings(home), []);
    });
}

#[test]
fn autocreate_off_is_obeyed() {
    on_both(|home| {
        let mut attributes = attributes();
        attributes.autocreate = false;
        attributes.default_partitions = 7;
        home.create_stream(&path("/s"), &attributes).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let error = stream.topic_or_create(&name("t")).unwrap_err();
        assert!(matches!(error, StoreError::AutocreateOff { .. }));
        let topic = stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
        assert_eq!(topic.partitions(), 7);
    });
}

#[test]
fn the_gate_is_waited_for_and_its_holder_named() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let mut impatient = context();
    impatient.lock_wait = Duration::from_millis(30);
    let impatient = Home::open(Arc::new(RealDisk), place.path(), impatient).unwrap();
    let gate = fs::File::options().write(true).open(place.path().join("s/gate.lock")).unwrap();
    gate.lock().unwrap();
    let stream = impatient.stream(&path("/s")).unwrap();
    let error = stream.create_topic(&name("t"), TopicOptions::default()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    let expected = format!("by process {}; gave up after 30 ms", std::process::id());
    assert!(error.to_string().contains(&expected), "{error}");

    let patient = thread::spawn(move || {
        let stream = home.stream(&path("/s")).unwrap();
        stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
    });
    thread::sleep(Duration::from_millis(50));
    gate.unlock().unwrap();
    patient.join().unwrap();
    // The one that gave up does not keep the gate when it gets it at last.
    stream.create_topic(&name("u"), TopicOptions::default()).unwrap();
    assert_eq!(topic_names(&stream), ["t", "u"]);
}

#[test]
fn many_threads_create_many_topics_and_none_twice() {
    let place = tempfile::tempdir().unwrap();
    real(place.path()).create_stream(&path("/s"), &attributes()).unwrap();
    let made: usize = thread::scope(|scope| {
        let makers: Vec<_> = (0..4)
            .map(|maker| {
                let home = real(place.path());
                scope.spawn(move || {
                    let stream = home.stream(&path("/s")).unwrap();
                    let mut made = 0;
                    for n in 0..25 {
                        let shared = name(&format!("shared-{n}"));
                        match stream.create_topic(&shared, TopicOptions::default()) {
                            Ok(_) => made += 1,
                            Err(StoreError::TopicExists { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                        let own = name(&format!("own-{maker}-{n}"));
                        stream.create_topic(&own, TopicOptions::default()).unwrap();
                        made += 1;
                    }
                    made
                })
            })
            .collect();
        makers.into_iter().map(|maker| maker.join().unwrap()).sum()
    });
    assert_eq!(made, 125);
    assert_eq!(topic_names(&real(place.path()).stream(&path("/s")).unwrap()).len(), 125);
    assert_eq!(findings(&real(place.path())), []);
}

#[test]
fn no_record_is_acknowledged_into_a_topic_that_was_deleted_before() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let rounds = 30;
    let stop = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        let producers: Vec<_> = (0..3)
            .map(|producer| {
                let (home, stop) = (real(place.path()), &stop);
                scope.spawn(move || {
                    let stream = home.stream(&path("/s")).unwrap();
                    let mut acked = Vec::new();
                    let mut n = 0;
                    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                        let topic = match stream.topic_or_create(&name("t")) {
                            Ok(topic) => topic,
                            Err(
                                StoreError::TopicGone { .. } | StoreError::TopicNotFound { .. },
                            ) => {
                                continue;
                            }
                            Err(error) => panic!("{error}"),
                        };
                        let mut writer = topic.writer(0).unwrap();
                        loop {
                            let value = format!("{producer}-{n}");
                            let mut batches = [batch(&[&value], NOW, Compression::None)];
                            match writer.append(&mut batches) {
                                Ok(_) => acked.push((topic.object().id, value)),
                                Err(failure) => {
                                    let gone =
                                        matches!(failure.error, StoreError::TopicGone { .. });
                                    assert!(gone, "{failure:?}");
                                    break;
                                }
                            }
                            n += 1;
                            if stop.load(std::sync::atomic::Ordering::Relaxed) {
                                break;
                            }
                        }
                    }
                    acked
                })
            })
            .collect();
        let stream = home.stream(&path("/s")).unwrap();
        for _ in 0..rounds {
            thread::sleep(Duration::from_millis(5));
            stream.topic_or_create(&name("t")).unwrap();
            stream.delete_topic(&name("t")).unwrap();
        }
        let last = stream.topic_or_create(&name("t")).unwrap();
        thread::sleep(Duration::from_millis(20));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let acked: Vec<_> =
            producers.into_iter().flat_map(|producer| producer.join().unwrap()).collect();
        let mut expected: Vec<String> = acked
            .into_iter()
            .filter(|(id, _)| *id == last.object().id)
            .map(|(_, value)| value)
            .collect();
        let mut found = values(&last, 0);
        expected.sort();
        found.sort();
        assert_eq!(found, expected);
        assert!(!found.is_empty());
    });
    assert_eq!(damage(&home), []);
}

#[test]
fn what_is_no_store_is_named() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "text").unwrap();
    let error = Home::open(Arc::new(RealDisk), &file, context()).unwrap_err();
    assert!(error.to_string().contains("is not a directory, so it cannot be a store"), "{error}");

    let home = real(place.path());
    let error = home.create_stream(&path("/file"), &attributes()).unwrap_err();
    assert!(matches!(error, StoreError::NameTaken { by: "a file", .. }), "{error:?}");
    let error = home.create_stream(&path("/file/s"), &attributes()).unwrap_err();
    assert!(matches!(error, StoreError::NameTaken { .. }), "{error:?}");
    assert!(matches!(home.stream(&path("/file/s")), Err(StoreError::StreamNotFound { .. })));

    // A link out of the store is not followed.
    let outside = tempfile::tempdir().unwrap();
    real(outside.path()).create_stream(&path("/s"), &attributes()).unwrap();
    symlink(outside.path(), place.path().join("link")).unwrap();
    assert!(matches!(home.stream(&path("/link/s")), Err(StoreError::StreamNotFound { .. })));
    assert_eq!(home.streams(None).unwrap(), []);

    fs::create_dir(place.path().join("half")).unwrap();
    fs::write(place.path().join("half/gate.lock"), "").unwrap();
    let error = home.stream(&path("/half")).unwrap_err();
    assert!(matches!(error, StoreError::NotAStore { .. }), "{error:?}");
}

#[test]
fn a_stream_of_a_newer_program_is_refused_by_name() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let log = stream.shared().catalogue().meta().log().clone();
        let json = r#"{"format":99,"record":"from the future"}"#;
        let mut appender = log.appender().unwrap();
        let newer = &mut [batch(&[json], NOW, Compression::None)];
        appender.append(newer, 1, crate::log::AppendTime::Create).unwrap();
        for outcome in [
            home.stream(&path("/s")).map(drop),
            stream.topic(&name("t")).map(drop),
            stream.create_topic(&name("t"), TopicOptions::default()).map(drop),
        ] {
            let error = outcome.unwrap_err();
            assert!(matches!(error, StoreError::NewerFormat { .. }), "{error:?}");
            assert!(error.to_string().contains("written by a newer program"));
        }
    });
}

#[test]
fn a_store_that_cannot_be_written_can_be_read() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let topic = home.stream(&path("/s")).unwrap().topic_or_create(&name("t")).unwrap();
    produce(&topic, 0, "x").unwrap();
    disk.read_only(true);
    let stream = home.stream(&path("/s")).unwrap();
    assert_eq!(topic_names(&stream), ["t"]);
    assert_eq!(values(&stream.topic(&name("t")).unwrap(), 0), ["x"]);
    assert!(stream.create_topic(&name("u"), TopicOptions::default()).is_err());

    let place = tempfile::tempdir().unwrap();
    real(place.path()).create_stream(&path("/s"), &attributes()).unwrap();
    let dir = place.path().join("s");
    let mode = |mode| fs::set_permissions(&dir, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o500);
    assert_eq!(topic_names(&real(place.path()).stream(&path("/s")).unwrap()), [""; 0]);
    mode(0o700);
}

#[test]
fn a_failed_sync_of_meta_makes_the_stream_read_only() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    disk.fail_next_sync("meta/0/00000000000000000000.log");
    for _ in 0..2 {
        let error = stream.create_topic(&name("t"), TopicOptions::default()).unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    }
    assert!(matches!(
        home.stream(&path("/s")).unwrap().create_topic(&name("u"), TopicOptions::default()),
        Err(StoreError::ReadOnly { .. })
    ));
}

#[test]
fn a_copied_stream_begins_an_epoch() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let topic = home.stream(&path("/s")).unwrap().topic_or_create(&name("t")).unwrap();
    produce(&topic, 0, "before").unwrap();
    let copied = std::process::Command::new("cp")
        .args(["-a", "s", "c"])
        .current_dir(place.path())
        .status()
        .unwrap();
    assert!(copied.success());
    let copy = home.stream(&path("/c")).unwrap().topic(&name("t")).unwrap();
    produce(&copy, 0, "after").unwrap();
    assert_eq!(values(&copy, 0), ["before", "after"]);
    assert_eq!(values(&topic, 0), ["before"]);
    let epoch =
        |topic: &crate::store::Topic| topic.reader(0).unwrap().end().unwrap().unwrap().epoch;
    assert_eq!((epoch(&topic), epoch(&copy)), (1, 2));
    assert_eq!(damage(&home), []);
}

#[test]
fn meta_goes_on_in_new_segments_that_begin_with_a_snapshot() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let opened = home.stream(&path("/s")).unwrap();
        let shared = opened.shared();
        let stream = crate::store::Stream::open_with(
            home,
            &path("/s"),
            shared.parent.clone(),
            shared.dir.clone(),
            8 << 10,
        )
        .unwrap();
        for round in 0..40 {
            stream.create_topic(&name("kept"), TopicOptions::default()).ok();
            let text = format!("t{round}");
            stream.create_topic(&name(&text), TopicOptions::default()).unwrap();
            stream.delete_topic(&name(&text)).unwrap();
        }
        let log = shared.catalogue().meta().log().clone();
        let segments = log.segments().unwrap();
        assert!(segments.len() >= 3, "{segments:?}");
        let read = shared.catalogue().meta().read_all().unwrap();
        assert!(read.records[0].at.segment_base >= segments[segments.len() - 2].base);
        assert_eq!(topic_names(&home.stream(&path("/s")).unwrap()), ["kept"]);
        assert_eq!(findings(home), []);
    });
}

#[test]
fn a_segment_spans_a_quarter_of_the_time_to_live_once_it_is_of_some_size() {
    on_both(|home| {
        let attributes = crate::catalog::StreamAttributes { ttl_s: 4000, ..attributes() };
        home.create_stream(&path("/s"), &attributes).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
        let topic = stream.topic(&name("t")).unwrap();
        let mut writer = topic.writer(0).unwrap();
        let large = "x".repeat(600_000);
        // Milliseconds after the first batch; only the last finds a segment both old and large.
        for after_ms in [0, 1_000_001, 900_000, 1_000_000, 1_000_001] {
            let mut batches = [batch(&[&large], NOW + after_ms, Compression::None)];
            writer.append(&mut batches).unwrap();
        }
        let log = topic.reader(0).unwrap().log().unwrap().clone();
        let bases: Vec<i64> = log.segments().unwrap().iter().map(|segment| segment.base).collect();
        assert_eq!(bases, [0, 4]);
    });
}
