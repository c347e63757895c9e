//! The 61 bytes before the records of a batch: Kafka's `RecordBatch` v2 header, big-endian.
//!
//! ```text
//!  at size field                 at size field
//!   0    8 base offset *         27    8 base timestamp, or delete horizon (bit 6)
//!   8    4 batch length *        35    8 max timestamp, or append time (bit 3)
//!  12    4 leader epoch *        43    8 producer id       -1 none
//!  16    1 magic (2) *           51    2 producer epoch    -1 none
//!  17    4 CRC-32C *             53    4 base sequence     -1 none
//!  21    2 attributes            57    4 records count
//!  23    4 last offset delta     61    – records, plain or compressed as one
//! ```
//!
//! The CRC covers all from the attributes on; the fields with a star lie outside it. The batch
//! length counts what follows it. Attributes: bits 0-2 codec, 3 append time, 4 transactional,
//! 5 control, 6 delete horizon; the rest is unused.

use crate::record::{Compression, DecodeError, increment_sequence};

pub(crate) const BASE_OFFSET_AT: usize = 0;
pub(crate) const BATCH_LENGTH_AT: usize = BASE_OFFSET_AT + size_of::<i64>();
pub(crate) const LEADER_EPOCH_AT: usize = BATCH_LENGTH_AT + size_of::<i32>();
pub(crate) const MAGIC_AT: usize = LEADER_EPOCH_AT + size_of::<i32>();
pub(crate) const CRC_AT: usize = MAGIC_AT + size_of::<i8>();
pub(crate) const ATTRIBUTES_AT: usize = CRC_AT + size_of::<u32>();
pub(crate) const LAST_OFFSET_DELTA_AT: usize = ATTRIBUTES_AT + size_of::<u16>();
pub(crate) const BASE_TIMESTAMP_AT: usize = LAST_OFFSET_DELTA_AT + size_of::<i32>();
pub(crate) const MAX_TIMESTAMP_AT: usize = BASE_TIMESTAMP_AT + size_of::<i64>();
pub(crate) const PRODUCER_ID_AT: usize = MAX_TIMESTAMP_AT + size_of::<i64>();
pub(crate) const PRODUCER_EPOCH_AT: usize = PRODUCER_ID_AT + size_of::<i64>();
pub(crate) const BASE_SEQUENCE_AT: usize = PRODUCER_EPOCH_AT + size_of::<i16>();
pub(crate) const RECORDS_COUNT_AT: usize = BASE_SEQUENCE_AT + size_of::<i32>();

/// Length of a batch header. Bytes.
pub const HEADER_BYTES: usize = RECORDS_COUNT_AT + size_of::<i32>();
/// The part of a batch that its batch length does not count: base offset and the length. Bytes.
pub const PREFIX_BYTES: usize = LEADER_EPOCH_AT;
/// How large a producer lets a batch grow unless one message needs more. Bytes.
pub const BATCH_BYTES_MAX: usize = 1024 * 1024;

/// The CRC covers a batch from here to its end.
pub(crate) const CRC_COVERS_FROM: usize = ATTRIBUTES_AT;
/// The batch length of a batch without records.
pub(crate) const BATCH_LENGTH_MIN: i32 = (HEADER_BYTES - PREFIX_BYTES) as i32;
/// The only format this room reads and writes.
pub(crate) const MAGIC: i8 = 2;

const CODEC_BITS: u16 = 0b111;
pub(crate) const LOG_APPEND_TIME_BIT: u16 = 1 << 3;
pub(crate) const TRANSACTIONAL_BIT: u16 = 1 << 4;
pub(crate) const CONTROL_BIT: u16 = 1 << 5;
const DELETE_HORIZON_BIT: u16 = 1 << 6;

const _: () = assert!(HEADER_BYTES == 61 && BATCH_LENGTH_MIN == 49);

/// What the timestamps of a batch's records mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampType {
    /// Each record has the time its producer gave it.
    CreateTime,
    /// Every record has the time at which the batch was appended: the batch's max timestamp.
    LogAppendTime,
}

