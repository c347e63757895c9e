//! The five permissions of a stream, and which of them each action takes: MapR's matrix as data.

use std::fmt;

use super::denied::{Denied, Missing};
use super::evaluate::Caller;
use super::expression::Expression;
use super::who::listed;

/// One of the five permissions of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Publishing messages.
    Produce,
    /// Reading messages, and the cursors that go with it.
    Consume,
    /// Creating, editing and deleting topics.
    Topic,
    /// Copying the stream, from it and to it.
    Copy,
    /// Attributes and permissions of the stream itself.
    Admin,
}

impl Permission {
    /// All of them, in the order of MapR's options.
    pub const ALL: [Self; 5] = [Self::Produce, Self::Consume, Self::Topic, Self::Copy, Self::Admin];

    /// The name of its option and its column: `produceperm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Produce => "produceperm",
            Self::Consume => "consumeperm",
            Self::Topic => "topicperm",
            Self::Copy => "copyperm",
            Self::Admin => "adminperm",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who has which permission of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Who may publish.
    pub produce: Expression,
    /// Who may read.
    pub consume: Expression,
    /// Who may create, edit and delete topics.
    pub topic: Expression,
    /// Who may copy.
    pub copy: Expression,
    /// Who may edit the stream, these permissions included.
    pub admin: Expression,
}

impl Permissions {
    /// The default: the stream's creator alone has all five.
    pub fn created_by(creator: &Caller) -> Self {
        let only = Expression::only(creator);
        Self {
            produce: only.clone(),
            consume: only.clone(),
            topic: only.clone(),
            copy: only.clone(),
            admin: only,
        }
    }

    /// Who has `permission`.
    pub fn get(&self, permission: Permission) -> &Expression {
        match permission {
            Permission::Produce => &self.produce,
            Permission::Consume => &self.consume,
            Permission::Topic => &self.topic,
            Permission::Copy => &self.copy,
            Permission::Admin => &self.admin,
        }
    }
}

/// Something that is done with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// `stream create`.
    StreamCreate,
    /// `stream edit`.
    StreamEdit,
    /// `stream info`, all but the permissions.
    StreamInfo,
    /// The five permissions in `stream info`, which leaves them out for others.
    StreamInfoPermissions,
    /// `stream list`.
    StreamList,
    /// `stream delete`.
    StreamDelete,
    /// `stream purge`.
    StreamPurge,
    /// `stream topic create`.
    TopicCreate,
    /// The creation of a topic by the first message to it.
    TopicAutocreate,
    /// `stream topic edit`.
    TopicEdit,
    /// `stream topic delete`.
    TopicDelete,
    /// `stream topic list`.
    TopicList,
    /// `stream topic info`, `stream topic describe`.
    TopicInfo,
    /// `stream cursor list`.
    CursorList,
    /// `stream cursor delete`.
    CursorDelete,
    /// `stream cursor set`.
    CursorSet,
    /// `stream assign list`.
    AssignList,
    /// Publishing messages.
    Produce,
    /// Reading messages, committing cursors and being a member of a group.
    Consume,
    /// `stream copy`, for the stream that is read.
    CopyFrom,
    /// `stream copy`, for the stream that is written.
    CopyTo,
    /// `stream replica add` and `autosetup`, for the source.
    ReplicaAdd,
    /// `stream replica edit`, `list`, `pause`, `resume` and `remove`.
    ReplicaManage,
    /// `stream upstream add`, `remove` and `list`.
    UpstreamManage,
}

/// What an action takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// No permission of the stream: whoever can read the directory that streams are in.
    DirectoryRead,
    /// No permission of the stream: whoever can write the directory that it is in.
    DirectoryWrite,
    /// All permissions of at least one of these lists. Lists of equal length are in the order in
    /// which to grant them, the least powerful first.
    AnyOf(&'static [&'static [Permission]]),
}

const READ_ANYTHING: Requirement = Requirement::AnyOf(&[
    &[Permission::Consume],
    &[Permission::Produce],
    &[Permission::Topic],
    &[Permission::Admin],
]);
const CHANGE_CURSORS: Requirement =
    Requirement::AnyOf(&[&[Permission::Consume], &[Permission::Admin]]);
const PRODUCE: Requirement = Requirement::AnyOf(&[&[Permission::Produce]]);
const TOPIC: Requirement = Requirement::AnyOf(&[&[Permission::Topic]]);
const ADMIN: Requirement = Requirement::AnyOf(&[&[Permission::Admin]]);

impl Action {
    /// All of them, in the order of the manual.
    pub const ALL: [Self; 24] = [
        Self::StreamCreate,
        Self::StreamEdit,
        Self::StreamInfo,
        Self::StreamInfoPermissions,
        Self::StreamList,
        Self::StreamDelete,
        Self::StreamPurge,
        Self::TopicCreate,
        Self::TopicAutocreate,
        Self::TopicEdit,
        Self::TopicDelete,
        Self::TopicList,
        Self::TopicInfo,
        Self::CursorList,
        Self::CursorDelete,
        Self::CursorSet,
        Self::AssignList,
        Self::Produce,
        Self::Consume,
        Self::CopyFrom,
        Self::CopyTo,
        Self::ReplicaAdd,
        Self::ReplicaManage,
        Self::UpstreamManage,
    ];

