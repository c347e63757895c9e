//! One contract for every disk: the real and the simulated one go through the same tests.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;

use crate::fs::sim::SimDisk;
use crate::fs::{Access, Dir, Disk, Kind, PathError, RealDisk, Replace, Result};

fn name(name: &str) -> &OsStr {
    OsStr::new(name)
}

fn kind<T>(result: Result<T>) -> ErrorKind {
    result.err().unwrap().kind()
}

/// Runs a test on each disk, in an empty directory.
fn with_each(test: impl Fn(&dyn Disk, &Dir)) {
    let place = tempfile::tempdir().unwrap();
    test(&RealDisk, &RealDisk.open_root(place.path()).unwrap());
    let sim = SimDisk::new();
    test(&sim, &sim.make_root(Path::new("/some/place"), 0o755).unwrap());
}

fn names(dir: &Dir) -> Vec<(String, Kind)> {
    let mut names: Vec<_> = dir
        .list()
        .unwrap()
        .into_iter()
        .map(|entry| (entry.name.into_string().unwrap(), entry.kind))
        .collect();
    names.sort_by(|one, two| one.0.cmp(&two.0));
    names
}

#[test]
fn what_is_written_is_read_and_reads_are_short_only_at_the_end() {
    with_each(|_, dir| {
        let file = dir.create(name("f"), 0o640).unwrap();
        assert_eq!(file.write_at(b"hello", 3).unwrap(), 5);
        assert_eq!(file.size_bytes().unwrap(), 8);
        let mut buffer = [9; 16];
        assert_eq!(file.read_at(&mut buffer, 0).unwrap(), 8);
        assert_eq!(&buffer[..8], b"\0\0\0hello");
        assert_eq!(file.read_at(&mut buffer, 8).unwrap(), 0);
        assert_eq!(file.read_at(&mut buffer, 1 << 40).unwrap(), 0);
        file.read_exact_at(&mut buffer[..5], 3).unwrap();
        assert_eq!(&buffer[..5], b"hello");
        assert_eq!(kind(file.read_exact_at(&mut buffer[..6], 3)), ErrorKind::UnexpectedEof);
        file.set_size(4).unwrap();
        file.set_size(6).unwrap();
        file.read_exact_at(&mut buffer[..6], 0).unwrap();
        assert_eq!(&buffer[..6], b"\0\0\0h\0\0");
        file.write_all_at(b"", 100).unwrap();
        assert_eq!(file.size_bytes().unwrap(), 6);
        file.sync_data().unwrap();
        dir.sync().unwrap();
    });
}

#[test]
fn many_parts_are_written_as_one() {
    with_each(|_, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        let numbers: Vec<_> = (0_u32..5000).map(u32::to_be_bytes).collect();
        let mut parts: Vec<&[u8]> = vec![b"", b"ab"];
        parts.extend(numbers.iter().map(<[u8; 4]>::as_slice));
        parts.push(b"");
        file.write_all_vectored_at(&parts, 10).unwrap();
        let mut read = vec![0; 20_002];
        file.read_exact_at(&mut read, 10).unwrap();
        assert_eq!(read, parts.concat());
        file.write_all_vectored_at(&[], 1 << 30).unwrap();
        file.write_all_vectored_at(&[b"", b""], 1 << 30).unwrap();
        assert_eq!(file.size_bytes().unwrap(), 20_012);
    });
}

#[test]
fn a_file_opened_for_reading_refuses_to_be_changed() {
    with_each(|_, dir| {
        dir.create(name("f"), 0o600).unwrap().write_all_at(b"abc", 0).unwrap();
        let file = dir.open(name("f"), Access::Read).unwrap();
        file.write_at(b"x", 0).unwrap_err();
        let (written, error) = file.write_all_vectored_at(&[b"x"], 0).unwrap_err();
        assert_eq!((written, error.operation), (0, "write"));
        file.set_size(0).unwrap_err();
        file.sync_data().unwrap();
        assert!(file.try_lock().unwrap());
        assert_eq!(file.size_bytes().unwrap(), 3);
    });
}

