//! The text of a Java properties file, read exactly as `Properties.load(InputStream)` reads it.
//!
//! That is what Kafka's tools call. So a byte is a character of ISO-8859-1, whatever the locale: a
//! file with `é` in UTF-8 means two characters to Kafka's tools, and here. `\u00e9` means one.

use std::error::Error;
use std::fmt;

/// A `\u` that is not followed by four hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MalformedEscape {
    /// The line in which the entry begins, counted from 1.
    pub(crate) line_number: u64,
}

impl fmt::Display for MalformedEscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: Malformed \\uxxxx encoding.", self.line_number)
    }
}

impl Error for MalformedEscape {}

/// Reads the names and values of a file in their order; a name may be there several times.
///
/// # Errors
///
/// An escape is malformed: Java refuses the whole file.
pub(crate) fn parse_java(text: &[u8]) -> Result<Vec<(String, String)>, MalformedEscape> {
    let mut entries = Vec::new();
    let mut lines = LogicalLines { text, at: 0, line_number: 1 };
    while let Some((line, line_number)) = lines.next_line() {
        let (name, value) = split(&line);
        let malformed = MalformedEscape { line_number };
        let name = unescape(name).ok_or(malformed)?;
        entries.push((name, unescape(value).ok_or(malformed)?));
    }
    Ok(entries)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0c)
}

/// Lines with their continuations, without comments and blank ones.
struct LogicalLines<'t> {
    text: &'t [u8],
    at: usize,
    line_number: u64,
}

impl LogicalLines<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        self.at += 1;
        if byte == b'\r' && self.text.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        if matches!(byte, b'\r' | b'\n') {
            self.line_number += 1;
        }
        Some(byte)
    }

    /// Returns the next line and the number of the line that it begins in.
    fn next_line(&mut self) -> Option<(Vec<u8>, u64)> {
        let mut line = Vec::new();
        let mut began = self.line_number;
        let mut skips_blanks = true;
        let mut continues = false;
        let mut escaped = false;
        loop {
            let number = self.line_number;
            let Some(byte) = self.next_byte() else { break };
            let is_end = matches!(byte, b'\r' | b'\n');
            if skips_blanks {
                if is_blank(byte) || (is_end && !continues) {
                    continue;
                }
                skips_blanks = false;
                continues = false;
            }
            if line.is_empty() {
                began = number;
                if matches!(byte, b'#' | b'!') {
                    while self.next_byte().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {}
                    skips_blanks = true;
                    continue;
                }
            }
            if !is_end {
                line.push(byte);
                escaped = byte == b'\\' && !escaped;
                continue;
            }
            if line.is_empty() {
                skips_blanks = true;
                continue;
            }
            if !escaped {
                return Some((line, began));
            }
            // The backslash is not part of the line, nor are blanks at the front of the next one.
            line.pop();
            escaped = false;
            skips_blanks = true;
            continues = true;
        }
        if line.is_empty() {
            return None;
        }
        if escaped {
            line.pop();
        }
        Some((line, began))
    }
}

/// Splits at the first `=`, `:` or blank that no backslash stands before; blanks around go too.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let mut escaped = false;
    let is_separator = |byte: u8| matches!(byte, b'=' | b':');
    let name_end = line
        .iter()
        .position(|byte| {
            let found = !escaped && (is_separator(*byte) || is_blank(*byte));
            escaped = *byte == b'\\' && !escaped;
            found
        })
        .unwrap_or(line.len());
    let (name, mut value) = line.split_at(name_end);
    let mut separated = false;
    while let [first, rest @ ..] = value {
        if is_separator(*first) && !separated {
            separated = true;
        } else if !is_blank(*first) {
            break;
        }
        value = rest;
    }
    (name, value)
}

