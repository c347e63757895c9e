//! Cursors: committed, read back, cut short at every step, and compacted.

use super::deaths::{Story, at_every_step, with_topic};
use super::world::{NOW, append, attributes, damage, name, path, produce, real, simulated};
use crate::catalog::{
    CursorId, GroupRecord, Lease, MemberKey, MemberObject, MemberWish, ObjectId, Owned,
};
use crate::fs::sim::{SimDisk, Weather};
use crate::store::{
    Claim, Commit, CommitSync, CursorFilter, CursorTrust, Cursors, GroupChange, Home, Member,
    Pulse, StoreError, StoreErrorKind, Topic,
};

/// Small enough that a few commits fill it. Bytes.
pub(super) const SEGMENT_BYTES: u64 = 2_000;

pub(super) fn topic(home: &Home) -> Result<Topic, StoreError> {
    home.stream(&path("/a/s"))?.topic(&name("t"))
}

pub(super) fn small(home: &Home) -> Result<Cursors, StoreError> {
    Cursors::open(home.stream(&path("/a/s"))?.shared().clone(), SEGMENT_BYTES)
}

pub(super) fn commit(group: &str, topic: &Topic, partition: u32, offset: i64) -> Commit {
    Commit {
        id: CursorId { group: group.to_owned(), topic_id: topic.object().id, partition },
        topic: topic.name().clone(),
        offset,
        epoch: 1,
        metadata: String::new(),
    }
}

pub(super) fn offsets(cursors: &Cursors, group: &str) -> Vec<i64> {
    cursors.fetch(group).iter().map(|(_, cursor)| cursor.offset).collect()
}

pub(super) fn segments(cursors: &Cursors) -> Vec<(i64, u64)> {
    let log = cursors.shared.cursors_log();
    log.segments().unwrap().iter().map(|segment| (segment.base, segment.size_bytes)).collect()
}

#[test]
fn what_one_commits_another_reads() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let (mut one, mut two) = (small(&home).unwrap(), small(&home).unwrap());
    for offset in 0..50 {
        one.commit(&[commit("g", &topic, 0, offset)], CommitSync::Now).unwrap();
        two.commit(&[commit("h", &topic, 0, -offset)], CommitSync::Now).unwrap();
        two.refresh().unwrap();
        assert_eq!((offsets(&two, "g"), offsets(&two, "h")), (vec![offset], vec![-offset]));
    }
    assert!(segments(&one)[0].0 > 0, "older segments are gone: {:?}", segments(&one));
    let filter = CursorFilter { group: Some("g".to_owned()), ..CursorFilter::default() };
    assert_eq!(two.delete(&filter).unwrap().len(), 1);
    one.refresh().unwrap();
    assert_eq!((offsets(&one, "g"), offsets(&one, "h")), (vec![], vec![-49]));
    let later = small(&simulated(&disk.process())).unwrap();
    assert_eq!((offsets(&later, "g"), offsets(&later, "h")), (vec![], vec![-49]));
    assert_eq!(damage(&home), []);
}

#[test]
fn a_group_without_a_name_commits_nothing() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    let commit = commit("", &topic(&home).unwrap(), 0, 1);
    assert!(matches!(cursors.commit(&[commit], CommitSync::Now), Err(StoreError::Name(_))));
}

/// Commits 7, with the log as full as `before` made it; the next one finds 6 or 7.
fn dies(before: Story) {
    let story: Story = |home| {
        let topic = topic(home)?;
        let mut cursors = small(home)?;
        cursors.commit(&[commit("g", &topic, 0, 7)], CommitSync::Now)?;
        cursors.close()
    };
    at_every_step(before, story, |home, label| {
        let mut cursors = small(home).unwrap_or_else(|error| panic!("{label}: {error}"));
        let found = offsets(&cursors, "g");
        assert!(found == [6] || found == [7], "{label}: {found:?}");
        if label.contains("said Ok") {
            assert_eq!(found, [7], "{label}");
        }
        assert_eq!(offsets(&cursors, "other").len(), 1, "{label}");
        let topic = topic(home).unwrap();
        for offset in 8..12 {
            let commits = [commit("g", &topic, 0, offset)];
            let outcome = cursors.commit(&commits, CommitSync::Now);
            outcome.unwrap_or_else(|error| panic!("{label}: {error}"));
        }
        drop(cursors);
        assert_eq!(offsets(&small(home).unwrap(), "g"), [11], "{label}");
        assert_eq!(damage(home), [], "{label}");
    });
}

