//! Options of Kafka's console consumer besides where to read: formatters, files, old spellings.

use std::path::PathBuf;

use clap::Args;

/// Options as Kafka's tool has them.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Kafka's tool")]
pub(super) struct KafkaOptions {
    /// Print with a class of Kafka's: DefaultMessageFormatter, NoOpMessageFormatter, which prints
    /// nothing, or LoggingMessageFormatter, which also writes a line to standard error
    ///
    /// The whole name of the class, as any version of Kafka has it. [default:
    /// org.apache.kafka.tools.consumer.DefaultMessageFormatter]
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub(super) formatter: Option<String>,

    /// Read properties of the formatter from a Java properties file; --formatter-property beats it
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    pub(super) formatter_config: Option<PathBuf>,

    /// Print keys by a deserializer, as property key.deserializer; this option beats it
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub(super) key_deserializer: Option<String>,

    /// Print values by a deserializer, as property value.deserializer; this option beats it
    ///
    /// The whole name of a class of org.apache.kafka.common.serialization: StringDeserializer,
    /// BytesDeserializer, ByteArrayDeserializer (the bytes as they are), ByteBufferDeserializer,
    /// BooleanDeserializer, ShortDeserializer, IntegerDeserializer, LongDeserializer,
    /// FloatDeserializer, DoubleDeserializer, UUIDDeserializer, VoidDeserializer, ListDeserializer.
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub(super) value_deserializer: Option<String>,

    /// Tell of a record that cannot be deserialized and go on, instead of ending with status 1
    #[arg(long, overrides_with = "skip_message_on_error")]
    pub(super) skip_message_on_error: bool,

    /// Leave out records of transactions with read_committed; read_uncommitted shows all
    ///
    /// A record of a transaction that was aborted is left out. Before the first record of one that
    /// is still open reading stops, and goes on once that is decided; --until end ends there.
    /// Transactions are in topics that were copied from a Kafka broker. [default: read_uncommitted]
    #[arg(long, value_name = "LEVEL", allow_hyphen_values = true)]
    pub(super) isolation_level: Option<String>,

    /// Read properties of the consumer from a Java properties file; --command-property beats it
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    pub(super) command_config: Option<PathBuf>,

    /// Read properties of the consumer from a file, as older tools spell it
    #[arg(long = "consumer.config", value_name = "FILE", allow_hyphen_values = true)]
    pub(super) consumer_config: Option<PathBuf>,

    /// Print shutdown_complete as the last line
    #[arg(long, overrides_with = "enable_systest_events")]
    pub(super) enable_systest_events: bool,

    /// Accept the address of ZooKeeper, as tools before Kafka 2.0 want it; without effect for
    /// /stream:topic, or beside --bootstrap-server
    #[arg(long, value_name = "HOST:PORT,...")]
    pub(super) zookeeper: Option<String>,

    /// Accept a word of older tools; without effect
    #[arg(long, overrides_with = "new_consumer")]
    pub(super) new_consumer: bool,

    /// Say of each option and property whether it acts here, and how; then end
    #[arg(long)]
    pub(super) explain_options: bool,
}

impl KafkaOptions {
    /// Returns the address that is given, whatever kind of server it is of.
    pub(super) fn address<'a>(&'a self, bootstrap_server: Option<&'a str>) -> Option<&'a str> {
        // Behind the servers a path may stand.
        let zookeeper =
            || self.zookeeper.as_deref().map(|text| text.split('/').next().unwrap_or(text));
        bootstrap_server.or_else(zookeeper)
    }
}
