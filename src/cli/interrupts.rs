//! SIGINT and SIGTERM: the first one is a wish, the second one ends the program at once.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use super::failure::{Exit, Failure};

/// What the signals of this process have asked for.
#[derive(Debug)]
pub(crate) struct Interrupts {
    signal: Arc<AtomicUsize>,
    /// Becomes readable with the first signal, so that it can be polled.
    readable: UnixStream,
    /// Kept so that the other end is never found closed.
    _written: UnixStream,
}

impl Interrupts {
    /// Catches the signals from now on.
    ///
    /// # Errors
    ///
    /// The operating system refuses; some may be caught already.
    pub(crate) fn catch() -> Result<Self, Failure> {
        Self::install().map_err(|error| {
            Failure::new(Exit::Failed, anyhow::Error::new(error).context("cannot catch signals"))
        })
    }

    fn install() -> io::Result<Self> {
        let signal = Arc::new(AtomicUsize::new(0));
        let (written, readable) = UnixStream::pair()?;
        written.set_nonblocking(true)?;
        let pressed = Arc::new(AtomicBool::new(false));
        for (number, exit) in [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)] {
            // The order counts: the first signal finds the flag unset, and sets it.
            flag::register_conditional_shutdown(number, i32::from(exit.status()), pressed.clone())?;
            flag::register(number, pressed.clone())?;
            flag::register_usize(number, signal.clone(), usize::from(exit.status()))?;
            low_level::pipe::register(number, written.try_clone()?)?;
        }
        Ok(Self { signal, readable, _written: written })
    }

    /// Lets the first signal wake somebody else, too.
    ///
    /// # Errors
    ///
    /// The operating system refuses.
    pub(crate) fn also_wake(&self, end: std::os::fd::OwnedFd) -> Result<(), Failure> {
        let end = Arc::new(UnixStream::from(end));
        for number in [SIGINT, SIGTERM] {
            let end = end.try_clone().and_then(|end| low_level::pipe::register(number, end));
            end.map_err(|error| {
                let error = anyhow::Error::new(error).context("cannot catch signals");
                Failure::new(Exit::Failed, error)
            })?;
        }
        Ok(())
    }

    /// Returns how the program is to end, if a signal came.
    #[inline]
    pub(crate) fn asked(&self) -> Option<Exit> {
        match self.signal.load(Ordering::Relaxed) {
            0 => None,
            status if status == usize::from(Exit::Terminated.status()) => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}

impl AsFd for Interrupts {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.readable.as_fd()
    }
}
