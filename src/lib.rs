//! streampath: Kafka's log without the broker, for the shell.

pub mod fs;
pub mod record;
pub mod time;
