//! A refusal: who lacks what, who has it, and the command that would grant it.

use std::{error, fmt};

use crate::path::StreamPath;

use super::evaluate::Caller;
use super::expression::Expression;
use super::permission::{Action, Permission, joined};
use super::who::{listed, who};

/// A permission that the caller does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which one.
    pub permission: Permission,
    /// Who has it.
    pub expression: Expression,
}

/// A caller may not do something; nothing was opened or changed.
///
/// Its message does not name the stream; the caller puts that in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(Box<Refusal>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    action: Action,
    caller: Caller,
    /// Granting all of any one of these would do; none is empty.
    alternatives: Vec<Vec<Missing>>,
    admin: Expression,
}

impl Denied {
    pub(super) fn new(
        action: Action,
        caller: Caller,
        alternatives: Vec<Vec<Missing>>,
        admin: Expression,
    ) -> Self {
        Self(Box::new(Refusal { action, caller, alternatives, admin }))
    }

    /// What was asked for.
    pub fn action(&self) -> Action {
        self.0.action
    }

    /// What is missing at least: the alternative with the fewest permissions, and of those the
    /// least powerful. Never empty.
    pub fn missing(&self) -> &[Missing] {
        self.0.alternatives.iter().min_by_key(|list| list.len()).map_or(&[], Vec::as_slice)
    }

    /// The command that would grant it: each missing expression or-ed with the caller.
    ///
    /// `None` if no command can: nobody has `adminperm`, the expression would break a limit, or
    /// the path cannot be shown on one line. It has to be run by someone that
    /// [`Denied::who_can_grant`] names.
    pub fn grant(&self, stream: &StreamPath) -> Option<String> {
        if self.0.admin == Expression::NOBODY || stream.as_str().contains(char::is_control) {
            return None;
        }
        let mut command = format!("streamctl stream edit -path {}", quoted(stream.as_str()));
        for Missing { permission, expression } in self.missing() {
            let granting = expression.or(&self.0.caller)?;
            // No name in an expression holds a quote.
            command.push_str(&format!(" -{permission} '{granting}'"));
        }
        Some(command)
    }

    /// Who has `adminperm` and so can run that command: `` user `alice` ``, `nobody`.
    pub fn who_can_grant(&self) -> String {
        who(&self.0.admin)
    }
}

/// A word for the shell, in quotes if it needs them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%:,=".contains(c);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { action, caller, alternatives, .. } = &*self.0;
        write!(f, "{} may not {}: that takes ", who(&Expression::only(caller)), action.phrase())?;
        let mut all = alternatives.iter().flatten().map(|missing| &missing.expression);
        let first = all.next().unwrap_or(&Expression::NOBODY);
        let alike = all.all(|expression| expression == first);
        let name = |missing: &Missing| {
            if alike {
                missing.permission.to_string()
            } else {
                format!("{} ({} has it)", missing.permission, who(&missing.expression))
            }
        };
        let alternative = |list: &Vec<Missing>| {
            joined(&list.iter().map(name).collect::<Vec<_>>(), alternatives.len() == 1)
        };
        f.write_str(&listed(&alternatives.iter().map(alternative).collect::<Vec<_>>(), "or"))?;
        if alike { write!(f, ", which {} has", who(first)) } else { Ok(()) }
    }
}

impl error::Error for Denied {}

#[cfg(test)]
mod tests {
    use super::Denied;
    use crate::access::{Action, Caller, Permissions, allows};
    use crate::path::StreamPath;

    fn caller(user: &str) -> Caller {
        Caller { user: Some(user.to_owned()), uid: 1002, groups: Vec::new() }
    }

    fn denied(permissions: &Permissions, action: Action) -> Denied {
        allows(action, permissions, &caller("bob")).unwrap_err()
    }

    fn path(text: &str) -> StreamPath {
        StreamPath::parse(text).unwrap()
    }

    #[test]
    fn a_refusal_tells_what_is_missing_who_has_it_and_the_way_out() {
        let mut of_alice = Permissions::created_by(&caller("alice"));
        let produce = denied(&of_alice, Action::Produce);
        assert_eq!(
            produce.to_string(),
            "user `bob` may not produce: that takes produceperm, which user `alice` has"
        );
        assert_eq!(
            produce.grant(&path("/s")).unwrap(),
            "streamctl stream edit -path /s -produceperm 'u:alice | u:bob'"
        );
        assert_eq!(produce.who_can_grant(), "user `alice`");

        let info = denied(&of_alice, Action::StreamInfo);
        assert_eq!(
            info.to_string(),
            "user `bob` may not see the stream's attributes: that takes consumeperm, produceperm, \
             topicperm or adminperm, which user `alice` has"
        );
        let grant = info.grant(&path("/s")).unwrap();
        assert_eq!(grant, "streamctl stream edit -path /s -consumeperm 'u:alice | u:bob'");

        of_alice.consume = "".parse().unwrap();
        assert_eq!(
            denied(&of_alice, Action::CursorDelete).to_string(),
            "user `bob` may not delete cursors: that takes consumeperm (nobody has it) or \
             adminperm (user `alice` has it)"
        );
        let grant = denied(&of_alice, Action::Consume).grant(&path("/s")).unwrap();
        assert_eq!(grant, "streamctl stream edit -path /s -consumeperm 'u:bob'");
    }

    #[test]
    fn what_takes_several_permissions_grants_the_fewest() {
        let mut permissions = Permissions::created_by(&caller("alice"));
        let copy = denied(&permissions, Action::CopyTo);
        assert_eq!(
            copy.to_string(),
            "user `bob` may not copy to the stream: that takes copyperm or all of produceperm, \
             consumeperm and topicperm, which user `alice` has"
        );
        assert!(copy.grant(&path("/s")).unwrap().contains("-copyperm"));
        permissions.produce = "p".parse().unwrap();
        assert!(
            denied(&permissions, Action::CopyTo).to_string().contains("or both consumeperm and")
        );
        let replica = denied(&permissions, Action::ReplicaAdd);
        assert_eq!(replica.missing().len(), 2);
        assert_eq!(
            replica.grant(&path("/s")).unwrap(),
            "streamctl stream edit -path /s -adminperm 'u:alice | u:bob' \
             -copyperm 'u:alice | u:bob'"
        );
        assert!(replica.to_string().contains("takes adminperm and copyperm, which"), "{replica}");
    }

    #[test]
    fn a_path_is_quoted_for_the_shell() {
        let refusal = denied(&Permissions::created_by(&caller("alice")), Action::Produce);
        let grant = |text| refusal.grant(&path(text));
        assert!(grant("/a/b-c_d.e").unwrap().contains(" -path /a/b-c_d.e -"));
        assert!(grant("/a b").unwrap().contains(" -path '/a b' -"));
        assert!(grant("/it's $x").unwrap().contains(r" -path '/it'\''s $x' -"));
        assert_eq!(grant("/a\nb"), None);
    }

    #[test]
    fn nothing_is_proposed_that_nobody_could_do() {
        let mut permissions = Permissions::created_by(&caller("alice"));
        permissions.admin = "".parse().unwrap();
        let refusal = denied(&permissions, Action::Produce);
        assert_eq!(refusal.grant(&path("/s")), None);
        assert_eq!(refusal.who_can_grant(), "nobody");
    }
}
