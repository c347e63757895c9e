//! Times as MapR's tools write them: in the local zone, on a 12-hour clock.

use jiff::Zoned;

use crate::time::TimestampMs;

use super::Moment;

/// Returns `timeofday` of the JSON envelope: `2018-07-16 03:01:40.025 GMT+0000 PM`.
#[must_use]
pub(crate) fn time_of_day(moment: &Moment) -> String {
    format(moment.now, moment, "%Y-%m-%d %I:%M:%S.%3f GMT%z %p")
}

/// Returns a time of a row as MapR's JSON has it: `1969-12-31T04:00:00.000-0800 PM`.
#[must_use]
pub(crate) fn mapr_instant(time: TimestampMs, moment: &Moment) -> String {
    format(time, moment, "%Y-%m-%dT%I:%M:%S.%3f%z %p")
}

/// Returns a time as one word on a 24-hour clock, for tables: `1969-12-31T16:00:00.000-0800`.
#[must_use]
pub(super) fn one_word(time: TimestampMs, moment: &Moment) -> String {
    format(time, moment, "%Y-%m-%dT%H:%M:%S.%3f%z")
}

/// Returns a time for people: `2018-07-16 15:01:40`.
#[must_use]
pub(super) fn for_people(time: TimestampMs, moment: &Moment) -> String {
    format(time, moment, "%Y-%m-%d %H:%M:%S")
}

/// Returns a time in at most 11 characters: `15:01:40` of today, `07-16 15:01` of the half year around
/// it, `2018-07-16` of other days.
#[must_use]
pub(crate) fn short_time(time: TimestampMs, moment: &Moment) -> String {
    const HALF_YEAR_MS: u64 = 180 * 86_400_000;
    if format(time, moment, "%F") == format(moment.now, moment, "%F") {
        return format(time, moment, "%H:%M:%S");
    }
    let is_near = time.0.abs_diff(moment.now.0) < HALF_YEAR_MS;
    format(time, moment, if is_near { "%m-%d %H:%M" } else { "%Y-%m-%d" })
}

fn format(time: TimestampMs, moment: &Moment, pattern: &str) -> String {
    match jiff::Timestamp::from_millisecond(time.0) {
        Ok(timestamp) => Zoned::new(timestamp, moment.zone.clone()).strftime(pattern).to_string(),
        // Beyond the year 9999 there is no calendar to write it in.
        Err(_) => time.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::super::listing::samples;
    use super::{Moment, mapr_instant, one_word, short_time, time_of_day};
    use crate::time::TimestampMs;

    #[test]
    fn a_short_time_leaves_out_what_is_clear() {
        let moment = samples::moment();
        let ago = |ms: i64| short_time(TimestampMs(moment.now.0 - ms), &moment);
        assert_eq!(ago(0), "15:01:40");
        assert_eq!(ago(15 * 3_600_000), "00:01:40");
        assert_eq!(ago(16 * 3_600_000), "07-15 23:01");
        assert_eq!(ago(179 * 86_400_000), "01-18 15:01");
        assert_eq!(ago(181 * 86_400_000), "2018-01-16");
        assert_eq!(ago(-200 * 86_400_000), "2019-02-01");
    }

    #[test]
    fn times_are_written_as_in_the_samples() {
        let moment = samples::moment();
        assert_eq!(time_of_day(&moment), "2018-07-16 03:01:40.025 GMT+0000 PM");
        let west = Moment { zone: TimeZone::fixed(offset(-8)), ..moment };
        assert_eq!(mapr_instant(TimestampMs(0), &west), "1969-12-31T04:00:00.000-0800 PM");
        assert_eq!(one_word(TimestampMs(0), &west), "1969-12-31T16:00:00.000-0800");
        assert_eq!(one_word(TimestampMs(i64::MAX), &west), "9223372036854775807");
    }
}
