//! `console-producer`: lines of standard input become records of a topic.

mod arguments;
pub(crate) mod effects;
pub(crate) mod kafka_options;
pub(crate) mod line_reader;
mod own_options;
mod run;
mod settings;

pub(crate) use arguments::{command, one_topic, run};
