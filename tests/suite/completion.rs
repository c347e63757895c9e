//! Completion as a person meets it: real shells on a terminal, the tab key pressed in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use streampath::cli::{Program, Shell, completion_script};

use crate::pty::{Terminal, find_program};
use crate::world::{World, run_command, skip};

/// What is typed before the tab key, and the words of the command that then runs.
///
/// The words are read back from a function that stands for the program, so what counts is what the
/// shell would have run, whatever the screen looks like.
const TYPED: &[(&str, &[&str])] = &[
    ("streamctl str", &["streamctl", "stream"]),
    ("streamctl stream cr", &["streamctl", "stream", "create"]),
    ("streamctl stream topic inf", &["streamctl", "stream", "topic", "info"]),
    ("streamctl topic li", &["streamctl", "topic", "list"]),
    ("maprcli stream topic li", &["maprcli", "stream", "topic", "list"]),
    ("streamctl stream info -pa", &["streamctl", "stream", "info", "-path"]),
    ("streamctl stream info --pa", &["streamctl", "stream", "info", "--path"]),
    (
        "streamctl stream info -path /sa",
        &["streamctl", "stream", "info", "-path", "/sample-stream"],
    ),
    ("streamctl stream info --path=/sa", &["streamctl", "stream", "info", "--path=/sample-stream"]),
    ("streamctl stream info /ap", &["streamctl", "stream", "info", "/apps/"]),
    ("streamctl stream info /apps/", &["streamctl", "stream", "info", "/apps/gps"]),
    (
        "streamctl stream create -compression zs",
        &["streamctl", "stream", "create", "-compression", "zstd"],
    ),
    ("streamctl -format cs", &["streamctl", "-format", "csv"]),
    (
        "streamctl topic info /sample-stream:f",
        &["streamctl", "topic", "info", "/sample-stream:fast-messages"],
    ),
    (
        "streamctl topic info -path /sample-stream -topic f",
        &["streamctl", "topic", "info", "-path", "/sample-stream", "-topic", "fast-messages"],
    ),
    ("console-producer --topic /sa", &["console-producer", "--topic", "/sample-stream:"]),
    (
        "console-producer --topic /sample-stream:f",
        &["console-producer", "--topic", "/sample-stream:fast-messages"],
    ),
    (
        "console-producer --topic=/sample-stream:f",
        &["console-producer", "--topic=/sample-stream:fast-messages"],
    ),
    ("console-producer -to", &["console-producer", "-topic"]),
    (
        "console-producer --compression-codec gz",
        &["console-producer", "--compression-codec", "gzip"],
    ),
    (
        "kafka-console-producer.sh --topic /sample-stream:f",
        &["kafka-console-producer.sh", "--topic", "/sample-stream:fast-messages"],
    ),
    ("kafka-console-consumer.bat --from-b", &["kafka-console-consumer.bat", "--from-beginning"]),
    ("console-consumer --from beg", &["console-consumer", "--from", "beginning"]),
    ("console-consumer --until @y", &["console-consumer", "--until", "@yesterday"]),
    ("console-consumer --format j", &["console-consumer", "--format", "json"]),
    ("console-consumer --property print.k", &["console-consumer", "--property", "print.key="]),
    (
        "console-consumer --isolation-level read_c",
        &["console-consumer", "--isolation-level", "read_committed"],
    ),
    ("console-producer --pace o", &["console-producer", "--pace", "original"]),
    ("console-producer --on-error sk", &["console-producer", "--on-error", "skip"]),
    (
        "console-consumer --topic /sample-stream:single --partition ",
        &["console-consumer", "--topic", "/sample-stream:single", "--partition", "0"],
    ),
    (
        "streamctl cursor list /sample-stream -consumergroup r",
        &["streamctl", "cursor", "list", "/sample-stream", "-consumergroup", "readers"],
    ),
    (
        "console-consumer --topic /sample-stream:single --group r",
        &["console-consumer", "--topic", "/sample-stream:single", "--group", "readers"],
    ),
    ("kafka-topics --des", &["kafka-topics", "--describe"]),
    (
        "kafka-topics.sh --topic /sample-stream:f",
        &["kafka-topics.sh", "--topic", "/sample-stream:fast-messages"],
    ),
    (
        "kafka-topics --create --config cle",
        &["kafka-topics", "--create", "--config", "cleanup.policy="],
    ),
    ("kafka-get-offsets.bat --time max", &["kafka-get-offsets.bat", "--time", "max-timestamp"]),
    ("streamctl links sub", &["streamctl", "links", "subfolder/"]),
    ("console-consumer /apps/gps:", &["console-consumer", "/apps/gps:only"]),
    ("console-consumer --topic=/apps/gps:", &["console-consumer", "--topic=/apps/gps:only"]),
    ("streamctl stream info --path=/ap", &["streamctl", "stream", "info", "--path=/apps/"]),
    ("streamctl stream info /tw", &["streamctl", "stream", "info", "/two words"]),
    ("streamctl stream info \"/tw", &["streamctl", "stream", "info", "/two words"]),
    (
        "streamctl topic info '/sample-stream:f",
        &["streamctl", "topic", "info", "/sample-stream:fast-messages"],
    ),
    // Nothing to offer: the line stays what it is.
    ("streamctl stream info /no", &["streamctl", "stream", "info", "/no"]),
    ("console-producer --topic /etc/pas", &["console-producer", "--topic", "/etc/pas"]),
];

