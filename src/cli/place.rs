//! Where to read from or up to: the grammar of `--from` and `--until`, as a pure function.

use jiff::civil;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::time::TimestampMs;

/// A place in a topic, before it is looked up in any partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first record that is still there.
    Beginning,
    /// The end, as it is when the command starts.
    End,
    /// This offset of each partition.
    Offset(i64),
    /// So many records before the end of each partition.
    BeforeEnd(i64),
    /// The first record of this time or later.
    Time(TimestampMs),
}

/// What a place may look like, for messages and help.
pub(crate) const PLACE_FORMS: &str = "an offset (42), -N for N before the end, a time (@2026-11-22T10:00:00Z, @1700000000, \
     @today, \"@yesterday 14:00\", @now), a duration ago (10m, 2h30m), `beginning` or `end`";

/// Reads a place. `now` is what durations and days are counted back from, in `zone`.
///
/// # Errors
///
/// A sentence that says what a place looks like.
pub(crate) fn parse(text: &str, now: TimestampMs, zone: &TimeZone) -> Result<Place, String> {
    let wrong = || format!("`{text}` is not a place to read; expected {PLACE_FORMS}");
    if let Some(time) = text.strip_prefix('@') {
        return parse_time(time, now, zone).map(Place::Time).ok_or_else(wrong);
    }
    match text {
        "beginning" => return Ok(Place::Beginning),
        "end" => return Ok(Place::End),
        _ => {}
    }
    if let Some(count) = text.strip_prefix('-') {
        return match digits(count) {
            Some(0) => Ok(Place::End),
            Some(count) => Ok(Place::BeforeEnd(count)),
            None => Err(wrong()),
        };
    }
    if let Some(offset) = digits(text) {
        return Ok(Place::Offset(offset));
    }
    parse_duration_ms(text)
        .map(|ms| Place::Time(TimestampMs(now.0.saturating_sub(ms))))
        .ok_or_else(wrong)
}

/// Reads a time zone: a name such as `Europe/Paris`, or what lies between it and UTC.
///
/// # Errors
///
/// A sentence that says what a time zone looks like.
pub(crate) fn parse_zone(text: &str) -> Result<TimeZone, String> {
    if text == "Z" {
        return Ok(TimeZone::UTC);
    }
    let zone = DateTimeParser::new().parse_time_zone(text).ok();
    // As far as Java's `ZoneOffset` goes, which is farther than anybody lives.
    let is_near = |zone: &TimeZone| {
        zone.to_fixed_offset().map_or(true, |offset| offset.seconds().abs() <= 18 * 3600)
    };
    zone.filter(is_near).ok_or_else(|| {
        format!("`{text}` is not a time zone; expected a name (Europe/Paris, UTC) or +02:00")
    })
}

/// Reads what may follow an `@`.
fn parse_time(text: &str, now: TimestampMs, zone: &TimeZone) -> Option<TimestampMs> {
    let (word, rest) = text.split_once(' ').map_or((text, None), |(word, rest)| (word, Some(rest)));
    let days_ago = match word {
        "now" => return rest.is_none().then_some(now),
        "today" => 0,
        "yesterday" => 1,
        _ => return parse_instant(text, zone),
    };
    let today = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    let day = today.checked_sub(days_ago.days()).ok()?;
    let time = match rest {
        Some(time) => time.parse::<civil::Time>().ok()?,
        None => civil::Time::midnight(),
    };
    Some(TimestampMs(
        day.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond(),
    ))
}

/// Reads a time that does not depend on what time it is: RFC 3339, a date or a date and time of
/// `zone`, or a number of seconds (below 10¹¹) or milliseconds since 1970.
#[must_use]
pub(crate) fn parse_instant(text: &str, zone: &TimeZone) -> Option<TimestampMs> {
    if let Some(number) = digits(text) {
        // 10¹¹ seconds are the year 5138, 10¹¹ milliseconds 1973: nobody means the other one.
        return Some(TimestampMs(if number < 100_000_000_000 { number * 1000 } else { number }));
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(TimestampMs(timestamp.as_millisecond()));
    }
    let civil = text.parse::<civil::DateTime>().ok()?;
    Some(TimestampMs(civil.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond()))
}

/// Reads a duration such as `2h30m` or `500ms`: numbers with units, the larger unit first.
#[must_use]
pub(crate) fn parse_duration_ms(text: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 6] = [
        ("w", 604_800_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ];
    let mut total_ms = 0_i64;
    let mut rest = text;
    let mut next_unit = 0;
    while !rest.is_empty() {
        let number_end = rest.find(|character: char| !character.is_ascii_digit())?;
        let number = digits(&rest[..number_end])?;
        rest = &rest[number_end..];
        let unit_end =
            rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let unit = UNITS.iter().position(|(name, _)| *name == &rest[..unit_end])?;
        if unit < next_unit {
            return None;
        }
        next_unit = unit + 1;
        total_ms = total_ms.checked_add(number.checked_mul(UNITS[unit].1)?)?;
        rest = &rest[unit_end..];
    }
    (next_unit > 0).then_some(total_ms)
}

