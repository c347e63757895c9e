//! `streamctl group describe`.

use clap::Args;

use crate::group::assign::Assignor;
use crate::store::{GroupPace, GroupPartition, GroupRules, GroupSummary, LiveMember, RuleFrom};

use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::render::{Cell, Column, Format, Listing, Meaning, duration};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::group_names::{GroupNames, groups_of};
use super::repetition::WatchOptions;

/// Show how far groups are, and who reads for them
///
/// One row for each partition in which a group has a cursor or that a running member reads, and one for
/// each member that reads nothing. On a terminal a line about each group as a whole comes first, and the
/// columns are fewer and have short headings: offset is currentoffset, waiting consumerlagmillis, read/min
/// readlately, done in catchupmillis, and process pid.
///
/// Where the group has come to: currentoffset is the offset of the next message that it will read,
/// endoffset the one behind the last message, and lag the messages between. consumerlagmillis is how
/// long the next message has been waiting; 0 if there is none. Where nothing is committed yet only
/// endoffset is known. If messages were removed before the group read them, the note says `data gone` and
/// that time is not known.
///
/// How fast: readlately and writtenlately count the messages of the last minute, those that the group
/// went over, as its commits tell, and those that were written. catchupmillis is how long it takes, at
/// that pace, until nothing is left to read; absent if more is written than read.
///
/// The group as a whole: state is Stable while every member reads what it is meant to read; Reconciling
/// while partitions are on their way from one member to another; Assigning for the moment in which a
/// member is dead and the others have not noticed; Empty without a running member. epoch rises when
/// members come or go or partitions are added. assignor is the rule by which members share partitions,
/// and offsetsretentionminutes how long the cursors stay after the last member has left, -1 for ever;
/// assignorfrom and offsetsretentionfrom tell who says so: `members` that ask for it, the `group` as
/// `group edit` set it, the `stream` by its time to live, or nobody (`default`).
///
/// Who reads: consumerid, client, pid and groupinstanceid are those of the member that reads the
/// partition, absent if none does. targetconsumerid is the member that is meant to; if that is another
/// one, the note says `goes to` with the number of its process. A member that reads nothing is noted as
/// `idle` if there is no partition for it, as `joining` if the others have not let go of its partitions
/// yet. One that has not said for session.timeout.ms that it runs is noted as `silent`: it is stopped, and
/// keeps its partitions until another member comes. A static member that has ended and may come back
/// is noted as `away`.
///
/// Without a stream, the groups of the one that topics with plain names belong to; without a group, all
/// of them.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: GroupNames,

    #[command(flatten)]
    list: ListOptions,

    #[command(flatten)]
    watch: WatchOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("consumergroup", Meaning::Text).titled(Some("group")),
    Column::new("topic", Meaning::Text),
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("currentoffset", Meaning::Count).titled(Some("offset")),
    Column::new("endoffset", Meaning::Count).titled(None),
    Column::new("lag", Meaning::Count),
    Column::new("consumerlagmillis", Meaning::Milliseconds).titled(Some("waiting")),
    Column::new("readlately", Meaning::Count).titled(Some("read/min")),
    Column::new("writtenlately", Meaning::Count).titled(None),
    Column::new("catchupmillis", Meaning::Milliseconds).titled(Some("done in")),
    Column::new("state", Meaning::Text).titled(None),
    Column::new("epoch", Meaning::Count).titled(None),
    Column::new("assignor", Meaning::Text).titled(None),
    Column::new("assignorfrom", Meaning::Text).titled(None),
    Column::new("offsetsretentionminutes", Meaning::Count).titled(None),
    Column::new("offsetsretentionfrom", Meaning::Text).titled(None),
    Column::new("consumerid", Meaning::Text).titled(None),
    Column::new("client", Meaning::Text).titled(None),
    Column::new("host", Meaning::Text).titled(None),
    Column::new("pid", Meaning::Count).titled(Some("process")),
    Column::new("groupinstanceid", Meaning::Text).titled(None),
    Column::new("targetconsumerid", Meaning::Text).titled(None),
    Column::new("note", Meaning::Text),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let named = self.names.group_if_named()?;
        let stream = self.names.stream.open(session)?;
        let mut columns = COLUMNS.to_vec();
        if let (Some(_), Some(group)) = (named, columns.first_mut()) {
            // It is the same in every row.
            group.title = None;
        }
        let is_for_people = session.format_chosen() == Format::Table && session.header;
        let has_titles = is_for_people && !self.list.names_columns();
        self.watch.print(session, || {
            let mut rows = Vec::new();
            let mut text = String::new();
            for group in groups_of(&stream, named)? {
                let paces = stream.group_pace(&group)?;
                let partitions = group.partitions.iter().zip(&paces);
                let before = rows.len();
                rows.extend(partitions.map(|(partition, pace)| row(&group, partition, *pace)));
                rows.extend(group.idle_members().map(|member| idle(&group, Some(member))));
                if rows.len() == before {
                    // Only something was set for it.
                    rows.push(idle(&group, None));
                }
                if has_titles {
                    text.push_str(&title(&group));
                }
                if has_titles && named.is_some() {
                    text.push_str(&stay(&group.rules));
                }
            }
            text.push_str(&self.list.chosen(session, Listing { columns: &columns, rows })?);
            Ok(text)
        })
    }
}

