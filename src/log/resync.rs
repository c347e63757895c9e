//! Finding the next good batch after damage.

use crate::fs::{OpenFile, PathError};
use crate::record::HEADER_BYTES;

use super::options::Gaps;
use super::verdict::{Depth, Expect, Verdict, examine};

/// A stretch of a segment in which a good batch is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// The damaged batch starts here. Bytes.
    pub(super) position: u64,
    /// Nothing at or above this is looked at. Bytes.
    pub(super) limit: u64,
    /// The offset that was to follow at `position`.
    pub(super) offset: i64,
    /// No batch may start at or above this offset.
    pub(super) offset_limit: i64,
}

/// A good batch that was found again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) position: u64,
    pub(super) base_offset: i64,
    pub(super) epoch: i32,
}

/// Looks for the first whole batch after `stretch.position` whose checksum fits and whose offset
/// lies within bounds.
///
/// The length in the damaged header is tried first: where it leads to a good batch, nothing in
/// between is looked at, so that a batch stored as somebody's value cannot pass for one of ours.
pub(super) fn find(file: &dyn OpenFile, stretch: Stretch) -> Result<Option<Found>, PathError> {
    let mut header = [0; HEADER_BYTES];
    if read_up_to(file, &mut header, stretch.position)? == HEADER_BYTES
        && let Some(hop_bytes) = declared_bytes(&header)
    {
        let position = stretch.position + hop_bytes;
        if position < stretch.limit
            && let Some(found) = good_batch_at(file, position, stretch)?
        {
            return Ok(Some(found));
        }
        // A damaged batch that reaches exactly to the limit is the last one.
        if position == stretch.limit {
            return Ok(None);
        }
    }
    scan(file, stretch)
}

/// Tries every byte position. Only cheap tests run at most of them.
fn scan(file: &dyn OpenFile, stretch: Stretch) -> Result<Option<Found>, PathError> {
    const WINDOW_BYTES: usize = 256 * 1024;
    let mut window = vec![0; WINDOW_BYTES];
    let mut start = stretch.position + 1;
    while start + (HEADER_BYTES as u64) <= stretch.limit {
        let filled = read_up_to(file, &mut window, start)?;
        if filled < HEADER_BYTES {
            return Ok(None);
        }
        for at in 0..=filled - HEADER_BYTES {
            let candidate = &window[at..at + HEADER_BYTES];
            if candidate[16] == 2
                && plausible_offset(candidate, stretch)
                && let Some(found) = good_batch_at(file, start + at as u64, stretch)?
            {
                return Ok(Some(found));
            }
        }
        start += (filled - HEADER_BYTES + 1) as u64;
    }
    Ok(None)
}

fn plausible_offset(header: &[u8], stretch: Stretch) -> bool {
    let Some(Ok(bytes)) = header.get(..8).map(<[u8; 8]>::try_from) else { return false };
    let offset = i64::from_be_bytes(bytes);
    offset >= stretch.offset && offset < stretch.offset_limit
}

/// The length a header declares, if it is one a batch can have. Bytes.
fn declared_bytes(header: &[u8; HEADER_BYTES]) -> Option<u64> {
    let length = i32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    let total = u64::try_from(length).ok()?.checked_add(12)?;
    (total >= HEADER_BYTES as u64).then_some(total)
}

/// Whether a whole, checked batch with an offset within bounds starts at `position`.
pub(super) fn good_batch_at(
    file: &dyn OpenFile,
    position: u64,
    stretch: Stretch,
) -> Result<Option<Found>, PathError> {
    let expect = Expect { offset: stretch.offset, epoch: i32::MIN, gaps: Gaps::Rising };
    let remaining_bytes = stretch.limit.saturating_sub(position);
    let mut bytes = vec![0; HEADER_BYTES];
    loop {
        let filled = read_up_to(file, &mut bytes, position)?;
        match examine(&bytes[..filled], remaining_bytes, expect, Depth::WithCrc) {
            Verdict::Whole(header) if header.base_offset < stretch.offset_limit => {
                return Ok(Some(Found {
                    position,
                    base_offset: header.base_offset,
                    epoch: header.leader_epoch,
                }));
            }
            Verdict::Short { needed_bytes } if needed_bytes > bytes.len() => {
                bytes.resize(needed_bytes, 0);
            }
            _ => return Ok(None),
        }
    }
}

/// Reads until the buffer is full or the file ends. Returns the bytes read.
pub(super) fn read_up_to(
    file: &dyn OpenFile,
    buffer: &mut [u8],
    position: u64,
) -> Result<usize, PathError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], position + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}
