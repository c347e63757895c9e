//! Tests of the deserializers; what they should print was printed by Java.

use std::collections::BTreeMap;

use super::Deserializer;
use super::java_text::{push_double, push_float};

fn made(kind: &str, settings: &[(&str, &str)]) -> Result<Deserializer, String> {
    let class = format!("org.apache.kafka.common.serialization.{kind}Deserializer");
    let settings: BTreeMap<&str, &str> = settings.iter().copied().collect();
    Deserializer::from_class(&class, &settings, false)
}

fn written(deserializer: &Deserializer, bytes: &[u8]) -> String {
    let mut out = b"before ".to_vec();
    match deserializer.write(bytes, &mut out) {
        Ok(()) => String::from_utf8(out).unwrap().strip_prefix("before ").unwrap().to_owned(),
        Err(error) => {
            assert_eq!(out, b"before ", "nothing is left of what failed");
            error.to_string().split_once(": ").unwrap().1.to_owned()
        }
    }
}

fn text(kind: &str, bytes: &[u8]) -> String {
    written(&made(kind, &[]).unwrap(), bytes)
}

#[test]
fn every_class_is_known_by_its_whole_name_only() {
    for name in Deserializer::NAMES {
        let found = made(name.strip_suffix("Deserializer").unwrap(), &[]);
        assert_eq!(found.is_ok(), name != "ListDeserializer", "{name}: {found:?}");
        assert!(Deserializer::from_class(name, &BTreeMap::new(), false).is_err());
    }
    assert!(made("Strong", &[]).is_err());
}

#[test]
fn numbers_are_those_of_java_and_lengths_are_checked() {
    assert_eq!(text("Integer", &[0xff, 0xff, 0xff, 0xfe]), "-2");
    assert_eq!(text("Short", &[0x80, 0]), "-32768");
    assert_eq!(text("Long", b"AAAAAAAA"), "4702111234474983745", "8.23");
    assert_eq!(text("Long", b"null"), "Size of data received by LongDeserializer is not 8");
    assert_eq!(text("Integer", b""), "Size of data received by IntegerDeserializer is not 4");
    assert_eq!(text("Short", b"abc"), "Size of data received by ShortDeserializer is not 2");
    assert_eq!(text("Float", b"abc"), "Size of data received by Deserializer is not 4");
    assert_eq!(text("Double", b"abc"), "Size of data received by Deserializer is not 8");
    assert_eq!(text("Boolean", b"\x01"), "true");
    assert_eq!(text("Boolean", b"\x00"), "false");
    assert_eq!(text("Boolean", b"\xff"), "Unexpected byte received by BooleanDeserializer: -1");
    assert_eq!(text("Boolean", b""), "Size of data received by BooleanDeserializer is not 1");
    assert_eq!(text("Float", &1e10_f32.to_be_bytes()), "1.0E10");
    assert_eq!(text("Double", &f64::NAN.to_be_bytes()), "NaN");
}

#[test]
fn bytes_and_buffers() {
    assert_eq!(text("Bytes", b"a\\ ~\x00\x7f\xe9"), "a\\x5C ~\\x00\\x7F\\xE9");
    assert_eq!(text("ByteBuffer", b"abc"), "java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]");
    assert_eq!(text("ByteArray", b"abc"), "abc");
    assert_eq!(text("Void", b""), "Data should be null for a VoidDeserializer.");
}

