//! Open directories and files of a simulated disk.

use std::any::Any;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::io::Errno;

use super::content::{PAGE_BYTES, SECTOR_BYTES};
use super::disk::SimDisk;
use super::state::{Body, Handle, Key, Node, State, Step, death};
use crate::fs::disk::check_name;
use crate::fs::{
    Access, Dir, Directory, Entry, File, FileId, Kind, OpenFile, PathError, Replace, Result, Stat,
};
use crate::time::TimestampMs;

/// The largest file. Bytes; a mistake in a test should fail, not fill the memory.
const SIZE_MAX: u64 = 4 << 30;

/// An open directory.
#[derive(Debug)]
pub(super) struct SimDirectory {
    disk: SimDisk,
    key: Key,
    handle: Handle,
    path: PathBuf,
}

impl SimDirectory {
    /// Opens a directory that is there.
    pub(super) fn new(disk: SimDisk, key: Key, path: PathBuf) -> Self {
        let handle = disk.state().open(key, disk.number());
        Self { disk, key, handle, path }
    }

    /// Makes a call, and an error about an entry if it fails.
    fn call<T>(
        &self,
        operation: &'static str,
        name: &OsStr,
        call: impl FnOnce(&mut State, usize) -> io::Result<T>,
    ) -> Result<T> {
        let called =
            check_name(name).and_then(|()| call(&mut self.disk.state(), self.disk.number()));
        called.map_err(|source| PathError::new(operation, self.path.join(name), source))
    }

    /// Names an entry in the log of calls.
    fn say(&self, what: &str, name: &OsStr) -> String {
        format!("{what} {}", self.path.join(name).display())
    }

    fn directory(&self, key: Key, name: &OsStr) -> Dir {
        Arc::new(Self::new(self.disk.clone(), key, self.path.join(name)))
    }

    fn file(&self, key: Key, name: &OsStr, access: Access) -> File {
        let handle = self.disk.state().open(key, self.disk.number());
        let (disk, path) = (self.disk.clone(), self.path.join(name));
        Arc::new(SimFile { disk, key, handle, access, path })
    }
}

impl Drop for SimDirectory {
    fn drop(&mut self) {
        self.disk.state().close(self.key, self.handle);
    }
}

impl Directory for SimDirectory {
    fn path(&self) -> &Path {
        &self.path
    }

    fn id(&self) -> Result<FileId> {
        Ok(self.stat()?.id)
    }

    fn stat(&self) -> Result<Stat> {
        stat_of(&mut self.disk.state(), self.disk.number(), self.key)
            .map_err(|source| PathError::new("examine", &self.path, source))
    }

    fn open_dir(&self, name: &OsStr) -> Result<Dir> {
        let key = self.call("open", name, |state, process| {
            state.alive(process)?;
            let key = state.lookup(self.key, name)?;
            state.entries(key).map(|_| key)
        })?;
        Ok(self.directory(key, name))
    }

    fn make_dir(&self, name: &OsStr, mode: u32) -> Result<Dir> {
        let key = self.call("make", name, |state, process| {
            state.changing_step(process, || self.say("make", name))?;
            state.add(self.key, name, mode, true)
        })?;
        Ok(self.directory(key, name))
    }

    fn open(&self, name: &OsStr, access: Access) -> Result<File> {
        let key = self.call("open", name, |state, process| {
            state.alive(process)?;
            let key = state.lookup(self.key, name)?;
            state.content(key)?;
            if access == Access::Write && state.read_only {
                return Err(Errno::ROFS.into());
            }
            Ok(key)
        })?;
        Ok(self.file(key, name, access))
    }

    fn create(&self, name: &OsStr, mode: u32) -> Result<File> {
        let key = self.call("create", name, |state, process| {
            state.changing_step(process, || self.say("create", name))?;
            state.add(self.key, name, mode, false)
        })?;
        Ok(self.file(key, name, Access::Write))
    }

    fn allows_changes(&self) -> Result<bool> {
        Ok(!self.disk.state().read_only)
    }

    /// Everything here belongs to group 0: only the mode changes.
    fn open_to(&self, _group: u32, mode: u32) -> Result<()> {
        let mut state = self.disk.state();
        let step =
            state.changing_step(self.disk.number(), || format!("open {}", self.path.display()));
        step.and_then(|()| state.node(self.key).map(|node| node.mode = mode))
            .map_err(|source| PathError::new("open to others", &self.path, source))
    }

    fn stat_entry(&self, name: &OsStr) -> Result<Stat> {
        self.call("examine", name, |state, process| {
            state.alive(process)?;
            let key = state.lookup(self.key, name)?;
            stat_of(state, process, key)
        })
    }

    fn list(&self) -> Result<Vec<Entry>> {
        let mut state = self.disk.state();
        let listed = state.alive(self.disk.number()).and_then(|()| {
            let entries = state.entries(self.key)?.clone();
            entries
                .into_iter()
                .map(|(name, key)| Ok(Entry { name, kind: kind_of(state.node(key)?) }))
                .collect()
        });
        listed.map_err(|source| PathError::new("list", &self.path, source))
    }

