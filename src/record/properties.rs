//! What must hold for all records and all bytes: nothing is lost, and nothing panics.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::record::crc::checksum;
use crate::record::golden;
use crate::record::header::{CRC_AT, CRC_COVERS_FROM, RECORDS_COUNT_AT, put};
use crate::record::{
    Batch, BatchEncoder, BatchHeader, Compression, DecodeError, EncodedBatch, HEADER_BYTES,
    NewRecord, RecordFault, Scratch,
};

type OwnedHeader = (Vec<u8>, Option<Vec<u8>>);

#[derive(Clone, Debug, PartialEq)]
struct Owned {
    timestamp: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<OwnedHeader>,
}

impl Owned {
    /// Calls `act` with the record borrowed as the encoder wants it.
    fn with<T>(&self, act: impl FnOnce(&NewRecord<'_>) -> T) -> T {
        let headers: Vec<_> =
            self.headers.iter().map(|(key, value)| (key.as_slice(), value.as_deref())).collect();
        act(&NewRecord {
            timestamp: self.timestamp,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            headers: &headers,
        })
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => vec(any::<u8>(), 0..40),
        2 => vec(any::<u8>(), 60..70),
        1 => (any::<u8>(), 8000usize..20_000).prop_map(|(byte, count)| vec![byte; count]),
    ]
}

fn timestamp() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 1_700_000_000_000i64..1_700_000_100_000,
        1 => Just(-1),
        1 => any::<i64>(),
    ]
}

fn owned() -> impl Strategy<Value = Owned> {
    let header = (vec(any::<u8>(), 0..4), option::of(vec(any::<u8>(), 0..10)));
    (timestamp(), option::of(bytes()), option::of(bytes()), vec(header, 0..4))
        .prop_map(|(timestamp, key, value, headers)| Owned { timestamp, key, value, headers })
}

fn compression() -> impl Strategy<Value = Compression> {
    proptest::sample::select(&Compression::ALL)
}

fn encode(records: &[Owned], compression: Compression) -> EncodedBatch {
    let mut encoder = BatchEncoder::default();
    for record in records {
        record.with(|record| encoder.push(record));
    }
    encoder.finish(compression)
}

fn decode(batch: &Batch<'_>, scratch: &mut Scratch) -> Result<Vec<Owned>, DecodeError> {
    let records = batch.records(scratch)?;
    records
        .map(|record| {
            let record = record?;
            let headers = record.headers.iter();
            Ok(Owned {
                timestamp: record.timestamp,
                key: record.key.map(<[u8]>::to_vec),
                value: record.value.map(<[u8]>::to_vec),
                headers: headers.map(|(k, v)| (k.to_vec(), v.map(<[u8]>::to_vec))).collect(),
            })
        })
        .collect()
}

/// Reads whatever there is to read; the result does not matter, only that there is one.
fn exercise(bytes: &[u8], scratch: &mut Scratch) {
    let _ = BatchHeader::parse(bytes);
    let _ = Batch::parse(bytes);
    let _ = EncodedBatch::from_bytes(bytes.to_vec());
    if let Ok(batch) = Batch::trusted(bytes) {
        let _ = batch.header().next_offset() + i64::from(batch.header().last_sequence());
        let count = batch.header().records_count as usize;
        if let Ok(records) = batch.records(scratch) {
            let mut errors = 0;
            let mut seen = 0;
            for record in records {
                match record {
                    Ok(record) => {
                        seen += 1;
                        assert_eq!(record.headers.iter().count(), record.headers.len());
                        assert!(record.offset <= batch.header().last_offset());
                    }
                    Err(error) => {
                        errors += 1;
                        assert!(!error.to_string().is_empty());
                    }
                }
            }
            assert!(seen <= count && errors <= 1);
            assert!(seen == count || errors == 1);
        }
    }
}

fn reseal(bytes: &mut [u8]) {
    let crc = checksum(&bytes[CRC_COVERS_FROM..]);
    put(bytes, CRC_AT, crc.to_be_bytes());
}

