//! Groups as a whole: their live members, their cursors and how far these are.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

use crate::access::Action;
use crate::catalog::{Cursor, CursorId, CursorRecord, GroupState, ObjectId};
use crate::path::{TopicName, check_group};
use crate::record::Scratch;

use super::cursors::CursorFilter;
use super::error::StoreError;
use super::live_members::{GroupPhase, LiveMember, MemberPartition};
use super::own_log::read_on;
use super::retention::{Retention, RuleFrom};
use super::stream::Stream;
use super::topic::Topic;

/// How far back it is told how much a group has read. Milliseconds.
pub const LATELY_MS: i64 = 60_000;

/// A group in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSummary {
    /// Its name.
    pub group: String,
    /// What it is doing.
    pub phase: GroupPhase,
    /// Its epoch, which rises when members come or go; `None` if it never had any.
    pub epoch: Option<i64>,
    /// By which rule its partitions were shared out the last time, if they ever were.
    pub assignor: Option<String>,
    /// Its live members, in the order of joining.
    pub members: Vec<LiveMember>,
    /// The partitions that it has a cursor in or that a member reads, in the order of topic and
    /// partition.
    pub partitions: Vec<GroupPartition>,
    /// What holds for it.
    pub rules: GroupRules,
}

/// What holds for a group, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRules {
    /// By which assignor its members share; `None` if nobody has said.
    pub assignor: Option<String>,
    /// Who says that.
    pub assignor_from: RuleFrom,
    /// How long its cursors stay once it has no member, in minutes; −1 for ever.
    pub offsets_retention_minutes: i64,
    /// Who says that.
    pub retention_from: RuleFrom,
}

/// What a group has to do with one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPartition {
    /// The topic's identity.
    pub topic_id: ObjectId,
    /// The topic's name now.
    pub topic: TopicName,
    /// The partition.
    pub partition: u32,
    /// What was committed, if anything was.
    pub cursor: Option<Cursor>,
    /// The first offset that can be read.
    pub start_offset: i64,
    /// The offset behind the last record.
    pub end_offset: i64,
    /// How long the next record to be read has been waiting, in milliseconds: 0 if there is none
    /// yet. `None` without a cursor, or if that record is gone.
    pub waiting_ms: Option<i64>,
    /// The identity of the member that reads it.
    pub member_id: Option<ObjectId>,
}

/// What went on in a partition within the last [`LATELY_MS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupPace {
    /// Records that the group read, as its commits say.
    pub read: i64,
    /// Records that were written.
    pub written: i64,
}

impl GroupSummary {
    /// Its members that read no partition.
    pub fn idle_members(&self) -> impl Iterator<Item = &LiveMember> {
        let reads = |member: &LiveMember| {
            self.partitions.iter().any(|it| it.member_id == Some(member.object.member_id))
        };
        self.members.iter().filter(move |member| !reads(member))
    }

    /// The member that is to read a partition, whether it does or not.
    #[must_use]
    pub fn heir(&self, partition: &GroupPartition) -> Option<&LiveMember> {
        self.members.iter().find(|member| {
            member
                .target
                .iter()
                .any(|it| it.topic_id == partition.topic_id && it.partition == partition.partition)
        })
    }
}

impl GroupRules {
    fn of(state: Option<&GroupState>, retention: Retention) -> Self {
        let none = GroupState::default();
        let state = state.unwrap_or(&none);
        let settings = &state.settings;
        let asks = state.members.values().any(|member| !member.wish.assignors.is_empty());
        let (assignor, assignor_from) = match (&settings.assignor, state.members.is_empty()) {
            (_, false) if asks => (Some(state.epoch.assignor.clone()), RuleFrom::Members),
            (Some(set), _) => (Some(set.clone()), RuleFrom::Group),
            (None, _) => (None, RuleFrom::Default),
        };
        let (offsets_retention_minutes, retention_from) = retention.minutes(settings);
        Self { assignor, assignor_from, offsets_retention_minutes, retention_from }
    }
}

impl GroupPartition {
    /// How many records the group has not read, with those that are gone; `None` without a cursor.
    #[must_use]
    pub fn lag(&self) -> Option<i64> {
        self.cursor.as_ref().map(|cursor| (self.end_offset - cursor.offset).max(0))
    }

    /// How many records were removed before the group read them.
    #[must_use]
    pub fn lost(&self) -> i64 {
        self.cursor.as_ref().map_or(0, |cursor| (self.start_offset - cursor.offset).max(0))
    }
}

impl GroupPace {
    /// How long it takes to read `lag` records more at this pace, in milliseconds; `None` if more
    /// is written than read.
    #[must_use]
    pub fn catch_up_ms(&self, lag: i64) -> Option<i64> {
        if lag == 0 {
            return Some(0);
        }
        let gained = i128::from(self.read) - i128::from(self.written);
        if gained <= 0 {
            return None;
        }
        i64::try_from(i128::from(lag) * i128::from(LATELY_MS) / gained).ok()
    }
}

