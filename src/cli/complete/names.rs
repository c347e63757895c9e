//! Names of streams and topics for completion; whatever goes wrong, there are none.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::environment::Environment;
use crate::cli::target::KAFKA_STREAM;
use crate::fs::RealDisk;
use crate::path::limits::MAPR_MOUNT;
use crate::path::{StreamPath, Target};
use crate::store::{Context, Home, StoreEntry};

/// Where names come from.
pub(super) trait Names {
    /// What is in a directory of the store (`/apps`, or nothing for the store itself) and begins
    /// with `prefix`.
    fn entries(&self, directory: &str, prefix: &str) -> Vec<StoreEntry>;
    /// The topics of a stream.
    fn topics(&self, stream: &str) -> Vec<String>;
    /// The groups that have a cursor in a stream.
    fn groups(&self, stream: &str) -> Vec<String>;
    /// How many partitions a topic has; 0 if nobody knows.
    fn partitions(&self, stream: &str, topic: &str) -> u32;
    /// The stream of topics that are named without one.
    fn default_stream(&self) -> String;
}

/// The names in the store that the environment names.
#[derive(Debug)]
pub(super) struct StoredNames {
    home: Option<Home>,
    default_stream: String,
}

impl StoredNames {
    /// Looks where the store is; nothing is opened but its directory, and nothing is made.
    #[must_use]
    pub(super) fn of(environment: &Environment) -> Self {
        let context = Context {
            clock: Arc::clone(&environment.clock),
            caller: environment.caller.clone(),
            accounts: Arc::clone(&environment.accounts),
            // Nothing is ever changed: nobody will ask who did it.
            command: String::new(),
            lock_wait: Duration::ZERO,
            allow_network: environment.allow_network,
        };
        let home = environment.home.as_deref();
        let home = home.and_then(|home| Home::open(Arc::new(RealDisk), home, context).ok());
        let default = environment.default_stream.as_deref();
        Self { home, default_stream: default.unwrap_or(KAFKA_STREAM).to_owned() }
    }
}

impl Names for StoredNames {
    fn entries(&self, directory: &str, prefix: &str) -> Vec<StoreEntry> {
        let Some(home) = &self.home else { return Vec::new() };
        let found = if is_top(directory) {
            home.entries(None, prefix)
        } else {
            let Ok(path) = StreamPath::parse(directory) else { return Vec::new() };
            home.entries(Some(&path), prefix)
        };
        found.unwrap_or_default()
    }

    fn topics(&self, stream: &str) -> Vec<String> {
        let Some(home) = &self.home else { return Vec::new() };
        let Ok(stream) = StreamPath::parse(stream) else { return Vec::new() };
        home.topic_names(&stream).unwrap_or_default()
    }

    fn groups(&self, stream: &str) -> Vec<String> {
        let Some(home) = &self.home else { return Vec::new() };
        let Ok(stream) = StreamPath::parse(stream) else { return Vec::new() };
        home.group_names(&stream).unwrap_or_default()
    }

    fn partitions(&self, stream: &str, topic: &str) -> u32 {
        let Some(home) = &self.home else { return 0 };
        let Ok(target) = Target::parse(&format!("{stream}:{topic}")) else { return 0 };
        home.partition_count(&target).ok().flatten().unwrap_or(0)
    }

    fn default_stream(&self) -> String {
        self.default_stream.clone()
    }
}

/// Tells whether a directory is the store itself: nothing, or MapR's `/mapr/<cluster>`.
fn is_top(directory: &str) -> bool {
    let mut parts = directory.trim_start_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(""), None, None) => true,
        (Some(MAPR_MOUNT), Some(cluster), None) => !cluster.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_top;

    #[test]
    fn the_top_has_a_name_of_mapr_too() {
        assert!(is_top("") && is_top("/") && is_top("/mapr/my.cluster.com"));
        assert!(!is_top("/mapr") && !is_top("/apps") && !is_top("/mapr/c/apps"));
    }
}
