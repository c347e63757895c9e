//! Sizes, bounds and counts of topics and partitions: for showing, not for deciding.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;

use crate::access::{Action, allows};
use crate::catalog::{ObjectId, TopicObject};
use crate::fs::{Dir, Kind};
use crate::log::{LogError, PartitionLog};
use crate::path::TopicName;
use crate::record::{BatchHeader, HEADER_BYTES, TimestampType};

use super::cursors::CursorFilter;
use super::cursors_summary::CursorSummary;
use super::error::StoreError;
use super::layout::{is_missing, open_dir_if_any, partition_of, topic_dir_name};
use super::points::{Totals, newest_valid, walk};
use super::stream::{Shared, Stream, StreamInfo};
use super::topic::Topic;

/// One topic in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSummary {
    /// Its name.
    pub name: TopicName,
    /// Its identity.
    pub id: ObjectId,
    /// How many partitions it has.
    pub partitions: u32,
    /// Whose clock stamps its messages; absent: as the stream says.
    pub timestamp_type: Option<TimestampType>,
    /// Bytes of its segments on disk.
    pub physical_bytes: u64,
    /// Bytes of its batches before compression.
    pub logical_bytes: u64,
    /// How many groups have a cursor in it.
    pub consumers: u64,
    /// How long the oldest message has waited that some group has not committed, in milliseconds.
    pub max_lag_ms: i64,
}

/// One partition of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionSummary {
    /// Its number.
    pub partition: u32,
    /// Bytes of its segments on disk.
    pub physical_bytes: u64,
    /// Bytes of its batches before compression.
    pub logical_bytes: u64,
    /// The first offset that can be read.
    pub start_offset: i64,
    /// The offset behind the last record.
    pub end_offset: i64,
    /// Timestamp of the first record, in milliseconds; `None` if there is none.
    pub min_timestamp: Option<i64>,
    /// Largest timestamp, in milliseconds; `None` if there is no record.
    pub max_timestamp: Option<i64>,
}

impl Stream {
    /// Returns the stream as a whole.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub fn info(&self) -> Result<StreamInfo, StoreError> {
        self.authorize(Action::StreamInfo)?;
        self.listed()
    }

    /// Returns the stream as a whole for a list of streams, which takes no permission: whoever
    /// can read the directories sees them.
    ///
    /// # Errors
    /// `StreamGone`, or the file system's.
    pub fn listed(&self) -> Result<StreamInfo, StoreError> {
        let attributes = self.attributes()?;
        let identity = self.identity()?;
        // Sizes only: cursors take a permission.
        let topics = self.summaries(&[])?;
        let shared = self.shared();
        let caller = &shared.context.caller;
        let shows_permissions =
            allows(Action::StreamInfoPermissions, &attributes.permissions(), caller).is_ok();
        let mut own_bytes = 0;
        for log in [shared.catalogue().meta().log().clone(), shared.cursors_log()] {
            own_bytes += segment_bytes(&log)?;
        }
        Ok(StreamInfo {
            identity,
            attributes,
            shows_permissions,
            topics: topics.len() as u64,
            physical_bytes: own_bytes
                + topics.iter().map(|topic| topic.physical_bytes).sum::<u64>(),
            logical_bytes: topics.iter().map(|topic| topic.logical_bytes).sum(),
        })
    }

    /// Lists the topics in the order of their names.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub fn topics(&self) -> Result<Vec<TopicSummary>, StoreError> {
        self.authorize(Action::TopicList)?;
        self.summaries(&self.cursor_summaries(&CursorFilter::default())?)
    }

    fn summaries(&self, cursors: &[CursorSummary]) -> Result<Vec<TopicSummary>, StoreError> {
        let shared = self.shared();
        let objects = self.objects()?;
        let mut read: HashMap<ObjectId, (HashSet<&str>, i64)> = HashMap::new();
        for cursor in cursors {
            let (groups, lag_ms) = read.entry(cursor.topic_id).or_default();
            groups.insert(&cursor.group);
            *lag_ms = cursor.numbers.lag_ms.max(*lag_ms);
        }
        let mut summaries = Vec::with_capacity(objects.len());
        for object in objects {
            let (physical_bytes, logical_bytes) = shared.topic_bytes(self, &object)?;
            let (groups, max_lag_ms) = read.remove(&object.id).unwrap_or_default();
            summaries.push(TopicSummary {
                name: object.name,
                id: object.id,
                partitions: object.partitions,
                timestamp_type: object.timestamp_type,
                physical_bytes,
                logical_bytes,
                consumers: groups.len() as u64,
                max_lag_ms,
            });
        }
        Ok(summaries)
    }

    /// Lists the topics as `meta` has them, in the order of their names, without their sizes.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub fn topic_objects(&self) -> Result<Vec<TopicObject>, StoreError> {
        self.authorize(Action::TopicList)?;
        self.objects()
    }

    pub(super) fn objects(&self) -> Result<Vec<TopicObject>, StoreError> {
        let shared = self.shared();
        let mut catalogue = shared.catalogue();
        catalogue.refresh(None).map_err(|error| shared.gone_if_missing(error))?;
        let rows = catalogue.topics(None)?;
        // Every topic has a directory: if the two disagree, somebody is changing them, or rows
        // of the index were lost.
        let mut there: HashMap<OsString, ()> =
            shared.topics.list()?.into_iter().map(|entry| (entry.name, ())).collect();
        let agree = rows.iter().all(|row| there.remove(&topic_dir_name(&row.topic)).is_some())
            && there.is_empty();
        let rows = if agree { rows } else { catalogue.doubted_topics()? };
        Ok(rows.into_iter().map(|row| row.topic).collect())
    }

    /// Describes each partition of a topic, written or not.
    ///
    /// # Errors
    /// `Denied`, `TopicNotFound`, `StreamGone`, or the file system's.
    pub fn partitions(&self, name: &TopicName) -> Result<Vec<PartitionSummary>, StoreError> {
        let topic = self.topic(name)?;
        (0..topic.partitions()).map(|partition| topic.partition_summary(partition)).collect()
    }
}

