//! `streamctl group describe`.

use clap::Args;

use crate::catalog::MemberObject;
use crate::store::{GroupPace, GroupPartition, GroupSummary};

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::group_names::{GroupNames, groups_of};
use super::repetition::WatchOptions;

/// Show how far groups are, and who reads for them
///
/// One row for each partition where a group has a cursor or that a running member reads, and for each
/// member that has nothing to read. currentoffset
/// is the offset of the next message that the group will read, endoffset the one behind the last
/// message, and lag the messages between. consumerlagmillis is how long the next message has been
/// waiting; 0 if there is none. If messages were removed before the group read them, the note says
/// `data gone` and that time is not known.
///
/// readlately and writtenlately count the messages of the last minute: those that the group went
/// over, as its commits tell, and those that were written. catchupmillis is how long it takes, at that
/// pace, until nothing is left to read; absent if more is written than read. Without a stream, the groups
/// of the one that topics with plain names belong to; without a group, all of them.
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
    Column::new("currentoffset", Meaning::Count).titled(Some("reads on at")),
    Column::new("endoffset", Meaning::Count).titled(None),
    Column::new("lag", Meaning::Count),
    Column::new("consumerlagmillis", Meaning::Milliseconds).titled(Some("waiting")),
    Column::new("readlately", Meaning::Count).titled(Some("read/min")),
    Column::new("writtenlately", Meaning::Count).titled(None),
    Column::new("catchupmillis", Meaning::Milliseconds).titled(Some("done in")),
    Column::new("consumerid", Meaning::Text).titled(None),
    Column::new("client", Meaning::Text).titled(None),
    Column::new("host", Meaning::Text).titled(None),
    Column::new("pid", Meaning::Count).titled(Some("process")),
    Column::new("note", Meaning::Text),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let group = self.names.group_if_named()?;
        let stream = self.names.stream.open(session)?;
        self.watch.print(session, || {
            let mut rows = Vec::new();
            for group in groups_of(&stream, group)? {
                let paces = stream.group_pace(&group)?;
                let partitions = group.partitions.iter().zip(&paces);
                rows.extend(partitions.map(|(partition, pace)| row(&group, partition, *pace)));
                rows.extend(group.idle_members().map(|member| idle(&group, member)));
            }
            self.list.chosen(session, Listing { columns: COLUMNS, rows })
        })
    }
}

fn row(group: &GroupSummary, partition: &GroupPartition, pace: GroupPace) -> Vec<Cell> {
    let lag = partition.lag();
    let is_reader = |id| group.members.iter().find(|member| member.member_id == id);
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
    row.extend(who(partition.member_id.and_then(is_reader)));
    let note = if partition.lost() > 0 { "data gone".into() } else { Cell::Absent };
    row.push(note);
    row
}

/// A member that reads no partition.
fn idle(group: &GroupSummary, member: &MemberObject) -> Vec<Cell> {
    let mut row = vec![Cell::Absent; COLUMNS.len() - 5];
    if let Some(name) = row.first_mut() {
        *name = group.group.as_str().into();
    }
    row.extend(who(Some(member)));
    row.push("idle".into());
    row
}

/// The cells of a member: all members run on this machine.
fn who(member: Option<&MemberObject>) -> [Cell; 4] {
    let Some(member) = member else { return [const { Cell::Absent }; 4] };
    let id = member.member_id.to_string();
    [id.into(), member.client.as_str().into(), "localhost".into(), member.pid.into()]
}
