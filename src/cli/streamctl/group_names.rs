//! Which groups a command is about: of a stream, or of the one that plain names belong to.

use clap::Args;

use crate::path::{StreamPath, check_group};
use crate::store::{GroupSummary, StoreError, Stream};

use crate::cli::failure::{Exit, Failure};
use crate::cli::refusal::absent;
use crate::cli::session::Session;
use crate::cli::target::stream_of_names;

use super::names::{StreamName, not_a_name};
use super::plan::{agrees, can_ask};

/// The stream of the groups.
#[derive(Debug, Args)]
pub(super) struct StreamOfGroups {
    #[command(flatten)]
    name: StreamName,
}

/// Groups of a stream.
#[derive(Debug, Args)]
pub(super) struct GroupNames {
    #[command(flatten)]
    pub(super) stream: StreamOfGroups,

    /// Name the group
    #[arg(long, visible_alias = "group", value_name = "GROUP", allow_hyphen_values = true)]
    consumergroup: Option<String>,
}

/// The options of the commands that change what a group has.
#[derive(Debug, Args)]
pub(super) struct ChangeOptions {
    /// Change nothing; print what would be changed
    // The heading of the options before it would go on.
    #[arg(long, help_heading = None)]
    pub(super) dry_run: bool,

    /// Do not ask, even on a terminal, before cursors are changed
    #[arg(long, help_heading = None)]
    yes: bool,
}

impl StreamOfGroups {
    /// Returns the stream that is named, else the one of plain names.
    ///
    /// # Errors
    ///
    /// Two different ones, or no name of a stream: exit 2.
    pub(super) fn path(&self, session: &Session) -> Result<StreamPath, Failure> {
        match self.name.stream_if_named()? {
            Some(path) => Ok(path),
            None => {
                let default = session.environment.default_stream.as_deref();
                Ok(stream_of_names("", None, default)?.0)
            }
        }
    }

    /// Opens the stream.
    ///
    /// # Errors
    ///
    /// As [`StreamOfGroups::path`], or it does not exist.
    pub(super) fn open(&self, session: &Session) -> Result<Stream, Failure> {
        let path = self.path(session)?;
        let is_named = self.name.stream_if_named()?.is_some();
        session.home()?.stream(&path).map_err(|error| {
            let failure = absent(error);
            match is_named {
                true => failure,
                false => failure.with_hint("name a stream: -path /stream"),
            }
        })
    }
}

impl GroupNames {
    /// Returns the group, if one is named.
    ///
    /// # Errors
    ///
    /// It is no name of a group: exit 2.
    pub(super) fn group_if_named(&self) -> Result<Option<&str>, Failure> {
        let group = self.consumergroup.as_deref();
        group.map(check_group).transpose().map_err(not_a_name)?;
        Ok(group)
    }

    /// Returns the group; `command` is shown to who named none.
    ///
    /// # Errors
    ///
    /// None is named, or it is no name of a group: exit 2.
    pub(super) fn group(&self, command: &str) -> Result<&str, Failure> {
        self.group_if_named()?.ok_or_else(|| {
            Failure::missing("no group is named", &["consumergroup"])
                .with_hint(format!("{command} -path /stream -consumergroup GROUP"))
        })
    }
}

impl ChangeOptions {
    /// Asks on a terminal before something is changed; elsewhere nobody is asked.
    ///
    /// # Errors
    ///
    /// The answer is not yes: exit 1.
    pub(super) fn confirm(&self, session: &Session, question: &str) -> Result<(), Failure> {
        if self.yes || !can_ask(session) || agrees(session, question) {
            return Ok(());
        }
        Err(Failure::message(Exit::Failed, "nothing was changed")
            .with_hint("answer y, or give --yes"))
    }
}

/// Returns the groups of a stream, or the one that is named.
///
/// # Errors
///
/// The stream has no such group (exit 3), or what the store meets.
pub(super) fn groups_of(
    stream: &Stream,
    group: Option<&str>,
) -> Result<Vec<GroupSummary>, Failure> {
    let groups = stream.groups(group)?;
    match group {
        Some(group) if groups.is_empty() => {
            let path = stream.path();
            let text = format!(
                "group `{}` has neither a cursor nor a member in stream `{path}`",
                group.escape_debug()
            );
            Err(Failure::message(Exit::NotFound, text)
                .with_hint(format!("streamctl group list -path {path}")))
        }
        _ => Ok(groups),
    }
}

/// Turns what the store says of a change to a group into a failure.
pub(super) fn taken(path: &StreamPath, error: StoreError) -> Failure {
    match error {
        error @ StoreError::GroupTaken { .. } => Failure::from(error)
            .with_hint(format!("end it first; streamctl stream assign list -path {path}")),
        error @ StoreError::NoCursor { .. } => {
            Failure::from(error).with_hint(format!("streamctl group list -path {path}"))
        }
        error => absent(error),
    }
}

/// So many cursors, in words for a question.
pub(super) fn counted(cursors: usize) -> String {
    if cursors == 1 { "1 cursor".to_owned() } else { format!("{cursors} cursors") }
}
