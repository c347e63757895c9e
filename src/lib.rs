//! streampath: Kafka's log without the broker, for the shell.

pub mod fs;
pub mod log;
pub mod record;
pub mod time;
