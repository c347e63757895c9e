//! How far a stream's files open so that everybody whom its expressions let in can reach them.

// Expressions bind the tools, file modes bind the users. A mode knows an owner, one group and
// all the rest, so it is always at least as wide as the expressions, never narrower: whom an
// expression lets in, no file mode may keep out.

use super::evaluate::{Caller, Group};
use super::expression::{Atom, Expression, Node, Subject, Tree};
use super::permission::{Permission, Permissions};

/// Whom file modes let in. Ordered: each includes the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The owner of the files.
    Owner,
    /// The owner and the files' group.
    Group,
    /// All users of the machine.
    All,
}

/// Permission bits of everything in a stream, as `chmod` takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    /// Whom they let in.
    pub reach: Reach,
    /// Of each directory.
    pub dir: u32,
    /// Of each file.
    pub file: u32,
    /// When a stream gets them, for the manual.
    pub when: &'static str,
}

/// The whole table.
///
/// Whoever may only consume also needs to write: cursors, group membership and the index are
/// files. So there is no read-only row.
pub const MODES: [Modes; 3] = [
    Modes {
        reach: Reach::Owner,
        dir: 0o700,
        file: 0o600,
        when: "only the owner (or nobody) is let in by any of the five expressions",
    },
    Modes {
        reach: Reach::Group,
        dir: 0o2770,
        file: 0o660,
        when: "all others who are let in are members of the group that the files belong to",
    },
    Modes {
        reach: Reach::All,
        dir: 0o2777,
        file: 0o666,
        when: "anyone else is let in: p, !, another user or another group",
    },
];

/// A special bit of directories, and what a stream has to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryBit {
    /// Its usual name.
    pub name: &'static str,
    /// Its value in a mode.
    pub bit: u32,
    /// What it does on the directory that a stream is created in.
    pub around: &'static str,
    /// Whether and why it is set on the stream's own directories.
    pub inside: &'static str,
}

/// Setgid and sticky, for the manual; [`MODES`] follows them.
pub const DIRECTORY_BITS: [DirectoryBit; 2] = [
    DirectoryBit {
        name: "setgid",
        bit: 0o2000,
        around: "a new stream gets the directory's group instead of its creator's",
        inside: "set as soon as others are let in, so that every file has the stream's group, \
                 whoever makes it; the kernel drops it if the creator is not in that group",
    },
    DirectoryBit {
        name: "sticky",
        bit: 0o1000,
        around: "everybody can create streams there, but only a stream's owner, the directory's \
                 owner and root can delete it",
        inside: "never set: whoever rolls, trims or compacts a log replaces files of others",
    },
];

/// A group that files can belong to, with the users known to be in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedGroup {
    /// The group.
    pub group: Group,
    /// Names of its members, primary or supplementary. One that is missing here counts as an
    /// outsider, and the files open wider than they had to.
    pub members: Vec<String>,
}

impl Reach {
    /// The modes of a stream that reaches this far.
    pub fn modes(self) -> Modes {
        let [owner, group, all] = MODES;
        match self {
            Self::Owner => owner,
            Self::Group => group,
            Self::All => all,
        }
    }

    /// How far a directory with this mode opens: whom it lets read, write and enter.
    pub fn of_dir_mode(mode: u32) -> Self {
        match mode {
            mode if mode & 0o077 == 0o077 => Self::All,
            mode if mode & 0o070 == 0o070 => Self::Group,
            _ => Self::Owner,
        }
    }

    /// The least reach with which everybody whom `expression` lets in gets at files of `owner`
    /// and `group`.
    ///
    /// Judged by the expression's form alone: `u:a & !u:a` lets nobody in but counts as `u:a`.
    pub fn of(expression: &Expression, owner: &Caller, group: &SharedGroup) -> Self {
        match &expression.0 {
            Tree::Nobody => Self::Owner,
            Tree::Public => Self::All,
            Tree::Of(node) => of_node(node, false, owner, group),
        }
    }

    /// The same for a stream: the widest of its five expressions.
    pub fn of_stream(permissions: &Permissions, owner: &Caller, group: &SharedGroup) -> Self {
        let each = |permission| Self::of(permissions.get(permission), owner, group);
        Permission::ALL.map(each).into_iter().max().unwrap_or(Self::Owner)
    }
}

/// The group among `candidates` with which a stream of `owner` opens least, and how far; the
/// first of several.
///
/// The first candidate is the group that new files get by themselves; the others are the
/// owner's, to which the owner may hand the files. `None` without a candidate.
pub fn narrowest<'a>(
    permissions: &Permissions,
    owner: &Caller,
    candidates: &'a [SharedGroup],
) -> Option<(Reach, &'a SharedGroup)> {
    let reaches =
        candidates.iter().map(|group| (Reach::of_stream(permissions, owner, group), group));
    reaches.min_by_key(|(reach, _)| *reach)
}

