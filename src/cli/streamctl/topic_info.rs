//! `streamctl stream topic info`.

use clap::Args;

use crate::record::TimestampType;
use crate::store::{CursorFilter, PartitionSummary};

use crate::cli::failure::Failure;
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::names::TopicOfStream;

/// Describe each partition of a topic
///
/// maxoffset is the offset of the last message, -1 if there is none. minoffsetacrossconsumers is the
/// lowest cursor of all groups, mintimestampacrossconsumers the lowest time of a message before a
/// cursor; 0 without a cursor. fid, master and servers have no meaning on one machine: they are
/// always 0.0.<partition> and localhost:5660.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,

    #[command(flatten)]
    list: ListOptions,
}

/// The fields in the order of MapR's JSON.
const COLUMNS: &[Column] = &[
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("physicalsize", Meaning::Bytes).titled(Some("on disk")),
    Column::new("logicalsize", Meaning::Bytes).titled(Some("logical")),
    Column::new("maxoffset", Meaning::Count).titled(Some("last")),
    Column::new("minoffsetacrossconsumers", Meaning::Count).titled(None),
    Column::new("mintimestamp", Meaning::Instant).titled(Some("from")),
    Column::new("maxtimestamp", Meaning::Instant).titled(Some("to")),
    Column::new("mintimestampacrossconsumers", Meaning::Instant).titled(None),
    Column::new("fid", Meaning::Text).titled(None),
    Column::new("master", Meaning::Text).titled(None),
    Column::new("servers", Meaning::Text).titled(None),
    Column::new("timestamptype", Meaning::Text).titled(Some("stamped")),
];

/// What stands where MapR has the address of a server.
const SERVER: &str = "localhost:5660";

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let target = self.name.target("streamctl stream topic info")?;
        let stream = session.home()?.stream(&target.stream)?;
        let topic = stream.topic(&target.topic)?;
        let stamps = match topic.timestamp_type(&stream.attributes()?) {
            TimestampType::CreateTime => "CreateTime",
            TimestampType::LogAppendTime => "LogAppendTime",
        };
        let id = topic.object().id;
        let filter = CursorFilter { topic: Some(id), ..CursorFilter::default() };
        let cursors = stream.cursor_summaries(&filter)?;
        let mut rows = Vec::new();
        for partition in 0..topic.partitions() {
            let here = || cursors.iter().filter(|cursor| cursor.partition == partition);
            let lowest = Lowest {
                offset: here().map(|cursor| cursor.cursor.offset).min().unwrap_or(0),
                timestamp: here().map(|cursor| cursor.numbers.read_timestamp).min().unwrap_or(0),
            };
            rows.push(row(&topic.partition_summary(partition)?, &lowest, stamps));
        }
        self.list.print(session, Listing { columns: COLUMNS, rows })
    }
}

/// The lowest cursor of a partition.
struct Lowest {
    offset: i64,
    timestamp: i64,
}

fn row(partition: &PartitionSummary, lowest: &Lowest, stamps: &str) -> Vec<Cell> {
    vec![
        partition.partition.into(),
        partition.physical_bytes.into(),
        partition.logical_bytes.into(),
        (partition.end_offset - 1).into(),
        lowest.offset.into(),
        partition.min_timestamp.unwrap_or(0).into(),
        partition.max_timestamp.unwrap_or(0).into(),
        lowest.timestamp.into(),
        format!("0.0.{}", partition.partition).into(),
        SERVER.into(),
        SERVER.into(),
        stamps.into(),
    ]
}
