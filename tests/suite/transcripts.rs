//! Sessions with the programs, kept as data: what was typed, and every byte that came back.
//!
//! Every file below `tests/data/transcripts` is one session in a world of its own; adding a file is
//! all there is to do. `BLESS=1 cargo test --release --test suite transcripts` writes what comes
//! back into the files (`TRANSCRIPT=topic/list` for one of them): look at the difference, line by
//! line, before it is committed. `tests/data/transcripts/README.md` explains the signs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use regex::Regex;
use streampath::cli::Program;

use crate::pty::Terminal;
use crate::world::{World, run_command};

/// 2018-07-16 15:01:40.025 in UTC: the moment of MapR's sample.
const NOW: &str = "@1531753300025";

/// What every question of the programs ends with.
const QUESTION: &str = "[y/N] ";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/transcripts")
}

/// Returns the sessions below a folder, by their names without `.txt`.
fn sessions() -> Vec<String> {
    let mut left = vec![folder()];
    let mut names = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|suffix| suffix == "txt") {
            let name = path.strip_prefix(folder()).unwrap().with_extension("");
            names.push(name.to_str().unwrap().to_owned());
        }
    }
    names.sort();
    names
}

fn file_of(session: &str) -> PathBuf {
    folder().join(format!("{session}.txt"))
}

/// Where a session's commands run, and what is hidden in their output because it is never the same.
struct Stage {
    world: World,
    masks: Vec<(Regex, String)>,
}

impl Stage {
    fn new() -> Stage {
        let world = World::new();
        drop(world.run("streamctl", ["links", "bin"], "").ok());
        let mut stage = Stage { world, masks: Vec::new() };
        stage.hide("[WORLD]", &regex::escape(stage.world.dir().to_str().unwrap()));
        let name = ["-c", "id -un 2>/dev/null || id -u"];
        let me = run_command(stage.world.command("/bin/sh", name), "").ends(0).stdout();
        let me = regex::escape(me.lines().next().unwrap_or_default());
        stage.hide("[ME]", &format!("u:({me})\\b"));
        stage.hide("[ME]", &format!("user (`{me}`|id {me}) may"));
        stage
    }

    /// Hides what `pattern` matches, or its first group if it has one.
    fn hide(&mut self, name: &str, pattern: &str) {
        let regex = Regex::new(pattern).unwrap_or_else(|error| panic!("{name}: {error}"));
        self.masks.push((regex, name.to_owned()));
    }

    fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (regex, name) in &self.masks {
            let mut masked = String::new();
            let mut end = 0;
            for found in regex.captures_iter(&text) {
                let hidden = found.get(1).unwrap_or_else(|| found.get(0).unwrap());
                masked.push_str(&text[end..hidden.start()]);
                masked.push_str(name);
                end = hidden.end();
            }
            masked.push_str(&text[end..]);
            text = masked;
        }
        text
    }

    fn shell(&self, line: &str) -> std::process::Command {
        let mut command = self.world.command("/bin/bash", ["-c", line]);
        command
            .env("PATH", format!("{}/bin:/usr/local/bin:/usr/bin:/bin", self.world.dir().display()))
            .env("STREAMPATH_NOW", NOW)
            .env("STREAMPATH_SEED", "1");
        command
    }

    /// Runs a command without a terminal and returns its part of the transcript.
    fn run(&self, line: &str) -> String {
        let ran = run_command(self.shell(line), "");
        let mut told = self.lines('|', &ran.stdout());
        told.push_str(&self.lines('!', &ran.stderr()));
        told.push_str(&status(ran.code()));
        told
    }

    /// Runs a command on a terminal, answers its questions, and returns what the screen showed.
    fn run_on_terminal(&self, line: &str, answers: &[String]) -> String {
        let mut terminal = Terminal::start(&self.shell(line));
        let mut screen = String::new();
        for answer in answers {
            screen.push_str(&terminal.wait_for(QUESTION));
            terminal.press(&format!("{answer}\n"));
        }
        let (rest, code) = terminal.finish();
        screen.push_str(&rest);
        self.lines('|', &screen.replace("\r\n", "\n")) + &status(code)
    }

    /// Returns text as lines of a transcript: one sign in front, nothing in it that is not seen.
    fn lines(&self, sign: char, text: &str) -> String {
        let text = self.masked(text);
        let mut told = String::new();
        for line in text.split_terminator('\n') {
            let mut shown = String::new();
            for character in line.chars() {
                match character {
                    '\t' => shown.push('\t'),
                    character if character.is_control() => shown.extend(character.escape_default()),
                    character => shown.push(character),
                }
            }
            if let Some(start) = shown.strip_suffix(' ') {
                shown = format!("{start}␠");
            }
            writeln!(told, "{}", format!("{sign} {shown}").trim_end()).unwrap();
        }
        if !text.is_empty() && !text.ends_with('\n') {
            told.push_str("~\n");
        }
        told
    }
}

fn status(code: Option<i32>) -> String {
    match code {
        Some(0) => String::new(),
        Some(code) => format!("? {code}\n"),
        None => "? killed\n".to_owned(),
    }
}

