//! Reading all partitions of a topic in turns, handing out records without copying them.

use std::ops::ControlFlow;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::fs::Waker;
use crate::log::BatchRun;
use crate::record::{Batch, DecodeError, Record, Scratch, TimestampType};
use crate::store::Topic;

use super::error::{ConsumeError, News, Notice};
use super::follow::{Followed, Follower, Woken};
use super::lane::{Lane, Turn};
use super::place::{ConsumerConfig, OnDamage, Start};

/// A record and where it is.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'r> {
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
    /// The partition.
    pub partition: u32,
    /// The offset of the next record.
    pub offset: i64,
    /// The epoch of the batch before it; −1 if this consumer has not read it.
    pub epoch: i32,
}

/// Reads a topic, one partition or all: the records of each in the order of their offsets.
pub struct Consumer {
    topic: Topic,
    config: ConsumerConfig,
    lanes: Vec<Lane>,
    /// The lane that is looked at next.
    turn: usize,
    run: BatchRun,
    scratch: Scratch,
    notices: Vec<Notice>,
    follower: Follower,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer").field("config", &self.config).finish_non_exhaustive()
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
        let wanted = match config.partition {
            Some(partition) => partition..=partition,
            None => 0..=topic.partitions() - 1,
        };
        let mut lanes = Vec::new();
        let mut notices = Vec::new();
        for partition in wanted {
            let (lane, notice) = Lane::open(&topic, partition, start(partition), &config)?;
            lanes.push(lane);
            notices.extend(notice);
        }
        Ok(Self {
            topic,
            config,
            lanes,
            turn: 0,
            run: BatchRun::default(),
            scratch: Scratch::default(),
            notices,
            follower: Follower::default(),
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
        let lanes = self.lanes.len();
        let next = (0..lanes)
            .map(|step| (self.turn + step) % lanes)
            .find(|index| self.lanes[*index].pending);
        let Some(index) = next else {
            let done = self.lanes.iter().all(|lane| lane.done);
            return Ok(if done { Progress::Done } else { Progress::CaughtUp });
        };
        self.turn = (index + 1) % lanes;
        let lane = &mut self.lanes[index];
        let want_bytes = self.config.read_bytes;
        match lane.read(&mut self.run, want_bytes, now, self.config.on_damage)? {
            Turn::Nothing => return Ok(Progress::Some),
            Turn::News(news) => {
                self.notices.push(Notice { partition: lane.partition, news });
                return Ok(Progress::Some);
            }
            Turn::Blocked(news) => {
                return Err(ConsumeError::Damaged(Notice { partition: lane.partition, news }));
            }
            Turn::Batches => {}
        }
        let oldest = self.config.ttl_ms.map_or(i64::MIN, |ttl_ms| now.saturating_sub(ttl_ms));
        for batch in self.run.batches() {
            let header = batch.header();
            let (to, epoch) = (header.next_offset(), header.leader_epoch);
            if header.is_control() {
                lane.reached(to, epoch);
                continue;
            }
            if header.is_transactional() {
                match lane.counts(header, want_bytes, now)? {
                    Some(true) => {}
                    Some(false) => {
                        lane.reached(to, epoch);
                        continue;
                    }
                    None => return Ok(Progress::Some),
                }
            }
            match deliver(lane, &batch, &mut self.scratch, oldest, &mut receive) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(Progress::Stopped),
                Err((from, error)) => {
                    let news = News::Undecodable { from, to, error };
                    let notice = Notice { partition: lane.partition, news };
                    if self.config.on_damage == OnDamage::Stop {
                        lane.reached(from, epoch);
                        return Err(ConsumeError::Damaged(notice));
                    }
                    self.notices.push(notice);
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

    /// Returns how far each partition was delivered: records that were handed out lie before it.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.lanes.iter().map(|lane| Position {
            partition: lane.partition,
            offset: lane.position,
            epoch: lane.epoch,
        })
    }

    /// Returns how many records were not handed out because they have expired.
    #[must_use]
    pub fn expired(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.expired).sum()
    }

    /// Returns how many offsets lie before the stops, or before the ends of the logs where there is
    /// no stop that is an offset.
    ///
    /// # Errors
    ///
    /// The topic is gone, or cannot be read.
    pub fn ahead(&mut self) -> Result<u64, ConsumeError> {
        let mut ahead = 0;
        for lane in self.lanes.iter_mut().filter(|lane| !lane.done) {
            ahead += lane.ahead()?;
        }
        Ok(ahead)
    }

    /// Returns what there is to tell since this was last asked.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
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
        let Self { topic, config, lanes, follower, .. } = self;
        follower.wait(&mut Followed { topic, config, lanes }, other, timeout)
    }

    /// Lets every partition that waits for a time look whether it is over.
    pub fn look_at_the_time(&mut self) {
        for lane in self.lanes.iter_mut().filter(|lane| !lane.done && lane.until_time.is_some()) {
            lane.pending = true;
        }
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

/// Hands out what is wanted of a batch. An error comes with the first offset that it hides.
#[inline(always)]
fn deliver<F>(
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
        let delivered = Delivered { partition, timestamp_type, leader_epoch, record };
        if receive(delivered).is_break() {
            lane.reached(offset, header.leader_epoch);
            return Ok(ControlFlow::Break(()));
        }
    }
    lane.reached(header.next_offset(), header.leader_epoch);
    Ok(ControlFlow::Continue(()))
}
