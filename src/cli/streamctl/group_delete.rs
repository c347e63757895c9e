//! `streamctl group delete`.

use clap::Args;

use crate::store::{GroupPartition, GroupSummary, StoreError};

use crate::cli::failure::{Failure, printable};
use crate::cli::render::Cell;
use crate::cli::session::Session;

use super::group_names::{ChangeOptions, GroupNames, counted, groups_of, taken};
use super::plan::plan_of;

/// Forget a group
///
/// All its cursors are deleted: it begins as if it were new. It must have no running member; with one,
/// nothing is deleted and the exit status is 8. On a terminal the command asks first. Without a stream,
/// the group of the one that topics with plain names belong to.
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
            let rows = partitions.map(|partition| plan_row(path.as_str(), partition)).collect();
            return session.print(&plan_of("delete cursor", path.as_str(), rows));
        }
        let count = partitions.count();
        let question = format!(
            "Group `{}` of stream {path} has {}. Forget where it reads on?",
            printable(group),
            counted(count)
        );
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
