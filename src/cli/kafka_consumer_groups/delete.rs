//! `kafka-consumer-groups --delete` and `--delete-offsets`.

use crate::catalog::ObjectId;
use crate::store::{StoreError, Stream};

use crate::cli::failure::{Exit, Failure};
use crate::cli::session::Session;

use super::scope::{Scope, TopicArgument};

/// Deletes groups.
///
/// # Errors
///
/// The stream is missing. A group that cannot be deleted is told, and the others are deleted.
pub(super) fn groups(scope: &Scope, session: &Session) -> Result<Exit, Failure> {
    let stream = scope.open(session)?;
    let names: Vec<String> =
        scope.found(stream.as_ref())?.into_iter().map(|(name, _)| name).collect();
    let mut done = Vec::new();
    let mut failed = Vec::new();
    for name in &names {
        let shown = scope.shown_group(name);
        match delete(stream.as_ref(), name)? {
            None => done.push(format!("'{shown}'")),
            Some((exit, why)) => failed.push((exit, shown, why)),
        }
    }
    let done = done.join(", ");
    let Some((exit, ..)) = failed.first() else {
        let text = format!("Deletion of requested consumer groups ({done}) was successful.\n");
        session.terminal.write(text.as_bytes())?;
        return Ok(Exit::Done);
    };
    let exit = if names.len() == 1 { *exit } else { Exit::Failed };
    session.terminal.note("\nError: Deletion of some consumer groups failed:");
    for (_, group, why) in &failed {
        session.terminal.note(&format!("* Group '{group}' could not be deleted due to: {why}"));
    }
    if !done.is_empty() {
        let text = format!("\nThese consumer groups were deleted successfully: {done}\n");
        session.terminal.write(text.as_bytes())?;
    }
    Ok(exit)
}

/// Deletes a group; returns why that is refused.
fn delete(stream: Option<&Stream>, group: &str) -> Result<Option<(Exit, &'static str)>, Failure> {
    const MISSING: &str =
        "org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.";
    let Some(stream) = stream else { return Ok(Some((Exit::NotFound, MISSING))) };
    match stream.delete_group(group) {
        Ok(_) => Ok(None),
        Err(StoreError::GroupTaken { .. }) => Ok(Some((
            Exit::Busy,
            "org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.",
        ))),
        Err(StoreError::NoCursor { .. }) => Ok(Some((Exit::NotFound, MISSING))),
        Err(error) => Err(error.into()),
    }
}

/// One partition of which the offset is to be forgotten, or a topic that is not there.
struct Row {
    topic: String,
    partition: Option<u32>,
    refused: Option<(Exit, &'static str)>,
}

/// Deletes the cursors of a group in the topics that are named.
///
/// # Errors
///
/// The group is not there (exit 3), or what the store meets. What is refused is told partition by
/// partition, and the others are done.
pub(super) fn offsets(scope: &Scope, session: &Session) -> Result<Exit, Failure> {
    let stream = scope.open(session)?;
    let mut exit = Exit::Done;
    let found = scope.found(stream.as_ref())?;
    for (name, group) in &found {
        let shown = scope.shown_group(name);
        let (Some(stream), Some(_)) = (&stream, group) else {
            session.terminal.note(&format!("\nError: '{shown}' does not exist."));
            exit = if found.len() == 1 { Exit::NotFound } else { Exit::Failed };
            continue;
        };
        let mut rows = Vec::new();
        for topic in &scope.topics {
            rows.extend(forget(stream, name, topic, scope)?);
        }
        rows.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        let refused: Vec<Exit> =
            rows.iter().filter_map(|row| row.refused.map(|(exit, _)| exit)).collect();
        match refused.first() {
            None => {
                let text = format!("Request succeeded for deleting offsets from group {shown}.\n");
                session.terminal.write(text.as_bytes())?;
            }
            Some(first) => {
                session.terminal.note(
                    "\nError: Encountered some partition-level error, see the follow-up details.",
                );
                let is_all = refused.len() == rows.len() && found.len() == 1;
                exit = if is_all { *first } else { Exit::Failed };
            }
        }
        session.terminal.write(shown_rows(&rows).as_bytes())?;
    }
    Ok(exit)
}

/// Forgets a group's offsets in one topic.
fn forget(
    stream: &Stream,
    group: &str,
    topic: &TopicArgument,
    scope: &Scope,
) -> Result<Vec<Row>, Failure> {
    let shown = scope.shown_topic(&topic.name);
    let row = |partition, refused| Row { topic: shown.clone(), partition, refused };
    const UNKNOWN: (Exit, &str) =
        (Exit::NotFound, "This server does not host this topic-partition.");
    let (id, count): (ObjectId, u32) = match stream.topic(&topic.name) {
        Ok(found) => (found.object().id, found.partitions()),
        Err(StoreError::TopicNotFound { .. }) => {
            let Some(partitions) = &topic.partitions else {
                return Ok(vec![row(None, Some(UNKNOWN))]);
            };
            return Ok(partitions.iter().map(|it| row(Some(*it), Some(UNKNOWN))).collect());
        }
        Err(error) => return Err(error.into()),
    };
    let wanted = topic.partitions.clone().unwrap_or_else(|| (0..count).collect());
    let there: Vec<u32> = wanted.iter().copied().filter(|partition| *partition < count).collect();
    let subscribed = match stream.delete_group_cursors(group, id, &there) {
        Ok(_) => None,
        Err(StoreError::GroupTaken { .. }) => Some((
            Exit::Busy,
            "Deleting offsets of a topic is forbidden while the consumer group is actively \
             subscribed to it.",
        )),
        Err(error) => return Err(error.into()),
    };
    let refused = |partition: u32| if partition < count { subscribed } else { Some(UNKNOWN) };
    Ok(wanted.into_iter().map(|partition| row(Some(partition), refused(partition))).collect())
}

fn shown_rows(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut add = |topic: &str, partition: &str, status: &str| {
        text.push_str(&format!("\n{topic:30} {partition:15} {status:15}"));
    };
    add("TOPIC", "PARTITION", "STATUS");
    for row in rows {
        let partition =
            row.partition.map_or("Not Provided".to_owned(), |partition| partition.to_string());
        let status =
            row.refused.map_or("Successful".to_owned(), |(_, message)| format!("Error: {message}"));
        add(&row.topic, &partition, &status);
    }
    text.push('\n');
    text
}
