//! The simulated disk as one of its processes sees it, and the faults it can be told to have.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, io};

use fastrand::Rng;
use rustix::io::Errno;

use super::handles::SimDirectory;
use super::power::Weather;
use super::state::{Body, Key, Process, State};
use crate::fs::{Dir, Disk, PathError, Result};

/// The device that a simulated disk says it is, unless told otherwise.
const DEVICE: u64 = 0x51D;
/// How long a waiting lock sleeps before it looks again.
const LOCK_NAP: Duration = Duration::from_millis(5);

/// A simulated disk, seen by one simulated process. A clone is the same process; see
/// [`SimDisk::process`] for another one.
///
/// - What is written is seen by all processes at once, and outlives each of them.
/// - What is written is lost in a power cut, in part or as a whole, unless `sync_data` of the file
///   made its content durable *and* `sync` of the directory made its name durable, and so on up to
///   the root. A rename is durable once the directory that it leads to is synced.
/// - The inode number of a removed file is not used again; see [`SimDisk::reuse_inodes`].
/// - A lock that another handle holds is not waited for, since a test with one thread would hang:
///   `lock` fails with `WouldBlock`, "simulated deadlock"; see [`SimDisk::wait_for_locks`].
///
/// Everything that is chosen is chosen by seed: the same calls have the same results.
#[derive(Clone)]
pub struct SimDisk {
    shared: Arc<Shared>,
    process: usize,
}

/// What all processes share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// A lock was given back, or a process died.
    unlocked: Condvar,
}

impl fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimDisk").field("process", &self.process).finish_non_exhaustive()
    }
}

impl Default for SimDisk {
    fn default() -> Self {
        Self::new()
    }
}

impl SimDisk {
    /// Makes an empty disk with a root directory, and its first process.
    #[must_use]
    pub fn new() -> Self {
        Self::with_device(DEVICE)
    }

    /// Makes an empty disk of which the files' identities name another device.
    #[must_use]
    pub fn with_device(device: u64) -> Self {
        Self::around(State::new(device))
    }

    fn around(state: State) -> Self {
        let shared = Shared { state: Mutex::new(state), unlocked: Condvar::new() };
        Self { shared: Arc::new(shared), process: 0 }
    }

    /// Starts another process on the same disk: with its own locks, steps and end.
    #[must_use]
    pub fn process(&self) -> Self {
        let mut state = self.state();
        state.processes.push(Process::default());
        let process = state.processes.len() - 1;
        drop(state);
        Self { shared: Arc::clone(&self.shared), process }
    }

