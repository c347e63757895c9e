//! The options of Kafka's console producer, from 2.0 to the newest, as they are typed.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::kafka_settings::{EmptyValues, Given, Properties, one_spelling};
use crate::cli::session::Session;

/// The classes of Kafka's only line reader, by the names that it had.
const LINE_READERS: [&str; 3] = [
    "org.apache.kafka.tools.LineMessageReader",
    "kafka.tools.ConsoleProducer$LineMessageReader",
    "kafka.tools.ConsoleProducer.LineMessageReader",
];

/// Options with numbers are texts here: they are read in Kafka's order and refused in its words.
/// What they say in help is in the table of effects.
#[derive(Debug, clap::Args)]
pub(super) struct KafkaOptions {
    #[arg(long, value_name = "HOST:PORT,...", allow_hyphen_values = true)]
    bootstrap_server: Option<String>,
    #[arg(long, value_name = "HOST:PORT,...", allow_hyphen_values = true)]
    broker_list: Option<String>,
    #[arg(long)]
    pub(super) sync: bool,
    #[arg(long, value_name = "CODEC", num_args = 0..=1, default_missing_value = "gzip")]
    compression_codec: Option<String>,
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    batch_size: Option<String>,
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    max_partition_memory_bytes: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    message_send_max_retries: Option<String>,
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    retry_backoff_ms: Option<String>,
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    timeout: Option<String>,
    #[arg(long, value_name = "ACKS", allow_hyphen_values = true)]
    request_required_acks: Option<String>,
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    request_timeout_ms: Option<String>,
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    metadata_expiry_ms: Option<String>,
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    max_block_ms: Option<String>,
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    max_memory_bytes: Option<String>,
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    socket_buffer_size: Option<String>,
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    line_reader: Option<String>,
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    reader_property: Vec<String>,
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    property: Vec<String>,
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    reader_config: Option<PathBuf>,
    #[arg(long, value_name = "PROPERTY=VALUE", allow_hyphen_values = true)]
    command_property: Vec<String>,
    #[arg(long, value_name = "PROPERTY=VALUE", allow_hyphen_values = true)]
    producer_property: Vec<String>,
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    command_config: Option<PathBuf>,
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
