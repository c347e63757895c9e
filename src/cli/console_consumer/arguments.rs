//! The options of `console-consumer` and what they mean together.

use std::time::Duration;

use clap::{ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::option_groups::{OptionGroups, grouped};
use crate::cli::place::{self, Place};
use crate::cli::session::Session;
use crate::consume::Order;

use super::effects;
use super::explain;
use super::filter::FilterArguments;
use super::format::{Format, FormatArguments};
use super::formatter::Formatter;
use super::formatter_class::FormatterClass;
use super::group_options::GroupArguments;
use super::kafka_options::KafkaOptions;
use super::properties::{FromOptions, GroupOptions, Settings};
use super::reading::{self, ReadingArguments, Source};
use super::sources::Sources;
use super::watching::{self, WatchArguments, Watching};

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
    /// Read this topic: /stream:topic; or those that match: /stream:^REGEX
    ///
    /// A name without a path belongs to $STREAMPATH_DEFAULT_STREAM, else to /kafka.
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Name the topic by position instead of with --topic
    #[arg(value_name = "TOPIC")]
    position: Option<String>,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    ///
    /// For a topic without a path a loopback address means /kafka; any other one is refused, for
    /// nothing is read here from another machine.
    #[arg(long, value_name = "HOST:PORT,...", allow_hyphen_values = true)]
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

    #[command(flatten)]
    reading: ReadingArguments,

    /// Stop after so many records; -1 is no limit
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    max_messages: Option<i64>,

    /// Stop when no record is printed for so many milliseconds; without --expect the status is then 0
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    timeout_ms: Option<i64>,

    #[command(flatten)]
    format: FormatArguments,

    /// Set what is printed; may be given several times
    ///
    /// print.timestamp, print.partition, print.offset, print.headers, print.key, print.delivery and
    /// print.epoch (false), print.value (true); key.separator=TEXT (a tab) between columns,
    /// line.separator=TEXT, headers.separator=TEXT (a comma), null.literal=TEXT (null);
    /// key.deserializer=CLASS, value.deserializer=CLASS, headers.deserializer=CLASS.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    formatter_property: Vec<String>,

    /// Set what is printed, as older tools spell it; not together with --formatter-property
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    property: Vec<String>,

    #[command(flatten)]
    filter: FilterArguments,

    /// Read for a group, from where it has come to
    ///
    /// What was printed is committed every 5 seconds and on leaving. A partition in which the group
    /// has no cursor is read from the end, or with --from-beginning from the beginning. All that
    /// read for one group share the partitions of the topic; one that is killed is replaced by the
    /// others at once, and one that is stopped after session.timeout.ms: it then ends with status 9.
    /// Damaged records are not passed: reading stops before them with status 7. Reads one topic; not
    /// together with --partition, --from or --last.
    #[arg(long, value_name = "GROUP", allow_hyphen_values = true)]
    group: Option<String>,

    /// With --group, go on behind damaged records, and commit past them
    #[arg(long)]
    skip_corrupt: bool,

    #[command(flatten)]
    in_group: GroupArguments,

    #[command(flatten)]
    kafka: KafkaOptions,

    #[command(flatten)]
    watch: WatchArguments,

    /// Set a property of the consumer; may be given several times
    ///
    /// group.id=GROUP; auto.offset.reset=earliest, latest, none or by_duration:PT1H, for readers
    /// without group and for partitions in which the group has no cursor; enable.auto.commit (true),
    /// with false nothing is committed; auto.commit.interval.ms (5000); session.timeout.ms (45000),
    /// max.poll.interval.ms (300000); partition.assignment.strategy; isolation.level; client.id;
    /// and more that --explain-options tells.
    #[arg(long, value_name = "PROPERTY=VALUE", allow_hyphen_values = true)]
    command_property: Vec<String>,

    /// Set a property, as older tools spell it; not together with --command-property
    #[arg(long, value_name = "PROPERTY=VALUE", allow_hyphen_values = true)]
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
    /// The topics to read.
    pub(crate) source: Source,
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
    /// With how many of the newest records to start, instead of at `from`.
    pub(crate) last: Option<u64>,
    /// The order of what is printed.
    pub(crate) order: Order,
    /// After how many records to stop.
    pub(crate) records_max: Option<u64>,
    /// After how long a silence to stop.
    pub(crate) silence_max: Option<Duration>,
    /// Records of transactions that are not committed are left out.
    pub(crate) committed_only: bool,
    /// How much is read at a time. Bytes.
    pub(crate) read_bytes: usize,
    /// How many records are collected at most before they are handed on.
    pub(crate) records_at_once: Option<u64>,
    /// What is made of each record.
    pub(crate) class: FormatterClass,
    /// How records are printed.
    pub(crate) formatter: Formatter,
    /// What they look like if not as the formatter has them.
    pub(super) format: Format,
    /// A record that cannot be printed is told and skipped.
    pub(crate) skip_message_on_error: bool,
    /// The end is told on standard output.
    pub(crate) systest_events: bool,
    /// There are conditions on records.
    pub(super) filters: bool,
    /// Records are counted instead of printed.
    pub(super) count: bool,
    /// How reading goes.
    pub(super) watching: Watching,
}

