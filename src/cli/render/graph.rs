//! Bars and sparklines of one line, in block characters or in ASCII.

/// Which characters the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyphs {
    /// Unicode's block elements.
    Blocks,
    /// Nothing but ASCII.
    Ascii,
}

/// What a sparkline has for nothing, and then for a little up to the most.
const SPARK_BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SPARK_ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];
/// The end of a bar, by eighths of a character.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Returns a bar of `value` where `most` is `width` characters long. What is not nothing is seen.
#[must_use]
pub(crate) fn bar(value: u64, most: u64, width: usize, glyphs: Glyphs) -> String {
    if value == 0 || most == 0 {
        return String::new();
    }
    let parts = |per_character: usize| -> usize {
        let all = u128::from(value.min(most)) * (width * per_character) as u128 / u128::from(most);
        usize::try_from(all).unwrap_or(0).max(1)
    };
    match glyphs {
        Glyphs::Ascii => "#".repeat(parts(1)),
        Glyphs::Blocks => {
            let eighths = parts(8);
            let mut text = "█".repeat(eighths / 8);
            text.extend(eighths.checked_rem(8).and_then(|rest| EIGHTHS.get(rest.wrapping_sub(1))));
            text
        }
    }
}

/// Returns a character for each value, as high as it is beside `most`.
#[must_use]
pub(crate) fn sparkline(values: &[u64], most: u64, glyphs: Glyphs) -> String {
    let levels = match glyphs {
        Glyphs::Blocks => SPARK_BLOCKS,
        Glyphs::Ascii => SPARK_ASCII,
    };
    let top = levels.len() - 1;
    let level = |value: u64| -> usize {
        if value == 0 || most == 0 {
            return 0;
        }
        let level = u128::from(value.min(most)) * top as u128;
        usize::try_from(level.div_ceil(u128::from(most))).unwrap_or(top)
    };
    values.iter().map(|value| levels[level(*value)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Glyphs, bar, sparkline};

    #[test]
    fn a_bar_is_as_long_as_its_value_and_never_longer() {
        assert_eq!(bar(10, 10, 4, Glyphs::Blocks), "████");
        assert_eq!(bar(5, 10, 4, Glyphs::Blocks), "██");
        assert_eq!(bar(3, 8, 1, Glyphs::Blocks), "▍");
        assert_eq!(bar(7, 8, 2, Glyphs::Blocks), "█▊");
        assert_eq!(bar(1, 1_000_000, 4, Glyphs::Blocks), "▏", "little is not nothing");
        assert_eq!(bar(0, 10, 4, Glyphs::Blocks), "");
        assert_eq!(bar(0, 0, 4, Glyphs::Blocks), "");
        assert_eq!(bar(u64::MAX, u64::MAX, 4, Glyphs::Blocks), "████");
        assert_eq!(bar(10, 10, 4, Glyphs::Ascii), "####");
        assert_eq!(bar(1, 1_000_000, 4, Glyphs::Ascii), "#");
    }

    #[test]
    fn a_sparkline_has_a_step_for_nothing_and_one_for_the_most() {
        assert_eq!(sparkline(&[0, 1, 50, 100], 100, Glyphs::Blocks), "▁▂▅█");
        assert_eq!(sparkline(&[0, 1, 50, 100], 100, Glyphs::Ascii), "_.=#");
        assert_eq!(sparkline(&[0, 0], 0, Glyphs::Ascii), "__");
        assert_eq!(sparkline(&[u64::MAX], u64::MAX, Glyphs::Ascii), "#");
        assert_eq!(sparkline(&[], 5, Glyphs::Ascii), "");
    }
}