/// Reads a number of digits only: no sign, no blank.
fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::{Place, parse, parse_duration_ms, parse_zone};
    use crate::time::TimestampMs;

    /// 2023-11-14T22:13:20Z.
    const NOW: TimestampMs = TimestampMs(1_700_000_000_000);

    fn utc(text: &str) -> Option<Place> {
        parse(text, NOW, &TimeZone::UTC).ok()
    }

    fn time(ms: i64) -> Option<Place> {
        Some(Place::Time(TimestampMs(ms)))
    }

    #[test]
    fn words_offsets_and_counts_from_the_end() {
        assert_eq!(utc("beginning"), Some(Place::Beginning));
        assert_eq!(utc("end"), Some(Place::End));
        assert_eq!(utc("42"), Some(Place::Offset(42)));
        assert_eq!(utc("-5"), Some(Place::BeforeEnd(5)));
        assert_eq!(utc("-0"), Some(Place::End));
        assert_eq!(utc("9223372036854775807"), Some(Place::Offset(i64::MAX)));
    }

    #[test]
    fn times_in_every_spelling() {
        assert_eq!(utc("@2023-11-14T22:13:20Z"), time(1_700_000_000_000));
        assert_eq!(utc("@2023-11-14T23:13:20+01:00"), time(1_700_000_000_000));
        assert_eq!(utc("@2023-11-14T22:13:20"), time(1_700_000_000_000));
        assert_eq!(utc("@2023-11-14"), time(1_699_920_000_000));
        assert_eq!(utc("@1700000000"), time(1_700_000_000_000));
        assert_eq!(utc("@1700000000123"), time(1_700_000_000_123));
        assert_eq!(utc("@now"), time(1_700_000_000_000));
        assert_eq!(utc("@today"), time(1_699_920_000_000));
        assert_eq!(utc("@yesterday"), time(1_699_833_600_000));
        assert_eq!(utc("@yesterday 14:00"), time(1_699_884_000_000));
    }

    #[test]
    fn a_day_begins_in_the_zone_asked_for() {
        let zone = TimeZone::fixed(offset(3));
        let place = parse("@today", NOW, &zone).unwrap();
        // 22:13 in London is 01:13 of the next day three hours east.
        assert_eq!(place, Place::Time(TimestampMs(1_699_995_600_000)));
    }

    #[test]
    fn civil_times_are_of_the_zone_and_others_are_not() {
        let zone = parse_zone("+03:00").unwrap();
        let at = |text| match parse(text, NOW, &zone) {
            Ok(Place::Time(time)) => time.0,
            other => panic!("{text}: {other:?}"),
        };
        let midnight = 1_699_995_600_000;
        assert_eq!(at("@today 01:00"), midnight + 3_600_000);
        assert_eq!(at("@yesterday 14:00:30"), midnight - 36_000_000 + 30_000);
        assert_eq!(at("@2023-11-15"), midnight);
        for text in ["@2023-11-15T00:30", "@2023-11-15 00:30", "@2023-11-15 00:30:00.000"] {
            assert_eq!(at(text), midnight + 1_800_000, "{text}");
        }
        for text in ["@1700000000", "@1700000000000", "@2023-11-14T22:13:20Z", "@now", "0s"] {
            assert_eq!(at(text), NOW.0, "{text}");
        }
    }

    #[test]
    fn a_zone_is_a_name_or_a_distance() {
        for text in ["UTC", "Z", "+00:00", "-00:00"] {
            assert_eq!(
                parse("@today", NOW, &parse_zone(text).unwrap()),
                parse("@today", NOW, &TimeZone::UTC),
                "{text}"
            );
        }
        for (text, hours) in [("+03:00", 3), ("-05", -5), ("+0200", 2)] {
            assert_eq!(parse_zone(text).unwrap(), TimeZone::fixed(offset(hours)), "{text}");
        }
        for text in ["", "Mars/Olympus", "03:00", "+25:00", "+1", "soon"] {
            let message = parse_zone(text).unwrap_err();
            assert!(message.starts_with(&format!("`{text}` is not a time zone")), "{message}");
        }
    }

    #[test]
    fn durations_count_back_from_now() {
        assert_eq!(utc("10m"), time(1_700_000_000_000 - 600_000));
        assert_eq!(utc("2h30m"), time(1_700_000_000_000 - 9_000_000));
        assert_eq!(parse_duration_ms("1w2d3h4m5s6ms"), Some(788_645_006));
    }

    #[test]
    fn what_is_none_of_these_is_refused_with_the_forms() {
        for text in [
            "",
            "-",
            "--5",
            "+5",
            "4 2",
            "@",
            "@soon",
            "@now 14:00",
            "30m2h",
            "2h2h",
            "h",
            "10x",
            "-5m",
            "Beginning",
            "99999999999999999999",
            "99999999999999999w",
        ] {
            let message = parse(text, NOW, &TimeZone::UTC).unwrap_err();
            assert!(message.contains(&format!("`{text}` is not a place")), "{message}");
        }
    }
}
