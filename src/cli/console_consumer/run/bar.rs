//! The bar of a bounded read: how many of the records that are wanted were read.

use crate::cli::console_consumer::arguments::Options;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::consume::{ConsumeError, Consumer};

/// A bar, and what it counts.
#[derive(Debug)]
pub(super) struct Bar {
    progress: Progress,
    /// The sum of all positions at the beginning; `None` counts what is printed.
    began_at: Option<i64>,
}

impl Bar {
    /// Makes a bar if there is a bound, somebody to see it, and nothing that it would stand among:
    /// records on the same terminal, or waits between them.
    pub(super) fn new(
        options: &Options,
        consumer: &mut Consumer,
        session: &Session,
    ) -> Result<Option<Self>, ConsumeError> {
        let terminal = &session.terminal;
        let prints_here = terminal.output_is_terminal && !options.count;
        let watching = &options.watching;
        let is_seen = terminal.error_is_terminal && !watching.quiet && !prints_here;
        if !is_seen || watching.pacer.is_some() {
            return Ok(None);
        }
        let ahead = if options.until.is_some() { Some(consumer.ahead()?) } else { None };
        let total = match (ahead, options.records_max) {
            (Some(ahead), Some(max)) if options.filters || max >= ahead => ahead,
            (_, Some(max)) => {
                return Ok(Some(Self { progress: Progress::records(max), began_at: None }));
            }
            (Some(ahead), None) => ahead,
            (None, None) => return Ok(None),
        };
        let began_at = Some(sum(consumer));
        Ok(Some(Self { progress: Progress::records(total), began_at }))
    }

    /// Moves the bar to where reading is.
    pub(super) fn update(&mut self, consumer: &Consumer, printed: u64) {
        let done = match self.began_at {
            Some(began_at) => u64::try_from(sum(consumer).saturating_sub(began_at)).unwrap_or(0),
            None => printed,
        };
        self.progress.set(done);
    }

    /// Lets something else be written to standard error.
    pub(super) fn aside(&self, write: impl FnOnce()) {
        self.progress.aside(write);
    }
}

fn sum(consumer: &Consumer) -> i64 {
    consumer.positions().fold(0, |sum, at| sum.saturating_add(at.offset))
}
