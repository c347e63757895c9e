//! `streamctl stream assign list`.

use clap::Args;

use crate::catalog::MemberObject;

use crate::cli::failure::Failure;
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::cursor_names::CursorNames;

/// List which consumers read which partitions for their groups
///
/// One row for each partition that a running consumer reads for a group. Consumers without a group
/// are not listed.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: CursorNames,

    /// Add the consumer's process and when it began
    #[arg(long)]
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
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let (stream, filter) = self.names.open(session, "streamctl stream assign list")?;
        let mut rows = Vec::new();
        for member in stream.members()? {
            let is_asked_for = filter.group.as_ref().is_none_or(|group| *group == member.group)
                && filter.topic.is_none_or(|topic| topic == member.topic_id);
            if !is_asked_for {
                continue;
            }
            for partition in &member.partitions {
                if filter.partition.is_none_or(|wanted| wanted == *partition) {
                    rows.push(self.row(&member, *partition));
                }
            }
        }
        let columns = if self.detail { DETAILED } else { COLUMNS };
        session.print(&Listing { columns, rows })
    }

    fn row(&self, member: &MemberObject, partition: u32) -> Vec<Cell> {
        let mut row: Vec<Cell> = vec![
            member.group.as_str().into(),
            member.topic.as_str().into(),
            partition.into(),
            member.member_id.to_string().into(),
        ];
        if self.detail {
            row.extend([member.client.as_str().into(), member.pid.into(), member.joined_ms.into()]);
        }
        row
    }
}
