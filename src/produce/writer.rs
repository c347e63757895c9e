//! The thread that appends: everything waiting for one partition in one go.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::log::{Appended, Chore};
use crate::record::EncodedBatch;

use super::config::{Acks, ProducerConfig};
use super::error::ProduceError;
use super::handoff::{Handoff, State};
use super::outlet::Outlet;
use super::report::{AckListener, Acknowledged};
use super::syncer;

/// A buffer that grew past this many batches for one large message is not kept.
const BUFFER_BATCHES_MAX: usize = 4;

pub(super) struct Writer {
    pub(super) outlet: Outlet,
    pub(super) handoff: Arc<Handoff>,
    pub(super) config: ProducerConfig,
    /// Told of each batch; without acks=all by this thread, else by the syncer.
    pub(super) listener: Option<AckListener>,
    /// Whether buffers are used again.
    pub(super) keeps_buffers: bool,
}

impl Writer {
    /// Writes until the producer is closed and all is written, or something fails.
    pub(super) fn run(mut self) {
        let handoff = Arc::clone(&self.handoff);
        let syncs = self.config.acks == Acks::All;
        let reports = self.listener.is_some();
        let syncer = syncs.then(|| {
            let handoff = Arc::clone(&self.handoff);
            let listener = self.listener.take();
            thread::spawn(move || syncer::run(&handoff, listener))
        });
        let mut chores = Chores::default();
        let mut batches = Vec::new();
        while let Some((partition, bytes)) = self.next(&mut batches) {
            let outcome = self.outlet.append(partition, &mut batches);
            let (appended, error) = match outcome {
                Ok(appended) => (Some(appended), None),
                Err(refused) => (refused.stored.map(|stored| *stored), Some(refused.error)),
            };
            let stored = appended.as_ref().map_or(0, |appended| appended.placed.len());
            if !syncs {
                self.tell(partition, &mut batches, stored);
            }
            let mut state = handoff.lock();
            state.appending = None;
            state.waiting_bytes -= bytes;
            if let Some(appended) = appended {
                self.note_stored(&mut state, partition, &mut batches, appended, syncs && reports);
            }
            if let Some(source) = error {
                handoff.fail(&mut state, ProduceError::Append { partition, source });
            }
            if self.keeps_buffers {
                let largest = self.config.batch_bytes.saturating_mul(BUFFER_BATCHES_MAX);
                for batch in batches.drain(..) {
                    let buffer = batch.into_buffer();
                    if buffer.capacity() <= largest {
                        state.give_buffer(buffer);
                    }
                }
            }
            batches.clear();
            handoff.wake_caller(&mut state);
            drop(state);
            chores.add(self.outlet.take_chores(partition));
        }
        {
            let mut state = handoff.lock();
            state.written = true;
            handoff.for_syncer.notify_all();
            handoff.for_caller.notify_all();
        }
        if let Some(syncer) = syncer {
            // A panic there has been shown and counted by the hook.
            let _ = syncer.join();
        }
    }

    /// Waits for batches and for leave to write them. `None` at the end.
    fn next(&self, batches: &mut Vec<EncodedBatch>) -> Option<(u32, usize)> {
        let mut state = self.handoff.lock();
        while state.is_idle() && !state.closed && !state.failed {
            state.writer_sleeps = true;
            state = wait(&self.handoff.for_writer, state);
        }
        state.writer_sleeps = false;
        if state.failed {
            return None;
        }
        let partition = state.take_waiting(batches)?;
        let bytes = batches.iter().map(|batch| batch.bytes().len()).sum();
        let unacknowledged_bytes_max = self.config.unacknowledged_bytes_max;
        while state.unsynced_bytes > 0
            && state.unsynced_bytes + bytes > unacknowledged_bytes_max
            && !state.failed
        {
            state = wait(&self.handoff.for_writer, state);
        }
        if state.failed {
            return None;
        }
        state.appending = Some((partition, Instant::now()));
        Some((partition, bytes))
    }

    /// Tells the listener of the batches that were stored.
    fn tell(&mut self, partition: u32, batches: &mut Vec<EncodedBatch>, stored: usize) {
        let Some(listener) = self.listener.as_mut() else { return };
        let mut kept = Vec::with_capacity(batches.len());
        for (index, batch) in batches.drain(..).enumerate() {
            let batch = if index < stored {
                let acknowledged = Acknowledged { partition, batch };
                listener(&acknowledged);
                acknowledged.batch
            } else {
                batch
            };
            kept.push(batch);
        }
        *batches = kept;
    }

    /// Counts what is in the log, and leaves it to the syncer if it must be durable.
    fn note_stored(
        &self,
        state: &mut State,
        partition: u32,
        batches: &mut Vec<EncodedBatch>,
        appended: Appended,
        keeps_batches: bool,
    ) {
        let stored = appended.placed.len().min(batches.len());
        let records = records_in(&batches[..stored]);
        state.totals.stored_records += records;
        if self.config.acks != Acks::All {
            state.totals.acknowledged_records += records;
            return;
        }
        let bytes: usize = batches[..stored].iter().map(|batch| batch.bytes().len()).sum();
        state.unsynced_bytes += bytes;
        let unsynced = &mut state.unsynced[partition as usize];
        unsynced.point = Some(appended.sync);
        unsynced.records += records;
        unsynced.bytes += bytes;
        if keeps_batches {
            let batches = batches.drain(..stored);
            unsynced.batches.extend(batches.map(|batch| Acknowledged { partition, batch }));
        }
        self.handoff.for_syncer.notify_one();
    }
}

fn records_in(batches: &[EncodedBatch]) -> u64 {
    batches.iter().map(|batch| u64::from(batch.records().unsigned_abs())).sum()
}

/// Waits for a condition; a poisoned lock is taken as it is, as in [`Handoff::lock`].
pub(super) fn wait<'s>(
    condition: &std::sync::Condvar,
    state: std::sync::MutexGuard<'s, State>,
) -> std::sync::MutexGuard<'s, State> {
    condition.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Work that nobody waits for, on a thread that is made when there is some.
#[derive(Default)]
struct Chores {
    thread: Option<(Sender<Chore>, JoinHandle<()>)>,
}

impl Chores {
    fn add(&mut self, chores: Vec<Chore>) {
        for chore in chores {
            let (sender, _) = self.thread.get_or_insert_with(|| {
                let (sender, receiver) = channel::<Chore>();
                let thread = thread::spawn(move || {
                    for chore in receiver {
                        // A failed sync has set the flag that every append sees; a missing seal
                        // is written by the next `store check`.
                        let _ = chore.run();
                    }
                });
                (sender, thread)
            });
            let _ = sender.send(chore);
        }
    }
}
