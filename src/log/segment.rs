//! Names and listing of segments: `<base offset, 20 digits>.log`.

use std::ffi::{OsStr, OsString};

use crate::fs::{Directory, FileId, Kind, PathError};

const DIGITS: usize = 20;
pub(super) const LOG_SUFFIX: &str = ".log";
pub(super) const SEAL_SUFFIX: &str = ".seal";

/// The name of the segment that starts at `base`.
pub fn segment_name(base: i64) -> OsString {
    format!("{base:020}{LOG_SUFFIX}").into()
}

/// The name of the seal beside the segment that starts at `base`.
pub(super) fn seal_name(base: i64) -> OsString {
    format!("{base:020}{SEAL_SUFFIX}").into()
}

/// The base offset in `name`, if it is 20 digits and then `suffix`.
pub(super) fn base_in_name(name: &OsStr, suffix: &str) -> Option<i64> {
    let digits = name.to_str()?.strip_suffix(suffix)?;
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// One segment as its directory shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentEntry {
    /// Base offset, from the name.
    pub base: i64,
    /// Length of the file. Bytes.
    pub size_bytes: u64,
    /// Device and inode.
    pub id: FileId,
}

/// The segments of `dir`, lowest base first.
pub(super) fn list(dir: &dyn Directory) -> Result<Vec<SegmentEntry>, PathError> {
    let mut segments = Vec::new();
    for entry in dir.list()? {
        let Some(base) = base_in_name(&entry.name, LOG_SUFFIX) else { continue };
        // Between the listing and the look a segment may be removed by retention.
        let stat = match dir.stat_entry(&entry.name) {
            Ok(stat) => stat,
            Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if stat.kind == Kind::File {
            segments.push(SegmentEntry { base, size_bytes: stat.size_bytes, id: stat.id });
        }
    }
    segments.sort_by_key(|segment| segment.base);
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_twenty_digits_and_nothing_else() {
        assert_eq!(segment_name(84_211), "00000000000000084211.log");
        assert_eq!(base_in_name(OsStr::new("00000000000000084211.log"), LOG_SUFFIX), Some(84_211));
        for bad in ["84211.log", "0000000000000008421x.log", "99999999999999999999.log", ".log"] {
            assert_eq!(base_in_name(OsStr::new(bad), LOG_SUFFIX), None, "{bad}");
        }
    }
}
