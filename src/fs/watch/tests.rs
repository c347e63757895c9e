//! What a watcher notices, told by the kernel and by comparing.

use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Change, Wake, WatchId, Watcher};
use crate::fs::{Access, Dir, Disk, RealDisk, Replace, sim};

const SOON: Option<Duration> = Some(Duration::from_secs(5));
const QUIET: Option<Duration> = Some(Duration::from_millis(30));

fn name(name: &str) -> &OsStr {
    OsStr::new(name)
}

fn changed(id: WatchId) -> Wake {
    Wake::Changed(vec![Change { id, removed: false }])
}

/// Runs a test with the kernel's help, without it, and on the simulated disk.
fn with_each(test: impl Fn(&mut Watcher, &Dir)) {
    for mut watcher in [Watcher::new(), Watcher::polling()] {
        let place = tempfile::tempdir().unwrap();
        let dir = RealDisk.open_root(place.path()).unwrap();
        test(&mut watcher, &dir);
    }
    let disk = sim::SimDisk::new();
    let dir = disk.make_root(std::path::Path::new("/w"), 0o700).unwrap();
    test(&mut Watcher::new(), &dir);
}

#[test]
fn the_kernel_tells_by_default() {
    let place = tempfile::tempdir().unwrap();
    let dir = RealDisk.open_root(place.path()).unwrap();
    let mut watcher = Watcher::new();
    watcher.watch_dir(&dir).unwrap();
    assert!(!watcher.is_polling());
    assert!(Watcher::polling().is_polling());
}

#[test]
fn writes_and_new_lengths_are_noticed_even_before_the_wait() {
    with_each(|watcher, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        let id = watcher.watch_file(&file).unwrap();
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
        let other = dir.open(name("f"), Access::Write).unwrap();
        other.write_all_at(b"x", 0).unwrap();
        assert_eq!(watcher.wait(SOON).unwrap(), changed(id));
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
        other.set_size(0).unwrap();
        assert_eq!(watcher.wait(SOON).unwrap(), changed(id));
    });
}

#[test]
fn a_removed_file_is_told_apart_although_it_is_open() {
    with_each(|watcher, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        let id = watcher.watch_file(&file).unwrap();
        dir.remove_file(name("f")).unwrap();
        let gone = Wake::Changed(vec![Change { id, removed: true }]);
        assert_eq!(watcher.wait(SOON).unwrap(), gone);
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
    });
}

#[test]
fn comings_and_goings_are_noticed_and_writes_in_the_directory_are_not() {
    with_each(|watcher, dir| {
        let file = dir.create(name("old"), 0o600).unwrap();
        let id = watcher.watch_dir(dir).unwrap();
        file.write_all_at(b"x", 0).unwrap();
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
        // At once one after the other, within one tick of the file system's clock.
        for round in 0..20 {
            dir.create(name(&round.to_string()), 0o600).unwrap();
            assert_eq!(watcher.wait(SOON).unwrap(), changed(id), "{round}");
        }
        dir.rename(name("0"), &**dir, name("a"), Replace::Never).unwrap();
        assert_eq!(watcher.wait(SOON).unwrap(), changed(id));
        dir.remove_file(name("a")).unwrap();
        assert_eq!(watcher.wait(SOON).unwrap(), changed(id));
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
    });
}

#[test]
fn a_file_watched_twice_wakes_both_and_outlives_one() {
    with_each(|watcher, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        let one = watcher.watch_file(&file).unwrap();
        let two = watcher.watch_file(&dir.open(name("f"), Access::Read).unwrap()).unwrap();
        file.write_all_at(b"x", 0).unwrap();
        let Wake::Changed(changes) = watcher.wait(SOON).unwrap() else { panic!() };
        assert_eq!(changes.iter().map(|change| change.id).collect::<Vec<_>>(), [one, two]);
        watcher.unwatch(one);
        file.write_all_at(b"y", 1).unwrap();
        assert_eq!(watcher.wait(SOON).unwrap(), changed(two));
        watcher.unwatch(two);
        file.write_all_at(b"z", 2).unwrap();
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
    });
}

#[test]
fn the_opened_file_is_watched_and_not_its_path() {
    with_each(|watcher, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        dir.rename(name("f"), &**dir, name("g"), Replace::Never).unwrap();
        let imposter = dir.create(name("f"), 0o600).unwrap();
        let id = watcher.watch_file(&file).unwrap();
        imposter.write_all_at(b"x", 0).unwrap();
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
        file.write_all_at(b"x", 0).unwrap();
        assert_eq!(watcher.wait(SOON).unwrap(), changed(id));
    });
}

#[test]
fn a_waker_ends_a_wait_from_another_thread_and_is_not_lost_before_it() {
    for mut watcher in [Watcher::new(), Watcher::polling()] {
        let waker = watcher.waker().unwrap();
        waker.wake();
        waker.wake();
        assert_eq!(watcher.wait(None).unwrap(), Wake::Woken);
        assert_eq!(watcher.wait(QUIET).unwrap(), Wake::TimedOut);
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            waker.wake();
        });
        assert_eq!(watcher.wait(None).unwrap(), Wake::Woken);
        thread.join().unwrap();
    }
}

#[test]
fn a_signal_handler_can_wake() {
    let mut watcher = Watcher::new();
    let waker = watcher.waker().unwrap();
    let end = waker.signal_end().unwrap();
    signal_hook::low_level::pipe::register(signal_hook::consts::SIGUSR2, end).unwrap();
    signal_hook::low_level::raise(signal_hook::consts::SIGUSR2).unwrap();
    assert_eq!(watcher.wait(SOON).unwrap(), Wake::Woken);
}

#[test]
fn another_handle_can_be_waited_for_too() {
    let mut watcher = Watcher::new();
    let (ours, theirs) = UnixStream::pair().unwrap();
    assert_eq!(watcher.wait_or_readable(ours.as_fd(), QUIET).unwrap(), Wake::TimedOut);
    drop(theirs);
    assert_eq!(watcher.wait_or_readable(ours.as_fd(), SOON).unwrap(), Wake::Readable);
}

#[test]
fn no_wake_up_is_lost_between_reading_to_the_end_and_waiting() {
    with_each(|watcher, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        let writer = Arc::clone(&file);
        let id = watcher.watch_file(&file).unwrap();
        let began = Instant::now();
        let thread = std::thread::spawn(move || {
            for size in 1..=2000 {
                writer.write_all_at(b"x", size - 1).unwrap();
            }
        });
        let mut size = 0;
        while size < 2000 {
            if file.size_bytes().unwrap() == size {
                let wake = watcher.wait(SOON).unwrap();
                assert!(wake == changed(id), "{wake:?} at {size}");
            }
            size = file.size_bytes().unwrap();
        }
        thread.join().unwrap();
        assert!(began.elapsed() < Duration::from_secs(5));
    });
}
