//! Making logs usable again in which a sync failed: what is durable stays, the rest is set aside.

use std::path::PathBuf;

use crate::log::{PartitionLog, Repaired};
use crate::path::StreamPath;

use super::error::StoreError;
use super::gate::Gate;
use super::home::Home;
use super::layout::open_dir_if_any;
use super::session::Session;
use super::stream::Shared;

/// What the repair of one log did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRepair {
    /// The partition's directory.
    pub directory: PathBuf,
    /// The offset that the next record gets.
    pub next_offset: i64,
    /// Where the bytes behind the durable end were kept, if there were any.
    pub kept_in: Option<PathBuf>,
}

impl Home {
    /// Repairs every log of a stream, or of the whole store, in which a sync failed: the log ends
    /// where it is known to be on the disk, under a new epoch, and what followed is kept in a
    /// file beside it. Logs in which no sync failed are not touched.
    ///
    /// # Errors
    /// What keeps it from going on; logs that were reported are repaired, and the call may be
    /// repeated.
    pub fn repair(
        &self,
        stream: Option<&StreamPath>,
        report: &mut dyn FnMut(LogRepair),
    ) -> Result<(), StoreError> {
        let paths = match stream {
            Some(path) => vec![path.clone()],
            None => self.streams(None)?,
        };
        for path in paths {
            repair_stream(self.stream(&path)?.shared(), report)?;
        }
        Ok(())
    }
}

fn repair_stream(shared: &Shared, report: &mut dyn FnMut(LogRepair)) -> Result<(), StoreError> {
    // First `meta`, for the others need a new epoch, which only a `meta` that works can record.
    let meta = shared.catalogue().meta().log().clone();
    if meta.sync_has_failed()? {
        let _gate = Gate::take(&shared.dir, shared.context.lock_wait)?;
        let epoch = meta.end()?.epoch;
        tell(&meta, meta.repair(epoch)?, report);
    }
    let mut failed = Vec::new();
    let mut logs = vec![shared.cursors_log()];
    for entry in shared.topics.list()? {
        if let Some(dir) = open_dir_if_any(shared.topics.as_ref(), &entry.name)? {
            logs.extend(shared.partition_logs(&dir)?);
        }
    }
    for log in logs {
        if log.sync_has_failed()? {
            failed.push(log);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    // A producer that still has the old epoch is refused, reads `meta` and goes on in the new one.
    let mut session = Session::enter(shared, shared.context.lock_wait)?;
    let epoch = session.raise_epoch(0)?;
    session.publish()?;
    for log in failed {
        tell(&log, log.repair(epoch)?, report);
    }
    Ok(())
}

fn tell(log: &PartitionLog, repaired: Option<Repaired>, report: &mut dyn FnMut(LogRepair)) {
    // Another process may have repaired it meanwhile.
    let Some(repaired) = repaired else { return };
    report(LogRepair {
        directory: log.dir().path().to_path_buf(),
        next_offset: repaired.end.next_offset,
        kept_in: repaired.kept_in,
    });
}
