//! Making commits durable in the background: within a second, many at a time.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::log::{LogError, SyncPoint};

use super::error::StoreError;

/// How long a commit waits for others to be synced with it.
const GATHER: Duration = Duration::from_millis(300);

/// Syncs from another thread, which is started when it is first needed.
#[derive(Debug, Default)]
pub(super) struct CursorSyncer {
    running: Option<Running>,
    failure: Arc<Mutex<Option<LogError>>>,
}

#[derive(Debug)]
struct Running {
    points: Sender<SyncPoint>,
    /// Closed to end the thread at once.
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl CursorSyncer {
    /// Has everything up to `point` synced within a second.
    ///
    /// # Errors
    /// An earlier sync failed.
    pub(super) fn sync_soon(&mut self, point: SyncPoint) -> Result<(), StoreError> {
        self.check()?;
        let failure = self.failure.clone();
        let running = self.running.get_or_insert_with(|| Running::start(failure));
        if running.points.send(point).is_err() {
            // The thread ends only after a failure, which it has left.
            self.check()?;
        }
        Ok(())
    }

    /// Tells of a sync that failed.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    /// Returns when everything is synced, and ends the thread.
    pub(super) fn close(&mut self) -> Result<(), StoreError> {
        if let Some(running) = self.running.take() {
            drop(running.stop);
            drop(running.points);
            // A panic there has been shown and counted by the hook.
            let _ = running.thread.join();
        }
        self.check()
    }
}

impl Running {
    fn start(failure: Arc<Mutex<Option<LogError>>>) -> Self {
        let (points, waiting) = channel();
        let (stop, stopped) = channel();
        let thread = thread::spawn(move || {
            if let Err(error) = sync_all(&waiting, &stopped) {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        });
        Self { points, stop, thread }
    }
}

fn sync_all(waiting: &Receiver<SyncPoint>, stopped: &Receiver<()>) -> Result<(), LogError> {
    while let Ok(mut point) = waiting.recv() {
        // Ends early when the other side is dropped.
        let _ = stopped.recv_timeout(GATHER);
        while let Ok(later) = waiting.try_recv() {
            point = later;
        }
        point.sync()?;
    }
    Ok(())
}
