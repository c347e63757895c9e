//! The manual pages and completions in the tree are what the argument definitions say today.
//!
//! To accept a change: `BLESS=1 cargo test --release --test suite generated`, then read the diff.

use std::path::Path;
use std::{env, fs};

use clap::Command;
use clap_mangen::Man;

use streampath::cli::{Program, Shell, completion_script, manual};

use crate::world::{World, run_command};

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

/// Renders one section of clap's page, its heading replaced.
fn section(command: &Command, heading: &str, render: impl Fn(&Man, &mut Vec<u8>)) -> String {
    let mut page = Vec::new();
    render(&Man::new(command.clone()), &mut page);
    let text = String::from_utf8(page).unwrap();
    // The renderer opens each piece with the glyph of a quote; the page says that once.
    let body = text.split_once(".SH ").map_or("", |(_, text)| text);
    let body = body.split_once('\n').map_or("", |(_, text)| text);
    format!("{heading}{}", body.replace(".br\n\n.br\n", ".br\n").replace("\n\n", "\n.sp\n"))
}

fn page_of(program: Program) -> String {
    let manual = manual(program);
    let mut command = program.command();
    command.build();
    let title = program.name().to_uppercase();
    let version = command.get_version().unwrap_or_default();
    let mut page = String::from(".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n");
    page.push_str(&format!(".TH {title} 1 \"\" \"streampath {version}\"\n"));
    page.push_str(&section(&command, ".SH NAME\n", |man, page| {
        man.render_name_section(page).unwrap();
    }));
    page.push_str(".SH SYNOPSIS\n");
    if command.has_subcommands() {
        each_leaf(&command, &mut |leaf| {
            page.push_str(&synopsis(leaf));
            page.push_str(".br\n");
        });
        // A break at the end of a section is one too many.
        page.truncate(page.len() - ".br\n".len());
    } else {
        page.push_str(&synopsis(&command));
    }
    page.push_str(&section(&command, ".SH DESCRIPTION\n", |man, page| {
        man.render_description_section(page).unwrap();
    }));
    if command.has_subcommands() {
        page.push_str(".SH COMMANDS\n");
        each_leaf(&command, &mut |leaf| page.push_str(&command_section(leaf)));
    }
    page.push_str(&options_of(&command));
    page.push_str(&manual.sections);
    manual.respelt(&page)
}

/// Returns the options of a command under a heading of their own.
fn options_of(command: &Command) -> String {
    let heading = if command.has_subcommands() {
        ".SH OPTIONS\nEvery command takes these.\n"
    } else {
        ".SH OPTIONS\n"
    };
    // All of them under one heading, whatever headings help gives them.
    let command = command.clone().mut_args(|option| option.help_heading(None));
    section(&command, heading, |man, page| man.render_options_section(page).unwrap())
}

/// Returns one command: its synopsis, what it does, its own options.
fn command_section(leaf: &Command) -> String {
    let name = leaf.get_bin_name().unwrap_or_default().replace('-', "\\-");
    let about = leaf.get_long_about().or(leaf.get_about()).unwrap();
    let about = about.to_string().replace('-', "\\-").replace("\n\n", "\n.PP\n");
    let own = leaf.clone().mut_args(|option| {
        let shared = option.is_global_set() || option.get_id() == "help";
        option.hide(shared).help_heading(None)
    });
    let options = section(&own, "", |man, page| man.render_options_section(page).unwrap());
    format!(".SS {name}\n{}.PP\n{about}.\n{options}", synopsis(leaf))
}

fn synopsis(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace('-', "\\-");
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).replace('-', "\\-");
    let rest = usage.strip_prefix(&name).unwrap_or_default();
    format!("\\fB{name}\\fR{rest}\n")
}

/// Calls `visit` for each command that has no commands below it, save for `help`.
fn each_leaf(command: &Command, visit: &mut dyn FnMut(&Command)) {
    for inner in command.get_subcommands() {
        if inner.get_name() == "help" || inner.is_hide_set() {
            continue;
        }
        if inner.has_subcommands() {
            each_leaf(inner, visit);
        } else {
            visit(inner);
        }
    }
}

#[test]
fn manual_pages_are_current() {
    for program in Program::ALL {
        compare_or_bless(&format!("man/{}.1", program.name()), &page_of(program));
    }
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

/// Every example of the pages runs, in the order of the pages.
#[test]
fn the_examples_of_the_pages_run() {
    let world = World::new();
    let bin = world.dir().join("bin");
    drop(world.run("streamctl", ["links", bin.to_str().unwrap()], "").ok());
    fs::write(world.dir().join("lines.txt"), "one\ntwo\n").unwrap();
    let mut run = 0;
    for program in Program::ALL {
        for block in page_of(program).split(".nf\n").skip(1) {
            let (block, _) = block.split_once(".fi\n").unwrap();
            let text = block.replace("\\-", "-").replace("\\(ti", "~").replace("\\e", "\\");
            for line in text.lines().filter(|line| !line.starts_with('.')) {
                // What would go on for ever is given an end.
                let follows = line.starts_with("console-consumer") && !line.contains("--until");
                let line = format!("{line}{}", if follows { " --timeout-ms 300" } else { "" });
                let mut command = world.command("/bin/sh", ["-c", &line]);
                command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
                drop(run_command(command, "k:v\n").ok());
                run += 1;
            }
        }
    }
    assert!(run > 9, "only {run} examples were found");
}

/// Each exit status of the design is in each page, and no page carries a date.
#[test]
fn pages_tell_the_exit_statuses_and_no_date() {
    for program in Program::ALL {
        let page = page_of(program);
        let (_, statuses) = page.split_once(".SH \"EXIT STATUS\"\n").unwrap();
        let (statuses, _) = statuses.split_once(".SH ").unwrap();
        let numbers: Vec<&str> =
            statuses.lines().filter_map(|line| line.strip_prefix(".B ")).collect();
        let expected = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "70", "130", "143"];
        assert_eq!(numbers, expected, "{}", program.name());
        let title = page.lines().find(|line| line.starts_with(".TH")).unwrap();
        assert!(title.contains(" 1 \"\" "), "{title}");
    }
}
