//! Sending: records into batches on the caller's thread, batches to the writer's.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::record::{BatchEncoder, NewRecord};
use crate::store::{Stream, Topic};

use super::config::ProducerConfig;
use super::error::ProduceError;
use super::handoff::{Handoff, State};
use super::outlet::Outlet;
use super::partitioner::Partitioner;
use super::report::{AckListener, Totals};
use super::writer::Writer;

/// What a record takes besides its key, value and headers, at most, when it has no headers. Bytes.
const RECORD_OVERHEAD_BYTES: usize = 36;
/// What a header takes besides its key and value, at most. Bytes.
const HEADER_OVERHEAD_BYTES: usize = 10;
/// Open batches of all partitions together hold at most this. Bytes.
const OPEN_BYTES_MAX: usize = 16 << 20;
/// With more partitions, buffers of full size for each would take too much memory.
const PARTITIONS_WITH_KEPT_BUFFERS_MAX: u32 = 64;
/// How often a waiting caller looks whether the writer is stuck.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Sends records to one topic.
///
/// The caller encodes; a second thread appends; with acks=all a third one syncs. Batches of one
/// partition stay in order. Dropping a producer without [`Producer::finish`] leaves open batches
/// unwritten.
pub struct Producer {
    config: ProducerConfig,
    partitioner: Partitioner,
    encoders: Vec<BatchEncoder>,
    /// At least what the open batches hold. Bytes.
    open_bytes: usize,
    sent_records: u64,
    sent_bytes: u64,
    pub(super) keeps_buffers: bool,
    pub(super) handoff: Arc<Handoff>,
    topic: Topic,
    writer: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Producer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Producer").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Producer {
    /// Makes a producer to `topic`, which is in `stream`. `listener` hears of every acknowledged
    /// batch.
    #[must_use]
    pub fn new(
        stream: Stream,
        topic: Topic,
        config: ProducerConfig,
        listener: Option<AckListener>,
    ) -> Self {
        let partitions = topic.partitions();
        let handoff = Arc::new(Handoff::new(partitions));
        let keeps_buffers = partitions <= PARTITIONS_WITH_KEPT_BUFFERS_MAX;
        let writer = Writer {
            outlet: Outlet::new(stream, topic.clone()),
            handoff: Arc::clone(&handoff),
            config,
            listener,
            keeps_buffers,
        };
        Self {
            config,
            partitioner: Partitioner::new(partitions),
            encoders: std::iter::repeat_with(BatchEncoder::default)
                .take(partitions as usize)
                .collect(),
            open_bytes: 0,
            sent_records: 0,
            sent_bytes: 0,
            keeps_buffers,
            handoff,
            topic,
            writer: Some(thread::spawn(move || writer.run())),
        }
    }

    /// Takes a record with neither key nor headers.
    ///
    /// # Errors
    ///
    /// As [`Producer::send`].
    #[inline]
    pub fn send_value(&mut self, timestamp: i64, value: &[u8]) -> Result<(), ProduceError> {
        let record = NewRecord { timestamp, key: None, value: Some(value), headers: &[] };
        let partition = self.partitioner.sticky();
        self.push(partition, &record, value.len(), RECORD_OVERHEAD_BYTES)
    }

    /// Takes a record: for `partition`, else for the one that its key chooses, else for any. It
    /// waits in an open batch until that is full or [`Producer::flush`] is called.
    ///
    /// # Errors
    ///
    /// `MessageTooLarge` and `NoPartition` leave everything as it was. Anything else means that
    /// this record and perhaps earlier ones are not stored; nothing more is taken.
    pub fn send(
        &mut self,
        partition: Option<u32>,
        record: &NewRecord<'_>,
    ) -> Result<(), ProduceError> {
        let partitions = self.encoders.len() as u32;
        let partition = match (partition, record.key) {
            (Some(partition), _) if partition < partitions => partition,
            (Some(partition), _) => {
                return Err(ProduceError::NoPartition { partition, partitions });
            }
            (None, Some(key)) => self.partitioner.for_key(key),
            (None, None) => self.partitioner.sticky(),
        };
        let length = |bytes: Option<&[u8]>| bytes.map_or(0, <[u8]>::len);
        let headers = record.headers.iter().map(|(key, value)| key.len() + length(*value));
        let bytes = length(record.key) + length(record.value) + headers.sum::<usize>();
        let overhead = RECORD_OVERHEAD_BYTES + HEADER_OVERHEAD_BYTES * record.headers.len();
        self.push(partition, record, bytes, overhead)
    }

    #[inline(always)]
    fn push(
        &mut self,
        partition: u32,
        record: &NewRecord<'_>,
        bytes: usize,
        overhead_bytes: usize,
    ) -> Result<(), ProduceError> {
        let encoder = &mut self.encoders[partition as usize];
        if encoder.records() == 0
            || bytes > self.config.message_bytes_max
            || encoder.encoded_bytes() + bytes + overhead_bytes > self.config.batch_bytes
        {
            self.make_room(partition, bytes)?;
        }
        let encoder = &mut self.encoders[partition as usize];
        encoder.push(record);
        self.open_bytes += bytes + RECORD_OVERHEAD_BYTES;
        self.sent_records += 1;
        self.sent_bytes += bytes as u64;
        Ok(())
    }

