//! File systems on which a store cannot be shared safely, known by their magic numbers.

use std::os::fd::BorrowedFd;

use crate::fs::Directory;

/// `f_type` of the file systems whose other users' kernels do not share our locks or our change
/// notification. A virtiofs mount calls itself FUSE; Docker Desktop's share of the host fakeowner.
const NAMES: &[(u32, &str)] = &[
    (0x0000_6969, "nfs"),
    (0xFF53_4D42, "cifs"),
    (0xFE53_4D42, "smb2"),
    (0x0000_517B, "smb"),
    (0x0102_1997, "9p"),
    (0x6573_5546, "fuse"),
    (0x6A65_6A63, "fakeowner"),
    (0x00C3_6400, "ceph"),
    (0x5346_414F, "afs"),
    (0x6B41_4653, "afs"),
    (0x7375_7245, "coda"),
    (0x0000_564C, "ncp"),
    (0x0BD0_0BD0, "lustre"),
    (0x4750_4653, "gpfs"),
    (0x0116_1970, "gfs2"),
    (0x7461_636F, "ocfs2"),
    (0x2003_0528, "orangefs"),
    (0x1983_0326, "beegfs"),
    (0x786F_4256, "vboxsf"),
    (0xBACB_ACBC, "vmhgfs"),
    (0x7C7C_6673, "prl_fs"),
];

/// Returns the name of the file system of `dir` if it is one on which kernels that do not know of
/// each other's locks may share files; `None` if it is not, or cannot be told.
#[must_use]
pub fn is_shared_badly(dir: &dyn Directory) -> Option<&'static str> {
    shared_name(dir.as_kernel_fd()?)
}

/// Returns the name of the network file system that `fd` is on, if it is on one.
pub(crate) fn shared_name(fd: BorrowedFd<'_>) -> Option<&'static str> {
    // The field's type differs between machines; the magic numbers are 32 bits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "32 bits count")]
    let magic = rustix::fs::fstatfs(fd).ok()?.f_type as u32;
    name_of(magic)
}

/// Looks a magic number up.
pub(super) fn name_of(magic: u32) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == magic).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{is_shared_badly, name_of};
    use crate::fs::{Disk, RealDisk};

    #[test]
    fn network_file_systems_are_known_by_name() {
        assert_eq!(name_of(0x6969), Some("nfs"));
        assert_eq!(name_of(0xFF53_4D42), Some("cifs"));
        assert_eq!(name_of(0x0102_1997), Some("9p"));
        assert_eq!(name_of(0x6573_5546), Some("fuse"));
        for local in [0xEF53_u32, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630] {
            assert_eq!(name_of(local), None, "{local:#x}");
        }
    }

    #[test]
    fn the_kernels_own_file_systems_are_not_shared() {
        let proc = RealDisk.open_root(Path::new("/proc")).unwrap();
        assert_eq!(is_shared_badly(&*proc), None);
    }
}
