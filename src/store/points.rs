//! Index points: found by walking batch headers, noted if the gate is free, checked on use.

use crate::catalog::IndexPoint;
use crate::log::{Hint, LogError, PartitionLog};
use crate::record::{Batch, BatchHeader, Compression, HEADER_BYTES, Scratch};

use super::error::StoreError;
use super::topic::Topic;

/// Bytes of log between two points.
pub(super) const POINT_BYTES: u64 = 256 << 10;

/// What a walk over a partition adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Totals {
    /// Largest timestamp; `i64::MIN` if there is no batch.
    pub(super) max_timestamp: i64,
    /// Bytes before compression.
    pub(super) logical_bytes: u64,
    /// The offset behind the last batch.
    pub(super) next_offset: i64,
}

/// Whether the batch that a point names is there, whole and the same.
pub(super) fn is_valid(log: &PartitionLog, point: &IndexPoint) -> bool {
    let Ok(file) = log.segment_file(point.segment_base) else { return false };
    let mut header = [0; HEADER_BYTES];
    if file.read_exact_at(&mut header, point.position_bytes).is_err() {
        return false;
    }
    let Ok(header) = BatchHeader::parse(&header) else { return false };
    header.crc == point.batch_crc
        && log
            .has_batch_at(point.segment_base, point.position_bytes, point.base_offset)
            .unwrap_or(false)
}

pub(super) fn hint(point: &IndexPoint) -> Hint {
    Hint {
        segment_base: point.segment_base,
        position: point.position_bytes,
        base_offset: point.base_offset,
    }
}

/// The newest point of a partition that is true, and the offset from which points are not.
pub(super) fn newest_valid(
    topic: &Topic,
    partition: u32,
    log: &PartitionLog,
) -> (Option<IndexPoint>, Option<i64>) {
    let catalogue = topic.shared.catalogue();
    let id = topic.object.id;
    let mut wrong_from = None;
    let mut below = i64::MAX;
    loop {
        let point =
            catalogue.points(|projection| projection.point_at_or_below(id, partition, below));
        match point {
            None => return (None, wrong_from),
            Some(point) if is_valid(log, &point) => return (Some(point), wrong_from),
            Some(point) => {
                wrong_from = Some(point.base_offset);
                below = point.base_offset.saturating_sub(1);
            }
        }
    }
}

/// Walks from the newest point to the end of the log and notes the points on the way.
pub(super) fn note_points(topic: &Topic, partition: u32, log: &PartitionLog) {
    let (last, wrong_from) = newest_valid(topic, partition, log);
    let mut points = Vec::new();
    if walk(log, last.as_ref(), &mut |point| points.push(point)).is_err() {
        return;
    }
    if !points.is_empty() || wrong_from.is_some() {
        topic.shared.catalogue().add_points(topic.object.id, partition, &points, wrong_from);
    }
}

/// Walks the batch headers behind `from` to the end of the log; tells a point every
/// `POINT_BYTES`, and returns the sums over the whole log.
pub(super) fn walk(
    log: &PartitionLog,
    from: Option<&IndexPoint>,
    tell: &mut dyn FnMut(IndexPoint),
) -> Result<Totals, StoreError> {
    let mut totals = match from {
        Some(point) => Totals {
            max_timestamp: point.max_timestamp,
            logical_bytes: point.logical_bytes,
            next_offset: point.base_offset,
        },
        None => Totals { max_timestamp: i64::MIN, logical_bytes: 0, next_offset: 0 },
    };
    let segments = log.segments()?;
    let mut scratch = Scratch::new();
    // The first batch of a walk gets no point of its own if a point led there.
    let mut since_bytes = 0;
    for segment in &segments {
        let start = from.filter(|point| point.segment_base == segment.base);
        if from.is_some_and(|point| point.segment_base > segment.base) {
            continue;
        }
        let (position, offset) =
            start.map_or((0, segment.base), |point| (point.position_bytes, point.base_offset));
        let mut walk = match log.walk(segment.base, position, offset) {
            Ok(walk) => walk,
            // Retention was faster.
            Err(error) if error.io_kind() == Some(std::io::ErrorKind::NotFound) => continue,
            Err(error) => return Err(error.into()),
        };
        let mut skip_first = start.is_some();
        totals.next_offset = totals.next_offset.max(segment.base);
        while let Some(walked) = walk.step()? {
            let header = walked.header;
            totals.next_offset = header.next_offset();
            if std::mem::take(&mut skip_first) {
                continue;
            }
            since_bytes += header.total_bytes() as u64;
            totals.max_timestamp = totals.max_timestamp.max(header.max_timestamp);
            totals.logical_bytes +=
                plain_bytes(log, segment.base, walked.position, &header, &mut scratch)?;
            if since_bytes >= POINT_BYTES {
                since_bytes = 0;
                tell(IndexPoint {
                    base_offset: header.base_offset,
                    segment_base: segment.base,
                    position_bytes: walked.position,
                    batch_crc: header.crc,
                    max_timestamp: totals.max_timestamp,
                    logical_bytes: totals.logical_bytes,
                });
            }
        }
    }
    Ok(totals)
}

fn plain_bytes(
    log: &PartitionLog,
    base: i64,
    position: u64,
    header: &BatchHeader,
    scratch: &mut Scratch,
) -> Result<u64, LogError> {
    let stored = header.total_bytes() as u64;
    if header.compression() == Compression::None {
        return Ok(stored);
    }
    let mut bytes = vec![0; header.total_bytes()];
    if log.segment_file(base)?.read_exact_at(&mut bytes, position).is_err() {
        return Ok(stored);
    }
    // Damage is for readers to report; here its size is as good as any.
    let plain = Batch::trusted(&bytes).and_then(|batch| batch.plain_bytes(scratch));
    Ok(plain.map_or(stored, |bytes| bytes as u64))
}
