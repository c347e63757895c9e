//! `streamctl errors`: what the numbers and names of errors mean here, and what to do.

use clap::Args;

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;

/// Explain exit statuses, MapR's error ids and Kafka's error names
///
/// One table: the statuses that these programs end with, the ids in the messages of maprcli and in
/// MapR's envelope, and the errors of Kafka's clients with what stands for them here.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Explain only this number or name, such as 17 or OFFSET_OUT_OF_RANGE
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    code: Option<String>,

    #[command(flatten)]
    list: ListOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("kind", Meaning::Text),
    Column::new("code", Meaning::Count),
    Column::new("name", Meaning::Text),
    Column::new("meaning", Meaning::Text),
    Column::new("remedy", Meaning::Text),
];

/// What to do about each exit status that has a remedy.
const REMEDIES: &[(Exit, &str)] = &[
    (Exit::Failed, "read the message; it says what failed and where"),
    (Exit::Usage, "run the command with --help"),
    (Exit::NotFound, "streamctl stream list; streamctl stream topic list -path /stream"),
    (Exit::AlreadyExists, "choose another name, or delete what has it"),
    (
        Exit::NotPermitted,
        "the hint of the message grants it; else look at the mode and the owner of the files it names",
    ),
    (Exit::Damaged, "streamctl store check"),
    (Exit::Busy, "try again; the message names the process that holds the lock"),
    (Exit::Fenced, "end this program; another one has taken over"),
    (Exit::Bug, "report the message with the command"),
];

/// MapR's error ids: an errno where one fits. What they stand for here is an exit status.
const MAPR: &[(i32, &str, &str)] = &[
    (2, "ENOENT", "no such stream, topic or partition"),
    (4, "EINTR", "interrupted by a signal"),
    (5, "EIO", "stored data is damaged"),
    (13, "EACCES", "not permitted"),
    (16, "EBUSY", "another process held a lock for too long"),
    (17, "EEXIST", "what was to be made exists already"),
    (22, "EINVAL", "the command line was wrong"),
    (116, "ESTALE", "another process took over"),
    (10003, "operation failed", "failed, or an expected condition was not met"),
];

/// Kafka's errors: code, name, what it is here, what to do.
const KAFKA: &[(i32, &str, &str, &str)] = &[
    (
        1,
        "OFFSET_OUT_OF_RANGE",
        "the offset is behind the end of the partition; one before its start is moved there with a message",
        "streamctl stream topic info -path /stream -topic topic",
    ),
    (
        2,
        "CORRUPT_MESSAGE",
        "a batch is damaged; consumers report it, step over it and end with 7",
        "streamctl store check",
    ),
    (
        3,
        "UNKNOWN_TOPIC_OR_PARTITION",
        "no such topic or partition: exit 3",
        "streamctl stream topic create -path /stream -topic topic",
    ),
    (
        5,
        "LEADER_NOT_AVAILABLE",
        "does not happen: a stream has no leader and is there at once",
        "nothing",
    ),
    (
        7,
        "REQUEST_TIMED_OUT",
        "a lock was held for longer than the program waits: exit 8",
        "try again; the message names the process",
    ),
    (
        10,
        "MESSAGE_TOO_LARGE",
        "key, value and headers together pass the limit, 10,000,000 bytes",
        "make the message smaller",
    ),
    (
        17,
        "INVALID_TOPIC_EXCEPTION",
        "the name breaks a rule; the message says which: exit 2",
        "1 to 249 letters A-Z and a-z, digits, . _ and -",
    ),
    (
        29,
        "TOPIC_AUTHORIZATION_FAILED",
        "the files may not be read or written: exit 5",
        "the hint of the message grants it; else look at the mode and the owner of the files it names",
    ),
    (36, "TOPIC_ALREADY_EXISTS", "the topic is there: exit 4", "use it, or choose another name"),
    (
        37,
        "INVALID_PARTITIONS",
        "not 1 to 4096, or fewer than the topic has: exit 2",
        "partitions can only be added",
    ),
    (
        56,
        "KAFKA_STORAGE_ERROR",
        "the disk failed; after a failed sync nothing more is acknowledged",
        "streamctl store check --repair",
    ),
    (
        74,
        "FENCED_LEADER_EPOCH",
        "the log went back to an older state, as after a power cut; consumers say from where to where",
        "read on from where the message says",
    ),
];

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let mut rows = rows();
        if let Some(wanted) = &self.code {
            rows.retain(|row| is(wanted, row));
            if rows.is_empty() {
                let text = format!("no error has the number or name `{wanted}`");
                return Err(Failure::message(Exit::NotFound, text).with_hint("streamctl errors"));
            }
        }
        self.list.print(session, Listing { columns: COLUMNS, rows })
    }
}

/// Whether a row has this number or name.
fn is(wanted: &str, row: &[Cell]) -> bool {
    match (&row[1], &row[2]) {
        (Cell::Number(code), _) if wanted.parse() == Ok(*code) => true,
        (_, Cell::Text(name)) => name.eq_ignore_ascii_case(wanted),
        _ => false,
    }
}

fn rows() -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (exit, meaning) in Exit::ALL {
        let remedy = REMEDIES.iter().find(|(it, _)| *it == exit);
        rows.push(vec![
            "exit".into(),
            u32::from(exit.status()).into(),
            Cell::Absent,
            meaning.trim_end_matches('.').into(),
            remedy.map_or(Cell::Absent, |(_, remedy)| (*remedy).into()),
        ]);
    }
    for (id, name, meaning) in MAPR {
        let exits: Vec<String> = Exit::ALL
            .iter()
            .filter(|(exit, _)| exit.mapr_id() == *id)
            .map(|(exit, _)| exit.status().to_string())
            .collect();
        let remedy = format!("streamctl errors {}", exits.first().map_or("", String::as_str));
        rows.push(vec![
            "mapr".into(),
            i64::from(*id).into(),
            (*name).into(),
            format!("{meaning}: exit {}", exits.join(" or ")).into(),
            remedy.into(),
        ]);
    }
    for (code, name, meaning, remedy) in KAFKA {
        rows.push(vec![
            "kafka".into(),
            i64::from(*code).into(),
            (*name).into(),
            (*meaning).into(),
            (*remedy).into(),
        ]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Cell, Exit, MAPR, is, rows};

    #[test]
    fn every_id_that_can_be_printed_is_explained_and_no_other() {
        for (exit, _) in Exit::ALL {
            let known = MAPR.iter().any(|(id, ..)| *id == exit.mapr_id());
            assert_eq!(known, exit != Exit::Done, "{exit:?}");
        }
        for (id, ..) in MAPR {
            assert!(Exit::ALL.iter().any(|(exit, _)| exit.mapr_id() == *id), "{id}");
        }
    }

    #[test]
    fn a_number_or_a_name_finds_its_rows() {
        let rows = rows();
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        let found = |wanted: &str| rows.iter().filter(|row| is(wanted, row)).count();
        assert_eq!(found("17"), 2, "EEXIST and INVALID_TOPIC_EXCEPTION");
        assert_eq!(found("eexist"), 1);
        assert_eq!(found("OFFSET_OUT_OF_RANGE"), 1);
        assert_eq!(found("70"), 1);
        assert_eq!(found("71"), 0);
        assert!(rows.iter().all(|row| matches!(&row[3], Cell::Text(text) if !text.is_empty())));
    }
}
