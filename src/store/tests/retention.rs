//! How long cursors stay: clocks that go on, groups that are deleted, and what is left in the log.

use std::path::Path;
use std::sync::Arc;

use super::cursors::{SEGMENT_BYTES, commit, join, member, offsets, segments, small, topic};
use super::deaths::{Story, at_every_step, with_topic};
use super::world::{NOW, context, damage, name, path, simulated};
use crate::catalog::{
    Cursor, CursorRecord, GroupEpoch, GroupRecord, GroupSettings, GroupState, ObjectId,
    StreamAttributes,
};
use crate::fs::Disk;
use crate::fs::sim::SimDisk;
use crate::path::TopicName;
use crate::store::{
    Commit, CommitSync, Context, Cursors, GroupChange, Home, RuleFrom, StoreError, Stream,
};
use crate::time::{FixedClock, TimestampMs};

const MINUTE_MS: i64 = 60_000;
const WEEK_MS: i64 = 7 * 24 * 60 * MINUTE_MS;

/// The store as a process sees it so many milliseconds later.
fn later(disk: &SimDisk, ms: i64) -> Home {
    let context = Context { clock: Arc::new(FixedClock(TimestampMs(NOW + ms))), ..context() };
    let disk = Arc::new(disk.process()) as Arc<dyn Disk>;
    Home::open(disk, Path::new("/store"), context).unwrap()
}

fn stream(home: &Home) -> Stream {
    home.stream(&path("/a/s")).unwrap()
}

fn set(home: &Home, group: &str, settings: &GroupSettings) -> Result<(), StoreError> {
    let mut cursors = home.stream(&path("/a/s"))?.cursors()?;
    cursors.change_group(group, |_| {
        let records = vec![GroupRecord::Settings(group.to_owned(), settings.clone())];
        Ok(GroupChange { records, ..GroupChange::default() })
    })?;
    cursors.close()
}

fn minutes(minutes: i64) -> GroupSettings {
    GroupSettings { offsets_retention_minutes: Some(minutes), ..GroupSettings::default() }
}

fn commits(home: &Home, group: &str, partition: u32, offset: i64) -> Result<(), StoreError> {
    let mut cursors = small(home)?;
    cursors.commit(&[commit(group, &topic(home)?, partition, offset)], CommitSync::Now)?;
    cursors.close()
}

/// Edits the stream's time to live.
fn keep_messages(home: &Home, ttl_s: u64) {
    stream(home).edit(|attributes: &mut StreamAttributes| attributes.ttl_s = ttl_s).unwrap();
}

