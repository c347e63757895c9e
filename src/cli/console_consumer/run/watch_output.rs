//! Noticing that nobody reads standard output any more, although nothing is written to it.

use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, fstat};

/// True if the end of whoever reads `output` can be waited for: it is a pipe.
pub(super) fn can_close(output: BorrowedFd<'_>) -> bool {
    fstat(output).is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Fifo)
}

/// True if nobody reads `output` any more.
pub(super) fn is_closed(output: BorrowedFd<'_>) -> bool {
    let mut polled = [PollFd::from_borrowed_fd(output, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut polled, Some(&at_once))
        .is_ok_and(|_| polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP))
}
