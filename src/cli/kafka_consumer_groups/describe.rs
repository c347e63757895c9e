//! `kafka-consumer-groups --describe`.

use crate::store::{GroupPartition, GroupPhase, GroupSummary, LiveMember, MemberPartition};

use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::session::Session;

use super::arguments::Arguments;
use super::scope::Scope;
use super::table::{Heading, NAME_WIDTH, table};

/// Nothing to show.
const NONE: &str = "-";
/// Where every member runs, as Java prints an address.
const HOST: &str = "/127.0.0.1";
/// No coordinator: the words that are at its place.
const COORDINATOR: &str = "localhost:0  (0)";

/// Describes the groups.
///
/// # Errors
///
/// A group is not there (exit 3), or what the store meets; the other groups are described.
pub(super) fn run(
    arguments: &Arguments,
    scope: &Scope,
    session: &Session,
) -> Result<Exit, Failure> {
    let found = scope.found(scope.open(session)?.as_ref())?;
    let mut missing = None;
    for (name, group) in &found {
        match group {
            Some(group) => describe(arguments, scope, group, session)?,
            None => missing = missing.or(Some(name)),
        }
    }
    match missing {
        None => Ok(Exit::Done),
        Some(name) => {
            let exit = if found.len() == 1 { Exit::NotFound } else { Exit::Failed };
            Err(Failure::message(exit, format!("Group {name} not found."))
                .with_hint("kafka-consumer-groups --list"))
        }
    }
}

fn describe(
    arguments: &Arguments,
    scope: &Scope,
    group: &GroupSummary,
    session: &Session,
) -> Result<(), Failure> {
    let name = scope.shown_group(&group.group);
    let verbose = arguments.shown.verbose;
    match group.phase {
        GroupPhase::Empty => {
            session.terminal.note(&format!("\nConsumer group '{name}' has no active members."));
        }
        GroupPhase::Assigning | GroupPhase::Reconciling => {
            session.terminal.note(&format!("\nWarning: Consumer group '{name}' is rebalancing."));
        }
        GroupPhase::Stable => {}
    }
    let text = if arguments.shown.state.is_some() {
        states(&name, group, verbose)
    } else if arguments.shown.members {
        members(scope, &name, group, verbose)
    } else {
        offsets(scope, &name, group, verbose)
    };
    session.terminal.write(text.as_bytes())
}

/// What a member is called.
fn consumer_id(member: &LiveMember) -> String {
    printable(&format!("{}-{}", member.object.client, member.object.member_id))
}

fn offsets(scope: &Scope, name: &str, group: &GroupSummary, verbose: bool) -> String {
    if group.partitions.is_empty() {
        return String::new();
    }
    let mut headings: Vec<Heading> =
        vec![("GROUP", NAME_WIDTH), ("TOPIC", NAME_WIDTH), ("PARTITION", 10)];
    if verbose {
        headings.push(("LEADER-EPOCH", 15));
    }
    headings.extend([
        ("CURRENT-OFFSET", 15),
        ("LOG-END-OFFSET", 15),
        ("LAG", 15),
        ("CONSUMER-ID", NAME_WIDTH),
        ("HOST", NAME_WIDTH),
        ("CLIENT-ID", 0),
    ]);
    let row = |partition: &GroupPartition| {
        let cursor = partition.cursor.as_ref();
        let reads = |it: &&LiveMember| Some(it.object.member_id) == partition.member_id;
        let member = group.members.iter().find(reads);
        let mut row = vec![
            name.to_owned(),
            scope.shown_topic(&partition.topic),
            partition.partition.to_string(),
        ];
        if verbose {
            row.push(number(cursor.map(|it| i64::from(it.epoch)).filter(|epoch| *epoch >= 0)));
        }
        row.extend([
            number(cursor.map(|cursor| cursor.offset)),
            partition.end_offset.to_string(),
            number(partition.lag()),
        ]);
        match member {
            Some(member) => {
                row.extend([
                    consumer_id(member),
                    HOST.to_owned(),
                    printable(&member.object.client),
                ]);
            }
            None => row.extend([NONE, NONE, NONE].map(str::to_owned)),
        }
        row
    };
    let is_read = |it: &&GroupPartition| it.member_id.is_some();
    let read = group.partitions.iter().filter(is_read);
    let unread = group.partitions.iter().filter(|it| !is_read(it));
    table(&headings, &read.chain(unread).map(row).collect::<Vec<_>>())
}

