//! The thread of a member that looks after its group: it renews the member's lease, notices deaths,
//! missed deadlines and new partitions, and tells the member when it has to let go of something.
//!
//! There is no coordinator: whoever notices something computes the group's next epoch. Each member
//! waits for the death of its neighbour in the ring of all, so each death is noticed by somebody,
//! without anybody asking.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::catalog::{GroupState, Lease, ObjectId};
use crate::fs::{Wake, Waker, Watcher, since_boot_ms};
use crate::store::{
    CursorWatch, Cursors, Fencing, GroupChange, Pulse, Pulses, Renewal, StoreError, Stream,
};

use super::draft::{Draft, can_settle, ring};
use super::error::GroupError;
use super::topics::Topics;

/// How far apart a member looks at what others appended: many commits are read in one go, and a
/// crowd that comes together settles in few steps.
const LOOKS_APART: Duration = Duration::from_millis(4);

/// For how long a new member looks by itself for what others appended, before it has the kernel tell
/// it: the kernel takes many milliseconds to give up watching, which a short run would end with.
const YOUNG: Duration = Duration::from_millis(500);
/// How far apart it looks then.
const YOUNG_LOOKS_APART: Duration = Duration::from_millis(10);

/// How long a member may be silent. Milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// After this a member that is stopped loses what it owns (`session.timeout.ms`).
    pub session_timeout_ms: i64,
    /// How often a member says that it runs (`heartbeat.interval.ms`).
    pub heartbeat_interval_ms: i64,
    /// A member that has not asked for records for so long leaves (`max.poll.interval.ms`).
    pub max_poll_interval_ms: i64,
}

impl Default for Timing {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout_ms: 45_000,
            heartbeat_interval_ms: 3_000,
            max_poll_interval_ms: 300_000,
        }
    }
}

/// What a member shares with its attendant.
#[derive(Debug)]
pub(super) struct Attended {
    pub(super) cursors: Mutex<Cursors>,
    pub(super) group: String,
    pub(super) member_id: ObjectId,
    pub(super) stream: Stream,
    pub(super) timing: Timing,
    pub(super) pulses: Pulses,
    renewal: Renewal,
    /// The end of the lease.
    lease: AtomicI64,
    /// Since when the member has not asked for records; `i64::MAX` while it waits for some.
    busy_since: AtomicI64,
    /// There is something to settle, or the member is fenced or has failed.
    changed: AtomicBool,
    /// Why the member is no member any more.
    fenced: Mutex<Option<Fencing>>,
    failure: Mutex<Option<StoreError>>,
    /// Why changes are looked for, once nothing tells of them.
    polls_because: OnceLock<&'static str>,
    stop: AtomicBool,
    /// Wakes the member.
    member: Waker,
}

impl Attended {
    pub(super) fn new(
        cursors: Cursors,
        (group, member_id, stream): (&str, ObjectId, &Stream),
        (timing, lease): (Timing, Lease),
        (pulses, renewal): (Pulses, Renewal),
        member: Waker,
    ) -> Self {
        Self {
            cursors: Mutex::new(cursors),
            group: group.to_owned(),
            member_id,
            stream: stream.clone(),
            timing,
            pulses,
            renewal,
            lease: AtomicI64::new(lease.0),
            busy_since: AtomicI64::new(since_boot_ms()),
            changed: AtomicBool::new(false),
            fenced: Mutex::new(None),
            failure: Mutex::new(None),
            polls_because: OnceLock::new(),
            stop: AtomicBool::new(false),
            member,
        }
    }

    pub(super) fn cursors(&self) -> MutexGuard<'_, Cursors> {
        self.cursors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The member asks for records.
    pub(super) fn polled(&self) {
        self.busy_since.store(since_boot_ms(), Ordering::Relaxed);
    }

    /// The member waits for records.
    pub(super) fn waits(&self) {
        self.busy_since.store(i64::MAX, Ordering::Relaxed);
    }

    pub(super) fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    pub(super) fn take_changed(&self) -> bool {
        self.changed.swap(false, Ordering::Relaxed)
    }

