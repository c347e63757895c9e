//! `streamctl stream info`.

use std::ops::Range;

use clap::Args;

use crate::store::StreamInfo;

use crate::cli::failure::Failure;
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::names::StreamName;
use super::words::{codec_word, timestamp_word};

/// Describe a stream
///
/// Physical size is what its files take on the disk, logical size what its messages hold before
/// compression. The five permissions are shown to those who have adminperm. pidexpirysecs is left
/// out of MapR's table unless -columns names it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    #[command(flatten)]
    list: ListOptions,
}

/// The fields in the order of MapR's JSON.
const COLUMNS: &[Column] = &[
    Column::new("path", Meaning::Text),
    Column::new("physicalsize", Meaning::Bytes),
    Column::new("logicalsize", Meaning::Bytes),
    Column::new("numtopics", Meaning::Count),
    Column::new("defaultpartitions", Meaning::Count),
    Column::new("ttl", Meaning::TimeToLive),
    Column::new("compression", Meaning::Text),
    Column::new("autocreate", Meaning::Text),
    Column::new("produceperm", Meaning::Text),
    Column::new("consumeperm", Meaning::Text),
    Column::new("topicperm", Meaning::Text),
    Column::new("copyperm", Meaning::Text),
    Column::new("adminperm", Meaning::Text),
    Column::new("ischangelog", Meaning::Text),
    Column::new("defaulttimestamptype", Meaning::Text),
    Column::new("mincompactionlag", Meaning::Milliseconds),
    Column::new("deleteretention", Meaning::Milliseconds),
    Column::new("compact", Meaning::Text),
    Column::new("pidexpirysecs", Meaning::TimeToLive).extra(),
];

/// The same without the permissions, for those who may not see them.
const COLUMNS_WITHOUT_PERMISSIONS: &[Column] = &{
    let mut columns = [COLUMNS[0]; COLUMNS.len() - PERMISSIONS.end + PERMISSIONS.start];
    let mut index = 0;
    while index < columns.len() {
        let behind = index >= PERMISSIONS.start;
        columns[index] =
            COLUMNS[if behind { index + PERMISSIONS.end - PERMISSIONS.start } else { index }];
        index += 1;
    }
    columns
};

/// Where the permissions are among the fields.
const PERMISSIONS: Range<usize> = 8..13;

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let path = self.name.stream("streamctl stream info")?;
        let info = session.home()?.stream(&path)?.info()?;
        let mut row = row(path.as_str(), &info);
        let mut columns = COLUMNS;
        if !info.shows_permissions {
            row.drain(PERMISSIONS);
            columns = COLUMNS_WITHOUT_PERMISSIONS;
        }
        self.list.print(session, Listing { columns, rows: vec![row] })
    }
}

fn row(path: &str, info: &StreamInfo) -> Vec<Cell> {
    let attributes = &info.attributes;
    vec![
        path.into(),
        info.physical_bytes.into(),
        info.logical_bytes.into(),
        info.topics.into(),
        attributes.default_partitions.into(),
        attributes.ttl_s.into(),
        codec_word(attributes.compression).into(),
        attributes.autocreate.into(),
        attributes.produce_perm.as_str().into(),
        attributes.consume_perm.as_str().into(),
        attributes.topic_perm.as_str().into(),
        attributes.copy_perm.as_str().into(),
        attributes.admin_perm.as_str().into(),
        attributes.is_changelog.into(),
        timestamp_word(attributes.timestamp_type).into(),
        attributes.min_compaction_lag_ms.into(),
        attributes.delete_retention_ms.into(),
        attributes.compact.into(),
        attributes.pid_expiry_s.into(),
    ]
}
