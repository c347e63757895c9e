//! The hidden call by which a shell asks: `streamctl --complete bash LINE WORD`.

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};

use crate::cli::environment::Environment;
use crate::cli::program::Program;
use crate::cli::terminal::Terminal;

use super::candidates::{Candidate, Completion, complete};
use super::command_line::{remainder, split};
use super::names::StoredNames;
use super::script::Shell;

/// The first word of such a call.
pub(super) const ASKED: &str = "--complete";

/// A line of the answer that stands for the directories which the shell knows. No stream, topic or
/// option is called so.
const DIRECTORIES: &str = ".";

/// Returns the shell that asks, if the words of a command line (the program's name first) are a
/// shell's question.
#[must_use]
pub(crate) fn is_asked(words: &[OsString]) -> Option<Shell> {
    let shell = words.get(2)?.to_str()?;
    if words.get(1)? != ASKED {
        return None;
    }
    Shell::ALL.into_iter().find(|known| known.name() == shell)
}

/// Answers: a candidate a line. Whatever goes wrong, nothing is printed and nobody is told.
pub(crate) fn answer(program: Program, shell: Shell, words: Vec<OsString>) {
    panic::set_hook(Box::new(|_| {}));
    let text = panic::catch_unwind(AssertUnwindSafe(|| lines(program, shell, words)));
    let Ok(Some(text)) = text else { return };
    if let Ok(terminal) = Terminal::open(None, true) {
        // Nobody is left to be told.
        let _ = terminal.write(text.as_bytes());
    }
}

fn lines(program: Program, shell: Shell, words: Vec<OsString>) -> Option<String> {
    let words = words.into_iter().skip(3).map(|word| word.into_string().ok());
    let mut words: Vec<String> = words.collect::<Option<_>>()?;
    let last = words.pop()?;
    let (line, held) = match shell {
        // bash cuts words where it likes, and replaces only the end of the word.
        Shell::Bash => (split(&words.pop()?), Some(last)),
        Shell::Zsh | Shell::Fish => {
            let mut line = split(&last);
            // A blank inside quotes is part of the word; without any there is none.
            if !line.before.is_empty() {
                return None;
            }
            line.before = words;
            (line, None)
        }
    };
    if line.is_redirected {
        return None;
    }
    let environment = Environment::read().ok()?;
    let mut command = program.command();
    command.build();
    let before = line.before.get(1..)?;
    let names = StoredNames::of(&environment);
    let found = match complete(&command, program.spelling(), before, &line.word, &names) {
        Completion::Words(found) => found,
        Completion::Directories => return Some(format!("{DIRECTORIES}\n")),
    };
    let mut text = String::new();
    for Candidate { text: word, help } in found {
        if word.contains(char::is_control) {
            continue;
        }
        match &held {
            Some(held) => text.push_str(&remainder(&line, held, &word)?),
            None => text.push_str(&word),
        }
        if let (None, Some(help)) = (&held, help) {
            text.push('\t');
            text.push_str(&program.spelling().respelt(&help));
        }
        text.push('\n');
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::is_asked;
    use crate::cli::complete::Shell;

    fn asked(line: &str) -> Option<Shell> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        is_asked(&words)
    }

    #[test]
    fn only_a_shell_that_is_known_asks() {
        assert_eq!(asked("streamctl --complete bash x y"), Some(Shell::Bash));
        assert_eq!(asked("streamctl --complete fish"), Some(Shell::Fish));
        assert_eq!(asked("streamctl --complete"), None);
        assert_eq!(asked("streamctl --complete tcsh"), None);
        assert_eq!(asked("streamctl stream --complete bash"), None);
    }
}
