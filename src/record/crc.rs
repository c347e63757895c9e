//! The checksum of a batch: CRC-32C (Castagnoli) over everything from the attributes on.

use crate::record::header::{CRC_AT, CRC_COVERS_FROM, HEADER_BYTES};

/// Returns the CRC-32C of `covered`, the bytes of a batch from its attributes to its end.
#[inline]
pub(crate) fn checksum(covered: &[u8]) -> u32 {
    crc32c::crc32c(covered)
}

/// Returns the checksum stored in `batch` and the one its bytes have, or `None` if `batch` is
/// too short to hold a header.
pub(crate) fn stored_and_computed(batch: &[u8]) -> Option<(u32, u32)> {
    let header = batch.first_chunk::<HEADER_BYTES>()?;
    let stored = header[CRC_AT..].first_chunk::<4>()?;
    Some((u32::from_be_bytes(*stored), checksum(&batch[CRC_COVERS_FROM..])))
}

/// Says whether `batch`, exactly one whole batch, has the checksum that it claims.
///
/// The checksum does not cover base offset, batch length, leader epoch and magic.
#[must_use]
pub fn verify_crc(batch: &[u8]) -> bool {
    stored_and_computed(batch).is_some_and(|(stored, computed)| stored == computed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_28_1_crc_32c_of_some_string() {
        assert_eq!(checksum(b"Some String"), 608_512_271);
    }

    #[test]
    fn bytes_shorter_than_a_header_have_no_valid_checksum() {
        assert!(!verify_crc(b""));
        assert!(!verify_crc(&[0; HEADER_BYTES - 1]));
    }
}