    fn rename(
        &self,
        from: &OsStr,
        to_dir: &dyn Directory,
        to: &OsStr,
        replace: Replace,
    ) -> Result<()> {
        self.call("rename", from, |state, process| {
            let to_dir = to_dir.as_any().downcast_ref::<Self>();
            let Some(to_dir) = to_dir.filter(|dir| dir.disk.is_same(&self.disk)) else {
                return Err(Errno::XDEV.into());
            };
            check_name(to)?;
            state.changing_step(process, || {
                format!("{} to {}", self.say("rename", from), to_dir.path.join(to).display())
            })?;
            state.lookup(self.key, from)?;
            if replace == Replace::Never && state.entries(to_dir.key)?.contains_key(to) {
                return Err(Errno::EXIST.into());
            }
            state.rename((self.key, from), (to_dir.key, to))
        })
    }

    fn remove_file(&self, name: &OsStr) -> Result<()> {
        self.call("remove", name, |state, process| {
            state.changing_step(process, || self.say("remove", name))?;
            let key = state.lookup(self.key, name)?;
            state.content(key)?;
            state.remove(self.key, name)
        })
    }

    fn remove_dir(&self, name: &OsStr) -> Result<()> {
        self.call("remove", name, |state, process| {
            state.changing_step(process, || self.say("remove", name))?;
            let key = state.lookup(self.key, name)?;
            if !state.entries(key)?.is_empty() {
                return Err(Errno::NOTEMPTY.into());
            }
            state.remove(self.key, name)
        })
    }

    fn sync(&self) -> Result<()> {
        let mut state = self.disk.state();
        let step = state.whole_step(self.disk.number(), || format!("sync {}", self.path.display()));
        step.map_err(|source| PathError::new("sync", &self.path, source))?;
        state.sync_entries(self.key);
        Ok(())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// An open file.
#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    key: Key,
    handle: Handle,
    access: Access,
    path: PathBuf,
}

impl SimFile {
    /// Makes a call, and an error about this file if it fails.
    fn call<T>(
        &self,
        operation: &'static str,
        call: impl FnOnce(&mut State, usize) -> io::Result<T>,
    ) -> Result<T> {
        call(&mut self.disk.state(), self.disk.number())
            .map_err(|source| PathError::new(operation, &self.path, source))
    }

    /// Writes as much as there is space for.
    fn write_some(&self, state: &mut State, bytes: &[u8], position: u64) -> io::Result<usize> {
        if self.access == Access::Read {
            return Err(Errno::BADF.into());
        }
        if state.read_only {
            return Err(Errno::ROFS.into());
        }
        let end = position.checked_add(bytes.len() as u64).filter(|&end| end <= SIZE_MAX);
        let end = end.ok_or(Errno::FBIG)?;
        let size = state.content(self.key)?.live().len() as u64;
        let lacking = match &mut state.space_left {
            Some(left) => {
                let growth = end.saturating_sub(size);
                let lacking = growth.saturating_sub(*left);
                *left -= growth - lacking;
                lacking
            }
            None => 0,
        };
        let fitting = bytes.len().saturating_sub(usize::try_from(lacking).unwrap_or(usize::MAX));
        if fitting == 0 && !bytes.is_empty() {
            return Err(Errno::NOSPC.into());
        }
        state.content(self.key)?.write(&bytes[..fitting], place(position)?);
        state.touch(self.key);
        Ok(fitting)
    }

    /// Counts a write, and writes a beginning of it if the process dies meanwhile.
    fn write_step(&self, state: &mut State, bytes: &[u8], position: u64) -> io::Result<()> {
        let process = self.disk.number();
        let step = state.step(process, || {
            format!("write {} bytes at {position} of {}", bytes.len(), self.path.display())
        })?;
        if step == Step::Happens {
            return Ok(());
        }
        let unit = if state.rng.u8(..4) == 0 { SECTOR_BYTES } else { PAGE_BYTES };
        let units = unit as u64;
        let ends =
            state.rng.u64(position / units..=(position + bytes.len() as u64) / units) * units;
        let written = ends.saturating_sub(position).min(bytes.len() as u64);
        // Whether even that much fits is nobody's business any more.
        let _ = self.write_some(state, &bytes[..place(written)?], position);
        Err(death())
    }

    /// Takes the lock if it is free or ours already.
    fn take(&self, state: &mut State) -> io::Result<bool> {
        let lock = &mut state.node(self.key)?.lock;
        Ok(*lock.get_or_insert(self.handle) == self.handle)
    }
}

impl Drop for SimFile {
    fn drop(&mut self) {
        self.disk.state().close(self.key, self.handle);
        self.disk.unlocked();
    }
}

impl OpenFile for SimFile {
    fn path(&self) -> &Path {
        &self.path
    }

