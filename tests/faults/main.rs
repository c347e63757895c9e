//! Faults on purpose, from outside: killed producers, lost indexes, full disks, vanished topics.
//!
//! Part of `cargo test --release` in a form of a few seconds. The long form is
//! `STREAMPATH_ROUNDS=500 cargo test --release --test faults`: 500 kills, and a million lines for
//! each number of producers. `STREAMPATH_COMMITS=10000000 cargo test --release --test faults commits --
//! --nocapture` commits so often and tells how large the log of cursors was. That of groups is a
//! command of its own, `STREAMPATH_GROUP_ROUNDS=1000 cargo test --release --test faults groups --
//! --nocapture --test-threads=1`: 1,000 steps of chaos, 500 zombies, 200 takeovers, and what was
//! measured. `STREAMPATH_TEST_SEED` repeats the choices of a run, though not its timing.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where it goes wrong, and its harness reads the environment and the clock"
)]

mod commits;
mod enospc;
mod fan;
mod groups;
mod index;
mod kills;
mod lines;
mod recreate;
mod topic;
#[path = "../suite/world.rs"]
mod world;

/// How many rounds each fault gets: `STREAMPATH_ROUNDS`, or a few.
fn rounds() -> u32 {
    match std::env::var("STREAMPATH_ROUNDS") {
        Ok(text) => text.parse().expect("STREAMPATH_ROUNDS is a number"),
        Err(_) => 8,
    }
}

/// How long the long form of the groups is: `STREAMPATH_GROUP_ROUNDS` steps of chaos, half as many
/// zombies, a fifth as many takeovers. `None`: the short form is wanted.
fn group_rounds() -> Option<u32> {
    let text = std::env::var("STREAMPATH_GROUP_ROUNDS").ok()?;
    Some(text.parse().expect("STREAMPATH_GROUP_ROUNDS is a number"))
}