#[test]
fn stat_tells_kind_mode_size_and_links() {
    with_each(|_, dir| {
        let file = dir.create(name("f"), 0o666).unwrap();
        file.write_all_at(b"abc", 0).unwrap();
        let stat = file.stat().unwrap();
        assert_eq!((stat.kind, stat.mode, stat.size_bytes, stat.links), (Kind::File, 0o666, 3, 1));
        assert_eq!(dir.stat_entry(name("f")).unwrap(), stat);
        let made = dir.make_dir(name("d"), 0o777).unwrap();
        let stat = made.stat().unwrap();
        assert_eq!((stat.kind, stat.mode), (Kind::Directory, 0o777));
        assert!(stat.links > 0);
        assert_eq!(made.id().unwrap(), stat.id);
        assert_ne!(stat.id, file.stat().unwrap().id);
        assert_eq!(stat.id.device, file.stat().unwrap().id.device);
        dir.remove_dir(name("d")).unwrap();
        assert_eq!(made.stat().unwrap().links, 0);
        assert_eq!(kind(made.create(name("x"), 0o600)), ErrorKind::NotFound);
    });
}

#[test]
fn entries_are_made_once_listed_and_removed() {
    with_each(|_, dir| {
        assert_eq!(names(dir), []);
        dir.create(name("f"), 0o600).unwrap();
        let made = dir.make_dir(name("d"), 0o700).unwrap();
        assert_eq!(names(dir), [("d".into(), Kind::Directory), ("f".into(), Kind::File)]);
        assert_eq!(kind(dir.create(name("f"), 0o600)), ErrorKind::AlreadyExists);
        assert_eq!(kind(dir.create(name("d"), 0o600)), ErrorKind::AlreadyExists);
        assert_eq!(kind(dir.make_dir(name("f"), 0o600)), ErrorKind::AlreadyExists);
        assert_eq!(kind(dir.make_dir(name("d"), 0o600)), ErrorKind::AlreadyExists);
        assert_eq!(kind(dir.open(name("no"), Access::Read)), ErrorKind::NotFound);
        assert_eq!(kind(dir.open(name("d"), Access::Read)), ErrorKind::IsADirectory);
        assert_eq!(kind(dir.open(name("d"), Access::Write)), ErrorKind::IsADirectory);
        assert_eq!(kind(dir.open_dir(name("f"))), ErrorKind::NotADirectory);
        assert_eq!(kind(dir.open_dir(name("no"))), ErrorKind::NotFound);
        assert_eq!(kind(dir.stat_entry(name("no"))), ErrorKind::NotFound);
        made.create(name("in"), 0o600).unwrap();
        assert_eq!(kind(dir.remove_dir(name("d"))), ErrorKind::DirectoryNotEmpty);
        assert_eq!(kind(dir.remove_dir(name("f"))), ErrorKind::NotADirectory);
        assert_eq!(kind(dir.remove_file(name("d"))), ErrorKind::IsADirectory);
        assert_eq!(kind(dir.remove_file(name("no"))), ErrorKind::NotFound);
        dir.open_dir(name("d")).unwrap().remove_file(name("in")).unwrap();
        dir.remove_dir(name("d")).unwrap();
        dir.remove_file(name("f")).unwrap();
        assert_eq!(names(dir), []);
    });
}

