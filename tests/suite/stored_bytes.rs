//! What stream-store(5) says of the bytes is what the code writes and reads.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use streampath::catalog::{
    APPLICATION_ID, CURSORS_FORMAT, CursorRecord, MEMBER_FORMAT, META_FORMAT, MemberObject,
    MetaRecord, SCHEMA_VERSION,
};
use streampath::fs::{Disk, RealDisk};
use streampath::log::{
    AppendTime, Chore, LogOptions, PartitionLog, RECORD_FILE_BYTES, SECTOR_BYTES, SLOT_BYTES, Seal,
};
use streampath::produce::ProducerConfig;
use streampath::record::{
    BatchEncoder, BatchHeader, Compression, DECOMPRESSED_BYTES_MAX, EncodedBatch, HEADER_BYTES,
    NewRecord, PREFIX_BYTES,
};
use streampath::store::{CURSORS_SEGMENT_BYTES, META_SEGMENT_BYTES};

use crate::roff::unroffed;
use crate::world::World;

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("man/stream-store.5");
    fs::read_to_string(page).unwrap()
}

/// Returns the rows of the table whose heading has `heading` as its last column.
fn table(heading: &str) -> Vec<Vec<String>> {
    for text in page().split("\n.TS\n").skip(1) {
        let (text, _) = text.split_once("\n.TE\n").unwrap();
        // A long cell stands in lines of its own, between `T{` and `T}`.
        let mut parts = text.split("T{\n");
        let mut lines = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (cell, rest) = part.split_once("\nT}").unwrap();
            lines.push_str(&cell.replace('\n', " "));
            lines.push_str(rest);
        }
        let rows: Vec<Vec<String>> = lines
            .lines()
            .filter(|line| *line != "_")
            .map(|line| line.split('|').map(unroffed).collect())
            .collect();
        let first = rows.iter().position(|row| row[0].ends_with('.') && row.len() == 1).unwrap();
        if rows[first + 1].last().is_some_and(|last| last == heading) {
            return rows[first + 2..].to_vec();
        }
    }
    panic!("stream-store(5) has no table `{heading}`");
}

/// Returns the places of a table of bytes: what is where, and how long.
fn places(heading: &str) -> BTreeMap<String, (usize, usize)> {
    let place = |row: &Vec<String>| {
        let name = row[2].trim_end_matches(" *").to_owned();
        (name, (row[0].parse().unwrap(), row[1].parse().unwrap_or(0)))
    };
    table(heading).iter().map(place).collect()
}

fn number(bytes: &[u8], (at, size): (usize, usize)) -> i128 {
    let bytes = &bytes[at..at + size];
    let negative = bytes[0] & 0x80 != 0;
    let start = if negative { -1 } else { 0 };
    bytes.iter().fold(start, |number, byte| (number << 8) | i128::from(*byte))
}

/// Tells that places follow each other without a hole up to `end`.
fn without_a_hole(places: &BTreeMap<String, (usize, usize)>, end: usize) {
    let mut sorted: Vec<_> = places.values().collect();
    sorted.sort();
    let mut at = 0;
    for (start, size) in sorted {
        assert_eq!(*start, at);
        at += size;
    }
    assert_eq!(at, end);
}

fn batch(values: &[&str], compression: Compression) -> EncodedBatch {
    let mut encoder = BatchEncoder::new(Vec::new());
    for (index, value) in values.iter().enumerate() {
        encoder.push(&NewRecord {
            timestamp: 1000 + index as i64,
            key: None,
            value: Some(value.as_bytes()),
            headers: &[],
        });
    }
    encoder.finish(compression)
}

