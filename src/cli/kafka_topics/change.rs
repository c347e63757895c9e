//! `kafka-topics --alter` and `--delete`.

use crate::access::Action;
use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;
use crate::store::{StoreError, TopicEdit};

use super::arguments::{Arguments, note};
use super::configs::Configs;
use super::create::count_of;
use super::show::found;

/// What tools before Kafka 3.0 say of more partitions, through ZooKeeper.
const KEYS_WARNING: &str = "WARNING: If partitions are increased for a topic that has a key, the partition \
     logic or ordering of the messages will be affected\n";

/// Gives topics more partitions; through ZooKeeper's option, configs too.
///
/// # Errors
///
/// No topic matches (exit 3), one has as many partitions (exit 2), or the store refuses; topics
/// before it, in the order of their names, are changed.
pub(super) fn alter(arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let partitions = arguments.partitions.map(count_of).transpose()?;
    let configs = Configs::parse(&arguments.config)?;
    let found = found(arguments, Action::TopicEdit, session)?;
    let Some(stream) = &found.stream else { return Ok(()) };
    for topic in &found.topics {
        // Kafka refuses what would change nothing.
        if let Some(wanted) = partitions.filter(|wanted| *wanted <= topic.partitions) {
            let now = topic.partitions;
            let name = found.named.shown(&topic.name);
            let text = match wanted == now {
                true => format!("Topic already has {now} partition(s)."),
                false => format!(
                    "The topic {name} currently has {now} partition(s); {wanted} would not be an \
                     increase."
                ),
            };
            return Err(Failure::usage(text).with_hint(
                "partitions are added, never taken away; --partitions is how many it is to have",
            ));
        }
        let edit = TopicEdit { partitions, timestamp_type: configs.timestamp_type };
        if edit != TopicEdit::default() {
            stream.edit_topic(&topic.name, edit)?;
        }
        if arguments.zookeeper.is_some() {
            let mut told = String::new();
            if !arguments.config.is_empty() {
                told.push_str(&format!(
                    "Updated config for topic {}.\n",
                    found.named.shown(&topic.name)
                ));
            }
            if partitions.is_some() {
                told.push_str(KEYS_WARNING);
                told.push_str("Adding partitions succeeded!\n");
            }
            session.terminal.write(told.as_bytes())?;
        }
    }
    if found.topics.is_empty() {
        return Ok(());
    }
    configs.say_what_has_no_effect(&stream.attributes()?, &found.named.stream, session);
    for name in &arguments.delete_config {
        note(session, &format!("--delete-config {name}"), "it is no longer supported");
    }
    if let Some(assignment) = &arguments.replica_assignment {
        let why = "a topic is one copy, in files of this machine";
        note(session, &format!("--replica-assignment {assignment}"), why);
    }
    Ok(())
}

/// Deletes topics with their messages.
///
/// # Errors
///
/// No topic matches (exit 3), or the store refuses; topics before it, in the order of their names, are
/// deleted.
pub(super) fn delete(arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let found = found(arguments, Action::TopicDelete, session)?;
    let Some(stream) = &found.stream else { return Ok(()) };
    for topic in &found.topics {
        match stream.delete_topic(&topic.name) {
            Err(StoreError::TopicNotFound { .. }) if arguments.if_exists => {}
            Err(StoreError::TopicNotFound { .. }) => {
                let name = found.named.shown(&topic.name);
                let text = format!("Topic '{name}' does not exist as expected");
                return Err(
                    Failure::message(Exit::NotFound, text).with_hint(found.named.list_command())
                );
            }
            outcome => outcome.map(drop)?,
        }
    }
    Ok(())
}
