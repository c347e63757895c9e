//! The newest records of all partitions together, in the order of their times.
//!
//! First only their places are found, with as much of each partition as that takes: its last
//! records, and what stands before them as far as the index says that it may be as new. Then the
//! records are read again and delivered in portions of `merge_bytes`. So memory is a place (32
//! bytes) for each record and one portion, whatever the records hold and however the times of a
//! partition go up and down.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use crate::log::{BatchRun, LogError, Step};
use crate::record::{BatchHeader, DecodeError, Record, Scratch};
use crate::store::{PartitionReader, StoreError};

use super::ahead::Ahead;
use super::consumer::{Delivered, Progress, oldest};
use super::error::{ConsumeError, News};
use super::place::OnDamage;
use super::topics::Reading;

/// Where one of the newest records is. In the order of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    timestamp: i64,
    /// Spans are in the order of topics' names and partitions.
    span: usize,
    offset: i64,
    bytes: u32,
}

/// The part of one partition that is looked at: what was there at the beginning, up to the stop.
#[derive(Debug)]
struct Span {
    topic: usize,
    partition: u32,
    first: i64,
    /// From here on it was searched.
    tail: i64,
    end: i64,
    until_time: Option<i64>,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Looking for the first record of the time at which to stop.
    Stop,
    /// Searching the last records of each partition.
    Tail,
    /// Searching before them.
    Before,
    /// Reading the chosen ones again.
    Fetch,
    Over,
}

/// A span being searched.
#[derive(Debug)]
struct Scan {
    reader: PartitionReader,
    from: i64,
    to: i64,
}

/// A portion of the chosen records.
#[derive(Debug, Default)]
struct Portion {
    /// Their places among the chosen ones, in the order in which they are read.
    wanted: Vec<usize>,
    /// How many of these were found or given up.
    at: usize,
    held: Ahead,
    /// Which of the held ones stands for each of the portion.
    slots: Vec<Option<usize>>,
    reader: Option<(usize, PartitionReader)>,
}

/// Delivers the newest records.
#[derive(Debug)]
pub(super) struct Last {
    count: usize,
    spans: Vec<Span>,
    stage: Stage,
    /// The span that is next in this stage.
    span: usize,
    scan: Option<Scan>,
    /// The oldest one on top.
    best: BinaryHeap<Reverse<Choice>>,
    chosen: Vec<Choice>,
    /// How many of them were delivered.
    delivered: usize,
    portion: Portion,
}

impl Last {
    /// Looks at lanes that stand at their ends.
    pub(super) fn new(count: u64, reading: &Reading) -> Result<Self, ConsumeError> {
        let mut lanes: Vec<_> = reading.lanes.iter().collect();
        lanes.sort_by_key(|lane| lane.rank);
        let mut spans = Vec::with_capacity(lanes.len());
        for lane in lanes {
            let topic = &reading.subjects[lane.topic].topic;
            let reader = topic.reader(lane.partition);
            let first = match reader.and_then(|mut reader| reader.start_offset()) {
                // Its lane will tell.
                Err(StoreError::TopicGone { .. }) if reading.is_several => continue,
                outcome => outcome?,
            };
            let end = lane.until_offset.map_or(lane.from_offset, |end| end.min(lane.from_offset));
            spans.push(Span {
                topic: lane.topic,
                partition: lane.partition,
                first: first.min(end),
                tail: end,
                end,
                until_time: lane.until_time,
            });
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(Self {
            count,
            spans,
            stage: if count == 0 { Stage::Over } else { Stage::Stop },
            span: 0,
            scan: None,
            best: BinaryHeap::new(),
            chosen: Vec::new(),
            delivered: 0,
            portion: Portion::default(),
        })
    }

    /// True once everything was delivered.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.portion.held.held_bytes()
    }

