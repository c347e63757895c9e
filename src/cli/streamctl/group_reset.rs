//! `streamctl group reset-offsets`.

use clap::Args;

use crate::path::TopicName;
use crate::store::{CursorChoice, SetCursors};

use crate::cli::failure::{Failure, printable};
use crate::cli::render::Listing;
use crate::cli::session::Session;

use super::cursor_set::{COLUMNS, Goal, plan_row, row, tell_if_clamped};
use super::group_names::{ChangeOptions, GroupNames, counted, taken};
use super::names::not_a_name;
use super::numbers::partition;
use super::plan::plan_of;

/// Set where a group reads on
///
/// As `streamctl cursor set`, but it asks on a terminal, and does without a stream: the group is then
/// one of the stream that topics with plain names belong to. The group must have no running member; with
/// one, nothing is set and the exit status is 8. With no topic, its cursors in every topic where it has one are set; with no partition, those of all
/// partitions, for -by of those that have a cursor. A place before the first offset or behind the end
/// becomes the nearest one inside, and that is said.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: GroupNames,

    /// Only the cursors in this topic
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Only the cursor in this partition of the topic
    #[arg(
        long,
        value_name = "PARTITION",
        requires = "topic",
        value_parser = partition,
        allow_negative_numbers = true
    )]
    partition: Option<u32>,

    #[command(flatten)]
    goal: Goal,

    #[command(flatten)]
    change: ChangeOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let group = self.names.group("streamctl group reset-offsets")?;
        let topic = self.topic.as_deref().map(TopicName::parse).transpose().map_err(not_a_name)?;
        let goal = self.goal.parsed(session, &["consumergroup"])?;
        let stream = self.names.stream.open(session)?;
        let path = stream.path();
        let choice = CursorChoice { group: group.to_owned(), topic, partition: self.partition };
        let set = |run| stream.set_cursors(&choice, goal, run).map_err(|error| taken(path, error));
        let planned = set(SetCursors::Plan)?;
        for moved in &planned {
            tell_if_clamped(session, path.as_str(), moved);
        }
        let changing = planned.iter().filter(|moved| moved.changes);
        if self.change.dry_run {
            let rows = changing.map(|moved| plan_row(path.as_str(), moved)).collect();
            return session.print(&plan_of("set cursor", path.as_str(), rows));
        }
        let count = changing.count();
        let group = printable(group);
        if count > 0 {
            let question =
                format!("{} of group `{group}` in stream {path} will move. Set?", counted(count));
            self.change.confirm(session, &question)?;
        }
        let moves = set(SetCursors::Set)?;
        let rows = moves.iter().map(|moved| row(&choice.group, moved)).collect();
        session.print(&Listing { columns: COLUMNS, rows })
    }
}
