//! What a command would do, as a listing, and the question before something is deleted for good.

use std::io;

use clap::Args;

use crate::catalog::StreamAttributes;
use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::words::{codec_word, timestamp_word};

/// The option of every command that changes something.
#[derive(Debug, Args)]
pub(super) struct PlanOptions {
    /// Change nothing; print what would be changed
    // The heading of the options before it would go on.
    #[arg(long, help_heading = None)]
    pub(super) dry_run: bool,
}

/// The options of the commands that delete something for good.
#[derive(Debug, Args)]
pub(super) struct DeletionOptions {
    /// Delete nothing; print what would be deleted
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Do not ask, even on a terminal, before messages are deleted
    #[arg(long)]
    yes: bool,
}

const COLUMNS: &[Column] = &[
    Column::new("action", Meaning::Text),
    Column::new("object", Meaning::Text),
    Column::new("attribute", Meaning::Text),
    Column::new("before", Meaning::Text),
    Column::new("after", Meaning::Text),
];

/// Returns a plan; one that changes no attribute has a row that only names action and object.
pub(super) fn plan_of(action: &str, object: &str, rows: Vec<Vec<Cell>>) -> Listing<'static> {
    let bare = || vec![action.into(), object.into(), Cell::Absent, Cell::Absent, Cell::Absent];
    Listing { columns: COLUMNS, rows: if rows.is_empty() { vec![bare()] } else { rows } }
}

/// Returns one attribute's row of a plan; nothing if it stays what it is.
pub(super) fn change(
    action: &str,
    object: &str,
    attribute: &str,
    before: &str,
    after: &str,
) -> Option<Vec<Cell>> {
    let cell = |text: &str| if text.is_empty() { Cell::Absent } else { text.into() };
    (before != after)
        .then(|| vec![action.into(), object.into(), attribute.into(), cell(before), cell(after)])
}

/// Returns the rows of the attributes that change, or of all if there is nothing before.
pub(super) fn attribute_rows(
    path: &str,
    before: Option<&StreamAttributes>,
    after: &StreamAttributes,
) -> Vec<Vec<Cell>> {
    let action = if before.is_some() { "edit stream" } else { "create stream" };
    let old = before.map(words);
    let rows = words(after).into_iter().enumerate().filter_map(|(index, (name, new))| {
        let old = old.as_ref().map_or("", |old| old[index].1.as_str());
        change(action, path, name, old, &new)
    });
    rows.collect()
}

/// The attributes of a stream, by the names of the options that set them.
fn words(attributes: &StreamAttributes) -> [(&'static str, String); 15] {
    [
        ("ttl", attributes.ttl_s.to_string()),
        ("autocreate", attributes.autocreate.to_string()),
        ("defaultpartitions", attributes.default_partitions.to_string()),
        ("compression", codec_word(attributes.compression).to_owned()),
        ("defaulttimestamptype", timestamp_word(attributes.timestamp_type).to_owned()),
        ("produceperm", attributes.produce_perm.clone()),
        ("consumeperm", attributes.consume_perm.clone()),
        ("topicperm", attributes.topic_perm.clone()),
        ("copyperm", attributes.copy_perm.clone()),
        ("adminperm", attributes.admin_perm.clone()),
        ("compact", attributes.compact.to_string()),
        ("mincompactionlag", attributes.min_compaction_lag_ms.to_string()),
        ("deleteretention", attributes.delete_retention_ms.to_string()),
        ("ischangelog", attributes.is_changelog.to_string()),
        ("pidexpirysecs", attributes.pid_expiry_s.to_string()),
    ]
}

impl DeletionOptions {
    /// Asks on a terminal whether `what` may be deleted although it holds messages: so many bytes
    /// of them as `measure` says, which is not called if nobody is asked. Nobody is asked off a terminal: scripts written for MapR's tool have no word for it.
    ///
    /// # Errors
    ///
    /// The answer is not yes (exit 1; nothing is deleted), or what `measure` met.
    pub(super) fn confirm(
        &self,
        session: &Session,
        what: &str,
        measure: impl FnOnce() -> Result<u64, Failure>,
    ) -> Result<(), Failure> {
        if self.yes || !can_ask(session) {
            return Ok(());
        }
        let bytes = measure()?;
        let question = format!("{what} holds {bytes} bytes of messages. Delete it for good?");
        if bytes == 0 || agrees(session, &question) {
            return Ok(());
        }
        Err(Failure::message(Exit::Failed, format!("{what} was not deleted"))
            .with_hint("answer y, or give --yes"))
    }
}

/// Tells whether there is somebody to be asked.
pub(super) fn can_ask(session: &Session) -> bool {
    session.terminal.input_is_terminal && session.terminal.error_is_terminal
}

/// Asks on the terminal; true if the answer is yes.
pub(super) fn agrees(session: &Session, question: &str) -> bool {
    session.terminal.ask(&format!("{question} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    let answer = answer.trim();
    read.is_ok() && (answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"))
}
