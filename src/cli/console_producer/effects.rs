//! What each property of Kafka's console producer does here: `--explain-options`.

use crate::cli::kafka_settings::{Effect, EffectTable, Properties, explained};
use crate::cli::kafka_settings::{NO_CODE, NO_METADATA, NO_METRICS, NO_NETWORK};

const ONCE: &str = "an append is done or refused";

/// Properties of Kafka's producer.
pub(crate) const PRODUCER_PROPERTIES: EffectTable = EffectTable {
    heading: "Properties (--command-property, --command-config)",
    effects: &[
        Effect::acts("acks", "when a record counts as sent; as --request-required-acks"),
        Effect::none("auto.include.jmx.reporter", NO_METRICS),
        Effect::acts("batch.size", "as --batch-size"),
        Effect::acts("bootstrap.servers", "as --bootstrap-server, which counts more"),
        Effect::acts("buffer.memory", "as --max-memory-bytes"),
        Effect::none("client.dns.lookup", NO_NETWORK),
        Effect::none("client.id", "a record has no place for it"),
        Effect::none("compression.gzip.level", "codecs have their usual level"),
        Effect::none("compression.lz4.level", "codecs have their usual level"),
        Effect::acts("compression.type", "as --compression-codec"),
        Effect::none("compression.zstd.level", "codecs have their usual level"),
        Effect::none("config.providers*", NO_CODE),
        Effect::none("connections.max.idle.ms", NO_NETWORK),
        Effect::none("delivery.timeout.ms", ONCE),
        Effect::acts(
            "enable.idempotence",
            "nothing is sent twice here; true demands acks=all, as in Kafka",
        ),
        Effect::none("enable.metrics.push", NO_METRICS),
        Effect::none("interceptor.classes", NO_CODE),
        Effect::none("key.serializer", "bytes are kept as they are"),
        Effect::acts("linger.ms", "as --timeout"),
        Effect::acts("max.block.ms", "as --max-block-ms"),
        Effect::none("max.in.flight.requests.per.connection", NO_NETWORK),
        Effect::acts("max.request.size", "refuse records of more bytes; never more than 10000000"),
        Effect::none("metadata.max.age.ms", NO_METADATA),
        Effect::none("metadata.max.idle.ms", NO_METADATA),
        Effect::none("metadata.recovery*", NO_METADATA),
        Effect::none("metric.reporters", NO_METRICS),
        Effect::none("metrics.*", NO_METRICS),
        Effect::none("partitioner.*", "by key as in Kafka, else one partition after the other"),
        Effect::none("receive.buffer.bytes", NO_NETWORK),
        Effect::none("reconnect.backoff.*", NO_NETWORK),
        Effect::none("request.timeout.ms", NO_NETWORK),
        Effect::none("retries", ONCE),
        Effect::none("retry.backoff.*", ONCE),
        Effect::none("sasl.*", NO_NETWORK),
        Effect::none("security.*", NO_NETWORK),
        Effect::none("send.buffer.bytes", NO_NETWORK),
        Effect::none("socket.*", NO_NETWORK),
        Effect::none("ssl.*", NO_NETWORK),
        Effect::none("transaction.*", "there are no transactions yet"),
        Effect::refused("transactional.id", "there are no transactions yet"),
        Effect::none("value.serializer", "bytes are kept as they are"),
    ],
};

/// Properties of the line reader.
pub(crate) const READER_PROPERTIES: EffectTable = EffectTable {
    heading: "Reader properties (--reader-property, --reader-config)",
    effects: &[
        Effect::acts(
            "charset",
            "bytes, or utf8-lossy: what is not UTF-8 is replaced, as Kafka's tool does",
        ),
        Effect::acts("headers.delimiter", "the text behind the headers; a tab"),
        Effect::acts(
            "headers.key.separator",
            "the text between the key and the value of a header; a colon",
        ),
        Effect::acts("headers.separator", "the regular expression between headers; a comma"),
        Effect::acts(
            "ignore.error",
            "true: what is missing in a line is null or empty, instead of an error",
        ),
        Effect::acts("key.separator", "the text between key and value; a tab"),
        Effect::acts("null.marker", "a field that is this text is null"),
        Effect::acts("parse.headers", "true: a line begins with headers"),
        Effect::acts("parse.key", "true: a line holds a key before the value"),
        Effect::acts(
            "topic",
            "write to this topic instead of --topic, if set with --reader-property",
        ),
    ],
};

/// Returns the text of `--explain-options`, with what is set of both kinds of properties.
pub(super) fn explain(producer: &Properties, reader: &Properties) -> String {
    let set = [(&PRODUCER_PROPERTIES, producer), (&READER_PROPERTIES, reader)];
    explained(&super::command(), &[PRODUCER_PROPERTIES, READER_PROPERTIES], set)
}

#[cfg(test)]
mod tests {
    use super::{PRODUCER_PROPERTIES, READER_PROPERTIES};
    use crate::cli::console_producer::command;

    #[test]
    fn names_rise_and_the_help_names_what_lines_obey() {
        for table in [PRODUCER_PROPERTIES, READER_PROPERTIES] {
            let names: Vec<&str> = table.effects.iter().map(|effect| effect.name).collect();
            assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
        }
        let help = command().render_long_help().to_string();
        for effect in READER_PROPERTIES.effects {
            assert!(help.contains(effect.name), "{}", effect.name);
        }
    }
}
