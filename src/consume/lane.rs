//! One partition being read: where it starts, where it stops, and how far it is.

use crate::log::{BatchRun, Step};
use crate::record::BatchHeader;
use crate::store::{PartitionReader, StoreError, Topic};

use super::ahead::Ahead;
use super::error::{ConsumeError, News};
use super::follow::Watches;
use super::place::{ConsumerConfig, OnDamage, Start, Until};
use super::transactions::{Fate, Fates};

/// A partition on its way from its start to its stop.
#[derive(Debug)]
pub(super) struct Lane {
    /// Which of the topics.
    pub(super) topic: usize,
    pub(super) partition: u32,
    /// Its place among all lanes by name of the topic and number.
    pub(super) rank: u32,
    pub(super) reader: PartitionReader,
    /// Records with lower offsets are not delivered.
    pub(super) from_offset: i64,
    /// The offset behind everything that was delivered or is not to be.
    pub(super) position: i64,
    /// The epoch of the batch before it; −1 if none was read.
    pub(super) epoch: i32,
    /// Records that were passed over because of their age.
    pub(super) expired: u64,
    /// Records before the first one of this time are not delivered. `None` once that was found.
    pub(super) from_time: Option<i64>,
    /// This record and those after it are not delivered.
    pub(super) until_offset: Option<i64>,
    /// The stop was the end of the log: should the log go back, so does the stop.
    until_end: bool,
    /// The first record of this time and those after it are not delivered.
    pub(super) until_time: Option<i64>,
    /// There may be something to read.
    pub(super) pending: bool,
    /// The stop is reached.
    pub(super) done: bool,
    pub(super) watches: Watches,
    /// What became of transactions, if only committed ones count.
    fates: Option<Fates>,
    /// The stop lies at or before the end as it was: an open transaction is as good.
    until_present: bool,
    /// Records that are to be merged with those of other lanes.
    pub(super) ahead: Ahead,
}

/// What one read of a lane brought.
#[derive(Debug)]
pub(super) enum Turn {
    /// Batches are in the run.
    Batches,
    /// Nothing more for now.
    Nothing,
    /// Something to tell; there may be more.
    News(News),
    /// Damage that is not to be stepped over.
    Blocked(News),
}

impl Lane {
    /// Opens a partition at its start: `place` is the number of its topic, and its own.
    pub(super) fn open(
        place: (usize, u32),
        topic: &Topic,
        start: Start,
        config: &ConsumerConfig,
    ) -> Result<(Self, Option<News>), ConsumeError> {
        let until = config.until;
        let (number, partition) = place;
        let fates = match config.committed_only {
            true => Some(Fates::new(topic, partition)?),
            false => None,
        };
        let mut lane = Self {
            topic: number,
            partition,
            rank: 0,
            reader: topic.reader(partition)?,
            from_offset: 0,
            position: 0,
            epoch: -1,
            expired: 0,
            from_time: None,
            until_offset: None,
            until_end: matches!(until, Some(Until::End)),
            until_time: None,
            pending: true,
            done: false,
            watches: Watches::default(),
            fates,
            until_present: matches!(until, Some(Until::End | Until::BeforeEnd(_))),
            ahead: Ahead::default(),
        };
        let news = lane.place(start, until)?;
        Ok((lane, news))
    }

    /// Opens a partition that was added after the consumer was made: nothing that is in it was
    /// there then, so the end as it was then is its beginning.
    pub(super) fn open_added(
        place: (usize, u32),
        topic: &Topic,
        config: &ConsumerConfig,
    ) -> Result<Self, ConsumeError> {
        let start = match config.start {
            Start::Beginning | Start::End | Start::BeforeEnd(_) => Start::Beginning,
            start @ (Start::Offset(_) | Start::Time(_)) => start,
        };
        let until = config.until.map(|until| match until {
            Until::Beginning | Until::End | Until::BeforeEnd(_) => Until::Beginning,
            Until::Offset(_) | Until::Time(_) => until,
        });
        let config = ConsumerConfig { until, ..*config };
        let (lane, _) = Self::open(place, topic, start, &config)?;
        Ok(lane)
    }

