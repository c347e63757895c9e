//! Completion: the programs themselves say how a command line may go on, for bash, zsh and fish.

mod answer;
mod candidates;
mod command_line;
mod names;
mod position;
mod script;
mod values;

pub(crate) use answer::{answer, is_asked};
pub use script::{Shell, completion_script};
