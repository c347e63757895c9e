//! The epoch: which life of the stream, on which boot of which machine, an append belongs to.

use crate::catalog::{Change, EpochObject, MetaRecord, ObjectId};
use crate::log::LogError;

use super::error::StoreError;
use super::session::Session;
use super::stream::Shared;

impl Shared {
    /// Returns the epoch to append with, once per process: raises it if the stream was copied, or
    /// if the machine was started since, and makes sure that `meta` is durable up to its record
    /// and up to every record that this process has seen.
    ///
    /// # Errors
    /// `Busy`, `StreamGone`, `ReadOnly`, or the file system's; nothing may be appended.
    pub(super) fn epoch_for_appending(&self) -> Result<i32, StoreError> {
        if let Some(epoch) = self.appending_epoch() {
            return Ok(epoch);
        }
        let current = {
            let mut catalogue = self.catalogue();
            catalogue.refresh(None)?;
            catalogue.epoch(None)?.map(|row| row.epoch)
        };
        let epoch = match current {
            Some(epoch) if self.is_here(&epoch)? => {
                self.make_meta_durable()?;
                epoch.epoch
            }
            _ => {
                let mut session = Session::enter(self, self.context.lock_wait)?;
                let epoch = session.epoch()?;
                session.publish()?;
                epoch
            }
        };
        self.set_appending_epoch(epoch);
        Ok(epoch)
    }

    /// Reads `meta` again because a log holds batches of `tail_epoch`, and returns an epoch that
    /// is not below it.
    pub(super) fn epoch_after_stale(&self, tail_epoch: i32) -> Result<i32, StoreError> {
        self.forget_appending_epoch();
        let epoch = self.epoch_for_appending()?;
        if epoch >= tail_epoch {
            return Ok(epoch);
        }
        // The log knows of an epoch that `meta` has lost.
        let mut session = Session::enter(self, self.context.lock_wait)?;
        let epoch = session.raise_epoch(tail_epoch)?;
        session.publish()?;
        self.set_appending_epoch(epoch);
        Ok(epoch)
    }

    /// Whether an epoch was begun on this boot and for this very directory.
    pub(super) fn is_here(&self, epoch: &EpochObject) -> Result<bool, StoreError> {
        let gate = self.gate_id()?;
        Ok(epoch.boot_id.is_some()
            && epoch.boot_id == self.boot.map(ObjectId::from_bytes)
            && (epoch.device, epoch.inode) == (gate.device, gate.inode))
    }

    fn make_meta_durable(&self) -> Result<(), StoreError> {
        let meta = self.catalogue().meta().clone();
        let end = meta.log().end()?;
        if meta.log().is_durable(&end)? && !meta.log().sync_has_failed()? {
            return Ok(());
        }
        let outcome = meta.log().appender().map_err(StoreError::from);
        match outcome.and_then(|mut appender| meta.sync(&mut appender)) {
            // A deletion of the stream is under way, or died: whoever takes the gate knows.
            Err(StoreError::Log(LogError::Frozen { .. })) => {
                Session::enter(self, self.context.lock_wait).map(drop)
            }
            outcome => outcome,
        }
    }
}

impl Session<'_> {
    /// Returns the epoch of this boot and directory, beginning it if need be.
    pub(super) fn epoch(&mut self) -> Result<i32, StoreError> {
        let row = self.catalogue.epoch(Some(&self.gate))?;
        if let Some(row) = row {
            let begun_by_us = self.shared.appending_epoch() == Some(row.epoch.epoch);
            if begun_by_us || self.shared.is_here(&row.epoch)? {
                return Ok(row.epoch.epoch);
            }
        }
        self.raise_epoch(0)
    }

    /// Begins a new epoch above all others and above `floor`, and compares the directories with
    /// `meta`: after a power cut or a copy they may be of another time than it is.
    pub(super) fn raise_epoch(&mut self, floor: i32) -> Result<i32, StoreError> {
        self.raise_epoch_after(Vec::new(), floor)
    }

    /// As `raise_epoch`, with `records` in front of the epoch's own, in the same append.
    pub(super) fn raise_epoch_after(
        &mut self,
        mut records: Vec<MetaRecord>,
        floor: i32,
    ) -> Result<i32, StoreError> {
        let before = self.catalogue.epoch(Some(&self.gate))?.map(|row| row.epoch);
        let tail = self.catalogue.meta().log().end()?.epoch;
        let highest = before.map_or(0, |before| before.epoch).max(tail).max(floor);
        let id = self.gate.id();
        let after = EpochObject {
            epoch: highest.saturating_add(1),
            boot_id: self.shared.boot.map(ObjectId::from_bytes),
            device: id.device,
            inode: id.inode,
        };
        records.push(self.operation(ObjectId::random(), Change::Epoch { before, after }));
        self.append(&records, after.epoch)?;
        self.publish()?;
        self.settle_all()?;
        self.shared.set_appending_epoch(after.epoch);
        Ok(after.epoch)
    }
}
