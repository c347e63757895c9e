//! Properties of a Kafka consumer that mean something here, wherever they were given.

use std::time::Duration;

use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::kafka_settings::{Given, Properties};
use crate::cli::place::Place;
use crate::cli::session::Session;
use crate::consume::ConsumerConfig;
use crate::group::assign::Assignor;
use crate::group::{Reset, Timing};
use crate::path::check_group;
use crate::time::TimestampMs;

use super::effects::is_consumer_property;
use crate::cli::iso_duration::parse_iso_duration_ms;

/// Kafka's default of `auto.commit.interval.ms`.
const COMMIT_INTERVAL: Duration = Duration::from_secs(5);
/// How long the name of a static member may be. Characters, as in Kafka.
const INSTANCE_MAX: usize = 249;
/// Kafka's default of `client.id`.
const CLIENT_ID: &str = "console-consumer";

/// The group that is read for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupOptions {
    /// Its id.
    pub(crate) id: String,
    /// What this member calls itself.
    pub(crate) client: String,
    /// The name that it keeps over restarts.
    pub(crate) instance: Option<String>,
    /// Where to start in partitions in which it has no cursor.
    pub(crate) reset: Reset,
    /// How often to commit; `None` never does.
    pub(crate) commit_every: Option<Duration>,
    /// Each record is committed by itself.
    pub(crate) commit_each: bool,
    /// What comes and goes is told.
    pub(crate) verbose: bool,
    /// How long the member may be silent.
    pub(crate) timing: Timing,
    /// How it wants partitions to be shared, the way it likes best first; none: as the group says.
    pub(crate) assignors: Vec<Assignor>,
}

/// What properties and options say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// The group to read for.
    pub(super) group: Option<GroupOptions>,
    /// Where a reader without group starts; `None` if it may not choose.
    pub(super) start: Option<Place>,
    /// Records of transactions that are not committed are left out.
    pub(super) committed_only: bool,
    /// How much is read at a time. Bytes.
    pub(super) read_bytes: usize,
    /// How many records are collected at most before they are handed on.
    pub(super) records_at_once: Option<u64>,
    /// What `bootstrap.servers` says.
    pub(super) address: Option<String>,
}

/// What the options say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FromOptions<'a> {
    pub(super) group: Option<&'a str>,
    pub(super) from_beginning: bool,
    pub(super) has_partition: bool,
    pub(super) isolation_level: Option<&'a str>,
}

impl Settings {
    /// Merges the file, the pairs and the options, and checks in the order of Kafka's tool.
    ///
    /// # Errors
    ///
    /// Something does not fit together, or a value cannot be meant: exit 2.
    pub(super) fn new(
        file: Properties,
        pairs: Properties,
        options: FromOptions<'_>,
        now: TimestampMs,
    ) -> Result<Self, Failure> {
        let id = one_group(options.group, pairs.get("group.id"), file.get("group.id"))?;
        if id.is_some() && options.has_partition {
            return Err(Failure::usage(
                "Options group and partition cannot be specified together.",
            ));
        }
        let id = id.map(str::to_owned);
        let mut all = file;
        all.override_with(pairs);
        if let Some(value) = all.get("auto.offset.reset")
            && options.from_beginning
            && value != "earliest"
        {
            return Err(Failure::usage(format!(
                "Can't simultaneously specify --from-beginning and 'auto.offset.reset={}', please \
                 remove one option",
                printable(value)
            )));
        }
        let isolation = options.isolation_level.map_or(Given::Absent, Given::Value);
        all.merge_option("isolation.level", isolation, Some("read_uncommitted"));
        let reset = reset(&all, options.from_beginning, now)?;
        let interval = number(&all, "auto.commit.interval.ms", 0, i64::from(i32::MAX))?
            .map_or(COMMIT_INTERVAL, Duration::from_millis);
        let commits = boolean(&all, "enable.auto.commit")?.unwrap_or(true);
        boolean(&all, "check.crcs")?;
        let int = i64::from(i32::MAX);
        let fetch =
            ["max.partition.fetch.bytes", "fetch.max.bytes"].map(|n| number(&all, n, 0, int));
        let [partition_bytes, all_bytes] = fetch;
        let read_bytes = partition_bytes?
            .into_iter()
            .chain(all_bytes?)
            .min()
            .map_or(ConsumerConfig::READ_BYTES_DEFAULT, |bytes| {
                usize::try_from(bytes).unwrap_or(usize::MAX).clamp(1, READ_BYTES_MAX)
            });
        let records_at_once = number(&all, "max.poll.records", 1, int)?;
        let committed_only = match all.get("isolation.level") {
            Some("read_committed") => true,
            Some("read_uncommitted") | None => false,
            Some(other) => {
                return Err(wrong("isolation.level", other, "read_committed or read_uncommitted"));
            }
        };
        let client = all.get("client.id").unwrap_or(CLIENT_ID).to_owned();
        if let Some(id) = &id {
            check_group(id).map_err(|error| Failure::new(Exit::Usage, error))?;
        }
        let timing = timing(&all)?;
        let assignors = assignors(&all)?;
        let instance = instance(&all)?;
        Ok(Self {
            group: id.map(|id| GroupOptions {
                id,
                client,
                instance,
                reset,
                commit_every: commits.then_some(interval),
                commit_each: false,
                verbose: false,
                timing,
                assignors,
            }),
            start: match reset {
                Reset::Earliest => Some(Place::Beginning),
                Reset::Latest => Some(Place::End),
                Reset::Time(time) => Some(Place::Time(TimestampMs(time))),
                Reset::None => None,
            },
            committed_only,
            read_bytes,
            records_at_once,
            address: all.get("bootstrap.servers").map(str::to_owned),
        })
    }
}

