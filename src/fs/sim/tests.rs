//! What the simulated disk forgets, keeps and refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use crate::fs::sim::{SimDisk, Weather};
use crate::fs::{Access, Dir, Disk, FileId, Kind, Replace, Result};

const PAGE: usize = 4096;

fn name(name: &str) -> &OsStr {
    OsStr::new(name)
}

fn root(disk: &SimDisk) -> Dir {
    disk.open_root(Path::new("/")).unwrap()
}

fn content(disk: &SimDisk, path: &str) -> Option<Vec<u8>> {
    disk.files().remove(Path::new(path))
}

fn is_death<T: std::fmt::Debug>(result: Result<T>) -> bool {
    let error = result.unwrap_err();
    error.kind() == ErrorKind::Other && error.source.to_string() == "simulated death"
}

/// Makes a file of which content and name are durable.
fn durable_file(dir: &Dir, at: &str, bytes: &[u8]) -> crate::fs::File {
    let file = dir.create(name(at), 0o600).unwrap();
    file.write_all_at(bytes, 0).unwrap();
    file.sync_data().unwrap();
    dir.sync().unwrap();
    file
}

#[test]
fn what_was_synced_survives_every_power_cut() {
    let disk = SimDisk::new();
    let dir = disk.make_root(Path::new("/a/b"), 0o700).unwrap();
    let bytes: Vec<_> = (0..10_000_u32).map(|byte| byte as u8).collect();
    durable_file(&dir, "f", &bytes).write_all_at(b"more", 10_000).unwrap();
    for seed in 0..300 {
        let left = content(&disk.power_loss(seed), "/a/b/f").unwrap();
        assert_eq!(left[..10_000], bytes, "seed {seed}");
    }
}

#[test]
fn a_synced_file_without_a_synced_name_is_lost_and_so_is_a_name_below_a_lost_one() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let file = dir.create(name("f"), 0o600).unwrap();
    file.write_all_at(b"x", 0).unwrap();
    file.sync_data().unwrap();
    let below = dir.make_dir(name("d"), 0o700).unwrap();
    durable_file(&below, "g", b"y");
    assert_eq!(disk.power_loss_in(&Weather::NOTHING_KEPT, 1).files(), BTreeMap::new());
    assert_eq!(disk.power_loss_in(&Weather::EVERYTHING_KEPT, 1).files(), disk.files());
    dir.sync().unwrap();
    let left = disk.power_loss_in(&Weather::NOTHING_KEPT, 1).files();
    assert_eq!(left.values().map(Vec::as_slice).collect::<Vec<_>>(), [b"y", b"x"]);
}

#[test]
fn unsynced_pages_are_old_new_torn_zeros_or_garbage() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let file = durable_file(&dir, "f", &[1; 2 * PAGE]);
    file.write_all_at(&[2; 3 * PAGE], PAGE as u64).unwrap();
    let (mut sizes, mut sectors, mut torn) = (BTreeSet::new(), BTreeSet::new(), 0);
    for seed in 0..1000 {
        let left = content(&disk.power_loss(seed), "/f").unwrap();
        sizes.insert(left.len());
        for (page, bytes) in left.chunks(PAGE).enumerate() {
            let mut kinds = BTreeSet::new();
            for sector in bytes.chunks(512) {
                let kind = match sector[0] {
                    same if sector.iter().any(|byte| *byte != same) => "garbage",
                    0 => "zeros",
                    1 => "old",
                    2 => "new",
                    // A short last sector of garbage.
                    _ => "garbage",
                };
                kinds.insert(kind);
                // Single bytes cannot be told from garbage.
                if sector.len() > 1 {
                    sectors.insert((page, kind));
                }
            }
            torn += usize::from(kinds.len() > 1 && bytes.len() == PAGE);
        }
    }
    let behind = |page| [(page, "garbage"), (page, "new"), (page, "zeros")];
    let mut expected = BTreeSet::from([(0, "old"), (1, "old"), (1, "new")]);
    expected.extend(behind(2).into_iter().chain(behind(3)));
    assert_eq!(sectors, expected);
    assert!(torn > 50, "{torn}");
    assert!(sizes.len() > 20);
    assert_eq!((sizes.first(), sizes.last()), (Some(&(2 * PAGE)), Some(&(4 * PAGE))));
}