fn members(scope: &Scope, name: &str, group: &GroupSummary, verbose: bool) -> String {
    if group.members.is_empty() {
        return String::new();
    }
    let has_names = group.members.iter().any(|member| member.instance.is_some());
    let mut headings: Vec<Heading> = vec![("GROUP", NAME_WIDTH), ("CONSUMER-ID", NAME_WIDTH)];
    if has_names {
        headings.push(("GROUP-INSTANCE-ID", 17));
    }
    headings.extend([("HOST", NAME_WIDTH), ("CLIENT-ID", NAME_WIDTH), ("#PARTITIONS", 15)]);
    if verbose {
        headings.extend([
            ("CURRENT-EPOCH", 15),
            ("CURRENT-ASSIGNMENT", 20),
            ("TARGET-EPOCH", 15),
            ("TARGET-ASSIGNMENT", 20),
        ]);
    }
    let row = |member: &LiveMember| {
        let mut row = vec![name.to_owned(), consumer_id(member)];
        if has_names {
            row.push(member.instance.as_deref().map_or(String::new(), printable));
        }
        row.extend([
            HOST.to_owned(),
            printable(&member.object.client),
            member.owned.len().to_string(),
        ]);
        if verbose {
            row.extend([
                member.epoch.to_string(),
                assignment(scope, &member.owned),
                number(group.epoch),
                assignment(scope, &member.target),
            ]);
        }
        row
    };
    let mut members: Vec<&LiveMember> = group.members.iter().collect();
    // Who reads most comes first.
    members.sort_by_key(|member| std::cmp::Reverse(member.owned.len()));
    table(&headings, &members.into_iter().map(row).collect::<Vec<_>>())
}

/// Partitions of a member: `t:0,1;u:0`.
fn assignment(scope: &Scope, partitions: &[MemberPartition]) -> String {
    let mut text = String::new();
    let mut last = None;
    for MemberPartition { topic_id, topic, partition } in partitions {
        if last == Some(topic_id) {
            text.push_str(&format!(",{partition}"));
            continue;
        }
        if last.is_some() {
            text.push(';');
        }
        text.push_str(&format!("{}:{partition}", scope.shown_topic(topic)));
        last = Some(topic_id);
    }
    if text.is_empty() { NONE.to_owned() } else { text }
}

fn states(name: &str, group: &GroupSummary, verbose: bool) -> String {
    let mut headings: Vec<Heading> = vec![
        ("GROUP", NAME_WIDTH),
        ("COORDINATOR (ID)", 25),
        ("ASSIGNMENT-STRATEGY", 20),
        ("STATE", 20),
    ];
    let assignor = group.assignor.as_deref().unwrap_or(NONE);
    let mut row: Vec<String> =
        [name, COORDINATOR, assignor, group.phase.name()].map(str::to_owned).to_vec();
    if verbose {
        headings.extend([("GROUP-EPOCH", 15), ("TARGET-ASSIGNMENT-EPOCH", 25)]);
        // An epoch begins with its targets.
        row.extend([number(group.epoch), number(group.epoch)]);
    }
    headings.push(("#MEMBERS", 0));
    row.push(group.members.len().to_string());
    table(&headings, &[row])
}

fn number(number: Option<i64>) -> String {
    number.map_or(NONE.to_owned(), |it| it.to_string())
}
