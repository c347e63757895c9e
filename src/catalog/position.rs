//! Where in a log a record is, so that an index row can be checked against it.

use super::id::ObjectId;

/// The place of one record in a log, with the checksum of the batch that holds it.
///
/// A row is believed only when the batch at `position_bytes` of the segment still has this CRC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordPosition {
    /// Base offset of the segment: its name.
    pub segment_base: i64,
    /// Where the record's batch begins in that segment.
    pub position_bytes: u64,
    /// CRC-32C of that batch, from its header.
    pub batch_crc: u32,
    /// Offset of the record itself.
    pub offset: i64,
}

/// How far a log has been applied to the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPosition {
    /// The stream whose log it is.
    pub stream_id: ObjectId,
    /// Base offset of the segment that holds the last batch applied.
    pub segment_base: i64,
    /// Where that batch begins in the segment.
    pub position_bytes: u64,
    /// CRC-32C of that batch, from its header.
    pub batch_crc: u32,
    /// The offset behind that batch: the first one not applied.
    pub next_offset: i64,
}
