//! A finished batch that owns its bytes and waits for its place in a log.

use std::fmt;

use crate::record::crc::checksum;
use crate::record::header::{
    ATTRIBUTES_AT, BASE_OFFSET_AT, CRC_AT, CRC_COVERS_FROM, LEADER_EPOCH_AT, LOG_APPEND_TIME_BIT,
    MAX_TIMESTAMP_AT, put,
};
use crate::record::{Batch, BatchHeader, DecodeError};

/// One whole, valid batch.
///
/// # Invariants
///
/// - `bytes` is exactly one batch, `header` is what its first 61 bytes say, and the CRC is right.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedBatch {
    bytes: Vec<u8>,
    header: BatchHeader,
}

impl EncodedBatch {
    pub(crate) fn from_parts(bytes: Vec<u8>, header: BatchHeader) -> Self {
        Self { bytes, header }
    }

    /// Takes a batch from elsewhere, for example one that is copied between logs.
    ///
    /// The records within are not looked at.
    ///
    /// # Errors
    ///
    /// As for [`Batch::parse`], and `SurplusAfterBatch`.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, DecodeError> {
        let batch = Batch::parse(&bytes)?;
        let surplus_bytes = bytes.len() - batch.bytes().len();
        if surplus_bytes > 0 {
            return Err(DecodeError::SurplusAfterBatch { surplus_bytes });
        }
        let header = *batch.header();
        Ok(Self { bytes, header })
    }

    /// Returns the bytes to be written.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the header as it is now.
    #[must_use]
    #[inline]
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// Returns the batch as a reader sees it.
    #[must_use]
    pub fn as_batch(&self) -> Batch<'_> {
        Batch::from_parts(self.header, &self.bytes)
    }

    /// Returns how many records there are.
    #[must_use]
    #[inline]
    pub fn records(&self) -> i32 {
        self.header.records_count
    }

    /// Returns the greatest timestamp of a record, or the append time. Milliseconds.
    #[must_use]
    #[inline]
    pub fn max_timestamp(&self) -> i64 {
        self.header.max_timestamp
    }

    /// Gives the batch its place. Both fields lie outside the CRC, so this costs nothing.
    ///
    /// # Panics
    ///
    /// If `base_offset` is negative or the offset after the batch does not fit 64 bits.
    #[inline]
    pub fn stamp(&mut self, base_offset: i64, leader_epoch: i32) {
        let last_offset_delta = i64::from(self.header.last_offset_delta);
        assert!(
            base_offset >= 0 && base_offset < i64::MAX - last_offset_delta,
            "offsets lie between 0 and 2^63 - 2"
        );
        self.header.base_offset = base_offset;
        self.header.leader_epoch = leader_epoch;
        put(&mut self.bytes, BASE_OFFSET_AT, base_offset.to_be_bytes());
        put(&mut self.bytes, LEADER_EPOCH_AT, leader_epoch.to_be_bytes());
    }

    /// Gives every record the time `timestamp` (milliseconds): sets the LogAppendTime bit and the
    /// max timestamp, and computes the CRC again over the whole batch.
    pub fn stamp_append_time(&mut self, timestamp: i64) {
        self.header.attributes |= LOG_APPEND_TIME_BIT;
        self.header.max_timestamp = timestamp;
        put(&mut self.bytes, ATTRIBUTES_AT, self.header.attributes.to_be_bytes());
        put(&mut self.bytes, MAX_TIMESTAMP_AT, timestamp.to_be_bytes());
        self.header.crc = checksum(&self.bytes[CRC_COVERS_FROM..]);
        put(&mut self.bytes, CRC_AT, self.header.crc.to_be_bytes());
    }

    /// Gives the buffer up, to be handed to [`BatchEncoder::reuse`](crate::record::BatchEncoder::reuse).
    #[must_use]
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

impl fmt::Debug for EncodedBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodedBatch").field("header", &self.header).finish_non_exhaustive()
    }
}