#[test]
fn the_batch_header_is_where_the_page_says() {
    let places = places("batch header");
    assert_eq!(places["records"].0, HEADER_BYTES);
    assert!(page().contains(&format!("begins with a header of {HEADER_BYTES} bytes")));
    assert!(page().contains(&format!("whole batch is {PREFIX_BYTES} bytes longer")));
    without_a_hole(&places, HEADER_BYTES);

    let values = [
        ("base offset", 7000),
        ("batch length", 49),
        ("leader epoch", 3),
        ("magic", 2),
        ("CRC", 0x0102_0304),
        ("attributes", 8),
        ("last offset delta", 4),
        ("base timestamp", 1111),
        ("max timestamp", 2222),
        ("producer id", 33),
        ("producer epoch", 44),
        ("base sequence", 55),
        ("records count", 5),
    ];
    let mut bytes = vec![0; HEADER_BYTES];
    for (name, value) in values {
        let (at, size) = places[name];
        bytes[at..at + size].copy_from_slice(&i64::to_be_bytes(value)[8 - size..]);
    }
    let header = BatchHeader::parse(&bytes).unwrap();
    let found = [
        header.base_offset,
        header.batch_length.into(),
        header.leader_epoch.into(),
        header.magic.into(),
        header.crc.into(),
        header.attributes.into(),
        header.last_offset_delta.into(),
        header.base_timestamp,
        header.max_timestamp,
        header.producer_id,
        header.producer_epoch.into(),
        header.base_sequence.into(),
        header.records_count.into(),
    ];
    assert_eq!(found, values.map(|(_, value)| value));
}

#[test]
fn the_recovery_record_is_where_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let dir = RealDisk.open_root(folder.path()).unwrap();
    let boot = [0x5A; 16];
    let log = PartitionLog::new(dir, Vec::new(), Some(boot), LogOptions::default());
    log.create(40).unwrap();
    let mut appender = log.appender().unwrap();
    let mut first = [batch(&["one", "two"], Compression::None)];
    appender.append(&mut first, 3, AppendTime::Create).unwrap().sync.sync().unwrap();
    let mut second = [batch(&["three"], Compression::None)];
    appender.append(&mut second, 4, AppendTime::Create).unwrap();
    log.freeze([0x77; 16]).unwrap();

    let parts = places("recovery record");
    let slot = places("slot");
    let bytes = fs::read(folder.path().join("append.lock")).unwrap();
    assert_eq!(bytes.len(), RECORD_FILE_BYTES);
    assert!(
        page().contains(&format!("\n{RECORD_FILE_BYTES} bytes hold the recovery record"))
            || page().contains(&format!("{RECORD_FILE_BYTES} bytes hold the recovery record"))
    );
    without_a_hole(&slot, SLOT_BYTES);
    assert_eq!(parts["durable slot"].0, SECTOR_BYTES);
    assert_eq!((parts["tail slot"].1, parts["durable slot"].1), (SLOT_BYTES, SLOT_BYTES));

    let segment = log.segments().unwrap()[0];
    let first_bytes = first[0].bytes().len() as i128;
    let end = segment.size_bytes as i128;
    for (part, magic, position, next, epoch) in
        [("tail slot", 0x5350_5431, end, 43, 4), ("durable slot", 0x5350_4431, first_bytes, 42, 3)]
    {
        assert!(page().contains(&format!("{magic:x}")), "{part}");
        let (at, size) = parts[part];
        let bytes = &bytes[at..at + size];
        let get = |name: &str| number(bytes, slot[name]);
        let found = [
            get("magic"),
            get("version"),
            get("flags"),
            get("device"),
            get("inode"),
            get("time of birth"),
            get("base offset"),
            get("end position"),
            get("next offset"),
            get("epoch"),
        ];
        let id = segment.id;
        let (device, inode, born) = (id.device.into(), id.inode.into(), id.born_ns.into());
        assert_eq!(found, [magic, 1, 0, device, inode, born, 40, position, next, epoch], "{part}");
        assert!(get("last time") >= 1000, "{part}");
        let (at, size) = slot["boot id"];
        assert_eq!(bytes[at..at + size], boot, "{part}");
        let (at, _) = slot["CRC"];
        assert_eq!(number(bytes, slot["CRC"]) as u32, crc32c::crc32c(&bytes[..at]), "{part}");
    }

    let mark = places("frozen mark");
    let (at, size) = parts["frozen mark"];
    without_a_hole(&mark, size);
    let bytes = &bytes[at..at + size];
    assert_eq!(number(bytes, mark["magic"]), 0x5350_4631);
    assert!(page().contains("53504631"));
    let (at, size) = mark["operation id"];
    assert_eq!(bytes[at..at + size], [0x77; 16]);
    assert_eq!(number(bytes, mark["CRC"]) as u32, crc32c::crc32c(&bytes[..mark["CRC"].0]));
}

