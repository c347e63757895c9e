//! The rules of the house that no compiler checks: who may name whom, sizes, names, texts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, iter};

/// Each room under `src/` and the rooms it may name, lowest first.
///
/// Adding a word here is an architecture decision: say why in the commit.
const ROOMS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("fs", &["time"]),
    ("path", &[]),
    ("access", &["path"]),
    ("record", &["time"]),
    ("log", &["fs", "record", "time"]),
    ("catalog", &["access", "path", "record", "time"]),
    ("store", &["access", "catalog", "fs", "log", "path", "record", "time"]),
    ("produce", &["access", "catalog", "fs", "log", "path", "record", "store", "time"]),
    ("consume", &["access", "catalog", "fs", "log", "path", "record", "store", "time"]),
    ("group", &["access", "catalog", "fs", "log", "path", "record", "store", "time"]),
    ("upkeep", &["access", "catalog", "fs", "log", "path", "record", "store", "time"]),
    (
        "cli",
        &[
            "access", "catalog", "consume", "fs", "group", "log", "path", "produce", "record",
            "store", "time", "upkeep",
        ],
    ),
];

/// Outside crates (and parts of `std`), and the only rooms that may name them outside their tests.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("comfy_table", &["cli"]),
    ("indicatif", &["cli"]),
    ("signal_hook", &["cli"]),
    ("std::env", &["cli"]),
    ("rusqlite", &["catalog"]),
    ("serde_json", &["log", "catalog", "store", "cli"]),
    ("std::fs", &["fs", "cli"]),
    ("rustix", &["fs", "cli"]),
    ("flate2", &["record"]),
    ("lz4_flex", &["record"]),
    ("snap", &["record"]),
    ("zstd", &["record"]),
    ("crc32c", &["record", "log", "catalog"]),
];

/// File and folder names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "misc", "types", "base", "manager", "inner",
    "mods",
];

/// The longest source file, in lines.
const FILE_LINES_MAX: usize = 600;

/// Everything that looks at the texts leaves these out: made by tools, or by others.
const NOT_OURS: &[&str] = &["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT", "tests/data/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the files that belong to the project: those in the commit and those about to be.
fn project_files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let files: Vec<PathBuf> = match listed {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout)
            .unwrap()
            .split_terminator('\0')
            .map(PathBuf::from)
            .filter(|file| root().join(file).is_file())
            .collect(),
        _ => walk(Path::new("")),
    };
    assert!(files.len() > 5, "the project's files were not found: {files:?}");
    files
}

/// Lists files without Git: in an unpacked archive, say.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if !matches!(path.to_str(), Some("target" | ".git")) {
                files.extend(walk(&path));
            }
        } else {
            files.push(path);
        }
    }
    files
}

fn rust_files() -> Vec<(PathBuf, String)> {
    let rust = |file: &PathBuf| file.extension().is_some_and(|suffix| suffix == "rs");
    let read = |file: PathBuf| (file.clone(), fs::read_to_string(root().join(file)).unwrap());
    project_files().into_iter().filter(rust).map(read).collect()
}

fn texts() -> Vec<(PathBuf, String)> {
    let ours = |file: &PathBuf| !NOT_OURS.iter().any(|other| file.starts_with(other));
    let read = |file: PathBuf| Some((file.clone(), fs::read_to_string(root().join(file)).ok()?));
    project_files().into_iter().filter(ours).filter_map(read).collect()
}

/// Returns the room that a file of `src/` is in.
fn room_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix("src").ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    Some(first.strip_suffix(".rs").unwrap_or(first).to_owned())
}

/// Returns each name that follows `before` in `line`, up to the first character no name has.
fn names_after<'a>(line: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    line.split(before).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Tells whether `line` names the crate or module `name`, as a word of its own before `::`.
fn names_crate(line: &str, name: &str) -> bool {
    let mut from = 0;
    iter::from_fn(|| {
        let at = line[from..].find(name)? + from;
        from = at + name.len();
        Some(at)
    })
    .any(|at| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        let starts = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        starts && (after.starts_with("::") || after.starts_with("!(") || after.starts_with(';'))
    })
}