    /// Does the next piece of the work.
    pub(super) fn read(
        &mut self,
        reading: &mut Reading,
        buffers: (&mut BatchRun, &mut Scratch),
        now: i64,
        receive: &mut dyn FnMut(Delivered<'_>) -> ControlFlow<()>,
    ) -> Result<Progress, ConsumeError> {
        let outcome = match self.stage {
            Stage::Over => return Ok(Progress::Some),
            Stage::Fetch => self.fetch(reading, buffers, receive),
            Stage::Stop | Stage::Tail | Stage::Before => match &self.scan {
                Some(_) => self.search(reading, buffers, now),
                None => self.next_span(reading),
            },
        };
        match outcome {
            Err(ConsumeError::Gone { topic }) => {
                let is_gone = |subject: &super::topics::Subject| *subject.topic.name() == topic;
                let index = reading.subjects.iter().rposition(is_gone);
                let Some(index) = index else { return Err(ConsumeError::Gone { topic }) };
                reading.lose(index, topic)?;
                self.forget(index);
                Ok(Progress::Some)
            }
            outcome => outcome,
        }
    }

    /// Begins with the next span, or the next stage.
    fn next_span(&mut self, reading: &mut Reading) -> Result<Progress, ConsumeError> {
        let Some(span) = self.spans.get_mut(self.span) else {
            self.span = 0;
            self.stage = match self.stage {
                Stage::Stop => Stage::Tail,
                Stage::Tail => Stage::Before,
                _ => {
                    let best = std::mem::take(&mut self.best);
                    self.chosen = best.into_iter().map(|Reverse(choice)| choice).collect();
                    self.chosen.sort_unstable();
                    Stage::Fetch
                }
            };
            return Ok(Progress::Some);
        };
        self.span += 1;
        let topic = &reading.subjects[span.topic].topic;
        let open = || topic.reader(span.partition);
        let (reader, from, to) = match (self.stage, span.until_time) {
            (Stage::Stop, None) => return Ok(Progress::Some),
            (Stage::Stop, Some(time)) => {
                let mut reader = open()?;
                reader.seek_time(time)?;
                (reader, span.first, span.end)
            }
            (Stage::Tail, _) => {
                let count = i64::try_from(self.count).unwrap_or(i64::MAX);
                span.tail = span.end.saturating_sub(count).max(span.first);
                (reader_at(open()?, span.tail)?, span.tail, span.end)
            }
            _ => {
                let to = span.tail;
                if to <= span.first {
                    return Ok(Progress::Some);
                }
                let mut reader = open()?;
                match self.best.peek() {
                    // Older ones are not wanted, and of equal times only those behind it.
                    Some(Reverse(oldest)) if self.best.len() >= self.count => {
                        let is_before = self.span - 1 <= oldest.span;
                        reader.seek_time(oldest.timestamp.saturating_add(is_before.into()))?;
                    }
                    _ => {}
                }
                (reader, span.first, to)
            }
        };
        if from < to && reader.offset() < to {
            self.scan = Some(Scan { reader, from, to });
        }
        Ok(Progress::Some)
    }

    /// Reads on in a span, one run.
    fn search(
        &mut self,
        reading: &mut Reading,
        (run, scratch): (&mut BatchRun, &mut Scratch),
        now: i64,
    ) -> Result<Progress, ConsumeError> {
        let Some(mut scan) = self.scan.take() else { return Ok(Progress::Some) };
        let index = self.span - 1;
        let (number, partition) = (self.spans[index].topic, self.spans[index].partition);
        let until_time = self.spans[index].until_time.filter(|_| self.stage == Stage::Stop);
        let oldest = oldest(reading.config.ttl_ms, now);
        let (from, to) = (scan.from, scan.to);
        let news = match scan.reader.read(run, reading.config.read_bytes)? {
            Step::Batches => {
                let mut stop = None;
                let visit = &mut |record: Record<'_>, _: &BatchHeader| {
                    if record.offset < from {
                        return ControlFlow::Continue(());
                    }
                    if record.offset >= to {
                        return ControlFlow::Break(());
                    }
                    match until_time {
                        Some(time) if record.timestamp >= time => {
                            stop = Some(record.offset);
                            return ControlFlow::Break(());
                        }
                        Some(_) => {}
                        None if record.timestamp < oldest && record.timestamp >= 0 => {}
                        None => self.offer(index, &record),
                    }
                    ControlFlow::Continue(())
                };
                let (is_over, faults) = each_record(run, scratch, visit);
                let has_stopped = stop.is_some();
                if let Some(offset) = stop {
                    self.spans[index].end = offset;
                    let mut lanes = reading.lanes.iter_mut();
                    lanes
                        .find(|lane| (lane.topic, lane.partition) == (number, partition))
                        .into_iter()
                        .for_each(super::lane::Lane::finish);
                }
                if !is_over && !has_stopped && run.next_offset < to {
                    self.scan = Some(scan);
                }
                let told = faults.into_iter().map(|(from, to, error)| News::Undecodable {
                    from,
                    to,
                    error,
                });
                told.collect()
            }
            Step::End | Step::WentBack { .. } => Vec::new(),
            Step::Gone => return Err(gone(&scan.reader)),
            Step::Damaged(damage) => {
                self.scan = Some(scan).filter(|_| damage.to_offset < to);
                vec![News::Damaged(damage)]
            }
            // Retention removes what is old: it is not missed among the newest.
            Step::Trimmed { .. } => {
                self.scan = Some(scan);
                Vec::new()
            }
        };
        // What is looked at twice is told once.
        for news in news.into_iter().filter(|_| self.stage != Stage::Stop) {
            if reading.config.on_damage == OnDamage::Stop {
                return Err(ConsumeError::Damaged(reading.notice(number, partition, news)));
            }
            reading.tell(number, partition, Some(news));
        }
        Ok(Progress::Some)
    }

