//! A member of a group: what it reads and from where, what it commits, and how it lets go.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::catalog::{CursorId, Lease, MemberObject, MemberWish, ObjectId, Partitions};
use crate::fs::{Waker, Watcher, since_boot_ms};
use crate::store::{
    Claim, Commit, CursorTrust, Fencing, GroupChange, Member, StoreError, Stream, Topic,
};

use super::assign::Assignor;
use super::attendant::{Attended, Timing, remove_lost};
use super::draft::{Draft, losing};
use super::entry::{Entry, INSTANCE_WAIT, ends_before};
use super::error::{GroupError, GroupNews};
use super::topics::{Topics, Wanted};

/// Where to start in a partition in which the group has no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// The first record that is there.
    Earliest,
    /// The end.
    Latest,
    /// The first record of this time or later. Milliseconds since 1970.
    Time(i64),
    /// Nowhere: it is an error.
    None,
}

/// Who joins which group.
#[derive(Clone, Debug)]
pub struct GroupConfig {
    /// The group's id.
    pub group: String,
    /// What the member calls itself.
    pub client: String,
    /// The name of a static member (`group.instance.id`): whoever joins with it takes the place of the
    /// one that had it, if that has ended within its session's time.
    pub instance: Option<String>,
    /// Its process.
    pub pid: u32,
    /// Where to start without a cursor.
    pub reset: Reset,
    /// When it joins, in milliseconds since 1970.
    pub now: i64,
    /// How long it may be silent.
    pub timing: Timing,
    /// The assignors that it agrees to, the one it likes best first; none: whatever the group says.
    pub assignors: Vec<Assignor>,
}

/// A partition of a topic.
pub type Place = (ObjectId, u32);

/// How far a partition was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// The partition.
    pub place: Place,
    /// The offset of the next record.
    pub offset: i64,
    /// The epoch of the batch before it; −1 if it is not known.
    pub epoch: i32,
}

/// The membership of a process in a group, for its share of the partitions of topics.
#[derive(Debug)]
pub struct Membership {
    attended: Arc<Attended>,
    attendant: Option<(Waker, JoinHandle<()>)>,
    /// One topic is read, and its end is the member's.
    is_single: bool,
    /// The topics of which it owned something, as they were last looked at.
    topics: BTreeMap<ObjectId, Topic>,
    claim: Claim,
    reset: Reset,
    /// The partitions that it reads.
    owned: Partitions,
    /// The offset that each of their cursors has.
    committed: BTreeMap<Place, i64>,
    /// Where to start, if not where the cursor stands.
    moved: BTreeMap<Place, i64>,
    news: Vec<GroupNews>,
    /// Given up last.
    member: Member,
}

