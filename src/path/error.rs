//! Why a name was refused.

use std::{error, fmt};

use super::damage;

/// A name that breaks a rule; `text` is always what was given, `limit` what is allowed.
///
/// Nothing has been looked up or changed when one of these is returned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// A stream path does not begin with `/`.
    NotAbsolute {
        /// What was given.
        text: String,
    },
    /// A stream path is only `/` or ends in nothing.
    NoStreamName {
        /// What was given.
        text: String,
    },
    /// Two slashes in a row.
    EmptyComponent {
        /// What was given.
        text: String,
    },
    /// `.` or `..` as a component or a topic name.
    Dots {
        /// What was given.
        text: String,
        /// The offending part.
        part: String,
    },
    /// A character that this kind of name must not hold.
    Character {
        /// `stream path` or `topic name`.
        what: &'static str,
        /// What was given.
        text: String,
        /// The character.
        character: char,
        /// Its place, counted in characters from 1.
        place: usize,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// Longer than allowed.
    TooLong {
        /// `stream path`, `path component` or `topic name`.
        what: &'static str,
        /// The beginning of what was given.
        text: String,
        /// Its length.
        length: usize,
        /// The greatest length.
        limit: usize,
        /// `bytes` or `characters`.
        unit: &'static str,
    },
    /// An empty topic name.
    NoTopicName {
        /// What was given.
        text: String,
    },
    /// An empty group id.
    NoGroup,
    /// A component kept for the store (`.streampath…`) or for MapR's mount point.
    Reserved {
        /// What was given.
        text: String,
        /// The reserved component.
        part: String,
    },
    /// `/mapr/<cluster>` with no stream behind it.
    ClusterOnly {
        /// What was given.
        text: String,
    },
    /// Bytes that are not UTF-8; `text` shows them with replacement characters.
    NotUtf8 {
        /// What was given, as far as it can be shown.
        text: String,
    },
    /// No `:topic` where a target is needed.
    NoTopic {
        /// What was given.
        text: String,
    },
    /// A number of partitions outside 1–4096.
    Partitions {
        /// The number given.
        partitions: u64,
        /// The least number.
        least: u32,
        /// The greatest number.
        limit: u32,
    },
}

/// The beginning of a text, short enough for a one-line message.
pub(super) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 64;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Shows a text with control characters escaped, so that a message stays one line.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

fn name_of(character: char) -> String {
    match character {
        '\0' => "a NUL byte".to_owned(),
        ' ' => "a space".to_owned(),
        character => match damage::of_char(character) {
            Some(description) => format!("`{character}`, {description}"),
            None => format!("`{}`", character.escape_debug()),
        },
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute { text } => {
                write!(f, "stream path `{}` does not begin with `/`", Shown(&excerpt(text)))?;
                match text.chars().next().and_then(damage::of_char) {
                    Some(description) => write!(f, " but with {description}"),
                    None => Ok(()),
                }
            }
            Self::NoStreamName { text } => {
                write!(f, "`{}` names no stream: nothing follows the last `/`", Shown(text))
            }
            Self::EmptyComponent { text } => {
                write!(f, "stream path `{}` has an empty component (`//`)", Shown(&excerpt(text)))
            }
            Self::Dots { text, part } if text == part => {
                write!(f, "`{part}` is not allowed as a name")
            }
            Self::Dots { text, part } => {
                write!(f, "`{part}` is not allowed as a name in `{}`", Shown(&excerpt(text)))
            }
            Self::Character { what, text, character, place, allowed } => write!(
                f,
                "{what} `{}` has {} as character {place}; allowed are {allowed}",
                Shown(&excerpt(text)),
                name_of(*character)
            ),
            Self::TooLong { what, text, length, limit, unit } => write!(
                f,
                "{what} `{}` is {length} {unit} long; the limit is {limit} {unit}",
                Shown(&excerpt(text))
            ),
            Self::NoTopicName { text } if text.is_empty() => {
                f.write_str("topic name is empty; it needs 1 to 249 characters")
            }
            Self::NoTopicName { text } => {
                write!(f, "topic name in `{}` is empty; it needs 1 to 249 characters", Shown(text))
            }
            Self::NoGroup => f.write_str("the id of a group is empty"),
            Self::Reserved { text, part } => write!(
                f,
                "`{}` is kept for the store itself and cannot be used in `{}`",
                Shown(&excerpt(part)),
                Shown(&excerpt(text))
            ),
            Self::ClusterOnly { text } => write!(
                f,
                "`{}` names a cluster's mount point, not a stream; write `/mapr/<cluster>/<stream>`",
                Shown(&excerpt(text))
            ),
            Self::NotUtf8 { text } => write!(f, "`{}` is not valid UTF-8", Shown(&excerpt(text))),
            Self::NoTopic { text } => {
                write!(f, "`{}` names no topic; write `/stream:topic`", Shown(&excerpt(text)))
            }
            Self::Partitions { partitions, least, limit } => {
                write!(f, "{partitions} partitions; a topic has {least} to {limit}")
            }
        }
    }
}

impl error::Error for NameError {}
