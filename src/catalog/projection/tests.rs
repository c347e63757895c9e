//! The index after each kind of record, and every kind of file that is not one.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

use crate::access::Caller;
use crate::catalog::{
    Applied, Change, EpochObject, Identity, IndexError, IndexPoint, LogPosition, MetaRecord,
    ObjectId, Operation, Projection, RecordPosition, SnapshotItem, StreamAttributes, StreamKind,
    TopicObject,
};
use crate::path::TopicName;

fn topic(name: &str) -> TopicObject {
    TopicObject {
        id: ObjectId::random(),
        name: TopicName::parse(name).unwrap(),
        partitions: 3,
        timestamp_type: None,
        created_ms: 7,
    }
}

fn operation(change: Change) -> MetaRecord {
    MetaRecord::Operation(Operation {
        operation_id: ObjectId::random(),
        time_ms: 1,
        user: "u".to_owned(),
        command: "test".to_owned(),
        change,
    })
}

fn created(topic: &TopicObject) -> MetaRecord {
    operation(Change::Topic { before: None, after: Some(topic.clone()) })
}

fn deleted(topic: &TopicObject) -> MetaRecord {
    operation(Change::Topic { before: Some(topic.clone()), after: None })
}

fn at(offset: i64) -> RecordPosition {
    RecordPosition {
        segment_base: 0,
        position_bytes: 100 * offset.cast_unsigned(),
        batch_crc: u32::MAX - u32::try_from(offset).unwrap(),
        offset,
    }
}

fn end(stream_id: ObjectId, next_offset: i64) -> LogPosition {
    LogPosition { stream_id, segment_base: 0, position_bytes: 9, batch_crc: u32::MAX, next_offset }
}

fn identity() -> Identity {
    Identity {
        stream_id: ObjectId::random(),
        kind: StreamKind::Stream,
        file_mode: 0o600,
        dir_mode: 0o700,
    }
}

fn apply(index: &mut Projection, records: Vec<MetaRecord>) {
    let records: Vec<Applied> = records
        .into_iter()
        .zip(0..)
        .map(|(record, offset)| Applied { at: at(offset), record })
        .collect();
    index.apply(&records, &end(ObjectId::random(), 9)).unwrap();
}

fn name(text: &str) -> TopicName {
    TopicName::parse(text).unwrap()
}

