//! The name of a topic, and how many partitions one may have.

use std::fmt;
use std::str::FromStr;

use super::error::{NameError, excerpt};
use super::limits::{PARTITIONS_MAX, PARTITIONS_MIN, TOPIC_NAME_CHARS_MAX};

/// A topic's name: 1 to 249 of `[A-Za-z0-9._-]`, neither `.` nor `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicName(String);

impl TopicName {
    /// Checks a topic name.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::NoTopicName { text: String::new() });
        }
        let bad = text.chars().enumerate().find(|(_, character)| !is_allowed(*character));
        if let Some((index, character)) = bad {
            return Err(NameError::Character {
                what: "topic name",
                text: excerpt(text),
                character,
                place: index + 1,
                allowed: "letters A-Z and a-z, digits, `.`, `_` and `-`",
            });
        }
        // All of them are ASCII by now: bytes are characters.
        if text.len() > TOPIC_NAME_CHARS_MAX {
            return Err(NameError::TooLong {
                what: "topic name",
                text: excerpt(text),
                length: text.len(),
                limit: TOPIC_NAME_CHARS_MAX,
                unit: "characters",
            });
        }
        if text == "." || text == ".." {
            return Err(NameError::Dots { text: text.to_owned(), part: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')
}

/// Checks a number of partitions and returns it.
///
/// # Errors
/// `Partitions` outside 1–4096.
pub fn check_partitions(partitions: u64) -> Result<u32, NameError> {
    match u32::try_from(partitions) {
        Ok(count) if (PARTITIONS_MIN..=PARTITIONS_MAX).contains(&count) => Ok(count),
        _ => {
            Err(NameError::Partitions { partitions, least: PARTITIONS_MIN, limit: PARTITIONS_MAX })
        }
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TopicName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{TopicName, check_partitions};

    #[test]
    fn both_sides_of_the_length() {
        assert!(TopicName::parse(&"a".repeat(249)).is_ok());
        let message = TopicName::parse(&"a".repeat(250)).unwrap_err().to_string();
        assert!(message.contains("250 characters long; the limit is 249"), "{message}");
        assert!(TopicName::parse("").is_err());
        assert!(TopicName::parse("a").is_ok());
    }

    #[test]
    fn the_character_at_fault_is_named() {
        for (text, part) in [
            ("a b", "a space as character 2"),
            ("fast–messages", "an en dash"),
            ("t”", "typographic double quote"),
            ("a/b", "`/`"),
            ("a:b", "`:`"),
            ("a\0", "NUL"),
            ("a\nb", "`\\n`"),
            ("é", "`é` as character 1"),
        ] {
            let message = TopicName::parse(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text:?}: {message}");
            assert!(!message.contains('\n'), "{message:?}");
        }
        assert!(TopicName::parse(".").is_err());
        assert!(TopicName::parse("..").is_err());
        assert!(TopicName::parse("...").is_ok());
        assert!(TopicName::parse("A.b_c-9").is_ok());
    }

    #[test]
    fn both_sides_of_the_partition_count() {
        assert_eq!(check_partitions(1), Ok(1));
        assert_eq!(check_partitions(4096), Ok(4096));
        for wrong in [0, 4097, u64::MAX] {
            let message = check_partitions(wrong).unwrap_err().to_string();
            assert!(message.contains("1 to 4096"), "{message}");
        }
    }
}
