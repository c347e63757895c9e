//! `streamctl stream edit`.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::StreamName;
use super::plan::{PlanOptions, attribute_rows, plan_of};
use super::stream_create::AttributeOptions;
use super::words::Truth;

/// Change the attributes of a stream
///
/// Only what is named changes; a permission replaces the old one whole. The defaults named with
/// the attributes are those of a new stream. A number of partitions is for topics to come. Producers and consumers
/// that run go on as they began; those that start later follow the new attributes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    #[command(flatten)]
    options: AttributeOptions,

    /// Keep only the newest message of each key (stored and shown; nothing is compacted yet)
    /// [default: false]
    #[arg(long, value_name = "BOOLEAN")]
    compact: Option<Truth>,

    #[command(flatten)]
    plan: PlanOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let path = self.name.stream("streamctl stream edit")?;
        let stream = session.home()?.stream(&path)?;
        let before = stream.attributes()?;
        // Tried first, so that a value that is not allowed is refused before anything is locked.
        let mut after = before.clone();
        self.options.apply(&mut after)?;
        if let Some(truth) = self.compact {
            after.compact = truth.is_true();
        }
        if self.plan.dry_run {
            let rows = attribute_rows(path.as_str(), Some(&before), &after);
            return session.print(&plan_of("edit stream", path.as_str(), rows));
        }
        stream.edit(|attributes| {
            // Its values were tried above.
            let _ = self.options.apply(attributes);
            if let Some(truth) = self.compact {
                attributes.compact = truth.is_true();
            }
        })?;
        self.options.note(session);
        session.done()
    }
}
