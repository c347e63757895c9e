//! Reading for a group: starting at its cursors, and committing what was printed.

use std::time::{Duration, Instant};

use crate::cli::console_consumer::properties::GroupOptions;
use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;
use crate::consume::{Position, Start};
use crate::group::{GroupConfig, GroupError, Membership, Reset};
use crate::store::{StoreError, Stream, Topic};

/// A membership, and what may be committed for it.
pub(super) struct Grouped {
    membership: Membership,
    commit_every: Option<Duration>,
    last_commit: Instant,
    /// How far the records are with the kernel.
    flushed: Vec<Position>,
}

impl Grouped {
    /// Joins the group and tells what became of its cursors.
    pub(super) fn join(
        options: &GroupOptions,
        stream: &Stream,
        topic: &Topic,
        session: &Session,
    ) -> Result<Self, Failure> {
        let config = GroupConfig {
            group: options.id.clone(),
            client: options.client.clone(),
            pid: std::process::id(),
            reset: options.reset,
            now: session.environment.clock.now().0,
        };
        let mut membership = Membership::join(stream, topic, config).map_err(failure_of)?;
        for news in membership.take_news() {
            session.terminal.note(&format!("{}: {news}", session.name));
        }
        Ok(Self {
            membership,
            commit_every: options.commit_every,
            last_commit: Instant::now(),
            flushed: Vec::new(),
        })
    }

    /// Returns where to start in a partition.
    pub(super) fn start(&self, partition: u32) -> Start {
        match (self.membership.cursor(partition), self.membership.reset()) {
            (Some(offset), _) => Start::Offset(offset),
            (None, Reset::Earliest) => Start::Beginning,
            (None, Reset::Time(time)) => Start::Time(time),
            (None, Reset::Latest | Reset::None) => Start::End,
        }
    }

    /// Remembers that everything before these positions is with the kernel.
    pub(super) fn flushed(&mut self, positions: impl Iterator<Item = Position>) {
        self.flushed.clear();
        self.flushed.extend(positions);
    }

    /// True once it is time to commit.
    pub(super) fn is_due(&self) -> bool {
        self.commit_every.is_some_and(|every| self.last_commit.elapsed() >= every)
    }

    /// Returns how long until it is time to commit; `None` if there is nothing to commit.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let every = self.commit_every?;
        let is_new = |at: &Position| self.membership.is_new(at.partition, at.offset);
        let left = every.saturating_sub(self.last_commit.elapsed());
        self.flushed.iter().any(is_new).then(|| left.max(Duration::from_millis(1)))
    }

    /// Commits what is with the kernel.
    pub(super) fn commit(&mut self) -> Result<(), Failure> {
        let positions = self.flushed.iter().map(|at| (at.partition, at.offset, at.epoch));
        self.membership.commit(positions).map_err(failure_of)?;
        self.last_commit = Instant::now();
        Ok(())
    }

    /// Commits a last time, unless the topic is gone, and leaves.
    pub(super) fn leave(mut self, topic_is_gone: bool) -> Result<(), Failure> {
        let committed = match self.commit_every {
            Some(_) if !topic_is_gone => self.commit(),
            _ => Ok(()),
        };
        let left = self.membership.leave().map_err(failure_of);
        committed.and(left)
    }
}

fn failure_of(error: GroupError) -> Failure {
    match error {
        GroupError::Store(error @ StoreError::GroupTaken { .. }) => Failure::from(error).with_hint(
            "wait until it ends, or read for another group; a group of several members comes with \
             a later version",
        ),
        GroupError::Store(error) => error.into(),
        error => Failure::new(Exit::Failed, anyhow::Error::new(error))
            .with_hint("say where to start: --from-beginning, or auto.offset.reset=latest"),
    }
}
