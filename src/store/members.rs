//! Live members of groups: a file in `members` for each, locked for as long as it lives.
//!
//! The kernel gives the lock up with the process, so a file that can be locked is a dead member's.
//! Members join one after the other, under the lock of the `cursors` log.

use std::ffi::{OsStr, OsString};
use std::thread;
use std::time::Duration;

use crate::access::Action;
use crate::catalog::MemberObject;
use crate::fs::{Access, Dir, Directory, File, Replace, flock_holder, temporary_name};
use crate::path::check_group;

use super::cursors::{Commit, CommitSync, Cursors};
use super::cursors_table::CursorTable;
use super::error::StoreError;
use super::layout::{MEMBERS, is_missing};
use super::stream::{Shared, Stream};

/// How old a file without a name of its own must be to be a dead joiner's. Milliseconds.
const LEFT_OVER_MS: i64 = 3_600_000;
/// Somebody who only looks at a dead member's file holds its lock for a moment.
const LOOKS: u32 = 4;
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// What a member's file may take at most. Bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// A membership: it ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct Member {
    file: File,
    dir: Dir,
    name: OsString,
    object: MemberObject,
}

impl Member {
    /// What the member says of itself.
    pub fn object(&self) -> &MemberObject {
        &self.object
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // Gone or not, a file that nobody locks is a dead member's.
        let _ = self.dir.remove_file(&self.name);
        let _ = self.file.unlock();
    }
}

impl Cursors {
    /// Joins a group as its only member.
    ///
    /// # Errors
    /// `GroupTaken` naming the member there is, `Name` for the group's id; else as `commit`.
    pub fn join(&mut self, object: MemberObject) -> Result<Member, StoreError> {
        check_group(&object.group)?;
        let shared = self.shared.clone();
        shared.authorize(Action::Consume)?;
        let dir = shared.members_dir()?;
        let temporary = temporary_name();
        let file = dir.create(&temporary, shared.file_mode)?;
        let mut member = Member { file, dir, name: temporary, object };
        // Locked before it has a name: whoever finds the name finds the lock.
        member.file.try_lock()?;
        member.file.write_all_at(&member.object.to_json(), 0)?;
        let name = OsString::from(member.object.member_id.to_string());
        self.under_lock(|_| {
            shared.refuse_members(&member.object.group)?;
            let dir = &member.dir;
            Ok(dir.rename(&member.name, dir.as_ref(), &name, Replace::Never)?)
        })?;
        member.name = name;
        Ok(member)
    }

    /// Sets cursors of a group that has no live member. Durable when it returns.
    ///
    /// # Errors
    /// `GroupTaken`; else as `commit`.
    pub fn set(&mut self, commits: &[Commit]) -> Result<(), StoreError> {
        self.set_if(commits, |_| true).map(drop)
    }

    /// As `set`, if `agrees` to the cursors there are, under the lock; `false` if it does not.
    pub(super) fn set_if(
        &mut self,
        commits: &[Commit],
        agrees: impl Fn(&CursorTable) -> bool,
    ) -> Result<bool, StoreError> {
        self.shared.authorize(Action::CursorSet)?;
        let mut agreed = false;
        self.change(commits, CommitSync::Now, |shared, table| {
            commits.iter().try_for_each(|commit| shared.refuse_members(&commit.id.group))?;
            agreed = agrees(table);
            Ok(agreed)
        })?;
        Ok(agreed)
    }
}

impl Stream {
    /// Returns the live members of all groups, in the order of group and time of joining.
    ///
    /// # Errors
    /// The file system's.
    pub fn members(&self) -> Result<Vec<MemberObject>, StoreError> {
        self.authorize(Action::AssignList)?;
        let dir = self.shared().members_dir()?;
        let mut members = Vec::new();
        for entry in dir.list()? {
            if let Some(Seen::Alive(object)) = look(dir.as_ref(), &entry.name)? {
                members.push(object);
            }
        }
        members.sort_by(|a, b| {
            (&a.group, a.joined_ms, a.member_id).cmp(&(&b.group, b.joined_ms, b.member_id))
        });
        Ok(members)
    }
}

impl Shared {
    fn members_dir(&self) -> Result<Dir, StoreError> {
        self.dir.open_dir(OsStr::new(MEMBERS)).map_err(|error| self.gone_if_missing(error.into()))
    }

    /// Fails if the group has a live member; removes what dead ones left.
    pub(super) fn refuse_members(&self, group: &str) -> Result<(), StoreError> {
        let dir = self.members_dir()?;
        for entry in dir.list()? {
            match look(dir.as_ref(), &entry.name)? {
                Some(Seen::Alive(object)) if object.group == group => {
                    let pid = Some(object.pid);
                    return Err(StoreError::GroupTaken { group: group.to_owned(), pid });
                }
                Some(Seen::Dead) => self.remove_dead(dir.as_ref(), &entry.name),
                Some(Seen::Alive(_)) | None => {}
            }
        }
        Ok(())
    }

    fn remove_dead(&self, dir: &dyn Directory, name: &OsStr) {
        // Between being made and being locked, a joiner's file looks dead.
        if is_temporary(name) {
            let now = self.context.clock.now().0;
            let age = |modified: i64| now.saturating_sub(modified);
            if !dir.stat_entry(name).is_ok_and(|stat| age(stat.modified.0) > LEFT_OVER_MS) {
                return;
            }
        }
        // What stays is removed the next time.
        let _ = dir.remove_file(name);
    }
}

/// What a file in `members` is.
enum Seen {
    Alive(MemberObject),
    Dead,
}

fn is_temporary(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(".tmp-"))
}

/// Looks whether a member lives. `None`: it left just now, or is just joining.
fn look(dir: &dyn Directory, name: &OsStr) -> Result<Option<Seen>, StoreError> {
    let file = match dir.open(name, Access::Read) {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    for attempt in 0..LOOKS {
        if attempt > 0 {
            thread::sleep(LOOK_AGAIN);
        }
        if file.try_lock()? {
            file.unlock()?;
            return Ok(Some(Seen::Dead));
        }
    }
    let size = usize::try_from(file.size_bytes()?.min(FILE_BYTES_MAX)).unwrap_or(0);
    let mut bytes = vec![0; size];
    if is_temporary(name) || file.read_exact_at(&mut bytes, 0).is_err() {
        return Ok(None);
    }
    match MemberObject::from_json(&bytes) {
        Ok(mut object) => {
            // In another container the process has another number than it knows.
            object.pid = flock_holder(file.stat()?.id).unwrap_or(object.pid);
            Ok(Some(Seen::Alive(object)))
        }
        Err(error @ crate::catalog::MetaError::Newer { .. }) => {
            Err(StoreError::NewerFormat { path: file.path().to_path_buf(), source: error })
        }
        Err(error) => {
            Err(StoreError::Damaged { path: file.path().to_path_buf(), reason: error.to_string() })
        }
    }
}
