//! Knowing when a topic has something new: which files and directories to watch.
//!
//! A segment is watched for what is written to it, a directory only for comings and goings. The
//! order is always: watch, read to the end, wait.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::fs::{Wake, WatchId, Watcher};
use crate::store::{StoreError, Topic};

use super::error::ConsumeError;
use super::lane::Lane;
use super::place::ConsumerConfig;

/// What is watched of one partition.
#[derive(Debug, Default)]
pub(super) struct Watches {
    dir: Option<WatchId>,
    /// The segment being read and those after it, which may still be empty, by base offset.
    segments: Vec<(i64, WatchId)>,
    /// The directory changed since its segments were looked at.
    stale: bool,
}

/// Why waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// There may be something to read.
    Changed,
    /// Nothing came in the given time.
    TimedOut,
    /// A signal, or [`Waker`](crate::fs::Waker).
    Signal,
    /// The other handle is ready.
    Other,
}

/// What is followed: a topic and the partitions of it that are read.
pub(super) struct Followed<'c> {
    /// The topic as it was last looked at.
    pub(super) topic: &'c mut Topic,
    pub(super) config: &'c ConsumerConfig,
    pub(super) lanes: &'c mut Vec<Lane>,
}

/// Watches a topic.
#[derive(Debug, Default)]
pub(super) struct Follower {
    pub(super) watcher: Watcher,
    topic: Option<WatchId>,
}

impl Follower {
    /// Watches whatever is not watched yet. `true` if that was anything: then read again first.
    fn watch_all(&mut self, followed: &mut Followed<'_>) -> Result<bool, ConsumeError> {
        let mut any = false;
        if self.topic.is_none() {
            self.topic = Some(self.watcher.watch_dir(followed.topic.directory())?);
            // Partitions may have been added and written before anybody watched.
            followed.look_again()?;
            for lane in followed.lanes.iter_mut().filter(|lane| !lane.done) {
                lane.pending = true;
            }
            any = true;
        }
        for lane in followed.lanes.iter_mut().filter(|lane| !lane.done) {
            if self.watch(lane)? {
                lane.pending = true;
                any = true;
            }
        }
        Ok(any)
    }

    fn watch(&mut self, lane: &mut Lane) -> Result<bool, ConsumeError> {
        let Some(log) = lane.reader.log() else { return Ok(false) };
        let watches = &mut lane.watches;
        let mut any = false;
        if watches.dir.is_none() {
            watches.dir = Some(self.watcher.watch_dir(log.dir())?);
            watches.stale = true;
            any = true;
        }
        if !std::mem::take(&mut watches.stale) {
            return Ok(any);
        }
        let segments = log.segments().map_err(StoreError::from)?;
        let offset = lane.reader.offset();
        let reading = segments.iter().rfind(|segment| segment.base <= offset);
        let reading = reading.map_or(0, |segment| segment.base);
        watches.segments.retain(|(base, id)| {
            let keep = *base >= reading;
            if !keep {
                self.watcher.unwatch(*id);
            }
            keep
        });
        for segment in segments.iter().filter(|segment| segment.base >= reading) {
            if watches.segments.iter().any(|(base, _)| *base == segment.base) {
                continue;
            }
            // It may be gone again: the directory says so.
            let Ok(file) = log.segment_file(segment.base) else { continue };
            watches.segments.push((segment.base, self.watcher.watch_file(&file)?));
            any = true;
        }
        Ok(any)
    }

    /// Waits until something may have come. See [`Consumer::wait`](super::Consumer::wait).
    pub(super) fn wait(
        &mut self,
        followed: &mut Followed<'_>,
        other: Option<BorrowedFd<'_>>,
        timeout: Option<Duration>,
    ) -> Result<Woken, ConsumeError> {
        if self.watch_all(followed)? {
            return Ok(Woken::Changed);
        }
        let wake = match other {
            Some(other) => self.watcher.wait_or_readable(other, timeout)?,
            None => self.watcher.wait(timeout)?,
        };
        match wake {
            Wake::Changed(changes) => {
                for change in changes {
                    self.note(change.id, followed)?;
                }
                Ok(Woken::Changed)
            }
            Wake::Overflow => {
                followed.look_again()?;
                for lane in followed.lanes.iter_mut().filter(|lane| !lane.done) {
                    lane.pending = true;
                    lane.watches.stale = true;
                }
                Ok(Woken::Changed)
            }
            Wake::TimedOut => Ok(Woken::TimedOut),
            Wake::Interrupted | Wake::Woken => Ok(Woken::Signal),
            Wake::Readable => Ok(Woken::Other),
        }
    }

    fn note(&self, id: WatchId, followed: &mut Followed<'_>) -> Result<(), ConsumeError> {
        if self.topic == Some(id) {
            return followed.look_again();
        }
        for lane in followed.lanes.iter_mut().filter(|lane| !lane.done) {
            let watches = &mut lane.watches;
            if watches.dir == Some(id) {
                watches.stale = true;
                lane.pending = true;
            } else if watches.segments.iter().any(|(_, segment)| *segment == id) {
                lane.pending = true;
            }
        }
        Ok(())
    }
}

impl Followed<'_> {
    /// Looks whether the topic is still there, and whether it has more partitions.
    fn look_again(&mut self) -> Result<(), ConsumeError> {
        *self.topic = self.topic.refreshed()?;
        for lane in self.lanes.iter_mut().filter(|lane| !lane.done && lane.reader.log().is_none()) {
            lane.pending = true;
        }
        if self.config.partition.is_none() {
            for partition in self.lanes.len()..self.topic.partitions() as usize {
                let lane = Lane::open_added(self.topic, partition as u32, self.config)?;
                self.lanes.push(lane);
            }
        }
        Ok(())
    }
}
