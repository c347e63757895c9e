//! A group's only member: where it starts, what it commits, and whom it keeps out.

use std::sync::Arc;
use std::time::Duration;

use super::{GroupConfig, GroupError, GroupNews, Membership, Reset};
use crate::access::Caller;
use crate::catalog::StreamAttributes;
use crate::fs::RealDisk;
use crate::path::{StreamPath, TopicName};
use crate::record::{BatchEncoder, Compression, NewRecord};
use crate::store::{Context, Home, StoreError, Stream, Topic, TopicOptions};
use crate::time::{FixedClock, TimestampMs};

const NOW: i64 = 1_700_000_000_000;

struct World {
    stream: Stream,
    topic: Topic,
    _dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let context = Context {
            clock: Arc::new(FixedClock(TimestampMs(NOW))),
            caller: Caller::new("tester", 0),
            accounts: Arc::default(),
            command: "a test".to_owned(),
            lock_wait: Duration::from_secs(10),
            allow_network: false,
        };
        let home = Home::open(Arc::new(RealDisk), dir.path(), context).unwrap();
        let path = StreamPath::parse("/s").unwrap();
        home.create_stream(&path, &StreamAttributes::created_by(&Caller::new("tester", 0)))
            .unwrap();
        let stream = home.stream(&path).unwrap();
        let options = TopicOptions { partitions: Some(2), ..TopicOptions::default() };
        let topic = stream.create_topic(&TopicName::parse("t").unwrap(), options).unwrap();
        Self { stream, topic, _dir: dir }
    }

    fn append(&self, partition: u32, count: u32) {
        let mut encoder = BatchEncoder::default();
        for _ in 0..count {
            encoder.push(&NewRecord { timestamp: NOW, key: None, value: Some(b"x"), headers: &[] });
        }
        let mut batches = [encoder.finish(Compression::None)];
        self.topic.writer(partition).unwrap().append(&mut batches).unwrap();
    }

    fn join(&self, reset: Reset) -> Result<Membership, GroupError> {
        let config = GroupConfig {
            group: "g".to_owned(),
            client: "test".to_owned(),
            pid: std::process::id(),
            reset,
            now: NOW,
        };
        Membership::join(&self.stream, &self.topic, config)
    }
}

#[test]
fn a_member_begins_where_the_last_one_ended() {
    let world = World::new();
    world.append(0, 10);
    let mut membership = world.join(Reset::Earliest).unwrap();
    assert_eq!((membership.cursor(0), membership.cursor(1)), (None, None));
    assert_eq!(membership.reset(), Reset::Earliest);
    membership.commit([(0, 4, 1), (1, 0, -1)]).unwrap();
    assert!(!membership.is_new(0, 4) && membership.is_new(0, 5));
    membership.commit([(0, 7, -1), (1, 0, -1)]).unwrap();
    membership.leave().unwrap();
    let mut membership = world.join(Reset::Earliest).unwrap();
    assert_eq!((membership.cursor(0), membership.cursor(1)), (Some(7), Some(0)));
    assert_eq!(membership.take_news(), []);
    let cursors = world.stream.cursors().unwrap().fetch("g");
    let epochs: Vec<i32> = cursors.iter().map(|(_, cursor)| cursor.epoch).collect();
    assert_eq!(epochs, [1, -1], "looked up where it was not known");
}

#[test]
fn a_cursor_behind_the_end_is_told_and_set_back() {
    let world = World::new();
    world.append(0, 10);
    let mut membership = world.join(Reset::Earliest).unwrap();
    membership.commit([(0, 40, 1)]).unwrap();
    membership.leave().unwrap();
    let mut membership = world.join(Reset::Earliest).unwrap();
    assert_eq!(membership.cursor(0), Some(10));
    let news = membership.take_news();
    assert_eq!(news, [GroupNews::WentBack { partition: 0, from: 40, to: 10 }]);
    let text = news[0].to_string();
    assert!(text.ends_with("reading goes on at offset 10"), "{text}");
}

#[test]
fn a_second_member_is_refused_by_the_name_of_the_first() {
    let world = World::new();
    let first = world.join(Reset::Latest).unwrap();
    let error = world.join(Reset::Latest).unwrap_err();
    let pid = std::process::id();
    assert!(matches!(
        error,
        GroupError::Store(StoreError::GroupTaken { pid: Some(found), .. }) if found == pid
    ));
    assert_eq!(error.to_string(), format!("group `g` has a live member, process {pid}"));
    first.leave().unwrap();
    world.join(Reset::Latest).unwrap().leave().unwrap();
}

#[test]
fn without_a_cursor_and_a_place_to_start_there_is_nothing_to_do() {
    let world = World::new();
    let error = world.join(Reset::None).unwrap_err();
    assert_eq!(error.to_string(), "group `g` has no cursor in partition 0 of topic `t`");
    assert_eq!(world.stream.members().unwrap(), [], "it has left");
    let mut membership = world.join(Reset::Latest).unwrap();
    membership.commit([(0, 0, -1), (1, 0, -1)]).unwrap();
    membership.leave().unwrap();
    world.join(Reset::None).unwrap();
}