impl Topic {
    /// Describes one partition, written or not.
    ///
    /// # Errors
    /// The file system's.
    pub fn partition_summary(&self, partition: u32) -> Result<PartitionSummary, StoreError> {
        let mut summary = PartitionSummary {
            partition,
            physical_bytes: 0,
            logical_bytes: 0,
            start_offset: 0,
            end_offset: 0,
            min_timestamp: None,
            max_timestamp: None,
        };
        let Some(log) = self.partition_log(partition)? else { return Ok(summary) };
        let totals = self.totals(partition, &log)?;
        summary.physical_bytes = segment_bytes(&log)?;
        summary.logical_bytes = totals.logical_bytes;
        summary.start_offset = log.start_offset()?;
        summary.end_offset = log.end()?.next_offset;
        summary.min_timestamp = first_timestamp(&log)?;
        summary.max_timestamp = (totals.max_timestamp > i64::MIN).then_some(totals.max_timestamp);
        Ok(summary)
    }

    fn totals(&self, partition: u32, log: &PartitionLog) -> Result<Totals, StoreError> {
        let (last, _) = newest_valid(self, partition, log);
        let mut points = Vec::new();
        let totals = walk(log, last.as_ref(), &mut |point| points.push(point))?;
        if points.len() > 64 {
            self.shared.catalogue().add_points(self.object.id, partition, &points, None);
        }
        Ok(totals)
    }
}

impl Shared {
    /// Bytes of a topic on disk and before compression, looking only at what exists.
    fn topic_bytes(&self, stream: &Stream, object: &TopicObject) -> Result<(u64, u64), StoreError> {
        let name = topic_dir_name(object);
        // A directory with two links has no directories in it: nothing was written yet. File
        // systems that do not count say 1.
        if self.home.disk().is_real()
            && self.topics.stat_entry(&name).is_ok_and(|stat| stat.links == 2)
        {
            return Ok((0, 0));
        }
        let Some(dir) = open_dir_if_any(self.topics.as_ref(), &name)? else { return Ok((0, 0)) };
        let partitions = existing_partitions(&dir)?;
        if partitions.is_empty() {
            return Ok((0, 0));
        }
        let topic = Topic { shared: stream.shared().clone(), object: object.clone(), dir };
        let (mut physical_bytes, mut logical_bytes) = (0, 0);
        for partition in partitions {
            let Some(log) = topic.partition_log(partition)? else { continue };
            match topic.totals(partition, &log) {
                Ok(totals) => logical_bytes += totals.logical_bytes,
                Err(error) if is_vanished(&error) => continue,
                Err(error) => return Err(error),
            }
            physical_bytes += segment_bytes(&log)?;
        }
        Ok((physical_bytes, logical_bytes))
    }
}

fn existing_partitions(dir: &Dir) -> Result<Vec<u32>, StoreError> {
    let entries = match dir.list() {
        Ok(entries) => entries,
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let directories = entries.iter().filter(|entry| entry.kind == Kind::Directory);
    Ok(directories.filter_map(|entry| partition_of(&entry.name)).collect())
}

fn is_vanished(error: &StoreError) -> bool {
    match error {
        StoreError::File(error) => is_missing(error),
        StoreError::Log(LogError::Gone { .. } | LogError::NoSegment { .. }) => true,
        _ => false,
    }
}

fn segment_bytes(log: &PartitionLog) -> Result<u64, StoreError> {
    Ok(log.segments()?.iter().map(|segment| segment.size_bytes).sum())
}

/// The time of the first record: of the first batch's base, or of its append.
fn first_timestamp(log: &PartitionLog) -> Result<Option<i64>, StoreError> {
    let segments = log.segments()?;
    let Some(first) = segments.iter().find(|segment| segment.size_bytes > 0) else {
        return Ok(None);
    };
    let mut header = [0; HEADER_BYTES];
    let file = log.segment_file(first.base)?;
    if file.read_exact_at(&mut header, 0).is_err() {
        return Ok(None);
    }
    Ok(BatchHeader::parse(&header).ok().map(|header| match header.timestamp_type() {
        TimestampType::CreateTime => header.base_timestamp,
        TimestampType::LogAppendTime => header.max_timestamp,
    }))
}
