//! How long the cursors of groups without members stay, and forgetting groups whose time is over.
//!
//! Whoever reads does not see an expired group any more. Whoever writes for it removes what is left
//! first, and so does, for all groups of the stream, whoever writes a snapshot or joins a group.

use crate::catalog::{
    Cursor, CursorId, CursorRecord, GroupEpoch, GroupRecord, GroupSettings, GroupState, MemberKey,
    ObjectId, StreamAttributes,
};
use crate::time::TimestampMs;

use super::cursors::{CommitSync, Cursors};
use super::cursors_table::CursorTable;
use super::error::StoreError;
use super::members::{Pulse, Pulses};
use super::stream::Stream;

/// Kafka's default of `offsets.retention.minutes`: a week.
const MINUTES_DEFAULT: i64 = 10_080;
const MINUTE_MS: i64 = 60_000;

/// Who says what holds for a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleFrom {
    /// Its members ask for it.
    Members,
    /// It was set for the group.
    Group,
    /// It follows from the stream's time to live.
    Stream,
    /// Nobody.
    Default,
}

/// How long the cursors of groups without members stay in a stream.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Retention {
    /// How long the stream keeps messages; `None` for ever. Milliseconds.
    ttl_ms: Option<i64>,
}

impl Retention {
    pub(super) fn of(attributes: &StreamAttributes) -> Self {
        let ttl_s = i64::try_from(attributes.ttl_s).unwrap_or(i64::MAX);
        Self { ttl_ms: (ttl_s > 0).then(|| ttl_s.saturating_mul(1000)) }
    }

    /// For how many minutes cursors stay, −1 for ever, and who says so. A cursor outlives the
    /// messages unless that was set otherwise.
    pub(super) fn minutes(self, settings: &GroupSettings) -> (i64, RuleFrom) {
        if let Some(minutes) = settings.offsets_retention_minutes {
            return (minutes, RuleFrom::Group);
        }
        match self.ttl_ms {
            None => (-1, RuleFrom::Stream),
            Some(ttl_ms) if ttl_ms > MINUTES_DEFAULT * MINUTE_MS => {
                (ttl_ms / MINUTE_MS + i64::from(ttl_ms % MINUTE_MS > 0), RuleFrom::Stream)
            }
            Some(_) => (MINUTES_DEFAULT, RuleFrom::Default),
        }
    }

    /// Since when a group had no member and committed nothing, if it is expired by `now`.
    pub(super) fn expired_since(
        self,
        table: &CursorTable,
        group: &str,
        now: TimestampMs,
    ) -> Option<TimestampMs> {
        let none = GroupState::default();
        let state = table.group(group).unwrap_or(&none);
        if !state.members.is_empty() {
            return None;
        }
        let committed = table.cursors_of(group).map(|(_, cursor)| cursor.time_ms);
        let emptied = (state.epoch != GroupEpoch::default()).then_some(state.epoch.time_ms);
        // A group of which there are only settings has never begun.
        let since = committed.chain(emptied).max()?;
        let (minutes, _) = self.minutes(&state.settings);
        let is_over =
            minutes >= 0 && now.0.saturating_sub(since) > minutes.saturating_mul(MINUTE_MS);
        is_over.then_some(TimestampMs(since))
    }
}

impl Stream {
    /// What time it is, in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.shared().context.clock.now().0
    }
}

impl Cursors {
    pub(super) fn now(&self) -> TimestampMs {
        self.shared.context.clock.now()
    }

    /// Since when a group had no member and committed nothing, if its cursors are expired by now and
    /// nobody has removed them yet. As of when they were last read.
    pub fn expired_since(&self, group: &str) -> Option<TimestampMs> {
        let since = self.retention.expired_since(&self.table, group, self.now())?;
        self.table.cursors_of(group).next().map(|_| since)
    }

