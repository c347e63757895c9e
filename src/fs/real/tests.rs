//! What only the real disk has: links, FIFOs, owners, the umask, other threads.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::time::Duration;

use rustix::fs::{CWD, Mode, mkfifoat};

use crate::fs::{Access, Disk, Kind, RealDisk};

fn name(name: &str) -> &OsStr {
    OsStr::new(name)
}

#[test]
fn links_are_seen_and_never_followed() {
    let place = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("f"), "secret").unwrap();
    symlink(outside.path(), place.path().join("dir")).unwrap();
    symlink(outside.path().join("f"), place.path().join("file")).unwrap();
    symlink("nowhere", place.path().join("dangling")).unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    for link in ["dir", "file", "dangling"] {
        let link = name(link);
        assert_eq!(dir.stat_entry(link).unwrap().kind, Kind::Link);
        for access in [Access::Read, Access::Write] {
            assert_eq!(dir.open(link, access).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        assert_eq!(dir.open_dir(link).unwrap_err().kind(), ErrorKind::NotADirectory);
        assert_eq!(dir.create(link, 0o600).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(dir.make_dir(link, 0o700).unwrap_err().kind(), ErrorKind::AlreadyExists);
    }
    assert!(dir.list().unwrap().iter().all(|entry| entry.kind == Kind::Link));
    dir.remove_file(name("file")).unwrap();
    assert!(outside.path().join("f").exists());
    // In a root's path the user may have links.
    assert_eq!(RealDisk.open_root(&place.path().join("dir")).unwrap().list().unwrap().len(), 1);
    let below = place.path().join("dangling/below");
    assert!(RealDisk.make_root(&below, 0o700).is_err());
}

#[test]
fn a_fifo_neither_hangs_nor_counts_as_a_file() {
    let place = tempfile::tempdir().unwrap();
    mkfifoat(CWD, place.path().join("fifo"), Mode::RWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(place.path().join("socket")).unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    for other in ["fifo", "socket"] {
        for access in [Access::Read, Access::Write] {
            let error = dir.open(name(other), access).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{other}");
        }
        assert_eq!(dir.stat_entry(name(other)).unwrap().kind, Kind::Other);
    }
}

#[test]
fn a_directory_that_hands_its_group_down_goes_on_doing_so() {
    let place = tempfile::tempdir().unwrap();
    std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o2770)).unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    assert_eq!(dir.make_dir(name("d"), 0o750).unwrap().stat().unwrap().mode, 0o2750);
    assert_eq!(dir.create(name("f"), 0o640).unwrap().stat().unwrap().mode, 0o640);
}

#[test]
fn what_root_makes_in_somebodys_directory_is_theirs() {
    let place = tempfile::tempdir().unwrap();
    // Only root can give a directory away.
    if chown(place.path(), Some(12345), Some(23456)).is_err() {
        eprintln!("skipped: not root");
        return;
    }
    let dir = RealDisk.open_root(place.path()).unwrap();
    dir.create(name("f"), 0o640).unwrap();
    let below = dir.make_dir(name("d"), 0o750).unwrap();
    below.create(name("g"), 0o600).unwrap();
    for (path, mode) in [("f", 0o640), ("d", 0o750), ("d/g", 0o600)] {
        let made = std::fs::metadata(place.path().join(path)).unwrap();
        assert_eq!((made.uid(), made.gid()), (12345, 23456), "{path}");
        assert_eq!(made.mode() & 0o7777, mode, "{path}");
    }
}

#[test]
fn a_lock_is_waited_for() {
    let place = tempfile::tempdir().unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    let held = dir.create(name("lock"), 0o600).unwrap();
    let waiting = dir.open(name("lock"), Access::Write).unwrap();
    held.lock().unwrap();
    let thread = std::thread::spawn(move || waiting.lock().unwrap());
    std::thread::sleep(Duration::from_millis(20));
    assert!(!thread.is_finished());
    held.unlock().unwrap();
    thread.join().unwrap();
}

#[test]
fn handles_are_closed_in_children() {
    let place = tempfile::tempdir().unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    let file = dir.create(name("f"), 0o600).unwrap();
    for fd in [dir.as_kernel_fd(), file.as_kernel_fd()] {
        let flags = rustix::io::fcntl_getfd(fd.unwrap()).unwrap();
        assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
    }
}

#[test]
fn a_failed_write_says_how_much_is_there() {
    // `/dev/full` is no regular file, so the limit of the file system's offsets must do.
    let place = tempfile::tempdir().unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    let file = dir.create(name("f"), 0o600).unwrap();
    let (written, error) = file.write_all_vectored_at(&[b"abc"], i64::MAX as u64).unwrap_err();
    assert_eq!((written, error.operation), (0, "write"));
    assert_eq!(file.size_bytes().unwrap(), 0);
}
