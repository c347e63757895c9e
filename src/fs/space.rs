//! What file system a directory is on, and how much space is left there.

use std::path::Path;

use super::error::{PathError, Result};
use super::network::name_of;

/// `f_type` of the file systems that a store is usually on.
const NAMES: &[(u32, &str)] = &[
    (0x0000_EF53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683E, "btrfs"),
    (0x2FC1_2FC1, "zfs"),
    (0xF2F5_2010, "f2fs"),
    (0xCA45_1A4E, "bcachefs"),
    (0x0102_1994, "tmpfs"),
    (0x794C_7630, "overlay"),
];

/// The file system that a path is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its kind; the number that the kernel has for it, if it has no name here.
    pub kind: String,
    /// Bytes that whoever asks may still write.
    pub free_bytes: u64,
    /// Bytes that it has in all.
    pub total_bytes: u64,
}

/// Returns the file system that an existing path is on.
///
/// # Errors
/// The operating system's: there is no such path, or it may not be looked at.
pub fn space_at(path: &Path) -> Result<Space> {
    let found = rustix::fs::statfs(path).map_err(|error| PathError {
        operation: "look at the file system of",
        path: path.to_path_buf(),
        source: error.into(),
    })?;
    // The fields' types differ between machines; the magic numbers are 32 bits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "32 bits count")]
    let magic = found.f_type as u32;
    let known = NAMES.iter().find(|(known, _)| *known == magic).map(|(_, name)| *name);
    let kind = known.or_else(|| name_of(magic));
    #[expect(clippy::cast_sign_loss, reason = "a size of a block is not negative")]
    let block_bytes = found.f_bsize as u64;
    Ok(Space {
        kind: kind.map_or_else(|| format!("0x{magic:08x}"), str::to_owned),
        free_bytes: found.f_bavail.saturating_mul(block_bytes),
        total_bytes: found.f_blocks.saturating_mul(block_bytes),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::space_at;

    #[test]
    fn a_directory_is_on_something_and_a_missing_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let space = space_at(dir.path()).unwrap();
        assert!(!space.kind.is_empty());
        assert!(space.free_bytes <= space.total_bytes, "{space:?}");
        let error = space_at(Path::new("/no/such/place")).unwrap_err();
        assert_eq!(error.to_string(), "cannot look at the file system of `/no/such/place`");
    }
}
