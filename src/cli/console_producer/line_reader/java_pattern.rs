//! Patterns of Java's regular expressions in the notation of the crate `regex`.
//!
//! What both write alike goes through; what they write alike and mean differently is rewritten, and
//! what only Java has is refused.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern that means in `regex` what it was meant in Java.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Translated {
    /// The pattern.
    pub(super) pattern: String,
    /// The one text that it matches, if it is a text that stands for itself. Never empty.
    pub(super) literal: Option<String>,
}

/// The classes of `\p{…}` that are ASCII in Java.
const POSIX_CLASSES: [(&str, &str); 13] = [
    ("Lower", "a-z"),
    ("Upper", "A-Z"),
    ("ASCII", "\\x00-\\x7F"),
    ("Alpha", "a-zA-Z"),
    ("Digit", "0-9"),
    ("Alnum", "a-zA-Z0-9"),
    ("Punct", "!-/\\x3A-@\\x5B-`\\x7B-\\x7E"),
    ("Graph", "!-\\x7E"),
    ("Print", " -\\x7E"),
    ("Blank", " \\t"),
    ("Cntrl", "\\x00-\\x1F\\x7F"),
    ("XDigit", "0-9a-fA-F"),
    ("Space", " \\t\\n\\x0B\\f\\r"),
];

/// The classes behind a backslash, and what is in them.
const SHORT_CLASSES: [(char, &str); 5] = [
    ('d', "0-9"),
    ('w', "a-zA-Z0-9_"),
    ('s', " \\t\\n\\x0B\\f\\r"),
    ('h', " \\t\\x{A0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}"),
    ('v', "\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}"),
];