#[test]
fn a_cut_is_durable_only_once_synced() {
    let disk = SimDisk::new();
    let file = durable_file(&root(&disk), "f", &[1; 3 * PAGE]);
    file.set_size(100).unwrap();
    let sizes: BTreeSet<_> =
        (0..200).map(|seed| content(&disk.power_loss(seed), "/f").unwrap().len()).collect();
    assert_eq!((sizes.first(), sizes.last()), (Some(&100), Some(&(3 * PAGE))));
    file.set_size(PAGE as u64).unwrap();
    file.sync_data().unwrap();
    let mut expected = vec![1; 100];
    expected.resize(PAGE, 0);
    for seed in 0..50 {
        assert_eq!(content(&disk.power_loss(seed), "/f").unwrap(), expected);
    }
}

#[test]
fn what_was_cut_off_does_not_come_back_after_a_sync() {
    let disk = SimDisk::new();
    let file = durable_file(&root(&disk), "f", &[1; 3 * PAGE]);
    file.set_size(0).unwrap();
    file.set_size(2 * PAGE as u64).unwrap();
    file.write_all_at(b"x", 3 * PAGE as u64).unwrap();
    file.sync_data().unwrap();
    let left = content(&disk.power_loss(1), "/f").unwrap();
    assert!(left[..3 * PAGE].iter().all(|byte| *byte == 0));
    assert_eq!(left, content(&disk, "/f").unwrap());
}

#[test]
fn a_rename_is_old_or_new_and_never_both_or_neither() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let (from, to) =
        (disk.make_root(Path::new("/a"), 0).unwrap(), dir.make_dir(name("b"), 0).unwrap());
    durable_file(&from, "f", b"new");
    durable_file(&from, "g", b"old");
    from.rename(name("f"), &*from, name("g"), Replace::Always).unwrap();
    // `/b` itself is not durable: what is moved there must not vanish with it.
    from.rename(name("g"), &*to, name("h"), Replace::Never).unwrap();
    let mut outcomes = BTreeSet::new();
    for seed in 0..300 {
        let files = disk.power_loss(seed).files();
        let files =
            files.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()));
        outcomes.insert(files.collect::<Vec<_>>());
    }
    let file = |path: &str, bytes: &str| (PathBuf::from(path), bytes.to_owned());
    let expected = [
        vec![file("/a/f", "new"), file("/a/g", "old")],
        vec![file("/a/g", "new")],
        vec![file("/b/h", "new")],
    ];
    assert_eq!(outcomes, BTreeSet::from(expected));
    from.sync().unwrap();
    to.sync().unwrap();
    let left = disk.power_loss_in(&Weather::NOTHING_KEPT, 0).files();
    assert_eq!(left.keys().collect::<Vec<_>>(), [Path::new("/b/h")]);
}

#[test]
fn a_rename_is_durable_with_the_directory_it_leads_to() {
    let disk = SimDisk::new();
    let from = disk.make_root(Path::new("/a"), 0).unwrap();
    let to = disk.make_root(Path::new("/b"), 0).unwrap();
    durable_file(&from, "f", b"x");
    from.rename(name("f"), &*to, name("f"), Replace::Never).unwrap();
    from.sync().unwrap();
    assert!(content(&disk.power_loss_in(&Weather::NOTHING_KEPT, 0), "/a/f").is_some());
    to.sync().unwrap();
    assert!(content(&disk.power_loss_in(&Weather::NOTHING_KEPT, 0), "/b/f").is_some());
}

#[test]
fn what_is_moved_below_an_unsynced_directory_is_not_lost_with_it() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    disk.make_root(Path::new("/p"), 0).unwrap();
    let above = dir.make_dir(name("q"), 0).unwrap();
    let to = above.make_dir(name("r"), 0).unwrap();
    // `r` is durable in `q`, but `q` nowhere.
    above.sync().unwrap();
    dir.rename(name("p"), &*to, name("s"), Replace::Never).unwrap();
    for seed in 0..100 {
        let left = disk.power_loss(seed);
        let there = |path| left.open_root(Path::new(path)).is_ok();
        assert!(there("/p") != there("/q/r/s"), "seed {seed}");
    }
    to.sync().unwrap();
    let left = disk.power_loss_in(&Weather::NOTHING_KEPT, 0);
    assert!(left.open_root(Path::new("/q/r/s")).is_ok());
}

