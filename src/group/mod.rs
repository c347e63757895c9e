//! Consumer groups: who reads a topic for a group, from where, and how far it has come.
//!
//! Its members share the partitions with no broker: each of them looks after the group.

pub mod assign;

mod attendant;
mod draft;
mod entry;
mod error;
mod membership;
mod settings;
mod topics;

#[cfg(test)]
mod tests;

pub use attendant::Timing;
pub use error::{GroupError, GroupNews};
pub use membership::{GroupConfig, Membership, Place, Proof, Read, Reset};
pub use settings::{GroupEdit, GroupEdited};
pub use topics::Wanted;
