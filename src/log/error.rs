//! Why one partition log could not do what it was asked.

use std::time::Duration;
use std::{error, fmt, io, path::PathBuf};

use crate::fs::PathError;

use super::verdict::Fault;

/// A failure of one partition log.
#[derive(Debug)]
#[non_exhaustive]
pub enum LogError {
    /// The directory or its lock file no longer exists: the topic was deleted.
    Gone {
        /// The partition's directory as it was opened.
        directory: PathBuf,
    },
    /// A deletion has marked the partition; whoever meets the mark asks the catalogue whether the
    /// operation took place. Nothing was written.
    Frozen {
        /// The operation that set the mark.
        operation: [u8; 16],
    },
    /// The log holds batches of a newer epoch than the caller's. Nothing was written.
    StaleEpoch {
        /// Epoch the caller wanted to stamp.
        epoch: i32,
        /// Epoch of the newest batch in the log.
        tail_epoch: i32,
    },
    /// A sync of this partition failed earlier, so the kernel's cache can no longer be trusted.
    /// Nothing was acknowledged and nothing will be until the log is repaired.
    SyncFailed {
        /// The partition's directory.
        directory: PathBuf,
        /// What the kernel said, when this call was the one that saw it.
        source: Option<PathError>,
    },
    /// No record at `wanted`: retention has passed it, or nobody has written it yet.
    OffsetOutOfRange {
        /// The offset that was asked for.
        wanted: i64,
        /// First offset of the log.
        start: i64,
        /// Offset after the last record.
        end: i64,
    },
    /// Bytes that must be valid are not.
    Corrupt {
        /// The damaged file.
        file: PathBuf,
        /// Where in it. Bytes.
        position: u64,
        /// What is wrong there.
        source: Fault,
    },
    /// A directory that should be a partition log holds no segment at all.
    NoSegment {
        /// The directory.
        directory: PathBuf,
    },
    /// The recovery record has a version this program does not know.
    NewerFormat {
        /// The file.
        file: PathBuf,
        /// The version found there.
        version: u16,
    },
    /// Another process held the append lock for longer than this one was ready to wait.
    Busy {
        /// The lock file.
        file: PathBuf,
        /// The holder, where it can be seen.
        pid: Option<u32>,
        /// How long was waited.
        waited: Duration,
    },
    /// The operating system refused.
    Io(PathError),
}

impl LogError {
    /// The kind of the operating system's error, if that is what it was.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io(error) => Some(error.source.kind()),
            _ => None,
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone { directory } => {
                write!(f, "`{}` is gone: the topic was deleted", directory.display())
            }
            Self::Frozen { .. } => write!(f, "the partition is marked for deletion"),
            Self::StaleEpoch { epoch, tail_epoch } => {
                write!(f, "epoch {epoch} is older than the log's, which is {tail_epoch}")
            }
            Self::SyncFailed { directory, .. } => write!(
                f,
                "a sync of `{}` failed; nothing more is acknowledged there until it is repaired",
                directory.display()
            ),
            Self::OffsetOutOfRange { wanted, start, end } => {
                write!(f, "offset {wanted} is outside the log, which holds {start} up to {end}")
            }
            Self::Corrupt { file, position, .. } => {
                write!(f, "`{}` is damaged at byte {position}", file.display())
            }
            Self::NoSegment { directory } => {
                write!(f, "`{}` holds no segment", directory.display())
            }
            Self::NewerFormat { file, version } => write!(
                f,
                "`{}` has format version {version}; this program knows versions up to 1",
                file.display()
            ),
            Self::Busy { file, waited, .. } => {
                let (file, ms) = (file.display(), waited.as_millis());
                write!(f, "`{file}` is locked; gave up after {ms} ms")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl error::Error for LogError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Corrupt { source, .. } => Some(source),
            Self::SyncFailed { source: Some(source), .. } => Some(source),
            Self::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<PathError> for LogError {
    fn from(error: PathError) -> Self {
        Self::Io(error)
    }
}
