//! The `meta` log: reading its records back, one or all of them, and appending to it.

use crate::catalog::{
    Applied, LogPosition, MetaError, MetaRecord, ObjectId, RecordPosition, StreamAttributes,
};
use crate::fs::Dir;
use crate::log::{
    AppendTime, Appender, BatchRun, Hint, LogEnd, LogError, LogOptions, PartitionLog,
};
use crate::record::{Batch, BatchHeader, Compression, EncodedBatch, HEADER_BYTES, Scratch};

use super::error::StoreError;
use super::own_log::{Pause, encode_pairs, newest_whole, read_on};

/// A record of `meta` is never larger than this; a header that says so is damaged. Bytes.
const BATCH_BYTES_LIMIT: usize = 64 << 20;

/// The name of a field that every record with a stream's attributes has.
const ATTRIBUTE: &str = "admin_perm";

/// The `meta` log of one stream.
#[derive(Clone, Debug)]
pub(super) struct MetaLog {
    log: PartitionLog,
}

/// What was read from `meta`.
#[derive(Debug)]
pub(super) struct MetaRead {
    /// The records, in order.
    pub(super) records: Vec<Applied>,
    /// Behind the last batch; `None` if there is none.
    pub(super) end: Option<LogPosition>,
    /// Stretches of the log that could not be read and were stepped over.
    pub(super) damaged: u64,
}

impl MetaLog {
    /// Describes the log in `dir`; `parents` hold the directory entries that lead to it.
    pub(super) fn new(dir: Dir, parents: Vec<Dir>, boot: Option<[u8; 16]>, file_mode: u32) -> Self {
        // The segments follow one another where `snapshot` says, not by themselves.
        let options = LogOptions { segment_bytes: u64::MAX, file_mode, ..LogOptions::default() };
        Self { log: PartitionLog::new(dir, parents, boot, options) }
    }

    pub(super) fn log(&self) -> &PartitionLog {
        &self.log
    }

    /// The same log, of which the segments end at `segment_bytes`.
    pub(super) fn ending_at(
        &self,
        segment_bytes: u64,
        parents: Vec<Dir>,
        boot: Option<[u8; 16]>,
    ) -> Self {
        let options = LogOptions { segment_bytes, ..self.log.options().clone() };
        Self { log: PartitionLog::new(self.log.dir().clone(), parents, boot, options) }
    }

    /// Reads the record that an index row names. `None` if it is not there as the row says: the
    /// row is not to be believed.
    pub(super) fn record_at(&self, at: &RecordPosition) -> Result<Option<MetaRecord>, StoreError> {
        let Some(bytes) = self.batch_at(at.segment_base, at.position_bytes)? else {
            return Ok(None);
        };
        let Ok(batch) = Batch::parse(&bytes) else { return Ok(None) };
        if batch.header().crc != at.batch_crc {
            return Ok(None);
        }
        let mut scratch = Scratch::new();
        let Ok(records) = batch.records(&mut scratch) else { return Ok(None) };
        for record in records.flatten() {
            if record.offset == at.offset {
                return self.decode(record.value.unwrap_or_default()).map(Some);
            }
        }
        Ok(None)
    }

    /// Reads everything behind `from`. `None` if the log does not continue there: what was read
    /// up to `from` was another log, or this one went back.
    pub(super) fn read_after(&self, from: &LogPosition) -> Result<Option<MetaRead>, StoreError> {
        let end = self.log.end()?;
        if end.next_offset < from.next_offset {
            return Ok(None);
        }
        let Some(header) = self.header_at(from.segment_base, from.position_bytes)? else {
            return Ok(None);
        };
        if header.crc != from.batch_crc || header.next_offset() != from.next_offset {
            return Ok(None);
        }
        let mut read = MetaRead { records: Vec::new(), end: None, damaged: 0 };
        if end.next_offset > from.next_offset {
            let hint = Hint {
                segment_base: from.segment_base,
                position: from.position_bytes,
                base_offset: header.base_offset,
            };
            self.read_into(&mut read, from.next_offset, Some(hint), Some(from.stream_id))?;
        }
        Ok(Some(read))
    }

