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

    /// Print keys by a deserializer; beats property key.deserializer
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub(super) key_deserializer: Option<String>,

    /// Print values by a deserializer; beats property value.deserializer
    ///
    /// The whole name of a class of org.apache.kafka.common.serialization: StringDeserializer,
    /// BytesDeserializer, ByteArrayDeserializer (the bytes as they are), ByteBufferDeserializer,
    /// BooleanDeserializer, ShortDeserializer, IntegerDeserializer, LongDeserializer,
    /// FloatDeserializer, DoubleDeserializer, UUIDDeserializer, VoidDeserializer, ListDeserializer.
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub(super) value_deserializer: Option<String>,

    /// Tell of a record that cannot be deserialized and go on, instead of ending with status 1
    #[arg(long)]
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

    /// Read properties of the consumer from a file, as older tools spell it; not together with
    /// --command-config
    #[arg(long = "consumer.config", value_name = "FILE", allow_hyphen_values = true)]
    pub(super) consumer_config: Option<PathBuf>,

    /// Print shutdown_complete as the last line
    #[arg(long)]
    pub(super) enable_systest_events: bool,

    /// Accept the address of ZooKeeper, as tools before Kafka 2.0 want it; as --bootstrap-server, which
    /// beats it
    #[arg(long, value_name = "HOST:PORT,...")]
    pub(super) zookeeper: Option<String>,

    /// Use the consumer that older tools call new; without effect
    #[arg(long)]
    pub(super) new_consumer: bool,

    /// Print what every option and property does here, and end
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
