//! The cursors of a stream: read from its `cursors` log, and changed under that log's own lock.
//!
//! Neither the gate nor the index is needed for a commit. The log goes on in a new segment that
//! begins with a snapshot as soon as it has grown enough; what was before is then removed.

use std::sync::Arc;

use crate::access::Action;
use crate::catalog::{Cursor, CursorId, CursorRecord, MetaError, ObjectId};
use crate::log::{Appended, Appender, BatchRun, LogEnd, LogError, PartitionLog, Plan, Reader};
use crate::path::{TopicName, check_group};
use crate::record::{Batch, Scratch};

use super::cursors_sync::CursorSyncer;
use super::cursors_table::CursorTable;
use super::error::StoreError;
use super::layout::{CURSORS_SEGMENT_BYTES, is_missing};
use super::own_log::{Pause, encode_pairs, newest_whole, read_on_with};
use super::retention::{Retention, valid};
use super::session::Session;
use super::stream::{Shared, Stream};

/// How often a change is tried again after something was put right.
const ATTEMPTS: u32 = 5;
/// How often the log is read anew because segments are removed meanwhile.
const REPLAYS: u32 = 8;

/// When what was appended becomes durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitSync {
    /// Before the call returns.
    Now,
    /// Within a second, from another thread, or when the cursors are closed.
    Soon,
}

/// A cursor to be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Which one.
    pub id: CursorId,
    /// The topic's name.
    pub topic: TopicName,
    /// The offset of the next record to be read.
    pub offset: i64,
    /// Epoch of the batch before it; −1 if there is none.
    pub epoch: i32,
    /// What to remember with it.
    pub metadata: String,
}

/// Which cursors; what is absent matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CursorFilter {
    /// Those of this group.
    pub group: Option<String>,
    /// Those in the topic of this identity.
    pub topic: Option<ObjectId>,
    /// Those in this partition.
    pub partition: Option<u32>,
}

impl CursorFilter {
    /// Whether a cursor is one of them.
    pub fn matches(&self, id: &CursorId) -> bool {
        self.group.as_ref().is_none_or(|group| *group == id.group)
            && self.topic.is_none_or(|topic| topic == id.topic_id)
            && self.partition.is_none_or(|partition| partition == id.partition)
    }
}

/// The cursors of one stream. Each handle has its own view of the log and catches up by itself.
#[derive(Debug)]
pub struct Cursors {
    pub(super) shared: Arc<Shared>,
    pub(super) log: PartitionLog,
    reader: Reader,
    run: BatchRun,
    pub(super) table: CursorTable,
    appender: Option<Appender>,
    syncer: CursorSyncer,
    /// The newest end that this handle appended up to.
    appended: Option<LogEnd>,
    segment_bytes: u64,
    /// How long groups without members keep their cursors, as of when these were opened.
    pub(super) retention: Retention,
    /// What is appended now forgets groups already.
    is_forgetting: bool,
}

impl Stream {
    /// Opens the stream's cursors as they are now.
    ///
    /// # Errors
    /// `StreamGone`, `NewerFormat`, or what keeps the log from being read.
    pub fn cursors(&self) -> Result<Cursors, StoreError> {
        Cursors::open(self.shared().clone(), CURSORS_SEGMENT_BYTES)
    }
}

impl Cursors {
    pub(super) fn open(shared: Arc<Shared>, segment_bytes: u64) -> Result<Self, StoreError> {
        let log = shared.cursors_log();
        let retention = Retention::of(&shared.attributes()?);
        let mut cursors = Self {
            reader: log.reader(),
            run: BatchRun::default(),
            log,
            table: CursorTable::default(),
            appender: None,
            syncer: CursorSyncer::default(),
            appended: None,
            segment_bytes,
            retention,
            is_forgetting: false,
            shared,
        };
        cursors.replay()?;
        Ok(cursors)
    }

    /// Reads what was committed since.
    ///
    /// # Errors
    /// As `Stream::cursors`.
    pub fn refresh(&mut self) -> Result<(), StoreError> {
        self.catch_up(i64::MAX)
    }

    /// Returns the cursors that `filter` matches, in the order of group, topic and partition, as of
    /// when they were last read. Expired ones are none.
    pub fn list(&self, filter: &CursorFilter) -> Vec<(CursorId, Cursor)> {
        self.valid(|id| filter.matches(id))
    }

