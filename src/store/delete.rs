//! Deleting topics and streams: frozen, recorded, moved away, reported; then the trash is emptied.

use std::ffi::{OsStr, OsString};

use crate::access::Action;
use crate::catalog::{Change, ObjectId, TopicObject};
use crate::fs::{Dir, Kind, Replace};
use crate::log::{LogError, PartitionLog};
use crate::path::{StreamPath, TopicName};

use super::error::StoreError;
use super::gate::Gate;
use super::home::Home;
use super::layout::{CURSORS, ONLY_PARTITION, TRASH, is_missing, open_dir_if_any, partition_of};
use super::layout::{remove_tree, topic_dir_name};
use super::session::Session;
use super::stream::{Shared, Stream};

impl Home {
    /// Returns the topics that would be deleted with a stream, in the order of their names; fails as
    /// the deletion would, and asks for no more rights than it.
    ///
    /// # Errors
    /// `StreamNotFound`, `NotRemovable`, `Closed`.
    pub fn plan_stream_deletion(&self, path: &StreamPath) -> Result<Vec<TopicName>, StoreError> {
        let stream = self.stream(path)?;
        stream.shared().authorize_removal()?;
        Ok(stream.objects()?.into_iter().map(|topic| topic.name).collect())
    }

    /// Deletes a stream with all its topics. Producers and consumers of it end with an error.
    ///
    /// No expression has a say in it: it takes the rights on directories that removing the
    /// stream's directory takes, and on its files.
    ///
    /// # Errors
    /// `StreamNotFound`, `NotRemovable`, `Closed`, `Busy`. Once the deletion is recorded, whoever comes next finishes it.
    pub fn delete_stream(&self, path: &StreamPath) -> Result<(), StoreError> {
        let stream = self.stream(path)?;
        let shared = stream.shared();
        shared.authorize_removal()?;
        let gone = |error| match error {
            StoreError::StreamGone { stream } => StoreError::StreamNotFound { stream },
            error => error,
        };
        let mut session = Session::enter(shared, self.context().lock_wait).map_err(gone)?;
        let before = session.attributes()?;
        session.epoch()?;
        let operation = ObjectId::random();
        let mut logs = vec![shared.cursors_log()];
        for entry in shared.topics.list()? {
            if let Some(dir) = open_dir_if_any(shared.topics.as_ref(), &entry.name)? {
                logs.extend(shared.partition_logs(&dir)?);
            }
        }
        freeze(&logs, operation)?;
        let change = Change::Stream { before: Some(Box::new(before)), after: None };
        if let Err(error) = session.record(operation, change) {
            // A record that is in the log counts, although its sync failed: the marks stay then.
            let refreshed = session.publish();
            if refreshed.is_ok() && session.attributes().is_ok() {
                thaw(&logs);
            }
            return Err(error);
        }
        // Last, for the record itself had to go in.
        session.catalogue.meta().log().freeze(*operation.bytes())?;
        finish_stream(shared, &session.gate)?;
        drop(session);
        shared.empty_home_trash();
        Ok(())
    }
}

impl Stream {
    /// Deletes a topic with all that is in it. Producers and consumers of it end with an error.
    ///
    /// # Errors
    /// `Denied`, `TopicNotFound`, `StreamGone`, `Busy`, `ReadOnly`. Once the deletion is recorded, whoever
    /// comes next finishes it.
    pub fn delete_topic(&self, name: &TopicName) -> Result<(), StoreError> {
        let shared = self.shared();
        shared.authorize(Action::TopicDelete)?;
        let mut session = Session::enter(shared, shared.context.lock_wait)?;
        let Some(row) = session.topic(name)? else {
            return Err(shared.topic_not_found(name));
        };
        session.epoch()?;
        let operation = ObjectId::random();
        let dir_name = topic_dir_name(&row.topic);
        let logs = match open_dir_if_any(shared.topics.as_ref(), &dir_name)? {
            Some(dir) => shared.partition_logs(&dir)?,
            None => Vec::new(),
        };
        freeze(&logs, operation)?;
        let change = Change::Topic { before: Some(row.topic.clone()), after: None };
        if let Err(error) = session.record(operation, change) {
            // A record that is in the log counts, although its sync failed: the marks stay then.
            let refreshed = session.publish();
            if refreshed.is_ok() && matches!(session.topic_by_id(row.topic.id), Ok(Some(_))) {
                thaw(&logs);
            }
            return Err(error);
        }
        session.move_to_trash(&dir_name, row.topic.id)?;
        session.publish()?;
        drop(session);
        shared.empty_trash();
        Ok(())
    }
}

