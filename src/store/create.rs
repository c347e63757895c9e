//! Making a stream: everything in a temporary place, then one rename.

use std::ffi::OsStr;
use std::io::ErrorKind;

use crate::access::Modes;
use crate::catalog::{Change, EpochObject, Identity, MetaRecord, ObjectId, Operation};
use crate::catalog::{SnapshotEnd, SnapshotItem, StreamAttributes, StreamKind};
use crate::fs::{Dir, Directory, File, Kind, Replace, temporary_name};
use crate::log::{AppendTime, LogOptions, PartitionLog};
use crate::path::{StreamPath, check_partitions};
use crate::time::TimestampMs;

use super::error::StoreError;
use super::home::{Home, is_closed, is_no_directory, refuse_inside};
use super::layout::{
    CURSORS, GATE_LOCK, MEMBERS, META, Made, ONLY_PARTITION, TMP, TOPICS, TRASH, is_stream,
    open_or_make, remove_tree,
};
use super::meta::encode;

/// Permission bits of a stream's directory until it is known whom it lets in.
const DIR_MODE: u32 = 0o700;
/// The epoch that a stream begins with.
const FIRST_EPOCH: i32 = 1;
/// How old something half-made must be before it is taken for a dead process's. Milliseconds.
const LEFT_OVER_MS: i64 = 3_600_000;

impl Home {
    /// Makes a stream: whole, durable and with nothing in it, or not at all. Missing parent
    /// directories, the store itself included, are made too, and stay if the rest fails.
    ///
    /// # Errors
    /// `StreamExists`, `NameTaken`, `InsideStream`, `Name` for the attributes.
    pub fn create_stream(
        &self,
        path: &StreamPath,
        attributes: &StreamAttributes,
    ) -> Result<(), StoreError> {
        check_partitions(attributes.default_partitions.into())?;
        let root = self.root_or_make()?;
        let parent = self.parent_of(path, &root)?;
        let name = OsStr::new(path.name());
        refuse_taken(path, parent.as_ref())?;
        let tmp = self.own_dir(root.as_ref(), TMP)?;
        self.remove_left_overs(tmp.as_ref());
        let temporary = temporary_name();
        let dir = tmp.make_dir(&temporary, DIR_MODE)?;
        let modes = self.open_new(dir.as_ref(), parent.as_ref(), attributes);
        let made = modes.and_then(|modes| self.fill(&dir, attributes, modes)).and_then(|gate| {
            self.put_in_place(path, tmp.as_ref(), &temporary, parent.as_ref(), name)?;
            Ok(gate)
        });
        if let Err(error) = made {
            let _ = remove_tree(tmp.as_ref(), &temporary, Kind::Directory);
            return Err(error);
        }
        parent.sync()?;
        tmp.sync()?;
        Ok(())
    }

    /// The directory that the stream will be in, made with those above it if it is missing.
    fn parent_of(&self, path: &StreamPath, root: &Dir) -> Result<Dir, StoreError> {
        let mut dir = root.clone();
        let components: Vec<&str> = path.components().collect();
        for (index, component) in components.iter().enumerate() {
            if index > 0 {
                refuse_inside(path, index, dir.as_ref())?;
            }
            if index + 1 == components.len() {
                break;
            }
            let (next, made) = match open_or_make(dir.as_ref(), OsStr::new(component)) {
                Ok(opened) => opened,
                Err(error) if is_no_directory(&error) => {
                    return Err(StoreError::NameTaken { stream: path.clone(), by: "a file" });
                }
                Err(error) => return Err(error.into()),
            };
            if made == Made::Now {
                dir.sync()?;
            }
            dir = next;
        }
        Ok(dir)
    }

    /// Makes all that a stream consists of, durable but for its name; returns its locked gate.
    fn fill(
        &self,
        dir: &Dir,
        attributes: &StreamAttributes,
        modes: Modes,
    ) -> Result<File, StoreError> {
        let gate = dir.create(OsStr::new(GATE_LOCK), modes.file)?;
        // As long as it is held, what is half-made is nobody else's to remove.
        gate.try_lock()?;
        let mut made = Vec::new();
        for name in [TOPICS, TRASH, MEMBERS] {
            made.push(dir.make_dir(OsStr::new(name), modes.dir)?);
        }
        let boot = self.disk().boot_id();
        for name in [META, CURSORS] {
            let log_dir = dir.make_dir(OsStr::new(name), modes.dir)?;
            let partition = log_dir.make_dir(OsStr::new(ONLY_PARTITION), modes.dir)?;
            let options = LogOptions {
                segment_bytes: u64::MAX,
                file_mode: modes.file,
                ..LogOptions::default()
            };
            let log = PartitionLog::new(partition.clone(), Vec::new(), boot, options);
            log.create(0)?;
            if name == META {
                self.begin_meta(&log, &gate, attributes, modes)?;
            }
            made.push(partition);
            made.push(log_dir);
        }
        for dir in &made {
            dir.sync()?;
        }
        dir.sync()?;
        Ok(gate)
    }