#[test]
fn fractions_are_laid_out_as_in_java_19() {
    for (value, expected) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (100.0, "100.0"),
        (123_456.789, "123456.789"),
        (9_999_999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (12_345_678.9, "1.23456789E7"),
        (1e10, "1.0E10"),
        (1e23, "1.0E23"),
        (2e23, "2.0E23"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.0123, "0.0123"),
        (0.00099, "9.9E-4"),
        (1e-4, "1.0E-4"),
        (f64::MAX, "1.7976931348623157E308"),
        (f64::MIN_POSITIVE, "2.2250738585072014E-308"),
        (4.9e-324, "4.9E-324"),
        (2e-323, "2.0E-323"),
        (f64::INFINITY, "Infinity"),
        (f64::NEG_INFINITY, "-Infinity"),
        (f64::NAN, "NaN"),
    ] {
        let mut out = Vec::new();
        push_double(value, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
    for (value, expected) in [
        (1.4e-45, "1.4E-45"),
        (f32::MAX, "3.4028235E38"),
        (0.1, "0.1"),
        (1.0e7, "1.0E7"),
        (16_777_216.0, "1.6777216E7"),
        (3.0e-3, "0.003"),
        (-0.0, "-0.0"),
        (2.0e-44, "2.0E-44"),
        (f32::INFINITY, "Infinity"),
    ] {
        let mut out = Vec::new();
        push_float(value, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

#[test]
fn uuids_are_read_as_generously_as_in_java() {
    let whole = "123E4567-e89b-12d3-a456-426614174000";
    assert_eq!(text("UUID", whole.as_bytes()), whole.to_lowercase());
    assert_eq!(text("UUID", b"1-2-3-4-5"), "00000001-0002-0003-0004-000000000005");
    assert_eq!(text("UUID", b"123456789-2-3-4-5"), "23456789-0002-0003-0004-000000000005");
    for bad in ["", "1-2-3-4", "1-2-3-4-5-6", "1--3-4-5", "x-2-3-4-5", &format!("{whole}0")] {
        assert_eq!(text("UUID", bad.as_bytes()), "Error parsing data into UUID", "{bad}");
    }
}

#[test]
fn what_is_no_utf_8_becomes_what_java_makes_of_it() {
    for (bytes, expected) in [
        (&b"a\xff\xfeb"[..], "a??b"),
        (b"\xed\xa0\x80x", "?x"),
        (b"\xed\xa0x", "?x"),
        (b"\xed\xa0", "?"),
        (b"\xf0\x9f\x98", "?"),
        (b"\xe2\x82z", "?z"),
        (b"\xf5\x80", "??"),
        (b"\xc0\x80", "??"),
        ("é€😀".as_bytes(), "é€😀"),
    ] {
        assert_eq!(text("String", bytes), expected.replace('?', "\u{fffd}"), "{bytes:x?}");
    }
}

#[test]
fn a_charset_may_be_named() {
    let read = |name: &str, bytes: &[u8]| {
        made("String", &[("deserializer.encoding", name)]).map(|found| written(&found, bytes))
    };
    assert_eq!(read("ISO-8859-1", b"\xe9").unwrap(), "é");
    assert_eq!(read("us-ascii", b"a\xe9").unwrap(), "a\u{fffd}");
    assert_eq!(read("UTF-16", b"\xff\xfea\0").unwrap(), "a");
    assert_eq!(read("UTF-16BE", b"\0a\0").unwrap(), "a\u{fffd}");
    assert_eq!(read("UTF-16LE", b"\x3d\xd8\x00\xde").unwrap(), "😀");
    assert_eq!(read("x", b"").unwrap_err(), "Unsupported encoding x");
}

#[test]
fn lists_are_those_of_kafka() {
    let list = |inner: &str| {
        let inner = format!("org.apache.kafka.common.serialization.Serdes${inner}Serde");
        let settings = [
            ("default.list.value.serde.type", "java.util.ArrayList"),
            ("default.list.value.serde.inner", &inner),
        ];
        made("List", &settings).unwrap()
    };
    let integers = list("Integer");
    let two = b"\0\0\0\0\x01\0\0\0\x01\0\0\0\x02\0\0\0\x07";
    assert_eq!(written(&integers, two), "[7, null]");
    assert_eq!(
        written(&integers, &two[..two.len() - 1]),
        "End of the stream was reached prematurely"
    );
    assert_eq!(written(&integers, b"\0\0\0\0\0\0\0\0\0"), "[]");
    let strings = list("String");
    let varied = b"\x01\0\0\0\x03\0\0\0\x01a\xff\xff\xff\xff\0\0\0\0";
    assert_eq!(written(&strings, varied), "[a, null, ]");
    assert_eq!(written(&strings, b"\x02"), "Invalid serialization strategy flag value");
    assert_eq!(written(&strings, b"\x01\0"), "Unable to deserialize into a List");
    assert_eq!(
        written(&strings, b"\x01\xff\xff\xff\xff"),
        "Corrupted byte[]. The number of list entries cannot be negative."
    );
    assert!(made("List", &[("default.list.value.serde.type", "x.Y")]).is_err());
}
