//! `-watch SECONDS`: a listing that is printed again and again until somebody ends it.

use std::time::{Duration, Instant};

use clap::Args;
use rustix::event::{PollFd, PollFlags, poll};

use crate::cli::failure::{Exit, Failure};
use crate::cli::interrupts::Interrupts;
use crate::cli::session::Session;

use super::numbers::watch_seconds;

/// Puts the cursor into the upper left corner.
const HOME: &str = "\u{1b}[H";
/// Clears what is left of a line, and what is below.
const REST_OF_LINE: &str = "\u{1b}[K\n";
const REST_OF_SCREEN: &str = "\u{1b}[J";

/// Whether a listing is printed again and again.
#[derive(Debug, Args)]
pub(super) struct WatchOptions {
    /// Print the list anew every so many seconds, 1 to 86400, until interrupted
    ///
    /// On a terminal it stays in its place; elsewhere a blank line separates one from the next.
    #[arg(
        long,
        value_name = "SECONDS",
        value_parser = watch_seconds,
        allow_negative_numbers = true,
        help_heading = "Options of every list"
    )]
    watch: Option<u64>,
}

impl WatchOptions {
    /// Prints what `listing` returns, once or until a signal ends it.
    ///
    /// # Errors
    ///
    /// Whatever `listing` meets, or standard output cannot be written.
    pub(super) fn print(
        &self,
        session: &Session,
        mut listing: impl FnMut() -> Result<String, Failure>,
    ) -> Result<Exit, Failure> {
        let Some(seconds) = self.watch else {
            session.terminal.write(listing()?.as_bytes())?;
            return Ok(Exit::Done);
        };
        let interrupts = Interrupts::catch()?;
        let in_place = session.terminal.output_is_terminal;
        let mut is_first = true;
        loop {
            let text = listing()?;
            let shown = if in_place {
                let start = if is_first { "\u{1b}[2J" } else { "" };
                let lines = text.replace('\n', REST_OF_LINE);
                format!("{start}{HOME}{lines}{REST_OF_SCREEN}")
            } else if is_first {
                text
            } else {
                format!("\n{text}")
            };
            session.terminal.write(shown.as_bytes())?;
            is_first = false;
            let until = Instant::now() + Duration::from_secs(seconds);
            if let Some(exit) = sleep(&interrupts, until) {
                return Ok(exit);
            }
        }
    }
}

/// Waits until then; a signal ends it with how the program is to end.
fn sleep(interrupts: &Interrupts, until: Instant) -> Option<Exit> {
    loop {
        if let Some(exit) = interrupts.asked() {
            return Some(exit);
        }
        let left = until.checked_duration_since(Instant::now())?;
        let timeout = rustix::time::Timespec::try_from(left).ok();
        // An interrupted wait is looked into by the next round.
        let _ = poll(&mut [PollFd::new(interrupts, PollFlags::IN)], timeout.as_ref());
    }
}
