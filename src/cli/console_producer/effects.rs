//! What every option and property of `console-producer` does here: the one table behind its help,
//! its manual page and `--explain-options`.

/// Whether something has an effect on a record written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It does what its line says.
    Acts,
    /// It is accepted, and nothing depends on it: there is no network between.
    Nothing,
    /// A value other than the empty one is an error.
    Refused,
}

impl Effect {
    /// Returns the word of `--explain-options`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Acts => "acts",
            Self::Nothing => "no effect",
            Self::Refused => "refused",
        }
    }
}

/// An option or a property.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its name, an option's without dashes. A name that ends with `*` stands for all that begin so.
    pub(super) name: &'static str,
    /// Whether it has an effect.
    pub(super) effect: Effect,
    /// What it does, or would do with Kafka.
    pub(super) says: &'static str,
    /// What help says besides; may be empty.
    pub(super) more: &'static str,
}

const fn acts(name: &'static str, says: &'static str) -> Line {
    Line { name, effect: Effect::Acts, says, more: "" }
}

const fn long(name: &'static str, says: &'static str, more: &'static str) -> Line {
    Line { name, effect: Effect::Acts, says, more }
}

const fn none(name: &'static str, says: &'static str) -> Line {
    Line { name, effect: Effect::Nothing, says, more: "" }
}

