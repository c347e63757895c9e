//! Changes of directories that are not durable yet, and which of them need which others.

use std::ffi::OsString;

use super::state::Key;

/// A place for a name.
pub(super) type Slot = (Key, OsString);

/// One change of directories. It is done or not done, never half.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// The entry that goes: a removal's, or a rename's old one.
    pub(super) from: Option<Slot>,
    /// The entry that comes: a creation's, or a rename's new one.
    pub(super) to: Option<Slot>,
    /// What the entry names.
    pub(super) node: Key,
    /// The inode number of what is made here, if it is a creation.
    pub(super) made_inode: Option<u64>,
    /// What loses its last name, and its inode number.
    pub(super) removed: Option<(Key, u64)>,
    /// Where it leads, if it takes something to another directory: that one, and all above it.
    pub(super) way: Vec<Key>,
}

impl Operation {
    /// Tells whether a sync of `dir` makes this durable. A rename is an entry of where it leads.
    pub(super) fn belongs_to(&self, dir: Key) -> bool {
        self.to.as_ref().or(self.from.as_ref()).is_some_and(|(at, _)| *at == dir)
    }

    /// The directories that it changes.
    pub(super) fn directories(&self) -> impl Iterator<Item = Key> {
        self.from.iter().chain(&self.to).map(|(dir, _)| *dir)
    }

    /// Tells whether one is about an entry that the other is about.
    fn shares_slot(&self, other: &Self) -> bool {
        let mut ours = self.from.iter().chain(&self.to);
        ours.any(|slot| other.from.as_ref() == Some(slot) || other.to.as_ref() == Some(slot))
    }

    /// Tells whether this cannot be on the disk without `earlier`.
    fn needs(&self, earlier: &Self) -> bool {
        self.shares_slot(earlier)
            // So nothing vanishes, and directories do not end up inside each other.
            || (earlier.to.is_some() && self.way.contains(&earlier.node))
            // A directory is removed empty, so what was moved out of it is elsewhere.
            || self.removed.is_some_and(|(gone, _)| earlier.directories().any(|dir| dir == gone))
            // A number is given away again only after it was free.
            || (self.made_inode.is_some() && earlier.removed.map(|(_, inode)| inode) == self.made_inode)
    }
}

/// Returns which of the operations before `index` must be on the disk if that one is.
///
/// A new entry does not need its directory's own: it then vanishes together with the directory. But
/// what is moved must not vanish, so a move needs the way to where it leads.
pub(super) fn needed_by(operations: &[Operation], index: usize) -> Vec<usize> {
    let this = &operations[index];
    let earlier = operations[..index].iter().enumerate();
    earlier.filter(|(_, earlier)| this.needs(earlier)).map(|(at, _)| at).collect()
}
