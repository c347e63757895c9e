//! One stream: what it is, and its topics.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::access::Action;
use crate::catalog::{Change, Identity, ObjectId, StreamAttributes, TopicObject};
use crate::fs::{Dir, Entry, FileId};
use crate::log::{LogOptions, PartitionLog};
use crate::path::{StreamPath, TopicName, check_partitions};
use crate::record::TimestampType;

use super::catalogue::Catalogue;
use super::context::Context;
use super::error::StoreError;
use super::home::Home;
use super::layout::{CURSORS, GATE_LOCK, META, TOPICS, TRASH, is_missing, open_dir_if_any};
use super::layout::{short_id_of, topic_dir_name};
use super::meta::MetaLog;
use super::session::Session;
use super::snapshot::SEGMENT_BYTES;
use super::topic::Topic;

/// What all handles of one stream in this process share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) home: Home,
    pub(super) context: Context,
    pub(super) path: StreamPath,
    pub(super) parent: Dir,
    pub(super) dir: Dir,
    pub(super) topics: Dir,
    pub(super) trash: Dir,
    pub(super) meta_parent: Dir,
    pub(super) cursors: Dir,
    pub(super) cursors_parent: Dir,
    pub(super) boot: Option<[u8; 16]>,
    pub(super) file_mode: u32,
    pub(super) dir_mode: u32,
    pub(super) meta_segment_bytes: u64,
    catalogue: Mutex<Catalogue>,
    appending_epoch: Mutex<Option<i32>>,
    granted: Mutex<Vec<Action>>,
}

/// An open stream. Cheap to clone; usable from several threads.
#[derive(Clone, Debug)]
pub struct Stream {
    shared: Arc<Shared>,
}

/// What can be chosen when a topic is created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopicOptions {
    /// How many partitions; absent: as the stream says.
    pub partitions: Option<u32>,
    /// Whose clock stamps messages; absent: as the stream says, also when that changes.
    pub timestamp_type: Option<TimestampType>,
}

/// A stream as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// What it is.
    pub identity: Identity,
    /// Its attributes.
    pub attributes: StreamAttributes,
    /// Whether the caller may see the five expressions among them.
    pub shows_permissions: bool,
    /// How many topics it has.
    pub topics: u64,
    /// Bytes of all its logs on disk.
    pub physical_bytes: u64,
    /// Bytes of its topics before compression.
    pub logical_bytes: u64,
}

impl Stream {
    pub(super) fn open(
        home: &Home,
        path: &StreamPath,
        parent: Dir,
        dir: Dir,
    ) -> Result<Self, StoreError> {
        Self::open_with(home, path, parent, dir, SEGMENT_BYTES)
    }