impl Membership {
    /// Joins a group, to read its share of the partitions of what is wanted: those that are free at
    /// once, see [`Membership::owned`]. `waker` is used when [`Membership::settle`] is to be called.
    ///
    /// # Errors
    ///
    /// A partition has no cursor (`NoCursor`), the others agree to none of the assignors
    /// (`NoAssignor`), a live member has the same instance name and does not end (`InstanceTaken`), or
    /// the store refuses. The others go on as before.
    pub fn join(
        stream: &Stream,
        wanted: Wanted,
        config: GroupConfig,
        waker: Waker,
    ) -> Result<Self, GroupError> {
        let is_single = matches!(wanted, Wanted::Topic(_));
        let topics = Topics::find(stream, wanted)?;
        let mut cursors = stream.cursors()?;
        let pulses = cursors.pulses()?;
        let member_id = ObjectId::random();
        let lease = Lease(since_boot_ms() + config.timing.session_timeout_ms);
        let object = MemberObject {
            member_id,
            group: config.group.clone(),
            client: config.client.clone(),
            pid: config.pid,
            joined_ms: config.now,
            instance: config.instance.clone(),
            boot_id: None,
            is_away: false,
        };
        let mut member = cursors.new_member(object, lease)?;
        let wish = MemberWish {
            client: config.client,
            joined_ms: config.now,
            topics: topics.found().keys().copied().collect(),
            assignors: config.assignors.iter().map(ToString::to_string).collect(),
            instance: config.instance,
        };
        let expired = cursors.expired_since(&config.group);
        let mut entry = Entry::Free;
        let deadline = Instant::now() + INSTANCE_WAIT;
        loop {
            cursors.change_group(&config.group, |state| {
                let mut draft = Draft::new(&config.group, state);
                remove_lost(&mut draft, &pulses, member_id, true)?;
                entry = Entry::of(draft.state(), &wish, &config.assignors, &pulses)?;
                match entry {
                    Entry::Free => draft.join(member_id, wish.clone()),
                    Entry::Former(former) => draft.replace(former, member_id, wish.clone()),
                    Entry::Disagreed(_) | Entry::Taken(_) => return Ok(GroupChange::default()),
                }
                topics.known().for_each(|topic| draft.learn(&topic));
                draft.retarget(config.now);
                draft.settle(member_id, &Partitions::new());
                member.appear()?;
                Ok(GroupChange { records: draft.into_records(), ..GroupChange::default() })
            })?;
            match entry {
                Entry::Free => break,
                Entry::Former(former) => break pulses.forget(former)?,
                Entry::Disagreed(assignor) => {
                    return Err(GroupError::NoAssignor { group: config.group, assignor });
                }
                // It may be about to end.
                Entry::Taken(other) => {
                    if !ends_before(&pulses, other, deadline) {
                        let (group, process) = (config.group, pulses.process(other));
                        let instance = wish.instance.unwrap_or_default();
                        return Err(GroupError::InstanceTaken { group, instance, process });
                    }
                }
            }
        }
        // What cannot be forgotten now is forgotten by a later one.
        let _ = cursors.forget_expired();
        let attended = Arc::new(Attended::new(
            cursors,
            (&config.group, member_id, stream),
            (config.timing, lease),
            (pulses, member.renewal()),
            waker,
        ));
        let claim = Claim { group: config.group, member_id, member_epoch: 0 };
        let mut membership = Self {
            attended,
            attendant: None,
            is_single,
            topics: topics.found().clone(),
            claim,
            reset: config.reset,
            owned: Partitions::new(),
            committed: BTreeMap::new(),
            moved: BTreeMap::new(),
            news: expired.into_iter().map(|since| GroupNews::Expired { since }).collect(),
            member,
        };
        match membership.take_over().and_then(|_| membership.start(topics)) {
            Ok(()) => Ok(membership),
            Err(error) => {
                // Else the others would find a dead one, or wait for it.
                let _ = membership.depart(&[], false);
                Err(error)
            }
        }
    }

    fn start(&mut self, topics: Topics) -> Result<(), GroupError> {
        let mut watcher = Watcher::new();
        let waker = watcher.waker().map_err(StoreError::from)?;
        let (attended, own) = (Arc::clone(&self.attended), waker.clone());
        let thread = thread::spawn(move || attended.attend(topics, watcher, own));
        self.attendant = Some((waker, thread));
        Ok(())
    }

    /// Reads what the member owns now, and where to start in what it did not own before, which is
    /// returned.
    fn take_over(&mut self) -> Result<Vec<Place>, GroupError> {
        let cursors = self.attended.cursors();
        let member =
            cursors.group(&self.claim.group).and_then(|g| g.members.get(&self.claim.member_id));
        let Some(member) = member else { return Err(self.attended.removed()) };
        self.claim.member_epoch = member.owned.epoch;
        let now = member.owned.partitions.clone();
        let mut gained: Vec<Place> = now.difference(&self.owned).copied().collect();
        self.owned = now;
        if gained.is_empty() {
            return Ok(gained);
        }
        let found = cursors.fetch(&self.claim.group);
        drop(cursors);
        for place in &gained {
            self.open(*place)?;
        }
        // The group learns of the end of a topic, too.
        gained.retain(|(topic_id, _)| self.topics.contains_key(topic_id));
        for (id, cursor) in found {
            let place = (id.topic_id, id.partition);
            let Some(topic) = self.topics.get(&id.topic_id).filter(|_| gained.contains(&place))
            else {
                continue;
            };
            let from = cursor.offset;
            let trust = match topic.check_cursor(id.partition, from, cursor.epoch) {
                Err(StoreError::TopicGone { .. }) if !self.is_single => continue,
                trust => trust?,
            };
            if let CursorTrust::WentBack { to } = trust {
                let topic = (!self.is_single).then(|| topic.name().clone());
                let partition = id.partition;
                self.news.push(GroupNews::WentBack { topic, partition, from, to });
                self.moved.insert(place, to);
            }
            self.committed.insert(place, from);
        }
        let missing = gained.iter().find(|place| !self.committed.contains_key(place));
        match missing.filter(|_| self.reset == Reset::None) {
            Some((topic_id, partition)) => Err(GroupError::NoCursor {
                group: self.claim.group.clone(),
                topic: self.topics[topic_id].name().clone(),
                partition: *partition,
            }),
            None => Ok(gained),
        }
    }