proptest! {
    #[test]
    fn records_come_back_in_every_codec(
        records in vec(owned(), 1..30),
        compression in compression(),
        base_offset in 0..i64::MAX - 30,
        append_time in option::of(timestamp()),
    ) {
        let mut batch = encode(&records, compression);
        batch.stamp(base_offset, 3);
        if let Some(append_time) = append_time {
            batch.stamp_append_time(append_time);
        }
        let mut trailed = batch.bytes().to_vec();
        trailed.extend_from_slice(b"next batch");
        let read = Batch::parse(&trailed).unwrap();
        prop_assert_eq!(read.header(), batch.header());
        prop_assert_eq!(read.bytes(), batch.bytes());
        prop_assert_eq!(read.header().compression(), compression);
        prop_assert_eq!(read.header().leader_epoch, 3);
        let mut scratch = Scratch::new();
        let offsets: Vec<_> =
            read.records(&mut scratch).unwrap().map(|record| record.unwrap().offset).collect();
        prop_assert_eq!(offsets, (base_offset..).take(records.len()).collect::<Vec<_>>());
        let mut expected = records.clone();
        if let Some(append_time) = append_time {
            expected.iter_mut().for_each(|record| record.timestamp = append_time);
        }
        prop_assert_eq!(batch.max_timestamp(), expected.iter().map(|r| r.timestamp).max().unwrap());
        prop_assert_eq!(decode(&read, &mut scratch).unwrap(), expected);
        prop_assert_eq!(EncodedBatch::from_bytes(batch.bytes().to_vec()).unwrap(), batch);
    }

    #[test]
    fn the_announced_size_is_the_real_one(records in vec(owned(), 1..200)) {
        let mut encoder = BatchEncoder::default();
        prop_assert_eq!(encoder.encoded_bytes(), HEADER_BYTES);
        for record in &records {
            let announced = record.with(|record| encoder.bytes_with(record));
            record.with(|record| encoder.push(record));
            prop_assert_eq!(encoder.encoded_bytes(), announced);
        }
        let encoded_bytes = encoder.encoded_bytes();
        prop_assert_eq!(encoder.finish(Compression::None).bytes().len(), encoded_bytes);
        prop_assert_eq!(encoder.encoded_bytes(), HEADER_BYTES);
    }

    #[test]
    fn random_bytes_never_panic(mut bytes in vec(any::<u8>(), 0..300), codec in 0u8..6) {
        let mut scratch = Scratch::with_bytes_max(1 << 16);
        exercise(&bytes, &mut scratch);
        // And again as a batch whose header is plausible.
        if bytes.len() >= HEADER_BYTES {
            let length = (bytes.len() - 12) as i32;
            bytes[..8].copy_from_slice(&[0; 8]);
            put(&mut bytes, 8, length.to_be_bytes());
            bytes[16] = 2;
            bytes[22] = bytes[22] & 0xF8 | codec;
            put(&mut bytes, 23, 50i32.to_be_bytes());
            let count = i32::from(bytes[HEADER_BYTES - 1] % 50);
            put(&mut bytes, RECORDS_COUNT_AT, count.to_be_bytes());
            reseal(&mut bytes);
            exercise(&bytes, &mut scratch);
        }
    }

    #[test]
    fn damaged_golden_batches_never_panic(
        which in 0..golden::ALL.len(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = golden::unhex(golden::ALL[which].1);
        for (index, byte) in &damage {
            let index = index.index(bytes.len());
            bytes[index] ^= byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let mut scratch = Scratch::with_bytes_max(1 << 16);
        exercise(&bytes, &mut scratch);
        if bytes.len() > HEADER_BYTES {
            let length = (bytes.len() - 12) as i32;
            put(&mut bytes, 8, length.to_be_bytes());
            reseal(&mut bytes);
            exercise(&bytes, &mut scratch);
        }
    }

    #[test]
    fn damaged_batches_never_panic(
        records in vec(owned(), 1..8),
        compression in compression(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = encode(&records, compression).into_buffer();
        for (index, byte) in &damage {
            let index = HEADER_BYTES + index.index(bytes.len() - HEADER_BYTES);
            bytes[index] ^= byte;
        }
        reseal(&mut bytes);
        exercise(&bytes, &mut Scratch::with_bytes_max(1 << 20));
    }
}

#[test]
fn every_flipped_bit_under_the_crc_is_found() {
    for (name, golden, ..) in golden::ALL {
        let bytes = golden::unhex(golden);
        for bit in CRC_AT * 8..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Batch::parse(&flipped).is_err(), "{name} bit {bit}");
        }
    }
}

#[test]
fn every_cut_is_found() {
    for (name, golden, ..) in golden::ALL {
        let bytes = golden::unhex(golden);
        for length in 0..bytes.len() {
            let error = Batch::parse(&bytes[..length]).unwrap_err();
            assert!(matches!(error, DecodeError::Truncated { .. }), "{name} cut to {length}");
        }
    }
}

#[test]
fn a_batch_with_surplus_is_not_taken_as_one() {
    let mut bytes = golden::unhex(golden::G1);
    bytes.push(0);
    let error = EncodedBatch::from_bytes(bytes).unwrap_err();
    assert_eq!(error.to_string(), "1 bytes follow the batch; none may");
}

/// Returns a batch of `count` records with the record bytes `records`, its header and CRC right.
fn build(records: &[u8], count: i32, last_offset_delta: i32) -> Vec<u8> {
    let mut bytes = golden::unhex(golden::G1);
    bytes.truncate(HEADER_BYTES);
    bytes.extend_from_slice(records);
    let length = (bytes.len() - 12) as i32;
    put(&mut bytes, 8, length.to_be_bytes());
    put(&mut bytes, 23, last_offset_delta.to_be_bytes());
    put(&mut bytes, RECORDS_COUNT_AT, count.to_be_bytes());
    reseal(&mut bytes);
    bytes
}

/// Checks that reading the records of `build(…)` fails at record `at` with `expected`.
#[track_caller]
fn check_fault(records: &[u8], count: i32, at: i32, expected: RecordFault) {
    let bytes = build(records, count, 9);
    let mut scratch = Scratch::new();
    let mut results = Batch::parse(&bytes).unwrap().records(&mut scratch).unwrap();
    let error = results.find_map(Result::err).unwrap();
    assert!(
        matches!(error, DecodeError::Record { index, fault } if index == at && fault == expected),
        "{error:?}"
    );
    assert!(results.next().is_none(), "nothing follows an error");
}

#[test]
fn a_malformed_record_is_named_by_its_fault() {
    // length, attributes, timestamp delta, offset delta, key, value, headers count
    check_fault(&[], 1, 0, RecordFault::Truncated);
    check_fault(&[0], 1, 0, RecordFault::Truncated);
    check_fault(&[14, 0, 0, 0, 1, 1, 0], 1, 0, RecordFault::Truncated);
    check_fault(&[10, 0, 0, 0, 1, 1], 1, 0, RecordFault::Truncated);
    check_fault(&[12, 0, 0, 0, 4, 1, 0], 1, 0, RecordFault::Truncated);
    check_fault(&[1], 1, 0, RecordFault::NegativeLength { length: -1 });
    check_fault(&[12, 0, 0, 0, 3, 1, 0], 1, 0, RecordFault::NegativeLength { length: -2 });
    check_fault(&[12, 0, 0, 0, 1, 3, 0], 1, 0, RecordFault::NegativeLength { length: -2 });
    check_fault(&[12, 0, 0, 0, 1, 1, 1], 1, 0, RecordFault::HeadersCount { headers_count: -1 });
    check_fault(&[14, 0, 0, 0, 1, 1, 0, 9], 1, 0, RecordFault::Surplus { surplus_bytes: 1 });
    // A null header key, a header too many, bytes after the last header.
    check_fault(&[16, 0, 0, 0, 1, 1, 2, 1, 1], 1, 0, RecordFault::NegativeLength { length: -1 });
    check_fault(&[16, 0, 0, 0, 1, 1, 4, 0, 1], 1, 0, RecordFault::Truncated);
    check_fault(&[18, 0, 0, 0, 1, 1, 2, 0, 1, 7], 1, 0, RecordFault::Surplus { surplus_bytes: 1 });
    // The greatest count of headers ends with the bytes, not with the memory.
    check_fault(&[20, 0, 0, 0, 1, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F], 1, 0, RecordFault::Truncated);
    check_fault(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], 1, 0, RecordFault::VarintTooLong);
}

