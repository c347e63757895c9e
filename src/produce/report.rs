//! What a producer tells its caller: totals, and each acknowledged batch.

use crate::record::EncodedBatch;

/// What became of everything that was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records that [`Producer::send`](crate::produce::Producer::send) took.
    pub sent_records: u64,
    /// Keys, values and headers of those. Bytes.
    pub sent_bytes: u64,
    /// Records that are in a log.
    pub stored_records: u64,
    /// Records that reached the asked level of acks.
    pub acknowledged_records: u64,
}

impl Totals {
    /// Returns how many records were taken and are in no log.
    #[must_use]
    pub fn lost_records(&self) -> u64 {
        self.sent_records - self.stored_records
    }

    /// Returns how many records were taken and did not reach the asked level of acks.
    #[must_use]
    pub fn unacknowledged_records(&self) -> u64 {
        self.sent_records - self.acknowledged_records
    }
}

/// A batch that reached the asked level of acks.
#[derive(Debug)]
pub struct Acknowledged {
    /// Where it is.
    pub partition: u32,
    /// The batch as it is in the log, offsets included.
    pub batch: EncodedBatch,
}

/// Is told of every acknowledged batch: in order for each partition, on another thread, and before
/// the totals count it. While it runs nothing else is acknowledged.
pub type AckListener = Box<dyn FnMut(&Acknowledged) + Send>;