/// The header of a batch, field by field.
///
/// [`BatchHeader::parse`] promises:
///
/// - `magic == 2`, `batch_length >= 49`, and the codec bits name a codec.
/// - `base_offset >= 0`, `last_offset_delta >= 0`, and [`BatchHeader::next_offset`] fits an `i64`.
/// - `0 <= records_count <= last_offset_delta + 1`.
///
/// It promises nothing about the upper end of `batch_length`: the caller knows how much it is
/// willing to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    /// Offset of the first record that the batch was written with.
    pub base_offset: i64,
    /// Bytes after this field: the batch's total less 12.
    pub batch_length: i32,
    /// Epoch of the writer that appended the batch; -1 unknown.
    pub leader_epoch: i32,
    /// The format: 2.
    pub magic: i8,
    /// CRC-32C of all from `attributes` to the end of the batch.
    pub crc: u32,
    /// Bits; see the methods.
    pub attributes: u16,
    /// Last offset less base offset, kept even if compaction removed the last record.
    pub last_offset_delta: i32,
    /// What the records' timestamp deltas start from: the first record's timestamp, or the delete
    /// horizon. Milliseconds.
    pub base_timestamp: i64,
    /// The greatest timestamp of a record, or the append time. Milliseconds; -1 none.
    pub max_timestamp: i64,
    /// Identity of the producer; -1 none.
    pub producer_id: i64,
    /// Epoch of the producer; -1 none.
    pub producer_epoch: i16,
    /// Sequence number of the first record; -1 none.
    pub base_sequence: i32,
    /// How many records there are; 0 after compaction removed the last.
    pub records_count: i32,
}

