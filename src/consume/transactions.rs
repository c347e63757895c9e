//! Which transactional batches count: those whose transaction was committed.
//!
//! What became of a transaction stands behind its batches, in a control batch of its producer. So a
//! second reader runs ahead, as far as the next such batch, and remembers those that it passes.

use std::collections::VecDeque;

use crate::log::{BatchRun, Step};
use crate::record::{Batch, BatchHeader, Scratch};
use crate::store::{PartitionReader, StoreError, Topic};

/// What became of the transaction that a batch belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its records count.
    Committed,
    /// Its records never were.
    Aborted,
    /// Nobody knows yet.
    Open,
}

/// The end of a transaction.
#[derive(Clone, Copy, Debug)]
struct Marker {
    offset: i64,
    producer_id: i64,
    fate: Fate,
}

/// Looks ahead in one partition.
#[derive(Debug)]
pub(super) struct Fates {
    ahead: PartitionReader,
    is_placed: bool,
    run: BatchRun,
    scratch: Scratch,
    /// Ends of transactions that were found ahead of the batches last asked about, in their order.
    markers: VecDeque<Marker>,
}

impl Fates {
    pub(super) fn new(topic: &Topic, partition: u32) -> Result<Self, StoreError> {
        Ok(Self {
            ahead: topic.reader(partition)?,
            is_placed: false,
            run: BatchRun::default(),
            scratch: Scratch::default(),
            markers: VecDeque::new(),
        })
    }

    /// Finds out what became of a transactional batch. `want_bytes` are read ahead at a time.
    ///
    /// Ask about batches in their order; those before the one asked about are forgotten.
    ///
    /// # Errors
    ///
    /// The topic is gone, or cannot be read.
    pub(super) fn of(
        &mut self,
        batch: &BatchHeader,
        want_bytes: usize,
    ) -> Result<Fate, StoreError> {
        while self.markers.front().is_some_and(|marker| marker.offset < batch.base_offset) {
            self.markers.pop_front();
        }
        let is_its_own = |marker: &&Marker| marker.producer_id == batch.producer_id;
        if let Some(marker) = self.markers.iter().find(is_its_own) {
            return Ok(marker.fate);
        }
        if !self.is_placed || self.ahead.offset() < batch.base_offset {
            self.ahead.seek(batch.base_offset)?;
            self.is_placed = true;
        }
        loop {
            match self.ahead.read(&mut self.run, want_bytes)? {
                Step::Batches => {}
                // A lost end of a transaction leaves it open until the producer ends another.
                Step::Damaged(_) | Step::Trimmed { .. } => continue,
                Step::WentBack { .. } => {
                    self.markers.clear();
                    continue;
                }
                Step::End => return Ok(Fate::Open),
                Step::Gone => {
                    let topic = self.ahead.topic().name().clone();
                    return Err(StoreError::TopicGone { topic });
                }
            }
            let known = self.markers.len();
            for batch in self.run.batches() {
                self.markers.extend(marker(&batch, &mut self.scratch));
            }
            let behind = |marker: &&Marker| marker.offset > batch.base_offset;
            let found = self.markers.iter().skip(known);
            if let Some(marker) = found.filter(is_its_own).find(behind) {
                return Ok(marker.fate);
            }
        }
    }
}

/// Returns the end of a transaction if a batch is one.
fn marker(batch: &Batch<'_>, scratch: &mut Scratch) -> Option<Marker> {
    let header = batch.header();
    if !header.is_control() {
        return None;
    }
    let record = batch.records(scratch).ok()?.next()?.ok()?;
    // Version, then type; other types mean nothing to readers.
    let fate = match record.key? {
        [_, _, 0, 0, ..] => Fate::Aborted,
        [_, _, 0, 1, ..] => Fate::Committed,
        _ => return None,
    };
    Some(Marker { offset: record.offset, producer_id: header.producer_id, fate })
}
