//! The options that only a member of a group has.

use clap::Args;

use crate::cli::failure::Failure;

use super::properties::GroupOptions;

/// The options that only a member of a group has.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct GroupArguments {
    /// With --group, commit each record by itself, as soon as it is written to standard output
    ///
    /// Whoever takes over after a kill then prints at most one record again. Slower than every
    /// auto.commit.interval.ms.
    #[arg(long)]
    commit_each: bool,

    /// With --group, tell on standard error which partitions come and go, and what is committed
    ///
    /// Lines of JSON as Kafka's verifiable consumer has them, one for each event. Two more say that
    /// the kernel tells of new records (polling_records) or of the group's changes (polling_group)
    /// no longer, because more programs follow something than fs.inotify.max_user_instances allows:
    /// these are then looked for, every 50 ms at least.
    #[arg(long)]
    verbose: bool,
}

impl GroupArguments {
    /// Adds the options to those of the group.
    ///
    /// # Errors
    ///
    /// There is no group, or nothing is to be committed: exit 2.
    pub(super) fn add_to(
        &self,
        group: Option<GroupOptions>,
    ) -> Result<Option<GroupOptions>, Failure> {
        let Some(group) = group else {
            let given = [(self.commit_each, "commit-each"), (self.verbose, "verbose")];
            return match given.into_iter().find(|(given, _)| *given) {
                Some((_, name)) => Err(Failure::usage(format!("Option {name} requires a group."))
                    .with_hint("name one with --group")),
                None => Ok(None),
            };
        };
        if self.commit_each && group.commit_every.is_none() {
            return Err(Failure::usage(
                "Option commit-each and 'enable.auto.commit=false' cannot be specified together.",
            ));
        }
        Ok(Some(GroupOptions { commit_each: self.commit_each, verbose: self.verbose, ..group }))
    }
}
