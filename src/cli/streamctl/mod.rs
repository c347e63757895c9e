//! `streamctl`: one file for each command, and what they share.

mod arguments;
mod assign_list;
mod choice;
mod cursor_delete;
mod cursor_list;
mod cursor_names;
mod cursor_set;
mod errors;
mod later;
mod links;
mod names;
mod numbers;
mod permissions;
mod plan;
mod repetition;
mod store_check;
mod store_info;
mod stream_create;
mod stream_delete;
mod stream_edit;
mod stream_info;
mod stream_list;
mod stream_purge;
mod topic_create;
mod topic_delete;
mod topic_describe;
mod topic_edit;
mod topic_info;
mod topic_list;
mod topic_view;
mod words;

pub(crate) use arguments::{command, run};
