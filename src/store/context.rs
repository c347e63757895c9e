//! Who is asking, when, and how long they are ready to wait.

use std::sync::Arc;
use std::time::Duration;

use crate::time::Clock;

/// What an operation needs to know about the program that asks for it.
#[derive(Clone, Debug)]
pub struct Context {
    /// Where the time of operations comes from.
    pub clock: Arc<dyn Clock>,
    /// The user, as recorded with each change and in default permissions.
    pub user: String,
    /// The command line, as recorded with each change.
    pub command: String,
    /// How long to wait for the gate of a stream.
    pub lock_wait: Duration,
    /// Whether a store on a network file system may be used all the same.
    pub allow_network: bool,
}
