//! Does this batch continue the log? The one place that decides.
//!
//! Kafka's CRC covers neither the base offset nor the leader epoch, so a batch is good only if,
//! besides magic, length and CRC, its offset continues the log and its epoch does not fall.

use std::sync::Arc;
use std::{error, fmt};

use crate::record::{BatchHeader, DecodeError, HEADER_BYTES, verify_crc};

use super::options::Gaps;

/// A batch that claims to be larger is taken for damage. Bytes: far above the largest message.
pub(super) const BATCH_BYTES_LIMIT: u64 = 1 << 27;

/// What the next batch must look like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expect {
    pub(super) offset: i64,
    pub(super) epoch: i32,
    pub(super) gaps: Gaps,
}

impl Expect {
    /// What must follow `header`.
    pub(super) fn after(self, header: &BatchHeader) -> Self {
        Self { offset: header.next_offset(), epoch: header.leader_epoch, gaps: self.gaps }
    }
}

/// Whether to compute the checksum of the records or to trust the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    HeaderOnly,
    WithCrc,
}

/// What is at a position of a segment.
#[derive(Debug)]
pub(super) enum Verdict {
    /// A whole batch that continues the log.
    Whole(BatchHeader),
    /// Plausible so far, but this many bytes from the position on are needed to tell.
    Short { needed_bytes: usize },
    /// Not a batch that continues the log.
    Invalid(Fault),
}

/// Why the bytes at a position are not the log's next batch.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The file ends inside the batch.
    Truncated {
        /// Bytes the batch needs.
        needed_bytes: u64,
        /// Bytes that are there.
        have_bytes: u64,
    },
    /// The header or the records make no sense.
    Decode(Arc<DecodeError>),
    /// The checksum does not fit the bytes.
    Crc,
    /// The batch carries another offset than the log has reached.
    Offset {
        /// Base offset in the header.
        found: i64,
        /// The offset that continues the log.
        expected: i64,
    },
    /// The batch's epoch is lower than its predecessor's.
    Epoch {
        /// Leader epoch in the header.
        found: i32,
        /// Leader epoch of the batch before.
        last: i32,
    },
    /// Offsets are missing although nothing in the file is.
    Missing {
        /// First offset that is missing.
        from: i64,
        /// First offset that is there again.
        to: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { needed_bytes, have_bytes } => {
                write!(f, "the batch needs {needed_bytes} bytes; the file has {have_bytes} more")
            }
            Self::Decode(error) => error.fmt(f),
            Self::Crc => write!(f, "the checksum does not fit the bytes"),
            Self::Offset { found, expected } => {
                write!(f, "the batch has offset {found}; {expected} was to follow")
            }
            Self::Epoch { found, last } => {
                write!(f, "the epoch falls from {last} to {found}")
            }
            Self::Missing { from, to } => write!(f, "offsets {from} up to {to} are missing"),
        }
    }
}

impl error::Error for Fault {}

/// Judges the bytes at one position, of which `bytes` are in memory and `remaining_bytes` are in
/// the file.
pub(super) fn examine(bytes: &[u8], remaining_bytes: u64, expect: Expect, depth: Depth) -> Verdict {
    if remaining_bytes < HEADER_BYTES as u64 {
        return Verdict::Invalid(Fault::Truncated {
            needed_bytes: HEADER_BYTES as u64,
            have_bytes: remaining_bytes,
        });
    }
    if bytes.len() < HEADER_BYTES {
        return Verdict::Short { needed_bytes: HEADER_BYTES };
    }
    let header = match BatchHeader::parse(bytes) {
        Ok(header) => header,
        Err(error) => return Verdict::Invalid(Fault::Decode(Arc::new(error))),
    };
    let continues = match expect.gaps {
        Gaps::Contiguous => header.base_offset == expect.offset,
        Gaps::Rising => header.base_offset >= expect.offset,
    };
    if !continues {
        return Verdict::Invalid(Fault::Offset {
            found: header.base_offset,
            expected: expect.offset,
        });
    }
    let total_bytes = header.total_bytes() as u64;
    if total_bytes > remaining_bytes || total_bytes > BATCH_BYTES_LIMIT {
        return Verdict::Invalid(Fault::Truncated {
            needed_bytes: total_bytes,
            have_bytes: remaining_bytes,
        });
    }
    if depth == Depth::WithCrc {
        let Some(batch) = bytes.get(..header.total_bytes()) else {
            return Verdict::Short { needed_bytes: header.total_bytes() };
        };
        if !verify_crc(batch) {
            return Verdict::Invalid(Fault::Crc);
        }
    }
    if header.leader_epoch < expect.epoch {
        return Verdict::Invalid(Fault::Epoch { found: header.leader_epoch, last: expect.epoch });
    }
    Verdict::Whole(header)
}
