//! The configs of a topic in Kafka: what their values may be, and what they are here.

use crate::catalog::StreamAttributes;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::path::StreamPath;
use crate::record::{Compression, TimestampType};

use super::arguments::note;

/// What the values of a config may be.
#[derive(Clone, Copy, Debug)]
enum Values {
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words, with commas between them.
    Words(&'static [&'static str]),
    /// A whole number of at least so much.
    Int(i64),
    /// The same, with 64 bits.
    Long(i64),
    /// A number from 0 to 1.
    Ratio,
    /// `true` or `false`.
    Truth,
    /// Any text.
    Text,
}

use Values::{Int, Long, Ratio, Text, Truth, Word, Words};

const CODECS: &[&str] = &["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"];
const STAMPS: &[&str] = &["CreateTime", "LogAppendTime"];

/// Why a config has no effect, where it is of this kind.
const COPIES: &str = "a topic is one copy, in files of this machine";
const COMPACTION: &str = "records are not compacted by key";
const SEGMENTS: &str = "segments are rolled and flushed as stream-store(5) says";
const NO_TIERS: &str = "there is no remote storage";
const NOT_CHECKED: &str = "timestamps are not compared with the clock";
const LEVELS: &str = "producers compress, at the level of the codec's library";

/// Every config of a topic in Kafka 2.0 to 4.4: its values, and why it has no effect.
const CONFIGS: &[(&str, Values, &str)] = &[
    ("cleanup.policy", Words(&["compact", "delete"]), COMPACTION),
    ("compression.gzip.level", Int(-1), LEVELS),
    ("compression.lz4.level", Int(1), LEVELS),
    ("compression.type", Word(CODECS), ""),
    ("compression.zstd.level", Int(-131_072), LEVELS),
    ("delete.retention.ms", Long(0), COMPACTION),
    ("file.delete.delay.ms", Long(0), "files are removed at once"),
    ("flush.messages", Long(1), SEGMENTS),
    ("flush.ms", Long(0), SEGMENTS),
    ("follower.replication.throttled.replicas", Text, COPIES),
    ("index.interval.bytes", Int(0), SEGMENTS),
    ("leader.replication.throttled.replicas", Text, COPIES),
    ("local.retention.bytes", Long(-2), NO_TIERS),
    ("local.retention.ms", Long(-2), NO_TIERS),
    ("max.compaction.lag.ms", Long(1), COMPACTION),
    ("max.message.bytes", Int(0), "the limit is 10,000,000 bytes for every topic"),
    ("message.downconversion.enable", Truth, "programs read the files themselves"),
    ("message.format.version", Text, "batches have the format of Kafka 0.11 and later"),
    ("message.timestamp.after.max.ms", Long(0), NOT_CHECKED),
    ("message.timestamp.before.max.ms", Long(0), NOT_CHECKED),
    ("message.timestamp.difference.max.ms", Long(0), NOT_CHECKED),
    (TIMESTAMP_TYPE, Word(STAMPS), ""),
    ("min.cleanable.dirty.ratio", Ratio, COMPACTION),
    ("min.compaction.lag.ms", Long(0), COMPACTION),
    ("min.insync.replicas", Int(1), COPIES),
    ("preallocate", Truth, SEGMENTS),
    ("remote.log.copy.disable", Truth, NO_TIERS),
    ("remote.log.delete.on.disable", Truth, NO_TIERS),
    ("remote.storage.enable", Truth, NO_TIERS),
    ("retention.bytes", Long(-1), "messages are removed by age, never by size"),
    ("retention.ms", Long(-1), ""),
    ("segment.bytes", Int(14), SEGMENTS),
    ("segment.index.bytes", Int(4), SEGMENTS),
    ("segment.jitter.ms", Long(0), SEGMENTS),
    ("segment.ms", Long(1), SEGMENTS),
    ("unclean.leader.election.enable", Truth, COPIES),
];

/// The one config that is a topic's own here.
const TIMESTAMP_TYPE: &str = "message.timestamp.type";

/// Values that ask for what is so in every stream.
const SO_ANYWAY: [(&str, &str); 9] = [
    ("cleanup.policy", "delete"),
    ("compression.type", "producer"),
    ("min.insync.replicas", "1"),
    ("retention.bytes", "-1"),
    ("preallocate", "false"),
    ("remote.storage.enable", "false"),
    ("remote.log.copy.disable", "false"),
    ("remote.log.delete.on.disable", "false"),
    ("unclean.leader.election.enable", "false"),
];

/// Returns the names of all configs, sorted.
pub(crate) fn config_names() -> impl Iterator<Item = &'static str> {
    CONFIGS.iter().map(|(name, ..)| *name)
}

