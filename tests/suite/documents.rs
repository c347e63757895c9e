//! The documents say what is so: commands run as shown, numbers are those of the code, links lead
//! somewhere.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use streampath::cli::Program;

use crate::pages::page_files;
use crate::roff::unroffed;
use crate::world::{World, program_path, run_command};

/// Returns the texts that show commands to a reader, each one session.
fn documents() -> Vec<String> {
    let name = |path: PathBuf| format!("man/{}", path.file_name().unwrap().to_str().unwrap());
    let mut pages: Vec<String> = page_files().into_iter().map(name).collect();
    pages.insert(0, "README.md".to_owned());
    pages
}

/// Beginnings of shown commands that no test runs, and why.
const NOT_RUN: [(&str, &str); 7] = [
    ("bash demos/", "run by tests/suite/demos.rs and by .ci/run"),
    ("cargo ", "the tests are what it runs; builds and installs are not theirs to make"),
    ("install ", "writes to the reader's home"),
    ("STREAMPATH_GROUP_ROUNDS=", "runs for minutes; .ci/run has a short form"),
    ("STREAMPATH_ROUNDS=", "runs for hours; .ci/run has a short form"),
    ("STREAMPATH_COMMITS=", "runs for minutes; the tests have a short form"),
    ("bash tests/interop/run.sh", "wants Java; a stage of .ci/run"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// A command that a document shows, with what is typed into it and what it is said to print.
#[derive(Debug, Default)]
struct Shown {
    line: usize,
    command: String,
    typed: Vec<String>,
    printed: Vec<String>,
}

impl Shown {
    /// Whether the command goes on until it is told to stop.
    fn follows(&self) -> bool {
        self.command.contains("console-consumer")
            && !["--until", "--max-messages", "--timeout-ms", "|"]
                .iter()
                .any(|end| self.command.contains(end))
    }

    /// The stream and the group of a consumer that shares its topic with others.
    fn group(&self) -> Option<(&str, &str)> {
        let after = |option: &str| {
            let mut words = self.command.split_whitespace();
            words.find(|word| *word == option).and_then(|_| words.next())
        };
        Some((after("--topic")?.split_once(':')?.0, after("--group")?))
    }
}

/// Returns the examples of a document, block by block, as a reader sees them.
fn blocks(file: &str) -> Vec<(usize, Vec<String>)> {
    let is_page = file.starts_with("man/");
    let mut blocks = Vec::new();
    let mut block: Option<(usize, Vec<String>)> = None;
    for (index, line) in read(file).lines().enumerate() {
        let (begins, ends) = match is_page {
            true => (line == ".EX", line == ".EE"),
            false => (line.starts_with("```") && block.is_none(), line == "```"),
        };
        if begins && block.is_none() {
            // A picture is not typed.
            let is_picture = line == "```text";
            block = Some((if is_picture { usize::MAX } else { index + 1 }, Vec::new()));
        } else if ends {
            blocks.extend(block.take().filter(|(first, _)| *first != usize::MAX));
        } else if let Some((_, lines)) = block.as_mut() {
            lines.push(if is_page { unroffed(line) } else { line.to_owned() });
        }
    }
    assert!(block.is_none(), "{file}: a block has no end");
    blocks
}

/// Returns the commands that a document shows: `$ command`, `>typed`, printed.
fn shown(file: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for (first, lines) in blocks(file) {
        let mut inside = false;
        for (index, line) in lines.iter().enumerate() {
            let continued = |shown: &&mut Shown| {
                let quotes = shown.command.matches('\'').count();
                let goes_on = shown.command.ends_with(['\\', '|']) || quotes % 2 == 1;
                inside && goes_on && shown.typed.is_empty() && shown.printed.is_empty()
            };
            if let Some(command) = line.strip_prefix("$ ") {
                let line = first + index + 1;
                all.push(Shown { line, command: command.to_owned(), ..Shown::default() });
                inside = true;
            } else if let Some(last) = all.last_mut().filter(continued) {
                last.command.push('\n');
                last.command.push_str(line);
            } else if let Some(last) = all.last_mut().filter(|_| inside) {
                match line.strip_prefix('>') {
                    Some(typed) => last.typed.push(typed.to_owned()),
                    None => last.printed.push(line.clone()),
                }
            }
        }
    }
    all
}

/// Whether `line` is what `pattern` shows, where `…` stands for anything.
fn is_like(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// Whether `lines` are what `pattern` shows; a line `…` stands for any lines.
fn are_like(lines: &[&str], pattern: &[String]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((any, rest)) if any == "…" => {
            (0..=lines.len()).any(|skipped| are_like(&lines[skipped..], rest))
        }
        Some((first, rest)) => lines.split_first().is_some_and(|(line, lines)| {
            is_like(line.trim_end(), first.trim_end()) && are_like(lines, rest)
        }),
    }
}

/// Returns a script that runs the commands in one shell and marks where each begins and ends.
fn script(commands: &[Shown]) -> String {
    // A follower is ready once it watches for changes, and is a member if it is to be one.
    let mut script = String::from(
        "exec 2>&1\nstatus=0\n\
         ready() { for i in $(seq 500); do grep -qs ^inotify /proc/$1/fdinfo/* && return; \
         sleep 0.02; done; }\n\
         joined() { for i in $(seq 500); do [ \"$(streamctl group list $1 -columns state \
         -filter consumergroup==$2 -format csv -noheader)\" = Stable ] && return; \
         sleep 0.02; done; }\n\
         lines() { for i in $(seq 500); do [ $(wc -l <$1) -ge $2 ] && return; sleep 0.02; done; }\n",
    );
    let mut last = String::new();
    for (number, shown) in commands.iter().enumerate() {
        let (command, file) = (&shown.command, format!("\"$HOME\"/.follower-{number}"));
        if shown.follows() {
            // What it says on the side comes whenever it comes: when its topic is deleted, say.
            let _ = writeln!(script, "{{ exec {command}; }} </dev/null >{file} 2>{file}.told &");
            let _ = writeln!(script, "follower{number}=$!\nready $follower{number}");
            if let Some((stream, group)) = shown.group() {
                let _ = writeln!(script, "joined {stream} {group}");
            }
            let lines = shown.printed.len();
            let _ = writeln!(last, "lines {file} {lines}\nkill -TERM $follower{number}");
            let _ = writeln!(last, "wait $follower{number}\nprintf '\\001{number}\\n'");
            let _ = writeln!(last, "head -n {lines} {file}\nprintf '\\002{number} 0\\n'");
            continue;
        }
        let typed: String = shown.typed.iter().map(|line| format!("{line}\n")).collect();
        let _ = write!(
            script,
            "printf '\\001{number}\\n'\n(exit $status)\n{{ {command}\n}} <<'TYPED'\n{typed}TYPED\n\
             status=$?\nprintf '\\002{number} %d\\n' $status\n"
        );
    }
    script + &last
}

/// Runs a document's commands in a fresh world and compares what they print.
#[track_caller]
fn run_document(file: &str) {
    let world = World::new();
    let programs = world.dir().join(".programs");
    fs::create_dir(&programs).unwrap();
    for program in Program::ALL.map(Program::name) {
        symlink(program_path(program), programs.join(program)).unwrap();
    }
    let commands: Vec<Shown> = shown(file)
        .into_iter()
        .filter(|shown| !NOT_RUN.iter().any(|(start, _)| shown.command.starts_with(start)))
        .collect();
    assert!(!commands.is_empty(), "{file} shows no session");
    let mut command = world.command("/bin/sh", ["-c", &script(&commands)]);
    command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()));
    let told = run_command(command, "").ends(0).stdout();

    let mut faults = Vec::new();
    for (number, shown) in commands.iter().enumerate() {
        let at = format!("{file}:{}: `{}`", shown.line, shown.command);
        let begun = told.split_once(&format!("\u{1}{number}\n")).map(|(_, rest)| rest);
        let ended = begun.and_then(|rest| rest.split_once(&format!("\u{2}{number} ")));
        let Some((printed, rest)) = ended else {
            faults.push(format!("{at} never ended; told so far:\n{told}"));
            break;
        };
        let status = rest.lines().next().unwrap_or_default();
        let asked = commands.get(number + 1).is_some_and(|next| next.command == "echo $?");
        if status != "0" && !asked {
            faults.push(format!("{at} ended with {status}:\n{printed}"));
        }
        let lines: Vec<&str> = printed.lines().collect();
        if !shown.printed.is_empty() && !are_like(&lines, &shown.printed) {
            faults.push(format!(
                "{at}\n--- shown\n{}\n--- printed\n{printed}",
                shown.printed.join("\n")
            ));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_readme_runs_as_shown() {
    run_document("README.md");
}

#[test]
fn the_page_of_ideas_runs_as_shown() {
    run_document("man/streams.7");
}

#[test]
fn the_page_of_the_store_runs_as_shown() {
    run_document("man/stream-store.5");
}

/// Each page has a session, under its heading EXAMPLES, and all of it runs as shown.
#[test]
fn the_pages_run_as_shown() {
    for file in documents() {
        let Some((_, examples)) = read(&file).split_once("\n.SH EXAMPLES\n").map(owned) else {
            assert_eq!(file, "README.md", "the page has no examples");
            continue;
        };
        assert!(examples.contains("\n.EX\n"), "{file} has an empty section EXAMPLES");
        // Those have tests of their own.
        if !["man/streams.7", "man/stream-store.5"].contains(&file.as_str()) {
            run_document(&file);
        }
    }
}

fn owned(parts: (&str, &str)) -> (String, String) {
    (parts.0.to_owned(), parts.1.to_owned())
}

/// Every line of a block that looks like one of our commands begins with `$` and so is run, or is
/// in the list of those that are not.
#[test]
fn no_command_is_shown_without_being_run() {
    let mut faults = Vec::new();
    for file in documents() {
        for (first, lines) in blocks(&file) {
            for (index, line) in lines.iter().enumerate() {
                let is_ours = [
                    "streamctl ",
                    "maprcli ",
                    "console-",
                    "kafka-",
                    "bash ",
                    "cargo ",
                    "STREAMPATH_",
                ]
                .iter()
                .any(|start| line.starts_with(start));
                let is_known = NOT_RUN.iter().any(|(start, _)| line.starts_with(start))
                    || line.starts_with("streamctl: ");
                if is_ours && !is_known {
                    faults.push(format!("{file}:{}: `{line}`", first + index + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn what_is_shown_is_compared() {
    assert!(is_like("a12b", "a…b") && is_like("ab", "a…b") && is_like("x", "…"));
    assert!(!is_like("a12", "a…b") && !is_like("ab", "a") && !is_like("b", "a…"));
    let pattern = ["a".to_owned(), "…".to_owned(), "z".to_owned()];
    assert!(are_like(&["a", "z"], &pattern) && are_like(&["a", "b", "c", "z"], &pattern));
    assert!(!are_like(&["a"], &pattern) && !are_like(&["a", "z", "y"], &pattern));
}

/// Links of the texts lead to files of the project, and the scripts they name are there.
#[test]
fn links_lead_somewhere() {
    let mut faults = Vec::new();
    for file in ["README.md", "CHANGELOG.md"] {
        for part in read(file).split("](").skip(1) {
            let (target, _) = part.split_once(')').unwrap();
            if !target.contains("://") && !root().join(target).is_file() {
                faults.push(format!("{file}: `{target}` is not there"));
            }
        }
        for word in read(file).split_whitespace() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !"./_-".contains(c));
            let is_script = word.ends_with(".sh") && word.contains('/') && !word.starts_with("./");
            if is_script && !root().join(word).is_file() {
                faults.push(format!("{file}: `{word}` is not there"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Functions and constants that the map names are in the room or the type it says.
#[test]
fn the_map_names_what_is_there() {
    let map = read("src/ARCHITECTURE.md");
    assert!(map.lines().count() <= 200, "the map is longer than 200 lines");
    let mut sources = String::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs") {
                sources.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut faults = Vec::new();
    for word in map.split('`').skip(1).step_by(2).filter(|word| word.contains("::")) {
        for part in word.split("::") {
            let is_there =
                ["fn ", "struct ", "enum ", "const ", "mod ", "type ", "    "].iter().any(|kind| {
                    sources.match_indices(&format!("{kind}{part}")).any(|(at, found)| {
                        let after = sources[at + found.len()..].chars().next();
                        after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                    })
                }) || root().join("src").join(part).is_dir();
            if !is_there {
                faults.push(format!("`{word}`: there is no `{part}`"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
