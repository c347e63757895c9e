//! Why the store could not do what it was asked.

use std::path::PathBuf;
use std::time::Duration;
use std::{error, fmt};

use crate::access::Denied;
use crate::catalog::{IndexError, MetaError};
use crate::fs::PathError;
use crate::log::LogError;
use crate::path::{NameError, StreamPath, TopicName};

/// A failure of the store; unless a variant says otherwise, nothing was changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such stream.
    StreamNotFound {
        /// The stream.
        stream: StreamPath,
    },
    /// There is no such topic in the stream.
    TopicNotFound {
        /// The stream.
        stream: StreamPath,
        /// The topic.
        topic: TopicName,
    },
    /// There is no such topic, and the stream does not create topics by itself.
    AutocreateOff {
        /// The stream.
        stream: StreamPath,
        /// The topic.
        topic: TopicName,
    },
    /// The topic has fewer partitions.
    PartitionNotFound {
        /// The topic.
        topic: TopicName,
        /// The partition asked for.
        partition: u32,
        /// How many there are.
        partitions: u32,
    },
    /// The topic has more partitions, and a topic never loses one.
    FewerPartitions {
        /// The topic.
        topic: TopicName,
        /// How many there are.
        partitions: u32,
        /// How many were asked for.
        wanted: u32,
    },
    /// The topic is in a change log, where the number of partitions is fixed.
    PartitionsFixed {
        /// The topic.
        topic: TopicName,
    },
    /// The stream exists already.
    StreamExists {
        /// The stream.
        stream: StreamPath,
    },
    /// The topic exists already.
    TopicExists {
        /// The stream.
        stream: StreamPath,
        /// The topic.
        topic: TopicName,
    },
    /// Something that is not a stream has the name: a directory with streams in it, or a file.
    NameTaken {
        /// The stream.
        stream: StreamPath,
        /// What is there.
        by: &'static str,
    },
    /// The path leads through a stream, and streams do not nest.
    InsideStream {
        /// The path.
        path: StreamPath,
        /// The stream on the way.
        stream: String,
    },
    /// The caller lacks a permission of the stream.
    Denied {
        /// The stream.
        stream: StreamPath,
        /// What is missing, and who has it.
        denied: Denied,
    },
    /// The file system does not let the caller into the stream's directory.
    Closed {
        /// The stream.
        stream: StreamPath,
        /// Whose the directory is: `` user `ann` ``, `user id 1001`.
        owner: String,
    },
    /// The file system does not let the caller remove the stream's directory.
    NotRemovable {
        /// The stream.
        stream: StreamPath,
        /// The directory that may not be changed.
        directory: PathBuf,
        /// It may be, but only owners remove what is in it.
        sticky: bool,
    },
    /// What should be a store or a stream is something else.
    NotAStore {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The store is on a file system that other machines may share without its locks.
    NetworkFileSystem {
        /// The directory.
        path: PathBuf,
        /// The kind of file system.
        kind: &'static str,
    },
    /// A newer program wrote the stream.
    NewerFormat {
        /// The log.
        path: PathBuf,
        /// What was found.
        source: MetaError,
    },
    /// Another process held a lock for longer than this one was ready to wait.
    Busy {
        /// The lock file.
        path: PathBuf,
        /// The holder, where it can be seen.
        pid: Option<u32>,
        /// How long was waited.
        waited: Duration,
    },
    /// The group has a live member, and takes no second one.
    GroupTaken {
        /// The group.
        group: String,
        /// The member's process, where it is known.
        pid: Option<u32>,
    },
    /// The member is not, or no longer, the one that may commit this: somebody else reads on.
    Fenced {
        /// The group.
        group: String,
        /// Why.
        why: Fencing,
    },
    /// The group has no cursor where one was to be changed.
    NoCursor {
        /// The stream.
        stream: StreamPath,
        /// The group.
        group: String,
        /// The only topic that was meant.
        topic: Option<TopicName>,
        /// The only partition that was meant.
        partition: Option<u32>,
    },
    /// A sync of the stream's catalogue failed: it takes no changes until it is repaired.
    ReadOnly {
        /// The log.
        path: PathBuf,
        /// What the sync said, if this call saw it.
        source: LogError,
    },
    /// Stored data is damaged where it is needed.
    Damaged {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The topic was deleted while it was in use.
    TopicGone {
        /// The topic.
        topic: TopicName,
    },
    /// The stream was deleted while it was in use.
    StreamGone {
        /// The stream.
        stream: StreamPath,
    },
    /// A name or a number is not allowed.
    Name(NameError),
    /// A partition log could not do it.
    Log(LogError),
    /// The operating system refused.
    File(PathError),
    /// Not even an index in memory could be had.
    Index(IndexError),
}

/// What a caller can do about a failure; programs choose their exit status by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Something that was named does not exist.
    NotFound,
    /// Something that was to be made exists.
    AlreadyExists,
    /// The user may not.
    NotPermitted,
    /// Stored data is damaged.
    Damaged,
    /// Somebody else is at it: try again later.
    Busy,
    /// Somebody else has taken over.
    Fenced,
    /// A name or number is not allowed.
    Usage,
    /// Everything else.
    Failed,
}

