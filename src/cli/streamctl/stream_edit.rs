//! `streamctl stream edit`.

use clap::Args;

use crate::access::Action;
use crate::catalog::StreamAttributes;
use crate::store::{LetIn, Stream};

use crate::cli::failure::{Failure, printable};
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
        stream.authorize(Action::StreamEdit)?;
        let before = stream.attributes()?;
        // Tried first, so that a value that is not allowed is refused before anything is locked.
        let mut after = before.clone();
        self.options.apply(&mut after)?;
        if let Some(truth) = self.compact {
            after.compact = truth.is_true();
        }
        if self.plan.dry_run {
            let rows = attribute_rows(path.as_str(), Some(&before), &after);
            warn_if_shut(session, &stream, &before, &after);
            return session.print(&plan_of("edit stream", path.as_str(), rows));
        }
        let edited = stream.edit(|attributes| {
            // Its values were tried above.
            let _ = self.options.apply(attributes);
            if let Some(truth) = self.compact {
                attributes.compact = truth.is_true();
            }
        })?;
        self.options.note(session);
        warn_if_shut(session, &stream, &edited.before, &edited.after);
        session.done()
    }
}

/// Says so if the expressions let in people whom the stream's files keep out, whose modes no edit
/// changes.
fn warn_if_shut(
    session: &Session,
    stream: &Stream,
    before: &StreamAttributes,
    after: &StreamAttributes,
) {
    if before.permissions() == after.permissions() {
        return;
    }
    // The edit is done: what cannot be looked up is not worth a failure.
    let Ok(Some(let_in)) = stream.files_keep_out(after) else { return };
    let path = stream.path();
    let others = match let_in {
        LetIn::Owner(_) => "others",
        LetIn::Group(_) => "all but its owner and its members",
    };
    session.terminal.note(&printable(&format!(
        "{}: the files of stream `{path}` stay those of {let_in} and keep out {others}, whatever \
         its permissions say: modes are chosen when a stream is made",
        session.name
    )));
    session.terminal.note(
        "hint: make the stream again with these permissions; after chmod, new files would still \
         get the old mode. See stream-store(5), Modes",
    );
}
