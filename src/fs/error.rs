//! An error of the operating system, with the path it was about.

use std::path::PathBuf;
use std::{error, fmt, io};

/// What an operation on files returns.
pub type Result<T> = std::result::Result<T, PathError>;

/// One call of the operating system that failed.
#[derive(Debug)]
pub struct PathError {
    /// What was tried, as a verb that fits behind "cannot": `open`, `sync`, `rename` …
    pub operation: &'static str,
    /// What it was tried on.
    pub path: PathBuf,
    /// Why it failed.
    pub source: io::Error,
}

impl PathError {
    /// Makes an error from its parts.
    pub fn new(
        operation: &'static str,
        path: impl Into<PathBuf>,
        source: impl Into<io::Error>,
    ) -> Self {
        Self { operation, path: path.into(), source: source.into() }
    }

    /// Returns what kind of error the operating system reported.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name may hold any byte; a line feed or an escape sequence must not reach a terminal.
        let path = self.path.to_string_lossy();
        if path.chars().any(char::is_control) {
            write!(f, "cannot {} `{}`", self.operation, path.escape_debug())
        } else {
            write!(f, "cannot {} `{path}`", self.operation)
        }
    }
}

impl error::Error for PathError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io;

    use super::PathError;

    #[test]
    fn the_message_names_operation_and_path_and_leaves_the_cause_to_the_chain() {
        let error = PathError::new("open", "/s/a b", io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(error.to_string(), "cannot open `/s/a b`");
        assert_eq!(error.source().unwrap().to_string(), "entity not found");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn control_characters_in_a_path_are_escaped() {
        let error = PathError::new("open", "a\u{1b}[2J\nb", io::Error::other("x"));
        assert_eq!(error.to_string(), "cannot open `a\\u{1b}[2J\\nb`");
    }
}