    /// Returns how many calls that change something (make, write, cut, sync, rename, remove, lock,
    /// unlock) this process made so far, failed ones included.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.state().processes[self.process].steps
    }

    /// Lets this process die instead of making its `n`-th call from now that changes something: 1
    /// is the next one. If it is a write, a beginning of it may still happen, up to a multiple of
    /// 4096, sometimes of 512, in the file. From then on every call fails with "simulated death".
    ///
    /// To try every way to die: count the [`SimDisk::steps`] of a run that succeeds, then run again
    /// for each `n` up to there.
    pub fn die_after(&self, n: u64) {
        let mut state = self.state();
        match n.checked_sub(1) {
            Some(budget) => state.processes[self.process].budget = Some(budget),
            None => state.kill(self.process),
        }
        self.shared.unlocked.notify_all();
    }

    /// Ends this process: its handles are closed, its locks are free. What it wrote stays.
    pub fn process_death(&self) {
        self.die_after(0);
    }

    /// Tells whether this process has died.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state().processes[self.process].dead
    }

    /// Returns the disk as it could be after a power cut now, in random weather. This disk is left
    /// as it is, so that many cuts of one moment can be tried.
    #[must_use]
    pub fn power_loss(&self, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let weather = Weather::random(&mut rng);
        Self::around(self.state().after_power_loss(&weather, &mut rng))
    }

    /// Like [`SimDisk::power_loss`], in chosen weather.
    #[must_use]
    pub fn power_loss_in(&self, weather: &Weather, seed: u64) -> Self {
        Self::around(self.state().after_power_loss(weather, &mut Rng::with_seed(seed)))
    }

    /// Chooses what this disk chooses: where writes of dying processes end.
    pub fn seed(&self, seed: u64) {
        self.state().rng = Rng::with_seed(seed);
    }

    /// Lets the next `sync_data` of a file whose path holds `pattern` fail with EIO. As with a real
    /// kernel, what was not saved then counts as saved: later syncs succeed, the page cache still
    /// shows it, and a power cut loses it.
    pub fn fail_next_sync(&self, pattern: &str) {
        self.state().failing_syncs.push(pattern.to_owned());
    }

    /// Lets files grow by so many more bytes; then writes are cut short, and fail with
    /// `StorageFull`. `None` is no limit.
    pub fn space_left(&self, bytes: Option<u64>) {
        self.state().space_left = bytes;
    }

    /// Refuses all changes, or allows them again. Locks and syncs still succeed.
    pub fn read_only(&self, read_only: bool) {
        self.state().read_only = read_only;
    }

    /// Uses the inode numbers of removed files again, the lowest first, as real disks do.
    pub fn reuse_inodes(&self, reuse: bool) {
        self.state().reuse_inodes = reuse;
    }

    /// Lets `lock` wait for a lock that is held, for tests with threads.
    pub fn wait_for_locks(&self, wait: bool) {
        self.state().wait_for_locks = wait;
    }

    /// Starts to note down every call that changes something, of all processes.
    pub fn keep_op_log(&self) {
        self.state().log.get_or_insert_default();
    }

    /// Returns the calls noted down so far, one per line.
    #[must_use]
    pub fn op_log(&self) -> Vec<String> {
        self.state().log.clone().unwrap_or_default()
    }

    /// Returns all files with their content as it is now, by path.
    #[must_use]
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        let mut files = BTreeMap::new();
        let mut found = vec![(PathBuf::from("/"), state.root)];
        while let Some((path, key)) = found.pop() {
            match state.nodes.get(&key).map(|node| &node.body) {
                Some(Body::File(content)) => {
                    files.insert(path, content.live().to_vec());
                }
                Some(Body::Directory { live, .. }) => {
                    found.extend(live.iter().map(|(name, &child)| (path.join(name), child)));
                }
                None => {}
            }
        }
        files
    }

    /// Returns the state, whoever panicked while looking at it.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a lock may be free. Not for long: processes also die without telling.
    pub(super) fn until_unlocked<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let waited = self.shared.unlocked.wait_timeout(state, LOCK_NAP);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Tells those who wait that a lock may be free.
    pub(super) fn unlocked(&self) {
        self.shared.unlocked.notify_all();
    }

    /// Returns this process's number.
    pub(super) fn number(&self) -> usize {
        self.process
    }

    /// Tells whether two handles are of one disk.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Walks to a directory from the root.
    fn walk(&self, path: &Path) -> Result<Key> {
        let error = |errno: io::Error| PathError::new("open", path, errno);
        let mut state = self.state();
        state.alive(self.process).map_err(error)?;
        let mut at = state.root;
        for component in path.components() {
            at = match component {
                Component::Normal(name) => state.lookup(at, name).map_err(error)?,
                Component::ParentDir => state.parent(at),
                Component::RootDir | Component::CurDir | Component::Prefix(_) => at,
            };
            if !state.node(at).map_err(error)?.is_directory() {
                return Err(error(Errno::NOTDIR.into()));
            }
        }
        Ok(at)
    }
}

impl Disk for SimDisk {
    fn open_root(&self, path: &Path) -> Result<Dir> {
        let key = self.walk(path)?;
        Ok(Arc::new(SimDirectory::new(self.clone(), key, path.to_owned())))
    }

    fn make_root(&self, path: &Path, mode: u32) -> Result<Dir> {
        let mut above: Vec<OsString> = Vec::new();
        let mut at: Dir = Arc::new(SimDirectory::new(
            self.clone(),
            self.walk(Path::new("/"))?,
            PathBuf::from("/"),
        ));
        for component in path.components() {
            match component {
                Component::Normal(name) => {
                    above.push(name.to_owned());
                    at = match at.open_dir(name) {
                        Err(error) if error.kind() == io::ErrorKind::NotFound => {
                            let made = at.make_dir(name, mode)?;
                            at.sync()?;
                            made
                        }
                        opened => opened?,
                    };
                }
                Component::ParentDir => {
                    above.pop();
                    let path: PathBuf = Path::new("/").join(above.iter().collect::<PathBuf>());
                    at = self.open_root(&path)?;
                }
                Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
            }
        }
        Ok(at)
    }

    fn boot_id(&self) -> Option<[u8; 16]> {
        Some(self.state().boot.to_be_bytes())
    }

    fn is_real(&self) -> bool {
        false
    }
}
