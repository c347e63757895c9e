//! Merging partitions by time: always the earliest of the records that come next in each.
//!
//! Of every partition a share of `merge_bytes` is read ahead and copied; the buffer for reading and
//! the one for decompressing are shared. A batch that holds more than a share is read again for
//! the rest of it: memory does not depend on how large batches are, nor on how many there are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use crate::log::BatchRun;
use crate::record::Scratch;

use super::consumer::{Delivered, Progress, deliver, oldest};
use super::error::{ConsumeError, News, Notice};
use super::lane::Turn;
use super::place::{ConsumerConfig, OnDamage};
use super::topics::{Reading, named};

/// However many partitions there are, each may hold this. Bytes.
const SHARE_BYTES_MIN: usize = 4 << 10;
/// After how many reads a caller gets to look at signals, beyond one of each partition.
const READS: usize = 16;

/// Where one read puts bytes, and where it decompresses them.
type Buffers<'b> = (&'b mut BatchRun, &'b mut Scratch);

/// Returns how much of each of `lanes` partitions may be held. Bytes.
pub(super) fn share_bytes(config: &ConsumerConfig, lanes: usize) -> usize {
    let share = config.merge_bytes / lanes.max(1);
    share.min(config.read_bytes).max(SHARE_BYTES_MIN)
}

