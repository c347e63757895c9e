//! Names of files and directories in a store, and small operations on trees of them.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;

use crate::catalog::{ObjectId, TopicObject};
use crate::fs::{Dir, Directory, Kind, PathError};
use crate::path::TopicName;

pub use crate::log::APPEND_LOCK;

/// The file by which a directory is known to be a stream; locked to change the catalogue.
pub const GATE_LOCK: &str = "gate.lock";
/// What no stream may be called: the store's own directory.
pub const STORE_DIR: &str = ".streampath";
/// Size at which a segment of `meta` is followed by a new one. Bytes.
pub const META_SEGMENT_BYTES: u64 = 16 << 20;
/// Size at which a segment of `cursors` is followed by a new one. Bytes.
pub const CURSORS_SEGMENT_BYTES: u64 = 1 << 20;

pub(super) const TMP: &str = "tmp";
pub(super) const TRASH: &str = "trash";
pub(super) const META: &str = "meta";
pub(super) const CURSORS: &str = "cursors";
pub(super) const MEMBERS: &str = "members";
pub(super) const TOPICS: &str = "topics";
/// The only partition of `meta` and of `cursors`.
pub(super) const ONLY_PARTITION: &str = "0";

/// Bytes of a topic's name that its directory's name repeats, so that it stays below 255.
pub(super) const TOPIC_DIR_NAME_BYTES: usize = 200;

/// The name of a topic's directory: what people recognise, `~`, and what is never used again.
pub(super) fn topic_dir_name(topic: &TopicObject) -> OsString {
    topic_dir_name_of(&topic.name, topic.id)
}

pub(super) fn topic_dir_name_of(name: &TopicName, id: ObjectId) -> OsString {
    format!("{}{}", topic_dir_prefix(name), id.short()).into()
}

/// How the directory of every topic of this name begins, and maybe those of longer names.
pub(super) fn topic_dir_prefix(name: &TopicName) -> String {
    let text = name.as_str();
    // Topic names are ASCII: every byte is a boundary.
    format!("{}~", &text[..text.len().min(TOPIC_DIR_NAME_BYTES)])
}

/// The digits of the topic's identity in a directory's name.
pub(super) fn short_id_of(dir_name: &OsStr) -> Option<&str> {
    let (_, short) = dir_name.to_str()?.rsplit_once('~')?;
    let is_hex = short.len() == 8
        && short.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hex.then_some(short)
}

/// The partition that a directory's name stands for.
pub(super) fn partition_of(dir_name: &OsStr) -> Option<u32> {
    let text = dir_name.to_str()?;
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Whether `dir` is a stream: it holds a regular file `gate.lock`.
pub(super) fn is_stream(dir: &dyn Directory) -> Result<bool, PathError> {
    match dir.stat_entry(OsStr::new(GATE_LOCK)) {
        Ok(stat) => Ok(stat.kind == Kind::File),
        Err(error) if is_missing(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn is_missing(error: &PathError) -> bool {
    error.source.kind() == ErrorKind::NotFound
}

/// Opens a directory; `None` if there is no such name.
pub(super) fn open_dir_if_any(dir: &dyn Directory, name: &OsStr) -> Result<Option<Dir>, PathError> {
    match dir.open_dir(name) {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a directory, making it with the mode of the one it is in if it is missing.
pub(super) fn open_or_make(dir: &dyn Directory, name: &OsStr) -> Result<(Dir, Made), PathError> {
    if let Some(found) = open_dir_if_any(dir, name)? {
        return Ok((found, Made::Before));
    }
    match dir.make_dir(name, dir.stat()?.mode) {
        Ok(made) => Ok((made, Made::Now)),
        Err(error) if error.source.kind() == ErrorKind::AlreadyExists => {
            Ok((dir.open_dir(name)?, Made::Before))
        }
        Err(error) => Err(error),
    }
}

/// Who made a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Before,
    Now,
}

/// Removes an entry with everything in it; what others remove meanwhile is no error.
pub(super) fn remove_tree(dir: &dyn Directory, name: &OsStr, kind: Kind) -> Result<(), PathError> {
    let removed = if kind == Kind::Directory {
        let Some(inside) = open_dir_if_any(dir, name)? else { return Ok(()) };
        let entries = match inside.list() {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            remove_tree(inside.as_ref(), &entry.name, entry.kind)?;
        }
        dir.remove_dir(name)
    } else {
        dir.remove_file(name)
    };
    match removed {
        Err(error) if !is_missing(&error) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{partition_of, short_id_of, topic_dir_name_of, topic_dir_prefix};
    use crate::catalog::ObjectId;
    use crate::path::TopicName;

    #[test]
    fn a_directory_name_holds_the_name_and_the_identity() {
        let id = ObjectId::from_bytes([0x1f; 16]);
        let name = TopicName::parse("fast-messages").unwrap();
        assert_eq!(topic_dir_name_of(&name, id), "fast-messages~1f1f1f1f");
        assert_eq!(short_id_of(OsStr::new("fast-messages~1f1f1f1f")), Some("1f1f1f1f"));
        let long = TopicName::parse(&"a".repeat(249)).unwrap();
        assert_eq!(topic_dir_name_of(&long, id).len(), 209);
        assert_eq!(topic_dir_prefix(&long).len(), 201);
    }

    #[test]
    fn other_names_are_neither_topics_nor_partitions() {
        for name in ["", "a", "a~", "a~1f1f1f1", "a~1F1f1f1f", "a~1f1f1f1f0", "~~"] {
            assert_eq!(short_id_of(OsStr::new(name)), None, "{name}");
        }
        assert_eq!(partition_of(OsStr::new("0")), Some(0));
        assert_eq!(partition_of(OsStr::new("4095")), Some(4095));
        for name in ["", "00", "+1", "-1", "1.", ".tmp-1", "99999999999"] {
            assert_eq!(partition_of(OsStr::new(name)), None, "{name}");
        }
    }
}
