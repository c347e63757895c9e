//! `console-producer`: lines of standard input become records of a topic.

mod arguments;
pub(crate) mod line_reader;
mod run;

pub(crate) use crate::cli::kafka_settings::name_and_value;
pub(crate) use arguments::{command, one_topic, run};
