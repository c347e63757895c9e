//! What the stream is and which topics it has: asked of the index, answered by the log.

use std::borrow::Cow;

use crate::catalog::{
    EpochRow, IndexError, IndexPoint, LogPosition, MetaRecord, ObjectId, Projection,
    RecordPosition, StreamRow, TopicRow,
};
use crate::fs::{Dir, Entry};
use crate::path::TopicName;

use super::error::StoreError;
use super::gate::Gate;
use super::generation::{Generation, build, open_newest, remove_older};
use super::layout::topic_dir_prefix;
use super::meta::MetaLog;

/// Where the index of this handle is.
#[derive(Debug)]
enum Index {
    /// Nowhere yet.
    Unopened,
    /// In a file that all processes share.
    Shared(Generation),
    /// In this process only: the store cannot be written, is simulated, or the gate was taken.
    Private(Projection),
}

/// The catalogue as one handle sees it.
#[derive(Debug)]
pub(super) struct Catalogue {
    dir: Dir,
    topics: Dir,
    is_real: bool,
    meta: MetaLog,
    index: Index,
    /// Generations up to this number were seen to be wrong.
    rejected: u64,
}

/// Why catching up did not work.
enum Behind {
    /// The index is of no use: build another.
    Unusable,
    Failed(StoreError),
}

impl From<IndexError> for Behind {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::UnsafeLibrary { .. } => Self::Failed(StoreError::Index(error)),
            _ => Self::Unusable,
        }
    }
}

impl From<StoreError> for Behind {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl Catalogue {
    pub(super) fn new(dir: Dir, topics: Dir, meta: MetaLog, is_real: bool) -> Self {
        Self { dir, topics, is_real, meta, index: Index::Unopened, rejected: 0 }
    }

    pub(super) fn meta(&self) -> &MetaLog {
        &self.meta
    }

    /// Brings the index up to the end of `meta`, in the shared file if the gate is held or free,
    /// else in memory.
    ///
    /// # Errors
    /// What keeps `meta` from being read; never the state of the index.
    pub(super) fn refresh(&mut self, gate: Option<&Gate>) -> Result<(), StoreError> {
        self.reopen(gate);
        match self.catch_up(gate) {
            Ok(()) => Ok(()),
            Err(Behind::Failed(error)) => Err(error),
            Err(Behind::Unusable) => self.renew(gate),
        }
    }

    /// Opens the newest generation if there is a better one than what is open.
    fn reopen(&mut self, gate: Option<&Gate>) {
        if !self.is_real {
            return;
        }
        let keep = match &self.index {
            Index::Unopened => false,
            Index::Shared(generation) => generation.is_current(&self.dir),
            // Who holds the gate can always bring the shared one up to date.
            Index::Private(_) => gate.is_none(),
        };
        if !keep {
            self.index = match open_newest(&self.dir) {
                Ok(generation) if generation.number > self.rejected => Index::Shared(generation),
                _ => Index::Unopened,
            };
        }
    }

    fn catch_up(&mut self, gate: Option<&Gate>) -> Result<(), Behind> {
        let projection = match &mut self.index {
            Index::Unopened => return Err(Behind::Unusable),
            Index::Private(projection) => {
                let Some(from) = projection.meta_position()? else { return Err(Behind::Unusable) };
                let Some(read) = self.meta.read_after(&from)? else {
                    return Err(Behind::Unusable);
                };
                if let Some(end) = read.end {
                    projection.apply(&read.records, &end)?;
                }
                return Ok(());
            }
            Index::Shared(generation) => &mut generation.projection,
        };
        let Some(from) = projection.meta_position()? else { return Err(Behind::Unusable) };
        let Some(read) = self.meta.read_after(&from)? else { return Err(Behind::Unusable) };
        if read.end.is_none() {
            return Ok(());
        }
        let own;
        let _gate = match gate {
            Some(gate) => gate,
            None => match Gate::take_if_free(&self.dir)? {
                Some(gate) => {
                    own = gate;
                    &own
                }
                None => return Err(Behind::Unusable),
            },
        };
        // Only now nobody else applies anything.
        let Some(from) = projection.meta_position()? else { return Err(Behind::Unusable) };
        let Some(read) = self.meta.read_after(&from)? else { return Err(Behind::Unusable) };
        if let Some(end) = read.end {
            projection.apply(&read.records, &end)?;
        }
        Ok(())
    }

