//! What the options and properties of Kafka's tools do here: tables, and how they are shown.

use std::fmt::Write;

use clap::{Arg, Command};

use crate::cli::failure::printable;

use super::properties::Properties;

/// Whether something has an effect on a topic of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// It changes something.
    Something,
    /// It is accepted, and nothing depends on it.
    Nothing,
    /// A value other than the empty one is an error.
    Refuse,
}

impl Does {
    fn word(self) -> &'static str {
        match self {
            Self::Something => "acts",
            Self::Nothing => "no effect",
            Self::Refuse => "refused",
        }
    }
}

/// What one property does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Its name; `ssl.*` is all that begin with `ssl.`.
    pub(crate) name: &'static str,
    does: Does,
    /// How it acts, or why it does not; no capital, no full stop.
    how: &'static str,
}

impl Effect {
    /// Makes an entry for what has a meaning here.
    pub(crate) const fn acts(name: &'static str, how: &'static str) -> Self {
        Self { name, does: Does::Something, how }
    }

    /// Makes an entry for what is accepted and has no effect on a path.
    pub(crate) const fn none(name: &'static str, how: &'static str) -> Self {
        Self { name, does: Does::Nothing, how }
    }

    /// Makes an entry for what is an error.
    pub(crate) const fn refused(name: &'static str, how: &'static str) -> Self {
        Self { name, does: Does::Refuse, how }
    }
}

/// The properties of one thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EffectTable {
    /// What they are properties of, and the options that set them.
    pub(crate) heading: &'static str,
    /// The properties, in the order of the alphabet.
    pub(crate) effects: &'static [Effect],
}

impl EffectTable {
    /// Returns the properties that act, each with how; those that stand for several are left out.
    pub(crate) fn acting(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let act = |it: &&Effect| it.does == Does::Something && !it.name.ends_with('*');
        self.effects.iter().filter(act).map(|effect| (effect.name, effect.how))
    }

    /// Finds a property.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<&'static Effect> {
        self.effects.iter().find(|effect| match effect.name.strip_suffix('*') {
            Some(front) => name.starts_with(front),
            None => effect.name == name,
        })
    }
}

/// Why settings of connections have no effect.
pub(crate) const NO_NETWORK: &str = "there is no network between";
/// Why classes have none.
pub(crate) const NO_CODE: &str = "classes of Java cannot be run";
/// Why settings of what is remembered about topics have none.
pub(crate) const NO_METADATA: &str = "topics and partitions are looked up as they change";
/// Why settings of metrics have none.
pub(crate) const NO_METRICS: &str = "there are no metrics to report";

/// The width of the first column.
const NAME_WIDTH: usize = 41;
/// How the help of an option ends that has no effect.
const WITHOUT_EFFECT: &str = "; without effect";

/// Returns the text of `--explain-options`: a line for each option of `command` and for each
/// property, `acts`, `no effect` or `refused`, and how; then the same of the properties that are
/// set.
///
/// What an option does is what its help says, which ends with "without effect" if it has none.
#[must_use]
pub(crate) fn explained<'p>(
    command: &Command,
    tables: &[EffectTable],
    set: impl IntoIterator<Item = (&'p EffectTable, &'p Properties)>,
) -> String {
    let mut options: Vec<&Arg> =
        command.get_arguments().filter(|option| option.get_long().is_some()).collect();
    options.sort_by_key(|option| option.get_long());
    let mut text = String::from("Options:\n");
    for option in options {
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        let (does, how) = match help.strip_suffix(WITHOUT_EFFECT) {
            Some(how) => (Does::Nothing, how),
            None => (Does::Something, help.as_str()),
        };
        let name = format!("--{}", option.get_long().unwrap_or_default());
        write_line(&mut text, &name, does, &uncapitalized(how));
    }
    for table in tables {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{}:", table.heading);
        for effect in table.effects {
            write_line(&mut text, effect.name, effect.does, effect.how);
        }
        write_line(&mut text, "any other", Does::Nothing, "");
    }
    text.push_str("\nSet by this command line and its files:\n");
    for (table, properties) in set {
        for (name, value) in properties.iter() {
            let does = table.find(name).map_or(Does::Nothing, |effect| effect.does);
            write_line(&mut text, &printable(&format!("{name}={value}")), does, "");
        }
    }
    text
}

fn write_line(text: &mut String, name: &str, does: Does, how: &str) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{name:NAME_WIDTH$} {}", does.word());
    if !how.is_empty() {
        let _ = write!(text, ": {how}");
    }
    text.push('\n');
}

fn uncapitalized(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(characters)
        .collect()
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};

    use super::{Effect, EffectTable, explained};
    use crate::cli::kafka_settings::Properties;

    #[test]
    fn each_name_has_a_line_in_columns() {
        const PROPERTIES: EffectTable = EffectTable {
            heading: "Properties",
            effects: &[
                Effect::none("send.buffer.bytes", "there are no sockets"),
                Effect::none("ssl.*", "there are no connections"),
                Effect::refused("transactional.id", "there are no transactions yet"),
            ],
        };
        let command = Command::new("x")
            .arg(Arg::new("place"))
            .arg(Arg::new("topic").long("topic").help("Name it"))
            .arg(Arg::new("retries").long("retries").help("Try again; without effect"));
        let mut set = Properties::default();
        set.set("ssl.protocol", "TLSv1.3");
        let text = explained(&command, &[PROPERTIES], [(&PROPERTIES, &set)]);
        let expected = [
            "Options:",
            "--retries                                 no effect: try again",
            "--topic                                   acts: name it",
            "",
            "Properties:",
            "send.buffer.bytes                         no effect: there are no sockets",
            "ssl.*                                     no effect: there are no connections",
            "transactional.id                          refused: there are no transactions yet",
            "any other                                 no effect",
            "",
            "Set by this command line and its files:",
            "ssl.protocol=TLSv1.3                      no effect",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
        assert!(PROPERTIES.find("ssl.protocol").is_some() && PROPERTIES.find("ssl").is_none());
    }
}