/// The configs of a command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Configs {
    /// Names and values that do not act, in their order.
    others: Vec<(&'static str, String)>,
    /// Whose clock stamps messages, if that is said.
    pub(super) timestamp_type: Option<TimestampType>,
}

impl Configs {
    /// Reads `--config`; of several with one name the last counts.
    ///
    /// # Errors
    ///
    /// A pair, a name or a value is none, in Kafka's words: exit 2.
    pub(super) fn parse(pairs: &[String]) -> Result<Self, Failure> {
        let mut configs = Self::default();
        for pair in pairs {
            let (name, value) = name_and_value(pair)?;
            let Some((name, values, _)) = CONFIGS.iter().find(|(known, ..)| *known == name) else {
                let hint = match near(name) {
                    Some(near) => format!("--config {near}={value}"),
                    None => "see kafka-topics(1)".to_owned(),
                };
                return Err(
                    Failure::usage(format!("Unknown topic config name: {name}")).with_hint(hint)
                );
            };
            if let Some(fault) = fault(*values, value) {
                let text = format!("Invalid value {value} for configuration {name}: {fault}");
                return Err(Failure::usage(text).with_hint("give a value that Kafka would take"));
            }
            if *name == TIMESTAMP_TYPE {
                configs.timestamp_type = Some(match value == STAMPS[0] {
                    true => TimestampType::CreateTime,
                    false => TimestampType::LogAppendTime,
                });
                continue;
            }
            configs.others.retain(|(known, _)| known != name);
            configs.others.push((name, value.to_owned()));
        }
        Ok(configs)
    }

    /// Says on standard error which configs have no effect in a stream that has `attributes`, and
    /// why.
    pub(super) fn say_what_has_no_effect(
        &self,
        attributes: &StreamAttributes,
        stream: &StreamPath,
        session: &Session,
    ) {
        for (name, value) in &self.others {
            if !SO_ANYWAY.contains(&(name, value))
                && let Some(why) = why_not(name, value, attributes, stream)
            {
                note(session, &format!("--config {name}={value}"), &why);
            }
        }
    }
}

/// Splits a pair as Kafka's tool does: blanks around the sign do not count, and nothing is empty.
fn name_and_value(pair: &str) -> Result<(&str, &str), Failure> {
    let mut parts = pair.split('=').map(str::trim);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(value), None) if !value.is_empty() => Ok((name, value)),
        _ => Err(Failure::usage(
            "requirement failed: Invalid topic config: all configs to be added must be in the \
             format \"key=val\".",
        )
        .with_hint("--config retention.ms=86400000")),
    }
}

/// Returns a config whose name has the same letters but for case and signs.
fn near(name: &str) -> Option<&'static str> {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    config_names().find(|known| letters(known) == letters(name))
}

/// Says what is wrong with a value, in Kafka's words.
fn fault(values: Values, value: &str) -> Option<String> {
    let at_least = |number: i64, least: i64| {
        (number < least).then(|| format!("Value must be at least {least}"))
    };
    let is_one = |words: &[&str]| {
        let fault = || format!("String must be one of: {}", words.join(", "));
        (!words.contains(&value)).then(fault)
    };
    match values {
        Word(words) => is_one(words),
        Words(words) => {
            let list = value.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
            let unknown =
                list.unwrap_or(value).split(',').any(|word| !words.contains(&word.trim()));
            unknown.then(|| format!("String must be one of: {}", words.join(", ")))
        }
        Int(least) => match value.parse::<i32>() {
            Ok(number) => at_least(number.into(), least),
            Err(_) => Some("Not a number of type INT".to_owned()),
        },
        Long(least) => match value.parse::<i64>() {
            Ok(number) => at_least(number, least),
            Err(_) => Some("Not a number of type LONG".to_owned()),
        },
        Ratio => match value.parse::<f64>() {
            Ok(number) if number < 0.0 => Some("Value must be at least 0".to_owned()),
            Ok(number) if number > 1.0 => Some("Value must be no more than 1".to_owned()),
            Ok(_) => None,
            Err(_) => Some("Not a number of type DOUBLE".to_owned()),
        },
        Truth => match value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") {
            true => None,
            false => Some("Expected value to be either true or false".to_owned()),
        },
        Text => None,
    }
}

