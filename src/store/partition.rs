//! Directories of partitions: found, or made under the gate when first written.

use std::ffi::OsString;
use std::io::ErrorKind;

use crate::fs::{Dir, Kind, Replace, temporary_name};
use crate::log::PartitionLog;

use super::error::StoreError;
use super::layout::{open_dir_if_any, remove_tree};
use super::session::Session;
use super::topic::Topic;

impl Topic {
    /// The log of a partition; `None` if nobody has written to it yet.
    pub(super) fn partition_log(&self, partition: u32) -> Result<Option<PartitionLog>, StoreError> {
        let name = OsString::from(partition.to_string());
        let found = open_dir_if_any(self.dir.as_ref(), &name)?;
        Ok(found.map(|dir| self.shared.partition_log(dir, self.dir.clone())))
    }

    /// The log of a partition, made if it is missing: whole under a temporary name, then renamed.
    ///
    /// # Errors
    /// `TopicGone`, `Busy`, or the file system's; something may be left under a temporary name.
    pub(super) fn make_partition(&self, partition: u32) -> Result<PartitionLog, StoreError> {
        let mut session = Session::enter(&self.shared, self.shared.context.lock_wait)?;
        if session.topic_by_id(self.object.id)?.is_none() {
            return Err(StoreError::TopicGone { topic: self.object.name.clone() });
        }
        if let Some(log) = self.partition_log(partition)? {
            return Ok(log);
        }
        self.remove_left_overs();
        let temporary = temporary_name();
        let dir = self.dir.make_dir(&temporary, self.shared.dir_mode)?;
        let made = self.fill_partition(&dir).and_then(|()| {
            let name = OsString::from(partition.to_string());
            match self.dir.rename(&temporary, self.dir.as_ref(), &name, Replace::Never) {
                Err(error) if error.source.kind() != ErrorKind::AlreadyExists => Err(error.into()),
                _ => Ok(()),
            }
        });
        if let Err(error) = made {
            let _ = remove_tree(self.dir.as_ref(), &temporary, Kind::Directory);
            return Err(error);
        }
        drop(session);
        match self.partition_log(partition)? {
            Some(log) => Ok(log),
            None => Err(StoreError::TopicGone { topic: self.object.name.clone() }),
        }
    }

    fn fill_partition(&self, dir: &Dir) -> Result<(), StoreError> {
        self.shared.partition_log(dir.clone(), self.dir.clone()).create(0)?;
        // Its name may reach the disk at any time after the rename; what it names must be there
        // then, for a partition without a lock file takes no appends.
        Ok(dir.sync()?)
    }

    /// Removes what dead makers left. Only a holder of the gate makes partitions: the caller.
    fn remove_left_overs(&self) {
        for entry in self.dir.list().unwrap_or_default() {
            if entry.name.to_str().is_some_and(|name| name.starts_with(".tmp-")) {
                let _ = remove_tree(self.dir.as_ref(), &entry.name, entry.kind);
            }
        }
    }
}