impl Stream {
    /// Returns the groups that have a cursor, a live member or settings, in the order of their names,
    /// or only the one that is named.
    ///
    /// # Errors
    /// `Denied`, `StreamGone`, or the file system's.
    pub fn groups(&self, only: Option<&str>) -> Result<Vec<GroupSummary>, StoreError> {
        let filter = CursorFilter { group: only.map(str::to_owned), ..CursorFilter::default() };
        let mut groups: BTreeMap<String, Found> = BTreeMap::new();
        let mut live = self.live_groups()?;
        for (name, group) in &live {
            if only.is_none_or(|only| only == name) && !group.members.is_empty() {
                groups.entry(name.clone()).or_default();
            }
        }
        let mut topics = Topics { stream: self, open: HashMap::new() };
        for summary in self.cursor_summaries(&filter)? {
            let found = groups.entry(summary.group).or_default();
            let offset = summary.cursor.offset;
            let numbers = summary.numbers;
            let partition = GroupPartition {
                topic_id: summary.topic_id,
                topic: summary.topic.clone(),
                partition: summary.partition,
                cursor: Some(summary.cursor),
                start_offset: numbers.start_offset,
                end_offset: numbers.last_offset + 1,
                waiting_ms: (offset >= numbers.start_offset).then_some(numbers.lag_ms),
                member_id: None,
            };
            found.partitions.insert((summary.topic, summary.partition), partition);
        }
        let cursors = self.cursors()?;
        for (name, _) in cursors.groups().filter(|(_, state)| state.has_settings()) {
            if only.is_none_or(|only| only == name) {
                groups.entry(name.to_owned()).or_default();
            }
        }
        let mut summaries = Vec::with_capacity(groups.len());
        for (group, mut found) in groups {
            let rules = GroupRules::of(cursors.group(&group), cursors.retention);
            let live = live.remove(&group);
            let phase = live.as_ref().map_or(GroupPhase::Empty, |live| live.phase);
            let epoch = live.as_ref().map(|live| live.epoch).filter(|epoch| *epoch > 0);
            let (assignor, members) = live.map(|live| (live.assignor, live.members)).unzip();
            let members = members.unwrap_or_default();
            let assignor = assignor.filter(|name: &String| !name.is_empty());
            found.add_assigned(&members, &mut topics)?;
            let partitions = found.partitions.into_values().collect();
            summaries.push(GroupSummary {
                group,
                phase,
                epoch,
                assignor,
                members,
                partitions,
                rules,
            });
        }
        Ok(summaries)
    }

    /// Tells how fast a group reads and its partitions are written, for each of them.
    ///
    /// # Errors
    /// As [`Stream::groups`].
    pub fn group_pace(&self, summary: &GroupSummary) -> Result<Vec<GroupPace>, StoreError> {
        self.authorize(Action::CursorList)?;
        let since = self.shared().context.clock.now().0.saturating_sub(LATELY_MS);
        let read = self.read_since(&summary.group, since)?;
        let mut topics = Topics { stream: self, open: HashMap::new() };
        let mut paces = Vec::with_capacity(summary.partitions.len());
        for partition in &summary.partitions {
            let id = (partition.topic_id, partition.partition);
            let read = read.get(&id).copied().unwrap_or_default();
            let mut pace = GroupPace { read, written: 0 };
            if let Some(topic) = topics.open(partition.topic_id, &partition.topic)? {
                topic.activity(partition.partition, since, &mut |_, records| {
                    let records = i64::try_from(records).unwrap_or(i64::MAX);
                    pace.written = pace.written.saturating_add(records);
                })?;
            }
            paces.push(pace);
        }
        Ok(paces)
    }

    /// How many records a group read since a time (milliseconds since 1970), as far as the commits
    /// that are still in the log tell.
    fn read_since(
        &self,
        group: &str,
        since: i64,
    ) -> Result<HashMap<(ObjectId, u32), i64>, StoreError> {
        let mut first_and_last: HashMap<(ObjectId, u32), (i64, i64)> = HashMap::new();
        let mut each = |record: CursorRecord| match record {
            CursorRecord::Committed(id, cursor) | CursorRecord::Snapshot(id, cursor)
                if id.group == group =>
            {
                let known = first_and_last.entry((id.topic_id, id.partition));
                let (first, last) = known.or_insert((cursor.offset, cursor.offset));
                *last = cursor.offset;
                if cursor.time_ms < since {
                    *first = cursor.offset;
                }
            }
            CursorRecord::Deleted(id) if id.group == group => {
                first_and_last.remove(&(id.topic_id, id.partition));
            }
            _ => {}
        };
        let log = self.shared().cursors_log();
        let mut reader = log.reader();
        let mut scratch = Scratch::new();
        reader.seek(log.start_offset()?, None)?;
        // What is damaged ends it: this is for showing.
        let _ = read_on(&mut reader, i64::MAX, &mut |run| {
            for batch in run.batches() {
                let Ok(records) = batch.records(&mut scratch) else { continue };
                for record in records.map_while(Result::ok) {
                    let key = record.key.unwrap_or_default();
                    if let Ok(record) = CursorRecord::from_json(key, record.value) {
                        each(record);
                    }
                }
            }
            Ok(())
        });
        Ok(first_and_last
            .into_iter()
            .map(|(id, (first, last))| (id, (last - first).max(0)))
            .collect())
    }

