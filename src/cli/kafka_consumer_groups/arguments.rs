//! The options of `kafka-consumer-groups`, and which action they ask for.

use std::path::PathBuf;

use anyhow::Error;
use clap::{ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::failure::{Exit, Failure};
use crate::cli::kafka_settings::Properties;
use crate::cli::session::Session;

use super::scope::Scope;
use super::{delete, describe, expression, list, reset};

/// Work on groups as Kafka's tool does
///
/// Exactly one action is given. Groups belong to a stream. Plain names of groups and topics belong to
/// $STREAMPATH_DEFAULT_STREAM, else, if the address is one of this machine or none, to stream
/// /kafka. `--group /stream:GROUP` or `--topic /stream:TOPIC` names another stream, and `--group
/// /stream` alone all groups of it; no address is looked at then. One call is about one stream.
/// Groups and topics are printed as they are named: plain, or with their stream.
///
/// What fails ends with the status below, where Kafka's tool ends with 0.
#[derive(Debug, Parser)]
#[command(
    name = "kafka-consumer-groups",
    version,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Kafka's tool")]
pub(super) struct Arguments {
    /// List the names of groups
    #[arg(long, help_heading = "Actions", overrides_with = "list")]
    pub(super) list: bool,

    /// Show how far groups are, or their members, or their state
    ///
    /// A group or partition that has nothing to show in a column has `-` there. All members run on
    /// this machine, 127.0.0.1. There is no coordinator: its place says localhost:0.
    #[arg(long, help_heading = "Actions", overrides_with = "describe")]
    pub(super) describe: bool,

    /// Delete groups: forget where they read on; refused while they have members
    #[arg(long, help_heading = "Actions", overrides_with = "delete")]
    pub(super) delete: bool,

    /// Set where groups read on; refused while they have members
    #[arg(long, help_heading = "Actions", overrides_with = "reset_offsets")]
    pub(super) reset_offsets: bool,

    /// Forget where a group reads on in the topics that are named
    #[arg(long, help_heading = "Actions", overrides_with = "delete_offsets")]
    pub(super) delete_offsets: bool,

    /// Say whether this is a regular expression; status 6 if it is none
    #[arg(long, help_heading = "Actions", value_name = "REGEX", allow_hyphen_values = true)]
    pub(super) validate_regex: Option<String>,

    /// Name a group, as GROUP or /stream:GROUP; /stream is all groups of a stream
    #[arg(long, value_name = "GROUP", allow_hyphen_values = true)]
    pub(super) group: Vec<String>,

    /// Mean all groups of the stream
    #[arg(long, overrides_with = "all_groups")]
    pub(super) all_groups: bool,

    /// Name a topic, as TOPIC or /stream:TOPIC, or some of its partitions, as TOPIC:0,1
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    pub(super) topic: Vec<String>,

    /// Mean all topics that the group has a cursor in
    #[arg(long, overrides_with = "all_topics")]
    pub(super) all_topics: bool,

    #[command(flatten)]
    pub(super) shown: Shown,

    #[command(flatten)]
    pub(super) goals: Goals,

    /// Accept how long the servers of a cluster are waited for, in milliseconds; there are none here
    #[arg(long, help_heading = None, value_name = "MS", allow_hyphen_values = true)]
    timeout: Option<i64>,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    #[arg(long, help_heading = None, value_name = "HOST:PORT,...")]
    pub(super) bootstrap_server: Option<String>,

    /// Read the properties of a client from a Java properties file; there is no connection that they
    /// could change
    #[arg(long, help_heading = None, value_name = "FILE", allow_hyphen_values = true)]
    command_config: Option<PathBuf>,

    /// Print help
    #[arg(long, help_heading = None, action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,

    /// Print version
    #[arg(long, help_heading = None, action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

/// What is shown of a group.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is shown")]
pub(super) struct Shown {
    /// Describe how far the group is in each partition; the default
    #[arg(long, overrides_with = "offsets")]
    pub(super) offsets: bool,

    /// Describe the members of the group
    #[arg(long, overrides_with = "members")]
    pub(super) members: bool,

    /// Describe the state of the group; with --list the state of each, of all or of those in these
    /// states
    ///
    /// A group is Stable while it has a member, else Empty. PreparingRebalance,
    /// CompletingRebalance, Assigning, Reconciling and Dead are names of states, too.
    #[arg(long, value_name = "STATE,...", num_args = 0..=1, default_missing_value = "")]
    pub(super) state: Option<String>,

    /// List the type of each group, of all or of those of these types: classic, consumer; every group
    /// here is of type Consumer
    #[arg(long = "type", value_name = "TYPE,...", num_args = 0..=1, default_missing_value = "")]
    pub(super) kind: Option<String>,

    /// Describe more: epochs, and who is assigned what
    #[arg(long, overrides_with = "verbose")]
    pub(super) verbose: bool,
}

/// Where groups are to read on, and whether that is done.
#[derive(Debug, Args)]
#[command(next_help_heading = "Where to read on")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Kafka's tool")]
pub(super) struct Goals {
    /// Read on at this offset
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) to_offset: Option<i64>,

    /// Read on so many messages further, or further back if it is negative
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) shift_by: Option<i64>,

    /// Read on at the first message of this time or later, YYYY-MM-DDTHH:mm:ss.sss[Z|+hh:mm]; UTC
    /// without a zone
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) to_datetime: Option<String>,

    /// Read on at the first message of so long ago or later, PnDTnHnMnS
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub(super) by_duration: Option<String>,

    /// Read on at the first message
    #[arg(long, overrides_with = "to_earliest")]
    pub(super) to_earliest: bool,

    /// Read on behind the last message
    #[arg(long, overrides_with = "to_latest")]
    pub(super) to_latest: bool,

    /// Read on at the offsets of a file, as --export prints them
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    pub(super) from_file: Option<PathBuf>,

    /// Read on where the group reads on now; behind the last message where it never read
    #[arg(long, overrides_with = "to_current")]
    pub(super) to_current: bool,

    /// Change nothing, print what would be set; the default, with a warning
    #[arg(long, overrides_with = "dry_run")]
    pub(super) dry_run: bool,

    /// Set it; nobody is asked
    #[arg(long, overrides_with = "execute")]
    pub(super) execute: bool,

    /// Print it as CSV: topic,partition,offset, with the group in front if several are meant
    #[arg(long, overrides_with = "export")]
    pub(super) export: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    List,
    Describe,
    Delete,
    ResetOffsets,
    DeleteOffsets,
    ValidateRegex,
}

