//! What must hold for all expressions, all callers and all texts.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::access::expression::{Atom, Node, Subject, Tree};
use crate::access::{Caller, Expression, Group, Permissions, Reach, SharedGroup, who_has};

const USERS: [(&str, u32); 4] = [("alice", 1), ("bob", 2), ("carol", 3), ("d.$@é", 4)];
const GROUPS: [(&str, u32); 3] = [("qa", 10), ("ds", 20), ("staff", 30)];

fn group(of: (&str, u32)) -> Group {
    Group { name: Some(of.0.into()), gid: of.1 }
}

fn caller() -> impl Strategy<Value = Caller> {
    let user = (select(&USERS[..]), any::<bool>());
    (user, subsequence(GROUPS.to_vec(), 0..=3)).prop_map(|(((name, uid), named), groups)| Caller {
        user: named.then(|| name.to_owned()),
        uid,
        groups: groups.into_iter().map(group).collect(),
    })
}

fn subject(of: &'static [(&'static str, u32)]) -> impl Strategy<Value = Subject> {
    (select(of), any::<bool>()).prop_map(|((name, id), by_id)| {
        if by_id { Subject::Id(id) } else { Subject::Name(name.to_owned()) }
    })
}

fn node() -> impl Strategy<Value = Node> {
    let atom = prop_oneof![
        4 => subject(&USERS).prop_map(Atom::User),
        4 => subject(&GROUPS).prop_map(Atom::Group),
        1 => select(&["eng", "7"][..]).prop_map(|name| Atom::Role(name.to_owned())),
    ];
    atom.prop_map(Node::Atom).prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Node::Not(Box::new(inner))),
            vec(inner.clone(), 2..5).prop_map(Node::All),
            vec(inner, 2..5).prop_map(Node::Any),
        ]
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    prop_oneof![
        1 => Just(Expression::NOBODY),
        1 => Just(Expression::PUBLIC),
        18 => node().prop_map(|node| Expression(Tree::Of(node))),
    ]
}

/// Words of the grammar and others in any order.
fn words() -> impl Strategy<Value = String> {
    let right = ["u:alice", "u:1", "g:qa", "r:eng", "!", "&", "|", "(", ")", " ", "\t"];
    let wrong = ["p", "u:", "bob", "\u{a0}", "'", "é", "or", ",", ":", "\0", "u:a,b"];
    let word = prop_oneof![9 => select(right.to_vec()), 1 => select(wrong.to_vec())];
    vec(word, 0..14).prop_map(|words| words.concat())
}

/// Texts of the grammar: operators mixed without parentheses, and parentheses that are not needed.
fn text() -> impl Strategy<Value = String> {
    let atom = select(&["u:alice", "u:2", "g:qa", "g:20", "g:ds", "u:carol", "r:eng"][..]);
    atom.prop_map(str::to_owned).prop_recursive(8, 60, 2, |inner| {
        let operator = select(&["|", "&", " | ", " &\t"][..]);
        prop_oneof![
            2 => inner.clone().prop_map(|inner| format!("!{inner}")),
            2 => inner.clone().prop_map(|inner| format!("({inner} )")),
            6 => (inner.clone(), operator, inner).prop_map(|(a, sign, b)| format!("{a}{sign}{b}")),
        ]
    })
}

