//! Reading for a group: the member's share of the partitions, and committing what was printed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli::console_consumer::properties::GroupOptions;
use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;
use crate::consume::{Consumer, Delivered, Position, Start};
use crate::fs::Waker;
use crate::group::{GroupConfig, GroupError, Membership, Proof, Read, Reset};
use crate::store::{Stream, Topic};

use super::Printer;

/// A membership, and what may be committed for it.
pub(super) struct Grouped<'s> {
    membership: Membership,
    options: &'s GroupOptions,
    last_commit: Instant,
    /// How far the records are with the kernel.
    flushed: Vec<Position>,
    /// How many partitions the topic had when the member joined.
    partitions: u32,
    /// It was told that changes are looked for.
    told_polling: bool,
    session: &'s Session,
}

impl<'s> Grouped<'s> {
    /// Joins the group, begins to read what is free of its share, and tells what became of its
    /// cursors.
    pub(super) fn join(
        options: &'s GroupOptions,
        (stream, topic): (&Stream, &Topic),
        consumer: &mut Consumer,
        waker: Waker,
        session: &'s Session,
    ) -> Result<Self, Failure> {
        let config = GroupConfig {
            group: options.id.clone(),
            client: options.client.clone(),
            pid: std::process::id(),
            reset: options.reset,
            now: session.environment.clock.now().0,
            timing: options.timing,
            assignors: options.assignors.clone(),
        };
        let membership = Membership::join(stream, topic, config, waker).map_err(failure_of)?;
        let gained: Vec<u32> = membership.owned().iter().copied().collect();
        let mut grouped = Self {
            membership,
            options,
            last_commit: Instant::now(),
            flushed: Vec::new(),
            partitions: topic.partitions(),
            told_polling: false,
            session,
        };
        grouped.begin(&gained, consumer)?;
        grouped.flushed(consumer.positions());
        Ok(grouped)
    }

    /// Begins to read partitions.
    fn begin(&mut self, gained: &[u32], consumer: &mut Consumer) -> Result<(), Failure> {
        for news in self.membership.take_news() {
            self.session.terminal.note(&format!("{}: {news}", self.session.name));
        }
        for partition in gained {
            let start = self.start(*partition);
            consumer
                .assign(self.membership.topic(), *partition, start)
                .map_err(super::failure_of)?;
        }
        if !gained.is_empty() {
            self.tell("partitions_assigned", "partitions", || self.partitions_json(gained));
        }
        // Whoever takes over before the first commit must not begin behind what comes meanwhile.
        let begins_anew = |at: &Position| {
            let is_new = gained.contains(&at.partition);
            is_new && self.membership.cursor(at.partition).is_none()
        };
        if self.options.commit_every.is_some() && self.options.reset != Reset::Earliest {
            let positions: Vec<Position> = consumer.positions().filter(begins_anew).collect();
            self.membership.commit(positions.iter().map(read)).map_err(failure_of)?;
        }
        Ok(())
    }

    /// Returns where to start in a partition.
    fn start(&self, partition: u32) -> Start {
        match (self.membership.cursor(partition), self.membership.reset()) {
            (Some(offset), _) => Start::Offset(offset),
            (None, Reset::Earliest) => Start::Beginning,
            (None, Reset::Time(time)) => Start::Time(time),
            // What was added later was empty then.
            (None, Reset::Latest | Reset::None) if partition >= self.partitions => Start::Beginning,
            (None, Reset::Latest | Reset::None) => Start::End,
        }
    }

    /// Does what the group asks for, before more is read: stops reading what others are to read,
    /// commits what of it was printed, lets go of it, and begins to read what is free.
    pub(super) fn attend(
        &mut self,
        consumer: &mut Consumer,
        printer: &mut Printer<'_>,
    ) -> Result<(), Failure> {
        self.membership.polled();
        if !self.membership.has_changed() {
            return Ok(());
        }
        let losing = self.membership.losing().map_err(failure_of)?;
        let mut lost = Vec::new();
        if !losing.is_empty() {
            printer.flush()?;
            lost.extend(losing.iter().filter_map(|partition| consumer.revoke(*partition)));
        }
        let lost: Vec<Read> = lost.iter().filter(|_| self.commits()).map(read).collect();
        let lost: Vec<Read> = lost
            .into_iter()
            .filter(|(at, offset, _)| self.membership.is_new(*at, *offset))
            .collect();
        let gained = self.membership.settle(&losing, &lost).map_err(failure_of)?;
        self.tell_committed(&lost);
        if !losing.is_empty() {
            self.tell("partitions_revoked", "partitions", || self.partitions_json(&losing));
        }
        self.begin(&gained, consumer)?;
        self.flushed.retain(|at| !losing.contains(&at.partition));
        if self.options.verbose && self.membership.is_polling() && !self.told_polling {
            self.told_polling = true;
            self.tell("polling", "reason", || "no instance of inotify is left".into());
        }
        Ok(())
    }

    /// Whether the group asks for something that [`Grouped::attend`] does.
    pub(super) fn has_changed(&self) -> bool {
        self.membership.has_changed()
    }

    /// Whether nothing of the member's share is still with others.
    pub(super) fn is_settled(&self) -> bool {
        self.membership.is_settled()
    }

