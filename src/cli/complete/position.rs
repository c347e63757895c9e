//! Where on a command line the cursor is: in which command, behind which option.

use clap::{Arg, ArgAction, Command};

use crate::cli::dialect::{descend, find_option, looks_like_option, option_name, values_of};

/// What the words before the cursor say.
#[derive(Debug)]
pub(super) struct Position<'c> {
    /// The innermost command that they name.
    pub(super) command: &'c Command,
    /// The option whose value may come next.
    pub(super) waiting: Option<&'c Arg>,
    /// That value must come: the option cannot do without.
    pub(super) must_be_value: bool,
    /// Words by position, behind the commands.
    pub(super) positionals: Vec<String>,
    /// Options given, each with the last of its values.
    pub(super) options: Vec<(&'c Arg, Option<String>)>,
    /// `--` was given: options are over.
    pub(super) options_are_over: bool,
}

impl<'c> Position<'c> {
    /// Reads the words between the program's name and the cursor. `program` must be built.
    #[must_use]
    pub(super) fn behind(program: &'c Command, words: &[String]) -> Self {
        let mut position = Self {
            command: program,
            waiting: None,
            must_be_value: false,
            positionals: Vec::new(),
            options: Vec::new(),
            options_are_over: false,
        };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            if position.options_are_over {
                position.positionals.push(word.clone());
                continue;
            }
            if word == "--" {
                position.options_are_over = true;
                continue;
            }
            let Some((_, name, has_value)) = option_name(position.command, word) else {
                position.take_word(word);
                continue;
            };
            let Some(option) = find_option(position.command, name) else { continue };
            let mut value = word.split_once('=').filter(|_| has_value).map(|(_, v)| v.to_owned());
            if !has_value {
                let (least, most) = values_of(option);
                let mut count = 0;
                let taken =
                    |count: usize, next: &str| count < least || !looks_like_option(next.as_ref());
                while count < most
                    && let Some(next) = words.next_if(|next| taken(count, next))
                {
                    value = Some(next.clone());
                    count += 1;
                }
                if count < most && words.peek().is_none() {
                    position.waiting = Some(option);
                    position.must_be_value = count < least;
                }
            }
            position.options.push((option, value));
        }
        position
    }

    /// Takes a word that is no option: a command, or something by position.
    fn take_word(&mut self, word: &str) {
        let inner = descend(self.command, word, &mut Vec::new());
        if std::ptr::eq(inner, self.command) {
            self.positionals.push(word.to_owned());
        } else {
            self.command = inner;
        }
    }

    /// Returns the value given for the option `name`.
    #[must_use]
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let given = self.options.iter().rev().find(|(option, _)| option.get_long() == Some(name));
        given?.1.as_deref()
    }

    /// Tells whether an option may still be given: it was not, or may be several times.
    #[must_use]
    pub(super) fn may_take(&self, option: &Arg) -> bool {
        let repeats = matches!(option.get_action(), ArgAction::Append | ArgAction::Count);
        repeats || !self.options.iter().any(|(given, _)| given.get_id() == option.get_id())
    }
}
