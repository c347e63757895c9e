//! `streamctl stream delete`.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::StreamName;

/// Delete a stream with all its topics
///
/// Nothing brings it back. Producers and consumers of it end with a message.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let stream = self.name.stream("streamctl stream delete")?;
        session.home()?.delete_stream(&stream)?;
        session.done()
    }
}
