//! What the rest of the library may ask of a disk: directories, files, locks and syncs.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::io;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::Arc;

use crate::fs::{PathError, Result};
use crate::time::TimestampMs;

/// An open directory that can be shared.
pub type Dir = Arc<dyn Directory>;

/// An open file that can be shared.
pub type File = Arc<dyn OpenFile>;

/// Which file it is, whatever it is called. Two names with one identity are one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// The device that the file is on.
    pub device: u64,
    /// The file's number on that device. File systems give the number of a removed file to the
    /// next one that is made.
    pub inode: u64,
    /// When the file was made, in nanoseconds since 1970: tells files apart that had the same
    /// number one after the other. 0 where the file system does not say.
    pub born_ns: i64,
}

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link. Never followed.
    Link,
    /// A device, a FIFO or a socket.
    Other,
}

/// What the disk knows about a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Its identity.
    pub id: FileId,
    /// What it is.
    pub kind: Kind,
    /// Its length. Bytes; of no meaning for a directory.
    pub size_bytes: u64,
    /// When its content was last changed.
    pub modified: TimestampMs,
    /// How many names it has; 0 once it is unlinked.
    pub links: u64,
    /// Its permission bits, `0o7777` at most.
    pub mode: u32,
    /// The user that owns it.
    pub owner: u32,
    /// The group that owns it.
    pub group: u32,
}

/// One name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, one path component.
    pub name: OsString,
    /// What it names.
    pub kind: Kind,
}

/// What an opened file is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading only.
    Read,
    /// Reading and writing.
    Write,
}

/// What a rename does when the new name is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It fails with `AlreadyExists`.
    Never,
    /// What had the name loses it, in the same instant.
    Always,
}

/// Where files are: the real disk, or a simulated one that can fail and forget.
pub trait Disk: Send + Sync + Debug {
    /// Opens an existing directory. Links in `path` are followed.
    ///
    /// # Errors
    ///
    /// As the system says; nothing is changed.
    fn open_root(&self, path: &Path) -> Result<Dir>;

    /// Makes a directory, and those above it that are missing, each with exactly `mode`, and opens
    /// it. What is there already is left as it is. Each new directory's own entry is durable when
    /// this returns.
    ///
    /// # Errors
    ///
    /// As the system says; some of the directories may have been made.
    fn make_root(&self, path: &Path, mode: u32) -> Result<Dir>;

    /// Returns what tells this run of the machine from every other one; `None` if it cannot be read.
    fn boot_id(&self) -> Option<[u8; 16]>;

    /// Tells whether the paths of this disk's files mean something to other libraries. If not,
    /// SQLite cannot live here.
    fn is_real(&self) -> bool;
}

/// One open directory. It stays the same directory when it is renamed.
///
/// Every `name` is one path component, and is never followed if it is a symbolic link. A name that
/// is empty, `.`, `..`, or holds `/` or NUL, fails with `InvalidInput`.
pub trait Directory: Send + Sync + Debug {
    /// Returns the path it was opened by, for messages and for SQLite only.
    fn path(&self) -> &Path;

    /// Returns its identity.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn id(&self) -> Result<FileId>;

    /// Returns what is known of the directory itself.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn stat(&self) -> Result<Stat>;

    /// Opens a directory in this one.
    ///
    /// # Errors
    ///
    /// `NotFound`, `NotADirectory` (a link is none), or as the system says.
    fn open_dir(&self, name: &OsStr) -> Result<Dir>;

    /// Makes a directory with exactly `mode`, whatever the umask, and opens it. Where this
    /// directory hands its group down (set-group-id), the new one does so too.
    ///
    /// # Errors
    ///
    /// `AlreadyExists`, or as the system says; nothing was made.
    fn make_dir(&self, name: &OsStr, mode: u32) -> Result<Dir>;

