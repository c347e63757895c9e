//! Kafka's rules for the names of topics, in Kafka's words.

use crate::cli::failure::Failure;
use crate::path::{TopicName, is_stream_path, split_target};

/// The longest name.
const CHARACTERS_MAX: usize = 249;

/// Checks the name of a topic that is to be created: plain, or that in `/stream:topic`.
///
/// # Errors
///
/// The first rule that it breaks: exit 2.
pub(super) fn check(text: &str) -> Result<(), Failure> {
    let name = match split_target(text) {
        (_, topic) if is_stream_path(text) => match topic {
            Some(topic) => topic,
            // What is wrong with a path is said by who reads it.
            None => return Ok(()),
        },
        _ => text,
    };
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let rule = if name.is_empty() {
        "the empty string is not allowed".to_owned()
    } else if name == "." || name == ".." {
        format!("'{name}' is not allowed")
    } else if name.chars().count() > CHARACTERS_MAX {
        format!("the length of '{name}' is longer than the max allowed length {CHARACTERS_MAX}")
    } else if !name.chars().all(is_legal) {
        format!(
            "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' \
             and '-'"
        )
    } else {
        return Ok(());
    };
    Err(Failure::usage(format!("Topic name is invalid: {rule}"))
        .with_hint("1 to 249 letters A-Z and a-z, digits, . _ and -"))
}

/// True if a name has characters that Kafka's metrics cannot tell apart.
#[must_use]
pub(super) fn may_collide(name: &TopicName) -> bool {
    name.as_str().contains(['.', '_'])
}

/// True if Kafka's metrics cannot tell two topics apart: their names differ by `.` and `_` only.
#[must_use]
pub(super) fn collide(one: &TopicName, other: &TopicName) -> bool {
    one.as_str().replace('.', "_") == other.as_str().replace('.', "_")
}
