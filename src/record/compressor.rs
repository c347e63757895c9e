//! Compresses the records of a batch the way Kafka's readers expect each codec.

use std::fmt;
use std::io::{self, Write};

use flate2::write::GzEncoder;
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};

use crate::record::Compression;

/// Start of xerial's framing, followed by version and compatible version, both 1.
pub(crate) const XERIAL_MAGIC: &[u8; 8] = b"\x82SNAPPY\0";
/// The two version numbers after the magic. Bytes.
pub(crate) const XERIAL_VERSIONS_BYTES: usize = 8;
/// Records in one xerial block, before compression. Bytes.
const XERIAL_BLOCK_BYTES: usize = 32 * 1024;
/// Kafka's default.
const ZSTD_LEVEL: i32 = 3;

/// The compressors, each made when first needed and kept for the next batch.
#[derive(Default)]
pub(crate) struct Compressor {
    snappy: Option<Box<snap::raw::Encoder>>,
    zstd: Option<zstd::bulk::Compressor<'static>>,
}

impl Compressor {
    /// Appends the compressed form of `records` to `output`.
    ///
    /// # Errors
    ///
    /// Where a compressor could not be made or refused; `output` may then hold part of its work.
    pub(crate) fn compress(
        &mut self,
        compression: Compression,
        records: &[u8],
        output: &mut Vec<u8>,
    ) -> io::Result<()> {
        match compression {
            Compression::None => output.extend_from_slice(records),
            Compression::Gzip => {
                let mut encoder = GzEncoder::new(output, flate2::Compression::default());
                encoder.write_all(records)?;
                encoder.finish()?;
            }
            Compression::Snappy => self.snappy(records, output)?,
            Compression::Lz4 => {
                // Kafka's reader takes independent blocks only.
                let frame = FrameInfo::new()
                    .block_mode(BlockMode::Independent)
                    .block_size(BlockSize::Max64KB);
                let mut encoder = FrameEncoder::with_frame_info(frame, output);
                encoder.write_all(records)?;
                encoder.finish()?;
            }
            Compression::Zstd => self.zstd(records, output)?,
        }
        Ok(())
    }

    fn snappy(&mut self, records: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        let encoder = self.snappy.get_or_insert_with(|| Box::new(snap::raw::Encoder::new()));
        output.extend_from_slice(XERIAL_MAGIC);
        output.extend_from_slice(&1i32.to_be_bytes());
        output.extend_from_slice(&1i32.to_be_bytes());
        for block in records.chunks(XERIAL_BLOCK_BYTES) {
            let length_at = output.len();
            let block_at = length_at + size_of::<i32>();
            output.resize(block_at + snap::raw::max_compress_len(block.len()), 0);
            let written = encoder.compress(block, &mut output[block_at..])?;
            output.truncate(block_at + written);
            // A block of 32 KiB cannot grow past an i32.
            output[length_at..block_at].copy_from_slice(&(written as i32).to_be_bytes());
        }
        Ok(())
    }

    fn zstd(&mut self, records: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        let encoder = match &mut self.zstd {
            Some(encoder) => encoder,
            none => none.insert(zstd::bulk::Compressor::new(ZSTD_LEVEL)?),
        };
        output.reserve(zstd::compress_bound(records.len()));
        let position = output.len() as u64;
        let mut cursor = io::Cursor::new(output);
        cursor.set_position(position);
        encoder.compress_to_buffer(records, &mut cursor)?;
        Ok(())
    }
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compressor").finish_non_exhaustive()
    }
}
