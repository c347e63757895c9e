//! The options of Kafka's console producer, from 2.0 to the newest, as they are typed.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::kafka_settings::{EmptyValues, Given, Properties, one_spelling};
use crate::cli::session::Session;

/// The classes of Kafka's only line reader, by the names that it had.
pub(crate) const LINE_READERS: [&str; 3] = [
    "org.apache.kafka.tools.LineMessageReader",
    "kafka.tools.ConsoleProducer$LineMessageReader",
    "kafka.tools.ConsoleProducer.LineMessageReader",
];

/// Options with numbers are texts here: they are read in Kafka's order and refused in its words.
#[derive(Debug, clap::Args)]
pub(super) struct KafkaOptions {
    /// Name the class that reads lines
    ///
    /// org.apache.kafka.tools.LineMessageReader, also as
    /// kafka.tools.ConsoleProducer$LineMessageReader, is the only one here.
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    line_reader: Option<String>,

    /// Set how lines are read; may be given several times
    ///
    /// parse.key=true with key.separator=TEXT (a tab); parse.headers=true with
    /// headers.delimiter=TEXT (a tab), headers.separator=REGEX (a comma) and
    /// headers.key.separator=TEXT (a colon); null.marker=TEXT; ignore.error=true;
    /// charset=utf8-lossy to replace what is not UTF-8 as Kafka's tool does; topic=NAME. The value
    /// is taken as it is: write $'key.separator=\t' for a tab.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    reader_property: Vec<String>,

    /// Set how lines are read, as older tools spell it; not together with --reader-property
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    property: Vec<String>,

    /// Read properties of the line reader from a Java properties file; --reader-property beats it
    ///
    /// In a file \t and \n are escapes and bytes are ISO-8859-1.
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    reader_config: Option<PathBuf>,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    ///
    /// For a topic without a path a loopback address means /kafka; any other one is refused, for
    /// nothing is stored here for another machine.
    #[arg(long, value_name = "HOST:PORT,...", allow_hyphen_values = true)]
    bootstrap_server: Option<String>,

    /// Accept the address of a Kafka cluster, as older tools spell it; without effect for
    /// /stream:topic, or beside --bootstrap-server
    #[arg(long, value_name = "HOST:PORT,...", allow_hyphen_values = true)]
    broker_list: Option<String>,

    /// Wait for each record before reading the next line
    #[arg(long)]
    pub(super) sync: bool,

    /// Compress with gzip, or with the codec named: none, gzip, snappy, lz4, zstd
    ///
    /// Property compression.type. Without either, as the stream's attribute says.
    #[arg(long, value_name = "CODEC", num_args = 0..=1, default_missing_value = "gzip")]
    compression_codec: Option<String>,

    /// End a batch before a record would take it past so many bytes [default: 131072]
    ///
    /// Property batch.size. 0 makes each record a batch; more than 10000000 counts as that.
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    batch_size: Option<String>,

    /// End a batch at so many bytes, as older tools spell it; beats --batch-size
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    max_partition_memory_bytes: Option<String>,

    /// Try again so often (retries); without effect
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    message_send_max_retries: Option<String>,

    /// Wait so long before trying again (retry.backoff.ms); without effect
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    retry_backoff_ms: Option<String>,

    /// Let records wait so many milliseconds for others to share a batch [default: 0]
    ///
    /// Property linger.ms. With 0 they go out as soon as the input pauses.
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    timeout: Option<String>,

    /// Say when a record counts as sent: 0, 1, or -1 which is the same as all [default: -1]
    ///
    /// Property acks. 0: handed over, errors are not waited for. 1: written, so that it survives
    /// this process. all: on the disk, so that it survives the machine.
    #[arg(long, value_name = "ACKS", allow_hyphen_values = true)]
    request_required_acks: Option<String>,

    /// Wait so long for an answer (request.timeout.ms); without effect
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    request_timeout_ms: Option<String>,

    /// Ask for the partitions that often (metadata.max.age.ms); without effect
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    metadata_expiry_ms: Option<String>,

    /// Give up when the lock of a partition is not free for so long [default: 60000]
    ///
    /// Property max.block.ms. The exit status is then 8.
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    max_block_ms: Option<String>,

    /// Let at most so many bytes wait to be written [default: 2097152]
    ///
    /// Property buffer.memory. A single batch may be larger.
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    max_memory_bytes: Option<String>,

    /// The size of a socket's buffer (send.buffer.bytes); without effect
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    socket_buffer_size: Option<String>,

    /// Set a property of the producer; may be given several times
    ///
    /// --explain-options says which ones act here.
    #[arg(long, value_name = "PROPERTY=VALUE", allow_hyphen_values = true)]
    command_property: Vec<String>,

    /// Set a property, as older tools spell it; not together with --command-property
    #[arg(long, value_name = "PROPERTY=VALUE", allow_hyphen_values = true)]
    producer_property: Vec<String>,

    /// Read properties of the producer from a Java properties file; --command-property beats it
    ///
    /// An option beats both.
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    command_config: Option<PathBuf>,

    /// Read properties of the producer from a file, as older tools spell it; not together with
    /// --command-config
    #[arg(long = "producer.config", value_name = "FILE", allow_hyphen_values = true)]
    producer_config: Option<PathBuf>,
}

/// What the options and the files and pairs they name say, each thing once.
#[derive(Debug)]
pub(super) struct KafkaSettings {
    /// Properties of Kafka's producer that were set by anybody.
    pub(super) producer: Properties,
    /// Properties of the line reader; `topic` is among them if one was named.
    pub(super) reader: Properties,
    /// The address of a cluster that was given.
    pub(super) address: Option<String>,
}

