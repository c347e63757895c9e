//! Which options of `kafka-consumer-groups` go together, in the words of Kafka's tool.

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::arguments::{Arguments, Task, note};
use super::scope::names_whole_stream;

/// Where cursors are set to, in the order of Kafka's tool.
const SCENARIOS: [&str; 8] = [
    "to-offset",
    "shift-by",
    "to-datetime",
    "by-duration",
    "to-earliest",
    "to-latest",
    "from-file",
    "to-current",
];

/// Options that mean something for some actions only; elsewhere Kafka's tool does not look at them.
const GOES_WITH: [(&str, &[Task]); 9] = [
    ("offsets", &[Task::Describe]),
    ("members", &[Task::Describe]),
    ("state", &[Task::Describe, Task::List]),
    ("type", &[Task::List]),
    ("verbose", &[Task::Describe]),
    ("all-topics", &[Task::ResetOffsets]),
    ("dry-run", &[Task::ResetOffsets]),
    ("execute", &[Task::ResetOffsets]),
    ("export", &[Task::ResetOffsets]),
];

impl Arguments {
    /// Returns the one action that is asked for; says which options have no effect for it.
    ///
    /// # Errors
    ///
    /// There is not exactly one, an option is missing or does not go with another: exit 2.
    pub(super) fn checked(&self, session: &Session) -> Result<Task, Failure> {
        let tasks = [
            (self.list, Task::List),
            (self.describe, Task::Describe),
            (self.delete, Task::Delete),
            (self.reset_offsets, Task::ResetOffsets),
            (self.delete_offsets, Task::DeleteOffsets),
            (self.validate_regex.is_some(), Task::ValidateRegex),
        ];
        let mut asked = tasks.iter().filter_map(|(is_asked, task)| is_asked.then_some(*task));
        let (Some(task), None) = (asked.next(), asked.next()) else {
            return Err(Failure::usage(
                "Command must include exactly one action: --list, --describe, --delete, \
                 --reset-offsets, --delete-offsets, --validate-regex",
            )
            .with_hint("kafka-consumer-groups --help"));
        };
        match task {
            Task::Describe => self.check_describe()?,
            Task::Delete => self.check_delete()?,
            Task::ResetOffsets => self.check_reset(session)?,
            Task::DeleteOffsets if self.group.is_empty() || self.topic.is_empty() => {
                return Err(Failure::usage(
                    "Option [delete-offsets] takes the following options: [group], [topic]",
                )
                .with_hint("kafka-consumer-groups --delete-offsets --group GROUP --topic TOPIC"));
            }
            Task::List | Task::DeleteOffsets | Task::ValidateRegex => {}
        }
        self.check_scope(task)?;
        for (option, tasks) in GOES_WITH {
            if self.has(option) && !tasks.contains(&task) {
                note(session, option, &format!("it does not go with --{}", task.option()));
            }
        }
        if let Some(option) = self.scenarios().next().filter(|_| task != Task::ResetOffsets) {
            note(session, option, &format!("it does not go with --{}", task.option()));
        }
        Ok(task)
    }

    fn check_describe(&self) -> Result<(), Failure> {
        self.check_groups("describe")?;
        let kinds = ["members", "offsets", "state"];
        if kinds.into_iter().filter(|kind| self.has(kind)).count() > 1 {
            return Err(Failure::usage(
                "Option [describe] takes at most one of these options: [members], [offsets], \
                 [state]",
            ));
        }
        if self.shown.state.as_deref().is_some_and(|states| !states.is_empty()) {
            return Err(Failure::usage("Option [describe] does not take a value for [state]"));
        }
        Ok(())
    }

    fn check_delete(&self) -> Result<(), Failure> {
        self.check_groups("delete")?;
        if !self.topic.is_empty() {
            return Err(Failure::usage(
                "The consumer does not support topic-specific offset deletion from a consumer \
                 group.",
            )
            .with_hint("kafka-consumer-groups --delete-offsets --group GROUP --topic TOPIC"));
        }
        Ok(())
    }

    fn check_reset(&self, session: &Session) -> Result<(), Failure> {
        if self.goals.dry_run && self.goals.execute {
            return Err(Failure::usage(
                "Option [reset-offsets] only accepts one of [execute] and [dry-run]",
            ));
        }
        self.check_groups("reset-offsets")?;
        let mut scenarios = self.scenarios();
        match (scenarios.next(), scenarios.next()) {
            (None, _) => {
                let all = SCENARIOS.map(|scenario| format!("[{scenario}]")).join(", ");
                return Err(Failure::usage(format!(
                    "Option '[reset-offsets]' requires one of the following scenarios: [{all}]"
                )));
            }
            (Some(one), Some(other)) => return Err(conflict(one, other)),
            (Some(_), None) => {}
        }
        if self.all_topics && !self.topic.is_empty() {
            return Err(conflict("topic", "all-topics"));
        }
        if !self.all_topics && self.topic.is_empty() && self.goals.from_file.is_none() {
            return Err(Failure::usage(
                "One of the reset scopes should be defined: --all-topics, --topic.",
            ));
        }
        if !self.goals.dry_run && !self.goals.execute {
            session.terminal.note(
                "WARN: No action will be performed as the --execute option is missing. In version \
                 5.0, this command will require either --dry-run or --execute to be specified.",
            );
        }
        Ok(())
    }

    fn check_groups(&self, action: &str) -> Result<(), Failure> {
        if self.group.is_empty() && !self.all_groups {
            let text =
                format!("Option [{action}] takes one of these options: [group], [all-groups]");
            return Err(Failure::usage(text));
        }
        Ok(())
    }

    /// Names of groups and topics go only with actions that are about them.
    fn check_scope(&self, task: Task) -> Result<(), Failure> {
        let names_groups = self.group.iter().any(|group| !names_whole_stream(group));
        if names_groups && self.all_groups {
            return Err(conflict("group", "all-groups"));
        }
        if names_groups && task == Task::List {
            return Err(
                conflict("group", "list").with_hint("--group /stream lists the groups of a stream")
            );
        }
        if !self.topic.is_empty() && matches!(task, Task::List | Task::Describe) {
            return Err(conflict("topic", task.option()));
        }
        Ok(())
    }

    fn scenarios(&self) -> impl Iterator<Item = &'static str> {
        SCENARIOS.into_iter().filter(|scenario| self.has(scenario))
    }

    fn has(&self, option: &str) -> bool {
        let (shown, goals) = (&self.shown, &self.goals);
        match option {
            "offsets" => shown.offsets,
            "members" => shown.members,
            "state" => shown.state.is_some(),
            "type" => shown.kind.is_some(),
            "verbose" => shown.verbose,
            "all-topics" => self.all_topics,
            "dry-run" => goals.dry_run,
            "execute" => goals.execute,
            "export" => goals.export,
            "to-offset" => goals.to_offset.is_some(),
            "shift-by" => goals.shift_by.is_some(),
            "to-datetime" => goals.to_datetime.is_some(),
            "by-duration" => goals.by_duration.is_some(),
            "to-earliest" => goals.to_earliest,
            "to-latest" => goals.to_latest,
            "from-file" => goals.from_file.is_some(),
            "to-current" => goals.to_current,
            _ => unreachable!("`{option}` is in no table"),
        }
    }
}

fn conflict(option: &str, other: &str) -> Failure {
    Failure::usage(format!("Option \"[{option}]\" can't be used with option \"[{other}]\""))
        .with_hint(format!("leave out --{option} or --{other}"))
}
