//! Live members of groups: a file in `members` for each, locked for as long as it lives.
//!
//! The kernel gives the lock up with the process, so a file that can be locked is a dead member's.
//! A member that is stopped keeps its lock, but cannot renew the lease in its file. A static member
//! leaves its file behind: it is waited for until the lease is over. Members get their files under
//! the lock of the `cursors` log, where they also join.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::thread;
use std::time::Duration;

use crate::access::Action;
use crate::catalog::{Lease, MemberObject, ObjectId};
use crate::fs::{
    Access, Dir, Directory, File, Replace, flock_holder, since_boot_ms, temporary_name,
};
use crate::path::check_group;

use super::cursors::{Commit, CommitSync, Cursors};
use super::cursors_table::CursorTable;
use super::error::StoreError;
use super::layout::{MEMBERS, is_missing};
use super::stream::Shared;

/// How old a file without a name of its own must be to be a dead joiner's. Milliseconds.
const LEFT_OVER_MS: i64 = 3_600_000;
/// Somebody who only looks at a dead member's file holds its lock for a moment.
const LOOKS: u32 = 4;
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// What a member's file may take at most. Bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// A membership: it ends when this is dropped, or with the process; a static one that is to stay, with
/// its lease.
#[derive(Debug)]
pub struct Member {
    file: File,
    dir: Dir,
    name: OsString,
    object: MemberObject,
    /// The file stays.
    stays: bool,
}

impl Member {
    /// What the member says of itself.
    pub fn object(&self) -> &MemberObject {
        &self.object
    }

    /// Gives the file its name, by which others find it; once is enough.
    ///
    /// # Errors
    /// The file system's.
    pub fn appear(&mut self) -> Result<(), StoreError> {
        let name = OsString::from(self.object.member_id.to_string());
        if self.name != name {
            self.dir.rename(&self.name, self.dir.as_ref(), &name, Replace::Never)?;
            self.name = name;
        }
        Ok(())
    }

    /// Lets whoever has the same instance name come back until `lease`.
    ///
    /// # Errors
    /// The file system's; then until the old one.
    pub fn stay(&mut self, lease: Lease) -> Result<(), StoreError> {
        self.stays = true;
        self.renewal().renew(lease)
    }

    /// Returns what renews the lease, from any thread.
    pub fn renewal(&self) -> Renewal {
        Renewal { file: self.file.clone() }
    }
}

/// Renews a member's lease.
#[derive(Clone, Debug)]
pub struct Renewal {
    file: File,
}

impl Renewal {
    /// Lets the member count as running until `lease`.
    ///
    /// # Errors
    /// The file system's; then the old lease stays.
    pub fn renew(&self, lease: Lease) -> Result<(), StoreError> {
        Ok(self.file.write_all_at(lease.text().as_bytes(), Lease::POSITION)?)
    }
}

/// How another member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// It runs, and will say so again before this.
    Until(Lease),
    /// It is stopped for longer than it may be.
    Overdue,
    /// It is a static member that has ended, and may come back before this.
    Away(Lease),
    /// It is dead.
    Dead,
}

/// Looks after the members of a stream.
#[derive(Clone, Debug)]
pub struct Pulses {
    dir: Dir,
    boot: Option<ObjectId>,
}

impl Pulses {
    /// Looks how a member is. A dead one may seem to run while others look at it, too: whoever waits
    /// for its death is told for certain.
    ///
    /// # Errors
    /// The file system's.
    pub fn of(&self, member_id: ObjectId) -> Result<Pulse, StoreError> {
        let name = OsString::from(member_id.to_string());
        for _ in 0..LOOKS {
            let lease = match look(self.dir.as_ref(), &name, (self.boot, 1))? {
                Some(Seen::Alive(living)) => living.lease,
                Some(Seen::Away(_, lease)) => return Ok(Pulse::Away(lease)),
                Some(Seen::Dead) => {
                    // What stays is removed the next time.
                    let _ = self.dir.remove_file(&name);
                    return Ok(Pulse::Dead);
                }
                None => return Ok(Pulse::Dead),
            };
            match lease {
                Some(lease) if lease.0 < since_boot_ms() => return Ok(Pulse::Overdue),
                Some(lease) => return Ok(Pulse::Until(lease)),
                // It was just being written.
                None => thread::sleep(LOOK_AGAIN),
            }
        }
        Ok(Pulse::Until(Lease(since_boot_ms())))
    }

