//! Timestamps and the clock; the only room that reads the wall clock.

mod clock;
mod timestamp;

pub use clock::{Clock, FixedClock, SystemClock};
pub use timestamp::TimestampMs;
