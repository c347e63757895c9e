//! The shared state of a simulated disk: its files, its processes and its faults.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io;

use fastrand::Rng;
use rustix::io::Errno;

use super::content::Content;
use super::operation::{Operation, needed_by};

/// A file or directory, for as long as the disk exists. Inode numbers may be used again, keys not.
pub(super) type Key = u64;
/// One open file description.
pub(super) type Handle = u64;

/// The number of the root directory, as on most file systems.
const ROOT_INODE: u64 = 2;

/// A file or directory.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) inode: u64,
    pub(super) mode: u32,
    pub(super) modified: i64,
    /// It has a name. There are no hard links.
    pub(super) linked: bool,
    /// Its inode number was given back.
    pub(super) freed: bool,
    /// Who has it open, and in which process.
    pub(super) handles: BTreeMap<Handle, usize>,
    /// Who holds its lock.
    pub(super) lock: Option<Handle>,
    pub(super) body: Body,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Body {
    /// A regular file.
    File(Content),
    /// A directory, as it is and as it is on the disk.
    Directory { live: BTreeMap<OsString, Key>, durable: BTreeMap<OsString, Key>, parent: Key },
}

impl Node {
    /// Makes an empty file that nobody has open.
    pub(super) fn new(inode: u64, mode: u32, modified: i64) -> Self {
        Self {
            inode,
            mode,
            modified,
            linked: true,
            freed: false,
            handles: BTreeMap::new(),
            lock: None,
            body: Body::File(Content::default()),
        }
    }

    pub(super) fn is_directory(&self) -> bool {
        matches!(self.body, Body::Directory { .. })
    }

    fn size(&self) -> u64 {
        match &self.body {
            Body::File(content) => content.live().len() as u64,
            Body::Directory { .. } => 0,
        }
    }
}

/// A simulated process.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) dead: bool,
    pub(super) steps: u64,
    /// How many more calls succeed; `None` for no limit.
    pub(super) budget: Option<u64>,
}

/// Whether a call that changes something happens.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Happens,
    Dies,
}

/// Everything.
#[derive(Debug)]
pub(super) struct State {
    pub(super) device: u64,
    pub(super) boot: u128,
    pub(super) root: Key,
    pub(super) nodes: BTreeMap<Key, Node>,
    pub(super) pending: Vec<Operation>,
    pub(super) processes: Vec<Process>,
    pub(super) rng: Rng,
    pub(super) failing_syncs: Vec<String>,
    pub(super) space_left: Option<u64>,
    pub(super) read_only: bool,
    pub(super) wait_for_locks: bool,
    pub(super) log: Option<Vec<String>>,
    pub(super) reuse_inodes: bool,
    free_inodes: BTreeSet<u64>,
    next_inode: u64,
    next_key: Key,
    next_handle: Handle,
    ticks: i64,
    /// Names removed since the last sweep.
    removals: usize,
}

impl State {
    /// Makes an empty disk with one process.
    pub(super) fn new(device: u64) -> Self {
        let root = ROOT_INODE;
        let mut node = Node::new(ROOT_INODE, 0o755, 0);
        let (live, durable) = (BTreeMap::new(), BTreeMap::new());
        node.body = Body::Directory { live, durable, parent: root };
        Self {
            device,
            boot: u128::from(device) << 64 | 1,
            root,
            nodes: BTreeMap::from([(root, node)]),
            pending: Vec::new(),
            processes: vec![Process::default()],
            rng: Rng::with_seed(device),
            failing_syncs: Vec::new(),
            space_left: None,
            read_only: false,
            wait_for_locks: false,
            log: None,
            reuse_inodes: false,
            free_inodes: BTreeSet::new(),
            next_inode: ROOT_INODE + 1,
            next_key: root + 1,
            next_handle: 0,
            ticks: 0,
            removals: 0,
        }
    }

