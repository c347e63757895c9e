//! Why a text is no access control expression.

use std::{error, fmt};

use crate::path::limits::ACE_BYTES_MAX;

use super::expression::{LEVELS_MAX, NUMERIC_ID_MAX};

/// A text that is no access control expression: the first fault in it.
///
/// Its message does not say which option the text was given to; the caller puts that in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// Where the fault is, in characters from 1; one past the last where something is missing
    /// at the end.
    pub place: usize,
    /// The word at fault as it was given; empty at the end of the text.
    pub word: String,
    /// What is wrong.
    pub fault: Fault,
    /// What to write in place of `word`, where it is plain what was meant; for
    /// [`Fault::PublicNotAlone`] in place of the whole text.
    pub suggestion: Option<String>,
}

/// What can be wrong with an access control expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// More bytes than [`ACE_BYTES_MAX`].
    TooLong {
        /// The text's length in bytes.
        bytes: usize,
    },
    /// More than [`LEVELS_MAX`] levels inside one another.
    TooDeep,
    /// A word without `u:`, `g:` or `r:` in front.
    NoPrefix,
    /// Something before the `:` that is none of `u`, `g`, `r`.
    Prefix,
    /// Nothing behind `u:`, `g:` or `r:`.
    NoName,
    /// A character that no name holds.
    Character {
        /// The first one.
        character: char,
    },
    /// A user or group id above [`NUMERIC_ID_MAX`].
    IdTooLarge,
    /// `p` together with anything else.
    PublicNotAlone,
    /// An operator, `)` or the end where a user, group or role is needed.
    NoOperand,
    /// `&&` or `||`.
    DoubledOperator,
    /// Two terms with nothing between them.
    NoOperator,
    /// `(` that is never closed.
    Unclosed,
    /// `)` that closes nothing.
    Unopened,
}

/// Shows part of a text on one line: control characters escaped, at most 64 characters.
pub(super) fn shown(text: &str) -> String {
    const SHOWN: usize = 64;
    let mut line = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == SHOWN {
            line.push('…');
            break;
        }
        // Invisible characters are what makes two words look the same.
        if character == '\'' || character == '"' || character == '\\' {
            line.push(character);
        } else {
            line.extend(character.escape_debug());
        }
    }
    line
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = shown(&self.word);
        match self.fault {
            Fault::TooLong { bytes } => {
                return write!(
                    f,
                    "access control expression is {bytes} bytes long; the limit is \
                     {ACE_BYTES_MAX} bytes"
                );
            }
            _ if word.is_empty() => write!(f, "access control expression ends")?,
            _ => write!(f, "access control expression has `{word}` as character {}", self.place)?,
        }
        match self.fault {
            Fault::TooLong { .. } => {}
            Fault::TooDeep => write!(f, ", nested deeper than {LEVELS_MAX} levels")?,
            Fault::NoPrefix => f.write_str(
                ", which is not marked as a user (`u:`), a group (`g:`) or a role (`r:`)",
            )?,
            Fault::Prefix => f.write_str(
                ", which begins neither with `u:` (user) nor `g:` (group) nor `r:` (role)",
            )?,
            Fault::NoName => f.write_str(", without a name behind the `:`")?,
            Fault::Character { character } => {
                write!(f, ", and no name holds {}", described(character))?;
            }
            Fault::IdTooLarge => write!(f, "; the greatest id is {NUMERIC_ID_MAX}")?,
            Fault::PublicNotAlone => f.write_str("; `p`, everybody, must stand alone")?,
            Fault::NoOperand => f.write_str(" where a user, group or role is needed")?,
            Fault::DoubledOperator => f.write_str("; operators are single characters")?,
            Fault::NoOperator => f.write_str(" with neither `|` (or) nor `&` (and) before it")?,
            Fault::Unclosed => f.write_str(", which is never closed")?,
            Fault::Unopened => f.write_str(", which closes nothing")?,
        }
        match &self.suggestion {
            Some(suggestion) => write!(f, "; write `{}`", shown(suggestion)),
            None => Ok(()),
        }
    }
}

/// Names a character that may be invisible or a quote itself.
fn described(character: char) -> String {
    match character {
        '`' => "a backquote".to_owned(),
        '\u{a0}' | '\u{202f}' => "a non-breaking space".to_owned(),
        '\u{2013}' | '\u{2014}' => format!("`{character}`, a dash as slides put in place of -"),
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201c}' | '\u{201d}' | '\u{201e}' => {
            format!("`{character}`, a typographic quote")
        }
        '\'' | '"' => format!("`{character}`"),
        _ => format!("`{}`", character.escape_debug()),
    }
}

impl error::Error for ExpressionError {}
