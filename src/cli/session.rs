//! What every command is handed: the surroundings, the terminal, and how to print.

use std::sync::Arc;
use std::time::Duration;

use crate::fs::RealDisk;
use crate::store::{Context, Home};

use super::environment::Environment;
use super::failure::Failure;
use super::program::Program;
use super::render::{Format, Listing, Moment, Page};
use super::terminal::Terminal;

/// How long a command waits for a lock; as Kafka's `max.block.ms`.
const LOCK_WAIT: Duration = Duration::from_secs(60);

/// One run of a program.
#[derive(Debug)]
pub(crate) struct Session {
    /// The program that runs.
    pub(crate) program: Program,
    /// The name it was called by.
    pub(crate) name: String,
    /// What the surroundings say.
    pub(crate) environment: Environment,
    /// Where output goes.
    pub(crate) terminal: Terminal,
    /// The format asked for; `None` leaves it to the terminal.
    pub(crate) format: Option<Format>,
    /// Tables and CSV begin with a line of names.
    pub(crate) header: bool,
}

impl Session {
    /// Makes a session that prints in the default format.
    #[must_use]
    pub(crate) fn new(
        program: Program,
        name: &str,
        environment: Environment,
        terminal: Terminal,
    ) -> Self {
        let name = name.to_owned();
        Self { program, name, environment, terminal, format: None, header: true }
    }

    /// True if answers and errors go into MapR's JSON envelope.
    #[must_use]
    pub(crate) fn wants_json(&self) -> bool {
        self.format == Some(Format::Json)
    }

    /// Prints a listing in the format asked for.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written.
    pub(crate) fn print(&self, listing: &Listing<'_>) -> Result<(), Failure> {
        self.terminal.write(self.rendered(listing, false).as_bytes())
    }

    /// Returns a listing in the format asked for; `as_named` keeps MapR's table from ordering its
    /// columns.
    #[must_use]
    pub(crate) fn rendered(&self, listing: &Listing<'_>, as_named: bool) -> String {
        let format = self.format_chosen();
        let page = Page {
            width: self.terminal.width,
            colour: self.terminal.colours_output(),
            header: self.header,
            as_named,
        };
        listing.render(format, &self.moment(), page)
    }

    /// Returns the format of listings: the one asked for, else the terminal's or that of a file.
    #[must_use]
    pub(crate) fn format_chosen(&self) -> Format {
        let by_place = match self.terminal.output_is_terminal {
            true => Format::Table,
            false => Format::Mapr,
        };
        self.format.unwrap_or(by_place)
    }

    /// Ends a command that changed something: MapR's tools say nothing, or an empty envelope.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written.
    pub(crate) fn done(&self) -> Result<(), Failure> {
        if self.wants_json() { self.print(&Listing::empty()) } else { Ok(()) }
    }

    /// Opens the store, which need not be there yet.
    ///
    /// # Errors
    ///
    /// No variable tells where it is (exit 2), or something else is there.
    pub(crate) fn home(&self) -> Result<Home, Failure> {
        let Some(home) = &self.environment.home else {
            return Err(Failure::usage("no variable tells where the store is")
                .with_hint("export STREAMPATH_HOME=/a/directory"));
        };
        let context = Context {
            clock: Arc::clone(&self.environment.clock),
            caller: self.environment.caller.clone(),
            accounts: Arc::clone(&self.environment.accounts),
            command: self.environment.command_line(),
            lock_wait: LOCK_WAIT,
            allow_network: self.environment.allow_network,
        };
        Ok(Home::open(Arc::new(RealDisk), home, context)?)
    }

    /// Returns what time it is, and where.
    #[must_use]
    pub(crate) fn moment(&self) -> Moment {
        Moment { now: self.environment.clock.now(), zone: self.environment.zone() }
    }
}
