//! Option values that are whole numbers within limits, refused with the limits in words.

use std::ops::RangeInclusive;

use crate::path::limits::{PARTITIONS_MAX, PARTITIONS_MIN};

/// Seconds that can be asked for, at most: as many as can be counted in milliseconds.
const SECONDS_MAX: u64 = i64::MAX as u64 / 1000;

/// Seconds between two prints of a watched list.
const WATCH_SECONDS: RangeInclusive<u64> = 1..=86_400;

/// Reads a number of seconds.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    number(text, 0..=SECONDS_MAX, "seconds are")
}

/// Reads how many seconds pass between two prints of a list.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn watch_seconds(text: &str) -> Result<u64, String> {
    number(text, WATCH_SECONDS, "seconds are")
}

/// Reads a number of milliseconds.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn milliseconds(text: &str) -> Result<i64, String> {
    number(text, 0..=i64::MAX as u64, "milliseconds are").map(u64::cast_signed)
}

/// Minutes that a group keeps its cursors, −1 for ever; `None` as any other group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Minutes(pub(super) Option<i64>);

/// Reads for how many minutes a group keeps its cursors.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn retention_minutes(text: &str) -> Result<Minutes, String> {
    match text {
        "default" => Ok(Minutes(None)),
        "-1" => Ok(Minutes(Some(-1))),
        _ => {
            let what = "`default`, -1 for ever, or minutes:";
            number(text, 1..=i32::MAX as u64, what).map(|n| Minutes(Some(n.cast_signed())))
        }
    }
}

/// Reads how many partitions a topic is to have.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn partitions(text: &str) -> Result<u64, String> {
    number(text, u64::from(PARTITIONS_MIN)..=u64::from(PARTITIONS_MAX), "partitions are")
}

/// Reads which partition is meant.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn partition(text: &str) -> Result<u32, String> {
    let last = u64::from(PARTITIONS_MAX - 1);
    let number = number(text, 0..=last, "the number of a partition is")?;
    u32::try_from(number).map_err(|error| error.to_string())
}

/// Reads a number of rows.
///
/// # Errors
///
/// What numbers there are.
pub(super) fn rows(text: &str) -> Result<usize, String> {
    let number = text.parse().ok();
    number.ok_or_else(|| "rows are counted with a whole number from 0 on".to_owned())
}

fn number(text: &str, range: RangeInclusive<u64>, what: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("{what} a whole number from {} to {}", range.start(), range.end()))
}

#[cfg(test)]
mod tests {
    use super::{
        Minutes, milliseconds, partition, partitions, retention_minutes, rows, seconds,
        watch_seconds,
    };

    #[test]
    fn numbers_on_both_sides_of_every_limit() {
        assert!(seconds("9223372036854775").is_ok() && seconds("9223372036854776").is_err());
        assert!(milliseconds("9223372036854775807").is_ok());
        assert!(milliseconds("9223372036854775808").is_err() && milliseconds("-1").is_err());
        assert!(watch_seconds("0").is_err() && watch_seconds("86400").is_ok());
        assert!(partitions("0").is_err() && partitions("4096").is_ok());
        assert!(partition("4096").is_err() && partition("0").is_ok());
        assert!(rows("-1").is_err() && rows("0").is_ok());
        assert_eq!(retention_minutes("default"), Ok(Minutes(None)));
        assert_eq!(retention_minutes("-1"), Ok(Minutes(Some(-1))));
        assert_eq!(retention_minutes("2147483647"), Ok(Minutes(Some(2_147_483_647))));
        let told = retention_minutes("0").unwrap_err();
        assert!(told.ends_with("minutes: a whole number from 1 to 2147483647"), "{told}");
        assert!(retention_minutes("2147483648").is_err() && retention_minutes("-2").is_err());
        let told = partitions("three").unwrap_err();
        assert_eq!(told, "partitions are a whole number from 1 to 4096");
    }
}
