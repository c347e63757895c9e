//! Millions of commits, and a log of cursors that does not grow with them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use streampath::access::Caller;
use streampath::catalog::{CursorId, StreamAttributes};
use streampath::fs::RealDisk;
use streampath::path::{StreamPath, TopicName};
use streampath::store::{Commit, CommitSync, Context, CursorFilter, Home, TopicOptions};
use streampath::time::SystemClock;

use crate::world::World;

/// How large the log may be at any time. Bytes.
const BYTES_MAX: u64 = 4 << 20;
/// Cursors that are committed in turn: of so many groups, in so many partitions each.
const GROUPS: u32 = 16;
const PARTITIONS: u32 = 16;
/// The log is measured after so many commits, which take about as many bytes as a block of a disk.
const MEASURED_EVERY: u64 = 16;

/// How many commits are made: `STREAMPATH_COMMITS`, or a few seconds' worth.
fn count() -> u64 {
    match std::env::var("STREAMPATH_COMMITS") {
        Ok(text) => text.parse().expect("STREAMPATH_COMMITS is a number"),
        Err(_) => 50_000,
    }
}

/// Each commit is of one cursor and an append of its own, as with `--commit-each`.
#[test]
fn any_number_of_commits_leaves_a_small_log() {
    let world = World::new();
    let me = Caller::new("tester", rustix::process::geteuid().as_raw());
    let context = Context {
        clock: Arc::new(SystemClock),
        caller: me.clone(),
        accounts: Arc::default(),
        command: "a test".to_owned(),
        lock_wait: Duration::from_secs(60),
        allow_network: true,
    };
    let home = Home::open(Arc::new(RealDisk), world.store(), context).unwrap();
    let path = StreamPath::parse("/s").unwrap();
    home.create_stream(&path, &StreamAttributes::created_by(&me)).unwrap();
    let stream = home.stream(&path).unwrap();
    let options = TopicOptions { partitions: Some(PARTITIONS), ..TopicOptions::default() };
    let topic = stream.create_topic(&TopicName::parse("t").unwrap(), options).unwrap();
    let mut commits: Vec<Commit> = (0..GROUPS * PARTITIONS)
        .map(|number| Commit {
            id: CursorId {
                group: format!("group-{}", number / PARTITIONS),
                topic_id: topic.object().id,
                partition: number % PARTITIONS,
            },
            topic: topic.name().clone(),
            offset: 0,
            epoch: 1,
            metadata: String::new(),
        })
        .collect();
    let log = world.store().join("s/cursors/0");
    let size = || -> u64 {
        let files = std::fs::read_dir(&log).unwrap();
        // A segment may be removed while it is looked at.
        files.filter_map(|file| Some(file.ok()?.metadata().ok()?.len())).sum()
    };
    let count = count();
    let mut cursors = stream.cursors().unwrap();
    let mut biggest = 0;
    let begun = Instant::now();
    for number in 0..count {
        let turn = usize::try_from(number % u64::from(GROUPS * PARTITIONS)).unwrap();
        let commit = &mut commits[turn];
        commit.offset = i64::try_from(number).unwrap();
        cursors.commit(std::slice::from_ref(commit), CommitSync::Soon).unwrap();
        if number % MEASURED_EVERY == 0 {
            biggest = biggest.max(size());
        }
    }
    cursors.close().unwrap();
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{count} commits of {} cursors in {took:.1} s, {:.0} a second; the log took {biggest} bytes \
         at most and {} in the end",
        commits.len(),
        count as f64 / took,
        size()
    );
    assert!(biggest < BYTES_MAX, "{biggest}");
    let found = stream.cursors().unwrap().list(&CursorFilter::default());
    let expected: Vec<i64> = commits.iter().map(|commit| commit.offset).collect();
    let mut offsets: Vec<i64> = found.iter().map(|(_, cursor)| cursor.offset).collect();
    offsets.sort_unstable();
    let mut sorted = expected;
    sorted.sort_unstable();
    assert_eq!(offsets, sorted);
}
