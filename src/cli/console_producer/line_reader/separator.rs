//! `headers.separator`: a regular expression of Java, and the way Java splits with it.

use regex::bytes::{Regex, RegexBuilder};

use super::java_pattern::translate;
use super::split_once;

/// What stands between headers.
#[derive(Clone, Debug)]
pub(super) enum Separator {
    /// A text that stands for itself.
    Literal(Vec<u8>),
    /// Anything that matches.
    Pattern(Box<Regex>),
}

impl Separator {
    /// Reads a pattern as Java would.
    ///
    /// # Errors
    ///
    /// It is no pattern, or one that this program cannot follow: one sentence.
    pub(super) fn parse(pattern: &str) -> Result<Self, String> {
        let refused = |why: &str| format!("headers.separator `{pattern}` {why}");
        let translated = translate(pattern).map_err(|why| refused(&why))?;
        if let Some(literal) = translated.literal {
            return Ok(Self::Literal(literal.into_bytes()));
        }
        match RegexBuilder::new(&translated.pattern).build() {
            Ok(regex) => Ok(Self::Pattern(Box::new(regex))),
            Err(regex::Error::Syntax(text)) => {
                // The last line of a drawing that points at the place.
                let why = text.lines().last().unwrap_or_default();
                let why = why.strip_prefix("error: ").unwrap_or(why);
                Err(refused(&format!("is no regular expression that can be used: {why}")))
            }
            Err(_) => Err(refused("is too large a regular expression")),
        }
    }

    /// Splits as Java's `Pattern.split`: empty pieces at the end are dropped, but a text in which
    /// nothing is found is one piece, even an empty one; a match of nothing at the front is none.
    pub(super) fn split<'l>(&self, text: &'l [u8]) -> Vec<&'l [u8]> {
        let mut pieces = Vec::new();
        let rest = match self {
            Self::Literal(separator) => {
                let mut rest = text;
                while let Some((piece, behind)) = split_once(rest, separator) {
                    pieces.push(piece);
                    rest = behind;
                }
                rest
            }
            Self::Pattern(regex) => split_by_pattern(regex, text, &mut pieces),
        };
        if pieces.is_empty() {
            return vec![text];
        }
        pieces.push(rest);
        while pieces.last().is_some_and(|piece| piece.is_empty()) {
            pieces.pop();
        }
        pieces
    }
}

/// Java's loop, which finds an empty match also right behind another match.
fn split_by_pattern<'l>(regex: &Regex, text: &'l [u8], pieces: &mut Vec<&'l [u8]>) -> &'l [u8] {
    let mut piece_start = 0;
    let mut from = 0;
    while from <= text.len()
        && let Some(found) = regex.find_at(text, from)
    {
        from = if found.is_empty() { next_character(text, found.end()) } else { found.end() };
        if found.end() == 0 {
            continue;
        }
        pieces.push(&text[piece_start..found.start()]);
        piece_start = found.end();
    }
    &text[piece_start..]
}

/// Returns where the character behind the one at `at` begins; a byte that is no text is one.
fn next_character(text: &[u8], at: usize) -> usize {
    let length = match text.get(at) {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 1,
    };
    let whole = text.get(at..at + length).is_some_and(|bytes| std::str::from_utf8(bytes).is_ok());
    at + if whole { length } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::Separator;

    /// Shows the pieces with `/` between them.
    fn split(pattern: &str, text: &str) -> String {
        let separator = Separator::parse(pattern).unwrap();
        let pieces = separator.split(text.as_bytes());
        let pieces: Vec<_> = pieces.into_iter().map(String::from_utf8_lossy).collect();
        format!("{}:{}", pieces.len(), pieces.join("/"))
    }

    /// Expected values: Java 17's `Pattern.split`.
    #[test]
    fn it_splits_as_java_does() {
        for (pattern, text, expected) in [
            (",", "a,b,,c,,", "4:a/b//c"),
            (",", "", "1:"),
            (",", ",", "0:"),
            (",", ",a", "2:/a"),
            ("|", "a:1", "3:a/:/1"),
            ("", "a:1", "3:a/:/1"),
            ("", "", "1:"),
            (".", "a:1", "0:"),
            (".*", "abc", "0:"),
            ("x*", "axxb", "3:a//b"),
            ("b|", "aba", "3:a//a"),
            ("[,;]", "a,b;c", "3:a/b/c"),
            (",+", "a,,,b", "2:a/b"),
            ("\\|", "a|b", "2:a/b"),
            ("\\s*,\\s*", "a , b,c", "3:a/b/c"),
            ("\\.", "a.b", "2:a/b"),
            ("\\Q.*\\E", "a.*b", "2:a/b"),
            ("\\t", "a\tb", "2:a/b"),
            ("|", "é€😀", "3:é/€/😀"),
            ("(?i)AND", "xandy", "2:x/y"),
            ("\\d", "a1b٣c", "2:a/b٣c"),
            ("\\u002c", "a,b", "2:a/b"),
            ("[a&&[^b]]", "xay", "2:x/y"),
            ("[+--]", "1+2,3-4", "4:1/2/3/4"),
            ("\\p{Punct}", "a!b", "2:a/b"),
            ("(,)", "a,b", "2:a/b"),
            ("^a", "aab", "2:/ab"),
            ("$", "ab", "1:ab"),
            ("\\<", "a<b", "2:a/b"),
        ] {
            assert_eq!(split(pattern, text), expected, "`{pattern}` on `{text}`");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_refused_and_named() {
        for (pattern, part) in [
            ("(?=a)", "look-ahead"),
            ("(?<!a)b", "look-behind"),
            ("(a)\\1", "back reference"),
            ("(?<n>a)\\k<n>", "back reference"),
            ("a++", "possessive"),
            ("a{2}+", "possessive"),
            ("(?>a)", "atomic"),
            ("\\G", "`\\G`"),
            ("(?U)a", "flag"),
            ("(", "unclosed group"),
            ("*", "repetition"),
            ("[a", "unclosed"),
            ("\\", "backslash"),
        ] {
            let message = Separator::parse(pattern).unwrap_err();
            assert!(message.contains(part), "`{pattern}`: {message}");
            assert!(message.starts_with(&format!("headers.separator `{pattern}` ")), "{message}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_stay_together_and_match_nothing() {
        let pieces = |pattern: &str| {
            let separator = Separator::parse(pattern).unwrap();
            separator.split(b"\xffa,\xc3").into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
        };
        assert_eq!(pieces("[,]"), [b"\xffa".to_vec(), b"\xc3".to_vec()]);
        assert_eq!(pieces("[^,]").last().unwrap(), b",\xc3");
    }
}
