//! Groups under fault: members that come, go, are killed, or are stopped for too long and go on.

mod cast;
mod chaos;
mod checker;
mod follower;
mod history;
mod metronome;
mod pump;
mod reigns;
mod takeover;
mod zombies;