    fn place(&mut self, start: Start, until: Option<Until>) -> Result<Option<News>, StoreError> {
        // The end first: what is written meanwhile comes after it.
        let end = self.reader.end_offset()?;
        let first = self.reader.start_offset()?.min(end);
        match until {
            None => {}
            Some(Until::Beginning) => self.until_offset = Some(first),
            Some(Until::End) => self.until_offset = Some(end),
            Some(Until::Offset(offset)) => self.until_offset = Some(offset),
            Some(Until::BeforeEnd(count)) => {
                self.until_offset = Some(end.saturating_sub(count).max(first));
            }
            Some(Until::Time(time)) => self.until_time = Some(time),
        }
        let mut news = None;
        let wanted = match start {
            Start::Beginning => first,
            Start::End => end,
            Start::BeforeEnd(count) => end.saturating_sub(count).max(first),
            Start::Offset(offset) if offset < first => {
                news = Some(News::Trimmed { from: offset, to: first });
                first
            }
            Start::Offset(offset) => offset,
            Start::Time(_) => first,
        };
        self.from_offset = wanted;
        self.position = wanted;
        if let Start::Time(time) = start {
            self.from_time = Some(time);
            self.reader.seek_time(time)?;
        } else if wanted > first {
            self.reader.seek(wanted.min(end))?;
        }
        if self.until_offset.is_some_and(|until| wanted >= until) {
            self.finish();
        }
        Ok(news)
    }

    /// Reads on into `run`.
    pub(super) fn read(
        &mut self,
        run: &mut BatchRun,
        want_bytes: usize,
        now: i64,
        on_damage: OnDamage,
    ) -> Result<Turn, ConsumeError> {
        let step = self.reader.read(run, want_bytes)?;
        match step {
            Step::Batches => Ok(Turn::Batches),
            Step::End => {
                self.pending = false;
                let time_is_over = self.until_time.is_some_and(|until| now >= until);
                if time_is_over || self.is_past(self.reader.offset()) {
                    self.finish();
                }
                Ok(Turn::Nothing)
            }
            Step::Damaged(damage) => {
                if on_damage == OnDamage::Stop {
                    return Ok(Turn::Blocked(News::Damaged(damage)));
                }
                let to = damage.to_offset;
                Ok(self.after(to, News::Damaged(damage)))
            }
            Step::Trimmed { from, to } => Ok(self.after(to, News::Trimmed { from, to })),
            Step::WentBack { from, to } => {
                self.from_offset = self.from_offset.min(to);
                if self.until_end {
                    self.until_offset = self.until_offset.map(|until| until.min(to));
                }
                Ok(self.after(to, News::WentBack { from, to }))
            }
            Step::Gone => Err(ConsumeError::Gone { topic: self.reader.topic().name().clone() }),
        }
    }

    fn after(&mut self, offset: i64, news: News) -> Turn {
        self.position = offset;
        if self.is_past(offset) {
            self.finish();
        }
        Turn::News(news)
    }

    /// Tells whether a transactional batch is to be delivered. If nobody knows yet, `None`: reading
    /// then goes on with this batch, when something has come.
    pub(super) fn counts(
        &mut self,
        batch: &BatchHeader,
        want_bytes: usize,
        now: i64,
    ) -> Result<Option<bool>, StoreError> {
        let Some(fates) = &mut self.fates else { return Ok(Some(true)) };
        match fates.of(batch, want_bytes)? {
            Fate::Committed => return Ok(Some(true)),
            Fate::Aborted => return Ok(Some(false)),
            Fate::Open => {}
        }
        let offset = batch.base_offset;
        self.reader.seek(offset)?;
        self.from_offset = self.from_offset.max(offset);
        self.pending = false;
        if self.until_present || self.until_time.is_some_and(|until| now >= until) {
            self.finish();
        }
        Ok(None)
    }

    /// Remembers how far the records of a batch were delivered.
    #[inline]
    pub(super) fn reached(&mut self, offset: i64, epoch: i32) {
        if offset > self.position {
            (self.position, self.epoch) = (offset, epoch);
        }
    }

    /// Whether nothing at or after `offset` is wanted.
    pub(super) fn is_past(&self, offset: i64) -> bool {
        self.until_offset.is_some_and(|until| offset >= until)
    }

    /// How many offsets lie between the position and the stop, or the end of the log.
    pub(super) fn ahead(&mut self) -> Result<u64, StoreError> {
        let stop = match self.until_offset {
            Some(offset) => offset,
            None => self.reader.end_offset()?,
        };
        Ok(u64::try_from(stop.saturating_sub(self.position)).unwrap_or(0))
    }

    pub(super) fn finish(&mut self) {
        self.done = true;
        self.pending = false;
    }
}
