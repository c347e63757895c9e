//! How a line of input becomes a record: Kafka's `LineMessageReader` on bytes.
//!
//! Unlike Kafka's, bytes that are not UTF-8 are kept unless asked. Nothing is copied: a record's parts are
//! pieces of the line.

mod java_pattern;
mod separator;

use std::borrow::Cow;
use std::fmt;

use separator::Separator;

/// One header of a record: key and value.
pub(crate) type Header<'l> = (&'l [u8], Option<&'l [u8]>);

/// The parts of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'l> {
    /// The key; `None` is null.
    pub(crate) key: Option<&'l [u8]>,
    /// The value; `None` is null.
    pub(crate) value: Option<&'l [u8]>,
}

/// How lines are taken apart.
#[derive(Clone, Debug)]
pub(crate) struct LineReader {
    parse_key: bool,
    key_separator: Vec<u8>,
    parse_headers: bool,
    headers_delimiter: Vec<u8>,
    headers_separator: Separator,
    headers_key_separator: Vec<u8>,
    ignore_error: bool,
    null_marker: Option<Vec<u8>>,
    lossy: bool,
}

impl Default for LineReader {
    fn default() -> Self {
        Self {
            parse_key: false,
            key_separator: b"\t".to_vec(),
            parse_headers: false,
            headers_delimiter: b"\t".to_vec(),
            headers_separator: Separator::Literal(b",".to_vec()),
            headers_key_separator: b":".to_vec(),
            ignore_error: false,
            null_marker: None,
            lossy: false,
        }
    }
}

impl LineReader {
    /// Makes a reader from properties, the last of several values of a name counting. Unknown names
    /// are ignored, as in Kafka's tool.
    ///
    /// # Errors
    ///
    /// `headers.separator` is no regular expression, or two separators are equal: one sentence.
    pub(crate) fn from_properties<'p>(
        properties: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<Self, String> {
        let mut reader = Self::default();
        let mut headers_separator = ",";
        for (name, value) in properties {
            let bytes = || value.as_bytes().to_vec();
            match name {
                "parse.key" => reader.parse_key = is_true(value),
                "key.separator" => reader.key_separator = bytes(),
                "parse.headers" => reader.parse_headers = is_true(value),
                "headers.delimiter" => reader.headers_delimiter = bytes(),
                "headers.separator" => headers_separator = value,
                "headers.key.separator" => reader.headers_key_separator = bytes(),
                "ignore.error" => reader.ignore_error = is_true(value),
                "null.marker" => reader.null_marker = Some(bytes()),
                "charset" => {
                    reader.lossy = match value {
                        "utf8-lossy" => true,
                        "bytes" => false,
                        _ => {
                            return Err(format!(
                                "charset is `{value}`; expected bytes or utf8-lossy"
                            ));
                        }
                    };
                }
                _ => {}
            }
        }
        reader.headers_separator = Separator::parse(headers_separator)?;
        reader.refuse_equal_separators(headers_separator)?;
        Ok(reader)
    }

    /// The checks of Kafka's tool, in its order; made even if the feature is off.
    fn refuse_equal_separators(&self, headers_separator: &str) -> Result<(), String> {
        let separator = headers_separator.as_bytes();
        let equal = |one: &str, other: &str| Err(format!("{one} and {other} may not be equal"));
        if self.headers_delimiter == separator {
            return equal("headers.delimiter", "headers.separator");
        }
        if self.headers_delimiter == self.headers_key_separator {
            return equal("headers.delimiter", "headers.key.separator");
        }
        if separator == self.headers_key_separator {
            return equal("headers.separator", "headers.key.separator");
        }
        let Some(marker) = &self.null_marker else { return Ok(()) };
        for (name, separator) in [
            ("key.separator", &*self.key_separator),
            ("headers.separator", separator),
            ("headers.delimiter", &*self.headers_delimiter),
            ("headers.key.separator", &*self.headers_key_separator),
        ] {
            if marker == separator {
                return equal("null.marker", name);
            }
        }
        Ok(())
    }

    /// True if a line is a value and nothing else: the caller may skip [`LineReader::parse`].
    #[must_use]
    pub(crate) fn is_plain(&self) -> bool {
        !self.finds_parts() && self.null_marker.is_none() && !self.lossy
    }

    /// True if a line holds a key or headers besides the value.
    #[must_use]
    pub(crate) fn finds_parts(&self) -> bool {
        self.parse_key || self.parse_headers
    }

