//! The times of `--to-datetime`: `2017-01-01T00:00:00.000`, in UTC unless a zone follows.

use jiff::Timestamp;
use jiff::civil::DateTime;

/// Where the zone begins: behind `YYYY-MM-DDTHH:mm:ss.sss`.
const TIME_BYTES: usize = 23;

/// Reads a time as milliseconds since 1970. The milliseconds must be there.
#[must_use]
pub(super) fn parse(text: &str) -> Option<i64> {
    let (time, zone) = text.split_at_checked(TIME_BYTES)?;
    let is_shape = time
        .bytes()
        .zip("0000-00-00T00:00:00.000".bytes())
        .all(|(byte, shape)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape });
    if !is_shape {
        return None;
    }
    let civil: DateTime = time.parse().ok()?;
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let offset_minutes = minutes(zone)?;
    let ms = utc.timestamp().as_millisecond().checked_sub(offset_minutes * 60_000)?;
    Timestamp::from_millisecond(ms).ok().map(|_| ms)
}

/// Reads a zone as minutes before UTC: nothing, `Z`, `+01`, `+0100` or `+01:00`.
fn minutes(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone == "Z" {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = zone.get(1..)?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        5 => digits.split_once(':').filter(|(hours, _)| hours.len() == 2)?,
        _ => return None,
    };
    let number = |text: &str, most: i64| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| is_number && *number <= most)
    };
    Some(sign * (number(hours, 23)? * 60 + number(minutes, 59)?))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn times_are_of_utc_or_of_the_zone_that_follows() {
        const NOON: i64 = 1_700_049_600_123;
        for text in [
            "2023-11-15T12:00:00.123",
            "2023-11-15T12:00:00.123Z",
            "2023-11-15T13:00:00.123+01",
            "2023-11-15T13:30:00.123+0130",
            "2023-11-15T13:30:00.123+01:30",
            "2023-11-15T04:00:00.123-08:00",
        ] {
            assert_eq!(parse(text), Some(NOON), "{text}");
        }
        for text in [
            "",
            "2023-11-15",
            "2023-11-15T12:00:00",
            "2023-11-15T12:00:00Z",
            "2023-11-15T12:00:00.5",
            "2023-11-15 12:00:00.123",
            "2023-13-15T12:00:00.123",
            "2023-11-15T12:00:00.123+1",
            "2023-11-15T12:00:00.123+01:0",
            "2023-11-15T12:00:00.123 UTC",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