    /// Opens the topic of a partition that the member is to read, unless it is open or gone.
    fn open(&mut self, (topic_id, partition): Place) -> Result<(), GroupError> {
        match self.topics.get(&topic_id) {
            Some(topic) if partition < topic.partitions() => return Ok(()),
            Some(topic) => match topic.refreshed() {
                Ok(topic) => drop(self.topics.insert(topic_id, topic)),
                Err(StoreError::TopicGone { .. }) if !self.is_single => {
                    self.topics.remove(&topic_id);
                }
                Err(error) => return Err(error.into()),
            },
            None => {
                let all = self.attended.stream.topics_to_read()?;
                let found = all.iter().find(|object| object.id == topic_id);
                match found.map(|object| self.attended.stream.listed_topic(object)) {
                    Some(Ok(topic)) => drop(self.topics.insert(topic_id, topic)),
                    Some(Err(StoreError::TopicGone { .. })) | None => {}
                    Some(Err(error)) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// The partitions that the member reads.
    pub fn owned(&self) -> &Partitions {
        &self.owned
    }

    /// A topic of which the member owns or owned something, as it was last looked at.
    pub fn topic(&self, topic_id: ObjectId) -> Option<&Topic> {
        self.topics.get(&topic_id)
    }

    /// The topics of which the member owns or owned something, and when it has joined all that it
    /// wants, as they were last looked at.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.topics.values()
    }

    /// Returns where the group goes on in a partition, if it has a cursor there.
    pub fn cursor(&self, place: Place) -> Option<i64> {
        self.moved.get(&place).or_else(|| self.committed.get(&place)).copied()
    }

    /// Where to start in a partition in which the group has no cursor.
    pub fn reset(&self) -> Reset {
        self.reset
    }

    /// Returns what there is to tell since this was last asked.
    pub fn take_news(&mut self) -> Vec<GroupNews> {
        std::mem::take(&mut self.news)
    }

    /// Tells that records are asked for: the member is alive and not only its process.
    pub fn polled(&self) {
        self.attended.polled();
    }

    /// Tells that the member waits for records, however long, until it is polled again.
    pub fn waits(&self) {
        self.attended.waits();
    }

    /// Why the group's changes are looked for, if nothing tells of them.
    pub fn polls_because(&self) -> Option<&'static str> {
        self.attended.polls_because()
    }

    /// Whether [`Membership::losing`] and [`Membership::settle`] have to be called.
    pub fn has_changed(&self) -> bool {
        self.attended.has_changed()
    }

    /// Whether the member owns what it is to own.
    pub fn is_settled(&self) -> bool {
        let cursors = self.attended.cursors();
        let state = cursors.group(&self.claim.group);
        let member = state.and_then(|state| state.members.get(&self.claim.member_id));
        member.is_some_and(|member| member.target == member.owned.partitions)
    }

    /// Returns what asks whether the process is still a member before it prints anything.
    pub fn proof(&self) -> Proof {
        Proof { attended: Arc::clone(&self.attended) }
    }

    /// Returns the partitions that the member has to stop reading.
    ///
    /// # Errors
    ///
    /// `Store(Fenced)`, or the group cannot be looked after.
    pub fn losing(&mut self) -> Result<Partitions, GroupError> {
        self.attended.take_changed();
        self.attended.check()?;
        let mut cursors = self.attended.cursors();
        cursors.refresh()?;
        let state = cursors.group(&self.claim.group);
        match state.and_then(|state| state.members.get(&self.claim.member_id)) {
            Some(member) => Ok(losing(member)),
            None => Err(self.attended.removed()),
        }
    }

    /// Commits how far the partitions were read that are `lost`, lets go of them, and takes what is
    /// free: in one go. Returns what it took.
    ///
    /// # Errors
    ///
    /// `Store(Fenced)`, `NoCursor`, or the store refuses.
    pub fn settle(&mut self, lost: &Partitions, read: &[Read]) -> Result<Vec<Place>, GroupError> {
        let commits = self.commits(read.iter().copied())?;
        let claim = self.claim.clone();
        self.attended.cursors().change_group(&claim.group, |state| {
            claim.check(Some(state), &commits)?;
            let mut draft = Draft::new(&claim.group, state);
            draft.settle(claim.member_id, lost);
            Ok(GroupChange { commits: commits.clone(), records: draft.into_records() })
        })?;
        for place in lost {
            self.owned.remove(place);
            self.committed.remove(place);
            self.moved.remove(place);
        }
        self.take_over()
    }

    /// Whether a position is not the one that was committed last.
    pub fn is_new(&self, place: Place, offset: i64) -> bool {
        self.committed.get(&place) != Some(&offset)
    }

    /// Commits how far partitions were read, and returns what was new of that. Durable within a
    /// second, or on leaving.
    ///
    /// # Errors
    ///
    /// `Store(Fenced)`, or the store refuses; the cursors stay where they were.
    pub fn commit(
        &mut self,
        read: impl IntoIterator<Item = Read>,
    ) -> Result<Vec<Read>, GroupError> {
        let commits = self.commits(read)?;
        if commits.is_empty() {
            return Ok(Vec::new());
        }
        self.attended
            .cursors()
            .commit_as(&self.claim, &commits)
            .map_err(|error| self.told(error))?;
        self.moved.clear();
        let committed: Vec<Read> = commits.iter().map(told).collect();
        self.committed.extend(committed.iter().map(|read| (read.place, read.offset)));
        Ok(committed)
    }

    fn commits(&self, read: impl IntoIterator<Item = Read>) -> Result<Vec<Commit>, GroupError> {
        let mut commits = Vec::new();
        for Read { place, offset, epoch } in read {
            let (topic_id, partition) = place;
            let Some(topic) = self.topics.get(&topic_id).filter(|_| self.is_new(place, offset))
            else {
                continue;
            };
            let epoch = match epoch {
                0.. => epoch,
                _ => match topic.epoch_before(partition, offset) {
                    // Its cursors are nobody's any more.
                    Err(StoreError::TopicGone { .. }) if !self.is_single => continue,
                    epoch => epoch?,
                },
            };
            commits.push(Commit {
                id: CursorId { group: self.claim.group.clone(), topic_id, partition },
                topic: topic.name().clone(),
                offset,
                epoch,
                metadata: String::new(),
            });
        }
        Ok(commits)
    }

    /// A member that left by itself is told that, not that it was removed.
    fn told(&self, error: StoreError) -> GroupError {
        match error {
            StoreError::Fenced { why: Fencing::Removed, .. } => self.attended.removed(),
            error => error.into(),
        }
    }

    /// Commits a last time and leaves the group, in one go: others take over at once, unless it is a
    /// static member, which may come back within its session's time. What was committed is durable
    /// then. Returns what was new of it.
    ///
    /// # Errors
    ///
    /// `Store(Fenced)` if it was no member any more; or it is not known whether the last commits are
    /// durable.
    pub fn leave(self, read: &[Read]) -> Result<Vec<Read>, GroupError> {
        let stays = self.member.object().instance.is_some();
        self.depart(read, stays)
    }

    fn depart(mut self, read: &[Read], stays: bool) -> Result<Vec<Read>, GroupError> {
        let commits = self.commits(read.iter().copied())?;
        let claim = &self.claim;
        let time_ms = self.attended.stream.now_ms();
        let left = self.attended.cursors().change_group(&claim.group, |state| {
            claim.check(Some(state), &commits)?;
            let mut draft = Draft::new(&claim.group, state);
            match state.members.get(&claim.member_id) {
                // What others are to read is not kept from them.
                Some(member) if stays => draft.settle(claim.member_id, &losing(member)),
                _ => draft.remove(claim.member_id),
            }
            draft.retarget(time_ms);
            Ok(GroupChange { commits: commits.clone(), records: draft.into_records() })
        });
        let left = left.map_err(|error| self.told(error));
        self.end();
        let closed = self.attended.cursors().finish();
        if stays && left.is_ok() {
            let session_timeout_ms = self.attended.timing.session_timeout_ms;
            self.member.stay(Lease(since_boot_ms() + session_timeout_ms))?;
        }
        left?;
        closed?;
        Ok(commits.iter().map(told).collect())
    }

    /// Ends the attendant.
    fn end(&mut self) {
        if let Some((waker, thread)) = self.attendant.take() {
            self.attended.stop(&waker);
            // A panic there has been shown and counted by the hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Membership {
    /// Who goes without leaving is found dead.
    fn drop(&mut self) {
        self.end();
    }
}

/// Says what was committed.
fn told(commit: &Commit) -> Read {
    let place = (commit.id.topic_id, commit.id.partition);
    Read { place, offset: commit.offset, epoch: commit.epoch }
}

/// Knows whether a process is still a member of its group.
#[derive(Clone, Debug)]
pub struct Proof {
    attended: Arc<Attended>,
}

impl Proof {
    /// Checks it: without asking anybody as long as the member's lease lasts.
    ///
    /// # Errors
    ///
    /// `Store(Fenced)`: whatever was to be printed is another member's by now.
    pub fn verify(&self) -> Result<(), GroupError> {
        self.attended.verify()
    }
}