/// Kafka's options, then our own, in the order of the help.
pub(super) const OPTIONS: &[Line] = &[
    long(
        "topic",
        "Write to this topic: /stream:topic",
        "A name without a path belongs to $STREAMPATH_DEFAULT_STREAM, else to /kafka. With --format \
         json each record may name its own topic instead.",
    ),
    long(
        "bootstrap-server",
        "Accept the address of a Kafka cluster; without effect for /stream:topic",
        "For a topic without a path a loopback address means /kafka; any other one is refused, for \
         nothing is stored here for another machine.",
    ),
    acts(
        "broker-list",
        "Accept the address of a Kafka cluster, as older tools spell it; without effect for \
         /stream:topic, or beside --bootstrap-server",
    ),
    acts("sync", "Wait for each record before reading the next line"),
    long(
        "compression-codec",
        "Compress with gzip, or with the codec named: none, gzip, snappy, lz4, zstd",
        "Property compression.type. Without either, as the stream's attribute says.",
    ),
    long(
        "batch-size",
        "End a batch before a record would take it past so many bytes [default: 131072]",
        "Property batch.size. 0 makes each record a batch; more than 10000000 counts as that.",
    ),
    acts("max-partition-memory-bytes", "The same as --batch-size, which it beats; deprecated"),
    none("message-send-max-retries", "Try again so often (retries)"),
    none("retry-backoff-ms", "Wait so long before trying again (retry.backoff.ms)"),
    long(
        "timeout",
        "Let records wait so many milliseconds for others to share a batch [default: 0]",
        "Property linger.ms. With 0 they go out as soon as the input pauses.",
    ),
    long(
        "request-required-acks",
        "Say when a record counts as sent: 0, 1, or -1 which is the same as all [default: -1]",
        "Property acks. 0: handed over, errors are not waited for. 1: written, so that it survives \
         this process. all: on the disk, so that it survives the machine.",
    ),
    none("request-timeout-ms", "Wait so long for an answer (request.timeout.ms)"),
    none("metadata-expiry-ms", "Ask for the partitions that often (metadata.max.age.ms)"),
    long(
        "max-block-ms",
        "Give up when the lock of a partition is not free for so long [default: 60000]",
        "Property max.block.ms. The exit status is then 8.",
    ),
    long(
        "max-memory-bytes",
        "Let at most so many bytes wait to be written [default: 2097152]",
        "Property buffer.memory. A single batch may be larger.",
    ),
    none("socket-buffer-size", "The size of a socket's buffer (send.buffer.bytes)"),
    long(
        "line-reader",
        "Name the class that reads lines",
        "org.apache.kafka.tools.LineMessageReader, also as kafka.tools.ConsoleProducer$LineMessageReader, \
         is the only one here.",
    ),
    long(
        "reader-property",
        "Set how lines are read; may be given several times",
        "parse.key=true with key.separator=TEXT (a tab); parse.headers=true with \
         headers.delimiter=TEXT (a tab), headers.separator=REGEX (a comma) and \
         headers.key.separator=TEXT (a colon); null.marker=TEXT; ignore.error=true; \
         charset=utf8-lossy to replace what is not UTF-8 as Kafka's tool does; topic=NAME. The value \
         is taken as it is: write $'key.separator=\\t' for a tab.",
    ),
    acts(
        "property",
        "Set how lines are read, as older tools spell it; not together with --reader-property; \
         deprecated",
    ),
    long(
        "reader-config",
        "Read reader properties from a Java properties file",
        "In a file \\t and \\n are escapes and bytes are ISO-8859-1. --reader-property counts more.",
    ),
    long(
        "command-property",
        "Set a property of Kafka's producer; may be given several times",
        "--explain-options says which ones act here.",
    ),
    acts(
        "producer-property",
        "Set a property of Kafka's producer, as older tools spell it; not together with \
         --command-property; deprecated",
    ),
    long(
        "command-config",
        "Read producer properties from a Java properties file",
        "--command-property counts more, and an option more than both.",
    ),
    acts(
        "producer.config",
        "Read producer properties from a file, as older tools spell it; not together with \
         --command-config; deprecated",
    ),
    acts("key", "Give every record this key"),
    acts("header", "Give every record this header, KEY=VALUE; may be given several times"),
    acts("partition", "Write to this partition, whatever the key"),
    long(
        "timestamp",
        "Give every record this time",
        "RFC 3339, a number of seconds or milliseconds since 1970, or now.",
    ),
    long(
        "delimiter",
        "End a record's line with exactly these bytes, instead of LF, CR or CRLF",
        "\\n, \\r, \\t, \\0, \\\\ and \\xHH are escapes.",
    ),
    acts("null", "End a record's line with a zero byte, as find -print0 does; also -0"),
    long(
        "file-per-record",
        "Make each file one record: those named, else those that standard input names",
        "Without names, each line of standard input is the path of a file. A file is the value, as it \
         is, with what --key and --header say.",
    ),
    long(
        "format",
        "Read text, or records as JSON, one a line [default: text]",
        "The JSON is what console-consumer --format json prints. Partition and timestamp are kept, the \
         offset is ignored. Without --topic each record goes to the topic that it names.",
    ),
    acts("repartition", "With --format json: choose partitions anew, by key"),
    acts("restamp", "With --format json: give records the time at which they are read"),
    long(
        "on-error",
        "Stop at a record that cannot be taken, or skip it [default: stop]",
        "A line that cannot be taken apart, a record that is too large, a partition or topic that is \
         not there. The exit status is 1 either way. A topic that takes nothing more always stops it.",
    ),
    long(
        "summary",
        "Say at the end on standard error what was stored, and why it ended",
        "Without this option that is said when a record was refused or not stored, after a signal, \
         and with --format json.",
    ),
    acts("quiet", "Say nothing of what was stored or skipped, and nothing of deprecated options"),
    long(
        "report-acks",
        "Print a JSON object for each record once it counts as sent",
        "In the shape of Kafka's verifiable producer: producer_send_success with partition and \
         offset. Printed only once the level of --request-required-acks is reached.",
    ),
    acts("explain-options", "Print what every option and property does here, and end"),
    acts("help", "Print help"),
    acts("version", "Print version"),
];

