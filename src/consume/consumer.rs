//! Reading all partitions of topics in turns, handing out records without copying them.

use std::ops::ControlFlow;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::catalog::ObjectId;
use crate::fs::Waker;
use crate::log::BatchRun;
use crate::record::{Batch, DecodeError, Record, Scratch, TimestampType};
use crate::store::Topic;

use super::error::{ConsumeError, News, Notice, TopicNews};
use super::follow::{Follower, Woken};
use super::lane::{Lane, Turn};
use super::last::Last;
use super::merge;
use super::place::{ConsumerConfig, OnDamage, Order, Start};
use super::topics::{Reading, Subscription, named};

/// A record and where it is.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'r> {
    /// The topic.
    pub topic: &'r Topic,
    /// The partition.
    pub partition: u32,
    /// Whose clock the timestamp is from.
    pub timestamp_type: TimestampType,
    /// The epoch of its batch.
    pub leader_epoch: i32,
    /// The record.
    pub record: Record<'r>,
}

/// What a read came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Perhaps something was delivered, and perhaps there is more.
    Some,
    /// Nothing more for now: [`Consumer::wait`].
    CaughtUp,
    /// Every partition has reached its stop.
    Done,
    /// The receiver wants no more. Do not read on: the rest of what was read is lost.
    Stopped,
}

/// How far one partition was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The topic, by its number for [`Consumer::topic`].
    pub topic: usize,
    /// The topic's own identity.
    pub topic_id: ObjectId,
    /// The partition.
    pub partition: u32,
    /// The offset of the next record.
    pub offset: i64,
    /// The epoch of the batch before it; −1 if this consumer has not read it.
    pub epoch: i32,
}

/// Reads topics, one partition or all: the records of each in the order of their offsets.
pub struct Consumer {
    reading: Reading,
    /// The lane that is looked at next.
    turn: usize,
    run: BatchRun,
    scratch: Scratch,
    follower: Follower,
    /// Records of partitions that are read no longer, which had expired.
    expired_before: u64,
    /// The newest records of all lanes, as long as they are to be delivered first.
    last: Option<Box<Last>>,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer").field("config", &self.reading.config).finish_non_exhaustive()
    }
}

impl Consumer {
    /// Finds where to start and where to stop in each partition.
    ///
    /// # Errors
    ///
    /// There is no such partition, or one cannot be read.
    pub fn new(topic: Topic, config: ConsumerConfig) -> Result<Self, ConsumeError> {
        Self::starting(topic, config, |_| config.start)
    }

    /// As [`Consumer::new`], with a start of its own for each partition.
    ///
    /// # Errors
    ///
    /// There is no such partition, or one cannot be read.
    pub fn starting(
        topic: Topic,
        config: ConsumerConfig,
        start: impl Fn(u32) -> Start,
    ) -> Result<Self, ConsumeError> {
        let config = behind_last(config);
        let mut reading = Reading::new(config, None);
        let at_end = config.last.is_some();
        reading.add(topic, &|partition| if at_end { config.start } else { start(partition) })?;
        Self::over(reading)
    }

    /// Reads what [`Consumer::assign`] says: nothing yet. If it is one topic that is named here, its
    /// end is the consumer's; of several topics, the others are read on.
    ///
    /// # Errors
    ///
    /// None so far.
    pub fn assigned(topic: Option<Topic>, config: ConsumerConfig) -> Result<Self, ConsumeError> {
        Self::over(Reading::assigned(config, topic))
    }

    /// Reads a partition, too. `topic` is its topic as it is now.
    ///
    /// # Errors
    ///
    /// There is no such partition, or it cannot be read.
    pub fn assign(
        &mut self,
        topic: &Topic,
        partition: u32,
        start: Start,
    ) -> Result<(), ConsumeError> {
        self.reading.assign(topic, partition, start)
    }

    /// Reads a partition of a topic no longer, and returns how far it was delivered; `None` if it
    /// was not read.
    pub fn revoke(&mut self, topic_id: ObjectId, partition: u32) -> Option<Position> {
        let is_it = |at: &Position| (at.topic_id, at.partition) == (topic_id, partition);
        let position = self.positions().find(is_it)?;
        self.expired_before += self.reading.revoke((position.topic, partition));
        Some(position)
    }

    /// Reads the topics of a subscription: those that are there, and while it waits those that
    /// come, from their first record. What cannot be opened, or is deleted, is told; the others
    /// are read on.
    ///
    /// # Errors
    ///
    /// The stream may not be read, or cannot.
    pub fn subscribed(
        subscription: Subscription,
        config: ConsumerConfig,
    ) -> Result<Self, ConsumeError> {
        let mut reading = Reading::new(behind_last(config), Some(subscription));
        reading.find_topics(false)?;
        Self::over(reading)
    }