    /// Returns when a member is dead or has left; at once if it is already. Nothing but that ends
    /// the wait.
    ///
    /// # Errors
    /// The file system's.
    pub fn wait_for_death(&self, member_id: ObjectId) -> Result<(), StoreError> {
        let name = OsString::from(member_id.to_string());
        let file = match self.dir.open(&name, Access::Read) {
            Ok(file) => file,
            Err(error) if is_missing(&error) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        file.lock()?;
        // Removed while it is locked: whoever looks meanwhile finds no live member.
        if away(&file, self.boot).is_none() {
            let _ = self.dir.remove_file(&name);
        }
        Ok(file.unlock()?)
    }

    /// Removes the file of a member that has ended.
    ///
    /// # Errors
    /// The file system's.
    pub fn forget(&self, member_id: ObjectId) -> Result<(), StoreError> {
        match self.dir.remove_file(OsStr::new(&member_id.to_string())) {
            Err(error) if !is_missing(&error) => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Returns the process of a member, as far as it can be seen.
    pub fn process(&self, member_id: ObjectId) -> Option<u32> {
        let file = self.dir.open(OsStr::new(&member_id.to_string()), Access::Read).ok()?;
        flock_holder(file.stat().ok()?.id)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // Gone or not, a file that nobody locks is a dead member's.
        if !self.stays {
            let _ = self.dir.remove_file(&self.name);
        }
        let _ = self.file.unlock();
    }
}

impl Cursors {
    /// Makes the file of a member, which nobody finds before [`Member::appear`].
    ///
    /// # Errors
    /// `Denied`, `Name` for the group's id, or the file system's.
    pub fn new_member(&self, mut object: MemberObject, lease: Lease) -> Result<Member, StoreError> {
        check_group(&object.group)?;
        self.shared.authorize(Action::Consume)?;
        let dir = self.shared.members_dir()?;
        let name = temporary_name();
        let file = dir.create(&name, self.shared.file_mode)?;
        object.boot_id = self.shared.boot_id();
        let member = Member { file, dir, name, object, stays: false };
        // Locked before it has a name: whoever finds the name finds the lock. Somebody who looks at all
        // that there is may hold it for a moment.
        member.file.lock()?;
        member.file.write_all_at(&member.object.to_json(lease), 0)?;
        Ok(member)
    }

    /// Returns what looks after the stream's members.
    ///
    /// # Errors
    /// `StreamGone`, or the file system's.
    pub fn pulses(&self) -> Result<Pulses, StoreError> {
        let boot = self.shared.boot_id();
        Ok(Pulses { dir: self.shared.members_dir()?, boot })
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

impl Shared {
    fn members_dir(&self) -> Result<Dir, StoreError> {
        self.dir.open_dir(OsStr::new(MEMBERS)).map_err(|error| self.gone_if_missing(error.into()))
    }

    /// Returns what every process that lives and has a file here says of itself, whether it has
    /// joined or not, and what static members that are away said; with their leases.
    pub(super) fn living_members(&self) -> Result<BTreeMap<ObjectId, Heard>, StoreError> {
        let dir = self.members_dir()?;
        let mut members = BTreeMap::new();
        for entry in dir.list()? {
            if let Some((object, lease)) = self.living_member(&entry.name)? {
                members.insert(object.member_id, (object, lease));
            }
        }
        Ok(members)
    }

    /// The same of one; `None` if it is neither.
    pub(super) fn living_member(&self, name: &OsStr) -> Result<Option<Heard>, StoreError> {
        Ok(match look(self.members_dir()?.as_ref(), name, (self.boot_id(), LOOKS))? {
            Some(Seen::Alive(living)) => {
                let lease = living.lease;
                Some((living.named()?, lease))
            }
            Some(Seen::Away(object, lease)) => {
                Some((MemberObject { is_away: true, ..object }, Some(lease)))
            }
            Some(Seen::Dead) | None => None,
        })
    }

    /// Fails if the group has a live member; removes what dead ones left.
    pub(super) fn refuse_members(&self, group: &str) -> Result<(), StoreError> {
        let dir = self.members_dir()?;
        for entry in dir.list()? {
            match look(dir.as_ref(), &entry.name, (self.boot_id(), LOOKS))? {
                Some(Seen::Alive(living)) if living.object.group == group => {
                    let pid = Some(living.named()?.pid);
                    return Err(StoreError::GroupTaken { group: group.to_owned(), pid });
                }
                Some(Seen::Dead) => self.remove_dead(dir.as_ref(), &entry.name),
                Some(Seen::Alive(..) | Seen::Away(..)) | None => {}
            }
        }
        Ok(())
    }

    fn boot_id(&self) -> Option<ObjectId> {
        self.boot.map(ObjectId::from_bytes)
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

/// What a member says of itself, and its lease, if that was not just being written.
pub(super) type Heard = (MemberObject, Option<Lease>);

/// A live member, by its file alone: the kernel's table of locks is long where there are many.
struct Living {
    object: MemberObject,
    lease: Option<Lease>,
    file: File,
}

impl Living {
    /// Returns the member with the process that the kernel knows: in another container it has
    /// another number than it knows itself.
    fn named(self) -> Result<MemberObject, StoreError> {
        let pid = flock_holder(self.file.stat()?.id).unwrap_or(self.object.pid);
        Ok(MemberObject { pid, ..self.object })
    }
}

/// What a file in `members` is.
enum Seen {
    Alive(Living),
    Away(MemberObject, Lease),
    Dead,
}

fn is_temporary(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(".tmp-"))
}

/// Looks whether a member lives. `None`: it left just now, or is just joining.
fn look(
    dir: &dyn Directory,
    name: &OsStr,
    (boot, looks): (Option<ObjectId>, u32),
) -> Result<Option<Seen>, StoreError> {
    let file = match dir.open(name, Access::Read) {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    for attempt in 0..looks {
        if attempt > 0 {
            thread::sleep(LOOK_AGAIN);
        }
        if file.try_lock()? {
            let away = away(&file, boot).filter(|_| !is_temporary(name));
            file.unlock()?;
            return Ok(Some(away.map_or(Seen::Dead, |(object, lease)| Seen::Away(object, lease))));
        }
    }
    let Some(bytes) = content(&file).filter(|_| !is_temporary(name)) else { return Ok(None) };
    match MemberObject::from_json(&bytes) {
        Ok((object, lease)) => Ok(Some(Seen::Alive(Living { object, lease, file }))),
        Err(error @ crate::catalog::MetaError::Newer { .. }) => {
            Err(StoreError::NewerFormat { path: file.path().to_path_buf(), source: error })
        }
        Err(error) => {
            Err(StoreError::Damaged { path: file.path().to_path_buf(), reason: error.to_string() })
        }
    }
}

/// What the file of a member that has ended says, if it is one that may come back.
fn away(file: &File, boot: Option<ObjectId>) -> Option<(MemberObject, Lease)> {
    let (object, lease) = MemberObject::from_json(&content(file)?).ok()?;
    let lease = lease.filter(|lease| lease.0 >= since_boot_ms())?;
    let is_waited_for = object.instance.is_some() && boot.is_some() && object.boot_id == boot;
    is_waited_for.then_some((object, lease))
}

fn content(file: &File) -> Option<Vec<u8>> {
    let size = usize::try_from(file.size_bytes().ok()?.min(FILE_BYTES_MAX)).unwrap_or(0);
    let mut bytes = vec![0; size];
    file.read_exact_at(&mut bytes, 0).ok().map(|()| bytes)
}
