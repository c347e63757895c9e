//! The real disk: files and directories of Linux, opened relative to directory handles.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{
    AtFlags, CWD, FileType, FlockOperation, Gid, Mode, OFlags, RenameFlags, StatxFlags, Uid,
    accessat, fchmod, fchown, fdatasync, flock, fstat, fsync, ftruncate, makedev, mkdirat, openat,
    renameat, renameat_with, statx, unlinkat,
};
use rustix::io::{Errno, pread, pwrite, pwritev, retry_on_intr};

use crate::fs::boot;
use crate::fs::disk::check_name;
use crate::fs::{
    Access, Dir, Directory, Disk, Entry, File, FileId, Kind, OpenFile, PathError, Replace, Result,
    Stat,
};
use crate::time::TimestampMs;

/// How a directory is opened.
const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// How a file is opened: never through a link, and never waiting for the other end of a FIFO.
const FILE: OFlags =
    OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
/// How many parts the kernel takes in one call (`IOV_MAX`).
const PARTS_MAX: usize = 1024;

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl RealDisk {
    /// Opens `path`, making what is missing, and tells the kernel to keep each new entry.
    fn make(path: &Path, mode: u32) -> Result<Dir> {
        let missing = match Self.open_root(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => error,
            done => return done,
        };
        let Some(parent) = path.parent() else { return Err(missing) };
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let parent = Self::make(parent, mode)?;
        // A path may end in `..`; whether it leads anywhere shows once what is before it is there.
        let Some(name) = path.file_name() else { return Self.open_root(path) };
        match parent.make_dir(name, mode) {
            Ok(_) => parent.sync()?,
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        Self.open_root(path)
    }
}

impl Disk for RealDisk {
    fn open_root(&self, path: &Path) -> Result<Dir> {
        let fd = retry_on_intr(|| openat(CWD, path, DIRECTORY, Mode::empty()))
            .map_err(|errno| PathError::new("open", path, errno))?;
        Ok(Arc::new(RealDirectory { fd, path: path.to_owned() }))
    }

    fn make_root(&self, path: &Path, mode: u32) -> Result<Dir> {
        Self::make(path, mode)
    }

    fn boot_id(&self) -> Option<[u8; 16]> {
        boot::boot_id()
    }

    fn is_real(&self) -> bool {
        true
    }
}

/// One open directory of the real disk.
#[derive(Debug)]
struct RealDirectory {
    fd: OwnedFd,
    path: PathBuf,
}

impl RealDirectory {
    /// Makes an error about an entry.
    fn error(
        &self,
        operation: &'static str,
        name: &OsStr,
        source: impl Into<io::Error>,
    ) -> PathError {
        PathError::new(operation, self.path.join(name), source)
    }

    /// Refuses a name that would lead out of this directory.
    fn check(&self, operation: &'static str, name: &OsStr) -> Result<()> {
        check_name(name).map_err(|source| self.error(operation, name, source))
    }

    /// Says why the kernel called a rename of `from` that must not replace anything invalid: the
    /// file system does not know such renames, or a directory was to be moved into itself.
    fn why_invalid(&self, from: &OsStr) -> io::Error {
        match self.stat_entry(from) {
            Ok(stat) if stat.kind == Kind::Directory => Errno::INVAL.into(),
            _ => cannot_refuse(),
        }
    }

    /// Gives something new its owner and its mode.
    ///
    /// Made by root in somebody's directory, it becomes theirs: else they could not use their own
    /// store any more. The mode comes last, because a change of owner clears bits of it.
    fn settle(&self, new: BorrowedFd<'_>, mode: u32) -> io::Result<()> {
        if rustix::process::geteuid().is_root() {
            let ours = fstat(&self.fd)?;
            if ours.st_uid != 0 {
                let (owner, group) = (Uid::from_raw(ours.st_uid), Gid::from_raw(ours.st_gid));
                fchown(new, Some(owner), Some(group))?;
            }
        }
        let made = fstat(new)?;
        let handed_down = if FileType::from_raw_mode(made.st_mode) == FileType::Directory {
            made.st_mode & Mode::SGID.as_raw_mode()
        } else {
            0
        };
        Ok(fchmod(new, Mode::from_raw_mode(mode | handed_down))?)
    }
}

impl Directory for RealDirectory {
    fn path(&self) -> &Path {
        &self.path
    }

    fn id(&self) -> Result<FileId> {
        Ok(self.stat()?.id)
    }

    fn stat(&self) -> Result<Stat> {
        look_at(self.fd.as_fd(), OsStr::new(""))
            .map_err(|errno| PathError::new("examine", &self.path, errno))
    }

    fn open_dir(&self, name: &OsStr) -> Result<Dir> {
        self.check("open", name)?;
        let flags = DIRECTORY | OFlags::NOFOLLOW;
        let fd = retry_on_intr(|| openat(&self.fd, name, flags, Mode::empty()))
            .map_err(|errno| self.error("open", name, errno))?;
        Ok(Arc::new(Self { fd, path: self.path.join(name) }))
    }

    fn make_dir(&self, name: &OsStr, mode: u32) -> Result<Dir> {
        self.check("make", name)?;
        // Nobody else's until it has its owner and its mode.
        mkdirat(&self.fd, name, Mode::RWXU).map_err(|errno| self.error("make", name, errno))?;
        let flags = DIRECTORY | OFlags::NOFOLLOW;
        let made = retry_on_intr(|| openat(&self.fd, name, flags, Mode::empty()))
            .map_err(io::Error::from)
            .and_then(|fd| self.settle(fd.as_fd(), mode).map(|()| fd));
        match made {
            Ok(fd) => Ok(Arc::new(Self { fd, path: self.path.join(name) })),
            Err(source) => {
                // The first error is the one to tell.
                let _ = unlinkat(&self.fd, name, AtFlags::REMOVEDIR);
                Err(self.error("make", name, source))
            }
        }
    }

    fn open(&self, name: &OsStr, access: Access) -> Result<File> {
        self.check("open", name)?;
        let flags = match access {
            Access::Read => FILE | OFlags::RDONLY,
            Access::Write => FILE | OFlags::RDWR,
        };
        let fd = match retry_on_intr(|| openat(&self.fd, name, flags, Mode::empty())) {
            Ok(fd) => fd,
            Err(Errno::LOOP) => return Err(self.error("open", name, not_a_file())),
            // A socket, or a device that is not there.
            Err(Errno::NXIO) => return Err(self.error("open", name, not_a_file())),
            Err(errno) => return Err(self.error("open", name, errno)),
        };
        let stat = fstat(&fd).map_err(|errno| self.error("open", name, errno))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(Arc::new(RealFile { fd, path: self.path.join(name) })),
            FileType::Directory => Err(self.error("open", name, Errno::ISDIR)),
            _ => Err(self.error("open", name, not_a_file())),
        }
    }

    fn create(&self, name: &OsStr, mode: u32) -> Result<File> {
        self.check("create", name)?;
        let flags = FILE | OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let fd = retry_on_intr(|| openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR))
            .map_err(|errno| self.error("create", name, errno))?;
        if let Err(source) = self.settle(fd.as_fd(), mode) {
            // The first error is the one to tell.
            let _ = unlinkat(&self.fd, name, AtFlags::empty());
            return Err(self.error("create", name, source));
        }
        Ok(Arc::new(RealFile { fd, path: self.path.join(name) }))
    }

    fn allows_changes(&self) -> Result<bool> {
        let wanted = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
        match accessat(&self.fd, ".", wanted, AtFlags::EACCESS) {
            Ok(()) => Ok(true),
            Err(Errno::ACCESS | Errno::PERM | Errno::ROFS) => Ok(false),
            Err(errno) => Err(PathError::new("examine", &self.path, errno)),
        }
    }

    fn open_to(&self, group: u32, mode: u32) -> Result<()> {
        let error = |errno| PathError::new("open to others", &self.path, errno);
        if fstat(&self.fd).map_err(error)?.st_gid != group {
            fchown(&self.fd, None, Some(Gid::from_raw(group))).map_err(error)?;
        }
        // Last, because a change of group clears bits of it.
        fchmod(&self.fd, Mode::from_raw_mode(mode)).map_err(error)
    }

    fn stat_entry(&self, name: &OsStr) -> Result<Stat> {
        self.check("examine", name)?;
        look_at(self.fd.as_fd(), name).map_err(|errno| self.error("examine", name, errno))
    }

    fn list(&self) -> Result<Vec<Entry>> {
        let error = |errno| PathError::new("list", &self.path, errno);
        let mut entries = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.fd).map_err(error)? {
            let entry = entry.map_err(error)?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let name = OsString::from(OsStr::from_bytes(name));
            let kind = match entry.file_type() {
                // Some file systems do not say.
                FileType::Unknown => match self.stat_entry(&name) {
                    Ok(stat) => stat.kind,
                    Err(gone) if gone.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                },
                known => kind_of(known),
            };
            entries.push(Entry { name, kind });
        }
        Ok(entries)
    }

    fn rename(
        &self,
        from: &OsStr,
        to_dir: &dyn Directory,
        to: &OsStr,
        replace: Replace,
    ) -> Result<()> {
        self.check("rename", from)?;
        let Some(to_dir) = to_dir.as_any().downcast_ref::<Self>() else {
            return Err(self.error("rename", from, Errno::XDEV));
        };
        to_dir.check("rename to", to)?;
        match replace {
            Replace::Always => renameat(&self.fd, from, &to_dir.fd, to)
                .map_err(|errno| self.error("rename", from, errno)),
            Replace::Never => {
                match renameat_with(&self.fd, from, &to_dir.fd, to, RenameFlags::NOREPLACE) {
                    Ok(()) => Ok(()),
                    Err(Errno::EXIST) => Err(to_dir.error("rename to", to, Errno::EXIST)),
                    Err(Errno::NOSYS | Errno::OPNOTSUPP) => {
                        Err(self.error("rename", from, cannot_refuse()))
                    }
                    Err(Errno::INVAL) => Err(self.error("rename", from, self.why_invalid(from))),
                    Err(errno) => Err(self.error("rename", from, errno)),
                }
            }
        }
    }

    fn remove_file(&self, name: &OsStr) -> Result<()> {
        self.check("remove", name)?;
        unlinkat(&self.fd, name, AtFlags::empty())
            .map_err(|errno| self.error("remove", name, errno))
    }

    fn remove_dir(&self, name: &OsStr) -> Result<()> {
        self.check("remove", name)?;
        unlinkat(&self.fd, name, AtFlags::REMOVEDIR)
            .map_err(|errno| self.error("remove", name, errno))
    }

    fn sync(&self) -> Result<()> {
        fsync(&self.fd).map_err(|errno| PathError::new("sync", &self.path, errno))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_kernel_fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.fd.as_fd())
    }
}

