//! The options of `kafka-topics`, and which action they ask for.

use std::path::PathBuf;

use clap::{ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::failure::{Exit, Failure};
use crate::cli::kafka_settings::Properties;
use crate::cli::named_topics::NamedTopics;
use crate::cli::session::Session;

use super::{change, create, show};

/// Work on topics as Kafka's tool does
///
/// Create, delete, alter, describe or list them: exactly one action is given. A plain name of a topic belongs to $STREAMPATH_DEFAULT_STREAM, else,
/// if the address is one of this machine or none, to stream /kafka, which is made when its first
/// topic is. /stream:topic names a topic of any stream; no address is looked at then.
///
/// Except with --create the name is a regular expression that the whole name of a topic must match; a
/// comma is an "or". `/stream:.*`, or `/stream:`, is every topic of a stream. Topics are printed
/// as they are named: plain, or with their stream.
#[derive(Debug, Parser)]
#[command(
    name = "kafka-topics",
    version,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Kafka's tool")]
pub(super) struct Arguments {
    /// Create a topic
    #[arg(long, help_heading = "Actions", overrides_with = "create")]
    pub(super) create: bool,

    /// Delete topics with their messages; nobody is asked
    #[arg(long, help_heading = "Actions", overrides_with = "delete")]
    pub(super) delete: bool,

    /// Give topics more partitions
    #[arg(long, help_heading = "Actions", overrides_with = "alter")]
    pub(super) alter: bool,

    /// Show topics and their partitions
    ///
    /// A topic is one copy on this machine: its only replica is 0, which leads and is in sync.
    #[arg(long, help_heading = "Actions", overrides_with = "describe")]
    pub(super) describe: bool,

    /// List the names of topics, sorted; an empty line if there is none
    #[arg(long, help_heading = "Actions", overrides_with = "list")]
    pub(super) list: bool,

    /// Name the topic to create; else the topics that match: REGEX or /stream:REGEX
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    pub(super) topic: Option<String>,

    /// Describe the topic with this identity, as --describe prints it
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) topic_id: Option<String>,

    /// Divide the topic into so many partitions, 1 to 4096; with --alter more than it has
    /// [default: the stream's -defaultpartitions]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) partitions: Option<i32>,

    /// Accept how many copies a cluster would keep; there is one here
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) replication_factor: Option<i32>,

    /// Create as many partitions as this names replicas for, such as 1:2,2:3; the brokers have no
    /// effect
    #[arg(long, value_name = "BROKER:BROKER,...", allow_hyphen_values = true)]
    pub(super) replica_assignment: Option<String>,

    /// Set a config of the topic that is created
    ///
    /// message.timestamp.type acts. Of any other config a line on standard error says why it does
    /// not, and where there is such an attribute of the stream, the command that sets it; unless it
    /// asks for what is so anyway.
    #[arg(long, value_name = "CONFIG=VALUE", allow_hyphen_values = true)]
    pub(super) config: Vec<String>,

    /// Accept the name of a config to reset; Kafka's tool no longer does it either
    #[arg(long, value_name = "CONFIG", allow_hyphen_values = true)]
    pub(super) delete_config: Vec<String>,

    /// Succeed without a word if no topic matches
    #[arg(long, overrides_with = "if_exists")]
    pub(super) if_exists: bool,

    /// Succeed without a word if the topic is there already, and leave it as it is
    #[arg(long, overrides_with = "if_not_exists")]
    pub(super) if_not_exists: bool,

    /// Leave out topics that Kafka keeps for itself, such as __consumer_offsets
    #[arg(long, overrides_with = "exclude_internal")]
    pub(super) exclude_internal: bool,

    /// Describe only partitions with replicas out of sync: there are none
    #[arg(long, help_heading = "Filters", overrides_with = "under_replicated_partitions")]
    pub(super) under_replicated_partitions: bool,

    /// Describe only partitions without a leader: there are none
    #[arg(long, help_heading = "Filters", overrides_with = "unavailable_partitions")]
    pub(super) unavailable_partitions: bool,

    /// Describe only partitions with fewer replicas in sync than they need: there are none
    #[arg(long, help_heading = "Filters", overrides_with = "under_min_isr_partitions")]
    pub(super) under_min_isr_partitions: bool,

    /// Describe only partitions with just as many replicas in sync as they need: one, so all of them
    #[arg(long, help_heading = "Filters", overrides_with = "at_min_isr_partitions")]
    pub(super) at_min_isr_partitions: bool,

    /// Describe only topics with configs of their own, without their partitions
    #[arg(long, help_heading = "Filters", overrides_with = "topics_with_overrides")]
    pub(super) topics_with_overrides: bool,

    /// Accept how many partitions a broker would describe at a time; all are described
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    partition_size_limit_per_response: Option<i32>,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    #[arg(long, value_name = "HOST:PORT,...")]
    pub(super) bootstrap_server: Option<String>,

    /// Accept the address of ZooKeeper, as tools before Kafka 3.0 want it; without effect for
    /// /stream:topic, or beside --bootstrap-server
    #[arg(long, value_name = "HOST:PORT,...")]
    pub(super) zookeeper: Option<String>,

    /// Read the properties of a client from a Java properties file; there is no connection that they
    /// could change
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    command_config: Option<PathBuf>,

    /// Accept a word of older tools; nobody is asked anyway
    #[arg(long, overrides_with = "force")]
    force: bool,

    /// Accept a word of older tools; there are no racks
    #[arg(long, overrides_with = "disable_rack_aware")]
    disable_rack_aware: bool,

    /// Print help
    #[arg(long, action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,

    /// Print version
    #[arg(long, action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Create,
    Delete,
    Alter,
    Describe,
    List,
}