#[test]
fn offsets_within_a_batch_rise_and_end_with_the_last() {
    let at = |delta: u8| [12, 0, 0, delta << 1, 1, 1, 0];
    let two = |first, second| [at(first), at(second)].concat();
    check_fault(&two(3, 3), 2, 1, RecordFault::OffsetDelta { offset_delta: 3 });
    check_fault(&two(3, 2), 2, 1, RecordFault::OffsetDelta { offset_delta: 2 });
    check_fault(&two(3, 10), 2, 1, RecordFault::OffsetDelta { offset_delta: 10 });
    let negative = [12, 0, 0, 1, 1, 1, 0];
    check_fault(&negative, 1, 0, RecordFault::OffsetDelta { offset_delta: -1 });
}

#[test]
fn bytes_after_the_last_record_are_reported_after_it() {
    let bytes = build(&[12, 0, 0, 0, 1, 1, 0, 1, 2, 3], 1, 9);
    let mut scratch = Scratch::new();
    let mut records = Batch::parse(&bytes).unwrap().records(&mut scratch).unwrap();
    assert!(records.next().unwrap().is_ok());
    let error = records.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "3 bytes follow the 1 records of the batch");
    assert!(records.next().is_none());
}

#[test]
fn a_count_from_the_bytes_reserves_nothing() {
    let bytes = build(&[], i32::MAX, i32::MAX);
    let mut scratch = Scratch::new();
    let batch = Batch::parse(&bytes).unwrap();
    let records = batch.records(&mut scratch).unwrap();
    assert_eq!(records.size_hint().0, 0);
    assert!(records.collect::<Result<Vec<_>, _>>().is_err());
}

