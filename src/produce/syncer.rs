//! The thread that makes written batches durable while the next ones are being written.

use crate::log::LogError;

use super::error::ProduceError;
use super::handoff::{Handoff, Unsynced};
use super::report::AckListener;
use super::writer::wait;

/// Syncs until all that was written is durable and the writer has ended, or something fails.
pub(super) fn run(handoff: &Handoff, mut listener: Option<AckListener>) {
    let mut from = 0;
    while let Some((partition, mut unsynced)) = next(handoff, &mut from) {
        let outcome = match &unsynced.point {
            Some(point) => point.sync(),
            None => Ok(()),
        };
        match outcome {
            Ok(()) => acknowledge(handoff, listener.as_mut(), &mut unsynced),
            Err(source) => refuse(handoff, partition, source, &unsynced),
        }
    }
}

/// Takes what is unsynced in the next partition, in turns.
fn next(handoff: &Handoff, from: &mut usize) -> Option<(u32, Unsynced)> {
    let mut state = handoff.lock();
    loop {
        let partitions = state.unsynced.len();
        let found = (0..partitions)
            .map(|step| (*from + step) % partitions)
            .find(|index| state.unsynced[*index].point.is_some());
        if let Some(index) = found {
            *from = index + 1;
            return Some((index as u32, std::mem::take(&mut state.unsynced[index])));
        }
        if state.written {
            return None;
        }
        state = wait(&handoff.for_syncer, state);
    }
}

fn acknowledge(handoff: &Handoff, listener: Option<&mut AckListener>, unsynced: &mut Unsynced) {
    if let Some(listener) = listener {
        for acknowledged in &unsynced.batches {
            listener(acknowledged);
        }
    }
    let mut state = handoff.lock();
    state.totals.acknowledged_records += unsynced.records;
    state.unsynced_bytes -= unsynced.bytes;
    for acknowledged in unsynced.batches.drain(..) {
        state.give_buffer(acknowledged.batch.into_buffer());
    }
    handoff.for_writer.notify_one();
    handoff.wake_caller(&mut state);
}

fn refuse(handoff: &Handoff, partition: u32, source: LogError, unsynced: &Unsynced) {
    let mut state = handoff.lock();
    state.unsynced_bytes -= unsynced.bytes;
    handoff.fail(&mut state, ProduceError::Sync { partition, source });
}
