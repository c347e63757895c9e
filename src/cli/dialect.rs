//! Which way an argument is spelled: `-path`, `--path`, `-path=/s` and `--path=/s` are one.
//!
//! clap knows only two dashes before a long name. So the words are rewritten before clap sees
//! them, guided by clap's own model of the command line, and its errors are respelt afterwards
//! with the dash that was typed.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};

use super::failure::printable;

/// Commands that may be called without the word `stream` before them.
pub(super) const WITHOUT_STREAM: [&str; 6] =
    ["topic", "cursor", "assign", "copy", "replica", "upstream"];

/// Options that are not MapR's, shown with two dashes even where MapR's are shown with one.
const TWO_DASHES: [&str; 6] = ["help", "version", "color", "repair", "dry-run", "yes"];

/// Dashes that are no hyphen-minus, as slides and word processors make them.
const TYPOGRAPHIC_DASHES: [char; 5] = ['\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}'];

/// How a program's options are shown in help, messages and pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As in MapR's tool: `-path`.
    OneDash,
    /// As in Kafka's tools: `--topic`.
    TwoDashes,
}

impl Spelling {
    /// Returns the dashes that option `name` is shown with.
    #[must_use]
    pub fn dashes(self, name: &str) -> &'static str {
        match self {
            Self::OneDash if !TWO_DASHES.contains(&name) => "-",
            Self::OneDash | Self::TwoDashes => "--",
        }
    }

    /// Respells the options in a text of clap's, who always gives them two dashes.
    ///
    /// An option at the beginning of a line keeps its column: what it loses in front, it gets
    /// behind.
    #[must_use]
    pub fn respelt(self, text: &str) -> String {
        shown(text, self)
    }
}

/// A command line that clap understands, and what it was rewritten from.
#[derive(Debug, Default)]
pub(crate) struct Rewritten {
    /// The words, the program's name first.
    pub(crate) words: Vec<OsString>,
    /// Names (without dashes) that were typed with one dash.
    one_dash: BTreeSet<String>,
    /// The words that were typed with one dash, as they were rewritten.
    one_dash_words: BTreeSet<String>,
    /// A word that begins with a typographic dash.
    pub(crate) odd_dash: Option<String>,
}

/// Rewrites the words of a command line, the program's name first, for `command`.
///
/// `command` must be built. Values of options are kept as they are, and so is everything behind
/// `--`. An exact long name beats a cluster of one-letter options; an unknown word of several
/// letters behind one dash gets two, so that clap can name the nearest option.
#[must_use]
pub(crate) fn rewrite(command: &Command, words: impl IntoIterator<Item = OsString>) -> Rewritten {
    let mut rewritten = Rewritten::default();
    let mut words = words.into_iter();
    rewritten.words.extend(words.next());
    let mut command = command;
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if word == "--" {
            rewritten.words.push(word);
            rewritten.words.extend(words);
            break;
        }
        let Some(text) = word.to_str() else {
            rewritten.words.push(word);
            continue;
        };
        if text.starts_with(TYPOGRAPHIC_DASHES) && rewritten.odd_dash.is_none() {
            rewritten.odd_dash = Some(text.to_owned());
        }
        let Some((dashes, name, has_value)) = option_name(command, text) else {
            command = descend(command, text, &mut rewritten.words);
            rewritten.words.push(word);
            continue;
        };
        if dashes == 1 {
            rewritten.one_dash.insert(name.to_owned());
            rewritten.one_dash_words.insert(format!("-{text}"));
            rewritten.words.push(format!("-{text}").into());
        } else {
            rewritten.words.push(word.clone());
        }
        let Some(option) = find_option(command, name).filter(|_| !has_value) else { continue };
        let (least, most) = values_of(option);
        for count in 0..most {
            let taken = |next: &OsString| count < least || !looks_like_option(next);
            match words.next_if(taken) {
                Some(value) => rewritten.words.push(value),
                None => break,
            }
        }
    }
    rewritten
}

