//! `streamctl stream topic delete`.

use clap::Args;

use crate::access::Action;

use crate::cli::failure::Failure;
use crate::cli::refusal::absent;
use crate::cli::session::Session;

use super::names::TopicOfStream;
use super::plan::{DeletionOptions, plan_of};

/// Delete a topic with its messages
///
/// Nothing brings it back. A topic made again under the name begins at offset 0. On a terminal you
/// are asked first if there are messages in it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,

    #[command(flatten)]
    deletion: DeletionOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let target = self.name.target("streamctl stream topic delete")?;
        let stream = session.home()?.stream(&target.stream).map_err(absent)?;
        if self.deletion.dry_run {
            stream.authorize(Action::TopicDelete)?;
            stream.topic(&target.topic).map_err(absent)?;
            return session.print(&plan_of("delete topic", &target.to_string(), Vec::new()));
        }
        self.deletion.confirm(session, &format!("topic `{target}`"), || {
            let topic = stream.topic(&target.topic).map_err(absent)?;
            let mut bytes = 0;
            for partition in 0..topic.partitions() {
                bytes += topic.partition_summary(partition)?.physical_bytes;
            }
            Ok(bytes)
        })?;
        stream.delete_topic(&target.topic).map_err(absent)?;
        session.done()
    }
}