#[test]
fn the_state_is_that_of_the_last_record_of_each_object() {
    let mut index = Projection::in_memory().unwrap();
    assert_eq!(index.stream().unwrap(), None);
    assert_eq!(index.epoch().unwrap(), None);
    assert_eq!(index.meta_position().unwrap(), None);
    let (identity, mut attributes) =
        (identity(), StreamAttributes::created_by(&Caller::new("mapr", 1000)));
    let (a, b) = (topic("a"), topic("b"));
    let epoch = EpochObject {
        epoch: 4,
        boot_id: Some(ObjectId::random()),
        device: u64::MAX,
        inode: 1 << 63,
    };
    attributes.ttl_s = 1;
    apply(
        &mut index,
        vec![
            MetaRecord::Identity(identity.clone()),
            operation(Change::Stream {
                before: None,
                after: Some(Box::new(StreamAttributes::created_by(&Caller::new("mapr", 1000)))),
            }),
            created(&b),
            created(&a),
            operation(Change::Epoch { before: None, after: epoch }),
            operation(Change::Stream { before: None, after: Some(Box::new(attributes.clone())) }),
        ],
    );
    let stream = index.stream().unwrap().unwrap();
    assert_eq!((stream.identity, stream.identity_at), (identity, at(0)));
    assert_eq!((stream.attributes, stream.at), (Some(attributes), Some(at(5))));
    let row = index.topic(&name("a")).unwrap().unwrap();
    assert_eq!((&row.topic, row.at), (&a, at(3)));
    assert_eq!(index.topic(&name("A")).unwrap(), None);
    let names: Vec<String> =
        index.topics().unwrap().into_iter().map(|row| row.topic.name.to_string()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(index.topic_count().unwrap(), 2);
    let row = index.epoch().unwrap().unwrap();
    assert_eq!((row.epoch, row.at), (epoch, at(4)));
    assert_eq!(index.meta_position().unwrap().unwrap().next_offset, 9);
}

#[test]
fn a_deleted_topic_leaves_its_name_free_and_its_deletion_known() {
    let mut index = Projection::in_memory().unwrap();
    let (first, second) = (topic("t"), topic("t"));
    apply(&mut index, vec![created(&first)]);
    index.add_points(first.id, 0, &[point(0, 0)]).unwrap();
    apply(&mut index, vec![deleted(&first)]);
    assert_eq!(index.topic(&name("t")).unwrap(), None);
    assert_eq!(index.last_point(first.id, 0).unwrap(), None);
    apply(&mut index, vec![created(&second)]);
    assert_eq!(index.topic(&name("t")).unwrap().unwrap().topic.id, second.id);
    let gone = index.deleted_topic(&first.id.short()).unwrap();
    assert_eq!(gone, [(first.id, name("t"), at(0))]);
    assert_eq!(index.deleted_topic(&second.id.short()).unwrap(), []);
}

#[test]
fn a_renamed_topic_leaves_its_old_name_and_a_deleted_stream_its_attributes() {
    let mut index = Projection::in_memory().unwrap();
    let before = topic("old");
    let after = TopicObject { name: name("new"), ..before.clone() };
    apply(
        &mut index,
        vec![
            MetaRecord::Identity(identity()),
            MetaRecord::Snapshot(SnapshotItem::Stream(Box::new(StreamAttributes::created_by(
                &Caller::new("u", 1000),
            )))),
            created(&before),
            operation(Change::Topic { before: Some(before), after: Some(after.clone()) }),
        ],
    );
    assert_eq!(index.topic(&name("old")).unwrap(), None);
    assert_eq!(index.topic(&name("new")).unwrap().unwrap().topic, after);
    assert!(index.stream().unwrap().unwrap().attributes.is_some());
    let gone = Change::Stream {
        before: Some(Box::new(StreamAttributes::created_by(&Caller::new("u", 1000)))),
        after: None,
    };
    apply(&mut index, vec![operation(gone)]);
    assert_eq!(index.stream().unwrap().unwrap().attributes, None);
}

fn point(base_offset: i64, max_timestamp: i64) -> IndexPoint {
    IndexPoint {
        base_offset,
        segment_base: 0,
        position_bytes: 7,
        batch_crc: u32::MAX,
        max_timestamp,
        logical_bytes: u64::MAX,
    }
}

#[test]
fn points_of_other_partitions_and_topics_are_not_found() {
    let mut index = Projection::in_memory().unwrap();
    let id = ObjectId::random();
    index.add_points(id, 1, &[point(10, 5), point(20, 6)]).unwrap();
    assert_eq!(index.point_at_or_below(id, 1, 9).unwrap(), None);
    assert_eq!(index.point_at_or_below(id, 1, 10).unwrap(), Some(point(10, 5)));
    assert_eq!(index.point_at_or_below(id, 1, 19).unwrap(), Some(point(10, 5)));
    assert_eq!(index.last_point(id, 1).unwrap(), Some(point(20, 6)));
    assert_eq!(index.last_point(id, 0).unwrap(), None);
    assert_eq!(index.last_point(ObjectId::random(), 1).unwrap(), None);
    index.add_points(id, 0, &[point(1, 1)]).unwrap();
    index.forget_points_from(id, 1, 20).unwrap();
    assert_eq!(index.last_point(id, 1).unwrap(), Some(point(10, 5)));
    index.forget_topic_points(id).unwrap();
    assert_eq!(index.last_point(id, 0).unwrap(), None);
}

#[test]
fn a_changed_point_is_noticed() {
    let mut index = Projection::in_memory().unwrap();
    let id = ObjectId::random();
    index.add_points(id, 0, &[point(10, 5)]).unwrap();
    index.connection.execute("UPDATE point SET max_timestamp = 6", []).unwrap();
    let error = index.last_point(id, 0).unwrap_err();
    assert!(matches!(error, IndexError::DamagedRow { table: "point" }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_search_by_time_finds_what_a_walk_finds(
        steps in proptest::collection::vec((1..50i64, 0..4i64), 0..40),
        wanted in -1..90i64,
    ) {
        let mut index = Projection::in_memory().unwrap();
        let id = ObjectId::random();
        let (mut offset, mut time) = (0, 0);
        let points: Vec<IndexPoint> = steps
            .iter()
            .map(|(more, later)| {
                offset += more;
                time += later;
                point(offset, time)
            })
            .collect();
        index.add_points(id, 0, &points).unwrap();
        let reaching = points.iter().position(|point| point.max_timestamp >= wanted);
        let before = match reaching {
            Some(place) => place.checked_sub(1).map(|place| points[place]),
            None => points.last().copied(),
        };
        let found = index.points_around_time(id, 0, wanted).unwrap();
        prop_assert_eq!(found, (before, reaching.map(|place| points[place])));
    }

    #[test]
    fn noise_in_a_file_is_an_error_or_other_rows_but_no_panic(
        place in any::<proptest::sample::Index>(),
        noise in any::<[u8; 16]>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = made(dir.path());
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len() - noise.len());
        bytes[place..place + noise.len()].copy_from_slice(&noise);
        fs::write(&path, bytes).unwrap();
        if let Ok(index) = opened(&path) {
            let _ = (index.stream(), index.epoch(), index.topics(), index.meta_position());
        }
    }
}

/// Makes an index file as `store` does and returns its path.
fn made(dir: &Path) -> PathBuf {
    let (temporary, path) = (dir.join("t"), dir.join("index.1.db"));
    let mut index = Projection::create(&temporary).unwrap();
    let topics: Vec<TopicObject> = (0..40).map(|n| topic(&format!("topic-{n}"))).collect();
    apply(&mut index, topics.iter().map(created).collect());
    let file = fs::metadata(&temporary).unwrap();
    index.finish(file.dev(), file.ino()).unwrap();
    fs::rename(&temporary, &path).unwrap();
    path
}

fn opened(path: &Path) -> Result<Projection, IndexError> {
    let file = fs::metadata(path).unwrap();
    Projection::open(path, file.dev(), file.ino())
}

#[test]
fn a_file_is_read_back_and_shared_by_two_connections() {
    let dir = tempfile::tempdir().unwrap();
    let path = made(dir.path());
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let (mut one, two) = (opened(&path).unwrap(), opened(&path).unwrap());
    assert_eq!(two.topic_count().unwrap(), 40);
    apply(&mut one, vec![created(&topic("more"))]);
    assert_eq!(two.topic_count().unwrap(), 41);
    let mode: String =
        one.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    let sync: i64 =
        one.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), sync), ("wal", 1));
}

