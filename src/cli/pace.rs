//! How fast records are replayed: at the pace of their own timestamps, some times that, or a rate.

use std::time::Duration;

use clap::Args;

use super::failure::Failure;
use super::place::parse_duration_ms;

/// A wait shorter than this is not worth one: the record comes now, and the next one waits longer.
const GRAIN: Duration = Duration::from_millis(1);
/// How far a replay that was held up may fall behind and still catch up; what it lost beyond that
/// stays lost, so that a pause is not followed by a flood.
const BEHIND_MAX: Duration = Duration::from_millis(100);

/// What a pace looks like, for messages and help.
const PACE_FORMS: &str = "`original`, a factor (2, 0.5x) or a rate (1000/s, 30/m, 10/h)";

/// The options of a replay.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PaceArguments {
    /// Replay records at the pace at which they came, or at another one
    ///
    /// original keeps the gaps between the records' timestamps; a factor (2, 0.5x) is so many times
    /// as fast; a rate (1000/s, 30/m, 10/h) leaves the same time between any two. What is left out
    /// does not count, and a record that is older than those before it does not wait.
    #[arg(long, value_name = "PACE", allow_hyphen_values = true)]
    pace: Option<String>,

    /// With --pace, wait no longer than this between two records, such as 2s
    #[arg(long, value_name = "DURATION", requires = "pace", allow_hyphen_values = true)]
    max_gap: Option<String>,
}

impl PaceArguments {
    /// True if there is a pace.
    pub(crate) fn is_given(&self) -> bool {
        self.pace.is_some()
    }

    /// Makes what says when records are due; `None` if they are due at once.
    ///
    /// # Errors
    ///
    /// Something that is no pace, or no duration: exit 2.
    pub(crate) fn checked(&self) -> Result<Option<Pacer>, Failure> {
        let pace = self.pace.as_deref().map(Pace::parse).transpose();
        let pace = pace.map_err(|text| Failure::usage(format!("option --pace: {text}")))?;
        let gap = self.max_gap.as_deref().map(parse_gap).transpose();
        let gap = gap.map_err(|text| Failure::usage(format!("option --max-gap: {text}")))?;
        Ok(pace.map(|pace| Pacer::new(pace, gap)))
    }
}

/// What `--pace` asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pace {
    /// The gaps between the records' timestamps, divided by this.
    Times(f64),
    /// One record in each interval of this length.
    Every(Duration),
}

impl Pace {
    /// Reads a pace.
    ///
    /// # Errors
    ///
    /// A sentence that says what a pace looks like.
    fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| format!("`{text}` is not a pace; expected {PACE_FORMS}"))
    }

    fn read(text: &str) -> Option<Self> {
        if text == "original" {
            return Some(Self::Times(1.0));
        }
        if let Some((count, unit)) = text.split_once('/') {
            let seconds = match unit {
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
            let every = Duration::try_from_secs_f64(seconds / positive(count)?).ok()?;
            return Some(Self::Every(every));
        }
        Some(Self::Times(positive(text.strip_suffix('x').unwrap_or(text))?))
    }
}

/// Reads a number above 0 without a sign or an exponent.
fn positive(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|number: &f64| plain && number.is_finite() && *number > 0.0)
}

/// Reads the longest gap that `--max-gap` leaves.
///
/// # Errors
///
/// A sentence that says what a duration looks like.
fn parse_gap(text: &str) -> Result<Duration, String> {
    parse_duration_ms(text)
        .and_then(|ms| u64::try_from(ms).ok())
        .map(Duration::from_millis)
        .ok_or_else(|| {
            format!("`{text}` is not a duration; expected one such as 500ms, 2s or 1h30m")
        })
}

/// Says when the next record is due. It knows no clock: times are told it, counted from any start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pacer {
    pace: Pace,
    gap_max: Option<Duration>,
    /// When the last record was due, and the largest timestamp so far.
    last: Option<(Duration, i64)>,
}

impl Pacer {
    /// Makes a pacer that never waits longer than `gap_max` between two records.
    fn new(pace: Pace, gap_max: Option<Duration>) -> Self {
        Self { pace, gap_max, last: None }
    }

    /// True if it goes by the records' timestamps.
    pub(crate) fn needs_timestamps(&self) -> bool {
        matches!(self.pace, Pace::Times(_))
    }

