//! One piece of input on its way to a producer: a line, a record as JSON, a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Error;

use crate::cli::failure::{Exit, Failure};
use crate::cli::record_text::{JsonReader, recycled};
use crate::produce::{ProduceError, Producer, ProducerConfig};
use crate::record::NewRecord;

use super::super::line_reader::{Header, LineReader};
use super::super::own_options::Fixed;
use super::Stop;
use super::pacing::Pacing;
use super::topics::{TopicError, Topics};

/// Why a record was not taken.
pub(super) enum Refusal {
    /// It is the record's fault: the next one may be taken.
    Record(Failure),
    /// The topic takes no more.
    Producer(ProduceError),
    /// While it was waited for the record's time, something said that it is over.
    Over(Stop),
}

impl Refusal {
    /// Tells whose fault an error of the producer is; `what` is the line or file.
    pub(super) fn of(error: ProduceError, what: &str) -> Self {
        match error {
            ProduceError::MessageTooLarge { .. } | ProduceError::NoPartition { .. } => {
                let error = Error::new(error).context(format!("cannot send {what}"));
                Self::Record(Failure::new(Exit::Failed, error))
            }
            error => Self::Producer(error),
        }
    }

    fn record(error: impl Into<Error>) -> Self {
        Self::Record(Failure::new(Exit::Failed, error))
    }
}

/// Returns how a line is named.
pub(super) fn line_name(line_number: u64) -> String {
    format!("line {line_number}")
}

/// Lines as Kafka's tool reads them, and what every record has.
pub(super) struct LineSender<'o> {
    pub(super) reader: &'o LineReader,
    pub(super) fixed: &'o Fixed,
    headers: Vec<Header<'static>>,
}

impl<'o> LineSender<'o> {
    pub(super) fn new(reader: &'o LineReader, fixed: &'o Fixed) -> Self {
        Self { reader, fixed, headers: Vec::new() }
    }

    pub(super) fn send(
        &mut self,
        producer: &mut Producer,
        line: &[u8],
        line_number: u64,
        now: i64,
    ) -> Result<(), Refusal> {
        let fixed = self.fixed;
        let text = self.reader.text(line);
        let mut headers: Vec<Header<'_>> = recycled(std::mem::take(&mut self.headers));
        headers.extend(fixed.headers.iter().map(|(key, value)| (&**key, Some(&**value))));
        let parts = self.reader.parse(&text, line_number, &mut headers).map_err(Refusal::record)?;
        let key = parts.key.or(fixed.key.as_deref());
        let timestamp = fixed.timestamp.unwrap_or(now);
        let record = NewRecord { timestamp, key, value: parts.value, headers: &headers };
        let sent = producer.send(fixed.partition, &record);
        self.headers = recycled(headers);
        sent.map_err(|error| Refusal::of(error, &line_name(line_number)))
    }
}

/// Records as JSON.
pub(super) struct JsonSender {
    reader: JsonReader,
    headers: Vec<Header<'static>>,
    pub(super) keeps_partition: bool,
    pub(super) keeps_timestamp: bool,
    /// All records go to one topic, whatever they name.
    pub(super) has_topic: bool,
}

impl JsonSender {
    pub(super) fn new(keeps_partition: bool, keeps_timestamp: bool, has_topic: bool) -> Self {
        let reader = JsonReader::default();
        Self { reader, headers: Vec::new(), keeps_partition, keeps_timestamp, has_topic }
    }

    pub(super) fn send(
        &mut self,
        topics: &mut Topics<'_>,
        line: &[u8],
        line_number: u64,
        mut now: i64,
        pacing: Option<&mut Pacing<'_>>,
    ) -> Result<(), Refusal> {
        let Self { reader, headers: kept, .. } = self;
        let record = reader
            .read(line)
            .map_err(|error| Refusal::record(Error::new(error).context(line_name(line_number))))?;
        if let Some(pacing) = pacing {
            now = pacing.wait(record.timestamp, topics).map_err(Refusal::Over)?;
        }
        let producer = if self.has_topic {
            topics.current()
        } else if let Some(name) = record.topic {
            topics.named(name).map_err(|error| match error {
                TopicError::Producer(error) => Refusal::Producer(error),
                TopicError::Refused(failure) => {
                    let error = failure.error.context(format!("line {line_number}"));
                    Refusal::Record(Failure { error, ..failure })
                }
            })?
        } else {
            let text = format!("line {line_number}: field `topic` is missing");
            let failure = Failure::message(Exit::Failed, text);
            return Err(Refusal::Record(
                failure.with_hint("name it for all: --topic /stream:topic"),
            ));
        };
        let mut headers: Vec<Header<'_>> = recycled(std::mem::take(kept));
        headers.extend(record.headers.iter());
        let new = NewRecord {
            timestamp: record.timestamp.filter(|_| self.keeps_timestamp).unwrap_or(now),
            key: record.key,
            value: record.value,
            headers: &headers,
        };
        let partition = record.partition.filter(|_| self.keeps_partition);
        let sent = producer.send(partition, &new);
        topics.look_at_time(new.timestamp);
        *kept = recycled(headers);
        sent.map_err(|error| {
            let is_partition = matches!(error, ProduceError::NoPartition { .. });
            match Refusal::of(error, &line_name(line_number)) {
                Refusal::Record(failure) if is_partition => {
                    let hint = "choose partitions anew, by key: --repartition";
                    Refusal::Record(failure.with_hint(hint))
                }
                refusal => refusal,
            }
        })
    }
}

/// Files, each of which is a value.
pub(super) struct FileSender<'o> {
    fixed: &'o Fixed,
    contents: Vec<u8>,
}

impl<'o> FileSender<'o> {
    pub(super) fn new(fixed: &'o Fixed) -> Self {
        Self { fixed, contents: Vec::new() }
    }

    pub(super) fn send(
        &mut self,
        producer: &mut Producer,
        path: &Path,
        now: i64,
    ) -> Result<(), Refusal> {
        let name = format!("`{}`", path.display());
        self.contents.clear();
        // One byte more than any message may have: the producer then says so.
        let limit = ProducerConfig::MESSAGE_BYTES_MAX_DEFAULT as u64 + 1;
        let read =
            File::open(path).and_then(|file| file.take(limit).read_to_end(&mut self.contents));
        read.map_err(|error| {
            Refusal::record(Error::new(error).context(format!("cannot read {name}")))
        })?;
        let fixed = self.fixed;
        let headers: Vec<Header<'_>> =
            fixed.headers.iter().map(|(key, value)| (&**key, Some(&**value))).collect();
        let record = NewRecord {
            timestamp: fixed.timestamp.unwrap_or(now),
            key: fixed.key.as_deref(),
            value: Some(&self.contents),
            headers: &headers,
        };
        producer.send(fixed.partition, &record).map_err(|error| Refusal::of(error, &name))
    }
}
