//! Reading topics: from where to where, in turns or merged by time, following what is written.

mod ahead;
mod consumer;
mod error;
mod follow;
mod lane;
mod last;
mod merge;
mod place;
mod topics;
mod transactions;

#[cfg(test)]
mod tests;

pub use consumer::{Consumer, Delivered, Position, Progress};
pub use error::{ConsumeError, News, Notice, TopicNews};
pub use follow::Woken;
pub use place::{ConsumerConfig, OnDamage, Order, Start, Until};
pub use topics::Subscription;