#[test]
fn death_while_committing() {
    dies(|home| {
        with_topic(home)?;
        let topic = topic(home)?;
        let mut cursors = small(home)?;
        cursors.commit(&[commit("other", &topic, 0, 1)], CommitSync::Now)?;
        cursors.commit(&[commit("g", &topic, 0, 6)], CommitSync::Now)?;
        cursors.close()
    });
}

#[test]
fn death_while_the_log_goes_on_in_a_new_segment() {
    dies(|home| {
        with_topic(home)?;
        let topic = topic(home)?;
        let mut cursors = small(home)?;
        cursors.commit(&[commit("other", &topic, 0, 1)], CommitSync::Now)?;
        for _ in 0..20 {
            cursors.commit(&[commit("g", &topic, 0, 6)], CommitSync::Now)?;
            if segments(&cursors).last().is_some_and(|(_, bytes)| bytes + 400 > SEGMENT_BYTES) {
                return cursors.close();
            }
        }
        panic!("the segment never fills");
    });
}

#[test]
fn a_power_cut_never_brings_a_cursor_that_was_not_committed() {
    for seed in 0..60 {
        let disk = SimDisk::new();
        let home = simulated(&disk);
        with_topic(&home).unwrap();
        let topic = topic(&home).unwrap();
        let mut cursors = small(&home).unwrap();
        let last = 3 + seed as i64 % 40;
        let mut synced = -1;
        for offset in 0..=last {
            // Every tenth is synced, as a second that has passed does.
            let commits = [commit("g", &topic, 0, offset)];
            let mut appended = None;
            if offset % 10 == 0 {
                cursors.commit(&commits, CommitSync::Now).unwrap();
                synced = offset;
            } else {
                appended = Some(cursors.commit(&commits, CommitSync::Soon));
            }
            if let Some(outcome) = appended {
                outcome.unwrap();
            }
        }
        let weather = if seed % 3 == 0 { Weather::NOTHING_KEPT } else { Weather::EVERYTHING_KEPT };
        let disk =
            if seed % 2 == 0 { disk.power_loss_in(&weather, seed) } else { disk.power_loss(seed) };
        drop(cursors);
        let home = simulated(&disk);
        let mut cursors = small(&home).unwrap();
        let found = offsets(&cursors, "g");
        assert!(found.len() == 1 && found[0] >= synced && found[0] <= last, "{seed}: {found:?}");
        let topic = self::topic(&home).unwrap();
        cursors.commit(&[commit("g", &topic, 0, last + 1)], CommitSync::Now).unwrap();
        cursors.refresh().unwrap();
        assert_eq!(offsets(&cursors, "g"), [last + 1], "{seed}");
        assert_eq!(damage(&home), [], "{seed}");
    }
}

#[test]
fn damage_costs_a_commit_and_not_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let home = real(dir.path());
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    for offset in 0..3 {
        cursors.commit(&[commit("g", &topic, 0, offset)], CommitSync::Now).unwrap();
        cursors.commit(&[commit("h", &topic, 0, offset)], CommitSync::Now).unwrap();
    }
    cursors.close().unwrap();
    let file = dir.path().join("a/s/cursors/0/00000000000000000000.log");
    let mut bytes = std::fs::read(&file).unwrap();
    let near_the_end = bytes.len() - 40;
    bytes[near_the_end] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let mut cursors = small(&real(dir.path())).unwrap();
    assert_eq!((offsets(&cursors, "g"), offsets(&cursors, "h")), (vec![2], vec![1]));
    assert_eq!(cursors.damaged(), 1);
    cursors.commit(&[commit("h", &topic, 0, 9)], CommitSync::Now).unwrap();
    assert_eq!(offsets(&small(&home).unwrap(), "h"), [9]);
}

#[test]
fn a_hundred_thousand_commits_leave_a_small_log() {
    let dir = tempfile::tempdir().unwrap();
    let home = real(dir.path());
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let mut cursors = home.stream(&path("/a/s")).unwrap().cursors().unwrap();
    for offset in 0..100_000 {
        let commits = [commit("g", &topic, offset as u32 % 8, offset)];
        cursors.commit(&commits, CommitSync::Soon).unwrap();
    }
    let bytes: u64 = segments(&cursors).iter().map(|(_, bytes)| bytes).sum();
    assert!(bytes < 4 << 20, "{bytes}");
    cursors.close().unwrap();
    let cursors = home.stream(&path("/a/s")).unwrap().cursors().unwrap();
    assert_eq!(offsets(&cursors, "g"), (99_992..100_000).collect::<Vec<i64>>());
    assert_eq!(damage(&home), []);
}

