//! A command line as bash hands it over: cut into words, quotes removed, and put back.

/// How the word at the cursor is quoted there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    /// Not at all.
    None,
    /// A single quote is open.
    Single,
    /// A double quote is open.
    Double,
}

/// A command line up to the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CommandLine {
    /// The words before the one at the cursor, the program's name first.
    pub(super) before: Vec<String>,
    /// The word at the cursor, up to it; empty behind a blank.
    pub(super) word: String,
    /// How it is quoted at the cursor.
    pub(super) quote: Quote,
    /// It is the name of a file behind `<` or `>`.
    pub(super) is_redirected: bool,
}

/// Cuts a command line into words as a shell does. Expansions are left as they are written.
///
/// bash cuts words at `:` and `=` too when it completes, so its own words are of no use here.
#[must_use]
pub(super) fn split(line: &str) -> CommandLine {
    let mut before = Vec::new();
    // Whether there is a word at all: `''` is one.
    let mut word: Option<String> = None;
    let mut quote = Quote::None;
    let mut is_redirected = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Quote::None, '\'') => {
                quote = Quote::Single;
                word.get_or_insert_default();
            }
            (Quote::None, '"') => {
                quote = Quote::Double;
                word.get_or_insert_default();
            }
            (Quote::Single, '\'') | (Quote::Double, '"') => quote = Quote::None,
            (Quote::None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (Quote::Double, '\\') => {
                let escaped = characters.next_if(|next| "\"\\$`".contains(*next));
                word.get_or_insert_default().push(escaped.unwrap_or('\\'));
            }
            (Quote::None, ' ' | '\t' | '\n') => {
                let ended = word.take();
                if ended.is_some() && is_redirected {
                    is_redirected = false;
                } else {
                    before.extend(ended);
                }
            }
            (Quote::None, '<' | '>') => {
                // What stands before it is a word, unless it is the number of a stream.
                before.extend(word.take().filter(|word| !word.bytes().all(|b| b.is_ascii_digit())));
                while characters.next_if(|next| "<>&|".contains(*next)).is_some() {}
                is_redirected = true;
            }
            (_, character) => word.get_or_insert_default().push(character),
        }
    }
    CommandLine { before, word: word.unwrap_or_default(), quote, is_redirected }
}

/// Returns what is left to insert of `candidate` when bash replaces only `held`, the end of the
/// word at the cursor, quoted as the cursor's place needs it. `None` if bash holds something else.
#[must_use]
pub(super) fn remainder(line: &CommandLine, held: &str, candidate: &str) -> Option<String> {
    let held = split(held);
    let held = held.before.into_iter().next().unwrap_or(held.word);
    let kept = line.word.strip_suffix(&held)?;
    Some(quoted(candidate.strip_prefix(kept)?, line.quote))
}

/// Quotes a text so that a shell reads it as it is.
#[must_use]
fn quoted(text: &str, quote: Quote) -> String {
    let escapes = |character: char| match quote {
        Quote::None => {
            character.is_ascii()
                && !character.is_ascii_alphanumeric()
                && !"-_./:=,@+%".contains(character)
        }
        Quote::Single => false,
        Quote::Double => "\"\\$`".contains(character),
    };
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match (quote, character) {
            (Quote::Single, '\'') => result.push_str(r"'\'"),
            _ if escapes(character) => result.push('\\'),
            _ => {}
        }
        result.push(character);
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CommandLine, Quote, quoted, remainder, split};

    fn words(line: &str) -> Vec<String> {
        let line = split(line);
        line.before.into_iter().chain([line.word]).collect()
    }

    #[test]
    fn words_are_cut_at_blanks_and_nowhere_else() {
        assert_eq!(words("a -p=/s:t  /s:f"), ["a", "-p=/s:t", "/s:f"]);
        assert_eq!(words("a b "), ["a", "b", ""]);
        assert_eq!(words(r#"a 'b c' "d \" e"f\ g '' h"#), ["a", "b c", "d \" ef g", "", "h"]);
        assert_eq!(words(r#"a "/s b"#), ["a", "/s b"]);
        assert_eq!(split(r#"a "/s b"#).quote, Quote::Double);
        assert_eq!(split("a '/s").quote, Quote::Single);
        assert_eq!(words(""), [""]);
        assert_eq!(words("a \\"), ["a", ""]);
    }

    #[test]
    fn files_behind_redirections_are_no_words() {
        assert_eq!(words("a b <c d"), ["a", "b", "d"]);
        assert_eq!(words("a 2>&1 b 2> e f>>g /s"), ["a", "b", "f", "/s"]);
        assert!(split("a < fi").is_redirected && split("a >").is_redirected);
        assert!(!split("a <f ").is_redirected);
    }

    #[test]
    fn only_what_bash_does_not_hold_is_inserted() {
        let rest =
            |line: &str, held: &str, candidate: &str| remainder(&split(line), held, candidate);
        let candidate = "/sample-stream:fast";
        assert_eq!(rest("a /sample-stream:f", "f", candidate).as_deref(), Some("fast"));
        assert_eq!(rest("a /sample-stream:", "", candidate).as_deref(), Some("fast"));
        assert_eq!(rest("a /sample-stream:", ":", candidate).as_deref(), Some(":fast"));
        assert_eq!(rest("a -p=/sa", "/sa", "-p=/sample").as_deref(), Some("/sample"));
        assert_eq!(
            rest("a \"/sample-stream:f", "/sample-stream:f", candidate).as_deref(),
            Some(candidate)
        );
        assert_eq!(rest("a /x\\ y", "/x\\ y", "/x yz").as_deref(), Some("/x\\ yz"));
        assert_eq!(rest("a /s", "else", "/sample"), None);
    }

    proptest! {
        #[test]
        fn a_quoted_text_is_read_back(text in ".{0,12}") {
            prop_assume!(!text.contains('\n'));
            prop_assert_eq!(words(&format!("a x{}", quoted(&text, Quote::None)))[1..].join("|"), format!("x{text}"));
            let double = format!("a \"{}\"", quoted(&text, Quote::Double));
            prop_assert_eq!(&words(&double)[1..], std::slice::from_ref(&text));
            // A single quote ends and a new one begins, which the shell's own quote closes.
            let single = format!("a '{}", quoted(&text, Quote::Single));
            let CommandLine { word, .. } = split(&single);
            prop_assert_eq!(word, text);
        }
    }
}
