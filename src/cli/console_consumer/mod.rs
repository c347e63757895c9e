//! `console-consumer`: the records of a topic become lines on standard output.

mod arguments;
mod format;
pub(crate) mod formatter;
mod properties;
mod run;

pub(crate) use arguments::{command, run};
