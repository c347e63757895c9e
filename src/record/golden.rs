//! Batches whose bytes are known: built independently of this code, or captured from a broker.
//!
//! The tests are named by their row in the conformance tables, sections 36 to 38.

use crate::record::{
    Batch, BatchEncoder, BatchFields, Compression, EncodedBatch, NewRecord, Scratch, TimestampType,
    verify_crc,
};

const T0: i64 = 1_700_000_000_000;

/// Row 36.1.
pub(super) const G1: &str = "\
    00000000000000000000003d0000000002e641a44b0000000000000000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff0000000116000000010a68656c6c6f00";
/// Row 36.2.
pub(super) const G2: &str = "\
    00000000000000000000003e0000000002675a95fd0000000000000000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff0000000118000000026b02760202680231";
/// Row 36.3.
pub(super) const G3: &str = "\
    0000000000000064000000490000000702aad8dda20000000000020000018bcfe568000000018b\
    cfe5680affffffffffffffffffffffffffff000000031000000002610231000e000a0202620100\
    0c001404010000";
/// Row 36.4.
pub(super) const G4: &str = "\
    000000000000002a0000004300000000026ada5be30000000000010000018bcfe568000000018b\
    cfe5680000000000000003e800030000000500000002100000000278027900100000020278027a\
    00";
/// Row 36.5.
pub(super) const G5: &str = "\
    000000000000002c00000039000000000231f95f310010000000000000018bcfe568000000018b\
    cfe5680000000000000003e8000300000007000000010e00000001027400";
/// Row 36.6.
pub(super) const G6: &str = "\
    000000000000002d00000042000000000259e99e410030000000000000018bcfe568000000018b\
    cfe5680000000000000003e80003ffffffff000000012000000008000000010c00000000000900";
/// Row 36.7.
pub(super) const G7: &str = "\
    000000000000002e000000420000000002add748090030000000000000018bcfe568000000018b\
    cfe5680000000000000003e80003ffffffff000000012000000008000000000c00000000000900";
/// Row 36.8.
pub(super) const G8: &str = "\
    000000000000000000000039000000000203d66e1b0008000000000000018bcfe568000000018b\
    cfe56be8ffffffffffffffffffffffffffff000000010e00000001027600";
/// Row 36.9.
pub(super) const G9: &str = "\
    00000000000000c80000003100000000021c107e2c000000000004ffffffffffffffffffffffff\
    ffffffff00000000000003e800030000000500000000";
/// Row 36.10.
pub(super) const G10: &str = "\
    000000000000000a000000450000000002b42897e10000000000030000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff0000000212000000046b3002760012000006046b33\
    027600";
/// Row 36.11.
pub(super) const G11: &str = "\
    00000000000000000000003c0000000002cadff4d50000000000000000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff00000001140000000104c3a9020001";
/// Row 37.1.
pub(super) const C1: &str = "\
    00000000000000000000005a000000000270842d840001000000010000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff000000021f8b08000000000000ff011200edff1000\
    00000261023100100000020262023200ed517f9a12000000";
/// Row 37.2.
pub(super) const C2: &str = "\
    0000000000000000000000590000000002c22596be0002000000010000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff0000000282534e4150505900000000010000000100\
    0000141244100000000261023100100000020262023200";
/// Row 37.3.
pub(super) const C3: &str = "\
    00000000000000000000005200000000028c3ebbc00003000000010000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff0000000204224d1860408212000080100000000261\
    02310010000002026202320000000000";
/// Row 37.4.
pub(super) const C4: &str = "\
    00000000000000000000004c0000000002e40e6a590004000000010000018bcfe568000000018b\
    cfe56800ffffffffffffffffffffffffffff0000000228b52ffd20129100001000000002610231\
    00100000020262023200";
/// Row 38.1.
pub(super) const R1: &str = "\
    00000000000000000000003b00000001020318a2700000000000000000015dff7b063c0000015d\
    ff7b063cffffffffffffffffffffffffffff0000000112000000010631323300";
/// Row 38.2.
pub(super) const R2: &str = "\
    0000000000000001000000400000000202c85cbd230000000000010000015dff7cdd6c0000015d\
    ff7cde14ffffffffffffffffffffffffffff000000020c0000000100000e00d00202010000";
/// Row 38.3.
pub(super) const R3: &str = "\
    00000000000000030000003b00000002022e0b85b70000000000000000015dff7ce79d0000015d\
    ff7ce79dffffffffffffffffffffffffffff0000000112000000010631323300";
/// Row 38.4.
pub(super) const R4: &str = "\
    00000000000000000000004500000000025cd8ef520000000000000000016585b6f3c100000165\
    85b6f3c1ffffffffffffffffffffffffffff000000012600000001066864720208686b65790868\
    76616c";

