//! streampath: Kafka's log without the broker, for the shell.
#![doc = ""]
#![doc = include_str!("ARCHITECTURE.md")]

pub mod access;
pub mod catalog;
pub mod cli;
pub mod consume;
pub mod fs;
pub mod group;
pub mod log;
pub mod path;
pub mod produce;
pub mod record;
pub mod store;
pub mod time;