    /// Computes the index again: a new generation if the gate is held or free, else in memory.
    fn renew(&mut self, gate: Option<&Gate>) -> Result<(), StoreError> {
        if let Index::Shared(generation) = &self.index {
            self.rejected = self.rejected.max(generation.number);
        }
        if self.is_real {
            let own = if gate.is_none() { Gate::take_if_free(&self.dir)? } else { None };
            if gate.is_some() || own.is_some() {
                // Another process may have done it before the gate was free.
                if own.is_some()
                    && let Ok(generation) = open_newest(&self.dir)
                    && generation.number > self.rejected
                {
                    self.index = Index::Shared(generation);
                    if self.catch_up(gate.or(own.as_ref())).is_ok() {
                        return Ok(());
                    }
                }
                self.index = Index::Unopened;
                let read = self.meta.read_all()?;
                let end = self.end_of(read.end)?;
                if let Ok(generation) = build(&self.dir, self.rejected, &read.records, &end) {
                    remove_older(&self.dir, generation.number);
                    self.index = Index::Shared(generation);
                    return Ok(());
                }
                return self.go_private(&read.records, &end);
            }
        }
        let read = self.meta.read_all()?;
        let end = self.end_of(read.end)?;
        self.go_private(&read.records, &end)
    }

    fn go_private(
        &mut self,
        records: &[crate::catalog::Applied],
        end: &LogPosition,
    ) -> Result<(), StoreError> {
        let mut projection = Projection::in_memory().map_err(StoreError::Index)?;
        projection.apply(records, end).map_err(StoreError::Index)?;
        self.index = Index::Private(projection);
        Ok(())
    }

    fn end_of(&self, end: Option<LogPosition>) -> Result<LogPosition, StoreError> {
        end.ok_or_else(|| StoreError::Damaged {
            path: self.meta.log().dir().path().to_path_buf(),
            reason: "it does not say what the stream is".to_owned(),
        })
    }

    /// Asks the index; one that cannot answer is computed again, in memory if need be.
    fn ask<T>(
        &mut self,
        gate: Option<&Gate>,
        question: impl Fn(&Projection) -> Result<T, IndexError>,
    ) -> Result<T, StoreError> {
        for _ in 0..2 {
            let answer = match &self.index {
                Index::Shared(generation) => question(&generation.projection),
                Index::Private(projection) => question(projection),
                Index::Unopened => Err(IndexError::Missing),
            };
            match answer {
                Ok(answer) => return Ok(answer),
                Err(_) => self.renew(gate)?,
            }
        }
        let read = self.meta.read_all()?;
        let end = self.end_of(read.end)?;
        self.go_private(&read.records, &end)?;
        match &self.index {
            Index::Private(projection) => question(projection).map_err(StoreError::Index),
            _ => Err(StoreError::Index(IndexError::Missing)),
        }
    }

    /// The rows of a shared index are only hints; those computed by this very process are not.
    fn must_verify(&self) -> bool {
        matches!(self.index, Index::Shared(_))
    }

    /// Reads a row's record back; if it is not there as the row says, the index is computed again
    /// and `false` returned: ask again.
    fn believes(
        &mut self,
        gate: Option<&Gate>,
        at: &RecordPosition,
        says: impl Fn(&MetaRecord) -> bool,
    ) -> Result<bool, StoreError> {
        if !self.must_verify() {
            return Ok(true);
        }
        if self.meta.record_at(at)?.is_some_and(|record| says(&record)) {
            return Ok(true);
        }
        self.renew(gate)?;
        Ok(false)
    }