#[test]
fn the_delete_horizon_is_the_base_of_the_timestamps() {
    // Timestamp delta -5 from a horizon in the base timestamp.
    let mut bytes = build(&[12, 0, 9, 0, 1, 1, 0], 1, 0);
    put(&mut bytes, 21, 0x40u16.to_be_bytes());
    put(&mut bytes, 27, 1000i64.to_be_bytes());
    reseal(&mut bytes);
    let batch = Batch::parse(&bytes).unwrap();
    assert_eq!(batch.header().delete_horizon(), Some(1000));
    let mut scratch = Scratch::new();
    let record = batch.records(&mut scratch).unwrap().next().unwrap().unwrap();
    assert_eq!(record.timestamp, 995);
}

#[test]
fn repeated_headers_keep_their_number_and_order() {
    let headers: &[(&[u8], Option<&[u8]>)] =
        &[(b"h", Some(b"1")), (b"", Some(b"")), (b"h", None), (b"h", Some(b"1"))];
    let mut encoder = BatchEncoder::default();
    encoder.push(&NewRecord { headers, ..NewRecord::default() });
    let batch = encoder.finish(Compression::None);
    let mut scratch = Scratch::new();
    let record = batch.as_batch().records(&mut scratch).unwrap().next().unwrap().unwrap();
    assert_eq!(record.headers.into_iter().collect::<Vec<_>>(), headers);
}

#[test]
fn an_encoder_goes_on_after_each_batch_and_its_buffers_go_round() {
    let mut encoder = BatchEncoder::new(Vec::with_capacity(4096));
    let mut scratch = Scratch::new();
    for (round, compression) in (0u8..).zip(Compression::ALL.into_iter().cycle().take(20)) {
        assert_eq!(encoder.records(), 0);
        let value = [round; 100];
        encoder.push(&NewRecord { value: Some(&value), ..NewRecord::default() });
        encoder.push(&NewRecord { timestamp: 7, ..NewRecord::default() });
        let batch = encoder.finish(compression);
        assert_eq!((batch.records(), batch.max_timestamp()), (2, 7));
        let read = Batch::parse(batch.bytes()).unwrap();
        let records: Vec<_> = read.records(&mut scratch).unwrap().map(Result::unwrap).collect();
        assert_eq!(records[0].value, Some(&value[..]));
        assert_eq!((records[1].timestamp, records[1].value), (7, None));
        encoder.reuse(batch.into_buffer());
    }
}

#[test]
fn a_batch_of_many_small_records_needs_longer_varints() {
    let mut encoder = BatchEncoder::default();
    let timestamp = |index: i64| index * 1_000_000;
    for index in 0..20_000 {
        let record = NewRecord { timestamp: timestamp(index), ..NewRecord::default() };
        let announced = encoder.bytes_with(&record);
        encoder.push(&record);
        assert_eq!(encoder.encoded_bytes(), announced);
    }
    let batch = encoder.finish(Compression::Lz4);
    let mut scratch = Scratch::new();
    let mut next = 0;
    for record in batch.as_batch().records(&mut scratch).unwrap() {
        let record = record.unwrap();
        assert_eq!((record.offset, record.timestamp), (next, timestamp(next)));
        next += 1;
    }
    assert_eq!(next, 20_000);
}

#[test]
#[should_panic(expected = "a batch has at least one record")]
fn an_empty_batch_cannot_be_finished() {
    BatchEncoder::default().finish(Compression::None);
}

#[test]
fn the_last_place_is_the_one_before_the_greatest_offset() {
    let record = Owned { timestamp: 0, key: None, value: None, headers: vec![] };
    let mut batch = encode(&[record.clone(), record], Compression::None);
    batch.stamp(i64::MAX - 2, 0);
    assert_eq!(Batch::parse(batch.bytes()).unwrap().header().next_offset(), i64::MAX);
    let past = std::panic::catch_unwind(move || batch.stamp(i64::MAX - 1, 0));
    assert!(past.is_err());
}

#[test]
fn encoders_batches_and_scratches_move_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<BatchEncoder>();
    check::<EncodedBatch>();
    check::<Scratch>();
    check::<DecodeError>();
}
