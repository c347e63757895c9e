//! `--time`: which offset of a partition is asked for.

use crate::cli::failure::Failure;
use crate::store::{StoreError, Topic};

/// A place in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Behind the last record.
    Latest,
    /// The first record; all are local.
    Earliest,
    /// The first record with the largest timestamp.
    MaxTimestamp,
    /// What is or would be in remote storage: nothing.
    Remote,
    /// The first record of this time or later, in milliseconds since 1970.
    Time(i64),
}

impl Moment {
    /// Reads a word, its number, or a time in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// It is none, in Kafka's words: exit 2.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "-1" | "latest" => Self::Latest,
            "-2" | "earliest" | "-4" | "earliest-local" => Self::Earliest,
            "-3" | "max-timestamp" => Self::MaxTimestamp,
            "-5" | "latest-tiered" | "-6" | "earliest-pending-upload" => Self::Remote,
            text => match text.parse() {
                Ok(time) => Self::Time(time),
                Err(_) => {
                    return Err(Failure::usage(format!(
                        "Malformed time argument {text}. Please use -1 or latest / -2 or earliest \
                         / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 \
                         or earliest-pending-upload, or a specified long format timestamp"
                    ))
                    .with_hint("--time earliest"));
                }
            },
        })
    }

    /// Returns the offset in a partition; `None` if there is none.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub(super) fn offset(self, topic: &Topic, partition: u32) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Latest => Ok(Some(topic.offsets(partition)?.end)),
            Self::Earliest => Ok(Some(topic.offsets(partition)?.start)),
            Self::MaxTimestamp => topic.offset_of_max_timestamp(partition),
            Self::Remote => Ok(None),
            Self::Time(time) => topic.offset_of_time(partition, time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn words_and_numbers_mean_the_same() {
        for (word, number, moment) in [
            ("latest", "-1", Moment::Latest),
            ("earliest", "-2", Moment::Earliest),
            ("max-timestamp", "-3", Moment::MaxTimestamp),
            ("earliest-local", "-4", Moment::Earliest),
            ("latest-tiered", "-5", Moment::Remote),
            ("earliest-pending-upload", "-6", Moment::Remote),
        ] {
            assert_eq!(Moment::parse(word).unwrap(), moment);
            assert_eq!(Moment::parse(number).unwrap(), moment);
        }
        assert_eq!(Moment::parse("0").unwrap(), Moment::Time(0));
        for text in ["invalid", "", "LATEST", "1.5", "now"] {
            let failure = Moment::parse(text).unwrap_err().to_string();
            assert!(failure.starts_with(&format!("Malformed time argument {text}. ")), "13.15");
        }
    }
}
