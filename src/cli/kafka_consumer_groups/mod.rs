//! `kafka-consumer-groups`: Kafka's tool for groups, on the groups of streams.

mod arguments;
mod combinations;
mod csv;
mod delete;
mod describe;
mod expression;
mod list;
mod moment;
mod reset;
mod scope;
mod table;

pub(crate) use arguments::{command, run};
