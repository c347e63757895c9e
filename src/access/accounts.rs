//! The users and groups of the system, as `/etc/passwd` and `/etc/group` have them.

use super::evaluate::{Caller, Group};
use super::modes::SharedGroup;

/// The users and groups that have names.
///
/// Only what the two files say: an account that comes from a directory service alone has no name
/// here, and is known by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    users: Vec<Account>,
    groups: Vec<SharedGroup>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    name: String,
    uid: u32,
    /// The primary group.
    gid: u32,
}

impl Accounts {
    /// Reads the texts of `/etc/passwd` and `/etc/group`. Lines that are none are passed over.
    pub fn parse(users: &[u8], groups: &[u8]) -> Self {
        let users: Vec<Account> = lines(users).filter_map(|fields| user(&fields)).collect();
        let mut groups: Vec<SharedGroup> =
            lines(groups).filter_map(|fields| group(&fields)).collect();
        for group in &mut groups {
            let primary = users.iter().filter(|user| user.gid == group.group.gid);
            group.members.extend(primary.map(|user| user.name.clone()));
        }
        Self { users, groups }
    }

    /// The process with this effective user and these groups; names where there are any.
    pub fn caller(&self, uid: u32, gids: &[u32]) -> Caller {
        let mut groups: Vec<Group> = Vec::with_capacity(gids.len());
        for gid in gids {
            if groups.iter().all(|known| known.gid != *gid) {
                groups.push(self.group(*gid).group);
            }
        }
        Caller { user: self.user_name(uid).map(str::to_owned), uid, groups }
    }

    /// A user with all the groups that the files put it in.
    pub fn user(&self, uid: u32) -> Caller {
        let Some(account) = self.users.iter().find(|user| user.uid == uid) else {
            return self.caller(uid, &[]);
        };
        let further = self.groups.iter().filter(|group| group.members.contains(&account.name));
        let gids: Vec<u32> =
            std::iter::once(account.gid).chain(further.map(|group| group.group.gid)).collect();
        self.caller(uid, &gids)
    }

    /// The name of a user, if it has one.
    pub fn user_name(&self, uid: u32) -> Option<&str> {
        self.users.iter().find(|user| user.uid == uid).map(|user| user.name.as_str())
    }

    /// A group with its members; one that has no name has none that are known.
    pub fn group(&self, gid: u32) -> SharedGroup {
        let known = self.groups.iter().find(|group| group.group.gid == gid);
        known.cloned().unwrap_or_else(|| SharedGroup {
            group: Group { name: None, gid },
            members: Vec::new(),
        })
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = Vec<String>> + '_ {
    text.split(|byte| *byte == b'\n').map(|line| {
        line.split(|byte| *byte == b':')
            .map(|field| String::from_utf8_lossy(field).into_owned())
            .collect()
    })
}

/// `name:x:uid:gid:…`
fn user(fields: &[String]) -> Option<Account> {
    let [name, _, uid, gid, ..] = fields else { return None };
    Some(Account { name: name.clone(), uid: uid.parse().ok()?, gid: gid.parse().ok()? })
}

/// `name:x:gid:member,member`
fn group(fields: &[String]) -> Option<SharedGroup> {
    let [name, _, gid, members, ..] = fields else { return None };
    let members = members.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Some(SharedGroup { group: Group { name: Some(name.clone()), gid: gid.parse().ok()? }, members })
}

#[cfg(test)]
mod tests {
    use super::Accounts;

    const USERS: &[u8] = b"root:x:0:0:root:/:/bin/sh\nann:x:1000:50::/:\nbob:x:1001:1001::/:\n\
                           broken\n+::::::\n";
    const GROUPS: &[u8] = b"root:x:0:\nstaff:x:50:bob\nqa:x:60:ann,zoe\nbroken:x\n";

    #[test]
    fn names_are_found_by_number() {
        let accounts = Accounts::parse(USERS, GROUPS);
        let ann = accounts.caller(1000, &[50, 60, 50]);
        assert_eq!(ann.user.as_deref(), Some("ann"));
        let groups: Vec<_> = ann.groups.iter().map(|group| group.name.as_deref()).collect();
        assert_eq!(groups, [Some("staff"), Some("qa")]);
        assert_eq!(accounts.user(1000), ann);
        assert_eq!(accounts.user_name(7), None);
        let nameless = accounts.caller(7, &[9]);
        assert_eq!((nameless.user, nameless.groups[0].name.clone()), (None, None));
    }

    #[test]
    fn members_are_those_listed_and_those_whose_primary_group_it_is() {
        let accounts = Accounts::parse(USERS, GROUPS);
        assert_eq!(accounts.group(50).members, ["bob", "ann"]);
        assert_eq!(accounts.group(60).members, ["ann", "zoe"]);
        assert!(accounts.group(61).members.is_empty());
    }
}
