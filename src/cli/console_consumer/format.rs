//! What records look like when it is not Kafka's formatter that says so, and on a terminal.

use std::collections::HashMap;

use clap::Args;

use crate::catalog::ObjectId;
use crate::cli::failure::Failure;
use crate::cli::record_text::{
    CSV_NAMES, Pattern, TextRecord, delimiter, json_string, write_csv, write_json, write_visible,
};
use crate::consume::Delivered;
use crate::store::Topic;

use super::deserializer::Undecodable;
use super::formatter::{Formatter, Shown, Stamp};

/// The options that say what records look like.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct FormatArguments {
    /// Print records as json, csv or raw, or by a pattern such as '%k %s\n'
    ///
    /// json: an object a line with everything a record has; console-producer --format json reads
    /// it back. csv: the same as comma-separated values below a line of names. raw: values and
    /// nothing else. See stream-record(5). A pattern has %s for the value, %S its bytes (-1 for
    /// null), %R the same as 32 bits big-endian, %k the key, %K its bytes, %t the topic, %p the
    /// partition, %o the offset, %T the timestamp in ms, %h the headers, %% for a percent sign;
    /// \n, \r, \t, \0, \\ and \xXX. Not together with --formatter-property or --property.
    #[arg(long, value_name = "FORMAT", allow_hyphen_values = true)]
    format: Option<String>,

    /// With --format raw, print this behind each value instead of a newline: '\n---\n'
    ///
    /// \n, \r, \t, \0, \\ and \xXX are escapes.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    delimiter: Option<String>,

    /// With --format raw, print a NUL behind each value; -0 for short
    #[arg(long, short_alias = '0')]
    null: bool,

    /// Print keys instead of values
    #[arg(long)]
    keys_only: bool,

    /// Print headers instead of values
    #[arg(long)]
    headers_only: bool,

    /// Print at most so many bytes of each value, whole characters; not with --format json
    #[arg(long, value_name = "BYTES")]
    cut: Option<usize>,

    /// Print control characters as they are, even to a terminal
    #[arg(long)]
    raw_terminal: bool,
}

/// What records look like.
#[derive(Clone, Debug)]
pub(super) struct Format {
    kind: Kind,
    cut_bytes: usize,
    raw_terminal: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    /// As Kafka's formatter has them.
    Kafka,
    Json,
    Csv,
    Raw {
        delimiter: Vec<u8>,
    },
    Pattern(Pattern),
}

impl FormatArguments {
    /// Checks the options, given the names of Kafka's options for its formatter that are there.
    ///
    /// # Errors
    ///
    /// They make no sense together, or a pattern is none.
    pub(super) fn checked(&self, kafkas: &[&str]) -> Result<Format, Failure> {
        let kind = match self.format.as_deref() {
            None => Kind::Kafka,
            Some("json") => Kind::Json,
            Some("csv") => Kind::Csv,
            Some("raw") => {
                let delimiter = delimiter(self.delimiter.as_deref(), self.null)?;
                Kind::Raw { delimiter: delimiter.unwrap_or_else(|| vec![b'\n']) }
            }
            Some(pattern) if pattern.contains('%') => Kind::Pattern(
                Pattern::parse(pattern)
                    .map_err(|error| Failure::usage(format!("format `{pattern}`: {error}")))?,
            ),
            Some(other) => {
                let text = format!("format `{other}` is not json, csv, raw or a pattern");
                return Err(Failure::usage(text).with_hint("a pattern has letters: '%k %s\\n'"));
            }
        };
        let conflict = |one: &str, other: &str| {
            Err(Failure::usage(format!("Options {one} and {other} cannot be specified together.")))
        };
        let is_kafka = matches!(kind, Kind::Kafka);
        if let (false, Some(option)) = (is_kafka, kafkas.first()) {
            return conflict("--format", option);
        }
        if self.keys_only && self.headers_only {
            return conflict("--keys-only", "--headers-only");
        }
        for (given, option) in
            [(self.keys_only, "--keys-only"), (self.headers_only, "--headers-only")]
        {
            if given && !is_kafka {
                return conflict("--format", option)
                    .map_err(|failure| failure.with_hint("--format '%k\\n', --format '%h\\n'"));
            }
        }
        if self.cut.is_some() && matches!(kind, Kind::Json) {
            return conflict("--format json", "--cut");
        }
        for (given, option) in [(self.delimiter.is_some(), "--delimiter"), (self.null, "--null")] {
            if given && !matches!(kind, Kind::Raw { .. }) {
                return Err(Failure::usage(format!("Option {option} goes with --format raw.")));
            }
        }
        Ok(Format {
            kind,
            cut_bytes: self.cut.unwrap_or(usize::MAX),
            raw_terminal: self.raw_terminal,
        })
    }

