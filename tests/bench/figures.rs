//! Measures what the project promises: `cargo bench --bench figures`, shorter with `-- --short`.
//!
//! Throughput is a ratio to `dd` copying the same file, run in turn with it, so that a slow or busy
//! machine slows both. Prints each figure, writes the table in `BENCHMARKS.md` (not in the short
//! form), and ends with 1 if a target is missed (unless `--tell` asks only to be told of it).
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a measurement that cannot be made stops where it goes wrong"
)]

mod catalogue;
mod commits;
mod crowd;
mod ground;
mod json;
mod latency;
mod members;
mod spread;
mod startup;
mod table;
mod throughput;

use std::process::ExitCode;

use ground::Ground;
use table::Figure;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
struct Extent {
    /// Lines of the input file.
    lines: u64,
    /// How often each pair is run.
    rounds: usize,
    /// Lines whose way is timed.
    timed_lines: u32,
    /// How long a consumer idles. Seconds.
    idle_s: u64,
    /// Topics in one stream.
    topics: u32,
    /// What a missed target is forgiven: 1 is nothing.
    allowance: f64,
}

const FULL: Extent = Extent {
    lines: 5_000_000,
    rounds: 7,
    timed_lines: 2000,
    idle_s: 60,
    topics: 10_000,
    allowance: 1.0,
};
const SHORT: Extent = Extent {
    lines: 5_000_000,
    rounds: 3,
    timed_lines: 400,
    idle_s: 5,
    topics: 1000,
    allowance: 1.25,
};

fn main() -> ExitCode {
    let is_short = std::env::args().any(|word| word == "--short");
    let only_tells = std::env::args().any(|word| word == "--tell");
    let only = std::env::args().skip_while(|word| word != "--only").nth(1);
    let extent = if is_short { SHORT } else { FULL };
    let ground = Ground::new(extent.lines);
    println!("{}", ground.describe());
    let mut figures: Vec<Figure> = Vec::new();
    type Part = fn(&Ground, Extent, &mut dyn FnMut(Figure));
    let parts = [
        ("throughput", throughput::measure as Part),
        ("json", json::measure),
        ("startup", startup::measure),
        ("latency", latency::measure),
        ("catalogue", catalogue::measure),
        ("commits", commits::measure),
        ("crowd", crowd::measure),
    ];
    let is_wanted = |name: &str| only.as_ref().is_none_or(|only| only == name);
    assert!(parts.iter().any(|(name, _)| is_wanted(name)), "`--only` names no part");
    for (_, part) in parts.into_iter().filter(|(name, _)| is_wanted(name)) {
        part(&ground, extent, &mut |figure| {
            println!("{}", figure.line(extent.allowance));
            figures.push(figure);
        });
    }
    let busy = format!("others used {:.0} % of the processors meanwhile", ground.used_by_others());
    println!("{busy}");
    if !is_short && only.is_none() {
        table::write(&format!("{}; {busy}.", ground.describe()), &figures);
    }
    let missed = figures.iter().filter(|figure| !figure.is_met(extent.allowance)).count();
    if missed == 0 {
        return ExitCode::SUCCESS;
    }
    eprintln!("{missed} of {} targets missed", figures.len());
    if only_tells { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
