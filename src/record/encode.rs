//! Records into batches: one buffer, one copy of each value, the header filled in at the end.

use crate::record::compressor::Compressor;
use crate::record::crc::checksum;
use crate::record::header::{
    CONTROL_BIT, CRC_AT, CRC_COVERS_FROM, MAGIC, PREFIX_BYTES, TRANSACTIONAL_BIT, put,
};
use crate::record::varint::{
    APPEND_BYTES_MAX, VARINT_BYTES_MAX, append_varints, encoded_bytes, zigzag, zigzag_long,
};
use crate::record::{BatchHeader, Compression, EncodedBatch, HEADER_BYTES};

/// The largest total length that the header's batch length can say. Bytes.
const TOTAL_BYTES_MAX: usize = i32::MAX as usize + PREFIX_BYTES;
/// The zigzag form of the length -1.
const NULL: u64 = 1;
/// A record's attributes, unused so far: one byte, the same as a varint of 0.
const ATTRIBUTES: u64 = 0;

/// A record to be encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewRecord<'a> {
    /// Milliseconds since 1970; -1 none.
    pub timestamp: i64,
    /// `None` is null, which is not the same as empty.
    pub key: Option<&'a [u8]>,
    /// `None` is null: a tombstone.
    pub value: Option<&'a [u8]>,
    /// Keys may repeat and be empty; they should be UTF-8. Values may be null (`None`).
    pub headers: &'a [(&'a [u8], Option<&'a [u8]>)],
}

/// What a batch says of its producer; by default that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchFields {
    /// Identity of the producer; -1 none.
    pub producer_id: i64,
    /// Epoch of the producer; -1 none.
    pub producer_epoch: i16,
    /// Sequence number of the first record; -1 none.
    pub base_sequence: i32,
    /// Whether the batch belongs to a transaction.
    pub is_transactional: bool,
    /// Whether the records are control records.
    pub is_control: bool,
}

impl Default for BatchFields {
    fn default() -> Self {
        Self {
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            is_transactional: false,
            is_control: false,
        }
    }
}

/// Gathers records into a batch.
///
/// The buffer begins with room for the header; a pushed record is written behind what is there,
/// without an allocation of its own. An uncompressed batch leaves in that same buffer.
///
/// # Invariants
///
/// - Between batches `records == 0`, and what the buffers hold does not matter.
/// - With `records > 0`, `buffer` holds 61 bytes of room and then exactly that many records.
#[derive(Debug, Default)]
pub struct BatchEncoder {
    buffer: Vec<u8>,
    /// Where the next compressed batch goes.
    spare: Vec<u8>,
    compressor: Compressor,
    fields: BatchFields,
    records: i32,
    base_timestamp: i64,
    max_timestamp: i64,
}

impl BatchEncoder {
    /// Makes an encoder that fills `buffer`, whose contents are dropped and capacity kept.
    #[must_use]
    pub fn new(buffer: Vec<u8>) -> Self {
        Self { buffer, ..Self::default() }
    }

    /// Hands in a buffer to use again, usually one that [`EncodedBatch::into_buffer`] gave back.
    ///
    /// May be called at any time and never disturbs records already pushed.
    pub fn reuse(&mut self, buffer: Vec<u8>) {
        if self.buffer.capacity() == 0 {
            self.buffer = buffer;
        } else {
            self.spare = buffer;
        }
    }

    /// Sets what this and every later batch says of its producer.
    pub fn set_fields(&mut self, fields: BatchFields) {
        self.fields = fields;
    }

    /// Adds a record to the batch. Its offset follows that of the record before.
    ///
    /// # Panics
    ///
    /// If the batch would grow past 2 GiB, which its format cannot say. Ask
    /// [`BatchEncoder::bytes_with`] first where records have no limit.
    #[inline]
    pub fn push(&mut self, record: &NewRecord<'_>) {
        if self.records == 0 {
            self.begin(record.timestamp);
        }
        let timestamp_delta = record.timestamp.wrapping_sub(self.base_timestamp);
        let body_bytes = body_bytes(record, timestamp_delta, self.records);
        assert!(
            body_bytes <= (TOTAL_BYTES_MAX - VARINT_BYTES_MAX).saturating_sub(self.buffer.len()),
            "a batch cannot exceed 2 GiB"
        );
        self.buffer.reserve(body_bytes + VARINT_BYTES_MAX + APPEND_BYTES_MAX);

        let length = length_raw(body_bytes);
        let timestamp = zigzag_long(timestamp_delta);
        let offset = u64::from(zigzag(self.records));
        let value = record.value.unwrap_or_default();
        let value_length = record.value.map_or(NULL, |value| length_raw(value.len()));
        if let Some(key) = record.key {
            let key_length = length_raw(key.len());
            append_varints(&mut self.buffer, [length, ATTRIBUTES, timestamp, offset, key_length]);
            self.buffer.extend_from_slice(key);
            append_varints(&mut self.buffer, [value_length]);
        } else {
            append_varints(
                &mut self.buffer,
                [length, ATTRIBUTES, timestamp, offset, NULL, value_length],
            );
        }
        self.buffer.extend_from_slice(value);
        if record.headers.is_empty() {
            self.buffer.push(0);
        } else {
            self.push_headers(record.headers);
        }
        self.records += 1;
        self.max_timestamp = self.max_timestamp.max(record.timestamp);
    }

    #[cold]
    fn begin(&mut self, timestamp: i64) {
        self.buffer.clear();
        self.buffer.resize(HEADER_BYTES, 0);
        self.base_timestamp = timestamp;
        self.max_timestamp = timestamp;
    }