    /// The record does not fit the open batch, or there is none: everything that is not looked at
    /// for every record is looked at here.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, partition: u32, bytes: usize) -> Result<(), ProduceError> {
        if bytes > self.config.message_bytes_max {
            return Err(ProduceError::MessageTooLarge {
                message_bytes: bytes,
                message_bytes_max: self.config.message_bytes_max,
            });
        }
        if self.encoders[partition as usize].records() > 0 {
            self.hand_over(partition)?;
        }
        if self.open_bytes > OPEN_BYTES_MAX {
            self.flush()?;
        }
        let mut state = self.handoff.lock();
        if state.failed {
            return Err(told(&mut state));
        }
        let buffer = state.take_buffer();
        drop(state);
        let buffer = buffer
            .or_else(|| self.keeps_buffers.then(|| Vec::with_capacity(self.config.batch_bytes)));
        if let Some(buffer) = buffer {
            self.encoders[partition as usize].reuse(buffer);
        }
        Ok(())
    }

    /// Hands every open batch over, so that it is written soon. Does not wait for that.
    ///
    /// # Errors
    ///
    /// As [`Producer::send`].
    pub fn flush(&mut self) -> Result<(), ProduceError> {
        for partition in 0..self.encoders.len() {
            if self.encoders[partition].records() > 0 {
                self.hand_over(partition as u32)?;
            }
        }
        self.open_bytes = 0;
        Ok(())
    }

    /// Ends the open batch of a partition and waits for a place for it.
    fn hand_over(&mut self, partition: u32) -> Result<(), ProduceError> {
        let batch = self.encoders[partition as usize].finish(self.config.compression);
        let bytes = batch.bytes().len();
        self.open_bytes = self.open_bytes.saturating_sub(bytes);
        self.partitioner.handed_over(partition, bytes, self.config.batch_bytes * 7 / 8);
        let most = self.config.in_flight_bytes_max;
        let handoff = Arc::clone(&self.handoff);
        let mut state = self
            .wait_until(|state| state.waiting_bytes == 0 || state.waiting_bytes + bytes <= most)?;
        state.push(partition, batch);
        if std::mem::take(&mut state.writer_sleeps) {
            handoff.for_writer.notify_one();
        }
        Ok(())
    }

    /// Waits until something is so, or the producer failed, or the writer is stuck.
    fn wait_until(
        &self,
        is_so: impl Fn(&State) -> bool,
    ) -> Result<std::sync::MutexGuard<'_, State>, ProduceError> {
        let mut state = self.handoff.lock();
        loop {
            if state.failed {
                return Err(told(&mut state));
            }
            if is_so(&state) {
                return Ok(state);
            }
            if let Some((partition, since)) = state.appending
                && since.elapsed() >= self.config.max_block
            {
                // Not this thread's to wait for any longer: the writer ends when it gets the lock.
                self.handoff.fail(&mut state, ProduceError::Stopped);
                drop(state);
                let holder = self.topic.writer(partition).ok().and_then(|it| it.lock_holder());
                let waited = since.elapsed();
                return Err(ProduceError::Busy { partition, holder, waited });
            }
            state.caller_sleeps = true;
            let time = LOOK_EVERY.min(self.config.max_block);
            state = match self.handoff.for_caller.wait_timeout(state, time) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    /// Waits until everything sent so far has reached the asked level of acks.
    ///
    /// # Errors
    ///
    /// As [`Producer::send`].
    pub fn wait(&mut self) -> Result<(), ProduceError> {
        self.flush()?;
        let sent_records = self.sent_records;
        self.wait_until(|state| state.totals.acknowledged_records >= sent_records).map(drop)
    }

    /// Returns what became of the records so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let state = self.handoff.lock();
        Totals { sent_records: self.sent_records, sent_bytes: self.sent_bytes, ..state.totals }
    }

    /// Writes what is open, waits for all acknowledgements, and ends the threads.
    ///
    /// Returns the totals in any case, and what went wrong if something did that was not told
    /// before.
    pub fn finish(mut self) -> (Totals, Result<(), ProduceError>) {
        let outcome = self.wait();
        {
            let mut state = self.handoff.lock();
            state.closed = true;
            self.handoff.for_writer.notify_all();
        }
        let stuck =
            matches!(outcome, Err(ProduceError::Busy { .. }))
                || self.handoff.lock().appending.is_some_and(|(_, since): (u32, Instant)| {
                    since.elapsed() >= self.config.max_block
                });
        if let Some(writer) = self.writer.take()
            && !stuck
        {
            // A panic there has been shown and counted by the hook.
            let _ = writer.join();
        }
        (self.totals(), outcome)
    }
}

/// The failure, the first time; later only that there was one.
fn told(state: &mut State) -> ProduceError {
    state.failure.take().unwrap_or(ProduceError::Stopped)
}
