//! What the properties of Kafka's producer mean here.

use std::time::Duration;

use crate::cli::failure::{Exit, Failure};
use crate::cli::kafka_settings::Properties;
use crate::produce::{Acks, ProducerConfig};
use crate::record::Compression;

/// The properties that act, read and checked. `None`: nobody set it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ProducerSettings {
    /// When a record counts as sent.
    pub(super) acks: Acks,
    /// How long records wait for others.
    pub(super) linger: Duration,
    codec: Option<Compression>,
    batch_bytes: Option<usize>,
    buffer_bytes: Option<usize>,
    max_block: Option<Duration>,
    message_bytes_max: Option<usize>,
}

impl ProducerSettings {
    /// Reads properties.
    ///
    /// # Errors
    ///
    /// A value that Kafka's producer would refuse, in its words, or a transaction: exit 2.
    pub(super) fn of(properties: &Properties) -> Result<Self, Failure> {
        let acks = match properties.get("acks").map(str::trim) {
            None | Some("-1" | "all") => Acks::All,
            Some("1") => Acks::Leader,
            Some("0") => Acks::None,
            Some(other) => {
                return Err(invalid("acks", other, "String must be one of: all, -1, 0, 1"));
            }
        };
        if is_true(properties, "enable.idempotence")? == Some(true) && acks != Acks::All {
            return Err(Failure::usage(
                "Must set acks to all in order to use the idempotent producer. Otherwise we cannot \
                 guarantee idempotence.",
            ));
        }
        if let Some(id) = properties.get("transactional.id").filter(|id| !id.is_empty()) {
            return Err(Failure::message(
                Exit::Usage,
                format!("transactional.id is `{id}`, and there are no transactions yet"),
            )
            .with_hint("leave it out: a batch is stored whole or not at all"));
        }
        for (name, number) in OTHER_NUMBERS {
            number_of(properties, name, *number)?;
        }
        let bytes = |name: &'static str, number| -> Result<Option<usize>, Failure> {
            let bytes = number_of(properties, name, number)?;
            Ok(bytes.map(|bytes| usize::try_from(bytes).unwrap_or(0)))
        };
        let duration = |name: &'static str| -> Result<Option<Duration>, Failure> {
            let ms = number_of(properties, name, LONG)?;
            Ok(ms.map(|ms| Duration::from_millis(ms.unsigned_abs())))
        };
        Ok(Self {
            acks,
            linger: duration("linger.ms")?.unwrap_or_default(),
            codec: codec(properties)?,
            batch_bytes: bytes("batch.size", INT)?,
            buffer_bytes: bytes("buffer.memory", LONG)?,
            max_block: duration("max.block.ms")?,
            message_bytes_max: bytes("max.request.size", INT)?,
        })
    }

    /// Returns how a producer batches to a stream of this compression: an explicit codec beats it.
    pub(super) fn config(&self, stream_compression: Compression) -> ProducerConfig {
        let largest = ProducerConfig::MESSAGE_BYTES_MAX_DEFAULT;
        let usual = ProducerConfig::default();
        ProducerConfig {
            acks: self.acks,
            compression: self.codec.unwrap_or(stream_compression),
            batch_bytes: self.batch_bytes.unwrap_or(usual.batch_bytes).min(largest),
            message_bytes_max: self.message_bytes_max.unwrap_or(largest).min(largest),
            max_block: self.max_block.unwrap_or(usual.max_block),
            in_flight_bytes_max: self.buffer_bytes.unwrap_or(usual.in_flight_bytes_max),
            ..usual
        }
    }
}

/// A type of Kafka's, its name and bounds.
type Number = (&'static str, i64, i64);

const INT: Number = ("INT", 0, i32::MAX as i64);
const LONG: Number = ("LONG", 0, i64::MAX);

/// Numbers without effect; what Kafka refuses is refused all the same.
const OTHER_NUMBERS: &[(&str, Number)] = &[
    ("retries", INT),
    ("retry.backoff.ms", LONG),
    ("request.timeout.ms", INT),
    ("delivery.timeout.ms", INT),
    ("metadata.max.age.ms", LONG),
    ("send.buffer.bytes", ("INT", -1, i32::MAX as i64)),
    ("receive.buffer.bytes", ("INT", -1, i32::MAX as i64)),
    ("max.in.flight.requests.per.connection", ("INT", 1, i32::MAX as i64)),
];

fn invalid(name: &str, value: &str, why: &str) -> Failure {
    Failure::usage(format!("Invalid value {value} for configuration {name}: {why}"))
}

fn number_of(
    properties: &Properties,
    name: &'static str,
    (kind, least, most): Number,
) -> Result<Option<i64>, Failure> {
    let Some(text) = properties.get(name) else { return Ok(None) };
    let number = text.trim().parse::<i64>().ok().filter(|number| {
        // Another type's number is no number of this one.
        *number <= most && (kind != "INT" || *number >= i64::from(i32::MIN))
    });
    match number {
        None => Err(invalid(name, text, &format!("Not a number of type {kind}"))),
        Some(number) if number < least => {
            Err(invalid(name, text, &format!("Value must be at least {least}")))
        }
        number => Ok(number),
    }
}

fn is_true(properties: &Properties, name: &str) -> Result<Option<bool>, Failure> {
    let Some(text) = properties.get(name) else { return Ok(None) };
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(invalid(name, text, "Expected value to be either true or false")),
    }
}

