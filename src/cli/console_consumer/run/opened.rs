//! What is read, opened, and how: the consumer's configuration from the options.

use std::sync::Arc;

use crate::cli::failure::{Exit, Failure};
use crate::cli::place::Place;
use crate::cli::session::Session;
use crate::cli::topic_pattern::Matching;
use crate::consume::{Consumer, ConsumerConfig, OnDamage, Start, Subscription, Until};
use crate::group::Wanted;
use crate::store::{Stream, Topic};

use super::super::arguments::Options;
use super::super::properties::GroupOptions;
use super::super::reading::Source;
use super::{failure_of, ttl_ms};

/// A consumer before its first record.
#[derive(Debug)]
pub(super) struct Begun<'o> {
    pub(super) consumer: Consumer,
    /// For how long records are visible; `None` is for ever. Milliseconds.
    pub(super) ttl_ms: Option<i64>,
    /// The group to be joined, and what its member wants.
    pub(super) member: Option<(&'o GroupOptions, Stream, Wanted)>,
}

impl<'o> Begun<'o> {
    pub(super) fn of(options: &'o Options, session: &Session) -> Result<Self, Failure> {
        let (stream, opened) = Opened::open(&options.source, session)?;
        let ttl_ms = ttl_ms(&stream)?;
        let config = config(options, ttl_ms);
        let (consumer, member) = match (opened, &options.group) {
            (opened, Some(group)) => {
                if let Opened::Matching(matching) = opened {
                    look_for_any(matching, &stream, config, session)?;
                }
                let (topic, wanted) = opened.wanted();
                let consumer = Consumer::assigned(topic, config).map_err(failure_of)?;
                (consumer, Some((group, stream, wanted)))
            }
            (Opened::Topic(topic), None) => {
                (Consumer::new(topic, config).map_err(failure_of)?, None)
            }
            (Opened::Matching(matching), None) => {
                (subscribed(matching, stream, config, session)?, None)
            }
        };
        Ok(Self { consumer, ttl_ms, member })
    }
}

/// Returns how the consumer reads.
fn config(options: &Options, ttl_ms: Option<i64>) -> ConsumerConfig {
    let stops = options.group.is_some() && !options.skip_corrupt;
    let on_damage = if stops { OnDamage::Stop } else { OnDamage::StepOver };
    ConsumerConfig {
        on_damage: options.watching.on_damage.unwrap_or(on_damage),
        partition: options.partition,
        start: start(options.from),
        until: options.until.map(until),
        read_bytes: options.read_bytes,
        last: options.last,
        order: options.order,
        committed_only: options.committed_only,
        ttl_ms,
        ..ConsumerConfig::default()
    }
}

/// What is read, and is there as far as it has to be.
enum Opened<'o> {
    Topic(Topic),
    Matching(&'o Matching),
}

impl<'o> Opened<'o> {
    fn open(source: &'o Source, session: &Session) -> Result<(Stream, Self), Failure> {
        Ok(match source {
            Source::Named(destination) => {
                let (stream, topic) = destination.to_read(session)?;
                (stream, Self::Topic(topic))
            }
            Source::Matching(matching) => (matching.to_read(session)?, Self::Matching(matching)),
        })
    }
}

impl Opened<'_> {
    /// Returns what a member of a group wants to read; and the topic, if it is one.
    fn wanted(self) -> (Option<Topic>, Wanted) {
        match self {
            Self::Topic(topic) => (Some(topic.clone()), Wanted::Topic(topic)),
            Self::Matching(matching) => {
                let pattern = matching.pattern.clone();
                (None, Wanted::Matching(Arc::new(move |name| pattern.matches(name))))
            }
        }
    }
}

/// Reads the topics that match. While there is none it waits, unless there is nothing to wait for.
fn subscribed(
    matching: &Matching,
    stream: Stream,
    config: ConsumerConfig,
    session: &Session,
) -> Result<Consumer, Failure> {
    let pattern = matching.pattern.clone();
    let subscription = Subscription::new(stream, move |name| pattern.matches(name));
    let mut consumer = Consumer::subscribed(subscription, config).map_err(failure_of)?;
    if consumer.topics().next().is_some() {
        return Ok(consumer);
    }
    for news in consumer.take_topic_news() {
        session.terminal.note(&format!("{}: {news}", session.name));
    }
    tell_none(matching, config, session)?;
    Ok(consumer)
}

/// Looks whether there is a topic that matches, for a group whose members find out later.
fn look_for_any(
    matching: &Matching,
    stream: &Stream,
    config: ConsumerConfig,
    session: &Session,
) -> Result<(), Failure> {
    let topics = stream.topics_to_read()?;
    match topics.iter().any(|topic| matching.pattern.matches(&topic.name)) {
        true => Ok(()),
        false => tell_none(matching, config, session),
    }
}

/// Says that there is no topic yet. That is the end if none is to be waited for.
fn tell_none(
    matching: &Matching,
    config: ConsumerConfig,
    session: &Session,
) -> Result<(), Failure> {
    let text = matching.no_topic();
    if matches!(config.until, Some(Until::Beginning | Until::End | Until::BeforeEnd(_))) {
        return Err(Failure::message(Exit::NotFound, text).with_hint(matching.list_command()));
    }
    session.terminal.note(&format!("{}: {text} yet", session.name));
    Ok(())
}

fn start(place: Place) -> Start {
    match place {
        Place::Beginning => Start::Beginning,
        Place::End => Start::End,
        Place::Offset(offset) => Start::Offset(offset),
        Place::BeforeEnd(count) => Start::BeforeEnd(count),
        Place::Time(time) => Start::Time(time.0),
    }
}

fn until(place: Place) -> Until {
    match place {
        Place::Beginning => Until::Beginning,
        Place::End => Until::End,
        Place::Offset(offset) => Until::Offset(offset),
        Place::BeforeEnd(count) => Until::BeforeEnd(count),
        Place::Time(time) => Until::Time(time.0),
    }
}
