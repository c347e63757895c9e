//! The options of `console-producer` and what they mean together.

use clap::{ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::failure::{Exit, Failure};
use crate::cli::on_error::OnError;
use crate::cli::option_groups::{OptionGroups, grouped};
use crate::cli::pace::Pacer;
use crate::cli::session::Session;
use crate::cli::target::{Destination, resolve};

use super::effects::explain;
use super::kafka_options::{KafkaOptions, KafkaSettings};
use super::line_reader::LineReader;
use super::own_options::{Fixed, OwnOptions, Source, ToldOptions};
use super::settings::ProducerSettings;

/// Write lines of standard input to a topic
///
/// Each line becomes a record. Empty lines are records, a line need not be text, and the last line
/// need not end. A record counts as sent when it is on the disk, unless --request-required-acks
/// asks for less. If any record was not stored, the exit status is 1.
#[derive(Debug, Parser)]
#[command(
    name = "console-producer",
    version,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    /// Write to this topic: /stream:topic
    ///
    /// A name without a path belongs to $STREAMPATH_DEFAULT_STREAM, else to /kafka. With --format
    /// json each record may name its own topic instead.
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Name the topic by position instead of with --topic
    #[arg(value_name = "TOPIC")]
    position: Option<String>,

    #[command(flatten)]
    own: OwnOptions,

    #[command(flatten)]
    kafka: KafkaOptions,

    #[command(flatten)]
    told: ToldOptions,

    /// Print help
    #[arg(long, action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,

    /// Print version
    #[arg(long, action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

/// What was asked of the producer, checked.
#[derive(Debug)]
pub(crate) struct Options {
    /// The topic to write to; `None` if every record names its own.
    pub(crate) destination: Option<Destination>,
    /// The address that says where topics without a path are.
    pub(crate) address: Option<String>,
    /// What the producer's properties say.
    pub(super) settings: ProducerSettings,
    /// Each record is waited for.
    pub(crate) sync: bool,
    /// How lines are taken apart.
    pub(crate) reader: LineReader,
    /// Where records come from.
    pub(crate) source: Source,
    /// What all of them have.
    pub(crate) fixed: Fixed,
    /// What ends a line, unless it is LF, CR or CRLF.
    pub(crate) delimiter: Option<Vec<u8>>,
    /// What says when records are due.
    pub(crate) pacer: Option<Pacer>,
    /// What to do with a record that cannot be taken.
    pub(crate) on_error: OnError,
    /// A JSON line is printed for each record that counts as sent.
    pub(crate) report_acks: bool,
    /// What was stored is told in any case.
    pub(crate) summary: bool,
    /// What was stored is told in no case.
    pub(crate) quiet: bool,
}

/// The headings of the help.
const GROUPS: OptionGroups = &[
    ("Where to write", &["topic", "partition", "bootstrap-server", "broker-list"]),
    (
        "What to read",
        &[
            "format",
            "repartition",
            "restamp",
            "delimiter",
            "null",
            "file-per-record",
            "pace",
            "max-gap",
            "on-error",
        ],
    ),
    ("What every record has", &["key", "header", "timestamp"]),
    ("How a line is taken apart", &["reader-property", "property", "reader-config", "line-reader"]),
    (
        "How records are stored",
        &[
            "request-required-acks",
            "sync",
            "compression-codec",
            "timeout",
            "batch-size",
            "max-partition-memory-bytes",
            "max-memory-bytes",
            "max-block-ms",
        ],
    ),
    (
        "Kafka's settings",
        &[
            "command-property",
            "producer-property",
            "command-config",
            "producer.config",
            "message-send-max-retries",
            "retry-backoff-ms",
            "request-timeout-ms",
            "metadata-expiry-ms",
            "socket-buffer-size",
        ],
    ),
    ("What is told", &["summary", "quiet", "report-acks", "explain-options", "help", "version"]),
];

/// Returns the definition of the program's arguments.
pub(crate) fn command() -> Command {
    grouped("console-producer", &Arguments::command(), GROUPS)
}

/// Runs the program.
///
/// # Errors
///
/// The arguments make no sense together (exit 2), or whatever stopped the run.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session) -> Result<Exit, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::new(error)))?;
    if arguments.told.explain_options {
        let topic = arguments.topic.as_deref().or(arguments.position.as_deref());
        let settings = arguments.kafka.merged(topic, arguments.told.quiet, session)?;
        let text = explain(&settings.producer, &settings.reader);
        session.terminal.write(text.as_bytes())?;
        return Ok(Exit::Done);
    }
    let options = arguments.checked(session)?;
    super::run::run(&options, session)
}

impl Arguments {
    fn checked(self, session: &Session) -> Result<Options, Failure> {
        let is_named = self.topic.is_some() || self.position.is_some();
        let topic = if is_named || !self.own.is_json() {
            Some(one_topic(self.topic.as_deref(), self.position.as_deref(), &session.name)?)
        } else {
            None
        };
        let KafkaSettings { producer, reader: properties, address } =
            self.kafka.merged(topic, self.told.quiet, session)?;
        let reader = LineReader::from_properties(properties.iter()).map_err(Failure::usage)?;
        let source = self.own.source(reader.finds_parts())?;
        let default_stream = session.environment.default_stream.as_deref();
        let destination = properties
            .get("topic")
            .map(|topic| resolve(topic, address.as_deref(), default_stream))
            .transpose()?;
        Ok(Options {
            destination,
            settings: ProducerSettings::of(&producer)?,
            sync: self.kafka.sync,
            fixed: self.own.fixed(reader.finds_keys(), session)?,
            delimiter: self.own.delimiter()?,
            pacer: self.own.pacer()?,
            on_error: self.own.on_error(),
            report_acks: self.told.report_acks,
            summary: self.told.summary,
            quiet: self.told.quiet,
            reader,
            source,
            address,
        })
    }
}

/// Returns the topic, named with `--topic`, by position, or both ways alike.
///
/// # Errors
///
/// It is named twice and differently, or not at all.
pub(crate) fn one_topic<'a>(
    option: Option<&'a str>,
    position: Option<&'a str>,
    name: &str,
) -> Result<&'a str, Failure> {
    match (option, position) {
        (Some(option), Some(position)) if option != position => Err(Failure::usage(format!(
            "two topics are named: `{option}` with --topic and `{position}` by position"
        ))),
        (Some(topic), _) | (None, Some(topic)) => Ok(topic),
        (None, None) => Err(Failure::usage("Missing required argument \"[topic]\"")
            .with_hint(format!("{name} --topic /stream:topic"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, command, one_topic};
    use crate::cli::option_groups::assert_complete;

    #[test]
    fn every_option_is_below_a_heading() {
        assert_complete(&command(), GROUPS);
    }

    #[test]
    fn a_topic_is_named_once_or_twice_alike() {
        assert_eq!(one_topic(Some("t"), Some("t"), "x").unwrap(), "t");
        assert_eq!(one_topic(None, Some("t"), "x").unwrap(), "t");
        assert!(one_topic(Some("t"), Some("u"), "x").is_err());
        let missing = one_topic(None, None, "x").unwrap_err();
        assert_eq!(missing.to_string(), "Missing required argument \"[topic]\"");
    }
}
