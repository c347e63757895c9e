//! Kafka's conformance rows for `LineMessageReader`, by their numbers.

use super::{Header, LineReader};

/// Shows what a line becomes: `key|value|h=v,h=v`, `∅` for null; or the error.
fn read(properties: &[(&str, &str)], line_number: u64, line: &[u8]) -> String {
    let reader = match LineReader::from_properties(properties.iter().copied()) {
        Ok(reader) => reader,
        Err(message) => return message,
    };
    let mut headers: Vec<Header<'_>> = Vec::new();
    match reader.parse(line, line_number, &mut headers) {
        Ok(parts) => {
            let text = |bytes: Option<&[u8]>| {
                bytes.map_or("∅".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            let headers: Vec<String> = headers
                .iter()
                .map(|(key, value)| format!("{}={}", text(Some(key)), text(*value)))
                .collect();
            format!("{}|{}|{}", text(parts.key), text(parts.value), headers.join(","))
        }
        Err(error) => error.to_string(),
    }
}

/// The base of section 1, and more.
fn both(more: &[(&str, &str)], line: &str) -> String {
    let mut properties = vec![("parse.key", "true"), ("parse.headers", "true")];
    properties.extend_from_slice(more);
    read(&properties, 1, line.as_bytes())
}

const IGNORE: (&str, &str) = ("ignore.error", "true");
const NULL: (&str, &str) = ("null.marker", "<NULL>");
const NO_HEADERS: (&str, &str) = ("parse.headers", "false");

#[test]
fn section_1_keys_values_and_headers() {
    assert_eq!(both(&[NO_HEADERS], "key0\tvalue0"), "key0|value0|", "1.1");
    assert_eq!(both(&[], ":\t\t"), "||=", "1.3");
    let separators = [
        ("key.separator", "\t\t"),
        ("headers.delimiter", "\t\t"),
        ("headers.separator", "---"),
        ("headers.key.separator", "::::"),
    ];
    let line = "headerKey0.0::::headerValue0.0---headerKey1.0::::\t\tkey\t\tvalue";
    assert_eq!(
        both(&separators, line),
        "key|value|headerKey0.0=headerValue0.0,headerKey1.0=",
        "1.5"
    );
    assert_eq!(read(&[], 1, b"value"), "∅|value|", "1.7");
    let marks = [("key.separator", "#"), ("headers.delimiter", "!")];
    let line = "headerKey1.0:headerValue1.0!key1#value1";
    assert_eq!(both(&marks, line), "key1|value1|headerKey1.0=headerValue1.0", "1.9");
}

#[test]
fn section_1_errors_and_ignoring_them() {
    assert_eq!(
        both(&[], "key[MISSING-DELIMITER]val\tkey0\tvalue0"),
        "No header key separator found in pair 'key[MISSING-DELIMITER]val' on line number 1",
        "1.11"
    );
    let equal =
        [("headers.delimiter", "\t"), ("headers.separator", ","), ("headers.key.separator", "\t")];
    assert_eq!(
        both(&equal, ""),
        "headers.delimiter and headers.key.separator may not be equal",
        "1.13"
    );
    let line = "headerKey0.0:headerValue0.0\tkey0\tvalue0";
    assert_eq!(both(&[IGNORE], line), "key0|value0|headerKey0.0=headerValue0.0", "1.15");
    let line = "headerKey2.0:headerValue2.0\tkey2[MISSING-KEY-DELIMITER]value2";
    let expected = "∅|key2[MISSING-KEY-DELIMITER]value2|headerKey2.0=headerValue2.0";
    assert_eq!(both(&[IGNORE], line), expected, "1.17");
    assert_eq!(both(&[IGNORE], "key-val\tkey0\tvalue0"), "key0|value0|key-val=∅", "1.19");
}

#[test]
fn section_1_nulls() {
    let keys = [NO_HEADERS, NULL];
    assert_eq!(both(&keys, "key\t<NULL>"), "key|∅|", "1.21");
    assert_eq!(both(&keys, "<NULL>\tvalue"), "∅|value|", "1.23");
    assert_eq!(both(&[NO_HEADERS], "key\t<NULL>"), "key|<NULL>|", "1.25");
    assert_eq!(both(&[NO_HEADERS], "<NULL>\t<NULL>"), "<NULL>|<NULL>|", "1.27");
    assert_eq!(both(&[NULL], "<NULL>\tkey\t<NULL>"), "key|∅|", "1.29");
    assert_eq!(both(&[NULL], "h0:<NULL>,h1:v1\tkey\t<NULL>"), "key|∅|h0=∅,h1=v1", "1.31");
    assert_eq!(both(&[], "h0:v0,h1:v1\t<NULL>\tvalue"), "<NULL>|value|h0=v0,h1=v1", "1.33");
    assert_eq!(both(&[], "h0:,h1:v1\t<NULL>\t<NULL>"), "<NULL>|<NULL>|h0=,h1=v1", "1.35");
    assert_eq!(
        both(&[NULL], "<NULL>:v0,h1:v1\tkey\tvalue"),
        "Header keys should not be equal to the null marker '<NULL>' as they can't be null",
        "1.37"
    );
    let others =
        [("headers.delimiter", "-"), ("headers.separator", ":"), ("headers.key.separator", "/")];
    let marked = |marker| both(&[&others[..], &[("null.marker", marker)]].concat(), "");
    assert_eq!(marked("-"), "null.marker and headers.delimiter may not be equal", "1.39");
    assert_eq!(marked("/"), "null.marker and headers.key.separator may not be equal", "1.41");
    assert_eq!(marked(":"), "null.marker and headers.separator may not be equal");
    assert_eq!(marked("\t"), "null.marker and key.separator may not be equal");
}

#[test]
fn section_2_values_are_bytes() {
    assert_eq!(read(&[], 1, b""), "∅||", "2.5");
    // Kafka's tool replaces what is not UTF-8 (2.7); here it is kept.
    let reader = LineReader::default();
    let parts = reader.parse(b"\xffa\xc3", 1, &mut Vec::new()).unwrap();
    assert_eq!(parts.value, Some(&b"\xffa\xc3"[..]), "2.7");
    assert_eq!(read(&[], 1, b"a\0b"), "∅|a\0b|", "2.9");
    assert!(reader.is_plain());
}

#[test]
fn section_2_keys() {
    let key = |more: &[(&str, &str)], line: &str| {
        read(&[&[("parse.key", "true")][..], more].concat(), 1, line.as_bytes())
    };
    assert_eq!(key(&[("key.separator", ":")], ":v"), "|v|", "2.11");
    assert_eq!(key(&[("key.separator", "\\t")], "k\\tv"), "k|v|", "2.13");
    assert_eq!(key(&[("key.separator", "")], "kv"), "|kv|", "2.15");
    assert_eq!(key(&[IGNORE], "nokey"), "∅|nokey|", "2.17");
    assert_eq!(read(&[("parse.key", "yes")], 1, b"k\tv"), "∅|k\tv|", "2.19");
    assert_eq!(read(&[("parse.key", " TRUE ")], 1, b"k\tv"), "k|v|");
    assert_eq!(key(&[], "nokey"), "No key separator found on line number 1: 'nokey'");
    assert_eq!(
        read(&[("parse.key", "true")], 77, b"x"),
        "No key separator found on line number 77: 'x'"
    );
}

#[test]
fn section_2_headers() {
    let headers = |more: &[(&str, &str)], line: &str| {
        read(&[&[("parse.headers", "true")][..], more].concat(), 1, line.as_bytes())
    };
    assert_eq!(both(&[IGNORE], "\tk\tv"), "k|v|=∅", "2.21");
    assert_eq!(
        both(&[], "\tk\tv"),
        "No header key separator found in pair '' on line number 1",
        "2.20"
    );
    assert_eq!(headers(&[], "a:1,\tv"), "∅|v|a=1", "2.23");
    assert_eq!(headers(&[], ",\tv"), "∅|v|", "all pieces empty: no headers");
    assert_eq!(
        headers(&[], "a:1,,b:2\tv"),
        "No header key separator found in pair '' on line number 1",
        "2.25"
    );
    assert_eq!(headers(&[], "a:1,a:2\tv"), "∅|v|a=1,a=2", "2.27");
    assert_eq!(headers(&[("headers.separator", "\\|")], "a:1|b:2\tv"), "∅|v|a=1,b=2", "2.31");
    assert_eq!(
        headers(&[], "a:1 v"),
        "No headers delimiter found on line number 1: 'a:1 v'",
        "2.33"
    );
    assert_eq!(
        read(&[("headers.separator", ":")], 1, b""),
        "headers.separator and headers.key.separator may not be equal",
        "2.35"
    );
    assert_eq!(read(&[("null.marker", "NULL")], 1, b"NULL"), "∅|∅|", "2.37");
    assert_eq!(
        headers(&[("headers.separator", "|")], "a:1|b:2\tv"),
        "No header key separator found in pair 'a' on line number 1",
        "2.29"
    );
    assert_eq!(headers(&[("headers.separator", ".")], "a:1,b:2\tv"), "∅|v|", "all vanish");
}
