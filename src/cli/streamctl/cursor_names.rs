//! Which cursors a command is about: of a stream, a group, a topic, a partition.

use clap::Args;

use crate::path::{StreamPath, TopicName, check_group};
use crate::store::{CursorFilter, StoreError, Stream};

use crate::cli::failure::Failure;
use crate::cli::refusal::absent;
use crate::cli::session::Session;

use super::names::{StreamName, not_a_name};
use super::numbers::partition;

/// A choice of cursors.
#[derive(Debug, Args)]
pub(super) struct CursorNames {
    #[command(flatten)]
    name: StreamName,

    /// Only those of this group
    #[arg(long, value_name = "GROUP", allow_hyphen_values = true)]
    pub(super) consumergroup: Option<String>,

    /// Only those in this topic
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    pub(super) topic: Option<String>,

    /// Only those in this partition of the topic
    #[arg(
        long,
        value_name = "PARTITION",
        requires = "topic",
        value_parser = partition,
        allow_negative_numbers = true
    )]
    pub(super) partition: Option<u32>,
}

impl CursorNames {
    /// Returns the stream; `command` is shown to who named none.
    ///
    /// # Errors
    ///
    /// No stream, two different ones, or no name of a stream: exit 2.
    pub(super) fn stream(&self, command: &str) -> Result<StreamPath, Failure> {
        self.name.stream(command)
    }

    /// Returns the topic, if one is named.
    ///
    /// # Errors
    ///
    /// It is no name of a topic: exit 2.
    pub(super) fn topic_name(&self) -> Result<Option<TopicName>, Failure> {
        self.topic.as_deref().map(TopicName::parse).transpose().map_err(not_a_name)
    }

    /// Opens the stream and says which cursors are meant; `command` is shown to who named no
    /// stream.
    ///
    /// # Errors
    ///
    /// No such stream, topic or partition, or names that are none.
    pub(super) fn open(
        &self,
        session: &Session,
        command: &str,
    ) -> Result<(Stream, CursorFilter), Failure> {
        let path = self.name.stream(command)?;
        let topic = self.topic_name()?;
        self.consumergroup.as_deref().map(check_group).transpose().map_err(not_a_name)?;
        let stream = session.home()?.stream(&path).map_err(absent)?;
        let topic = match topic {
            Some(topic) => {
                let topic = stream.topic(&topic).map_err(absent)?;
                let partitions = topic.partitions();
                if let Some(partition) = self.partition.filter(|it| *it >= partitions) {
                    let topic = topic.object().name.clone();
                    return Err(
                        StoreError::PartitionNotFound { topic, partition, partitions }.into()
                    );
                }
                Some(topic.object().id)
            }
            None => None,
        };
        let filter =
            CursorFilter { group: self.consumergroup.clone(), topic, partition: self.partition };
        Ok((stream, filter))
    }
}
