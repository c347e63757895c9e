//! What each option and property of Kafka's console consumer does here: `--explain-options`.

use crate::cli::kafka_settings::{Effect, EffectTable, Properties, explained};

/// The options.
const OPTIONS: EffectTable = EffectTable {
    heading: "Options",
    dashes: "--",
    effects: &[
        Effect::none(
            "bootstrap-server",
            "a path needs no address; a plain name is looked for here only if the address is this machine's",
        ),
        Effect::acts("command-config", "a Java properties file with properties of the consumer"),
        Effect::acts("command-property", "a property of the consumer; beats the file"),
        Effect::acts("consumer-property", "older spelling of --command-property"),
        Effect::acts("consumer.config", "older spelling of --command-config"),
        Effect::acts("count", "print only how many records there were"),
        Effect::acts("cut", "print at most so many bytes of each value"),
        Effect::acts("delimiter", "what stands behind each value with --format raw"),
        Effect::acts("enable-systest-events", "shutdown_complete is the last line printed"),
        Effect::acts(
            "expect",
            "end as soon as so many records were printed; exit status 6 if they do not come",
        ),
        Effect::acts("explain", "says what there is to read, and reads nothing"),
        Effect::acts("explain-options", "prints this"),
        Effect::acts("format", "print records as JSON, CSV, values alone, or by a pattern"),
        Effect::acts(
            "formatter",
            "default, no-op or logging formatter, by the class names of all versions",
        ),
        Effect::acts("formatter-config", "a Java properties file with properties of the formatter"),
        Effect::acts("formatter-property", "a property of the formatter; beats the file"),
        Effect::acts("from", "where to start"),
        Effect::acts(
            "from-beginning",
            "start with the first record, or for a group without cursor",
        ),
        Effect::acts("grep", "print records whose value matches"),
        Effect::acts("grep-header", "print records with a header, name:value, that matches"),
        Effect::acts("grep-key", "print records whose key matches"),
        Effect::acts("group", "read on where the group has come to"),
        Effect::acts("headers-only", "print headers instead of values"),
        Effect::acts("help", "prints help; the exit status is 0"),
        Effect::acts("include", "read the topics whose whole names match"),
        Effect::acts("invert-match", "print the records that the filters leave out"),
        Effect::acts(
            "isolation-level",
            "read_committed leaves out records of transactions that were aborted or are open; beats the property",
        ),
        Effect::acts("key-deserializer", "as key.deserializer, which it beats"),
        Effect::acts("keys-only", "print keys instead of values"),
        Effect::acts("last", "start with the newest records of all partitions"),
        Effect::acts("max-gap", "the longest that --pace original waits"),
        Effect::acts("max-messages", "stop after so many records"),
        Effect::none("new-consumer", "there is one consumer"),
        Effect::acts("null", "a NUL stands behind each value with --format raw"),
        Effect::acts("offset", "start at an offset of --partition"),
        Effect::acts("on-error", "stop before a record that cannot be read or printed, or skip it"),
        Effect::acts("order", "print in the order of partitions, or merged by time"),
        Effect::acts("pace", "print at the pace of the records, at a multiple of it, or at a rate"),
        Effect::acts("partition", "read one partition"),
        Effect::acts("property", "older spelling of --formatter-property"),
        Effect::acts("quiet", "nothing about the run on standard error"),
        Effect::acts("raw-terminal", "control characters reach a terminal"),
        Effect::acts("select", "print records on whose JSON value an expression of jq is true"),
        Effect::acts("skip-corrupt", "a group goes on behind damage"),
        Effect::acts(
            "skip-message-on-error",
            "a record that cannot be deserialized is told and skipped",
        ),
        Effect::acts("summary", "say at the end what was read, printed and left out"),
        Effect::acts("timeout-ms", "stop after such a silence, with exit status 0"),
        Effect::acts("topic", "the topic to read"),
        Effect::acts("tz", "the zone of times that are given without one"),
        Effect::acts("until", "where to stop"),
        Effect::acts("value-deserializer", "as value.deserializer, which it beats"),
        Effect::acts("version", "prints the version"),
        Effect::acts("whitelist", "older spelling of --include"),
        Effect::acts("within", "how long --expect waits"),
        Effect::none("zookeeper", "as --bootstrap-server, where that is not given"),
    ],
};

