//! `streamctl stream replica` and `stream upstream`: names that are kept for later.

use clap::Args;

use crate::cli::failure::{Exit, Failure};

/// Mirror a stream: this comes later
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Whatever MapR's command takes
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Arguments {
    /// True if MapR's envelope was asked for among the words.
    pub(super) fn asks_for_json(&self) -> bool {
        self.words.iter().any(|word| word.trim_start_matches('-') == "json" && word != "json")
    }

    /// Says that there is no such command yet.
    pub(super) fn refuse(&self, group: &str) -> Failure {
        let verb = self.words.first().filter(|word| !word.starts_with('-'));
        let verb = verb.map(|verb| format!(" {verb}")).unwrap_or_default();
        Failure::message(
            Exit::Failed,
            format!(
                "`stream {group}{verb}` comes with a later version: streams have no replicas yet"
            ),
        )
        .with_hint("a stream that nobody uses may be copied with any tool")
    }
}
