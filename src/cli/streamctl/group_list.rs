//! `streamctl group list`.

use std::collections::HashSet;

use clap::Args;

use crate::store::{GroupPartition, GroupSummary};

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::group_names::{StreamOfGroups, groups_of};
use super::repetition::WatchOptions;

/// List the groups of a stream
///
/// One row for each group that has a cursor, a running member or settings of its own. Its state is one
/// of those of `group describe`. members are those that run, topics and partitions those in which the
/// group has a cursor or that a member reads. lag is how many messages it has not read, in all
/// partitions where it has a cursor; consumerlagmillis is how long the oldest of them that can be read
/// has been waiting. Without a stream, the groups of the one that topics with plain names belong to.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    stream: StreamOfGroups,

    #[command(flatten)]
    list: ListOptions,

    #[command(flatten)]
    watch: WatchOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("consumergroup", Meaning::Text).titled(Some("group")),
    Column::new("state", Meaning::Text),
    Column::new("members", Meaning::Count),
    Column::new("topics", Meaning::Count),
    Column::new("partitions", Meaning::Count),
    Column::new("lag", Meaning::Count),
    Column::new("consumerlagmillis", Meaning::Milliseconds).titled(Some("waiting")),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let stream = self.stream.open(session)?;
        self.watch.print(session, || {
            let rows = groups_of(&stream, None)?.iter().map(row).collect();
            self.list.chosen(session, Listing { columns: COLUMNS, rows })
        })
    }
}

fn row(group: &GroupSummary) -> Vec<Cell> {
    let partitions = &group.partitions;
    let topics: HashSet<_> = partitions.iter().map(|partition| partition.topic_id).collect();
    let lag: i64 = partitions.iter().filter_map(GroupPartition::lag).sum();
    let waiting = partitions.iter().filter_map(|partition| partition.waiting_ms).max();
    vec![
        group.group.as_str().into(),
        group.phase.name().into(),
        (group.members.len() as u64).into(),
        (topics.len() as u64).into(),
        (partitions.len() as u64).into(),
        lag.into(),
        waiting.into(),
    ]
}
