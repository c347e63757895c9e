//! The options of `console-producer` that Kafka's tool does not have, as they are typed.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::on_error::OnError;
use crate::cli::pace::{PaceArguments, Pacer};
use crate::cli::place::parse_instant;
use crate::cli::record_text::delimiter;
use crate::cli::session::Session;

/// The options that are our own.
#[derive(Debug, clap::Args)]
pub(super) struct OwnOptions {
    /// Write to this partition, whatever the key
    #[arg(long, value_name = "PARTITION", allow_hyphen_values = true)]
    partition: Option<u32>,

    /// Read text, or records as JSON, one a line [default: text]
    ///
    /// The JSON is what console-consumer --format json prints. Partition and timestamp are kept,
    /// the offset is ignored. Without --topic each record goes to the topic that it names.
    #[arg(long, value_name = "FORMAT")]
    format: Option<InputFormat>,

    /// With --format json: choose partitions anew, by key
    #[arg(long)]
    repartition: bool,

    /// With --format json: give records the time at which they are read
    #[arg(long)]
    restamp: bool,

    /// End a record's line with exactly these bytes, instead of LF, CR or CRLF
    ///
    /// \n, \r, \t, \0, \\ and \xXX are escapes.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    delimiter: Option<String>,

    /// End a record's line with a NUL, as find -print0 does; -0 for short
    #[arg(long, short_alias = '0')]
    null: bool,

    /// Make each file one record: those named, else those that standard input names
    ///
    /// Without names, each line of standard input is the path of a file. A file is the value, as it
    /// is, with what --key and --header say.
    #[arg(long, value_name = "FILE", num_args = 0..)]
    file_per_record: Option<Vec<PathBuf>>,

    #[command(flatten)]
    pace: PaceArguments,

    /// Stop at a record that cannot be taken, or skip it [default: stop]
    ///
    /// A line that cannot be taken apart, a record that is too large, a partition or topic that is
    /// not there. The exit status is 1 either way. A topic that takes nothing more always stops it.
    #[arg(long, value_name = "WHAT")]
    on_error: Option<OnError>,

    /// Give every record this key
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    key: Option<String>,

    /// Give every record this header, KEY=VALUE; may be given several times
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    header: Vec<String>,

    /// Give every record this time
    ///
    /// RFC 3339, a number of seconds or milliseconds since 1970, or now.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    timestamp: Option<String>,
}

/// The options about what is told.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub(super) struct ToldOptions {
    /// Say at the end on standard error what was stored, and why it ended
    ///
    /// Without this option that is said when a record was refused or not stored, after a signal,
    /// and with --format json.
    #[arg(long)]
    pub(super) summary: bool,

    /// Say nothing of what was stored or skipped, and nothing of deprecated options
    #[arg(long, conflicts_with = "summary")]
    pub(super) quiet: bool,

    /// Print a JSON object for each record once it counts as sent
    ///
    /// In the shape of Kafka's verifiable producer: producer_send_success with partition and
    /// offset. Printed only once the level of --request-required-acks is reached.
    #[arg(long)]
    pub(super) report_acks: bool,

    /// Print what every option and property does here, and end
    #[arg(long)]
    pub(super) explain_options: bool,
}

/// What a line of input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// A value a line, with key and headers if asked
    Text,
    /// A record as JSON a line
    Json,
}

/// Where records come from, and what a piece of the input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Each line is taken apart by the line reader.
    Lines,
    /// Each line is a record as JSON.
    Json {
        /// The partition that it names is not kept.
        repartition: bool,
        /// The time that it names is not kept.
        restamp: bool,
    },
    /// Each file is a value: those named, else those that the lines name.
    Files(Vec<PathBuf>),
}

/// What every record has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// The key.
    pub(crate) key: Option<Vec<u8>>,
    /// Headers, which stand before those of a line.
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The partition.
    pub(crate) partition: Option<u32>,
    /// The time, in milliseconds since 1970.
    pub(crate) timestamp: Option<i64>,
}