    /// Keeps a place if it is among the newest so far.
    fn offer(&mut self, span: usize, record: &Record<'_>) {
        let choice = Choice {
            timestamp: record.timestamp,
            span,
            offset: record.offset,
            bytes: u32::try_from(Ahead::bytes_of(record)).unwrap_or(u32::MAX),
        };
        if self.best.len() < self.count {
            self.best.push(Reverse(choice));
        } else if let Some(mut oldest) = self.best.peek_mut()
            && oldest.0 < choice
        {
            *oldest = Reverse(choice);
        }
    }

    /// A topic was deleted: what was chosen of it is not there any more.
    fn forget(&mut self, topic: usize) {
        let is_there = |choice: &Choice| self.spans[choice.span].topic != topic;
        self.best.retain(|Reverse(choice)| is_there(choice));
        let delivered = self.delivered.min(self.chosen.len());
        let mut rest = self.chosen.split_off(delivered);
        rest.retain(is_there);
        self.chosen.append(&mut rest);
        for span in self.spans.iter_mut().filter(|span| span.topic == topic) {
            (span.first, span.tail, span.until_time) = (span.end, span.end, None);
        }
        self.scan = None;
        self.portion = Portion::default();
    }

    /// Reads on in the portion, one run; delivers it once it is whole.
    fn fetch(
        &mut self,
        reading: &mut Reading,
        (run, scratch): (&mut BatchRun, &mut Scratch),
        receive: &mut dyn FnMut(Delivered<'_>) -> ControlFlow<()>,
    ) -> Result<Progress, ConsumeError> {
        if self.portion.wanted.is_empty() && !self.begin_portion(reading.config.merge_bytes) {
            self.stage = Stage::Over;
            return Ok(Progress::Some);
        }
        let chosen = &self.chosen[self.delivered..];
        let portion = &mut self.portion;
        let Some(wanted) = portion.wanted.get(portion.at) else {
            return self.deliver(reading, receive);
        };
        let choice = chosen[*wanted];
        let span = &self.spans[choice.span];
        let reader = match &mut portion.reader {
            Some((number, reader)) if *number == choice.span => reader,
            other => {
                let reader = reading.subjects[span.topic].topic.reader(span.partition)?;
                let reader = reader_at(reader, choice.offset)?;
                &mut other.insert((choice.span, reader)).1
            }
        };
        let up_to = match reader.read(run, reading.config.read_bytes)? {
            Step::Batches => {
                let Portion { wanted, at, held, slots, .. } = portion;
                let visit = &mut |record: Record<'_>, header: &BatchHeader| {
                    while let Some(index) = wanted.get(*at) {
                        let next = chosen[*index];
                        if next.span != choice.span {
                            return ControlFlow::Break(());
                        }
                        if next.offset > record.offset {
                            break;
                        }
                        if next.offset == record.offset {
                            slots[*index] = Some(held.records());
                            held.push(&record, header);
                        }
                        *at += 1;
                    }
                    ControlFlow::Continue(())
                };
                each_record(run, scratch, visit);
                run.next_offset
            }
            Step::Damaged(damage) => damage.to_offset,
            Step::Trimmed { to, .. } => to,
            Step::End | Step::WentBack { .. } => i64::MAX,
            Step::Gone => return Err(gone(reader)),
        };
        // What is not there any more is not waited for.
        while portion.wanted.get(portion.at).is_some_and(|index| {
            chosen[*index].span == choice.span && chosen[*index].offset < up_to
        }) {
            portion.at += 1;
        }
        Ok(Progress::Some)
    }