impl BatchHeader {
    /// Reads the header at the front of `bytes`, and looks no further than its 61 bytes.
    ///
    /// # Errors
    ///
    /// `Truncated` if there are fewer than 61 bytes; otherwise the first field that is wrong, with
    /// the magic first: in another format the other fields are elsewhere.
    #[inline]
    pub fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        let Some(raw) = bytes.first_chunk::<HEADER_BYTES>() else {
            return Err(DecodeError::Truncated {
                needed_bytes: HEADER_BYTES,
                present_bytes: bytes.len(),
            });
        };
        let header = Self::read(raw);
        header.validate()?;
        Ok(header)
    }

    #[inline]
    fn read(raw: &[u8; HEADER_BYTES]) -> Self {
        Self {
            base_offset: i64::from_be_bytes(field(raw, BASE_OFFSET_AT)),
            batch_length: i32::from_be_bytes(field(raw, BATCH_LENGTH_AT)),
            leader_epoch: i32::from_be_bytes(field(raw, LEADER_EPOCH_AT)),
            magic: i8::from_be_bytes(field(raw, MAGIC_AT)),
            crc: u32::from_be_bytes(field(raw, CRC_AT)),
            attributes: u16::from_be_bytes(field(raw, ATTRIBUTES_AT)),
            last_offset_delta: i32::from_be_bytes(field(raw, LAST_OFFSET_DELTA_AT)),
            base_timestamp: i64::from_be_bytes(field(raw, BASE_TIMESTAMP_AT)),
            max_timestamp: i64::from_be_bytes(field(raw, MAX_TIMESTAMP_AT)),
            producer_id: i64::from_be_bytes(field(raw, PRODUCER_ID_AT)),
            producer_epoch: i16::from_be_bytes(field(raw, PRODUCER_EPOCH_AT)),
            base_sequence: i32::from_be_bytes(field(raw, BASE_SEQUENCE_AT)),
            records_count: i32::from_be_bytes(field(raw, RECORDS_COUNT_AT)),
        }
    }

    fn validate(&self) -> Result<(), DecodeError> {
        let Self { base_offset, batch_length, last_offset_delta, records_count, .. } = *self;
        if self.magic != MAGIC {
            return Err(DecodeError::Magic { magic: self.magic });
        }
        if batch_length < BATCH_LENGTH_MIN {
            return Err(DecodeError::BatchLength { batch_length });
        }
        let bits = self.attributes & CODEC_BITS;
        if Compression::from_bits(bits).is_none() {
            return Err(DecodeError::Codec { bits });
        }
        if base_offset < 0 {
            return Err(DecodeError::BaseOffset { base_offset });
        }
        if last_offset_delta < 0 {
            return Err(DecodeError::LastOffsetDelta { last_offset_delta });
        }
        if base_offset.checked_add(i64::from(last_offset_delta) + 1).is_none() {
            return Err(DecodeError::OffsetOverflow { base_offset, last_offset_delta });
        }
        // Offsets within a batch rise, so it cannot hold more records than offsets.
        if records_count < 0 || i64::from(records_count) > i64::from(last_offset_delta) + 1 {
            return Err(DecodeError::RecordsCount { records_count, last_offset_delta });
        }
        Ok(())
    }

    /// Writes all fields, the CRC as it is.
    pub(crate) fn write(&self, raw: &mut [u8; HEADER_BYTES]) {
        put(raw, BASE_OFFSET_AT, self.base_offset.to_be_bytes());
        put(raw, BATCH_LENGTH_AT, self.batch_length.to_be_bytes());
        put(raw, LEADER_EPOCH_AT, self.leader_epoch.to_be_bytes());
        put(raw, MAGIC_AT, self.magic.to_be_bytes());
        put(raw, CRC_AT, self.crc.to_be_bytes());
        put(raw, ATTRIBUTES_AT, self.attributes.to_be_bytes());
        put(raw, LAST_OFFSET_DELTA_AT, self.last_offset_delta.to_be_bytes());
        put(raw, BASE_TIMESTAMP_AT, self.base_timestamp.to_be_bytes());
        put(raw, MAX_TIMESTAMP_AT, self.max_timestamp.to_be_bytes());
        put(raw, PRODUCER_ID_AT, self.producer_id.to_be_bytes());
        put(raw, PRODUCER_EPOCH_AT, self.producer_epoch.to_be_bytes());
        put(raw, BASE_SEQUENCE_AT, self.base_sequence.to_be_bytes());
        put(raw, RECORDS_COUNT_AT, self.records_count.to_be_bytes());
    }

    /// Returns the length of the whole batch, header included. Bytes.
    #[must_use]
    #[inline]
    pub fn total_bytes(&self) -> usize {
        PREFIX_BYTES + self.batch_length as usize
    }

    /// Returns the offset of the last record the batch was written with.
    #[must_use]
    #[inline]
    pub fn last_offset(&self) -> i64 {
        self.base_offset + i64::from(self.last_offset_delta)
    }

    /// Returns the offset after the batch.
    #[must_use]
    #[inline]
    pub fn next_offset(&self) -> i64 {
        self.last_offset() + 1
    }

    /// Returns the sequence number of the last record, or -1 if the batch has no sequence.
    #[must_use]
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence < 0 {
            return -1;
        }
        increment_sequence(self.base_sequence, self.last_offset_delta)
    }

    /// Returns how the records are compressed.
    ///
    /// # Panics
    ///
    /// If the codec bits name no codec, which [`BatchHeader::parse`] rules out.
    #[must_use]
    #[inline]
    pub fn compression(&self) -> Compression {
        let Some(compression) = Compression::from_bits(self.attributes & CODEC_BITS) else {
            unreachable!("a parsed header has a valid codec");
        };
        compression
    }

    /// Returns what the timestamps mean.
    #[must_use]
    #[inline]
    pub fn timestamp_type(&self) -> TimestampType {
        if self.attributes & LOG_APPEND_TIME_BIT == 0 {
            TimestampType::CreateTime
        } else {
            TimestampType::LogAppendTime
        }
    }

    /// Says whether the batch belongs to a transaction.
    #[must_use]
    #[inline]
    pub fn is_transactional(&self) -> bool {
        self.attributes & TRANSACTIONAL_BIT != 0
    }

    /// Says whether the batch holds control records, which no consumer is handed but whose offsets
    /// count.
    #[must_use]
    #[inline]
    pub fn is_control(&self) -> bool {
        self.attributes & CONTROL_BIT != 0
    }

    /// Returns from when compaction may drop the batch's tombstones and markers. Milliseconds.
    ///
    /// The base timestamp holds it, and the records' deltas start from it: their timestamps read
    /// the same as before the horizon was set.
    #[must_use]
    #[inline]
    pub fn delete_horizon(&self) -> Option<i64> {
        (self.attributes & DELETE_HORIZON_BIT != 0).then_some(self.base_timestamp)
    }
}

