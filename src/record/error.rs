//! What is wrong with bytes that claim to be a record batch.

use std::{error, fmt, io};

use crate::record::Compression;
use crate::record::header::BATCH_LENGTH_MIN;

/// Why bytes are not a record batch that can be read.
///
/// Nothing is changed by a failure: the bytes are as they were, and a scratch may be used again.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes end before the batch does.
    Truncated {
        /// Length of the batch, or of a header. Bytes.
        needed_bytes: usize,
        /// How many there are. Bytes.
        present_bytes: usize,
    },
    /// The batch ends before the bytes do, where exactly one batch was promised.
    SurplusAfterBatch {
        /// How many there are too many. Bytes.
        surplus_bytes: usize,
    },
    /// A format other than `RecordBatch` v2: 0 and 1 are Kafka's message sets from before 0.11.
    Magic {
        /// The format it claims to be.
        magic: i8,
    },
    /// The batch length does not even cover the header.
    BatchLength {
        /// What the header says. Bytes.
        batch_length: i32,
    },
    /// Codec bits 5 to 7 have no meaning.
    Codec {
        /// The lowest three attribute bits.
        bits: u16,
    },
    /// A negative base offset.
    BaseOffset {
        /// What the header says.
        base_offset: i64,
    },
    /// A negative distance from base offset to last offset.
    LastOffsetDelta {
        /// What the header says.
        last_offset_delta: i32,
    },
    /// The offset after the last record would not fit 64 bits.
    OffsetOverflow {
        /// What the header says.
        base_offset: i64,
        /// What the header says.
        last_offset_delta: i32,
    },
    /// A negative count of records, or more records than the batch has offsets.
    RecordsCount {
        /// What the header says.
        records_count: i32,
        /// What the header says.
        last_offset_delta: i32,
    },
    /// The bytes are not the ones that were written.
    Crc {
        /// What the header says.
        stored: u32,
        /// What the bytes have.
        computed: u32,
    },
    /// The records cannot be decompressed.
    Compressed {
        /// The codec that the header names.
        compression: Compression,
        /// What the decompressor says.
        source: io::Error,
    },
    /// The records are larger than the reader is willing to decompress.
    DecompressedTooLarge {
        /// The codec that the header names.
        compression: Compression,
        /// The cap of the scratch. Bytes.
        bytes_max: usize,
    },
    /// One record is malformed.
    Record {
        /// Which record, from 0.
        index: i32,
        /// What is wrong with it.
        fault: RecordFault,
    },
    /// Bytes follow the last record that the header counts.
    SurplusAfterRecords {
        /// What the header says.
        records_count: i32,
        /// How many there are too many. Bytes.
        surplus_bytes: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { needed_bytes, present_bytes } => {
                write!(f, "batch needs {needed_bytes} bytes; {present_bytes} are there")
            }
            Self::SurplusAfterBatch { surplus_bytes } => {
                write!(f, "{surplus_bytes} bytes follow the batch; none may")
            }
            Self::Magic { magic } => write!(f, "batch has magic {magic}; only 2 is read"),
            Self::BatchLength { batch_length } => {
                write!(f, "batch length is {batch_length} bytes; the least is {BATCH_LENGTH_MIN}")
            }
            Self::Codec { bits } => write!(f, "codec is {bits}; the greatest is 4"),
            Self::BaseOffset { base_offset } => {
                write!(f, "base offset is {base_offset}; the least is 0")
            }
            Self::LastOffsetDelta { last_offset_delta } => {
                write!(f, "last offset delta is {last_offset_delta}; the least is 0")
            }
            Self::OffsetOverflow { base_offset, last_offset_delta } => write!(
                f,
                "base offset {base_offset} plus {last_offset_delta} is past the last offset {}",
                i64::MAX - 1
            ),
            Self::RecordsCount { records_count, last_offset_delta } => write!(
                f,
                "records count is {records_count}; the batch has {} offsets",
                i64::from(*last_offset_delta) + 1
            ),
            Self::Crc { stored, computed } => {
                write!(f, "stored CRC-32C is {stored:#010x}, computed {computed:#010x}")
            }
            Self::Compressed { compression, .. } => {
                write!(f, "records cannot be decompressed with {compression}")
            }
            Self::DecompressedTooLarge { compression, bytes_max } => write!(
                f,
                "records decompress with {compression} to more than the limit of {bytes_max} bytes"
            ),
            Self::Record { index, fault } => write!(f, "record {index} of the batch {fault}"),
            Self::SurplusAfterRecords { records_count, surplus_bytes } => {
                write!(f, "{surplus_bytes} bytes follow the {records_count} records of the batch")
            }
        }
    }
}

impl error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Compressed { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// What is wrong with one record; reads on from "record 3 of the batch …".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordFault {
    /// A field or the record itself reaches past the bytes there are.
    Truncated,
    /// A varint has more bits than its type.
    VarintTooLong,
    /// A length below -1, or below 0 where null is not allowed.
    NegativeLength {
        /// What the record says. Bytes.
        length: i32,
    },
    /// A negative count of headers.
    HeadersCount {
        /// What the record says.
        headers_count: i32,
    },
    /// Bytes are left after the last field of a record.
    Surplus {
        /// How many there are too many. Bytes.
        surplus_bytes: usize,
    },
    /// An offset not after the previous record's, or after the batch's last one.
    OffsetDelta {
        /// What the record says.
        offset_delta: i32,
    },
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("ends too early"),
            Self::VarintTooLong => f.write_str("has a varint that is too long"),
            Self::NegativeLength { length } => write!(f, "has a length of {length} bytes"),
            Self::HeadersCount { headers_count } => write!(f, "has {headers_count} headers"),
            Self::Surplus { surplus_bytes } => {
                write!(f, "has {surplus_bytes} bytes after its last field")
            }
            Self::OffsetDelta { offset_delta } => {
                write!(f, "has offset delta {offset_delta}, which is out of order or range")
            }
        }
    }
}