    pub(super) fn open_with(
        home: &Home,
        path: &StreamPath,
        parent: Dir,
        dir: Dir,
        meta_segment_bytes: u64,
    ) -> Result<Self, StoreError> {
        let boot = home.disk().boot_id();
        let (meta_parent, meta_dir) = Shared::log_dir(&dir, META)?;
        let (cursors_parent, cursors) = Shared::log_dir(&dir, CURSORS)?;
        let open = |name: &str| match open_dir_if_any(dir.as_ref(), OsStr::new(name))? {
            Some(opened) => Ok(opened),
            None => Err(StoreError::NotAStore {
                path: dir.path().to_path_buf(),
                reason: "lacks a directory that every stream has",
            }),
        };
        let (topics, trash) = (open(TOPICS)?, open(TRASH)?);
        let mode = dir.stat_entry(OsStr::new(GATE_LOCK))?.mode;
        let parents = vec![meta_parent.clone(), dir.clone()];
        let meta = MetaLog::new(meta_dir, parents, boot, mode);
        let is_real = home.disk().is_real();
        let mut catalogue = Catalogue::new(dir.clone(), topics.clone(), meta, is_real);
        catalogue.refresh(None)?;
        let row = catalogue.stream(None)?;
        let deleted = row.attributes.is_none();
        let shared = Shared {
            home: home.clone(),
            context: home.context().clone(),
            path: path.clone(),
            parent,
            topics,
            trash,
            meta_parent,
            cursors,
            cursors_parent,
            boot,
            file_mode: row.identity.file_mode,
            dir_mode: row.identity.dir_mode,
            meta_segment_bytes,
            catalogue: Mutex::new(catalogue),
            appending_epoch: Mutex::new(None),
            granted: Mutex::new(Vec::new()),
            dir,
        };
        if deleted {
            // Whoever deleted it died before moving it away; finishing is all that is left to do.
            let _ = Session::enter(&shared, shared.context.lock_wait);
            return Err(StoreError::StreamNotFound { stream: path.clone() });
        }
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The stream's path.
    pub fn path(&self) -> &StreamPath {
        &self.shared.path
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Returns the stream's attributes as they are now.
    ///
    /// # Errors
    /// `StreamGone`, or what keeps `meta` from being read.
    pub fn attributes(&self) -> Result<StreamAttributes, StoreError> {
        self.shared.attributes()
    }

    /// Returns the stream's identity.
    ///
    /// # Errors
    /// As `attributes`.
    pub fn identity(&self) -> Result<Identity, StoreError> {
        let mut catalogue = self.shared.catalogue();
        catalogue.refresh(None).map_err(|error| self.shared.gone_if_missing(error))?;
        Ok(catalogue.stream(None)?.identity)
    }

    /// Opens a topic, for whoever has any permission of the stream but copying; its `reader` and
    /// `writer` ask for more.
    ///
    /// # Errors
    /// `Denied`, `TopicNotFound`, `StreamGone`.
    pub fn topic(&self, name: &TopicName) -> Result<Topic, StoreError> {
        self.authorize(Action::TopicInfo)?;
        match self.find_topic(name)? {
            Some(topic) => Ok(topic),
            None => Err(self.shared.topic_not_found(name)),
        }
    }

    /// Opens a topic to produce to; creates it with the stream's defaults if there is none and the
    /// stream's `autocreate` says so.
    ///
    /// # Errors
    /// `AutocreateOff`, and as `create_topic`.
    pub fn topic_or_create(&self, name: &TopicName) -> Result<Topic, StoreError> {
        self.authorize(Action::TopicAutocreate)?;
        if let Some(topic) = self.find_topic(name)? {
            return Ok(topic);
        }
        if !self.attributes()?.autocreate {
            let stream = self.shared.path.clone();
            return Err(StoreError::AutocreateOff { stream, topic: name.clone() });
        }
        match self.make_topic(name, TopicOptions::default()) {
            // Somebody else was faster.
            Err(StoreError::TopicExists { .. }) => {
                self.find_topic(name)?.ok_or_else(|| self.shared.topic_not_found(name))
            }
            outcome => outcome,
        }
    }

    /// Creates a topic. Its partitions get their directories when they are first written.
    ///
    /// # Errors
    /// `Denied`, `TopicExists`, `Name` for the number of partitions, `StreamGone`, `Busy`,
    /// `ReadOnly`.
    pub fn create_topic(
        &self,
        name: &TopicName,
        options: TopicOptions,
    ) -> Result<Topic, StoreError> {
        self.authorize(Action::TopicCreate)?;
        self.make_topic(name, options)
    }

    fn make_topic(&self, name: &TopicName, options: TopicOptions) -> Result<Topic, StoreError> {
        let shared = &self.shared;
        if let Some(partitions) = options.partitions {
            check_partitions(partitions.into())?;
        }
        let mut session = Session::enter(shared, shared.context.lock_wait)?;
        let attributes = session.attributes()?;
        let entries = shared.topics.list()?;
        let gate = Some(&session.gate);
        let found = session.catalogue.topic_among(gate, name, || Ok(Cow::Borrowed(&entries)))?;
        if found.is_some() {
            let stream = shared.path.clone();
            return Err(StoreError::TopicExists { stream, topic: name.clone() });
        }
        let topic = TopicObject {
            id: unused_topic_id(&entries),
            name: name.clone(),
            partitions: check_partitions(
                options.partitions.unwrap_or(attributes.default_partitions).into(),
            )?,
            timestamp_type: options.timestamp_type,
            created_ms: shared.context.clock.now().0,
        };
        let change = Change::Topic { before: None, after: Some(topic.clone()) };
        session.record(ObjectId::random(), change)?;
        session.make_topic_dir(&topic)?;
        session.publish()?;
        drop(session);
        Topic::open(shared.clone(), topic)
    }

    fn find_topic(&self, name: &TopicName) -> Result<Option<Topic>, StoreError> {
        let found = {
            let mut catalogue = self.shared.catalogue();
            catalogue.refresh(None).map_err(|error| self.shared.gone_if_missing(error))?;
            catalogue.topic(None, name)?
        };
        let Some(row) = found else { return Ok(None) };
        Topic::open(self.shared.clone(), row.topic).map(Some)
    }
}

impl Shared {
    pub(super) fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        // A panic in another thread leaves nothing half-done here that a refresh does not find.
        self.catalogue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn attributes(&self) -> Result<StreamAttributes, StoreError> {
        let mut catalogue = self.catalogue();
        catalogue.refresh(None).map_err(|error| self.gone_if_missing(error))?;
        let row = catalogue.stream(None)?;
        row.attributes.ok_or_else(|| StoreError::StreamGone { stream: self.path.clone() })
    }

    pub(super) fn was_granted(&self, action: Action) -> bool {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).contains(&action)
    }

    pub(super) fn grant(&self, action: Action) {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).push(action);
    }

