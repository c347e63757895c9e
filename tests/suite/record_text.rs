//! What stream-record(5) says, through `console-consumer --format`.

mod schema;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::pty::Terminal;
use crate::roff::unroffed;
use crate::world::{Ran, World};

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A world with the topic `/s:t` in which records never expire.
fn world() -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s", "-ttl", "0"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/s:t"], "").ok());
    world
}

/// Writes lines `headers\tkey\tvalue`, in which `NULL` is null.
fn write(world: &World, lines: &[u8]) {
    let properties = ["parse.headers=true", "parse.key=true", "null.marker=NULL"];
    let args = properties.iter().flat_map(|property| ["--reader-property", property]);
    drop(world.run("console-producer", ["/s:t"].into_iter().chain(args), lines).ok());
}

fn consumer(world: &World, args: &[&str]) -> Ran {
    let all = ["/s:t", "--from", "beginning", "--until", "end"];
    world.run("console-consumer", all.iter().chain(args), "")
}

fn printed(world: &World, args: &[&str]) -> String {
    consumer(world, args).ok().stdout()
}

const LINES: &[u8] =
    b"a:1,a:2\tk\t{\"x\":\"y\\\\z\"}\nNULL\tNULL\tNULL\nh:\xfe\t\xff\x00\t\x1b[31m\xc2\x9b\n\
      b:NULL\t\t\n";

#[test]
fn a_json_line_has_everything_and_fits_the_schema() {
    let world = world();
    write(&world, LINES);
    let told = printed(&world, &["--format", "json"]);
    let records: Vec<Value> =
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let parts: Vec<[&Value; 3]> = records
        .iter()
        .map(|record| [&record["key"], &record["value"], &record["headers"]])
        .collect();
    let bytes = |base64: &str| json!({ "base64": base64 });
    assert_eq!(
        parts,
        [
            [&json!("k"), &json!("{\"x\":\"y\\\\z\"}"), &json!([["a", "1"], ["a", "2"]])],
            [&json!(null), &json!(null), &json!([])],
            [&bytes("/wA="), &json!("\u{1b}[31m\u{9b}"), &json!([["h", bytes("/g==")]])],
            [&json!(""), &json!(""), &json!([["b", null]])],
        ]
    );
    let schema: Value = serde_json::from_str(&file("man/stream-record.schema.json")).unwrap();
    for (offset, record) in records.iter().enumerate() {
        assert_eq!(record["v"], 1);
        assert_eq!(record["topic"], "/s:t");
        assert_eq!((&record["partition"], &record["offset"]), (&json!(0), &json!(offset)));
        assert!(record["timestamp"].as_i64().unwrap() > 1_600_000_000_000);
        assert_eq!(record["timestampType"], "CreateTime");
        schema::check(&schema, &schema, record).unwrap();
        let written: Vec<&String> = record.as_object().unwrap().keys().collect();
        let described: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(written, described, "names and their order");
    }
    assert!(!told.contains(|c: char| c.is_control() && c != '\n'), "{told}");
}

#[test]
fn the_schema_tells_records_from_others() {
    let schema: Value = serde_json::from_str(&file("man/stream-record.schema.json")).unwrap();
    for (record, is_one) in [
        (json!({"value": "x"}), true),
        (json!({"value": null, "headers": [["k", null], [{"base64": "/w"}, "v"]]}), true),
        (json!({"key": "k"}), false),
        (json!({"value": {"a": 1}}), false),
        (json!({"value": {"base64": "_w"}}), false),
        (json!({"value": 3}), false),
        (json!({"value": "x", "v": 2}), false),
        (json!({"value": "x", "colour": "red"}), false),
        (json!({"value": "x", "partition": -1}), false),
        (json!({"value": "x", "timestamp": 1.5}), false),
        (json!({"value": "x", "timestampType": "createtime"}), false),
        (json!({"value": "x", "headers": {"a": "b"}}), false),
        (json!({"value": "x", "headers": [["a"]]}), false),
        (json!({"value": "x", "headers": [[null, "b"]]}), false),
        (json!({"value": "x", "headers": [["a", "b", "c"]]}), false),
    ] {
        let checked = schema::check(&schema, &schema, &record);
        assert_eq!(checked.is_ok(), is_one, "{record}: {checked:?}");
    }
}

