//! What a watched file or directory was like when it was last looked at.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use crate::fs::{Dir, File, Result, Stat};
use crate::time::TimestampMs;

/// How long the names in a directory are compared after its time of change stood still: file
/// systems stamp times with a clock that ticks every few milliseconds, so a second change may hide
/// behind the first one's time.
const SETTLING: Duration = Duration::from_millis(100);

/// A file or directory that is watched.
#[derive(Debug)]
pub(crate) enum Target {
    /// Watched for what is written to it.
    File(File),
    /// Watched for its entries.
    Dir(Dir),
}

impl Target {
    /// Returns what is known of it.
    pub(crate) fn stat(&self) -> Result<Stat> {
        match self {
            Self::File(file) => file.stat(),
            Self::Dir(dir) => dir.stat(),
        }
    }

    /// Returns the kernel's handle, if there is one.
    pub(crate) fn as_kernel_fd(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::File(file) => file.as_kernel_fd(),
            Self::Dir(dir) => dir.as_kernel_fd(),
        }
    }
}

/// What something was like.
#[derive(Debug)]
pub(crate) struct Snapshot {
    size_bytes: u64,
    modified: TimestampMs,
    removed: bool,
    /// A hash over the sorted names of a directory; 0 for a file.
    names: u64,
    /// Until then names are compared although the time of change is the same.
    settled: Instant,
}

impl Snapshot {
    /// Looks at `target`. What happens after this is found by [`Snapshot::renew`].
    pub(crate) fn of(target: &Target) -> Result<Self> {
        // The time before the names: a change between the two is then seen again, not missed.
        let stat = target.stat()?;
        Ok(Self {
            size_bytes: stat.size_bytes,
            modified: stat.modified,
            removed: stat.links == 0,
            names: names_of(target)?,
            settled: Instant::now() + SETTLING,
        })
    }

    /// Looks again; if it changed, tells whether it is now removed.
    pub(crate) fn renew(&mut self, target: &Target) -> Result<Option<bool>> {
        let stat = target.stat()?;
        let same = stat.modified == self.modified
            && stat.size_bytes == self.size_bytes
            && (stat.links == 0) == self.removed;
        if same && (matches!(target, Target::File(_)) || Instant::now() > self.settled) {
            return Ok(None);
        }
        let names = names_of(target)?;
        if same && names == self.names {
            return Ok(None);
        }
        let removed = stat.links == 0;
        *self = Self {
            size_bytes: stat.size_bytes,
            modified: stat.modified,
            removed,
            names,
            settled: Instant::now() + SETTLING,
        };
        Ok(Some(removed))
    }
}

/// Returns a hash over the names in a directory.
fn names_of(target: &Target) -> Result<u64> {
    let Target::Dir(dir) = target else { return Ok(0) };
    let mut names: Vec<_> = dir.list()?.into_iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    let mut hasher = DefaultHasher::new();
    names.hash(&mut hasher);
    Ok(hasher.finish())
}
