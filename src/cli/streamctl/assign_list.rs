//! `streamctl stream assign list`.

use clap::Args;

use crate::store::{CursorFilter, LiveMember, MemberPartition, Stream};

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::cursor_names::CursorNames;
use super::repetition::WatchOptions;

/// List which consumers read which partitions for their groups
///
/// One row for each partition that a running consumer reads for a group. Consumers without a group
/// are not listed.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: CursorNames,

    #[command(flatten)]
    list: ListOptions,

    #[command(flatten)]
    watch: WatchOptions,

    /// Add the consumer's process and when it began
    // The heading of the options before it would go on.
    #[arg(long, help_heading = None)]
    detail: bool,
}

const COLUMNS: &[Column] = &[
    Column::new("consumergroup", Meaning::Text).titled(Some("group")),
    Column::new("topic", Meaning::Text),
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("consumerid", Meaning::Text).titled(Some("consumer")),
];

const DETAILED: &[Column] = &[
    Column::new("consumergroup", Meaning::Text).titled(Some("group")),
    Column::new("topic", Meaning::Text),
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("consumerid", Meaning::Text).titled(Some("consumer")),
    Column::new("client", Meaning::Text),
    Column::new("pid", Meaning::Count),
    Column::new("joined", Meaning::Instant),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (stream, filter) = self.names.open(session, "streamctl stream assign list")?;
        let columns = if self.detail { DETAILED } else { COLUMNS };
        self.watch.print(session, || {
            let rows = self.rows(&stream, &filter)?;
            self.list.chosen(session, Listing { columns, rows })
        })
    }

    fn rows(&self, stream: &Stream, filter: &CursorFilter) -> Result<Vec<Vec<Cell>>, Failure> {
        let mut rows = Vec::new();
        for member in stream.members()? {
            if filter.group.as_ref().is_some_and(|group| *group != member.object.group) {
                continue;
            }
            let is_asked_for = |it: &&MemberPartition| {
                filter.topic.is_none_or(|topic| topic == it.topic_id)
                    && filter.partition.is_none_or(|partition| partition == it.partition)
            };
            let owned = member.owned.iter().filter(is_asked_for);
            rows.extend(owned.map(|partition| self.row(&member, partition)));
        }
        Ok(rows)
    }

    fn row(&self, member: &LiveMember, partition: &MemberPartition) -> Vec<Cell> {
        let member = &member.object;
        let mut row: Vec<Cell> = vec![
            member.group.as_str().into(),
            partition.topic.as_str().into(),
            partition.partition.into(),
            member.member_id.to_string().into(),
        ];
        if self.detail {
            row.extend([member.client.as_str().into(), member.pid.into(), member.joined_ms.into()]);
        }
        row
    }
}
