//! Reading for a group: the member's share of the partitions, and committing what was printed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::catalog::ObjectId;
use crate::cli::console_consumer::properties::GroupOptions;
use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::render::long_time;
use crate::cli::session::Session;
use crate::consume::{Consumer, Delivered, Position, Start};
use crate::fs::Waker;
use crate::group::{
    GroupConfig, GroupError, GroupNews, Membership, Place, Proof, Read, Reset, Wanted,
};
use crate::store::Stream;

use super::Printer;

/// A membership, and what may be committed for it.
pub(super) struct Grouped<'s> {
    membership: Membership,
    options: &'s GroupOptions,
    last_commit: Instant,
    /// How far the records are with the kernel.
    flushed: Vec<Position>,
    /// How many partitions there were when the member joined, of what it wants.
    partitions: BTreeMap<ObjectId, u32>,
    /// What it was told is looked for.
    told_polling: Vec<&'static str>,
    session: &'s Session,
}

impl<'s> Grouped<'s> {
    /// Joins the group, begins to read what is free of its share, and tells what became of its
    /// cursors.
    pub(super) fn join(
        options: &'s GroupOptions,
        (stream, wanted): (&Stream, Wanted),
        consumer: &mut Consumer,
        waker: Waker,
        session: &'s Session,
    ) -> Result<Self, Failure> {
        let config = GroupConfig {
            group: options.id.clone(),
            client: options.client.clone(),
            instance: options.instance.clone(),
            pid: std::process::id(),
            reset: options.reset,
            now: session.environment.clock.now().0,
            timing: options.timing,
            assignors: options.assignors.clone(),
        };
        let membership = Membership::join(stream, wanted, config, waker).map_err(failure_of)?;
        let gained: Vec<Place> = membership.owned().iter().copied().collect();
        let partitions = membership.topics().map(|topic| (topic.object().id, topic.partitions()));
        let mut grouped = Self {
            partitions: partitions.collect(),
            membership,
            options,
            last_commit: Instant::now(),
            flushed: Vec::new(),
            told_polling: Vec::new(),
            session,
        };
        grouped.begin(&gained, consumer)?;
        grouped.flushed(consumer.positions());
        Ok(grouped)
    }

    /// Begins to read partitions.
    fn begin(&mut self, gained: &[Place], consumer: &mut Consumer) -> Result<(), Failure> {
        for news in self.membership.take_news() {
            let text = self.worded(&news);
            self.session.terminal.note(&format!("{}: {text}", self.session.name));
        }
        for place in gained {
            let start = self.start(*place);
            if let Some(topic) = self.membership.topic(place.0) {
                consumer.assign(topic, place.1, start).map_err(super::failure_of)?;
            }
        }
        if !gained.is_empty() {
            self.tell("partitions_assigned", "partitions", || self.partitions_json(gained));
        }
        // Whoever takes over before the first commit must not begin behind what comes meanwhile.
        let begins_anew = |at: &Position| {
            gained.contains(&place(at)) && self.membership.cursor(place(at)).is_none()
        };
        if self.options.commit_every.is_some() && self.options.reset != Reset::Earliest {
            let positions: Vec<Position> = consumer.positions().filter(begins_anew).collect();
            self.membership.commit(positions.iter().map(read)).map_err(failure_of)?;
        }
        Ok(())
    }

    /// Returns news in words for people.
    fn worded(&self, news: &GroupNews) -> String {
        let GroupNews::Expired { since } = news else { return news.to_string() };
        let goes_on = match self.options.reset {
            Reset::Earliest => "it begins at the first message",
            Reset::Latest => "it begins at the end",
            Reset::Time(_) => "it begins at the time of auto.offset.reset",
            Reset::None => "it has no place to begin at",
        };
        format!(
            "the cursors of group `{}` have expired: it had no member and committed nothing since {}; \
             {goes_on}",
            printable(&self.options.id),
            long_time(*since, &self.session.moment())
        )
    }