    /// Makes the state of the next boot around what is left.
    pub(super) fn rebooted(&self, nodes: BTreeMap<Key, Node>, rng: &mut Rng) -> Self {
        let used: BTreeSet<_> = nodes.values().map(|node| node.inode).collect();
        let numbers = ROOT_INODE..if self.reuse_inodes { self.next_inode } else { ROOT_INODE };
        Self {
            // The low half counts boots, so that no two in a row are alike.
            boot: u128::from(rng.u64(..)) << 64 | u128::from(self.boot as u64 + 1),
            free_inodes: numbers.filter(|inode| !used.contains(inode)).collect(),
            nodes,
            rng: rng.fork(),
            space_left: self.space_left,
            read_only: self.read_only,
            wait_for_locks: self.wait_for_locks,
            reuse_inodes: self.reuse_inodes,
            next_inode: self.next_inode,
            next_key: self.next_key,
            ticks: self.ticks,
            ..Self::new(self.device)
        }
    }

    /// Refuses a dead process.
    pub(super) fn alive(&self, process: usize) -> io::Result<()> {
        if self.processes[process].dead { Err(death()) } else { Ok(()) }
    }

    /// Counts a call that changes something, and tells whether the process lives to make it.
    pub(super) fn step(
        &mut self,
        process: usize,
        what: impl FnOnce() -> String,
    ) -> io::Result<Step> {
        self.alive(process)?;
        if let Some(log) = &mut self.log {
            log.push(format!("process {process}: {}", what()));
        }
        let caller = &mut self.processes[process];
        caller.steps += 1;
        self.ticks += 1;
        match &mut caller.budget {
            Some(0) => {
                self.kill(process);
                Ok(Step::Dies)
            }
            Some(left) => {
                *left -= 1;
                Ok(Step::Happens)
            }
            None => Ok(Step::Happens),
        }
    }

    /// Like [`State::step`] for a call that happens whole or not at all.
    pub(super) fn whole_step(
        &mut self,
        process: usize,
        what: impl FnOnce() -> String,
    ) -> io::Result<()> {
        match self.step(process, what)? {
            Step::Happens => Ok(()),
            Step::Dies => Err(death()),
        }
    }

    /// Like [`State::whole_step`] for a call that a read-only disk refuses.
    pub(super) fn changing_step(
        &mut self,
        process: usize,
        what: impl FnOnce() -> String,
    ) -> io::Result<()> {
        self.whole_step(process, what)?;
        if self.read_only { Err(Errno::ROFS.into()) } else { Ok(()) }
    }

    /// Ends a process: its handles are closed and its locks free. What it wrote stays.
    pub(super) fn kill(&mut self, process: usize) {
        if let Some(log) = &mut self.log {
            log.push(format!("process {process}: dies"));
        }
        self.processes[process].dead = true;
        let mut held = Vec::new();
        for (&key, node) in &self.nodes {
            let ours = node.handles.iter().filter(|(_, owner)| **owner == process);
            held.extend(ours.map(|(&handle, _)| (key, handle)));
        }
        for (key, handle) in held {
            self.close(key, handle);
        }
    }

    /// Opens a node.
    pub(super) fn open(&mut self, key: Key, process: usize) -> Handle {
        self.next_handle += 1;
        if let Some(node) = self.nodes.get_mut(&key) {
            node.handles.insert(self.next_handle, process);
        }
        self.next_handle
    }

    /// Closes a handle, and gives its lock back.
    pub(super) fn close(&mut self, key: Key, handle: Handle) {
        let Some(node) = self.nodes.get_mut(&key) else { return };
        node.handles.remove(&handle);
        if node.lock == Some(handle) {
            node.lock = None;
        }
        self.free_inode(key);
    }

    /// Gives the inode number of a node back that nobody can reach any more.
    fn free_inode(&mut self, key: Key) {
        let Some(node) = self.nodes.get_mut(&key) else { return };
        if self.reuse_inodes && !node.linked && node.handles.is_empty() && !node.freed {
            node.freed = true;
            self.free_inodes.insert(node.inode);
        }
    }

