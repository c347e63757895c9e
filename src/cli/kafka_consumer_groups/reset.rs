//! `kafka-consumer-groups --reset-offsets`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Error;

use crate::path::TopicName;
use crate::store::{CursorGoal, CursorMove, GroupSummary, SetCursors, StoreError, Stream};

use crate::cli::failure::{Exit, Failure};
use crate::cli::iso_duration::parse_iso_duration_ms;
use crate::cli::session::Session;

use super::arguments::Arguments;
use super::scope::Scope;
use super::table::{NAME_WIDTH, table};
use super::{csv, moment};

/// A partition and the place where it is to be read on.
type Goal = (TopicName, u32, CursorGoal);

/// A row of a file: the group, if it has one, the topic, the partition and the offset.
type FileRow = (Option<String>, TopicName, u32, i64);

/// Where to, as the command line says.
enum Spec {
    /// One place for all partitions.
    Place(CursorGoal),
    /// So many messages on.
    ShiftBy(i64),
    /// Where the cursor is, else the end.
    Current,
    /// Where a file says.
    File(Vec<FileRow>),
}

/// What is set for a group.
struct Plan {
    group: String,
    goals: Vec<Goal>,
}

/// Resets groups, or says what would be set.
///
/// # Errors
///
/// A place, a topic or a partition that is none; the store's. A group that has members is told and
/// left out.
pub(super) fn run(
    arguments: &Arguments,
    scope: &Scope,
    session: &Session,
) -> Result<Exit, Failure> {
    let spec = Spec::of(arguments, scope, session)?;
    let found = scope.found(scope.open(session)?.as_ref())?;
    let stream = scope.open(session)?;
    let mut exit = Exit::Done;
    let mut plans = Vec::new();
    for (name, group) in &found {
        let shown = scope.shown_group(name);
        let state = group.as_ref().map_or("Dead", |group| group.phase.name());
        if !matches!(state, "Dead" | "Empty") {
            tell_active(session, &shown, state);
            exit = if found.len() == 1 { Exit::Busy } else { Exit::Failed };
            continue;
        }
        let Some(stream) = &stream else {
            // Without the stream there is no topic either.
            match scope.topics.first() {
                Some(topic) => return Err(missing_topic(scope, &topic.name)),
                None => continue,
            }
        };
        let plan = spec.plan(scope, stream, name, group.as_ref())?;
        if plan.goals.is_empty() && matches!(spec, Spec::File(_)) {
            session.terminal.note(&format!("\nError: No reset plan for group {shown} found."));
            exit = Exit::Failed;
        }
        plans.push(plan);
    }
    let mut moves = Vec::new();
    if let Some(stream) = &stream {
        // All is looked up before the first group is set.
        for plan in &plans {
            let planned = stream.set_cursors_each(&plan.group, &plan.goals, SetCursors::Plan);
            let planned = planned.map_err(Failure::from)?;
            tell(session, &planned, &plan.goals);
            moves.push(planned);
        }
        if arguments.goals.execute {
            for (plan, planned) in plans.iter().zip(&mut moves) {
                match stream.set_cursors_each(&plan.group, &plan.goals, SetCursors::Set) {
                    Ok(set) => *planned = set,
                    // A member joined just now.
                    Err(StoreError::GroupTaken { .. }) => {
                        tell_active(session, &scope.shown_group(&plan.group), "Stable");
                        exit = if found.len() == 1 { Exit::Busy } else { Exit::Failed };
                        planned.clear();
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    let several = arguments.all_groups || scope.groups.as_ref().is_none_or(|all| all.len() > 1);
    let groups: Vec<(&str, Vec<CursorMove>)> =
        plans.iter().map(|plan| plan.group.as_str()).zip(moves).collect();
    let text = match arguments.goals.export {
        true => exported(scope, &groups, several),
        false => tabled(scope, &groups),
    };
    session.terminal.write(text.as_bytes())?;
    Ok(exit)
}

fn tell_active(session: &Session, group: &str, state: &str) {
    session.terminal.note(&format!(
        "\nError: Assignments can only be reset if the group '{group}' is inactive, but the \
         current state is {state}."
    ));
}

fn missing_topic(scope: &Scope, topic: &TopicName) -> Failure {
    let text = format!("topic `{topic}` does not exist in stream `{}`", scope.stream);
    Failure::message(Exit::NotFound, text).with_hint("kafka-topics --list")
}

/// Says which places are not as they were asked for.
fn tell(session: &Session, moves: &[CursorMove], goals: &[Goal]) {
    for (moved, (.., goal)) in moves.iter().zip(goals) {
        let (topic, partition, offset) = (&moved.topic, moved.partition, moved.offset);
        if let Some(wanted) = moved.out_of_range {
            let side = if wanted > offset { "higher than latest" } else { "lower than earliest" };
            session.terminal.note(&format!(
                "WARN New offset ({wanted}) is {side} offset for topic partition \
                 {topic}-{partition}. Value will be set to {offset}."
            ));
        } else if matches!(goal, CursorGoal::Time(_)) && offset == moved.end_offset {
            session.terminal.note(&format!(
                "\nWarn: Partition {partition} from topic {topic} is empty. Falling back to latest \
                 known offset."
            ));
        }
    }
}

fn tabled(scope: &Scope, groups: &[(&str, Vec<CursorMove>)]) -> String {
    let rows: Vec<Vec<String>> = groups
        .iter()
        .flat_map(|(group, moves)| {
            moves.iter().map(|moved| {
                vec![
                    scope.shown_group(group),
                    scope.shown_topic(&moved.topic),
                    moved.partition.to_string(),
                    moved.offset.to_string(),
                ]
            })
        })
        .collect();
    if groups.is_empty() {
        return "\n".to_owned();
    }
    let headings =
        [("GROUP", NAME_WIDTH), ("TOPIC", NAME_WIDTH), ("PARTITION", 10), ("NEW-OFFSET", 0)];
    table(&headings, &rows)
}

fn exported(scope: &Scope, groups: &[(&str, Vec<CursorMove>)], several: bool) -> String {
    let mut text = String::new();
    for (group, moves) in groups {
        let group = scope.named_group(group);
        for moved in moves {
            let topic = scope.shown_topic(&moved.topic);
            let (partition, offset) = (moved.partition.to_string(), moved.offset.to_string());
            let fields = [group.as_str(), &topic, &partition, &offset];
            text.push_str(&csv::line(if several { &fields } else { &fields[1..] }));
        }
    }
    text.push('\n');
    text
}

impl Spec {
    fn of(arguments: &Arguments, scope: &Scope, session: &Session) -> Result<Self, Failure> {
        let goals = &arguments.goals;
        let now = session.moment().now.0;
        if let Some(offset) = goals.to_offset {
            return Ok(Self::Place(CursorGoal::Offset(offset)));
        }
        if let Some(count) = goals.shift_by {
            return Ok(Self::ShiftBy(count));
        }
        if let Some(text) = &goals.to_datetime {
            let time = moment::parse(text).ok_or_else(|| {
                Failure::usage(format!("Unparseable date: \"{text}\"")).with_hint(
                    "--to-datetime 2026-11-22T10:00:00.000Z; the milliseconds are needed",
                )
            })?;
            return Ok(Self::Place(CursorGoal::Time(time)));
        }
        if let Some(text) = &goals.by_duration {
            let ms = parse_iso_duration_ms(text).ok_or_else(|| {
                Failure::usage(format!("Text cannot be parsed to a Duration: `{text}`"))
                    .with_hint("--by-duration PT1H30M, or P2D")
            })?;
            return Ok(Self::Place(CursorGoal::Time(now.saturating_sub(ms))));
        }
        if goals.to_earliest {
            return Ok(Self::Place(CursorGoal::Beginning));
        }
        if goals.to_latest {
            return Ok(Self::Place(CursorGoal::End));
        }
        match &goals.from_file {
            Some(file) => {
                let text = fs::read_to_string(file).map_err(|error| {
                    let context = format!("cannot read `{}` of --from-file", file.display());
                    Failure::new(Exit::Failed, Error::new(error).context(context))
                })?;
                rows_of(&text, scope).map(Self::File)
            }
            None => Ok(Self::Current),
        }
    }

    fn plan(
        &self,
        scope: &Scope,
        stream: &Stream,
        name: &str,
        group: Option<&GroupSummary>,
    ) -> Result<Plan, Failure> {
        let committed = |topic: &TopicName, partition: u32| {
            let found =
                group?.partitions.iter().find(|it| it.topic == *topic && it.partition == partition);
            found?.cursor.as_ref().map(|cursor| cursor.offset)
        };
        let group_name = name.to_owned();
        if let Self::File(rows) = self {
            let own =
                rows.iter().filter(|(group, ..)| group.as_deref().is_none_or(|it| it == name));
            let mut goals: Vec<Goal> = own
                .map(|(_, topic, partition, offset)| {
                    (topic.clone(), *partition, CursorGoal::Offset(*offset))
                })
                .collect();
            goals.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
            check_partitions(scope, stream, goals.iter().map(|(topic, it, _)| (topic, *it)))?;
            return Ok(Plan { group: group_name, goals });
        }
        let partitions = partitions_of(scope, stream, group)?;
        let mut goals = Vec::new();
        for (topic, partition) in partitions {
            let offset = committed(&topic, partition);
            let goal = match self {
                Self::Place(goal) => *goal,
                Self::ShiftBy(_) if offset.is_none() => {
                    return Err(Failure::message(
                        Exit::Failed,
                        format!(
                            "Cannot shift offset for partition {topic}-{partition} since there is \
                             no current committed offset"
                        ),
                    ));
                }
                Self::ShiftBy(count) => CursorGoal::By(*count),
                Self::Current => offset.map_or(CursorGoal::End, CursorGoal::Offset),
                Self::File(_) => unreachable!("a file names its partitions"),
            };
            goals.push((topic, partition, goal));
        }
        Ok(Plan { group: group_name, goals })
    }
}

/// The partitions that are meant: those of the topics named, or those that the group has a cursor
/// in.
fn partitions_of(
    scope: &Scope,
    stream: &Stream,
    group: Option<&GroupSummary>,
) -> Result<BTreeSet<(TopicName, u32)>, Failure> {
    let mut partitions = BTreeSet::new();
    if scope.topics.is_empty() {
        let all = group.into_iter().flat_map(|group| &group.partitions);
        let committed = all.filter(|partition| partition.cursor.is_some());
        partitions.extend(committed.map(|it| (it.topic.clone(), it.partition)));
        return Ok(partitions);
    }
    for topic in &scope.topics {
        match &topic.partitions {
            Some(list) => partitions.extend(list.iter().map(|it| (topic.name.clone(), *it))),
            None => {
                let count = partition_count(scope, stream, &topic.name)?;
                partitions.extend((0..count).map(|it| (topic.name.clone(), it)));
            }
        }
    }
    check_partitions(scope, stream, partitions.iter().map(|(topic, it)| (topic, *it)))?;
    Ok(partitions)
}

fn partition_count(scope: &Scope, stream: &Stream, topic: &TopicName) -> Result<u32, Failure> {
    match stream.topic(topic) {
        Ok(topic) => Ok(topic.partitions()),
        Err(StoreError::TopicNotFound { .. }) => Err(missing_topic(scope, topic)),
        Err(error) => Err(error.into()),
    }
}

/// # Errors
///
/// Partitions that do not exist, in Kafka's words: exit 3.
fn check_partitions<'t>(
    scope: &Scope,
    stream: &Stream,
    partitions: impl Iterator<Item = (&'t TopicName, u32)>,
) -> Result<(), Failure> {
    let mut known: Option<(&TopicName, u32)> = None;
    let mut missing = Vec::new();
    for (topic, partition) in partitions {
        let count = match known {
            Some((name, count)) if name == topic => count,
            _ => partition_count(scope, stream, topic)?,
        };
        known = Some((topic, count));
        if partition >= count {
            missing.push(format!("{topic}-{partition}"));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let text = format!("The partitions \"{}\" do not exist", missing.join(","));
    Err(Failure::message(Exit::NotFound, text))
}

/// Reads the rows of a file: `topic,partition,offset`, or with the group in front.
fn rows_of(text: &str, scope: &Scope) -> Result<Vec<FileRow>, Failure> {
    let Some(rows) = csv::parse(text) else {
        return Err(Failure::usage("--from-file: a quote is not closed"));
    };
    let single = scope.groups.as_ref().is_some_and(|groups| groups.len() == 1);
    let read = |row: &Vec<String>| {
        let wrong = || {
            let form =
                if single { "topic,partition,offset" } else { "group,topic,partition,offset" };
            Failure::usage(format!("--from-file: `{}` is not {form}", row.join(",")))
        };
        let (group, topic, partition, offset) = match row.as_slice() {
            [topic, partition, offset] if single => (None, topic, partition, offset),
            [group, topic, partition, offset] => (Some(group), topic, partition, offset),
            _ => return Err(wrong()),
        };
        let group = group.map(|group| scope.own(group).map(str::to_owned)).transpose()?;
        let topic = TopicName::parse(scope.own(topic)?)
            .map_err(|error| Failure::new(Exit::Usage, error))?;
        let partition = partition.trim().parse().map_err(|_| wrong())?;
        let offset = offset.trim().parse().map_err(|_| wrong())?;
        Ok((group, topic, partition, offset))
    };
    rows.iter().map(read).collect()
}
