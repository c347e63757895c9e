//! The options of `console-producer` and what they mean together.

use std::str::FromStr;

use clap::{ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use crate::cli::failure::{Exit, Failure};
use crate::cli::kafka_settings::name_and_value;
use crate::cli::session::Session;
use crate::cli::target::{Destination, resolve};

use super::line_reader::LineReader;

/// Write lines of standard input to a topic
///
/// Each line becomes a record. Empty lines are records, a line need not be text, and the last line
/// need not end. A record counts as sent when it is on the disk, unless --request-required-acks
/// asks for less. If any record was not stored, the exit status is 1.
#[derive(Debug, Parser)]
#[command(
    name = "console-producer",
    version,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    /// Write to this topic: /stream:topic
    ///
    /// A name without a path belongs to $STREAMPATH_DEFAULT_STREAM, else to /kafka.
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Name the topic by position instead of with --topic
    #[arg(value_name = "TOPIC")]
    position: Option<String>,

    /// Accept the address of a Kafka cluster; without effect for /stream:topic
    #[arg(long, value_name = "HOST:PORT,...")]
    bootstrap_server: Option<String>,

    /// Accept the address of a Kafka cluster, as older tools spell it; without effect for
    /// /stream:topic, or beside --bootstrap-server
    #[arg(long, value_name = "HOST:PORT,...")]
    broker_list: Option<String>,

    /// Say when a record counts as sent: 0, 1, or -1 which is the same as all
    ///
    /// 0: handed over, errors are not waited for. 1: written, so that it survives this process.
    /// all: on the disk, so that it survives the machine.
    #[arg(long, value_name = "ACKS", default_value = "-1", allow_hyphen_values = true)]
    request_required_acks: Acks,

    /// Wait for each record before reading the next line
    #[arg(long)]
    sync: bool,

    /// Compress with none, gzip, snappy, lz4 or zstd; with gzip if no codec is named
    ///
    /// Without this option, as the stream's attribute says.
    #[arg(long, value_name = "CODEC", num_args = 0..=1, default_missing_value = "gzip")]
    compression_codec: Option<Codec>,

    /// Set how lines are read; may be given several times
    ///
    /// parse.key=true with key.separator=TEXT (a tab); parse.headers=true with
    /// headers.delimiter=TEXT (a tab), headers.separator=TEXT (a comma) and
    /// headers.key.separator=TEXT (a colon); null.marker=TEXT; ignore.error=true.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    reader_property: Vec<String>,

    /// Set how lines are read, as older tools spell it; not together with --reader-property
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    property: Vec<String>,

    /// Print a JSON object for each record once it counts as sent
    ///
    /// In the shape of Kafka's verifiable producer: producer_send_success with partition and
    /// offset. Printed only once the level of --request-required-acks is reached.
    #[arg(long)]
    report_acks: bool,

    /// Print help
    #[arg(long, action = ArgAction::Help, short_alias = 'h')]
    help: Option<bool>,

    /// Print version
    #[arg(long, action = ArgAction::Version, short_alias = 'V')]
    version: Option<bool>,
}

/// When a record counts as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acks {
    /// `0`: handed over; errors are not waited for.
    None,
    /// `1`: the kernel has it; survives the process.
    One,
    /// `-1` or `all`: synced; survives the machine.
    All,
}

impl FromStr for Acks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "0" => Ok(Self::None),
            "1" => Ok(Self::One),
            "-1" | "all" => Ok(Self::All),
            _ => Err("acks are 0, 1, -1 or all".to_owned()),
        }
    }
}

/// How batches are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    /// Not at all.
    None,
    /// With gzip.
    Gzip,
    /// With snappy, in xerial frames.
    Snappy,
    /// With lz4 frames.
    Lz4,
    /// With zstd.
    Zstd,
}

impl FromStr for Codec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            // Kafka's tool takes an empty value for a missing one.
            "gzip" | "" => Ok(Self::Gzip),
            "snappy" => Ok(Self::Snappy),
            "lz4" => Ok(Self::Lz4),
            "zstd" => Ok(Self::Zstd),
            _ => Err("codecs are none, gzip, snappy, lz4 and zstd".to_owned()),
        }
    }
}

