//! How far the files of a new stream open: as far as its expressions let others in.
//!
//! Expressions bind the programs, file modes bind the users. Modes are exact, whatever the umask of
//! whoever makes a file: one that a member may not open would stop all the others.

use std::fmt;

use crate::access::{Caller, Group, Modes, Reach, SharedGroup, narrowest};
use crate::catalog::StreamAttributes;
use crate::fs::Directory;

use super::error::StoreError;
use super::home::Home;
use super::stream::Stream;

/// What is made in such a directory gets its group.
const SETGID: u32 = 0o2000;

/// Whom the files of a stream let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetIn {
    /// Their owner alone.
    Owner(Caller),
    /// Their owner and the members of a group.
    Group(Group),
}

impl fmt::Display for LetIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, name, id) = match self {
            Self::Owner(owner) => ("user", &owner.user, owner.uid),
            Self::Group(group) => ("group", &group.name, group.gid),
        };
        match name {
            Some(name) => write!(f, "{what} `{name}`"),
            None => write!(f, "{what} id {id}"),
        }
    }
}

impl Stream {
    /// Returns whom the stream's files let in, if that is fewer than `attributes` would let in: the
    /// modes were fixed when the stream was made.
    ///
    /// # Errors
    /// `StreamGone`, or the file system's.
    pub fn files_keep_out(
        &self,
        attributes: &StreamAttributes,
    ) -> Result<Option<LetIn>, StoreError> {
        let shared = self.shared();
        let identity = self.identity()?;
        let stat = shared.dir.stat()?;
        let owner = shared.home.owner(stat.owner);
        let group = shared.context.accounts.group(stat.group);
        let needed = Reach::of_stream(&attributes.permissions(), &owner, &group);
        if needed <= Reach::of_dir_mode(identity.dir_mode) {
            return Ok(None);
        }
        Ok(Some(match Reach::of_dir_mode(identity.dir_mode) {
            Reach::Owner => LetIn::Owner(owner),
            Reach::Group | Reach::All => LetIn::Group(group.group),
        }))
    }
}

impl Home {
    /// Opens the empty directory of a new stream to whom its expressions let in, and returns the
    /// modes of all that will be in it. `around` is the directory that it will be in.
    pub(super) fn open_new(
        &self,
        dir: &dyn Directory,
        around: &dyn Directory,
        attributes: &StreamAttributes,
    ) -> Result<Modes, StoreError> {
        let made = dir.stat()?;
        let owner = self.owner(made.owner);
        let around = around.stat()?;
        let handed_down = (around.mode & SETGID != 0).then_some(around.group);
        let groups = self.groups_for(made.group, handed_down, &owner);
        let permissions = attributes.permissions();
        let Some((reach, group)) = narrowest(&permissions, &owner, &groups) else {
            return Ok(Reach::Owner.modes());
        };
        let modes = reach.modes();
        if reach > Reach::Owner {
            dir.open_to(group.group.gid, modes.dir)?;
        }
        Ok(modes)
    }

    /// The user with that id. Files that root makes in somebody's directory are that user's.
    fn owner(&self, uid: u32) -> Caller {
        let context = self.context();
        if uid == context.caller.uid {
            return context.caller.clone();
        }
        context.accounts.user(uid)
    }

    /// The groups that the files may be given: the one they get by themselves, before it the one
    /// that the directory around hands down, and behind it the owner's others.
    fn groups_for(&self, own: u32, handed_down: Option<u32>, owner: &Caller) -> Vec<SharedGroup> {
        let caller = &self.context().caller;
        let may_give = |gid: &u32| {
            *gid == own || caller.uid == 0 || caller.groups.iter().any(|group| group.gid == *gid)
        };
        let others = owner.groups.iter().map(|group| group.gid);
        let gids = handed_down.into_iter().chain([own]).chain(others);
        gids.filter(may_give).map(|gid| self.context().accounts.group(gid)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use crate::access::{Accounts, Group};
    use crate::catalog::StreamAttributes;
    use crate::fs::sim::SimDisk;
    use crate::fs::{Dir, Disk};
    use crate::store::{Context, Home};
    use crate::time::SystemClock;

    /// The simulated disk makes everything for user 0 and group 0.
    fn home(disk: &SimDisk) -> Home {
        let users = b"ann:x:0:0::/:\nbob:x:2:0::/:\neve:x:3:3::/:\n";
        let accounts = Accounts::parse(users, b"crew:x:0:bob\n");
        let context = Context {
            clock: Arc::new(SystemClock),
            caller: accounts.user(0),
            accounts: Arc::new(accounts),
            command: "a test".to_owned(),
            lock_wait: Duration::ZERO,
            allow_network: false,
        };
        Home::open(Arc::new(disk.clone()) as Arc<dyn Disk>, Path::new("/store"), context).unwrap()
    }

    #[test]
    fn the_files_open_as_far_as_the_widest_expression_says() {
        let disk = SimDisk::new();
        let home = home(&disk);
        let around = disk.make_root(Path::new("/store"), 0o755).unwrap();
        for (index, (expression, dir_mode, file_mode)) in [
            ("", 0o700, 0o600),
            ("u:ann|u:0", 0o700, 0o600),
            ("u:bob", 0o2770, 0o660),
            ("g:crew", 0o2770, 0o660),
            ("u:eve", 0o2777, 0o666),
            ("g:3", 0o2777, 0o666),
            ("!u:eve", 0o2777, 0o666),
            ("p", 0o2777, 0o666),
        ]
        .into_iter()
        .enumerate()
        {
            let mut attributes = StreamAttributes::created_by(&home.context().caller);
            attributes.copy_perm = expression.to_owned();
            let name = std::ffi::OsString::from(index.to_string());
            let dir: Dir = around.make_dir(&name, 0o700).unwrap();
            let modes = home.open_new(dir.as_ref(), around.as_ref(), &attributes).unwrap();
            assert_eq!((modes.dir, modes.file), (dir_mode, file_mode), "{expression}");
            assert_eq!(dir.stat().unwrap().mode, dir_mode, "{expression}");
        }
    }

    #[test]
    fn groups_are_those_that_may_be_given() {
        let home = home(&SimDisk::new());
        let mut owner = home.context().accounts.user(0);
        owner.groups.push(Group { name: None, gid: 9 });
        let gids = |own, handed_down| -> Vec<u32> {
            let groups = home.groups_for(own, handed_down, &owner);
            groups.into_iter().map(|group| group.group.gid).collect()
        };
        // Root may give any group.
        assert_eq!(gids(5, Some(7)), [7, 5, 0, 9]);
        assert_eq!(gids(0, None), [0, 0, 9]);
    }
}
