//! What a partition log must know about itself: sizes, ages, gaps, file modes, patience.

use std::time::Duration;

/// May offsets have holes between batches?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// Every batch starts at the offset after its predecessor's last one.
    Contiguous,
    /// Offsets only rise, as after compaction.
    Rising,
}

/// Settings of one partition log.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// A segment is closed before a batch would take it past this size. Bytes.
    pub segment_bytes: u64,
    /// A segment is closed when a batch is this much younger than its first one. Milliseconds;
    /// `None` never closes by age.
    pub segment_ms: Option<i64>,
    /// A segment smaller than this is not closed by age: else messages whose timestamps lie far
    /// apart, as in an import, would each get a segment of their own. Bytes.
    pub aged_segment_bytes_min: u64,
    /// Whether holes between offsets are legal.
    pub gaps: Gaps,
    /// Permission bits of new files.
    pub file_mode: u32,
    /// How long to wait for the append lock; `None` waits as long as it takes.
    pub lock_wait: Option<Duration>,
}

impl LogOptions {
    /// Kafka's default segment size: 1 GiB.
    pub const SEGMENT_BYTES_DEFAULT: u64 = 1 << 30;
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            segment_bytes: Self::SEGMENT_BYTES_DEFAULT,
            segment_ms: None,
            aged_segment_bytes_min: 0,
            gaps: Gaps::Contiguous,
            file_mode: 0o600,
            lock_wait: None,
        }
    }
}

/// Which time the batches of an append carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendTime {
    /// The producer's own timestamps, untouched.
    Create,
    /// The time of the append, milliseconds since the epoch; never lower than the log's last.
    LogAppend(i64),
}