#[test]
fn each_kind_of_wrong_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = made(dir.path());
    let bytes = fs::read(&path).unwrap();

    let copy = dir.path().join("index.2.db");
    fs::write(&copy, &bytes).unwrap();
    assert!(matches!(opened(&copy).unwrap_err(), IndexError::Replaced));

    fs::write(&path, [0x5a; 8192]).unwrap();
    assert!(matches!(opened(&path).unwrap_err(), IndexError::Damaged(_)));
    fs::write(&path, b"").unwrap();
    assert!(matches!(opened(&path).unwrap_err(), IndexError::Foreign { application_id: 0 }));
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let half = opened(&path).and_then(|index| index.topics().map(|topics| topics.len()));
    assert!(half.is_err(), "{half:?}");

    fs::write(&path, &bytes).unwrap();
    let index = opened(&path).unwrap();
    index.connection.pragma_update(None, "user_version", 99).unwrap();
    drop(index);
    let error = opened(&path).unwrap_err();
    assert!(matches!(error, IndexError::Version { found: 99, .. }), "{error:?}");

    let index = dir.path().join("missing");
    assert!(matches!(Projection::open(&index, 0, 0).unwrap_err(), IndexError::Failed(_)));
}

#[test]
fn a_name_that_looks_like_a_uri_is_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let odd = dir.path().join("file:x?mode=memory&a=%41");
    Projection::create(&odd).unwrap().finish(1, 2).unwrap();
    assert!(odd.exists());
}

#[test]
fn ten_thousand_topics_are_applied_and_listed_quickly() {
    let mut index = Projection::in_memory().unwrap();
    let records = (0..10_000).map(|n| created(&topic(&format!("t{n}")))).collect();
    let start = std::time::Instant::now();
    apply(&mut index, records);
    assert_eq!(index.topics().unwrap().len(), 10_000);
    assert!(start.elapsed().as_millis() < 2000, "{:?}", start.elapsed());
    println!("10,000 topics: {:?}", start.elapsed());
}