/// Translates a pattern.
///
/// # Errors
///
/// It has something that `regex` cannot do, or ends in the middle: the rest of a sentence that
/// begins with the pattern.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 8),
        literal: Some(String::new()),
        class_depth: 0,
        last_in_class: None,
    };
    translator.run()?;
    let literal = translator.literal.filter(|literal| !literal.is_empty());
    Ok(Translated { pattern: translator.out, literal })
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    /// What the pattern stands for as long as every sign stood for itself.
    literal: Option<String>,
    class_depth: u32,
    last_in_class: Option<char>,
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), String> {
        let mut after_repetition = false;
        while let Some(sign) = self.rest.next() {
            let mut repeats = false;
            match sign {
                '\\' => self.escape()?,
                '[' => {
                    self.class_depth += 1;
                    self.special(sign);
                    if self.rest.next_if_eq(&'^').is_some() {
                        self.special('^');
                    }
                    self.last_in_class = None;
                }
                ']' if self.class_depth > 0 => {
                    self.class_depth -= 1;
                    self.special(sign);
                    self.last_in_class = None;
                }
                _ if self.class_depth > 0 => self.in_class(sign),
                '(' => self.group()?,
                '*' | '?' | '+' => {
                    if after_repetition && sign == '+' {
                        return Err("has a possessive repetition, which is not supported".into());
                    }
                    repeats = !after_repetition;
                    self.special(sign);
                }
                '{' => {
                    self.special(sign);
                    while let Some(sign) = self.rest.next_if(|sign| *sign != '}') {
                        self.special(sign);
                    }
                    repeats = self.rest.peek().is_some();
                    self.rest.next().into_iter().for_each(|sign| self.special(sign));
                }
                '.' | '|' | ')' | '^' | '$' => self.special(sign),
                sign => self.character(sign),
            }
            after_repetition = repeats;
        }
        Ok(())
    }

    /// Takes over a sign that does not stand for itself.
    fn special(&mut self, sign: char) {
        self.literal = None;
        self.out.push(sign);
    }

    fn special_text(&mut self, text: &str) {
        self.literal = None;
        self.out.push_str(text);
    }

    /// Takes over a character that stands for itself, whatever it means elsewhere.
    fn character(&mut self, character: char) {
        if let Some(literal) = &mut self.literal {
            literal.push(character);
        }
        if character.is_ascii_alphanumeric() || !character.is_ascii() {
            self.out.push(character);
        } else {
            self.out.push_str(&format!("\\x{:02X}", u32::from(character)));
        }
    }

    /// In a class `regex` knows `--`, `~~` and `[:`, and Java does not.
    fn in_class(&mut self, sign: char) {
        let keeps = match sign {
            '-' => self.last_in_class != Some('-'),
            '&' | '^' => true,
            _ => false,
        };
        if keeps {
            self.special(sign);
        } else {
            self.literal = None;
            self.character(sign);
        }
        self.last_in_class = Some(sign);
    }

    fn group(&mut self) -> Result<(), String> {
        self.special('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        self.special('?');
        let ahead: String = self.rest.clone().take(2).collect();
        let not_supported = |what: &str| Err(format!("has {what}, which is not supported"));
        if ahead.starts_with('=') || ahead.starts_with('!') {
            return not_supported("a look-ahead");
        }
        if ahead == "<=" || ahead == "<!" {
            return not_supported("a look-behind");
        }
        if ahead.starts_with('>') {
            return not_supported("an atomic group");
        }
        while let Some(flag) = self.rest.next_if(|sign| sign.is_ascii_alphabetic() || *sign == '-')
        {
            if matches!(flag, 'U' | 'R' | 'd') {
                return not_supported(&format!("the flag `{flag}`"));
            }
            self.special(flag);
        }
        if let Some(sign) = self.rest.next() {
            self.special(sign);
            if sign == '<' {
                while let Some(sign) = self.rest.next_if(|sign| *sign != '>') {
                    self.special(sign);
                }
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(sign) = self.rest.next() else {
            return Err("ends with a backslash".to_owned());
        };
        self.last_in_class = None;
        let lower = sign.to_ascii_lowercase();
        if let Some((_, class)) = SHORT_CLASSES.iter().find(|(name, _)| *name == lower) {
            let not = if sign == lower { "" } else { "^" };
            self.special_text(&format!("[{not}{class}]"));
            return Ok(());
        }
        match sign {
            't' => self.character('\t'),
            'n' => self.character('\n'),
            'r' => self.character('\r'),
            'f' => self.character('\x0c'),
            'a' => self.character('\x07'),
            'e' => self.character('\x1b'),
            'u' => self.code(4)?,
            'x' if self.rest.peek() == Some(&'{') => self.braced("\\x"),
            'x' => self.code(2)?,
            'p' | 'P' if self.rest.peek() == Some(&'{') => self.named_class(sign),
            'Q' => self.quotation(),
            'R' => self.special_text("(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])"),
            'Z' => self.special_text("\\z"),
            'p' | 'P' | 'b' | 'B' | 'A' | 'z' => self.special_text(&format!("\\{sign}")),
            'k' | '1'..='9' => {
                return Err("has a back reference, which is not supported".to_owned());
            }
            sign if sign.is_ascii_alphanumeric() => {
                return Err(format!("has `\\{sign}`, which is not supported"));
            }
            sign => self.character(sign),
        }
        Ok(())
    }

    /// A character by its number, in so many digits.
    fn code(&mut self, digits: usize) -> Result<(), String> {
        let text: String = self.rest.by_ref().take(digits).collect();
        let character = u32::from_str_radix(&text, 16).ok().and_then(char::from_u32);
        let is_whole = text.len() == digits && !text.starts_with('+');
        match character.filter(|_| is_whole) {
            Some(character) => {
                self.character(character);
                Ok(())
            }
            None => Err("has an escape that is no character".to_owned()),
        }
    }

    fn braced(&mut self, front: &str) {
        self.special_text(front);
        while let Some(sign) = self.rest.next_if(|sign| *sign != '}') {
            self.special(sign);
        }
        self.rest.next().into_iter().for_each(|sign| self.special(sign));
    }

    fn named_class(&mut self, sign: char) {
        let rest: String = self.rest.clone().skip(1).take_while(|sign| *sign != '}').collect();
        let Some((name, class)) = POSIX_CLASSES.iter().find(|(name, _)| *name == rest) else {
            return self.braced(&format!("\\{sign}"));
        };
        // The name and its braces.
        self.rest.by_ref().take(name.len() + 2).for_each(drop);
        self.special_text(&format!("[{}{class}]", if sign == 'P' { "^" } else { "" }));
    }

    /// Everything up to `\E` stands for itself.
    fn quotation(&mut self) {
        while let Some(sign) = self.rest.next() {
            if sign == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            self.character(sign);
        }
    }
}