    fn begin_meta(
        &self,
        log: &PartitionLog,
        gate: &File,
        attributes: &StreamAttributes,
        modes: Modes,
    ) -> Result<(), StoreError> {
        let context = self.context();
        let TimestampMs(time_ms) = context.clock.now();
        let operation = |change| {
            MetaRecord::Operation(Operation {
                operation_id: ObjectId::random(),
                time_ms,
                user: context.user(),
                command: context.command.clone(),
                change,
            })
        };
        let gate = gate.stat()?.id;
        let epoch = EpochObject {
            epoch: FIRST_EPOCH,
            boot_id: self.disk().boot_id().map(ObjectId::from_bytes),
            device: gate.device,
            inode: gate.inode,
        };
        let identity = Identity {
            stream_id: ObjectId::random(),
            kind: StreamKind::Stream,
            file_mode: modes.file,
            dir_mode: modes.dir,
        };
        let attributes = Box::new(attributes.clone());
        let records = [
            MetaRecord::Identity(identity.clone()),
            operation(Change::Stream { before: None, after: Some(attributes.clone()) }),
            operation(Change::Epoch { before: None, after: epoch }),
        ];
        // The same again as a snapshot in a batch of its own: without it, damage to the very first
        // batch would cost the whole stream.
        let snapshot = [
            MetaRecord::Snapshot(SnapshotItem::Identity(identity)),
            MetaRecord::Snapshot(SnapshotItem::Stream(attributes)),
            MetaRecord::Snapshot(SnapshotItem::Epoch(epoch)),
            MetaRecord::SnapshotEnd(SnapshotEnd { topics: 0 }),
        ];
        let mut batches = encode(&records, time_ms);
        batches.extend(encode(&snapshot, time_ms));
        let mut appender = log.appender()?;
        let appended = appender
            .append(&mut batches, FIRST_EPOCH, AppendTime::Create)
            .map_err(|failure| failure.error)?;
        Ok(appended.sync.sync()?)
    }

    fn put_in_place(
        &self,
        path: &StreamPath,
        tmp: &dyn Directory,
        temporary: &OsStr,
        parent: &dyn Directory,
        name: &OsStr,
    ) -> Result<(), StoreError> {
        for _ in 0..2 {
            match tmp.rename(temporary, parent, name, Replace::Never) {
                Ok(()) => return Ok(()),
                Err(error) if error.source.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
            refuse_taken(path, parent)?;
            // An empty directory is left of streams that were in it: it is in nobody's way.
            match parent.remove_dir(name) {
                Err(error) if error.source.kind() == ErrorKind::DirectoryNotEmpty => break,
                _ => {}
            }
        }
        refuse_taken(path, parent)?;
        let by = "a directory with streams in it";
        Err(StoreError::NameTaken { stream: path.clone(), by })
    }

    /// Removes what creators left that died long ago. Best effort.
    fn remove_left_overs(&self, tmp: &dyn Directory) {
        let TimestampMs(now) = self.context().clock.now();
        for entry in tmp.list().unwrap_or_default() {
            let Ok(stat) = tmp.stat_entry(&entry.name) else { continue };
            if now.saturating_sub(stat.modified.0) < LEFT_OVER_MS {
                continue;
            }
            if let Ok(dir) = tmp.open_dir(&entry.name)
                && let Ok(gate) = dir.open(OsStr::new(GATE_LOCK), crate::fs::Access::Write)
                && !matches!(gate.try_lock(), Ok(true))
            {
                continue;
            }
            let _ = remove_tree(tmp, &entry.name, entry.kind);
        }
    }
}

/// Refuses a name at which there is a stream or a file.
fn refuse_taken(path: &StreamPath, parent: &dyn Directory) -> Result<(), StoreError> {
    let name = OsStr::new(path.name());
    let stat = match parent.stat_entry(name) {
        Ok(stat) => stat,
        Err(error) if super::layout::is_missing(&error) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if stat.kind != Kind::Directory {
        return Err(StoreError::NameTaken { stream: path.clone(), by: "a file" });
    }
    let dir = match parent.open_dir(name) {
        Ok(dir) => dir,
        Err(error) if is_closed(&error) => {
            let by = "a directory that does not let this user in";
            return Err(StoreError::NameTaken { stream: path.clone(), by });
        }
        Err(error) => return Err(error.into()),
    };
    if is_stream(dir.as_ref())? {
        return Err(StoreError::StreamExists { stream: path.clone() });
    }
    Ok(())
}