/// Splits a word that is to be a long option: its dashes, its name, and whether `=value` follows.
pub(super) fn option_name<'a>(command: &Command, text: &'a str) -> Option<(usize, &'a str, bool)> {
    let (dashes, body) = match text.strip_prefix("--") {
        Some(body) => (2, body),
        None => (1, text.strip_prefix('-')?),
    };
    let (name, has_value) = match body.split_once('=') {
        Some((name, _)) => (name, true),
        None => (body, false),
    };
    let is_long = dashes == 2
        || find_option(command, name).is_some()
        || (body.chars().count() > 1 && !is_number(body) && !is_cluster(command, body));
    (is_long && !name.is_empty()).then_some((dashes, name, has_value))
}

pub(super) fn find_option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|option| {
        option.get_long() == Some(name)
            || option.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
    })
}

/// Returns how few and how many words behind an option are its values.
pub(super) fn values_of(option: &Arg) -> (usize, usize) {
    match option.get_num_args() {
        Some(range) => (range.min_values(), range.max_values()),
        None if option.get_action().takes_values() => (1, 1),
        None => (0, 0),
    }
}

pub(super) fn looks_like_option(word: &OsStr) -> bool {
    word.len() > 1 && word.as_bytes().starts_with(b"-")
}

fn is_number(body: &str) -> bool {
    body.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// Tells whether each letter is a one-letter option: `-xz` may then mean `-x -z`.
fn is_cluster(command: &Command, body: &str) -> bool {
    body.chars().all(|letter| {
        command.get_arguments().any(|option| {
            option.get_short() == Some(letter)
                || option.get_all_short_aliases().is_some_and(|all| all.contains(&letter))
        })
    })
}

/// Goes down into the subcommand that `text` names, supplying the word `stream` if it was left out.
pub(super) fn descend<'a>(
    command: &'a Command,
    text: &str,
    words: &mut Vec<OsString>,
) -> &'a Command {
    if let Some(inner) = command.find_subcommand(text) {
        return inner;
    }
    if WITHOUT_STREAM.contains(&text)
        && let Some(stream) = command.find_subcommand("stream")
        && let Some(inner) = stream.find_subcommand(text)
    {
        words.push("stream".into());
        return inner;
    }
    command
}

/// Respells clap's error with the dashes that were typed, and where an option was not typed, with
/// those of `spelling`.
#[must_use]
pub(crate) fn respell(
    mut error: clap::Error,
    typed: &Rewritten,
    spelling: Spelling,
) -> clap::Error {
    let invalid_has_one_dash = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => typed.has_one_dash(word),
        _ => false,
    };
    let missing = error.kind() == clap::error::ErrorKind::MissingRequiredArgument;
    let dashes = |kind: ContextKind, word: &str| -> String {
        let Some(rest) = word.strip_prefix("--") else { return printable(word) };
        let name = long_name(rest);
        let one = match kind {
            ContextKind::SuggestedArg => invalid_has_one_dash,
            // Both spellings of a name may be on one line.
            _ if typed.words.iter().any(|typed| typed == word) => {
                typed.one_dash_words.contains(word)
            }
            ContextKind::InvalidArg if missing => spelling.dashes(name) == "-",
            _ => typed.one_dash.contains(name),
        };
        printable(if one { &word[1..] } else { word })
    };
    let cut = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => {
            typed.word_cut_to(word).map(|whole| (word.clone(), whole))
        }
        _ => None,
    };
    let respelt: Vec<(ContextKind, ContextValue)> = error
        .context()
        .filter_map(|(kind, value)| match (kind, value) {
            (ContextKind::InvalidArg, _) if cut.is_some() => {
                cut.as_ref().map(|(_, whole)| (kind, ContextValue::String(printable(whole))))
            }
            (ContextKind::InvalidValue, ContextValue::String(value)) => {
                Some((kind, ContextValue::String(printable(value))))
            }
            (ContextKind::Suggested, ContextValue::StyledStrs(tips)) => {
                let (part, whole) = cut.as_ref()?;
                let tip = |tip: &StyledStr| {
                    tip.ansi().to_string().replace(part, &printable(whole)).into()
                };
                Some((kind, ContextValue::StyledStrs(tips.iter().map(tip).collect())))
            }
            (
                ContextKind::InvalidArg
                | ContextKind::PriorArg
                | ContextKind::SuggestedArg
                | ContextKind::InvalidSubcommand,
                _,
            ) => {
                let value = match value {
                    ContextValue::String(word) => ContextValue::String(dashes(kind, word)),
                    ContextValue::Strings(all) => {
                        ContextValue::Strings(all.iter().map(|word| dashes(kind, word)).collect())
                    }
                    _ => return None,
                };
                Some((kind, value))
            }
            (ContextKind::Usage, ContextValue::StyledStr(usage)) => {
                let usage = spelling.respelt(&usage.ansi().to_string());
                Some((kind, ContextValue::StyledStr(StyledStr::from(usage))))
            }
            _ => None,
        })
        .collect();
    for (kind, value) in respelt {
        error.insert(kind, value);
    }
    if cut.is_none() && names_an_option(&error) {
        // That an option could be passed as a value is no help to who misspelled it.
        error.remove(ContextKind::Suggested);
    }
    error
}