/// The headings of the help.
const GROUPS: OptionGroups = &[
    (
        "Where to read",
        &[
            "topic",
            "include",
            "whitelist",
            "partition",
            "from",
            "until",
            "last",
            "from-beginning",
            "offset",
            "order",
            "tz",
            "bootstrap-server",
            "zookeeper",
        ],
    ),
    ("When to stop", &["max-messages", "timeout-ms", "expect", "within"]),
    (
        "What to print",
        &[
            "format",
            "delimiter",
            "null",
            "keys-only",
            "headers-only",
            "cut",
            "raw-terminal",
            "formatter-property",
            "property",
            "formatter-config",
            "key-deserializer",
            "value-deserializer",
            "formatter",
        ],
    ),
    ("Filters", &["grep", "grep-key", "grep-header", "select", "invert-match", "count"]),
    ("Groups", &["group", "commit-each", "verbose", "skip-corrupt"]),
    ("How to read", &["pace", "max-gap", "on-error", "skip-message-on-error", "isolation-level"]),
    (
        "Kafka's settings",
        &[
            "command-property",
            "consumer-property",
            "command-config",
            "consumer.config",
            "enable-systest-events",
            "new-consumer",
        ],
    ),
    ("What is told", &["summary", "quiet", "explain", "explain-options", "help", "version"]),
];

/// Returns the definition of the program's arguments.
pub(crate) fn command() -> Command {
    grouped("console-consumer", &Arguments::command(), GROUPS)
}

/// Runs the program.
///
/// # Errors
///
/// The arguments make no sense together (exit 2), or whatever stopped the run.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session) -> Result<Exit, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::new(error)))?;
    if arguments.kafka.explain_options {
        let sources = arguments.sources();
        let (mut consumer, pairs) = sources.of_consumer(session)?;
        consumer.override_with(pairs);
        let text = effects::explain(&consumer, &sources.formatter_properties(session)?);
        session.terminal.write(text.as_bytes())?;
        return Ok(Exit::Done);
    }
    let filter = arguments.filter.clone();
    let options = arguments.checked(session)?;
    let filter = filter.checked()?;
    if options.watching.explain {
        return explain::run(&options, session);
    }
    super::run::run(&options, filter, session)
}