    /// Tells that the member goes on after it waited.
    pub(super) fn polled(&self) {
        self.membership.polled();
    }

    /// Tells that the member waits for records, however long.
    pub(super) fn waits(&self) {
        self.membership.waits();
    }

    /// Returns what asks whether this process may still print.
    pub(super) fn proof(&self) -> Proof {
        self.membership.proof()
    }

    /// Remembers that everything before these positions is with the kernel.
    pub(super) fn flushed(&mut self, positions: impl Iterator<Item = Position>) {
        self.flushed.clear();
        self.flushed.extend(positions);
    }

    fn commits(&self) -> bool {
        self.options.commit_every.is_some()
    }

    /// Whether each record is committed by itself.
    pub(super) fn commits_each(&self) -> bool {
        self.options.commit_each
    }

    /// True once it is time to commit.
    pub(super) fn is_due(&self) -> bool {
        self.options.commit_every.is_some_and(|every| self.last_commit.elapsed() >= every)
    }

    /// Returns how long until it is time to commit; `None` if there is nothing to commit.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let every = self.options.commit_every?;
        let is_new = |at: &Position| self.membership.is_new(at.partition, at.offset);
        let left = every.saturating_sub(self.last_commit.elapsed());
        self.flushed.iter().any(is_new).then(|| left.max(Duration::from_millis(1)))
    }

    /// Commits what is with the kernel.
    pub(super) fn commit(&mut self) -> Result<(), Failure> {
        let committed =
            self.membership.commit(self.flushed.iter().map(read)).map_err(failure_of)?;
        self.tell_committed(&committed);
        self.last_commit = Instant::now();
        Ok(())
    }

    /// Commits one record, which is with the kernel.
    pub(super) fn commit_record(&mut self, delivered: &Delivered<'_>) -> Result<(), Failure> {
        let at = (delivered.partition, delivered.record.offset + 1, delivered.leader_epoch);
        let committed = self.membership.commit([at]).map_err(failure_of)?;
        self.tell_committed(&committed);
        Ok(())
    }

    /// Commits a last time, unless the topic is gone, and leaves: others take over at once. Who
    /// waited in vain for a lock does not wait again: the others find out by themselves.
    pub(super) fn leave(self, why: Option<Exit>) -> Result<(), Failure> {
        if why == Some(Exit::Busy) {
            return Ok(());
        }
        let is_gone = why == Some(Exit::NotFound);
        let commits = self.commits() && !is_gone;
        let read: Vec<Read> = self.flushed.iter().filter(|_| commits).map(read).collect();
        let owned: Vec<u32> = self.membership.owned().iter().copied().collect();
        let (options, session) = (self.options, self.session);
        let revoked = options.verbose.then(|| self.partitions_json(&owned));
        let topic = self.membership.topic().name().to_string();
        let left = self.membership.leave(&read).map_err(failure_of);
        match left {
            Err(_) if is_gone => Ok(()),
            Err(failure) => Err(failure),
            Ok(committed) => {
                if let Some(revoked) = revoked {
                    if !committed.is_empty() {
                        note(session, "offsets_committed", "offsets", &offsets(&topic, &committed));
                    }
                    if !owned.is_empty() {
                        note(session, "partitions_revoked", "partitions", &revoked);
                    }
                }
                Ok(())
            }
        }
    }

    fn tell_committed(&self, committed: &[Read]) {
        if !committed.is_empty() {
            let topic = || self.membership.topic().name().to_string();
            self.tell("offsets_committed", "offsets", || offsets(&topic(), committed));
        }
    }

    fn partitions_json(&self, partitions: &[u32]) -> Value {
        let topic = self.membership.topic().name().as_str();
        let each = |partition: &u32| json!({ "topic": topic, "partition": partition });
        partitions.iter().map(each).collect()
    }

    fn tell(&self, name: &str, field: &str, value: impl FnOnce() -> Value) {
        if self.options.verbose {
            note(self.session, name, field, &value());
        }
    }
}

/// Writes a line as Kafka's verifiable consumer has them.
fn note(session: &Session, name: &str, field: &str, value: &Value) {
    let timestamp = session.environment.clock.now().0;
    let mut line = json!({ "timestamp": timestamp, "name": name, field: value });
    if name == "offsets_committed" {
        line["success"] = true.into();
    }
    session.terminal.note(&line.to_string());
}

fn offsets(topic: &str, committed: &[Read]) -> Value {
    let each = |(partition, offset, _): &Read| json!({ "topic": topic, "partition": partition, "offset": offset });
    committed.iter().map(each).collect()
}

fn read(at: &Position) -> Read {
    (at.partition, at.offset, at.epoch)
}

/// What a failure of the membership means to the shell.
pub(super) fn failure_of(error: GroupError) -> Failure {
    match error {
        GroupError::Store(error) => error.into(),
        error @ GroupError::NoAssignor { .. } => {
            Failure::new(Exit::Failed, anyhow::Error::new(error))
        }
        error => Failure::new(Exit::Failed, anyhow::Error::new(error))
            .with_hint("say where to start: --from-beginning, or auto.offset.reset=latest"),
    }
}
