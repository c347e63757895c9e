//! Walking along a line of JSON: tokens, numbers, strings.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::{Fault, Field, JsonError};
use super::scan::{WORD_BYTES, string_stops};

/// Reads base64 with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes that were read: a part of the line, or of the scratch if there was something to unescape
/// or decode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    is_scratch: bool,
    start: usize,
    end: usize,
}

impl Piece {
    /// Returns the bytes.
    #[inline]
    pub(super) fn of<'r>(self, line: &'r [u8], scratch: &'r [u8]) -> &'r [u8] {
        &(if self.is_scratch { scratch } else { line })[self.start..self.end]
    }
}

/// A place in a line.
#[derive(Debug)]
pub(super) struct Cursor<'r> {
    line: &'r [u8],
    at: usize,
    scratch: &'r mut [u8],
    /// How much of the scratch holds pieces.
    used: usize,
}

impl<'r> Cursor<'r> {
    /// Begins a line, which must be UTF-8.
    pub(super) fn new(line: &'r [u8], scratch: &'r mut Vec<u8>) -> Self {
        // A string unescaped is not longer than it was, nor is base64 decoded; a word is written
        // at once, and the decoder wants room for whole groups.
        let wanted = 2 * line.len() + 2 * WORD_BYTES;
        if scratch.len() < wanted {
            scratch.resize(wanted, 0);
        }
        Self { line, at: 0, scratch, used: 0 }
    }

