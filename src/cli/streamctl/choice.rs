//! The options of every list: which rows and columns of it are wanted.

use clap::Args;

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Filter, Listing, Selection};
use crate::cli::session::Session;

use super::numbers::rows;

/// Which part of a listing is wanted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every list")]
pub(super) struct ListOptions {
    /// Show only these columns, in this order
    ///
    /// Their names are those of the fields in JSON; a wrong one is answered with all that there are.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    columns: Option<Vec<String>>,

    /// Show only rows that this holds for, such as '[topic=="a*"] and [partitions > 1]'
    ///
    /// Comparisons are == != > < >= <= and are joined by `and`, which binds closer, and `or`. In a
    /// value of == and != a `*` stands for anything. Brackets and quotes may be left out; times are
    /// compared as milliseconds since 1970.
    #[arg(long, value_name = "CONDITION")]
    filter: Option<String>,

    /// Begin with this row, counted from 0
    #[arg(long, value_name = "N", value_parser = rows, allow_negative_numbers = true)]
    start: Option<usize>,

    /// Show so many rows, at most
    #[arg(long, value_name = "N", value_parser = rows, allow_negative_numbers = true)]
    limit: Option<usize>,

    /// Sort the rows by this column
    #[arg(long, value_name = "NAME")]
    sortby: Option<String>,
}

impl ListOptions {
    /// Prints what is wanted of a listing.
    ///
    /// # Errors
    ///
    /// As [`ListOptions::chosen`], or standard output cannot be written.
    pub(super) fn print(&self, session: &Session, listing: Listing<'_>) -> Result<(), Failure> {
        session.terminal.write(self.chosen(session, listing)?.as_bytes())
    }

    /// Returns what is wanted of a listing, in the format asked for.
    ///
    /// # Errors
    ///
    /// A column that does not exist, or no filter: exit 2.
    pub(super) fn chosen(
        &self,
        session: &Session,
        listing: Listing<'_>,
    ) -> Result<String, Failure> {
        let (columns, rows) = self.selected(listing)?;
        Ok(session.rendered(&Listing { columns: &columns, rows }, self.columns.is_some()))
    }

    /// True if the columns are named that are wanted.
    pub(super) fn names_columns(&self) -> bool {
        self.columns.is_some()
    }

    /// Returns the columns and rows of a listing that are wanted.
    ///
    /// # Errors
    ///
    /// A column that does not exist, or no filter: exit 2.
    pub(super) fn selected(
        &self,
        listing: Listing<'_>,
    ) -> Result<(Vec<Column>, Vec<Vec<Cell>>), Failure> {
        let usage = |error| Failure::new(Exit::Usage, anyhow::Error::new(error));
        let selection = Selection {
            columns: self.columns.clone(),
            filter: self.filter.as_deref().map(Filter::parse).transpose().map_err(usage)?,
            sort_by: self.sortby.clone(),
            start: self.start.unwrap_or(0),
            limit: self.limit,
        };
        selection.applied(listing).map_err(usage)
    }
}