#[test]
fn a_deleted_stream_takes_no_commits() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    home.delete_stream(&path("/a/s")).unwrap();
    let outcome = cursors.commit(&[commit("g", &topic, 0, 1)], CommitSync::Now);
    assert!(matches!(outcome, Err(StoreError::StreamGone { .. })), "{outcome:?}");
    home.create_stream(&path("/a/s"), &attributes()).unwrap();
    assert!(offsets(&small(&home).unwrap(), "g").is_empty());
}

pub(super) fn member(group: &str) -> MemberObject {
    MemberObject {
        member_id: ObjectId::random(),
        group: group.to_owned(),
        client: "test".to_owned(),
        pid: 7,
        joined_ms: NOW,
        instance: None,
        boot_id: None,
        is_away: false,
    }
}

/// Joins and owns partition 0, if nobody else does.
pub(super) fn join(cursors: &mut Cursors, object: MemberObject, topic: &Topic) -> Member {
    let key = MemberKey { group: object.group.clone(), member_id: object.member_id };
    let topics = vec![topic.object().id];
    let assignors = Vec::new();
    let wish =
        MemberWish { client: String::new(), joined_ms: NOW, topics, assignors, instance: None };
    let place = (topic.object().id, 0);
    let mut member = cursors.new_member(object, Lease(i64::MAX)).unwrap();
    cursors
        .change_group(&key.group, |state| {
            member.appear()?;
            let mut records = vec![GroupRecord::Joined(key.clone(), wish.clone())];
            if state.owner(place.0, place.1).is_none() {
                let owned = Owned { epoch: 1, partitions: [place].into() };
                records.push(GroupRecord::Owned(key.clone(), owned));
            }
            Ok(GroupChange { records, ..GroupChange::default() })
        })
        .unwrap();
    member
}

fn claim(member: &Member) -> Claim {
    let MemberObject { group, member_id, .. } = member.object();
    Claim { group: group.clone(), member_id: *member_id, member_epoch: 1 }
}

#[test]
fn cursors_are_not_set_while_a_group_has_members() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let stream = home.stream(&path("/a/s")).unwrap();
    let mut cursors = stream.cursors().unwrap();
    let first = join(&mut cursors, member("g"), &topic);
    let other = join(&mut cursors, member("h"), &topic);
    let live: Vec<MemberObject> =
        stream.members().unwrap().into_iter().map(|member| member.object).collect();
    assert_eq!(live, [first.object().clone(), other.object().clone()]);
    let text = cursors.set(&[commit("g", &topic, 0, 3)]).unwrap_err().to_string();
    assert_eq!(text, "group `g` has a live member, process 7");
    assert!(offsets(&cursors, "g").is_empty());
    drop(first);
    cursors.set(&[commit("g", &topic, 0, 3)]).unwrap();
    drop(other);
    assert_eq!(stream.members().unwrap(), []);
    assert_eq!(damage(&home), []);
}

#[test]
fn only_the_owner_commits_and_only_as_long_as_it_owns() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    let owner = join(&mut cursors, member("g"), &topic);
    let second = join(&mut cursors, member("g"), &topic);
    cursors.commit_as(&claim(&owner), &[commit("g", &topic, 0, 3)]).unwrap();
    let refused = |outcome: Result<(), StoreError>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Fenced, "{error}");
        error.to_string()
    };
    let text = refused(cursors.commit_as(&claim(&second), &[commit("g", &topic, 0, 4)]));
    assert!(text.contains("is no longer this member's in group `g`"), "{text}");
    let stale = Claim { member_epoch: 0, ..claim(&owner) };
    refused(cursors.commit_as(&stale, &[commit("g", &topic, 0, 4)]));
    refused(cursors.commit_as(&claim(&owner), &[commit("h", &topic, 0, 4)]));
    // Another handle removes it; this one finds that out under the lock.
    let MemberObject { group, member_id, .. } = owner.object().clone();
    let left = GroupRecord::Left(MemberKey { group, member_id });
    let removal = GroupChange { records: vec![left], ..GroupChange::default() };
    small(&home).unwrap().change_group("g", |_| Ok(removal.clone())).unwrap();
    let text = refused(cursors.commit_as(&claim(&owner), &[commit("g", &topic, 0, 4)]));
    assert!(text.starts_with("this member was removed from group `g`"), "{text}");
    assert_eq!(offsets(&small(&home).unwrap(), "g"), [3]);
}

