//! How a command line may go on: a pure function of its words and a source of names.

use clap::{Arg, Command};

use crate::cli::dialect::{Spelling, WITHOUT_STREAM, find_option};

use super::names::Names;
use super::position::Position;
use super::values::{is_name, values};

/// A word that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The whole word. It goes on behind `/`, `:` and `=`.
    pub(super) text: String,
    /// What it means.
    pub(super) help: Option<String>,
}

/// What may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Completion {
    /// One of these words.
    Words(Vec<Candidate>),
    /// A directory outside the store, which the shell knows best.
    Directories,
}

/// Returns what may stand where `word` is typed so far, behind the words `before` it.
///
/// `program` is the definition of the program, built; `before` are the words behind its name.
#[must_use]
pub(super) fn complete(
    program: &Command,
    spelling: Spelling,
    before: &[String],
    word: &str,
    names: &dyn Names,
) -> Completion {
    let position = Position::behind(program, before);
    let mut found = Vec::new();
    if let Some(option) = position.waiting {
        match values(option, &position, word, names) {
            Completion::Words(words) => found.extend(words),
            Completion::Directories => return Completion::Directories,
        }
    }
    let options_may_come = !position.must_be_value && !position.options_are_over;
    if options_may_come && word.starts_with('-') {
        match word.split_once('=') {
            Some((option, typed)) => {
                let name = option.trim_start_matches('-');
                let option_found = find_option(position.command, name);
                match option_found.map(|option| values(option, &position, typed, names)) {
                    Some(Completion::Words(words)) => {
                        let whole = |value: Candidate| Candidate {
                            text: format!("{option}={}", value.text),
                            ..value
                        };
                        found.extend(words.into_iter().map(whole));
                    }
                    Some(Completion::Directories) | None => {}
                }
            }
            None => found.extend(options(&position, spelling, word)),
        }
    } else if !position.must_be_value {
        if position.positionals.is_empty() {
            found.extend(commands(position.command, word));
        }
        if let Some(place) = place_on_line(&position) {
            match values(place, &position, word, names) {
                Completion::Words(words) => found.extend(words),
                Completion::Directories => return Completion::Directories,
            }
        }
        if found.is_empty() && options_may_come && word.is_empty() {
            found.extend(options(&position, spelling, word));
        }
    }
    found.retain(|candidate| candidate.text.starts_with(word));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|candidate| seen.insert(candidate.text.clone()));
    Completion::Words(found)
}

/// Returns what stands next by position, unless an option has named the same already.
fn place_on_line<'c>(position: &Position<'c>) -> Option<&'c Arg> {
    let place = position.command.get_positionals().nth(position.positionals.len())?;
    let named = position.options.iter().any(|(option, _)| is_name(option));
    (!(named && is_name(place))).then_some(place)
}

/// Returns the options in the spelling that `word` begins with; behind a single dash, or without
/// any, as the program's help spells them.
fn options(position: &Position<'_>, spelling: Spelling, word: &str) -> Vec<Candidate> {
    let options = position.command.get_arguments();
    let shown = options.filter(|option| !option.is_hide_set() && position.may_take(option));
    let spelt = |option: &Arg| {
        let name = option.get_long()?;
        let dashes = match word {
            "" | "-" => spelling.dashes(name),
            _ if word.starts_with("--") => "--",
            _ => "-",
        };
        Some(Candidate { text: format!("{dashes}{name}"), help: first_line(option.get_help()) })
    };
    shown.filter_map(spelt).collect()
}

/// Returns the commands below `command`, and those that need no `stream` before them if `word`
/// begins one.
fn commands(command: &Command, word: &str) -> Vec<Candidate> {
    let told = |inner: &Command| Candidate {
        text: inner.get_name().to_owned(),
        help: first_line(inner.get_about()),
    };
    let visible = |inner: &&Command| !inner.is_hide_set();
    let mut found: Vec<Candidate> = command.get_subcommands().filter(visible).map(told).collect();
    if !word.is_empty()
        && let Some(stream) = command.find_subcommand("stream")
    {
        let short = stream.get_subcommands().filter(visible);
        found.extend(short.filter(|inner| WITHOUT_STREAM.contains(&inner.get_name())).map(told));
    }
    found
}

fn first_line(help: Option<&clap::builder::StyledStr>) -> Option<String> {
    help?.to_string().lines().next().map(str::to_owned)
}

#[cfg(test)]
mod tests;