    /// Returns the properties of Kafka's formatter that the options stand for.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, &str)> {
        let wanted = [(self.keys_only, "print.key"), (self.headers_only, "print.headers")];
        wanted
            .into_iter()
            .filter(|(is_wanted, _)| *is_wanted)
            .flat_map(|(_, name)| [(name, "true"), ("print.value", "false")])
    }
}

/// The name of a topic as the formats want it.
#[derive(Debug)]
struct Name {
    text: String,
    json: Vec<u8>,
}

impl Name {
    fn of(topic: &Topic) -> Self {
        let text = format!("{}:{}", topic.stream_path(), topic.name());
        Self { json: json_string(&text), text }
    }
}

/// Turns records into what is printed.
#[derive(Debug)]
pub(super) struct Appearance {
    kind: Kind,
    cut_bytes: usize,
    /// The topics that records came from so far, and the one that the last came from.
    names: HashMap<ObjectId, Name>,
    /// Where a record is written before a terminal gets to see it.
    guard: Option<Vec<u8>>,
}

impl Appearance {
    /// Prepares for records.
    pub(super) fn new(format: &Format, output_is_terminal: bool) -> Self {
        Self {
            kind: format.kind.clone(),
            cut_bytes: format.cut_bytes,
            names: HashMap::new(),
            guard: (output_is_terminal && !format.raw_terminal).then(Vec::new),
        }
    }

    /// True if Kafka's formatter may write to the output itself.
    pub(super) fn is_kafkas(&self) -> bool {
        matches!(self.kind, Kind::Kafka) && self.cut_bytes == usize::MAX && self.guard.is_none()
    }

    /// Appends what stands before the first record.
    pub(super) fn begin(&self, out: &mut Vec<u8>) {
        if matches!(self.kind, Kind::Csv) {
            out.extend_from_slice(CSV_NAMES);
        }
    }

    /// Appends a record.
    ///
    /// # Errors
    ///
    /// Kafka's formatter cannot print it. `out` has the columns before the one at fault.
    pub(super) fn write(
        &mut self,
        delivered: Delivered<'_>,
        formatter: &Formatter,
        out: &mut Vec<u8>,
    ) -> Result<(), Undecodable> {
        let Some(mut guard) = self.guard.take() else {
            return self.write_as_it_is(delivered, formatter, out);
        };
        guard.clear();
        let written = self.write_as_it_is(delivered, formatter, &mut guard);
        write_visible(&guard, out);
        self.guard = Some(guard);
        written
    }

