//! Writing a record by a pattern, with the letters of kcat.

use super::escapes::escape;
use super::write::{TextRecord, write_number};

/// The letters and what each stands for, for messages and help.
pub(crate) const LETTERS: &str = "%s value, %S its bytes (-1 for null), %R the same as 32 bits \
     big-endian, %k key, %K its bytes, %t topic, %p partition, %o offset, %T timestamp in ms, %h \
     headers, %% a percent sign";

/// A pattern, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    Topic,
    Partition,
    Offset,
    Timestamp,
    Key,
    KeyBytes,
    Value,
    ValueBytes,
    ValueBytesBinary,
    Headers,
}

impl Pattern {
    /// Takes a pattern apart.
    ///
    /// # Errors
    ///
    /// It has a letter or an escape that is none: a sentence that lists those there are.
    pub(crate) fn parse(pattern: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut text = Vec::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(['%', '\\']) {
            text.extend_from_slice(&rest.as_bytes()[..at]);
            let (is_escape, behind) = (rest[at..].starts_with('\\'), &rest[at + 1..]);
            if is_escape {
                let (byte, behind) = escape(behind)?;
                text.push(byte);
                rest = behind;
                continue;
            }
            let mut characters = behind.chars();
            let letter = characters.next();
            rest = characters.as_str();
            let piece = match letter {
                Some('%') => {
                    text.push(b'%');
                    continue;
                }
                Some('s') => Piece::Value,
                Some('S') => Piece::ValueBytes,
                Some('R') => Piece::ValueBytesBinary,
                Some('k') => Piece::Key,
                Some('K') => Piece::KeyBytes,
                Some('t') => Piece::Topic,
                Some('p') => Piece::Partition,
                Some('o') => Piece::Offset,
                Some('T') => Piece::Timestamp,
                Some('h') => Piece::Headers,
                other => {
                    let letter = other.map(String::from).unwrap_or_default();
                    return Err(format!("there is no `%{letter}`; there are {LETTERS}"));
                }
            };
            pieces.extend((!text.is_empty()).then(|| Piece::Text(std::mem::take(&mut text))));
            pieces.push(piece);
        }
        text.extend_from_slice(rest.as_bytes());
        pieces.extend((!text.is_empty()).then_some(Piece::Text(text)));
        Ok(Self { pieces })
    }

    /// Appends `record` to `out`, of its value only what `cut` leaves. Null is nothing.
    pub(crate) fn write<'r, H>(
        &self,
        record: &TextRecord<'r, H>,
        topic: &str,
        cut: impl Fn(&'r [u8]) -> &'r [u8],
        out: &mut Vec<u8>,
    ) where
        H: IntoIterator<Item = (&'r [u8], Option<&'r [u8]>)> + Clone,
    {
        let bytes = |part: Option<&[u8]>| {
            part.map_or(-1, |bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX))
        };
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Topic => out.extend_from_slice(topic.as_bytes()),
                Piece::Partition => write_number(i64::from(record.partition), out),
                Piece::Offset => write_number(record.offset, out),
                Piece::Timestamp => write_number(record.timestamp, out),
                Piece::Key => out.extend_from_slice(record.key.unwrap_or_default()),
                Piece::KeyBytes => write_number(bytes(record.key), out),
                Piece::Value => out.extend_from_slice(record.value.map_or(&[], &cut)),
                Piece::ValueBytes => write_number(bytes(record.value), out),
                Piece::ValueBytesBinary => {
                    let bytes = i32::try_from(bytes(record.value)).unwrap_or(i32::MAX);
                    out.extend_from_slice(&bytes.to_be_bytes());
                }
                Piece::Headers => write_headers(record.headers.clone(), out),
            }
        }
    }
}

/// Writes headers as kcat does: `key=value,key=value`.
fn write_headers<'r>(
    headers: impl IntoIterator<Item = (&'r [u8], Option<&'r [u8]>)>,
    out: &mut Vec<u8>,
) {
    for (index, (key, value)) in headers.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key);
        out.push(b'=');
        out.extend_from_slice(value.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, TextRecord};
    use crate::record::TimestampType;

    type Headers = Vec<(&'static [u8], Option<&'static [u8]>)>;

    fn written(pattern: &str, key: Option<&'static [u8]>, value: Option<&'static [u8]>) -> Vec<u8> {
        let headers: Headers = vec![(b"a", Some(b"1")), (b"b", None)];
        let record = TextRecord {
            partition: 3,
            offset: 42,
            timestamp: -1,
            timestamp_type: TimestampType::CreateTime,
            key,
            value,
            headers,
        };
        let mut out = Vec::new();
        let pattern = Pattern::parse(pattern).unwrap();
        pattern.write(&record, "/s:t", |value| &value[..value.len().min(4)], &mut out);
        out
    }

    #[test]
    fn every_letter_stands_for_its_part() {
        let all = r"%t[%p]@%o %T %K:%k %S:%s %h 100%%\t\x41\n";
        let expected = b"/s:t[3]@42 -1 1:k 5:\xffval a=1,b= 100%\tA\n";
        assert_eq!(written(all, Some(b"k"), Some(b"\xffvalu")), expected);
        assert_eq!(written("%K:%k %S:%s", None, None), b"-1: -1:");
        assert_eq!(written("%K:%k %S:%s", Some(b""), Some(b"")), b"0: 0:");
        assert_eq!(written("%R%s", None, Some(b"abc")), b"\0\0\0\x03abc");
        assert_eq!(written("%R", None, None), b"\xff\xff\xff\xff");
        assert_eq!(written("%h%h", None, None), b"a=1,b=a=1,b=");
    }

    #[test]
    fn other_letters_are_refused_with_a_list() {
        for pattern in ["%x", "%s%", "é%é"] {
            let message = Pattern::parse(pattern).unwrap_err();
            assert!(message.contains("%s value") && message.contains("%h headers"), "{message}");
        }
        assert!(Pattern::parse(r"%s\q").unwrap_err().contains("`\\q`"));
    }
}
