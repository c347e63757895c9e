//! What a command line may name, read without a lock and without the index: for completion.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;

use crate::access::{Action, allows};
use crate::catalog::{ObjectId, StreamAttributes, TopicObject};
use crate::fs::{Dir, Kind};
use crate::log::{LogOptions, PartitionLog};
use crate::path::{StreamPath, Target};

use super::cursors::replayed;
use super::error::StoreError;
use super::home::Home;
use super::layout::{CURSORS, META, ONLY_PARTITION, STORE_DIR, TOPIC_DIR_NAME_BYTES, TOPICS};
use super::layout::{is_stream, open_dir_if_any, short_id_of, topic_dir_name_of};
use super::meta::MetaLog;
use super::retention::{Retention, valid};

/// Something in a directory of the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoreEntry {
    /// Its name in the directory.
    pub name: String,
    /// It is a stream, not a directory that may lead to some.
    pub is_stream: bool,
}

impl Home {
    /// Lists what is directly in a directory of the store and begins with `prefix`: streams, and
    /// directories above streams. `under` is the store itself if it is absent.
    ///
    /// Nothing is locked, made or changed, and no stream is opened. What may not be read is left
    /// out; what does not exist is empty, and so is a stream.
    ///
    /// # Errors
    /// The file system's, for the directory itself.
    pub fn entries(
        &self,
        under: Option<&StreamPath>,
        prefix: &str,
    ) -> Result<Vec<StoreEntry>, StoreError> {
        let Some(dir) = self.look_into(under)? else { return Ok(Vec::new()) };
        if under.is_some() && is_stream(dir.as_ref())? {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in dir.list()? {
            let Some(name) = entry.name.to_str() else { continue };
            if entry.kind != Kind::Directory
                || !name.starts_with(prefix)
                || name.starts_with(STORE_DIR)
            {
                continue;
            }
            let Ok(Some(inside)) = open_dir_if_any(dir.as_ref(), &entry.name) else { continue };
            let Ok(is_stream) = is_stream(inside.as_ref()) else { continue };
            found.push(StoreEntry { name: name.to_owned(), is_stream });
        }
        found.sort();
        Ok(found)
    }

    /// Lists the names of a stream's topics as their directories tell them, in order.
    ///
    /// Nothing is locked, made or changed. A stream that does not exist has none, and so has one of
    /// which the caller may not list them.
    ///
    /// # Errors
    /// The file system's; for names of more than 200 bytes, those of reading `meta`.
    pub fn topic_names(&self, stream: &StreamPath) -> Result<Vec<String>, StoreError> {
        let Some(dir) = self.look_into(Some(stream))? else { return Ok(Vec::new()) };
        let Some(topics) = open_dir_if_any(dir.as_ref(), OsStr::new(TOPICS))? else {
            return Ok(Vec::new());
        };
        if !self.may(Action::TopicList, &dir)? {
            return Ok(Vec::new());
        }
        let mut names = BTreeSet::new();
        for entry in topics.list()? {
            if short_id_of(&entry.name).is_none() {
                continue;
            }
            let Some((name, _)) = entry.name.to_str().and_then(|name| name.rsplit_once('~')) else {
                continue;
            };
            if name.len() >= TOPIC_DIR_NAME_BYTES {
                // The directory does not tell the whole name; the log does.
                let told = self.topics_of_meta(&dir)?.into_iter();
                let names: BTreeSet<String> = told.map(|topic| topic.name.to_string()).collect();
                return Ok(names.into_iter().collect());
            }
            names.insert(name.to_owned());
        }
        Ok(names.into_iter().collect())
    }

    /// Returns how many partitions a topic has, as `meta` says; `None` if there is no such topic, or
    /// the caller may not see it.
    ///
    /// Nothing is locked, made or changed.
    ///
    /// # Errors
    /// The file system's, or what keeps `meta` from being read.
    pub fn partition_count(&self, target: &Target) -> Result<Option<u32>, StoreError> {
        let Some(dir) = self.look_into(Some(&target.stream))? else { return Ok(None) };
        if !self.may(Action::TopicInfo, &dir)? {
            return Ok(None);
        }
        let topics = self.topics_of_meta(&dir)?;
        let found = topics.into_iter().find(|topic| topic.name == target.topic);
        Ok(found.map(|topic| topic.partitions))
    }

    /// Lists the groups that have a cursor in a topic of a stream, or settings, in order.
    ///
    /// Nothing is locked, made or changed. A stream that does not exist has none, and so has one of
    /// which the caller may not see the cursors.
    ///
    /// # Errors
    /// The file system's, or what keeps `meta` or `cursors` from being read.
    pub fn group_names(&self, stream: &StreamPath) -> Result<Vec<String>, StoreError> {
        let Some(dir) = self.look_into(Some(stream))? else { return Ok(Vec::new()) };
        let Some((parent, log)) = own_log_dir(&dir, CURSORS)? else { return Ok(Vec::new()) };
        let Some(attributes) = self.attributes_for(Action::CursorList, &dir)? else {
            return Ok(Vec::new());
        };
        let parents = vec![parent, dir.clone()];
        let options = LogOptions::default();
        let log = PartitionLog::new(log, parents, self.disk().boot_id(), options);
        let (_, table) = replayed(&log)?;
        let Some(topics) = open_dir_if_any(dir.as_ref(), OsStr::new(TOPICS))? else {
            return Ok(Vec::new());
        };
        // Cursors stay when their topic is deleted, and are not listed any more.
        let mut there = HashMap::new();
        let with_settings = table.groups().filter(|(_, state)| state.has_settings());
        let retention = Retention::of(&attributes);
        let now = self.context().clock.now();
        let mut groups: BTreeSet<String> = with_settings
            .filter(|(group, _)| retention.expired_since(&table, group, now).is_none())
            .map(|(group, _)| group.clone())
            .collect();
        for (id, cursor) in valid(&table, retention, now, |_| true) {
            let is_there = there.entry(id.topic_id).or_insert_with(|| {
                let name = topic_dir_name_of(&cursor.topic, id.topic_id);
                topics.stat_entry(&name).is_ok()
            });
            if *is_there {
                groups.insert(id.group);
            }
        }
        Ok(groups.into_iter().collect())
    }

    /// Whether the stream's expressions let the caller do `action`, as `meta` says.
    fn may(&self, action: Action, stream: &Dir) -> Result<bool, StoreError> {
        Ok(self.attributes_for(action, stream)?.is_some())
    }

    /// The stream's attributes, if its expressions let the caller do `action`, as `meta` says.
    fn attributes_for(
        &self,
        action: Action,
        stream: &Dir,
    ) -> Result<Option<StreamAttributes>, StoreError> {
        let Some(meta) = self.meta_of(stream)? else { return Ok(None) };
        let found = meta.newest_attributes()?;
        let caller = &self.context().caller;
        Ok(found.filter(|found| allows(action, &found.permissions(), caller).is_ok()))
    }

    /// Opens a directory of the store; `None` if it does not exist.
    fn look_into(&self, path: Option<&StreamPath>) -> Result<Option<Dir>, StoreError> {
        let Some(mut dir) = self.root()? else { return Ok(None) };
        for component in path.into_iter().flat_map(StreamPath::components) {
            let Some(next) = open_dir_if_any(dir.as_ref(), OsStr::new(component))? else {
                return Ok(None);
            };
            dir = next;
        }
        Ok(Some(dir))
    }

    /// The topics that `meta` tells of, in any order.
    fn topics_of_meta(&self, stream: &Dir) -> Result<Vec<TopicObject>, StoreError> {
        let Some(meta) = self.meta_of(stream)? else { return Ok(Vec::new()) };
        let mut topics = HashMap::<ObjectId, TopicObject>::new();
        for applied in meta.read_all()?.records {
            if let Some(topic) = applied.record.topic() {
                topics.insert(topic.id, topic.clone());
            } else if let Some(topic) = applied.record.deleted_topic() {
                topics.remove(&topic.id);
            }
        }
        Ok(topics.into_values().collect())
    }

    fn meta_of(&self, stream: &Dir) -> Result<Option<MetaLog>, StoreError> {
        let Some((parent, dir)) = own_log_dir(stream, META)? else { return Ok(None) };
        let parents = vec![parent, stream.clone()];
        // Nothing is created: the mode does not matter.
        Ok(Some(MetaLog::new(dir, parents, self.disk().boot_id(), 0o600)))
    }
}

/// The directory of a log of the stream itself, behind the one that it is in.
fn own_log_dir(stream: &Dir, name: &str) -> Result<Option<(Dir, Dir)>, StoreError> {
    let Some(parent) = open_dir_if_any(stream.as_ref(), OsStr::new(name))? else {
        return Ok(None);
    };
    let only = open_dir_if_any(parent.as_ref(), OsStr::new(ONLY_PARTITION))?;
    Ok(only.map(|only| (parent, only)))
}
