//! `streamctl stream list`.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;

/// List streams
///
/// Physical size is what a stream's files take on the disk, logical size what its messages hold
/// before compression. Streams whose directory you may not read are left out.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// List only streams below this path
    #[arg(long, value_name = "DIRECTORY")]
    path: Option<String>,

    /// Name the path by position instead of with -path
    #[arg(value_name = "DIRECTORY")]
    position: Option<String>,

    #[command(flatten)]
    list: ListOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("path", Meaning::Text),
    Column::new("physicalsize", Meaning::Bytes),
    Column::new("logicalsize", Meaning::Bytes),
    Column::new("numtopics", Meaning::Count),
    Column::new("ttl", Meaning::TimeToLive),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let home = session.home()?;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for path in home.streams(self.under()?)? {
            // Deleted in the meantime: then it is not listed.
            let Ok(stream) = home.stream(&path) else { continue };
            let Ok(info) = stream.listed() else { continue };
            rows.push(vec![
                path.as_str().into(),
                info.physical_bytes.into(),
                info.logical_bytes.into(),
                info.topics.into(),
                info.attributes.ttl_s.into(),
            ]);
        }
        self.list.print(session, Listing { columns: COLUMNS, rows })
    }

    fn under(&self) -> Result<Option<&str>, Failure> {
        match (self.path.as_deref(), self.position.as_deref()) {
            (Some(path), Some(position)) if path != position => Err(Failure::usage(format!(
                "two paths are named: `{path}` with -path and `{position}` by position"
            ))),
            (path, position) => Ok(path.or(position)),
        }
    }
}
