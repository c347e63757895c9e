//! A member of a group: where it starts in each partition, and what it commits.

use std::collections::BTreeMap;

use crate::catalog::{CursorId, MemberObject, ObjectId};
use crate::store::{Commit, CommitSync, CursorTrust, Cursors, Member, Stream, Topic};

use super::error::{GroupError, GroupNews};

/// Where to start in a partition in which the group has no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// The first record that is there.
    Earliest,
    /// The end.
    Latest,
    /// The first record of this time or later. Milliseconds since 1970.
    Time(i64),
    /// Nowhere: it is an error.
    None,
}

/// Who joins which group.
#[derive(Clone, Debug)]
pub struct GroupConfig {
    /// The group's id.
    pub group: String,
    /// What the member calls itself.
    pub client: String,
    /// Its process.
    pub pid: u32,
    /// Where to start without a cursor.
    pub reset: Reset,
    /// When it joins, in milliseconds since 1970.
    pub now: i64,
}

/// The membership of a process in a group that reads one topic.
#[derive(Debug)]
pub struct Membership {
    cursors: Cursors,
    topic: Topic,
    group: String,
    reset: Reset,
    /// The offset that each partition's cursor has.
    committed: BTreeMap<u32, i64>,
    /// Where to start, if not where the cursor stands.
    moved: BTreeMap<u32, i64>,
    news: Vec<GroupNews>,
    /// Given up last.
    _member: Member,
}

impl Membership {
    /// Joins a group, to read all partitions of a topic.
    ///
    /// # Errors
    ///
    /// The group has a member (`Store(GroupTaken)`), a partition has no cursor (`NoCursor`), or the
    /// store refuses. The group is as it was.
    pub fn join(stream: &Stream, topic: &Topic, config: GroupConfig) -> Result<Self, GroupError> {
        let partitions = 0..topic.partitions();
        let mut cursors = stream.cursors()?;
        let member = cursors.join(MemberObject {
            member_id: ObjectId::random(),
            group: config.group.clone(),
            client: config.client,
            pid: config.pid,
            joined_ms: config.now,
            topic_id: topic.object().id,
            topic: topic.name().clone(),
            partitions: partitions.clone().collect(),
        })?;
        let mut membership = Self {
            cursors,
            topic: topic.clone(),
            group: config.group,
            reset: config.reset,
            committed: BTreeMap::new(),
            moved: BTreeMap::new(),
            news: Vec::new(),
            _member: member,
        };
        membership.find_cursors()?;
        let missing =
            partitions.into_iter().find(|number| !membership.committed.contains_key(number));
        match missing.filter(|_| config.reset == Reset::None) {
            Some(partition) => Err(GroupError::NoCursor {
                group: membership.group,
                topic: topic.name().clone(),
                partition,
            }),
            None => Ok(membership),
        }
    }

    fn find_cursors(&mut self) -> Result<(), GroupError> {
        for (id, cursor) in self.cursors.fetch(&self.group) {
            let partition = id.partition;
            if id.topic_id != self.topic.object().id || partition >= self.topic.partitions() {
                continue;
            }
            let from = cursor.offset;
            let trust = self.topic.check_cursor(partition, from, cursor.epoch)?;
            if let CursorTrust::WentBack { to } = trust {
                self.news.push(GroupNews::WentBack { partition, from, to });
                self.moved.insert(partition, to);
            }
            self.committed.insert(partition, from);
        }
        Ok(())
    }

    /// Returns where the group goes on in a partition, if it has a cursor there.
    pub fn cursor(&self, partition: u32) -> Option<i64> {
        self.moved.get(&partition).or_else(|| self.committed.get(&partition)).copied()
    }

    /// Where to start in a partition in which the group has no cursor.
    pub fn reset(&self) -> Reset {
        self.reset
    }

    /// Returns what there is to tell since this was last asked.
    pub fn take_news(&mut self) -> Vec<GroupNews> {
        std::mem::take(&mut self.news)
    }

    /// Whether a position is not the one that was committed last.
    pub fn is_new(&self, partition: u32, offset: i64) -> bool {
        self.committed.get(&partition) != Some(&offset)
    }

    /// Commits how far each partition was read: partition, offset of the next record, and the epoch
    /// of the batch before it, −1 if it is not known. Durable within a second, or on leaving.
    ///
    /// # Errors
    ///
    /// The store refuses; the cursors stay where they were.
    pub fn commit(
        &mut self,
        positions: impl IntoIterator<Item = (u32, i64, i32)>,
    ) -> Result<(), GroupError> {
        let mut commits = Vec::new();
        for (partition, offset, epoch) in positions {
            if !self.is_new(partition, offset) {
                continue;
            }
            let epoch = match epoch {
                0.. => epoch,
                _ => self.topic.epoch_before(partition, offset)?,
            };
            let topic_id = self.topic.object().id;
            commits.push(Commit {
                id: CursorId { group: self.group.clone(), topic_id, partition },
                topic: self.topic.name().clone(),
                offset,
                epoch,
                metadata: String::new(),
            });
        }
        if commits.is_empty() {
            return Ok(());
        }
        self.cursors.commit(&commits, CommitSync::Soon)?;
        self.moved.clear();
        self.committed.extend(commits.iter().map(|commit| (commit.id.partition, commit.offset)));
        Ok(())
    }

    /// Leaves the group; what was committed is durable then.
    ///
    /// # Errors
    ///
    /// It is not known whether the last commits are durable.
    pub fn leave(self) -> Result<(), GroupError> {
        Ok(self.cursors.close()?)
    }
}