/// One open regular file of the real disk.
#[derive(Debug)]
struct RealFile {
    fd: OwnedFd,
    path: PathBuf,
}

impl RealFile {
    /// Makes an error about this file.
    fn error(&self, operation: &'static str, source: impl Into<io::Error>) -> PathError {
        PathError::new(operation, &self.path, source)
    }
}

impl OpenFile for RealFile {
    fn path(&self) -> &Path {
        &self.path
    }

    fn stat(&self) -> Result<Stat> {
        look_at(self.fd.as_fd(), OsStr::new("")).map_err(|errno| self.error("examine", errno))
    }

    fn size_bytes(&self) -> Result<u64> {
        Ok(self.stat()?.size_bytes)
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize> {
        retry_on_intr(|| pread(&self.fd, &mut *buffer, position))
            .map_err(|errno| self.error("read", errno))
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> Result<usize> {
        retry_on_intr(|| pwrite(&self.fd, bytes, position))
            .map_err(|errno| self.error("write", errno))
    }

    fn write_all_vectored_at(
        &self,
        parts: &[&[u8]],
        position: u64,
    ) -> std::result::Result<(), (u64, PathError)> {
        let mut slices: Vec<_> = parts.iter().map(|part| IoSlice::new(part)).collect();
        let mut left = slices.as_mut_slice();
        // Empty parts at the front would make "nothing written" ambiguous.
        IoSlice::advance_slices(&mut left, 0);
        let mut done = 0_u64;
        while !left.is_empty() {
            let some = &left[..left.len().min(PARTS_MAX)];
            match retry_on_intr(|| pwritev(&self.fd, some, position + done)) {
                Ok(0) => return Err((done, self.error("write", io::ErrorKind::WriteZero))),
                Ok(bytes) => {
                    done += bytes as u64;
                    IoSlice::advance_slices(&mut left, bytes);
                }
                Err(errno) => return Err((done, self.error("write", errno))),
            }
        }
        Ok(())
    }

    fn set_size(&self, bytes: u64) -> Result<()> {
        retry_on_intr(|| ftruncate(&self.fd, bytes))
            .map_err(|errno| self.error("set the size of", errno))
    }

    fn sync_data(&self) -> Result<()> {
        fdatasync(&self.fd).map_err(|errno| self.error("sync", errno))
    }

    fn lock(&self) -> Result<()> {
        retry_on_intr(|| flock(&self.fd, FlockOperation::LockExclusive))
            .map_err(|errno| self.error("lock", errno))
    }

    fn try_lock(&self) -> Result<bool> {
        match retry_on_intr(|| flock(&self.fd, FlockOperation::NonBlockingLockExclusive)) {
            Ok(()) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(errno) => Err(self.error("lock", errno)),
        }
    }

    fn unlock(&self) -> Result<()> {
        retry_on_intr(|| flock(&self.fd, FlockOperation::Unlock))
            .map_err(|errno| self.error("unlock", errno))
    }

    fn as_kernel_fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.fd.as_fd())
    }
}

