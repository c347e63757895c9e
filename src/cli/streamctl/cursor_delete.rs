//! `streamctl stream cursor delete`.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::cursor_names::CursorNames;

/// Forget where groups read on
///
/// With no group, topic or partition, all cursors of the stream. A consumer that is running goes on
/// and commits again; a group without a cursor starts as if it were new.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: CursorNames,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let (stream, filter) = self.names.open(session, "streamctl stream cursor delete")?;
        stream.cursors()?.delete(&filter)?;
        session.done()
    }
}