    /// Returns one cursor, as of when it was last read, unless it is expired.
    pub(super) fn cursor(&self, id: &CursorId) -> Option<Cursor> {
        let expired = || self.retention.expired_since(&self.table, &id.group, self.now());
        self.table.get(id).filter(|_| expired().is_none()).cloned()
    }

    /// Returns a group's cursors, as of when they were last read.
    pub fn fetch(&self, group: &str) -> Vec<(CursorId, Cursor)> {
        self.list(&CursorFilter { group: Some(group.to_owned()), ..CursorFilter::default() })
    }

    /// How many stretches of the log could not be read and were stepped over.
    pub fn damaged(&self) -> u64 {
        self.table.damaged
    }

    /// Commits cursors, all of them or none unless the disk is full.
    ///
    /// # Errors
    /// `Name` for a group's id, `StreamGone`, `Busy`; `Log(SyncFailed)` also if a sync in the
    /// background failed.
    pub fn commit(&mut self, commits: &[Commit], sync: CommitSync) -> Result<(), StoreError> {
        self.change(commits, sync, |_, _| Ok(true))
    }

    /// As `commit`, if `check` agrees under the lock, where nobody joins or leaves meanwhile; if it
    /// says `false`, nothing is committed.
    pub(super) fn change(
        &mut self,
        commits: &[Commit],
        sync: CommitSync,
        mut check: impl FnMut(&Shared, &CursorTable) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        for commit in commits {
            check_group(&commit.id.group)?;
        }
        let shared = self.shared.clone();
        let (retention, now) = (self.retention, self.now());
        self.append(sync, |table| {
            if !check(&shared, table)? {
                return Ok(Vec::new());
            }
            let mut records = Vec::with_capacity(commits.len());
            let mut group = None;
            for commit in commits {
                // What is expired does not come back with a new commit.
                if group != Some(&commit.id.group)
                    && retention.expired_since(table, &commit.id.group, now).is_some()
                {
                    records.extend(table.ending(&commit.id.group));
                }
                group = Some(&commit.id.group);
                records.push(commit.record(now.0));
            }
            Ok(records)
        })
    }

    /// Deletes the cursors that `filter` matches and returns them.
    ///
    /// # Errors
    /// As `commit`; nothing is deleted then.
    pub fn delete(&mut self, filter: &CursorFilter) -> Result<Vec<(CursorId, Cursor)>, StoreError> {
        self.shared.authorize(Action::CursorDelete)?;
        self.delete_if(|id| filter.matches(id), || Ok(()))
    }

    /// Deletes the cursors that are meant and returns those that were not expired, if `check` agrees
    /// under the lock, where nobody joins or leaves meanwhile.
    pub(super) fn delete_if(
        &mut self,
        is_meant: impl Fn(&CursorId) -> bool,
        mut check: impl FnMut() -> Result<(), StoreError>,
    ) -> Result<Vec<(CursorId, Cursor)>, StoreError> {
        let mut deleted = Vec::new();
        let (retention, now) = (self.retention, self.now());
        self.append(CommitSync::Now, |table| {
            check()?;
            deleted = valid(table, retention, now, &is_meant);
            let all = table.iter().map(|(id, _)| id).filter(|id| is_meant(id));
            Ok(all.cloned().map(CursorRecord::Deleted).collect())
        })?;
        self.refresh()?;
        Ok(deleted)
    }

