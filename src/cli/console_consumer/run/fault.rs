//! A record that the formatter could not print.

use crate::catalog::ObjectId;
use crate::cli::console_consumer::deserializer::Undecodable;
use crate::cli::failure::{Exit, Failure, printable};
use crate::consume::Position;

/// Which record it is, and why.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) topic_id: ObjectId,
    pub(super) partition: u32,
    pub(super) offset: i64,
    pub(super) error: Undecodable,
}

impl Fault {
    /// Says that it was skipped, in Kafka's words and where.
    pub(super) fn skipped(&self) -> String {
        printable(&format!("Error processing message, skipping this message: {}", self.place()))
    }

    /// Says that it ended the run.
    pub(super) fn failure(&self) -> Failure {
        Failure::message(
            Exit::Failed,
            format!("Unknown error when running consumer: {}", self.place()),
        )
        .with_hint("--skip-message-on-error goes on behind it")
    }

    /// Returns how far a group has come: not past this record, which a better command may print.
    pub(super) fn before(&self, at: Position) -> Position {
        let is_there = (at.topic_id, at.partition) == (self.topic_id, self.partition);
        if is_there && at.offset > self.offset {
            return Position { offset: self.offset, epoch: -1, ..at };
        }
        at
    }

    fn place(&self) -> String {
        format!("partition {}, offset {}: {}", self.partition, self.offset, self.error)
    }
}