fn world_with_streams() -> World {
    let world = World::new();
    for line in [
        "stream create /sample-stream",
        "stream create /apps/gps",
        "topic create /sample-stream:fast-messages -partitions 3",
        "topic create /sample-stream:single",
        "topic create /apps/gps:only",
        "cursor set /sample-stream -consumergroup readers -topic single -to end -format csv",
    ] {
        drop(world.run("streamctl", line.split(' '), "").ok());
    }
    drop(world.run("streamctl", ["stream", "create", "/two words"], "").ok());
    let bin = world.dir().join("bin");
    drop(world.run("streamctl", ["links", bin.to_str().unwrap()], "").ok());
    fs::create_dir(world.dir().join("subfolder")).unwrap();
    world
}

/// Writes the scripts where `shell` is to find them, and returns their folder.
fn scripts_of(world: &World, shell: Shell) -> String {
    let folder = world.dir().join("scripts");
    fs::create_dir(&folder).unwrap();
    for program in Program::ALL {
        let text = completion_script(program, shell);
        fs::write(folder.join(shell.file_name(program)), text).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// Returns where a shell is, if it can be put on a terminal of its own.
fn find_shell(name: &str) -> Option<PathBuf> {
    find_program("setsid").and_then(|_| find_program(name))
}

/// Starts a shell that has been told nothing but our scripts, with `prompt> ` as its prompt.
fn start(world: &World, shell: &Path, arguments: &[&str]) -> Terminal {
    let mut command: Command = world.command(shell.to_str().unwrap(), arguments);
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", world.dir().join("bin").display());
    command.env("PATH", path).env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env("PS1", "prompt> ");
    command.env("COLUMNS", "200").env("XDG_CONFIG_HOME", world.dir().join("config"));
    Terminal::start(&command)
}

/// Types each line and a tab, runs it, and compares the words that were run.
fn judge(terminal: &mut Terminal) {
    for (number, (line, words)) in TYPED.iter().enumerate() {
        // A word of its own at the end tells one round from the next, and that the tab was done.
        terminal.press(&format!("{line}\t"));
        terminal.press(&format!(" round-{number}\r"));
        let expected: String = words.iter().map(|word| format!("[{word}]")).collect();
        let end = format!("[round-{number}]");
        let shown = terminal.wait_for(&end);
        let ran = shown.rfind("ran:").map_or("", |at| &shown[at + 4..]);
        // A word that goes on has the round's mark right behind it.
        let ran = ran.strip_suffix(&end).unwrap_or(ran);
        assert_eq!(ran, expected, "`{line}` and a tab; the screen:\n{}", shown.escape_debug());
        terminal.wait_for("prompt> ");
    }
}

/// Returns the script that puts functions in the place of the programs, which print their words.
fn stand_ins() -> String {
    let mut text = String::new();
    for program in Program::ALL {
        for name in [program.name()].iter().chain(program.old_names()) {
            text.push_str(&format!(
                "{name}() {{ printf 'ran:'; printf '[%s]' {name} \"$@\"; echo; }}\n"
            ));
        }
    }
    text
}

#[test]
fn bash_completes() {
    let Some(bash) = find_shell("bash") else { return skip("no bash here") };
    let world = world_with_streams();
    let scripts = scripts_of(&world, Shell::Bash);
    let mut start_file = stand_ins();
    for program in Program::ALL {
        start_file.push_str(&format!(". {scripts}/{}\n", Shell::Bash.file_name(program)));
    }
    start_file.push_str(
        "before=$COMP_WORDBREAKS\nPS1='prompt> '\nbind 'set enable-bracketed-paste off'\n",
    );
    fs::write(world.dir().join("start"), start_file).unwrap();
    let mut terminal = start(&world, &bash, &["--noprofile", "--rcfile", "start", "-i"]);
    terminal.wait_for("prompt> ");
    judge(&mut terminal);
    terminal
        .press("[[ $COMP_WORDBREAKS == \"$before\" && $before == *:* ]] && echo word''breaks\r");
    terminal.wait_for("wordbreaks");
}

#[test]
fn zsh_completes() {
    let Some(zsh) = find_shell("zsh") else { return skip("no zsh here") };
    let world = world_with_streams();
    let scripts = scripts_of(&world, Shell::Zsh);
    let start_file = format!(
        "{}fpath=({scripts} $fpath)\nautoload -U compinit\ncompinit -u -D\nPS1='prompt> '\n\
         unset zle_bracketed_paste\nunsetopt auto_remove_slash\n",
        stand_ins()
    );
    fs::write(world.dir().join(".zshrc"), start_file).unwrap();
    let mut terminal = start(&world, &zsh, &["-o", "no_global_rcs", "-i"]);
    terminal.wait_for("prompt> ");
    judge(&mut terminal);
}

#[test]
fn fish_completes() {
    let Some(fish) = find_shell("fish") else { return skip("no fish here") };
    let world = world_with_streams();
    let scripts = scripts_of(&world, Shell::Fish);
    let config = world.dir().join("config/fish");
    fs::create_dir_all(&config).unwrap();
    // Without this directory fish would first read every manual page of the machine.
    fs::create_dir_all(world.dir().join(".local/share/fish/generated_completions")).unwrap();
    let mut start_file = String::from(
        "set -g fish_greeting\nfunction fish_prompt; printf 'prompt> '; end\nset -g fish_autosuggestion_enabled 0\n",
    );
    for program in Program::ALL {
        for name in [program.name()].iter().chain(program.old_names()) {
            start_file.push_str(&format!(
                "function {name}; printf 'ran:'; printf '[%s]' {name} $argv; echo; end\n"
            ));
        }
        start_file.push_str(&format!("source {scripts}/{}\n", Shell::Fish.file_name(program)));
    }
    fs::write(config.join("config.fish"), start_file).unwrap();
    let mut terminal = start(&world, &fish, &["-i"]);
    terminal.wait_for("prompt> ");
    judge(&mut terminal);
}

/// Asks as a shell does.
fn asked(world: &World, words: &[&str]) -> String {
    let words = ["--complete", "zsh"].iter().chain(words);
    world.run("streamctl", words, "").ok().stdout()
}

#[test]
fn a_question_makes_nothing_and_trouble_is_silent() {
    let world = World::new();
    assert_eq!(asked(&world, &["streamctl", "stream", "info", "/"]), "");
    assert!(!world.store().exists(), "a question made a store");
    fs::write(world.store(), "a text").unwrap();
    assert_eq!(asked(&world, &["streamctl", "stream", "info", "/"]), "");
    fs::remove_file(world.store()).unwrap();
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/s:t"], "").ok());
    fs::write(world.store().join("s/index.1.db"), "damaged").unwrap();
    assert_eq!(asked(&world, &["streamctl", "topic", "info", "/s:"]), "/s:t\n");
    assert_eq!(fs::read(world.store().join("s/index.1.db")).unwrap(), b"damaged");
    for words in [&[][..], &["streamctl"], &["\u{1b}", "'", "\""], &["streamctl", "a b"]] {
        drop(asked(&world, words));
    }
    let mut command =
        world.command("streamctl", ["--complete", "fish", "streamctl", "stream", "info", ""]);
    command.env_remove("STREAMPATH_HOME").env_remove("HOME").env("STREAMPATH_NOW", "soon");
    assert_eq!(run_command(command, "").ok().stdout(), "");
    // Nobody reads the answer any more.
    let program = crate::world::program_path("streamctl");
    let script = format!("{} --complete bash 'streamctl ' '' >/dev/full", program.display());
    drop(run_command(world.command("/bin/sh", ["-c", &script]), "").ok());
}

/// 20 ms are the promise; the least of several runs is what the machine's other work spares.
#[test]
fn an_answer_takes_less_than_20_ms() {
    let world = world_with_streams();
    let questions = [
        ("streamctl", "streamctl topic info /sample-stream:f", "f"),
        ("streamctl", "streamctl stream cr", "cr"),
        ("streamctl", "streamctl cursor list /sample-stream -consumergroup r", "r"),
        ("console-consumer", "console-consumer /sample-stream:single --partition ", ""),
    ];
    for (program, line, word) in questions {
        let best = (0..20)
            .map(|_| {
                let begun = Instant::now();
                let answer = world.run(program, ["--complete", "bash", line, word], "").ok();
                assert!(!answer.stdout().is_empty(), "{line}");
                begun.elapsed()
            })
            .min();
        assert!(best < Some(Duration::from_millis(20)), "`{line}`: {best:?}");
    }
}
