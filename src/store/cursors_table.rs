//! The cursors and groups of a stream in memory, as the records of `cursors` leave them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Cursor, CursorId, CursorRecord, GroupRecord, GroupState, ObjectId};

/// Bytes of a cursor's record beside its texts, about.
const RECORD_BYTES: u64 = 260;

/// Every cursor there is, and what is known of the segments they were read from.
#[derive(Clone, Debug, Default)]
pub(super) struct CursorTable {
    cursors: BTreeMap<CursorId, Cursor>,
    groups: BTreeMap<String, GroupState>,
    /// What a snapshot of them takes, about. Bytes.
    snapshot_bytes: u64,
    /// Segments of which the beginning was read whole.
    whole: Vec<i64>,
    /// The segment that the last record was in.
    segment: Option<i64>,
    /// That segment holds a commit or a deletion.
    begun: bool,
    /// Stretches that could not be read and were stepped over.
    pub(super) damaged: u64,
}

impl CursorTable {
    /// Takes in a record of the segment that begins at offset `base`.
    pub(super) fn apply(&mut self, base: i64, record: CursorRecord) {
        if self.segment != Some(base) {
            self.segment = Some(base);
            self.begun = false;
            if base == 0 {
                // The first one of all needs no snapshot.
                self.whole.push(base);
            }
        }
        match record {
            CursorRecord::Committed(id, cursor) => {
                self.begun = true;
                self.put(id, cursor);
            }
            CursorRecord::Deleted(id) => {
                self.begun = true;
                if let Some(cursor) = self.cursors.remove(&id) {
                    self.snapshot_bytes -= bytes(&id, &cursor);
                }
            }
            CursorRecord::Snapshot(id, cursor) => self.put(id, cursor),
            CursorRecord::Group(record) => {
                self.begun = true;
                self.put_group(record);
            }
            CursorRecord::GroupSnapshot(record) => self.put_group(record),
            CursorRecord::SnapshotEnd(_) => {
                if !self.begun && !self.is_whole(base) {
                    self.whole.push(base);
                }
            }
        }
    }

    fn put(&mut self, id: CursorId, cursor: Cursor) {
        self.snapshot_bytes += bytes(&id, &cursor);
        let before = self.cursors.get(&id).map_or(0, |before| bytes(&id, before));
        self.snapshot_bytes -= before;
        self.cursors.insert(id, cursor);
    }

    fn put_group(&mut self, record: GroupRecord) {
        let name = record.group().to_owned();
        let mut before = 0;
        let group = match self.groups.entry(name.clone()) {
            Entry::Occupied(known) => {
                before = known.get().snapshot_bytes(&name);
                known.into_mut()
            }
            Entry::Vacant(place) => place.insert(GroupState::default()),
        };
        group.apply(record);
        self.snapshot_bytes += group.snapshot_bytes(&name);
        self.snapshot_bytes -= before;
        if group.is_nothing() {
            self.groups.remove(&name);
        }
    }

    /// Whether the segment was read from its beginning, and that is a whole snapshot.
    pub(super) fn is_whole(&self, base: i64) -> bool {
        self.whole.contains(&base)
    }

    /// Whether the next record to go into the segment must be a snapshot: whoever began it died
    /// before its end.
    pub(super) fn wants_snapshot(&self, base: i64) -> bool {
        base > 0 && !self.is_whole(base) && !(self.segment == Some(base) && self.begun)
    }

    /// What a snapshot takes, about. Bytes.
    pub(super) fn snapshot_bytes(&self) -> u64 {
        self.snapshot_bytes
    }

    /// The whole state as records.
    pub(super) fn snapshot(&self) -> Vec<CursorRecord> {
        let mut records: Vec<CursorRecord> = self
            .cursors
            .iter()
            .map(|(id, cursor)| CursorRecord::Snapshot(id.clone(), cursor.clone()))
            .collect();
        for (name, group) in &self.groups {
            records.extend(group.records(name).into_iter().map(CursorRecord::GroupSnapshot));
        }
        records.push(CursorRecord::SnapshotEnd(self.cursors.len() as u64));
        records
    }

    /// What removes all there is of a group.
    pub(super) fn ending(&self, group: &str) -> Vec<CursorRecord> {
        let cursors = self.cursors_of(group).map(|(id, _)| CursorRecord::Deleted(id.clone()));
        let state = self.group(group).map(|state| state.ending(group));
        cursors.chain(state.into_iter().flatten().map(CursorRecord::Group)).collect()
    }

