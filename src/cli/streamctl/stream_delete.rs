//! `streamctl stream delete`.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::refusal::absent;
use crate::cli::session::Session;

use super::names::StreamName;
use super::plan::{DeletionOptions, plan_of};

/// Delete a stream with all its topics
///
/// Nothing brings it back. Producers and consumers of it end with a message. On a terminal you are
/// asked first if there are messages in it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    #[command(flatten)]
    deletion: DeletionOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let path = self.name.stream("streamctl stream delete")?;
        let home = session.home()?;
        if self.deletion.dry_run {
            let topics = home.plan_stream_deletion(&path).map_err(absent)?;
            let name = |name: &str| format!("{path}:{name}");
            let mut plan = plan_of("delete stream", path.as_str(), Vec::new());
            for topic in topics {
                let topic = name(topic.as_str());
                plan.rows.extend(plan_of("delete topic", &topic, Vec::new()).rows);
            }
            return session.print(&plan);
        }
        self.deletion.confirm(session, &format!("stream `{path}`"), || {
            // Deleting takes rights on directories only, and so does the question.
            Ok(home.stream(&path).map_err(absent)?.listed()?.logical_bytes)
        })?;
        home.delete_stream(&path).map_err(absent)?;
        session.done()
    }
}