    /// Deletes all there is of a group that has no live member, and returns its cursors. Durable when
    /// it returns.
    ///
    /// # Errors
    /// `Denied`, `GroupTaken`, `Name` for the group's id, `NoCursor` if there was neither a cursor nor
    /// a setting, `StreamGone`, `Busy`; nothing is deleted then.
    pub fn delete_group(&self, group: &str) -> Result<Vec<(CursorId, Cursor)>, StoreError> {
        self.authorize(Action::CursorDelete)?;
        check_group(group)?;
        let shared = self.shared();
        let (deleted, had_settings) =
            self.cursors()?.end_group(group, || shared.refuse_members(group))?;
        if deleted.is_empty() && !had_settings {
            return Err(StoreError::NoCursor {
                stream: self.path().clone(),
                group: group.to_owned(),
                topic: None,
                partition: None,
            });
        }
        Ok(deleted)
    }

    /// Deletes a group's cursors in some partitions of a topic that none of its live members reads,
    /// and returns them. Durable when it returns.
    ///
    /// # Errors
    /// As [`Stream::delete_group`], but for `NoCursor`.
    pub fn delete_group_cursors(
        &self,
        group: &str,
        topic: ObjectId,
        partitions: &[u32],
    ) -> Result<Vec<(CursorId, Cursor)>, StoreError> {
        self.authorize(Action::CursorDelete)?;
        check_group(group)?;
        let is_meant = |id: &CursorId| {
            id.group == group && id.topic_id == topic && partitions.contains(&id.partition)
        };
        self.cursors()?.delete_if(is_meant, || {
            let reads = |member: &LiveMember| {
                let reads = member.owned.iter().any(|it| it.topic_id == topic);
                member.object.group == group && reads && !member.object.is_away
            };
            match self.members()?.into_iter().find(reads) {
                Some(member) => {
                    let pid = Some(member.object.pid);
                    Err(StoreError::GroupTaken { group: group.to_owned(), pid })
                }
                None => Ok(()),
            }
        })
    }
}

/// A group while it is put together.
#[derive(Default)]
struct Found {
    partitions: BTreeMap<(TopicName, u32), GroupPartition>,
}

impl Found {
    /// Adds who reads what.
    fn add_assigned(
        &mut self,
        members: &[LiveMember],
        topics: &mut Topics<'_>,
    ) -> Result<(), StoreError> {
        for member in members {
            for MemberPartition { topic_id, topic: name, partition } in &member.owned {
                let (topic_id, partition) = (*topic_id, *partition);
                let Some(topic) = topics.open(topic_id, name)? else { continue };
                if partition >= topic.partitions() {
                    continue;
                }
                let key = (topic.name().clone(), partition);
                let known = match self.partitions.entry(key) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => {
                        let mut reader = topic.listing_reader(partition)?;
                        let end_offset = reader.end_offset()?;
                        place.insert(GroupPartition {
                            topic_id,
                            topic: topic.name().clone(),
                            partition,
                            cursor: None,
                            start_offset: reader.start_offset()?,
                            end_offset,
                            waiting_ms: None,
                            member_id: None,
                        })
                    }
                };
                known.member_id = Some(member.object.member_id);
            }
        }
        Ok(())
    }
}

/// Topics that were opened once.
struct Topics<'a> {
    stream: &'a Stream,
    open: HashMap<ObjectId, Option<Topic>>,
}

impl Topics<'_> {
    /// Opens a topic by its identity; `name` is what it was called. `None` if it is gone.
    fn open(&mut self, id: ObjectId, name: &TopicName) -> Result<Option<&Topic>, StoreError> {
        if !self.open.contains_key(&id) {
            let found = match self.stream.topic(name) {
                Ok(topic) if topic.object().id == id => Some(topic),
                // Another one has its name, or it has another name now.
                Ok(_) | Err(StoreError::TopicNotFound { .. } | StoreError::TopicGone { .. }) => {
                    let objects = self.stream.topic_objects()?;
                    let renamed = objects.into_iter().find(|object| object.id == id);
                    renamed.map(|object| self.stream.topic(&object.name)).transpose()?
                }
                Err(error) => return Err(error),
            };
            self.open.insert(id, found);
        }
        Ok(self.open.get(&id).and_then(Option::as_ref))
    }
}

#[cfg(test)]
mod tests {
    use super::GroupPace;

    #[test]
    fn who_reads_no_faster_than_is_written_never_catches_up() {
        let pace = |read, written| GroupPace { read, written };
        assert_eq!(pace(0, 5).catch_up_ms(0), Some(0));
        assert_eq!(pace(5, 5).catch_up_ms(1), None);
        assert_eq!(pace(0, 0).catch_up_ms(1), None);
        assert_eq!(pace(60, 30).catch_up_ms(1), Some(2000));
        assert_eq!(pace(i64::MAX, 0).catch_up_ms(i64::MAX), Some(60_000));
    }
}
