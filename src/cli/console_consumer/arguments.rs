//! The options of `console-consumer` and what they mean together.

use std::time::Duration;

use clap::{ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::console_producer::{name_and_value, one_topic};
use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::place::{self, Place};
use crate::cli::session::Session;
use crate::cli::target::{Destination, resolve};

use super::format::{Format, FormatArguments};
use super::formatter::Formatter;
use super::properties::{GroupOptions, Properties};

/// Print the records of a topic
///
/// Without more, records that are written from now on, as they come, from all partitions. The last
/// line on standard error counts what was printed.
#[derive(Debug, Parser)]
#[command(
    name = "console-consumer",
    version,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    /// Read this topic: /stream:topic
    ///
    /// A name without a path belongs to $STREAMPATH_DEFAULT_STREAM, else to /kafka.
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Name the topic by position instead of with --topic
    #[arg(value_name = "TOPIC")]
    position: Option<String>,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    #[arg(long, value_name = "HOST:PORT,...")]
    bootstrap_server: Option<String>,

    /// Start with the first record that is there
    #[arg(long)]
    from_beginning: bool,

    /// Read this partition only
    #[arg(long, value_name = "PARTITION", allow_hyphen_values = true)]
    partition: Option<u32>,

    /// Start at earliest, latest or an offset of the partition named
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    offset: Option<String>,

    /// Start at a place, in each partition
    ///
    /// An offset (42); -N for N before the end; a time (@2026-11-22T10:00:00Z, @1700000000, @today,
    /// @yesterday, "@yesterday 14:00", @now); a duration ago (10m, 2h30m); beginning or end. Not
    /// together with --offset or --from-beginning.
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    from: Option<String>,

    /// Stop before a place, written as for --from; end is the end as it is at the start
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    until: Option<String>,

    /// Stop after so many records; -1 is no limit
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    max_messages: Option<i64>,

    /// Stop when no record comes for so many milliseconds; the exit status is then 0 all the same
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    timeout_ms: Option<i64>,

    /// Set what is printed; may be given several times
    ///
    /// print.timestamp, print.partition, print.offset, print.headers and print.key (false),
    /// print.value (true); key.separator=TEXT (a tab) between columns, line.separator=TEXT,
    /// headers.separator=TEXT (a comma), null.literal=TEXT (null).
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    formatter_property: Vec<String>,

    /// Set what is printed, as older tools spell it; not together with --formatter-property
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    property: Vec<String>,

    #[command(flatten)]
    format: FormatArguments,

    /// Read for a group, from where it has come to
    ///
    /// What was printed is committed every 5 seconds and on leaving. A partition in which the group
    /// has no cursor is read from the end, or with --from-beginning from the beginning. A group has
    /// one member: a second one is refused with status 8. Damaged records are not passed: reading
    /// stops before them with status 7. Not together with --partition or --from.
    #[arg(long, value_name = "GROUP", allow_hyphen_values = true)]
    group: Option<String>,

    /// With --group, go on behind damaged records, and commit past them
    #[arg(long)]
    skip_corrupt: bool,

    /// Set a property of the consumer; may be given several times
    ///
    /// group.id=GROUP; auto.offset.reset=earliest, latest or none, for partitions in which the group
    /// has no cursor; enable.auto.commit (true), with false nothing is committed;
    /// auto.commit.interval.ms (5000). Others are named on standard error and not used.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    command_property: Vec<String>,

    /// Set a property, as older tools spell it; not together with --command-property
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    consumer_property: Vec<String>,

    /// Print help
    #[arg(long, action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,

    /// Print version
    #[arg(long, action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

/// What was asked of the consumer, checked.
#[derive(Debug)]
pub(crate) struct Options {
    /// The topic to read.
    pub(crate) destination: Destination,
    /// The only partition to read; `None` is all of them.
    pub(crate) partition: Option<u32>,
    /// The group to read for.
    pub(crate) group: Option<GroupOptions>,
    /// A group goes on behind damage.
    pub(crate) skip_corrupt: bool,
    /// Where to start.
    pub(crate) from: Place,
    /// Where to stop, exclusive; `None` goes on for ever.
    pub(crate) until: Option<Place>,
    /// After how many records to stop.
    pub(crate) records_max: Option<u64>,
    /// After how long a silence to stop.
    pub(crate) silence_max: Option<Duration>,
    /// How records are printed.
    pub(crate) formatter: Formatter,
    /// What they look like if not as the formatter has them.
    pub(super) format: Format,
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
    let options = arguments.checked(session)?;
    super::run::run(&options, session)
}

impl Arguments {
    /// Checks in the order of Kafka's tool.
    fn checked(self, session: &Session) -> Result<Options, Failure> {
        let topic = one_topic(self.topic.as_deref(), self.position.as_deref(), &session.name)?;
        self.refuse_two_starts()?;
        if !self.property.is_empty() && !self.formatter_property.is_empty() {
            return Err(Failure::usage(
                "Options --property and --formatter-property cannot be specified together.",
            ));
        }
        let kafkas = [
            (!self.property.is_empty(), "--property"),
            (!self.formatter_property.is_empty(), "--formatter-property"),
        ];
        let kafkas = kafkas.into_iter().filter_map(|(given, name)| given.then_some(name));
        let format = self.format.checked(&kafkas.collect::<Vec<_>>())?;
        let properties = Properties::of(&self.consumer_property, &self.command_property)?;
        let group = properties.group(self.group.as_deref(), self.from_beginning)?;
        if group.is_some() {
            self.refuse_with_group()?;
        }
        for name in &properties.unused {
            let name = printable(name);
            session.terminal.note(&format!("{}: property `{name}` is not used", session.name));
        }
        let place = |option: &Option<String>| {
            let moment = session.moment();
            option
                .as_deref()
                .map(|text| place::parse(text, moment.now, &moment.zone))
                .transpose()
                .map_err(Failure::usage)
        };
        let from = match (&self.offset, place(&self.from)?) {
            (_, Some(place)) => place,
            (Some(offset), None) => offset_place(offset)?,
            (None, None) => properties.start(self.from_beginning)?,
        };
        let shown = self.property.iter().chain(&self.formatter_property);
        let default_stream = session.environment.default_stream.as_deref();
        Ok(Options {
            destination: resolve(topic, self.bootstrap_server.as_deref(), default_stream)?,
            partition: self.partition,
            group,
            skip_corrupt: self.skip_corrupt,
            from,
            until: place(&self.until)?,
            records_max: self.max_messages.and_then(records_max),
            silence_max: self
                .timeout_ms
                .and_then(|ms| u64::try_from(ms).ok())
                .map(Duration::from_millis),
            formatter: Formatter::from_properties(
                shown.map(|pair| name_and_value(pair)).chain(self.format.properties()),
            ),
            format,
        })
    }

    fn refuse_with_group(&self) -> Result<(), Failure> {
        if self.partition.is_some() {
            return Err(Failure::usage(
                "Options group and partition cannot be specified together.",
            ));
        }
        if self.from.is_some() {
            return Err(Failure::usage("Options group and from cannot be specified together.")
                .with_hint("a group without cursors starts anew: streamctl stream cursor delete"));
        }
        Ok(())
    }

    fn refuse_two_starts(&self) -> Result<(), Failure> {
        if self.partition.is_some() && self.from_beginning && self.offset.is_some() {
            return Err(Failure::usage(
                "Options from-beginning and offset cannot be specified together.",
            ));
        }
        if self.partition.is_none() && self.offset.is_some() {
            return Err(Failure::usage("The partition is required when offset is specified."));
        }
        let kafkas = [(self.offset.is_some(), "offset"), (self.from_beginning, "from-beginning")];
        let ours = [(self.from.is_some(), "from"), (self.until.is_some(), "until")];
        let given = |options: [(bool, &'static str); 2]| {
            options.into_iter().find_map(|(given, name)| given.then_some(name))
        };
        if let (Some(kafka), Some(our)) = (given(kafkas), given(ours)) {
            return Err(Failure::usage(format!(
                "Options {our} and {kafka} cannot be specified together."
            ))
            .with_hint("say where to start with --from beginning, --from end or --from OFFSET"));
        }
        Ok(())
    }
}

/// Reads Kafka's `--offset`.
fn offset_place(text: &str) -> Result<Place, Failure> {
    if text.eq_ignore_ascii_case("earliest") {
        return Ok(Place::Beginning);
    }
    if text.eq_ignore_ascii_case("latest") {
        return Ok(Place::End);
    }
    match text.parse::<i64>() {
        Ok(offset) if offset >= 0 => Ok(Place::Offset(offset)),
        _ => Err(Failure::usage(format!(
            "The provided offset value '{text}' is incorrect. Valid values are 'earliest', \
             'latest', or a non-negative long."
        ))),
    }
}

/// Reads Kafka's `--max-messages`: -1 is no limit, other negative numbers are none at all.
fn records_max(count: i64) -> Option<u64> {
    (count != -1).then(|| u64::try_from(count).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Arguments, offset_place, records_max};
    use crate::cli::place::Place;

    fn refused(line: &str) -> String {
        let words = std::iter::once("console-consumer").chain(line.split_whitespace());
        let arguments = Arguments::try_parse_from(words).unwrap();
        arguments.refuse_two_starts().map_or_else(|failure| failure.to_string(), |()| String::new())
    }

    #[test]
    fn section_5_starts_that_exclude_each_other() {
        assert_eq!(refused("--topic t --partition 0 --offset 3"), "");
        assert_eq!(
            refused("--topic t --offset 10"),
            "The partition is required when offset is specified.",
            "5.25"
        );
        assert_eq!(
            refused("--topic t --partition 0 --offset 3 --from-beginning"),
            "Options from-beginning and offset cannot be specified together."
        );
        for line in ["--from -5 --from-beginning", "--until end --from-beginning"] {
            let text = refused(line);
            assert!(text.ends_with("and from-beginning cannot be specified together."), "{text}");
        }
        assert_eq!(refused("--from -5 --until end"), "");
    }

    #[test]
    fn section_5_offsets() {
        assert_eq!(offset_place("LatEst").unwrap(), Place::End, "5.7");
        assert_eq!(offset_place("earliest").unwrap(), Place::Beginning);
        assert_eq!(offset_place("3").unwrap(), Place::Offset(3), "5.3");
        for text in ["-100", "bad", ""] {
            let message = offset_place(text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("The provided offset value '{text}' is")), "5.31");
        }
    }

    #[test]
    fn section_2_1_message_counts() {
        assert_eq!(records_max(-1), None);
        assert_eq!(records_max(0), Some(0));
        assert_eq!(records_max(-7), Some(0));
        assert_eq!(records_max(7), Some(7));
    }
}