/// Returns the first cells of the rows of the page's table that has `heading` in its head.
fn first_cells(heading: &str) -> Vec<String> {
    let page = file("man/stream-record.5");
    let (_, table) = page.split_once(&format!("\n{heading}|")).unwrap();
    let (rows, _) = table.split_once("\n.TE\n").unwrap();
    let (_, rows) = rows.split_once("\n_\n").unwrap();
    let cells = rows.lines().filter(|line| !line.starts_with("T}"));
    cells.filter_map(|line| line.split_once('|')).map(|(cell, _)| unroffed(cell)).collect()
}

#[test]
fn the_page_names_every_field_and_every_letter() {
    let schema: Value = serde_json::from_str(&file("man/stream-record.schema.json")).unwrap();
    let described: Vec<String> =
        schema["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(first_cells("field"), described);
    let letters = first_cells("letter");
    assert_eq!(letters.len(), 11);
    let world = world();
    let refused = consumer(&world, &["--format", "%q"]).fails(2).stderr();
    for letter in &letters {
        assert!(refused.contains(&format!("{letter} ")), "{letter} in {refused}");
        drop(consumer(&world, &["--format", letter]).ok());
    }
}

#[test]
fn the_clock_of_the_append_is_named() {
    let world = world();
    let line = "stream create -path /l -defaulttimestamptype logappendtime -ttl 0";
    drop(world.run("streamctl", line.split(' '), "").ok());
    drop(world.run("streamctl", ["topic", "create", "/l:t"], "").ok());
    drop(world.run("console-producer", ["/l:t"], "x\n").ok());
    for format in ["json", "csv"] {
        let line = format!("/l:t --from beginning --until end --format {format}");
        let told = world.run("console-consumer", line.split(' '), "").ok().stdout();
        assert!(told.contains("LogAppendTime"), "{told}");
    }
}

#[test]
fn csv_has_names_first_even_of_nothing() {
    let world = world();
    let names = "topic,partition,offset,timestamp,timestampType,key,value,headers\n";
    assert_eq!(printed(&world, &["--format", "csv"]), names);
    write(&world, LINES);
    let told = printed(&world, &["--format", "csv"]);
    let rows: Vec<String> = told
        .strip_prefix(names)
        .unwrap()
        .lines()
        .map(|line| line.split_once(",CreateTime,").unwrap().1.to_owned())
        .collect();
    assert_eq!(
        rows,
        [
            r#"k,"{""x"":""y\\z""}","[[""a"",""1""],[""a"",""2""]]""#,
            ",,",
            "base64:/wA=,\u{1b}[31m\u{9b},\"[[\"\"h\"\",{\"\"base64\"\":\"\"/g==\"\"}]]\"",
            r#""","","[[""b"",null]]""#,
        ]
    );
}

#[test]
fn raw_is_values_and_what_is_between_them() {
    let world = world();
    write(&world, LINES);
    let bytes = |args: &[&str]| consumer(&world, args).ok().bytes().to_vec();
    let values: [&[u8]; 4] = [b"{\"x\":\"y\\\\z\"}", b"", b"\x1b[31m\xc2\x9b", b""];
    let with = |delimiter: &[u8]| {
        values.iter().flat_map(|value| [value, delimiter].concat()).collect::<Vec<u8>>()
    };
    assert_eq!(bytes(&["--format", "raw"]), with(b"\n"));
    assert_eq!(bytes(&["--format", "raw", "-0"]), with(b"\0"));
    assert_eq!(bytes(&["--format", "raw", "--delimiter", r"\n---\x0a"]), with(b"\n---\n"));
    assert_eq!(bytes(&["--format", "raw", "--delimiter", ""]), with(b""));
    assert_eq!(bytes(&["--format", "raw", "--cut", "3"])[..4], *b"{\"x\n");
}

#[test]
fn patterns_have_kcats_letters() {
    let world = world();
    write(&world, LINES);
    let told = consumer(&world, &["--format", r"%t[%p]@%o %K=%k %S %h%%\n"]).ok();
    assert_eq!(
        told.bytes(),
        b"/s:t[0]@0 1=k 12 a=1,a=2%\n/s:t[0]@1 -1= -1 %\n/s:t[0]@2 2=\xff\0 7 h=\xfe%\n\
          /s:t[0]@3 0= 0 b=%\n"
    );
    let framed = consumer(&world, &["--format", "%R%s", "--max-messages", "2"]).ok();
    assert_eq!(framed.bytes(), b"\0\0\0\x0c{\"x\":\"y\\\\z\"}\xff\xff\xff\xff");
    let times = printed(&world, &["--format", r"%T\n"]);
    assert!(times.lines().all(|line| line.parse::<i64>().unwrap() > 1_600_000_000_000), "{times}");
}

#[test]
fn keys_headers_and_beginnings_instead_of_values() {
    let world = world();
    write(&world, "a:1\tk1\té€ and more\nNULL\tk2\tx\n".as_bytes());
    assert_eq!(printed(&world, &["--keys-only"]), "k1\nk2\n");
    assert_eq!(printed(&world, &["--headers-only"]), "a:1\nNO_HEADERS\n");
    let offsets = ["--keys-only", "--property", "print.offset=true"];
    assert_eq!(printed(&world, &offsets), "Offset:0\tk1\nOffset:1\tk2\n");
    for (bytes, first) in [("0", ""), ("1", ""), ("2", "é"), ("4", "é"), ("5", "é€"), ("7", "é€ a")]
    {
        let told = printed(&world, &["--cut", bytes]);
        assert_eq!(told.lines().next(), Some(first), "{bytes}");
        let by_pattern = printed(&world, &["--cut", bytes, "--format", r"%s\n"]);
        assert_eq!(by_pattern, told);
    }
    let length = printed(&world, &["--cut", "2", "--format", r"%S:%s\n"]);
    assert_eq!(length, "14:é\n1:x\n", "the length is that of the record");
}

#[test]
fn formats_that_make_no_sense_are_usage_errors() {
    let world = world();
    for (args, told) in [
        (&["--format", "xml"][..], "format `xml` is not json, csv, raw or a pattern"),
        (&["--format", "%s %x"], "format `%s %x`: there is no `%x`; there are %s value,"),
        (&["--format", r"%s\q"], "there is no escape `\\q`; there are \\n"),
        (
            &["--format", "json", "--property", "print.key=true"],
            "Options --format and --property cannot be specified together.",
        ),
        (
            &["--format", "%s", "--formatter-property", "print.key=true"],
            "Options --format and --formatter-property cannot be specified together.",
        ),
        (
            &["--format", "json", "--cut", "5"],
            "Options --format json and --cut cannot be specified together.",
        ),
        (&["-0"], "Option --null goes with --format raw."),
        (&["--format", "csv", "--delimiter", ";"], "Option --delimiter goes with --format raw."),
        (
            &["--keys-only", "--headers-only"],
            "Options --keys-only and --headers-only cannot be specified together.",
        ),
    ] {
        let refused = consumer(&world, args).fails(2).stderr();
        assert!(refused.contains(told), "{args:?}: {refused}");
    }
}

#[test]
fn a_terminal_is_not_steered_unless_asked() {
    let world = world();
    write(&world, b"h:\x1b[1m\tk\x07\t\x1b[31m\xff\n");
    let screen = |args: &[&str]| {
        let all = ["/s:t", "--from", "beginning", "--until", "end"];
        let command = world.command("console-consumer", all.iter().chain(args));
        Terminal::start(&command).wait_for("Processed a total of 1 messages")
    };
    for (args, told) in [
        (&[][..], "\\u{1b}[31m\\xff"),
        (&["--format", "raw"], "\\u{1b}[31m\\xff"),
        (&["--format", r"%s %k\n"], "k\\u{7}"),
        (&["--format", "csv"], "k\\u{7}"),
        (&["--format", "json"], r#""k\u0007""#),
        (&["--headers-only"], "h:\\u{1b}[1m"),
        (&["--property", "print.key=true"], "k\\u{7}\t\\u{1b}[31m\\xff"),
    ] {
        let shown = screen(args);
        assert!(shown.contains(told), "{args:?}: {shown:?}");
        assert!(!shown.contains(['\u{1b}', '\u{7}']), "{args:?}: {shown:?}");
    }
    for args in [&["--raw-terminal"][..], &["--raw-terminal", "--format", "raw"]] {
        assert!(screen(args).contains("\u{1b}[31m"), "{args:?}");
    }
    let untouched = consumer(&world, &[]).ok();
    assert_eq!(untouched.bytes(), b"\x1b[31m\xff\n");
}
