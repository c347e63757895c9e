//! Reading a topic: from where to where, all partitions in turns, following what is written.

mod consumer;
mod error;
mod follow;
mod lane;
mod place;
mod transactions;

#[cfg(test)]
mod tests;

pub use consumer::{Consumer, Delivered, Position, Progress};
pub use error::{ConsumeError, News, Notice};
pub use follow::Woken;
pub use place::{ConsumerConfig, OnDamage, Start, Until};
