//! How a program ends: the exit statuses, and what is said when it did not succeed.

use std::fmt::{self, Display};

use anyhow::Error;

/// How a program ended; the same numbers in every program and under every name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Did what was asked. A closed pipe counts, and so does a `--timeout-ms` that ran out without
    /// an `--expect`.
    Done = 0,
    /// Failed, or any item failed.
    Failed = 1,
    /// The command line was wrong.
    Usage = 2,
    /// The stream, topic or partition named does not exist.
    NotFound = 3,
    /// What was to be made is there already.
    AlreadyExists = 4,
    /// The caller may not do this.
    NotPermitted = 5,
    /// An expected condition was not met.
    Unmet = 6,
    /// Stored data is damaged.
    Damaged = 7,
    /// Another process held a lock for too long.
    Busy = 8,
    /// Another process took over; what this one had was void.
    Fenced = 9,
    /// A bug in this program.
    Bug = 70,
    /// Interrupted from the keyboard (SIGINT).
    Interrupted = 130,
    /// Asked to end (SIGTERM).
    Terminated = 143,
}

impl Exit {
    /// Every exit status with its line in the manual pages, lowest first.
    pub const ALL: [(Self, &'static str); 13] = [
        (
            Self::Done,
            "Done. A closed pipe counts, and so does a --timeout-ms that ran out without --expect.",
        ),
        (Self::Failed, "Failed, or any item failed."),
        (Self::Usage, "The command line was wrong."),
        (Self::NotFound, "The stream, topic, partition or group does not exist."),
        (Self::AlreadyExists, "What was to be made exists already."),
        (Self::NotPermitted, "Not permitted."),
        (Self::Unmet, "An expected condition was not met."),
        (Self::Damaged, "Stored data is damaged."),
        (Self::Busy, "Busy: another process held a lock for too long, or a group has members."),
        (Self::Fenced, "Fenced: another process took over."),
        (Self::Bug, "A bug in this program."),
        (Self::Interrupted, "Interrupted by SIGINT."),
        (Self::Terminated, "Ended by SIGTERM."),
    ];

    /// Returns the number the shell sees.
    #[must_use]
    pub fn status(self) -> u8 {
        self as u8
    }

    /// Returns the error id that MapR's tools would print: an errno where one fits.
    #[must_use]
    pub fn mapr_id(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::NotFound => 2,
            Self::Interrupted | Self::Terminated => 4,
            Self::Damaged => 5,
            Self::NotPermitted => 13,
            Self::Busy => 16,
            Self::AlreadyExists => 17,
            Self::Usage => 22,
            Self::Fenced => 116,
            Self::Failed | Self::Unmet | Self::Bug => 10003,
        }
    }
}

/// Why a command did not succeed, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the shell is told.
    pub(crate) exit: Exit,
    /// What happened and where; its chain of causes is printed behind it.
    pub(crate) error: Error,
    /// A command that can be pasted, or a short advice; printed after `hint: `.
    pub(crate) hint: Option<String>,
    /// The options that the command cannot do without, if one of them is missing: then its usage
    /// is shown.
    pub(crate) required: &'static [&'static str],
}

impl Failure {
    /// Makes a failure of an error, whose causes are printed with it.
    #[must_use]
    pub(crate) fn new(exit: Exit, error: impl Into<Error>) -> Self {
        Self { exit, error: error.into(), hint: None, required: &[] }
    }

    /// Makes a failure of one sentence.
    #[must_use]
    pub(crate) fn message(exit: Exit, text: impl Display) -> Self {
        Self::new(exit, Error::msg(text.to_string()))
    }

    /// Makes a failure that is the caller's to mend on the command line.
    #[must_use]
    pub(crate) fn usage(text: impl Display) -> Self {
        Self::message(Exit::Usage, text)
    }

    /// Makes a failure of a command that lacks one of its `required` options.
    #[must_use]
    pub(crate) fn missing(text: impl Display, required: &'static [&'static str]) -> Self {
        Self { required, ..Self::usage(text) }
    }

    /// Makes the quiet end of a program whose reader went away: status 0 and not a word.
    #[must_use]
    pub(crate) fn closed_pipe() -> Self {
        Self::message(Exit::Done, "the reader of standard output went away")
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// True if the program is to end without a word.
    #[must_use]
    pub(crate) fn is_quiet(&self) -> bool {
        self.exit == Exit::Done
    }
}

impl Display for Failure {
    /// One line: the error and its causes, control characters made visible.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&without_numbers(&format!("{:#}", self.error))))
    }
}

/// Drops what the standard library adds to the system's words: ` (os error 28)`.
fn without_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(" (os error ") {
        shown.push_str(before);
        rest = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        rest = rest.strip_prefix(')').unwrap_or(rest);
    }
    shown.push_str(rest);
    shown
}

/// Returns `text` with control characters made visible, so that a name from a command line or a
/// disk can neither break a line nor steer a terminal.
#[must_use]
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Exit, Failure, printable};

    #[test]
    fn every_status_is_listed_once_and_rising() {
        let numbers: Vec<u8> = Exit::ALL.iter().map(|(exit, _)| exit.status()).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 70, 130, 143]);
    }

    #[test]
    fn a_failure_is_one_line_with_its_causes() {
        let cause = std::io::Error::other("no space left");
        let error = anyhow::Error::new(cause).context("cannot write `/a\nb`");
        let failure = Failure::new(Exit::Failed, error);
        assert_eq!(failure.to_string(), "cannot write `/a\\nb`: no space left");
    }

    #[test]
    fn the_system_speaks_in_words() {
        let full = std::io::Error::from_raw_os_error(28);
        let failure = Failure::new(Exit::Failed, anyhow::Error::new(full).context("cannot write"));
        assert_eq!(failure.to_string(), "cannot write: No space left on device");
    }

    #[test]
    fn escape_sequences_are_shown_and_letters_kept() {
        assert_eq!(printable("é\x1b[31m"), "é\\u{1b}[31m");
    }
}
