//! Members of a group: where they start, what they commit, and how they share.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::assign::Assignor;
use super::{GroupConfig, GroupError, GroupNews, Membership, Place, Read, Reset, Timing, Wanted};
use crate::access::Caller;
use crate::catalog::StreamAttributes;
use crate::fs::{RealDisk, Watcher};
use crate::path::{StreamPath, TopicName};
use crate::record::{BatchEncoder, Compression, NewRecord};
use crate::store::{
    Context, CursorFilter, Fencing, Home, StoreError, Stream, Topic, TopicEdit, TopicOptions,
};
use crate::time::{FixedClock, TimestampMs};

const NOW: i64 = 1_700_000_000_000;

struct World {
    stream: Stream,
    topic: Topic,
    wanted: Wanted,
    waker: RefCell<Watcher>,
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
        let wanted = Wanted::Topic(topic.clone());
        Self { stream, topic, wanted, waker: RefCell::default(), _dir: dir }
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
        self.join_for(reset, Timing::default())
    }

    fn join_for(&self, reset: Reset, timing: Timing) -> Result<Membership, GroupError> {
        let config = GroupConfig {
            group: "g".to_owned(),
            client: "test".to_owned(),
            instance: None,
            pid: std::process::id(),
            reset,
            now: NOW,
            timing,
            assignors: vec![Assignor::Range],
        };
        let waker = self.waker.borrow_mut().waker().unwrap();
        Membership::join(&self.stream, self.wanted.clone(), config, waker)
    }

    /// Lets each member do what the group asks for until that is nothing.
    fn settle(&self, members: &mut [&mut Membership]) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !members.iter().all(|member| member.is_settled() && !member.has_changed()) {
            assert!(Instant::now() < deadline, "{members:?}");
            for member in members.iter_mut().filter(|member| member.has_changed()) {
                let lost = member.losing().unwrap();
                member.settle(&lost, &[]).unwrap();
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn at(&self, partition: u32) -> Place {
        (self.topic.object().id, partition)
    }

    fn read(&self, partition: u32, offset: i64, epoch: i32) -> Read {
        Read { place: self.at(partition), offset, epoch }
    }

    fn committed(&self) -> Vec<(u32, i64)> {
        let filter = CursorFilter { group: Some("g".to_owned()), ..CursorFilter::default() };
        let cursors = self.stream.cursors().unwrap().list(&filter);
        cursors.into_iter().map(|(id, cursor)| (id.partition, cursor.offset)).collect()
    }
}

#[test]
fn a_member_begins_where_the_last_one_ended() {
    let world = World::new();
    world.append(0, 10);
    let mut membership = world.join(Reset::Earliest).unwrap();
    assert_eq!((membership.cursor(world.at(0)), membership.cursor(world.at(1))), (None, None));
    assert_eq!(membership.reset(), Reset::Earliest);
    membership.commit([world.read(0, 4, 1), world.read(1, 0, -1)]).unwrap();
    assert!(!membership.is_new(world.at(0), 4) && membership.is_new(world.at(0), 5));
    membership.commit([world.read(0, 7, -1), world.read(1, 0, -1)]).unwrap();
    membership.leave(&[]).unwrap();
    let mut membership = world.join(Reset::Earliest).unwrap();
    assert_eq!(
        (membership.cursor(world.at(0)), membership.cursor(world.at(1))),
        (Some(7), Some(0))
    );
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
    membership.commit([world.read(0, 40, 1)]).unwrap();
    membership.leave(&[]).unwrap();
    let mut membership = world.join(Reset::Earliest).unwrap();
    assert_eq!(membership.cursor(world.at(0)), Some(10));
    let news = membership.take_news();
    assert_eq!(news, [GroupNews::WentBack { topic: None, partition: 0, from: 40, to: 10 }]);
    let text = news[0].to_string();
    assert!(text.ends_with("reading goes on at offset 10"), "{text}");
}

#[test]
fn two_members_share_and_the_one_that_leaves_hands_over_with_its_cursor() {
    let world = World::new();
    world.append(0, 10);
    let mut first = world.join(Reset::Earliest).unwrap();
    assert_eq!(*first.owned(), [world.at(0), world.at(1)].into());
    let mut second = world.join(Reset::Earliest).unwrap();
    assert_eq!(*second.owned(), [].into(), "the other one still reads them");
    assert!(!second.is_settled());
    first.commit([world.read(0, 2, -1)]).unwrap();
    world.settle(&mut [&mut first, &mut second]);
    let (owner, other) = if first.owned().contains(&world.at(0)) {
        (first, &mut second)
    } else {
        (second, &mut first)
    };
    assert_eq!((owner.owned().len(), other.owned().len()), (1, 1));
    assert_eq!(owner.leave(&[world.read(0, 7, -1)]).unwrap().len(), 1);
    let deadline = Instant::now() + Duration::from_secs(60);
    while *other.owned() != [world.at(0), world.at(1)].into() {
        assert!(Instant::now() < deadline, "{:?}", other.owned());
        world.settle(&mut [&mut *other]);
    }
    assert_eq!(other.cursor(world.at(0)), Some(7));
    assert_eq!(world.committed(), [(0, 7)]);
}

#[test]
fn a_partition_that_was_given_up_is_committed_by_its_new_owner_only() {
    let world = World::new();
    world.append(0, 10);
    world.append(1, 10);
    let mut first = world.join(Reset::Earliest).unwrap();
    let mut second = world.join(Reset::Earliest).unwrap();
    world.settle(&mut [&mut first, &mut second]);
    let lost = second.owned().first().unwrap().1;
    let error = first.commit([world.read(lost, 5, -1)]).unwrap_err();
    let fenced = |error: &GroupError| match error {
        GroupError::Store(StoreError::Fenced { why, .. }) => Some(why.clone()),
        _ => None,
    };
    assert!(matches!(fenced(&error), Some(Fencing::NotOwned { .. })), "{error}");
    second.commit([world.read(lost, 6, -1)]).unwrap();
    assert_eq!(world.committed(), [(lost, 6)]);
}

#[test]
fn who_does_not_ask_for_records_leaves() {
    let world = World::new();
    let timing =
        Timing { session_timeout_ms: 60, heartbeat_interval_ms: 5, max_poll_interval_ms: 30 };
    let mut slow = world.join_for(Reset::Earliest, timing).unwrap();
    slow.waits();
    let mut other = world.join_for(Reset::Earliest, timing).unwrap();
    other.waits();
    world.settle(&mut [&mut slow, &mut other]);
    slow.polled();
    let deadline = Instant::now() + Duration::from_secs(60);
    let error = loop {
        match slow.losing() {
            Ok(_) => thread::sleep(Duration::from_millis(1)),
            Err(error) => break error,
        }
        assert!(Instant::now() < deadline);
    };
    assert!(error.to_string().ends_with("for 30 ms (max.poll.interval.ms)"), "{error}");
    assert!(slow.proof().verify().is_err());
    while *other.owned() != [world.at(0), world.at(1)].into() {
        assert!(Instant::now() < deadline, "{:?}", other.owned());
        world.settle(&mut [&mut other]);
    }
    assert!(slow.leave(&[]).is_err());
}

#[test]
fn partitions_that_are_added_are_shared_too() {
    let world = World::new();
    let timing = Timing { heartbeat_interval_ms: 5, ..Timing::default() };
    let mut first = world.join_for(Reset::Earliest, timing).unwrap();
    let mut second = world.join_for(Reset::Earliest, timing).unwrap();
    world.settle(&mut [&mut first, &mut second]);
    let edit = TopicEdit { partitions: Some(5), timestamp_type: None };
    world.stream.edit_topic(world.topic.name(), edit).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while first.owned().len() + second.owned().len() < 5 {
        assert!(Instant::now() < deadline);
        world.settle(&mut [&mut first, &mut second]);
    }
    assert_eq!(first.owned().len().max(second.owned().len()), 3);
}

#[test]
fn without_a_cursor_and_a_place_to_start_there_is_nothing_to_do() {
    let world = World::new();
    let error = world.join(Reset::None).unwrap_err();
    assert_eq!(error.to_string(), "group `g` has no cursor in partition 0 of topic `t`");
    assert_eq!(world.stream.members().unwrap(), [], "it has left");
    let mut membership = world.join(Reset::Latest).unwrap();
    membership.commit([world.read(0, 0, -1), world.read(1, 0, -1)]).unwrap();
    membership.leave(&[]).unwrap();
    world.join(Reset::None).unwrap().leave(&[]).unwrap();
}
