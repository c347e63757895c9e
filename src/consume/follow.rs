//! Knowing when topics have something new: which files and directories to watch.
//!
//! A segment is watched for what is written to it, a directory only for comings and goings. The
//! order is always: watch, read to the end, wait.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::fs::{Wake, WatchId, Watcher};
use crate::store::StoreError;

use super::error::ConsumeError;
use super::lane::Lane;
use super::topics::Reading;

/// What is watched of one partition.
#[derive(Debug, Default)]
pub(super) struct Watches {
    dir: Option<WatchId>,
    /// The segment being read and those after it, which may still be empty, by base offset.
    segments: Vec<(i64, WatchId)>,
    /// The directory changed since its segments were looked at.
    stale: bool,
}

impl Watches {
    pub(super) fn all(&self) -> impl Iterator<Item = WatchId> {
        self.dir.into_iter().chain(self.segments.iter().map(|(_, id)| *id))
    }
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

/// Watches topics, and the directory that they come to.
#[derive(Debug, Default)]
pub(super) struct Follower {
    pub(super) watcher: Watcher,
    /// The directory of all topics, where new ones are of interest.
    topics: Option<WatchId>,
}

impl Follower {
    /// Watches whatever is not watched yet. `true` if that was anything: then read again first.
    fn watch_all(&mut self, reading: &mut Reading) -> Result<bool, ConsumeError> {
        let mut any = false;
        if self.topics.is_none()
            && let Some(subscription) = &reading.subscription
        {
            let dir = subscription.stream.topics_directory().clone();
            self.topics = Some(self.watcher.watch_dir(&dir)?);
            // Topics may have come before anybody watched.
            reading.find_topics(true)?;
            any = true;
        }
        for index in 0..reading.subjects.len() {
            let subject = &mut reading.subjects[index];
            if subject.gone || subject.watch.is_some() {
                continue;
            }
            subject.watch = Some(self.watcher.watch_dir(subject.topic.directory())?);
            // Partitions may have been added and written before anybody watched.
            reading.look_again(index)?;
            let lanes = reading.lanes.iter_mut().filter(|lane| lane.topic == index && !lane.done);
            lanes.for_each(|lane| lane.pending = true);
            any = true;
        }
        let mut lost = Vec::new();
        for lane in reading.lanes.iter_mut().filter(|lane| !lane.done) {
            match self.watch(lane) {
                Ok(true) => {
                    lane.pending = true;
                    any = true;
                }
                Ok(false) => {}
                // Whoever deletes a topic is not waited for.
                Err(error) => match reading.subjects[lane.topic].topic.refreshed() {
                    Err(StoreError::TopicGone { topic }) => lost.push((lane.topic, topic)),
                    _ => return Err(error),
                },
            }
        }
        for (index, topic) in lost {
            reading.lose(index, topic)?;
            any = true;
        }
        for id in reading.unwatched.drain(..) {
            self.watcher.unwatch(id);
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
        reading: &mut Reading,
        other: Option<BorrowedFd<'_>>,
        timeout: Option<Duration>,
    ) -> Result<Woken, ConsumeError> {
        if self.watch_all(reading)? {
            return Ok(Woken::Changed);
        }
        let wake = match other {
            Some(other) => self.watcher.wait_or_readable(other, timeout)?,
            None => self.watcher.wait(timeout)?,
        };
        match wake {
            Wake::Changed(changes) => {
                for change in changes {
                    self.note(change.id, reading)?;
                }
                Ok(Woken::Changed)
            }
            Wake::Overflow => {
                reading.find_topics(true)?;
                for index in 0..reading.subjects.len() {
                    reading.look_again(index)?;
                }
                for lane in reading.lanes.iter_mut().filter(|lane| !lane.done) {
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

    fn note(&self, id: WatchId, reading: &mut Reading) -> Result<(), ConsumeError> {
        if self.topics == Some(id) {
            return reading.find_topics(true);
        }
        if let Some(index) = reading.subjects.iter().position(|topic| topic.watch == Some(id)) {
            return reading.look_again(index);
        }
        for lane in reading.lanes.iter_mut().filter(|lane| !lane.done) {
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
