//! The append lock: the kernel's, threads taking turns before it, waited for as long as is allowed.

use std::io::ErrorKind;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::fs::{File, OpenFile, PathError, flock_holder, receive_locked};

use super::error::LogError;

/// The lock file as one appender opened it, shared with its sync points.
///
/// The kernel's lock belongs to the handle: a second thread that locks the same handle gets the
/// lock at once, and its unlocking takes it from the first. So threads take turns here before.
#[derive(Clone, Debug)]
pub(super) struct LockFile {
    file: File,
    turns: Arc<Turns>,
    wait: Option<Duration>,
}

/// Whether it is some thread's turn.
#[derive(Debug, Default)]
struct Turns {
    taken: Mutex<bool>,
    given_back: Condvar,
}

/// A thread's turn, given back when dropped, on whatever thread that is.
#[derive(Debug)]
struct Turn(Arc<Turns>);

/// The append lock, held until dropped.
#[derive(Debug)]
pub(super) struct LockGuard {
    file: File,
    /// Given back after the kernel's lock.
    _turn: Turn,
}

impl LockFile {
    /// `wait` is how long to wait for the lock, each time; `None` is as long as it takes.
    pub(super) fn new(file: File, wait: Option<Duration>) -> Self {
        Self { file, turns: Arc::default(), wait }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    fn busy(&self, waited: Duration) -> LogError {
        let pid = self.file.stat().ok().and_then(|stat| flock_holder(stat.id));
        LogError::Busy { file: self.file.path().to_path_buf(), pid, waited }
    }
}

impl LockGuard {
    /// Takes the lock.
    ///
    /// # Errors
    ///
    /// [`LogError::Busy`] naming the holder, or the operating system's.
    pub(super) fn take(lock_file: &LockFile) -> Result<Self, LogError> {
        let Some(wait) = lock_file.wait else {
            let turn = Turn::wait_for(&lock_file.turns);
            lock_file.file.lock()?;
            return Ok(Self { file: lock_file.file.clone(), _turn: turn });
        };
        let begun = Instant::now();
        let Some(turn) = Turn::wait_for_at_most(&lock_file.turns, wait) else {
            return Err(lock_file.busy(wait));
        };
        if lock_file.file.try_lock()? {
            return Ok(Self { file: lock_file.file.clone(), _turn: turn });
        }
        let left = wait.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(lock_file.busy(wait));
        }
        // Blocks in the kernel's fair queue on another thread, so that this one can stop waiting.
        let (sender, receiver) = sync_channel(1);
        let file = lock_file.file.clone();
        thread::spawn(move || {
            let outcome: Result<Self, PathError> = file.lock().map(|()| Self { file, _turn: turn });
            // Nobody waits any more: the lock, and then the turn, go back when what could not be
            // sent is dropped.
            let _ = sender.send(outcome);
        });
        match receive_locked(&receiver, lock_file.file.stat()?.id, left) {
            Some(Ok(guard)) => Ok(guard),
            Some(Err(error)) if error.source.kind() == ErrorKind::WouldBlock => {
                Err(lock_file.busy(Duration::ZERO))
            }
            Some(Err(error)) => Err(error.into()),
            None => Err(lock_file.busy(wait)),
        }
    }

    pub(super) fn file(&self) -> &dyn OpenFile {
        self.file.as_ref()
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        // A lock that cannot be given back goes with the process; there is nobody to tell.
        let _ = self.file.unlock();
    }
}

impl Turn {
    fn wait_for(turns: &Arc<Turns>) -> Self {
        // A thread that panicked under the lock has left what a dying process leaves.
        let taken = turns.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = turns.given_back.wait_while(taken, |taken| *taken);
        *waited.unwrap_or_else(PoisonError::into_inner) = true;
        Self(turns.clone())
    }

    fn wait_for_at_most(turns: &Arc<Turns>, wait: Duration) -> Option<Self> {
        let taken = turns.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = turns.given_back.wait_timeout_while(taken, wait, |taken| *taken);
        let (mut taken, outcome) = waited.unwrap_or_else(PoisonError::into_inner);
        if outcome.timed_out() {
            return None;
        }
        *taken = true;
        Some(Self(turns.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.given_back.notify_one();
    }
}
