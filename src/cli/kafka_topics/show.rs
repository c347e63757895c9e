//! `kafka-topics --list` and `--describe`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::Action;
use crate::catalog::{ObjectId, TopicObject};
use crate::cli::failure::{Exit, Failure};
use crate::cli::named_topics::{NamedTopics, is_internal};
use crate::cli::session::Session;
use crate::record::TimestampType;
use crate::store::{StoreError, Stream};

use super::arguments::Arguments;

/// The broker that a topic's only replica is on: this machine has the number of Kafka's first one.
const BROKER: i32 = 0;

/// The topics that a command line means, in the order of their names.
pub(super) struct Found {
    pub(super) named: NamedTopics,
    /// Absent if nobody has used plain names yet.
    pub(super) stream: Option<Stream>,
    pub(super) topics: Vec<TopicObject>,
}

/// Finds the topics that a command line means, for who may do `action` with them.
///
/// # Errors
///
/// None matches a name that was given, and `--if-exists` was not (exit 3); or the store refuses.
pub(super) fn found(
    arguments: &Arguments,
    action: Action,
    session: &Session,
) -> Result<Found, Failure> {
    let found = matching(arguments, action, session)?;
    if found.topics.is_empty()
        && let Some(text) = arguments.topic.as_deref().filter(|_| !arguments.if_exists)
    {
        return Err(missing(&found.named, &format!("Topic '{text}' does not exist as expected")));
    }
    Ok(found)
}

fn missing(named: &NamedTopics, text: &str) -> Failure {
    Failure::message(Exit::NotFound, text).with_hint(named.list_command())
}

fn matching(arguments: &Arguments, action: Action, session: &Session) -> Result<Found, Failure> {
    let named = arguments.named(session)?;
    let stream = match named.open(session) {
        Err(failure) if failure.exit == Exit::NotFound && arguments.if_exists => None,
        outcome => outcome?,
    };
    let mut topics = match &stream {
        Some(stream) => {
            stream.authorize(action)?;
            stream.topic_objects()?
        }
        None => Vec::new(),
    };
    topics.retain(|topic| {
        named.matches(&topic.name) && !(arguments.exclude_internal && is_internal(&topic.name))
    });
    Ok(Found { named, stream, topics })
}

/// Prints the names; an empty line if there are none.
///
/// # Errors
///
/// The store refuses, or standard output cannot be written. That nothing matches is no failure.
pub(super) fn list(arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let found = matching(arguments, Action::TopicList, session)?;
    let names: Vec<String> =
        found.topics.iter().map(|topic| found.named.shown(&topic.name)).collect();
    session.terminal.write(format!("{}\n", names.join("\n")).as_bytes())
}

/// Prints a line for each topic and one for each of its partitions, or what the filters leave.
///
/// # Errors
///
/// As [`found`], or standard output cannot be written.
pub(super) fn describe(arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let found = match wanted_id(arguments)? {
        Some(id) => with_id(id, arguments, session)?,
        None => found(arguments, Action::TopicList, session)?,
    };
    let no_partition = arguments.under_replicated_partitions
        || arguments.unavailable_partitions
        || arguments.under_min_isr_partitions;
    let mut text = String::new();
    for topic in &found.topics {
        let name = found.named.shown(&topic.name);
        let configs = configs_of(topic);
        let is_left_out = arguments.topics_with_overrides && configs.is_empty();
        if !no_partition && !arguments.at_min_isr_partitions && !is_left_out {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "Topic: {name}\tTopicId: {}\tPartitionCount: {}\tReplicationFactor: 1\tConfigs: {configs}",
                URL_SAFE_NO_PAD.encode(topic.id.bytes()),
                topic.partitions,
            );
        }
        if no_partition || arguments.topics_with_overrides {
            continue;
        }
        for partition in 0..topic.partitions {
            let _ = writeln!(
                text,
                "\tTopic: {name}\tPartition: {partition}\tLeader: {BROKER}\tReplicas: {BROKER}\tIsr: {BROKER}\tElr: \tLastKnownElr: "
            );
        }
    }
    session.terminal.write(text.as_bytes())
}

/// Returns the configs that are the topic's own.
fn configs_of(topic: &TopicObject) -> &'static str {
    match topic.timestamp_type {
        Some(TimestampType::CreateTime) => "message.timestamp.type=CreateTime",
        Some(TimestampType::LogAppendTime) => "message.timestamp.type=LogAppendTime",
        None => "",
    }
}

/// Reads `--topic-id`; all zeros are none, as in Kafka.
fn wanted_id(arguments: &Arguments) -> Result<Option<ObjectId>, Failure> {
    let Some(text) = &arguments.topic_id else { return Ok(None) };
    let wrong = |fault: &str| {
        let text = format!(
            "Input string `{text}` {fault}, which is not equal to the expected 16 bytes of a \
             base64-encoded UUID"
        );
        Failure::usage(text).with_hint("kafka-topics --describe shows the ids")
    };
    let bytes =
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| wrong("is no base64"))?;
    let bytes = <[u8; 16]>::try_from(&*bytes)
        .map_err(|_| wrong(&format!("decoded as {} bytes", bytes.len())))?;
    Ok((bytes != [0; 16]).then(|| ObjectId::from_bytes(bytes)))
}

/// Finds the topic with an identity, in the stream that `--topic` names, else that of plain names.
fn with_id(id: ObjectId, arguments: &Arguments, session: &Session) -> Result<Found, Failure> {
    let mut named = arguments.named(session)?;
    if arguments.topic.is_some() {
        named = named.all();
        session.terminal.note(
            "Only topic id will be used when both --topic and --topic-id are specified and topicId \
             is not Uuid.ZERO_UUID",
        );
    }
    let stream = match named.open(session) {
        Err(failure) if failure.exit == Exit::NotFound && arguments.if_exists => None,
        outcome => outcome?,
    };
    let topics = stream.as_ref().map_or_else(|| Ok(Vec::new()), Stream::topic_objects);
    let topics: Result<Vec<TopicObject>, StoreError> = topics;
    let topics: Vec<TopicObject> = topics?.into_iter().filter(|topic| topic.id == id).collect();
    if topics.is_empty() && !arguments.if_exists {
        let shown = arguments.topic_id.as_deref().unwrap_or_default();
        return Err(missing(&named, &format!("TopicId '{shown}' does not exist as expected")));
    }
    Ok(Found { named, stream, topics })
}
