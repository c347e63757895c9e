//! How a command is used, in the layout of MapR's tool: its words, then one line an option.

use clap::{Arg, ArgMatches, Command};

use super::dialect::Spelling;

/// Returns how to use the command that `matches` are of; the options in `required` come first.
#[must_use]
pub(crate) fn usage_of(
    command: &Command,
    matches: &ArgMatches,
    required: &[&str],
    spelling: Spelling,
) -> String {
    let mut text = String::new();
    let (mut leaf, mut matches) = (command, matches);
    while let Some((name, inner)) = matches.subcommand() {
        let Some(found) = leaf.find_subcommand(name) else { break };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(name);
        (leaf, matches) = (found, inner);
    }
    text.push('\n');
    let options = || {
        let own = |option: &&Arg| !option.is_global_set() && !option.is_hide_set();
        let named = |option: &Arg| option.get_long().filter(|name| *name != "help").is_some();
        leaf.get_arguments().filter(own).filter(move |option| named(option))
    };
    let is_required = |option: &Arg| option.get_long().is_some_and(|name| required.contains(&name));
    for option in options().filter(|option| is_required(option)) {
        text.push_str(&format!("\t {} \n", shown(option, spelling)));
    }
    for option in options().filter(|option| !is_required(option)) {
        text.push_str(&format!("\t[ {} ]\n", shown(option, spelling)));
    }
    text
}

/// Returns an option with its value and its default.
fn shown(option: &Arg, spelling: Spelling) -> String {
    let name = option.get_long().unwrap_or_default();
    let mut text = format!("{}{name}", spelling.dashes(name));
    if !option.get_action().takes_values() {
        return text;
    }
    for value in option.get_value_names().unwrap_or_default() {
        text.push_str(&format!(" <{value}>"));
    }
    let help = option.get_help().map(ToString::to_string).unwrap_or_default();
    if let Some((_, rest)) = help.split_once("[default: ")
        && let Some((default, _)) = rest.split_once(']')
    {
        text.push_str(&format!(" default:{default}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command};

    use super::usage_of;
    use crate::cli::dialect::Spelling;

    #[test]
    fn the_layout_is_that_of_the_real_tool() {
        let option = |name: &'static str| Arg::new(name).long(name);
        let create = Command::new("create")
            .arg(option("ttl").value_name("SECONDS").help("Keep so long [default: 604800]"))
            .arg(option("path").value_name("STREAM"))
            .arg(option("dry-run").action(ArgAction::SetTrue))
            .arg(option("secret").hide(true))
            .arg(Arg::new("position"));
        let mut command =
            Command::new("streamctl").subcommand(Command::new("stream").subcommand(create));
        command.build();
        let matches =
            command.clone().try_get_matches_from(["streamctl", "stream", "create"]).unwrap();
        assert_eq!(
            usage_of(&command, &matches, &["path"], Spelling::OneDash),
            "stream create\n\t -path <STREAM> \n\t[ -ttl <SECONDS> default:604800 ]\n\t[ --dry-run ]\n"
        );
    }
}