    /// Plans the next portion. `false` if there is none.
    fn begin_portion(&mut self, bytes_max: usize) -> bool {
        let chosen = &self.chosen[self.delivered..];
        let mut bytes = 0;
        let fits = chosen.iter().take_while(|choice| {
            let is_first = bytes == 0;
            bytes += choice.bytes as usize;
            is_first || bytes <= bytes_max
        });
        let count = fits.count();
        let portion = &mut self.portion;
        portion.wanted.clear();
        portion.wanted.extend(0..count);
        portion.wanted.sort_by_key(|index| (chosen[*index].span, chosen[*index].offset));
        portion.at = 0;
        portion.slots.clear();
        portion.slots.resize(count, None);
        portion.held.clear(bytes_max);
        portion.reader = None;
        count > 0
    }

    fn deliver(
        &mut self,
        reading: &Reading,
        receive: &mut dyn FnMut(Delivered<'_>) -> ControlFlow<()>,
    ) -> Result<Progress, ConsumeError> {
        let portion = &mut self.portion;
        for (slot, choice) in portion.slots.iter().zip(&self.chosen[self.delivered..]) {
            let Some(held) = slot.and_then(|index| portion.held.get(index)) else { continue };
            let span = &self.spans[choice.span];
            let delivered = Delivered {
                topic: &reading.subjects[span.topic].topic,
                partition: span.partition,
                timestamp_type: held.timestamp_type,
                leader_epoch: held.epoch,
                record: held.record,
            };
            if receive(delivered).is_break() {
                return Ok(Progress::Stopped);
            }
        }
        self.delivered += portion.slots.len();
        portion.wanted.clear();
        Ok(Progress::Some)
    }
}

/// Puts a reader on an offset; if retention was faster, on the first one that is there.
fn reader_at(mut reader: PartitionReader, offset: i64) -> Result<PartitionReader, ConsumeError> {
    match reader.seek(offset) {
        Ok(()) | Err(StoreError::Log(LogError::OffsetOutOfRange { .. })) => Ok(reader),
        Err(error) => Err(error.into()),
    }
}

fn gone(reader: &PartitionReader) -> ConsumeError {
    ConsumeError::Gone { topic: reader.topic().name().clone() }
}

/// Offsets that cannot be delivered, up to which one, and why.
type Undecodable = (i64, i64, DecodeError);

/// Shows every record of a run until `visit` breaks off, and tells whether it did.
fn each_record(
    run: &BatchRun,
    scratch: &mut Scratch,
    visit: &mut dyn FnMut(Record<'_>, &BatchHeader) -> ControlFlow<()>,
) -> (bool, Vec<Undecodable>) {
    let mut faults = Vec::new();
    for batch in run.batches().filter(|batch| !batch.header().is_control()) {
        let header = batch.header();
        let mut offset = header.base_offset;
        let mut look = || {
            for record in batch.records(scratch)? {
                let record = record?;
                if visit(record, header).is_break() {
                    return Ok(true);
                }
                offset = record.offset + 1;
            }
            Ok(false)
        };
        match look() {
            Ok(true) => return (true, faults),
            Ok(false) => {}
            Err(error) => faults.push((offset, header.next_offset(), error)),
        }
    }
    (false, faults)
}
