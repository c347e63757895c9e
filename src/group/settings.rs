//! What is set for a group by hand, with or without members, and what that makes of a live one.

use crate::access::Action;
use crate::catalog::{GroupSettings, GroupState};
use crate::path::check_group;
use crate::store::{GroupChange, StoreError, Stream};

use super::assign::Assignor;
use super::draft::Draft;

/// Changes of a group's settings; what is absent stays, and `Some(None)` is as with any other group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupEdit {
    /// The assignor of members that ask for none.
    pub assignor: Option<Option<Assignor>>,
    /// How long the group's cursors stay once it has no member, in minutes; −1 for ever.
    pub offsets_retention_minutes: Option<Option<i64>>,
}

/// What an edit makes of a group's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupEdited {
    /// As they were.
    pub before: GroupSettings,
    /// As they are now.
    pub after: GroupSettings,
    /// The assignor that the members have agreed to by themselves, if they ask for some: the
    /// group's does not count as long as they are there.
    pub agreed: Option<String>,
}

impl GroupEdit {
    fn applied_to(&self, state: &GroupState) -> GroupEdited {
        let before = state.settings.clone();
        let mut after = before.clone();
        if let Some(assignor) = self.assignor {
            after.assignor = assignor.map(|assignor| assignor.to_string());
        }
        if let Some(minutes) = self.offsets_retention_minutes {
            after.offsets_retention_minutes = minutes;
        }
        let asks = state.members.values().any(|member| !member.wish.assignors.is_empty());
        GroupEdited { before, after, agreed: asks.then(|| state.epoch.assignor.clone()) }
    }

    /// Tells what this would make of a group's settings.
    ///
    /// # Errors
    ///
    /// `Denied`, `Name` for the group's id, or what keeps the cursors from being read.
    pub fn planned(&self, stream: &Stream, group: &str) -> Result<GroupEdited, StoreError> {
        stream.authorize(Action::CursorSet)?;
        check_group(group)?;
        let cursors = stream.cursors()?;
        Ok(self.applied_to(cursors.group(group).unwrap_or(&GroupState::default())))
    }

    /// Changes a group's settings, of one that is not there yet, too. Durable when it returns.
    /// Members that are to share by another assignor now get a new epoch, and do so.
    ///
    /// # Errors
    ///
    /// As [`GroupEdit::planned`], `StreamGone` or `Busy`; nothing is changed then.
    pub fn apply(&self, stream: &Stream, group: &str) -> Result<GroupEdited, StoreError> {
        stream.authorize(Action::CursorSet)?;
        let mut cursors = stream.cursors()?;
        let mut edited = GroupEdited {
            before: GroupSettings::default(),
            after: GroupSettings::default(),
            agreed: None,
        };
        let now_ms = stream.now_ms();
        cursors.change_group(group, |state| {
            edited = self.applied_to(state);
            let mut draft = Draft::new(group, state);
            draft.configure(edited.after.clone());
            draft.retarget(now_ms);
            Ok(GroupChange { records: draft.into_records(), ..GroupChange::default() })
        })?;
        cursors.close()?;
        Ok(edited)
    }
}