    pub(super) fn appending_epoch(&self) -> Option<i32> {
        *self.appending_epoch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_appending_epoch(&self, epoch: i32) {
        *self.appending_epoch.lock().unwrap_or_else(PoisonError::into_inner) = Some(epoch);
    }

    pub(super) fn forget_appending_epoch(&self) {
        *self.appending_epoch.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn gate_id(&self) -> Result<FileId, StoreError> {
        match self.dir.stat_entry(OsStr::new(GATE_LOCK)) {
            Ok(stat) => Ok(stat.id),
            Err(error) => Err(self.gone_if_missing(error.into())),
        }
    }

    /// Files of an open stream vanish only with the stream.
    pub(super) fn gone_if_missing(&self, error: StoreError) -> StoreError {
        let missing = match &error {
            StoreError::File(error) => is_missing(error),
            StoreError::Log(error) => matches!(
                error,
                crate::log::LogError::Gone { .. } | crate::log::LogError::NoSegment { .. }
            ),
            // What is left of `meta` while the trash is being emptied.
            StoreError::Damaged { .. } => true,
            _ => false,
        };
        let gate = self.dir.stat_entry(OsStr::new(GATE_LOCK));
        if missing && gate.is_err_and(|error| is_missing(&error)) {
            return StoreError::StreamGone { stream: self.path.clone() };
        }
        error
    }

    pub(super) fn topic_not_found(&self, name: &TopicName) -> StoreError {
        StoreError::TopicNotFound { stream: self.path.clone(), topic: name.clone() }
    }

    pub(super) fn meta_parents(&self) -> Vec<Dir> {
        vec![self.meta_parent.clone(), self.dir.clone()]
    }

    /// The log of a partition in a topic's directory.
    pub(super) fn partition_log(&self, partition: Dir, topic: Dir) -> PartitionLog {
        let options = LogOptions { file_mode: self.file_mode, ..LogOptions::default() };
        PartitionLog::new(partition, vec![topic, self.topics.clone()], self.boot, options)
    }

    pub(super) fn open_topic_dir(&self, topic: &TopicObject) -> Result<Option<Dir>, StoreError> {
        Ok(open_dir_if_any(self.topics.as_ref(), &topic_dir_name(topic))?)
    }
}

/// An identity whose digits no directory of a topic has.
fn unused_topic_id(entries: &[Entry]) -> ObjectId {
    loop {
        let id = ObjectId::random();
        let short = id.short();
        if entries.iter().all(|entry| short_id_of(&entry.name) != Some(&short)) {
            return id;
        }
    }
}
