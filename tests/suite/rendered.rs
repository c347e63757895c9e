//! The manual pages as a reader sees them: clean for both formatters, and no wider than a terminal.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::pages::page_files;
use crate::world::skip;

/// Returns the pages, or says that they cannot be looked at here.
fn pages_to_render() -> Option<Vec<PathBuf>> {
    let have = |program: &str| {
        Command::new("which").arg(program).output().is_ok_and(|out| out.status.success())
    };
    if !have("mandoc") || !have("man") {
        skip("no mandoc or no man here");
        return None;
    }
    let pages = page_files();
    assert!(pages.len() > 10, "{pages:?}");
    Some(pages)
}

/// Returns a command that renders a page as on a terminal of 80 columns.
fn man(page: &Path) -> Command {
    let mut man = Command::new("man");
    man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8"]).arg(page);
    man.env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8").env("MANPAGER", "cat").env("PAGER", "cat");
    man
}

/// The formatter of the BSDs has nothing to say.
#[test]
fn the_pages_are_clean_for_mandoc() {
    let Some(pages) = pages_to_render() else { return };
    let mut faults = String::new();
    for page in pages {
        let lint = Command::new("mandoc").args(["-T", "lint", "-W", "style"]).arg(&page).output();
        for line in String::from_utf8_lossy(&lint.unwrap().stdout).lines() {
            // A page without a date does not change from day to day.
            let is_date = line.contains("missing date, using \"\": TH");
            if !is_date {
                let _ = writeln!(faults, "{line}");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// groff, with all its warnings on, has nothing to say, and no line is cut or runs over.
#[test]
fn the_pages_are_clean_for_groff_and_fit_80_columns() {
    let Some(pages) = pages_to_render() else { return };
    let mut faults = String::new();
    for page in pages {
        let shown = page.file_name().unwrap().to_string_lossy().into_owned();
        let rendered = man(&page).output().unwrap();
        for line in String::from_utf8_lossy(&rendered.stderr).lines() {
            // Said of machines whose locales were never made; nothing about the page.
            if !line.contains("can't set the locale") {
                let _ = writeln!(faults, "{shown}: {line}");
            }
        }
        let text = String::from_utf8(rendered.stdout).unwrap();
        assert!(text.lines().count() > 30, "{shown} is not rendered: {text}");
        for line in text.lines().map(without_colour) {
            if line.chars().count() > 80 {
                let _ = writeln!(faults, "{shown}: too long: {line}");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Drops what makes letters bold: codes of a terminal, or a letter struck twice.
fn without_colour(line: &str) -> String {
    let mut text = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => drop(letters.by_ref().find(|code| *code == 'm')),
            '\u{8}' => drop(text.pop()),
            letter => text.push(letter),
        }
    }
    text
}

#[test]
fn a_line_is_measured_as_it_is_seen() {
    assert_eq!(without_colour("\u{1b}[1mab\u{1b}[0m_\u{8}c"), "abc");
}