/// Every golden batch: name, hex, bytes, CRC.
pub(super) const ALL: &[(&str, &str, usize, u32)] = &[
    ("G1", G1, 73, 3863061579),
    ("G2", G2, 74, 1733989885),
    ("G3", G3, 85, 2866339234),
    ("G4", G4, 79, 1792695267),
    ("G5", G5, 69, 838426417),
    ("G6", G6, 78, 1508482625),
    ("G7", G7, 78, 2916567049),
    ("G8", G8, 69, 64384539),
    ("G9", G9, 61, 470842924),
    ("G10", G10, 81, 3022559201),
    ("G11", G11, 72, 3403674837),
    ("C1", C1, 102, 1887710596),
    ("C2", C2, 101, 3257243326),
    ("C3", C3, 94, 2352921536),
    ("C4", C4, 88, 3826149977),
    ("R1", R1, 71, 51946096),
    ("R2", R2, 76, 3361520931),
    ("R3", R3, 71, 772507063),
    ("R4", R4, 81, 1557720914),
];

/// A record as the tables write it.
type Row = (i64, i64, Option<&'static [u8]>, Option<&'static [u8]>);

pub(super) fn unhex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks_exact(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks that `golden` holds exactly `rows`, without headers.
#[track_caller]
fn check_rows(golden: &str, rows: &[Row]) {
    let bytes = unhex(golden);
    let batch = Batch::parse(&bytes).unwrap();
    let mut scratch = Scratch::new();
    let records: Vec<_> = batch.records(&mut scratch).unwrap().map(Result::unwrap).collect();
    let found: Vec<_> = records.iter().map(|r| (r.offset, r.timestamp, r.key, r.value)).collect();
    assert_eq!(found, rows);
    assert!(records.iter().all(|record| record.headers.is_empty()));
}

#[track_caller]
fn check_headers(golden: &str, headers: &[(&[u8], Option<&[u8]>)]) {
    let bytes = unhex(golden);
    let mut scratch = Scratch::new();
    let batch = Batch::parse(&bytes).unwrap();
    let record = batch.records(&mut scratch).unwrap().next().unwrap().unwrap();
    assert_eq!(record.headers.len(), headers.len());
    assert_eq!(record.headers.iter().collect::<Vec<_>>(), headers);
}

fn encode(fields: BatchFields, records: &[NewRecord<'_>]) -> EncodedBatch {
    let mut encoder = BatchEncoder::new(Vec::new());
    encoder.set_fields(fields);
    for record in records {
        encoder.push(record);
    }
    encoder.finish(Compression::None)
}

#[track_caller]
fn check_encoded(mut batch: EncodedBatch, base_offset: i64, epoch: i32, golden: &str) {
    batch.stamp(base_offset, epoch);
    assert_eq!(hex(batch.bytes()), golden);
    assert_eq!(EncodedBatch::from_bytes(unhex(golden)).unwrap(), batch);
}

fn record<'a>(timestamp: i64, key: Option<&'a [u8]>, value: Option<&'a [u8]>) -> NewRecord<'a> {
    NewRecord { timestamp, key, value, headers: &[] }
}

fn producer(base_sequence: i32) -> BatchFields {
    BatchFields { producer_id: 1000, producer_epoch: 3, base_sequence, ..BatchFields::default() }
}

#[test]
fn sections_36_to_38_length_crc_and_count() {
    assert_eq!(ALL.len(), 19);
    for (name, golden, total_bytes, crc) in ALL {
        let bytes = unhex(golden);
        assert_eq!(bytes.len(), *total_bytes, "{name}");
        let batch = Batch::parse(&bytes).unwrap();
        assert_eq!(batch.header().crc, *crc, "{name}");
        assert_eq!(batch.header().total_bytes(), *total_bytes, "{name}");
        assert!(verify_crc(&bytes), "{name}");
        let mut scratch = Scratch::new();
        let records = batch.records(&mut scratch).unwrap().map(Result::unwrap).count();
        assert_eq!(records, batch.header().records_count as usize, "{name}");
    }
}

#[test]
fn row_36_1_g1_one_record_with_a_null_key() {
    check_rows(G1, &[(0, T0, None, Some(b"hello"))]);
    let batch = encode(BatchFields::default(), &[record(T0, None, Some(b"hello"))]);
    check_encoded(batch, 0, 0, G1);
}

#[test]
fn row_36_2_g2_key_value_and_header() {
    check_headers(G2, &[(b"h", Some(b"1"))]);
    let headers: &[(&[u8], Option<&[u8]>)] = &[(b"h", Some(b"1"))];
    let record = NewRecord { headers, ..record(T0, Some(b"k"), Some(b"v")) };
    check_encoded(encode(BatchFields::default(), &[record]), 0, 0, G2);
}

#[test]
fn row_36_3_g3_tombstone_and_empty_value() {
    check_rows(
        G3,
        &[
            (100, T0, Some(b"a"), Some(b"1")),
            (101, T0 + 5, Some(b"b"), None),
            (102, T0 + 10, None, Some(b"")),
        ],
    );
    let records = [
        record(T0, Some(b"a"), Some(b"1")),
        record(T0 + 5, Some(b"b"), None),
        record(T0 + 10, None, Some(b"")),
    ];
    check_encoded(encode(BatchFields::default(), &records), 100, 7, G3);
}

#[test]
fn row_36_4_g4_idempotent_producer() {
    check_rows(G4, &[(42, T0, Some(b"x"), Some(b"y")), (43, T0, Some(b"x"), Some(b"z"))]);
    let bytes = unhex(G4);
    let header = *Batch::parse(&bytes).unwrap().header();
    assert_eq!((header.producer_id, header.producer_epoch), (1000, 3));
    assert_eq!((header.base_sequence, header.last_sequence()), (5, 6));
    let records = [record(T0, Some(b"x"), Some(b"y")), record(T0, Some(b"x"), Some(b"z"))];
    check_encoded(encode(producer(5), &records), 42, 0, G4);
}

#[test]
fn row_36_5_g5_transactional_data() {
    check_rows(G5, &[(44, T0, None, Some(b"t"))]);
    let bytes = unhex(G5);
    let header = *Batch::parse(&bytes).unwrap().header();
    assert!(header.is_transactional() && !header.is_control());
    let fields = BatchFields { is_transactional: true, ..producer(7) };
    check_encoded(encode(fields, &[record(T0, None, Some(b"t"))]), 44, 0, G5);
}

#[test]
fn rows_36_6_and_36_7_g6_g7_transaction_markers() {
    let value = b"\0\0\0\0\0\x09";
    for (golden, offset, key) in [(G6, 45, b"\0\0\0\x01"), (G7, 46, b"\0\0\0\0")] {
        check_rows(golden, &[(offset, T0, Some(key), Some(value))]);
        let bytes = unhex(golden);
        let header = *Batch::parse(&bytes).unwrap().header();
        assert!(header.is_transactional() && header.is_control());
        assert_eq!(header.last_sequence(), -1);
        let fields = BatchFields { is_transactional: true, is_control: true, ..producer(-1) };
        let marker = record(T0, Some(key), Some(value));
        check_encoded(encode(fields, &[marker]), offset, 0, golden);
    }
}

#[test]
fn row_36_8_g8_log_append_time() {
    // The record's own delta is 0; what counts is the batch's max timestamp.
    check_rows(G8, &[(0, T0 + 1000, None, Some(b"v"))]);
    let bytes = unhex(G8);
    let header = *Batch::parse(&bytes).unwrap().header();
    assert_eq!(header.timestamp_type(), TimestampType::LogAppendTime);
    let mut batch = encode(BatchFields::default(), &[record(T0, None, Some(b"v"))]);
    batch.stamp_append_time(T0 + 1000);
    assert_eq!(batch.max_timestamp(), T0 + 1000);
    check_encoded(batch, 0, 0, G8);
}

#[test]
fn row_36_9_g9_emptied_batch_keeps_its_offsets() {
    check_rows(G9, &[]);
    let bytes = unhex(G9);
    let header = *Batch::parse(&bytes).unwrap().header();
    assert_eq!((header.base_offset, header.last_offset(), header.next_offset()), (200, 204, 205));
    assert_eq!((header.base_timestamp, header.max_timestamp), (-1, -1));
    assert_eq!((header.base_sequence, header.last_sequence()), (5, 9));
    assert_eq!(EncodedBatch::from_bytes(bytes).unwrap().records(), 0);
}

#[test]
fn row_36_10_g10_compaction_hole() {
    check_rows(G10, &[(10, T0, Some(b"k0"), Some(b"v")), (13, T0, Some(b"k3"), Some(b"v"))]);
}

#[test]
fn row_36_11_g11_null_header_value_and_empty_header_key() {
    check_headers(G11, &[(b"", None)]);
    let headers: &[(&[u8], Option<&[u8]>)] = &[(b"", None)];
    let record = NewRecord { headers, ..record(T0, None, Some("é".as_bytes())) };
    check_encoded(encode(BatchFields::default(), &[record]), 0, 0, G11);
}

#[test]
fn rows_37_1_to_37_4_each_codec() {
    let codecs = [
        (C1, Compression::Gzip),
        (C2, Compression::Snappy),
        (C3, Compression::Lz4),
        (C4, Compression::Zstd),
    ];
    for (golden, compression) in codecs {
        let bytes = unhex(golden);
        assert_eq!(Batch::parse(&bytes).unwrap().header().compression(), compression);
        check_rows(golden, &[(0, T0, Some(b"a"), Some(b"1")), (1, T0, Some(b"b"), Some(b"2"))]);
    }
}

#[test]
fn rows_38_1_to_38_4_captured_from_a_broker() {
    check_rows(R1, &[(0, 1_503_229_838_908, None, Some(b"123"))]);
    check_rows(
        R2,
        &[(1, 1_503_229_959_532, None, Some(b"")), (2, 1_503_229_959_700, None, Some(b""))],
    );
    check_rows(R3, &[(3, 1_503_229_962_141, None, Some(b"123"))]);
    check_headers(R4, &[(b"hkey", Some(b"hval"))]);
    let bytes = unhex(R1);
    assert_eq!(Batch::parse(&bytes).unwrap().header().leader_epoch, 1);
    let batch = encode(BatchFields::default(), &[record(1_503_229_838_908, None, Some(b"123"))]);
    check_encoded(batch, 0, 1, R1);
}
