//! Decompresses the records of a batch into a reusable buffer that cannot grow past a cap.
//!
//! A few bytes can claim, or truly be, gigabytes of records. Every codec therefore stops at the
//! cap, and no buffer is sized by a claim that the cap does not bound.

use std::fmt;
use std::io::{self, Read};

use lz4_flex::frame::FrameDecoder;
use zstd::zstd_safe;

use crate::record::compressor::{XERIAL_MAGIC, XERIAL_VERSIONS_BYTES};
use crate::record::{Compression, DecodeError};

/// How large the records of one batch may decompress to by default. Bytes.
pub const DECOMPRESSED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Snappy's longest copy makes 64 bytes of 3, so a block that claims more than this many times its
/// length lies.
const SNAPPY_RATIO_MAX: usize = 22;
/// Start of a Zstandard frame. The library would also read formats from before its release.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// First guess of what an unlabelled Zstandard frame expands to, as a multiple of its length.
const ZSTD_GUESS_RATIO: usize = 8;
/// The least room a Zstandard frame is given, whatever it says. Bytes.
const ZSTD_ROOM_BYTES_MIN: usize = 64 * 1024;

/// Room for the decompressed records of one batch after another.
///
/// Holds on to its memory, at most about twice its cap, and is as good as new after an error.
pub struct Scratch {
    buffer: Vec<u8>,
    bytes_max: usize,
    zstd: Option<zstd_safe::DCtx<'static>>,
}

impl Scratch {
    /// Makes a scratch with a cap of [`DECOMPRESSED_BYTES_MAX`]. Allocates nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_bytes_max(DECOMPRESSED_BYTES_MAX)
    }

    /// Makes a scratch that refuses batches whose records decompress to more than `bytes_max`.
    #[must_use]
    pub fn with_bytes_max(bytes_max: usize) -> Self {
        Self { buffer: Vec::new(), bytes_max, zstd: None }
    }

    /// Replaces what the scratch held by the decompressed form of `input`.
    pub(crate) fn decompress(
        &mut self,
        compression: Compression,
        input: &[u8],
    ) -> Result<&[u8], DecodeError> {
        self.buffer.clear();
        let outcome = match compression {
            Compression::None => {
                self.buffer.extend_from_slice(input);
                Ok(())
            }
            Compression::Gzip => self.read_all(flate2::bufread::MultiGzDecoder::new(input)),
            Compression::Snappy => self.snappy(input),
            Compression::Lz4 => self.lz4(input),
            Compression::Zstd => self.zstd(input),
        };
        match outcome {
            Ok(()) => Ok(&self.buffer),
            Err(Failure::TooLarge) => {
                Err(DecodeError::DecompressedTooLarge { compression, bytes_max: self.bytes_max })
            }
            Err(Failure::Invalid(source)) => Err(DecodeError::Compressed { compression, source }),
        }
    }

    fn read_all(&mut self, decoder: impl Read) -> Result<(), Failure> {
        let limit = self.bytes_max as u64;
        decoder.take(limit.saturating_add(1)).read_to_end(&mut self.buffer)?;
        if self.buffer.len() > self.bytes_max { Err(Failure::TooLarge) } else { Ok(()) }
    }

    fn snappy(&mut self, input: &[u8]) -> Result<(), Failure> {
        let Some(mut rest) = input.strip_prefix(XERIAL_MAGIC) else {
            // Without xerial's framing it is one raw block; Java's reader takes both.
            return self.snappy_block(input);
        };
        rest = rest.get(XERIAL_VERSIONS_BYTES..).ok_or_else(truncated)?;
        while !rest.is_empty() {
            if let Some(next) = rest.strip_prefix(XERIAL_MAGIC) {
                // Concatenated streams; as a block length the magic would be negative.
                rest = next.get(XERIAL_VERSIONS_BYTES..).ok_or_else(truncated)?;
                continue;
            }
            let (length, tail) = rest.split_first_chunk::<4>().ok_or_else(truncated)?;
            let length = usize::try_from(i32::from_be_bytes(*length))
                .map_err(|_| invalid("a snappy block has a negative length"))?;
            let (block, tail) = tail.split_at_checked(length).ok_or_else(truncated)?;
            self.snappy_block(block)?;
            rest = tail;
        }
        Ok(())
    }

    fn snappy_block(&mut self, block: &[u8]) -> Result<(), Failure> {
        let claimed = snap::raw::decompress_len(block).map_err(io::Error::from)?;
        if claimed > self.bytes_max - self.buffer.len() {
            return Err(Failure::TooLarge);
        }
        if claimed > block.len().saturating_mul(SNAPPY_RATIO_MAX) {
            return Err(invalid("a snappy block claims more than its bytes can hold"));
        }
        let start = self.buffer.len();
        self.buffer.resize(start + claimed, 0);
        let output = &mut self.buffer[start..];
        snap::raw::Decoder::new().decompress(block, output).map_err(io::Error::from)?;
        Ok(())
    }

    fn lz4(&mut self, input: &[u8]) -> Result<(), Failure> {
        check_lz4_frame(input)?;
        let mut decoder = FrameDecoder::new(input);
        self.read_all(&mut decoder)?;
        // The decoder takes a block of no bytes for the end.
        if decoder.get_ref().is_empty() {
            Ok(())
        } else {
            Err(invalid("the lz4 frame has an empty block"))
        }
    }

    fn zstd(&mut self, input: &[u8]) -> Result<(), Failure> {
        if !input.starts_with(&ZSTD_MAGIC) {
            return Err(invalid("no zstd frame"));
        }
        let context = match &mut self.zstd {
            Some(context) => context,
            none => none
                .insert(zstd_safe::DCtx::try_create().ok_or_else(|| {
                    Failure::Invalid(io::Error::from(io::ErrorKind::OutOfMemory))
                })?),
        };
        // Decompressed in one go: a stream would need a window as large as the frame says, up to
        // 128 MiB. Kafka's writers do not record the size, so a buffer too small is tried again
        // larger; once it is as large as the stream's batches, the first try fits.
        let recorded = match zstd_safe::get_frame_content_size(input) {
            Ok(Some(bytes)) if bytes > self.bytes_max as u64 => return Err(Failure::TooLarge),
            Ok(Some(bytes)) => bytes as usize,
            Ok(None) => input.len().saturating_mul(ZSTD_GUESS_RATIO),
            Err(_) => return Err(invalid("the zstd frame has no valid header")),
        };
        // A frame may say 0 and hold more, and nothing times four would never grow.
        let mut capacity = recorded.max(ZSTD_ROOM_BYTES_MIN).min(self.bytes_max);
        loop {
            self.buffer.clear();
            self.buffer.reserve(capacity);
            match context.decompress(&mut self.buffer, input) {
                Ok(bytes) if bytes > self.bytes_max => return Err(Failure::TooLarge),
                Ok(_) => return Ok(()),
                Err(code) if code != zstd_output_too_small() => {
                    self.buffer.clear();
                    return Err(invalid(zstd_safe::get_error_name(code)));
                }
                Err(_) if self.buffer.capacity() >= self.bytes_max => {
                    return Err(Failure::TooLarge);
                }
                Err(_) => {
                    capacity = self.buffer.capacity().saturating_mul(4).min(self.bytes_max);
                }
            }
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch")
            .field("buffer_bytes", &self.buffer.len())
            .field("bytes_max", &self.bytes_max)
            .finish_non_exhaustive()
    }
}