impl Task {
    /// Returns its option, without dashes.
    pub(super) fn option(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Alter => "alter",
            Self::Describe => "describe",
            Self::List => "list",
        }
    }
}

/// Returns the definition of the program's arguments.
pub(crate) fn command() -> Command {
    Arguments::command()
}

/// Runs the program.
///
/// # Errors
///
/// The arguments make no sense together (exit 2), or whatever stopped the run.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session) -> Result<Exit, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::new(error)))?;
    let task = arguments.checked()?;
    arguments.carry_out(task, session).map_err(while_executing)?;
    Ok(Exit::Done)
}

/// Puts in front of a failure what Kafka's tool does.
fn while_executing(failure: Failure) -> Failure {
    // A colon is set between an error and its cause.
    let error = failure.error.context("Error while executing topic command ");
    Failure { error, ..failure }
}

impl Arguments {
    fn carry_out(&self, task: Task, session: &Session) -> Result<(), Failure> {
        if let Some(file) = &self.command_config {
            Properties::from_file("command-config", file).map_err(leave_out)?;
        }
        if self.partition_size_limit_per_response.is_some() {
            note(session, "--partition-size-limit-per-response", "all partitions are described");
        }
        match task {
            Task::Create => create::run(self, session),
            Task::Delete => change::delete(self, session),
            Task::Alter => change::alter(self, session),
            Task::Describe => show::describe(self, session),
            Task::List => show::list(self, session),
        }
    }

    /// Returns the address that is given, whatever kind of server it is of.
    pub(super) fn address(&self) -> Option<&str> {
        // Behind the servers of ZooKeeper a path may stand.
        let zookeeper =
            || self.zookeeper.as_deref().map(|text| text.split('/').next().unwrap_or(text));
        self.bootstrap_server.as_deref().or_else(zookeeper)
    }

    /// Returns the topics that are named; all if none is.
    pub(super) fn named(&self, session: &Session) -> Result<NamedTopics, Failure> {
        let default_stream = session.environment.default_stream.as_deref();
        NamedTopics::of(self.topic.as_deref(), self.address(), default_stream)
    }
}

/// Adds what to do about a file that is of no use here anyway.
pub(crate) fn leave_out(failure: Failure) -> Failure {
    failure.with_hint("leave out --command-config: there is no connection that it could change")
}

/// Says on standard error that something on the command line changes nothing.
pub(super) fn note(session: &Session, what: &str, why: &str) {
    session.terminal.note(&format!("{}: {what} has no effect: {why}", session.name));
}
