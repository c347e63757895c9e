//! `console-producer`: writes lines of standard input to a topic.

use std::process::ExitCode;

use streampath::cli::{Program, main as run};

fn main() -> ExitCode {
    run(Program::ConsoleProducer)
}
