//! Where the present comes from: the system, or a fixed moment for tests and demos.

use std::fmt::Debug;
use std::time::SystemTime;

use crate::time::TimestampMs;

/// Tells the present. Everything that needs it takes one of these as a parameter.
pub trait Clock: Send + Sync + Debug {
    /// Returns the present moment, which may be earlier than the last one returned: wall clocks
    /// are set back.
    fn now(&self) -> TimestampMs;
}

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> TimestampMs {
        #[expect(clippy::disallowed_methods, reason = "the one reader of the wall clock")]
        let now = SystemTime::now();
        since_epoch(now)
    }
}

/// Returns `moment` in whole milliseconds, rounded toward the past.
fn since_epoch(moment: SystemTime) -> TimestampMs {
    let ms = match moment.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => {
            let ms = before.duration().as_nanos().div_ceil(1_000_000);
            i64::try_from(ms).map_or(i64::MIN, |ms| -ms)
        }
    };
    TimestampMs(ms)
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug, Default)]
pub struct FixedClock(pub TimestampMs);

impl Clock for FixedClock {
    fn now(&self) -> TimestampMs {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_fixed_clock_stands_still() {
        let clock = FixedClock(TimestampMs(1_700_000_000_000));
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.now().to_string(), "1700000000000");
    }

    #[test]
    fn the_system_clock_is_past_the_year_2020() {
        assert!(SystemClock.now() > TimestampMs(1_577_836_800_000));
    }

    #[test]
    fn moments_round_toward_the_past_on_both_sides_of_the_epoch() {
        let half_ms = Duration::from_micros(500);
        let epoch = SystemTime::UNIX_EPOCH;
        assert_eq!(since_epoch(epoch), TimestampMs(0));
        assert_eq!(since_epoch(epoch + 3 * half_ms), TimestampMs(1));
        assert_eq!(since_epoch(epoch - half_ms), TimestampMs(-1));
        assert_eq!(since_epoch(epoch - 2 * half_ms), TimestampMs(-1));
        assert_eq!(since_epoch(epoch - 3 * half_ms), TimestampMs(-2));
    }
}
