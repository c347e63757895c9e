//! The project's tests from outside: the library as its users call it, the programs as processes.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where it goes wrong, and its harness reads the environment and the clock"
)]

mod adopted;
mod bad_input;
mod both_consoles;
mod completion;
mod console;
mod consumer_options;
mod consumer_output;
mod crowd;
mod cursor_set;
mod demos;
mod describe;
mod documents;
mod edits;
mod everywhere;
mod generated;
mod group_index;
mod group_settings;
mod group_states;
mod group_stops;
mod groups;
mod harness;
mod idioms;
mod interop;
mod judged;
mod kafka_consumer_groups;
mod kafka_get_offsets;
mod kafka_topics;
mod members;
mod pages;
mod permissions;
mod polling;
mod producer;
mod producer_options;
mod producer_rows;
mod pty;
mod reading;
mod record_text;
mod rendered;
mod roff;
mod session;
mod several_topics;
mod static_members;
mod stopped;
mod stored_bytes;
mod streamctl;
mod tidy;
mod transcripts;
mod users;
mod verbs;
mod watching;
mod world;