#[test]
fn a_removed_directory_takes_nothing_along_that_was_moved_out_of_it() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let from = disk.make_root(Path::new("/d"), 0).unwrap();
    durable_file(&from, "f", b"x");
    from.rename(name("f"), &*dir, name("g"), Replace::Never).unwrap();
    dir.remove_dir(name("d")).unwrap();
    for seed in 0..100 {
        assert_eq!(disk.power_loss(seed).files().len(), 1, "seed {seed}");
    }
}

#[test]
fn a_removal_can_be_undone_until_it_is_synced() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    durable_file(&dir, "f", b"x");
    dir.remove_file(name("f")).unwrap();
    let there = |seed| content(&disk.power_loss(seed), "/f").is_some();
    let count = (0..200).filter(|&seed| there(seed)).count();
    assert!((20..180).contains(&count), "{count}");
    dir.sync().unwrap();
    assert!(!(0..50).any(there));
}

#[test]
fn after_a_failed_sync_the_kernel_lies() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let file = durable_file(&dir, "f.log", &[1; PAGE]);
    let other = durable_file(&dir, "g", b"");
    file.write_all_at(&[2; PAGE], 0).unwrap();
    file.write_all_at(&[2; PAGE], PAGE as u64).unwrap();
    disk.fail_next_sync("f.log");
    other.sync_data().unwrap();
    assert_eq!(file.sync_data().unwrap_err().source.raw_os_error(), Some(5));
    file.sync_data().unwrap();
    // The page cache still shows it.
    assert_eq!(content(&disk, "/f.log").unwrap(), [2; 2 * PAGE]);
    let mut expected = vec![1; PAGE];
    expected.resize(2 * PAGE, 0);
    assert_eq!(content(&disk.power_loss(7), "/f.log").unwrap(), expected);
    // What is written later is saved, behind the hole.
    file.write_all_at(&[3; PAGE], 2 * PAGE as u64).unwrap();
    file.sync_data().unwrap();
    expected.resize(3 * PAGE, 3);
    assert_eq!(content(&disk.power_loss(8), "/f.log").unwrap(), expected);
}

#[test]
fn a_full_disk_cuts_writes_short_and_then_refuses() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let file = durable_file(&dir, "f", b"12345");
    disk.space_left(Some(3));
    file.write_all_at(b"abcde", 0).unwrap();
    assert_eq!(file.write_at(b"67890", 5).unwrap(), 3);
    assert_eq!(file.write_at(b"9", 8).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(content(&disk, "/f").unwrap(), b"abcde678");
    file.set_size(6).unwrap();
    let (written, error) = file.write_all_vectored_at(&[b"x", b"yz"], 6).unwrap_err();
    assert_eq!((written, error.kind()), (2, ErrorKind::StorageFull));
    drop(file);
    dir.remove_file(name("f")).unwrap();
    durable_file(&dir, "g", b"12345678");
    disk.space_left(None);
    durable_file(&dir, "h", &[0; 100]);
}

#[test]
fn a_read_only_disk_refuses_changes_but_not_locks() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let file = durable_file(&dir, "f", b"x");
    disk.read_only(true);
    let kind = |result: Result<()>| result.unwrap_err().kind();
    assert_eq!(kind(file.write_all_at(b"y", 0)), ErrorKind::ReadOnlyFilesystem);
    assert_eq!(kind(file.set_size(0)), ErrorKind::ReadOnlyFilesystem);
    assert_eq!(kind(dir.create(name("g"), 0).map(drop)), ErrorKind::ReadOnlyFilesystem);
    assert_eq!(kind(dir.open(name("f"), Access::Write).map(drop)), ErrorKind::ReadOnlyFilesystem);
    assert_eq!(kind(dir.remove_file(name("f"))), ErrorKind::ReadOnlyFilesystem);
    dir.open(name("f"), Access::Read).unwrap().lock().unwrap();
    disk.read_only(false);
    file.write_all_at(b"y", 0).unwrap();
}

