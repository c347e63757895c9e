//! Appending what is decided under the lock, once everything before it is known; and removing
//! segments that a later one has made superfluous.

use std::io::ErrorKind;

use crate::record::EncodedBatch;

use super::append::{Appended, Appender};
use super::end::LogEnd;
use super::error::LogError;
use super::options::AppendTime;
use super::partition::PartitionLog;
use super::segment::{seal_name, segment_name};

/// What is to be appended.
#[derive(Debug)]
pub struct Plan {
    /// The batches go to the front of a new segment, unless the active one is empty.
    pub new_segment: bool,
    /// What to append, in order.
    pub batches: Vec<EncodedBatch>,
}

impl Appender {
    /// Takes the lock, asks `decide` what to append now that the log ends at the given place, and
    /// appends it before anybody else appends anything. `None` if nothing was to be appended.
    ///
    /// `decide` may read the log; it must not wait for anything.
    ///
    /// # Errors
    ///
    /// What `decide` refuses, with nothing appended; else as [`Appender::append`]: whoever reads on
    /// finds which batches are in the log nevertheless.
    pub fn append_decided<E, F>(&mut self, epoch: i32, decide: F) -> Result<Option<Appended>, E>
    where
        E: From<LogError>,
        F: FnOnce(LogEnd) -> Result<Option<Plan>, E>,
    {
        let log = self.log.clone();
        let lock_file = self.lock_file.clone();
        let mut session = self.begin(&log, &lock_file, epoch)?;
        let decided = decide(LogEnd::from(&session.slot));
        let outcome = match decided {
            Ok(None) => Ok(None),
            Err(error) => Err(error),
            Ok(Some(mut plan)) => {
                let rolled = if plan.new_segment && session.slot.position > 0 {
                    self.roll(&mut session)
                } else {
                    Ok(())
                };
                rolled
                    .and_then(|()| {
                        self.write_all(&mut session, &mut plan.batches, AppendTime::Create)
                    })
                    .map(Some)
                    .map_err(E::from)
            }
        };
        let point = self.point(&session);
        self.remember(&session);
        let placed = std::mem::take(&mut session.placed);
        Ok(outcome?.map(|()| Appended { placed, sync: point }))
    }
}

impl PartitionLog {
    /// Removes the segments, and their seals, below the one that `end` is in, if everything up to
    /// `end` is known to be durable; `false` if it is not, and then nothing is removed.
    ///
    /// # Errors
    ///
    /// The operating system's; some may be removed then, the lowest first.
    pub fn remove_segments_below(&self, end: &LogEnd) -> Result<bool, LogError> {
        if !self.is_durable(end)? {
            return Ok(false);
        }
        let mut removed = false;
        for segment in self.segments()?.iter().filter(|segment| segment.base < end.segment_base) {
            // Never a hole: a power cut must not bring back the lower one of two.
            if removed {
                self.dir.sync()?;
            }
            for name in [seal_name(segment.base), segment_name(segment.base)] {
                match self.dir.remove_file(&name) {
                    Err(error) if error.source.kind() != ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
            }
            removed = true;
        }
        Ok(true)
    }
}
