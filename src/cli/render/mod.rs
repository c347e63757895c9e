//! How listings are printed: MapR's table and JSON envelope, JSON lines, CSV, a terminal's table.

mod calendar;
mod column_order;
mod csv;
mod envelope;
mod jsonl;
mod listing;
mod mapr_table;
mod selection;
mod terminal_table;

pub(crate) use envelope::error_envelope;
pub(crate) use listing::{Cell, Column, Format, Listing, Meaning, Moment, Page};
pub(crate) use selection::{Filter, Selection};