/// A bound for a node, or for its negation: whoever is let in is within the reach.
fn of_node(node: &Node, negated: bool, owner: &Caller, group: &SharedGroup) -> Reach {
    let bounds = |terms: &[Node]| -> Vec<Reach> {
        terms.iter().map(|term| of_node(term, negated, owner, group)).collect()
    };
    match node {
        // All the others, be they who they may.
        Node::Atom(_) if negated => Reach::All,
        Node::Atom(Atom::User(user)) => of_user(user, owner, group),
        Node::Atom(Atom::Group(wanted)) => {
            let same = wanted.is(group.group.name.as_deref(), group.group.gid);
            if same { Reach::Group } else { Reach::All }
        }
        // Nobody has it.
        Node::Atom(Atom::Role(_)) => Reach::Owner,
        Node::Not(inner) => of_node(inner, !negated, owner, group),
        // Who has to be in all of them is in the narrowest; `!(a & b)` is `!a | !b`.
        Node::All(terms) if !negated => bounds(terms).into_iter().min().unwrap_or(Reach::All),
        Node::Any(terms) if negated => bounds(terms).into_iter().min().unwrap_or(Reach::All),
        Node::All(terms) | Node::Any(terms) => {
            bounds(terms).into_iter().max().unwrap_or(Reach::All)
        }
    }
}

fn of_user(user: &Subject, owner: &Caller, group: &SharedGroup) -> Reach {
    // No mode of a file keeps root out.
    if user.is(owner.user.as_deref(), owner.uid) || user.is(Some("root"), 0) {
        return Reach::Owner;
    }
    let known = |name: &String| matches!(user, Subject::Name(user) if user == name);
    if group.members.iter().any(known) { Reach::Group } else { Reach::All }
}

#[cfg(test)]
mod tests {
    use super::{DIRECTORY_BITS, MODES, Reach, SharedGroup, narrowest};
    use crate::access::{Caller, Expression, Group, Permissions};

    fn group(name: &str, gid: u32, members: &[&str]) -> SharedGroup {
        let members = members.iter().map(ToString::to_string).collect();
        SharedGroup { group: Group { name: Some(name.into()), gid }, members }
    }

    fn alice() -> Caller {
        Caller { user: Some("alice".into()), uid: 1001, groups: Vec::new() }
    }

    fn expression(text: &str) -> Expression {
        text.parse().unwrap()
    }

    #[test]
    fn how_far_each_form_of_expression_reaches() {
        let staff = group("staff", 50, &["alice", "bob"]);
        let owner = ["", "u:alice", "u:1001", "r:eng", "u:alice & g:other", "!!u:alice", "u:0"];
        let group = ["g:staff", "u:alice | g:50", "u:bob", "g:50 & !u:bob", "!(!g:staff | u:x)"];
        let all = ["p", "u:carol", "u:1002", "g:qa", "g:staff | u:carol", "!u:alice", "!r:eng"];
        let not = ["!g:50", "!(g:staff & g:qa)", "!(u:alice | g:staff)", "!!g:qa"];
        for (texts, reach) in [
            (owner.as_slice(), Reach::Owner),
            (&group, Reach::Group),
            (&all, Reach::All),
            (&not, Reach::All),
        ] {
            for text in texts {
                assert_eq!(Reach::of(&expression(text), &alice(), &staff), reach, "{text}");
            }
        }
    }

    #[test]
    fn a_stream_reaches_as_far_as_its_widest_expression() {
        let staff = group("staff", 50, &[]);
        let mut permissions = Permissions::created_by(&alice());
        let modes = |permissions: &Permissions| {
            let modes = Reach::of_stream(permissions, &alice(), &staff).modes();
            (modes.dir, modes.file)
        };
        assert_eq!(modes(&permissions), (0o700, 0o600));
        permissions.consume = expression("u:alice | g:staff");
        assert_eq!(modes(&permissions), (0o2770, 0o660));
        permissions.copy = expression("p");
        assert_eq!(modes(&permissions), (0o2777, 0o666));
    }

    #[test]
    fn the_group_that_opens_least_is_chosen() {
        let groups = [group("alice", 1001, &[]), group("qa", 60, &[]), group("ds", 70, &[])];
        let mut permissions = Permissions::created_by(&alice());
        let chosen = |permissions: &Permissions| {
            let (reach, group) = narrowest(permissions, &alice(), &groups).unwrap();
            (reach, group.group.gid)
        };
        assert_eq!(chosen(&permissions), (Reach::Owner, 1001));
        permissions.consume = expression("u:alice | g:ds");
        assert_eq!(chosen(&permissions), (Reach::Group, 70));
        permissions.produce = expression("g:qa");
        assert_eq!(chosen(&permissions), (Reach::All, 1001));
        assert_eq!(narrowest(&permissions, &alice(), &[]), None);
    }

    #[test]
    fn the_table_agrees_with_itself_and_with_the_notes() {
        let reaches = [Reach::Owner, Reach::Group, Reach::All];
        for (modes, reach) in MODES.into_iter().zip(reaches) {
            assert_eq!((modes.reach, reach.modes()), (reach, modes));
            assert_eq!(Reach::of_dir_mode(modes.dir), reach);
            // A directory is its files' mode with the right to enter.
            let enter = (modes.file & 0o444) >> 2;
            assert_eq!(modes.dir & 0o777, modes.file | enter);
            let [setgid, sticky] = DIRECTORY_BITS.map(|note| modes.dir & note.bit != 0);
            assert_eq!((setgid, sticky), (reach > Reach::Owner, false));
        }
        for narrow in [0o755, 0o750, 0o711, 0o707] {
            assert!(Reach::of_dir_mode(narrow) < Reach::All, "{narrow:o}");
        }
    }
}
