//! Where reading starts and where it stops.

/// Where to start, in each partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The first record that is there.
    Beginning,
    /// The end, as it is when the consumer is made.
    End,
    /// The record with this offset; if it is to come yet, it is waited for.
    Offset(i64),
    /// So many records before the end.
    BeforeEnd(i64),
    /// The first record of this time or later. Milliseconds since 1970.
    Time(i64),
}

/// Before what to stop, in each partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The first record that is there: nothing is read.
    Beginning,
    /// The end, as it is when the consumer is made.
    End,
    /// The record with this offset; if it is to come yet, it is waited for.
    Offset(i64),
    /// So many records before the end.
    BeforeEnd(i64),
    /// The first record of this time or later; if that time is to come yet, it is waited for.
    /// Milliseconds since 1970.
    Time(i64),
}

/// What to do about stored bytes that are damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDamage {
    /// Tell, and go on behind it.
    StepOver,
    /// Deliver nothing behind it: reading ends with an error.
    Stop,
}

/// In which order the records of several partitions are delivered. Each partition keeps its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As it is read fastest: the partitions in turns.
    Turns,
    /// The earliest of those that come next in their partitions. Of equal times, the one of the
    /// topic whose name comes first, then of the lower partition.
    ///
    /// What is there is merged so; what is written later comes when it comes.
    Time,
}

/// What a [`Consumer`](crate::consume::Consumer) reads.
#[derive(Clone, Copy, Debug)]
pub struct ConsumerConfig {
    /// The only partition to read; `None` is all of them.
    pub partition: Option<u32>,
    /// Where to start.
    pub start: Start,
    /// Before what to stop; `None` goes on for ever.
    pub until: Option<Until>,
    /// Instead of from `start`: so many records before the end or `until`, the newest ones of all
    /// partitions and topics together, in the order of their times. Then what comes.
    pub last: Option<u64>,
    /// The order of what is read.
    pub order: Order,
    /// Records older than this are invisible. Milliseconds; `None` shows all.
    pub ttl_ms: Option<i64>,
    /// What to do about damage.
    pub on_damage: OnDamage,
    /// How much one read asks for. Bytes.
    pub read_bytes: usize,
    /// Records of transactions count only once those are committed: what was aborted is left out,
    /// and nothing behind the first record of one that is open is delivered. A stop that was the end
    /// is reached there.
    pub committed_only: bool,
    /// How much is held of all partitions together while they are merged. Bytes; a record that is
    /// larger than its partition's share is held all the same.
    pub merge_bytes: usize,
}

impl ConsumerConfig {
    /// Less costs more calls, much more no longer stays in the processor's cache. Bytes.
    pub const READ_BYTES_DEFAULT: usize = 1 << 20;
    /// A few records of each of 4,096 partitions, or a good read of each of 32. Bytes.
    pub const MERGE_BYTES_DEFAULT: usize = 32 << 20;
}

impl Default for ConsumerConfig {
    fn default() -> Self {
        Self {
            partition: None,
            start: Start::End,
            until: None,
            last: None,
            order: Order::Turns,
            ttl_ms: None,
            on_damage: OnDamage::StepOver,
            read_bytes: Self::READ_BYTES_DEFAULT,
            committed_only: false,
            merge_bytes: Self::MERGE_BYTES_DEFAULT,
        }
    }
}