    /// The cursors of a group in the order of topic and partition.
    pub(super) fn cursors_of(&self, group: &str) -> impl Iterator<Item = (&CursorId, &Cursor)> {
        let topic_id = ObjectId::from_bytes([0; 16]);
        let first = CursorId { group: group.to_owned(), topic_id, partition: 0 };
        self.cursors.range(&first..).take_while(move |(id, _)| id.group == first.group)
    }

    /// The names of all groups of which there is anything.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        let of_cursors = self.cursors.keys().map(|id| id.group.as_str());
        of_cursors.chain(self.groups.keys().map(String::as_str)).collect()
    }

    /// One cursor.
    pub(super) fn get(&self, id: &CursorId) -> Option<&Cursor> {
        self.cursors.get(id)
    }

    /// One group, if it ever had members or something was set for it.
    pub(super) fn group(&self, group: &str) -> Option<&GroupState> {
        self.groups.get(group)
    }

    /// The groups that ever had members or of which something was set, in the order of their names.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&String, &GroupState)> {
        self.groups.iter()
    }

    /// The cursors in the order of group, topic and partition.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&CursorId, &Cursor)> {
        self.cursors.iter()
    }
}

fn bytes(id: &CursorId, cursor: &Cursor) -> u64 {
    let texts = id.group.len() + cursor.topic.as_str().len() + cursor.metadata.len();
    RECORD_BYTES + texts as u64
}

#[cfg(test)]
mod tests {
    use super::CursorTable;
    use crate::catalog::{Cursor, CursorId, CursorRecord, ObjectId};
    use crate::path::TopicName;

    fn id(partition: u32) -> CursorId {
        let topic_id = ObjectId::from_bytes([7; 16]);
        CursorId { group: "g".to_owned(), topic_id, partition }
    }

    fn cursor(offset: i64) -> Cursor {
        let topic = TopicName::parse("t").unwrap();
        Cursor { topic, offset, epoch: 1, metadata: String::new(), time_ms: 0 }
    }

    fn offsets(table: &CursorTable) -> Vec<i64> {
        table.iter().map(|(_, cursor)| cursor.offset).collect()
    }

    #[test]
    fn the_last_record_of_a_cursor_counts() {
        let mut table = CursorTable::default();
        table.apply(0, CursorRecord::Committed(id(0), cursor(1)));
        table.apply(0, CursorRecord::Committed(id(1), cursor(2)));
        table.apply(0, CursorRecord::Committed(id(0), cursor(3)));
        assert_eq!(offsets(&table), [3, 2]);
        let two = table.snapshot_bytes();
        table.apply(0, CursorRecord::Deleted(id(0)));
        table.apply(0, CursorRecord::Deleted(id(0)));
        assert_eq!(offsets(&table), [2]);
        assert_eq!(table.snapshot_bytes(), two / 2);
        let encoded: usize = table
            .snapshot()
            .iter()
            .map(|record| {
                let (key, value) = record.to_json();
                key.len() + value.map_or(0, |value| value.len())
            })
            .sum();
        assert!((encoded as u64).abs_diff(table.snapshot_bytes()) < 100, "{encoded}");
    }

    #[test]
    fn a_segment_is_whole_with_the_end_of_its_snapshot_and_not_before() {
        let mut table = CursorTable::default();
        table.apply(0, CursorRecord::Committed(id(0), cursor(1)));
        assert!(table.is_whole(0) && !table.wants_snapshot(0));
        assert!(table.wants_snapshot(5), "an empty one");
        table.apply(5, CursorRecord::Snapshot(id(0), cursor(1)));
        assert!(table.wants_snapshot(5));
        table.apply(5, CursorRecord::Snapshot(id(0), cursor(1)));
        table.apply(5, CursorRecord::SnapshotEnd(1));
        assert!(table.is_whole(5) && !table.wants_snapshot(5));

        let mut damaged = CursorTable::default();
        damaged.apply(5, CursorRecord::Committed(id(0), cursor(1)));
        assert!(!damaged.wants_snapshot(5), "nothing comes between commits");
        damaged.apply(5, CursorRecord::SnapshotEnd(1));
        assert!(!damaged.is_whole(5));
    }
}
