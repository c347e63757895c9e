//! The assignors by name, and the one function that runs them.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::{error, fmt};

use super::order::in_order;
use super::range::range;
use super::subscription::{Assignment, MemberSubscription, Partitions};

/// A rule by which a group's partitions are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Assignor {
    /// Each topic by itself, in consecutive pieces: the members that read two topics of equal size
    /// get the same numbers of both. Kafka's default of its old protocol.
    #[default]
    Range,
}

impl Assignor {
    /// All of them, Kafka's default first.
    pub const ALL: [Self; 1] = [Self::Range];

    /// The name that members and Kafka's tools use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
        }
    }
}

impl fmt::Display for Assignor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no assignor has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAssignor {
    /// The name.
    pub name: String,
}

impl fmt::Display for UnknownAssignor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no assignor `{}`; there are", self.name.escape_debug())?;
        for (index, assignor) in Assignor::ALL.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma} `{assignor}`")?;
        }
        Ok(())
    }
}

impl error::Error for UnknownAssignor {}

impl FromStr for Assignor {
    type Err = UnknownAssignor;

    /// Reads an assignor's name, or the name of Kafka's class for it: the clients' (in
    /// `org.apache.kafka.clients.consumer`) or the coordinator's (in
    /// `org.apache.kafka.coordinator.group.assignor`).
    fn from_str(text: &str) -> Result<Self, UnknownAssignor> {
        let class = text
            .strip_prefix("org.apache.kafka.clients.consumer.")
            .or_else(|| text.strip_prefix("org.apache.kafka.coordinator.group.assignor."));
        match class.unwrap_or(text) {
            "RangeAssignor" if class.is_some() => Ok(Self::Range),
            "range" if class.is_none() => Ok(Self::Range),
            _ => Err(UnknownAssignor { name: text.to_owned() }),
        }
    }
}

/// Shares the partitions of all subscribed topics among a group's members.
///
/// The answer has every member, those that get nothing with an empty list. It is the same whatever
/// the order of `members`. A subscribed topic that is not in `topics` gives nothing to anybody.
///
/// # Panics
///
/// Two members have one id.
pub fn assign(
    assignor: Assignor,
    members: &[MemberSubscription<'_>],
    topics: &Partitions,
) -> Assignment {
    let ids: BTreeSet<&str> = members.iter().map(|member| member.id).collect();
    assert!(ids.len() == members.len(), "each member of a group has an id of its own");
    let members = in_order(members);
    let mut assignment = match assignor {
        Assignor::Range => range(&members, topics),
    };
    for partitions in assignment.values_mut() {
        partitions.sort_unstable();
    }
    assignment
}
