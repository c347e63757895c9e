//! `console-consumer`: the records of a topic become lines on standard output.

mod arguments;
pub(crate) mod deserializer;
pub(crate) mod effects;
mod explain;
mod filter;
mod format;
pub(crate) mod formatter;
pub(crate) mod formatter_class;
mod group_options;
mod kafka_options;
mod properties;
mod reading;
mod run;
mod select;
mod sources;
mod watching;

pub(crate) use arguments::{command, run};
