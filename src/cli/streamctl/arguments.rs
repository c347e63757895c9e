//! The commands of `streamctl` and the options that all of them share.

use clap::{
    ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand,
};

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::Format;
use crate::cli::session::Session;
use crate::cli::terminal::Colour;

use super::{
    assign_list, cursor_delete, cursor_list, cursor_set, errors, group_delete, group_describe,
    group_edit, group_list, group_reset, later, links, store_check, store_info, stream_create,
    stream_delete, stream_edit, stream_info, stream_list, stream_purge, topic_create, topic_delete,
    topic_describe, topic_edit, topic_info, topic_list,
};

/// Create, describe, list and delete streams and topics
///
/// A stream is a directory of the store; /stream:topic names a topic in it. Options may be spelled
/// with one dash or two, and take their value as the next word or behind `=`. The word `stream`
/// before `topic` may be left out.
#[derive(Debug, Parser)]
#[command(
    name = "streamctl",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,

    #[command(subcommand)]
    group: Group,

    /// Print version
    #[arg(long, help_heading = "Options of every command", action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

#[derive(Debug, Args)]
struct Shared {
    /// Print the answer in MapR's JSON envelope; short for -format json
    #[arg(long, global = true, help_heading = "Options of every command")]
    json: bool,

    /// Choose how listings are printed
    #[arg(long, global = true, help_heading = "Options of every command", value_name = "FORMAT")]
    format: Option<Format>,

    /// Leave out the line of names above a listing
    #[arg(long, global = true, help_heading = "Options of every command")]
    noheader: bool,

    /// Say when to use colour
    #[arg(
        long,
        global = true,
        help_heading = "Options of every command",
        value_name = "WHEN",
        default_value = "auto"
    )]
    color: Colour,

    /// Print help
    #[arg(long, global = true, help_heading = "Options of every command", action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,
}

// A command's texts stand in its own file: a comment on its variant here would replace them.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "a run makes one of them")]
enum Group {
    /// Work on streams
    ///
    /// A stream is a directory of topics that share its attributes: how long messages are kept, how
    /// they are compressed and stamped, and who may do what. Its path names it, such as
    /// /sample-stream or /apps/gps.
    #[command(subcommand, arg_required_else_help = true)]
    Stream(Stream),
    /// Work on groups of consumers
    ///
    /// A group is a name under which consumers share the partitions of topics and remember where they
    /// read on. Every console-consumer that is given the name is a member for as long as it runs; each
    /// partition is read by one of them, and when members come, go or are killed, the others share anew.
    /// Nothing runs besides them. What is remembered is a cursor for each partition: the offset of the
    /// next message.
    ///
    /// A group belongs to a stream, and is there as long as it has a cursor, a running member or
    /// settings: nobody has to create it. Cursors of a group without members expire: after a week, or
    /// with the messages if the stream keeps those for longer, or when `group edit` says. streams(7)
    /// draws how partitions go from one member to another.
    #[command(subcommand, name = "group", arg_required_else_help = true)]
    OfConsumers(GroupVerb),
    Links(links::Arguments),
    Errors(errors::Arguments),
    /// Work on the whole store
    ///
    /// The store is the directory that all streams are in. Nothing runs there: these commands look
    /// at the files themselves.
    #[command(subcommand, arg_required_else_help = true)]
    Store(Store),
}

#[derive(Debug, Subcommand)]
enum Stream {
    Create(stream_create::Arguments),
    Edit(stream_edit::Arguments),
    Info(stream_info::Arguments),
    List(stream_list::Arguments),
    Delete(stream_delete::Arguments),
    Purge(stream_purge::Arguments),
    /// Work on the topics of a stream
    ///
    /// A topic is a named sequence of messages, divided into partitions that are numbered from 0.
    /// Order is kept within a partition. How many partitions a topic has and whose clock stamps its
    /// messages are its own; all other attributes are its stream's. The word `stream` may be left
    /// out.
    #[command(subcommand, arg_required_else_help = true)]
    Topic(Topic),
    /// Work on the cursors of groups
    ///
    /// A cursor is the offset of the message that a group of consumers reads next in a partition.
    /// Consumers commit it as they go on, and begin there when they come back. The word `stream`
    /// may be left out.
    #[command(subcommand, arg_required_else_help = true)]
    Cursor(Cursor),
    /// Look at what running consumers read
    ///
    /// A consumer that runs for a group has partitions assigned to it. The word `stream` may be left
    /// out.
    #[command(subcommand, arg_required_else_help = true)]
    Assign(Assign),
    /// Replicas come later
    #[command(hide = true)]
    Replica(later::Arguments),
    /// Upstreams come later
    #[command(hide = true)]
    Upstream(later::Arguments),
}

