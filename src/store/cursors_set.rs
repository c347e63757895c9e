//! Setting the cursors of a group by hand: to a place in the log, or on from where they stand.

use crate::access::Action;
use crate::catalog::{Cursor, CursorId, ObjectId};
use crate::log::{BatchRun, Step};
use crate::path::{TopicName, check_group};
use crate::record::Scratch;

use super::cursors::{Commit, CursorFilter, Cursors};
use super::error::StoreError;
use super::stream::Stream;
use super::topic::Topic;

/// How much is read at once to find a time. Bytes.
const READ_BYTES: usize = 256 << 10;

/// Where a cursor is to go, in each partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorGoal {
    /// The first record that is there.
    Beginning,
    /// The end, as it is now.
    End,
    /// This offset.
    Offset(i64),
    /// So many records before the end.
    BeforeEnd(i64),
    /// The first record of this time or later, else the end. Milliseconds since 1970.
    Time(i64),
    /// So many offsets on from where the cursor stands, or back.
    By(i64),
}

/// Which cursors of a group are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorChoice {
    /// The group.
    pub group: String,
    /// The topic; absent: every topic in which the group has a cursor.
    pub topic: Option<TopicName>,
    /// The partition; absent: all of them, or for [`CursorGoal::By`] those with a cursor.
    pub partition: Option<u32>,
}

/// Whether cursors are set or only looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetCursors {
    /// Nothing is changed.
    Plan,
    /// They are set.
    Set,
}

/// One cursor that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorMove {
    /// The topic's name.
    pub topic: TopicName,
    /// The partition.
    pub partition: u32,
    /// The offset it had; absent if there was no cursor.
    pub before: Option<i64>,
    /// The offset that was asked for, if it is not in the log.
    pub out_of_range: Option<i64>,
    /// The offset it gets: from the log's first offset to its end.
    pub offset: i64,
    /// The offset behind the last record.
    pub end_offset: i64,
    /// Whether anything changes: the offset, or the epoch that goes with it.
    pub changes: bool,
}

/// A move with what is to be committed for it, and what it was planned on.
struct Planned {
    shown: CursorMove,
    commit: Commit,
    before: Option<Cursor>,
}

impl Stream {
    /// Sets cursors of a group that has no live member; durable when it returns. All of them are
    /// set or none. Returns them in the order of topic and partition.
    ///
    /// # Errors
    /// `Denied`, `GroupTaken` naming the member, `TopicNotFound`, `PartitionNotFound`, `NoCursor`,
    /// `Name` for the group's id, `StreamGone`, `Busy`; nothing is set then.
    pub fn set_cursors(
        &self,
        choice: &CursorChoice,
        goal: CursorGoal,
        run: SetCursors,
    ) -> Result<Vec<CursorMove>, StoreError> {
        self.authorize(Action::CursorSet)?;
        check_group(&choice.group)?;
        let topics = self.topics_of(choice)?;
        let mut cursors = self.cursors()?;
        loop {
            self.shared().refuse_members(&choice.group)?;
            let planned = self.plan_moves(&cursors, &topics, choice, goal)?;
            let shown = planned.iter().map(|planned| planned.shown.clone()).collect();
            if run == SetCursors::Plan || cursors.set_as_planned(&planned, goal)? {
                return Ok(shown);
            }
            // Somebody else set one of them meanwhile: what is relative to it begins anew.
            cursors.refresh()?;
        }
    }

    /// Sets cursors of a group that has no live member, each to a place of its own; durable when it
    /// returns. All of them are set or none. Returns them in the order they were given.
    ///
    /// # Errors
    /// As [`Stream::set_cursors`]; `NoCursor` if one that is to be moved is not there.
    pub fn set_cursors_each(
        &self,
        group: &str,
        goals: &[(TopicName, u32, CursorGoal)],
        run: SetCursors,
    ) -> Result<Vec<CursorMove>, StoreError> {
        self.authorize(Action::CursorSet)?;
        check_group(group)?;
        let mut topics: Vec<Topic> = Vec::new();
        for (name, partition, _) in goals {
            if !topics.iter().any(|topic| topic.name() == name) {
                topics.push(self.topic(name)?);
            }
            let topic = topics.iter().find(|topic| topic.name() == name);
            topic.map_or(Ok(()), |topic| topic.check_partition(*partition))?;
        }
        let mut cursors = self.cursors()?;
        loop {
            self.shared().refuse_members(group)?;
            let mut planned = Vec::with_capacity(goals.len());
            for (name, partition, goal) in goals {
                let Some(topic) = topics.iter().find(|topic| topic.name() == name) else {
                    continue;
                };
                let topic_id = topic.object().id;
                let id = CursorId { group: group.to_owned(), topic_id, partition: *partition };
                let before = cursors.cursor(&id);
                if matches!(goal, CursorGoal::By(_)) && before.is_none() {
                    return Err(StoreError::NoCursor {
                        stream: self.path().clone(),
                        group: group.to_owned(),
                        topic: Some(name.clone()),
                        partition: Some(*partition),
                    });
                }
                planned.push(plan_move(topic, id, before, *goal)?);
            }
            let shown = planned.iter().map(|planned| planned.shown.clone()).collect();
            // Whether cursors that others are relative to have moved is asked of all of them.
            let is_relative = goals.iter().any(|(.., goal)| matches!(goal, CursorGoal::By(_)));
            let strictest = if is_relative { CursorGoal::By(0) } else { CursorGoal::End };
            if run == SetCursors::Plan || cursors.set_as_planned(&planned, strictest)? {
                return Ok(shown);
            }
            cursors.refresh()?;
        }
    }

