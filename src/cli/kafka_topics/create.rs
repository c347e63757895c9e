//! `kafka-topics --create`.

use crate::access::Action;
use crate::cli::failure::{Exit, Failure};
use crate::cli::opening::open_stream;
use crate::cli::session::Session;
use crate::cli::target::resolve;
use crate::path::{NameError, check_partitions};
use crate::store::{StoreError, TopicOptions};

use super::arguments::{Arguments, note};
use super::configs::Configs;
use super::{names, replicas};

/// What Kafka says of names that its metrics may mix up.
const COLLISION_WARNING: &str = "WARNING: Due to limitations in metric names, topics with a period ('.') or \
     underscore ('_') could collide. To avoid issues it is best to use either, but not both.";

const PARTITIONS_HINT: &str = "choose 1 to 4096 partitions";

/// Creates the topic.
///
/// # Errors
///
/// The topic exists (exit 4), its name or a value is none (exit 2), or the store refuses.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let text = arguments.topic.as_deref().unwrap_or_default();
    names::check(text)?;
    let default_stream = session.environment.default_stream.as_deref();
    let destination = resolve(text, arguments.address(), default_stream)?;
    if arguments.replication_factor.is_some_and(|factor| !(1..=32767).contains(&factor)) {
        let text = "The replication factor must be between 1 and 32767 inclusive";
        return Err(Failure::usage(text).with_hint("leave it out: there is one copy here"));
    }
    let partitions = wanted_partitions(arguments)?;
    let configs = Configs::parse(&arguments.config)?;
    let target = &destination.target;
    let stream = open_stream(&target.stream, destination.makes_stream, session)?;
    stream.authorize(Action::TopicCreate)?;
    let there = stream.topic_objects()?;
    let exists = || {
        Failure::message(Exit::AlreadyExists, format!("Topic '{text}' already exists."))
            .with_hint("use it, choose another name, or add --if-not-exists")
    };
    let options = TopicOptions { partitions, timestamp_type: configs.timestamp_type };
    let is_there = there.iter().any(|topic| topic.name == target.topic);
    if let Some(other) =
        there.iter().find(|topic| !is_there && names::collide(&topic.name, &target.topic))
    {
        let text = format!("Topic '{text}' collides with existing topics: {}", other.name);
        return Err(Failure::usage(text).with_hint(format!(
            "choose another name; `streamctl stream topic create -path {} -topic {}` makes it all \
             the same",
            target.stream, target.topic
        )));
    }
    let outcome = match is_there {
        true => Err(exists()),
        false => match stream.create_topic(&target.topic, options) {
            Ok(_) => Ok(()),
            Err(StoreError::TopicExists { .. }) => Err(exists()),
            Err(error) => Err(error.into()),
        },
    };
    match outcome {
        Err(failure) if failure.exit == Exit::AlreadyExists && arguments.if_not_exists => {
            return Ok(());
        }
        outcome => outcome?,
    }
    say_what_has_no_effect(arguments, session);
    configs.say_what_has_no_effect(&stream.attributes()?, &target.stream, session);
    let mut told = String::new();
    if names::may_collide(&target.topic) {
        told.push_str(COLLISION_WARNING);
        told.push('\n');
    }
    told.push_str(&format!("Created topic {text}.\n"));
    session.terminal.write(told.as_bytes())
}

fn wanted_partitions(arguments: &Arguments) -> Result<Option<u32>, Failure> {
    if let Some(assignment) = &arguments.replica_assignment {
        let partitions = replicas::parse(assignment)?;
        let count = u64::try_from(partitions.len()).unwrap_or(u64::MAX);
        return Ok(Some(check_partitions(count).map_err(not_a_number)?));
    }
    arguments.partitions.map(count_of).transpose()
}

/// Checks a number of partitions.
///
/// # Errors
///
/// It is less than 1, in Kafka's words, or more than the limit: exit 2.
pub(super) fn count_of(partitions: i32) -> Result<u32, Failure> {
    match u64::try_from(partitions) {
        Ok(partitions) if partitions > 0 => check_partitions(partitions).map_err(not_a_number),
        _ => {
            Err(Failure::usage("The partitions must be greater than 0").with_hint(PARTITIONS_HINT))
        }
    }
}

fn not_a_number(error: NameError) -> Failure {
    Failure::new(Exit::Usage, error).with_hint(PARTITIONS_HINT)
}

fn say_what_has_no_effect(arguments: &Arguments, session: &Session) {
    let why = "a topic is one copy, in files of this machine";
    if let Some(factor) = arguments.replication_factor.filter(|factor| *factor > 1) {
        note(session, &format!("--replication-factor {factor}"), why);
    }
    if let Some(assignment) = &arguments.replica_assignment {
        note(
            session,
            &format!("--replica-assignment {assignment}"),
            &format!("{why}; only the number of partitions counts"),
        );
    }
}
