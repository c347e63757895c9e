//! How listings are printed: MapR's table and JSON envelope, JSON lines, CSV, a terminal's table;
//! bars and curves.

mod calendar;
mod column_order;
mod csv;
mod envelope;
mod graph;
mod jsonl;
mod listing;
mod mapr_table;
mod selection;
mod terminal_table;

pub(crate) use calendar::{duration, long_time, short_time};
pub(crate) use envelope::error_envelope;
pub(crate) use graph::{Glyphs, bar, sparkline};
pub(crate) use listing::{Cell, Column, Format, Listing, Meaning, Moment, Page};
pub(crate) use selection::{Filter, Selection};
pub(crate) use terminal_table::bytes;