    /// The topics that are meant, in the order of their names.
    fn topics_of(&self, choice: &CursorChoice) -> Result<Vec<Topic>, StoreError> {
        if let Some(name) = &choice.topic {
            let topic = self.topic(name)?;
            if let Some(partition) = choice.partition {
                topic.check_partition(partition)?;
            }
            return Ok(vec![topic]);
        }
        let filter = CursorFilter { group: Some(choice.group.clone()), ..CursorFilter::default() };
        let cursors = self.cursors()?.list(&filter);
        let ids: Vec<ObjectId> = cursors.into_iter().map(|(id, _)| id.topic_id).collect();
        let objects = self.objects()?.into_iter().filter(|topic| ids.contains(&topic.id));
        objects.map(|topic| self.topic(&topic.name)).collect()
    }

    fn plan_moves(
        &self,
        cursors: &Cursors,
        topics: &[Topic],
        choice: &CursorChoice,
        goal: CursorGoal,
    ) -> Result<Vec<Planned>, StoreError> {
        let mut planned = Vec::new();
        for topic in topics {
            let topic_id = topic.object().id;
            let filter = CursorFilter {
                group: Some(choice.group.clone()),
                topic: Some(topic_id),
                partition: choice.partition,
            };
            let mut found = cursors.list(&filter);
            let partitions = match choice.partition {
                Some(partition) => partition..partition + 1,
                None => 0..topic.partitions(),
            };
            for partition in partitions {
                let at = found.iter().position(|(id, _)| id.partition == partition);
                let before = at.map(|at| found.swap_remove(at).1);
                if matches!(goal, CursorGoal::By(_)) && before.is_none() {
                    continue;
                }
                let id = CursorId { group: choice.group.clone(), topic_id, partition };
                planned.push(plan_move(topic, id, before, goal)?);
            }
        }
        if planned.is_empty() {
            return Err(StoreError::NoCursor {
                stream: self.path().clone(),
                group: choice.group.clone(),
                topic: choice.topic.clone(),
                partition: choice.partition,
            });
        }
        Ok(planned)
    }
}

impl Cursors {
    /// Sets what was planned; `false` if a cursor that the plan is relative to has moved.
    fn set_as_planned(
        &mut self,
        planned: &[Planned],
        goal: CursorGoal,
    ) -> Result<bool, StoreError> {
        let changing = planned.iter().filter(|planned| planned.shown.changes);
        let commits: Vec<Commit> = changing.map(|planned| planned.commit.clone()).collect();
        let is_relative = matches!(goal, CursorGoal::By(_));
        let (retention, now) = (self.retention, self.now());
        self.set_if(&commits, |cursors| {
            !is_relative
                || planned.iter().all(|planned| {
                    let id = &planned.commit.id;
                    let expired = || retention.expired_since(cursors, &id.group, now);
                    let found = cursors.get(id).filter(|_| expired().is_none());
                    let now = found.map(|cursor| cursor.offset);
                    now == planned.before.as_ref().map(|cursor| cursor.offset)
                })
        })
    }
}

fn plan_move(
    topic: &Topic,
    id: CursorId,
    before: Option<Cursor>,
    goal: CursorGoal,
) -> Result<Planned, StoreError> {
    let partition = id.partition;
    let mut reader = topic.listing_reader(partition)?;
    // The end first: what is written meanwhile comes after it.
    let end = reader.end_offset()?;
    let start = reader.start_offset()?.min(end);
    let offset_before = before.as_ref().map(|cursor| cursor.offset);
    let wanted = match goal {
        CursorGoal::Beginning => start,
        CursorGoal::End => end,
        CursorGoal::Offset(offset) => offset,
        CursorGoal::BeforeEnd(count) => end.saturating_sub(count),
        CursorGoal::Time(time) => topic.offset_of_time(partition, time)?.unwrap_or(end).min(end),
        CursorGoal::By(count) => offset_before.unwrap_or(start).saturating_add(count),
    };
    let offset = wanted.clamp(start, end);
    let epoch = topic.epoch_before(partition, offset)?;
    let changes = before.as_ref().is_none_or(|was| (was.offset, was.epoch) != (offset, epoch));
    let name = topic.name().clone();
    Ok(Planned {
        shown: CursorMove {
            topic: name.clone(),
            partition,
            before: offset_before,
            out_of_range: (wanted != offset).then_some(wanted),
            offset,
            end_offset: end,
            changes,
        },
        commit: Commit { id, topic: name, offset, epoch, metadata: String::new() },
        before,
    })
}

impl Topic {
    /// The offset of the first record of `time` (milliseconds since 1970) or later; `None` if there
    /// is none yet. What cannot be read is stepped over.
    ///
    /// # Errors
    /// `PartitionNotFound`, `TopicGone`, or the file system's.
    pub fn offset_of_time(&self, partition: u32, time: i64) -> Result<Option<i64>, StoreError> {
        let mut reader = self.listing_reader(partition)?;
        reader.seek_time(time)?;
        let mut run = BatchRun::default();
        let mut scratch = Scratch::new();
        loop {
            match reader.read(&mut run, READ_BYTES)? {
                Step::Batches => {}
                Step::Damaged(_) | Step::Trimmed { .. } | Step::WentBack { .. } => continue,
                Step::End | Step::Gone => return Ok(None),
            }
            for batch in run.batches() {
                if batch.header().max_timestamp < time {
                    continue;
                }
                let Ok(records) = batch.records(&mut scratch) else { continue };
                let mut whole = records.map_while(Result::ok);
                if let Some(record) = whole.find(|record| record.timestamp >= time) {
                    return Ok(Some(record.offset));
                }
            }
        }
    }
}
