//! `streamctl stream topic create`.

use clap::Args;

use crate::access::Action;
use crate::path::{Target, check_partitions};
use crate::record::TimestampType;
use crate::store::{StoreError, Stream, TopicOptions};

use crate::cli::failure::Failure;
use crate::cli::render::Listing;
use crate::cli::session::Session;

use super::names::{TopicOfStream, not_a_name};
use super::numbers::partitions;
use super::plan::{PlanOptions, change, plan_of};
use super::words::{TimestampWord, timestamp_word};

/// Create a topic
///
/// It has no messages yet, and its partitions take room on the disk only once they are written to.
/// In a stream with -autocreate a producer makes a missing topic itself.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,

    /// Divide it into so many partitions, 1 to 4096 [default: the stream's -defaultpartitions]
    #[arg(long, value_name = "N", value_parser = partitions, allow_negative_numbers = true)]
    partitions: Option<u64>,

    /// Say whose clock stamps messages [default: the stream's -defaulttimestamptype]
    #[arg(long, value_name = "TYPE")]
    timestamptype: Option<TimestampWord>,

    #[command(flatten)]
    plan: PlanOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let target = self.name.target("streamctl stream topic create")?;
        let partitions = self.partitions.map(check_partitions).transpose().map_err(not_a_name)?;
        let options = TopicOptions {
            partitions,
            timestamp_type: self.timestamptype.map(TimestampType::from),
        };
        let stream = session.home()?.stream(&target.stream)?;
        if self.plan.dry_run {
            stream.authorize(Action::TopicCreate)?;
            return session.print(&plan(&stream, &target, options)?);
        }
        stream.create_topic(&target.topic, options)?;
        session.done()
    }
}

/// Returns what creating the topic would do; refuses what creating it would refuse.
fn plan(
    stream: &Stream,
    target: &Target,
    options: TopicOptions,
) -> Result<Listing<'static>, Failure> {
    let topics = stream.topic_objects()?;
    if topics.iter().any(|topic| topic.name == target.topic) {
        let Target { stream, topic } = target.clone();
        return Err(StoreError::TopicExists { stream, topic }.into());
    }
    let attributes = stream.attributes()?;
    let object = target.to_string();
    let partitions = options.partitions.unwrap_or(attributes.default_partitions).to_string();
    let stamps = timestamp_word(options.timestamp_type.unwrap_or(attributes.timestamp_type));
    let rows = [("partitions", partitions.as_str()), ("timestamptype", stamps)];
    let rows =
        rows.iter().filter_map(|(name, value)| change("create topic", &object, name, "", value));
    Ok(plan_of("create topic", &object, rows.collect()))
}
