//! Waiting for files and directories to change: told by the kernel, else by comparing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fmt, io};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;

use crate::fs::network::shared_name;
use crate::fs::snapshot::{Snapshot, Target};
use crate::fs::{Dir, File, PathError, Result};

/// What the kernel is asked to tell of a file. A file that is unlinked while it is open only
/// changes its attributes: it is deleted when the last handle closes.
const FILE_EVENTS: WatchFlags =
    WatchFlags::MODIFY.union(WatchFlags::ATTRIB).union(WatchFlags::MOVE_SELF);
/// What the kernel is asked to tell of a directory: comings and goings, not what is written.
const DIRECTORY_EVENTS: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF)
    .union(WatchFlags::ONLYDIR);
/// How long the first comparison waits after a change.
const NAP_MIN: Duration = Duration::from_millis(1);
/// How long comparisons wait when nothing happens.
const NAP_MAX: Duration = Duration::from_millis(50);
/// The longest single sleep; far below what the kernel's time can hold.
const SLEEP_MAX: Duration = Duration::from_secs(24 * 3600);

/// One thing that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchId(u64);

/// Something that happened to what is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it happened to.
    pub id: WatchId,
    /// It has no name any more. It can still be read, and will not come back.
    pub removed: bool,
}

/// Why a wait ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wake {
    /// These may have changed; each is named once. Sometimes nothing is new.
    Changed(Vec<Change>),
    /// Nothing happened in the given time.
    TimedOut,
    /// A signal came.
    Interrupted,
    /// [`Waker::wake`] was called since the last wait, or a signal used [`Waker::signal_end`].
    Woken,
    /// The other handle given to [`Watcher::wait_or_readable`] has something to read, or was closed.
    Readable,
    /// More happened than the kernel could note down: anything may have changed.
    Overflow,
}

/// Waits until files or directories change.
///
/// What happens after [`Watcher::watch_file`] or [`Watcher::watch_dir`] returned is never missed:
/// add the watch, read to the end, then wait. As long as something is watched its handle is kept
/// open.
///
/// Where the kernel cannot tell (no inotify left, a network file system, a simulated disk), sizes,
/// times and names are compared every 1 to 50 ms instead; a file changed in place to the same size
/// within a clock tick of the file system then goes unnoticed.
pub struct Watcher {
    /// `None`: everything is compared.
    inotify: Option<OwnedFd>,
    watches: BTreeMap<WatchId, Watch>,
    /// The kernel gives one number for one file, however often it is added.
    by_number: BTreeMap<i32, BTreeSet<WatchId>>,
    next: u64,
    nap: Duration,
    waker: Option<Waker>,
}

/// How one thing is watched.
struct Watch {
    target: Target,
    /// The kernel's number; `None` if this one is compared.
    number: Option<i32>,
    /// What it was like when last looked at; only if it is compared.
    seen: Option<Snapshot>,
}

/// Wakes a [`Watcher`] from another thread.
#[derive(Clone, Debug)]
pub struct Waker {
    /// Both ends, so that writing never meets a closed one.
    ends: Arc<(UnixStream, UnixStream)>,
}

impl Waker {
    fn new() -> io::Result<Self> {
        let (write, read) = UnixStream::pair()?;
        write.set_nonblocking(true)?;
        read.set_nonblocking(true)?;
        Ok(Self { ends: Arc::new((write, read)) })
    }

    /// Ends the current wait, or else the next one, with [`Wake::Woken`].
    pub fn wake(&self) {
        // If it is full, the watcher is about to be woken anyway.
        let _ = (&self.ends.0).write(&[1]);
    }

    /// Returns a handle that wakes when a byte is written to it, as `signal_hook`'s pipe does from
    /// a signal handler. Keep the waker for as long as the handle is in use.
    ///
    /// # Errors
    ///
    /// As the system says.
    pub fn signal_end(&self) -> io::Result<OwnedFd> {
        Ok(self.ends.0.try_clone()?.into())
    }

    /// Forgets that it was woken.
    fn drain(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.ends.1).read(&mut bytes), Ok(read) if read > 0) {}
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let polling = self.is_polling();
        f.debug_struct("Watcher")
            .field("watches", &self.watches.len())
            .field("polling", &polling)
            .finish()
    }
}

impl Default for Watcher {
    fn default() -> Self {
        Self::new()
    }
}

impl Watcher {
    /// Makes a watcher of nothing yet. Without the kernel's help it compares.
    #[must_use]
    pub fn new() -> Self {
        // EMFILE (128 instances per user by default), ENOMEM, or no such call: all leave comparing.
        Self::over(inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok())
    }