/// Whether anything of the group is in the log's bytes.
fn mentions(cursors: &Cursors, group: &str) -> bool {
    let log = cursors.shared.cursors_log();
    log.segments().unwrap().into_iter().any(|segment| {
        let file = log.segment_file(segment.base).unwrap();
        let mut bytes = vec![0; usize::try_from(segment.size_bytes).unwrap()];
        file.read_exact_at(&mut bytes, 0).unwrap();
        let text = format!("\"group\":\"{group}\"");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

/// Commits for another group until the log has gone on in a new segment.
fn roll(home: &Home) -> Cursors {
    let mut cursors = small(home).unwrap();
    let topic = topic(home).unwrap();
    let first = segments(&cursors).last().unwrap().0;
    while segments(&cursors).last().unwrap().0 == first {
        cursors.commit(&[commit("roller", &topic, 0, 1)], CommitSync::Now).unwrap();
    }
    cursors
}

#[test]
fn cursors_outlive_the_last_commit_by_a_week_and_not_by_more() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    commits(&home, "g", 0, 5).unwrap();
    commits(&later(&disk, 1000), "g", 1, 6).unwrap();
    let found = |ms: i64| offsets(&small(&later(&disk, ms)).unwrap(), "g");
    assert_eq!(found(WEEK_MS + 1000), [5, 6], "the last one counts for all");
    assert!(found(WEEK_MS + 1001).is_empty());
    let home = later(&disk, WEEK_MS + 1001);
    assert_eq!(stream(&home).groups(None).unwrap(), []);
    assert_eq!(home.group_names(&path("/a/s")).unwrap(), [""; 0]);
    let since = small(&home).unwrap().expired_since("g");
    assert_eq!(since, Some(TimestampMs(NOW + 1000)));
    assert!(matches!(stream(&home).delete_group("g"), Err(StoreError::NoCursor { .. })));
    // A new commit does not bring the old ones back.
    commits(&home, "h", 0, 1).unwrap();
    commits(&later(&disk, 0), "g", 1, 7).unwrap();
    let later = later(&disk, WEEK_MS + 1001);
    commits(&later, "g", 0, 9).unwrap();
    assert_eq!(offsets(&small(&later).unwrap(), "g"), [9]);
    assert_eq!(damage(&later), []);
}

#[test]
fn cursors_outlive_the_messages_unless_that_was_set_otherwise() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    commits(&home, "g", 0, 5).unwrap();
    let at = |ms: i64| offsets(&small(&later(&disk, ms)).unwrap(), "g").len();
    let rules = || {
        let rules = stream(&home).groups(Some("g")).unwrap().remove(0).rules;
        (rules.offsets_retention_minutes, rules.retention_from)
    };
    assert_eq!(rules(), (10_080, RuleFrom::Default));
    keep_messages(&home, 1_000_000);
    assert_eq!(rules(), (16_667, RuleFrom::Stream), "in whole minutes, and never less");
    assert_eq!((at(16_667 * MINUTE_MS), at(16_667 * MINUTE_MS + 1)), (1, 0));
    keep_messages(&home, 60);
    assert_eq!(rules(), (10_080, RuleFrom::Default));
    keep_messages(&home, 0);
    assert_eq!(rules(), (-1, RuleFrom::Stream));
    assert_eq!(at(1000 * WEEK_MS), 1);
    set(&home, "g", &minutes(2)).unwrap();
    assert_eq!(rules(), (2, RuleFrom::Group));
    assert_eq!((at(2 * MINUTE_MS), at(2 * MINUTE_MS + 1)), (1, 0));
    keep_messages(&home, 60);
    set(&home, "g", &minutes(-1)).unwrap();
    assert_eq!((rules(), at(1000 * WEEK_MS)), ((-1, RuleFrom::Group), 1));
    // A group of which there are only settings has never begun to run out.
    set(&home, "unborn", &minutes(1)).unwrap();
    let far = later(&disk, 1000 * WEEK_MS);
    let names = |home: &Home| -> Vec<String> {
        stream(home).groups(None).unwrap().into_iter().map(|group| group.group).collect()
    };
    assert_eq!(names(&far), ["g", "unborn"]);
    assert_eq!(far.group_names(&path("/a/s")).unwrap(), ["g", "unborn"]);
    stream(&far).delete_group("unborn").unwrap();
    assert_eq!(names(&far), ["g"]);
}

#[test]
fn the_time_begins_when_the_group_became_empty_and_never_while_a_member_lives() {
    let disk = SimDisk::new();
    with_topic(&simulated(&disk)).unwrap();
    let process = disk.process();
    let home = simulated(&process);
    let topic = topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    let living = join(&mut cursors, member("g"), &topic);
    commits(&home, "g", 0, 5).unwrap();
    let far = later(&disk, 5 * WEEK_MS);
    let mut witness = small(&far).unwrap();
    witness.forget_expired().unwrap();
    assert_eq!(offsets(&witness, "g"), [5], "it lives");
    process.process_death();
    drop(living);
    drop(cursors);
    witness.refresh().unwrap();
    assert_eq!(offsets(&witness, "g"), [5], "nobody has noticed");
    witness.forget_expired().unwrap();
    witness.refresh().unwrap();
    assert_eq!(offsets(&witness, "g"), [5], "its time begins now");
    let state = witness.group("g").unwrap();
    assert!(state.members.is_empty());
    assert_eq!((state.epoch.epoch, state.epoch.time_ms), (1, NOW + 5 * WEEK_MS));
    witness.close().unwrap();
    let at = |ms: i64| offsets(&small(&later(&disk, ms)).unwrap(), "g").len();
    assert_eq!((at(6 * WEEK_MS), at(6 * WEEK_MS + 1)), (1, 0));
}

#[test]
fn who_joins_an_expired_group_finds_nothing_of_it() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    commits(&home, "g", 0, 5).unwrap();
    set(&home, "g", &minutes(3)).unwrap();
    let home = later(&disk, WEEK_MS);
    let topic = topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    assert!(cursors.group("g").is_none());
    let _member = join(&mut cursors, member("g"), &topic);
    assert!(offsets(&cursors, "g").is_empty());
    let state = cursors.group("g").unwrap();
    assert_eq!((state.members.len(), &state.settings), (1, &GroupSettings::default()));
}