/// Evaluates a text that is known to be an expression without building a tree: two stacks.
fn value_of(text: &str, caller: &Caller) -> bool {
    fn apply(operator: char, values: &mut Vec<bool>) {
        let right = values.pop().unwrap();
        let value = match operator {
            '!' => !right,
            '&' => values.pop().unwrap() & right,
            _ => values.pop().unwrap() | right,
        };
        values.push(value);
    }
    let binds = |operator: char| "|&!".find(operator);
    let (mut values, mut operators): (Vec<bool>, Vec<char>) = (Vec::new(), Vec::new());
    let mut spaced = text.trim().to_owned();
    if spaced.is_empty() || spaced == "p" {
        return spaced == "p";
    }
    for sign in ["!", "&", "|", "(", ")"] {
        spaced = spaced.replace(sign, &format!(" {sign} "));
    }
    for word in spaced.split_whitespace() {
        match word {
            "(" | "!" => operators.push(word.chars().next().unwrap()),
            ")" => {
                while let Some(operator) = operators.pop().filter(|operator| *operator != '(') {
                    apply(operator, &mut values);
                }
            }
            "&" | "|" => {
                let sign = word.chars().next().unwrap();
                while operators.last().is_some_and(|last| binds(*last) >= binds(sign)) {
                    apply(operators.pop().unwrap(), &mut values);
                }
                operators.push(sign);
            }
            atom => {
                let (kind, name) = atom.split_once(':').unwrap();
                let same =
                    |known: Option<&str>, id: u32| known == Some(name) || name == id.to_string();
                values.push(match kind {
                    "u" => same(caller.user.as_deref(), caller.uid),
                    "g" => caller.groups.iter().any(|g| same(g.name.as_deref(), g.gid)),
                    _ => false,
                });
            }
        }
    }
    while let Some(operator) = operators.pop() {
        apply(operator, &mut values);
    }
    assert_eq!(values.len(), 1, "{text}");
    values.pop().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_printed_parses_to_the_same_tree(expression in expression()) {
        let (wide, tight) = (expression.to_string(), format!("{expression:#}"));
        prop_assert_eq!(wide.parse::<Expression>().unwrap(), expression.clone());
        prop_assert_eq!(tight.parse::<Expression>().unwrap(), expression);
        prop_assert!(tight.len() <= wide.len() && !tight.contains(' '));
    }

    #[test]
    fn a_text_means_what_it_says_and_so_does_its_print(text in text(), caller in caller()) {
        let expression: Expression = text.parse().unwrap();
        let meant = value_of(&text, &caller);
        prop_assert_eq!(expression.allows(&caller), meant, "{}", text);
        for print in [expression.to_string(), format!("{expression:#}")] {
            prop_assert_eq!(value_of(&print, &caller), meant, "{} as {}", text, print);
            prop_assert_eq!(print.parse::<Expression>().unwrap(), expression.clone());
        }
        let tight = format!("{expression:#}");
        prop_assert!(tight.len() <= text.len(), "{} as {}", text, tight);
    }

    #[test]
    fn trees_are_evaluated_as_their_text(expression in expression(), caller in caller()) {
        prop_assert_eq!(expression.allows(&caller), value_of(&expression.to_string(), &caller));
    }

    #[test]
    fn no_text_does_harm(text in prop_oneof![words(), any::<String>(), ".{0,12}"]) {
        if let Err(error) = text.parse::<Expression>() {
            let message = error.to_string();
            prop_assert!(!message.contains(char::is_control), "{:?}", message);
            let from = text.chars().skip(error.place - 1).collect::<String>();
            prop_assert!(from.starts_with(&error.word), "{:?}: {:?}", text, error);
        }
    }

    #[test]
    fn or_lets_in_the_caller_and_nobody_else(
        old in expression(), added in caller(), other in caller(),
    ) {
        let new = old.or(&added).unwrap();
        prop_assert!(new.allows(&added));
        let let_in = old.allows(&other) || Expression::only(&added).allows(&other);
        prop_assert_eq!(new.allows(&other), let_in);
        prop_assert_eq!(new.or(&added).unwrap(), new);
    }

    #[test]
    fn a_sentence_is_one_line(expression in expression()) {
        let sentence = who_has(&expression);
        prop_assert!(!sentence.contains('\n') && sentence.ends_with(" has it"), "{}", sentence);
        prop_assert!(sentence.len() < 250, "{}", sentence);
    }

    #[test]
    fn no_file_mode_keeps_out_whom_an_expression_lets_in(
        expression in expression(), owner in caller(), caller in caller(),
        of in select(&GROUPS[..]), known in any::<bool>(),
    ) {
        let (group, members) = (group(of), ["alice".to_owned(), "bob".to_owned()]);
        let members = if known { members.to_vec() } else { Vec::new() };
        let in_group = caller.groups.contains(&group)
            || caller.user.as_ref().is_some_and(|user| members.contains(user));
        let needed = match () {
            () if caller.uid == owner.uid => Reach::Owner,
            () if in_group => Reach::Group,
            () => Reach::All,
        };
        // One user has one name: a nameless twin of the owner or of a member is not real.
        let real = owner.user.is_some() && caller.user.is_some();
        let shared = SharedGroup { group, members };
        let reach = Reach::of(&expression, &owner, &shared);
        if real && expression.allows(&caller) {
            prop_assert!(reach >= needed, "{} reaches {:?}", expression, reach);
        }
        let mut permissions = Permissions::created_by(&owner);
        permissions.topic = expression;
        prop_assert_eq!(Reach::of_stream(&permissions, &owner, &shared), reach);
    }
}
