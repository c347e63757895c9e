//! `streamctl stream cursor set`.

use clap::Args;

use crate::store::{CursorChoice, CursorGoal, CursorMove, SetCursors, StoreError};

use crate::cli::failure::{Failure, printable};
use crate::cli::place::{self, Place};
use crate::cli::refusal::absent;
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::cursor_names::CursorNames;
use super::group_names::taken;
use super::plan::{PlanOptions, plan_of};

/// Set where a group reads on
///
/// The group must have no member at the time. With no topic, its cursors in every topic where it has
/// one are set; with no partition, those of all partitions, for -by of those that have a cursor. A
/// cursor is never set outside the log: a place before its first offset or behind its end becomes the
/// nearest one inside, and that is said.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    names: CursorNames,

    #[command(flatten)]
    goal: Goal,

    #[command(flatten)]
    plan: PlanOptions,
}

/// Where to; one of them.
#[derive(Debug, Args)]
pub(super) struct Goal {
    /// Set the cursors to this place of each partition
    ///
    /// An offset (42), -N for N before the end, a time (@2026-11-22T10:00:00Z, @1700000000, @today,
    /// @yesterday, @now), a duration ago (10m, 2h30m), `beginning` or `end`.
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    to: Option<String>,

    /// Move the cursors so many messages on, or back if it is negative
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    by: Option<i64>,
}

/// As `cursor list` names them, and where the cursor was.
pub(super) const COLUMNS: &[Column] = &[
    Column::new("consumergroup", Meaning::Text).titled(Some("group")),
    Column::new("topic", Meaning::Text),
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("previousoffset", Meaning::Count).titled(Some("was at")),
    Column::new("committedoffset", Meaning::Count).titled(Some("reads on at")),
];

const COMMAND: &str = "streamctl stream cursor set";
const REQUIRED: &[&str] = &["path", "consumergroup"];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let path = self.names.stream(COMMAND)?;
        let topic = self.names.topic_name()?;
        let Some(group) = self.names.consumergroup.clone() else {
            return Err(Failure::missing("no group is named", REQUIRED)
                .with_hint(format!("{COMMAND} -path {path} -consumergroup GROUP -to beginning")));
        };
        let goal = self.goal.parsed(session, REQUIRED)?;
        let stream = session.home()?.stream(&path).map_err(absent)?;
        let choice = CursorChoice { group, topic, partition: self.names.partition };
        let run = if self.plan.dry_run { SetCursors::Plan } else { SetCursors::Set };
        let moves = stream.set_cursors(&choice, goal, run).map_err(|error| match error {
            error @ StoreError::NoCursor { .. } => {
                Failure::from(error).with_hint(format!("streamctl stream cursor list -path {path}"))
            }
            error => taken(&path, error),
        })?;
        for moved in &moves {
            tell_if_clamped(session, path.as_str(), moved);
        }
        if self.plan.dry_run {
            let changing = moves.iter().filter(|moved| moved.changes);
            let rows = changing.map(|moved| plan_row(path.as_str(), moved)).collect();
            return session.print(&plan_of("set cursor", path.as_str(), rows));
        }
        let rows = moves.iter().map(|moved| row(&choice.group, moved)).collect();
        session.print(&Listing { columns: COLUMNS, rows })
    }
}

impl Goal {
    /// Reads where to; the usage shows the `required` options of the command as such.
    ///
    /// # Errors
    ///
    /// Not exactly one of the two, or no place: exit 2.
    pub(super) fn parsed(
        &self,
        session: &Session,
        required: &'static [&'static str],
    ) -> Result<CursorGoal, Failure> {
        let moment = session.moment();
        match (&self.to, self.by) {
            (Some(to), None) => {
                let place = place::parse(to, moment.now, &moment.zone);
                Ok(match place.map_err(|text| Failure::usage(format!("-to: {text}")))? {
                    Place::Beginning => CursorGoal::Beginning,
                    Place::End => CursorGoal::End,
                    Place::Offset(offset) => CursorGoal::Offset(offset),
                    Place::BeforeEnd(count) => CursorGoal::BeforeEnd(count),
                    Place::Time(time) => CursorGoal::Time(time.0),
                })
            }
            (None, Some(by)) => Ok(CursorGoal::By(by)),
            (None, None) => Err(Failure::missing("it is not said where to", required)
                .with_hint("give -to PLACE, or -by N to move the cursors")),
            (Some(_), Some(_)) => {
                Err(Failure::missing("-to says one place and -by another", required)
                    .with_hint("give one of the two"))
            }
        }
    }
}

/// Says so if the place that was asked for is not in the log.
pub(super) fn tell_if_clamped(session: &Session, path: &str, moved: &CursorMove) {
    let Some(wanted) = moved.out_of_range else { return };
    let side = if wanted < moved.offset { "before the first offset" } else { "behind the end" };
    let text = format!(
        "{}: {wanted} is {side} of partition {} of `{path}:{}`; the cursor goes to {}",
        session.name, moved.partition, moved.topic, moved.offset
    );
    session.terminal.note(&printable(&text));
}

/// Returns a cursor's row of a plan.
pub(super) fn plan_row(path: &str, moved: &CursorMove) -> Vec<Cell> {
    vec![
        "set cursor".into(),
        format!("{path}:{}", moved.topic).into(),
        format!("partition {}", moved.partition).into(),
        moved.before.map_or(Cell::Absent, |offset| offset.to_string().into()),
        moved.offset.to_string().into(),
    ]
}

/// Returns the row of a cursor that was set.
pub(super) fn row(group: &str, moved: &CursorMove) -> Vec<Cell> {
    vec![
        group.into(),
        moved.topic.as_str().into(),
        moved.partition.into(),
        moved.before.into(),
        moved.offset.into(),
    ]
}