#[test]
fn nothing_stays_of_a_group_that_was_deleted_or_has_expired() {
    let disk = SimDisk::new();
    with_topic(&simulated(&disk)).unwrap();
    let whole = |group: &str| {
        let process = disk.process();
        let home = simulated(&process);
        let mut cursors = small(&home).unwrap();
        let _member = join(&mut cursors, member(group), &topic(&home).unwrap());
        let epoch = GroupEpoch { epoch: 3, time_ms: NOW, ..GroupEpoch::default() };
        let records = vec![GroupRecord::Epoch(group.to_owned(), epoch)];
        let change = GroupChange { records, ..GroupChange::default() };
        cursors.change_group(group, |_| Ok(change.clone())).unwrap();
        cursors.close().unwrap();
        commits(&home, group, 0, 5).unwrap();
        set(&home, group, &minutes(1)).unwrap();
        process.process_death();
    };
    whole("deleted");
    whole("expired");
    let home = simulated(&disk.process());
    assert_eq!(stream(&home).delete_group("deleted").unwrap().len(), 1);
    let cursors = small(&home).unwrap();
    assert!(cursors.group("deleted").is_none() && mentions(&cursors, "deleted"));
    drop(cursors);
    let cursors = roll(&home);
    assert!(!mentions(&cursors, "deleted"), "the snapshot knows nothing of it");
    assert!(mentions(&cursors, "expired"));
    drop(cursors);
    // The first roll finds the member dead, the next one the group expired, and then it is gone.
    let home = later(&disk, MINUTE_MS + 1);
    drop(roll(&home));
    let cursors = roll(&home);
    assert!(!mentions(&cursors, "expired"), "{:?}", cursors.group("expired"));
    let names: Vec<String> =
        stream(&home).groups(None).unwrap().into_iter().map(|group| group.group).collect();
    assert_eq!(names, ["roller"]);
    assert_eq!(damage(&home), []);
}

/// A group with a cursor in each of two partitions, an epoch and settings, in a log that is as full
/// as it gets.
fn with_group(home: &Home) -> Result<(), StoreError> {
    with_topic(home)?;
    let epoch = GroupEpoch { epoch: 1, time_ms: NOW - 2 * WEEK_MS, ..GroupEpoch::default() };
    let mut cursors = small(home)?;
    cursors.change_group("g", |_| {
        let records = vec![
            GroupRecord::Epoch("g".to_owned(), epoch.clone()),
            GroupRecord::Settings("g".to_owned(), minutes(-1)),
        ];
        Ok(GroupChange { records, ..GroupChange::default() })
    })?;
    let topic = topic(home)?;
    cursors.commit(&[commit("g", &topic, 0, 1), commit("g", &topic, 1, 2)], CommitSync::Now)?;
    while segments(&cursors).last().is_some_and(|(_, bytes)| bytes + 400 < SEGMENT_BYTES) {
        cursors.commit(&[commit("other", &topic, 0, 1)], CommitSync::Now)?;
    }
    cursors.close()
}

fn all_of(home: &Home, label: &str) -> (Vec<i64>, GroupState) {
    let cursors = small(home).unwrap_or_else(|error| panic!("{label}: {error}"));
    assert_eq!(offsets(&cursors, "other"), [1], "{label}");
    (offsets(&cursors, "g"), cursors.group("g").cloned().unwrap_or_default())
}

#[test]
fn death_while_a_group_is_deleted() {
    let story: Story = |home| home.stream(&path("/a/s"))?.delete_group("g").map(drop);
    at_every_step(with_group, story, |home, label| {
        let (cursors, state) = all_of(home, label);
        let is_there = cursors == [1, 2] && state.settings == minutes(-1);
        let is_gone = cursors.is_empty() && state.is_nothing();
        assert!(is_there || is_gone, "{label}: {cursors:?} {state:?}");
        assert!(is_gone || !label.contains("said Ok"), "{label}: {state:?}");
        assert_eq!(damage(home), [], "{label}");
    });
}