    #[inline(never)]
    fn push_headers(&mut self, headers: &[(&[u8], Option<&[u8]>)]) {
        append_varints(&mut self.buffer, [length_raw(headers.len())]);
        for (key, value) in headers {
            append_varints(&mut self.buffer, [length_raw(key.len())]);
            self.buffer.extend_from_slice(key);
            append_varints(&mut self.buffer, [value.map_or(NULL, |value| length_raw(value.len()))]);
            self.buffer.extend_from_slice(value.unwrap_or_default());
        }
    }

    /// Returns how many records the batch has so far.
    #[must_use]
    #[inline]
    pub fn records(&self) -> i32 {
        self.records
    }

    /// Returns the length of the batch so far, header included, uncompressed. Bytes.
    #[must_use]
    #[inline]
    pub fn encoded_bytes(&self) -> usize {
        if self.records == 0 { HEADER_BYTES } else { self.buffer.len() }
    }

    /// Returns what [`BatchEncoder::encoded_bytes`] would be with `record` pushed. Bytes.
    #[must_use]
    #[inline]
    pub fn bytes_with(&self, record: &NewRecord<'_>) -> usize {
        let timestamp_delta = match self.records {
            0 => 0,
            _ => record.timestamp.wrapping_sub(self.base_timestamp),
        };
        let body_bytes = body_bytes(record, timestamp_delta, self.records);
        self.encoded_bytes() + length_bytes(body_bytes) + body_bytes
    }

    /// Ends the batch and leaves the encoder empty.
    ///
    /// The batch has base offset 0 and leader epoch -1 until [`EncodedBatch::stamp`] is called. A
    /// batch that grows by compression stays compressed, as in Kafka; one that the compressor
    /// fails on, for want of memory, goes out uncompressed.
    ///
    /// # Panics
    ///
    /// If no record was pushed: a batch without records has no last offset.
    pub fn finish(&mut self, compression: Compression) -> EncodedBatch {
        assert!(self.records > 0, "a batch has at least one record");
        let (mut bytes, compression) = self.take_bytes(compression);
        assert!(bytes.len() <= TOTAL_BYTES_MAX, "a batch cannot exceed 2 GiB");
        let mut header = BatchHeader {
            base_offset: 0,
            batch_length: (bytes.len() - PREFIX_BYTES) as i32,
            leader_epoch: -1,
            magic: MAGIC,
            crc: 0,
            attributes: self.attributes(compression),
            last_offset_delta: self.records - 1,
            base_timestamp: self.base_timestamp,
            max_timestamp: self.max_timestamp,
            producer_id: self.fields.producer_id,
            producer_epoch: self.fields.producer_epoch,
            base_sequence: self.fields.base_sequence,
            records_count: self.records,
        };
        self.records = 0;
        let Some(room) = bytes.first_chunk_mut::<HEADER_BYTES>() else {
            unreachable!("a batch begins with room for its header");
        };
        header.write(room);
        header.crc = checksum(&bytes[CRC_COVERS_FROM..]);
        put(&mut bytes, CRC_AT, header.crc.to_be_bytes());
        EncodedBatch::from_parts(bytes, header)
    }

    /// Returns the bytes of the batch, its header not yet filled in, and how they are compressed.
    fn take_bytes(&mut self, compression: Compression) -> (Vec<u8>, Compression) {
        if compression != Compression::None {
            let mut output = std::mem::take(&mut self.spare);
            output.clear();
            output.resize(HEADER_BYTES, 0);
            let records = &self.buffer[HEADER_BYTES..];
            if self.compressor.compress(compression, records, &mut output).is_ok() {
                return (output, compression);
            }
        }
        (std::mem::take(&mut self.buffer), Compression::None)
    }

    fn attributes(&self, compression: Compression) -> u16 {
        let mut attributes = compression.bits();
        if self.fields.is_transactional {
            attributes |= TRANSACTIONAL_BIT;
        }
        if self.fields.is_control {
            attributes |= CONTROL_BIT;
        }
        attributes
    }
}

/// Returns the length of a record without its own length field. Bytes.
#[inline(always)]
fn body_bytes(record: &NewRecord<'_>, timestamp_delta: i64, offset_delta: i32) -> usize {
    let headers_bytes = if record.headers.is_empty() { 1 } else { headers_bytes(record.headers) };
    size_of::<i8>()
        + encoded_bytes(zigzag_long(timestamp_delta))
        + encoded_bytes(u64::from(zigzag(offset_delta)))
        + nullable_bytes(record.key)
        + nullable_bytes(record.value)
        + headers_bytes
}

#[inline(never)]
fn headers_bytes(headers: &[(&[u8], Option<&[u8]>)]) -> usize {
    let each = headers
        .iter()
        .map(|(key, value)| length_bytes(key.len()) + key.len() + nullable_bytes(*value));
    length_bytes(headers.len()) + each.sum::<usize>()
}

#[inline(always)]
fn nullable_bytes(bytes: Option<&[u8]>) -> usize {
    bytes.map_or(1, |bytes| length_bytes(bytes.len()) + bytes.len())
}

/// Returns how many bytes a length of `length` takes.
#[inline(always)]
fn length_bytes(length: usize) -> usize {
    encoded_bytes(length_raw(length))
}

/// Returns the zigzag form of a length; right for all that a batch can hold.
#[inline(always)]
fn length_raw(length: usize) -> u64 {
    (length as u64) << 1
}