/// What was asked of the producer, checked.
#[derive(Debug)]
pub(crate) struct Options {
    /// The topic to write to.
    pub(crate) destination: Destination,
    /// When a record counts as sent.
    pub(crate) acks: Acks,
    /// Each record is waited for.
    pub(crate) sync: bool,
    /// The codec asked for; `None` leaves it to the stream.
    pub(crate) codec: Option<Codec>,
    /// How lines are taken apart.
    pub(crate) reader: LineReader,
    /// A JSON line is printed for each record that counts as sent.
    pub(crate) report_acks: bool,
}

/// Returns the definition of the program's arguments.
pub(crate) fn command() -> Command {
    Arguments::command()
}

/// Runs the program.
///
/// # Errors
///
/// The arguments make no sense together (exit 2), or whatever stopped the run.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session) -> Result<Exit, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::new(error)))?;
    let options = arguments.checked(session)?;
    super::run::run(&options, session)
}

impl Arguments {
    fn checked(self, session: &Session) -> Result<Options, Failure> {
        let topic = one_topic(self.topic.as_deref(), self.position.as_deref(), &session.name)?;
        if !self.property.is_empty() && !self.reader_property.is_empty() {
            return Err(Failure::usage(
                "Options --reader-property and --property cannot be specified together.",
            ));
        }
        let properties = self.property.iter().chain(&self.reader_property);
        let reader = LineReader::from_properties(properties.map(|pair| name_and_value(pair)))
            .map_err(Failure::usage)?;
        let address = self.bootstrap_server.as_deref().or(self.broker_list.as_deref());
        let default_stream = session.environment.default_stream.as_deref();
        Ok(Options {
            destination: resolve(topic, address, default_stream)?,
            acks: self.request_required_acks,
            sync: self.sync,
            codec: self.compression_codec,
            reader,
            report_acks: self.report_acks,
        })
    }
}

/// Returns the topic, named with `--topic`, by position, or both ways alike.
///
/// # Errors
///
/// It is named twice and differently, or not at all.
pub(crate) fn one_topic<'a>(
    option: Option<&'a str>,
    position: Option<&'a str>,
    name: &str,
) -> Result<&'a str, Failure> {
    match (option, position) {
        (Some(option), Some(position)) if option != position => Err(Failure::usage(format!(
            "two topics are named: `{option}` with --topic and `{position}` by position"
        ))),
        (Some(topic), _) | (None, Some(topic)) => Ok(topic),
        (None, None) => Err(Failure::usage("Missing required argument \"[topic]\"")
            .with_hint(format!("{name} --topic /stream:topic"))),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Acks, Arguments, Codec, one_topic};

    fn parsed(line: &str) -> Result<Arguments, String> {
        let words = std::iter::once("console-producer").chain(line.split_whitespace());
        Arguments::try_parse_from(words).map_err(|error| error.to_string())
    }

    #[test]
    fn acks_have_four_spellings() {
        for (text, acks) in
            [("0", Acks::None), ("1", Acks::One), ("-1", Acks::All), ("all", Acks::All)]
        {
            let line = format!("--topic /s:t --request-required-acks {text}");
            assert_eq!(parsed(&line).unwrap().request_required_acks, acks);
        }
        let message = parsed("--topic t --request-required-acks 2").unwrap_err();
        assert!(message.contains("acks are 0, 1, -1 or all"), "{message}");
    }

    #[test]
    fn a_codec_may_be_left_out() {
        let codec = |line: &str| parsed(line).unwrap().compression_codec;
        assert_eq!(codec("--topic t"), None);
        assert_eq!(codec("--compression-codec --topic t"), Some(Codec::Gzip));
        assert_eq!(codec("--compression-codec zstd --topic t"), Some(Codec::Zstd));
        assert_eq!(codec("--compression-codec= --topic t"), Some(Codec::Gzip));
        assert!(parsed("--compression-codec brotli --topic t").is_err());
    }

    #[test]
    fn a_topic_is_named_once_or_twice_alike() {
        assert_eq!(one_topic(Some("t"), Some("t"), "x").unwrap(), "t");
        assert_eq!(one_topic(None, Some("t"), "x").unwrap(), "t");
        assert!(one_topic(Some("t"), Some("u"), "x").is_err());
        let missing = one_topic(None, None, "x").unwrap_err();
        assert_eq!(missing.to_string(), "Missing required argument \"[topic]\"");
    }
}