    /// Returns where to start in a partition.
    fn start(&self, place: Place) -> Start {
        let is_new = self.partitions.get(&place.0).is_none_or(|partitions| place.1 >= *partitions);
        match (self.membership.cursor(place), self.membership.reset()) {
            (Some(offset), _) => Start::Offset(offset),
            (None, Reset::Earliest) => Start::Beginning,
            (None, Reset::Time(time)) => Start::Time(time),
            // What was added later was empty then.
            (None, Reset::Latest | Reset::None) if is_new => Start::Beginning,
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
        if self.options.verbose {
            self.tell_polling(consumer);
        }
        if !self.membership.has_changed() {
            return Ok(());
        }
        let losing = self.membership.losing().map_err(failure_of)?;
        let mut lost = Vec::new();
        if !losing.is_empty() {
            printer.flush()?;
            lost.extend(
                losing.iter().filter_map(|(topic, number)| consumer.revoke(*topic, *number)),
            );
        }
        let lost: Vec<Read> = lost.iter().filter(|_| self.commits()).map(read).collect();
        let is_new = |read: &Read| self.membership.is_new(read.place, read.offset);
        let lost: Vec<Read> = lost.into_iter().filter(is_new).collect();
        let gained = self.membership.settle(&losing, &lost).map_err(failure_of)?;
        self.tell_committed(&lost);
        if !losing.is_empty() {
            self.tell("partitions_revoked", "partitions", || self.partitions_json(&losing));
        }
        self.begin(&gained, consumer)?;
        self.flushed.retain(|at| !losing.contains(&place(at)));
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
        let is_new = |at: &Position| self.membership.is_new(place(at), at.offset);
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
        let at = Read {
            place: (delivered.topic.object().id, delivered.partition),
            offset: delivered.record.offset + 1,
            epoch: delivered.leader_epoch,
        };
        let committed = self.membership.commit([at]).map_err(failure_of)?;
        // Else leaving would set the cursor back if nothing more can be written.
        if let Some(known) = self.flushed.iter_mut().find(|known| place(known) == at.place) {
            (known.offset, known.epoch) = (at.offset, at.epoch);
        }
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
        let owned = self.membership.owned().clone();
        let session = self.session;
        let revoked = self.options.verbose.then(|| self.partitions_json(&owned));
        let names: Names = self.names(read.iter().map(|read| read.place.0));
        let left = self.membership.leave(&read).map_err(failure_of);
        match left {
            Err(_) if is_gone => Ok(()),
            Err(failure) => Err(failure),
            Ok(committed) => {
                if let Some(revoked) = revoked {
                    if !committed.is_empty() {
                        note(session, "offsets_committed", "offsets", &offsets(&names, &committed));
                    }
                    if !owned.is_empty() {
                        note(session, "partitions_revoked", "partitions", &revoked);
                    }
                }
                Ok(())
            }
        }
    }

    /// Tells, once each, that nothing tells of new records or of the group's changes.
    fn tell_polling(&mut self, consumer: &Consumer) {
        let polled = [
            ("polling_records", consumer.polls_because()),
            ("polling_group", self.membership.polls_because()),
        ];
        for (name, reason) in polled {
            if let Some(reason) = reason.filter(|_| !self.told_polling.contains(&name)) {
                self.told_polling.push(name);
                note(self.session, name, "reason", &reason.into());
            }
        }
    }

    fn tell_committed(&self, committed: &[Read]) {
        if !committed.is_empty() {
            let names = || self.names(committed.iter().map(|read| read.place.0));
            self.tell("offsets_committed", "offsets", || offsets(&names(), committed));
        }
    }

    /// Partitions in the order of their topics' names.
    fn partitions_json<'p>(&self, partitions: impl IntoIterator<Item = &'p Place>) -> Value {
        let mut named: Vec<(String, u32)> =
            partitions.into_iter().map(|(topic, number)| (self.name(*topic), *number)).collect();
        named.sort();
        let each = |(topic, partition)| json!({ "topic": topic, "partition": partition });
        named.into_iter().map(each).collect()
    }

    fn names(&self, topics: impl Iterator<Item = ObjectId>) -> Names {
        topics.map(|id| (id, self.name(id))).collect()
    }

    /// The name of a topic that the member reads or has read.
    fn name(&self, topic_id: ObjectId) -> String {
        let topic = self.membership.topic(topic_id);
        topic.map_or_else(|| topic_id.to_string(), |topic| topic.name().to_string())
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

type Names = BTreeMap<ObjectId, String>;

fn offsets(names: &Names, committed: &[Read]) -> Value {
    let mut committed: Vec<(Option<&String>, &Read)> =
        committed.iter().map(|read| (names.get(&read.place.0), read)).collect();
    committed.sort_by_key(|(topic, read)| (*topic, read.place.1));
    let each = |(topic, read): (Option<&String>, &Read)| json!({ "topic": topic, "partition": read.place.1, "offset": read.offset });
    committed.into_iter().map(each).collect()
}

fn place(at: &Position) -> Place {
    (at.topic_id, at.partition)
}

fn read(at: &Position) -> Read {
    Read { place: place(at), offset: at.offset, epoch: at.epoch }
}

/// What a failure of the membership means to the shell.
pub(super) fn failure_of(error: GroupError) -> Failure {
    match error {
        GroupError::Store(error) => error.into(),
        error @ GroupError::NoAssignor { .. } => {
            Failure::new(Exit::Failed, anyhow::Error::new(error))
        }
        error @ GroupError::InstanceTaken { .. } => {
            Failure::new(Exit::Busy, anyhow::Error::new(error))
                .with_hint("end that process, or take another group.instance.id")
        }
        error => Failure::new(Exit::Failed, anyhow::Error::new(error))
            .with_hint("say where to start: --from-beginning, or auto.offset.reset=latest"),
    }
}
