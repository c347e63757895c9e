//! `--explain-options`: what every option and property does here.

use std::fmt::Write;

use crate::cli::kafka_settings::Properties;

use super::effects::{Effect, Line, OPTIONS, PROPERTIES, READER_PROPERTIES, property};

/// Where the second column begins.
const NAME_WIDTH: usize = 42;

/// Returns the table of effects, and what is set of it by options, pairs and files together.
pub(super) fn explained(producer: &Properties, reader: &Properties) -> String {
    let mut text = String::from("Options:\n");
    for line in OPTIONS {
        write_line(&mut text, "--", line);
    }
    text.push_str("\nProperties (--command-property, --command-config):\n");
    for line in PROPERTIES {
        write_line(&mut text, "", line);
    }
    let _ = writeln!(text, "{:NAME_WIDTH$}{}", "any other", Effect::Nothing.word());
    text.push_str("\nReader properties (--reader-property, --reader-config):\n");
    for line in READER_PROPERTIES {
        write_line(&mut text, "", line);
    }
    let _ = writeln!(text, "{:NAME_WIDTH$}{}", "any other", Effect::Nothing.word());
    text.push_str("\nSet by this command line and its files:\n");
    for (name, value) in producer.iter() {
        let effect = property(name).map_or(Effect::Nothing, |line| line.effect);
        let _ = writeln!(text, "{:NAME_WIDTH$}{}", format!("{name}={value}"), effect.word());
    }
    for (name, value) in reader.iter() {
        let known = READER_PROPERTIES.iter().find(|line| line.name == name);
        let effect = known.map_or(Effect::Nothing, |line| line.effect);
        let _ = writeln!(text, "{:NAME_WIDTH$}{}", format!("{name}={value}"), effect.word());
    }
    text
}

fn write_line(text: &mut String, dashes: &str, line: &Line) {
    let name = format!("{dashes}{}", line.name);
    // Writing to a String cannot fail.
    let _ = write!(text, "{name:NAME_WIDTH$}{}", line.effect.word());
    if !line.says.is_empty() {
        let _ = write!(text, ": {}", line.says);
    }
    text.push('\n');
}
