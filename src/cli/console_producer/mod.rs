//! `console-producer`: lines of standard input become records of a topic.

mod arguments;
pub(crate) mod line_reader;
mod run;

pub(crate) use arguments::{command, name_and_value, one_topic, run};