    /// Opens an existing regular file; never makes one.
    ///
    /// # Errors
    ///
    /// `NotFound`; `IsADirectory`; `InvalidInput` for what is neither file nor directory, a link
    /// for instance; or as the system says.
    fn open(&self, name: &OsStr, access: Access) -> Result<File>;

    /// Makes a file with exactly `mode`, whatever the umask, and opens it for reading and writing.
    ///
    /// # Errors
    ///
    /// `AlreadyExists`, or as the system says; nothing was made.
    fn create(&self, name: &OsStr, mode: u32) -> Result<File>;

    /// Tells whether this process may add, rename and remove entries, as far as the directory
    /// itself decides it; who may remove what from a sticky one is another matter.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn allows_changes(&self) -> Result<bool>;

    /// Gives the directory to a group, and exactly this mode, whatever the umask. The kernel drops
    /// the set-group-id bit for a group that this process is not in.
    ///
    /// # Errors
    ///
    /// As the system says; the group may have been changed and the mode not.
    fn open_to(&self, group: u32, mode: u32) -> Result<()>;

    /// Returns what is known of an entry; of a link, not of what it points to.
    ///
    /// # Errors
    ///
    /// `NotFound`, or as the system says.
    fn stat_entry(&self, name: &OsStr) -> Result<Stat>;

    /// Returns all entries in any order, without `.` and `..`.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn list(&self) -> Result<Vec<Entry>>;

    /// Gives an entry another name, in this directory or in `to_dir`, in one instant.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the new name is taken and must not be; `CrossesDevices` if `to_dir` is on
    /// another disk; `Unsupported` if the file system cannot refuse to replace; or as the system
    /// says. Nothing is changed.
    fn rename(
        &self,
        from: &OsStr,
        to_dir: &dyn Directory,
        to: &OsStr,
        replace: Replace,
    ) -> Result<()>;

    /// Removes a name that is not a directory's.
    ///
    /// # Errors
    ///
    /// `NotFound`, `IsADirectory`, or as the system says; nothing is changed.
    fn remove_file(&self, name: &OsStr) -> Result<()>;

    /// Removes an empty directory.
    ///
    /// # Errors
    ///
    /// `NotFound`, `NotADirectory`, `DirectoryNotEmpty`, or as the system says; nothing is changed.
    fn remove_dir(&self, name: &OsStr) -> Result<()>;

    /// Makes the entries durable: what was made, renamed and removed here before. Not the content
    /// of the files.
    ///
    /// # Errors
    ///
    /// As the system says. A failed sync may have lost what it was to save; it is not tried again.
    fn sync(&self) -> Result<()>;

    /// Returns the concrete directory, so that a disk can know its own.
    fn as_any(&self) -> &dyn Any;

    /// Returns the kernel's handle; `None` on a disk that is not real.
    fn as_kernel_fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

/// One open regular file. It stays the same file when it is renamed or unlinked.
pub trait OpenFile: Send + Sync + Debug {
    /// Returns the path it was opened by, for messages only.
    fn path(&self) -> &Path;

    /// Returns what is known of the file. `links` is 0 once it is unlinked.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn stat(&self) -> Result<Stat>;

    /// Returns the file's length. Bytes.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn size_bytes(&self) -> Result<u64>;

    /// Reads from `position` and returns how many bytes: perhaps fewer than `buffer` takes, and 0
    /// only at the end.
    ///
    /// # Errors
    ///
    /// As the system says; what `buffer` holds then is undefined.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize>;

