//! `streamctl store check`.

use clap::Args;

use crate::store::{CheckTotals, Finding, LogRepair};

use crate::cli::failure::{Exit, Failure};
use crate::cli::refusal::absent;
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::names::{parse_stream, same};

/// Look for damage in every file
///
/// Walks every file of a stream, or of all streams, and lists what it finds: file, byte, offset,
/// reason, and whether it is damage or only worth a note. The exit status is 7 if anything is
/// damaged. No lock is taken: producers and consumers may go on. Closed segments that are whole
/// and have no seal get one.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Check only this stream
    #[arg(long, value_name = "STREAM")]
    path: Option<String>,

    /// First make logs usable again in which a sync failed
    ///
    /// After a sync that failed nothing more is acknowledged in a partition, for the kernel may
    /// have dropped what it could not write. The repair keeps what is known to be on the disk,
    /// puts the rest into a file beside it, and begins a new epoch. Other damage is never cut.
    #[arg(long)]
    repair: bool,

    /// Name the stream by position instead of with -path
    #[arg(value_name = "STREAM")]
    position: Option<String>,

    #[command(flatten)]
    list: ListOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("severity", Meaning::Text),
    Column::new("file", Meaning::Text),
    Column::new("byte", Meaning::Count),
    Column::new("offset", Meaning::Count),
    Column::new("reason", Meaning::Text),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let path = self.path.as_deref().map(parse_stream).transpose()?;
        let position = self.position.as_deref().map(parse_stream).transpose()?;
        let stream = same(path, position, "streams")?;
        let home = session.home()?;
        let mut rows = Vec::new();
        if self.repair {
            home.repair(stream.as_ref(), &mut |repair| {
                rows.push(repair_row(&repair, home.path()));
            })
            .map_err(absent)?;
        }
        let totals = home
            .check(stream.as_ref(), &mut |finding| rows.push(row(&finding, home.path())))
            .map_err(absent)?;
        self.list.print(session, Listing { columns: COLUMNS, rows })?;
        if totals.damaged > 0 {
            let places = if totals.damaged == 1 { "place is" } else { "places are" };
            let text = format!("{} {places} damaged; {}", totals.damaged, looked_at(&totals));
            session.terminal.note(&format!("{}: {text}", session.name));
            return Ok(Exit::Damaged);
        }
        if session.terminal.error_is_terminal {
            session.terminal.note(&format!("no damage; {}", looked_at(&totals)));
        }
        Ok(Exit::Done)
    }
}

fn row(finding: &Finding, home: &std::path::Path) -> Vec<Cell> {
    let file = finding.file.strip_prefix(home).unwrap_or(&finding.file);
    vec![
        if finding.damaged { "damage" } else { "note" }.into(),
        file.display().to_string().into(),
        finding.byte.into(),
        finding.offset.into(),
        finding.reason.as_str().into(),
    ]
}

fn repair_row(repair: &LogRepair, home: &std::path::Path) -> Vec<Cell> {
    let directory = repair.directory.strip_prefix(home).unwrap_or(&repair.directory);
    let reason = match &repair.kept_in {
        Some(file) => format!(
            "a sync had failed; what is durable stays, later bytes are in `{}`",
            file.file_name().unwrap_or_default().to_string_lossy()
        ),
        None => "a sync had failed; nothing was written since".to_owned(),
    };
    vec![
        "repaired".into(),
        directory.display().to_string().into(),
        Cell::from(0_u64),
        Some(repair.next_offset).into(),
        reason.into(),
    ]
}

fn looked_at(totals: &CheckTotals) -> String {
    format!(
        "looked at {} streams, {} topics, {} segments, {} records, {} bytes",
        totals.streams, totals.topics, totals.segments, totals.records, totals.bytes
    )
}
