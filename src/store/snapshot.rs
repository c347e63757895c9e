//! Segments of `meta`: each after the first begins with a snapshot, so that old ones need not be
//! read.

use crate::catalog::{MetaRecord, SnapshotEnd, SnapshotItem};

use super::error::StoreError;
use super::layout::META_SEGMENT_BYTES;
use super::session::Session;

impl Session<'_> {
    /// Begins a new segment with a snapshot if the newest one has no room for `records`.
    pub(super) fn begin_segment_if_full(
        &mut self,
        records: &[MetaRecord],
        epoch: i32,
    ) -> Result<(), StoreError> {
        let more: usize = records.iter().map(|record| record.to_json().len() + 128).sum();
        let end = self.catalogue.meta().log().end()?;
        let limit = self.shared.meta_segment_bytes;
        if end.position + more as u64 <= limit {
            return Ok(());
        }
        let snapshot = self.snapshot()?;
        let bytes: usize = snapshot.iter().map(|record| record.to_json().len() + 128).sum();
        // A state that is larger than what it replaces saves nobody any reading.
        if bytes as u64 > end.position / 2 {
            return Ok(());
        }
        // Whatever a segment may hold when the first batch of the snapshot arrives, it is full.
        let parents = self.shared.meta_parents();
        let meta = self.catalogue.meta().ending_at(end.position, parents, self.shared.boot);
        let mut appender = meta.log().appender()?;
        meta.append(&mut appender, &snapshot, epoch, self.shared.context.clock.now().0)?;
        self.appender = self.catalogue.meta().log().appender()?;
        self.sync()?;
        self.publish()
    }

    /// Writes the snapshot again if whoever began the newest segment died before its end.
    pub(super) fn complete_snapshot(&mut self) -> Result<(), StoreError> {
        let meta = self.catalogue.meta().clone();
        let end = meta.log().end()?;
        let first = meta.log().start_offset()?;
        if end.segment_base == first || end.position == 0 {
            return Ok(());
        }
        let known = self.catalogue.snapshot_end(Some(&self.gate))?;
        if known.is_some_and(|at| at.segment_base >= end.segment_base) {
            return Ok(());
        }
        let snapshot = self.snapshot()?;
        let epoch = self.catalogue.epoch(Some(&self.gate))?.map(|row| row.epoch);
        match epoch {
            Some(epoch) if self.shared.is_here(&epoch)? => {
                let now = self.shared.context.clock.now().0;
                meta.append(&mut self.appender, &snapshot, epoch.epoch, now)?;
                self.sync()?;
                self.publish()
            }
            // Nothing is appended in an epoch that is over, and nothing comes before the snapshot.
            _ => self.raise_epoch_after(snapshot, 0).map(drop),
        }
    }

    /// The whole state as records, read from the log and not from the index.
    fn snapshot(&mut self) -> Result<Vec<MetaRecord>, StoreError> {
        self.catalogue.distrust(Some(&self.gate))?;
        let gate = Some(&self.gate);
        let stream = self.catalogue.stream(gate)?;
        let mut records = vec![MetaRecord::Snapshot(SnapshotItem::Identity(stream.identity))];
        if let Some(attributes) = stream.attributes {
            records.push(MetaRecord::Snapshot(SnapshotItem::Stream(Box::new(attributes))));
        }
        if let Some(row) = self.catalogue.epoch(gate)? {
            records.push(MetaRecord::Snapshot(SnapshotItem::Epoch(row.epoch)));
        }
        let topics = self.catalogue.topics(gate)?;
        let count = topics.len() as u64;
        records.extend(
            topics.into_iter().map(|row| MetaRecord::Snapshot(SnapshotItem::Topic(row.topic))),
        );
        records.push(MetaRecord::SnapshotEnd(SnapshotEnd { topics: count }));
        Ok(records)
    }
}

/// The size of the segments of `meta`, as tests may lower it.
pub(super) const SEGMENT_BYTES: u64 = META_SEGMENT_BYTES;
