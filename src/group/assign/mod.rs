//! Which member of a group reads which partitions: Kafka's assignors, as pure functions.

mod assignor;
mod balance;
mod cooperative;
mod order;
mod range;
mod roundrobin;
mod sticky;
mod subscription;
mod table;
mod uniform;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

pub use assignor::{Assignor, UnknownAssignor, assign};
pub use subscription::{Assignment, MemberSubscription, Partitions, TopicPartition};
