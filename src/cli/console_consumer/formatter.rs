//! How a record is printed: Kafka's `DefaultMessageFormatter`, byte for byte.

use std::collections::BTreeMap;
use std::io::Write;

use crate::record::TimestampType;

use super::deserializer::{Deserializer, Undecodable};

/// Where the timestamp of a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// The producer's clock.
    CreateTime(i64),
    /// The clock at the append.
    LogAppendTime(i64),
    /// The record has no timestamp.
    None,
}

impl Stamp {
    /// Returns how a timestamp in milliseconds is shown; a negative one is none.
    pub(crate) fn of(ms: i64, timestamp_type: TimestampType) -> Self {
        match (ms, timestamp_type) {
            (..0, _) => Self::None,
            (ms, TimestampType::CreateTime) => Self::CreateTime(ms),
            (ms, TimestampType::LogAppendTime) => Self::LogAppendTime(ms),
        }
    }
}

/// A record as the formatter sees it. `H` yields the headers in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'r, H> {
    /// The partition.
    pub(crate) partition: u32,
    /// The offset.
    pub(crate) offset: i64,
    /// The timestamp.
    pub(crate) stamp: Stamp,
    /// The key; `None` is null.
    pub(crate) key: Option<&'r [u8]>,
    /// The value; `None` is null.
    pub(crate) value: Option<&'r [u8]>,
    /// The headers.
    pub(crate) headers: H,
}

/// Which columns are printed and what is between them.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of Kafka's formatter")]
pub(crate) struct Formatter {
    print_timestamp: bool,
    print_partition: bool,
    print_offset: bool,
    print_delivery: bool,
    print_epoch: bool,
    print_headers: bool,
    print_key: bool,
    print_value: bool,
    key_separator: Vec<u8>,
    line_separator: Vec<u8>,
    headers_separator: Vec<u8>,
    null_literal: Vec<u8>,
    key_deserializer: Option<Deserializer>,
    value_deserializer: Option<Deserializer>,
    headers_deserializer: Option<Deserializer>,
    /// What was asked for and cannot be done, for standard error.
    complaints: Vec<String>,
}

impl Default for Formatter {
    fn default() -> Self {
        Self {
            print_timestamp: false,
            print_partition: false,
            print_offset: false,
            print_delivery: false,
            print_epoch: false,
            print_headers: false,
            print_key: false,
            print_value: true,
            key_separator: b"\t".to_vec(),
            line_separator: b"\n".to_vec(),
            headers_separator: b",".to_vec(),
            null_literal: b"null".to_vec(),
            key_deserializer: None,
            value_deserializer: None,
            headers_deserializer: None,
            complaints: Vec::new(),
        }
    }
}

impl Formatter {
    /// Makes a formatter from properties, the last of several values of a name counting. Unknown
    /// names are ignored, as in Kafka's tool.
    pub(crate) fn from_properties<'p>(
        properties: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Self {
        let mut formatter = Self::default();
        let properties: BTreeMap<&str, &str> = properties.into_iter().collect();
        for (name, value) in &properties {
            let (name, value) = (*name, *value);
            let is_true = value.trim().eq_ignore_ascii_case("true");
            let bytes = || value.as_bytes().to_vec();
            match name {
                "print.timestamp" => formatter.print_timestamp = is_true,
                "print.partition" => formatter.print_partition = is_true,
                "print.offset" => formatter.print_offset = is_true,
                "print.delivery" => formatter.print_delivery = is_true,
                "print.epoch" => formatter.print_epoch = is_true,
                "print.headers" => formatter.print_headers = is_true,
                "print.key" => formatter.print_key = is_true,
                "print.value" => formatter.print_value = is_true,
                "key.separator" => formatter.key_separator = bytes(),
                "line.separator" => formatter.line_separator = bytes(),
                "headers.separator" => formatter.headers_separator = bytes(),
                "null.literal" => formatter.null_literal = bytes(),
                _ => {}
            }
        }
        formatter.key_deserializer = formatter.deserializer("key", &properties);
        formatter.value_deserializer = formatter.deserializer("value", &properties);
        formatter.headers_deserializer = formatter.deserializer("headers", &properties);
        formatter
    }

    /// Finds the deserializer that property `<part>.deserializer` names, and hands it the properties
    /// `<part>.deserializer.…`. If there is none, bytes are printed as they are, as in Kafka's tool.
    fn deserializer(
        &mut self,
        part: &str,
        properties: &BTreeMap<&str, &str>,
    ) -> Option<Deserializer> {
        let name = format!("{part}.deserializer");
        let class = *properties.get(name.as_str())?;
        let own = properties.iter().filter_map(|(property, value)| {
            let own = property.strip_prefix(&name)?.strip_prefix('.')?;
            (!own.is_empty()).then_some((own, *value))
        });
        match Deserializer::from_class(class, &own.collect(), part == "key") {
            Ok(deserializer) => Some(deserializer),
            Err(reason) => {
                self.complaints.push(format!(
                    "Unable to instantiate a deserializer from {class}: {reason}; bytes are \
                     printed as they are\nhint: there are org.apache.kafka.common.serialization: {}",
                    Deserializer::NAMES.join(", ")
                ));
                None
            }
        }
    }

