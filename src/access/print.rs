//! Expressions as text: `{}` for people, `{:#}` in the fewest bytes.

use std::fmt;

use crate::path::limits::ACE_BYTES_MAX;

use super::expression::{Atom, Expression, Node, Subject, Tree};

impl fmt::Display for Expression {
    /// Prints blanks around operators and, as all of MapR's examples do, parentheses where `&`
    /// and `|` are mixed, so that nobody has to know which binds tighter. With `{:#}`, or where
    /// that would be more than [`ACE_BYTES_MAX`] bytes, no blanks and no parentheses that can be
    /// spared: never longer than any text that parses to this expression.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = match &self.0 {
            Tree::Nobody => return Ok(()),
            Tree::Public => return f.write_str("p"),
            Tree::Of(node) => node,
        };
        let mut text = String::new();
        if !f.alternate() {
            write_node(node, Style::Wide, &mut text);
        }
        if text.is_empty() || text.len() > ACE_BYTES_MAX {
            text.clear();
            write_node(node, Style::Tight, &mut text);
        }
        f.write_str(&text)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Wide,
    Tight,
}

fn write_node(node: &Node, style: Style, text: &mut String) {
    match node {
        Node::Atom(atom) => text.push_str(&atom.to_string()),
        Node::Not(inner) => {
            text.push('!');
            let in_parentheses = matches!(**inner, Node::All(_) | Node::Any(_));
            write_term(inner, in_parentheses, style, text);
        }
        Node::All(terms) => {
            let is_list = |term: &Node| matches!(term, Node::All(_) | Node::Any(_));
            write_terms(terms, '&', style, text, is_list);
        }
        Node::Any(terms) => write_terms(terms, '|', style, text, |term| match term {
            Node::Any(_) => true,
            Node::All(_) => style == Style::Wide,
            Node::Atom(_) | Node::Not(_) => false,
        }),
    }
}

fn write_terms(
    terms: &[Node],
    operator: char,
    style: Style,
    text: &mut String,
    needs_parentheses: impl Fn(&Node) -> bool,
) {
    for (index, term) in terms.iter().enumerate() {
        if index > 0 && style == Style::Wide {
            text.extend([' ', operator, ' ']);
        } else if index > 0 {
            text.push(operator);
        }
        write_term(term, needs_parentheses(term), style, text);
    }
}

fn write_term(term: &Node, in_parentheses: bool, style: Style, text: &mut String) {
    if in_parentheses {
        text.push('(');
        write_node(term, style, text);
        text.push(')');
    } else {
        write_node(term, style, text);
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "u:{user}"),
            Self::Group(group) => write!(f, "g:{group}"),
            Self::Role(name) => write!(f, "r:{name}"),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Id(id) => write!(f, "{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::access::Expression;
    use crate::path::limits::ACE_BYTES_MAX;

    #[test]
    fn both_styles() {
        for (given, wide, tight) in [
            ("", "", ""),
            (" \t", "", ""),
            (" p ", "p", "p"),
            ("u:alice", "u:alice", "u:alice"),
            ("u:007", "u:7", "u:7"),
            ("r:007", "r:007", "r:007"),
            ("((u:a))", "u:a", "u:a"),
            ("u:a|u:b", "u:a | u:b", "u:a|u:b"),
            ("! ( u:a )", "!u:a", "!u:a"),
            ("!!(u:a|u:b)", "!!(u:a | u:b)", "!!(u:a|u:b)"),
            ("u:a&u:b|u:c", "(u:a & u:b) | u:c", "u:a&u:b|u:c"),
            ("(u:a|u:b)&u:c", "(u:a | u:b) & u:c", "(u:a|u:b)&u:c"),
            ("u:a|(u:b|u:c)", "u:a | (u:b | u:c)", "u:a|(u:b|u:c)"),
            ("(u:a&u:b)&u:c", "(u:a & u:b) & u:c", "(u:a&u:b)&u:c"),
        ] {
            let expression: Expression = given.parse().unwrap();
            assert_eq!(expression.to_string(), wide, "{given}");
            assert_eq!(format!("{expression:#}"), tight, "{given}");
        }
    }

    #[test]
    fn the_vendors_example_is_printed_as_it_is() {
        let text = "u:cfkane | (g:admin & !g:cl3) | (g:qa & (g:app2 | g:app3)) \
                    | (g:ba & g:dept_7a) | g:ds";
        assert_eq!(text.parse::<Expression>().unwrap().to_string(), text);
    }

    #[test]
    fn what_fits_only_without_blanks_is_printed_without() {
        let most = vec!["u:a"; ACE_BYTES_MAX / 4].join("|");
        let expression: Expression = most.parse().unwrap();
        assert_eq!(expression.to_string(), most);
        let fewer = vec!["u:a"; 1000].join("|");
        let expression: Expression = fewer.parse().unwrap();
        assert_eq!(expression.to_string(), vec!["u:a"; 1000].join(" | "));
    }
}
