//! Why a group's member cannot go on, and what it has to tell although it can.

use std::{error, fmt};

use crate::path::TopicName;
use crate::store::StoreError;
use crate::time::TimestampMs;

/// A failure of a member.
#[derive(Debug)]
#[non_exhaustive]
pub enum GroupError {
    /// The group has no cursor in a partition, and was told not to choose a place itself.
    NoCursor {
        /// The group.
        group: String,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: u32,
    },
    /// The other members agree to none of its assignors.
    NoAssignor {
        /// The group.
        group: String,
        /// The one that is in use.
        assignor: String,
    },
    /// A live member has its name.
    InstanceTaken {
        /// The group.
        group: String,
        /// The name (`group.instance.id`).
        instance: String,
        /// The process of that member, if it can be seen.
        process: Option<u32>,
    },
    /// The store refused.
    Store(StoreError),
}

impl fmt::Display for GroupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCursor { group, topic, partition } => write!(
                f,
                "group `{}` has no cursor in partition {partition} of topic `{topic}`",
                group.escape_debug()
            ),
            Self::NoAssignor { group, assignor } => write!(
                f,
                "the members of group `{}` agree to none of this one's \
                 partition.assignment.strategy; theirs is `{}`",
                group.escape_debug(),
                assignor.escape_debug()
            ),
            Self::InstanceTaken { group, instance, process } => {
                write!(
                    f,
                    "group `{}` has a live member with group.instance.id `{}`",
                    group.escape_debug(),
                    instance.escape_debug()
                )?;
                process.map_or(Ok(()), |process| write!(f, ", process {process}"))
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl error::Error for GroupError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            Self::NoCursor { .. } | Self::NoAssignor { .. } | Self::InstanceTaken { .. } => None,
        }
    }
}

impl From<StoreError> for GroupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Something that is not as the group left it, although reading goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupNews {
    /// The log went back behind the group's cursor.
    WentBack {
        /// The topic, if several may be meant.
        topic: Option<TopicName>,
        /// The partition.
        partition: u32,
        /// Where the cursor stood.
        from: i64,
        /// Where reading goes on.
        to: i64,
    },
    /// The group's cursors were too old: where it begins is not where it ended.
    Expired {
        /// Since when it had no member and committed nothing.
        since: TimestampMs,
    },
}

impl fmt::Display for GroupNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WentBack { topic, partition, from, to } => {
                if let Some(topic) = topic {
                    write!(f, "topic `{topic}`: ")?;
                }
                write!(
                    f,
                    "partition {partition} is not the log that the group had read up to offset \
                     {from}: it was cut, repaired or replaced; reading goes on at offset {to}"
                )
            }
            Self::Expired { since } => write!(
                f,
                "the cursors of the group have expired: it had no member and committed nothing since \
                 {since}, in milliseconds since 1970"
            ),
        }
    }
}
