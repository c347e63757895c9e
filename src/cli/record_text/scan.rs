//! Finding the bytes of a text that end it or are to be escaped, eight at a time.
//!
//! Each function returns a word whose lowest set bit is the highest bit of the first byte found, so
//! that `trailing_zeros() / 8` is its index; 0 if there is none. Bits above the lowest mean nothing.

/// How many bytes are looked at together.
pub(super) const WORD_BYTES: usize = size_of::<u64>();

const ONES: u64 = u64::from_ne_bytes([0x01; WORD_BYTES]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; WORD_BYTES]);

/// Finds the first byte that ends or breaks a JSON string: a quote, a backslash, or a control
/// character below the space.
#[inline(always)]
pub(super) fn string_stops(word: [u8; WORD_BYTES]) -> u64 {
    let word = u64::from_le_bytes(word);
    controls(word) | equal(word, b'"') | equal(word, b'\\')
}

/// Finds the first byte that is not written as it is: also DEL, and the first byte of the control
/// characters U+0080 to U+009F (and of some harmless ones).
#[inline(always)]
pub(super) fn to_be_escaped(word: [u8; WORD_BYTES]) -> u64 {
    let stops = string_stops(word);
    let word = u64::from_le_bytes(word);
    stops | equal(word, 0x7f) | equal(word, C1_LEAD)
}

/// The first byte in UTF-8 of U+0080 to U+00BF.
pub(super) const C1_LEAD: u8 = 0xc2;

/// Bytes below the space. A borrow only spreads upwards from a byte that was found.
#[inline(always)]
fn controls(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGHS
}

#[inline(always)]
fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * u64::from(byte));
    difference.wrapping_sub(ONES) & !difference & HIGHS
}

#[cfg(test)]
mod tests {
    use super::{string_stops, to_be_escaped};

    fn first(found: u64) -> Option<usize> {
        (found != 0).then(|| found.trailing_zeros() as usize / 8)
    }

    #[test]
    fn every_byte_is_told_from_every_other_in_every_place() {
        for place in 0..8 {
            for byte in 0..=255 {
                for neighbour in [b'a', b' ', 0x80, 0xff, b'!', b'#', b'[', b']'] {
                    let mut word = [neighbour; 8];
                    word[place] = byte;
                    let stops = byte < 0x20 || matches!(byte, b'"' | b'\\');
                    assert_eq!(first(string_stops(word)), stops.then_some(place), "{word:?}");
                    let escaped = stops || matches!(byte, 0x7f | 0xc2);
                    assert_eq!(first(to_be_escaped(word)), escaped.then_some(place), "{word:?}");
                }
            }
        }
        assert_eq!(first(string_stops(*b"ab\"\0\0\0\0\0")), Some(2));
    }
}
