//! Every limit on names and sizes, with its unit; each is tested on both sides.

/// Characters of a topic name, at most.
pub const TOPIC_NAME_CHARS_MAX: usize = 249;
/// Bytes of one component of a stream path, at most (what file systems allow for one name).
pub const COMPONENT_BYTES_MAX: usize = 255;
/// Bytes of a whole stream path, at most.
pub const STREAM_PATH_BYTES_MAX: usize = 4096;
/// Partitions of one topic, at least.
pub const PARTITIONS_MIN: u32 = 1;
/// Partitions of one topic, at most.
pub const PARTITIONS_MAX: u32 = 4096;
/// Bytes of key, value and headers of one message together, at most, unless configured otherwise.
pub const MESSAGE_BYTES_MAX: usize = 10_000_000;
/// Bytes a record batch grows to before it is closed; only a single larger message exceeds it.
pub const BATCH_BYTES_MAX: usize = 1 << 20;
/// Bytes of a consumer group's id, at most.
pub const GROUP_ID_BYTES_MAX: usize = 2457;
/// Bytes of one access control expression, at most.
pub const ACE_BYTES_MAX: usize = 64 << 10;
/// Topics in one stream that the suite is tested with; not a hard limit.
pub const TOPICS_TESTED: usize = 10_000;
/// First bytes of a path component that are kept for the store itself.
pub const RESERVED_PREFIX: &str = ".streampath";
/// First component under which MapR mounts its clusters: `/mapr/<cluster>/s` means `/s`.
pub const MAPR_MOUNT: &str = "mapr";