#[test]
fn the_limits_are_those_of_the_code() {
    let limits: BTreeMap<String, u64> =
        table("bytes").into_iter().map(|row| (row[0].clone(), row[1].parse().unwrap())).collect();
    // Not to be reached from outside.
    for (file, definition) in [
        ("src/log/verdict.rs", "const BATCH_BYTES_LIMIT: u64 = 1 << 27;"),
        ("src/store/points.rs", "const POINT_BYTES: u64 = 256 << 10;"),
    ] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        assert!(fs::read_to_string(source).unwrap().contains(definition), "{definition}");
    }
    for (name, bytes) in [
        ("segment of a topic", LogOptions::SEGMENT_BYTES_DEFAULT),
        ("segment of meta", META_SEGMENT_BYTES),
        ("segment of cursors", CURSORS_SEGMENT_BYTES),
        ("batch, as producers make them", ProducerConfig::BATCH_BYTES_DEFAULT as u64),
        ("batch that is believed", 1 << 27),
        ("log between two index points", 256 << 10),
        ("records of a batch, decompressed", DECOMPRESSED_BYTES_MAX as u64),
    ] {
        assert_eq!(limits.get(name), Some(&bytes), "{name}");
    }
    assert_eq!(limits.len(), 7);
}

/// Returns the JSON values that the page shows.
fn shown_json() -> Vec<Value> {
    let mut all = Vec::new();
    for block in page().split("\n.EX\n").skip(1) {
        let (block, _) = block.split_once("\n.EE\n").unwrap();
        if block.starts_with("{\n") {
            let text: String = block.lines().map(|line| unroffed(line) + "\n").collect();
            let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
            all.extend(values.map(Result::unwrap));
        }
    }
    all
}

/// Parts what the page shows of `cursors`, keys with their values, from the records of `meta`.
fn parted(shown: &[Value]) -> (Vec<(&Value, &Value)>, Vec<&Value>) {
    let mut of_cursors = Vec::new();
    let mut of_meta = Vec::new();
    let mut values = shown.iter();
    while let Some(value) = values.next() {
        if value.get("key").is_some() {
            of_cursors.push((value, values.next().expect("a value behind its key")));
        } else if value.get("record").is_some() {
            of_meta.push(value);
        }
    }
    (of_cursors, of_meta)
}

#[test]
fn the_examples_of_cursors_and_members_are_as_they_are_written() {
    let shown = shown_json();
    let (records, _) = parted(&shown);
    assert_eq!(records.len(), 7);
    for (key, value) in records {
        let (key, value) = (key.to_string(), value.to_string());
        let record = CursorRecord::from_json(key.as_bytes(), Some(value.as_bytes()));
        let (written_key, written) = record.unwrap().to_json();
        assert_eq!(String::from_utf8(written_key).unwrap(), key);
        assert_eq!(String::from_utf8(written.unwrap()).unwrap(), value);
    }
    let member = shown.iter().find(|value| value.get("lease").is_some()).unwrap().to_string();
    let (read, lease) = MemberObject::from_json(member.as_bytes()).unwrap();
    let written = read.to_json(lease.expect("the lease is whole"));
    assert_eq!(String::from_utf8(written).unwrap(), member);
}

#[test]
fn the_examples_of_meta_are_records_of_meta() {
    let mut kinds = Vec::new();
    let shown = shown_json();
    let (_, records): (Vec<_>, Vec<_>) = parted(&shown);
    for value in records {
        let text = value.to_string();
        let record = MetaRecord::from_json(text.as_bytes()).unwrap_or_else(|error| {
            panic!("{error}: {text}");
        });
        assert_eq!(String::from_utf8(record.to_json()).unwrap(), text);
        kinds.push(value["record"].as_str().unwrap().to_owned());
    }
    kinds.sort();
    let operation = "operation";
    assert_eq!(kinds, ["identity", operation, operation, operation, "snapshot", "snapshot_end"]);
}

