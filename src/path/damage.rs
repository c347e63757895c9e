//! Recognises what slides and word processors do to a pasted command line.

// Word processors replace plain quotes by curly ones, a leading dash by an en or em dash, and
// spaces by non-breaking spaces; the shell then passes them on as part of the word.

/// Describes `character` if it is one that slides substitute.
pub(super) fn of_char(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{00ab}' | '\u{00bb}' => {
            "a typographic double quote, as slides put in place of \""
        }
        '\u{2018}' | '\u{2019}' | '\u{201a}' => {
            "a typographic single quote, as slides put in place of '"
        }
        '\u{2013}' => "an en dash, as slides put in place of -",
        '\u{2014}' => "an em dash, as slides put in place of --",
        '\u{00a0}' | '\u{202f}' => "a non-breaking space, as slides put in place of a space",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::of_char;

    #[test]
    fn plain_text_is_not_damaged() {
        assert!("/s:t -path 'x' \"y\" é".chars().all(|character| of_char(character).is_none()));
    }

    #[test]
    fn each_substitution_is_named() {
        for (character, word) in [
            ('\u{201c}', "double quote"),
            ('\u{201d}', "double quote"),
            ('\u{2018}', "single quote"),
            ('\u{2019}', "single quote"),
            ('\u{2013}', "en dash"),
            ('\u{2014}', "em dash"),
            ('\u{a0}', "non-breaking space"),
        ] {
            assert!(of_char(character).unwrap().contains(word), "{character}");
        }
    }
}
