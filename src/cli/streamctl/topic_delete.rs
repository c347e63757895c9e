//! `streamctl stream topic delete`.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::TopicOfStream;

/// Delete a topic with its messages
///
/// Nothing brings it back. A topic made again under the name begins at offset 0.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let target = self.name.target("streamctl stream topic delete")?;
        session.home()?.stream(&target.stream)?.delete_topic(&target.topic)?;
        session.done()
    }
}
