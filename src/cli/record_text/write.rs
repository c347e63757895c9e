//! Writing a record as one line of JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::record::TimestampType;

use super::scan::{C1_LEAD, WORD_BYTES, to_be_escaped};

/// How much text is escaped before room for more is made. Bytes.
const BLOCK_BYTES: usize = 512;
/// What a byte becomes at most: `\u001b`. Bytes.
const ESCAPE_BYTES_MAX: usize = 6;
const HEX: &[u8; 16] = b"0123456789abcdef";

/// A record of a topic as its text forms see it. `H` yields the headers in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextRecord<'r, H> {
    /// The partition.
    pub(crate) partition: u32,
    /// The offset.
    pub(crate) offset: i64,
    /// The timestamp, in milliseconds since 1970; negative is none.
    pub(crate) timestamp: i64,
    /// Whose clock it is from.
    pub(crate) timestamp_type: TimestampType,
    /// The key; `None` is null.
    pub(crate) key: Option<&'r [u8]>,
    /// The value; `None` is null.
    pub(crate) value: Option<&'r [u8]>,
    /// The headers.
    pub(crate) headers: H,
}

/// Appends `record` to `out` as one line with its end. `topic_json` comes from [`json_string`].
///
/// Control characters are escaped, all of them, so a line does not steer a terminal.
#[inline]
pub(crate) fn write_json<'r, H>(record: TextRecord<'r, H>, topic_json: &[u8], out: &mut Vec<u8>)
where
    H: IntoIterator<Item = (&'r [u8], Option<&'r [u8]>)>,
{
    out.extend_from_slice(b"{\"v\":1,\"topic\":");
    out.extend_from_slice(topic_json);
    out.extend_from_slice(b",\"partition\":");
    write_number(i64::from(record.partition), out);
    out.extend_from_slice(b",\"offset\":");
    write_number(record.offset, out);
    out.extend_from_slice(b",\"timestamp\":");
    write_number(record.timestamp, out);
    out.extend_from_slice(match (record.timestamp, record.timestamp_type) {
        (..0, _) => b",\"timestampType\":\"NoTimestampType\",\"key\":",
        (_, TimestampType::CreateTime) => b",\"timestampType\":\"CreateTime\",\"key\":",
        (_, TimestampType::LogAppendTime) => b",\"timestampType\":\"LogAppendTime\",\"key\":",
    });
    write_bytes(record.key, out);
    out.extend_from_slice(b",\"value\":");
    write_bytes(record.value, out);
    out.extend_from_slice(b",\"headers\":");
    write_headers(record.headers, out);
    out.extend_from_slice(b"}\n");
}

/// Appends headers as a list of pairs.
#[inline]
pub(super) fn write_headers<'r, H>(headers: H, out: &mut Vec<u8>)
where
    H: IntoIterator<Item = (&'r [u8], Option<&'r [u8]>)>,
{
    out.push(b'[');
    for (index, (key, value)) in headers.into_iter().enumerate() {
        out.extend_from_slice(if index == 0 { b"[" } else { b",[" });
        write_bytes(Some(key), out);
        out.push(b',');
        write_bytes(value, out);
        out.push(b']');
    }
    out.push(b']');
}

/// Returns `text` as JSON, quotes included.
#[must_use]
pub(crate) fn json_string(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    write_string(text, &mut out);
    out
}

/// Appends bytes: a string if they are UTF-8, null, or base64.
#[inline]
fn write_bytes(bytes: Option<&[u8]>, out: &mut Vec<u8>) {
    let Some(bytes) = bytes else {
        out.extend_from_slice(b"null");
        return;
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => write_string(text, out),
        Err(_) => write_base64(bytes, out),
    }
}

#[cold]
fn write_base64(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"base64\":\"");
    append_base64(bytes, out);
    out.extend_from_slice(b"\"}");
}

/// Appends bytes as base64, standard alphabet, padded.
pub(super) fn append_base64(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    // Four for each three begun.
    let encoded_bytes = bytes.len().div_ceil(3) * 4;
    out.resize(start + encoded_bytes, 0);
    let written = STANDARD.encode_slice(bytes, &mut out[start..]);
    assert!(written == Ok(encoded_bytes), "base64 has a length that is known");
}

/// Appends a string in quotes.
fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let text = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        let block_end = text.len().min(at + BLOCK_BYTES);
        let start = out.len();
        // A word, or a character of two bytes, may reach past the block.
        let room = (block_end - at) * ESCAPE_BYTES_MAX + 2 * WORD_BYTES;
        out.resize(start + room, 0);
        let written = escape(text, &mut at, block_end, &mut out[start..]);
        out.truncate(start + written);
    }
    out.push(b'"');
}

