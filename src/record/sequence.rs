//! Arithmetic of producer sequence numbers, which wrap at 2^31.

/// Returns the sequence number `increment` after `sequence`; 0 follows 2147483647.
///
/// Both must be 0 or greater; -1 ("no sequence") is the caller's to tell apart.
#[must_use]
pub fn increment_sequence(sequence: i32, increment: i32) -> i32 {
    // Wrapping i32 addition carries into the sign bit, which is not part of a sequence number.
    sequence.wrapping_add(increment) & i32::MAX
}

/// Returns the sequence number `decrement` before `sequence`; 2147483647 comes before 0.
///
/// Both must be 0 or greater.
#[must_use]
pub fn decrement_sequence(sequence: i32, decrement: i32) -> i32 {
    sequence.wrapping_sub(decrement) & i32::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_28_3_inc_5_by_5_is_10() {
        assert_eq!(increment_sequence(5, 5), 10);
    }

    #[test]
    fn row_28_5_inc_wraps_to_4() {
        assert_eq!(increment_sequence(2_147_483_642, 10), 4);
        assert_eq!(increment_sequence(i32::MAX, 1), 0);
        assert_eq!(increment_sequence(i32::MAX, i32::MAX), i32::MAX - 1);
    }

    #[test]
    fn row_28_7_dec_0_by_1_is_the_greatest() {
        assert_eq!(decrement_sequence(0, 1), i32::MAX);
        assert_eq!(decrement_sequence(4, 10), 2_147_483_642);
        assert_eq!(decrement_sequence(10, 5), 5);
    }
}
