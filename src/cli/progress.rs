//! The bar on standard error while long work runs before a terminal.

use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Work shorter than this shows nothing.
const SHOWN_AFTER: Duration = Duration::from_millis(500);
const BYTES: &str = "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
const RECORDS: &str = "{wide_bar} {human_pos} of {human_len} records, {rate}, {eta} left";

/// A bar that appears when the work takes long, and is gone with it.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Counts from the beginning, shown or not: else what was done before it appeared would seem to
    /// have taken no time.
    bar: ProgressBar,
    began: Instant,
    is_shown: bool,
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
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, out: &mut dyn Write| {
                // A rate is neither negative nor beyond what a counter holds.
                let _ = write!(out, "{}/s", HumanCount(state.per_sec() as u64));
            };
            bar.set_style(style.with_key("rate", rate));
        }
        Self { bar, began: Instant::now(), is_shown: false }
    }

    /// Moves the bar on.
    pub(crate) fn add(&mut self, more: usize) {
        self.set(self.bar.position() + more as u64);
    }

    /// Moves the bar to where the work is.
    pub(crate) fn set(&mut self, done: u64) {
        self.bar.set_position(done);
        if !self.is_shown && self.began.elapsed() >= SHOWN_AFTER {
            self.is_shown = true;
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
    }

    /// Lets something else be written to standard error: the bar comes back below it.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::Progress;

    /// What was done in the half second in which nothing was shown took that half second.
    #[test]
    fn the_rate_counts_from_the_beginning() {
        let mut progress = Progress::records(1_000_000);
        for step in 1..=20 {
            thread::sleep(Duration::from_millis(5));
            progress.set(step * 1000);
        }
        let most = 20_000.0 / 0.1;
        let rate = progress.bar.per_sec();
        assert!(rate > 0.0 && rate <= 1.5 * most, "{rate}");
    }
}