#[derive(Debug, Subcommand)]
enum Cursor {
    List(cursor_list::Arguments),
    Delete(cursor_delete::Arguments),
    Set(cursor_set::Arguments),
}

#[derive(Debug, Subcommand)]
enum GroupVerb {
    List(group_list::Arguments),
    Describe(group_describe::Arguments),
    Edit(group_edit::Arguments),
    Delete(group_delete::Arguments),
    ResetOffsets(group_reset::Arguments),
}

#[derive(Debug, Subcommand)]
enum Assign {
    List(assign_list::Arguments),
}

#[derive(Debug, Subcommand)]
enum Topic {
    Create(topic_create::Arguments),
    Edit(topic_edit::Arguments),
    List(topic_list::Arguments),
    Info(topic_info::Arguments),
    Describe(topic_describe::Arguments),
    Delete(topic_delete::Arguments),
}

#[derive(Debug, Subcommand)]
enum Store {
    Info(store_info::Arguments),
    Check(store_check::Arguments),
}

/// Returns the definition of the program's arguments.
pub(crate) fn command() -> Command {
    Arguments::command()
}

/// Runs the program.
///
/// # Errors
///
/// Whatever stopped the command.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session) -> Result<Exit, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::new(error)))?;
    arguments.shared.apply(session)?;
    if let Group::Stream(Stream::Replica(words) | Stream::Upstream(words)) = &arguments.group
        && words.asks_for_json()
    {
        session.format = Some(Format::Json);
    }
    let session = &*session;
    let done = |()| Exit::Done;
    match arguments.group {
        Group::Stream(Stream::Create(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::Edit(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::Info(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::List(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::Delete(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::Purge(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::Topic(topic)) => match topic {
            Topic::Create(arguments) => arguments.run(session).map(done),
            Topic::Edit(arguments) => arguments.run(session).map(done),
            Topic::List(arguments) => arguments.run(session),
            Topic::Info(arguments) => arguments.run(session).map(done),
            Topic::Describe(arguments) => arguments.run(session),
            Topic::Delete(arguments) => arguments.run(session).map(done),
        },
        Group::Stream(Stream::Replica(words)) => Err(words.refuse("replica")),
        Group::Stream(Stream::Upstream(words)) => Err(words.refuse("upstream")),
        Group::Errors(arguments) => arguments.run(session).map(done),
        Group::Store(Store::Info(arguments)) => arguments.run(session).map(done),
        Group::Stream(Stream::Cursor(cursor)) => match cursor {
            Cursor::List(arguments) => arguments.run(session),
            Cursor::Delete(arguments) => arguments.run(session).map(done),
            Cursor::Set(arguments) => arguments.run(session).map(done),
        },
        Group::Stream(Stream::Assign(Assign::List(arguments))) => arguments.run(session),
        Group::OfConsumers(GroupVerb::List(arguments)) => arguments.run(session),
        Group::OfConsumers(GroupVerb::Describe(arguments)) => arguments.run(session),
        Group::OfConsumers(GroupVerb::Edit(arguments)) => arguments.run(session).map(done),
        Group::OfConsumers(GroupVerb::Delete(arguments)) => arguments.run(session).map(done),
        Group::OfConsumers(GroupVerb::ResetOffsets(arguments)) => arguments.run(session).map(done),
        Group::Links(arguments) => arguments.run(session).map(done),
        Group::Store(Store::Check(arguments)) => arguments.run(session),
    }
}

impl Shared {
    fn apply(&self, session: &mut Session) -> Result<(), Failure> {
        if self.color != Colour::Auto {
            session.terminal.colour = self.color;
        }
        session.header = !self.noheader;
        session.format = match (self.json, self.format) {
            (true, Some(format)) if format != Format::Json => {
                return Err(Failure::usage("-json asks for one format and -format for another")
                    .with_hint("give one of the two"));
            }
            (true, _) => Some(Format::Json),
            (false, format) => format,
        };
        Ok(())
    }
}