/// Marks every log under its own lock: no append gets past the mark.
fn freeze(logs: &[PartitionLog], operation: ObjectId) -> Result<(), StoreError> {
    for (index, log) in logs.iter().enumerate() {
        match log.freeze(*operation.bytes()) {
            // A partition without a lock file takes no appends anyway.
            Ok(()) | Err(LogError::Gone { .. }) => {}
            Err(error) => {
                // Not the one that could not be locked: it would be waited for again.
                thaw(&logs[..index]);
                return Err(error.into());
            }
        }
    }
    Ok(())
}

/// Takes the marks away again; one that stays is taken away by the next appender.
fn thaw(logs: &[PartitionLog]) {
    for log in logs {
        let _ = log.thaw();
    }
}

/// Moves a stream whose deletion is recorded out of its place. The caller holds its gate.
pub(super) fn finish_stream(shared: &Shared, _gate: &Gate) -> Result<(), StoreError> {
    let name = OsStr::new(shared.path.name());
    let here = match shared.parent.stat_entry(name) {
        Ok(stat) => stat.id,
        Err(error) if is_missing(&error) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    // Another stream of this name: this one was moved away before.
    if here != shared.dir.id()? {
        return Ok(());
    }
    let Some(root) = shared.home.root()? else { return Ok(()) };
    let trash = shared.home.own_dir(root.as_ref(), TRASH)?;
    let target = OsString::from(ObjectId::random().to_string());
    match shared.parent.rename(name, trash.as_ref(), &target, Replace::Never) {
        Err(error) if !is_missing(&error) => return Err(error.into()),
        _ => {}
    }
    // The trash is emptied next. Were the emptying to reach the disk before the move, a power cut
    // would leave half a stream in its old place.
    trash.sync()?;
    Ok(shared.parent.sync()?)
}

impl Shared {
    /// The logs of the partitions that a topic's directory holds.
    pub(super) fn partition_logs(&self, dir: &Dir) -> Result<Vec<PartitionLog>, StoreError> {
        let mut logs = Vec::new();
        for entry in dir.list()? {
            if entry.kind != Kind::Directory || partition_of(&entry.name).is_none() {
                continue;
            }
            if let Some(partition) = open_dir_if_any(dir.as_ref(), &entry.name)? {
                logs.push(self.partition_log(partition, dir.clone()));
            }
        }
        Ok(logs)
    }

    /// Whether a deletion was recorded for a topic that an appender found frozen; if not, its
    /// mark is taken away.
    ///
    /// # Errors
    /// `TopicGone` if the topic is deleted; `Busy`.
    pub(super) fn resolve_frozen(
        &self,
        topic: &TopicObject,
        log: &PartitionLog,
    ) -> Result<(), StoreError> {
        // Whoever sets marks holds the gate until the deletion is over or dead.
        let mut session = Session::enter(self, self.context.lock_wait)?;
        if session.topic_by_id(topic.id)?.is_none() {
            return Err(StoreError::TopicGone { topic: topic.name.clone() });
        }
        Ok(log.thaw()?)
    }

    pub(super) fn cursors_log(&self) -> PartitionLog {
        let options = crate::log::LogOptions {
            // The segments follow one another where a commit says, each with a snapshot in front.
            segment_bytes: u64::MAX,
            file_mode: self.file_mode,
            lock_wait: Some(self.context.lock_wait),
            ..crate::log::LogOptions::default()
        };
        let parents = vec![self.cursors_parent.clone(), self.dir.clone()];
        PartitionLog::new(self.cursors.clone(), parents, self.boot, options)
    }

    /// Removes the deleted topics for good. Best effort: what stays is removed the next time.
    pub(super) fn empty_trash(&self) {
        for entry in self.trash.list().unwrap_or_default() {
            let _ = remove_tree(self.trash.as_ref(), &entry.name, entry.kind);
        }
    }

    /// Removes the deleted streams for good. Best effort: what stays is removed the next time.
    pub(super) fn empty_home_trash(&self) {
        let Ok(Some(root)) = self.home.root() else { return };
        let Ok(trash) = self.home.own_dir(root.as_ref(), TRASH) else { return };
        for entry in trash.list().unwrap_or_default() {
            let _ = remove_tree(trash.as_ref(), &entry.name, entry.kind);
        }
    }

    /// The directory of the only partition of a log of the stream itself.
    pub(super) fn log_dir(dir: &Dir, name: &str) -> Result<(Dir, Dir), StoreError> {
        let not_a_stream =
            |reason| StoreError::NotAStore { path: dir.path().to_path_buf(), reason };
        let reason = if name == CURSORS { "has no cursors log" } else { "has no meta log" };
        let Some(parent) = open_dir_if_any(dir.as_ref(), OsStr::new(name))? else {
            return Err(not_a_stream(reason));
        };
        let Some(only) = open_dir_if_any(parent.as_ref(), OsStr::new(ONLY_PARTITION))? else {
            return Err(not_a_stream(reason));
        };
        Ok((parent, only))
    }
}