    /// The stream and its attributes, verified.
    pub(super) fn stream(&mut self, gate: Option<&Gate>) -> Result<StreamRow, StoreError> {
        for _ in 0..3 {
            let Some(row) = self.ask(gate, Projection::stream)? else {
                self.renew(gate)?;
                continue;
            };
            let identity_at = row.identity_at;
            if !self
                .believes(gate, &identity_at, |record| record.identity() == Some(&row.identity))?
            {
                continue;
            }
            let Some(at) = row.at else { return Ok(row) };
            let matches = |record: &MetaRecord| match &row.attributes {
                Some(attributes) => record.attributes() == Some(attributes),
                None => record.deletes_stream(),
            };
            if self.believes(gate, &at, matches)? {
                return Ok(row);
            }
        }
        Err(self.unstable())
    }

    /// A topic by name, verified; that there is none is verified too.
    pub(super) fn topic(
        &mut self,
        gate: Option<&Gate>,
        name: &TopicName,
    ) -> Result<Option<TopicRow>, StoreError> {
        let topics = self.topics.clone();
        self.topic_among(gate, name, || Ok(Cow::Owned(topics.list()?)))
    }

    /// As `topic`, with the entries of `topics` from whoever has listed them anyway.
    pub(super) fn topic_among<'e>(
        &mut self,
        gate: Option<&Gate>,
        name: &TopicName,
        list: impl Fn() -> Result<Cow<'e, [Entry]>, StoreError>,
    ) -> Result<Option<TopicRow>, StoreError> {
        for _ in 0..3 {
            let row = self.ask(gate, |projection| projection.topic(name))?;
            let Some(row) = row else {
                if !self.must_verify() || !list()?.iter().any(|entry| may_be(entry, name)) {
                    return Ok(None);
                }
                // A directory of that name: the index forgot a topic, or the directory is of one
                // that is only just being made or deleted. The log knows.
                if self.truth()?.topic(name).map_err(StoreError::Index)?.is_none() {
                    return Ok(None);
                }
                self.renew(gate)?;
                continue;
            };
            let at = row.at;
            if self.believes(gate, &at, |record| record.topic() == Some(&row.topic))? {
                return Ok(Some(row));
            }
        }
        Err(self.unstable())
    }

    /// A topic by identity, verified; `None` once it is deleted.
    pub(super) fn topic_by_id(
        &mut self,
        gate: Option<&Gate>,
        id: ObjectId,
    ) -> Result<Option<TopicRow>, StoreError> {
        for _ in 0..3 {
            let row = self.ask(gate, |projection| projection.topic_by_id(id))?;
            let Some(row) = row else { return self.absent_by_id(id) };
            let at = row.at;
            if self.believes(gate, &at, |record| record.topic() == Some(&row.topic))? {
                return Ok(Some(row));
            }
        }
        Err(self.unstable())
    }

    /// That a topic is gone ends a producer or a reader: only the log may say so.
    fn absent_by_id(&mut self, id: ObjectId) -> Result<Option<TopicRow>, StoreError> {
        if !self.must_verify() {
            return Ok(None);
        }
        let read = self.meta.read_all()?;
        let mut found = None;
        for applied in read.records {
            if let Some(topic) = applied.record.topic().filter(|topic| topic.id == id) {
                found = Some(TopicRow { topic: topic.clone(), at: applied.at });
            } else if applied.record.deleted_topic().is_some_and(|topic| topic.id == id) {
                found = None;
            }
        }
        Ok(found)
    }

    /// All topics by name, as the index has them: for showing, not for deciding.
    pub(super) fn topics(&mut self, gate: Option<&Gate>) -> Result<Vec<TopicRow>, StoreError> {
        self.ask(gate, Projection::topics)
    }

    /// All topics by name, compared with the log: the caller has a reason to doubt the index.
    pub(super) fn doubted_topics(&mut self) -> Result<Vec<TopicRow>, StoreError> {
        let rows = self.ask(None, Projection::topics)?;
        if !self.must_verify() {
            return Ok(rows);
        }
        let truth = self.truth()?.topics().map_err(StoreError::Index)?;
        let same = |a: &TopicRow, b: &TopicRow| a.topic == b.topic;
        if rows.len() != truth.len() || !rows.iter().zip(&truth).all(|(a, b)| same(a, b)) {
            self.renew(None)?;
        }
        Ok(truth)
    }

