//! Rows of named columns, and the formats they can be printed in.

use jiff::tz::TimeZone;

use crate::time::TimestampMs;

use super::{csv, envelope, jsonl, mapr_table, terminal_table};

/// What the values of a column mean; decides how people see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A name or a word.
    Text,
    /// A number without unit.
    Count,
    /// A number of bytes.
    Bytes,
    /// A duration in milliseconds.
    Milliseconds,
    /// A duration in seconds; 0 is for ever.
    TimeToLive,
    /// A time in milliseconds since 1970.
    Instant,
}

/// A column: the field's name as MapR has it, and what its values mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// The field's name in JSON and in the header.
    pub(crate) name: &'static str,
    /// What its values mean.
    pub(crate) meaning: Meaning,
    /// Its heading in a terminal's table; `None` leaves it out there.
    pub(crate) title: Option<&'static str>,
    /// MapR's table does not have it; shown there only if asked for by name.
    pub(crate) is_extra: bool,
}

impl Column {
    /// Makes a column.
    #[must_use]
    pub(crate) const fn new(name: &'static str, meaning: Meaning) -> Self {
        Self { name, meaning, title: Some(name), is_extra: false }
    }

    /// Leaves the column out of MapR's table, which does not have it.
    #[must_use]
    pub(crate) const fn extra(mut self) -> Self {
        self.is_extra = true;
        self
    }

    /// Gives the column another heading in a terminal's table, or none: then it is left out.
    #[must_use]
    pub(crate) const fn titled(mut self, title: Option<&'static str>) -> Self {
        self.title = title;
        self
    }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// `true` or `false`.
    Truth(bool),
    /// Nothing.
    Absent,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Absent, Self::Number)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

/// What a command found: rows of cells, one for each column, in the order of MapR's JSON.
#[derive(Clone, Debug)]
pub(crate) struct Listing<'c> {
    /// The columns.
    pub(crate) columns: &'c [Column],
    /// The rows; each as long as `columns`.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The formats that a listing can be printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: aligned, with units, as wide as the terminal. The default on a terminal
    Table,
    /// As MapR's tool prints it: names, then plain values. The default off a terminal
    Mapr,
    /// MapR's JSON envelope
    Json,
    /// One plain JSON object a row
    Jsonl,
    /// Comma-separated values, names first
    Csv,
}

/// When something is printed, and for which time zone.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// The time now.
    pub(crate) now: TimestampMs,
    /// The zone that times are shown in.
    pub(crate) zone: TimeZone,
}

/// What there is to know about the place where a listing goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// Columns of the terminal.
    pub(crate) width: u16,
    /// Colour is welcome.
    pub(crate) colour: bool,
    /// The line of names is wanted.
    pub(crate) header: bool,
    /// The columns were asked for by name: they stay in their order.
    pub(crate) as_named: bool,
}

impl Listing<'_> {
    /// Makes a listing without rows: what a command prints that has nothing to say.
    #[must_use]
    pub(crate) const fn empty() -> Self {
        Self { columns: &[], rows: Vec::new() }
    }

    /// Returns the listing as text in `format`.
    #[must_use]
    pub(crate) fn render(&self, format: Format, moment: &Moment, page: Page) -> String {
        match format {
            Format::Table => terminal_table::render(self, moment, page),
            Format::Mapr => mapr_table::render(self, moment, page),
            Format::Json => envelope::render(self, moment),
            Format::Jsonl => jsonl::render(self),
            Format::Csv => csv::render(self, page.header),
        }
    }
}

#[cfg(test)]
pub(super) mod samples {
    use jiff::tz::TimeZone;

    use super::{Cell, Column, Listing, Meaning, Moment, Page};
    use crate::time::TimestampMs;

    /// The columns of `stream topic list`.
    pub(crate) const TOPICS: &[Column] = &[
        Column::new("topic", Meaning::Text),
        Column::new("partitions", Meaning::Count),
        Column::new("consumers", Meaning::Count),
        Column::new("physicalsize", Meaning::Bytes),
        Column::new("logicalsize", Meaning::Bytes),
        Column::new("maxlag", Meaning::Milliseconds),
    ];

    /// A wide page without colour, with a line of names.
    pub(crate) const PAGE: Page = Page { width: 100, colour: false, header: true, as_named: false };

    /// Returns a listing of two topics.
    pub(crate) fn topics() -> Listing<'static> {
        let row = |name: &str, partitions: u32, physical: u64| -> Vec<Cell> {
            vec![
                name.into(),
                partitions.into(),
                0_u32.into(),
                physical.into(),
                0_u64.into(),
                0_i64.into(),
            ]
        };
        Listing {
            columns: TOPICS,
            rows: vec![row("fast-messages", 3, 1_572_864), row("summary-markers", 1, 0)],
        }
    }

    /// Returns the moment of MapR's sample.
    pub(crate) fn moment() -> Moment {
        Moment { now: TimestampMs(1_531_753_300_025), zone: TimeZone::UTC }
    }
}