impl Task {
    /// Returns its option, without dashes.
    pub(super) fn option(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Describe => "describe",
            Self::Delete => "delete",
            Self::ResetOffsets => "reset-offsets",
            Self::DeleteOffsets => "delete-offsets",
            Self::ValidateRegex => "validate-regex",
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
        .map_err(|error| Failure::new(Exit::Bug, Error::new(error)))?;
    let task = arguments.checked(session)?;
    arguments.carry_out(task, session).map_err(while_executing)
}

/// Puts in front of a failure what Kafka's tool does, unless the command line is at fault.
fn while_executing(failure: Failure) -> Failure {
    if failure.is_quiet() || failure.exit == Exit::Usage {
        return failure;
    }
    let text = format!("Error: Executing consumer group command failed due to {failure}");
    Failure { error: Error::msg(text), ..failure }
}

impl Arguments {
    fn carry_out(&self, task: Task, session: &Session) -> Result<Exit, Failure> {
        if let Some(file) = &self.command_config {
            Properties::from_file("command-config", file)?;
        }
        if self.timeout.is_some() {
            note(session, "timeout", "no server has to be waited for");
        }
        if let (Task::ValidateRegex, Some(text)) = (task, &self.validate_regex) {
            return expression::validate(text, session);
        }
        let scope = Scope::of(self, session)?;
        match task {
            Task::List => list::run(self, &scope, session),
            Task::Describe => describe::run(self, &scope, session),
            Task::Delete => delete::groups(&scope, session),
            Task::ResetOffsets => reset::run(self, &scope, session),
            Task::DeleteOffsets => delete::offsets(&scope, session),
            Task::ValidateRegex => unreachable!("it needs no stream"),
        }
    }
}

/// Says on standard error that an option changes nothing.
pub(super) fn note(session: &Session, option: &str, why: &str) {
    session.terminal.note(&format!("{}: --{option} has no effect: {why}", session.name));
}