/// Why something that is there was not opened as a file.
fn not_a_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a regular file; links are not followed")
}

/// Why a rename could not be tried at all.
fn cannot_refuse() -> io::Error {
    let why = "this file system cannot rename without replacing what has the new name";
    io::Error::new(io::ErrorKind::Unsupported, why)
}

/// Returns what the kernel tells of an entry of a directory, or of what is open itself if the name
/// is empty. Links are not followed.
fn look_at(fd: BorrowedFd<'_>, name: &OsStr) -> rustix::io::Result<Stat> {
    let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::EMPTY_PATH;
    let wanted = StatxFlags::BASIC_STATS | StatxFlags::BTIME;
    let found = statx(fd, name, flags, wanted)?;
    let kernel_mode = u32::from(found.stx_mode);
    let modified_ms = found.stx_mtime.tv_sec.saturating_mul(1000);
    let modified_ms = modified_ms.saturating_add(i64::from(found.stx_mtime.tv_nsec / 1_000_000));
    let is_born = found.stx_mask & StatxFlags::BTIME.bits() != 0;
    let born_ns = found.stx_btime.tv_sec.saturating_mul(1_000_000_000);
    let born_ns = born_ns.saturating_add(i64::from(found.stx_btime.tv_nsec));
    Ok(Stat {
        id: FileId {
            device: makedev(found.stx_dev_major, found.stx_dev_minor),
            inode: found.stx_ino,
            born_ns: if is_born { born_ns } else { 0 },
        },
        kind: kind_of(FileType::from_raw_mode(kernel_mode)),
        size_bytes: found.stx_size,
        modified: TimestampMs(modified_ms),
        links: u64::from(found.stx_nlink),
        mode: kernel_mode & 0o7777,
        owner: found.stx_uid,
        group: found.stx_gid,
    })
}

/// Returns what an entry is, in our words.
fn kind_of(kind: FileType) -> Kind {
    match kind {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Directory,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests;