/// Properties of Kafka's producer.
pub(super) const PROPERTIES: &[Line] = &[
    acts("acks", "When a record counts as sent; as --request-required-acks"),
    acts("batch.size", "As --batch-size"),
    acts("bootstrap.servers", "As --bootstrap-server, which counts more"),
    acts("buffer.memory", "As --max-memory-bytes"),
    acts("compression.type", "As --compression-codec"),
    acts("enable.idempotence", "Nothing is sent twice here; true demands acks=all, as in Kafka"),
    acts("linger.ms", "As --timeout"),
    acts("max.block.ms", "As --max-block-ms"),
    acts("max.request.size", "Refuse records of more bytes; never more than 10000000"),
    Line {
        name: "transactional.id",
        effect: Effect::Refused,
        says: "There are no transactions yet",
        more: "",
    },
    none("client.id", "A record has no place for it"),
    none("auto.include.jmx.reporter", ""),
    none("client.dns.lookup", ""),
    none("compression.gzip.level", "Codecs have their usual level"),
    none("compression.lz4.level", "Codecs have their usual level"),
    none("compression.zstd.level", "Codecs have their usual level"),
    none("config.providers*", ""),
    none("connections.max.idle.ms", ""),
    none("delivery.timeout.ms", ""),
    none("enable.metrics.push", ""),
    none("interceptor.classes", ""),
    none("key.serializer", "Bytes are kept as they are"),
    none("max.in.flight.requests.per.connection", ""),
    none("metadata.max.age.ms", ""),
    none("metadata.max.idle.ms", ""),
    none("metadata.recovery*", ""),
    none("metric.reporters", ""),
    none("metrics.*", ""),
    none("partitioner.*", "By key as in Kafka, else one partition after the other"),
    none("receive.buffer.bytes", ""),
    none("reconnect.backoff.*", ""),
    none("request.timeout.ms", ""),
    none("retries", "An append is done or refused"),
    none("retry.backoff.*", ""),
    none("sasl.*", ""),
    none("security.*", ""),
    none("send.buffer.bytes", ""),
    none("socket.*", ""),
    none("ssl.*", ""),
    none("transaction.*", ""),
    none("value.serializer", "Bytes are kept as they are"),
];

/// Properties of the line reader.
pub(super) const READER_PROPERTIES: &[Line] = &[
    acts("parse.key", "true: a line holds a key before the value"),
    acts("key.separator", "The text between key and value; a tab"),
    acts("parse.headers", "true: a line begins with headers"),
    acts("headers.delimiter", "The text behind the headers; a tab"),
    acts("headers.separator", "The regular expression between headers; a comma"),
    acts("headers.key.separator", "The text between the key and the value of a header; a colon"),
    acts("ignore.error", "true: what is missing in a line is null or empty, instead of an error"),
    acts("null.marker", "A field that is this text is null"),
    acts("charset", "bytes, or utf8-lossy: what is not UTF-8 is replaced, as Kafka's tool does"),
    acts("topic", "Write to this topic instead of --topic, if set with --reader-property"),
];

/// Returns the line of an option.
pub(super) fn option(name: &str) -> Option<&'static Line> {
    OPTIONS.iter().find(|line| line.name == name)
}

/// Returns the line of a property of Kafka's producer; `None` for a name that Kafka does not know.
pub(super) fn property(name: &str) -> Option<&'static Line> {
    PROPERTIES.iter().find(|line| match line.name.strip_suffix('*') {
        Some(front) => name.starts_with(front),
        None => name == line.name,
    })
}

#[cfg(test)]
mod tests {
    use super::{Effect, OPTIONS, PROPERTIES, option, property};

    #[test]
    fn every_option_has_its_line_and_every_line_its_option() {
        let command = super::super::command();
        let names: Vec<&str> = command.get_arguments().filter_map(clap::Arg::get_long).collect();
        for name in &names {
            let line = option(name).unwrap_or_else(|| panic!("--{name} is not in the table"));
            let argument = command.get_arguments().find(|option| option.get_long() == Some(name));
            let help = argument.unwrap().get_help().unwrap().to_string();
            assert!(help.starts_with(line.says), "--{name}: {help}");
        }
        for line in OPTIONS {
            assert!(names.contains(&line.name), "there is no --{}", line.name);
            assert!(!line.says.is_empty());
        }
    }

    #[test]
    fn properties_are_found_by_name_and_by_the_front_of_it() {
        assert_eq!(property("acks").unwrap().effect, Effect::Acts);
        assert_eq!(property("ssl.keystore.location").unwrap().effect, Effect::Nothing);
        assert_eq!(property("transactional.id").unwrap().effect, Effect::Refused);
        assert!(property("acksx").is_none());
        let mut names: Vec<&str> = PROPERTIES.iter().map(|line| line.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PROPERTIES.len(), "each is there once");
    }
}