const NO_NETWORK: &str = "there is no network between";
const NO_MEMBERS: &str = "a group has one member, found dead or alive by its lock";
const NO_CODE: &str = "classes of Java cannot be run";
const NO_METADATA: &str = "topics and partitions are looked up as they change";
const NO_METRICS: &str = "there are no metrics to report";

/// Properties of a Kafka consumer.
const CONSUMER_PROPERTIES: EffectTable = EffectTable {
    heading: "Properties (--command-property, --command-config)",
    dashes: "",
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
        Effect::none("group.instance.id", NO_MEMBERS),
        Effect::none("group.protocol", NO_MEMBERS),
        Effect::none("group.remote.assignor", NO_MEMBERS),
        Effect::none("heartbeat.interval.ms", NO_MEMBERS),
        Effect::none("interceptor.classes", NO_CODE),
        Effect::none("internal.leave.group.on.close", NO_MEMBERS),
        Effect::none("internal.throw.on.fetch.stable.offset.unsupported", NO_NETWORK),
        Effect::acts("isolation.level", "as --isolation-level; read_uncommitted"),
        Effect::none(
            "key.deserializer",
            "keys are read as bytes; see key.deserializer of the formatter",
        ),
        Effect::acts("max.partition.fetch.bytes", "bytes read at a time; 1048576"),
        Effect::none("max.poll.interval.ms", NO_MEMBERS),
        Effect::acts(
            "max.poll.records",
            "so many records at most are collected before they are handed on; no limit",
        ),
        Effect::none("metadata.*", NO_METADATA),
        Effect::none("metric.reporters", NO_METRICS),
        Effect::none("metrics.*", NO_METRICS),
        Effect::none("partition.assignment.strategy", NO_MEMBERS),
        Effect::none("receive.buffer.bytes", NO_NETWORK),
        Effect::none("reconnect.backoff.max.ms", NO_NETWORK),
        Effect::none("reconnect.backoff.ms", NO_NETWORK),
        Effect::none("request.timeout.ms", NO_NETWORK),
        Effect::none("retry.backoff.max.ms", NO_NETWORK),
        Effect::none("retry.backoff.ms", NO_NETWORK),
        Effect::none("sasl.*", NO_NETWORK),
        Effect::none("security.*", NO_NETWORK),
        Effect::none("send.buffer.bytes", NO_NETWORK),
        Effect::none("session.timeout.ms", NO_MEMBERS),
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
const FORMATTER_PROPERTIES: EffectTable = EffectTable {
    heading: "Formatter properties (--formatter-property, --formatter-config)",
    dashes: "",
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
    explained(&[OPTIONS, CONSUMER_PROPERTIES, FORMATTER_PROPERTIES], set)
}

#[cfg(test)]
mod tests {
    use super::{CONSUMER_PROPERTIES, FORMATTER_PROPERTIES, OPTIONS};
    use crate::cli::console_consumer::command;

    #[test]
    fn every_option_is_explained_and_no_other() {
        let command = command();
        let mut options: Vec<&str> =
            command.get_arguments().filter_map(|option| option.get_long()).collect();
        options.sort_unstable();
        let explained: Vec<&str> = OPTIONS.effects.iter().map(|effect| effect.name).collect();
        assert_eq!(explained, options);
    }

    #[test]
    fn names_rise_and_the_help_names_what_acts() {
        for table in [CONSUMER_PROPERTIES, FORMATTER_PROPERTIES] {
            let names: Vec<&str> = table.effects.iter().map(|effect| effect.name).collect();
            assert!(names.is_sorted(), "{names:?}");
        }
        let help = command().render_long_help().to_string();
        for effect in FORMATTER_PROPERTIES.effects {
            assert!(help.contains(effect.name.trim_end_matches(".*")), "{}", effect.name);
        }
    }
}
