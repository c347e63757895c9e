//! Opening SQLite the way the index needs it, and recognising files that are not an index.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::IndexError;

/// `application_id` of an index: the letters `stpi`.
pub const APPLICATION_ID: i64 = 0x7374_7069;
/// `user_version` of an index: the version of its schema.
pub const SCHEMA_VERSION: i64 = 1;
/// The least SQLite that does not lose commits in WAL mode with several connections.
pub const SQLITE_VERSION_LEAST: i32 = 3_051_003;

const SCHEMA: &str = include_str!("sql/schema.sql");
const BUSY_WAIT: Duration = Duration::from_millis(5000);
const STATEMENTS_CACHED: usize = 64;

/// Returns the version number of the linked SQLite, `3051003` for 3.51.3.
pub fn sqlite_version() -> i32 {
    rusqlite::version_number()
}

/// Checks that the linked SQLite does not have the WAL-reset bug.
///
/// # Errors
/// `UnsafeLibrary`; nothing was opened.
pub fn sqlite_version_is_safe() -> Result<(), IndexError> {
    let found = sqlite_version();
    if found < SQLITE_VERSION_LEAST {
        return Err(IndexError::UnsafeLibrary { found, least: SQLITE_VERSION_LEAST });
    }
    Ok(())
}

/// Opens an index in memory, with its schema.
pub(super) fn in_memory() -> Result<Connection, IndexError> {
    sqlite_version_is_safe()?;
    let connection =
        Connection::open_in_memory_with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | no_mutex())?;
    harden(&connection)?;
    make_schema(&connection)?;
    Ok(connection)
}

/// Makes a new index file that must not be in use by anybody yet.
///
/// It is written without a journal; whoever is interrupted leaves a file under a temporary name.
pub(super) fn create(path: &Path) -> Result<Connection, IndexError> {
    sqlite_version_is_safe()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | no_mutex();
    let connection = Connection::open_with_flags(path, flags)?;
    harden(&connection)?;
    set(&connection, "journal_mode", "off")?;
    set(&connection, "synchronous", "off")?;
    make_schema(&connection)?;
    Ok(connection)
}

/// Turns a file made by `create` into one that several processes share.
pub(super) fn share(connection: Connection) -> Result<(), IndexError> {
    // The checkpoint at closing writes the header that says WAL; the caller syncs the file.
    set(&connection, "journal_mode", "wal")?;
    connection.close().map_err(|(_, error)| error.into())
}

/// Opens an existing index file after checking that it is one.
pub(super) fn open(path: &Path) -> Result<Connection, IndexError> {
    sqlite_version_is_safe()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | no_mutex();
    let connection = Connection::open_with_flags(path, flags)?;
    harden(&connection)?;
    let application_id = number(&connection, "application_id")?;
    if application_id != APPLICATION_ID {
        return Err(IndexError::Foreign { application_id });
    }
    let found = number(&connection, "user_version")?;
    if found != SCHEMA_VERSION {
        return Err(IndexError::Version { found, known: SCHEMA_VERSION });
    }
    set(&connection, "synchronous", "normal")?;
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode != "wal" {
        return Err(IndexError::Replaced);
    }
    Ok(connection)
}

fn no_mutex() -> OpenFlags {
    // No SQLITE_OPEN_URI: a path is a path, whatever characters it has.
    OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn harden(connection: &Connection) -> Result<(), IndexError> {
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    set(connection, "cell_size_check", "on")?;
    set(connection, "mmap_size", "0")?;
    set(connection, "journal_size_limit", "4194304")?;
    Ok(())
}

fn make_schema(connection: &Connection) -> Result<(), IndexError> {
    connection.execute_batch(SCHEMA)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(())
}

fn set(connection: &Connection, pragma: &str, value: &str) -> Result<(), IndexError> {
    // Some of these answer with a row and some do not.
    match connection.pragma_update_and_check(None, pragma, value, |_| Ok(())) {
        Ok(()) | Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn number(connection: &Connection, pragma: &str) -> Result<i64, IndexError> {
    Ok(connection.pragma_query_value(None, pragma, |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::{SQLITE_VERSION_LEAST, sqlite_version, sqlite_version_is_safe};

    #[test]
    fn the_linked_sqlite_does_not_lose_commits() {
        assert!(sqlite_version() >= SQLITE_VERSION_LEAST, "{}", sqlite_version());
        sqlite_version_is_safe().unwrap();
    }
}
