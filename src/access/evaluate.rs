//! Who is asking, and whether an expression lets them in.

use super::expression::{Atom, Expression, Node, Subject, Tree};

/// Who is asking: the effective user of the process and all its groups.
///
/// Filled in from the kernel's ids (never from `$USER`), with the names that the system's user
/// database gives for them.
///
/// There are no roles: MapR keeps them in the cluster, and one machine has no such list. An
/// `r:` atom is therefore true for nobody, and `!r:x` for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user's name; `None` if the user database has none for `uid`.
    pub user: Option<String>,
    /// The effective user id.
    pub uid: u32,
    /// The effective group and the supplementary ones, in any order.
    pub groups: Vec<Group>,
}

impl Caller {
    /// The user with this name and id, in no group.
    pub fn new(user: &str, uid: u32) -> Self {
        Self { user: Some(user.to_owned()), uid, groups: Vec::new() }
    }
}

/// A group of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The group's name; `None` if the group database has none for `gid`.
    pub name: Option<String>,
    /// The group id.
    pub gid: u32,
}

impl Expression {
    /// Whether the expression lets `caller` in.
    ///
    /// Names are compared byte by byte; `u:1001` and `g:100` are ids and never names. Nobody is
    /// above it: neither root nor a stream's creator is let in unless the expression says so.
    pub fn allows(&self, caller: &Caller) -> bool {
        match &self.0 {
            Tree::Nobody => false,
            Tree::Public => true,
            Tree::Of(node) => node.allows(caller),
        }
    }
}

impl Node {
    fn allows(&self, caller: &Caller) -> bool {
        match self {
            Self::Atom(Atom::User(user)) => user.is(caller.user.as_deref(), caller.uid),
            Self::Atom(Atom::Group(group)) => group.is_one_of(&caller.groups),
            Self::Atom(Atom::Role(_)) => false,
            Self::Not(inner) => !inner.allows(caller),
            Self::All(terms) => terms.iter().all(|term| term.allows(caller)),
            Self::Any(terms) => terms.iter().any(|term| term.allows(caller)),
        }
    }
}

impl Subject {
    /// Whether this names the user or group with that name and id.
    pub(super) fn is(&self, name: Option<&str>, id: u32) -> bool {
        match self {
            Self::Name(wanted) => name == Some(wanted.as_str()),
            Self::Id(wanted) => *wanted == id,
        }
    }

    pub(super) fn is_one_of(&self, groups: &[Group]) -> bool {
        groups.iter().any(|group| self.is(group.name.as_deref(), group.gid))
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, Group};
    use crate::access::Expression;

    fn caller(user: &str, uid: u32, groups: &[(&str, u32)]) -> Caller {
        let group = |(name, gid): &(&str, u32)| Group { name: Some((*name).into()), gid: *gid };
        Caller { user: Some(user.into()), uid, groups: groups.iter().map(group).collect() }
    }

    #[track_caller]
    fn allows(text: &str, caller: &Caller) -> bool {
        text.parse::<Expression>().unwrap().allows(caller)
    }

    #[test]
    fn users_and_groups_by_name_and_by_id() {
        let alice = caller("alice", 1001, &[("staff", 50), ("qa", 60)]);
        for yes in ["p", "u:alice", "u:1001", "u:01001", "g:staff", "g:qa", "g:60", "!u:bob"] {
            assert!(allows(yes, &alice), "{yes}");
        }
        for no in ["", "u:Alice", "u:50", "g:1001", "u:qa", "g:alice", "r:alice", "!g:50", "u:ali"]
        {
            assert!(!allows(no, &alice), "{no}");
        }
    }

    #[test]
    fn digits_are_an_id_and_never_a_name() {
        let odd = caller("1001", 2000, &[("50", 70)]);
        assert!(!allows("u:1001", &odd) && allows("u:2000", &odd));
        assert!(!allows("g:50", &odd) && allows("g:70", &odd));
    }

    #[test]
    fn a_caller_without_a_name_is_known_by_id() {
        let group = Group { name: None, gid: 9 };
        let nameless = Caller { user: None, uid: 4242, groups: vec![group] };
        assert!(allows("u:4242", &nameless) && allows("g:9", &nameless));
        assert!(!allows("u:root | g:root", &nameless));
    }

    #[test]
    fn root_is_not_above_it() {
        let root = caller("root", 0, &[("root", 0)]);
        assert!(!allows("u:alice", &root));
        assert!(!allows("", &root));
    }

    #[test]
    fn not_binds_tighter_than_and_and_that_than_or() {
        let alice = caller("alice", 1, &[("a", 10), ("b", 20)]);
        assert!(allows("g:a | g:x & g:y", &alice));
        assert!(!allows("(g:a | g:x) & g:y", &alice));
        assert!(allows("!g:x & g:b", &alice));
        assert!(!allows("!g:a & g:x", &alice));
        assert!(allows("!(g:a & g:x)", &alice));
        assert!(allows("g:x & g:y | g:a & g:b", &alice));
    }

    #[test]
    fn nobody_has_a_role() {
        let alice = caller("engineering", 1, &[("engineering", 2)]);
        assert!(!allows("r:engineering", &alice));
        assert!(allows("!r:engineering", &alice));
    }
}
