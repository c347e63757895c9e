//! What each property of Kafka's console consumer does here: `--explain-options`.

use crate::cli::kafka_settings::{Effect, EffectTable, Properties, explained};
use crate::cli::kafka_settings::{NO_CODE, NO_METADATA, NO_METRICS, NO_NETWORK};

const NO_COORDINATOR: &str = "the members share the partitions among themselves";

/// Properties of a Kafka consumer.
pub(crate) const CONSUMER_PROPERTIES: EffectTable = EffectTable {
    heading: "Properties (--command-property, --command-config)",
    effects: &[
        Effect::none("allow.auto.create.topics", "reading creates nothing"),
        Effect::acts("auto.commit.interval.ms", "how often a group's cursors are committed; 5000"),
        Effect::none("auto.include.jmx.reporter", NO_METRICS),
        Effect::acts(
            "auto.offset.reset",
            "where a group without cursor and a reader without group start: earliest, latest, none, by_duration:PT1H; latest",
        ),
        Effect::none("bootstrap.servers", "as --bootstrap-server, which beats it"),
        Effect::none("check.crcs", "checksums are always checked, with false, too"),
        Effect::none("client.dns.lookup", NO_NETWORK),
        Effect::acts("client.id", "the name that stream assign list shows; console-consumer"),
        Effect::none("client.rack", NO_NETWORK),
        Effect::none("connections.max.idle.ms", NO_NETWORK),
        Effect::none("default.api.timeout.ms", NO_NETWORK),
        Effect::acts(
            "enable.auto.commit",
            "with false a group's cursors stay where they are; true",
        ),
        Effect::none("enable.metrics.push", NO_METRICS),
        Effect::none("exclude.internal.topics", "a stream has no internal topics"),
        Effect::acts(
            "fetch.max.bytes",
            "bytes read at a time, if less than max.partition.fetch.bytes; 1048576",
        ),
        Effect::none("fetch.max.wait.ms", "records are read as soon as they are there"),
        Effect::none("fetch.min.bytes", "records are read as soon as they are there"),
        Effect::acts("group.id", "as --group; both must agree"),
        Effect::acts(
            "group.instance.id",
            "the name of a static member: what it reads waits for it for session.timeout.ms",
        ),
        Effect::none("group.protocol", NO_COORDINATOR),
        Effect::none("group.remote.assignor", NO_COORDINATOR),
        Effect::acts(
            "heartbeat.interval.ms",
            "how often a member says that it runs; 3000, or a third of session.timeout.ms",
        ),
        Effect::none("interceptor.classes", NO_CODE),
        Effect::none("internal.leave.group.on.close", "who ends always leaves"),
        Effect::none("internal.throw.on.fetch.stable.offset.unsupported", NO_NETWORK),
        Effect::acts("isolation.level", "as --isolation-level; read_uncommitted"),
        Effect::none(
            "key.deserializer",
            "keys are read as bytes; see key.deserializer of the formatter",
        ),
        Effect::acts("max.partition.fetch.bytes", "bytes read at a time; 1048576"),
        Effect::acts(
            "max.poll.interval.ms",
            "how long a group's member may take to print what it read; 300000",
        ),
        Effect::acts(
            "max.poll.records",
            "so many records at most are collected before they are handed on; no limit",
        ),
        Effect::none("metadata.*", NO_METADATA),
        Effect::none("metric.reporters", NO_METRICS),
        Effect::none("metrics.*", NO_METRICS),
        Effect::acts(
            "partition.assignment.strategy",
            "how a group's members share: assignors by name or class, the best first; the group's, else range",
        ),
        Effect::none("receive.buffer.bytes", NO_NETWORK),
        Effect::none("reconnect.backoff.max.ms", NO_NETWORK),
        Effect::none("reconnect.backoff.ms", NO_NETWORK),
        Effect::none("request.timeout.ms", NO_NETWORK),
        Effect::none("retry.backoff.max.ms", NO_NETWORK),
        Effect::none("retry.backoff.ms", NO_NETWORK),
        Effect::none("sasl.*", NO_NETWORK),
        Effect::none("security.*", NO_NETWORK),
        Effect::none("send.buffer.bytes", NO_NETWORK),
        Effect::acts("session.timeout.ms", "how long a group's member may be stopped; 45000"),
        Effect::none("share.acknowledgement.mode", "there are no share groups"),
        Effect::none("socket.connection.setup.timeout.max.ms", NO_NETWORK),
        Effect::none("socket.connection.setup.timeout.ms", NO_NETWORK),
        Effect::none("ssl.*", NO_NETWORK),
        Effect::none(
            "value.deserializer",
            "values are read as bytes; see value.deserializer of the formatter",
        ),
    ],
};

/// Properties of Kafka's formatter.
pub(crate) const FORMATTER_PROPERTIES: EffectTable = EffectTable {
    heading: "Formatter properties (--formatter-property, --formatter-config)",
    effects: &[
        Effect::acts("headers.deserializer", "class that header values are printed by"),
        Effect::acts("headers.deserializer.*", "properties of that class"),
        Effect::acts("headers.separator", "text between headers; a comma"),
        Effect::acts("key.deserializer", "class that keys are printed by"),
        Effect::acts("key.deserializer.*", "properties of that class"),
        Effect::acts("key.separator", "text between columns; a tab"),
        Effect::acts("line.separator", "text behind a record; a line feed"),
        Effect::acts("null.literal", "text for null; null"),
        Effect::acts("print.delivery", "Delivery:NOT_PRESENT, which only share groups have; false"),
        Effect::acts("print.epoch", "Epoch:NOT_PRESENT, as Kafka's console consumer prints; false"),
        Effect::acts("print.headers", "name:value of each header, or NO_HEADERS; false"),
        Effect::acts("print.key", "the key; false"),
        Effect::acts("print.offset", "Offset:42; false"),
        Effect::acts("print.partition", "Partition:3; false"),
        Effect::acts(
            "print.timestamp",
            "CreateTime: or LogAppendTime: and milliseconds since 1970, or NO_TIMESTAMP; false",
        ),
        Effect::acts("print.value", "the value; true"),
        Effect::acts("value.deserializer", "class that values are printed by"),
        Effect::acts("value.deserializer.*", "properties of that class"),
    ],
};

/// Tells whether `name` is a property of a Kafka consumer.
pub(super) fn is_consumer_property(name: &str) -> bool {
    CONSUMER_PROPERTIES.find(name).is_some()
}

/// Returns the text of `--explain-options`, with what is set of both kinds of properties.
pub(super) fn explain(consumer: &Properties, formatter: &Properties) -> String {
    let set = [(&CONSUMER_PROPERTIES, consumer), (&FORMATTER_PROPERTIES, formatter)];
    explained(&super::command(), &[CONSUMER_PROPERTIES, FORMATTER_PROPERTIES], set)
}

#[cfg(test)]
mod tests {
    use super::{CONSUMER_PROPERTIES, FORMATTER_PROPERTIES};
    use crate::cli::console_consumer::command;

    #[test]
    fn names_rise_and_the_help_names_what_acts() {
        for table in [CONSUMER_PROPERTIES, FORMATTER_PROPERTIES] {
            let names: Vec<&str> = table.effects.iter().map(|effect| effect.name).collect();
            assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
        }
        let help = command().render_long_help().to_string();
        for effect in FORMATTER_PROPERTIES.effects {
            assert!(help.contains(effect.name.trim_end_matches(".*")), "{}", effect.name);
        }
    }
}