    /// Returns what was asked for and cannot be done, though printing goes on without it.
    pub(crate) fn complaints(&self) -> &[String] {
        &self.complaints
    }

    /// True if a record is printed as its value and a newline: [`Formatter::write_value`] will do.
    #[must_use]
    pub(crate) fn is_plain(&self) -> bool {
        self.columns() == [false, false, false, false, false, false, false, true]
            && self.line_separator == b"\n"
            && matches!(self.value_deserializer, None | Some(Deserializer::ByteArray))
    }

    /// Writes a value and a newline: all there is to do for a plain formatter.
    #[inline]
    pub(crate) fn write_value(&self, value: Option<&[u8]>, out: &mut Vec<u8>) {
        out.extend_from_slice(value.unwrap_or(&self.null_literal));
        out.push(b'\n');
    }

    /// Appends what Kafka's tool prints for `record` to `out`.
    ///
    /// # Errors
    ///
    /// A deserializer cannot take the bytes. As in Kafka's tool, `out` has the columns before it.
    pub(crate) fn write<'r, H>(
        &self,
        record: Shown<'r, H>,
        out: &mut Vec<u8>,
    ) -> Result<(), Undecodable>
    where
        H: IntoIterator<Item = (&'r [u8], Option<&'r [u8]>)>,
    {
        let columns = self.columns();
        let Some(last) = columns.iter().rposition(|wanted| *wanted) else { return Ok(()) };
        let mut headers = Some(record.headers);
        for (column, _) in columns.iter().enumerate().filter(|(_, wanted)| **wanted) {
            // Writing to a Vec cannot fail.
            let _ = match column {
                0 => match record.stamp {
                    Stamp::CreateTime(ms) => write!(out, "CreateTime:{ms}"),
                    Stamp::LogAppendTime(ms) => write!(out, "LogAppendTime:{ms}"),
                    Stamp::None => write!(out, "NO_TIMESTAMP"),
                },
                1 => write!(out, "Partition:{}", record.partition),
                2 => write!(out, "Offset:{}", record.offset),
                3 => write!(out, "Delivery:NOT_PRESENT"),
                4 => write!(out, "Epoch:NOT_PRESENT"),
                5 => {
                    self.write_headers(headers.take().into_iter().flatten(), out)?;
                    Ok(())
                }
                6 => {
                    self.write_part(self.key_deserializer.as_ref(), record.key, out)?;
                    Ok(())
                }
                _ => {
                    self.write_part(self.value_deserializer.as_ref(), record.value, out)?;
                    Ok(())
                }
            };
            let separator = if column == last { &self.line_separator } else { &self.key_separator };
            out.extend_from_slice(separator);
        }
        Ok(())
    }

    /// Writes bytes through their deserializer. As in Kafka's tool, that gets the null literal, too.
    fn write_part(
        &self,
        deserializer: Option<&Deserializer>,
        bytes: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<(), Undecodable> {
        let bytes = bytes.unwrap_or(&self.null_literal);
        match deserializer {
            Some(deserializer) => deserializer.write(bytes, out),
            None => {
                out.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    fn write_headers<'r>(
        &self,
        headers: impl Iterator<Item = (&'r [u8], Option<&'r [u8]>)>,
        out: &mut Vec<u8>,
    ) -> Result<(), Undecodable> {
        let mut any = false;
        for (key, value) in headers {
            if any {
                out.extend_from_slice(&self.headers_separator);
            }
            any = true;
            out.extend_from_slice(key);
            out.push(b':');
            self.write_part(self.headers_deserializer.as_ref(), value, out)?;
        }
        if !any {
            out.extend_from_slice(b"NO_HEADERS");
        }
        Ok(())
    }

    /// Which columns are wanted, in the order in which they are printed.
    fn columns(&self) -> [bool; 8] {
        [
            self.print_timestamp,
            self.print_partition,
            self.print_offset,
            self.print_delivery,
            self.print_epoch,
            self.print_headers,
            self.print_key,
            self.print_value,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{Formatter, Shown, Stamp};

    type Headers = Vec<(&'static [u8], Option<&'static [u8]>)>;

    fn record(headers: Headers) -> Shown<'static, Headers> {
        Shown {
            partition: 3,
            offset: 42,
            stamp: Stamp::CreateTime(1_700_000_000_123),
            key: Some(b"k"),
            value: Some(b"v"),
            headers,
        }
    }

    fn printed(properties: &[(&str, &str)], record: Shown<'static, Headers>) -> String {
        let formatter = Formatter::from_properties(properties.iter().copied());
        let mut out = Vec::new();
        formatter.write(record, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Kafka's own test: properties accumulate. Row 7.9's epoch and delivery are not reachable
    /// through the console consumer, which never has them.
    #[test]
    fn section_7_columns_come_in_a_fixed_order() {
        let base = || Shown {
            partition: 0,
            offset: 123,
            stamp: Stamp::None,
            key: Some(&b"key"[..]),
            value: Some(&b"value"[..]),
            headers: Vec::new(),
        };
        let mut with: Vec<(&str, &str)> = Vec::new();
        assert_eq!(printed(&with, base()), "value\n", "7.1");
        with.push(("print.key", "true"));
        assert_eq!(printed(&with, base()), "key\tvalue\n");
        with.push(("print.partition", "true"));
        assert_eq!(printed(&with, base()), "Partition:0\tkey\tvalue\n", "7.3");
        with.extend([("print.timestamp", "true"), ("print.offset", "true")]);
        let expected = "NO_TIMESTAMP\tPartition:0\tOffset:123\tkey\tvalue\n";
        assert_eq!(printed(&with, base()), expected, "7.5");
        with.extend([("print.headers", "true"), ("print.delivery", "true")]);
        let expected =
            "NO_TIMESTAMP\tPartition:0\tOffset:123\tDelivery:NOT_PRESENT\tNO_HEADERS\tkey\tvalue\n";
        assert_eq!(printed(&with, base()), expected, "7.7");
        with.extend([("key.separator", "<sep>"), ("print.value", "false")]);
        let full = || Shown {
            stamp: Stamp::CreateTime(123),
            headers: vec![(&b"h1"[..], Some(&b"v1"[..])), (b"h2", Some(b"v2"))],
            ..base()
        };
        with.push(("print.delivery", "false"));
        let expected = "CreateTime:123<sep>Partition:0<sep>Offset:123<sep>h1:v1,h2:v2<sep>key\n";
        assert_eq!(printed(&with, full()), expected, "7.13");
        with.extend([("headers.separator", "|"), ("line.separator", "<end>")]);
        let expected = "CreateTime:123<sep>Partition:0<sep>Offset:123<sep>h1:v1|h2:v2<sep>key<end>";
        assert_eq!(printed(&with, full()), expected, "7.15");
    }

    #[test]
    fn all_columns_at_once() {
        let all = [
            "print.timestamp",
            "print.partition",
            "print.offset",
            "print.delivery",
            "print.epoch",
            "print.headers",
            "print.key",
        ]
        .map(|name| (name, "true"));
        assert_eq!(
            printed(&all, record(vec![(b"h1", Some(b"v1"))])),
            "CreateTime:1700000000123\tPartition:3\tOffset:42\tDelivery:NOT_PRESENT\t\
             Epoch:NOT_PRESENT\th1:v1\tk\tv\n"
        );
    }

    #[test]
    fn section_8_corners() {
        let key = ("print.key", "true");
        let plain = || record(Vec::new());
        assert_eq!(printed(&[], Shown { value: None, ..plain() }), "null\n", "8.1");
        let empty = Shown { key: Some(&b""[..]), value: Some(&b""[..]), ..plain() };
        assert_eq!(printed(&[key], empty), "\t\n", "8.3");
        assert_eq!(printed(&[key], Shown { value: Some(b"a\tb"), ..plain() }), "k\ta\tb\n", "8.5");
        let appended = Shown { stamp: Stamp::LogAppendTime(1_700_000_000_123), ..plain() };
        let stamped = printed(&[("print.timestamp", "true")], appended);
        assert_eq!(stamped, "LogAppendTime:1700000000123\tv\n", "8.7");
        let no_value = ("print.value", "false");
        assert_eq!(printed(&[no_value], plain()), "", "8.9");
        let stamped = printed(&[no_value, ("print.timestamp", "true")], plain());
        assert_eq!(stamped, "CreateTime:1700000000123\n", "8.11");
        let headers: Headers = vec![(b"", Some(b"x")), (b"n", None), (b"e", Some(b""))];
        let shown = printed(&[("print.headers", "true")], record(headers));
        assert_eq!(shown, ":x,n:null,e:\tv\n", "8.13");
        let shown = printed(&[("print.headers", "true")], record(vec![(b"a", Some(b"1,2"))]));
        assert_eq!(shown, "a:1,2\tv\n", "8.15");
        let empty = [key, ("key.separator", ""), ("line.separator", "")];
        assert_eq!(printed(&empty, plain()), "kv", "8.17");
        assert_eq!(printed(&[("print.key", " True ")], plain()), "k\tv\n", "8.19");
    }

    #[test]
    fn the_short_way_prints_the_same() {
        let formatter = Formatter::from_properties([("null.literal", "∅")]);
        assert!(formatter.is_plain());
        for value in [Some(&b"v"[..]), Some(b""), None] {
            let (mut long, mut short) = (Vec::new(), Vec::new());
            formatter.write(Shown { value, ..record(Vec::new()) }, &mut long).unwrap();
            formatter.write_value(value, &mut short);
            assert_eq!(long, short);
        }
        assert!(!Formatter::from_properties([("print.key", "true")]).is_plain());
        assert!(!Formatter::from_properties([("line.separator", "\0")]).is_plain());
    }
}
