//! Consumer groups: who reads a topic for a group, from where, and how far it has come.
//!
//! A group has one member for now; a second one is refused.

pub mod assign;

mod error;
mod membership;

#[cfg(test)]
mod tests;

pub use error::{GroupError, GroupNews};
pub use membership::{GroupConfig, Membership, Reset};
