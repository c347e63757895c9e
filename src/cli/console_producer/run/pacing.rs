//! `--pace`: records are sent when they are due.

use std::io::{self, Stdout};
use std::os::fd::AsFd;
use std::time::Instant;

use crate::cli::interrupts::Interrupts;
use crate::cli::pace::Pacer;
use crate::cli::watch_output::{can_close, is_closed_within};
use crate::time::Clock;

use super::Stop;
use super::topics::Topics;

/// Waiting between records.
pub(super) struct Pacing<'s> {
    pacer: Pacer,
    began: Instant,
    clock: &'s dyn Clock,
    interrupts: &'s Interrupts,
    /// Standard output, if records are reported there.
    output: Option<Stdout>,
}

impl<'s> Pacing<'s> {
    pub(super) fn new(
        pacer: Pacer,
        clock: &'s dyn Clock,
        interrupts: &'s Interrupts,
        reports: bool,
    ) -> Self {
        let output = Some(io::stdout()).filter(|output| reports && can_close(output.as_fd()));
        Self { pacer, began: Instant::now(), clock, interrupts, output }
    }

    /// Waits until a record with this timestamp is due, everything before it being handed on
    /// meanwhile, whatever `--timeout` says. Returns what time it is then.
    pub(super) fn wait(
        &mut self,
        timestamp: Option<i64>,
        topics: &mut Topics<'_>,
    ) -> Result<i64, Stop> {
        let wait = self.pacer.wait(timestamp.unwrap_or(-1), self.began.elapsed());
        if !wait.is_zero() {
            topics.flush().map_err(Stop::Producer)?;
            // None: a time that nobody lives to see.
            let due = Instant::now().checked_add(wait);
            loop {
                if let Some(exit) = self.interrupts.asked() {
                    return Err(Stop::Signal(exit));
                }
                let now = Instant::now();
                if due.is_some_and(|due| due <= now) {
                    break;
                }
                let output = self.output.as_ref().map(AsFd::as_fd);
                if is_closed_within(due.map(|due| due - now), self.interrupts.as_fd(), output) {
                    return Err(Stop::OutputClosed);
                }
            }
        }
        Ok(self.clock.now().0)
    }
}
