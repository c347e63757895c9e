//! What the value of an option may be, by the name that its help gives it.

use clap::Arg;

use crate::cli::console_consumer::deserializer::Deserializer;
use crate::cli::console_consumer::effects::{CONSUMER_PROPERTIES, FORMATTER_PROPERTIES};
use crate::cli::console_consumer::formatter_class::FormatterClass;
use crate::cli::console_producer::effects::{PRODUCER_PROPERTIES, READER_PROPERTIES};
use crate::cli::console_producer::kafka_options::LINE_READERS;
use crate::cli::kafka_settings::EffectTable;
use crate::cli::kafka_topics::config_names;
use crate::path::split_target;

use super::candidates::{Candidate, Completion};
use super::names::Names;
use super::position::Position;

/// Words of the grammar of places; numbers, times and durations are typed.
const PLACES: [(&str, &str); 5] = [
    ("beginning", "The first record that is there"),
    ("end", "The end, as it is at the start"),
    ("@now", "What time it is"),
    ("@today", "Midnight"),
    ("@yesterday", "Midnight of the day before"),
];

const OFFSETS: [(&str, &str); 2] =
    [("earliest", "The first record that is there"), ("latest", "Records that come")];

/// Offsets that Kafka's tool for them has a word for.
const MOMENTS: [(&str, &str); 6] = [
    ("latest", "Behind the last record"),
    ("earliest", "The first record"),
    ("max-timestamp", "The first record with the largest timestamp"),
    ("earliest-local", "The first record"),
    ("latest-tiered", "In remote storage: there is none"),
    ("earliest-pending-upload", "For remote storage: there is none"),
];

const ACKS: [(&str, &str); 4] = [
    ("0", "Handed over"),
    ("1", "Written: survives the process"),
    ("-1", "On the disk: survives the machine"),
    ("all", "On the disk: survives the machine"),
];

const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];

/// The formats of records that have a name.
const FORMATS: [(&str, &str); 3] = [
    ("json", "Everything a record has, to be read back"),
    ("csv", "The same below a line of names"),
    ("raw", "Values and nothing else"),
];

const LEVELS: [(&str, &str); 2] = [
    ("read_committed", "Leave out what transactions did not commit"),
    ("read_uncommitted", "Everything"),
];

const PACES: [(&str, &str); 1] = [("original", "With the gaps between the records' timestamps")];

/// Places that a property has names for.
const RESETS: [(&str, &str); 3] = [
    ("earliest", "The first record that is there"),
    ("latest", "Records that come"),
    ("none", "Nowhere: it is an error"),
];

const CHARSETS: [(&str, &str); 2] =
    [("bytes", "Bytes as they are"), ("utf8-lossy", "What is not UTF-8 is replaced")];

/// What a stream's name may be followed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Stream,
    Topic,
}

/// Tells whether an option or a place on the line takes the name of a stream or a topic.
#[must_use]
pub(super) fn is_name(option: &Arg) -> bool {
    matches!(value_name(option), "STREAM" | "TOPIC" | "STREAM:TOPIC" | "DIRECTORY")
}

fn value_name(option: &Arg) -> &str {
    option.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str())
}

