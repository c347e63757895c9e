//! Removing closed segments whose every record is too old, from the start of the log on.

use std::io::ErrorKind;

use super::error::LogError;
use super::partition::PartitionLog;
use super::segment::{SegmentEntry, seal_name, segment_name};

impl PartitionLog {
    /// The closed segments at the start of the log in which no record is of `oldest` or later
    /// (milliseconds since 1970). A damaged one counts as young, and so does one with a batch
    /// without timestamps; nothing behind it is looked at. The last segment is never among them.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn expired_segments(&self, oldest: i64) -> Result<Vec<SegmentEntry>, LogError> {
        let segments = self.segments()?;
        let last = segments.iter().rposition(|segment| segment.size_bytes > 0).unwrap_or(0);
        let mut expired = Vec::new();
        for segment in &segments[..last] {
            match self.is_expired(segment.base, oldest) {
                Ok(true) => expired.push(*segment),
                Ok(false) => break,
                // Another process is at it, too.
                Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(expired)
    }

    /// Whether the whole closed segment is older; known from its seal, else by reading it all.
    fn is_expired(&self, base: i64, oldest: i64) -> Result<bool, LogError> {
        if let Ok(Some(seal)) = self.read_seal(base) {
            let file = self.open_segment(base, crate::fs::Access::Read)?;
            return Ok(seal.length_bytes == file.size_bytes()?
                && seal.first_time >= 0
                && seal.last_time < oldest);
        }
        let found = self.survey(base)?;
        Ok(found.fault.is_none() && found.seal.first_time >= 0 && found.seal.last_time < oldest)
    }

    /// Removes [`PartitionLog::expired_segments`], oldest first, with their seals.
    ///
    /// No lock is taken: a closed segment never changes, and no writer looks at it. The directory
    /// is synced first, so that the entry of whatever follows is durable, and after each removal,
    /// so that a power cut never leaves a hole. Readers that are in one read on to its end.
    ///
    /// # Errors
    ///
    /// The operating system's; the log then begins at some segment, and is whole from there on.
    pub fn trim(&self, oldest: i64) -> Result<Vec<SegmentEntry>, LogError> {
        let expired = self.expired_segments(oldest)?;
        if expired.is_empty() {
            return Ok(expired);
        }
        self.dir.sync()?;
        for segment in &expired {
            for name in [seal_name(segment.base), segment_name(segment.base)] {
                match self.dir.remove_file(&name) {
                    Err(error) if error.source.kind() != ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
            }
            self.dir.sync()?;
        }
        Ok(expired)
    }
}