impl KafkaOptions {
    /// Checks and merges what was given, in the order of Kafka's tool; says what is deprecated.
    ///
    /// # Errors
    ///
    /// Both spellings of an option, a number that is none, an unknown class (exit 2); a file that
    /// cannot be read (exit 1).
    pub(super) fn merged(
        &self,
        topic: Option<&str>,
        quiet: bool,
        session: &Session,
    ) -> Result<KafkaSettings, Failure> {
        let deprecated = self.deprecated();
        let config = one_spelling(
            ("command-config", self.command_config.as_deref()),
            ("producer.config", self.producer_config.as_deref()),
            Option::is_some,
        )?;
        let config_option =
            if self.command_config.is_some() { "command-config" } else { "producer.config" };
        let is_given = |pairs: &&Vec<String>| !pairs.is_empty();
        let pairs = one_spelling(
            ("command-property", &self.command_property),
            ("producer-property", &self.producer_property),
            is_given,
        )?;
        let reader_pairs = one_spelling(
            ("reader-property", &self.reader_property),
            ("property", &self.property),
            is_given,
        )?;
        for warning in deprecated.iter().filter(|_| !quiet) {
            session.terminal.note(warning);
        }
        self.check_line_reader()?;
        let mut reader = match &self.reader_config {
            Some(path) => Properties::from_file("reader-config", path)?,
            None => Properties::default(),
        };
        if let Some(topic) = topic {
            reader.set("topic", topic);
        }
        reader.override_with(Properties::from_pairs(reader_pairs, EmptyValues::Accepted)?);
        let mut producer = match config {
            Some(path) => Properties::from_file(config_option, path)?,
            None => Properties::default(),
        };
        producer.override_with(Properties::from_pairs(pairs, EmptyValues::Accepted)?);
        self.merge_into(&mut producer)?;
        let address = producer.get("bootstrap.servers").map(str::to_owned);
        Ok(KafkaSettings { producer, reader, address })
    }

    /// Kafka's warnings, in its order.
    fn deprecated(&self) -> Vec<String> {
        let renamed = [
            (self.producer_config.is_some(), "producer.config", "command-config"),
            (!self.producer_property.is_empty(), "producer-property", "command-property"),
            (!self.property.is_empty(), "property", "reader-property"),
        ];
        let mut warnings: Vec<String> = renamed
            .iter()
            .filter(|(is_given, _, _)| *is_given)
            .map(|(_, old, new)| {
                format!(
                    "Warning: --{old} is deprecated and will be removed in a future version. Use \
                     --{new} instead."
                )
            })
            .collect();
        if self.max_partition_memory_bytes.is_some() {
            warnings.push(
                "Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache \
                 Kafka 5.0. Use --batch-size instead."
                    .to_owned(),
            );
        }
        warnings
    }

    fn check_line_reader(&self) -> Result<(), Failure> {
        let Some(class) = &self.line_reader else { return Ok(()) };
        if LINE_READERS.contains(&class.as_str()) {
            return Ok(());
        }
        let [newest, older, _] = LINE_READERS;
        Err(Failure::usage(format!(
            "--line-reader names `{class}`; there is {newest}, also as {older}"
        ))
        .with_hint("for records as JSON: --format json"))
    }

    /// Lets what was given as an option beat the property it stands for. Kafka's own defaults play
    /// no part: an option that is not there leaves its property alone.
    fn merge_into(&self, producer: &mut Properties) -> Result<(), Failure> {
        let numbers = [
            ("timeout", "linger.ms", &self.timeout, Number::Long),
            ("request-timeout-ms", "request.timeout.ms", &self.request_timeout_ms, Number::Int),
            ("message-send-max-retries", "retries", &self.message_send_max_retries, Number::Int),
            ("retry-backoff-ms", "retry.backoff.ms", &self.retry_backoff_ms, Number::Long),
            ("socket-buffer-size", "send.buffer.bytes", &self.socket_buffer_size, Number::Int),
            ("max-memory-bytes", "buffer.memory", &self.max_memory_bytes, Number::Long),
            ("batch-size", "batch.size", &self.batch_size, Number::Int),
            // Behind the other one, which it beats.
            (
                "max-partition-memory-bytes",
                "batch.size",
                &self.max_partition_memory_bytes,
                Number::Int,
            ),
            ("metadata-expiry-ms", "metadata.max.age.ms", &self.metadata_expiry_ms, Number::Long),
            ("max-block-ms", "max.block.ms", &self.max_block_ms, Number::Long),
        ];
        for (option, property, given, number) in numbers {
            let Some(text) = given else { continue };
            let is_number = match number {
                Number::Int => text.parse::<i32>().is_ok(),
                Number::Long => text.parse::<i64>().is_ok(),
            };
            if !is_number {
                let text = format!("Cannot parse argument '{text}' of option {option}");
                return Err(Failure::usage(text));
            }
            producer.merge_option(property, Given::Value(text), None);
        }
        let acks = self.request_required_acks.as_deref().map_or(Given::Absent, Given::Value);
        producer.merge_option("acks", acks, None);
        if let Some(codec) = &self.compression_codec {
            // Kafka's tool takes an empty value for a missing one.
            let given = if codec.is_empty() { Given::WithoutValue } else { Given::Value(codec) };
            producer.merge_option("compression.type", given, Some("gzip"));
        }
        if let Some(address) = self.bootstrap_server.as_deref().or(self.broker_list.as_deref()) {
            producer.set("bootstrap.servers", address);
        }
        Ok(())
    }
}

/// What Kafka reads an option's number into.
#[derive(Clone, Copy, Debug)]
enum Number {
    Int,
    Long,
}
