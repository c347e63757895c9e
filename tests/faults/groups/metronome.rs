//! How late this harness itself is: what the machine does to it, it does to the programs too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::history::{Ms, now};

/// How often it is looked.
const BEAT: Duration = Duration::from_millis(5);

/// When a sleep of this harness ended, and by how much too late. Milliseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Late(pub(super) Vec<(Ms, i64)>);

impl Late {
    /// By how much the harness was late, in all, between two times. Milliseconds.
    pub(super) fn between(&self, from: Ms, until: Ms) -> i64 {
        let within = self.0.iter().filter(|(at, late)| at - late < until && *at > from);
        within.map(|(_, late)| late).sum()
    }

    /// The lateness that a hundredth of the sleeps exceeded. Milliseconds.
    pub(super) fn p99(&self) -> i64 {
        let mut all: Vec<i64> = self.0.iter().map(|(_, late)| *late).collect();
        all.sort_unstable();
        all.get(all.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(0)
    }
}

/// A thread that sleeps and looks how long that took.
#[derive(Debug)]
pub(super) struct Metronome {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Late>,
}

impl Metronome {
    pub(super) fn start() -> Metronome {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut late = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let begun = Instant::now();
                thread::sleep(BEAT);
                let over = begun.elapsed().saturating_sub(BEAT).as_millis();
                late.push((now(), i64::try_from(over).unwrap()));
            }
            Late(late)
        });
        Metronome { stop, thread }
    }

    pub(super) fn stop(self) -> Late {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}