    /// Makes durable what was committed, and tidies up behind it.
    ///
    /// # Errors
    /// `Log(SyncFailed)`: it is not known whether the last commits are durable.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.finish()
    }

    /// As [`Cursors::close`], for who cannot give them away.
    ///
    /// # Errors
    /// As [`Cursors::close`].
    pub fn finish(&mut self) -> Result<(), StoreError> {
        self.syncer.close()?;
        if let Some(end) = self.appended {
            self.remove_older(&end);
        }
        Ok(())
    }

    /// Appends what `decide` says under the log's lock, with everything read that was appended
    /// before.
    pub(super) fn append(
        &mut self,
        sync: CommitSync,
        mut decide: impl FnMut(&CursorTable) -> Result<Vec<CursorRecord>, StoreError>,
    ) -> Result<(), StoreError> {
        self.syncer.check()?;
        let mut refused = None;
        for _ in 0..ATTEMPTS {
            let epoch = self.shared.epoch_for_appending().map_err(|error| self.gone(error))?;
            let mut appender = match self.appender.take() {
                Some(appender) => appender,
                None => self.log.appender().map_err(|error| self.gone(error.into()))?,
            };
            let mut snapshot = false;
            let outcome = appender.append_decided(epoch, |end| {
                self.catch_up(end.next_offset)?;
                let records = decide(&self.table)?;
                Ok(self.plan(&end, &records, &mut snapshot))
            });
            appender.take_chores();
            match outcome {
                Ok(appended) => {
                    self.appender = Some(appender);
                    return appended
                        .map_or(Ok(()), |appended| self.after_append(&appended, sync, snapshot));
                }
                Err(error @ StoreError::Log(LogError::StaleEpoch { tail_epoch, .. })) => {
                    self.shared.epoch_after_stale(tail_epoch)?;
                    refused = Some(error);
                }
                Err(error @ StoreError::Log(LogError::Frozen { .. })) => {
                    self.resolve_frozen()?;
                    refused = Some(error);
                }
                Err(error) => return Err(self.gone(error)),
            }
        }
        match refused {
            Some(error) => Err(error),
            None => unreachable!("every attempt but the last was refused"),
        }
    }

    /// What is to be appended behind `end`: the records, behind a snapshot if it is time for one.
    fn plan(&self, end: &LogEnd, records: &[CursorRecord], snapshot: &mut bool) -> Option<Plan> {
        if records.is_empty() {
            return None;
        }
        let time_ms = self.shared.context.clock.now().0;
        let encode = |records: &[CursorRecord]| {
            let pairs = records.iter().map(CursorRecord::to_json);
            encode_pairs(pairs.map(|(key, value)| (Some(key), value)), time_ms)
        };
        let batches = encode(records);
        let more: usize = batches.iter().map(|batch| batch.bytes().len()).sum();
        // A state that is larger than what it replaces saves nobody any reading.
        let full = self.segment_bytes.max(self.table.snapshot_bytes().saturating_mul(2));
        let new_segment = end.position > 0 && end.position + more as u64 > full;
        *snapshot = new_segment || self.table.wants_snapshot(end.segment_base);
        let mut all = if *snapshot { encode(&self.table.snapshot()) } else { Vec::new() };
        all.extend(batches);
        Some(Plan { new_segment, batches: all })
    }

    fn after_append(
        &mut self,
        appended: &Appended,
        sync: CommitSync,
        snapshot: bool,
    ) -> Result<(), StoreError> {
        let end = appended.sync.end();
        self.appended = Some(end);
        if snapshot || sync == CommitSync::Now {
            appended.sync.sync()?;
        } else {
            self.syncer.sync_soon(appended.sync.clone())?;
        }
        if snapshot {
            // What cannot be removed now is removed by a later one.
            let _ = self.log.remove_segments_below(&end);
            if !self.is_forgetting {
                self.is_forgetting = true;
                // So are groups: what was asked for is done.
                let _ = self.forget_expired();
                self.is_forgetting = false;
            }
        }
        Ok(())
    }

    /// Removes what whoever began the segment could not remove any more.
    fn remove_older(&self, end: &LogEnd) {
        let several = self.log.segments().is_ok_and(|segments| segments.len() > 1);
        if several && self.table.is_whole(end.segment_base) {
            let _ = self.log.remove_segments_below(end);
        }
    }

    /// A deletion of the stream is under way, or died: whoever takes the gate knows.
    fn resolve_frozen(&self) -> Result<(), StoreError> {
        let session = Session::enter(&self.shared, self.shared.context.lock_wait)?;
        self.log.thaw()?;
        drop(session);
        Ok(())
    }

    /// Reads on until everything below `until` is in the table, or to the end.
    fn catch_up(&mut self, until: i64) -> Result<(), StoreError> {
        if until != i64::MAX && self.reader.offset() > until {
            return self.replay();
        }
        while self.reader.offset() < until {
            match read_into(&mut self.run, &mut self.reader, &mut self.table, until) {
                Ok(Pause::Damaged) => self.table.damaged += 1,
                Ok(Pause::End) if until == i64::MAX || self.reader.offset() >= until => break,
                // Not where the reader was: segments were removed, or the log went back.
                Ok(Pause::End | Pause::Trimmed | Pause::WentBack) => return self.replay(),
                Err(error) if is_moving(&error) => return self.replay(),
                Err(error) => return Err(self.gone(error)),
            }
        }
        Ok(())
    }

    /// Reads everything anew. Segments may be removed meanwhile: then once more.
    fn replay(&mut self) -> Result<(), StoreError> {
        let mut last = None;
        for _ in 0..REPLAYS {
            match replayed(&self.log) {
                Ok((reader, table)) => {
                    (self.reader, self.table) = (reader, table);
                    return Ok(());
                }
                Err(error) if is_moving(&error) => last = Some(error),
                Err(error) => return Err(self.gone(error)),
            }
        }
        match last {
            Some(error) => Err(self.gone(error)),
            None => unreachable!("there was at least one attempt"),
        }
    }

    fn gone(&self, error: StoreError) -> StoreError {
        self.shared.gone_if_missing(error)
    }
}