/// More at a time is of no use. Bytes.
const READ_BYTES_MAX: usize = 64 << 20;

/// Says which properties no Kafka consumer has: they may be misspelt.
pub(super) fn note_unknown(properties: &Properties, session: &Session) {
    for (name, _) in properties.iter().filter(|(name, _)| !is_consumer_property(name)) {
        let name = printable(name);
        session.terminal.note(&format!(
            "{}: property `{name}` is not used: no consumer of Kafka has it",
            session.name
        ));
    }
}

/// Returns the group that the three places agree on.
fn one_group<'a>(
    option: Option<&'a str>,
    pair: Option<&'a str>,
    file: Option<&'a str>,
) -> Result<Option<&'a str>, Failure> {
    let mut found: Vec<&str> = Vec::new();
    for id in [option, pair, file].into_iter().flatten() {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    if let [_, _, ..] = found[..] {
        let quoted: Vec<String> = found.iter().map(|id| format!("'{}'", printable(id))).collect();
        return Err(Failure::usage(format!(
            "The group ids provided in different places (directly using '--group', via \
             '--consumer-property', or via '--consumer.config') do not match. Detected group ids: \
             {}",
            quoted.join(", ")
        )));
    }
    Ok(found.first().copied())
}

/// Reads `auto.offset.reset`, whose words Kafka wants in small letters.
fn reset(all: &Properties, from_beginning: bool, now: TimestampMs) -> Result<Reset, Failure> {
    let name = "auto.offset.reset";
    let Some(value) = all.get(name) else {
        return Ok(if from_beginning { Reset::Earliest } else { Reset::Latest });
    };
    match value {
        "earliest" => Ok(Reset::Earliest),
        "latest" => Ok(Reset::Latest),
        "none" => Ok(Reset::None),
        _ => match value.strip_prefix("by_duration:").map(parse_iso_duration_ms) {
            Some(Some(ms)) if ms >= 0 => Ok(Reset::Time(now.0.saturating_sub(ms))),
            Some(Some(_)) => Err(Failure::usage(format!(
                "Invalid value {} for configuration {name}: Negative duration is not supported in \
                 by_duration offset reset strategy.",
                printable(value)
            ))),
            _ => Err(wrong(name, value, "earliest, latest, none or by_duration:PT1H30M")),
        },
    }
}

/// Reads how long a member may be silent.
fn timing(all: &Properties) -> Result<Timing, Failure> {
    let standard = Timing::default();
    let of = |name: &str, default: i64| {
        let given = number(all, name, 1, i64::from(i32::MAX))?;
        Ok::<i64, Failure>(given.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(default))
    };
    let session_timeout_ms = of("session.timeout.ms", standard.session_timeout_ms)?;
    // Kafka asks whoever shortens the one to shorten the other.
    let third = (session_timeout_ms / 3).max(1).min(standard.heartbeat_interval_ms);
    let heartbeat_interval_ms = of("heartbeat.interval.ms", third)?;
    if heartbeat_interval_ms >= session_timeout_ms.max(2) {
        return Err(Failure::usage(format!(
            "Invalid value {heartbeat_interval_ms} for configuration heartbeat.interval.ms: it must \
             be lower than session.timeout.ms, which is {session_timeout_ms}"
        )));
    }
    let max_poll_interval_ms = of("max.poll.interval.ms", standard.max_poll_interval_ms)?;
    Ok(Timing { session_timeout_ms, heartbeat_interval_ms, max_poll_interval_ms })
}

/// Reads `partition.assignment.strategy`: names or classes of assignors, with commas between. None
/// if it is not set.
fn assignors(all: &Properties) -> Result<Vec<Assignor>, Failure> {
    let name = "partition.assignment.strategy";
    let Some(value) = all.get(name) else { return Ok(Vec::new()) };
    let mut assignors = Vec::new();
    for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let assignor = word.parse::<Assignor>();
        let assignor = assignor.map_err(|error| wrong(name, value, &error.to_string()))?;
        if !assignors.contains(&assignor) {
            assignors.push(assignor);
        }
    }
    if assignors.is_empty() {
        return Err(wrong(name, value, "at least one assignor"));
    }
    Ok(assignors)
}

/// Reads the name of a static member, by Kafka's rules.
fn instance(all: &Properties) -> Result<Option<String>, Failure> {
    let name = "group.instance.id";
    let Some(value) = all.get(name) else { return Ok(None) };
    if value.is_empty() {
        return Err(wrong(name, value, "a name"));
    }
    if value.chars().count() > INSTANCE_MAX {
        let most = format!("at most {INSTANCE_MAX} characters");
        return Err(wrong(name, value, &most));
    }
    let is_legal = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    match value {
        "." | ".." => Err(wrong(name, value, "a name other than . and ..")),
        _ if value.chars().all(is_legal) => Ok(Some(value.to_owned())),
        _ => Err(wrong(name, value, "ASCII letters and digits, '.', '_' and '-'")),
    }
}

/// Reads a property that is true or false.
fn boolean(all: &Properties, name: &str) -> Result<Option<bool>, Failure> {
    let Some(value) = all.get(name) else { return Ok(None) };
    match value.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(wrong(name, value, "true or false")),
    }
}

/// Reads a property that is a number.
fn number(all: &Properties, name: &str, least: i64, most: i64) -> Result<Option<u64>, Failure> {
    let Some(value) = all.get(name) else { return Ok(None) };
    match value.trim().parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number.unsigned_abs())),
        _ => Err(wrong(name, value, &format!("a number from {least} to {most}"))),
    }
}

fn wrong(name: &str, value: &str, expected: &str) -> Failure {
    let value = printable(value);
    Failure::usage(format!("Invalid value {value} for configuration {name}: expected {expected}"))
}

#[cfg(test)]
mod tests;
