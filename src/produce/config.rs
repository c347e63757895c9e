//! How a producer batches, how far it runs ahead, and when a record counts as sent.

use std::time::Duration;

use crate::record::Compression;

/// When a record counts as sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Acks {
    /// Handed over to the writer.
    None,
    /// Written to the kernel: it survives this process.
    Leader,
    /// On the disk: it survives the machine.
    #[default]
    All,
}

/// Settings of a [`Producer`](crate::produce::Producer).
#[derive(Clone, Copy, Debug)]
pub struct ProducerConfig {
    /// When a record counts as sent.
    pub acks: Acks,
    /// How batches are compressed.
    pub compression: Compression,
    /// A batch is handed over before a record would take it past this. Bytes, uncompressed.
    pub batch_bytes: usize,
    /// The largest key, value and headers of one record together. Bytes.
    pub message_bytes_max: usize,
    /// How long a lock is waited for.
    pub max_block: Duration,
    /// How much may be handed over and not yet written; more only for a single batch. Bytes.
    pub in_flight_bytes_max: usize,
    /// With [`Acks::All`]: how much may be written and not yet acknowledged. Bytes.
    pub unacknowledged_bytes_max: usize,
}

impl ProducerConfig {
    /// Large enough that the cost of an append, some microseconds, does not show; small enough to
    /// stay in a processor's cache between encoding, checksum and write. Bytes.
    pub const BATCH_BYTES_DEFAULT: usize = 128 << 10;
    /// Bytes of key, value and headers.
    pub const MESSAGE_BYTES_MAX_DEFAULT: usize = 10_000_000;
    /// Kafka's `max.block.ms`.
    pub const MAX_BLOCK_DEFAULT: Duration = Duration::from_secs(60);
    /// Enough to keep two threads busy. Bytes.
    pub const IN_FLIGHT_BYTES_MAX_DEFAULT: usize = 2 << 20;
    /// What a power cut may take although it was written, and what a report of it holds. Bytes.
    pub const UNACKNOWLEDGED_BYTES_MAX_DEFAULT: usize = 32 << 20;
}

impl Default for ProducerConfig {
    fn default() -> Self {
        Self {
            acks: Acks::All,
            compression: Compression::None,
            batch_bytes: Self::BATCH_BYTES_DEFAULT,
            message_bytes_max: Self::MESSAGE_BYTES_MAX_DEFAULT,
            max_block: Self::MAX_BLOCK_DEFAULT,
            in_flight_bytes_max: Self::IN_FLIGHT_BYTES_MAX_DEFAULT,
            unacknowledged_bytes_max: Self::UNACKNOWLEDGED_BYTES_MAX_DEFAULT,
        }
    }
}
