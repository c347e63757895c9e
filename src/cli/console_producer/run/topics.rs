//! The topics that are written to: the one that was named, or those that the records name.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex};

use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;
use crate::cli::target::{Destination, resolve};
use crate::path::StreamPath;
use crate::produce::{ProduceError, Producer, Totals};
use crate::record::TimestampType;

use super::super::settings::ProducerSettings;
use super::acks::{ReportState, reporter};

/// So many topics are written to at once. For another one the topic that has waited longest is
/// finished; it is opened again when it is named again.
const OPEN_MAX: usize = 32;
/// So many topics that cannot be opened are remembered.
const REFUSED_MAX: usize = 1000;

/// Producers by topic, opened when they are needed.
pub(super) struct Topics<'s> {
    session: &'s Session,
    settings: ProducerSettings,
    address: Option<&'s str>,
    output: Option<Arc<Mutex<File>>>,
    report: Arc<ReportState>,
    open: Vec<Open>,
    /// The index in `open` of the topic that was written to last.
    current: usize,
    turn: u64,
    /// Topics that cannot be opened, with what was said of it the first time.
    refused: HashMap<String, (Exit, String)>,
    /// What producers reported that are finished.
    finished: Totals,
    quiet: bool,
}

struct Open {
    /// As the command line or the records spell it.
    name: String,
    stream: StreamPath,
    producer: Producer,
    turn: u64,
    /// Records before this time have expired already. Milliseconds since 1970.
    visible_from: i64,
}

impl<'s> Topics<'s> {
    pub(super) fn new(
        session: &'s Session,
        settings: ProducerSettings,
        address: Option<&'s str>,
        report: Arc<ReportState>,
        (reports, quiet): (bool, bool),
    ) -> Result<Self, Failure> {
        let output = reports.then(|| session.terminal.writer()).transpose()?;
        Ok(Self {
            session,
            settings,
            address,
            output: output.map(|output| Arc::new(Mutex::new(output))),
            report,
            open: Vec::new(),
            current: 0,
            turn: 0,
            refused: HashMap::new(),
            finished: Totals::default(),
            quiet,
        })
    }

    /// Opens the only topic.
    pub(super) fn open(
        &mut self,
        destination: &Destination,
        partition: Option<u32>,
    ) -> Result<(), Failure> {
        let (stream, topic) = destination.to_write(self.session)?;
        let partitions = topic.partitions();
        if let Some(partition) = partition.filter(|partition| *partition >= partitions) {
            let error = ProduceError::NoPartition { partition, partitions };
            return Err(Failure::new(Exit::NotFound, error));
        }
        let attributes = stream.attributes()?;
        let config = self.settings.config(attributes.compression);
        let ttl_ms = i64::try_from(attributes.ttl_s).unwrap_or(i64::MAX).saturating_mul(1000);
        let now = self.session.environment.clock.now().0;
        let keeps_times = topic.timestamp_type(&attributes) == TimestampType::CreateTime;
        let expires = ttl_ms > 0 && keeps_times;
        let visible_from = if expires { now.saturating_sub(ttl_ms) } else { i64::MIN };
        let name = destination.target.to_string();
        let listener = self.output.as_ref().map(|output| {
            let clock = Arc::clone(&self.session.environment.clock);
            reporter(Arc::clone(output), &name, clock, Arc::clone(&self.report))
        });
        let environment = &self.session.environment;
        let producer = environment.seeded(|| Producer::new(stream, topic, config, listener));
        let stream = destination.target.stream.clone();
        self.open.push(Open { name, stream, producer, turn: self.turn, visible_from });
        self.current = self.open.len() - 1;
        Ok(())
    }

    /// Warns, once a topic, if a record of this time has expired already in the topic that was opened
    /// or named last. It is stored all the same.
    #[inline]
    pub(super) fn look_at_time(&mut self, timestamp: i64) {
        if timestamp < self.open[self.current].visible_from {
            self.warn_of_expired();
        }
    }

