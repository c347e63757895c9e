//! `console-consumer`: the records of a topic become lines on standard output.

mod arguments;
pub(crate) mod formatter;
mod properties;
mod run;

pub(crate) use arguments::{command, run};
