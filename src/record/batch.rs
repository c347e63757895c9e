//! One record batch as it lies in a segment: its header, its bytes, and the way to its records.

use crate::record::crc::stored_and_computed;
use crate::record::header::HEADER_BYTES;
use crate::record::{BatchHeader, Compression, DecodeError, Records, Scratch};

/// One whole batch, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    header: BatchHeader,
    bytes: &'a [u8],
}

impl<'a> Batch<'a> {
    /// Takes the batch at the front of `bytes` and checks its CRC. More may follow it.
    ///
    /// The records are not looked at: [`Batch::records`] checks them as they are read.
    ///
    /// # Errors
    ///
    /// What [`BatchHeader::parse`] finds; `Truncated` if the batch is longer than `bytes`; `Crc`.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let batch = Self::trusted(bytes)?;
        match stored_and_computed(batch.bytes) {
            Some((stored, computed)) if stored != computed => {
                Err(DecodeError::Crc { stored, computed })
            }
            _ => Ok(batch),
        }
    }

    /// Takes the batch at the front of `bytes`, whose CRC somebody has checked already.
    ///
    /// A wrong CRC does no harm here: whatever the bytes are, reading them ends in records or in
    /// an error.
    ///
    /// # Errors
    ///
    /// As for [`Batch::parse`], without `Crc`.
    #[inline]
    pub fn trusted(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let header = BatchHeader::parse(bytes)?;
        let total_bytes = header.total_bytes();
        match bytes.get(..total_bytes) {
            Some(bytes) => Ok(Self { header, bytes }),
            None => Err(DecodeError::Truncated {
                needed_bytes: total_bytes,
                present_bytes: bytes.len(),
            }),
        }
    }

    /// Joins a header with the bytes it was read from or written to.
    pub(crate) fn from_parts(header: BatchHeader, bytes: &'a [u8]) -> Self {
        Self { header, bytes }
    }

    /// Returns the header.
    #[must_use]
    #[inline]
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// Returns the bytes of this batch and no others, header included.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns how many bytes the batch would have without compression, header included.
    ///
    /// # Errors
    ///
    /// As for [`Batch::records`].
    pub fn plain_bytes(&self, scratch: &mut Scratch) -> Result<usize, DecodeError> {
        let stored = &self.bytes[HEADER_BYTES..];
        let plain = match self.header.compression() {
            Compression::None => stored,
            _ if stored.is_empty() => stored,
            compression => scratch.decompress(compression, stored)?,
        };
        Ok(HEADER_BYTES + plain.len())
    }

    /// Returns the records in the order of their offsets; those of a control batch too.
    ///
    /// Keys and values are slices of the batch itself, or of `scratch` if they are compressed.
    ///
    /// # Errors
    ///
    /// `Compressed` or `DecompressedTooLarge`; `scratch` can be used again.
    #[inline]
    pub fn records<'s>(&self, scratch: &'s mut Scratch) -> Result<Records<'s>, DecodeError>
    where
        'a: 's,
    {
        let stored = &self.bytes[HEADER_BYTES..];
        let plain = match self.header.compression() {
            Compression::None => stored,
            // What compaction leaves of a batch is a header, whatever its codec says.
            _ if stored.is_empty() => stored,
            compression => scratch.decompress(compression, stored)?,
        };
        Ok(Records::new(&self.header, plain))
    }
}