    /// Returns a node. It is there for as long as it is open or has a name.
    pub(super) fn node(&mut self, key: Key) -> io::Result<&mut Node> {
        self.nodes.get_mut(&key).ok_or_else(|| Errno::NOENT.into())
    }

    /// Returns the content of a file.
    pub(super) fn content(&mut self, key: Key) -> io::Result<&mut Content> {
        match &mut self.node(key)?.body {
            Body::File(content) => Ok(content),
            Body::Directory { .. } => Err(Errno::ISDIR.into()),
        }
    }

    /// Returns the entries of a directory.
    pub(super) fn entries(&mut self, key: Key) -> io::Result<&mut BTreeMap<OsString, Key>> {
        match &mut self.node(key)?.body {
            Body::Directory { live, .. } => Ok(live),
            Body::File(_) => Err(Errno::NOTDIR.into()),
        }
    }

    /// Returns the directory above.
    pub(super) fn parent(&self, key: Key) -> Key {
        match self.nodes.get(&key).map(|node| &node.body) {
            Some(Body::Directory { parent, .. }) => *parent,
            _ => self.root,
        }
    }

    /// Looks a name up.
    pub(super) fn lookup(&mut self, dir: Key, name: &OsStr) -> io::Result<Key> {
        self.entries(dir)?.get(name).copied().ok_or_else(|| Errno::NOENT.into())
    }

    /// Notes that a node was changed.
    pub(super) fn touch(&mut self, key: Key) {
        let now = self.ticks;
        if let Some(node) = self.nodes.get_mut(&key) {
            node.modified = now;
        }
    }

    /// Makes an entry for a new file or directory.
    pub(super) fn add(
        &mut self,
        dir: Key,
        name: &OsStr,
        mode: u32,
        directory: bool,
    ) -> io::Result<Key> {
        if self.entries(dir)?.contains_key(name) {
            return Err(Errno::EXIST.into());
        }
        if !self.node(dir)?.linked {
            return Err(Errno::NOENT.into());
        }
        let inode = self.free_inodes.pop_first().unwrap_or_else(|| {
            self.next_inode += 1;
            self.next_inode - 1
        });
        let key = self.next_key;
        self.next_key += 1;
        let mut node = Node::new(inode, mode & 0o7777, self.ticks);
        if directory {
            let (live, durable) = (BTreeMap::new(), BTreeMap::new());
            node.body = Body::Directory { live, durable, parent: dir };
        }
        self.nodes.insert(key, node);
        self.entries(dir)?.insert(name.to_owned(), key);
        self.touch(dir);
        self.pending.push(Operation {
            from: None,
            to: Some((dir, name.to_owned())),
            node: key,
            made_inode: Some(inode),
            removed: None,
            way: Vec::new(),
        });
        Ok(key)
    }

    /// Removes an entry.
    pub(super) fn remove(&mut self, dir: Key, name: &OsStr) -> io::Result<()> {
        let key = self.lookup(dir, name)?;
        self.entries(dir)?.remove(name);
        self.touch(dir);
        let removed = Some(self.unlink(key)?);
        self.pending.push(Operation {
            from: Some((dir, name.to_owned())),
            to: None,
            node: key,
            made_inode: None,
            removed,
            way: Vec::new(),
        });
        Ok(())
    }

    /// Takes the last name of a node.
    fn unlink(&mut self, key: Key) -> io::Result<(Key, u64)> {
        let node = self.node(key)?;
        node.linked = false;
        let (inode, size) = (node.inode, node.size());
        if let Some(left) = &mut self.space_left {
            *left += size;
        }
        self.free_inode(key);
        self.removals += 1;
        Ok((key, inode))
    }