    fn write_as_it_is(
        &mut self,
        delivered: Delivered<'_>,
        formatter: &Formatter,
        out: &mut Vec<u8>,
    ) -> Result<(), Undecodable> {
        let record = delivered.record;
        let mut text = TextRecord {
            partition: delivered.partition,
            offset: record.offset,
            timestamp: record.timestamp,
            timestamp_type: delivered.timestamp_type,
            key: record.key,
            value: record.value,
            headers: record.headers,
        };
        if matches!(self.kind, Kind::Kafka) {
            text.value = text.value.map(|value| cut(value, self.cut_bytes));
            return formatter.write(shown(text), out);
        }
        let topic = delivered.topic;
        let name = self.names.entry(topic.object().id).or_insert_with(|| Name::of(topic));
        match &self.kind {
            Kind::Json => {
                write_json(text, &name.json, out);
            }
            Kind::Pattern(pattern) => {
                let cut = |value| cut(value, self.cut_bytes);
                pattern.write(&text, &name.text, cut, out);
            }
            Kind::Csv => {
                text.value = text.value.map(|value| cut(value, self.cut_bytes));
                write_csv(text, &name.text, out);
            }
            Kind::Raw { delimiter } => {
                let value = text.value.map(|value| cut(value, self.cut_bytes));
                out.extend_from_slice(value.unwrap_or_default());
                out.extend_from_slice(delimiter);
            }
            Kind::Kafka => {}
        }
        Ok(())
    }
}

/// Returns a record as Kafka's formatter sees it.
fn shown<H>(record: TextRecord<'_, H>) -> Shown<'_, H> {
    Shown {
        partition: record.partition,
        offset: record.offset,
        stamp: Stamp::of(record.timestamp, record.timestamp_type),
        key: record.key,
        value: record.value,
        headers: record.headers,
    }
}

/// Returns at most `bytes_max` of the beginning of `value`, not ending within a character.
fn cut(value: &[u8], bytes_max: usize) -> &[u8] {
    if value.len() <= bytes_max {
        return value;
    }
    let is_start = |byte: u8| byte & 0xc0 != 0x80;
    // A character has at most four bytes; what goes on for longer is no text.
    let end = (bytes_max.saturating_sub(3)..=bytes_max).rev().find(|end| is_start(value[*end]));
    &value[..end.unwrap_or(bytes_max)]
}

#[cfg(test)]
mod tests {
    use super::{FormatArguments, cut};

    #[test]
    fn a_value_is_cut_between_characters() {
        let text = "aé€😀".as_bytes();
        let cuts: Vec<usize> = (0..=11).map(|bytes| cut(text, bytes).len()).collect();
        assert_eq!(cuts, [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10]);
        assert_eq!(cut(&[0x80; 9], 6).len(), 6);
        assert_eq!(cut(b"abc", usize::MAX), b"abc");
    }

    #[test]
    fn options_that_make_no_sense_together_are_refused() {
        let format = |format: &str| FormatArguments {
            format: Some(format.to_owned()),
            ..FormatArguments::default()
        };
        let refused = |arguments: FormatArguments, kafkas: &[&str]| {
            arguments.checked(kafkas).map_or_else(|failure| failure.to_string(), |_| String::new())
        };
        assert_eq!(refused(format("json"), &[]), "");
        assert_eq!(
            refused(format("json"), &["--property"]),
            "Options --format and --property cannot be specified together."
        );
        assert_eq!(refused(FormatArguments::default(), &["--property"]), "");
        assert_eq!(
            refused(FormatArguments { keys_only: true, ..format("csv") }, &[]),
            "Options --format and --keys-only cannot be specified together."
        );
        assert_eq!(
            refused(FormatArguments { cut: Some(3), ..format("json") }, &[]),
            "Options --format json and --cut cannot be specified together."
        );
        assert_eq!(refused(FormatArguments { cut: Some(3), ..format("csv") }, &[]), "");
        assert_eq!(
            refused(FormatArguments { null: true, ..format("json") }, &[]),
            "Option --null goes with --format raw."
        );
        assert_eq!(refused(format("xml"), &[]), "format `xml` is not json, csv, raw or a pattern");
        assert!(refused(format("%q"), &[]).starts_with("format `%q`: there is no `%q`; there are"));
        let twice =
            FormatArguments { delimiter: Some(";".to_owned()), null: true, ..format("raw") };
        assert_eq!(
            refused(twice, &[]),
            "Options --delimiter and --null cannot be specified together."
        );
    }
}
