//! Where a log ends: choosing the active segment and walking to the last whole batch.

use crate::fs::{OpenFile, PathError};

use super::options::Gaps;
use super::record_file::{RecoveryRecord, Slot};
use super::resync::read_up_to;
use super::segment::SegmentEntry;
use super::verdict::{Depth, Expect, Fault, Verdict, examine};

const READ_BYTES: usize = 1 << 20;

/// Where a log ends, as seen at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// Base offset of the active segment.
    pub segment_base: i64,
    /// End of the last whole batch in it. Bytes.
    pub position: u64,
    /// The offset the next record gets.
    pub next_offset: i64,
    /// Epoch of the last batch, −1 if there is none.
    pub epoch: i32,
}

impl From<&Slot> for LogEnd {
    fn from(slot: &Slot) -> Self {
        Self {
            segment_base: slot.base,
            position: slot.position,
            next_offset: slot.next_offset,
            epoch: slot.epoch,
        }
    }
}

/// What the starting point of a walk to the end rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// The tail slot of this boot: nothing below it is ever cut.
    Tail,
    /// The durable slot: what lies below survived.
    Durable,
    /// Nothing: from the segment's first byte.
    Nothing,
}

/// The active segment and where to start walking in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) entry: SegmentEntry,
    pub(super) slot: Slot,
    pub(super) trust: Trust,
}

/// Chooses the active segment: the one a valid recovery record names; without one, the
/// highest-named that is not empty; if all are empty, the lowest. `None` if there is no segment.
pub(super) fn choose(
    segments: &[SegmentEntry],
    record: &RecoveryRecord,
    boot: Option<[u8; 16]>,
) -> Option<Start> {
    if let Some(slot) = record.tail
        && boot == Some(slot.boot)
        && let Some(entry) = named_by(segments, &slot)
    {
        return Some(Start { entry, slot, trust: Trust::Tail });
    }
    let entry = segments
        .iter()
        .rev()
        .find(|segment| segment.size_bytes > 0)
        .or_else(|| segments.first())
        .copied()?;
    let boot = boot.unwrap_or_default();
    if let Some(slot) = record.durable
        && named_by(&[entry], &slot).is_some()
    {
        let slot = Slot { boot, sync_failed: false, ..slot };
        return Some(Start { entry, slot, trust: Trust::Durable });
    }
    Some(Start { entry, slot: at_start(&entry, boot), trust: Trust::Nothing })
}

/// The slot of a segment in which nothing is known yet.
pub(super) fn at_start(entry: &SegmentEntry, boot: [u8; 16]) -> Slot {
    Slot {
        boot,
        segment: entry.id,
        base: entry.base,
        position: 0,
        next_offset: entry.base,
        last_time: i64::MIN,
        epoch: -1,
        sync_failed: false,
    }
}

/// The segment that `slot` speaks of, if it is there, is the same file, and is long enough.
fn named_by(segments: &[SegmentEntry], slot: &Slot) -> Option<SegmentEntry> {
    segments
        .iter()
        .find(|entry| {
            entry.base == slot.base && entry.id == slot.segment && entry.size_bytes >= slot.position
        })
        .copied()
}

/// Walks whole, checked batches from `slot` up to `size_bytes`. Returns the slot at the end of the
/// last one and, where bytes remain, why they are not a batch.
pub(super) fn advance(
    file: &dyn OpenFile,
    mut slot: Slot,
    size_bytes: u64,
    gaps: Gaps,
) -> Result<(Slot, Option<Fault>), PathError> {
    let mut expect = Expect { offset: slot.next_offset, epoch: slot.epoch, gaps };
    let mut buffer = Vec::new();
    while slot.position < size_bytes {
        let remaining_bytes = size_bytes - slot.position;
        let want_bytes = usize::try_from(remaining_bytes).unwrap_or(usize::MAX).min(READ_BYTES);
        if buffer.len() < want_bytes {
            buffer.resize(want_bytes, 0);
        }
        let filled = read_up_to(file, &mut buffer, slot.position)?;
        let mut at = 0;
        while at < filled {
            let remaining_bytes = size_bytes.saturating_sub(slot.position);
            match examine(&buffer[at..filled], remaining_bytes, expect, Depth::WithCrc) {
                Verdict::Whole(header) => {
                    at += header.total_bytes();
                    slot.position += header.total_bytes() as u64;
                    slot.next_offset = header.next_offset();
                    slot.epoch = header.leader_epoch;
                    slot.last_time = slot.last_time.max(header.max_timestamp);
                    expect = expect.after(&header);
                }
                Verdict::Short { needed_bytes } => {
                    if at == 0 && filled < needed_bytes && filled < buffer.len() {
                        // The file became shorter than it was.
                        let fault = Fault::Truncated {
                            needed_bytes: needed_bytes as u64,
                            have_bytes: filled as u64,
                        };
                        return Ok((slot, Some(fault)));
                    }
                    if buffer.len() < needed_bytes {
                        buffer.resize(needed_bytes, 0);
                    }
                    break;
                }
                Verdict::Invalid(fault) => return Ok((slot, Some(fault))),
            }
        }
        if filled == 0 {
            let fault = Fault::Truncated { needed_bytes: remaining_bytes, have_bytes: 0 };
            return Ok((slot, Some(fault)));
        }
    }
    Ok((slot, None))
}