    /// The cursors that `is_meant` says and that are not expired.
    pub(super) fn valid(&self, is_meant: impl Fn(&CursorId) -> bool) -> Vec<(CursorId, Cursor)> {
        valid(&self.table, self.retention, self.now(), is_meant)
    }

    /// Removes all there is of a group, if `check` agrees under the lock, where nobody joins or leaves
    /// meanwhile. Returns its cursors unless they were expired, and whether it had settings.
    pub(super) fn end_group(
        &mut self,
        group: &str,
        mut check: impl FnMut() -> Result<(), StoreError>,
    ) -> Result<(Vec<(CursorId, Cursor)>, bool), StoreError> {
        let (retention, now) = (self.retention, self.now());
        let (mut deleted, mut had_settings) = (Vec::new(), false);
        self.append(CommitSync::Now, |table| {
            check()?;
            deleted = valid(table, retention, now, |id| id.group == group);
            had_settings = retention.expired_since(table, group, now).is_none()
                && table.group(group).is_some_and(GroupState::has_settings);
            Ok(table.ending(group))
        })?;
        self.refresh()?;
        Ok((deleted, had_settings))
    }

    /// Forgets the groups whose time is over. Of those whose members are all dead without anybody
    /// having noticed, the time begins now.
    ///
    /// # Errors
    /// As `commit`.
    pub fn forget_expired(&mut self) -> Result<(), StoreError> {
        // The stream's time to live may have been changed since.
        self.retention = Retention::of(&self.shared.attributes()?);
        let (retention, now, pulses) = (self.retention, self.now(), self.pulses()?);
        // Mostly there is nothing to do, and looking needs no lock.
        if swept(&self.table, retention, now, &pulses)?.is_empty() {
            return Ok(());
        }
        self.append(CommitSync::Soon, |table| swept(table, retention, now, &pulses))
    }
}

/// The cursors of a table that `is_meant` says and that are not expired by `now`.
pub(super) fn valid(
    table: &CursorTable,
    retention: Retention,
    now: TimestampMs,
    is_meant: impl Fn(&CursorId) -> bool,
) -> Vec<(CursorId, Cursor)> {
    let mut last: Option<(&str, bool)> = None;
    let mut found = Vec::new();
    for (id, cursor) in table.iter().filter(|(id, _)| is_meant(id)) {
        let is_valid = match last {
            Some((group, is_valid)) if group == id.group => is_valid,
            _ => retention.expired_since(table, &id.group, now).is_none(),
        };
        last = Some((&id.group, is_valid));
        if is_valid {
            found.push((id.clone(), cursor.clone()));
        }
    }
    found
}

/// What removes the expired groups, and the members of those that have only dead ones.
fn swept(
    table: &CursorTable,
    retention: Retention,
    now: TimestampMs,
    pulses: &Pulses,
) -> Result<Vec<CursorRecord>, StoreError> {
    let mut records = Vec::new();
    for group in table.names() {
        if retention.expired_since(table, group, now).is_some() {
            records.extend(table.ending(group));
        } else if let Some(state) = table.group(group)
            && all_are_dead(state, pulses)?
        {
            let left = |member_id: &ObjectId| {
                GroupRecord::Left(MemberKey { group: group.to_owned(), member_id: *member_id })
            };
            records.extend(state.members.keys().map(left).map(CursorRecord::Group));
            let epoch = GroupEpoch {
                epoch: state.epoch.epoch + 1,
                assignor: state.epoch.assignor.clone(),
                topics: Vec::new(),
                time_ms: now.0,
            };
            records.push(CursorRecord::Group(GroupRecord::Epoch(group.to_owned(), epoch)));
        }
    }
    Ok(records)
}

/// Whether a group has members, but no live one. One that is stopped lives.
fn all_are_dead(state: &GroupState, pulses: &Pulses) -> Result<bool, StoreError> {
    for member_id in state.members.keys() {
        if pulses.of(*member_id)? != Pulse::Dead {
            return Ok(false);
        }
    }
    Ok(!state.members.is_empty())
}