    /// Fills `buffer` from `position`.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the file ends first, or as the system says.
    fn read_exact_at(&self, buffer: &mut [u8], position: u64) -> Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            match self.read_at(&mut buffer[done..], position + done as u64)? {
                0 => {
                    let end = io::Error::from(io::ErrorKind::UnexpectedEof);
                    return Err(PathError::new("read", self.path(), end));
                }
                bytes => done += bytes,
            }
        }
        Ok(())
    }

    /// Writes at `position` and returns how many bytes, perhaps fewer than given.
    ///
    /// # Errors
    ///
    /// As the system says; nothing was written.
    fn write_at(&self, bytes: &[u8], position: u64) -> Result<usize>;

    /// Writes all of `bytes` at `position`.
    ///
    /// # Errors
    ///
    /// As the system says; a beginning of `bytes` may have been written.
    fn write_all_at(&self, bytes: &[u8], position: u64) -> Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            match self.write_at(&bytes[done..], position + done as u64)? {
                0 => {
                    let full = io::Error::from(io::ErrorKind::WriteZero);
                    return Err(PathError::new("write", self.path(), full));
                }
                written => done += written,
            }
        }
        Ok(())
    }

    /// Writes all of `parts`, one behind the other, from `position`.
    ///
    /// # Errors
    ///
    /// How many bytes were written, counted from the first, and why no more were.
    fn write_all_vectored_at(
        &self,
        parts: &[&[u8]],
        position: u64,
    ) -> std::result::Result<(), (u64, PathError)>;

    /// Cuts the file, or lengthens it with zeros.
    ///
    /// # Errors
    ///
    /// As the system says; nothing is changed.
    fn set_size(&self, bytes: u64) -> Result<()>;

    /// Makes the content and the length durable. Not the file's name: see [`Directory::sync`].
    ///
    /// # Errors
    ///
    /// As the system says. What was written since the last good sync may be lost, although reads
    /// show it and a second sync would say success: it is never tried again here, and must not be
    /// by a caller.
    fn sync_data(&self) -> Result<()>;

    /// Takes the file's lock, waiting for it. The lock belongs to this handle (and not to the
    /// process: a second handle waits), and ends with it. It binds only those who ask.
    ///
    /// # Errors
    ///
    /// As the system says; the lock is not held.
    fn lock(&self) -> Result<()>;

    /// Takes the file's lock if it is free, and tells whether it did.
    ///
    /// # Errors
    ///
    /// As the system says; the lock is not held.
    fn try_lock(&self) -> Result<bool>;

    /// Gives the lock back.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn unlock(&self) -> Result<()>;

    /// Returns the kernel's handle; `None` on a disk that is not real.
    fn as_kernel_fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

/// Returns a new name for something that is still being made: `.tmp-` and 16 hex digits.
///
/// The digits come from the operating system: what else chooses at random here is seeded by the
/// time, which two processes that are started in one moment have in common.
#[must_use]
pub fn temporary_name() -> OsString {
    let digits = getrandom::u64().unwrap_or_else(|_| fastrand::u64(..));
    OsString::from(format!(".tmp-{digits:016x}"))
}

/// Refuses a name that is not one path component.
pub(crate) fn check_name(name: &OsStr) -> io::Result<()> {
    let bytes = name.as_encoded_bytes();
    if matches!(bytes, b"" | b"." | b"..") || bytes.iter().any(|byte| matches!(byte, b'/' | 0)) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not one name in a directory"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check_name, temporary_name};
    use std::ffi::OsStr;

    #[test]
    fn temporary_names_are_21_bytes_and_differ() {
        let (one, two) = (temporary_name(), temporary_name());
        assert!(one.to_str().unwrap().starts_with(".tmp-"));
        assert_eq!(one.len(), 21);
        assert_ne!(one, two);
    }

    #[test]
    fn temporary_names_do_not_repeat_with_the_seed() {
        let seeded = || {
            fastrand::seed(7);
            temporary_name()
        };
        assert_ne!(seeded(), seeded());
    }

    #[test]
    fn only_single_components_are_names() {
        for bad in ["", ".", "..", "a/b", "/", "/a", "a/", "a\0b"] {
            assert!(check_name(OsStr::new(bad)).is_err(), "{bad:?}");
        }
        for good in ["a", "...", ".a", "a:b", "a~1f", "ä b\n"] {
            check_name(OsStr::new(good)).unwrap();
        }
    }
}