    /// What it is, behind "may not".
    pub fn phrase(self) -> &'static str {
        self.row().0
    }

    /// What it takes.
    pub fn requirement(self) -> Requirement {
        self.row().1
    }

    /// The matrix. `adminperm` implies none of the others: an administrator who wants to produce
    /// has to grant it to themselves first.
    fn row(self) -> (&'static str, Requirement) {
        use Permission::{Admin, Consume, Copy, Produce, Topic};
        match self {
            Self::StreamCreate => ("create the stream", Requirement::DirectoryWrite),
            Self::StreamEdit => ("edit the stream", ADMIN),
            Self::StreamInfo => ("see the stream's attributes", READ_ANYTHING),
            Self::StreamInfoPermissions => ("see the stream's permissions", ADMIN),
            Self::StreamList => ("list streams", Requirement::DirectoryRead),
            Self::StreamDelete => ("delete the stream", Requirement::DirectoryWrite),
            Self::StreamPurge => ("purge the stream", ADMIN),
            Self::TopicCreate => ("create topics", TOPIC),
            // MapR's pages ask for nothing but a first message; `autocreate` is what forbids it.
            Self::TopicAutocreate => ("create topics by producing", PRODUCE),
            Self::TopicEdit => ("edit topics", TOPIC),
            Self::TopicDelete => ("delete topics", TOPIC),
            Self::TopicList => ("list topics", READ_ANYTHING),
            Self::TopicInfo => ("see topics", READ_ANYTHING),
            Self::CursorList => ("list cursors", READ_ANYTHING),
            Self::CursorDelete => ("delete cursors", CHANGE_CURSORS),
            Self::CursorSet => ("set cursors", CHANGE_CURSORS),
            Self::AssignList => ("list assignments", READ_ANYTHING),
            Self::Produce => ("produce", PRODUCE),
            Self::Consume => ("consume", Requirement::AnyOf(&[&[Consume]])),
            Self::CopyFrom => ("copy from the stream", Requirement::AnyOf(&[&[Consume], &[Copy]])),
            Self::CopyTo => {
                ("copy to the stream", Requirement::AnyOf(&[&[Copy], &[Produce, Consume, Topic]]))
            }
            Self::ReplicaAdd => ("add replicas", Requirement::AnyOf(&[&[Admin, Copy]])),
            Self::ReplicaManage => ("manage replicas", ADMIN),
            Self::UpstreamManage => ("manage upstreams", ADMIN),
        }
    }
}

impl fmt::Display for Requirement {
    /// For a table in a manual: `consumeperm or adminperm`, `write on the directory`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DirectoryRead => f.write_str("read on the directory"),
            Self::DirectoryWrite => f.write_str("write on the directory"),
            Self::AnyOf(lists) => {
                let names = |list: &&[Permission]| {
                    let names: Vec<String> = list.iter().map(ToString::to_string).collect();
                    joined(&names, lists.len() == 1)
                };
                f.write_str(&listed(&lists.iter().map(names).collect::<Vec<_>>(), "or"))
            }
        }
    }
}

/// Joins what is needed together; `alone` if there is no alternative to it.
pub(super) fn joined(names: &[String], alone: bool) -> String {
    let text = listed(names, "and");
    match names.len() {
        _ if alone => text,
        0 | 1 => text,
        2 => format!("both {text}"),
        _ => format!("all of {text}"),
    }
}

impl Permissions {
    /// Whether `caller` has `permission`.
    pub fn has(&self, permission: Permission, caller: &Caller) -> bool {
        self.get(permission).allows(caller)
    }
}

/// Whether `caller` may do `action`, as far as permissions decide it: what takes a right on a
/// directory is allowed here, and the file system refuses it where it is done.
///
/// # Errors
/// What is missing, who has it, and how to grant it.
pub fn allows(action: Action, permissions: &Permissions, caller: &Caller) -> Result<(), Denied> {
    let Requirement::AnyOf(lists) = action.requirement() else { return Ok(()) };
    let missing = |list: &&[Permission]| -> Vec<Missing> {
        let lacks = list.iter().filter(|permission| !permissions.has(**permission, caller));
        lacks
            .map(|permission| Missing {
                permission: *permission,
                expression: permissions.get(*permission).clone(),
            })
            .collect()
    };
    let alternatives: Vec<Vec<Missing>> = lists.iter().map(missing).collect();
    if alternatives.iter().any(Vec::is_empty) {
        return Ok(());
    }
    Err(Denied::new(action, caller.clone(), alternatives, permissions.admin.clone()))
}

#[cfg(test)]
mod tests;
