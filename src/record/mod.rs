//! Record batch bytes to records and back: Kafka's `RecordBatch` v2. Bytes in, bytes out; no files.

mod batch;
mod compression;
mod compressor;
mod crc;
mod decode;
mod decompressor;
mod encode;
mod encoded;
mod error;
mod header;
mod partitioner;
mod sequence;
mod varint;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;

pub use batch::Batch;
pub use compression::{Compression, UnknownCompression};
pub use crc::verify_crc;
pub use decode::{HeaderIter, Headers, Record, Records};
pub use decompressor::{DECOMPRESSED_BYTES_MAX, Scratch};
pub use encode::{BatchEncoder, BatchFields, NewRecord};
pub use encoded::EncodedBatch;
pub use error::{DecodeError, RecordFault};
pub use header::{BATCH_BYTES_MAX, BatchHeader, HEADER_BYTES, PREFIX_BYTES, TimestampType};
pub use partitioner::{murmur2, partition_for_key};
pub use sequence::{decrement_sequence, increment_sequence};