impl Drop for Cursors {
    fn drop(&mut self) {
        // Whoever wanted to know has called `close`.
        let _ = self.syncer.close();
    }
}

impl Commit {
    pub(super) fn record(&self, time_ms: i64) -> CursorRecord {
        let cursor = Cursor {
            topic: self.topic.clone(),
            offset: self.offset,
            epoch: self.epoch,
            metadata: self.metadata.clone(),
            time_ms,
        };
        CursorRecord::Committed(self.id.clone(), cursor)
    }
}

/// The cursors of a log, and a reader behind what was read of them.
pub(super) fn replayed(log: &PartitionLog) -> Result<(Reader, CursorTable), StoreError> {
    let found = newest_whole(log, |base| {
        let mut table = CursorTable::default();
        let mut reader = log.reader();
        let mut run = BatchRun::default();
        reader.seek(base, None)?;
        loop {
            match read_into(&mut run, &mut reader, &mut table, i64::MAX)? {
                Pause::End => break,
                Pause::Damaged => table.damaged += 1,
                Pause::Trimmed | Pause::WentBack => {
                    let directory = log.dir().path().to_path_buf();
                    return Err(LogError::Gone { directory }.into());
                }
            }
        }
        let whole = table.is_whole(base);
        Ok(((reader, table), whole))
    })?;
    if let Some(found) = found {
        return Ok(found);
    }
    let mut reader = log.reader();
    reader.seek(log.start_offset()?, None)?;
    Ok((reader, CursorTable::default()))
}

/// Files that were there a moment ago: a segment was removed while it was looked for.
fn is_moving(error: &StoreError) -> bool {
    match error {
        StoreError::File(error) => is_missing(error),
        StoreError::Log(LogError::Gone { .. } | LogError::OffsetOutOfRange { .. }) => true,
        _ => false,
    }
}

fn read_into(
    run: &mut BatchRun,
    reader: &mut Reader,
    table: &mut CursorTable,
    until: i64,
) -> Result<Pause, StoreError> {
    let mut scratch = Scratch::new();
    let path = reader.log().dir().path().to_path_buf();
    let damaged = |reason: String| StoreError::Damaged { path: path.clone(), reason };
    read_on_with(run, reader, until, &mut |run| {
        for batch in run.batches() {
            apply_batch(table, run.segment_base, &batch, &mut scratch).map_err(
                |error| match error {
                    Unusable::Record(source @ MetaError::Newer { .. }) => {
                        StoreError::NewerFormat { path: path.clone(), source }
                    }
                    Unusable::Record(error) => damaged(error.to_string()),
                    Unusable::Batch(reason) => damaged(reason),
                },
            )?;
        }
        Ok(())
    })
}

/// Why a whole batch cannot be used.
enum Unusable {
    Record(MetaError),
    Batch(String),
}

fn apply_batch(
    table: &mut CursorTable,
    base: i64,
    batch: &Batch<'_>,
    scratch: &mut Scratch,
) -> Result<(), Unusable> {
    let records = batch.records(scratch).map_err(|error| Unusable::Batch(error.to_string()))?;
    for record in records {
        let record = record.map_err(|error| Unusable::Batch(error.to_string()))?;
        let key = record.key.unwrap_or_default();
        let record = CursorRecord::from_json(key, record.value).map_err(Unusable::Record)?;
        table.apply(base, record);
    }
    Ok(())
}
