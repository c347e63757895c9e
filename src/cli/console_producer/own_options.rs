//! The options of `console-producer` that Kafka's tool does not have, as they are typed.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::place::parse_instant;
use crate::cli::session::Session;

/// What they say in help is in the table of effects.
#[derive(Debug, clap::Args)]
pub(super) struct OwnOptions {
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    key: Option<String>,
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    header: Vec<String>,
    #[arg(long, value_name = "PARTITION", allow_hyphen_values = true)]
    partition: Option<u32>,
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    timestamp: Option<String>,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    delimiter: Option<String>,
    #[arg(long, short_alias = '0')]
    null: bool,
    #[arg(long, value_name = "FILE", num_args = 0..)]
    file_per_record: Option<Vec<PathBuf>>,
    #[arg(long, value_name = "FORMAT")]
    format: Option<InputFormat>,
    #[arg(long)]
    repartition: bool,
    #[arg(long)]
    restamp: bool,
    #[arg(long, value_name = "WHAT")]
    on_error: Option<OnError>,
    #[arg(long)]
    pub(super) summary: bool,
    #[arg(long)]
    pub(super) quiet: bool,
    #[arg(long)]
    pub(super) report_acks: bool,
    #[arg(long)]
    pub(super) explain_options: bool,
}

/// What a line of input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// A value, with key and headers if asked.
    Text,
    /// A record as JSON.
    Json,
}

/// What to do with a record that cannot be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Stop: what stands before it is stored.
    #[default]
    Stop,
    /// Count it and go on.
    Skip,
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
        match (&self.delimiter, self.null) {
            (Some(_), true) => {
                Err(Failure::usage("Options --delimiter and --null cannot be specified together."))
            }
            (Some(text), false) => match unescaped(text) {
                Some(bytes) if !bytes.is_empty() => Ok(Some(bytes)),
                _ => Err(Failure::usage(format!(
                    "--delimiter is `{text}`; expected some text, in which \\n, \\r, \\t, \\0, \\\\ \
                     and \\xHH are escapes"
                ))),
            },
            (None, true) => Ok(Some(vec![0])),
            (None, false) => Ok(None),
        }
    }

    /// True if lines are records as JSON.
    pub(super) fn is_json(&self) -> bool {
        self.format == Some(InputFormat::Json)
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

/// Resolves escapes; `None` if one is none.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next()? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'0' => 0,
            b'\\' => b'\\',
            b'x' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? << 4 | digit()?) as u8
            }
            _ => return None,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn a_delimiter_has_escapes() {
        assert_eq!(unescaped("a\\n\\r\\t\\0\\\\\\x1Eé").unwrap(), b"a\n\r\t\0\\\x1e\xc3\xa9");
        for text in ["\\", "\\x", "\\x1", "\\xzz", "\\q"] {
            assert_eq!(unescaped(text), None, "{text}");
        }
    }
}
