//! The bar on standard error while a long file is produced from a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const SHOWN_AFTER: Duration = Duration::from_millis(500);
const TEMPLATE: &str = "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

/// A bar that appears when the work takes long.
#[derive(Debug)]
pub(super) struct Progress {
    total_bytes: u64,
    done_bytes: u64,
    began: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new(total_bytes: u64) -> Self {
        Self { total_bytes, done_bytes: 0, began: Instant::now(), bar: None }
    }

    pub(super) fn add(&mut self, bytes: usize) {
        self.done_bytes += bytes as u64;
        if self.bar.is_none() && self.began.elapsed() >= SHOWN_AFTER {
            let bar = ProgressBar::with_draw_target(
                Some(self.total_bytes),
                ProgressDrawTarget::stderr_with_hz(10),
            );
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done_bytes);
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
