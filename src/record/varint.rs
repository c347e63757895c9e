//! Zigzag varints (32 bits, at most 5 bytes) and varlongs (64 bits, at most 10), as in Kafka.
//!
//! Reading accepts encodings longer than needed, as Kafka does, but no bit beyond the width.

use crate::record::RecordFault;

/// The most bytes a varint takes.
pub(crate) const VARINT_BYTES_MAX: usize = 5;
/// The most bytes a varlong takes.
pub(crate) const VARLONG_BYTES_MAX: usize = 10;

#[inline]
pub(crate) const fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

#[inline]
pub(crate) const fn zigzag_long(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[inline]
const fn unzigzag(raw: u32) -> i32 {
    (raw >> 1) as i32 ^ -((raw & 1) as i32)
}

#[inline]
const fn unzigzag_long(raw: u64) -> i64 {
    (raw >> 1) as i64 ^ -((raw & 1) as i64)
}

/// Returns how many bytes the varint or varlong with the zigzag form `raw` takes.
///
/// Seven bits a byte: with the highest set bit at `b` that is `b / 7 + 1`, here without a division.
#[inline]
pub(crate) const fn encoded_bytes(raw: u64) -> usize {
    let highest_bit = 63 - (raw | 1).leading_zeros();
    ((highest_bit * 9 + 73) / 64) as usize
}

/// Reads a varint off the front of `bytes`.
#[inline(always)]
pub(crate) fn read_varint(bytes: &mut &[u8]) -> Result<i32, RecordFault> {
    match **bytes {
        [a, ref rest @ ..] if a < 0x80 => {
            *bytes = rest;
            Ok(unzigzag(u32::from(a)))
        }
        [a, b, ref rest @ ..] if b < 0x80 => {
            *bytes = rest;
            Ok(unzigzag(u32::from(a & 0x7f) | u32::from(b) << 7))
        }
        _ => read_varint_slowly(bytes),
    }
}

#[cold]
#[inline(never)]
fn read_varint_slowly(bytes: &mut &[u8]) -> Result<i32, RecordFault> {
    let raw = read_raw(bytes, VARINT_BYTES_MAX)?;
    u32::try_from(raw).map(unzigzag).map_err(|_| RecordFault::VarintTooLong)
}

/// Reads a varlong off the front of `bytes`.
#[inline(always)]
pub(crate) fn read_varlong(bytes: &mut &[u8]) -> Result<i64, RecordFault> {
    match **bytes {
        [a, ref rest @ ..] if a < 0x80 => {
            *bytes = rest;
            Ok(unzigzag_long(u64::from(a)))
        }
        [a, b, ref rest @ ..] if b < 0x80 => {
            *bytes = rest;
            Ok(unzigzag_long(u64::from(a & 0x7f) | u64::from(b) << 7))
        }
        _ => read_varlong_slowly(bytes),
    }
}

#[cold]
#[inline(never)]
fn read_varlong_slowly(bytes: &mut &[u8]) -> Result<i64, RecordFault> {
    read_raw(bytes, VARLONG_BYTES_MAX).map(unzigzag_long)
}

fn read_raw(bytes: &mut &[u8], bytes_max: usize) -> Result<u64, RecordFault> {
    let input = *bytes;
    let mut raw = 0u64;
    for (index, byte) in input.iter().take(bytes_max).enumerate() {
        let bits = u64::from(byte & 0x7f);
        let shift = 7 * index;
        // The tenth byte has room for one bit only.
        if bits << shift >> shift != bits {
            return Err(RecordFault::VarintTooLong);
        }
        raw |= bits << shift;
        if *byte < 0x80 {
            *bytes = &input[index + 1..];
            return Ok(raw);
        }
    }
    Err(if input.len() < bytes_max { RecordFault::Truncated } else { RecordFault::VarintTooLong })
}

/// Room that [`append_varints`] needs behind the end of its buffer not to reallocate. Bytes.
pub(crate) const APPEND_BYTES_MAX: usize = 32;
/// Varints up to this fit two bytes.
const TWO_BYTES_END: u64 = 1 << 14;

/// Appends the varints with the zigzag forms `raws`, of which there may be up to eight.
///
/// Varints of one and two bytes, which is nearly all of them, are gathered in a register and
/// stored at once: a store for each would cost more than the rest of a short record.
#[inline(always)]
pub(crate) fn append_varints<const N: usize>(buffer: &mut Vec<u8>, raws: [u64; N]) {
    const { assert!(N * 2 <= size_of::<u128>()) };
    if raws.iter().fold(0, |all, raw| all | raw) >= TWO_BYTES_END {
        return append_long_varints(buffer, &raws);
    }
    let mut word = 0u128;
    let mut bits = 0u32;
    for raw in raws {
        let continued = u64::from(raw >= 0x80);
        let varint = raw & 0x7f | continued << 7 | raw >> 7 << 8;
        word |= u128::from(varint) << bits;
        bits += 8 + 8 * continued as u32;
    }
    // A copy of constant size is one move; one of variable size would be a call.
    let end = buffer.len() + (bits / 8) as usize;
    buffer.extend_from_slice(&word.to_le_bytes());
    buffer.truncate(end);
}

#[inline(never)]
fn append_long_varints(buffer: &mut Vec<u8>, raws: &[u64]) {
    for raw in raws {
        let mut left = *raw;
        while left >= 0x80 {
            buffer.push(left as u8 | 0x80);
            left >>= 7;
        }
        buffer.push(left as u8);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(raw: u64) -> Vec<u8> {
        let mut buffer = Vec::new();
        append_varints(&mut buffer, [raw]);
        buffer
    }

    fn varint(value: i32) -> Vec<u8> {
        encoded(u64::from(zigzag(value)))
    }

    fn varlong(value: i64) -> Vec<u8> {
        encoded(zigzag_long(value))
    }

    #[track_caller]
    fn check(value: i32, bytes: &[u8]) {
        assert_eq!(varint(value), bytes);
        assert_eq!(encoded_bytes(u64::from(zigzag(value))), bytes.len());
        let mut rest = bytes;
        assert_eq!(read_varint(&mut rest), Ok(value));
        assert!(rest.is_empty());
        check_long(i64::from(value), bytes);
    }

    #[track_caller]
    fn check_long(value: i64, bytes: &[u8]) {
        assert_eq!(varlong(value), bytes);
        assert_eq!(encoded_bytes(zigzag_long(value)), bytes.len());
        let mut rest = bytes;
        assert_eq!(read_varlong(&mut rest), Ok(value));
        assert!(rest.is_empty());
    }

    #[test]
    fn rows_27_1_to_27_21_varint() {
        check(0, &[0x00]);
        check(1, &[0x02]);
        check(-64, &[0x7F]);
        check(-65, &[0x81, 0x01]);
        check(-8192, &[0xFF, 0x7F]);
        check(-8193, &[0x81, 0x80, 0x01]);
        check(-1_048_576, &[0xFF, 0xFF, 0x7F]);
        check(-1_048_577, &[0x81, 0x80, 0x80, 0x01]);
        check(-134_217_728, &[0xFF, 0xFF, 0xFF, 0x7F]);
        check(-134_217_729, &[0x81, 0x80, 0x80, 0x80, 0x01]);
        check(i32::MIN, &[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
    }

    #[test]
    fn rows_27_23_to_27_29_varlong() {
        check_long(-17_179_869_184, &[0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
        check_long(2_199_023_255_551, &[0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
        check_long(36_028_797_018_963_967, &[0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
        check_long(i64::MAX, &[0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]);
    }

    #[test]
    fn rows_27_31_to_27_35_unsigned() {
        assert_eq!(encoded(63), [0x3F]);
        assert_eq!(encoded(64), [0x40]);
        assert_eq!(encoded(1_048_575), [0xFF, 0xFF, 0x3F]);
        assert_eq!(encoded(1_048_576), [0x80, 0x80, 0x40]);
        let all = encoded(u64::from(u32::MAX));
        assert_eq!(all, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
    }

    #[test]
    fn row_27_37_six_bytes_are_no_varint() {
        let mut input: &[u8] = &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        assert_eq!(read_varint(&mut input), Err(RecordFault::VarintTooLong));
        assert_eq!(input.len(), 6, "nothing is taken on an error");
    }

    #[test]
    fn bits_beyond_the_width_are_errors() {
        let mut input: &[u8] = &[0xFF, 0xFF, 0xFF, 0xFF, 0x1F];
        assert_eq!(read_varint(&mut input), Err(RecordFault::VarintTooLong));
        let mut input: &[u8] = &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
        assert_eq!(read_varlong(&mut input), Err(RecordFault::VarintTooLong));
        let mut input: &[u8] = &[0x80; 11];
        assert_eq!(read_varlong(&mut input), Err(RecordFault::VarintTooLong));
    }

    #[test]
    fn missing_bytes_are_errors() {
        for length in 0..VARINT_BYTES_MAX {
            let mut input = &[0x80; VARINT_BYTES_MAX][..length];
            assert_eq!(read_varint(&mut input), Err(RecordFault::Truncated));
        }
        for length in 0..VARLONG_BYTES_MAX {
            let mut input = &[0x80; VARLONG_BYTES_MAX][..length];
            assert_eq!(read_varlong(&mut input), Err(RecordFault::Truncated));
        }
    }

    #[test]
    fn longer_than_needed_is_accepted() {
        let mut input: &[u8] = &[0x82, 0x80, 0x80, 0x00, 0x55];
        assert_eq!(read_varint(&mut input), Ok(1));
        assert_eq!(input, [0x55]);
    }

    #[test]
    fn several_are_appended_in_order() {
        let mut buffer = vec![9];
        append_varints(&mut buffer, [1, 127, 128, 16_383, 0, 300]);
        assert_eq!(buffer, [9, 1, 127, 0x80, 1, 0xFF, 0x7F, 0, 0xAC, 2]);
        append_varints(&mut buffer, [5, 16_384, 6]);
        assert_eq!(buffer[10..], [5, 0x80, 0x80, 1, 6]);
    }

    proptest! {
        #[test]
        fn varints_come_back(value: i32, shift in 0u32..32) {
            let value = value >> shift;
            let bytes = varint(value);
            check(value, &bytes);
        }

        #[test]
        fn varlongs_come_back(value: i64, shift in 0u32..64) {
            let value = value >> shift;
            let bytes = varlong(value);
            check_long(value, &bytes);
        }
    }
}
