//! Who is asking, when, and how long they are ready to wait.

use std::sync::Arc;
use std::time::Duration;

use crate::access::{Accounts, Caller};
use crate::time::Clock;

/// What an operation needs to know about the program that asks for it.
#[derive(Clone, Debug)]
pub struct Context {
    /// Where the time of operations comes from.
    pub clock: Arc<dyn Clock>,
    /// Who asks: what permissions are compared with, and who is recorded with each change.
    pub caller: Caller,
    /// The users and groups of the system: for the modes of a new stream's files.
    pub accounts: Arc<Accounts>,
    /// The command line, as recorded with each change.
    pub command: String,
    /// How long to wait for the gate of a stream.
    pub lock_wait: Duration,
    /// Whether a store on a network file system may be used all the same.
    pub allow_network: bool,
}

impl Context {
    /// The user as recorded with each change: the name, or the number of a user without one.
    pub fn user(&self) -> String {
        self.caller.user.clone().unwrap_or_else(|| self.caller.uid.to_string())
    }
}
