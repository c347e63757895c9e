//! A moment in milliseconds, as record batches and catalogue rows store it.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
///
/// In Kafka's formats -1 says "no timestamp"; that meaning belongs to the field, not to this type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimestampMs(pub i64);

impl fmt::Display for TimestampMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
