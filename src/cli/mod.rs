//! The programs: arguments, dialects, tables, JSON, messages, exit status.

mod complete;
mod console_consumer;
mod console_producer;
mod dialect;
mod environment;
mod failure;
mod interrupts;
mod iso_duration;
mod kafka_consumer_groups;
mod kafka_get_offsets;
mod kafka_settings;
mod kafka_topics;
mod manual;
mod named_topics;
mod nearness;
mod on_error;
mod open_files;
mod opening;
mod option_groups;
mod pace;
mod place;
mod program;
mod progress;
#[cfg(test)]
mod random_lines;
mod record_text;
mod refusal;
mod render;
mod session;
mod streamctl;
mod target;
mod terminal;
mod topic_pattern;
mod usage;
mod watch_output;

pub use complete::{Shell, completion_script};
pub use dialect::Spelling;
pub use failure::Exit;
pub use manual::{FILES, Manual, manual, variables};
pub use program::{Program, main};