fn codec(properties: &Properties) -> Result<Option<Compression>, Failure> {
    let Some(text) = properties.get("compression.type") else { return Ok(None) };
    let codec = match text.trim() {
        "none" => Compression::None,
        "gzip" => Compression::Gzip,
        "snappy" => Compression::Snappy,
        "lz4" => Compression::Lz4,
        "zstd" => Compression::Zstd,
        _ => {
            let why = "String must be one of: none, gzip, snappy, lz4, zstd";
            return Err(invalid("compression.type", text, why));
        }
    };
    Ok(Some(codec))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ProducerSettings;
    use crate::cli::kafka_settings::{EmptyValues, Properties};
    use crate::produce::{Acks, ProducerConfig};
    use crate::record::Compression;

    fn settings(pairs: &[&str]) -> Result<ProducerSettings, String> {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        let properties = Properties::from_pairs(&pairs, EmptyValues::Accepted).unwrap();
        ProducerSettings::of(&properties).map_err(|failure| failure.to_string())
    }

    #[test]
    fn what_acts_reaches_the_producer() {
        let all = settings(&[
            "acks=1",
            "linger.ms=7",
            "batch.size=0",
            "buffer.memory=99",
            "max.block.ms=5",
            "max.request.size=100",
            "compression.type=zstd",
            "enable.idempotence=FALSE",
            "ssl.protocol=x",
            "client.id=y",
        ])
        .unwrap();
        assert_eq!(all.linger, Duration::from_millis(7));
        let config = all.config(Compression::Lz4);
        assert_eq!((config.acks, config.compression), (Acks::Leader, Compression::Zstd));
        assert_eq!((config.batch_bytes, config.in_flight_bytes_max), (0, 99));
        assert_eq!((config.message_bytes_max, config.max_block.as_millis()), (100, 5));
    }

    #[test]
    fn what_nobody_set_is_as_usual_and_limits_hold() {
        let config = settings(&[]).unwrap().config(Compression::Lz4);
        assert_eq!((config.acks, config.compression), (Acks::All, Compression::Lz4));
        assert_eq!(config.batch_bytes, ProducerConfig::BATCH_BYTES_DEFAULT);
        let large = settings(&["batch.size=2147483647", "max.request.size=2147483647"]);
        let config = large.unwrap().config(Compression::None);
        assert_eq!((config.batch_bytes, config.message_bytes_max), (10_000_000, 10_000_000));
    }

    #[test]
    fn what_kafka_refuses_is_refused_in_its_words() {
        for (pair, message) in [
            (
                "acks=2",
                "Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1",
            ),
            (
                "compression.type=brotli",
                "Invalid value brotli for configuration compression.type: String must be one of: \
                 none, gzip, snappy, lz4, zstd",
            ),
            (
                "linger.ms=x",
                "Invalid value x for configuration linger.ms: Not a number of type LONG",
            ),
            (
                "batch.size=2147483648",
                "Invalid value 2147483648 for configuration batch.size: Not a number of type INT",
            ),
            (
                "batch.size=-1",
                "Invalid value -1 for configuration batch.size: Value must be at least 0",
            ),
            ("retries=-1", "Invalid value -1 for configuration retries: Value must be at least 0"),
        ] {
            assert_eq!(settings(&[pair]).unwrap_err(), message);
        }
        let message = settings(&["enable.idempotence=true", "acks=1"]).unwrap_err();
        assert!(message.starts_with("Must set acks to all"), "{message}");
        assert!(settings(&["transactional.id=x"]).unwrap_err().contains("no transactions yet"));
        assert!(settings(&["transactional.id="]).is_ok());
    }
}
