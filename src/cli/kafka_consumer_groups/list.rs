//! `kafka-consumer-groups --list`.

use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;

use super::arguments::Arguments;
use super::scope::Scope;
use super::table::NAME_WIDTH;

const STATES: [&str; 7] = [
    "PreparingRebalance",
    "CompletingRebalance",
    "Stable",
    "Dead",
    "Empty",
    "Assigning",
    "Reconciling",
];

const TYPES: [&str; 2] = ["Classic", "Consumer"];

/// The type of every group: its members are given partitions by epochs of the group.
const TYPE: &str = "Consumer";

/// Lists the groups.
///
/// # Errors
///
/// A state or a type that is none (exit 2), or what the store meets.
pub(super) fn run(
    arguments: &Arguments,
    scope: &Scope,
    session: &Session,
) -> Result<Exit, Failure> {
    let shown = &arguments.shown;
    let states = shown.state.as_deref().map(|text| chosen(text, "state", &STATES)).transpose()?;
    let types = shown.kind.as_deref().map(|text| chosen(text, "types", &TYPES)).transpose()?;
    let holds = |wanted: &Option<Vec<&str>>, word: &str| {
        wanted.as_ref().is_none_or(|words| words.is_empty() || words.contains(&word))
    };
    let found = scope.found(scope.open(session)?.as_ref())?;
    let groups: Vec<(String, &str)> = found
        .into_iter()
        .filter_map(|(name, group)| Some((scope.shown_group(&name), group?.phase.name())))
        .filter(|(_, state)| holds(&states, state) && holds(&types, TYPE))
        .collect();
    let mut text = String::new();
    if states.is_none() && types.is_none() {
        for (name, _) in &groups {
            text.push_str(name);
            text.push('\n');
        }
    } else {
        let widest = groups.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let width = widest.max(NAME_WIDTH) + 10;
        let mut line = |name: &str, kind: &str, state: &str| {
            text.push_str(&format!("{name:width$}"));
            for word in [types.is_some().then_some(kind), states.is_some().then_some(state)] {
                text.extend(word.map(|word| format!(" {word:20}")));
            }
            text.push('\n');
        };
        line("GROUP", "TYPE", "STATE");
        for (name, state) in &groups {
            line(name, TYPE, state);
        }
    }
    session.terminal.write(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Reads a list of words, in whatever case; empty if there is none.
fn chosen(text: &str, what: &str, known: &[&'static str]) -> Result<Vec<&'static str>, Failure> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    // Java leaves out what is empty at the end.
    let words = text.trim_end_matches(',').split(',').map(str::trim);
    let find = |word: &str| known.iter().copied().find(|name| name.eq_ignore_ascii_case(word));
    let found: Option<Vec<&str>> = words.map(find).collect();
    found.ok_or_else(|| {
        let valid = if what == "state" { "states" } else { what };
        Failure::usage(format!(
            "Invalid {what} list '{text}'. Valid {valid} are: {}",
            known.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{STATES, TYPES, chosen};

    #[test]
    fn section_19_lists() {
        let states = |text| chosen(text, "state", &STATES).map_err(|error| error.to_string());
        let types = |text| chosen(text, "types", &TYPES).map_err(|error| error.to_string());
        assert_eq!(states("Stable").unwrap(), ["Stable"], "19.1");
        assert_eq!(states("stable").unwrap(), ["Stable"]);
        let both = states("Dead,CompletingRebalance,").unwrap();
        assert_eq!(both, ["Dead", "CompletingRebalance"], "19.3");
        for text in ["bad, wrong", "  bad, Stable", "   ,   ,"] {
            let invalid = format!("Invalid state list '{text}'. Valid states are: ");
            assert!(states(text).unwrap_err().starts_with(&invalid), "19.5");
        }
        assert_eq!(types("consumer, Classic").unwrap(), ["Consumer", "Classic"]);
        for text in ["Share", "streams", "bad, wrong", "  bad, generic", "   ,   ,"] {
            let invalid =
                format!("Invalid types list '{text}'. Valid types are: Classic, Consumer");
            assert_eq!(types(text).unwrap_err(), invalid, "19.7");
        }
    }
}
