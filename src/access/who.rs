//! Whom an expression lets in, in words, for messages of refusal.

use super::error::shown;
use super::expression::{Atom, Expression, Node, Subject, Tree};

/// Characters of a phrase, at most; a longer one gives way to the expression itself.
const PHRASE_CHARS_MAX: usize = 160;

/// Says who has the permission with this expression: `user alice or group qa has it`,
/// `nobody has it`. One line, without a full stop.
pub fn who_has(expression: &Expression) -> String {
    format!("{} has it", who(expression))
}

/// The subject of the sentence: `` user `alice` ``, `everybody`.
pub(super) fn who(expression: &Expression) -> String {
    let node = match &expression.0 {
        Tree::Nobody => return "nobody".to_owned(),
        Tree::Public => return "everybody".to_owned(),
        Tree::Of(node) => node,
    };
    match people(node) {
        Some(phrase) if phrase.chars().count() <= PHRASE_CHARS_MAX => phrase,
        _ => format!("whoever `{}` lets in", shown(&expression.to_string())),
    }
}

/// People as a noun; `None` if the expression is too involved for one.
fn people(node: &Node) -> Option<String> {
    Some(match node {
        Node::Atom(Atom::User(user)) => format!("user {}", named(user)),
        Node::Atom(Atom::Group(group)) => format!("group {}", named(group)),
        Node::Atom(Atom::Role(name)) => format!("role `{name}` (which nobody has here)"),
        Node::Not(inner) => match &**inner {
            Node::Atom(atom @ (Atom::User(_) | Atom::Group(_))) => {
                format!("everybody but {}", people(&Node::Atom(atom.clone()))?)
            }
            _ => return None,
        },
        Node::All(terms) => {
            let terms: Option<Vec<String>> = terms.iter().map(trait_of).collect();
            format!("whoever {}", listed(&terms?, "and"))
        }
        Node::Any(terms) => {
            // `everybody but a or b` and `who is in a and not in b or c` could be read wrongly:
            // no exceptions in a list, and what is joined by `and` comes last.
            if terms.iter().any(|term| matches!(term, Node::Any(_) | Node::Not(_))) {
                return None;
            }
            let (joined, plain): (Vec<&Node>, Vec<&Node>) =
                terms.iter().partition(|term| matches!(term, Node::All(_)));
            let phrases: Option<Vec<String>> =
                plain.into_iter().chain(joined).map(people).collect();
            listed(&phrases?, "or")
        }
    })
}

/// What is true of people, behind `whoever`.
fn trait_of(node: &Node) -> Option<String> {
    let (atom, not) = match node {
        Node::Atom(atom) => (atom, ""),
        Node::Not(inner) => match &**inner {
            Node::Atom(atom) => (atom, " not"),
            _ => return None,
        },
        // One list inside another reads as nothing but the expression itself.
        Node::All(_) | Node::Any(_) => return None,
    };
    Some(match atom {
        Atom::User(user) => format!("is{not} user {}", named(user)),
        Atom::Group(group) => format!("is{not} in group {}", named(group)),
        Atom::Role(name) if not.is_empty() => format!("has role `{name}` (which nobody has here)"),
        Atom::Role(name) => format!("has no role `{name}`"),
    })
}

fn named(subject: &Subject) -> String {
    match subject {
        Subject::Name(name) => format!("`{name}`"),
        Subject::Id(id) => format!("id {id}"),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [front @ .., back] => format!("{} {last} {back}", front.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::who_has;

    #[test]
    fn sentences() {
        for (text, sentence) in [
            ("", "nobody has it"),
            ("p", "everybody has it"),
            ("u:alice", "user `alice` has it"),
            ("g:60", "group id 60 has it"),
            ("u:alice | g:qa | u:7", "user `alice`, group `qa` or user id 7 has it"),
            ("!u:bob", "everybody but user `bob` has it"),
            ("g:qa & !u:bob", "whoever is in group `qa` and is not user `bob` has it"),
            ("u:a | (g:b & g:c)", "user `a` or whoever is in group `b` and is in group `c` has it"),
            (
                "g:b & !g:c | u:a",
                "user `a` or whoever is in group `b` and is not in group `c` has it",
            ),
            ("!u:bob | u:a", "whoever `!u:bob | u:a` lets in has it"),
            ("r:eng", "role `eng` (which nobody has here) has it"),
            ("g:a & !r:eng", "whoever is in group `a` and has no role `eng` has it"),
            ("g:a & (g:b | g:c)", "whoever `g:a & (g:b | g:c)` lets in has it"),
            ("!(g:b | g:c)", "whoever `!(g:b | g:c)` lets in has it"),
        ] {
            assert_eq!(who_has(&text.parse().unwrap()), sentence);
        }
    }

    #[test]
    fn a_long_sentence_gives_way_to_the_expression() {
        let many = (0..100).map(|id| format!("u:{id}")).collect::<Vec<_>>().join(" | ");
        let sentence = who_has(&many.parse().unwrap());
        assert!(sentence.starts_with("whoever `u:0 | u:1 | "), "{sentence}");
        assert!(sentence.ends_with("…` lets in has it") && sentence.len() < 120, "{sentence}");
    }
}