    fn over(mut reading: Reading) -> Result<Self, ConsumeError> {
        reading.rank();
        let last = match reading.config.last {
            Some(count) => Some(Box::new(Last::new(count, &reading)?)),
            None => None,
        };
        Ok(Self {
            reading,
            turn: 0,
            run: BatchRun::default(),
            scratch: Scratch::default(),
            follower: Follower::default(),
            expired_before: 0,
            last,
        })
    }

    /// Reads from the next partition that may have something, and hands each record to `receive`
    /// until that breaks off. `now` (milliseconds since 1970) decides what has expired.
    ///
    /// # Errors
    ///
    /// The topic is gone, or cannot be read. What was handed out stays so.
    pub fn read<F>(&mut self, now: i64, mut receive: F) -> Result<Progress, ConsumeError>
    where
        F: FnMut(Delivered<'_>) -> ControlFlow<()>,
    {
        if self.last.is_some() || self.reading.config.order == Order::Time {
            return self.read_in_order(now, &mut receive);
        }
        let lanes = self.reading.lanes.len();
        let next = (0..lanes)
            .map(|step| (self.turn + step) % lanes)
            .find(|index| self.reading.lanes[*index].pending);
        let Some(index) = next else {
            let done = self.reading.is_done(now);
            return Ok(if done { Progress::Done } else { Progress::CaughtUp });
        };
        self.turn = (index + 1) % lanes;
        let ConsumerConfig { read_bytes, on_damage, ttl_ms, .. } = self.reading.config;
        let number = self.reading.lanes[index].topic;
        let lane = &mut self.reading.lanes[index];
        let turn = match lane.read(&mut self.run, read_bytes, now, on_damage) {
            Err(ConsumeError::Gone { topic }) => {
                self.reading.lose(number, topic)?;
                return Ok(Progress::Some);
            }
            outcome => outcome?,
        };
        let partition = lane.partition;
        match turn {
            Turn::Nothing => return Ok(Progress::Some),
            Turn::News(news) => {
                self.reading.tell(number, partition, Some(news));
                return Ok(Progress::Some);
            }
            Turn::Blocked(news) => {
                return Err(ConsumeError::Damaged(self.reading.notice(number, partition, news)));
            }
            Turn::Batches => {}
        }
        let oldest = oldest(ttl_ms, now);
        let Reading { subjects, lanes, is_several, notices, .. } = &mut self.reading;
        let (subject, lane) = (&subjects[number], &mut lanes[index]);
        let topic = &subject.topic;
        for batch in self.run.batches() {
            let header = batch.header();
            let (to, epoch) = (header.next_offset(), header.leader_epoch);
            if header.is_control() {
                lane.reached(to, epoch);
                continue;
            }
            if header.is_transactional() {
                match lane.counts(header, read_bytes, now)? {
                    Some(true) => {}
                    Some(false) => {
                        lane.reached(to, epoch);
                        continue;
                    }
                    None => return Ok(Progress::Some),
                }
            }
            match deliver(topic, lane, &batch, &mut self.scratch, oldest, &mut receive) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(Progress::Stopped),
                Err((from, error)) => {
                    let news = News::Undecodable { from, to, error };
                    let topic = named(*is_several, subject);
                    let notice = Notice { topic, partition, news };
                    if on_damage == OnDamage::Stop {
                        lane.reached(from, epoch);
                        return Err(ConsumeError::Damaged(notice));
                    }
                    notices.push(notice);
                    lane.reached(to, epoch);
                }
            }
            if lane.done {
                break;
            }
        }
        if lane.is_past(self.run.next_offset) {
            lane.finish();
        }
        Ok(Progress::Some)
    }