impl Arguments {
    /// Returns the options that are there and concern Kafka's formatter.
    fn of_kafkas_formatter(&self) -> Vec<&'static str> {
        let options = [
            (!self.property.is_empty(), "--property"),
            (!self.formatter_property.is_empty(), "--formatter-property"),
            (self.kafka.formatter.is_some(), "--formatter"),
            (self.kafka.formatter_config.is_some(), "--formatter-config"),
            (self.kafka.key_deserializer.is_some(), "--key-deserializer"),
            (self.kafka.value_deserializer.is_some(), "--value-deserializer"),
        ];
        options.into_iter().filter_map(|(given, name)| given.then_some(name)).collect()
    }

    /// Checks in the order of Kafka's tool.
    fn checked(self, session: &Session) -> Result<Options, Failure> {
        self.reading.check_naming(&self.others(&session.name, None))?;
        self.refuse_two_starts()?;
        let format = self.format.checked(&self.of_kafkas_formatter())?;
        let sources = self.sources();
        let (file, pairs) = sources.of_consumer(session)?;
        let options = FromOptions {
            group: self.group.as_deref(),
            from_beginning: self.from_beginning,
            has_partition: self.partition.is_some(),
            isolation_level: self.kafka.isolation_level.as_deref(),
        };
        let settings = Settings::new(file, pairs, options, session.environment.clock.now())?;
        if settings.group.is_some() && self.from.is_some() {
            return Err(Failure::usage("Options group and from cannot be specified together.")
                .with_hint("a group without cursors starts anew: streamctl stream cursor delete"));
        }
        let zone = self.reading.zone(session)?;
        let place = |option: &Option<String>| {
            option
                .as_deref()
                .map(|text| place::parse(text, session.environment.clock.now(), &zone))
                .transpose()
                .map_err(Failure::usage)
        };
        let from = self.start(&settings, place(&self.from)?)?;
        let until = place(&self.until)?;
        let (class, formatter) = sources.of_formatter(session, self.format.properties())?;
        let records_max = self.max_messages.and_then(records_max);
        let watching = self.watch.clone().checked(watching::Others {
            records_max,
            ends: self.timeout_ms.is_some() || self.until.is_some(),
            skip_corrupt: self.skip_corrupt,
            count: self.filter.count,
        })?;
        let address = self.kafka.address(self.bootstrap_server.as_deref());
        let address = address.or(settings.address.as_deref());
        let others = self.others(&session.name, address);
        let source = self.reading.source(&others, session)?;
        if settings.group.is_some() {
            self.reading.check_group()?;
        }
        let last = self.reading.last(&others)?;
        if last.is_some() && settings.committed_only {
            return Err(Failure::usage(
                "Options last and isolation-level read_committed cannot be specified together.",
            ));
        }
        Ok(Options {
            source,
            partition: self.partition,
            skip_corrupt: self.skip_corrupt,
            from,
            until,
            last,
            order: self.reading.order(),
            records_max: watching.records_max(records_max),
            silence_max: self
                .timeout_ms
                .and_then(|ms| u64::try_from(ms).ok())
                .map(Duration::from_millis),
            format,
            committed_only: settings.committed_only,
            read_bytes: settings.read_bytes,
            records_at_once: settings.records_at_once,
            group: self.in_group.add_to(settings.group)?,
            class,
            formatter,
            skip_message_on_error: self.kafka.skip_message_on_error,
            systest_events: self.kafka.enable_systest_events,
            filters: self.filter.is_given(),
            count: self.filter.count,
            watching,
        })
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            command_property: &self.command_property,
            consumer_property: &self.consumer_property,
            formatter_property: &self.formatter_property,
            property: &self.property,
            kafka: &self.kafka,
        }
    }

    /// What the rest of the line says about where to read.
    fn others<'a>(&'a self, name: &'a str, address: Option<&'a str>) -> reading::Others<'a> {
        let starts = [
            (self.from.is_some(), "from"),
            (self.from_beginning, "from-beginning"),
            (self.offset.is_some(), "offset"),
        ];
        reading::Others {
            name,
            topic: self.topic.as_deref(),
            position: self.position.as_deref(),
            address,
            partition: self.partition.is_some(),
            start: starts.into_iter().find_map(|(given, name)| given.then_some(name)),
        }
    }

    /// Returns where to start without a group.
    fn start(&self, settings: &Settings, from: Option<Place>) -> Result<Place, Failure> {
        match (&self.offset, from) {
            (_, Some(place)) => Ok(place),
            (Some(offset), None) => offset_place(offset),
            // As in Kafka's tool, only what stands on the command line moves a single partition.
            (None, None) if self.partition.is_some() => {
                Ok(if self.from_beginning { Place::Beginning } else { Place::End })
            }
            (None, None) => match settings.start {
                Some(place) => Ok(place),
                // Its cursors say where, and it refuses if there are none.
                None if settings.group.is_some() => Ok(Place::End),
                None => Err(Failure::message(
                    Exit::Failed,
                    "Undefined offset with no reset policy: auto.offset.reset=none without a group",
                )
                .with_hint("say where to start: --from-beginning, or --from end")),
            },
        }
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
            "The provided offset value '{}' is incorrect. Valid values are 'earliest', \
             'latest', or a non-negative long.",
            printable(text)
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

    use super::{Arguments, GROUPS, command, offset_place, records_max};
    use crate::cli::option_groups::assert_complete;
    use crate::cli::place::Place;

    #[test]
    fn every_option_is_below_a_heading() {
        assert_complete(&command(), GROUPS);
    }

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