#[inline(always)]
fn field<const N: usize>(raw: &[u8; HEADER_BYTES], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&raw[at..at + N]);
    bytes
}

#[inline(always)]
pub(crate) fn put<const N: usize>(raw: &mut [u8], at: usize, bytes: [u8; N]) {
    raw[at..at + N].copy_from_slice(&bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> BatchHeader {
        BatchHeader {
            base_offset: 7,
            batch_length: 60,
            leader_epoch: 3,
            magic: MAGIC,
            crc: 0x0102_0304,
            attributes: 0,
            last_offset_delta: 4,
            base_timestamp: 1000,
            max_timestamp: 2000,
            producer_id: 5,
            producer_epoch: 6,
            base_sequence: i32::MAX,
            records_count: 5,
        }
    }

    fn parse(header: &BatchHeader) -> Result<BatchHeader, DecodeError> {
        let mut raw = [0; HEADER_BYTES];
        header.write(&mut raw);
        BatchHeader::parse(&raw)
    }

    #[track_caller]
    fn check_refused(change: impl FnOnce(&mut BatchHeader), message: &str) {
        let mut header = valid();
        change(&mut header);
        assert_eq!(parse(&header).unwrap_err().to_string(), message);
    }

    #[test]
    fn fields_come_back() {
        let header = parse(&valid()).unwrap();
        assert_eq!(header, valid());
        assert_eq!(header.total_bytes(), 72);
        assert_eq!(header.last_offset(), 11);
        assert_eq!(header.next_offset(), 12);
        assert_eq!(header.last_sequence(), 3);
        assert_eq!(header.delete_horizon(), None);
        assert_eq!(BatchHeader { base_sequence: -1, ..header }.last_sequence(), -1);
    }

    #[test]
    fn each_attribute_bit_is_read_alone() {
        let with = |attributes| parse(&BatchHeader { attributes, ..valid() }).unwrap();
        assert_eq!(with(0b100).compression(), Compression::Zstd);
        assert_eq!(with(0b1000).timestamp_type(), TimestampType::LogAppendTime);
        assert_eq!(with(!0b1111).timestamp_type(), TimestampType::CreateTime);
        assert!(with(0b1_0000).is_transactional() && !with(0b1_0000).is_control());
        assert!(with(0b10_0000).is_control() && !with(0b10_0000).is_transactional());
        assert_eq!(with(0b100_0000).delete_horizon(), Some(1000));
    }

    #[test]
    fn limits_are_accepted() {
        parse(&BatchHeader { batch_length: 49, ..valid() }).unwrap();
        parse(&BatchHeader { batch_length: i32::MAX, ..valid() }).unwrap();
        parse(&BatchHeader { records_count: 0, ..valid() }).unwrap();
        parse(&BatchHeader { base_offset: 0, ..valid() }).unwrap();
        let header = parse(&BatchHeader { base_offset: i64::MAX - 5, ..valid() }).unwrap();
        assert_eq!(header.next_offset(), i64::MAX);
    }

    #[test]
    fn a_wrong_field_is_named_with_its_value() {
        check_refused(|h| h.magic = 1, "batch has magic 1; only 2 is read");
        check_refused(|h| h.batch_length = 48, "batch length is 48 bytes; the least is 49");
        check_refused(|h| h.attributes = 5, "codec is 5; the greatest is 4");
        check_refused(|h| h.attributes = 7, "codec is 7; the greatest is 4");
        check_refused(|h| h.base_offset = -1, "base offset is -1; the least is 0");
        check_refused(|h| h.last_offset_delta = -1, "last offset delta is -1; the least is 0");
        check_refused(
            |h| h.base_offset = i64::MAX - 4,
            "base offset 9223372036854775803 plus 4 is past the last offset 9223372036854775806",
        );
        check_refused(|h| h.records_count = -1, "records count is -1; the batch has 5 offsets");
        check_refused(|h| h.records_count = 6, "records count is 6; the batch has 5 offsets");
    }

    #[test]
    fn sixty_bytes_are_no_header() {
        let error = BatchHeader::parse(&[0; 60]).unwrap_err();
        assert_eq!(error.to_string(), "batch needs 61 bytes; 60 are there");
    }
}