#[test]
fn a_dead_process_leaves_what_it_wrote_and_holds_no_lock() {
    let disk = SimDisk::new();
    let (one, two) = (disk.process(), disk.process());
    let ours = root(&one).create(name("f"), 0o600).unwrap();
    ours.write_all_at(b"x", 0).unwrap();
    ours.lock().unwrap();
    let theirs = root(&two).open(name("f"), Access::Write).unwrap();
    assert_eq!(theirs.lock().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(!theirs.try_lock().unwrap());
    one.process_death();
    assert!(one.is_dead() && !two.is_dead());
    theirs.lock().unwrap();
    assert_eq!(theirs.size_bytes().unwrap(), 1);
    assert!(is_death(ours.size_bytes()));
    assert!(is_death(ours.lock()));
    assert!(is_death(ours.read_at(&mut [0], 0)));
    assert!(is_death(one.open_root(Path::new("/"))));
    drop(ours);
    assert!(!two.is_dead());
}

/// A small run that makes, writes, syncs and renames.
fn script(disk: &SimDisk) -> Result<()> {
    let dir = disk.open_root(Path::new("/"))?;
    let file = dir.create(name("tmp"), 0o600)?;
    file.lock()?;
    file.write_all_at(&[1; 3 * PAGE], 100)?;
    file.sync_data()?;
    file.unlock()?;
    dir.rename(name("tmp"), &*dir, name("f"), Replace::Never)?;
    dir.sync()
}

#[test]
fn a_process_can_die_before_each_of_its_steps() {
    let whole = SimDisk::new();
    script(&whole).unwrap();
    assert_eq!(whole.steps(), 7);
    let mut ends = BTreeSet::new();
    for seed in 0..40 {
        for step in 1..=whole.steps() {
            let disk = SimDisk::new();
            disk.seed(seed);
            disk.keep_op_log();
            disk.die_after(step);
            assert!(is_death(script(&disk)), "step {step}");
            assert_eq!(disk.steps(), step, "{:#?}", disk.op_log());
            assert_eq!(disk.op_log().len() as u64, step + 1);
            let files = disk.files();
            assert_eq!(files.contains_key(Path::new("/f")), step > 6, "step {step}");
            if step == 3 {
                ends.insert(files[Path::new("/tmp")].len());
            }
            // The next process is not disturbed.
            let next = disk.process();
            if let Ok(file) = root(&next).open(name("tmp"), Access::Write) {
                assert!(file.try_lock().unwrap());
            }
        }
        let disk = SimDisk::new();
        disk.die_after(whole.steps() + 1);
        script(&disk).unwrap();
    }
    let aligned = |end: &usize| end.is_multiple_of(PAGE);
    assert!([0, PAGE, 2 * PAGE, 3 * PAGE].iter().all(|end| ends.contains(end)), "{ends:?}");
    assert!(ends.iter().any(|end| !aligned(end)) && ends.iter().all(|end| end % 512 == 0));
}

#[test]
fn inode_numbers_come_back_only_when_asked_to() {
    let disk = SimDisk::new();
    let dir = root(&disk);
    let id = |file: &crate::fs::File| file.stat().unwrap().id.inode;
    let one = durable_file(&dir, "f", b"x");
    let was = id(&one);
    dir.remove_file(name("f")).unwrap();
    drop(one);
    let two = durable_file(&dir, "f", b"y");
    assert_ne!(id(&two), was);
    disk.reuse_inodes(true);
    let was = id(&two);
    dir.remove_file(name("f")).unwrap();
    assert_ne!(id(&dir.create(name("while-open"), 0).unwrap()), was);
    drop(two);
    assert_eq!(id(&dir.create(name("f"), 0).unwrap()), was);
    for seed in 0..100 {
        let left = disk.power_loss(seed);
        let dir = root(&left);
        let ids: Vec<_> = dir
            .list()
            .unwrap()
            .iter()
            .map(|entry| dir.stat_entry(&entry.name).unwrap().id)
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "seed {seed}");
    }
}

