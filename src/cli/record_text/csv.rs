//! Writing a record as a line of comma-separated values, as RFC 4180 has them but for the line end.

use memchr::memchr;

use crate::record::TimestampType;

use super::write::{TextRecord, append_base64, write_headers, write_number};

/// The first line.
pub(crate) const CSV_NAMES: &[u8] =
    b"topic,partition,offset,timestamp,timestampType,key,value,headers\n";

/// What stands before bytes that are not UTF-8.
const BASE64: &[u8] = b"base64:";

/// Appends `record` to `out` as one line, ended by LF; only a quoted field has more of these.
///
/// Null is nothing at all, an empty text two quotes.
pub(crate) fn write_csv<'r, H>(record: TextRecord<'r, H>, topic: &str, out: &mut Vec<u8>)
where
    H: IntoIterator<Item = (&'r [u8], Option<&'r [u8]>)>,
{
    write_text(topic.as_bytes(), out);
    out.push(b',');
    write_number(i64::from(record.partition), out);
    out.push(b',');
    write_number(record.offset, out);
    out.push(b',');
    if record.timestamp >= 0 {
        write_number(record.timestamp, out);
    }
    out.extend_from_slice(match (record.timestamp, record.timestamp_type) {
        (..0, _) => b",NoTimestampType,",
        (_, TimestampType::CreateTime) => b",CreateTime,",
        (_, TimestampType::LogAppendTime) => b",LogAppendTime,",
    });
    write_field(record.key, out);
    out.push(b',');
    write_field(record.value, out);
    out.push(b',');
    let mut headers = Vec::new();
    write_headers(record.headers, &mut headers);
    if headers != b"[]" {
        write_text(&headers, out);
    }
    out.push(b'\n');
}

fn write_field(bytes: Option<&[u8]>, out: &mut Vec<u8>) {
    let Some(bytes) = bytes else { return };
    if std::str::from_utf8(bytes).is_ok() {
        return write_text(bytes, out);
    }
    out.extend_from_slice(BASE64);
    append_base64(bytes, out);
}

fn write_text(text: &[u8], out: &mut Vec<u8>) {
    let is_quoted = |byte: &u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if !text.is_empty() && !text.iter().any(is_quoted) {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    let mut rest = text;
    while let Some(quote) = memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=quote]);
        out.push(b'"');
        rest = &rest[quote + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::{TextRecord, write_csv};
    use crate::record::TimestampType;

    type Headers = Vec<(&'static [u8], Option<&'static [u8]>)>;

    fn line(key: Option<&'static [u8]>, value: Option<&'static [u8]>, headers: Headers) -> String {
        let record = TextRecord {
            partition: 1,
            offset: 42,
            timestamp: 1700,
            timestamp_type: TimestampType::CreateTime,
            key,
            value,
            headers,
        };
        let mut out = Vec::new();
        write_csv(record, "/a,b:t", &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_are_quoted_when_they_must_be() {
        let start = "\"/a,b:t\",1,42,1700,CreateTime,";
        assert_eq!(line(Some(b"k"), Some(b"v w"), vec![]), format!("{start}k,v w,\n"));
        assert_eq!(line(None, Some(b""), vec![]), format!("{start},\"\",\n"));
        assert_eq!(
            line(Some(b"a\"b\"\n"), Some(b"x\ry"), vec![]),
            format!("{start}\"a\"\"b\"\"\n\",\"x\ry\",\n")
        );
        assert_eq!(
            line(Some(b"\xff"), None, vec![(b"h", Some(b"1")), (b"h", None)]),
            format!("{start}base64:/w==,,\"[[\"\"h\"\",\"\"1\"\"],[\"\"h\"\",null]]\"\n")
        );
    }

    #[test]
    fn a_record_without_a_time_has_none() {
        let record = TextRecord {
            partition: 0,
            offset: 0,
            timestamp: -1,
            timestamp_type: TimestampType::CreateTime,
            key: None,
            value: None,
            headers: Headers::new(),
        };
        let mut out = Vec::new();
        write_csv(record, "/s:t", &mut out);
        assert_eq!(out, b"/s:t,0,0,,NoTimestampType,,,\n");
    }
}
