//! Which options of `kafka-topics` go together, in the words of Kafka's tool.

use crate::cli::failure::Failure;

use super::arguments::{Arguments, Task};

/// Actions that an option goes with.
const GOES_WITH: [(&str, &[Task]); 14] = [
    ("config", &[Task::Create, Task::Alter]),
    ("delete-config", &[Task::Alter]),
    ("partitions", &[Task::Create, Task::Alter]),
    ("replication-factor", &[Task::Create]),
    ("replica-assignment", &[Task::Create, Task::Alter]),
    ("topic-id", &[Task::Describe]),
    ("under-replicated-partitions", &[Task::Describe]),
    ("unavailable-partitions", &[Task::Describe]),
    ("under-min-isr-partitions", &[Task::Describe]),
    ("at-min-isr-partitions", &[Task::Describe]),
    ("topics-with-overrides", &[Task::Describe]),
    ("if-exists", &[Task::Alter, Task::Delete, Task::Describe]),
    ("if-not-exists", &[Task::Create]),
    ("exclude-internal", &[Task::List, Task::Describe]),
];

/// Filters, of which one excludes the others.
const FILTERS: [&str; 5] = [
    "under-replicated-partitions",
    "unavailable-partitions",
    "under-min-isr-partitions",
    "at-min-isr-partitions",
    "topics-with-overrides",
];

impl Arguments {
    /// Returns the one action that is asked for.
    ///
    /// # Errors
    ///
    /// There is not exactly one, an option is missing or does not go with another: exit 2.
    pub(super) fn checked(&self) -> Result<Task, Failure> {
        let tasks = [
            (self.list, Task::List),
            (self.describe, Task::Describe),
            (self.create, Task::Create),
            (self.alter, Task::Alter),
            (self.delete, Task::Delete),
        ];
        let mut asked = tasks.iter().filter_map(|(is_asked, task)| is_asked.then_some(*task));
        let (Some(task), None) = (asked.next(), asked.next()) else {
            return Err(Failure::usage(
                "Command must include exactly one action: --list, --describe, --create, --alter \
                 or --delete",
            )
            .with_hint("kafka-topics --help"));
        };
        self.check_required(task)?;
        for (option, tasks) in GOES_WITH {
            if self.has(option) && !tasks.contains(&task) {
                return Err(conflict(option, task.option()));
            }
        }
        if task == Task::Create && self.replica_assignment.is_some() {
            for other in ["partitions", "replication-factor"] {
                if self.has(other) {
                    return Err(conflict("replica-assignment", other));
                }
            }
        }
        let mut filters = FILTERS.into_iter().filter(|filter| self.has(filter));
        if let (Some(one), Some(other)) = (filters.next(), filters.next()) {
            return Err(conflict(one, other));
        }
        if let Some(option) = ["if-not-exists", "exclude-internal"]
            .into_iter()
            .find(|option| self.has(option) && self.topic_id.is_some())
        {
            return Err(conflict("topic-id", option));
        }
        Ok(task)
    }

    fn check_required(&self, task: Task) -> Result<(), Failure> {
        let missing = |option: &'static str, hint: &str| {
            let text = format!("Missing required argument \"[{option}]\"");
            Failure::usage(text).with_hint(hint)
        };
        let by_name = self.topic.is_some();
        match task {
            Task::Describe if self.if_exists && !by_name && self.topic_id.is_none() => {
                Err(Failure::usage("--topic or --topic-id is required to describe a topic")
                    .with_hint("kafka-topics --describe --if-exists --topic NAME"))
            }
            Task::Create if !by_name => {
                Err(missing("topic", "kafka-topics --create --topic NAME --partitions 3"))
            }
            Task::Delete if !by_name => Err(missing("topic", "kafka-topics --delete --topic NAME")),
            Task::Alter if !by_name => {
                Err(missing("topic", "kafka-topics --alter --topic NAME --partitions 6"))
            }
            Task::Alter if self.bootstrap_server.is_some() && self.has("config") => {
                Err(Failure::usage(
                    "Option combination \"[bootstrap-server],[config]\" can't be used with option \
                     \"[alter]\" (the kafka-configs CLI supports altering topic configs with a \
                     bootstrap server)",
                )
                .with_hint(
                    "streamctl stream topic edit -path /stream -topic NAME -timestamptype TYPE",
                ))
            }
            // Before Kafka 3.0 the tool changed configs too, through ZooKeeper.
            Task::Alter
                if self.partitions.is_none()
                    && self.config.is_empty()
                    && self.delete_config.is_empty() =>
            {
                Err(missing("partitions", "kafka-topics --alter --topic NAME --partitions 6"))
            }
            _ => Ok(()),
        }
    }

    fn has(&self, option: &str) -> bool {
        match option {
            "config" => !self.config.is_empty(),
            "delete-config" => !self.delete_config.is_empty(),
            "partitions" => self.partitions.is_some(),
            "replication-factor" => self.replication_factor.is_some(),
            "replica-assignment" => self.replica_assignment.is_some(),
            "topic-id" => self.topic_id.is_some(),
            "under-replicated-partitions" => self.under_replicated_partitions,
            "unavailable-partitions" => self.unavailable_partitions,
            "under-min-isr-partitions" => self.under_min_isr_partitions,
            "at-min-isr-partitions" => self.at_min_isr_partitions,
            "topics-with-overrides" => self.topics_with_overrides,
            "if-exists" => self.if_exists,
            "if-not-exists" => self.if_not_exists,
            "exclude-internal" => self.exclude_internal,
            _ => unreachable!("`{option}` is in no table"),
        }
    }
}

fn conflict(option: &str, other: &str) -> Failure {
    Failure::usage(format!("Option \"[{option}]\" can't be used with option \"[{other}]\""))
        .with_hint(format!("leave out --{option} or --{other}"))
}
