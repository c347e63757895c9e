//! Values as Java's `toString` writes them.

use std::collections::BTreeMap;
use std::io::Write;

use uuid::Uuid;

/// How the bytes of a text are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// UTF-8; what is not becomes U+FFFD.
    Utf8,
    /// Seven bits; the rest becomes U+FFFD.
    Ascii,
    /// A byte is a character.
    Latin1,
    /// Two bytes each, the order from a mark at the front, else the greater byte first.
    Utf16,
    /// Two bytes each, the greater first.
    Utf16Be,
    /// Two bytes each, the lesser first.
    Utf16Le,
}

impl Charset {
    /// Reads the property `deserializer.encoding`, or the same for keys or values only.
    pub(super) fn from_settings(
        settings: &BTreeMap<&str, &str>,
        is_key: bool,
    ) -> Result<Self, String> {
        let own = if is_key { "key.deserializer.encoding" } else { "value.deserializer.encoding" };
        let name = settings.get(own).or_else(|| settings.get("deserializer.encoding"));
        let Some(name) = name else { return Ok(Self::Utf8) };
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Ok(Self::Utf8),
            "US-ASCII" | "ASCII" => Ok(Self::Ascii),
            "ISO-8859-1" | "ISO8859_1" | "LATIN1" => Ok(Self::Latin1),
            "UTF-16" | "UTF16" => Ok(Self::Utf16),
            "UTF-16BE" => Ok(Self::Utf16Be),
            "UTF-16LE" => Ok(Self::Utf16Le),
            _ => Err(format!("Unsupported encoding {name}")),
        }
    }

    /// Appends the text of `bytes`, in UTF-8.
    pub(super) fn push(self, bytes: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Utf8 => push_java_utf8(bytes, out),
            Self::Ascii => {
                let text = bytes.iter().map(|byte| match byte {
                    0..=127 => char::from(*byte),
                    _ => char::REPLACEMENT_CHARACTER,
                });
                push_text(text, out);
            }
            Self::Latin1 => push_text(bytes.iter().copied().map(char::from), out),
            Self::Utf16 => match bytes {
                [0xfe, 0xff, rest @ ..] => push_utf16(rest, u16::from_be_bytes, out),
                [0xff, 0xfe, rest @ ..] => push_utf16(rest, u16::from_le_bytes, out),
                _ => push_utf16(bytes, u16::from_be_bytes, out),
            },
            Self::Utf16Be => push_utf16(bytes, u16::from_be_bytes, out),
            Self::Utf16Le => push_utf16(bytes, u16::from_le_bytes, out),
        }
    }
}

fn push_text(text: impl Iterator<Item = char>, out: &mut Vec<u8>) {
    out.extend_from_slice(text.collect::<String>().as_bytes());
}

fn push_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, out: &mut Vec<u8>) {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let cut = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    push_text(units.map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).chain(cut), out);
}

/// Appends bytes as text; what is no UTF-8 becomes U+FFFD where Java puts one: as in Rust, but half
/// of a surrogate pair is one mistake and not three.
pub(crate) fn push_java_utf8(bytes: &[u8], out: &mut Vec<u8>) {
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        let (valid, bad) = rest.split_at(error.valid_up_to());
        out.extend_from_slice(valid);
        out.extend_from_slice("\u{fffd}".as_bytes());
        let length = match bad {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..] => 3,
            [0xed, 0xa0..=0xbf, ..] => 2,
            _ => error.error_len().unwrap_or(bad.len()),
        };
        rest = bad.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// Appends bytes as Kafka's class `Bytes` shows them.
pub(super) fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        // Writing to a Vec cannot fail.
        let _ = match byte {
            b'\\' => out.write_all(b"\\x5C"),
            b' '..=b'~' => out.write_all(&[*byte]),
            _ => write!(out, "\\x{byte:02X}"),
        };
    }
}

/// Appends `Double.toString` as it is since Java 19.
pub(super) fn push_double(value: f64, out: &mut Vec<u8>) {
    if !value.is_finite() || value == 0.0 {
        return push_special(value, out);
    }
    let two = format!("{value:.1e}");
    let keeps = two.parse() == Ok(value);
    push_digits(&format!("{value:e}"), &two, keeps, out);
}

/// Appends `Float.toString` as it is since Java 19.
pub(super) fn push_float(value: f32, out: &mut Vec<u8>) {
    if !value.is_finite() || value == 0.0 {
        return push_special(f64::from(value), out);
    }
    let two = format!("{value:.1e}");
    let keeps = two.parse() == Ok(value);
    push_digits(&format!("{value:e}"), &two, keeps, out);
}

fn push_special(value: f64, out: &mut Vec<u8>) {
    let text = if value.is_nan() {
        "NaN"
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }
    } else if value.is_sign_negative() {
        "-0.0"
    } else {
        "0.0"
    };
    out.extend_from_slice(text.as_bytes());
}

/// Lays digits out as Java does. `shortest` is the shortest `d.ddde±n` that means the value; where
/// that has one digit, Java takes the nearest of two digits, if that means the value too.
fn push_digits(shortest: &str, two: &str, two_keeps: bool, out: &mut Vec<u8>) {
    let one_digit = !shortest.contains('.');
    let chosen = if one_digit && two_keeps { two } else { shortest };
    let (mantissa, exponent) = chosen.split_once('e').unwrap_or((chosen, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    out.extend_from_slice(sign.as_bytes());
    let text = match exponent {
        -3..=-1 => {
            let zeros = "0".repeat((-exponent - 1).unsigned_abs() as usize);
            let digits = format!("{whole}{fraction}");
            let digits = digits.trim_end_matches('0');
            format!("0.{zeros}{digits}")
        }
        0..=6 => {
            let places = exponent.unsigned_abs() as usize;
            let digits = format!("{whole}{fraction:0<places$}");
            let (front, back) = digits.split_at(1 + places);
            let back = back.trim_end_matches('0');
            format!("{front}.{}", if back.is_empty() { "0" } else { back })
        }
        _ => format!("{whole}.{fraction}E{exponent}"),
    };
    out.extend_from_slice(text.as_bytes());
}

/// Reads a UUID as Java's `UUID.fromString` does, which also takes groups that are too short, and
/// of those that are too long the last digits.
pub(super) fn parse_uuid(text: &str) -> Option<Uuid> {
    // Java counts units of UTF-16; every text with others than ASCII fails later anyway.
    if text.len() > 36 {
        return None;
    }
    let groups: Vec<&str> = text.split('-').collect();
    let [time_low, time_mid, time_high, clock, node] = groups[..] else { return None };
    let group = |text: &str, bits: u32| {
        let value = i64::from_str_radix(text, 16).ok()?;
        Some(u128::from(value.unsigned_abs()) & ((1 << bits) - 1))
    };
    let value = group(time_low, 32)? << 96
        | group(time_mid, 16)? << 80
        | group(time_high, 16)? << 64
        | group(clock, 16)? << 48
        | group(node, 48)?;
    Some(Uuid::from_u128(value))
}
