//! A stream as one thing: its logs and its index under the lock order, from create to delete.
//!
//! The gate comes before any append lock, never the reverse. Every decision rests on a record of a
//! log; the index only says where to look.

mod activity;
mod catalogue;
mod check;
mod context;
mod create;
mod cursors;
mod cursors_place;
mod cursors_set;
mod cursors_summary;
mod cursors_sync;
mod cursors_table;
mod delete;
mod edit;
mod epoch;
mod error;
mod gate;
mod generation;
mod group_changes;
mod groups;
mod home;
mod layout;
mod listing;
mod live_members;
mod members;
mod meta;
mod names;
mod offsets;
mod opening;
mod own_log;
mod partition;
mod permit;
mod points;
mod purge;
mod reader;
mod repair;
mod retention;
mod session;
mod settle;
mod snapshot;
mod stream;
mod summary;
mod topic;
mod writer;

#[cfg(test)]
mod tests;

pub use check::{CheckTotals, Finding};
pub use context::Context;
pub use cursors::{Commit, CommitSync, CursorFilter, Cursors};
pub use cursors_place::{CursorNumbers, CursorTrust};
pub use cursors_set::{CursorChoice, CursorGoal, CursorMove, SetCursors};
pub use cursors_summary::CursorSummary;
pub use edit::{Edited, TopicEdit};
pub use error::{Fencing, StoreError, StoreErrorKind};
pub use group_changes::{Claim, CursorWatch, GroupChange};
pub use groups::{GroupPace, GroupPartition, GroupRules, GroupSummary, LATELY_MS};
pub use home::Home;
pub use layout::{APPEND_LOCK, CURSORS_SEGMENT_BYTES, GATE_LOCK, META_SEGMENT_BYTES, STORE_DIR};
pub use live_members::{GroupPhase, LiveMember, MemberPartition};
pub use members::{Member, Pulse, Pulses, Renewal};
pub use names::StoreEntry;
pub use opening::LetIn;
pub use purge::{Purge, PurgedSegment};
pub use reader::PartitionReader;
pub use repair::LogRepair;
pub use retention::RuleFrom;
pub use stream::{Stream, StreamInfo, TopicOptions};
pub use summary::{PartitionSummary, TopicSummary};
pub use topic::Topic;
pub use writer::{PartitionWriter, WriteError};
