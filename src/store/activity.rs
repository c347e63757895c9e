//! How much was written to a partition lately: for showing, not for deciding.

use std::io::ErrorKind;

use crate::catalog::IndexPoint;
use crate::log::PartitionLog;
use crate::record::BatchHeader;

use super::error::StoreError;
use super::points::{is_valid, newest_valid};
use super::topic::Topic;

/// With more points than this in the time asked for, the log is looked at in their steps; with fewer
/// of them at every batch. A step is then less than a two hundredth of what is told.
const STEPS_MIN: usize = 256;

impl Topic {
    /// Tells when how many records were written to a partition since a time (milliseconds since
    /// 1970): by batches, each at its largest timestamp; where there is very much, by the steps
    /// between index points. In any order.
    ///
    /// # Errors
    /// `PartitionNotFound`, or the file system's.
    pub fn activity(
        &self,
        partition: u32,
        since: i64,
        tell: &mut dyn FnMut(i64, u64),
    ) -> Result<(), StoreError> {
        self.check_partition(partition)?;
        let Some(log) = self.partition_log(partition)? else { return Ok(()) };
        let points = self.points_since(partition, &log, since);
        let mut tell_if_new = |timestamp: i64, records: u64| {
            if timestamp >= since {
                tell(timestamp, records);
            }
        };
        let by_steps = points.len() > STEPS_MIN;
        if by_steps {
            for pair in points.windows(2) {
                let records = pair[0].base_offset.saturating_sub(pair[1].base_offset);
                tell_if_new(pair[0].max_timestamp, records.unsigned_abs());
            }
        }
        // The newest point is known to be true; an older one is looked at before it is believed.
        let start = if by_steps { points.first() } else { points.last() };
        let is_early = |point: &&IndexPoint| by_steps || point.max_timestamp < since;
        let start = start.filter(is_early).filter(|point| is_valid(&log, point));
        each_header(&log, start, &mut |header| {
            tell_if_new(header.max_timestamp, u64::from(header.records_count.unsigned_abs()));
        })
    }

    /// The points that reach a time and the one before them, newest first.
    fn points_since(&self, partition: u32, log: &PartitionLog, since: i64) -> Vec<IndexPoint> {
        let mut points = Vec::new();
        let mut next = newest_valid(self, partition, log).0;
        while let Some(point) = next {
            points.push(point);
            if point.max_timestamp < since {
                break;
            }
            let catalogue = self.shared.catalogue();
            let below = point.base_offset.saturating_sub(1);
            let older =
                catalogue.points(|index| index.point_at_or_below(self.object.id, partition, below));
            next = older.filter(|older| {
                older.base_offset < point.base_offset && older.max_timestamp <= point.max_timestamp
            });
        }
        points
    }
}

/// Walks the batch headers from a point's batch, or from the beginning, to the end of the log.
fn each_header(
    log: &PartitionLog,
    from: Option<&IndexPoint>,
    each: &mut dyn FnMut(&BatchHeader),
) -> Result<(), StoreError> {
    for segment in log.segments()? {
        let (position, offset) = match from {
            Some(point) if point.segment_base > segment.base => continue,
            Some(point) if point.segment_base == segment.base => {
                (point.position_bytes, point.base_offset)
            }
            _ => (0, segment.base),
        };
        let mut walk = match log.walk(segment.base, position, offset) {
            Ok(walk) => walk,
            // Retention was faster.
            Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => continue,
            Err(error) => return Err(error.into()),
        };
        while let Some(walked) = walk.step()? {
            each(&walked.header);
        }
    }
    Ok(())
}
