//! `name=value` on the command line, and options that have an old and a new spelling.

use crate::cli::failure::Failure;

/// What a name without a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyValues {
    /// The value is the empty string, as in the console tools.
    Accepted,
    /// It is an error, as in the tools that change settings.
    Refused,
}

/// Splits `name=value` at the first `=`, as Kafka's tools do; a name alone has the empty value.
#[must_use]
pub(crate) fn name_and_value(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// Returns the pairs or the file given with an option that has a new and an old spelling, each with
/// its name, in the order in which Kafka's message has them.
///
/// # Errors
///
/// Both spellings were used, in Kafka's words: exit 2.
pub(crate) fn one_spelling<T>(
    (one_name, one): (&str, T),
    (other_name, other): (&str, T),
    is_given: impl Fn(&T) -> bool,
) -> Result<T, Failure> {
    match (is_given(&one), is_given(&other)) {
        (true, true) => Err(Failure::usage(format!(
            "Options --{one_name} and --{other_name} cannot be specified together."
        ))),
        (false, true) => Ok(other),
        _ => Ok(one),
    }
}

#[cfg(test)]
mod tests {
    use super::{name_and_value, one_spelling};

    #[test]
    fn pairs_are_split_at_the_first_sign() {
        assert_eq!(name_and_value("a==b"), ("a", "=b"));
        assert_eq!(name_and_value("a=b=c"), ("a", "b=c"));
        assert_eq!(name_and_value("a="), ("a", ""));
        assert_eq!(name_and_value("a"), ("a", ""));
        assert_eq!(name_and_value("=b"), ("", "b"));
    }

    #[test]
    fn a_pair_of_spellings_is_one_option() {
        let choose = |new: &str, old: &str| {
            let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            one_spelling(("new", list(new)), ("old", list(old)), |list| !list.is_empty())
                .map_err(|failure| failure.to_string())
        };
        assert_eq!(choose("a", "").unwrap(), ["a"]);
        assert_eq!(choose("", "b").unwrap(), ["b"]);
        assert!(choose("", "").unwrap().is_empty());
        let message = choose("a", "b").unwrap_err();
        assert_eq!(message, "Options --new and --old cannot be specified together.");
    }
}
