//! `streamctl group edit`.

use clap::Args;

use crate::group::GroupEdit;

use crate::cli::failure::{Failure, printable};
use crate::cli::refusal::absent;
use crate::cli::session::Session;

use super::group_names::GroupNames;
use super::numbers::{Minutes, retention_minutes};
use super::plan::{PlanOptions, change, plan_of};
use super::words::AssignorWord;

/// Change what holds for a group
///
/// Only what is named changes; `default` makes it as with any other group. The group may have
/// running members: they share anew at once if another assignor is theirs now. It need not be there
/// yet: what is set waits for its first member. `group describe` shows what holds, `group delete`
/// forgets it, and so does the expiry of the group's cursors. Without a stream, the group of the one
/// that topics with plain names belong to.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: GroupNames,

    /// Share partitions by this rule among members that ask for none
    ///
    /// Members ask with the property partition.assignment.strategy; as long as one of them does, what
    /// they agree to counts.
    #[arg(long, value_name = "NAME")]
    assignor: Option<AssignorWord>,

    /// Keep cursors for so many minutes after the last member has left, -1 for ever
    ///
    /// Or after the last commit, if that is later. [default: 10080, or as long as the stream keeps
    /// messages, if that is longer]
    #[arg(
        long,
        value_name = "N|default",
        value_parser = retention_minutes,
        allow_hyphen_values = true
    )]
    offsetsretentionminutes: Option<Minutes>,

    #[command(flatten)]
    plan: PlanOptions,
}

const ACTION: &str = "edit group";

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let group = self.names.group("streamctl group edit")?;
        let stream = self.names.stream.open(session)?;
        let edit = GroupEdit {
            assignor: self.assignor.map(Into::into),
            offsets_retention_minutes: self.offsetsretentionminutes.map(|minutes| minutes.0),
        };
        let edited = match self.plan.dry_run {
            true => edit.planned(&stream, group),
            false => edit.apply(&stream, group),
        };
        let edited = edited.map_err(absent)?;
        let is_new = edited.before.assignor != edited.after.assignor;
        if let Some(agreed) = edited.agreed.filter(|_| is_new) {
            session.terminal.note(&format!(
                "{}: the members of group `{}` ask for an assignor themselves and have agreed to \
                 `{}`; the group's counts once none of them does",
                session.name,
                printable(group),
                printable(&agreed)
            ));
        }
        if !self.plan.dry_run {
            return session.done();
        }
        let word = |assignor: &Option<String>| assignor.clone().unwrap_or("default".to_owned());
        let number = |minutes: Option<i64>| {
            minutes.map_or("default".to_owned(), |minutes| minutes.to_string())
        };
        let (before, after) = (edited.before, edited.after);
        let minutes = [before.offsets_retention_minutes, after.offsets_retention_minutes];
        let [was, is] = minutes.map(number);
        let rows = [
            change(ACTION, group, "assignor", &word(&before.assignor), &word(&after.assignor)),
            change(ACTION, group, "offsetsretentionminutes", &was, &is),
        ];
        session.print(&plan_of(ACTION, group, rows.into_iter().flatten().collect()))
    }
}
