//! The manual pages and completions in the tree are what the argument definitions say today.
//!
//! To accept a change: `BLESS=1 cargo test --release --test suite generated`, then read the diff.

use std::path::{Path, PathBuf};
use std::{env, fs};

use streampath::cli::{Program, Shell, completion_script};

use crate::pages::{BY_HAND, built, page_files, pages};
use crate::roff::unroffed;

/// Compares a file of the tree with what it should be, or writes it if `BLESS` is set.
fn compare_or_bless(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let line = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count())) + 1;
    assert!(found == expected, "{file} is stale from line {line} on; BLESS=1 rewrites it");
}

#[test]
fn manual_pages_are_current() {
    for page in pages() {
        compare_or_bless(&format!("man/{}", page.file), &page.text);
    }
}

/// No page is left over from a group that is gone, and none by hand is forgotten.
#[test]
fn every_page_is_generated_or_by_hand() {
    let mut known: Vec<String> = pages().into_iter().map(|page| page.file).collect();
    known.extend(BY_HAND.map(str::to_owned));
    known.sort();
    let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let found: Vec<String> = page_files().into_iter().map(name).collect();
    assert_eq!(found, known);
}

#[test]
fn completions_are_current() {
    for program in Program::ALL {
        for shell in Shell::ALL {
            let file = Path::new("completions").join(shell.file_name(program));
            compare_or_bless(file.to_str().unwrap(), &completion_script(program, shell));
        }
    }
}

/// The long text of each command is in its help: a comment on the variant of a command hides what
/// stands in the command's own file.
#[test]
fn every_command_says_more_than_its_line() {
    for program in Program::ALL {
        let root = built(program);
        let mut left = vec![&root];
        while let Some(command) = left.pop() {
            let name = command.get_bin_name().unwrap_or_default();
            assert!(command.get_long_about().is_some(), "`{name}` has no long text");
            let inner = command.get_subcommands();
            left.extend(inner.filter(|it| it.get_name() != "help" && !it.is_hide_set()));
        }
    }
}

/// Each command has its place in one page, and what is to come later is in none.
#[test]
fn every_command_is_in_the_page_of_its_group() {
    let pages = pages();
    let page = |file: &str| &pages.iter().find(|page| page.file == file).unwrap().text;
    for (file, command) in [
        ("streamctl.1", "errors"),
        ("streamctl.1", "links"),
        ("streamctl-stream.1", "stream purge"),
        ("streamctl-topic.1", "stream topic edit"),
        ("streamctl-cursor.1", "stream cursor delete"),
        ("streamctl-assign.1", "stream assign list"),
        ("streamctl-store.1", "store check"),
    ] {
        let title =
            if command.contains(' ') { format!("\"{command}\"") } else { command.to_owned() };
        for other in &pages {
            let has = other.text.lines().any(|line| line == format!(".SS {title}"));
            assert_eq!(has, other.file == file, "{}: {command}", other.file);
        }
        assert!(page(file).contains(&format!("\n\\fBstreamctl {command}\\fR [")), "{command}");
    }
    // Topics have replicas in Kafka, and its tools speak of them.
    for page in pages.into_iter().filter(|page| !page.file.starts_with("kafka-")) {
        for later in ["replica", "upstream"] {
            assert!(!page.text.contains(later), "{} speaks of {later}", page.file);
        }
    }
}

/// The sections stand in the order of man-pages(7), and those that every page needs are there.
#[test]
fn the_sections_of_the_pages_are_in_order() {
    const ORDER: [&str; 14] = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "COMMANDS",
        "OPTIONS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "STANDARDS",
        "NOTES",
        "CAVEATS",
        "BUGS",
        "EXAMPLES",
        "SEE ALSO",
    ];
    for path in page_files() {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let headings = text.lines().filter_map(|line| line.strip_prefix(".SH "));
        let headings: Vec<&str> = headings.map(|heading| heading.trim_matches('"')).collect();
        let places: Vec<Option<usize>> = headings
            .iter()
            .map(|heading| ORDER.iter().position(|known| known == heading))
            .collect();
        assert!(places.iter().all(Option::is_some), "{file}: an unknown section: {headings:?}");
        assert!(places.is_sorted(), "{file}: {headings:?}");
        let needed: &[&str] = match file.ends_with(".1") {
            true => &["NAME", "SYNOPSIS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"],
            false => &["NAME", "DESCRIPTION", "EXAMPLES"],
        };
        for name in needed.iter().chain(&["SEE ALSO"]) {
            assert!(headings.contains(name), "{file} has no {name}");
        }
    }
}

/// Each exit status of the design is in each page, and no page carries a date.
#[test]
fn pages_tell_the_exit_statuses_and_no_date() {
    for page in pages() {
        let (_, statuses) = page.text.split_once(".SH \"EXIT STATUS\"\n").unwrap();
        let (statuses, _) = statuses.split_once(".SH ").unwrap();
        let numbers: Vec<&str> =
            statuses.lines().filter_map(|line| line.strip_prefix(".B ")).collect();
        let expected = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "70", "130", "143"];
        assert_eq!(numbers, expected, "{}", page.file);
        let title = page.text.lines().find(|line| line.starts_with(".TH")).unwrap();
        assert!(title.contains(" 1 \"\" "), "{title}");
    }
}

/// The page of the old names speaks of no option that does not exist, here or there.
#[test]
fn the_page_of_old_names_names_options_that_exist() {
    /// Options of MapR's tool that the page says are unknown here, or of other tools.
    const NOT_OURS: [&str; 4] = ["cluster", "long", "cli.loglevel", "ls"];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let text = fs::read_to_string(folder.join("streamctl-compat.7")).unwrap();
    let mut known: Vec<String> = NOT_OURS.map(str::to_owned).to_vec();
    for program in Program::ALL {
        let root = built(program);
        let mut left = vec![&root];
        while let Some(command) = left.pop() {
            let names = command.get_arguments().filter_map(|option| option.get_long());
            known.extend(names.map(str::to_owned));
            let letters = command
                .get_arguments()
                .flat_map(|option| option.get_all_short_aliases().unwrap_or_default().into_iter());
            known.extend(letters.map(String::from));
            left.extend(command.get_subcommands());
        }
    }
    let mut seen = 0;
    let mut in_session = false;
    for line in text.lines() {
        in_session = (in_session || line == ".EX") && line != ".EE";
        if in_session {
            continue;
        }
        let line = unroffed(line);
        for word in line.split(|c: char| c.is_whitespace() || "|,;:()".contains(c)) {
            let name = word.trim_start_matches('-');
            let dashes = word.len() - name.len();
            if !(1..=2).contains(&dashes) || !name.starts_with(|c: char| c.is_alphabetic()) {
                continue;
            }
            let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
            assert!(known.iter().any(|known| known == name), "there is no option `{word}`: {line}");
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} options were found");
}