#[test]
fn death_while_something_is_set_for_a_group() {
    let story: Story = |home| {
        let mut cursors = small(home)?;
        cursors.change_group("g", |_| {
            let records = vec![GroupRecord::Settings("g".to_owned(), minutes(7))];
            Ok(GroupChange { records, ..GroupChange::default() })
        })?;
        cursors.close()
    };
    at_every_step(with_group, story, |home, label| {
        let (cursors, state) = all_of(home, label);
        assert!(cursors == [1, 2] && state.epoch.epoch == 1, "{label}: {cursors:?}");
        let is_new = state.settings == minutes(7);
        assert!(is_new || state.settings == minutes(-1), "{label}: {state:?}");
        assert!(is_new || !label.contains("said Ok"), "{label}: {state:?}");
        assert_eq!(damage(home), [], "{label}");
    });
}

#[test]
fn death_while_a_snapshot_is_written_and_an_expired_group_forgotten() {
    let before: Story = |home| {
        with_topic(home)?;
        let topic = topic(home)?;
        let Commit { id, topic: name, .. } = commit("g", &topic, 0, 1);
        let (time_ms, metadata) = (NOW - 2 * WEEK_MS, String::new());
        let cursor = Cursor { topic: name, offset: 1, epoch: 1, metadata, time_ms };
        let mut cursors = small(home)?;
        cursors.append(CommitSync::Now, |_| {
            let settings = GroupRecord::Settings("g".to_owned(), minutes(1));
            Ok(vec![
                CursorRecord::Committed(id.clone(), cursor.clone()),
                CursorRecord::Group(settings),
            ])
        })?;
        while segments(&cursors).last().is_some_and(|(_, bytes)| bytes + 400 < SEGMENT_BYTES) {
            cursors.commit(&[commit("other", &topic, 0, 1)], CommitSync::Now)?;
        }
        assert!(segments(&cursors).len() == 1 && cursors.table.names().contains("g"));
        cursors.close()
    };
    let story: Story = |home| {
        let topic = topic(home)?;
        let mut cursors = small(home)?;
        for _ in 0..3 {
            cursors.commit(&[commit("other", &topic, 0, 1)], CommitSync::Now)?;
        }
        cursors.close()
    };
    at_every_step(before, story, |home, label| {
        let (cursors, state) = all_of(home, label);
        assert!(cursors.is_empty() && state.is_nothing(), "{label}: {cursors:?} {state:?}");
        let cursors = small(home).unwrap();
        let is_left = cursors.table.names().contains("g");
        assert!(!is_left || !label.contains("said Ok"), "{label}");
        assert_eq!(damage(home), [], "{label}");
    });
}

#[test]
fn the_log_stays_as_small_as_a_few_snapshots_and_a_segment_whatever_is_committed() {
    for groups in [1_u32, 7, 40] {
        let disk = SimDisk::new();
        let home = simulated(&disk);
        with_topic(&home).unwrap();
        let topic_id = ObjectId::from_bytes([5; 16]);
        let topic_name: TopicName = name("t");
        let mut cursors = small(&home).unwrap();
        let mut rolls = 0;
        let mut last_base = 0;
        for offset in 0..6_000_u32 {
            let id = crate::catalog::CursorId {
                group: format!("group-{}", offset % groups),
                topic_id,
                partition: offset % 3,
            };
            let (topic, metadata) = (topic_name.clone(), String::new());
            let commit = Commit { id, topic, offset: offset.into(), epoch: 1, metadata };
            cursors.commit(&[commit], CommitSync::Soon).unwrap();
            let found = segments(&cursors);
            let bytes: u64 = found.iter().map(|(_, bytes)| bytes).sum();
            let snapshot = cursors.table.snapshot_bytes();
            assert!(bytes <= 3 * snapshot + SEGMENT_BYTES, "{offset}: {bytes}, {snapshot}");
            let base = found.last().unwrap().0;
            rolls += u32::from(base != last_base);
            last_base = base;
        }
        assert!(rolls > 20, "with {groups} groups {rolls} rolls");
        cursors.close().unwrap();
        let again = small(&home).unwrap();
        let mut newest: Vec<i64> =
            again.list(&Default::default()).into_iter().map(|(_, it)| it.offset).collect();
        newest.sort_unstable();
        let kinds = i64::from(if groups % 3 == 0 { groups } else { 3 * groups });
        assert_eq!(newest, (6_000 - kinds..6_000).collect::<Vec<i64>>());
        assert_eq!(damage(&home), []);
    }
}
