//! Who holds a file's lock, as far as the kernel's lock table tells; for messages only.

use std::os::unix::fs::MetadataExt;

use rustix::fs::{major, minor};

use crate::fs::FileId;

/// The kernel gives its table out in pieces of a page, and what stands in it moves up when a lock
/// before it goes: a lock that is held all the time can be missing from what was read. So a lock that
/// was not found is looked for so many times.
const LOOKS: u32 = 16;

/// Returns the process that took the exclusive flock of a file.
///
/// `None`: nobody holds it any more, or the holder cannot be seen (another container, no `/proc`).
/// After a fork the child may be the one that still holds it.
#[must_use]
pub fn flock_holder(id: FileId) -> Option<u32> {
    (0..LOOKS).find_map(|_| listed_holder(id))
}

/// Looks through the kernel's table once.
fn listed_holder(id: FileId) -> Option<u32> {
    let table = std::fs::read_to_string("/proc/locks").ok()?;
    let mut lines: Vec<_> = table.lines().filter_map(parse).collect();
    lines.retain(|line| line.inode == id.inode);
    let device = (major(id.device), minor(id.device));
    if let Some(line) = lines.iter().find(|line| line.device == device) {
        return Some(line.pid);
    }
    // btrfs and overlayfs tell `stat` another device than the lock table; then a process counts
    // only if it is seen to have this very file open.
    lines.iter().map(|line| line.pid).find(|&pid| has_open(pid, id))
}

/// A line of the table about an exclusive flock that is held by a visible process.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    pid: u32,
    /// Major and minor number.
    device: (u32, u32),
    inode: u64,
}

/// Reads `1: FLOCK  ADVISORY  WRITE 1234 08:10:5678 0 EOF`: numbers of devices in hex, of inodes in
/// decimal. A waiting process has `->` behind the first number.
fn parse(line: &str) -> Option<Line> {
    let mut words = line.split_ascii_whitespace().skip(1);
    if words.next()? != "FLOCK" || words.nth(1)? != "WRITE" {
        return None;
    }
    // -1 and 0 stand for processes that cannot be seen from here.
    let pid = words.next()?.parse().ok().filter(|&pid| pid > 0)?;
    let mut id = words.next()?.split(':');
    let major = u32::from_str_radix(id.next()?, 16).ok()?;
    let minor = u32::from_str_radix(id.next()?, 16).ok()?;
    Some(Line { pid, device: (major, minor), inode: id.next()?.parse().ok()? })
}

/// Tells whether a process is seen to have a file open.
pub(super) fn has_open(pid: u32, id: FileId) -> bool {
    let Ok(handles) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    handles.flatten().any(|handle| {
        std::fs::metadata(handle.path())
            .is_ok_and(|open| open.dev() == id.device && open.ino() == id.inode)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::{Line, flock_holder, has_open, parse};
    use crate::fs::{Disk, RealDisk};

    #[test]
    fn devices_are_hexadecimal_and_inodes_decimal() {
        let line = parse("12: FLOCK  ADVISORY  WRITE 1234 fe:1a:5678 0 EOF").unwrap();
        assert_eq!(line, Line { pid: 1234, device: (0xfe, 0x1a), inode: 5678 });
    }

    #[test]
    fn waiting_foreign_invisible_and_shared_locks_are_not_held_by_anyone() {
        for other in [
            "1: -> FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF",
            "1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF",
            "1: OFDLCK ADVISORY  WRITE -1 fe:00:5678 0 EOF",
            "1: FLOCK  ADVISORY  WRITE 0 fe:00:5678 0 EOF",
            "1: FLOCK  ADVISORY  WRITE -1 fe:00:5678 0 EOF",
            "1: FLOCK  ADVISORY  READ 1234 fe:00:5678 0 EOF",
            "1: FLOCK",
            "",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    /// Others take and give locks while the table is read, which takes several pages.
    #[test]
    fn a_lock_is_found_in_a_table_that_moves() {
        let place = tempfile::tempdir().unwrap();
        let dir = RealDisk.open_root(place.path()).unwrap();
        let file = |name: &str| dir.create(OsStr::new(name), 0o600).unwrap();
        let others: Vec<_> = (0..300).map(|number| file(&format!("other-{number}"))).collect();
        for other in &others {
            other.lock().unwrap();
        }
        let held = file("held");
        held.lock().unwrap();
        let id = held.stat().unwrap().id;
        let done = AtomicBool::new(false);
        let moving = || {
            while !done.load(Ordering::Relaxed) {
                for other in &others {
                    other.unlock().unwrap();
                    other.lock().unwrap();
                }
            }
        };
        let found = thread::scope(|scope| {
            scope.spawn(moving);
            let found = (0..300).filter(|_| flock_holder(id) == Some(std::process::id())).count();
            done.store(true, Ordering::Relaxed);
            found
        });
        assert_eq!(found, 300);
    }

    #[test]
    fn the_holder_of_a_lock_is_this_process() {
        let place = tempfile::tempdir().unwrap();
        let dir = RealDisk.open_root(place.path()).unwrap();
        let file = dir.create(OsStr::new("lock"), 0o600).unwrap();
        let id = file.stat().unwrap().id;
        assert_eq!(flock_holder(id), None);
        assert!(has_open(std::process::id(), id));
        file.lock().unwrap();
        assert_eq!(flock_holder(id), Some(std::process::id()));
        file.unlock().unwrap();
        assert_eq!(flock_holder(id), None);
    }
}
