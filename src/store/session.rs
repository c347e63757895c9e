//! A change of the catalogue: the gate held, the index up to date, `meta` durable.

use std::sync::MutexGuard;
use std::time::Duration;

use crate::catalog::{Change, MetaRecord, ObjectId, Operation, StreamAttributes, TopicRow};
use crate::log::Appender;
use crate::path::TopicName;

use super::catalogue::Catalogue;
use super::error::{StoreError, StoreErrorKind};
use super::gate::Gate;
use super::stream::Shared;

/// The gate of one stream, entered.
///
/// - The newest record of `meta` was made true on disk before anything else.
/// - Everything that `meta` held on entering is durable.
/// - The gate opens when this is dropped.
pub(super) struct Session<'s> {
    pub(super) shared: &'s Shared,
    pub(super) catalogue: MutexGuard<'s, Catalogue>,
    pub(super) appender: Appender,
    pub(super) gate: Gate,
}

impl<'s> Session<'s> {
    /// Takes the gate, waiting for at most `wait`, and makes up for whoever died holding it.
    ///
    /// # Errors
    /// `Busy`; `StreamGone` if the stream's deletion is recorded (it is finished then);
    /// `ReadOnly` after a failed sync.
    pub(super) fn enter(shared: &'s Shared, wait: Duration) -> Result<Self, StoreError> {
        let gate = Gate::take(&shared.dir, wait).map_err(|error| shared.gone_if_missing(error))?;
        let mut catalogue = shared.catalogue();
        catalogue.refresh(Some(&gate)).map_err(|error| shared.gone_if_missing(error))?;
        if catalogue.stream(Some(&gate))?.attributes.is_none() {
            // Who may not finish it leaves it to somebody who may; the stream is gone all the same.
            match super::delete::finish_stream(shared, &gate) {
                Err(error) if error.kind() != StoreErrorKind::NotPermitted => return Err(error),
                _ => {}
            }
            return Err(StoreError::StreamGone { stream: shared.path.clone() });
        }
        let log = catalogue.meta().log().clone();
        // A deletion of the stream that froze `meta` and was not recorded did not take place.
        if log.frozen_by()?.is_some() {
            log.thaw()?;
        }
        let appender = log.appender()?;
        let mut session = Self { shared, catalogue, appender, gate };
        session.sync()?;
        session.settle_newest()?;
        session.complete_snapshot()?;
        Ok(session)
    }

    /// The attributes of the stream, verified.
    pub(super) fn attributes(&mut self) -> Result<StreamAttributes, StoreError> {
        let row = self.catalogue.stream(Some(&self.gate))?;
        row.attributes.ok_or_else(|| StoreError::StreamGone { stream: self.shared.path.clone() })
    }

    /// A topic by name, verified.
    pub(super) fn topic(&mut self, name: &TopicName) -> Result<Option<TopicRow>, StoreError> {
        self.catalogue.topic(Some(&self.gate), name)
    }

    /// A topic by identity, verified.
    pub(super) fn topic_by_id(&mut self, id: ObjectId) -> Result<Option<TopicRow>, StoreError> {
        self.catalogue.topic_by_id(Some(&self.gate), id)
    }

    /// Records a change: appended and durable when this returns, not yet true on disk.
    ///
    /// # Errors
    /// Nothing is recorded, or (`ReadOnly`) it is not known whether it is durable.
    pub(super) fn record(
        &mut self,
        operation_id: ObjectId,
        change: Change,
    ) -> Result<(), StoreError> {
        let epoch = self.epoch()?;
        let record = self.operation(operation_id, change);
        self.append(&[record], epoch)
    }

    pub(super) fn operation(&self, operation_id: ObjectId, change: Change) -> MetaRecord {
        let context = &self.shared.context;
        MetaRecord::Operation(Operation {
            operation_id,
            time_ms: context.clock.now().0,
            user: context.user(),
            command: context.command.clone(),
            change,
        })
    }

    /// Appends records, syncs them, and applies them to the index.
    pub(super) fn append(&mut self, records: &[MetaRecord], epoch: i32) -> Result<(), StoreError> {
        self.begin_segment_if_full(records, epoch)?;
        let meta = self.catalogue.meta().clone();
        let now = self.shared.context.clock.now().0;
        meta.append(&mut self.appender, records, epoch, now)?;
        self.sync()
    }

    pub(super) fn sync(&mut self) -> Result<(), StoreError> {
        let meta = self.catalogue.meta().clone();
        meta.sync(&mut self.appender)
    }

    /// Applies to the index what was recorded; the last step before the gate opens.
    pub(super) fn publish(&mut self) -> Result<(), StoreError> {
        self.catalogue.refresh(Some(&self.gate))
    }
}
