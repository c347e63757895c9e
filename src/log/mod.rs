//! One partition's directory: append, read, roll, seal, recover and verify record batches.
//!
//! Knows neither SQLite nor the names of topics. The bytes of a segment are the truth; everything
//! else here (recovery record, seals) only saves work or detects damage.

mod append;
mod check;
mod end;
mod error;
mod lock;
mod options;
mod partition;
mod plan;
mod read;
mod record_file;
mod recover;
mod repair;
mod resync;
mod roll;
mod seal;
mod seek;
mod segment;
mod sync;
mod trim;
mod verdict;
mod walk;

#[cfg(test)]
mod tests;

pub use append::{AppendError, Appended, Appender, Placed};
pub use check::{CheckSummary, Finding};
pub use end::LogEnd;
pub use error::LogError;
pub use options::{AppendTime, Gaps, LogOptions};
pub use partition::{APPEND_LOCK, PartitionLog};
pub use plan::Plan;
pub use read::{BatchRun, Damage, Reader, Step};
pub use record_file::{RECORD_FILE_BYTES, SECTOR_BYTES, SLOT_BYTES};
pub use recover::Cut;
pub use repair::Repaired;
pub use roll::Chore;
pub use seal::Seal;
pub use seek::Hint;
pub use segment::{SegmentEntry, segment_name};
pub use sync::SyncPoint;
pub use verdict::Fault;
pub use walk::{Walk, Walked};
