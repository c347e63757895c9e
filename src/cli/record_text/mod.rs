//! A record as text: as a line of JSON, written and read without loss; as CSV; by a pattern.

mod csv;
mod cursor;
mod delimiter;
mod error;
mod escapes;
mod pattern;
mod read;
mod scan;
mod write;

#[cfg(test)]
mod properties;

pub(crate) use csv::{CSV_NAMES, write_csv};
pub(crate) use delimiter::delimiter;
pub(crate) use escapes::write_visible;
pub(crate) use pattern::Pattern;
pub(crate) use read::{JsonReader, recycled};
pub(crate) use write::{TextRecord, json_string, write_json};
