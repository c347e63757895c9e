//! The gate: one process at a time changes the catalogue of a stream.

use std::ffi::OsStr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::fs::{Access, Dir, File, FileId, flock_holder, receive_locked};

use super::error::StoreError;
use super::layout::GATE_LOCK;

/// The gate, held until dropped.
///
/// - It comes before every append lock.
/// - The file that is locked is the one that the stream's directory names.
#[derive(Debug)]
pub(super) struct Gate {
    _held: Held,
    id: FileId,
}

/// The lock on one open file, given back on drop wherever the drop happens.
#[derive(Debug)]
struct Held(File);

impl Drop for Held {
    fn drop(&mut self) {
        // A lock that cannot be given back goes with the process; there is nobody to tell.
        let _ = self.0.unlock();
    }
}

impl Gate {
    /// Takes the gate if it is free at once, is there, and may be written; `None` otherwise.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn take_if_free(dir: &Dir) -> Result<Option<Self>, StoreError> {
        // A read-only store, somebody else's, or one that is just being deleted.
        let Ok(file) = dir.open(OsStr::new(GATE_LOCK), Access::Write) else { return Ok(None) };
        if !matches!(file.try_lock(), Ok(true)) {
            return Ok(None);
        }
        Self::confirm(dir, Held(file))
    }

    /// Takes the gate, waiting for at most `wait`.
    ///
    /// # Errors
    /// `Busy` naming the holder; the file system's.
    pub(super) fn take(dir: &Dir, wait: Duration) -> Result<Self, StoreError> {
        loop {
            let file = dir.open(OsStr::new(GATE_LOCK), Access::Write)?;
            let held = if file.try_lock()? { Held(file) } else { wait_for(&file, wait)? };
            // Replaced while this one waited: the file that was locked guards nothing.
            if let Some(gate) = Self::confirm(dir, held)? {
                return Ok(gate);
            }
        }
    }

    /// Which file the gate is; the epoch names it.
    pub(super) fn id(&self) -> FileId {
        self.id
    }

    fn confirm(dir: &Dir, held: Held) -> Result<Option<Self>, StoreError> {
        let stat = held.0.stat()?;
        let named = dir.stat_entry(OsStr::new(GATE_LOCK))?;
        if stat.links == 0 || named.id != stat.id {
            return Ok(None);
        }
        Ok(Some(Self { _held: held, id: stat.id }))
    }
}

/// Blocks in the kernel's fair queue on another thread, so that this one can stop waiting.
fn wait_for(file: &File, wait: Duration) -> Result<Held, StoreError> {
    let busy = |waited| {
        let pid = file.stat().ok().and_then(|stat| flock_holder(stat.id));
        StoreError::Busy { path: file.path().to_path_buf(), pid, waited }
    };
    if wait.is_zero() {
        return Err(busy(wait));
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    let waiting = file.clone();
    thread::spawn(move || {
        let outcome = waiting.lock().map(|()| Held(waiting));
        // Nobody waits any more: the lock goes back when what could not be sent is dropped.
        let _ = sender.send(outcome);
    });
    match receive_locked(&receiver, file.stat()?.id, wait) {
        Some(Ok(held)) => Ok(held),
        Some(Err(error)) if error.source.kind() == std::io::ErrorKind::WouldBlock => {
            Err(busy(Duration::ZERO))
        }
        Some(Err(error)) => Err(error.into()),
        None => Err(busy(wait)),
    }
}
