//! The places that properties come from: files, pairs in new and old spelling, options.

use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::kafka_settings::{EmptyValues, Properties, one_spelling};
use crate::cli::session::Session;

use super::formatter::Formatter;
use super::formatter_class::FormatterClass;
use super::kafka_options::KafkaOptions;
use super::properties::note_unknown;

/// Everything on the command line that sets properties.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'a> {
    pub(super) command_property: &'a [String],
    pub(super) consumer_property: &'a [String],
    pub(super) formatter_property: &'a [String],
    pub(super) property: &'a [String],
    pub(super) kafka: &'a KafkaOptions,
}

impl Sources<'_> {
    /// Returns the properties of the consumer: those of the file, and those of the pairs.
    ///
    /// # Errors
    ///
    /// Old and new spelling are mixed (exit 2), or the file cannot be read (exit 1).
    pub(super) fn of_consumer(
        &self,
        session: &Session,
    ) -> Result<(Properties, Properties), Failure> {
        let (old, new) = (self.consumer_property, self.command_property);
        let (old_file, new_file) = (&self.kafka.consumer_config, &self.kafka.command_config);
        let pairs = one_spelling(("consumer-property", old), ("command-property", new), are_given)?;
        let config = one_spelling(
            ("consumer.config", old_file.as_deref()),
            ("command-config", new_file.as_deref()),
            Option::is_some,
        )?;
        note_old(session, "consumer-property", !old.is_empty(), "command-property");
        note_old(session, "consumer.config", old_file.is_some(), "command-config");
        let option = if new_file.is_some() { "command-config" } else { "consumer.config" };
        let file = match config {
            Some(path) => Properties::from_file(option, path)?,
            None => Properties::default(),
        };
        let pairs = Properties::from_pairs(pairs, EmptyValues::Accepted)?;
        note_unknown(&file, session);
        note_unknown(&pairs, session);
        Ok((file, pairs))
    }

    /// Returns what is made of records; the properties of `also` beat all others.
    ///
    /// # Errors
    ///
    /// There is no such formatter, old and new spelling are mixed (exit 2), or the file cannot be
    /// read (exit 1).
    pub(super) fn of_formatter<'a>(
        &self,
        session: &Session,
        also: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(FormatterClass, Formatter), Failure> {
        let class = match &self.kafka.formatter {
            Some(class) => FormatterClass::from_class(class)?,
            None => FormatterClass::default(),
        };
        let mut properties = self.formatter_properties(session)?;
        for (name, value) in also {
            properties.set(name, value);
        }
        let formatter = Formatter::from_properties(properties.iter());
        if class != FormatterClass::NoOp {
            for complaint in formatter.complaints() {
                session.terminal.note(&format!("{}: {complaint}", session.name));
            }
        }
        Ok((class, formatter))
    }

    /// Returns the properties of the formatter, which options beat.
    ///
    /// # Errors
    ///
    /// Old and new spelling are mixed (exit 2), or the file cannot be read (exit 1).
    pub(super) fn formatter_properties(&self, session: &Session) -> Result<Properties, Failure> {
        let (old, new) = (self.property, self.formatter_property);
        let pairs = one_spelling(("property", old), ("formatter-property", new), are_given)?;
        note_old(session, "property", !old.is_empty(), "formatter-property");
        let mut all = match self.kafka.formatter_config.as_deref() {
            Some(path) => Properties::from_file("formatter-config", Path::new(path))?,
            None => Properties::default(),
        };
        all.override_with(Properties::from_pairs(pairs, EmptyValues::Accepted)?);
        for (name, class) in [
            ("key.deserializer", &self.kafka.key_deserializer),
            ("value.deserializer", &self.kafka.value_deserializer),
        ] {
            if let Some(class) = class.as_deref().filter(|class| !class.is_empty()) {
                all.set(name, class);
            }
        }
        Ok(all)
    }
}

fn are_given(pairs: &&[String]) -> bool {
    !pairs.is_empty()
}

/// Says in Kafka's words that a spelling is old. (Kafka says it on standard output.)
fn note_old(session: &Session, old: &str, is_given: bool, new: &str) {
    if is_given {
        session.terminal.note(&format!(
            "Option --{old} is deprecated and will be removed in a future version. Use --{new} \
             instead."
        ));
    }
}
