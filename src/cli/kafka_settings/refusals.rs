//! What Kafka's tools say of a command line that cannot be read.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Returns clap's text of an error with its first line in the words of Kafka's tools, where those
/// have words of their own. What follows it, such as the nearest option, stays.
#[must_use]
pub(crate) fn in_kafkas_words(error: &Error, text: String) -> String {
    let Some(sentence) = sentence_of(error) else { return text };
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    format!("error: {sentence}\n{rest}")
}

fn sentence_of(error: &Error) -> Option<String> {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let named = context(ContextKind::InvalidArg)?;
    let option = named.trim_start_matches('-');
    let option = option.split(['=', ' ', '[']).next().unwrap_or(option);
    match error.kind() {
        ErrorKind::UnknownArgument if named.starts_with('-') => {
            Some(format!("{option} is not a recognized option"))
        }
        ErrorKind::ArgumentConflict if context(ContextKind::PriorArg) == Some(named) => Some(
            format!("Found multiple arguments for option {option}, but you asked for only one"),
        ),
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg)?.trim_start_matches('-');
            let prior = prior.split(['=', ' ', '[']).next().unwrap_or(prior);
            Some(format!("Options --{prior} and --{option} cannot be specified together."))
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue) == Some("") => {
            Some(format!("Option {option} requires an argument"))
        }
        ErrorKind::ValueValidation => {
            let value = context(ContextKind::InvalidValue)?;
            Some(format!("Cannot parse argument '{value}' of option {option}"))
        }
        _ => None,
    }
}
