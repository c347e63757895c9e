//! `kafka-get-offsets`: Kafka's tool that prints offsets of partitions, on the topics of streams.

mod arguments;
mod filter;
mod moment;

pub(crate) use arguments::{command, run};
