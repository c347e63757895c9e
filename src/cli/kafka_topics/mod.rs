//! `kafka-topics`: Kafka's tool for topics, on the topics of streams.

mod arguments;
mod change;
mod combinations;
mod configs;
mod create;
mod names;
mod replicas;
mod show;

pub(crate) use arguments::{command, leave_out, run};
pub(crate) use configs::config_names;
