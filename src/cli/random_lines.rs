//! A hundred thousand command lines that nobody would type: each is understood or refused well.

use std::ffi::OsString;

use clap::Command;
use clap::error::ErrorKind;

use super::dialect::{respell, rewrite};
use super::failure::printable;
use super::program::Program;

const LINES: usize = 100_000;

/// Values that mean something somewhere, and words that mean nothing anywhere.
const OTHER_WORDS: &[&str] = &[
    "/s",
    "/s:t",
    "/apps/gps:x",
    "/",
    ":",
    "t",
    "0",
    "3",
    "-1",
    "-5m",
    "10m",
    "@now",
    "true",
    "false",
    "lz4",
    "gzip",
    "json",
    "csv",
    "createtime",
    "beginning",
    "end",
    "all",
    "a=b",
    "parse.key=true",
    "p",
    "u:a|u:b",
    "!u:x",
    "",
    "-",
    "--",
    "---",
    "=",
    "-=",
    "--=",
    "-=x",
    "'",
    "\"",
    "%s",
    "{}",
    "\u{1b}[31m",
    "a\nb",
    "–path",
    "—",
    "é",
    "\u{202e}",
    "-é",
    "--é=ü",
    "99999999999999999999",
    "-x",
    "-xyz",
    "-h",
    "-V",
    "-hV",
    "-Vx",
    "stream",
    "topic",
    "help",
    "--complete",
    "--no-such",
];

/// Every verb and option of a program, options with one dash and two.
fn words_of(command: &Command, words: &mut Vec<String>) {
    for option in command.get_arguments() {
        words.extend(option.get_long().into_iter().flat_map(|name| {
            [format!("-{name}"), format!("--{name}"), format!("-{name}="), format!("--{name}=3")]
        }));
    }
    for inner in command.get_subcommands() {
        words.push(inner.get_name().to_owned());
        words_of(inner, words);
    }
}

/// Goes down into commands of the program, so that many lines have a real command in them.
fn verbs(mut command: &Command, random: &mut fastrand::Rng, line: &mut Vec<OsString>) {
    while random.u8(..) < 230
        && let inner = command.get_subcommands().collect::<Vec<_>>()
        && let Some(inner) = random.choice(inner)
    {
        line.push(inner.get_name().into());
        command = inner;
    }
}

fn random_line(
    program: Program,
    command: &Command,
    words: &[String],
    random: &mut fastrand::Rng,
) -> Vec<OsString> {
    let mut line = vec![OsString::from(program.name())];
    verbs(command, random, &mut line);
    for _ in 0..random.usize(..6) {
        let word = match random.u8(..4) {
            0 => random.choice(OTHER_WORDS).copied().unwrap_or_default().to_owned(),
            // A slip of the finger.
            1 if random.bool() => {
                let mut word = random.choice(words).cloned().unwrap_or_default();
                word.pop();
                word
            }
            _ => random.choice(words).cloned().unwrap_or_default(),
        };
        line.push(word.into());
    }
    line
}

/// Tells whether a message names `word` in quotes, alone or with the value that it wants.
fn names(message: &str, word: &str) -> bool {
    ["'", " <", " [<", "[=", "=<"]
        .iter()
        .any(|end| message.contains(&format!("'{}{end}", printable(word))))
}

/// Tells whether a line is understood, or what is wrong with its refusal.
fn judge(program: Program, command: &mut Command, line: &[OsString]) -> Result<bool, String> {
    let typed = rewrite(command, line.to_vec());
    let Err(error) = command.try_get_matches_from_mut(&typed.words) else { return Ok(true) };
    let kind = error.kind();
    if matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Ok(true);
    }
    if error.exit_code() != 2 {
        return Err(format!("exit status {}", error.exit_code()));
    }
    if typed.odd_dash.is_some() {
        // The message names that word and nothing else.
        return Ok(false);
    }
    let message = respell(error, &typed, program.spelling()).render().to_string();
    let is_named = match kind {
        // No word is at fault: one is missing, and the message names what may stand there.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            message.contains("Commands:") || message.contains("Usage:")
        }
        // An empty word has no other name than the place where it stands.
        ErrorKind::InvalidValue if message.contains("a value is required for '<") => {
            line.iter().any(|word| word.is_empty())
        }
        ErrorKind::MissingRequiredArgument => message.contains("  <") || message.contains("  -"),
        _ => line[1..].iter().any(|word| {
            let word = word.to_string_lossy();
            let (name, value) = word.split_once('=').unwrap_or((&word, &word));
            [&word, name, value].iter().any(|part| names(&message, part))
        }),
    };
    if is_named { Ok(false) } else { Err(format!("{kind:?}: {message}")) }
}

#[test]
fn every_line_is_understood_or_refused_by_the_word_at_fault() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut programs = Program::ALL.map(|program| {
        let mut command = program.command();
        command.build();
        let mut words = Vec::new();
        words_of(&command, &mut words);
        (program, command, words)
    });
    let mut understood = 0;
    let mut faults = Vec::new();
    for _ in 0..LINES {
        // Most verbs and options are streamctl's.
        let index = [0, 0, 0, 1, 2, 3, 4][random.usize(..7)];
        let (program, command, words) = &mut programs[index];
        let line = random_line(*program, command, words, &mut random);
        match judge(*program, command, &line) {
            Ok(is_understood) => understood += usize::from(is_understood),
            Err(fault) => faults.push(format!("{line:?}\n{fault}")),
        }
    }
    let shown = faults.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{} lines were answered badly:\n{shown}", faults.len());
    // Else the lines would be all nonsense, and the test would say little.
    assert!(understood > LINES / 50, "only {understood} lines were understood");
}