    /// What the log says, without looking at the index at all.
    fn truth(&self) -> Result<Projection, StoreError> {
        let read = self.meta.read_all()?;
        let end = self.end_of(read.end)?;
        let mut truth = Projection::in_memory().map_err(StoreError::Index)?;
        truth.apply(&read.records, &end).map_err(StoreError::Index)?;
        Ok(truth)
    }

    /// Computes the index again from the log, for the caller has seen that it is wrong.
    pub(super) fn distrust(&mut self, gate: Option<&Gate>) -> Result<(), StoreError> {
        if self.must_verify() { self.renew(gate) } else { Ok(()) }
    }

    /// Names that the deletion of a topic with these digits freed.
    pub(super) fn deleted_topics(
        &mut self,
        gate: Option<&Gate>,
        short_id: &str,
    ) -> Result<Vec<(ObjectId, TopicName)>, StoreError> {
        let rows = self.ask(gate, |projection| projection.deleted_topic(short_id))?;
        Ok(rows.into_iter().map(|(id, name, _)| (id, name)).collect())
    }

    /// The newest epoch, verified.
    pub(super) fn epoch(&mut self, gate: Option<&Gate>) -> Result<Option<EpochRow>, StoreError> {
        for _ in 0..3 {
            let Some(row) = self.ask(gate, Projection::epoch)? else {
                // A stream begins with an epoch: the row was lost.
                if self.must_verify() {
                    self.renew(gate)?;
                    continue;
                }
                return Ok(None);
            };
            if self.believes(gate, &row.at, |record| record.epoch() == Some(&row.epoch))? {
                return Ok(Some(row));
            }
        }
        Err(self.unstable())
    }

    /// Where the newest whole snapshot of `meta` ends, verified.
    pub(super) fn snapshot_end(
        &mut self,
        gate: Option<&Gate>,
    ) -> Result<Option<RecordPosition>, StoreError> {
        let Some(at) = self.ask(gate, Projection::snapshot_end)? else { return Ok(None) };
        let is_end = |record: &MetaRecord| matches!(record, MetaRecord::SnapshotEnd(_));
        Ok(self.believes(gate, &at, is_end)?.then_some(at))
    }

    /// How far `meta` has been applied.
    pub(super) fn position(&mut self) -> Result<Option<LogPosition>, StoreError> {
        self.ask(None, Projection::meta_position)
    }

    /// Asks for index points; an index that cannot answer has none.
    pub(super) fn points<T: Default>(
        &self,
        question: impl Fn(&Projection) -> Result<T, IndexError>,
    ) -> T {
        match &self.index {
            Index::Shared(generation) => question(&generation.projection).unwrap_or_default(),
            Index::Private(projection) => question(projection).unwrap_or_default(),
            Index::Unopened => T::default(),
        }
    }

    /// Notes index points if the gate is free at once; whatever goes wrong, they are only lost.
    pub(super) fn add_points(
        &mut self,
        topic: ObjectId,
        partition: u32,
        points: &[IndexPoint],
        replacing_from: Option<i64>,
    ) {
        let (projection, _gate) = match &mut self.index {
            Index::Shared(generation) => {
                if !generation.is_current(&self.dir) {
                    return;
                }
                let Ok(Some(gate)) = Gate::take_if_free(&self.dir) else { return };
                (&mut generation.projection, Some(gate))
            }
            Index::Private(projection) => (projection, None),
            Index::Unopened => return,
        };
        if let Some(offset) = replacing_from
            && projection.forget_points_from(topic, partition, offset).is_err()
        {
            return;
        }
        let _ = projection.add_points(topic, partition, points);
    }

    fn unstable(&self) -> StoreError {
        StoreError::Damaged {
            path: self.meta.log().dir().path().to_path_buf(),
            reason: "its records contradict each other".to_owned(),
        }
    }
}

/// Whether an entry of `topics` may be the directory of a topic of this name.
fn may_be(entry: &Entry, name: &TopicName) -> bool {
    entry.name.as_encoded_bytes().starts_with(topic_dir_prefix(name).as_bytes())
}
