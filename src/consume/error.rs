//! Why a consumer cannot go on, and what it has to tell although it can.

use std::{error, fmt};

use crate::fs::PathError;
use crate::log::Damage;
use crate::path::TopicName;
use crate::record::DecodeError;
use crate::store::StoreError;

/// A failure of a consumer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConsumeError {
    /// The topic was deleted while it was read.
    Gone {
        /// The topic.
        topic: TopicName,
    },
    /// Stored bytes are damaged, and nothing behind them was to be delivered.
    Damaged(Notice),
    /// A partition cannot be read.
    Read(StoreError),
    /// Changes cannot be waited for.
    Watch(PathError),
}

impl fmt::Display for ConsumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone { topic } => write!(f, "topic `{topic}` was deleted while it was read"),
            Self::Damaged(notice) => {
                notice.fault(f)?;
                f.write_str("; nothing behind it was read")
            }
            Self::Read(error) => error.fmt(f),
            Self::Watch(error) => error.fmt(f),
        }
    }
}

impl error::Error for ConsumeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Read(error) => error.source(),
            Self::Watch(error) => error.source(),
            Self::Gone { .. } | Self::Damaged(_) => None,
        }
    }
}

impl From<StoreError> for ConsumeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TopicGone { topic } => Self::Gone { topic },
            error => Self::Read(error),
        }
    }
}

impl From<PathError> for ConsumeError {
    fn from(error: PathError) -> Self {
        Self::Watch(error)
    }
}

/// Something that was not delivered as asked, although reading goes on.
#[derive(Debug)]
pub struct Notice {
    /// In which topic, if several may be read.
    pub topic: Option<TopicName>,
    /// In which partition.
    pub partition: u32,
    /// What.
    pub news: News,
}

/// What a [`Notice`] is about.
#[derive(Debug)]
pub enum News {
    /// Damaged bytes were stepped over.
    Damaged(Damage),
    /// A batch whose bytes are as they were written does not hold what it should; what was not
    /// delivered of it was stepped over.
    Undecodable {
        /// First offset that could not be delivered.
        from: i64,
        /// The offset at which reading goes on.
        to: i64,
        /// What is wrong.
        error: DecodeError,
    },
    /// Retention removed records before they were read.
    Trimmed {
        /// The offset that was to be read.
        from: i64,
        /// The offset at which reading goes on.
        to: i64,
    },
    /// The log was repaired or replaced and is shorter than what was already read.
    WentBack {
        /// The offset that was to be read.
        from: i64,
        /// The offset at which reading goes on.
        to: i64,
    },
}

impl Notice {
    /// True if stored bytes are not what they were.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self.news, News::Damaged(_) | News::Undecodable { .. })
    }

    /// Returns how many offsets were stepped over as damaged.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        let count = match &self.news {
            News::Damaged(damage) => damage.to_offset.saturating_sub(damage.from_offset),
            News::Undecodable { from, to, .. } => to.saturating_sub(*from),
            News::Trimmed { .. } | News::WentBack { .. } => 0,
        };
        u64::try_from(count).unwrap_or(0)
    }

    /// Says what happened, and not what became of it.
    fn fault(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let partition = self.partition;
        if let Some(topic) = &self.topic {
            write!(f, "topic `{topic}`, ")?;
        }
        match &self.news {
            News::Damaged(damage) => write!(
                f,
                "partition {partition} is damaged: `{}`, {} bytes from byte {}: {}",
                damage.file.display(),
                damage.length_bytes,
                damage.position,
                damage.fault
            ),
            News::Undecodable { error, .. } => {
                write!(f, "partition {partition} cannot be decoded: {error}")
            }
            News::Trimmed { from, to } => write!(
                f,
                "partition {partition}: offsets {from} up to {to} were removed before they were \
                 read"
            ),
            News::WentBack { from, to } => write!(
                f,
                "partition {partition} went back from offset {from} to {to}: it was repaired or \
                 replaced"
            ),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault(f)?;
        match &self.news {
            News::Damaged(damage) => stepped_over(f, damage.from_offset, damage.to_offset),
            News::Undecodable { from, to, .. } => stepped_over(f, *from, *to),
            News::Trimmed { .. } | News::WentBack { .. } => Ok(()),
        }
    }
}

/// What became of one of several topics, although reading goes on.
#[derive(Debug)]
pub enum TopicNews {
    /// It was deleted while it was read.
    Deleted(TopicName),
    /// It is one of those to read, but cannot be opened.
    Skipped {
        /// The topic.
        topic: TopicName,
        /// Why.
        error: StoreError,
    },
}

impl fmt::Display for TopicNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deleted(topic) => write!(f, "topic `{topic}` was deleted while it was read"),
            Self::Skipped { topic, error } => {
                write!(f, "topic `{topic}` is not read: {error}")?;
                let mut cause = error::Error::source(error);
                while let Some(error) = cause {
                    write!(f, ": {error}")?;
                    cause = error.source();
                }
                Ok(())
            }
        }
    }
}

fn stepped_over(f: &mut fmt::Formatter<'_>, from: i64, to: i64) -> fmt::Result {
    if to > from { write!(f, "; offsets {from} up to {to} are skipped") } else { Ok(()) }
}
