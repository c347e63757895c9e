//! A simulated disk for tests of crash safety, stricter than a real one: it forgets whatever was
//! not synced, fails when told to, and lets simulated processes die between any two calls.

mod content;
mod disk;
mod handles;
mod operation;
mod power;
mod state;
#[cfg(test)]
mod tests;

pub use disk::SimDisk;
pub use power::Weather;