/// Plays a session and returns its transcript as it should read.
fn play(text: &str) -> String {
    let mut stage = Stage::new();
    let mut played = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("$ ").or_else(|| line.strip_prefix("% ")) else {
            if let Some(mask) = line.strip_prefix("mask ") {
                let (name, pattern) = mask.split_once(' ').expect("mask [NAME] PATTERN");
                stage.hide(name, pattern);
            }
            let is_output = line.starts_with(['|', '!', '?', '~']);
            if !is_output {
                writeln!(played, "{line}").unwrap();
            }
            continue;
        };
        writeln!(played, "{line}").unwrap();
        let mut command = command.to_owned();
        while let Some(more) = lines.next_if(|line| line.starts_with("> ")) {
            writeln!(played, "{more}").unwrap();
            write!(command, "\n{}", &more[2..]).unwrap();
        }
        let mut answers = Vec::new();
        while let Some(answer) = lines.next_if(|line| line.starts_with('<')) {
            writeln!(played, "{answer}").unwrap();
            answers.push(answer[1..].trim_start().to_owned());
        }
        played.push_str(&match line.starts_with('%') {
            true => stage.run_on_terminal(&command, &answers),
            false => stage.run(&command),
        });
    }
    played
}

/// Returns the first lines that differ, each with what it was and what it is.
fn difference(session: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let mut told = format!("{session}.txt, line {}:\n", same + 1);
    let command = new[..same.min(new.len())].iter().rfind(|line| line.starts_with(['$', '%']));
    writeln!(told, "  {}", command.unwrap_or(&"")).unwrap();
    for (sign, lines) in [("kept", &old), ("came", &new)] {
        for line in lines.iter().skip(same).take(6) {
            writeln!(told, "  {sign}: {}", line.escape_debug()).unwrap();
        }
    }
    told
}

#[test]
fn transcripts_are_what_comes_back() {
    let only = env::var("TRANSCRIPT").unwrap_or_default();
    let blesses = env::var("BLESS").is_ok_and(|value| value == "1");
    let all: Vec<String> = sessions().into_iter().filter(|name| name.contains(&only)).collect();
    assert!(!all.is_empty(), "there is no transcript `{only}`");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut faults = String::new();
        while let Some(session) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let kept = fs::read_to_string(file_of(session)).unwrap();
            let came = play(&kept);
            if came != kept && blesses {
                fs::write(file_of(session), came).unwrap();
            } else if came != kept {
                faults.push_str(&difference(session, &kept, &came));
            }
        }
        faults
    };
    let faults: String = thread::scope(|scope| {
        let workers: Vec<_> = (0..3).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "\n{faults}(BLESS=1 writes what came into the files)");
}

/// Returns where the transcript of each command should be: `topic/list`, `streamctl/links`.
fn commands() -> Vec<String> {
    let mut command = Program::Streamctl.command();
    command.build();
    let mut left = vec![&command];
    let mut names = Vec::new();
    while let Some(group) = left.pop() {
        for verb in group.get_subcommands() {
            if verb.get_name() == "help" || verb.is_hide_set() {
                continue;
            }
            left.push(verb);
            if !verb.has_subcommands() {
                names.push(format!("{}/{}", group.get_name(), verb.get_name()));
            }
        }
    }
    names.sort();
    names
}

#[test]
fn every_command_has_a_transcript_with_all_its_faces() {
    let known: BTreeSet<String> = sessions().into_iter().collect();
    let mut faults = String::new();
    for command in commands() {
        if !known.contains(&command) {
            writeln!(faults, "{command}: write {command}.txt, see its README.md").unwrap();
            continue;
        }
        let text = fs::read_to_string(file_of(&command)).unwrap();
        let count = |signs: &[char]| text.lines().filter(|line| line.starts_with(signs)).count();
        if count(&['$', '%']) <= count(&['?']) {
            writeln!(faults, "{command}: shows nowhere a success").unwrap();
        }
        for (face, pattern) in [
            ("a failure", r"(?m)^\? [1-9]"),
            ("JSON", r"(?m)^\$ .* -json"),
            ("a failure in JSON", r#"(?m)^\|\s+"status":"ERROR","#),
            ("a terminal", r"(?m)^% "),
            ("a failure under MapR's name", r"(?m)^! ERROR \("),
        ] {
            if !Regex::new(pattern).unwrap().is_match(&text) {
                writeln!(faults, "{command}: shows nowhere {face}").unwrap();
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// The runner notices what it should: a byte more, another status, a line that is missing.
#[test]
fn a_transcript_can_fail() {
    let right = "# Text.\n$ printf 'a \\tb\\n'; exit 3\n| a \tb\n? 3\n";
    assert_eq!(play(right), right);
    let session = "mask [N] x([0-9]+)\n$ printf 'x12 \\033[1m'; echo no >&2\n| stale\n\nend\n";
    let played = "mask [N] x([0-9]+)\n$ printf 'x12 \\033[1m'; echo no >&2\n| x[N] \\u{1b}[1m\n~\n\
                  ! no\n\nend\n";
    assert_eq!(play(session), played);
    let asked = "% read -p 'sure? [y/N] ' word\n> echo got $word; tty -s\n< yes\n\
                 | sure? [y/N] yes\n| got yes\n";
    assert_eq!(play(asked), asked);
    assert_eq!(play("$ printf 'a '\n"), "$ printf 'a '\n| a␠\n~\n");
    assert!(difference("s", "$ a\n| b\n", "$ a\n| c\n").contains("line 2:\n  $ a\n  kept: | b"));
}
