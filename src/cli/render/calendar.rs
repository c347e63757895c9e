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
    use super::{Moment, mapr_instant, one_word, time_of_day};
    use crate::time::TimestampMs;

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
