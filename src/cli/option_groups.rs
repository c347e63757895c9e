//! The headings that the options of a console program stand under, in help and on its page.

use clap::{Arg, ArgAction, Command};

/// Headings, each with the options below it, in their order there.
pub(crate) type OptionGroups = &'static [(&'static str, &'static [&'static str])];

/// Returns the definition of the program `name` with every option of `command` below its heading,
/// in the order of `groups`, behind what is given by position. Flags may be given twice, as with
/// Kafka's tools.
#[must_use]
pub(crate) fn grouped(name: &'static str, command: &Command, groups: OptionGroups) -> Command {
    let mut options: Vec<(Option<usize>, Arg)> =
        command.get_arguments().map(|option| placed(option.clone(), groups)).collect();
    options.sort_by_key(|(place, _)| *place);
    // The order of a definition is fixed, so this is another one.
    let mut ordered = Command::new(name)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(options.into_iter().map(|(_, option)| option));
    if let Some(about) = command.get_about() {
        ordered = ordered.about(about.clone());
    }
    if let Some(about) = command.get_long_about() {
        ordered = ordered.long_about(about.clone());
    }
    ordered
}

/// Returns an option with its heading and its place among all; what has no heading has no place.
fn placed(mut option: Arg, groups: OptionGroups) -> (Option<usize>, Arg) {
    if matches!(option.get_action(), ArgAction::SetTrue) {
        let own = option.get_id().clone();
        option = option.overrides_with(own);
    }
    let found = all(groups).enumerate().find(|(_, (_, name))| Some(*name) == option.get_long());
    match found {
        Some((place, (heading, _))) => {
            (Some(place), option.help_heading(heading).display_order(place))
        }
        None => (None, option),
    }
}

fn all(groups: OptionGroups) -> impl Iterator<Item = (&'static str, &'static str)> {
    groups.iter().flat_map(|(heading, names)| names.iter().map(move |name| (*heading, *name)))
}

/// Checks that each option is below one heading.
#[cfg(test)]
pub(crate) fn assert_complete(command: &Command, groups: OptionGroups) {
    let named: Vec<&str> = all(groups).map(|(_, name)| name).collect();
    let options: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
    assert_eq!(options, named);
}
