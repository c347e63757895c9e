//! The bar on standard error while long work runs before a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const SHOWN_AFTER: Duration = Duration::from_millis(500);
const BYTES: &str = "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
const RECORDS: &str = "{wide_bar} {human_pos} of {human_len} records, {per_sec}, {eta} left";

/// A bar that appears when the work takes long, and is gone with it.
#[derive(Debug)]
pub(crate) struct Progress {
    total: u64,
    done: u64,
    template: &'static str,
    began: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Makes a bar that counts bytes.
    pub(crate) fn bytes(total_bytes: u64) -> Self {
        Self::new(total_bytes, BYTES)
    }

    /// Makes a bar that counts records.
    pub(crate) fn records(total: u64) -> Self {
        Self::new(total, RECORDS)
    }

    fn new(total: u64, template: &'static str) -> Self {
        Self { total, done: 0, template, began: Instant::now(), bar: None }
    }

    /// Moves the bar on.
    pub(crate) fn add(&mut self, more: usize) {
        self.set(self.done + more as u64);
    }

    /// Moves the bar to where the work is.
    pub(crate) fn set(&mut self, done: u64) {
        self.done = done;
        if self.bar.is_none() && self.began.elapsed() >= SHOWN_AFTER {
            let bar = ProgressBar::with_draw_target(
                Some(self.total),
                ProgressDrawTarget::stderr_with_hz(10),
            );
            if let Ok(style) = ProgressStyle::with_template(self.template) {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    /// Lets something else be written to standard error: the bar comes back below it.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
