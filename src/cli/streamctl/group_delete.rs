//! `streamctl group delete`.

use clap::Args;

use crate::store::{GroupPartition, GroupSummary, RuleFrom, StoreError};

use crate::cli::failure::{Failure, printable};
use crate::cli::render::Cell;
use crate::cli::session::Session;

use super::group_names::{ChangeOptions, GroupNames, counted, groups_of, taken};
use super::plan::plan_of;

/// Forget a group
///
/// All its cursors and what was set for it are deleted: it begins as if it were new. It must have no
/// running member; with one, nothing is deleted and the exit status is 8. On a terminal the command
/// asks first. Without a stream, the group of the one that topics with plain names belong to.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: GroupNames,

    #[command(flatten)]
    change: ChangeOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let group = self.names.group("streamctl group delete")?;
        let stream = self.names.stream.open(session)?;
        let path = stream.path();
        let found = groups_of(&stream, Some(group))?;
        let mut members = found.iter().flat_map(|group| &group.members);
        if let Some(member) = members.find(|member| !member.object.is_away) {
            let group = group.to_owned();
            return Err(taken(
                path,
                StoreError::GroupTaken { group, pid: Some(member.object.pid) },
            ));
        }
        let partitions = found.iter().flat_map(|group: &GroupSummary| &group.partitions);
        if self.change.dry_run {
            let mut rows: Vec<Vec<Cell>> =
                partitions.map(|partition| plan_row(path.as_str(), partition)).collect();
            rows.extend(found.iter().flat_map(settings_rows));
            return session.print(&plan_of("delete cursor", path.as_str(), rows));
        }
        let count = partitions.count();
        let named = format!("Group `{}` of stream {path} has", printable(group));
        let question = match count {
            0 => format!("{named} no cursors. Forget what was set for it?"),
            _ => format!("{named} {}. Forget where it reads on?", counted(count)),
        };
        self.change.confirm(session, &question)?;
        stream.delete_group(group).map_err(|error| taken(path, error))?;
        session.done()
    }
}

fn plan_row(path: &str, partition: &GroupPartition) -> Vec<Cell> {
    vec![
        "delete cursor".into(),
        format!("{path}:{}", partition.topic).into(),
        format!("partition {}", partition.partition).into(),
        partition.cursor.as_ref().map_or(Cell::Absent, |cursor| cursor.offset.to_string().into()),
        Cell::Absent,
    ]
}

/// The rows of what was set for a group.
fn settings_rows(group: &GroupSummary) -> Vec<Vec<Cell>> {
    let rules = &group.rules;
    let row = |attribute: &str, before: &str| {
        let (action, object) = ("delete setting".into(), group.group.as_str().into());
        vec![action, object, attribute.into(), before.into(), Cell::Absent]
    };
    let mut rows = Vec::new();
    if let (RuleFrom::Group, Some(assignor)) = (rules.assignor_from, &rules.assignor) {
        rows.push(row("assignor", assignor));
    }
    if rules.retention_from == RuleFrom::Group {
        let minutes = rules.offsets_retention_minutes.to_string();
        rows.push(row("offsetsretentionminutes", &minutes));
    }
    rows
}
