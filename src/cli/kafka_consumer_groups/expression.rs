//! `kafka-consumer-groups --validate-regex`.

use regex::Regex;

use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;

/// What our library says of an expression, and what Kafka's does.
const IN_KAFKAS_WORDS: [(&str, &str); 9] = [
    ("unclosed character class", "missing closing ]"),
    ("unclosed group", "missing closing )"),
    ("unopened group", "unexpected )"),
    ("repetition operator missing expression", "missing argument to repetition operator"),
    ("incomplete escape sequence", "trailing backslash at end of expression"),
    ("unrecognized escape sequence", "invalid escape sequence"),
    ("backreferences are not supported", "invalid escape sequence"),
    ("look-around", "invalid or unsupported Perl syntax"),
    ("invalid character class range", "invalid character class range"),
];

/// Says whether `text` is a regular expression.
///
/// # Errors
///
/// Standard output cannot be written.
pub(super) fn validate(text: &str, session: &Session) -> Result<Exit, Failure> {
    let (sentence, exit) = match fault(text) {
        None => (format!("The regular expression `{text}` is valid.\n"), Exit::Done),
        Some(fault) => {
            (format!("The regular expression `{text}` is invalid: {fault}.\n"), Exit::Unmet)
        }
    };
    session.terminal.write(sentence.as_bytes())?;
    Ok(exit)
}

/// What is wrong with an expression.
fn fault(text: &str) -> Option<String> {
    let told = Regex::new(text).err()?.to_string();
    // The last line of several says it; the others show where.
    let last = told.lines().last().unwrap_or_default();
    let last = last.strip_prefix("error: ").unwrap_or(last);
    let known = IN_KAFKAS_WORDS.iter().find(|(ours, _)| last.contains(ours));
    Some(known.map_or(last, |(_, kafkas)| kafkas).to_owned())
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn what_is_wrong_is_said_in_kafkas_words() {
        assert_eq!(fault("foo.*"), None);
        for (text, expected) in [
            ("[foo.*", "missing closing ]"),
            ("(foo", "missing closing )"),
            ("foo)", "unexpected )"),
            ("*foo", "missing argument to repetition operator"),
            ("foo\\", "trailing backslash at end of expression"),
            ("\\q", "invalid escape sequence"),
            ("(foo)\\1", "invalid escape sequence"),
            ("(?=foo)", "invalid or unsupported Perl syntax"),
            ("[z-a]", "invalid character class range"),
        ] {
            assert_eq!(fault(text).as_deref(), Some(expected), "{text}");
        }
    }
}
