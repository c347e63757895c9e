//! The assignors by name, and the one function that runs them.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::{error, fmt};

use super::cooperative::cooperative_sticky;
use super::order::in_order;
use super::range::range;
use super::roundrobin::roundrobin;
use super::sticky::sticky;
use super::subscription::{Assignment, MemberSubscription, Partitions};
use super::uniform::uniform;

/// A rule by which a group's partitions are shared.
///
/// Each one gives every partition of a subscribed topic to exactly one of its subscribers;
/// `CooperativeSticky` may take two rounds for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Assignor {
    /// Each topic by itself, in consecutive pieces: members that read two topics of equal size get
    /// the same numbers of both. Of each topic nobody has two partitions more than another
    /// subscriber; of all topics together the first members may have many more.
    #[default]
    Range,
    /// All partitions of all topics dealt out like cards. If all members read the same topics,
    /// nobody has two more than another.
    RoundRobin,
    /// As even as the subscriptions allow (nobody has two more than another, if all read the same
    /// topics), and with as few partitions changing hands as that takes.
    Sticky,
    /// As `Sticky`, but a partition that another member claims is given to nobody until it is
    /// claimed no longer. The assignment has to be asked for again when members have given up what
    /// is not in their lists; see [`Assignor::of_target`].
    CooperativeSticky,
    /// As `Sticky`, with other choices where there are several. Kafka's default of its new
    /// protocol.
    Uniform,
}

impl Assignor {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Range, Self::RoundRobin, Self::Sticky, Self::CooperativeSticky, Self::Uniform];

    /// The name that members and Kafka's tools use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative-sticky",
            Self::Uniform => "uniform",
        }
    }

    /// The assignor by which to set a target, in a group that gives a partition to its new owner
    /// only after the old one has released it: there `Sticky` is enough for those who ask for
    /// `CooperativeSticky`, and no second round is needed. The others are their own.
    pub fn of_target(self) -> Self {
        match self {
            Self::CooperativeSticky => Self::Sticky,
            other => other,
        }
    }
}

/// The classes that Kafka has for them, or had.
const CLASSES: [(&str, Assignor); 8] = [
    ("org.apache.kafka.clients.consumer.RangeAssignor", Assignor::Range),
    ("org.apache.kafka.clients.consumer.RoundRobinAssignor", Assignor::RoundRobin),
    ("org.apache.kafka.clients.consumer.StickyAssignor", Assignor::Sticky),
    ("org.apache.kafka.clients.consumer.CooperativeStickyAssignor", Assignor::CooperativeSticky),
    ("org.apache.kafka.coordinator.group.assignor.RangeAssignor", Assignor::Range),
    ("org.apache.kafka.coordinator.group.assignor.UniformAssignor", Assignor::Uniform),
    ("kafka.consumer.RangeAssignor", Assignor::Range),
    ("kafka.consumer.RoundRobinAssignor", Assignor::RoundRobin),
];

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

    /// Reads an assignor's name, or the full name of a class of Kafka's for it: the clients', the
    /// group coordinator's, or those of the consumer that Kafka had before 2.0. Case counts, as in
    /// Kafka.
    ///
    /// # Errors
    ///
    /// No assignor has that name.
    fn from_str(text: &str) -> Result<Self, UnknownAssignor> {
        let by_name = Self::ALL.into_iter().find(|assignor| assignor.name() == text);
        let by_class = || CLASSES.iter().find(|(class, _)| *class == text);
        by_name
            .or_else(|| by_class().map(|(_, assignor)| *assignor))
            .ok_or_else(|| UnknownAssignor { name: text.to_owned() })
    }
}

/// Shares the partitions of all subscribed topics among a group's members.
///
/// The answer has every member, those that get nothing with an empty list. It is the same whatever
/// the order of `members`. A subscribed topic that is not in `topics` gives nothing to anybody
/// (where Kafka's coordinator fails: here topics come and go while members want them).
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
        Assignor::RoundRobin => roundrobin(&members, topics),
        Assignor::Sticky => sticky(&members, topics),
        Assignor::CooperativeSticky => cooperative_sticky(&members, topics),
        Assignor::Uniform => uniform(&members, topics),
    };
    for partitions in assignment.values_mut() {
        partitions.sort_unstable();
    }
    assignment
}

#[cfg(test)]
mod tests {
    use super::{Assignor, MemberSubscription, Partitions, assign};

    #[test]
    fn names_and_classes_are_read() {
        for assignor in Assignor::ALL {
            assert_eq!(assignor.to_string().parse(), Ok(assignor));
        }
        let clients = "org.apache.kafka.clients.consumer";
        for (class, assignor) in [
            (format!("{clients}.RangeAssignor"), Assignor::Range),
            (format!("{clients}.RoundRobinAssignor"), Assignor::RoundRobin),
            (format!("{clients}.StickyAssignor"), Assignor::Sticky),
            (format!("{clients}.CooperativeStickyAssignor"), Assignor::CooperativeSticky),
            (
                "org.apache.kafka.coordinator.group.assignor.UniformAssignor".to_owned(),
                Assignor::Uniform,
            ),
            ("kafka.consumer.RoundRobinAssignor".to_owned(), Assignor::RoundRobin),
        ] {
            assert_eq!(class.parse(), Ok(assignor));
        }
    }

    #[test]
    fn other_names_are_refused_with_those_that_there_are() {
        for name in ["", "Range", "StickyAssignor", "round-robin", "range "] {
            assert!(name.parse::<Assignor>().is_err(), "{name}");
        }
        let error = "a\n".parse::<Assignor>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no assignor `a\\n`; there are `range`, `roundrobin`, `sticky`, \
             `cooperative-sticky`, `uniform`"
        );
    }

    #[test]
    fn a_target_is_set_by_an_assignor_that_needs_no_second_round() {
        let targets = Assignor::ALL.map(Assignor::of_target);
        use Assignor::{Range, RoundRobin, Sticky, Uniform};
        assert_eq!(targets, [Range, RoundRobin, Sticky, Sticky, Uniform]);
    }

    #[test]
    fn nobody_gets_nothing() {
        for assignor in Assignor::ALL {
            assert!(assign(assignor, &[], &Partitions::new()).is_empty());
        }
    }

    #[test]
    #[should_panic(expected = "an id of its own")]
    fn two_members_of_one_id_are_a_mistake() {
        let member = MemberSubscription { id: "m", ..MemberSubscription::default() };
        assign(Assignor::Range, &[member.clone(), member], &Partitions::new());
    }
}
