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

/// Times that are at most so far away are told from now.
const NEAR_MS: i64 = 86_400_000;

/// Returns a time for people: `1 min 40 s ago`, or, where that says little, `2018-07-16 15:01:40`.
#[must_use]
pub(super) fn for_people(time: TimestampMs, moment: &Moment) -> String {
    let ago_ms = moment.now.0.saturating_sub(time.0);
    match ago_ms {
        0..1000 => "now".to_owned(),
        1000..=NEAR_MS => format!("{} ago", duration(ago_ms)),
        _ => long_time(time, moment),
    }
}

/// Returns a duration in its two largest units: `350 ms`, `7 d`, `2 h 30 min`.
#[must_use]
pub(crate) fn duration(ms: i64) -> String {
    const UNITS: [(&str, i64); 4] =
        [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)];
    let Some(first) = UNITS.iter().position(|(_, unit_ms)| ms >= *unit_ms) else {
        return format!("{ms} ms");
    };
    let (name, unit_ms) = UNITS[first];
    let mut text = format!("{} {name}", ms / unit_ms);
    if let Some((name, next_ms)) = UNITS.get(first + 1) {
        let rest = ms % unit_ms / next_ms;
        if rest > 0 {
            text.push_str(&format!(" {rest} {name}"));
        }
    }
    text
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

/// Returns a time in full, such as `2018-07-16 15:01:40`.
#[must_use]
pub(crate) fn long_time(time: TimestampMs, moment: &Moment) -> String {
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
    use super::{Moment, duration, for_people, mapr_instant, one_word, short_time, time_of_day};
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
    fn people_are_told_how_long_ago_it_was() {
        let moment = samples::moment();
        let told = |ago_ms: i64| for_people(TimestampMs(moment.now.0 - ago_ms), &moment);
        assert_eq!((told(0), told(999)), ("now".to_owned(), "now".to_owned()));
        assert_eq!(told(100_000), "1 min 40 s ago");
        assert_eq!(told(86_400_000), "1 d ago");
        assert_eq!(told(86_400_001), "2018-07-15 15:01:40");
        assert_eq!(told(-1), "2018-07-16 15:01:40", "from a clock that is ahead");
    }

    #[test]
    fn durations_have_two_figures_of_sense() {
        assert_eq!(duration(350), "350 ms");
        assert_eq!(duration(604_800_000), "7 d");
        assert_eq!(duration(9_000_000), "2 h 30 min");
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