/// Tells whether the word at fault was to be an option: it has dashes and is no number.
fn names_an_option(error: &clap::Error) -> bool {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => {
            let name = word.trim_start_matches('-');
            name.len() < word.len() && name.starts_with(char::is_alphabetic)
        }
        _ => false,
    }
}

impl Rewritten {
    fn has_one_dash(&self, word: &str) -> bool {
        word.strip_prefix("--").is_some_and(|rest| self.one_dash.contains(long_name(rest)))
    }

    /// Returns the word of which clap names only the first letter, for it takes what stands behind
    /// one dash for a cluster of letters: `-5m` would be `-5`.
    fn word_cut_to(&self, letter: &str) -> Option<String> {
        if letter.starts_with("--") || letter.chars().count() != 2 {
            return None;
        }
        let words = self.words.iter().skip(1).filter_map(|word| word.to_str());
        let mut may_be: Vec<&str> = words.filter(|word| word.starts_with(letter)).collect();
        // The letter alone was typed too: then it may well be meant.
        may_be.sort_by_key(|word| word.len());
        may_be.first().filter(|word| **word != letter).map(|word| (*word).to_owned())
    }

    /// Tells whether the option `name` was given, with either dash.
    #[must_use]
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.words
            .iter()
            .take_while(|word| *word != "--")
            .filter_map(|word| word.to_str()?.strip_prefix("--"))
            .any(|word| word == name)
    }
}

/// Returns the name at the front of an option without its dashes.
fn long_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c));
    &text[..end.unwrap_or(text.len())]
}

fn shown(text: &str, spelling: Spelling) -> String {
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        shown_line(line, spelling, &mut result);
    }
    result
}

fn shown_line(line: &str, spelling: Spelling, result: &mut String) {
    let mut rest = line;
    let mut owed_blanks = 0;
    while let Some(at) = rest.find("--") {
        let (before, after) = rest.split_at(at);
        let name = long_name(&after[2..]);
        let starts_word = ends_with_colour(before)
            || !before.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic());
        result.push_str(before);
        if starts_word && named && spelling.dashes(name) == "-" {
            let leads = result.rsplit('\n').next().is_some_and(is_blank_or_escape);
            owed_blanks += usize::from(leads);
            result.push('-');
        } else {
            result.push_str("--");
        }
        rest = &after[2..];
        // Between an option and its description clap leaves at least two blanks.
        if owed_blanks > 0
            && let Some(gap) = rest.find("  ")
        {
            result.push_str(&rest[..gap]);
            result.push_str(&" ".repeat(owed_blanks));
            owed_blanks = 0;
            rest = &rest[gap..];
        }
    }
    result.push_str(rest);
}

/// Tells whether a text ends with a colour code, such as `ESC [ 1 m`.
fn ends_with_colour(text: &str) -> bool {
    let Some(front) = text.strip_suffix('m') else { return false };
    let digits = |c: char| c.is_ascii_digit() || c == ';';
    front.trim_end_matches(digits).ends_with("\u{1b}[")
}

/// Tells whether a text shows nothing: blanks and colour codes only.
fn is_blank_or_escape(text: &str) -> bool {
    let mut in_escape = false;
    text.chars().all(|c| {
        if in_escape {
            in_escape = c != 'm';
            return true;
        }
        in_escape = c == '\u{1b}';
        in_escape || c == ' '
    })
}

#[cfg(test)]
mod tests;
