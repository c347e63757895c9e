//! The only place that writes to standard output and standard error.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;

use super::failure::{Exit, Failure, printable};

/// Whether colour was asked for on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, even into a file.
    Always,
    /// Never.
    Never,
}

/// The two output streams of a program and what is known of them.
///
/// Nothing is buffered here: a call returns when the kernel has the bytes.
#[derive(Debug)]
pub(crate) struct Terminal {
    output: File,
    /// Standard output is a terminal.
    pub(crate) output_is_terminal: bool,
    /// Standard error is a terminal.
    pub(crate) error_is_terminal: bool,
    /// Standard input is a terminal.
    pub(crate) input_is_terminal: bool,
    /// Columns of the terminal; 80 if nobody knows.
    pub(crate) width: u16,
    /// What `NO_COLOR` and `--color` say together.
    pub(crate) colour: Colour,
}

impl Terminal {
    /// Looks at the three standard streams. `columns` is the width asked for by the environment.
    ///
    /// # Errors
    ///
    /// Standard output cannot be used at all.
    pub(crate) fn open(columns: Option<u16>, no_colour: bool) -> Result<Self, Failure> {
        let stdout = io::stdout();
        let output = stdout.as_fd().try_clone_to_owned().map(File::from).map_err(cannot_write)?;
        let width = columns
            .or_else(|| rustix::termios::tcgetwinsize(&output).ok().map(|size| size.ws_col))
            .filter(|columns| *columns > 0)
            .unwrap_or(80);
        Ok(Self {
            output_is_terminal: output.is_terminal(),
            error_is_terminal: io::stderr().is_terminal(),
            input_is_terminal: io::stdin().is_terminal(),
            output,
            width,
            colour: if no_colour { Colour::Never } else { Colour::Auto },
        })
    }

    /// True if standard output may be coloured.
    #[must_use]
    pub(crate) fn colours_output(&self) -> bool {
        match self.colour {
            Colour::Auto => self.output_is_terminal,
            Colour::Always => true,
            Colour::Never => false,
        }
    }

    /// True if standard error may be coloured.
    #[must_use]
    pub(crate) fn colours_errors(&self) -> bool {
        match self.colour {
            Colour::Auto => self.error_is_terminal,
            Colour::Always => true,
            Colour::Never => false,
        }
    }

    /// Writes data to standard output; on return the kernel has it.
    ///
    /// # Errors
    ///
    /// The reader is gone: a failure that is quiet and ends the program with 0. Anything else, such
    /// as a full disk: exit 1; part of `bytes` may have been written.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        (&self.output).write_all(bytes).map_err(cannot_write)
    }

    /// Writes data to standard output from another thread than the one that holds the terminal.
    ///
    /// # Errors
    ///
    /// The process has no file descriptors left.
    pub(crate) fn writer(&self) -> Result<File, Failure> {
        self.output.try_clone().map_err(cannot_write)
    }

    /// Writes one line to standard error. Trouble there has no place to be told, so it is ignored.
    pub(crate) fn note(&self, text: &str) {
        complain(&format!("{text}\n"));
    }

    /// Writes a question to standard error; the answer goes on in its line.
    pub(crate) fn ask(&self, text: &str) {
        complain(text);
    }

    /// Shows the prompt of an interactive program on standard output.
    ///
    /// # Errors
    ///
    /// As [`Terminal::write`].
    pub(crate) fn prompt(&self, text: &str) -> Result<(), Failure> {
        self.write(text.as_bytes())
    }
}

/// Turns an error of standard output into the way the program ends.
#[must_use]
pub(crate) fn cannot_write(error: io::Error) -> Failure {
    if error.kind() == ErrorKind::BrokenPipe {
        return Failure::closed_pipe();
    }
    Failure::new(Exit::Failed, anyhow::Error::new(error).context("cannot write standard output"))
}

/// Writes text to standard error in one go. Trouble there is ignored.
pub(crate) fn complain(text: &str) {
    // Nobody is left to be told.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Writes a failure the way the program's name calls for.
pub(crate) fn report(name: &str, style: MessageStyle, failure: &Failure) {
    if failure.is_quiet() {
        return;
    }
    let mut text = match style {
        MessageStyle::Own => format!("{name}: {failure}\n"),
        MessageStyle::Mapr => format!("ERROR ({}) -  {failure}\n", failure.exit.mapr_id()),
    };
    if let Some(hint) = &failure.hint {
        text.push_str("hint: ");
        text.push_str(&printable(hint));
        text.push('\n');
    }
    complain(&text);
}

/// How a failure is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageStyle {
    /// `streamctl: what happened`.
    Own,
    /// `ERROR (2) -  what happened`, with an errno-like id.
    Mapr,
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Exit, cannot_write};

    #[test]
    fn a_gone_reader_is_no_failure_but_a_full_disk_is() {
        assert_eq!(cannot_write(io::ErrorKind::BrokenPipe.into()).exit, Exit::Done);
        let full = cannot_write(io::ErrorKind::StorageFull.into());
        assert_eq!(full.exit, Exit::Failed);
        assert!(full.to_string().starts_with("cannot write standard output: "));
    }
}