    /// Gives back the scratch, to look up pieces in.
    pub(super) fn into_scratch(self) -> &'r [u8] {
        self.scratch
    }

    /// Makes an error of what is at the next byte.
    #[cold]
    pub(super) fn fail<T>(&self, fault: Fault) -> Result<T, JsonError> {
        self.fail_at(self.at, fault)
    }

    #[cold]
    pub(super) fn fail_at<T>(&self, at: usize, fault: Fault) -> Result<T, JsonError> {
        Err(JsonError { column: at + 1, fault })
    }

    /// Where the next byte is.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Passes white space and returns the byte behind it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.line.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    /// Passes the byte that [`Cursor::peek`] returned.
    #[inline]
    pub(super) fn step(&mut self) {
        self.at += 1;
    }

    /// Passes `wanted`.
    #[inline]
    pub(super) fn expect(&mut self, wanted: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.peek() == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        let found = self.found();
        self.fail(Fault::Syntax { expected, found })
    }

    /// Passes `wanted` if it is there.
    #[inline]
    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    /// Passes `null` if it is there.
    #[inline]
    pub(super) fn take_null(&mut self) -> bool {
        let is_there = self.peek() == Some(b'n') && self.line[self.at..].starts_with(b"null");
        if is_there {
            self.at += 4;
        }
        is_there
    }

    /// Describes what comes next.
    #[cold]
    pub(super) fn found(&mut self) -> String {
        match self.peek() {
            None => "the end of the line".to_owned(),
            Some(b'"') => "a string".to_owned(),
            Some(b'{') => "an object".to_owned(),
            Some(b'[') => "a list".to_owned(),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'+' | b'.') => {
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                let word = self.line[self.at..].iter().take_while(|byte| is_word(byte)).take(40);
                word.map(|byte| char::from(*byte)).collect()
            }
            Some(_) => {
                let text = String::from_utf8_lossy(&self.line[self.at..]);
                text.chars().next().map(|first| format!("`{first}`")).unwrap_or_default()
            }
        }
    }

    /// Fails because `field` is not what it must be.
    #[cold]
    pub(super) fn refuse<T>(&mut self, field: Field) -> Result<T, JsonError> {
        let found = self.found();
        self.fail(Fault::Value { field, found })
    }

    /// Reads a whole number.
    #[inline]
    pub(super) fn number(&mut self, field: Field) -> Result<i64, JsonError> {
        let is_negative = self.peek() == Some(b'-');
        let start = self.at;
        let digits_start = start + usize::from(is_negative);
        let mut at = digits_start;
        // Below zero there is one more.
        let mut number = Some(0_i64);
        while let Some(digit @ b'0'..=b'9') = self.line.get(at) {
            let digit = i64::from(digit - b'0');
            number = number.and_then(|number| number.checked_mul(10)?.checked_sub(digit));
            at += 1;
        }
        let is_number =
            at == digits_start + 1 || at > digits_start && self.line[digits_start] != b'0';
        let ends =
            !matches!(self.line.get(at), Some(b'.' | b'+' | b'-' | b'a'..=b'z' | b'A'..=b'Z'));
        let number = if is_negative { number } else { number.and_then(i64::checked_neg) };
        match number {
            Some(number) if is_number && ends => {
                self.at = at;
                Ok(number)
            }
            _ => self.refuse(field),
        }
    }

    /// Reads a string whose quote comes next. `field` is for errors: `None` is the name of a field.
    #[inline]
    pub(super) fn string(&mut self, field: Option<Field>) -> Result<Piece, JsonError> {
        self.at += 1;
        let start = self.at;
        loop {
            if let Some(word) = self.line[self.at..].first_chunk::<WORD_BYTES>() {
                let found = string_stops(*word);
                if found == 0 {
                    self.at += WORD_BYTES;
                    continue;
                }
                self.at += found.trailing_zeros() as usize / 8;
            }
            match self.line.get(self.at) {
                Some(b'"') => {
                    let piece = Piece { is_scratch: false, start, end: self.at };
                    self.at += 1;
                    return Ok(piece);
                }
                Some(b'\\') => return self.unescape(start, field),
                Some(b' '..) => self.at += 1,
                _ => return self.bad_end(start, field),
            }
        }
    }

    #[cold]
    fn bad_end<T>(&self, start: usize, field: Option<Field>) -> Result<T, JsonError> {
        match self.line.get(self.at) {
            Some(character) => self.fail(Fault::Control { field, character: *character }),
            None => self.fail_at(start - 1, Fault::Unended { field }),
        }
    }

    /// Reads the rest of a string from its first escape on, which comes next, into the scratch.
    #[inline]
    fn unescape(&mut self, start: usize, field: Option<Field>) -> Result<Piece, JsonError> {
        let plain = &self.line[start..self.at];
        let piece_start = self.used;
        let mut to = piece_start + plain.len();
        self.scratch[piece_start..to].copy_from_slice(plain);
        loop {
            if let Some(word) = self.line[self.at..].first_chunk::<WORD_BYTES>() {
                self.scratch[to..to + WORD_BYTES].copy_from_slice(word);
                let found = string_stops(*word);
                if found == 0 {
                    self.at += WORD_BYTES;
                    to += WORD_BYTES;
                    continue;
                }
                let plain = found.trailing_zeros() as usize / 8;
                self.at += plain;
                to += plain;
            }
            match self.line.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    self.used = to;
                    return Ok(Piece { is_scratch: true, start: piece_start, end: to });
                }
                Some(b'\\') => {
                    let byte = match self.line.get(self.at + 1) {
                        Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
                        Some(b'n') => b'\n',
                        Some(b't') => b'\t',
                        Some(b'r') => b'\r',
                        Some(b'b') => 0x08,
                        Some(b'f') => 0x0c,
                        Some(b'u') => {
                            to = self.unescape_number(to, field)?;
                            continue;
                        }
                        _ => return self.fail(Fault::Escape { field }),
                    };
                    self.scratch[to] = byte;
                    to += 1;
                    self.at += 2;
                }
                Some(byte @ b' '..) => {
                    self.scratch[to] = *byte;
                    to += 1;
                    self.at += 1;
                }
                _ => return self.bad_end(start, field),
            }
        }
    }

    /// Reads `\u` with its four digits, or two of them for a surrogate pair, to `to` and returns where
    /// that ends.
    #[cold]
    fn unescape_number(&mut self, to: usize, field: Option<Field>) -> Result<usize, JsonError> {
        let Some(first) = self.hex_at(self.at) else {
            return self.fail(Fault::Escape { field });
        };
        let (code, length) = match first {
            0xd800..0xdc00 => match self.hex_at(self.at + 6) {
                Some(second @ 0xdc00..0xe000) => {
                    (0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12)
                }
                _ => return self.fail(Fault::LoneSurrogate { field }),
            },
            code => (code, 6),
        };
        let Some(character) = char::from_u32(code) else {
            return self.fail(Fault::LoneSurrogate { field });
        };
        self.at += length;
        Ok(to + character.encode_utf8(&mut self.scratch[to..]).len())
    }

    /// Reads the number of a `\u` with its four digits at `at`.
    fn hex_at(&self, at: usize) -> Option<u32> {
        let digits = self.line.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits
            .iter()
            .try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
    }

    /// Reads the string of base64 that comes next and decodes it.
    pub(super) fn base64(&mut self, field: Field) -> Result<Piece, JsonError> {
        let start = self.at;
        let piece = self.string(Some(field))?;
        let (pieces, free) = self.scratch.split_at_mut(self.used);
        match BASE64.decode_slice(piece.of(self.line, pieces), free) {
            Ok(length) => {
                let start = self.used;
                self.used += length;
                Ok(Piece { is_scratch: true, start, end: self.used })
            }
            Err(_) => self.fail_at(start, Fault::Base64 { field }),
        }
    }

    /// Returns the bytes of a piece that was just read.
    #[inline]
    pub(super) fn bytes(&self, piece: Piece) -> &[u8] {
        piece.of(self.line, self.scratch)
    }
}
