//! Why a producer could not store a record.

use std::time::Duration;
use std::{error, fmt};

use crate::log::LogError;
use crate::store::StoreError;

/// A failure of a producer. After one that concerns a partition it takes nothing more.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProduceError {
    /// The record is too large. Nothing was taken; the next one may be.
    MessageTooLarge {
        /// Key, value and headers together. Bytes.
        message_bytes: usize,
        /// What is allowed. Bytes.
        message_bytes_max: usize,
    },
    /// The topic has no such partition. Nothing was taken.
    NoPartition {
        /// The partition asked for.
        partition: u32,
        /// How many there are.
        partitions: u32,
    },
    /// Another process holds the lock of a partition.
    Busy {
        /// The partition.
        partition: u32,
        /// Process id of the holder, where the kernel tells.
        holder: Option<u32>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A partition refused.
    Append {
        /// The partition.
        partition: u32,
        /// Why.
        source: StoreError,
    },
    /// A partition was written and could not be made durable.
    Sync {
        /// The partition.
        partition: u32,
        /// Why.
        source: LogError,
    },
    /// It failed before, and that was told then.
    Stopped,
}

impl fmt::Display for ProduceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MessageTooLarge { message_bytes, message_bytes_max } => {
                write!(f, "the message has {message_bytes} bytes; the limit is {message_bytes_max}")
            }
            Self::NoPartition { partition, partitions } => {
                write!(f, "partition {partition} does not exist; the topic has {partitions}")
            }
            Self::Busy { partition, holder, waited } => {
                write!(f, "partition {partition} is locked by ")?;
                match holder {
                    Some(pid) => write!(f, "process {pid}")?,
                    None => write!(f, "another process")?,
                }
                write!(f, "; waited {} ms", waited.as_millis())
            }
            Self::Append { partition, .. } => write!(f, "cannot append to partition {partition}"),
            Self::Sync { partition, .. } => write!(f, "cannot sync partition {partition}"),
            Self::Stopped => write!(f, "the producer has stopped"),
        }
    }
}

impl error::Error for ProduceError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Append { source, .. } => Some(source),
            Self::Sync { source, .. } => Some(source),
            _ => None,
        }
    }
}
