//! Durations as Java's `Duration.parse` reads them: `P2D`, `PT1H30M`, `PT0.5S`.

/// Reads a duration as milliseconds; a fraction of one is dropped. A day has 24 hours.
#[must_use]
pub(crate) fn parse_iso_duration_ms(text: &str) -> Option<i64> {
    let (sign, body) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let body = body.strip_prefix(['P', 'p'])?;
    let (days, time) = match body.split_once(['T', 't']) {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (body, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let mut total = 0_i64;
    if !days.is_empty() {
        let count: i64 = days.strip_suffix(['D', 'd'])?.parse().ok()?;
        total = count.checked_mul(86_400_000)?;
    }
    let mut rest = time;
    for (unit, ms) in [('H', 3_600_000), ('M', 60_000), ('S', 1000)] {
        let is_unit = |c: char| c.eq_ignore_ascii_case(&unit);
        let Some((count, behind)) = rest.split_once(is_unit) else { continue };
        rest = behind;
        let part = if unit == 'S' {
            seconds_ms(count)?
        } else {
            count.parse::<i64>().ok()?.checked_mul(ms)?
        };
        total = total.checked_add(part)?;
    }
    rest.is_empty().then_some(())?;
    total.checked_mul(sign)
}

/// Reads seconds, which alone may have a fraction, behind a point or a comma.
fn seconds_ms(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_fraction = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_fraction.then_some(())?;
    let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let ms = if whole.starts_with('-') { -ms } else { ms };
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(ms)
}

#[cfg(test)]
mod tests {
    use super::parse_iso_duration_ms;

    #[test]
    fn durations_are_those_of_java() {
        for (text, ms) in [
            ("PT1H", 3_600_000),
            ("P2D", 172_800_000),
            ("p1dt2h3m4.5s", 93_784_500),
            ("PT0S", 0),
            ("PT-6H", -21_600_000),
            ("-PT6H", -21_600_000),
            ("-PT-6H", 21_600_000),
            ("PT1.0009S", 1000),
            ("PT-0,5S", -500),
        ] {
            assert_eq!(parse_iso_duration_ms(text), Some(ms), "{text}");
        }
        for text in
            ["", "P", "PT", "1H", "P1H", "PT1D", "PT1M1H", "PT1X", "P1W", "PT1.5H", "P1DT", "é"]
        {
            assert_eq!(parse_iso_duration_ms(text), None, "{text}");
        }
    }
}
