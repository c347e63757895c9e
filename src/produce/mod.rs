//! Sending records to a topic: batching, partitioning, pipelined appends and acknowledgements.

mod config;
mod error;
mod handoff;
mod outlet;
mod partitioner;
mod producer;
mod report;
mod syncer;
mod writer;

#[cfg(test)]
mod tests;

pub use config::{Acks, ProducerConfig};
pub use error::ProduceError;
pub use producer::Producer;
pub use report::{AckListener, Acknowledged, Totals};
