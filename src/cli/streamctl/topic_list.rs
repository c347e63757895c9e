//! `streamctl stream topic list`.

use clap::Args;

use crate::store::TopicSummary;

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::names::StreamName;
use super::repetition::WatchOptions;

/// List the topics of a stream
///
/// Physical size is what a topic's files take on the disk, logical size what its messages hold
/// before compression. Consumers are the groups that have a cursor in the topic; maxlag is how long,
/// in milliseconds, the oldest message has been waiting that one of them has not read.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    #[command(flatten)]
    list: ListOptions,

    #[command(flatten)]
    watch: WatchOptions,
}

/// The fields in the order of MapR's JSON.
const COLUMNS: &[Column] = &[
    Column::new("topic", Meaning::Text),
    Column::new("partitions", Meaning::Count),
    Column::new("consumers", Meaning::Count),
    Column::new("physicalsize", Meaning::Bytes),
    Column::new("logicalsize", Meaning::Bytes),
    Column::new("maxlag", Meaning::Milliseconds),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let path = self.name.stream("streamctl stream topic list")?;
        let stream = session.home()?.stream(&path)?;
        self.watch.print(session, || {
            let rows = stream.topics()?.iter().map(row).collect();
            self.list.chosen(session, Listing { columns: COLUMNS, rows })
        })
    }
}

fn row(topic: &TopicSummary) -> Vec<Cell> {
    vec![
        topic.name.as_str().into(),
        topic.partitions.into(),
        topic.consumers.into(),
        topic.physical_bytes.into(),
        topic.logical_bytes.into(),
        topic.max_lag_ms.into(),
    ]
}
