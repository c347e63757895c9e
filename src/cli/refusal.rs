//! What a refusal of the store means to the shell: exit status and what to do next.

use crate::log::LogError;
use crate::store::{StoreError, StoreErrorKind};

use super::failure::{Exit, Failure};

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let exit = match error.kind() {
            StoreErrorKind::NotFound => Exit::NotFound,
            StoreErrorKind::AlreadyExists => Exit::AlreadyExists,
            StoreErrorKind::NotPermitted => Exit::NotPermitted,
            StoreErrorKind::Damaged => Exit::Damaged,
            StoreErrorKind::Busy => Exit::Busy,
            StoreErrorKind::Fenced => Exit::Fenced,
            StoreErrorKind::Usage => Exit::Usage,
            StoreErrorKind::Failed => Exit::Failed,
        };
        let hint = hint(&error);
        let failure = match &error {
            StoreError::StreamNotFound { stream } => {
                Self::message(exit, format!("stream `{stream}` does not exist"))
            }
            StoreError::TopicNotFound { stream, topic } => {
                Self::message(exit, format!("topic `{topic}` does not exist in stream `{stream}`"))
            }
            _ => Self::new(exit, error),
        };
        Self { hint, ..failure }
    }
}

/// Turns an error of a command that cannot want what it names to be made: where it is not there,
/// the hint lists what is.
pub(super) fn absent(error: StoreError) -> Failure {
    let hint = match &error {
        StoreError::StreamNotFound { .. } => "streamctl stream list".to_owned(),
        StoreError::TopicNotFound { stream, .. } => {
            format!("streamctl stream topic list -path {stream}")
        }
        _ => return error.into(),
    };
    Failure::from(error).with_hint(hint)
}

/// Returns a command that would help, where there is one.
fn hint(error: &StoreError) -> Option<String> {
    Some(match error {
        StoreError::StreamNotFound { stream } => format!("streamctl stream create -path {stream}"),
        StoreError::TopicNotFound { stream, topic }
        | StoreError::AutocreateOff { stream, topic } => {
            format!("streamctl stream topic create -path {stream} -topic {topic}")
        }
        StoreError::PartitionNotFound { partitions: 1, .. } => "its only partition is 0".to_owned(),
        StoreError::PartitionNotFound { partitions, .. } => {
            format!("choose a partition from 0 to {}", partitions.saturating_sub(1))
        }
        StoreError::InsideStream { stream, .. } => {
            format!("streamctl stream topic create -path {stream} -topic NAME")
        }
        StoreError::Denied { stream, denied } => match denied.grant(stream) {
            Some(command) => command,
            None => format!("nobody can grant it: {} has adminperm", denied.who_can_grant()),
        },
        StoreError::Closed { owner, .. } => {
            format!("{owner} can make a stream that lets you in; see stream-store(5), Modes")
        }
        StoreError::NotRemovable { directory, .. } => format!("ls -ld {}", directory.display()),
        StoreError::NewerFormat { .. } => "use the version of streampath that wrote it".to_owned(),
        StoreError::NetworkFileSystem { .. } => {
            "export STREAMPATH_HOME=/a/local/directory (or, if only this machine uses the store, \
             STREAMPATH_ALLOW_NETWORK=1)"
                .to_owned()
        }
        StoreError::NotAStore { .. } => {
            "move it away, or export STREAMPATH_HOME=/another/directory".to_owned()
        }
        StoreError::ReadOnly { .. } | StoreError::Log(LogError::SyncFailed { .. }) => {
            "streamctl store check --repair".to_owned()
        }
        StoreError::Damaged { .. } => "streamctl store check".to_owned(),
        StoreError::Busy { pid: Some(pid), .. } => {
            format!("try again, or see what process {pid} does")
        }
        StoreError::Busy { pid: None, .. } => "try again".to_owned(),
        _ => return None,
    })
}
