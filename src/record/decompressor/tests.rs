//! Each codec both ways, and what each must refuse: cuts, bombs, claims and foreign framings.

use std::io::Write;

use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};

use super::*;
use crate::record::compressor::Compressor;

const CODECS: [Compression; 4] =
    [Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd];

fn compress(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    Compressor::default().compress(compression, bytes, &mut output).unwrap();
    output
}

#[track_caller]
fn check_invalid(compression: Compression, input: &[u8]) {
    let mut scratch = Scratch::new();
    let error = scratch.decompress(compression, input).unwrap_err();
    assert!(matches!(error, DecodeError::Compressed { .. }), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
}

#[track_caller]
fn check_valid(compression: Compression, input: &[u8], expected: &[u8]) {
    assert_eq!(Scratch::new().decompress(compression, input).unwrap(), expected);
}

fn noise(length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.u8(..)).take(length).collect()
}

#[test]
fn large_records_come_back_in_every_codec() {
    let mut scratch = Scratch::new();
    let text = b"{\"user\":\"a\",\"n\":1}".repeat(40_000);
    for bytes in [noise(300_000), text, vec![0], vec![7; 65_536], vec![7; 32_768]] {
        for compression in CODECS {
            let compressed = compress(compression, &bytes);
            assert_eq!(scratch.decompress(compression, &compressed).unwrap(), bytes);
        }
    }
}

#[test]
fn every_cut_of_a_compressed_blob_is_an_error() {
    let bytes = b"0123456789".repeat(7000);
    for compression in CODECS {
        let compressed = compress(compression, &bytes);
        let step = compressed.len().div_ceil(400);
        let mut cuts: Vec<_> = (1..compressed.len()).step_by(step).collect();
        cuts.extend(compressed.len().saturating_sub(12)..compressed.len());
        for length in cuts {
            let outcome =
                Scratch::new().decompress(compression, &compressed[..length]).map(<[u8]>::len);
            // Snappy's framing has no end; a cut between two blocks leaves fewer records, which
            // the count in the batch's header brings to light.
            match outcome {
                Ok(left) => assert!(compression == Compression::Snappy && left < bytes.len()),
                Err(error) => assert!(matches!(error, DecodeError::Compressed { .. })),
            }
        }
    }
}

#[test]
fn a_bomb_stops_at_the_cap() {
    let bomb = vec![0; 10_000_000];
    for compression in CODECS {
        let compressed = compress(compression, &bomb);
        let mut scratch = Scratch::with_bytes_max(1_000_000);
        let error = scratch.decompress(compression, &compressed).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "records decompress with {compression} to more than the limit of 1000000 bytes"
            )
        );
        assert!(scratch.buffer.capacity() < 4_000_000, "{compression}");
        let small = compress(compression, b"small");
        assert_eq!(scratch.decompress(compression, &small).unwrap(), b"small");
    }
}

#[test]
fn the_cap_itself_is_allowed_and_one_byte_more_is_not() {
    let bytes = vec![b'x'; 50_000];
    for compression in CODECS {
        let compressed = compress(compression, &bytes);
        assert!(Scratch::with_bytes_max(50_000).decompress(compression, &compressed).is_ok());
        let mut scratch = Scratch::with_bytes_max(49_999);
        let outcome = scratch.decompress(compression, &compressed);
        assert!(matches!(outcome, Err(DecodeError::DecompressedTooLarge { .. })), "{compression}");
    }
}

#[test]
fn gzip_members_may_follow_each_other_but_nothing_else_may() {
    let mut two = compress(Compression::Gzip, b"one");
    two.extend(compress(Compression::Gzip, b"two"));
    check_valid(Compression::Gzip, &two, b"onetwo");
    two.extend_from_slice(b"surplus bytes");
    check_invalid(Compression::Gzip, &two);
}

#[test]
fn gzip_checks_its_crc() {
    let mut compressed = compress(Compression::Gzip, b"hello");
    let crc_at = compressed.len() - 8;
    compressed[crc_at] ^= 1;
    check_invalid(Compression::Gzip, &compressed);
}

#[test]
fn snappy_is_written_as_xerial_and_read_raw_too() {
    let xerial = compress(Compression::Snappy, b"hello");
    assert_eq!(xerial[..16], *b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01");
    let raw = snap::raw::Encoder::new().compress_vec(b"hello").unwrap();
    assert_eq!(xerial[16..20], (raw.len() as i32).to_be_bytes());
    assert_eq!(xerial[20..], raw);
    check_valid(Compression::Snappy, &raw, b"hello");
    let twice = [xerial.clone(), xerial].concat();
    check_valid(Compression::Snappy, &twice, b"hellohello");
}

#[test]
fn snappy_blocks_hold_32_kib() {
    let compressed = compress(Compression::Snappy, &noise(32 * 1024 + 1));
    let first = i32::from_be_bytes(compressed[16..20].try_into().unwrap()) as usize;
    assert_eq!(snap::raw::decompress_len(&compressed[20..]).unwrap(), 32 * 1024);
    assert_eq!(snap::raw::decompress_len(&compressed[24 + first..]).unwrap(), 1);
}

#[test]
fn snappy_claims_that_cannot_be_true_are_refused_before_any_memory_is_taken() {
    // A length of 60 MiB in front of nothing.
    let mut scratch = Scratch::new();
    let claim = [0x80, 0x80, 0x80, 0x1E, 0, 0];
    let error = scratch.decompress(Compression::Snappy, &claim).unwrap_err();
    assert!(matches!(error, DecodeError::Compressed { .. }), "{error:?}");
    assert_eq!(scratch.buffer.capacity(), 0);
    // 4 GiB: past the cap.
    let claim = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0];
    let error = scratch.decompress(Compression::Snappy, &claim).unwrap_err();
    assert!(matches!(error, DecodeError::DecompressedTooLarge { .. }), "{error:?}");
    let negative = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01\xFF\xFF\xFF\xFF";
    check_invalid(Compression::Snappy, negative);
}