/// Says why a config has no effect; `None` if the stream does what it asks for anyway.
fn why_not(
    name: &str,
    value: &str,
    attributes: &StreamAttributes,
    stream: &StreamPath,
) -> Option<String> {
    match name {
        "retention.ms" => {
            let ms: i64 = value.parse().unwrap_or(-1);
            // A stream keeps messages for whole seconds, and 0 is for ever.
            let ttl_s = u64::try_from(ms).map_or(0, |ms| ms.div_ceil(1000).max(1));
            (ttl_s != attributes.ttl_s).then(|| {
                format!(
                    "how long messages are kept is the stream's: streamctl stream edit -path \
                     {stream} -ttl {ttl_s}"
                )
            })
        }
        "compression.type" => {
            let (codec, word) = match value {
                "gzip" => (Compression::Gzip, "zlib"),
                "snappy" => (Compression::Snappy, "snappy"),
                "lz4" => (Compression::Lz4, "lz4"),
                "zstd" => (Compression::Zstd, "zstd"),
                _ => (Compression::None, "off"),
            };
            (codec != attributes.compression).then(|| {
                format!(
                    "what producers compress with is the stream's: streamctl stream edit -path \
                     {stream} -compression {word}"
                )
            })
        }
        _ => {
            let config = CONFIGS.iter().find(|(known, ..)| *known == name);
            config.map(|(_, _, why)| (*why).to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CONFIGS, Configs, TIMESTAMP_TYPE, fault, why_not};
    use crate::access::Caller;
    use crate::catalog::StreamAttributes;
    use crate::path::StreamPath;
    use crate::record::TimestampType;

    fn parse(pairs: &[&str]) -> Result<Configs, String> {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        Configs::parse(&pairs).map_err(|failure| failure.to_string())
    }

    #[test]
    fn pairs_are_read_as_kafka_reads_them() {
        let wrong = "requirement failed: Invalid topic config: all configs to be added must be in \
                     the format \"key=val\".";
        for pair in ["retention.ms", "retention.ms=", "retention.ms=1=2", ""] {
            assert_eq!(parse(&[pair]).unwrap_err(), wrong, "{pair}");
        }
        let configs = parse(&["retention.ms = 1", "retention.ms=2", "cleanup.policy=compact"]);
        let expected = [("retention.ms", "2".to_owned()), ("cleanup.policy", "compact".to_owned())];
        assert_eq!(configs.unwrap().others, expected, "10.3: kept verbatim");
        let stamps = parse(&["message.timestamp.type=CreateTime"]).unwrap().timestamp_type;
        assert_eq!(stamps, Some(TimestampType::CreateTime));
        assert_eq!(parse(&["foo=bar"]).unwrap_err(), "Unknown topic config name: foo");
    }

    #[test]
    fn values_are_judged_in_kafkas_words() {
        for (pair, fault) in [
            (
                "message.timestamp.type=boom",
                "Invalid value boom for configuration message.timestamp.type: String must be one \
                 of: CreateTime, LogAppendTime",
            ),
            (
                "retention.ms=-2",
                "Invalid value -2 for configuration retention.ms: Value must be at least -1",
            ),
            (
                "retention.ms=1d",
                "Invalid value 1d for configuration retention.ms: Not a number of type LONG",
            ),
            (
                "segment.bytes=99999999999",
                "Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT",
            ),
            (
                "preallocate=yes",
                "Invalid value yes for configuration preallocate: Expected value to be either \
                 true or false",
            ),
            (
                "cleanup.policy=keep",
                "Invalid value keep for configuration cleanup.policy: String must be one of: \
                 compact, delete",
            ),
        ] {
            assert_eq!(parse(&[pair]).unwrap_err(), fault);
        }
        for pair in ["cleanup.policy=compact,delete", "cleanup.policy=[compact, delete]"] {
            assert!(parse(&[pair]).is_ok(), "{pair}");
        }
        for pair in ["min.cleanable.dirty.ratio=0.5", "preallocate=TRUE", "retention.ms=-1"] {
            assert!(parse(&[pair]).is_ok(), "{pair}");
        }
    }

    #[test]
    fn what_the_stream_does_anyway_needs_no_word() {
        let attributes = StreamAttributes::created_by(&Caller::new("u", 1000));
        let stream = StreamPath::parse("/kafka").unwrap();
        let why = |name, value| why_not(name, value, &attributes, &stream);
        assert_eq!(why("retention.ms", "604800000"), None);
        assert!(why("retention.ms", "1").unwrap().ends_with("stream edit -path /kafka -ttl 1"));
        assert!(why("retention.ms", "-1").unwrap().ends_with("-ttl 0"));
        assert_eq!(why("compression.type", "uncompressed"), None);
        assert!(why("compression.type", "gzip").unwrap().ends_with("-compression zlib"));
    }

    #[test]
    fn every_config_has_a_reason_and_the_table_is_sorted() {
        assert!(CONFIGS.is_sorted_by_key(|(name, ..)| *name));
        for (name, values, why) in CONFIGS {
            let own = ["compression.type", "retention.ms", TIMESTAMP_TYPE];
            assert_eq!(why.is_empty(), own.contains(name), "{name}");
            assert!(matches!(values, super::Text) || fault(*values, "no such value").is_some());
        }
    }
}