/// Escapes `text` from `*at` on, at least to `block_end`, and returns how much was written.
#[inline]
fn escape(text: &[u8], at: &mut usize, block_end: usize, out: &mut [u8]) -> usize {
    let mut written = 0;
    while *at < block_end {
        if let Some(word) = text[*at..].first_chunk::<WORD_BYTES>() {
            out[written..written + WORD_BYTES].copy_from_slice(word);
            let found = to_be_escaped(*word);
            if found == 0 {
                *at += WORD_BYTES;
                written += WORD_BYTES;
                continue;
            }
            let as_they_are = found.trailing_zeros() as usize / 8;
            *at += as_they_are;
            written += as_they_are;
        }
        let byte = text[*at];
        *at += 1;
        let escaped = match byte {
            b'"' | b'\\' => [b'\\', byte],
            b'\n' => *b"\\n",
            b'\r' => *b"\\r",
            b'\t' => *b"\\t",
            0..0x20 | 0x7f => {
                written += write_escape(byte, &mut out[written..]);
                continue;
            }
            C1_LEAD if text.get(*at).is_some_and(|next| *next < 0xa0) => {
                written += write_escape(text[*at], &mut out[written..]);
                *at += 1;
                continue;
            }
            _ => {
                out[written] = byte;
                written += 1;
                continue;
            }
        };
        out[written..written + 2].copy_from_slice(&escaped);
        written += 2;
    }
    written
}

/// Writes a character below U+0100 by its number.
#[cold]
fn write_escape(character: u8, out: &mut [u8]) -> usize {
    let (high, low) = (HEX[usize::from(character >> 4)], HEX[usize::from(character & 15)]);
    out[..ESCAPE_BYTES_MAX].copy_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
    ESCAPE_BYTES_MAX
}

/// Appends a number in decimal.
#[inline]
pub(super) fn write_number(number: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::{TextRecord, json_string, write_json, write_number};
    use crate::record::TimestampType;

    type Headers = Vec<(&'static [u8], Option<&'static [u8]>)>;

    fn record() -> TextRecord<'static, Headers> {
        TextRecord {
            partition: 2,
            offset: 7,
            timestamp: 1_766_000_000_000,
            timestamp_type: TimestampType::CreateTime,
            key: Some(b"k\xff"),
            value: Some("{\"a\": \"\u{e9}\\\"}\n".as_bytes()),
            headers: vec![(b"h", Some(b"1")), (b"h", None), (b"", Some(b"")), (b"\x80", None)],
        }
    }

    fn written(record: TextRecord<'static, Headers>) -> String {
        let mut out = b"before\n".to_vec();
        write_json(record, &json_string("/s:t"), &mut out);
        String::from_utf8(out).unwrap().strip_prefix("before\n").unwrap().to_owned()
    }

    #[test]
    fn a_record_is_one_line_with_its_fields_in_order() {
        assert_eq!(
            written(record()),
            r#"{"v":1,"topic":"/s:t","partition":2,"offset":7,"timestamp":1766000000000,"timestampType":"CreateTime","key":{"base64":"a/8="},"value":"{\"a\": \"é\\\"}\n","headers":[["h","1"],["h",null],["",""],[{"base64":"gA=="},null]]}"#
                .to_owned()
                + "\n"
        );
    }

    #[test]
    fn the_type_of_a_timestamp_is_kafkas_word() {
        let appended = TimestampType::LogAppendTime;
        let line = written(TextRecord { timestamp_type: appended, ..record() });
        assert!(line.contains(r#""timestampType":"LogAppendTime""#), "{line}");
        let line = written(TextRecord { timestamp: -1, timestamp_type: appended, ..record() });
        assert!(line.contains(r#""timestamp":-1,"timestampType":"NoTimestampType""#), "{line}");
    }

    #[test]
    fn every_character_is_what_serde_reads_and_no_control_is_left() {
        let all: String = ('\0'..='\u{300}').chain(['\u{2028}', '\u{ffff}', '\u{1f600}']).collect();
        for start in 0..12 {
            let text = format!("{}{all}", "x".repeat(start));
            let json = String::from_utf8(json_string(&text)).unwrap();
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            assert!(!json.chars().any(char::is_control), "{json}");
        }
        let dense = "\u{1b}\u{80}".repeat(5000);
        let json = String::from_utf8(json_string(&dense)).unwrap();
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), dense);
    }

    #[test]
    fn numbers_to_both_ends() {
        for number in [0, 7, 10, -1, i64::MAX, i64::MIN, 1_766_000_000_000] {
            let mut out = Vec::new();
            write_number(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
