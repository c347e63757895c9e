//! How late this harness itself is: what the machine does to it, it does to the programs too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::history::{Ms, now};

/// How often it is looked.
const BEAT: Duration = Duration::from_millis(5);

/// What the machine did to this harness.
#[derive(Clone, Debug, Default)]
pub(super) struct Late {
    /// When a sleep of it ended, and by how much too late. Milliseconds.
    pub(super) beats: Vec<(Ms, i64)>,
    /// How many threads wanted each processor at the worst, on the average of a minute.
    pub(super) load: f64,
}

impl Late {
    /// How long something may take on this machine that takes no longer than `ms` on a quiet one.
    pub(super) fn allowed(&self, ms: i64) -> i64 {
        (ms as f64 * self.load.max(1.0)) as i64
    }

    /// By how much the harness was late, in all, between two times. Milliseconds.
    pub(super) fn between(&self, from: Ms, until: Ms) -> i64 {
        let within = self.beats.iter().filter(|(at, late)| at - late < until && *at > from);
        within.map(|(_, late)| late).sum()
    }

    /// The lateness that a hundredth of the sleeps exceeded. Milliseconds.
    pub(super) fn p99(&self) -> i64 {
        let mut all: Vec<i64> = self.beats.iter().map(|(_, late)| *late).collect();
        all.sort_unstable();
        all.get(all.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(0)
    }
}

/// How many threads want each processor.
fn load() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(0.0);
    load / thread::available_parallelism().map_or(1, usize::from) as f64
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
            let mut late = Late::default();
            while !stopped.load(Ordering::Relaxed) {
                let begun = Instant::now();
                thread::sleep(BEAT);
                let over = begun.elapsed().saturating_sub(BEAT).as_millis();
                late.beats.push((now(), i64::try_from(over).unwrap()));
                if late.beats.len() % 100 == 1 {
                    late.load = late.load.max(load());
                }
            }
            late
        });
        Metronome { stop, thread }
    }

    pub(super) fn stop(self) -> Late {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}
