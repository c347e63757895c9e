//! Standard input as something to wait for: is anything there, does it pause, is it a file?

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, fstat};
use rustix::io::Errno;

/// What waiting for input ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    /// There is something to read, or the end.
    Input,
    /// A signal came.
    Signal,
    /// Whoever read standard output is gone.
    OutputClosed,
    /// Nothing of this.
    Nothing,
}

/// Returns the length of standard input if it is a regular file: reading it never waits.
pub(super) fn file_bytes(input: BorrowedFd<'_>) -> Option<u64> {
    let stat = fstat(input).ok()?;
    let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    is_file.then(|| u64::try_from(stat.st_size).unwrap_or(0))
}

/// Waits for input, a signal, or the end of `output`; `None` waits for ever.
pub(super) fn wait(
    input: BorrowedFd<'_>,
    signal: &impl AsFd,
    output: Option<BorrowedFd<'_>>,
    timeout: Option<Duration>,
) -> io::Result<Ready> {
    let mut polled = vec![
        PollFd::from_borrowed_fd(signal.as_fd(), PollFlags::IN),
        PollFd::from_borrowed_fd(input, PollFlags::IN),
    ];
    // A closed pipe is told whether one asks or not.
    polled.extend(output.map(|output| PollFd::from_borrowed_fd(output, PollFlags::empty())));
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    match poll(&mut polled, timeout.as_ref()) {
        Ok(_) => {}
        // The signal's own handle tells at the next turn.
        Err(Errno::INTR) => return Ok(Ready::Nothing),
        Err(errno) => return Err(errno.into()),
    }
    let is_ready = |index: usize| polled.get(index).is_some_and(|fd| !fd.revents().is_empty());
    Ok(if is_ready(0) {
        Ready::Signal
    } else if is_ready(2) {
        Ready::OutputClosed
    } else if is_ready(1) {
        Ready::Input
    } else {
        Ready::Nothing
    })
}
