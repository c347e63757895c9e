//! `streamctl`: creates, describes, lists and deletes streams and topics.

use std::process::ExitCode;

use streampath::cli::{Program, main as run};

fn main() -> ExitCode {
    run(Program::Streamctl)
}
