//! The options of `kafka-get-offsets`, and what it prints.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::failure::{Exit, Failure};
use crate::cli::kafka_settings::Properties;
use crate::cli::kafka_topics::leave_out;
use crate::cli::named_topics::{NamedTopics, is_internal};
use crate::cli::session::Session;

use super::filter::Filter;
use super::moment::Moment;

/// Print offsets of partitions as Kafka's tool does
///
/// A line TOPIC:PARTITION:OFFSET for each partition, sorted by topic and partition; partitions without
/// such an offset are left out. Names of topics are regular expressions that must match the whole
/// name. A plain one means topics of $STREAMPATH_DEFAULT_STREAM, else, if the address is one of this
/// machine or none, of stream /kafka; /stream:REGEX means those of any stream, and no address is
/// looked at then. Topics are printed as they are named: plain, or with their stream.
#[derive(Debug, Parser)]
#[command(
    name = "kafka-get-offsets",
    version,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    /// Choose the topics that match: REGEX or /stream:REGEX [default: all of the stream of plain
    /// names]
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Choose partitions by their numbers, such as 0,1 [default: all]
    #[arg(long, value_name = "N,...", allow_hyphen_values = true)]
    partitions: Option<String>,

    /// Choose both: TOPIC or TOPIC:PARTITIONS, with commas between several
    ///
    /// PARTITIONS is a number N, N- for N and above, -N for those below N, or N-M for N up to but
    /// not M. Without TOPIC (:0) every topic of the stream of plain names is meant.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    topic_partitions: Option<String>,

    /// Say which offset: latest, earliest, max-timestamp, or that of a time
    ///
    /// latest (-1) is behind the last record; earliest (-2) and earliest-local (-4) are the first one;
    /// max-timestamp (-3) is the first one with the largest timestamp. A number of milliseconds since
    /// 1970 is the first record of that time or later. latest-tiered (-5) and
    /// earliest-pending-upload (-6) are of remote storage: there is none.
    #[arg(long, value_name = "MOMENT", allow_hyphen_values = true, default_value = "latest")]
    time: String,

    /// Leave out topics that Kafka keeps for itself, such as __consumer_offsets
    #[arg(long, overrides_with = "exclude_internal_topics")]
    exclude_internal_topics: bool,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    #[arg(long, value_name = "HOST:PORT,...")]
    bootstrap_server: Option<String>,

    /// Accept the address as older tools spell it; without effect beside --bootstrap-server
    #[arg(long, value_name = "HOST:PORT,...")]
    broker_list: Option<String>,

    /// Read the properties of a client from a Java properties file; there is no connection that they
    /// could change
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    command_config: Option<PathBuf>,

    /// Accept a number that Kafka's tool before 3.0 took and ignored
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    offsets: Option<i32>,

    /// Accept a time that Kafka's tool before 3.0 took and ignored
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    max_wait_ms: Option<i32>,

    /// Print help
    #[arg(long, action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,

    /// Print version
    #[arg(long, action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

/// Returns the definition of the program's arguments.
pub(crate) fn command() -> Command {
    Arguments::command()
}

/// Runs the program.
///
/// # Errors
///
/// The arguments make no sense together (exit 2), or whatever stopped the run. A partition whose
/// offset cannot be had is told and stepped over; the exit status is then that of the first one.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session) -> Result<Exit, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::new(error)))?;
    arguments.print(session).map_err(|failure| {
        let error = failure.error.context("Error occurred");
        Failure { error, ..failure }
    })
}

/// What is printed and how it went.
#[derive(Debug, Default)]
struct Found {
    /// Partitions that are meant.
    partitions: usize,
    offsets: BTreeMap<(String, u32), i64>,
    first_fault: Option<Exit>,
}

impl Arguments {
    fn print(&self, session: &Session) -> Result<Exit, Failure> {
        let filter = self.filter(session)?;
        let moment = Moment::parse(&self.time)?;
        if let Some(file) = &self.command_config {
            Properties::from_file("command-config", file).map_err(leave_out)?;
        }
        let mut found = Found::default();
        for named in filter.streams() {
            self.look_at(named, &filter, moment, session, &mut found)?;
        }
        if found.partitions == 0 {
            let text = "Could not match any topic-partitions with the specified filters";
            let hint = filter.streams().first().map(|named| named.list_command());
            return Err(Failure { hint, ..Failure::message(Exit::NotFound, text) });
        }
        let mut text = String::new();
        for ((topic, partition), offset) in &found.offsets {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{topic}:{partition}:{offset}");
        }
        session.terminal.write(text.as_bytes())?;
        Ok(found.first_fault.unwrap_or(Exit::Done))
    }

    fn filter(&self, session: &Session) -> Result<Filter, Failure> {
        let default_stream = session.environment.default_stream.as_deref();
        let address = self.bootstrap_server.as_deref().or(self.broker_list.as_deref());
        let named = |text: Option<&str>| NamedTopics::of(text, address, default_stream);
        let Some(list) = &self.topic_partitions else {
            return Filter::of_parts(self.topic.as_deref(), self.partitions.as_deref(), &named);
        };
        if self.topic.is_some() || self.partitions.is_some() {
            let text = "--topic-partitions cannot be used with --topic or --partitions";
            return Err(Failure::usage(text).with_hint("--topic-partitions 'REGEX:0-2'"));
        }
        Filter::of_list(list, &named)
    }

    fn look_at(
        &self,
        named: &NamedTopics,
        filter: &Filter,
        moment: Moment,
        session: &Session,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let Some(stream) = named.open(session)? else { return Ok(()) };
        for object in stream.topic_objects()? {
            if self.exclude_internal_topics && is_internal(&object.name) {
                continue;
            }
            let meant = |partition: &u32| {
                filter.lets_through(&named.stream, named.by_path, &object.name, *partition)
            };
            let partitions: Vec<u32> = (0..object.partitions).filter(meant).collect();
            if partitions.is_empty() {
                continue;
            }
            found.partitions += partitions.len();
            let name = named.shown(&object.name);
            let told = |error| {
                let failure = Failure::from(error);
                (failure.exit, failure.to_string())
            };
            let topic = stream.listed_topic(&object).map_err(told);
            for partition in partitions {
                let offset = match &topic {
                    Ok(topic) => moment.offset(topic, partition).map_err(told),
                    Err(fault) => Err(fault.clone()),
                };
                match offset {
                    Ok(Some(offset)) => {
                        found.offsets.insert((name.clone(), partition), offset);
                    }
                    Ok(None) => {}
                    Err((exit, fault)) => {
                        session.terminal.note(&format!(
                            "{}: Skip getting offsets for topic-partition {name}-{partition} due to \
                             error: {fault}",
                            session.name
                        ));
                        found.first_fault.get_or_insert(exit);
                    }
                }
            }
        }
        Ok(())
    }
}
