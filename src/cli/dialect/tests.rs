//! Tests of the two dialects.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};
use proptest::prelude::*;

use super::{Spelling, respell, rewrite};

fn command() -> Command {
    let path = Arg::new("path").long("path").value_name("STREAM");
    let perm = Arg::new("perm").long("produceperm").allow_hyphen_values(true);
    let codec = Arg::new("codec").long("codec").num_args(0..=1).default_missing_value("gzip");
    let json = Arg::new("json").long("json").action(ArgAction::SetTrue).global(true);
    let x = Arg::new("x").short('x').action(ArgAction::SetTrue);
    let z = Arg::new("z").short('z').action(ArgAction::SetTrue);
    let xz = Arg::new("xz").long("zx").action(ArgAction::SetTrue);
    let topic = Arg::new("topic").long("topic").value_name("TOPIC").required(true);
    let mut command = Command::new("streamctl").arg(json).subcommand_required(true).subcommand(
        Command::new("stream")
            .subcommand_required(true)
            .subcommand(
                Command::new("create")
                    .args([path.clone(), perm, codec, x, z, xz])
                    .arg(Arg::new("target")),
            )
            .subcommand(
                Command::new("topic")
                    .subcommand_required(true)
                    .subcommand(Command::new("list").args([path.clone(), topic])),
            ),
    );
    command.build();
    command
}

fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

fn rewritten(line: &str) -> String {
    let words = rewrite(&command(), words(line)).words;
    words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn one_dash_and_two_mean_the_same() {
    for line in ["streamctl stream create -path /s", "streamctl stream create --path /s"] {
        assert_eq!(rewritten(line), "streamctl stream create --path /s");
    }
    for line in ["streamctl stream create -path=/s", "streamctl stream create --path=/s"] {
        assert_eq!(rewritten(line), "streamctl stream create --path=/s");
    }
}

#[test]
fn values_are_left_alone() {
    let line = "streamctl stream create -produceperm -path -path /s";
    assert_eq!(rewritten(line), "streamctl stream create --produceperm -path --path /s");
    let line = "streamctl stream create -codec -path /s -codec lz4";
    assert_eq!(rewritten(line), "streamctl stream create --codec --path /s --codec lz4");
}

#[test]
fn behind_two_dashes_nothing_is_rewritten() {
    let line = "streamctl stream create -path /s -- -path";
    assert_eq!(rewritten(line), "streamctl stream create --path /s -- -path");
}

#[test]
fn an_exact_long_name_beats_a_cluster() {
    let line = "streamctl stream create -xz -zx -x -5 -";
    assert_eq!(rewritten(line), "streamctl stream create -xz --zx -x -5 -");
}

#[test]
fn the_word_stream_may_be_left_out() {
    assert_eq!(
        rewritten("streamctl -json topic list -path /s"),
        "streamctl --json stream topic list --path /s"
    );
    // Only where it stands for a command: a value or a name stays what it is.
    assert_eq!(rewritten("streamctl stream create topic"), "streamctl stream create topic");
}

fn message(line: &str) -> String {
    let mut command = command();
    let typed = rewrite(&command, words(line));
    let error = command.try_get_matches_from_mut(&typed.words).unwrap_err();
    respell(error, &typed, Spelling::OneDash).render().to_string()
}

#[test]
fn errors_are_spelt_as_the_user_did() {
    let text = message("streamctl stream create -pth /s");
    assert!(text.contains("unexpected argument '-pth' found"), "{text}");
    assert!(text.contains("tip: a similar argument exists: '-path'"), "{text}");
    let text = message("streamctl stream create --pth /s");
    assert!(text.contains("unexpected argument '--pth' found"), "{text}");
    assert!(text.contains("tip: a similar argument exists: '--path'"), "{text}");
    let text = message("streamctl stream create -path /s -path /t");
    assert!(text.contains("the argument '-path <STREAM>' cannot be used multiple times"), "{text}");
    let text = message("streamctl topic list -path");
    assert!(text.contains("a value is required for '-path <STREAM>'"), "{text}");
    let text = message("streamctl topic list -path /s");
    assert!(text.contains("\n  -topic <TOPIC>\n"), "{text}");
    assert!(text.contains("topic list -topic <TOPIC> -path <STREAM>\n"), "{text}");
}

/// clap would take it for one-letter options and name the first.
#[test]
fn a_word_behind_one_dash_is_named_whole() {
    let text = message("streamctl topic list -5m");
    assert!(text.contains("unexpected argument '-5m' found"), "{text}");
    let text = message("streamctl topic list -5");
    assert!(text.contains("unexpected argument '-5' found"), "{text}");
}

#[test]
fn control_characters_are_shown() {
    let text = message("streamctl stream \u{1b}[31m");
    assert!(text.contains("unrecognized subcommand '\\u{1b}[31m'"), "{text}");
}

#[test]
fn help_keeps_its_columns() {
    let text = "      --path <STREAM>  Name it; see --color\n      --help           Help\n";
    assert_eq!(
        Spelling::OneDash.respelt(text),
        "      -path <STREAM>   Name it; see --color\n      --help           Help\n"
    );
    assert_eq!(Spelling::TwoDashes.respelt(text), text);
    let text = "  \u{1b}[1m--path\u{1b}[0m <STREAM>  Name it\n";
    let expected = "  \u{1b}[1m-path\u{1b}[0m <STREAM>   Name it\n";
    assert_eq!(Spelling::OneDash.respelt(text), expected);
}

#[test]
fn a_typographic_dash_is_noticed() {
    let typed = rewrite(&command(), words("streamctl stream create –path /s"));
    assert_eq!(typed.odd_dash.as_deref(), Some("–path"));
}

proptest! {
    /// Whatever is typed: no panic, no word lost, and at most a dash or the word `stream` added.
    #[test]
    fn nothing_is_lost(line in proptest::collection::vec(
        prop_oneof![
            Just("stream".to_owned()), Just("topic".to_owned()), Just("create".to_owned()),
            Just("-path".to_owned()), Just("--".to_owned()), Just("-produceperm".to_owned()),
            "-{0,3}[a-z=–]{0,6}", ".{0,6}",
        ], 0..8))
    {
        let given: Vec<OsString> =
            std::iter::once("streamctl".to_owned()).chain(line).map(OsString::from).collect();
        let made = rewrite(&command(), given.clone()).words;
        let mut made = made.iter().peekable();
        for word in &given {
            let mut next = made.next().unwrap();
            if next == "stream" && word != "stream" {
                next = made.next().unwrap();
            }
            let doubled = OsString::from(format!("-{}", word.to_string_lossy()));
            prop_assert!(next == word || *next == doubled, "{next:?} for {word:?}");
        }
        prop_assert!(made.next().is_none());
    }
}