    /// Renames an entry; what has the new name loses it.
    pub(super) fn rename(&mut self, from: (Key, &OsStr), to: (Key, &OsStr)) -> io::Result<()> {
        let key = self.lookup(from.0, from.1)?;
        if !self.node(to.0)?.linked {
            return Err(Errno::NOENT.into());
        }
        let directory = self.node(key)?.is_directory();
        let mut way = vec![to.0];
        while let Some(&last) = way.last().filter(|&&last| last != self.root) {
            way.push(self.parent(last));
        }
        if way.contains(&key) {
            return Err(Errno::INVAL.into());
        }
        if from.0 == to.0 {
            way.clear();
        }
        let replaced = self.entries(to.0)?.get(to.1).copied();
        if replaced == Some(key) {
            return Ok(());
        }
        let mut removed = None;
        if let Some(replaced) = replaced {
            match (directory, self.node(replaced)?.is_directory()) {
                (true, false) => return Err(Errno::NOTDIR.into()),
                (false, true) => return Err(Errno::ISDIR.into()),
                (true, true) if !self.entries(replaced)?.is_empty() => {
                    return Err(Errno::NOTEMPTY.into());
                }
                _ => removed = Some(self.unlink(replaced)?),
            }
        }
        self.entries(from.0)?.remove(from.1);
        self.entries(to.0)?.insert(to.1.to_owned(), key);
        if let Body::Directory { parent, .. } = &mut self.node(key)?.body {
            *parent = to.0;
        }
        self.touch(from.0);
        self.touch(to.0);
        self.pending.push(Operation {
            from: Some((from.0, from.1.to_owned())),
            to: Some((to.0, to.1.to_owned())),
            node: key,
            made_inode: None,
            removed,
            way,
        });
        Ok(())
    }

    /// Makes the entries of a directory durable, and whatever they cannot be without.
    pub(super) fn sync_entries(&mut self, dir: Key) {
        let pending = std::mem::take(&mut self.pending);
        let mut wanted: Vec<_> = pending.iter().map(|one| one.belongs_to(dir)).collect();
        for index in (0..pending.len()).rev() {
            if wanted[index] {
                for needed in needed_by(&pending, index) {
                    wanted[needed] = true;
                }
            }
        }
        for (operation, wanted) in pending.into_iter().zip(wanted) {
            if wanted {
                self.make_durable(&operation);
            } else {
                self.pending.push(operation);
            }
        }
        if self.removals >= 64 {
            self.sweep();
        }
    }

    fn make_durable(&mut self, operation: &Operation) {
        if let Some((dir, name)) = &operation.from
            && let Some(entries) = self.durable_entries(*dir)
        {
            entries.remove(name);
        }
        if let Some((dir, name)) = &operation.to
            && let Some(entries) = self.durable_entries(*dir)
        {
            entries.insert(name.clone(), operation.node);
        }
    }

    fn durable_entries(&mut self, dir: Key) -> Option<&mut BTreeMap<OsString, Key>> {
        match &mut self.nodes.get_mut(&dir)?.body {
            Body::Directory { durable, .. } => Some(durable),
            Body::File(_) => None,
        }
    }

    /// Forgets nodes that can neither be reached nor come back after a power cut.
    fn sweep(&mut self) {
        self.removals = 0;
        let mut needed = BTreeSet::from([self.root]);
        for (key, node) in &self.nodes {
            if !node.handles.is_empty() || node.linked {
                needed.insert(*key);
            }
            if let Body::Directory { durable, .. } = &node.body {
                needed.extend(durable.values());
            }
        }
        for operation in &self.pending {
            needed.insert(operation.node);
            needed.extend(operation.removed.map(|(key, _)| key));
            needed.extend(operation.directories());
        }
        self.nodes.retain(|key, _| needed.contains(key));
    }
}

/// What every call of a dead process says.
pub(super) fn death() -> io::Error {
    io::Error::other("simulated death")
}
