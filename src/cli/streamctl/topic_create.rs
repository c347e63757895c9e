//! `streamctl stream topic create`.

use clap::Args;

use crate::path::check_partitions;
use crate::record::TimestampType;
use crate::store::TopicOptions;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::{TopicOfStream, not_a_name};
use super::words::TimestampWord;

/// Create a topic
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,

    /// Divide it into so many partitions, 1 to 4096 [default: the stream's -defaultpartitions]
    #[arg(long, value_name = "N")]
    partitions: Option<u64>,

    /// Say whose clock stamps messages [default: the stream's -defaulttimestamptype]
    #[arg(long, value_name = "TYPE")]
    timestamptype: Option<TimestampWord>,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let target = self.name.target("streamctl stream topic create")?;
        let partitions = self.partitions.map(check_partitions).transpose().map_err(not_a_name)?;
        let options = TopicOptions {
            partitions,
            timestamp_type: self.timestamptype.map(TimestampType::from),
        };
        session.home()?.stream(&target.stream)?.create_topic(&target.topic, options)?;
        session.done()
    }
}
