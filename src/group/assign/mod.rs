//! Which member of a group reads which partitions: Kafka's assignors, as functions of nothing but their input.

mod assignor;
mod order;
mod range;
mod subscription;

#[cfg(test)]
mod vectors;

pub use assignor::{Assignor, UnknownAssignor, assign};
pub use subscription::{Assignment, MemberSubscription, Partitions, TopicPartition};