/// Whether a line is part of the product or only of its tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Product,
    Tests,
}

/// Returns the lines of a source file, each with what it is part of: a file of tests, or a test
/// module at the foot of its file.
fn code(file: &Path, text: &str) -> Vec<(Code, String)> {
    let stem = file.file_stem().unwrap().to_string_lossy();
    let in_tests = stem == "tests" || stem.ends_with("_tests") || file.iter().any(|p| p == "tests");
    let mut now = if in_tests { Code::Tests } else { Code::Product };
    let mut marked = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if marked && line.starts_with("mod ") && line.ends_with('{') {
            now = Code::Tests;
        }
        marked = line == "#[cfg(test)]" || marked && line.starts_with("#[");
        lines.push((now, line.to_owned()));
    }
    lines
}

/// Returns what is wrong with the names in one line of a room.
fn faults_of_line(room: &str, may_name: &[&str], code: Code, line: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if line.trim_start().starts_with("//") {
        return faults;
    }
    for named in names_after(line, "crate::") {
        let known = ROOMS.iter().any(|(other, _)| *other == named);
        if named.is_empty() {
            faults.push("name one room per `use` line".to_owned());
        } else if known && named != room && !may_name.contains(&named) {
            faults.push(format!("`{room}` must not name `{named}`"));
        }
    }
    for (name, homes) in KEPT_IN {
        if code == Code::Product && names_crate(line, name) && !homes.contains(&room) {
            faults.push(format!("`{name}` is only for {}", homes.join(", ")));
        }
    }
    faults
}

