//! Files of the index: `index.<n>.db`, of which the highest number counts.

use std::ffi::{OsStr, OsString};

use crate::catalog::{Applied, IndexError, LogPosition, Projection};
use crate::fs::{Dir, FileId, Kind, Replace, temporary_name};

use super::error::StoreError;
use super::layout::{GATE_LOCK, is_missing};

const PREFIX: &str = "index.";
const SUFFIX: &str = ".db";
/// What SQLite appends to the name of a database for files of its own.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// One generation of the index, open.
#[derive(Debug)]
pub(super) struct Generation {
    pub(super) projection: Projection,
    pub(super) number: u64,
    id: FileId,
}

impl Generation {
    /// Whether this is still the file of its name, and no higher number has appeared.
    pub(super) fn is_current(&self, dir: &Dir) -> bool {
        let named = dir.stat_entry(&name_of(self.number));
        let Ok(numbers) = numbers(dir) else { return false };
        named.is_ok_and(|stat| stat.id == self.id)
            && numbers.iter().all(|&(number, _)| number <= self.number)
    }
}

/// The name of a generation's file.
pub(super) fn name_of(number: u64) -> OsString {
    format!("{PREFIX}{number}{SUFFIX}").into()
}

/// Whether a file of this name belongs to the index: a generation or a companion of one.
pub(super) fn number_in(name: &OsStr) -> Option<(u64, Role)> {
    let rest = name.to_str()?.strip_prefix(PREFIX)?;
    let (digits, companion) = rest.split_once(SUFFIX)?;
    let number = digits.parse().ok()?;
    match companion {
        "" => Some((number, Role::Database)),
        companion if COMPANIONS.contains(&companion) => Some((number, Role::Companion)),
        _ => None,
    }
}

/// What a file of the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Database,
    Companion,
}

fn numbers(dir: &Dir) -> Result<Vec<(u64, Role)>, StoreError> {
    Ok(dir.list()?.iter().filter_map(|entry| number_in(&entry.name)).collect())
}

/// Opens the newest generation.
///
/// # Errors
/// Why it cannot be used; a higher one is needed then.
pub(super) fn open_newest(dir: &Dir) -> Result<Generation, IndexError> {
    let numbers = numbers(dir).map_err(|_| IndexError::Missing)?;
    let databases = numbers.iter().filter(|(_, role)| *role == Role::Database);
    let Some(number) = databases.map(|&(number, _)| number).max() else {
        return Err(IndexError::Missing);
    };
    open(dir, number)
}

fn open(dir: &Dir, number: u64) -> Result<Generation, IndexError> {
    let name = name_of(number);
    let stat = match dir.stat_entry(&name) {
        Ok(stat) if stat.kind == Kind::File => stat,
        _ => return Err(IndexError::Missing),
    };
    let path = std::path::absolute(dir.path().join(&name)).map_err(|_| IndexError::Missing)?;
    let projection = Projection::open(&path, stat.id.device, stat.id.inode)?;
    Ok(Generation { projection, number, id: stat.id })
}

/// Writes a generation above `floor` and above all others from records of `meta`, and opens it.
/// The caller holds the gate.
///
/// # Errors
/// Whatever prevented it; the generations there were are untouched.
pub(super) fn build(
    dir: &Dir,
    floor: u64,
    records: &[Applied],
    end: &LogPosition,
) -> Result<Generation, StoreError> {
    let highest = numbers(dir)?.iter().map(|&(number, _)| number).max().unwrap_or(0);
    let number = highest.max(floor).saturating_add(1);
    let temporary = temporary_name();
    let mode = dir.stat_entry(OsStr::new(GATE_LOCK))?.mode;
    // Made here and not by SQLite, so that it has the stream's mode; its companions copy it.
    let file = dir.create(&temporary, mode)?;
    let built = fill(dir, &temporary, file.stat()?.id, records, end).and_then(|()| {
        file.sync_data()?;
        dir.rename(&temporary, dir.as_ref(), &name_of(number), Replace::Never)?;
        Ok(())
    });
    if let Err(error) = built {
        remove_with_companions(dir, &temporary);
        return Err(error);
    }
    open(dir, number).map_err(StoreError::Index)
}

fn fill(
    dir: &Dir,
    temporary: &OsStr,
    id: FileId,
    records: &[Applied],
    end: &LogPosition,
) -> Result<(), StoreError> {
    let path = dir.path().join(temporary);
    let path = std::path::absolute(path).map_err(|_| StoreError::Index(IndexError::Missing))?;
    let fill = || {
        let mut projection = Projection::create(&path)?;
        projection.apply(records, end)?;
        projection.finish(id.device, id.inode)
    };
    fill().map_err(StoreError::Index)
}

/// Removes generations below `newest` and what dead builders left. The caller holds the gate.
///
/// Best effort: whatever stays is removed by a later holder, and is never read.
pub(super) fn remove_older(dir: &Dir, newest: u64) {
    let Ok(entries) = dir.list() else { return };
    for entry in entries {
        let is_old = number_in(&entry.name).is_some_and(|(number, _)| number < newest);
        // Only a holder of the gate makes temporary files here, and that is the caller.
        let is_left_over = entry.kind == Kind::File
            && entry.name.to_str().is_some_and(|name| name.starts_with(".tmp-"));
        if is_old || is_left_over {
            let _ = dir.remove_file(&entry.name);
        }
    }
}

fn remove_with_companions(dir: &Dir, name: &OsStr) {
    for companion in ["", COMPANIONS[0], COMPANIONS[1], COMPANIONS[2]] {
        let mut name = name.to_os_string();
        name.push(companion);
        match dir.remove_file(&name) {
            Err(error) if !is_missing(&error) => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{Role, name_of, number_in};

    #[test]
    fn generations_and_their_companions_are_recognised() {
        assert_eq!(number_in(&name_of(7)), Some((7, Role::Database)));
        assert_eq!(number_in(OsStr::new("index.12.db-wal")), Some((12, Role::Companion)));
        for name in ["index.db", "index.x.db", "index.1.db-", "index.1.dbx", "xindex.1.db"] {
            assert_eq!(number_in(OsStr::new(name)), None, "{name}");
        }
    }
}
