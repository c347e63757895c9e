//! Groups of a stream: read from `cursors`, and changed under that log's own lock.

use crate::catalog::{CursorRecord, GroupRecord, GroupState, ObjectId};
use crate::fs::{WatchId, Watcher};
use crate::path::check_group;

use super::cursors::{Commit, CommitSync, Cursors};
use super::error::{Fencing, StoreError};

/// As whom a member commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The group.
    pub group: String,
    /// The member.
    pub member_id: ObjectId,
    /// The epoch in which it came to own what it owns.
    pub member_epoch: i64,
}

/// What is done to a group in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// Cursors to be committed.
    pub commits: Vec<Commit>,
    /// Changes of the group.
    pub records: Vec<GroupRecord>,
}

impl GroupChange {
    fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.records.is_empty()
    }
}

/// What is watched of a stream's `cursors`.
#[derive(Debug, Default)]
pub struct CursorWatch {
    dir: Option<WatchId>,
    segments: Vec<(i64, WatchId)>,
}

impl Claim {
    /// Checks that the member may commit all of `commits`.
    ///
    /// # Errors
    /// `Fenced`.
    pub fn check(&self, state: Option<&GroupState>, commits: &[Commit]) -> Result<(), StoreError> {
        let fenced = |why| Err(StoreError::Fenced { group: self.group.clone(), why });
        let Some(member) = state.and_then(|state| state.members.get(&self.member_id)) else {
            return fenced(Fencing::Removed);
        };
        for commit in commits {
            let place = (commit.id.topic_id, commit.id.partition);
            let is_its_own = commit.id.group == self.group
                && member.owned.epoch == self.member_epoch
                && member.owned.partitions.contains(&place);
            if !is_its_own {
                let topic = commit.topic.clone();
                return fenced(Fencing::NotOwned { topic, partition: place.1 });
            }
        }
        Ok(())
    }
}

impl Cursors {
    /// Returns a group as of when it was last read; `None` if it never had members and nothing was
    /// set for it, or if it is expired.
    pub fn group(&self, group: &str) -> Option<&GroupState> {
        let expired = || self.retention.expired_since(&self.table, group, self.now());
        self.table.group(group).filter(|_| expired().is_none())
    }

    /// Returns the groups that ever had members or of which something was set, and that are not
    /// expired, in the order of their names.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &GroupState)> {
        let groups = self.table.groups().map(|(name, state)| (name.as_str(), state));
        let now = self.now();
        groups
            .filter(move |(name, _)| self.retention.expired_since(&self.table, name, now).is_none())
    }

    /// Commits as a member of a group; synced within a second.
    ///
    /// # Errors
    /// `Fenced` if the member owns one of the partitions no longer; else as `commit`. Nothing is
    /// committed then.
    pub fn commit_as(&mut self, claim: &Claim, commits: &[Commit]) -> Result<(), StoreError> {
        self.change(commits, CommitSync::Soon, |_, table| {
            claim.check(table.group(&claim.group), commits).map(|()| true)
        })
    }

    /// Changes a group as `decide` says, which is shown the newest state while nobody else can
    /// change it. It must not wait for anything, and is asked once. Synced within a second: after a
    /// power cut nobody is a member any more.
    ///
    /// # Errors
    /// What `decide` refuses; else as `commit`. Nothing is changed then.
    pub fn change_group(
        &mut self,
        group: &str,
        mut decide: impl FnMut(&GroupState) -> Result<GroupChange, StoreError>,
    ) -> Result<(), StoreError> {
        check_group(group)?;
        let (retention, now) = (self.retention, self.now());
        self.append(CommitSync::Soon, |table| {
            let is_expired = retention.expired_since(table, group, now).is_some();
            let none = GroupState::default();
            let state = table.group(group).filter(|_| !is_expired).unwrap_or(&none);
            let change = decide(state)?;
            if change.is_empty() {
                return Ok(Vec::new());
            }
            // What is expired does not come back with a new member.
            let mut records = if is_expired { table.ending(group) } else { Vec::new() };
            records.extend(change.commits.iter().map(|commit| commit.record(now.0)));
            records.extend(change.records.into_iter().map(CursorRecord::Group));
            Ok(records)
        })?;
        self.refresh()
    }

    /// Watches for whatever is committed and changed. `true` if something was not watched before:
    /// then read again first. Call it again whenever the watcher says that something changed.
    ///
    /// # Errors
    /// The system cannot watch it, or `StreamGone`.
    pub fn watch(
        &self,
        watch: &mut CursorWatch,
        watcher: &mut Watcher,
    ) -> Result<bool, StoreError> {
        let mut any = false;
        if watch.dir.is_none() {
            watch.dir = Some(watcher.watch_dir(self.log.dir())?);
            any = true;
        }
        let segments = self.log.segments()?;
        watch.segments.retain(|(base, id)| {
            let keep = segments.iter().any(|segment| segment.base == *base);
            if !keep {
                watcher.unwatch(*id);
            }
            keep
        });
        // Nothing is written to any but the last.
        if let Some(segment) = segments.last()
            && !watch.segments.iter().any(|(base, _)| *base == segment.base)
        {
            // It may be gone again: the directory says so.
            if let Ok(file) = self.log.segment_file(segment.base) {
                watch.segments.push((segment.base, watcher.watch_file(&file)?));
                any = true;
            }
        }
        Ok(any)
    }
}
