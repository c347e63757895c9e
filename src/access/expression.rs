//! The tree of an access control expression, as MapR's grammar builds it.

use crate::path::limits::ACE_BYTES_MAX;

use super::evaluate::Caller;

/// Levels of `!`, `&`, `|` and parentheses inside one another, at most.
///
/// Everything that walks a tree calls itself once per level; this keeps the stack small whatever
/// the text. The widest vendor example has three.
pub const LEVELS_MAX: usize = 100;

/// The greatest number that is a user or group id; the next one means "no id" to the kernel.
pub const NUMERIC_ID_MAX: u32 = u32::MAX - 1;

/// An access control expression: whom it lets in.
///
/// Parsed from text by `FromStr`, printed by `Display` (with blanks) and `{:#}` (without, so that
/// a cell of a text table stays one word). Two equal expressions let the same callers in; the
/// reverse does not hold. What is printed parses to an equal expression.
///
/// # Invariants
/// - At most [`LEVELS_MAX`] levels, and `{:#}` prints at most [`ACE_BYTES_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expression(pub(super) Tree);

/// What an expression is as a whole; public and empty cannot be part of anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Tree {
    /// The empty string.
    Nobody,
    /// `p`.
    Public,
    Of(Node),
}

/// One node; `All` and `Any` have at least two terms.
///
/// Lists and not pairs, so that `u:a | u:b | …` is one level however long it is. A list directly
/// inside one of its own kind was written in parentheses and keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Atom(Atom),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// `u:…`, `g:…` or `r:…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    User(Subject),
    Group(Subject),
    /// Roles have names only.
    Role(String),
}

/// A user or group as the expression names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// Never all digits: such a name could not be told from an id.
    Name(String),
    Id(u32),
}

impl Subject {
    /// The user or group of that name, by its id where an expression cannot hold the name.
    pub(super) fn of(name: Option<&str>, id: u32) -> Self {
        match name {
            Some(name) if can_be_name(name) && !is_number(name) => Self::Name(name.to_owned()),
            _ => Self::Id(id),
        }
    }
}

impl Node {
    /// Levels of nesting, this node included; an atom is none.
    pub(super) fn levels(&self) -> usize {
        match self {
            Self::Atom(_) => 0,
            Self::Not(inner) => 1 + inner.levels(),
            Self::All(terms) | Self::Any(terms) => {
                1 + terms.iter().map(Self::levels).max().unwrap_or(0)
            }
        }
    }
}

impl Expression {
    /// Nobody: the empty string.
    pub const NOBODY: Self = Self(Tree::Nobody);
    /// Everybody: `p`.
    pub const PUBLIC: Self = Self(Tree::Public);

    /// Exactly this caller, `u:<name>`; without a name that an expression can hold, `u:<uid>`.
    ///
    /// With the creator of a stream this is the default of all five permissions.
    pub fn only(caller: &Caller) -> Self {
        Self(Tree::Of(Node::Atom(Atom::User(Subject::of(caller.user.as_deref(), caller.uid)))))
    }

    /// This expression or-ed with a caller: lets in whom it let in, and the caller.
    ///
    /// `None` if the result would break a limit of expressions.
    pub fn or(&self, caller: &Caller) -> Option<Self> {
        let Tree::Of(added) = Self::only(caller).0 else { return None };
        let tree = match &self.0 {
            Tree::Public => Tree::Public,
            Tree::Nobody => Tree::Of(added),
            Tree::Of(node) if *node == added => Tree::Of(added),
            Tree::Of(Node::Any(terms)) if terms.contains(&added) => self.0.clone(),
            Tree::Of(Node::Any(terms)) => {
                Tree::Of(Node::Any(terms.iter().cloned().chain([added]).collect()))
            }
            Tree::Of(node) => Tree::Of(Node::Any(vec![node.clone(), added])),
        };
        let sum = Self(tree);
        sum.is_within_limits().then_some(sum)
    }

    fn is_within_limits(&self) -> bool {
        match &self.0 {
            Tree::Nobody | Tree::Public => true,
            Tree::Of(node) => {
                node.levels() <= LEVELS_MAX && format!("{self:#}").len() <= ACE_BYTES_MAX
            }
        }
    }
}

/// Whether an expression can hold this name of a user, group or role: not empty, and every
/// character one that [`is_name_char`] allows.
pub(super) fn can_be_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

/// Whether a name may hold this character.
///
/// `/etc/passwd` itself excludes `:` and line ends; lists of members in `/etc/group` exclude `,`,
/// and home directories `/`. Operators and blanks end a name; quotes and wildcards are what the
/// shell should have taken away, `<` and `>` what a manual puts around a place to fill in.
/// Directory services do use `@`, `.`, `\`, `$`, upper case and letters beyond ASCII: all of these
/// stay, but nothing else beyond ASCII, so that no name holds what cannot be seen.
pub(super) fn is_name_char(character: char) -> bool {
    if !character.is_ascii() {
        return character.is_alphanumeric();
    }
    character.is_ascii_graphic() && !":,;/!&|()<>*?'\"`".contains(character)
}

/// Whether a name would be read as an id.
pub(super) fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Expression;
    use crate::access::Caller;
    use crate::path::limits::ACE_BYTES_MAX;

    fn caller(user: &str) -> Caller {
        Caller { user: Some(user.to_owned()), uid: 1001, groups: Vec::new() }
    }

    #[test]
    fn the_caller_is_named_as_an_expression_can_name_them() {
        let only = |user| Expression::only(&caller(user)).to_string();
        assert_eq!(only("alice"), "u:alice");
        assert_eq!(only("alice@EXAMPLE.ORG"), "u:alice@EXAMPLE.ORG");
        assert_eq!(only("svc$"), "u:svc$");
        for unfit in ["", "two words", "a:b", "a|b", "it's", "1002"] {
            assert_eq!(only(unfit), "u:1001", "{unfit}");
        }
        let nameless = Caller { user: None, ..caller("x") };
        assert_eq!(Expression::only(&nameless).to_string(), "u:1001");
    }

    #[test]
    fn or_adds_once_and_changes_nothing_else() {
        let or = |text: &str| {
            let expression: Expression = text.parse().unwrap();
            expression.or(&caller("bob")).unwrap().to_string()
        };
        assert_eq!(or(""), "u:bob");
        assert_eq!(or("p"), "p");
        assert_eq!(or("u:bob"), "u:bob");
        assert_eq!(or("u:alice"), "u:alice | u:bob");
        assert_eq!(or("u:alice | u:bob"), "u:alice | u:bob");
        assert_eq!(or("g:a | !g:b"), "g:a | !g:b | u:bob");
        assert_eq!(or("g:a & !u:bob"), "(g:a & !u:bob) | u:bob");
        assert_eq!(or("!u:bob"), "!u:bob | u:bob");
    }

    #[test]
    fn or_stays_within_the_limits() {
        let full = format!("u:{}", "x".repeat(ACE_BYTES_MAX - 2));
        let expression: Expression = full.parse().unwrap();
        assert_eq!(expression.or(&caller("bob")), None);
        let deep: Expression = format!("{}u:a", "!".repeat(super::LEVELS_MAX)).parse().unwrap();
        assert_eq!(deep.or(&caller("bob")), None);
        let less: Expression = format!("{}u:a", "!".repeat(super::LEVELS_MAX - 1)).parse().unwrap();
        assert!(less.or(&caller("bob")).is_some());
    }
}