    /// Reads where the next record depends on more than one partition.
    #[inline(never)]
    fn read_in_order(
        &mut self,
        now: i64,
        receive: &mut dyn FnMut(Delivered<'_>) -> ControlFlow<()>,
    ) -> Result<Progress, ConsumeError> {
        let Self { reading, run, scratch, last, .. } = self;
        if let Some(selection) = last {
            let progress = selection.read(reading, (run, scratch), now, receive)?;
            if selection.is_over() {
                *last = None;
            }
            return Ok(progress);
        }
        if reading.config.order == Order::Time {
            return merge::read(reading, (run, scratch), now, receive);
        }
        Ok(Progress::Some)
    }

    /// Returns how far each partition was delivered: records that were handed out lie before it.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.reading.lanes.iter().map(|lane| Position {
            topic: lane.topic,
            topic_id: self.topic(lane.topic).object().id,
            partition: lane.partition,
            offset: lane.position,
            epoch: lane.epoch,
        })
    }

    /// Returns how many records were not handed out because they have expired.
    #[must_use]
    pub fn expired(&self) -> u64 {
        self.expired_before + self.reading.lanes.iter().map(|lane| lane.expired).sum::<u64>()
    }

    /// Returns how many offsets lie before the stops, or before the ends of the logs where there is
    /// no stop that is an offset.
    ///
    /// # Errors
    ///
    /// The topic is gone, or cannot be read.
    pub fn ahead(&mut self) -> Result<u64, ConsumeError> {
        let mut ahead = 0;
        for lane in self.reading.lanes.iter_mut().filter(|lane| !lane.done) {
            ahead += lane.ahead()?;
        }
        Ok(ahead)
    }

    /// Returns the topic that a [`Position`] names.
    ///
    /// # Panics
    ///
    /// The number is not from a position of this consumer.
    pub fn topic(&self, number: usize) -> &Topic {
        &self.reading.subjects[number].topic
    }

    /// Returns the topics that are read now.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        let there = self.reading.subjects.iter().filter(|subject| !subject.gone);
        there.map(|subject| &subject.topic)
    }

    /// Returns what there is to tell of partitions since this was last asked.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.reading.notices)
    }

    /// Returns what there is to tell of topics since this was last asked.
    pub fn take_topic_news(&mut self) -> Vec<TopicNews> {
        std::mem::take(&mut self.reading.topic_news)
    }

    /// Returns how much is held of records that were read ahead. Bytes.
    pub fn held_bytes(&self) -> usize {
        let ahead: usize = self.reading.lanes.iter().map(|lane| lane.ahead.held_bytes()).sum();
        ahead + self.last.as_ref().map_or(0, |last| last.held_bytes())
    }

    /// Waits until something may have come, a signal came, `other` is ready, or time is up.
    ///
    /// Call it when a read said that it has caught up. While nothing happens it uses no time of
    /// the processor.
    ///
    /// # Errors
    ///
    /// The topic is gone, or the system cannot watch it.
    pub fn wait(
        &mut self,
        other: Option<BorrowedFd<'_>>,
        timeout: Option<Duration>,
    ) -> Result<Woken, ConsumeError> {
        self.follower.wait(&mut self.reading, other, timeout)
    }

    /// Lets every partition that waits for a time look whether it is over.
    pub fn look_at_the_time(&mut self) {
        let waits = |lane: &&mut Lane| !lane.done && lane.until_time.is_some();
        for lane in self.reading.lanes.iter_mut().filter(waits) {
            lane.pending = true;
        }
    }

    /// Returns why new records are looked for, if nothing tells of them.
    #[must_use]
    pub fn polls_because(&self) -> Option<&'static str> {
        self.follower.watcher.polls_because()
    }

    /// Returns what ends a [`Consumer::wait`] from elsewhere.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn waker(&mut self) -> Result<Waker, ConsumeError> {
        Ok(self.follower.watcher.waker()?)
    }
}

/// What comes behind the last records begins at the end.
fn behind_last(config: ConsumerConfig) -> ConsumerConfig {
    let start = if config.last.is_some() { Start::End } else { config.start };
    ConsumerConfig { start, ..config }
}

/// Returns the time before which records have expired.
pub(super) fn oldest(ttl_ms: Option<i64>, now: i64) -> i64 {
    ttl_ms.map_or(i64::MIN, |ttl_ms| now.saturating_sub(ttl_ms))
}

/// Hands out what is wanted of a batch. An error comes with the first offset that it hides.
#[inline(always)]
pub(super) fn deliver<F>(
    topic: &Topic,
    lane: &mut Lane,
    batch: &Batch<'_>,
    scratch: &mut Scratch,
    oldest: i64,
    receive: &mut F,
) -> Result<ControlFlow<()>, (i64, DecodeError)>
where
    F: FnMut(Delivered<'_>) -> ControlFlow<()>,
{
    let header = batch.header();
    let mut offset = header.base_offset.max(lane.from_offset);
    let timestamp_type = header.timestamp_type();
    let until_offset = lane.until_offset.unwrap_or(i64::MAX);
    let until_time = lane.until_time.unwrap_or(i64::MAX);
    let records = batch.records(scratch).map_err(|error| (offset, error))?;
    for record in records {
        let record = record.map_err(|error| (offset, error))?;
        if record.offset < lane.from_offset {
            continue;
        }
        if record.offset >= until_offset || record.timestamp >= until_time {
            lane.finish();
            lane.reached(record.offset.min(until_offset), header.leader_epoch);
            return Ok(ControlFlow::Continue(()));
        }
        offset = record.offset + 1;
        if let Some(from_time) = lane.from_time {
            if record.timestamp < from_time {
                continue;
            }
            lane.from_time = None;
        }
        // A record without a timestamp never expires.
        if record.timestamp < oldest && record.timestamp >= 0 {
            lane.expired += 1;
            continue;
        }
        let leader_epoch = header.leader_epoch;
        let partition = lane.partition;
        let delivered = Delivered { topic, partition, timestamp_type, leader_epoch, record };
        if receive(delivered).is_break() {
            lane.reached(offset, header.leader_epoch);
            return Ok(ControlFlow::Break(()));
        }
    }
    lane.reached(header.next_offset(), header.leader_epoch);
    Ok(ControlFlow::Continue(()))
}
