//! Files, locks, syncs and change notification; errors that carry their path; a second, simulated
//! disk that can fail and forget.

mod boot;
mod disk;
#[cfg(test)]
mod disk_tests;
mod error;
mod holder;
mod network;
mod real;
pub mod sim;
mod snapshot;
mod space;
mod stopped;
mod watch;

pub use boot::since_boot_ms;
pub use disk::{
    Access, Dir, Directory, Disk, Entry, File, FileId, Kind, OpenFile, Replace, Stat,
    temporary_name,
};
pub use error::{PathError, Result};
pub use holder::flock_holder;
pub use network::is_shared_badly;
pub use real::RealDisk;
pub use space::{Space, space_at};
pub(crate) use stopped::receive_locked;
pub use watch::{Change, Wake, Waker, WatchId, Watcher};
