//! The order in which members are served, and the empty assignment to begin with.

use std::cmp::Ordering;

use super::subscription::{Assignment, MemberSubscription};

/// Returns the members as Kafka orders them: those with an instance id first, by that id, then the
/// others by member id. So a static member that comes back under a new member id is served as
/// before.
pub(super) fn in_order<'m, 'a>(
    members: &'m [MemberSubscription<'a>],
) -> Vec<&'m MemberSubscription<'a>> {
    let mut ordered: Vec<_> = members.iter().collect();
    ordered.sort_by(|one, other| match (one.instance, other.instance) {
        (Some(left), Some(right)) => left.cmp(right).then_with(|| one.id.cmp(other.id)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.id.cmp(other.id),
    });
    ordered
}

/// Returns an assignment of nothing to anybody.
pub(super) fn nothing(members: &[&MemberSubscription<'_>]) -> Assignment {
    members.iter().map(|member| (member.id.to_owned(), Vec::new())).collect()
}
