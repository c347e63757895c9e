//! `console-consumer`: prints the records of a topic.

use std::process::ExitCode;

use streampath::cli::{Program, main as run};

fn main() -> ExitCode {
    run(Program::ConsoleConsumer)
}
