//! Noticing that nobody reads standard output any more, although nothing is written to it.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, fstat};

/// True if the end of whoever reads `output` can be waited for: it is a pipe.
pub(crate) fn can_close(output: BorrowedFd<'_>) -> bool {
    fstat(output).is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Fifo)
}

/// True if nobody reads `output` any more.
pub(crate) fn is_closed(output: BorrowedFd<'_>) -> bool {
    let mut polled = [PollFd::from_borrowed_fd(output, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut polled, Some(&at_once))
        .is_ok_and(|_| polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP))
}

/// Waits for a signal or for the end of whoever reads `output`, at most for `timeout`; true if it
/// was that end. `None` waits for ever.
pub(crate) fn is_closed_within(
    timeout: Option<Duration>,
    signal: BorrowedFd<'_>,
    output: Option<BorrowedFd<'_>>,
) -> bool {
    let mut polled = vec![PollFd::from_borrowed_fd(signal, PollFlags::IN)];
    polled.extend(output.map(|output| PollFd::from_borrowed_fd(output, PollFlags::empty())));
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    // An error is an interruption, after which the caller looks again.
    let _ = poll(&mut polled, timeout.as_ref());
    output.is_some_and(is_closed)
}