    /// Reads the whole state: from the newest segment that begins with a whole snapshot.
    pub(super) fn read_all(&self) -> Result<MetaRead, StoreError> {
        let found = newest_whole(&self.log, |base| {
            let mut read = MetaRead { records: Vec::new(), end: None, damaged: 0 };
            self.read_into(&mut read, base, None, None)?;
            let whole = begins_whole(&read.records);
            Ok((read, whole))
        })?;
        Ok(found.unwrap_or(MetaRead { records: Vec::new(), end: None, damaged: 0 }))
    }

    /// Returns the stream's attributes, reading no more of the log's records than it must; `None` if
    /// the stream is deleted, or no record that can be read tells.
    pub(super) fn newest_attributes(&self) -> Result<Option<StreamAttributes>, StoreError> {
        let mut scratch = Scratch::new();
        // Every segment begins with the whole state, and what is in a later one is newer.
        for segment in self.log.segments()?.iter().rev().filter(|segment| segment.size_bytes > 0) {
            let mut found = None;
            let mut reader = self.log.reader();
            reader.seek(segment.base, None)?;
            let finder = memchr::memmem::Finder::new(ATTRIBUTE);
            let mut look = |value: &[u8]| {
                if let Ok(record) = self.decode(value)
                    && (record.attributes().is_some() || record.deletes_stream())
                {
                    found = Some(record.attributes().cloned());
                }
            };
            let mut look_into = |run: &BatchRun| {
                for batch in run.batches() {
                    let is_packed = batch.header().compression() != Compression::None;
                    if !is_packed && finder.find(batch.bytes()).is_none() {
                        continue;
                    }
                    let Ok(records) = batch.records(&mut scratch) else { continue };
                    records.flatten().filter_map(|record| record.value).for_each(&mut look);
                }
                Ok(())
            };
            while let Pause::Damaged | Pause::Trimmed =
                read_on(&mut reader, i64::MAX, &mut look_into)?
            {}
            if let Some(attributes) = found {
                return Ok(attributes);
            }
        }
        Ok(None)
    }

    /// Appends records, `epoch` stamped on their batches, and returns where the log ends then.
    /// Nothing is synced.
    pub(super) fn append(
        &self,
        appender: &mut Appender,
        records: &[MetaRecord],
        epoch: i32,
        time_ms: i64,
    ) -> Result<LogEnd, StoreError> {
        let mut batches = encode(records, time_ms);
        match appender.append(&mut batches, epoch, AppendTime::Create) {
            Ok(appended) => Ok(appended.sync.end()),
            Err(failure) => Err(failure.error.into()),
        }
    }

    /// Makes all that the log holds now durable. Takes the append lock, not the gate.
    pub(super) fn sync(&self, appender: &mut Appender) -> Result<(), StoreError> {
        loop {
            let end = self.log.end().map_err(|error| self.sync_error(error))?;
            // The epoch of the tail: a sync must not pretend that there was a newer one.
            match appender.sync_point(end.epoch).and_then(|point| point.sync()) {
                Ok(()) => return Ok(()),
                Err(LogError::StaleEpoch { .. }) => {}
                Err(error) => return Err(self.sync_error(error)),
            }
        }
    }

    fn sync_error(&self, error: LogError) -> StoreError {
        match error {
            LogError::SyncFailed { .. } => {
                StoreError::ReadOnly { path: self.log.dir().path().to_path_buf(), source: error }
            }
            error => error.into(),
        }
    }