#[test]
fn lz4_is_written_as_kafka_reads_it() {
    let compressed = compress(Compression::Lz4, &noise(200_000));
    // Version 1, independent blocks, no checksums, no sizes; blocks of 64 KiB; header checksum.
    assert_eq!(compressed[..7], [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82]);
    assert_eq!(compressed[compressed.len() - 4..], [0; 4]);
}

fn lz4_with(frame: FrameInfo, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = FrameEncoder::with_frame_info(frame, Vec::new());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn lz4_takes_every_frame_option_and_checks_the_checksums() {
    let bytes = b"abcdefgh".repeat(100_000);
    let frame = FrameInfo::new()
        .block_size(BlockSize::Max256KB)
        .block_checksums(true)
        .content_checksum(true)
        .content_size(Some(bytes.len() as u64));
    let compressed = lz4_with(frame, &bytes);
    check_valid(Compression::Lz4, &compressed, &bytes);
    let last = compressed.len() - 1;
    // Header checksum; inside the first block; content checksum.
    for at in [14, 30, last] {
        let mut damaged = compressed.clone();
        damaged[at] ^= 1;
        check_invalid(Compression::Lz4, &damaged);
    }
}

#[test]
fn lz4_frames_that_kafka_refuses_are_refused() {
    let frame = FrameInfo::new().block_size(BlockSize::Max64KB);
    let linked = lz4_with(frame.clone().block_mode(BlockMode::Linked), b"hello");
    check_invalid(Compression::Lz4, &linked);
    let one = lz4_with(frame, b"hello");
    check_valid(Compression::Lz4, &one, b"hello");
    check_invalid(Compression::Lz4, &[one.clone(), one].concat());
    check_invalid(Compression::Lz4, b"");
    // A skippable frame and the format from before frames.
    check_invalid(Compression::Lz4, &[0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0]);
    check_invalid(Compression::Lz4, &[0x02, 0x21, 0x4C, 0x18, 0, 0, 0, 0]);
}

#[test]
fn an_empty_lz4_block_does_not_hide_the_ones_after_it() {
    let mut frame = vec![0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82];
    frame.extend_from_slice(&[1, 0, 0, 0, 0]); // compressed, no literals, no match
    frame.extend_from_slice(&[1, 0, 0, 0x80, b'x']);
    frame.extend_from_slice(&[0; 4]);
    check_invalid(Compression::Lz4, &frame);
}

#[test]
fn zstd_frames_without_a_size_are_read_by_growing() {
    let bytes = b"growing ".repeat(1_000_000);
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    encoder.write_all(&bytes).unwrap();
    let compressed = encoder.finish().unwrap();
    assert!(matches!(zstd_safe::get_frame_content_size(&compressed), Ok(None)));
    check_valid(Compression::Zstd, &compressed, &bytes);
    let mut scratch = Scratch::with_bytes_max(bytes.len() - 1);
    let error = scratch.decompress(Compression::Zstd, &compressed).unwrap_err();
    assert!(matches!(error, DecodeError::DecompressedTooLarge { .. }));
}

#[test]
fn zstd_refuses_what_is_no_frame() {
    check_invalid(Compression::Zstd, b"");
    check_invalid(Compression::Zstd, b"plain text");
    // The format of version 0.7, from before the release.
    check_invalid(Compression::Zstd, &[0x27, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0]);
    let mut surplus = compress(Compression::Zstd, b"hello");
    surplus.extend_from_slice(b"surplus");
    check_invalid(Compression::Zstd, &surplus);
}

#[test]
fn a_zstd_frame_that_says_it_is_empty_and_is_not_ends_in_an_error() {
    // Magic, a descriptor with a size of one byte, the size 0, and a raw block of three bytes.
    let frame = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0, 0x19, 0, 0, b'a', b'b', b'c'];
    check_invalid(Compression::Zstd, &frame);
    // An empty frame, and then one that is not: the first frame's size is no bound.
    let mut two = vec![0x28, 0xB5, 0x2F, 0xFD, 0x20, 0, 0x01, 0, 0];
    check_valid(Compression::Zstd, &two, b"");
    two.extend(compress(Compression::Zstd, b"hello"));
    check_valid(Compression::Zstd, &two, b"hello");
    let mut scratch = Scratch::with_bytes_max(4);
    let error = scratch.decompress(Compression::Zstd, &two).unwrap_err();
    assert!(matches!(error, DecodeError::DecompressedTooLarge { .. }), "{error:?}");
}