#[test]
fn names_are_single_components() {
    with_each(|_, dir| {
        dir.make_dir(name("d"), 0o700).unwrap().create(name("f"), 0o600).unwrap();
        for bad in ["", ".", "..", "d/f", "/etc", "a\0b"] {
            let bad = name(bad);
            assert_eq!(kind(dir.open(bad, Access::Read)), ErrorKind::InvalidInput);
            assert_eq!(kind(dir.open_dir(bad)), ErrorKind::InvalidInput);
            assert_eq!(kind(dir.create(bad, 0o600)), ErrorKind::InvalidInput);
            assert_eq!(kind(dir.make_dir(bad, 0o600)), ErrorKind::InvalidInput);
            assert_eq!(kind(dir.stat_entry(bad)), ErrorKind::InvalidInput);
            assert_eq!(kind(dir.remove_file(bad)), ErrorKind::InvalidInput);
            assert_eq!(kind(dir.remove_dir(bad)), ErrorKind::InvalidInput);
            let renamed = dir.rename(bad, &**dir, name("x"), Replace::Always);
            assert_eq!(kind(renamed), ErrorKind::InvalidInput);
            let renamed = dir.rename(name("d"), &**dir, bad, Replace::Always);
            assert_eq!(kind(renamed), ErrorKind::InvalidInput);
        }
    });
}

#[test]
fn a_rename_replaces_only_when_told_to() {
    with_each(|_, dir| {
        let one = dir.create(name("one"), 0o600).unwrap();
        let two = dir.create(name("two"), 0o600).unwrap();
        let below = dir.make_dir(name("d"), 0o700).unwrap();
        let never = dir.rename(name("one"), &**dir, name("two"), Replace::Never);
        assert_eq!(kind(never), ErrorKind::AlreadyExists);
        dir.rename(name("one"), &*below, name("1"), Replace::Never).unwrap();
        assert_eq!(below.stat_entry(name("1")).unwrap().id, one.stat().unwrap().id);
        assert_eq!(kind(dir.stat_entry(name("one"))), ErrorKind::NotFound);
        below.rename(name("1"), &**dir, name("two"), Replace::Always).unwrap();
        assert_eq!(dir.stat_entry(name("two")).unwrap().id, one.stat().unwrap().id);
        assert_eq!(two.stat().unwrap().links, 0);
        two.write_all_at(b"still here", 0).unwrap();
        assert_eq!(two.size_bytes().unwrap(), 10);
        let missing = dir.rename(name("no"), &**dir, name("x"), Replace::Never);
        assert_eq!(kind(missing), ErrorKind::NotFound);
    });
}

#[test]
fn directories_are_renamed_with_what_is_in_them_and_not_into_themselves() {
    with_each(|_, dir| {
        let moved = dir.make_dir(name("d"), 0o700).unwrap();
        let other = dir.make_dir(name("e"), 0o700).unwrap();
        moved.create(name("f"), 0o600).unwrap();
        for replace in [Replace::Never, Replace::Always] {
            let into_itself = dir.rename(name("d"), &*moved, name("d"), replace);
            assert_eq!(kind(into_itself), ErrorKind::InvalidInput);
        }
        dir.rename(name("d"), &*other, name("g"), Replace::Never).unwrap();
        // The handle follows.
        moved.create(name("h"), 0o600).unwrap();
        assert_eq!(names(&other.open_dir(name("g")).unwrap()).len(), 2);
        dir.create(name("file"), 0o600).unwrap();
        let over_full = dir.make_dir(name("n"), 0o700).unwrap();
        assert_eq!(names(&over_full), []);
        let onto = dir.rename(name("n"), &*other, name("g"), Replace::Always);
        assert_eq!(kind(onto), ErrorKind::DirectoryNotEmpty);
        let onto = dir.rename(name("file"), &*other, name("g"), Replace::Always);
        assert_eq!(kind(onto), ErrorKind::IsADirectory);
        let onto = dir.rename(name("n"), &**dir, name("file"), Replace::Always);
        assert_eq!(kind(onto), ErrorKind::NotADirectory);
    });
}