/// A line for people about a group as a whole.
fn title(group: &GroupSummary) -> String {
    let members = match group.members.len() {
        0 => "no members".to_owned(),
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    };
    let mut text = format!("{}: {}, {members}", printable(&group.group), group.phase.name());
    if let Some(epoch) = group.epoch {
        text.push_str(&format!(", epoch {epoch}"));
    }
    let rules = &group.rules;
    let from = because(rules.assignor_from);
    text + &format!(", assignor {} ({from})\n", printable(assignor(rules)))
}

/// A line for people about how long a group's cursors stay.
fn stay(rules: &GroupRules) -> String {
    let from = because(rules.retention_from);
    match rules.offsets_retention_minutes {
        -1 => format!("cursors stay for ever ({from})\n"),
        minutes => {
            let time = duration(minutes.saturating_mul(60_000));
            format!("cursors stay for {time} without members ({from})\n")
        }
    }
}

fn because(from: RuleFrom) -> &'static str {
    match from {
        RuleFrom::Members => "as its members ask",
        RuleFrom::Group => "set for the group",
        RuleFrom::Stream => "as long as the stream keeps messages",
        RuleFrom::Default => "default",
    }
}

fn assignor(rules: &GroupRules) -> &str {
    rules.assignor.as_deref().unwrap_or(Assignor::default().name())
}

/// Who says what holds for a group.
fn said_by(from: RuleFrom) -> Cell {
    let name = match from {
        RuleFrom::Members => "members",
        RuleFrom::Group => "group",
        RuleFrom::Stream => "stream",
        RuleFrom::Default => "default",
    };
    name.into()
}

fn row(group: &GroupSummary, partition: &GroupPartition, pace: GroupPace) -> Vec<Cell> {
    let lag = partition.lag();
    let reads = |it: &&LiveMember| Some(it.object.member_id) == partition.member_id;
    let reader = group.members.iter().find(reads);
    let heir = group.heir(partition);
    let mut row: Vec<Cell> = vec![
        group.group.as_str().into(),
        partition.topic.as_str().into(),
        partition.partition.into(),
        partition.cursor.as_ref().map(|cursor| cursor.offset).into(),
        partition.end_offset.into(),
        lag.into(),
        partition.waiting_ms.into(),
        pace.read.into(),
        pace.written.into(),
        lag.and_then(|lag| pace.catch_up_ms(lag)).into(),
    ];
    row.extend(whole(group));
    row.extend(who(reader));
    row.push(heir.map(|it| it.object.member_id.to_string()).into());
    let mut notes = Vec::new();
    if partition.lost() > 0 {
        notes.push("data gone".to_owned());
    }
    if let Some(heir) = heir.filter(|heir| Some(heir.object.member_id) != partition.member_id) {
        notes.push(format!("goes to {}", heir.object.pid));
    }
    notes.extend(reader.and_then(quiet));
    row.push(noted(&notes));
    row
}

/// A member that reads no partition, or a group that has neither members nor cursors.
fn idle(group: &GroupSummary, member: Option<&LiveMember>) -> Vec<Cell> {
    let mut row = vec![Cell::Absent; 10];
    if let Some(name) = row.first_mut() {
        *name = group.group.as_str().into();
    }
    row.extend(whole(group));
    row.extend(who(member));
    let does = |member: &LiveMember| if member.target.is_empty() { "idle" } else { "joining" };
    let mut notes: Vec<String> = member.map(does).map(str::to_owned).into_iter().collect();
    notes.extend(member.and_then(quiet));
    row.extend([Cell::Absent, noted(&notes)]);
    row
}

/// Why nothing is heard of a member.
fn quiet(member: &LiveMember) -> Option<String> {
    let quiet = match (member.object.is_away, member.is_overdue) {
        (true, _) => "away",
        (false, true) => "silent",
        (false, false) => return None,
    };
    Some(quiet.to_owned())
}

/// The cells of the group as a whole.
fn whole(group: &GroupSummary) -> [Cell; 6] {
    let rules = &group.rules;
    [
        group.phase.name().into(),
        group.epoch.into(),
        assignor(rules).into(),
        said_by(rules.assignor_from),
        rules.offsets_retention_minutes.into(),
        said_by(rules.retention_from),
    ]
}

/// The cells of a member: all members run on this machine.
fn who(member: Option<&LiveMember>) -> [Cell; 5] {
    let Some(LiveMember { object, instance, .. }) = member else {
        return [const { Cell::Absent }; 5];
    };
    [
        object.member_id.to_string().into(),
        object.client.as_str().into(),
        "localhost".into(),
        if object.is_away { Cell::Absent } else { object.pid.into() },
        instance.clone().into(),
    ]
}

fn noted(notes: &[String]) -> Cell {
    if notes.is_empty() { Cell::Absent } else { notes.join(", ").into() }
}
