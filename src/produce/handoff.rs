//! What the caller, the writer and the syncer of one producer share.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::log::SyncPoint;
use crate::record::EncodedBatch;

use super::error::ProduceError;
use super::report::{Acknowledged, Totals};

/// Batches on their way from the caller through the writer to the syncer, and buffers back.
#[derive(Debug, Default)]
pub(super) struct Handoff {
    state: Mutex<State>,
    /// Something to write, room to write it in, or the end.
    pub(super) for_writer: Condvar,
    /// Something to sync, or the end.
    pub(super) for_syncer: Condvar,
    /// Room for more, something acknowledged, or a failure.
    pub(super) for_caller: Condvar,
}

/// # Invariants
///
/// - A partition is in `order` exactly if it has `waiting` batches.
/// - `waiting_bytes` is what waits and what is being appended; `unsynced_bytes` what is in `unsynced`
///   and what is being synced.
#[derive(Debug, Default)]
pub(super) struct State {
    waiting: Vec<Vec<EncodedBatch>>,
    order: VecDeque<u32>,
    pub(super) waiting_bytes: usize,
    pub(super) unsynced: Vec<Unsynced>,
    pub(super) unsynced_bytes: usize,
    spare: Vec<Vec<u8>>,
    pub(super) totals: Totals,
    /// No more will be handed over.
    pub(super) closed: bool,
    /// The writer has ended: nothing more will be unsynced.
    pub(super) written: bool,
    /// Something failed: nothing more is taken, written or acknowledged.
    pub(super) failed: bool,
    /// Why, until it is told.
    pub(super) failure: Option<ProduceError>,
    /// The append under way: its partition and when it began.
    pub(super) appending: Option<(u32, Instant)>,
    /// The writer waits: it wants to be told of a batch.
    pub(super) writer_sleeps: bool,
    /// The caller waits: it wants to be told of anything.
    pub(super) caller_sleeps: bool,
}

/// What was written to one partition and is not yet durable.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    /// The newest end, which covers the earlier ones.
    pub(super) point: Option<SyncPoint>,
    pub(super) records: u64,
    pub(super) bytes: usize,
    /// The batches, if somebody wants to hear of them.
    pub(super) batches: Vec<Acknowledged>,
}

impl Handoff {
    pub(super) fn new(partitions: u32) -> Self {
        let handoff = Self::default();
        {
            let mut state = handoff.lock();
            state.waiting.resize_with(partitions as usize, Vec::new);
            state.unsynced.resize_with(partitions as usize, Unsynced::default);
        }
        handoff
    }

    /// A thread that panicked has ended the program anyway.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a failure, unless there was one, and lets everyone know.
    pub(super) fn fail(&self, state: &mut State, error: ProduceError) {
        if !state.failed {
            state.failed = true;
            state.failure = Some(error);
        }
        self.for_writer.notify_all();
        self.for_syncer.notify_all();
        self.for_caller.notify_all();
    }

    pub(super) fn wake_caller(&self, state: &mut State) {
        if std::mem::take(&mut state.caller_sleeps) {
            self.for_caller.notify_one();
        }
    }
}

impl State {
    pub(super) fn push(&mut self, partition: u32, batch: EncodedBatch) {
        self.waiting_bytes += batch.bytes().len();
        let waiting = &mut self.waiting[partition as usize];
        if waiting.is_empty() {
            self.order.push_back(partition);
        }
        waiting.push(batch);
    }

    /// Takes all that waits for the partition that has waited longest, into `batches`, which is
    /// empty and whose room is used again.
    pub(super) fn take_waiting(&mut self, batches: &mut Vec<EncodedBatch>) -> Option<u32> {
        let partition = self.order.pop_front()?;
        std::mem::swap(batches, &mut self.waiting[partition as usize]);
        Some(partition)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.order.is_empty()
    }

    pub(super) fn give_buffer(&mut self, buffer: Vec<u8>) {
        self.spare.push(buffer);
    }

    pub(super) fn take_buffer(&mut self) -> Option<Vec<u8>> {
        self.spare.pop()
    }
}
