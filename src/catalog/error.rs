//! Why a record of the stream's own logs or the index could not be used.

use std::{error, fmt};

/// A record of `meta` or `cursors` that this program cannot use.
#[derive(Debug)]
#[non_exhaustive]
pub enum MetaError {
    /// A newer program wrote it.
    Newer {
        /// Its version.
        found: u64,
        /// The highest version known here.
        known: u32,
    },
    /// It carries no version.
    NoFormat,
    /// It changes no object, or its key and its value do not belong together.
    NoObject,
    /// It is not such a record.
    Invalid(serde_json::Error),
}

impl fmt::Display for MetaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found, known } => {
                write!(f, "record has format {found}; this program reads formats up to {known}")
            }
            Self::NoFormat => f.write_str("record carries no format"),
            Self::NoObject => f.write_str("record changes no object"),
            Self::Invalid(_) => f.write_str("record is not valid"),
        }
    }
}

impl error::Error for MetaError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Invalid(source) => Some(source),
            _ => None,
        }
    }
}

/// An index that cannot be used; every variant but `Busy` calls for a new generation.
#[derive(Debug)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no such file.
    Missing,
    /// A database of something else.
    Foreign {
        /// Its application id.
        application_id: i64,
    },
    /// Made by a program with another schema.
    Version {
        /// Its schema version.
        found: i64,
        /// The schema version used here.
        known: i64,
    },
    /// Not the file that was made under this name: copied, restored or put in its place.
    Replaced,
    /// Not a database, or a damaged one.
    Damaged(rusqlite::Error),
    /// A row that fails its own checksum or holds what cannot be.
    DamagedRow {
        /// The table it is in.
        table: &'static str,
    },
    /// Another process kept it locked too long.
    Busy,
    /// SQLite could not do it: no space, no permission, no such directory.
    Failed(rusqlite::Error),
    /// The linked SQLite can lose commits.
    UnsafeLibrary {
        /// Its version number.
        found: i32,
        /// The least safe one.
        least: i32,
    },
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the index is missing"),
            Self::Foreign { application_id } => {
                write!(f, "the index has application id {application_id}: not an index of ours")
            }
            Self::Version { found, known } => {
                write!(f, "the index has schema version {found}; this program uses {known}")
            }
            Self::Replaced => f.write_str("the index was replaced by another file"),
            Self::Damaged(_) => f.write_str("the index is damaged"),
            Self::DamagedRow { table } => write!(f, "a row of `{table}` in the index is damaged"),
            Self::Busy => f.write_str("the index is locked by another process"),
            Self::Failed(_) => f.write_str("the index cannot be used"),
            Self::UnsafeLibrary { found, least } => {
                write!(f, "the SQLite library is version {found}; the least safe one is {least}")
            }
        }
    }
}

impl error::Error for IndexError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Damaged(source) | Self::Failed(source) => Some(source),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for IndexError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::CannotOpen
                | ErrorCode::OutOfMemory
                | ErrorCode::SystemIoFailure,
            ) => Self::Failed(error),
            // Everything else, a missing table or an unexpected type included, means that the
            // file is not what this program wrote.
            _ => Self::Damaged(error),
        }
    }
}