#[track_caller]
fn no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn rooms_only_look_down() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        let Some(room) = room_of(&file).filter(|room| room != "lib") else { continue };
        let Some((_, may_name)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            faults.push(format!("{}: `{room}` is no room (see ROOMS)", file.display()));
            continue;
        };
        for (index, (code, line)) in code(&file, &text).into_iter().enumerate() {
            for fault in faults_of_line(&room, may_name, code, &line) {
                faults.push(format!("{}:{}: {fault}", file.display(), index + 1));
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn the_layering_test_sees_what_it_should() {
    let may: &[&str] = &["fs", "record", "time"];
    let wrong = [
        "use crate::store::Store;",
        "use crate::{fs::Dir, store::Store};",
        "    let x: rusqlite::Connection;",
        "use anyhow::Context;",
        "    anyhow!(\"no\")",
        "fn f(x: &crate::cli::Args) {}",
        "let d = std::env::var(\"X\");",
    ];
    for line in wrong {
        assert!(
            !faults_of_line("log", may, Code::Product, line).is_empty(),
            "`{line}` went unseen"
        );
    }
    let right = [
        "use crate::fs::{Dir, File};",
        "use crate::log::Reader;",
        "// rusqlite::Connection is for `catalog`",
        "use crate::VERSION;",
        "use my_clap::x;",
        "let env = environment::of(x);",
    ];
    for line in right {
        assert_eq!(faults_of_line("log", may, Code::Product, line), Vec::<String>::new(), "{line}");
    }
    let upward = faults_of_line("log", may, Code::Tests, "use crate::store::Store;");
    assert!(!upward.is_empty(), "tests too look only down");
    let outside = faults_of_line("log", may, Code::Tests, "std::fs::read(path)");
    assert_eq!(outside, Vec::<String>::new());
    let text = "std::fs::a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod tests {\nc\n}";
    let parts: Vec<Code> = code(Path::new("src/log/x.rs"), text).iter().map(|(p, _)| *p).collect();
    assert_eq!(parts[..5], [Code::Product; 5]);
    assert_eq!(parts[5..], [Code::Tests; 3]);
}

#[test]
fn every_room_looks_only_at_rooms_below_it() {
    for (index, (room, may_name)) in ROOMS.iter().enumerate() {
        for named in *may_name {
            let below = ROOMS[..index].iter().any(|(other, _)| other == named);
            assert!(below, "`{room}` may name `{named}`, which is not below it");
        }
    }
}

#[test]
fn source_files_say_what_they_are_for_and_stay_short() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        let shown = file.display();
        if !text.starts_with("//! ") {
            faults.push(format!("{shown}: does not open with `//!` and what it is for"));
        }
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(format!("{shown}: {lines} lines; the limit is {FILE_LINES_MAX}"));
        }
        for (index, line) in text.lines().enumerate() {
            for left in
                [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")]
            {
                if line.contains(left) {
                    faults.push(format!("{shown}:{}: `{left}` left behind", index + 1));
                }
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn no_file_or_folder_has_an_empty_name() {
    let mut faults = Vec::new();
    for file in project_files() {
        for part in &file {
            let part = part.to_string_lossy();
            let stem = part.split('.').next().unwrap_or_default();
            if EMPTY_NAMES.contains(&stem) {
                faults.push(format!(
                    "{}: `{stem}` says nothing; name what is inside",
                    file.display()
                ));
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn every_test_file_is_listed_in_its_crate() {
    let mut faults = Vec::new();
    for krate in ["tests/suite", "tests/faults"] {
        let main = fs::read_to_string(root().join(krate).join("main.rs")).unwrap();
        for (file, _) in rust_files() {
            let Ok(inside) = file.strip_prefix(krate) else { continue };
            let module = inside.iter().next().unwrap().to_string_lossy();
            let module = module.trim_end_matches(".rs");
            if module != "main" && !main.lines().any(|line| line == format!("mod {module};")) {
                faults.push(format!("{}: not listed in {krate}/main.rs", file.display()));
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn no_registry_host_and_no_machine_path_in_any_text() {
    // In two parts each, so that this file does not accuse itself.
    let parts = [
        ("crates", ".io"),
        ("maven", ".org"),
        ("repo.maven", ".apache"),
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("golang", ".org"),
        ("deb.", "debian"),
        ("/work", "/wt"),
        ("/work", "/main"),
        ("/work", "/shared"),
        ("/work", "/.library"),
        ("/ro", "ot/"),
    ];
    let mut faults = Vec::new();
    for (file, text) in texts() {
        for (index, line) in text.lines().enumerate() {
            for name in parts.map(|(front, back)| format!("{front}{back}")) {
                if line.contains(&name) {
                    faults.push(format!("{}:{}: names `{name}`", file.display(), index + 1));
                }
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn texts_end_with_a_newline_and_no_line_ends_with_a_blank() {
    let mut faults = Vec::new();
    for (file, text) in texts() {
        // Generated pages and byte-exact transcripts keep what the programs print.
        if file.starts_with("man")
            || file.starts_with("completions")
            || file.starts_with("tests/cmd")
        {
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            faults.push(format!("{}: no newline at the end", file.display()));
        }
        for (index, line) in text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                faults.push(format!("{}:{}: ends with a blank", file.display(), index + 1));
            }
        }
    }
    no_faults(&faults);
}

/// The tests switch on no feature of a crate that the programs have too: else everything above that
/// crate is built twice, once for either.
#[test]
fn programs_and_tests_share_one_build() {
    let tree = |edges: &str| {
        let words = ["tree", "--offline", "--prefix", "none", "--format", "{p} {f}", "--edges"];
        let ran = Command::new(env!("CARGO")).args(words).arg(edges).current_dir(root()).output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let text = String::from_utf8(ran.stdout).unwrap();
        text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect::<Vec<_>>()
    };
    let with_tests = tree("normal,build,dev");
    let mut faults: Vec<String> =
        tree("normal,build").into_iter().filter(|line| !with_tests.contains(line)).collect();
    faults.dedup();
    no_faults(&faults);
}