/// Resolves escapes. A lone half of a surrogate pair becomes `?`, which is what Java writes for it.
fn unescape(text: &[u8]) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            units.push(u16::from(byte));
            continue;
        }
        units.push(match bytes.next()? {
            b't' => 0x09,
            b'n' => 0x0a,
            b'f' => 0x0c,
            b'r' => 0x0d,
            b'u' => {
                let mut unit = 0;
                for _ in 0..4 {
                    let digit = char::from(bytes.next()?).to_digit(16)?;
                    unit = unit << 4 | digit as u16;
                }
                unit
            }
            other => u16::from(other),
        });
    }
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or('?')).collect())
}

#[cfg(test)]
mod tests {
    use super::{MalformedEscape, parse_java};

    /// Shows entries as `name|value`, one to a line.
    fn read(text: &str) -> String {
        let entries = parse_java(text.as_bytes()).unwrap();
        entries.iter().map(|(name, value)| format!("{name}|{value}")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_separator_is_a_sign_or_a_blank_with_blanks_around() {
        for text in ["a=b", "a:b", "a b", "a\tb", "a = b", "  a  :  b", "a\x0cb", "a   =b"] {
            assert_eq!(read(text), "a|b", "{text:?}");
        }
        assert_eq!(read("a=b "), "a|b ", "blanks at the end are the value's");
        assert_eq!(read("a==b"), "a|=b");
        assert_eq!(read("a = = b"), "a|= b");
        assert_eq!(read("a : =b"), "a|=b");
        assert_eq!(read("key.separator=|"), "key.separator||");
        assert_eq!(read("a"), "a|");
        assert_eq!(read("a="), "a|");
        assert_eq!(read("=b"), "|b");
        assert_eq!(read("a\\ b\\=c\\:d=e"), "a b=c:d|e");
        assert_eq!(read("a\\\\=b"), "a\\|b");
    }

    #[test]
    fn comments_and_blank_lines_are_nothing() {
        assert_eq!(read("# x=y\n! x=y\n  # x\n\n \t\r\na=b\n"), "a|b");
        assert_eq!(read("a=b # no comment\n"), "a|b # no comment");
        assert_eq!(read("# not continued \\\na=b"), "a|b");
        assert_eq!(read(""), "");
        assert_eq!(read("#"), "");
    }

    #[test]
    fn every_line_end_ends_a_line() {
        assert_eq!(read("a=1\nb=2\rc=3\r\nd=4"), "a|1\nb|2\nc|3\nd|4");
    }

    #[test]
    fn a_line_goes_on_behind_an_odd_number_of_backslashes() {
        assert_eq!(read("a=b\\\n   c"), "a|bc");
        assert_eq!(read("a=b\\\r\n\tc\\\rd"), "a|bcd");
        assert_eq!(read("a=b\\\\\nc=d"), "a|b\\\nc|d");
        assert_eq!(read("a\\\n=b"), "a|b");
        assert_eq!(read("a=b\\\n# no comment"), "a|b# no comment");
        assert_eq!(read("a=b\\\n\nc=d"), "a|b\nc|d");
        assert_eq!(read("a=b\\"), "a|b");
        assert_eq!(read("\\\n# a comment\na=b"), "a|b");
    }

    #[test]
    fn escapes_are_resolved_in_names_and_values() {
        assert_eq!(read("a=\\t\\n\\r\\f\\x\\\""), "a|\t\n\r\x0cx\"");
        assert_eq!(read("\\u0061=\\u00e9\\u20AC\\ud83d\\ude00"), "a|é€😀");
        assert_eq!(read("a=\\ud83d!"), "a|?!");
        for text in ["a=b\n\n# x\nc=\\u12", "\n\n\nc=\\u12g4", "a\\\n\\\n\nb\nc\\uxx"] {
            let error = parse_java(text.as_bytes()).unwrap_err();
            let expected = if text.contains("uxx") { 5 } else { 4 };
            assert_eq!(error, MalformedEscape { line_number: expected }, "{text:?}");
        }
    }

    #[test]
    fn bytes_are_latin_1_as_in_java() {
        let entries = parse_java(b"a=\xe9\nb=\xc3\xa9").unwrap();
        assert_eq!(entries[0].1, "é");
        assert_eq!(entries[1].1, "Ã©");
    }
}
