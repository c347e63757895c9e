//! A record as one line of JSON, written and read without loss.

mod cursor;
mod error;
mod read;
mod scan;
mod write;

#[cfg(test)]
mod properties;

pub(crate) use read::{Header, JsonReader, recycled};
pub(crate) use write::{TextRecord, json_string, write_json};
