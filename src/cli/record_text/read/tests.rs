//! Lines that are records and lines that are none.

use crate::cli::record_text::{JsonReader, recycled};

use super::Header;

/// What a line says, or why it says nothing.
fn read(line: &str) -> String {
    let mut reader = JsonReader::default();
    match reader.read(line.as_bytes()) {
        Ok(record) => {
            let text = |bytes: Option<&[u8]>| match bytes {
                Some(bytes) => bytes.escape_ascii().to_string(),
                None => "NULL".to_owned(),
            };
            let headers: Vec<String> = record
                .headers
                .iter()
                .map(|(key, value)| format!("{}={}", text(Some(key)), text(value)))
                .collect();
            format!(
                "{:?} {:?} {:?} {} {} [{}]",
                record.topic,
                record.partition,
                record.timestamp,
                text(record.key),
                text(record.value),
                headers.join(",")
            )
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_value_is_enough_and_the_order_is_free() {
    assert_eq!(read(r#"{"value":"x"}"#), "None None None NULL x []");
    assert_eq!(read(" { \"value\" : null } \r\n"), "None None None NULL NULL []");
    assert_eq!(
        read(
            r#"{"headers":[["h",null],["h","\u0041"]],"value":{"base64":"/w"},"key":"","timestampType":"NoTimestampType","timestamp":-1,"offset":9,"partition":2147483647,"topic":"/s:t","v":1}"#
        ),
        r#"Some("/s:t") Some(2147483647) Some(-1)  \xff [h=NULL,h=A]"#
    );
    assert_eq!(read(r#"{"\u0076alue":"x","headers":[]}"#), "None None None NULL x []");
}

#[test]
fn escapes_of_every_kind() {
    let line = r#"{"value":"abcdefghij\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\uDE00 and the rest"}"#;
    let text = "abcdefghij\"\\/\u{8}\u{c}\n\r\té€😀 and the rest";
    let mut reader = JsonReader::default();
    let read = reader.read(line.as_bytes()).unwrap();
    assert_eq!(std::str::from_utf8(read.value.unwrap()).unwrap(), text);
}

#[test]
fn base64_with_and_without_padding_and_escaped() {
    for (text, bytes) in [
        ("", ""),
        ("/w==", r"\xff"),
        ("/w", r"\xff"),
        (r"\/w=\u003d", r"\xff"),
        ("AP8", r"\x00\xff"),
    ] {
        let line = format!(r#"{{"value":{{"base64":"{text}"}}}}"#);
        assert_eq!(read(&line), format!("None None None NULL {bytes} []"), "{line}");
    }
    for text in ["_w==", "/x==", "A", "AP 8", "==", "AP8=="] {
        let line = format!(r#"{{"key":{{"base64":"{text}"}},"value":null}}"#);
        assert_eq!(
            read(&line),
            "column 18: field `key` is not base64 of the standard alphabet",
            "{line}"
        );
    }
}

#[test]
fn what_is_no_record_is_refused_in_a_sentence() {
    for (line, told) in [
        ("", "column 1: expected an object {\"value\":…}, found the end of the line"),
        ("hello", "column 1: expected an object {\"value\":…}, found hello"),
        ("[]", "column 1: expected an object {\"value\":…}, found a list"),
        ("{}", "column 2: field `value` is missing; a tombstone has \"value\":null"),
        (
            r#"{"value":"x","colour":"red"}"#,
            "column 14: field `colour` is not known; the fields are v, topic, partition, offset, \
             timestamp, timestampType, key, value, headers",
        ),
        (r#"{"v":2,"value":"x"}"#, "column 6: field `v` is 2; this program reads version 1"),
        (r#"{"v":"1","value":"x"}"#, "column 6: field `v` must be the number 1, not a string"),
        (r#"{"value":"x","value":"y"}"#, "column 21: field `value` is there twice"),
        (r#"{"topic":3}"#, "column 10: field `topic` must be a string, not 3"),
        (
            r#"{"partition":-1}"#,
            "column 14: field `partition` must be a whole number from 0 to 2147483647, not -1",
        ),
        (
            r#"{"partition":2147483648}"#,
            "column 14: field `partition` must be a whole number from 0 to 2147483647, not \
             2147483648",
        ),
        (
            r#"{"timestamp":1.5}"#,
            "column 14: field `timestamp` must be a whole number of 64 bits, not 1.5",
        ),
        (
            r#"{"timestamp":9223372036854775808}"#,
            "column 14: field `timestamp` must be a whole number of 64 bits, not \
             9223372036854775808",
        ),
        (r#"{"offset":01}"#, "column 11: field `offset` must be a whole number of 64 bits, not 01"),
        (
            r#"{"timestampType":"createtime"}"#,
            "column 30: field `timestampType` must be `CreateTime`, `LogAppendTime` or \
             `NoTimestampType`, not `createtime`",
        ),
        (
            r#"{"value":{"a":1}}"#,
            "column 10: field `value` must be a string, null or {\"base64\":\"…\"}, not an object \
             with the field `a`",
        ),
        (
            r#"{"value":nul}"#,
            "column 10: field `value` must be a string, null or {\"base64\":\"…\"}, not nul",
        ),
        (
            r#"{"headers":{"a":"b"}}"#,
            "column 12: field `headers` must be a list of pairs [[\"key\",\"value\"],…], not an \
             object",
        ),
        (
            r#"{"headers":[[null,"b"]]}"#,
            "column 14: the key of a header must be a string or {\"base64\":\"…\"}, not null",
        ),
        (r#"{"headers":[["a"]]}"#, "column 17: expected `,` behind the key of a header, found `]`"),
        (
            r#"{"headers":[["a","b","c"]]}"#,
            "column 21: expected `]` behind the value of a header, found `,`",
        ),
        (r#"{"value":"x"} {"#, "column 15: expected the end of the line, found an object"),
        (r#"{"value":"x",}"#, "column 14: expected the name of a field, found `}`"),
        (r#"{"value":"x"#, "column 10: field `value` does not end"),
        (r#"{"value":"x\"#, "column 12: field `value` has an escape unknown to JSON"),
        (r#"{"value":"\x41"}"#, "column 11: field `value` has an escape unknown to JSON"),
        (r#"{"value":"\u+041"}"#, "column 11: field `value` has an escape unknown to JSON"),
        (r#"{"value":"\ud83d"}"#, "column 11: field `value` has half of a surrogate pair"),
        (r#"{"value":"\ud83d\u0041"}"#, "column 11: field `value` has half of a surrogate pair"),
        (r#"{"value":"\ude00"}"#, "column 11: field `value` has half of a surrogate pair"),
        (
            "{\"value\":\"a\u{1}\"}",
            "column 12: field `value` holds a control character, which JSON writes as \\u0001",
        ),
        (
            "{\"value\":\"\\n\u{1b}\"}",
            "column 13: field `value` holds a control character, which JSON writes as \\u001b",
        ),
        ("{\"\u{9b}\":1}", "column 2: field `\\u{9b}` is not known; the fields are v"),
    ] {
        let read = read(line);
        assert!(
            read == told || line.contains('\u{9b}') && read.starts_with(told),
            "{line}: {read}"
        );
        assert!(!read.chars().any(char::is_control), "{read}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_and_the_next_line_is_read() {
    let mut reader = JsonReader::default();
    let error = reader.read(b"{\"value\":\"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "column 11: not UTF-8; other bytes are written as base64");
    assert!(reader.read(b"{\"value\":\"x\"}").is_ok());
}

#[test]
fn an_emptied_list_of_headers_keeps_its_memory() {
    let mut headers: Vec<Header<'_>> = Vec::with_capacity(100);
    headers.push((b"k", None));
    let headers: Vec<Header<'static>> = recycled(headers);
    assert!(headers.is_empty() && headers.capacity() == 100);
}
