//! What the options and properties of Kafka's tools do here: tables, and how they are shown.

use std::fmt::Write;

use crate::cli::failure::printable;

use super::properties::Properties;

/// What one option or property does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Its name, without dashes; `ssl.*` is all that begin with `ssl.`.
    pub(crate) name: &'static str,
    /// It changes something for a topic of a store.
    pub(crate) acts: bool,
    /// How it acts, or why it does not; no full stop.
    pub(crate) how: &'static str,
}

impl Effect {
    /// Makes an entry for what has a meaning here.
    pub(crate) const fn acts(name: &'static str, how: &'static str) -> Self {
        Self { name, acts: true, how }
    }

    /// Makes an entry for what is accepted and has no effect on a path.
    pub(crate) const fn none(name: &'static str, how: &'static str) -> Self {
        Self { name, acts: false, how }
    }
}

/// Some of the names, under a heading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EffectTable {
    /// Where these names may stand.
    pub(crate) heading: &'static str,
    /// What stands before each name: `--` for options.
    pub(crate) dashes: &'static str,
    /// The names, in the order of the alphabet.
    pub(crate) effects: &'static [Effect],
}

impl EffectTable {
    /// Finds a name.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<&'static Effect> {
        self.effects.iter().find(|effect| match effect.name.strip_suffix('*') {
            Some(front) => name.starts_with(front),
            None => effect.name == name,
        })
    }
}

/// Where the second column begins.
const NAME_WIDTH: usize = 42;

/// Returns the text of `--explain-options`: a line for each name, `acts` or `no effect`, and how;
/// then the same of what is set.
#[must_use]
pub(crate) fn explained<'p>(
    tables: &[EffectTable],
    set: impl IntoIterator<Item = (&'p EffectTable, &'p Properties)>,
) -> String {
    let mut text = String::new();
    for table in tables {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}:", table.heading);
        for effect in table.effects {
            let name = format!("{}{}", table.dashes, effect.name);
            let _ = writeln!(text, "{name:NAME_WIDTH$}{}: {}", word(effect.acts), effect.how);
        }
        if table.dashes.is_empty() {
            let _ = writeln!(text, "{:NAME_WIDTH$}{}", "any other", word(false));
        }
        text.push('\n');
    }
    text.push_str("Set by this command line and its files:\n");
    for (table, properties) in set {
        for (name, value) in properties.iter() {
            let acts = table.find(name).is_some_and(|effect| effect.acts);
            let pair = printable(&format!("{name}={value}"));
            let _ = writeln!(text, "{pair:NAME_WIDTH$}{}", word(acts));
        }
    }
    text
}

fn word(acts: bool) -> &'static str {
    if acts { "acts" } else { "no effect" }
}

#[cfg(test)]
mod tests {
    use super::{Effect, EffectTable, explained};
    use crate::cli::kafka_settings::Properties;

    #[test]
    fn each_name_has_a_line_in_columns() {
        const OPTIONS: EffectTable = EffectTable {
            heading: "Options",
            dashes: "--",
            effects: &[Effect::acts("topic", "names it")],
        };
        const PROPERTIES: EffectTable = EffectTable {
            heading: "Properties",
            dashes: "",
            effects: &[
                Effect::none("send.buffer.bytes", "there are no sockets"),
                Effect::none("ssl.*", "there are no connections"),
            ],
        };
        let mut set = Properties::default();
        set.set("ssl.protocol", "TLSv1.3");
        let text = explained(&[OPTIONS, PROPERTIES], [(&PROPERTIES, &set)]);
        let expected = [
            "Options:",
            "--topic                                   acts: names it",
            "",
            "Properties:",
            "send.buffer.bytes                         no effect: there are no sockets",
            "ssl.*                                     no effect: there are no connections",
            "any other                                 no effect",
            "",
            "Set by this command line and its files:",
            "ssl.protocol=TLSv1.3                      no effect",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
        assert!(OPTIONS.find("topic").is_some() && OPTIONS.find("x").is_none());
        assert!(PROPERTIES.find("ssl.protocol").is_some() && PROPERTIES.find("ssl").is_none());
    }
}