/// Delivers records of all lanes in the order of their times for a while.
pub(super) fn read(
    reading: &mut Reading,
    (run, scratch): Buffers<'_>,
    now: i64,
    receive: &mut dyn FnMut(Delivered<'_>) -> ControlFlow<()>,
) -> Result<Progress, ConsumeError> {
    reading.rank();
    let lanes = reading.lanes.len();
    let mut next = BinaryHeap::with_capacity(lanes);
    for index in 0..lanes {
        if !fill(reading, index, (run, scratch), now)? {
            return Ok(Progress::Some);
        }
        let lane = &reading.lanes[index];
        next.extend(lane.ahead.next_timestamp().map(|time| Reverse((time, lane.rank, index))));
    }
    if next.is_empty() {
        return Ok(if reading.is_done(now) { Progress::Done } else { Progress::CaughtUp });
    }
    let mut reads_left = lanes + READS;
    while let Some(Reverse((_, rank, index))) = next.pop() {
        let other = next.peek().map(|Reverse((time, rank, _))| (*time, *rank));
        if deliver_before(reading, index, other, now, receive).is_break() {
            return Ok(Progress::Stopped);
        }
        if reading.lanes[index].ahead.is_empty() && reading.lanes[index].pending {
            if reads_left == 0 || !fill(reading, index, (run, scratch), now)? {
                return Ok(Progress::Some);
            }
            reads_left -= 1;
        }
        let time = reading.lanes[index].ahead.next_timestamp();
        next.extend(time.map(|time| Reverse((time, rank, index))));
    }
    Ok(Progress::Some)
}

/// Delivers what a lane holds up to the next record of another one.
fn deliver_before(
    reading: &mut Reading,
    index: usize,
    other: Option<(i64, u32)>,
    now: i64,
    receive: &mut dyn FnMut(Delivered<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let oldest = oldest(reading.config.ttl_ms, now);
    let lane = &mut reading.lanes[index];
    let topic = &reading.subjects[lane.topic].topic;
    while let Some(time) = lane.ahead.next_timestamp() {
        if other.is_some_and(|other| other < (time, lane.rank)) {
            return ControlFlow::Continue(());
        }
        let Some(held) = lane.ahead.take() else { break };
        let (record, timestamp_type) = (held.record, held.timestamp_type);
        let (offset, epoch) = (record.offset, held.epoch);
        // It may have expired while it was held.
        let is_visible = record.timestamp >= oldest || record.timestamp < 0;
        let partition = lane.partition;
        let outcome = if is_visible {
            receive(Delivered { topic, partition, timestamp_type, leader_epoch: epoch, record })
        } else {
            ControlFlow::Continue(())
        };
        lane.reached(offset + 1, epoch);
        outcome?;
    }
    let (offset, epoch) = lane.ahead.reaches;
    lane.reached(offset, epoch);
    ControlFlow::Continue(())
}

/// Reads until a lane holds something, or has nothing more for now. `false` if its topic is gone:
/// then the lanes have other places.
fn fill(
    reading: &mut Reading,
    index: usize,
    (run, scratch): Buffers<'_>,
    now: i64,
) -> Result<bool, ConsumeError> {
    let share_bytes = share_bytes(&reading.config, reading.lanes.len());
    loop {
        let on_damage = reading.config.on_damage;
        let lane = &mut reading.lanes[index];
        if !lane.pending || !lane.ahead.is_empty() {
            return Ok(true);
        }
        lane.ahead.clear(2 * share_bytes);
        let (number, partition) = (lane.topic, lane.partition);
        let turn = match lane.read(run, share_bytes, now, on_damage) {
            Err(ConsumeError::Gone { topic }) => {
                reading.lose(number, topic)?;
                return Ok(false);
            }
            outcome => outcome?,
        };
        match turn {
            Turn::Nothing => {}
            Turn::News(news) => reading.tell(number, partition, Some(news)),
            Turn::Blocked(news) => {
                return Err(ConsumeError::Damaged(reading.notice(number, partition, news)));
            }
            Turn::Batches => copy(reading, index, (run, scratch), now, share_bytes)?,
        }
    }
}

/// Copies what is wanted of a run, up to a lane's share; what is left over is read again.
fn copy(
    reading: &mut Reading,
    index: usize,
    (run, scratch): Buffers<'_>,
    now: i64,
    share_bytes: usize,
) -> Result<(), ConsumeError> {
    let Reading { config, subjects, lanes, is_several, notices, .. } = reading;
    let lane = &mut lanes[index];
    let subject = &subjects[lane.topic];
    let oldest = oldest(config.ttl_ms, now);
    let delivered = (lane.position, lane.epoch);
    let mut ahead = std::mem::take(&mut lane.ahead);
    let mut at = 0;
    let mut is_whole = true;
    let mut damage = None;
    for batch in run.batches() {
        let header = batch.header();
        let (to, epoch) = (header.next_offset(), header.leader_epoch);
        let mut keep = |delivered: Delivered<'_>| {
            ahead.push(&delivered.record, header);
            match ahead.held_bytes() < share_bytes {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        };
        let counts = match (header.is_control(), header.is_transactional()) {
            (true, _) => Some(false),
            (false, true) => lane.counts(header, share_bytes, now)?,
            (false, false) => Some(true),
        };
        let outcome = match counts {
            Some(true) => deliver(&subject.topic, lane, &batch, scratch, oldest, &mut keep),
            Some(false) => Ok(ControlFlow::Continue(())),
            None => {
                // Its reader stands before this batch, and waits.
                is_whole = false;
                break;
            }
        };
        match outcome {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(())) => {
                lane.from_offset = lane.position;
                is_whole = false;
            }
            Err((from, error)) => {
                let topic = named(*is_several, subject);
                let news = News::Undecodable { from, to, error };
                let notice = Notice { topic, partition: lane.partition, news };
                if config.on_damage == OnDamage::StepOver {
                    notices.push(notice);
                } else {
                    lane.reached(from, epoch);
                    lane.from_offset = from;
                    is_whole = false;
                    // What stands before it is delivered first; then it is met again.
                    damage = ahead.is_empty().then_some(notice);
                }
            }
        }
        if !is_whole {
            lane.reader.unread(run, header, at);
            break;
        }
        if lane.done {
            break;
        }
        lane.reached(to, epoch);
        at += batch.bytes().len();
    }
    if is_whole && lane.is_past(run.next_offset) {
        lane.finish();
    }
    if !ahead.is_empty() {
        ahead.reaches = (lane.position, lane.epoch);
        (lane.position, lane.epoch) = delivered;
    }
    lane.ahead = ahead;
    damage.map_or(Ok(()), |notice| Err(ConsumeError::Damaged(notice)))
}
