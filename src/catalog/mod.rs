//! The stream's catalogue: the operations of `meta` as types, and the SQLite index projected from
//! them. Opens no segment: `store` feeds it decoded records.

mod connection;
mod cursor;
mod error;
mod format;
mod group;
mod id;
mod member;
mod meta;
mod object;
mod point;
mod position;
mod projection;
mod rows;

pub use connection::{
    APPLICATION_ID, SCHEMA_VERSION, SQLITE_VERSION_LEAST, sqlite_version, sqlite_version_is_safe,
};
pub use cursor::{CURSORS_FORMAT, Cursor, CursorId, CursorRecord};
pub use error::{IndexError, MetaError};
pub use group::{
    GroupEpoch, GroupMember, GroupRecord, GroupSettings, GroupState, GroupTopic, MemberKey,
    MemberWish, Owned, Partitions, Target,
};
pub use id::ObjectId;
pub use member::{Lease, MEMBER_FORMAT, MemberObject};
pub use meta::{Change, META_FORMAT, MetaRecord, Operation, SnapshotEnd, SnapshotItem};
pub use object::{EpochObject, Identity, StreamAttributes, StreamKind, TopicObject};
pub use point::IndexPoint;
pub use position::{LogPosition, RecordPosition};
pub use projection::{Applied, Projection};
pub use rows::{EpochRow, StreamRow, TopicRow};
