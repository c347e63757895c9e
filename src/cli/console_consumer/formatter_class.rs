//! Kafka's formatters, by the class names that they had in every version.

use crate::cli::failure::{Failure, printable};

/// What is made of each record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FormatterClass {
    /// Columns and separators.
    #[default]
    Default,
    /// Nothing: records are only counted.
    NoOp,
    /// As the default, and a line on standard error.
    Logging,
}

/// Packages and outer classes that formatters were in.
const PLACES: [&str; 2] = ["org.apache.kafka.tools.consumer.", "kafka.tools."];

/// Names of formatters, and what they mean.
const NAMES: [(&str, FormatterClass); 3] = [
    ("DefaultMessageFormatter", FormatterClass::Default),
    ("NoOpMessageFormatter", FormatterClass::NoOp),
    ("LoggingMessageFormatter", FormatterClass::Logging),
];

impl FormatterClass {
    /// The class that is named in lines of the log.
    pub(crate) const LOGGING: &'static str =
        "org.apache.kafka.tools.consumer.LoggingMessageFormatter";

    /// Returns the newest names of all formatters.
    pub(crate) fn class_names() -> impl Iterator<Item = String> {
        NAMES.iter().map(|(name, _)| format!("{}{name}", PLACES[0]))
    }

    /// Finds a formatter by the whole name of its class.
    ///
    /// # Errors
    ///
    /// There is none of this name: Kafka's message, which is the name, and what there is. Exit 2.
    pub(crate) fn from_class(class: &str) -> Result<Self, Failure> {
        let place = PLACES.iter().find_map(|place| class.strip_prefix(place));
        let found = place.and_then(|name| NAMES.iter().find(|(known, _)| *known == name));
        found.map(|(_, formatter)| *formatter).ok_or_else(|| {
            let known: Vec<String> = Self::class_names().collect();
            Failure::usage(format!("{}: there is no such formatter", printable(class)))
                .with_hint(format!("there are {}", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FormatterClass;

    #[test]
    fn a_formatter_has_a_name_of_each_era() {
        for (class, expected) in [
            ("org.apache.kafka.tools.consumer.DefaultMessageFormatter", FormatterClass::Default),
            ("kafka.tools.DefaultMessageFormatter", FormatterClass::Default),
            ("kafka.tools.NoOpMessageFormatter", FormatterClass::NoOp),
            ("org.apache.kafka.tools.consumer.NoOpMessageFormatter", FormatterClass::NoOp),
            ("kafka.tools.LoggingMessageFormatter", FormatterClass::Logging),
            (FormatterClass::LOGGING, FormatterClass::Logging),
        ] {
            assert_eq!(FormatterClass::from_class(class).unwrap(), expected, "{class}");
        }
        for class in ["", "DefaultMessageFormatter", "kafka.tools.ChecksumMessageFormatter"] {
            let failure = FormatterClass::from_class(class).unwrap_err();
            assert!(failure.to_string().starts_with(class), "{failure}");
            assert!(failure.hint.unwrap().contains("NoOpMessageFormatter"));
        }
    }
}
