//! `streamctl stream topic edit`.

use clap::Args;

use crate::access::Action;
use crate::path::check_partitions;
use crate::record::TimestampType;
use crate::store::TopicEdit;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::{TopicOfStream, not_a_name};
use super::numbers::partitions;
use super::plan::{PlanOptions, change, plan_of};
use super::words::{TimestampWord, timestamp_word};

/// Change a topic
///
/// Only what is named changes. Partitions are added, never taken away; messages stay where they
/// are, and a key may choose another partition than before. Consumers that run notice a new
/// partition when it is first written; producers that run go on as they began.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,

    /// Divide it into so many partitions, at most 4096; never fewer than it has
    #[arg(long, value_name = "N", value_parser = partitions, allow_negative_numbers = true)]
    partitions: Option<u64>,

    /// Say whose clock stamps messages from now on
    #[arg(long, value_name = "TYPE")]
    timestamptype: Option<TimestampWord>,

    #[command(flatten)]
    plan: PlanOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let target = self.name.target("streamctl stream topic edit")?;
        let partitions = self.partitions.map(check_partitions).transpose().map_err(not_a_name)?;
        let timestamp_type = self.timestamptype.map(TimestampType::from);
        let edit = TopicEdit { partitions, timestamp_type };
        let stream = session.home()?.stream(&target.stream)?;
        if self.plan.dry_run {
            stream.authorize(Action::TopicEdit)?;
            let topic = stream.topic(&target.topic)?;
            let before = topic.object();
            let after = edit.applied_to(before, &stream.attributes()?)?;
            let object = target.to_string();
            let stamped = |stamps: Option<TimestampType>| stamps.map_or("", timestamp_word);
            let rows = [
                change(
                    "edit topic",
                    &object,
                    "partitions",
                    &before.partitions.to_string(),
                    &after.partitions.to_string(),
                ),
                change(
                    "edit topic",
                    &object,
                    "timestamptype",
                    stamped(before.timestamp_type),
                    stamped(after.timestamp_type),
                ),
            ];
            return session.print(&plan_of(
                "edit topic",
                &object,
                rows.into_iter().flatten().collect(),
            ));
        }
        let edited = stream.edit_topic(&target.topic, edit)?;
        if edited.after.partitions > edited.before.partitions {
            session.terminal.note(&format!(
                "{}: topic `{}` has {} partitions now; keys may go to another one than before",
                session.name, target.topic, edited.after.partitions
            ));
        }
        session.done()
    }
}
