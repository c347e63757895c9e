-- The index of one stream: everything here is computed from its logs and may be lost at any time.

-- cache: what the stream is, and its attributes with the place of the record that says so
CREATE TABLE stream (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    identity       TEXT NOT NULL,
    id_segment     INTEGER NOT NULL,
    id_position    INTEGER NOT NULL,
    id_crc         INTEGER NOT NULL,
    id_offset      INTEGER NOT NULL,
    attributes     TEXT,
    segment        INTEGER,
    position       INTEGER,
    crc            INTEGER,
    offset         INTEGER
) STRICT;

-- cache: the living topics, each with the place of the record that says so
CREATE TABLE topic (
    name           TEXT PRIMARY KEY,
    id             BLOB NOT NULL UNIQUE,
    partitions     INTEGER NOT NULL,
    timestamp_type TEXT,
    created_ms     INTEGER NOT NULL,
    segment        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    crc            INTEGER NOT NULL,
    offset         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- cache: topics whose deletion is recorded
CREATE TABLE deleted_topic (
    id             BLOB PRIMARY KEY,
    name           TEXT NOT NULL,
    segment        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    crc            INTEGER NOT NULL,
    offset         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- cache: the newest epoch
CREATE TABLE epoch (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    epoch          INTEGER NOT NULL,
    boot_id        BLOB,
    device         INTEGER NOT NULL,
    inode          INTEGER NOT NULL,
    segment        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    crc            INTEGER NOT NULL,
    offset         INTEGER NOT NULL
) STRICT;

-- cache: how far each log has been applied
CREATE TABLE log (
    name           TEXT PRIMARY KEY,
    stream_id      BLOB NOT NULL,
    segment        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    crc            INTEGER NOT NULL,
    next_offset    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- cache: places in partition logs; `row_check` is a CRC-32C over the other columns
CREATE TABLE point (
    topic          BLOB NOT NULL,
    partition      INTEGER NOT NULL,
    base_offset    INTEGER NOT NULL,
    segment        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    crc            INTEGER NOT NULL,
    max_timestamp  INTEGER NOT NULL,
    logical_bytes  INTEGER NOT NULL,
    row_check      INTEGER NOT NULL,
    PRIMARY KEY (topic, partition, base_offset)
) STRICT, WITHOUT ROWID;

-- cache: the file that this index was made as; another device or inode means it was put in its place
CREATE TABLE file (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    device         INTEGER NOT NULL,
    inode          INTEGER NOT NULL
) STRICT;

-- cache: where the newest whole snapshot at the front of a `meta` segment ends
CREATE TABLE snapshot (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    segment        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    crc            INTEGER NOT NULL,
    offset         INTEGER NOT NULL
) STRICT;