    /// Makes a watcher that compares, even where the kernel could tell.
    #[must_use]
    pub fn polling() -> Self {
        Self::over(None)
    }

    fn over(inotify: Option<OwnedFd>) -> Self {
        Self {
            inotify,
            watches: BTreeMap::new(),
            by_number: BTreeMap::new(),
            next: 0,
            nap: NAP_MIN,
            waker: None,
        }
    }

    /// Tells whether anything is, or would be, watched by comparing.
    #[must_use]
    pub fn is_polling(&self) -> bool {
        self.inotify.is_none() || self.watches.values().any(|watch| watch.number.is_none())
    }

    /// Returns why something is, or would be, watched by comparing; `None` if nothing is.
    #[must_use]
    pub fn polls_because(&self) -> Option<&'static str> {
        match self.inotify {
            None => Some("no instance of inotify is left"),
            Some(_) if self.is_polling() => Some("the kernel does not tell of all that is watched"),
            Some(_) => None,
        }
    }

    /// Watches a file for writes, a new length, and the loss of its last name.
    ///
    /// # Errors
    ///
    /// As the system says; it is not watched.
    pub fn watch_file(&mut self, file: &File) -> Result<WatchId> {
        self.watch(Target::File(Arc::clone(file)), FILE_EVENTS)
    }

    /// Watches a directory for entries that come, go or change their names; not for what is
    /// written to the files in it.
    ///
    /// # Errors
    ///
    /// As the system says; it is not watched.
    pub fn watch_dir(&mut self, dir: &Dir) -> Result<WatchId> {
        self.watch(Target::Dir(Arc::clone(dir)), DIRECTORY_EVENTS)
    }

    fn watch(&mut self, target: Target, events: WatchFlags) -> Result<WatchId> {
        let number = self.add(&target, events);
        let seen = if number.is_none() { Some(Snapshot::of(&target)?) } else { None };
        let id = WatchId(self.next);
        self.next += 1;
        if let Some(number) = number {
            self.by_number.entry(number).or_default().insert(id);
        }
        self.watches.insert(id, Watch { target, number, seen });
        self.nap = NAP_MIN;
        Ok(id)
    }

    /// Asks the kernel to tell; `None` if it cannot.
    fn add(&self, target: &Target, events: WatchFlags) -> Option<i32> {
        let inotify = self.inotify.as_ref()?;
        let fd = target.as_kernel_fd()?;
        // What other machines do there is not told.
        if shared_name(fd).is_some() {
            return None;
        }
        // The handle and not the path: the path may be another file's by now. ENOSPC, no `/proc`
        // and the like leave comparing.
        let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
        inotify::add_watch(inotify, path, events).ok()
    }

    /// Stops watching. What happened before may still be reported by nobody: the id is forgotten.
    pub fn unwatch(&mut self, id: WatchId) {
        let Some(number) = self.watches.remove(&id).and_then(|watch| watch.number) else { return };
        let Some(ids) = self.by_number.get_mut(&number) else { return };
        ids.remove(&id);
        if ids.is_empty() {
            self.by_number.remove(&number);
            if let Some(inotify) = &self.inotify {
                // The kernel may have dropped it with the file.
                let _ = inotify::remove_watch(inotify, number);
            }
        }
    }

    /// Returns what wakes this watcher from elsewhere.
    ///
    /// # Errors
    ///
    /// As the system says when no more handles can be opened.
    pub fn waker(&mut self) -> Result<Waker> {
        if let Some(waker) = &self.waker {
            return Ok(waker.clone());
        }
        let waker = Waker::new().map_err(|source| PathError::new("wait for", "waker", source))?;
        self.waker = Some(waker.clone());
        Ok(waker)
    }

    /// Waits until something happens, at most for `timeout`; `None` is for ever. While nothing
    /// happens, and nothing has to be compared, no time of the processor is used.
    ///
    /// # Errors
    ///
    /// As the system says.
    pub fn wait(&mut self, timeout: Option<Duration>) -> Result<Wake> {
        self.wait_for(None, timeout)
    }

    /// Like [`Watcher::wait`], but another handle counts too.
    ///
    /// # Errors
    ///
    /// As the system says.
    pub fn wait_or_readable(
        &mut self,
        other: BorrowedFd<'_>,
        timeout: Option<Duration>,
    ) -> Result<Wake> {
        self.wait_for(Some(other), timeout)
    }

    fn wait_for(
        &mut self,
        other: Option<BorrowedFd<'_>>,
        timeout: Option<Duration>,
    ) -> Result<Wake> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let changes = self.compare()?;
            if !changes.is_empty() {
                self.nap = NAP_MIN;
                return Ok(Wake::Changed(changes));
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let compares = self.watches.values().any(|watch| watch.number.is_none());
            let sleep = match left {
                Some(left) if compares => Some(left.min(self.nap)),
                None if compares => Some(self.nap),
                left => left,
            };
            let ready = match self.sleep(other, sleep) {
                Ok(ready) => ready,
                Err(Errno::INTR) => return Ok(Wake::Interrupted),
                Err(errno) => return Err(PathError::new("wait for", "inotify", errno)),
            };
            if ready.waker {
                if let Some(waker) = &self.waker {
                    waker.drain();
                }
                return Ok(Wake::Woken);
            }
            if ready.inotify {
                match self.told()? {
                    Wake::Changed(changes) if changes.is_empty() => {}
                    wake => return Ok(wake),
                }
            }
            if ready.other {
                return Ok(Wake::Readable);
            }
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(Wake::TimedOut);
            }
            self.nap = (self.nap * 2).min(NAP_MAX);
        }
    }

    /// Sleeps until a handle is ready.
    fn sleep(
        &self,
        other: Option<BorrowedFd<'_>>,
        sleep: Option<Duration>,
    ) -> std::result::Result<Ready, Errno> {
        let handles = [
            self.inotify.as_ref().map(AsFd::as_fd),
            self.waker.as_ref().map(|waker| waker.ends.1.as_fd()),
            other,
        ];
        let mut polled: Vec<_> = handles
            .iter()
            .flatten()
            .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN))
            .collect();
        let time = sleep.and_then(|sleep| Timespec::try_from(sleep.min(SLEEP_MAX)).ok());
        poll(&mut polled, time.as_ref())?;
        let mut results = polled.iter().map(|fd| !fd.revents().is_empty());
        let mut next =
            |handle: Option<BorrowedFd<'_>>| handle.is_some() && results.next() == Some(true);
        Ok(Ready { inotify: next(handles[0]), waker: next(handles[1]), other: next(handles[2]) })
    }

    /// Reads everything the kernel has to tell.
    fn told(&mut self) -> Result<Wake> {
        let Some(inotify) = &self.inotify else { return Ok(Wake::Changed(Vec::new())) };
        let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
        let mut reader = inotify::Reader::new(inotify, &mut buffer);
        let mut events: BTreeMap<i32, ReadFlags> = BTreeMap::new();
        let mut overflow = false;
        loop {
            match reader.next() {
                Ok(event) => {
                    overflow |= event.events().contains(ReadFlags::QUEUE_OVERFLOW);
                    *events.entry(event.wd()).or_insert(ReadFlags::empty()) |= event.events();
                }
                Err(Errno::AGAIN) => break,
                Err(Errno::INTR) => {}
                Err(errno) => return Err(PathError::new("wait for", "inotify", errno)),
            }
        }
        let mut changes = Vec::new();
        for (number, happened) in events {
            self.note(number, happened, &mut changes)?;
        }
        Ok(if overflow { Wake::Overflow } else { Wake::Changed(changes) })
    }

    /// Turns what happened to one file into a change of each of its watches.
    fn note(&mut self, number: i32, happened: ReadFlags, changes: &mut Vec<Change>) -> Result<()> {
        // Watches that were removed meanwhile are unknown here.
        let Some(ids) = self.by_number.get(&number) else { return Ok(()) };
        for &id in ids {
            let Some(watch) = self.watches.get_mut(&id) else { continue };
            let removed = happened.intersects(ReadFlags::DELETE_SELF | ReadFlags::UNMOUNT)
                || watch.target.stat()?.links == 0;
            // New permissions alone are no news.
            if removed || happened != ReadFlags::ATTRIB {
                changes.push(Change { id, removed });
            }
        }
        if happened.contains(ReadFlags::IGNORED) {
            // The kernel has forgotten this number, and may use it for another file.
            for id in self.by_number.remove(&number).unwrap_or_default() {
                if let Some(watch) = self.watches.get_mut(&id) {
                    watch.number = None;
                    watch.seen = Some(Snapshot::of(&watch.target)?);
                }
            }
        }
        Ok(())
    }

    /// Looks at everything that the kernel does not tell of.
    fn compare(&mut self) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for (&id, watch) in &mut self.watches {
            let Some(seen) = &mut watch.seen else { continue };
            if let Some(removed) = seen.renew(&watch.target)? {
                changes.push(Change { id, removed });
            }
        }
        Ok(changes)
    }
}

/// Which handles have something to read.
struct Ready {
    inotify: bool,
    waker: bool,
    other: bool,
}

#[cfg(test)]
mod tests;