    /// True if a line holds a key.
    #[must_use]
    pub(crate) fn finds_keys(&self) -> bool {
        self.parse_key
    }

    /// Returns the text that is taken apart: the line, or with `charset=utf8-lossy` a copy in which
    /// everything that is not UTF-8 is replaced.
    #[must_use]
    pub(crate) fn text<'l>(&self, line: &'l [u8]) -> Cow<'l, [u8]> {
        if !self.lossy {
            return Cow::Borrowed(line);
        }
        match String::from_utf8_lossy(line) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }

    /// Takes a line apart, given without its end. Headers are added to `headers`.
    ///
    /// # Errors
    ///
    /// A separator is missing and `ignore.error` is off; `headers` may hold some of the headers.
    pub(crate) fn parse<'l>(
        &self,
        line: &'l [u8],
        line_number: u64,
        headers: &mut Vec<Header<'l>>,
    ) -> Result<Parts<'l>, LineError> {
        let mut rest = line;
        if self.parse_headers {
            match split_once(rest, &self.headers_delimiter) {
                Some((block, behind)) => {
                    if !self.is_null(block) {
                        self.parse_headers(block, line_number, headers)?;
                    }
                    rest = behind;
                }
                None if self.ignore_error => {}
                None => return Err(LineError::new(Fault::NoHeadersDelimiter, line, line_number)),
            }
        }
        let mut key = None;
        if self.parse_key {
            match split_once(rest, &self.key_separator) {
                Some((before, behind)) => {
                    key = Some(before).filter(|key| !self.is_null(key));
                    rest = behind;
                }
                None if self.ignore_error => {}
                None => return Err(LineError::new(Fault::NoKeySeparator, line, line_number)),
            }
        }
        Ok(Parts { key, value: Some(rest).filter(|value| !self.is_null(value)) })
    }

    fn parse_headers<'l>(
        &self,
        block: &'l [u8],
        line_number: u64,
        headers: &mut Vec<Header<'l>>,
    ) -> Result<(), LineError> {
        for pair in self.headers_separator.split(block) {
            let (key, value) = match split_once(pair, &self.headers_key_separator) {
                Some((key, value)) => (key, Some(value).filter(|value| !self.is_null(value))),
                None if self.ignore_error => (pair, None),
                None => {
                    return Err(LineError::new(Fault::NoHeaderKeySeparator, pair, line_number));
                }
            };
            if self.is_null(key) {
                return Err(LineError::new(Fault::NullHeaderKey, key, line_number));
            }
            headers.push((key, value));
        }
        Ok(())
    }

    fn is_null(&self, field: &[u8]) -> bool {
        self.null_marker.as_deref() == Some(field)
    }
}

/// Kafka's reading of a boolean: anything but `true` is false.
fn is_true(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("true")
}

/// Splits at the first `separator`; an empty one is found at the front.
fn split_once<'l>(text: &'l [u8], separator: &[u8]) -> Option<(&'l [u8], &'l [u8])> {
    let at = memchr::memmem::find(text, separator)?;
    Some((&text[..at], &text[at + separator.len()..]))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NoHeadersDelimiter,
    NoKeySeparator,
    NoHeaderKeySeparator,
    NullHeaderKey,
}

/// A line that cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineError {
    fault: Fault,
    text: String,
    /// The number of the line, counted from 1.
    pub(crate) line_number: u64,
}

impl LineError {
    fn new(fault: Fault, text: &[u8], line_number: u64) -> Self {
        Self { fault, text: String::from_utf8_lossy(text).into_owned(), line_number }
    }
}

impl fmt::Display for LineError {
    /// The sentences of Kafka's tool.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, text, line_number } = self;
        match fault {
            Fault::NoHeadersDelimiter => {
                write!(f, "No headers delimiter found on line number {line_number}: '{text}'")
            }
            Fault::NoKeySeparator => {
                write!(f, "No key separator found on line number {line_number}: '{text}'")
            }
            Fault::NoHeaderKeySeparator => write!(
                f,
                "No header key separator found in pair '{text}' on line number {line_number}"
            ),
            Fault::NullHeaderKey => write!(
                f,
                "Header keys should not be equal to the null marker '{text}' as they can't be null"
            ),
        }
    }
}

impl std::error::Error for LineError {}

#[cfg(test)]
mod tests;