/// Returns what may stand for the value of `option` where `typed` is typed so far.
#[must_use]
pub(super) fn values(
    option: &Arg,
    position: &Position<'_>,
    typed: &str,
    names: &dyn Names,
) -> Completion {
    let possible = option.get_possible_values();
    if !possible.is_empty() {
        let shown = possible.iter().filter(|value| !value.is_hide_set());
        let told = |value: &clap::builder::PossibleValue| {
            let help = value.get_help().map(ToString::to_string);
            Candidate { text: value.get_name().to_owned(), help }
        };
        return Completion::Words(shown.map(told).collect());
    }
    let has = |name: &str| position.command.get_arguments().any(|a| a.get_long() == Some(name));
    Completion::Words(match value_name(option) {
        "STREAM" | "DIRECTORY" => streams(typed, Wanted::Stream, names),
        "STREAM:TOPIC" => streams(typed, Wanted::Topic, names),
        "TOPIC" if has("path") => match stream_and_topic(position, names).0 {
            Some(stream) => plain(names.topics(&stream)),
            None => Vec::new(),
        },
        "TOPIC" => {
            let mut found = streams(typed, Wanted::Topic, names);
            if !typed.starts_with('/') {
                found.extend(plain(names.topics(&names.default_stream())));
            }
            found
        }
        "PARTITION" => match stream_and_topic(position, names) {
            (Some(stream), Some(topic)) => {
                plain((0..names.partitions(&stream, &topic)).map(|number| number.to_string()))
            }
            _ => Vec::new(),
        },
        // Kafka's tool names the stream in front of the group.
        "GROUP" if has("all-groups") && typed.starts_with('/') => groups_of_streams(typed, names),
        "STATE,..." => plain(["Stable", "Empty"]),
        "TYPE,..." => plain(["consumer"]),
        "GROUP" => match stream_and_topic(position, names).0 {
            Some(stream) => plain(names.groups(&stream)),
            None if does_without_stream(option) => plain(names.groups(&names.default_stream())),
            None => Vec::new(),
        },
        "PLACE" => explained(&PLACES),
        "OFFSET" => explained(&OFFSETS),
        "MOMENT" => explained(&MOMENTS),
        "CONFIG=VALUE" => plain(config_names().map(|name| format!("{name}="))),
        "ACKS" => explained(&ACKS),
        "CODEC" => plain(CODECS),
        "FORMAT" => explained(&FORMATS),
        "LEVEL" => explained(&LEVELS),
        "PACE" => explained(&PACES),
        "CLASS" => plain(classes(option.get_long().unwrap_or_default())),
        "PROPERTY=VALUE" if has("reader-property") => properties(&PRODUCER_PROPERTIES, typed),
        "PROPERTY=VALUE" => properties(&CONSUMER_PROPERTIES, typed),
        "NAME=VALUE" if has("reader-property") => properties(&READER_PROPERTIES, typed),
        "NAME=VALUE" => properties(&FORMATTER_PROPERTIES, typed),
        "DIR" => return Completion::Directories,
        _ => Vec::new(),
    })
}

fn plain<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Vec<Candidate> {
    texts.into_iter().map(|text| Candidate { text: text.into(), help: None }).collect()
}

fn explained(words: &[(&str, &str)]) -> Vec<Candidate> {
    let told = |(text, help): &(&str, &str)| Candidate {
        text: (*text).to_owned(),
        help: Some((*help).to_owned()),
    };
    words.iter().map(told).collect()
}

/// Returns the classes that an option of a console program may name.
fn classes(option: &str) -> Vec<String> {
    match option {
        "formatter" => FormatterClass::class_names().collect(),
        "line-reader" => LINE_READERS.iter().map(|&name| name.to_owned()).collect(),
        _ => Deserializer::class_names().collect(),
    }
}

/// Returns the properties that act, or what may stand behind the `=` of one.
fn properties(known: &EffectTable, typed: &str) -> Vec<Candidate> {
    let Some((name, _)) = typed.split_once('=') else {
        let named = known
            .acting()
            .map(|(name, how)| Candidate { text: format!("{name}="), help: Some(how.to_owned()) });
        return named.collect();
    };
    let words = if known.acting().any(|(acting, _)| acting == name) {
        property_values(name)
    } else {
        Vec::new()
    };
    let whole = |word: Candidate| Candidate { text: format!("{name}={}", word.text), ..word };
    words.into_iter().map(whole).collect()
}

fn property_values(name: &str) -> Vec<Candidate> {
    match name {
        "acks" => explained(&ACKS),
        "compression.type" => plain(CODECS),
        "isolation.level" => explained(&LEVELS),
        "auto.offset.reset" => explained(&RESETS),
        "charset" => explained(&CHARSETS),
        "ignore.error" | "enable.auto.commit" | "enable.idempotence" => plain(["true", "false"]),
        _ if name.starts_with("print.") || name.starts_with("parse.") => plain(["true", "false"]),
        _ if name.ends_with(".deserializer") => plain(Deserializer::class_names()),
        _ => Vec::new(),
    }
}

