//! `streamctl stream cursor list`.

use clap::Args;

use crate::store::CursorSummary;

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::cursor_names::CursorNames;
use super::repetition::WatchOptions;

/// List where groups read on
///
/// One row for each group, topic and partition. committedoffset is the offset of the next message
/// that the group will read, produceroffset that of the last message, -1 if there is none.
/// consumertimestamp and producertimestamp are the times of the message before the cursor and of the
/// last one. consumerlagmillis is how long the next message has been waiting; 0 if there is none.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: CursorNames,

    #[command(flatten)]
    list: ListOptions,

    #[command(flatten)]
    watch: WatchOptions,
}

/// The fields in the order of MapR's JSON.
const COLUMNS: &[Column] = &[
    Column::new("consumergroup", Meaning::Text).titled(Some("group")),
    Column::new("topic", Meaning::Text),
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("produceroffset", Meaning::Count).titled(Some("last")),
    Column::new("committedoffset", Meaning::Count).titled(Some("reads on at")),
    Column::new("producertimestamp", Meaning::Instant).titled(None),
    Column::new("consumertimestamp", Meaning::Instant).titled(Some("read up to")),
    Column::new("consumerlagmillis", Meaning::Milliseconds).titled(Some("lag")),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (stream, filter) = self.names.open(session, "streamctl stream cursor list")?;
        self.watch.print(session, || {
            let rows = stream.cursor_summaries(&filter)?.iter().map(row).collect();
            self.list.chosen(session, Listing { columns: COLUMNS, rows })
        })
    }
}

fn row(cursor: &CursorSummary) -> Vec<Cell> {
    let numbers = &cursor.numbers;
    vec![
        cursor.group.as_str().into(),
        cursor.topic.as_str().into(),
        cursor.partition.into(),
        numbers.last_offset.into(),
        cursor.cursor.offset.into(),
        numbers.last_timestamp.into(),
        numbers.read_timestamp.into(),
        numbers.lag_ms.into(),
    ]
}