#[test]
fn an_unlinked_file_lives_on_in_its_handles() {
    with_each(|_, dir| {
        let file = dir.create(name("f"), 0o600).unwrap();
        let reader = dir.open(name("f"), Access::Read).unwrap();
        dir.remove_file(name("f")).unwrap();
        assert_eq!(file.stat().unwrap().links, 0);
        file.write_all_at(b"abc", 0).unwrap();
        assert_eq!(reader.size_bytes().unwrap(), 3);
        let again = dir.create(name("f"), 0o600).unwrap();
        assert_ne!(again.stat().unwrap().id, file.stat().unwrap().id);
        assert_eq!(again.size_bytes().unwrap(), 0);
    });
}

#[test]
fn a_lock_belongs_to_its_handle_and_ends_with_it() {
    with_each(|_, dir| {
        let one = dir.create(name("lock"), 0o600).unwrap();
        let two = dir.open(name("lock"), Access::Write).unwrap();
        assert!(one.try_lock().unwrap());
        assert!(one.try_lock().unwrap(), "the holder may ask again");
        assert!(!two.try_lock().unwrap());
        two.unlock().unwrap();
        assert!(!two.try_lock().unwrap(), "nobody unlocks for another");
        one.unlock().unwrap();
        two.lock().unwrap();
        assert!(!one.try_lock().unwrap());
        drop(two);
        one.lock().unwrap();
    });
}

#[test]
fn roots_are_made_with_all_above_them() {
    with_each(|disk, dir| {
        let path = dir.path().join("a/b/../c");
        assert_eq!(kind(disk.open_root(&path)), ErrorKind::NotFound);
        let made = disk.make_root(&path, 0o751).unwrap();
        made.create(name("f"), 0o600).unwrap();
        let again = disk.make_root(&path, 0o700).unwrap();
        assert_eq!(again.id().unwrap(), made.id().unwrap());
        assert_eq!(again.stat().unwrap().mode, 0o751);
        assert_eq!(dir.open_dir(name("a")).unwrap().stat().unwrap().mode, 0o751);
        assert_eq!(names(&disk.open_root(&dir.path().join("a/c")).unwrap()).len(), 1);
        let through_file = dir.path().join("a/c/f/g");
        assert_eq!(kind(disk.make_root(&through_file, 0o700)), ErrorKind::NotADirectory);
        assert_eq!(disk.boot_id(), disk.boot_id());
        assert!(disk.boot_id().is_some());
    });
}

#[test]
fn errors_name_what_was_tried_and_on_what() {
    with_each(|_, dir| {
        let error = dir.open(name("no"), Access::Read).unwrap_err();
        let path = dir.path().join("no");
        assert_eq!(error.to_string(), format!("cannot open `{}`", path.display()));
        let PathError { operation, path: at, .. } = dir.create(name("a/b"), 0).unwrap_err();
        assert_eq!((operation, at), ("create", dir.path().join("a/b")));
    });
}

#[test]
fn disks_do_not_mix() {
    let place = tempfile::tempdir().unwrap();
    let real = RealDisk.open_root(place.path()).unwrap();
    let (one, two) = (SimDisk::new(), SimDisk::new());
    let one = one.make_root(Path::new("/a"), 0o700).unwrap();
    let two = two.make_root(Path::new("/a"), 0o700).unwrap();
    for dir in [&real, &one, &two] {
        dir.create(name("f"), 0o600).unwrap();
    }
    for (from, to) in [(&real, &one), (&one, &real), (&one, &two)] {
        let renamed = from.rename(name("f"), &**to, name("g"), Replace::Never);
        assert_eq!(kind(renamed), ErrorKind::CrossesDevices);
    }
}

#[test]
fn a_directory_is_opened_with_exactly_the_mode_that_is_asked_for() {
    with_each(|_, dir| {
        let made = dir.make_dir(name("d"), 0o700).unwrap();
        made.open_to(made.stat().unwrap().group, 0o777).unwrap();
        assert_eq!(dir.stat_entry(name("d")).unwrap().mode, 0o777);
        assert!(made.allows_changes().unwrap());
    });
}
