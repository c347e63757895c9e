//! `streamctl store info`.

use std::path::Path;

use clap::Args;

use crate::fs::{Space, space_at};

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;

/// Say where the store is and how much is in it
///
/// Physical size is what the streams take on the disk, logical size what their messages hold before
/// compression, and free size what you may still write there.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    list: ListOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("path", Meaning::Text),
    Column::new("filesystem", Meaning::Text),
    Column::new("streams", Meaning::Count),
    Column::new("topics", Meaning::Count),
    Column::new("physicalsize", Meaning::Bytes),
    Column::new("logicalsize", Meaning::Bytes),
    Column::new("freesize", Meaning::Bytes),
    Column::new("totalsize", Meaning::Bytes),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let home = session.home()?;
        let (mut streams, mut topics, mut physical_bytes, mut logical_bytes) = (0_u64, 0, 0, 0);
        for path in home.streams(None)? {
            // Deleted in the meantime: then it is not counted.
            let Ok(stream) = home.stream(&path) else { continue };
            let Ok(info) = stream.listed() else { continue };
            streams += 1;
            topics += info.topics;
            physical_bytes += info.physical_bytes;
            logical_bytes += info.logical_bytes;
        }
        let space = space_for(home.path())?;
        let row = vec![
            home.path().display().to_string().into(),
            space.kind.into(),
            streams.into(),
            topics.into(),
            physical_bytes.into(),
            logical_bytes.into(),
            space.free_bytes.into(),
            space.total_bytes.into(),
        ];
        self.list.print(session, Listing { columns: COLUMNS, rows: vec![row] })
    }
}

/// Returns the file system of a directory, or of the first one above it that exists.
fn space_for(path: &Path) -> Result<Space, Failure> {
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    space_at(there).map_err(|error| Failure::new(Exit::Failed, error))
}
