//! Making the directories say what `meta` says, after somebody died between the two.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};

use crate::catalog::{MetaRecord, ObjectId, TopicObject};
use crate::fs::{Kind, Replace};

use super::error::StoreError;
use super::layout::{is_missing, remove_tree, short_id_of, topic_dir_name};
use super::session::Session;

impl Session<'_> {
    /// Makes the newest record of `meta` true on disk.
    pub(super) fn settle_newest(&mut self) -> Result<(), StoreError> {
        let Some(end) = self.catalogue.position()? else { return Ok(()) };
        let meta = self.catalogue.meta().clone();
        let newest = crate::catalog::RecordPosition {
            segment_base: end.segment_base,
            position_bytes: end.position_bytes,
            batch_crc: end.batch_crc,
            offset: end.next_offset - 1,
        };
        match meta.record_at(&newest)? {
            Some(record) => self.settle(&record),
            None => Ok(()),
        }
    }

    fn settle(&mut self, record: &MetaRecord) -> Result<(), StoreError> {
        // A snapshot tells of topics too, but changed nothing.
        if !matches!(record, MetaRecord::Operation(_)) {
            return Ok(());
        }
        if record.epoch().is_some() {
            // Whoever began the epoch may have died before comparing everything.
            return self.settle_all();
        }
        if let Some(topic) = record.topic() {
            return self.make_topic_dir(topic);
        }
        if let Some(topic) = record.deleted_topic() {
            self.move_to_trash(&topic_dir_name(topic), topic.id)?;
        }
        Ok(())
    }

    /// Makes a topic's directory unless it is there, maybe under the topic's older name.
    pub(super) fn make_topic_dir(&mut self, topic: &TopicObject) -> Result<(), StoreError> {
        let name = topic_dir_name(topic);
        let topics = &self.shared.topics;
        match topics.stat_entry(&name) {
            Ok(_) => return Ok(()),
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(error.into()),
        }
        let short = topic.id.short();
        let older =
            topics.list()?.into_iter().find(|entry| short_id_of(&entry.name) == Some(&short));
        match older {
            Some(older) => topics.rename(&older.name, topics.as_ref(), &name, Replace::Never)?,
            None => {
                topics.make_dir(&name, self.shared.dir_mode)?;
            }
        }
        Ok(())
    }

    /// Moves a deleted topic's directory out of `topics`, if it is still there.
    pub(super) fn move_to_trash(&mut self, name: &OsStr, id: ObjectId) -> Result<(), StoreError> {
        let trash = &self.shared.trash;
        let target = OsString::from(id.to_string());
        match self.shared.topics.rename(name, trash.as_ref(), &target, Replace::Never) {
            Err(error) if error.source.kind() == std::io::ErrorKind::AlreadyExists => {
                remove_tree(trash.as_ref(), &target, Kind::Directory)?;
                self.shared.topics.rename(name, trash.as_ref(), &target, Replace::Never)?;
                Ok(())
            }
            Err(error) if !is_missing(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Compares all of `topics` and `trash` with `meta`.
    ///
    /// A directory of which `meta` has never heard is left alone: `store check` reports it.
    pub(super) fn settle_all(&mut self) -> Result<(), StoreError> {
        let rows = self.catalogue.topics(Some(&self.gate))?;
        let mut there: HashMap<String, OsString> = HashMap::new();
        for entry in self.shared.topics.list()? {
            if let Some(short) = short_id_of(&entry.name) {
                there.insert(short.to_owned(), entry.name.clone());
            }
        }
        let trashed = self.shared.trash.list()?;
        for row in &rows {
            let short = row.topic.id.short();
            let name = topic_dir_name(&row.topic);
            match there.remove(&short) {
                Some(found) if found == name => {}
                Some(_) => self.make_topic_dir(&row.topic)?,
                None => {
                    let in_trash = OsString::from(row.topic.id.to_string());
                    if trashed.iter().any(|entry| entry.name == in_trash) {
                        let topics = self.shared.topics.as_ref();
                        self.shared.trash.rename(&in_trash, topics, &name, Replace::Never)?;
                    } else {
                        self.make_topic_dir(&row.topic)?;
                    }
                }
            }
        }
        for (short, name) in there {
            for (id, topic) in self.catalogue.deleted_topics(Some(&self.gate), &short)? {
                if name == super::layout::topic_dir_name_of(&topic, id) {
                    self.move_to_trash(&name, id)?;
                }
            }
        }
        Ok(())
    }
}
