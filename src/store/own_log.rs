//! What `meta` and `cursors` have in common: how they are encoded, read on, and begun anew with a
//! snapshot.

use crate::log::{BatchRun, LogError, PartitionLog, Reader, Step};
use crate::record::{BatchEncoder, Compression, EncodedBatch, NewRecord};

use super::error::StoreError;

const READ_BYTES: usize = 256 << 10;
/// Bytes of records that go into one batch.
const BATCH_BYTES: usize = 1 << 20;

/// Why reading on paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// What was asked for is read, or there is no more.
    End,
    /// Something damaged was stepped over; call again for what is behind it.
    Damaged,
    /// Segments were removed before they were read; call again for what is behind them.
    Trimmed,
    /// The log is shorter than what was read.
    WentBack,
}

/// A record's key and value.
pub(super) type Pair = (Option<Vec<u8>>, Option<Vec<u8>>);

/// Encodes records into as few batches as their size allows.
pub(super) fn encode_pairs(
    pairs: impl IntoIterator<Item = Pair>,
    time_ms: i64,
) -> Vec<EncodedBatch> {
    let mut batches = Vec::new();
    let mut encoder = BatchEncoder::new(Vec::new());
    for (key, value) in pairs {
        if encoder.records() > 0 && encoder.encoded_bytes() > BATCH_BYTES {
            batches.push(encoder.finish(Compression::None));
            encoder.reuse(Vec::new());
        }
        encoder.push(&NewRecord {
            timestamp: time_ms,
            key: key.as_deref(),
            value: value.as_deref(),
            headers: &[],
        });
    }
    if encoder.records() > 0 {
        batches.push(encoder.finish(Compression::None));
    }
    batches
}

/// Reads whole batches up to offset `until`, or to the end, and hands each run to `each`.
pub(super) fn read_on(
    reader: &mut Reader,
    until: i64,
    each: &mut dyn FnMut(&BatchRun) -> Result<(), StoreError>,
) -> Result<Pause, StoreError> {
    read_on_with(&mut BatchRun::default(), reader, until, each)
}

/// As [`read_on`], for who reads on often: `run` keeps the memory that was read into.
pub(super) fn read_on_with(
    run: &mut BatchRun,
    reader: &mut Reader,
    until: i64,
    each: &mut dyn FnMut(&BatchRun) -> Result<(), StoreError>,
) -> Result<Pause, StoreError> {
    while reader.offset() < until {
        match reader.read(run, READ_BYTES)? {
            Step::Batches => each(run)?,
            Step::Damaged(_) => return Ok(Pause::Damaged),
            Step::Trimmed { .. } => return Ok(Pause::Trimmed),
            Step::End => return Ok(Pause::End),
            Step::WentBack { .. } => return Ok(Pause::WentBack),
            Step::Gone => {
                let directory = reader.log().dir().path().to_path_buf();
                return Err(LogError::Gone { directory }.into());
            }
        }
    }
    Ok(Pause::End)
}

/// Reads the whole state: `read` is given the base of a segment, reads from there to the end, and
/// says whether the segment begins with a whole snapshot. The newest such segment counts, or the
/// first one there is. `None` if there is nothing to read.
pub(super) fn newest_whole<T>(
    log: &PartitionLog,
    mut read: impl FnMut(i64) -> Result<(T, bool), StoreError>,
) -> Result<Option<T>, StoreError> {
    let segments = log.segments()?;
    let first = segments.iter().find(|segment| segment.size_bytes > 0).map(|s| s.base);
    for segment in segments.iter().rev().filter(|segment| segment.size_bytes > 0) {
        let (state, whole) = read(segment.base)?;
        if whole || Some(segment.base) == first {
            return Ok(Some(state));
        }
    }
    Ok(None)
}