/// Why a member may not commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fencing {
    /// It was stopped for longer than its session time-out.
    Removed,
    /// It left by itself, because its records were not printed in time.
    Slow {
        /// How long that may take. Milliseconds.
        max_poll_interval_ms: i64,
    },
    /// The partition is another member's.
    NotOwned {
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: u32,
    },
}

impl Fencing {
    fn tell(&self, group: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed => write!(
                f,
                "this member was removed from group `{group}`: it had not been seen running for its \
                 session time-out, and others read on from its last commits"
            ),
            Self::Slow { max_poll_interval_ms } => write!(
                f,
                "this member left group `{group}`: it had not asked for records for \
                 {max_poll_interval_ms} ms (max.poll.interval.ms)"
            ),
            Self::NotOwned { topic, partition } => write!(
                f,
                "partition {partition} of topic `{topic}` is no longer this member's in group \
                 `{group}`"
            ),
        }
    }
}

impl StoreError {
    /// The class of this failure.
    pub fn kind(&self) -> StoreErrorKind {
        match self {
            Self::StreamNotFound { .. }
            | Self::TopicNotFound { .. }
            | Self::AutocreateOff { .. }
            | Self::PartitionNotFound { .. }
            | Self::NoCursor { .. }
            | Self::TopicGone { .. }
            | Self::StreamGone { .. }
            | Self::Log(LogError::Gone { .. }) => StoreErrorKind::NotFound,
            Self::StreamExists { .. } | Self::TopicExists { .. } | Self::NameTaken { .. } => {
                StoreErrorKind::AlreadyExists
            }
            Self::Damaged { .. }
            | Self::Log(LogError::Corrupt { .. } | LogError::NoSegment { .. }) => {
                StoreErrorKind::Damaged
            }
            Self::Busy { .. } | Self::GroupTaken { .. } => StoreErrorKind::Busy,
            Self::Fenced { .. } => StoreErrorKind::Fenced,
            Self::Denied { .. } | Self::Closed { .. } | Self::NotRemovable { .. } => {
                StoreErrorKind::NotPermitted
            }
            Self::Name(_) | Self::FewerPartitions { .. } => StoreErrorKind::Usage,
            Self::File(error) | Self::Log(LogError::Io(error))
                if matches!(
                    error.source.kind(),
                    std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                StoreErrorKind::NotPermitted
            }
            _ => StoreErrorKind::Failed,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StreamNotFound { stream } => write!(f, "no stream `{stream}`"),
            Self::TopicNotFound { stream, topic } => {
                write!(f, "no topic `{topic}` in stream `{stream}`")
            }
            Self::AutocreateOff { stream, topic } => write!(
                f,
                "no topic `{topic}` in stream `{stream}`, and its autocreate attribute is off"
            ),
            Self::PartitionNotFound { topic, partition, partitions } => write!(
                f,
                "no partition {partition} in topic `{topic}`: it has {partitions}, counted from 0"
            ),
            Self::FewerPartitions { topic, partitions, wanted } => write!(
                f,
                "topic `{topic}` has {partitions} partitions and cannot have {wanted}: partitions \
                 are added, never taken away"
            ),
            Self::PartitionsFixed { topic } => write!(
                f,
                "topic `{topic}` is in a change log, where the number of partitions is fixed"
            ),
            Self::StreamExists { stream } => write!(f, "stream `{stream}` exists already"),
            Self::TopicExists { stream, topic } => {
                write!(f, "topic `{topic}` exists already in stream `{stream}`")
            }
            Self::NameTaken { stream, by } => {
                write!(f, "`{stream}` cannot become a stream: {by} has that name")
            }
            Self::InsideStream { path, stream } => {
                write!(f, "`{path}` is inside stream `{stream}`, and streams do not nest")
            }
            Self::Denied { stream, denied } => write!(f, "stream `{stream}`: {denied}"),
            Self::Closed { stream, owner } => {
                write!(f, "stream `{stream}` is closed: the files of {owner} do not let others in")
            }
            Self::NotRemovable { stream, directory, sticky } => {
                write!(f, "stream `{stream}` cannot be deleted: ")?;
                let directory = directory.display();
                match sticky {
                    true => write!(f, "from sticky `{directory}` only owners remove their own"),
                    false => write!(f, "that takes write on `{directory}`"),
                }
            }
            Self::NotAStore { path, reason } => write!(f, "`{}` {reason}", path.display()),
            Self::NetworkFileSystem { path, kind } => write!(
                f,
                "`{}` is on {kind}, where machines may share files without sharing locks",
                path.display()
            ),
            Self::NewerFormat { path, .. } => {
                write!(f, "`{}` was written by a newer program", path.display())
            }
            Self::Busy { path, pid, waited } => {
                write!(f, "`{}` is locked", path.display())?;
                if let Some(pid) = pid {
                    write!(f, " by process {pid}")?;
                }
                write!(f, "; gave up after {} ms", waited.as_millis())
            }
            Self::GroupTaken { group, pid } => {
                write!(f, "group `{}` has a live member", group.escape_debug())?;
                match pid {
                    Some(pid) => write!(f, ", process {pid}"),
                    None => Ok(()),
                }
            }
            Self::Fenced { group, why } => why.tell(&group.escape_debug().to_string(), f),
            Self::NoCursor { stream, group, topic, partition } => {
                no_cursor(f, stream, group, topic.as_ref(), *partition)
            }
            Self::ReadOnly { path, .. } => write!(
                f,
                "the stream takes no changes: a sync of `{}` failed and it was not repaired since",
                path.display()
            ),
            Self::Damaged { path, reason } => {
                write!(f, "`{}` is damaged: {reason}", path.display())
            }
            Self::TopicGone { topic } => write!(f, "topic `{topic}` was deleted"),
            Self::StreamGone { stream } => write!(f, "stream `{stream}` was deleted"),
            Self::Name(error) => error.fmt(f),
            Self::Log(error) => error.fmt(f),
            Self::File(error) => error.fmt(f),
            Self::Index(error) => error.fmt(f),
        }
    }
}

fn no_cursor(
    f: &mut fmt::Formatter<'_>,
    stream: &StreamPath,
    group: &str,
    topic: Option<&TopicName>,
    partition: Option<u32>,
) -> fmt::Result {
    write!(f, "group `{}` has no cursor in ", group.escape_debug())?;
    if let Some(partition) = partition {
        write!(f, "partition {partition} of ")?;
    }
    match topic {
        Some(topic) => write!(f, "topic `{topic}`"),
        None => write!(f, "stream `{stream}`"),
    }
}

impl error::Error for StoreError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NewerFormat { source, .. } => Some(source),
            Self::ReadOnly { source, .. } => Some(source),
            Self::Name(error) => error.source(),
            Self::Log(error) => error.source(),
            Self::File(error) => error.source(),
            Self::Index(error) => error.source(),
            _ => None,
        }
    }
}

impl From<PathError> for StoreError {
    fn from(error: PathError) -> Self {
        Self::File(error)
    }
}

impl From<LogError> for StoreError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Io(error) => Self::File(error),
            LogError::Busy { file, pid, waited } => Self::Busy { path: file, pid, waited },
            error => Self::Log(error),
        }
    }
}

impl From<NameError> for StoreError {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}