/// Returns what a path may go on with: one directory further, or behind a stream its topics.
fn streams(typed: &str, wanted: Wanted, names: &dyn Names) -> Vec<Candidate> {
    if let (stream, Some(_)) = split_target(typed) {
        if wanted == Wanted::Stream || !stream.starts_with('/') {
            return Vec::new();
        }
        return plain(names.topics(stream).into_iter().map(|topic| format!("{stream}:{topic}")));
    }
    let (directory, prefix) = match typed.rsplit_once('/') {
        Some((directory, prefix)) if typed.starts_with('/') => (directory, prefix),
        None if typed.is_empty() => ("", ""),
        _ => return Vec::new(),
    };
    let behind = |is_stream: bool| match (is_stream, wanted) {
        (false, _) => "/",
        (true, Wanted::Topic) => ":",
        (true, Wanted::Stream) => "",
    };
    let found = names.entries(directory, prefix).into_iter();
    plain(found.map(|entry| format!("{directory}/{}{}", entry.name, behind(entry.is_stream))))
}

/// Tells whether a command that is told a group means one of the stream of plain names if no stream
/// is named: Kafka's tool, and those that know the option by Kafka's name, too.
fn does_without_stream(option: &Arg) -> bool {
    let is_list = matches!(option.get_action(), clap::ArgAction::Append);
    is_list || option.get_all_aliases().is_some_and(|aliases| aliases.contains(&"group"))
}

/// Returns what `/stream:group` may go on with.
fn groups_of_streams(typed: &str, names: &dyn Names) -> Vec<Candidate> {
    match split_target(typed) {
        (stream, Some(_)) => {
            plain(names.groups(stream).into_iter().map(|group| format!("{stream}:{group}")))
        }
        _ => streams(typed, Wanted::Topic, names),
    }
}

/// Returns the stream and the topic that the rest of the line names.
fn stream_and_topic(
    position: &Position<'_>,
    names: &dyn Names,
) -> (Option<String>, Option<String>) {
    let own = |text: &str| Some(text.to_owned());
    let by_position = position.positionals.first().map(|text| split_target(text));
    let (mut stream, mut topic) = (position.value("path").and_then(own), None);
    match position.value("topic").map(|text| (text, split_target(text))) {
        Some((_, (path, Some(name)))) => {
            stream = stream.or(own(path));
            topic = own(name);
        }
        Some((name, _)) => topic = own(name),
        None => {}
    }
    if let Some((path, name)) = by_position {
        if path.starts_with('/') {
            stream = stream.or(own(path));
            topic = topic.or(name.and_then(own));
        } else {
            topic = topic.or(own(path));
        }
    }
    if stream.is_none() && topic.is_some() {
        stream = Some(names.default_stream());
    }
    (stream, topic)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{ACKS, CODECS, FORMATS, MOMENTS, OFFSETS, PLACES};
    use crate::cli::Program;
    use crate::cli::place;
    use crate::time::TimestampMs;

    #[test]
    fn every_word_that_is_offered_is_accepted() {
        for (word, _) in PLACES {
            place::parse(word, TimestampMs(0), &TimeZone::UTC).unwrap();
        }
        let accepts = |program: Program, words: &[&str]| {
            let line = [program.name(), "--topic", "t"].into_iter().chain(words.iter().copied());
            program.command().try_get_matches_from(line).is_ok()
        };
        for (acks, _) in ACKS {
            assert!(accepts(Program::ConsoleProducer, &["--request-required-acks", acks]));
        }
        for codec in CODECS {
            assert!(accepts(Program::ConsoleProducer, &["--compression-codec", codec]));
        }
        let help = Program::ConsoleConsumer.command().render_long_help().to_string();
        for (format, _) in FORMATS {
            assert!(help.contains(&format!("{format}: ")), "{format}");
        }
        assert_eq!(OFFSETS.map(|(word, _)| word), ["earliest", "latest"]);
        let help = Program::KafkaGetOffsets.command().render_long_help().to_string();
        for (moment, _) in MOMENTS {
            assert!(help.contains(&format!("{moment} (-")), "{moment}");
        }
    }
}