#[test]
fn a_seal_is_as_the_page_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = RealDisk.open_root(folder.path()).unwrap();
    let options = LogOptions { segment_bytes: 100, ..LogOptions::default() };
    let log = PartitionLog::new(dir, Vec::new(), None, options);
    log.create(0).unwrap();
    let mut appender = log.appender().unwrap();
    for value in ["a", "b"] {
        let mut batches = [batch(&[value], Compression::None)];
        appender.append(&mut batches, 1, AppendTime::Create).unwrap();
    }
    for chore in appender.take_chores() {
        assert!(!matches!(chore, Chore::Seal { base: 1.., .. }), "only the first one is closed");
        chore.run().unwrap();
    }
    let seal = log.read_seal(0).unwrap().expect("the closed segment has a seal");
    let names =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let shown = shown_json();
    let shown = shown.iter().find(|value| value.get("headers_crc").is_some()).unwrap();
    assert_eq!(names(shown), names(&serde_json::to_value(&seal).unwrap()));
    assert!(serde_json::from_value::<Seal>(shown.clone()).is_ok());
    assert!(folder.path().join(format!("{:020}.seal", 0)).is_file());

    let versions: BTreeMap<String, u32> =
        table("version").into_iter().map(|row| (row[0].clone(), row[2].parse().unwrap())).collect();
    assert_eq!(versions["seal"], seal.format);
    assert_eq!(versions["record of meta"], META_FORMAT);
    assert_eq!(versions["key and value of cursors"], CURSORS_FORMAT);
    assert_eq!(versions["file of a member"], MEMBER_FORMAT);
    assert_eq!(i64::from(versions["index"]), SCHEMA_VERSION);
    assert_eq!(versions["record batch"], 2);
}

#[test]
fn the_codecs_are_framed_as_the_page_says() {
    let body = |compression| {
        let batch = batch(&["x"; 9], compression);
        batch.bytes()[HEADER_BYTES..].to_vec()
    };
    let framed: BTreeMap<String, String> = table("what stands behind the header")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let snappy: Vec<String> =
        body(Compression::Snappy).iter().map(|b| format!("{b:02x}")).collect();
    assert!(framed["snappy"].contains(&snappy[..8].join(" ")), "{}", framed["snappy"]);
    assert_eq!(snappy[8..16].join(""), "0000000100000001");
    assert!(body(Compression::Gzip).starts_with(&[0x1f, 0x8b]));
    assert!(body(Compression::Lz4).starts_with(&[0x04, 0x22, 0x4d, 0x18]));
    assert!(body(Compression::Zstd).starts_with(&[0x28, 0xb5, 0x2f, 0xfd]));
    assert_eq!(framed.len(), 5);
}

/// The tables and columns of an index, and the files of a stream, as they are made.
#[test]
fn the_index_and_the_directories_are_as_the_page_says() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/sample-stream"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/sample-stream:fast-messages"], "").ok());
    drop(world.run("console-producer", ["/sample-stream:fast-messages"], "x\n").ok());
    let stream = world.store().join("sample-stream");

    let index = newest_index(&stream);
    let index = Connection::open_with_flags(index, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let pragma =
        |name: &str| -> i64 { index.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
    assert_eq!(
        (pragma("application_id"), pragma("user_version")),
        (APPLICATION_ID, SCHEMA_VERSION)
    );
    assert!(page().contains(&format!("is {APPLICATION_ID} (the letters")));
    assert!(page().contains(&format!("user_version\n{SCHEMA_VERSION}.")));
    let mut found = Vec::new();
    let sql = "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
               WHERE m.type = 'table' ORDER BY m.rowid, c.cid";
    let mut statement = index.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let names: (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        found.push(names);
    }
    let shown: Vec<(String, String)> =
        table("what it is").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(shown, found);

    for name in ["gate.lock", "meta/0", "cursors/0", "members", "trash", "topics"] {
        let word = name.split('/').next().unwrap();
        assert!(page().contains(&format!("    {word}")), "{name} is not in the page");
        assert!(stream.join(name).exists(), "{name}");
    }
    let topic = fs::read_dir(stream.join("topics")).unwrap().next().unwrap().unwrap();
    let name = topic.file_name().into_string().unwrap();
    let id = name.strip_prefix("fast-messages~").unwrap();
    assert!(id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    for name in ["append.lock", "00000000000000000000.log"] {
        assert!(topic.path().join("0").join(name).is_file(), "{name}");
    }
    for part in ["tmp", "trash"] {
        let is_there = world.store().join(".streampath").join(part).is_dir();
        assert!(is_there || part == "trash", "{part}");
    }
}

/// Returns the index with the highest number.
fn newest_index(stream: &Path) -> PathBuf {
    let number = |path: &PathBuf| -> Option<u64> {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("index.")?.strip_suffix(".db")?.parse().ok()
    };
    let files = fs::read_dir(stream).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| number(path).is_some()).max_by_key(number).expect("there is an index")
}