impl Fixed {
    /// True if records have nothing in common.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl OwnOptions {
    /// Returns where records come from. `parses` says that the line reader is to find keys or
    /// headers.
    ///
    /// # Errors
    ///
    /// Options that contradict each other: exit 2.
    pub(super) fn source(&self, parses: bool) -> Result<Source, Failure> {
        let together = |one: &str, other: &str| {
            Err(Failure::usage(format!(
                "Options --{one} and --{other} cannot be specified together."
            )))
        };
        let is_json = self.is_json();
        if !is_json {
            for (name, is_given) in [("repartition", self.repartition), ("restamp", self.restamp)] {
                if is_given {
                    return Err(Failure::usage(format!("--{name} is for --format json")));
                }
            }
        }
        if let Some(files) = &self.file_per_record {
            if is_json {
                return together("format json", "file-per-record");
            }
            if parses {
                return Err(Failure::usage(
                    "with --file-per-record a file is the value as it is; parse.key and \
                     parse.headers are for lines",
                )
                .with_hint("name them with --key and --header"));
            }
            return Ok(Source::Files(files.clone()));
        }
        if !is_json {
            return Ok(Source::Lines);
        }
        for (name, is_given) in [
            ("key", self.key.is_some()),
            ("header", !self.header.is_empty()),
            ("partition", self.partition.is_some()),
            ("timestamp", self.timestamp.is_some()),
        ] {
            if is_given {
                return together("format json", name);
            }
        }
        Ok(Source::Json { repartition: self.repartition, restamp: self.restamp })
    }

    /// Returns what every record has. `parses_key` says that the line reader is to find keys.
    ///
    /// # Errors
    ///
    /// Something that is no header or no time, or two keys: exit 2.
    pub(super) fn fixed(&self, parses_key: bool, session: &Session) -> Result<Fixed, Failure> {
        if self.key.is_some() && parses_key {
            return Err(Failure::usage(
                "Options --key and parse.key=true cannot be specified together.",
            ));
        }
        let headers = self.header.iter().map(|header| {
            let wrong = || Failure::usage(format!("--header is `{header}`; expected KEY=VALUE"));
            let (key, value) = header.split_once('=').ok_or_else(wrong)?;
            Ok((key.as_bytes().to_vec(), value.as_bytes().to_vec()))
        });
        Ok(Fixed {
            key: self.key.as_ref().map(|key| key.as_bytes().to_vec()),
            headers: headers.collect::<Result<_, Failure>>()?,
            partition: self.partition,
            timestamp: self.timestamp.as_ref().map(|text| instant(text, session)).transpose()?,
        })
    }

    /// Returns what ends a line; `None` for LF, CR and CRLF.
    ///
    /// # Errors
    ///
    /// No bytes, or an escape that is none: exit 2.
    pub(super) fn delimiter(&self) -> Result<Option<Vec<u8>>, Failure> {
        let delimiter = delimiter(self.delimiter.as_deref(), self.null)?;
        if delimiter.as_ref().is_some_and(Vec::is_empty) {
            return Err(Failure::usage("--delimiter is empty; expected some text"));
        }
        Ok(delimiter)
    }

    /// True if lines are records as JSON.
    pub(super) fn is_json(&self) -> bool {
        self.format == Some(InputFormat::Json)
    }

    /// Returns what says when records are due.
    ///
    /// # Errors
    ///
    /// Something that is no pace, or the pace of times that the input does not have: exit 2.
    pub(super) fn pacer(&self) -> Result<Option<Pacer>, Failure> {
        let pacer = self.pace.checked()?;
        if pacer.as_ref().is_some_and(Pacer::needs_timestamps) && !self.is_json() {
            return Err(Failure::usage(
                "--pace by timestamps is for --format json: a line has none",
            )
            .with_hint("--pace 100/s"));
        }
        Ok(pacer)
    }

    /// Returns what to do with a record that cannot be taken.
    pub(super) fn on_error(&self) -> OnError {
        self.on_error.unwrap_or_default()
    }
}

fn instant(text: &str, session: &Session) -> Result<i64, Failure> {
    let time = text.strip_prefix('@').unwrap_or(text);
    if time == "now" {
        return Ok(session.environment.clock.now().0);
    }
    match parse_instant(time, &session.environment.zone()) {
        Some(time) => Ok(time.0),
        None => Err(Failure::usage(format!(
            "--timestamp is `{text}`; expected a time such as 2026-11-22T10:00:00Z, 1700000000, \
             1700000000000 or now"
        ))),
    }
}