    pub(super) fn polls_because(&self) -> Option<&'static str> {
        self.polls_because.get().copied()
    }

    pub(super) fn fencing(&self) -> Option<Fencing> {
        self.fenced.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells what the attendant could not go on for.
    pub(super) fn check(&self) -> Result<(), GroupError> {
        match self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    /// The error of a member that is none any more.
    pub(super) fn removed(&self) -> GroupError {
        let why = self.fencing().unwrap_or(Fencing::Removed);
        StoreError::Fenced { group: self.group.clone(), why }.into()
    }

    /// Checks that the process is still a member: without asking as long as its lease lasts, for
    /// nobody removes it before that.
    pub(super) fn verify(&self) -> Result<(), GroupError> {
        if self.fencing().is_none() {
            if since_boot_ms() < self.lease.load(Ordering::Relaxed) {
                return Ok(());
            }
            let mut cursors = self.cursors();
            cursors.refresh()?;
            if is_member(&cursors, &self.group, self.member_id) {
                return Ok(());
            }
        }
        Err(self.removed())
    }

    /// Ends the attendant.
    pub(super) fn stop(&self, attendant: &Waker) {
        self.stop.store(true, Ordering::Relaxed);
        attendant.wake();
    }

    /// Looks after the group until the member leaves, or is none any more.
    pub(super) fn attend(&self, topics: Topics, watcher: Watcher, waker: Waker) {
        if let Err(error) = Round::new(self, topics, watcher, waker).run() {
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
        self.tell_member();
    }

    fn tell_member(&self) {
        if !self.changed.swap(true, Ordering::Relaxed) {
            self.member.wake();
        }
    }

    fn fence(&self, why: Fencing) {
        self.fenced.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }
}

fn is_member(cursors: &Cursors, group: &str, member_id: ObjectId) -> bool {
    cursors.group(group).is_some_and(|state| state.members.contains_key(&member_id))
}

/// Drafts the removal of every other member that is dead, or overdue if that counts.
pub(super) fn remove_lost(
    draft: &mut Draft,
    pulses: &Pulses,
    own: ObjectId,
    overdue_counts: bool,
) -> Result<(), StoreError> {
    let others: Vec<ObjectId> = draft.state().members.keys().copied().collect();
    for member_id in others.into_iter().filter(|id| *id != own) {
        match pulses.of(member_id)? {
            Pulse::Until(_) | Pulse::Away(_) => {}
            Pulse::Overdue if !overdue_counts => {}
            Pulse::Overdue | Pulse::Dead => draft.remove(member_id),
        }
    }
    Ok(())
}

/// An attendant at work.
struct Round<'a> {
    of: &'a Attended,
    watcher: Watcher,
    waker: Waker,
    watch: CursorWatch,
    topics: Topics,
    /// They may have changed since they were looked at.
    topics_changed: bool,
    began: Instant,
    /// The kernel tells of changes.
    is_watching: bool,
    /// Members whose death somebody waits for.
    awaited: BTreeSet<ObjectId>,
    /// One of them is dead.
    died: Arc<AtomicBool>,
    next_beat: i64,
    last_look: Instant,
    /// When there was something to do at the latest.
    wake_by: i64,
}

impl<'a> Round<'a> {
    fn new(of: &'a Attended, topics: Topics, watcher: Watcher, waker: Waker) -> Self {
        let next_beat = since_boot_ms() + of.timing.heartbeat_interval_ms;
        Self {
            of,
            watcher,
            waker,
            watch: CursorWatch::default(),
            topics,
            topics_changed: true,
            began: Instant::now(),
            is_watching: false,
            awaited: BTreeSet::new(),
            died: Arc::default(),
            next_beat,
            last_look: Instant::now(),
            wake_by: next_beat,
        }
    }

    fn run(mut self) -> Result<(), StoreError> {
        loop {
            if self.of.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let now = since_boot_ms();
            // The machine slept, or this process was stopped: so may the others have been, who are
            // given the time to say that they run again.
            let overslept = now > self.wake_by + self.of.timing.heartbeat_interval_ms;
            let mut tend = self.died.swap(false, Ordering::Relaxed);
            if now >= self.next_beat {
                if !self.beat(now)? {
                    return Ok(());
                }
                self.topics_changed = true;
            }
            self.last_look = Instant::now();
            if !self.is_watching && self.began.elapsed() >= YOUNG {
                (self.is_watching, self.topics_changed) = (true, true);
            }
            let Some((mut is_new, ring)) = self.look()? else { return Ok(()) };
            self.wake_by = self.next_beat;
            tend |= self.feel_pulses(&ring, overslept)?;
            if std::mem::take(&mut self.topics_changed) {
                self.topics.look()?;
                if self.is_watching && self.topics.watch(&mut self.watcher)? {
                    (self.topics_changed, is_new) = (true, true);
                }
                let cursors = self.of.cursors();
                let state = cursors.group(&self.of.group);
                tend |= state.is_some_and(|state| self.topics.are_news(state, self.of.member_id));
            }
            if tend {
                self.tend(overslept)?;
                continue;
            }
            if !is_new {
                self.wait(now)?;
            }
        }
    }

    /// Looks how the neighbour is. One that is away looks after nobody: then also how the next one in
    /// the ring is. `true` if one is lost.
    fn feel_pulses(&mut self, ring: &[ObjectId], overslept: bool) -> Result<bool, StoreError> {
        for neighbour in ring {
            self.await_death(*neighbour);
            match self.of.pulses.of(*neighbour)? {
                Pulse::Until(lease) => {
                    self.wake_by = self.wake_by.min(lease.0 + 1);
                    return Ok(false);
                }
                Pulse::Away(lease) => self.wake_by = self.wake_by.min(lease.0 + 1),
                Pulse::Overdue if overslept => return Ok(false),
                Pulse::Overdue | Pulse::Dead => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Says that the member runs. `false` if it does not in earnest: then it has left.
    fn beat(&mut self, now: i64) -> Result<bool, StoreError> {
        let Timing { session_timeout_ms, heartbeat_interval_ms, max_poll_interval_ms } =
            self.of.timing;
        self.next_beat = now + heartbeat_interval_ms;
        let busy = now.saturating_sub(self.of.busy_since.load(Ordering::Relaxed));
        if busy > max_poll_interval_ms {
            self.of.fence(Fencing::Slow { max_poll_interval_ms });
            self.change(|draft| {
                draft.remove(self.of.member_id);
                Ok(())
            })?;
            return Ok(false);
        }
        self.renew(now + session_timeout_ms)?;
        Ok(true)
    }

    /// Lets the lease end at `lease`.
    fn renew(&self, lease: i64) -> Result<(), StoreError> {
        let of = self.of;
        of.renewal.renew(Lease(lease))?;
        // Written before the old one was over: nobody has seen this member overdue.
        let mut holds = since_boot_ms() < of.lease.load(Ordering::Relaxed);
        if !holds {
            // Else somebody may have, and remove it. Nobody does so under the lock with the new
            // lease in the file.
            of.cursors().change_group(&of.group, |state| {
                holds = state.members.contains_key(&of.member_id);
                Ok(GroupChange::default())
            })?;
        }
        if holds {
            of.lease.store(lease, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Reads what is new. Returns whether something is watched only now, and the ring of the others;
    /// `None` if this is no member any more.
    fn look(&mut self) -> Result<Option<(bool, Vec<ObjectId>)>, StoreError> {
        let of = self.of;
        let mut cursors = of.cursors();
        let is_new = self.is_watching && cursors.watch(&mut self.watch, &mut self.watcher)?;
        if let Some(reason) = self.watcher.polls_because()
            && of.polls_because.set(reason).is_ok()
        {
            // It has nothing to settle, but to tell.
            of.member.wake();
        }
        cursors.refresh()?;
        if !is_member(&cursors, &of.group, of.member_id) {
            of.fence(Fencing::Removed);
            return Ok(None);
        }
        let none = GroupState::default();
        let state = cursors.group(&of.group).unwrap_or(&none);
        if can_settle(state, of.member_id) {
            of.tell_member();
        }
        self.awaited.retain(|id| state.members.contains_key(id));
        Ok(Some((is_new, ring(state, of.member_id))))
    }

    /// Has the kernel wake this thread when a member dies. The thread that waits in the lock goes
    /// on doing so when another one becomes the neighbour: that member dies some day, too.
    fn await_death(&mut self, member_id: ObjectId) {
        if !self.awaited.insert(member_id) {
            return;
        }
        let (pulses, waker) = (self.of.pulses.clone(), self.waker.clone());
        let died = Arc::clone(&self.died);
        thread::spawn(move || {
            // Who cannot wait there finds out by the lease.
            if pulses.wait_for_death(member_id).is_ok() {
                died.store(true, Ordering::Relaxed);
                waker.wake();
            }
        });
    }

    /// Computes the next epoch of what has happened.
    fn tend(&self, overslept: bool) -> Result<(), StoreError> {
        self.change(|draft| {
            remove_lost(draft, &self.of.pulses, self.of.member_id, !overslept)?;
            draft.subscribe(
                self.of.member_id,
                &self.topics.found().keys().copied().collect::<Vec<_>>(),
            );
            self.topics.known().for_each(|topic| draft.learn(&topic));
            Ok(())
        })
    }

    fn change(
        &self,
        mut work: impl FnMut(&mut Draft) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let of = self.of;
        let time_ms = of.stream.now_ms();
        of.cursors().change_group(&of.group, |state| {
            let mut draft = Draft::new(&of.group, state);
            // Whoever was removed has nothing to say any more.
            if state.members.contains_key(&of.member_id) {
                work(&mut draft)?;
                draft.retarget(time_ms);
            }
            Ok(GroupChange { records: draft.into_records(), ..GroupChange::default() })
        })
    }

    fn wait(&mut self, now: i64) -> Result<(), StoreError> {
        let mut left = Duration::from_millis(u64::try_from(self.wake_by - now).unwrap_or(0));
        if !self.is_watching {
            left = left.min(YOUNG_LOOKS_APART);
        }
        match self.watcher.wait(Some(left))? {
            Wake::Changed(changes) => {
                thread::sleep(LOOKS_APART.saturating_sub(self.last_look.elapsed()));
                self.topics_changed |= changes.iter().any(|change| self.topics.concerns(change));
            }
            Wake::Overflow => self.topics_changed = true,
            Wake::TimedOut | Wake::Interrupted | Wake::Woken | Wake::Readable => {}
        }
        Ok(())
    }
}
