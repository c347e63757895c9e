//! `--on-error` of the console programs.

use clap::ValueEnum;

/// What becomes of a record that cannot be taken, read or printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Stop before it
    #[default]
    Stop,
    /// Tell of it and go on behind it
    Skip,
}