enum Failure {
    TooLarge,
    Invalid(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Invalid(error)
    }
}

fn invalid(what: &str) -> Failure {
    Failure::Invalid(io::Error::new(io::ErrorKind::InvalidData, what))
}

fn truncated() -> Failure {
    invalid("the compressed bytes end too early")
}

/// Returns how zstd says that the output does not fit: the code's negative as a `size_t`.
fn zstd_output_too_small() -> usize {
    (zstd_safe::zstd_sys::ZSTD_ErrorCode::ZSTD_error_dstSize_tooSmall as usize).wrapping_neg()
}

/// Checks that `input` is one LZ4 frame with independent blocks, whole, and nothing after it.
///
/// The library checks the checksums, but takes a frame that is cut between two blocks for a whole
/// one, and would read another frame after the first; Kafka's reader does neither.
fn check_lz4_frame(input: &[u8]) -> Result<(), Failure> {
    const MAGIC: [u8; 4] = [0x04, 0x22, 0x4D, 0x18];
    const INDEPENDENT_BLOCKS: u8 = 1 << 5;
    const BLOCK_CHECKSUMS: u8 = 1 << 4;
    const CONTENT_SIZE: u8 = 1 << 3;
    const CONTENT_CHECKSUM: u8 = 1 << 2;
    const DICTIONARY: u8 = 1;
    const BLOCK_IS_PLAIN: u32 = 1 << 31;
    let bytes_if = |bit: u8, flags: u8, bytes: usize| if flags & bit == 0 { 0 } else { bytes };

    let rest = input.strip_prefix(&MAGIC).ok_or_else(|| invalid("no lz4 frame"))?;
    let flags = *rest.first().ok_or_else(truncated)?;
    if flags & INDEPENDENT_BLOCKS == 0 {
        return Err(invalid("the blocks of the lz4 frame depend on each other"));
    }
    // Flags, block size, header checksum.
    let descriptor_bytes = 3 + bytes_if(CONTENT_SIZE, flags, 8) + bytes_if(DICTIONARY, flags, 4);
    let mut rest = rest.get(descriptor_bytes..).ok_or_else(truncated)?;
    loop {
        let (size, tail) = rest.split_first_chunk::<4>().ok_or_else(truncated)?;
        let size = u32::from_le_bytes(*size);
        if size == 0 {
            let end = tail.get(bytes_if(CONTENT_CHECKSUM, flags, 4)..).ok_or_else(truncated)?;
            return if end.is_empty() {
                Ok(())
            } else {
                Err(invalid("bytes follow the lz4 frame"))
            };
        }
        let block_bytes = (size & !BLOCK_IS_PLAIN) as usize + bytes_if(BLOCK_CHECKSUMS, flags, 4);
        rest = tail.get(block_bytes..).ok_or_else(truncated)?;
    }
}

#[cfg(test)]
mod tests;
