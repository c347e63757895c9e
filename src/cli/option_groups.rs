//! The headings that the options of a console program stand under in its help.

use clap::{ArgAction, Command};

/// Headings, each with the options below it, in their order there.
///
/// The headings come in the order in which the program's definition first has an option of each.
pub(crate) type OptionGroups = &'static [(&'static str, &'static [&'static str])];

/// Puts every option below its heading, and lets flags be given twice, as Kafka's tools do.
#[must_use]
pub(crate) fn grouped(command: Command, groups: OptionGroups) -> Command {
    command.mut_args(|argument| {
        let argument = match argument.get_action() {
            ArgAction::SetTrue => {
                let own = argument.get_id().clone();
                argument.overrides_with(own)
            }
            _ => argument,
        };
        let mut options = all(groups).enumerate();
        match options.find(|(_, (_, name))| Some(*name) == argument.get_long()) {
            Some((at, (heading, _))) => argument.help_heading(heading).display_order(at),
            None => argument,
        }
    })
}

fn all(groups: OptionGroups) -> impl Iterator<Item = (&'static str, &'static str)> {
    groups.iter().flat_map(|(heading, names)| names.iter().map(move |name| (*heading, *name)))
}

/// Checks that each option is below one heading, and that the headings come as they are written.
#[cfg(test)]
pub(crate) fn assert_complete(command: &Command, groups: OptionGroups) {
    let mut named: Vec<&str> = all(groups).map(|(_, name)| name).collect();
    named.sort_unstable();
    let mut options: Vec<&str> = command.get_arguments().filter_map(|a| a.get_long()).collect();
    options.sort_unstable();
    assert_eq!(named, options);
    let mut headings: Vec<&str> = Vec::new();
    for heading in command.get_arguments().filter_map(clap::Arg::get_help_heading) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    let written: Vec<&str> = groups.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(headings, written, "the order of the definition");
}