    fn read_into(
        &self,
        read: &mut MetaRead,
        from: i64,
        hint: Option<Hint>,
        mut stream_id: Option<ObjectId>,
    ) -> Result<(), StoreError> {
        let mut reader = self.log.reader();
        reader.seek(from, hint)?;
        let mut scratch = Scratch::new();
        loop {
            let pause = read_on(&mut reader, i64::MAX, &mut |run| {
                let mut position = run.position;
                for batch in run.batches() {
                    let at = RecordPosition {
                        segment_base: run.segment_base,
                        position_bytes: position,
                        batch_crc: batch.header().crc,
                        offset: batch.header().base_offset,
                    };
                    position += batch.bytes().len() as u64;
                    self.read_batch(read, &batch, at, from, &mut scratch, &mut stream_id)?;
                }
                Ok(())
            })?;
            match pause {
                Pause::Damaged | Pause::Trimmed => read.damaged += 1,
                Pause::End | Pause::WentBack => return Ok(()),
            }
        }
    }

    fn read_batch(
        &self,
        read: &mut MetaRead,
        batch: &Batch<'_>,
        at: RecordPosition,
        from: i64,
        scratch: &mut Scratch,
        stream_id: &mut Option<ObjectId>,
    ) -> Result<(), StoreError> {
        if batch.header().last_offset() < from {
            return Ok(());
        }
        let records = batch.records(scratch).map_err(|error| self.damaged(&error.to_string()))?;
        for record in records {
            let record = record.map_err(|error| self.damaged(&error.to_string()))?;
            let offset = record.offset;
            let record = self.decode(record.value.unwrap_or_default())?;
            if let Some(identity) = record.identity() {
                *stream_id = Some(identity.stream_id);
            }
            if offset >= from {
                read.records.push(Applied { at: RecordPosition { offset, ..at }, record });
            }
        }
        if let Some(stream_id) = *stream_id {
            read.end = Some(LogPosition {
                stream_id,
                segment_base: at.segment_base,
                position_bytes: at.position_bytes,
                batch_crc: at.batch_crc,
                next_offset: batch.header().next_offset(),
            });
        }
        Ok(())
    }

    fn decode(&self, value: &[u8]) -> Result<MetaRecord, StoreError> {
        MetaRecord::from_json(value).map_err(|error| match error {
            MetaError::Newer { .. } => {
                StoreError::NewerFormat { path: self.log.dir().path().to_path_buf(), source: error }
            }
            error => self.damaged(&error.to_string()),
        })
    }

    fn damaged(&self, reason: &str) -> StoreError {
        StoreError::Damaged { path: self.log.dir().path().to_path_buf(), reason: reason.to_owned() }
    }

    fn header_at(&self, base: i64, position: u64) -> Result<Option<BatchHeader>, StoreError> {
        let Some(file) = self.segment(base)? else { return Ok(None) };
        let mut header = [0; HEADER_BYTES];
        if file.read_exact_at(&mut header, position).is_err() {
            return Ok(None);
        }
        Ok(BatchHeader::parse(&header).ok())
    }

    fn batch_at(&self, base: i64, position: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(header) = self.header_at(base, position)? else { return Ok(None) };
        let Some(file) = self.segment(base)? else { return Ok(None) };
        if header.total_bytes() > BATCH_BYTES_LIMIT {
            return Ok(None);
        }
        let mut bytes = vec![0; header.total_bytes()];
        Ok(file.read_exact_at(&mut bytes, position).is_ok().then_some(bytes))
    }

    fn segment(&self, base: i64) -> Result<Option<crate::fs::File>, StoreError> {
        match self.log.segment_file(base) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.io_kind() == Some(std::io::ErrorKind::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether records from the front of a segment hold a whole snapshot before any operation.
fn begins_whole(records: &[Applied]) -> bool {
    records
        .iter()
        .map(|applied| &applied.record)
        .take_while(|record| matches!(record, MetaRecord::Snapshot(_) | MetaRecord::SnapshotEnd(_)))
        .any(|record| matches!(record, MetaRecord::SnapshotEnd(_)))
}

/// Encodes records into as few batches as their size allows.
pub(super) fn encode(records: &[MetaRecord], time_ms: i64) -> Vec<EncodedBatch> {
    encode_pairs(records.iter().map(|record| (None, Some(record.to_json()))), time_ms)
}