#[test]
fn a_power_cut_frees_locks_and_changes_the_boot() {
    let disk = SimDisk::new();
    let file = durable_file(&root(&disk), "f", b"x");
    file.lock().unwrap();
    let left = disk.power_loss(3);
    assert_ne!(left.boot_id(), disk.boot_id());
    assert_ne!(left.power_loss(3).boot_id(), left.boot_id());
    let again = root(&left).open(name("f"), Access::Write).unwrap();
    assert!(again.try_lock().unwrap());
    assert_eq!(again.stat().unwrap().id, file.stat().unwrap().id);
    assert_eq!(disk.process().boot_id(), disk.boot_id());
    assert!(!left.is_real());
    // The disk of before is still there to be cut again.
    file.write_all_at(b"y", 0).unwrap();
}

#[test]
fn threads_can_wait_for_a_lock() {
    let disk = SimDisk::new();
    disk.wait_for_locks(true);
    let (one, two) = (disk.process(), disk.process());
    let held = root(&one).create(name("f"), 0o600).unwrap();
    held.lock().unwrap();
    let thread = std::thread::spawn(move || {
        root(&two).open(name("f"), Access::Write).unwrap().lock().unwrap();
    });
    std::thread::sleep(Duration::from_millis(20));
    assert!(!thread.is_finished());
    // Dies in its next step, and does not unlock.
    one.die_after(1);
    assert!(is_death(held.write_all_at(b"x", 0)));
    thread.join().unwrap();
}

/// Something done to one of a few names.
#[derive(Clone, Debug)]
enum Act {
    Create(u8, u8),
    MakeDir(u8, u8),
    Write(u8, u8, u16, u16),
    SetSize(u8, u8, u16),
    SyncFile(u8, u8),
    SyncDir(u8),
    Rename(u8, u8, u8, u8, bool),
    RemoveFile(u8, u8),
    RemoveDir(u8, u8),
}

fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    let dir = || 0..6_u8;
    let at = || 0..4_u8;
    let act = prop_oneof![
        (dir(), at()).prop_map(|(dir, at)| Act::Create(dir, at)),
        (dir(), at()).prop_map(|(dir, at)| Act::MakeDir(dir, at)),
        (dir(), at(), 0..9000_u16, 1..9000_u16)
            .prop_map(|(dir, at, position, bytes)| Act::Write(dir, at, position, bytes)),
        (dir(), at(), 0..20_000_u16).prop_map(|(dir, at, bytes)| Act::SetSize(dir, at, bytes)),
        (dir(), at()).prop_map(|(dir, at)| Act::SyncFile(dir, at)),
        dir().prop_map(Act::SyncDir),
        (dir(), at(), dir(), at(), any::<bool>())
            .prop_map(|(from, name, to, new, replace)| Act::Rename(from, name, to, new, replace)),
        (dir(), at(), dir(), at(), any::<bool>())
            .prop_map(|(from, name, to, new, replace)| Act::Rename(from, name, to, new, replace)),
        (dir(), at()).prop_map(|(dir, at)| Act::RemoveFile(dir, at)),
        (dir(), at()).prop_map(|(dir, at)| Act::RemoveDir(dir, at)),
    ];
    proptest::collection::vec(act, 0..most)
}

const NAMES: [&str; 4] = ["p", "q", "r", "s"];

/// All directories, each with its path, the root first.
fn directories(disk: &SimDisk) -> Vec<Dir> {
    let mut found = vec![root(disk)];
    let mut next = 0;
    while next < found.len() {
        let dir = found[next].clone();
        for entry in dir.list().unwrap() {
            if entry.kind == Kind::Directory {
                found.push(dir.open_dir(&entry.name).unwrap());
            }
        }
        next += 1;
    }
    found
}

