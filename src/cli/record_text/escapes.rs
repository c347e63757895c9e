//! Backslash escapes in what a user gives as separators and patterns, and control characters made
//! visible.

use std::io::Write as _;

/// Reads the escape behind a backslash and returns its byte and what follows.
///
/// # Errors
///
/// There is no such escape: a sentence that lists those there are.
pub(super) fn escape(rest: &str) -> Result<(u8, &str), String> {
    let unknown = |shown: &str| {
        Err(format!("there is no escape `\\{shown}`; there are \\n, \\r, \\t, \\0, \\\\ and \\xXX"))
    };
    let mut characters = rest.chars();
    let byte = match characters.next() {
        Some('n') => b'\n',
        Some('r') => b'\r',
        Some('t') => b'\t',
        Some('0') => 0,
        Some('\\') => b'\\',
        Some('x') => {
            let digits = rest
                .get(1..3)
                .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            return match byte {
                Some(byte) => Ok((byte, &rest[3..])),
                None => unknown(&rest.chars().take(3).collect::<String>()),
            };
        }
        other => return unknown(&other.map(String::from).unwrap_or_default()),
    };
    Ok((byte, characters.as_str()))
}

/// Returns `text` with its escapes read.
///
/// # Errors
///
/// It has an escape that is none.
pub(super) fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, behind)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        let (byte, behind) = escape(behind)?;
        bytes.push(byte);
        rest = behind;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// Appends `bytes` for a terminal: but for newline and tab, control characters and bytes that are
/// not UTF-8 are shown escaped.
pub(crate) fn write_visible(bytes: &[u8], out: &mut Vec<u8>) {
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            // Writing to a Vec cannot fail.
            let _ = match character {
                '\n' | '\t' => write!(out, "{character}"),
                _ if character.is_control() => write!(out, "{}", character.escape_default()),
                _ => write!(out, "{character}"),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{unescaped, write_visible};

    #[test]
    fn escapes_become_bytes() {
        assert_eq!(unescaped(r"a\n\r\t\0\\\x1b\xFFé").unwrap(), b"a\n\r\t\0\\\x1b\xff\xc3\xa9");
        for (text, told) in
            [(r"\q", "`\\q`"), (r"a\", "`\\`"), (r"\x1", "`\\x1`"), (r"\xé", "`\\xé`")]
        {
            let message = unescaped(text).unwrap_err();
            assert!(message.contains(told) && message.contains("\\xXX"), "{message}");
        }
        assert!(unescaped(r"\x+1").is_err());
    }

    #[test]
    fn a_terminal_is_shown_what_would_steer_it() {
        let mut out = Vec::new();
        write_visible("a\tb\n\x1b[31m\r\0é\u{9b}\x7f€".as_bytes(), &mut out);
        write_visible(b"\xff\x9b!", &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a\tb\n\\u{1b}[31m\\r\\u{0}é\\u{9b}\\u{7f}€\\xff\\x9b!"
        );
    }
}
