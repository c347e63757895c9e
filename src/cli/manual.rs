//! What the manual pages say beyond the definition of the arguments: notes, examples, files,
//! variables.

mod console;
mod consumer_groups;
mod kafka;
mod streamctl;

use super::environment::VARIABLES;

/// What one manual page says that the arguments of its commands do not tell.
///
/// The texts are plain: words in backquotes, options and names of pages are marked when the page is
/// made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manual {
    /// The page, such as `streamctl-topic`.
    pub page: &'static str,
    /// Paragraphs of its section NOTES, which is left out if there are none.
    pub notes: &'static [&'static str],
    /// What is done, and a session that does it: `$ command`, `>` and what is typed into it, and
    /// what it prints, where `…` stands for anything. A backslash at the end of a command continues
    /// it. All sessions of a page are one, in an empty store.
    pub examples: &'static [(&'static str, &'static str)],
}

/// Files that the programs use, each with what is in it.
pub const FILES: [(&str, &str); 1] = [(
    "~/.local/share/streampath",
    "The store, unless `STREAMPATH_HOME` or `XDG_DATA_HOME` says otherwise: a directory for each \
     stream. See stream-store(5).",
)];

/// Returns what a page says beyond the definition of the arguments.
#[must_use]
pub fn manual(page: &str) -> Option<&'static Manual> {
    streamctl::PAGES
        .iter()
        .chain(&console::PAGES)
        .chain(&kafka::PAGES)
        .chain(&consumer_groups::PAGES)
        .find(|manual| manual.page == page)
}

/// Returns every environment variable that the programs obey, with its line in the manual pages.
#[must_use]
pub fn variables() -> &'static [(&'static str, &'static str)] {
    &VARIABLES
}
