//! The grammar by example: what is read, what is refused, and in which words.

use crate::access::{Expression, ExpressionError, Fault, LEVELS_MAX, NUMERIC_ID_MAX};
use crate::path::limits::ACE_BYTES_MAX;

#[track_caller]
fn refused(text: &str) -> ExpressionError {
    text.parse::<Expression>().expect_err(text)
}

fn tight(text: &str) -> String {
    format!("{:#}", text.parse::<Expression>().unwrap())
}

#[test]
fn blanks_mean_nothing_between_words() {
    for text in ["u:a|!(g:b&r:c)", " u:a | ! ( g:b & r:c ) ", "\tu:a\n|\r\n!(g:b\n&\nr:c)"] {
        assert_eq!(tight(text), "u:a|!(g:b&r:c)", "{text:?}");
    }
}

#[test]
fn names_are_what_the_system_allows() {
    for name in ["a", "a-b", "_x", "svc$", "A.B", "x@y.org", r"DOM\x", "jörg", "7up", "p", "and"] {
        for prefix in ["u", "g", "r"] {
            let text = format!("{prefix}:{name}");
            assert_eq!(tight(&text), text);
        }
    }
}

#[test]
fn both_sides_of_the_greatest_id() {
    assert_eq!(tight(&format!("g:{NUMERIC_ID_MAX}")), "g:4294967294");
    for text in ["u:4294967295", "g:99999999999999999999999"] {
        let error = refused(text);
        assert_eq!(error.fault, Fault::IdTooLarge);
        assert!(error.to_string().ends_with("; the greatest id is 4294967294"), "{error}");
    }
    assert_eq!(tight("r:99999999999999999999999"), "r:99999999999999999999999");
}

#[test]
fn both_sides_of_the_length() {
    let most = format!("u:{}", "x".repeat(ACE_BYTES_MAX - 2));
    assert_eq!(tight(&most), most);
    let message = refused(&format!("{most}x")).to_string();
    assert_eq!(message, "access control expression is 65537 bytes long; the limit is 65536 bytes");
    assert!(refused(&format!("{most} ")).to_string().contains("65537"));
}

#[test]
fn both_sides_of_the_nesting() {
    let nested = |open: &str, close: &str, levels: usize| {
        format!("{}u:a{}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close, each) in
        [("(", ")", 1), ("!", "", 1), ("!(", ")", 2), ("(u:x&(u:y|", "))", 2)]
    {
        let most = nested(open, close, LEVELS_MAX / each);
        let print = tight(&most);
        assert_eq!(print.parse::<Expression>(), most.parse(), "{open}");
        let error = refused(&nested(open, close, LEVELS_MAX / each + 1));
        assert_eq!(error.fault, Fault::TooDeep, "{open}");
    }
    let error = refused(&nested("!", "", LEVELS_MAX + 1));
    assert_eq!((error.place, error.word.as_str()), (LEVELS_MAX + 1, "!"));
    // Levels that only the operators make.
    assert_eq!(refused(&nested("(u:x|u:y&", ")", LEVELS_MAX / 2 + 1)).fault, Fault::TooDeep);
    // As deep as a text can be: refused without using up the stack.
    for text in ["!".repeat(ACE_BYTES_MAX), "(".repeat(ACE_BYTES_MAX)] {
        assert_eq!(refused(&text).fault, Fault::TooDeep);
    }
}

#[test]
fn the_fault_its_place_and_the_way_out_are_told() {
    for (text, place, word, rest) in [
        ("alice", 1, "alice", "or a role (`r:`); write `u:alice`"),
        ("u:a | bob", 7, "bob", "; write `u:bob`"),
        ("user:alice", 1, "user:alice", "nor `r:` (role); write `u:alice`"),
        ("U:alice", 1, "U:alice", "; write `u:alice`"),
        ("group:qa", 1, "group:qa", "; write `g:qa`"),
        ("x:alice", 1, "x:alice", "nor `r:` (role)"),
        (":alice", 1, ":alice", "nor `r:` (role)"),
        ("u:", 1, "u:", ", without a name behind the `:`"),
        ("é | u: bob", 1, "é", "; write `u:é`"),
        ("u:é | u: bob", 7, "u:", "; write `u:bob`"),
        ("u:a:b", 1, "u:a:b", ", and no name holds `:`"),
        ("u:a,u:b", 1, "u:a,u:b", "; write `u:a | u:b`"),
        ("u:a,b", 1, "u:a,b", "; write `u:a | u:b`"),
        ("u:a,g:b", 1, "u:a,g:b", "; write `u:a | g:b`"),
        ("\"u:a\"", 1, "\"u:a\"", "no name holds `\"`; write `u:a`"),
        ("'u:a | u:b'", 1, "'u:a", "; write `u:a`"),
        ("“u:a”", 1, "“u:a”", "`“`, a typographic quote; write `u:a`"),
        ("u:a–b", 1, "u:a–b", "a dash as slides put in place of -"),
        ("u:a\u{a0}| u:b", 1, "u:a\u{a0}", "a non-breaking space; write `u:a`"),
        ("u:a\u{200b}", 1, "u:a\u{200b}", "no name holds `\\u{200b}`; write `u:a`"),
        ("u:a\0", 1, "u:a\0", "no name holds `\\0`; write `u:a`"),
        ("u:<creator>", 1, "u:<creator>", "no name holds `<`"),
        ("u:a || u:b", 5, "||", "; write `|`"),
        ("u:a && u:b", 5, "&&", "; write `&`"),
        ("u:a or u:b", 5, "or", "; write `|`"),
        ("u:a AND u:b", 5, "AND", "; write `&`"),
        ("not u:a", 1, "not", "; write `!`"),
        ("u:a u:b", 5, "u:b", " with neither `|` (or) nor `&` (and) before it"),
        ("u:a (u:b)", 5, "(", "before it"),
        ("u:a !u:b", 5, "!", "before it"),
        ("(u:a u:b)", 6, "u:b", "before it"),
        ("u:a | ", 7, "", "expression ends where a user, group or role is needed"),
        ("u:a | & u:b", 7, "&", " where a user, group or role is needed"),
        ("| u:a", 1, "|", " where a user, group or role is needed"),
        ("()", 2, ")", " where a user, group or role is needed"),
        ("!", 2, "", "expression ends where a user, group or role is needed"),
        ("u:a | (u:b", 7, "(", ", which is never closed"),
        ("u:a)", 4, ")", ", which closes nothing"),
        ("p | u:a", 1, "p", "; `p`, everybody, must stand alone; write `p`"),
        ("(p)", 2, "p", "must stand alone; write `p`"),
        ("u:a & p", 7, "p", "must stand alone"),
        ("!p", 2, "p", "must stand alone"),
        ("P", 1, "P", "; write `p`"),
        ("*", 1, "*", "; write `p`"),
        ("everyone", 1, "everyone", "; write `p`"),
        ("none", 1, "none", "or a role (`r:`)"),
    ] {
        let error = refused(text);
        let message = error.to_string();
        assert_eq!((error.place, error.word.as_str()), (place, word), "{text}: {message}");
        assert!(message.ends_with(rest), "{text}: {message}");
        assert_eq!(error.suggestion.is_some(), rest.contains("write `"), "{text}: {message}");
        if !word.is_empty() {
            assert!(message.contains(&format!("as character {place}")), "{message}");
        }
    }
}

#[test]
fn a_long_word_is_cut_in_the_message() {
    let message = refused(&format!("u:a | {}", "b".repeat(10_000))).to_string();
    assert!(message.len() < 400 && message.contains("bbb…`"), "{message}");
}