    fn stat(&self) -> Result<Stat> {
        self.call("examine", |state, process| stat_of(state, process, self.key))
    }

    fn size_bytes(&self) -> Result<u64> {
        Ok(self.stat()?.size_bytes)
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize> {
        self.call("read", |state, process| {
            state.alive(process)?;
            Ok(state.content(self.key)?.read(buffer, place(position)?))
        })
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> Result<usize> {
        self.call("write", |state, _| {
            self.write_step(state, bytes, position)?;
            self.write_some(state, bytes, position)
        })
    }

    fn write_all_vectored_at(
        &self,
        parts: &[&[u8]],
        position: u64,
    ) -> std::result::Result<(), (u64, PathError)> {
        let bytes = parts.concat();
        let mut done = 0;
        self.call("write", |state, _| {
            self.write_step(state, &bytes, position)?;
            while done < bytes.len() {
                done += self.write_some(state, &bytes[done..], position + done as u64)?;
            }
            Ok(())
        })
        .map_err(|error| (done as u64, error))
    }

    fn set_size(&self, bytes: u64) -> Result<()> {
        self.call("set the size of", |state, process| {
            state.changing_step(process, || format!("set_size {bytes} {}", self.path.display()))?;
            if self.access == Access::Read {
                return Err(Errno::INVAL.into());
            }
            if bytes > SIZE_MAX {
                return Err(Errno::FBIG.into());
            }
            let old = state.content(self.key)?.live().len() as u64;
            if let Some(left) = &mut state.space_left {
                *left += old.saturating_sub(bytes);
            }
            state.content(self.key)?.set_size(place(bytes)?);
            state.touch(self.key);
            Ok(())
        })
    }

    fn sync_data(&self) -> Result<()> {
        self.call("sync", |state, process| {
            let path = self.path.to_string_lossy();
            state.whole_step(process, || format!("sync {path}"))?;
            let fails = state.failing_syncs.iter().position(|pattern| path.contains(pattern));
            if let Some(fails) = fails {
                state.failing_syncs.remove(fails);
                state.content(self.key)?.forget_unsynced();
                return Err(Errno::IO.into());
            }
            state.content(self.key)?.sync();
            Ok(())
        })
    }

    fn lock(&self) -> Result<()> {
        let error = |source| PathError::new("lock", &self.path, source);
        let process = self.disk.number();
        let mut state = self.disk.state();
        state.whole_step(process, || format!("lock {}", self.path.display())).map_err(error)?;
        loop {
            if self.take(&mut state).map_err(error)? {
                return Ok(());
            }
            if !state.wait_for_locks {
                let why = io::Error::new(io::ErrorKind::WouldBlock, "simulated deadlock");
                return Err(error(why));
            }
            state = self.disk.until_unlocked(state);
            state.alive(process).map_err(error)?;
        }
    }

    fn try_lock(&self) -> Result<bool> {
        self.call("lock", |state, process| {
            state.whole_step(process, || format!("try_lock {}", self.path.display()))?;
            self.take(state)
        })
    }

    fn unlock(&self) -> Result<()> {
        self.call("unlock", |state, process| {
            let step = state.whole_step(process, || format!("unlock {}", self.path.display()));
            if step.is_ok() {
                let lock = &mut state.node(self.key)?.lock;
                lock.take_if(|holder| *holder == self.handle);
            }
            // A process that died here gave its locks back, too.
            self.disk.unlocked();
            step
        })
    }
}

/// Turns a position in a file into one in memory.
fn place(position: u64) -> io::Result<usize> {
    usize::try_from(position).map_err(|_| Errno::FBIG.into())
}

/// Returns what is known of a node.
fn stat_of(state: &mut State, process: usize, key: Key) -> io::Result<Stat> {
    state.alive(process)?;
    let device = state.device;
    let node = state.node(key)?;
    let (linked, inode) = (node.linked, node.inode);
    let (kind, mode, modified) = (kind_of(node), node.mode, TimestampMs(node.modified));
    let (size_bytes, names) = match &node.body {
        Body::File(content) => (content.live().len() as u64, 1),
        Body::Directory { live, .. } => {
            let below: Vec<_> = live.values().copied().collect();
            let directories =
                below.iter().filter(|key| state.nodes.get(key).is_some_and(Node::is_directory));
            (0, 2 + directories.count() as u64)
        }
    };
    let links = if linked { names } else { 0 };
    // Nodes are numbered in the order of their birth, and no number is used again.
    let born_ns = i64::try_from(key).unwrap_or(i64::MAX);
    let id = FileId { device, inode, born_ns };
    Ok(Stat { id, kind, size_bytes, modified, links, mode, owner: 0, group: 0 })
}

/// Returns what a node is.
fn kind_of(node: &Node) -> Kind {
    if node.is_directory() { Kind::Directory } else { Kind::File }
}