    /// Returns how long to wait at `now` before the record with this timestamp (milliseconds since
    /// 1970; negative is none).
    ///
    /// The first record comes at once, and so does one that is older than those before it.
    pub(crate) fn wait(&mut self, timestamp: i64, now: Duration) -> Duration {
        let Some((due, newest)) = self.last else {
            self.last = Some((now, timestamp));
            return Duration::ZERO;
        };
        let mut gap = match self.pace {
            Pace::Every(interval) => interval,
            // Nothing is known of how long after the others a record without a time came.
            Pace::Times(_) if newest < 0 || timestamp < 0 => Duration::ZERO,
            Pace::Times(factor) => {
                let ms = u64::try_from(timestamp.saturating_sub(newest)).unwrap_or(0);
                let seconds = Duration::from_millis(ms).as_secs_f64() / factor;
                Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
            }
        };
        gap = gap.min(self.gap_max.unwrap_or(Duration::MAX));
        let due = due.saturating_add(gap).max(now.saturating_sub(BEHIND_MAX));
        self.last = Some((due, timestamp.max(newest)));
        Some(due.saturating_sub(now)).filter(|left| *left >= GRAIN).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Pace, Pacer, parse_gap};

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// The times at which records with these timestamps come if nothing else takes time.
    fn times(pace: &str, gap_max: Option<Duration>, timestamps: &[i64]) -> Vec<u128> {
        let mut pacer = Pacer::new(Pace::parse(pace).unwrap(), gap_max);
        let mut now = Duration::ZERO;
        let mut came = Vec::new();
        for timestamp in timestamps {
            now += pacer.wait(*timestamp, now);
            came.push(now.as_millis());
        }
        came
    }

    #[test]
    fn forms() {
        assert_eq!(Pace::parse("original"), Ok(Pace::Times(1.0)));
        assert_eq!(Pace::parse("2"), Ok(Pace::Times(2.0)));
        assert_eq!(Pace::parse("0.5x"), Ok(Pace::Times(0.5)));
        assert_eq!(Pace::parse("1000/s"), Ok(Pace::Every(ms(1))));
        assert_eq!(Pace::parse("30/m"), Ok(Pace::Every(ms(2000))));
        assert_eq!(Pace::parse("1/h"), Ok(Pace::Every(Duration::from_secs(3600))));
        for text in
            ["", "0", "-1", "x", "1e3", "inf", "0/s", "5/d", "/s", "2xx", "1/", "original/s"]
        {
            let message = Pace::parse(text).unwrap_err();
            assert!(message.starts_with(&format!("`{text}` is not a pace")), "{message}");
        }
        assert_eq!(parse_gap("1m30s"), Ok(ms(90_000)));
        assert!(parse_gap("5").unwrap_err().starts_with("`5` is not a duration"));
    }

    #[test]
    fn gaps_are_those_of_the_timestamps_divided_by_the_factor_and_cut() {
        let stamps = [1000, 1200, 5200, 5200, 6200];
        assert_eq!(times("original", None, &stamps), [0, 200, 4200, 4200, 5200]);
        assert_eq!(times("2x", None, &stamps), [0, 100, 2100, 2100, 2600]);
        assert_eq!(times("0.5", None, &stamps), [0, 400, 8400, 8400, 10_400]);
        assert_eq!(times("original", Some(ms(300)), &stamps), [0, 200, 500, 500, 800]);
        assert_eq!(times("original", Some(ms(0)), &stamps), [0; 5]);
    }

    #[test]
    fn older_records_and_those_without_a_time_wait_for_nothing() {
        assert_eq!(times("original", None, &[1000, 2000, 1500, 2500]), [0, 1000, 1000, 1500]);
        assert_eq!(times("original", None, &[-1, 2000, -1, 2500]), [0, 0, 0, 500]);
        assert_eq!(times("original", None, &[0, i64::MAX]).len(), 2);
    }

    #[test]
    fn a_rate_is_kept_on_average_without_waits_too_short_to_be_one() {
        assert_eq!(times("100/s", None, &[0; 4]), [0, 10, 20, 30]);
        let many = times("4000/s", None, &[0; 4001]);
        assert_eq!(many[4000], 1000);
        assert!(times("100/s", Some(ms(5)), &[0; 3]) == [0, 5, 10]);
    }

    #[test]
    fn what_was_held_up_catches_up_a_little_and_never_floods() {
        let mut pacer = Pacer::new(Pace::parse("100/s").unwrap(), None);
        assert_eq!(pacer.wait(0, ms(0)), ms(0));
        assert_eq!(pacer.wait(0, ms(25)), ms(0), "15 ms late");
        assert_eq!(pacer.wait(0, ms(25)), ms(0), "5 ms late");
        assert_eq!(pacer.wait(0, ms(25)), ms(5), "on time again");
        let floods = (0..100).take_while(|_| pacer.wait(0, ms(60_000)).is_zero()).count();
        assert_eq!(floods, 11, "100 ms are caught up");
    }
}
