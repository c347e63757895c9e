//! Records that were read but are not to be delivered yet, copied end to end.

use crate::record::{BatchHeader, Headers, Record, TimestampType};

/// Copies of records, in the order in which they were put in.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// The first one that was not taken yet.
    next: usize,
    /// The offset behind everything that was looked at for these records, and the epoch there.
    pub(super) reaches: (i64, i32),
}

/// Where one record is in the bytes: key, value and headers, one behind the other.
#[derive(Debug)]
struct Entry {
    offset: i64,
    timestamp: i64,
    start: usize,
    /// `None` is null.
    key_bytes: Option<u32>,
    value_bytes: Option<u32>,
    headers_bytes: u32,
    headers: u32,
    epoch: i32,
    timestamp_type: TimestampType,
}

/// A record with what is known of the batch it was in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    pub(super) record: Record<'a>,
    pub(super) timestamp_type: TimestampType,
    pub(super) epoch: i32,
}

/// A batch is far below 4 GiB, and so are the parts of its records.
fn part(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

impl Ahead {
    /// Copies a record of the batch with this header.
    pub(super) fn push(&mut self, record: &Record<'_>, header: &BatchHeader) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record.key.unwrap_or_default());
        self.bytes.extend_from_slice(record.value.unwrap_or_default());
        self.bytes.extend_from_slice(record.headers.encoded());
        self.entries.push(Entry {
            offset: record.offset,
            timestamp: record.timestamp,
            start,
            key_bytes: record.key.map(part),
            value_bytes: record.value.map(part),
            headers_bytes: part(record.headers.encoded()),
            headers: u32::try_from(record.headers.len()).unwrap_or(u32::MAX),
            epoch: header.leader_epoch,
            timestamp_type: header.timestamp_type(),
        });
    }

    /// Returns how much one record takes here.
    pub(super) fn bytes_of(record: &Record<'_>) -> usize {
        size_of::<Entry>()
            + record.key.map_or(0, <[u8]>::len)
            + record.value.map_or(0, <[u8]>::len)
            + record.headers.encoded().len()
    }

    /// Returns how much the records take.
    pub(super) fn held_bytes(&self) -> usize {
        self.bytes.len() + self.entries.len() * size_of::<Entry>()
    }

    /// Returns how many records were put in.
    pub(super) fn records(&self) -> usize {
        self.entries.len()
    }

    /// True if every record was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.next == self.entries.len()
    }

    /// Returns the time of the next record.
    pub(super) fn next_timestamp(&self) -> Option<i64> {
        self.entries.get(self.next).map(|entry| entry.timestamp)
    }

    /// Takes the next record.
    pub(super) fn take(&mut self) -> Option<Held<'_>> {
        let index = self.next;
        self.next += usize::from(index < self.entries.len());
        self.get(index)
    }

    /// Returns the record that was put in as number `index`, from 0.
    pub(super) fn get(&self, index: usize) -> Option<Held<'_>> {
        let entry = self.entries.get(index)?;
        let mut rest = &self.bytes[entry.start..];
        let mut cut = |length: u32| {
            let (part, behind) = rest.split_at(length as usize);
            rest = behind;
            part
        };
        let record = Record {
            offset: entry.offset,
            timestamp: entry.timestamp,
            key: entry.key_bytes.map(&mut cut),
            value: entry.value_bytes.map(&mut cut),
            headers: Headers::kept(cut(entry.headers_bytes), entry.headers as usize),
        };
        Some(Held { record, timestamp_type: entry.timestamp_type, epoch: entry.epoch })
    }

    /// Forgets all records, and keeps about as much memory.
    pub(super) fn clear(&mut self, keep_bytes: usize) {
        self.bytes.clear();
        self.bytes.shrink_to(keep_bytes);
        self.entries.clear();
        self.entries.shrink_to(keep_bytes / size_of::<Entry>());
        self.next = 0;
    }
}