#[test]
fn groups_survive_any_number_of_snapshots_and_the_log_stays_small() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    let mut cursors = small(&home).unwrap();
    let owner = join(&mut cursors, member("g"), &topic);
    let before = cursors.group("g").unwrap().clone();
    for offset in 0..2_000 {
        cursors.commit_as(&claim(&owner), &[commit("g", &topic, 0, offset)]).unwrap();
    }
    cursors.close().unwrap();
    let again = small(&home).unwrap();
    assert_eq!(*again.group("g").unwrap(), before);
    assert_eq!(offsets(&again, "g"), [1_999]);
    let bytes: u64 = segments(&again).iter().map(|(_, bytes)| bytes).sum();
    assert!(bytes < 4 * SEGMENT_BYTES, "{:?}", segments(&again));
}

#[test]
fn a_dead_member_is_no_member_and_one_that_is_stopped_is_overdue() {
    let disk = SimDisk::new();
    with_topic(&simulated(&disk)).unwrap();
    let process = disk.process();
    let home = simulated(&process);
    let stream = home.stream(&path("/a/s")).unwrap();
    let topic = topic(&home).unwrap();
    let dying = join(&mut stream.cursors().unwrap(), member("g"), &topic);
    let id = dying.object().member_id;
    let witness = simulated(&disk.process());
    let stream = witness.stream(&path("/a/s")).unwrap();
    let pulses = stream.cursors().unwrap().pulses().unwrap();
    assert_eq!(pulses.of(id).unwrap(), Pulse::Until(Lease(i64::MAX)));
    dying.renewal().renew(Lease(0)).unwrap();
    assert_eq!(pulses.of(id).unwrap(), Pulse::Overdue);
    dying.renewal().renew(Lease(i64::MAX)).unwrap();
    process.process_death();
    drop(dying);
    pulses.wait_for_death(id).unwrap();
    assert_eq!(pulses.of(id).unwrap(), Pulse::Dead);
    assert_eq!(stream.members().unwrap(), []);
    let next = join(&mut stream.cursors().unwrap(), member("g"), &topic);
    assert_eq!(pulses.of(next.object().member_id).unwrap(), Pulse::Until(Lease(i64::MAX)));
}

#[test]
fn a_cursor_in_a_log_that_went_back_is_set_to_where_the_new_records_begin() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    with_topic(&home).unwrap();
    let topic = topic(&home).unwrap();
    for number in 1..5 {
        append(&topic, 0, &number.to_string()).unwrap();
    }
    let epoch = topic.epoch_before(0, 5).unwrap();
    assert_eq!(epoch, 1);
    assert_eq!(topic.check_cursor(0, 5, epoch).unwrap(), CursorTrust::Good);
    let disk = disk.power_loss_in(&Weather::NOTHING_KEPT, 1);
    let home = simulated(&disk);
    let topic = self::topic(&home).unwrap();
    // One record was synced. Before anything new is written, the end is where to read on.
    assert_eq!(topic.check_cursor(0, 5, epoch).unwrap(), CursorTrust::WentBack { to: 1 });
    for number in 1..8 {
        produce(&topic, 0, &format!("new {number}")).unwrap();
    }
    assert_eq!(topic.epoch_before(0, 5).unwrap(), 2);
    assert_eq!(topic.check_cursor(0, 5, epoch).unwrap(), CursorTrust::WentBack { to: 1 });
    assert_eq!(topic.check_cursor(0, 1, epoch).unwrap(), CursorTrust::Good);
    assert_eq!(topic.check_cursor(0, 0, -1).unwrap(), CursorTrust::Good);
    let numbers = topic.cursor_numbers(0, 3, NOW + 5).unwrap();
    assert_eq!((numbers.last_offset, numbers.lag_ms), (7, 5));
    assert_eq!((numbers.last_timestamp, numbers.read_timestamp), (NOW, NOW));
    assert_eq!(topic.cursor_numbers(0, 8, NOW + 5).unwrap().lag_ms, 0);
}