    #[cold]
    fn warn_of_expired(&mut self) {
        let open = &mut self.open[self.current];
        open.visible_from = i64::MIN;
        if self.quiet {
            return;
        }
        let (name, stream, program) = (&open.name, &open.stream, &self.session.name);
        self.session.terminal.note(&format!(
            "{program}: warning: records of `{name}` are older than the time to live of its stream; \
             they are stored, and nobody will see them\nhint: streamctl stream edit -path {stream} \
             -ttl 0"
        ));
    }

    /// Returns the producer of the topic that was opened or named last.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[inline]
    pub(super) fn current(&mut self) -> &mut Producer {
        &mut self.open[self.current].producer
    }

    /// Returns the producer of the topic that a record names.
    #[inline]
    pub(super) fn named(&mut self, name: &str) -> Result<&mut Producer, TopicError> {
        if self.open.get(self.current).is_none_or(|open| open.name != name) {
            self.change_to(name)?;
        }
        Ok(&mut self.open[self.current].producer)
    }

    #[cold]
    fn change_to(&mut self, name: &str) -> Result<(), TopicError> {
        self.turn += 1;
        if let Some(index) = self.open.iter().position(|open| open.name == name) {
            self.open[index].turn = self.turn;
            self.current = index;
            return Ok(());
        }
        if let Some((exit, text)) = self.refused.get(name) {
            return Err(TopicError::Refused(Failure::message(*exit, text)));
        }
        if self.open.len() == OPEN_MAX {
            self.finish_oldest().map_err(TopicError::Producer)?;
        }
        let default_stream = self.session.environment.default_stream.as_deref();
        let opened = resolve(name, self.address, default_stream)
            .and_then(|destination| self.open(&destination, None));
        match opened {
            // As the records spell it, so that it is found again.
            Ok(()) => name.clone_into(&mut self.open[self.current].name),
            Err(failure) => {
                // What is wrong with a name is the input's fault here, not the command line's.
                let exit = if failure.exit == Exit::Usage { Exit::Failed } else { failure.exit };
                if self.refused.len() < REFUSED_MAX {
                    self.refused.insert(name.to_owned(), (exit, failure.to_string()));
                }
                return Err(TopicError::Refused(Failure { exit, ..failure }));
            }
        }
        Ok(())
    }

    fn finish_oldest(&mut self) -> Result<(), ProduceError> {
        let oldest = self.open.iter().enumerate().min_by_key(|(_, open)| open.turn);
        let Some((index, _)) = oldest else { return Ok(()) };
        let open = self.open.swap_remove(index);
        self.current = usize::MAX;
        let (totals, outcome) = open.producer.finish();
        add(&mut self.finished, totals);
        outcome
    }

    /// Hands over what is open, of all topics.
    pub(super) fn flush(&mut self) -> Result<(), ProduceError> {
        self.open.iter_mut().try_for_each(|open| open.producer.flush())
    }

    /// Finishes all; returns the totals and what went wrong first.
    pub(super) fn finish(self) -> (Totals, Result<(), ProduceError>) {
        let mut totals = self.finished;
        let mut first = Ok(());
        for open in self.open {
            let (more, outcome) = open.producer.finish();
            add(&mut totals, more);
            if let Err(error) = outcome
                && matches!(first, Ok(()) | Err(ProduceError::Stopped))
            {
                first = Err(error);
            }
        }
        (totals, first)
    }
}

/// Why a record's topic cannot be written to.
pub(super) enum TopicError {
    /// It cannot be opened: the record's fault.
    Refused(Failure),
    /// Another topic that was finished to make room took not all it was given.
    Producer(ProduceError),
}

fn add(totals: &mut Totals, more: Totals) {
    totals.sent_records += more.sent_records;
    totals.sent_bytes += more.sent_bytes;
    totals.stored_records += more.stored_records;
    totals.acknowledged_records += more.acknowledged_records;
}