/// Does something; it may be impossible, and then changes nothing.
fn play(disk: &SimDisk, act: &Act) -> Result<()> {
    let all = directories(disk);
    let dir = |index: u8| &all[index as usize % all.len()];
    let at = |index: u8| name(NAMES[index as usize]);
    let open = |index: u8, file: u8| dir(index).open(at(file), Access::Write);
    match *act {
        Act::Create(within, file) => dir(within).create(at(file), 0o600).map(drop),
        Act::MakeDir(within, file) => dir(within).make_dir(at(file), 0o700).map(drop),
        Act::Write(within, file, position, bytes) => {
            let filler = position.wrapping_mul(31).wrapping_add(bytes) as u8 | 1;
            open(within, file)?.write_all_at(&vec![filler; bytes as usize], u64::from(position))
        }
        Act::SetSize(within, file, bytes) => open(within, file)?.set_size(u64::from(bytes)),
        Act::SyncFile(within, file) => open(within, file)?.sync_data(),
        Act::SyncDir(within) => dir(within).sync(),
        Act::Rename(from, file, to, new, replace) => {
            let replace = if replace { Replace::Always } else { Replace::Never };
            dir(from).rename(at(file), &**dir(to), at(new), replace)
        }
        Act::RemoveFile(within, file) => dir(within).remove_file(at(file)),
        Act::RemoveDir(within, file) => dir(within).remove_dir(at(file)),
    }
}

fn play_all(disk: &SimDisk, acts: &[Act]) {
    for act in acts {
        let _ = play(disk, act);
    }
}

/// Syncs everything there is.
fn sync_all(disk: &SimDisk) {
    for dir in directories(disk) {
        for entry in dir.list().unwrap() {
            if entry.kind == Kind::File {
                dir.open(&entry.name, Access::Read).unwrap().sync_data().unwrap();
            }
        }
        dir.sync().unwrap();
    }
}

/// Every entry below the root by identity, with how often it is there.
fn identities(disk: &SimDisk) -> BTreeMap<FileId, u32> {
    let mut found = BTreeMap::new();
    for dir in directories(disk) {
        for entry in dir.list().unwrap() {
            *found.entry(dir.stat_entry(&entry.name).unwrap().id).or_default() += 1;
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_calls_and_seed_give_the_same_disk(acts in acts(40), seed: u64) {
        let play = || {
            let disk = SimDisk::new();
            play_all(&disk, &acts);
            disk.power_loss(seed)
        };
        let (one, two) = (play(), play());
        prop_assert_eq!(one.files(), two.files());
        prop_assert_eq!(identities(&one), identities(&two));
        prop_assert_eq!(one.boot_id(), two.boot_id());
    }

    #[test]
    fn the_best_weather_keeps_all_and_any_keeps_what_was_synced(acts in acts(60), seed: u64) {
        let disk = SimDisk::new();
        play_all(&disk, &acts);
        let best = disk.power_loss_in(&Weather::EVERYTHING_KEPT, seed);
        prop_assert_eq!(best.files(), disk.files());
        prop_assert_eq!(identities(&best), identities(&disk));
        sync_all(&disk);
        let left = disk.power_loss(seed);
        prop_assert_eq!(left.files(), disk.files());
        prop_assert_eq!(identities(&left), identities(&disk));
    }

    #[test]
    fn what_is_left_is_durable(acts in acts(60), one: u64, two: u64) {
        let disk = SimDisk::new();
        play_all(&disk, &acts);
        let left = disk.power_loss(one);
        prop_assert_eq!(left.power_loss(two).files(), left.files());
    }

    #[test]
    fn nothing_durable_is_lost_or_doubled_unless_it_was_removed(
        before in acts(30), after in acts(60), seed: u64, reuse: bool,
    ) {
        let disk = SimDisk::new();
        disk.reuse_inodes(reuse);
        play_all(&disk, &before);
        sync_all(&disk);
        let synced = identities(&disk);
        disk.reuse_inodes(false);
        play_all(&disk, &after);
        let live = identities(&disk);
        let left = identities(&disk.power_loss(seed));
        for id in synced.keys().filter(|id| live.contains_key(id)) {
            prop_assert!(left.contains_key(id), "{:?} was lost", id);
        }
        prop_assert!(left.values().all(|count| *count == 1), "{:?}", left);
    }
}
