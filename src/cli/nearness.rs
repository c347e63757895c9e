//! Commands that may have been meant by a word that is none.

use clap::Command;

use super::dialect::WITHOUT_STREAM;

/// Returns the commands, as they are typed, whose last word is `word` or nearly so.
///
/// `root` is the program's definition. Those that carry the very word beat those that are near.
#[must_use]
pub(super) fn commands_near(root: &Command, word: &str) -> Vec<String> {
    let mut all = Vec::new();
    collect(root, "", &mut all);
    let last = |path: &String| path.rsplit(' ').next().unwrap_or_default().to_owned();
    let exact: Vec<String> = all.iter().filter(|path| last(path) == word).cloned().collect();
    if !exact.is_empty() {
        return exact;
    }
    // Near a verb there are many; near a group there is one.
    all.retain(|path| !path.contains(' ') && distance(path, word) <= path.len() / 3);
    all
}

/// Lists commands with the words before them; the word `stream` is left out where it may be.
fn collect(command: &Command, before: &str, all: &mut Vec<String>) {
    for inner in command.get_subcommands() {
        let name = inner.get_name();
        if inner.is_hide_set() || name == "help" {
            continue;
        }
        let path = match before {
            "" => name.to_owned(),
            "stream" if WITHOUT_STREAM.contains(&name) => name.to_owned(),
            before => format!("{before} {name}"),
        };
        collect(inner, &path, all);
        all.push(path);
    }
}

/// Returns how many letters have to be put in, taken out or changed to turn one word into another.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (index, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(row[index] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{commands_near, distance};
    use crate::cli::Program;

    #[test]
    fn a_verb_without_its_group_finds_its_groups() {
        let mut command = Program::Streamctl.command();
        command.build();
        let near = |word: &str| commands_near(&command, word);
        assert_eq!(near("purge"), ["stream purge"]);
        assert!(near("create").contains(&"topic create".to_owned()));
        assert!(near("create").contains(&"stream create".to_owned()));
        assert_eq!(near("topics"), ["topic"]);
        assert_eq!(near("cursors"), ["cursor"]);
        assert_eq!(near("xyzzy"), [""; 0]);
        assert_eq!(near("replica"), [""; 0], "hidden");
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
