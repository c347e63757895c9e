//! Walking every file of a stream, or of the whole store, and saying what is wrong with it.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::catalog::TopicRow;
use crate::fs::{Dir, Directory, Kind};
use crate::log::{CheckSummary, LogError, PartitionLog};
use crate::path::StreamPath;

use super::error::StoreError;
use super::generation::number_in;
use super::home::{Home, is_closed};
use super::layout::{
    CURSORS, GATE_LOCK, MEMBERS, META, ONLY_PARTITION, STORE_DIR, TMP, TOPICS, TRASH, is_missing,
    is_stream, open_dir_if_any, partition_of, topic_dir_name,
};
use super::permit::owner_of;
use super::stream::{Shared, Stream};

/// One thing worth telling about a file of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file or directory.
    pub file: PathBuf,
    /// Where in it. Bytes.
    pub byte: u64,
    /// The offset concerned, if there is one.
    pub offset: Option<i64>,
    /// What is the matter, in words.
    pub reason: String,
    /// Stored data is damaged; otherwise this is only worth knowing.
    pub damaged: bool,
}

/// What a check went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckTotals {
    /// Streams.
    pub streams: u64,
    /// Topics.
    pub topics: u64,
    /// Partition logs, those of `meta` and `cursors` included.
    pub partitions: u64,
    /// Segments.
    pub segments: u64,
    /// Whole batches.
    pub batches: u64,
    /// Records in them.
    pub records: u64,
    /// Bytes of whole batches.
    pub bytes: u64,
    /// Findings that are damage.
    pub damaged: u64,
    /// Findings that are only worth knowing.
    pub noted: u64,
}

/// A check under way.
struct Check<'c> {
    totals: CheckTotals,
    report: &'c mut dyn FnMut(Finding),
}

impl Home {
    /// Reads every file of a stream, or of the whole store, and reports what is wrong or left
    /// over. Takes no lock and changes nothing but what can be computed: it may compute the index
    /// again, and it seals closed segments that are whole and have no seal yet.
    ///
    /// # Errors
    /// Only what keeps it from going on; damage is reported, not returned.
    pub fn check(
        &self,
        stream: Option<&StreamPath>,
        report: &mut dyn FnMut(Finding),
    ) -> Result<CheckTotals, StoreError> {
        let mut check = Check { totals: CheckTotals::default(), report };
        if let Some(path) = stream {
            check.stream(self, path)?;
            return Ok(check.totals);
        }
        let Some(root) = self.root()? else { return Ok(check.totals) };
        check.directory(self, root.as_ref(), "")?;
        check.own_dirs(root.as_ref())?;
        Ok(check.totals)
    }
}

impl Check<'_> {
    fn tell(&mut self, finding: Finding) {
        if finding.damaged {
            self.totals.damaged += 1;
        } else {
            self.totals.noted += 1;
        }
        (self.report)(finding);
    }

    fn note(&mut self, file: PathBuf, reason: &str) {
        let reason = reason.to_owned();
        self.tell(Finding { file, byte: 0, offset: None, reason, damaged: false });
    }

    fn damage(&mut self, file: PathBuf, reason: String) {
        self.tell(Finding { file, byte: 0, offset: None, reason, damaged: true });
    }

    /// Everything in a directory that is not a stream.
    fn directory(
        &mut self,
        home: &Home,
        dir: &dyn Directory,
        prefix: &str,
    ) -> Result<(), StoreError> {
        let mut entries = dir.list()?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        for entry in entries {
            let file = dir.path().join(&entry.name);
            let text = entry.name.to_str();
            if prefix.is_empty() && text == Some(STORE_DIR) {
                continue;
            }
            let Some(text) = text else {
                self.note(file, "a name that is not UTF-8: no stream can be reached through it");
                continue;
            };
            if entry.kind != Kind::Directory {
                self.note(file, "not a file of a store");
                continue;
            }
            let inside = match open_dir_if_any(dir, &entry.name) {
                Ok(Some(inside)) => inside,
                Ok(None) => continue,
                Err(error) if is_closed(&error) => {
                    let owner = owner_of(dir, &entry.name, home);
                    self.note(file, &format!("not looked into: the files of {owner} are closed"));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let path = format!("{prefix}/{text}");
            if !is_stream(inside.as_ref())? {
                self.directory(home, inside.as_ref(), &path)?;
                continue;
            }
            match StreamPath::parse(&path) {
                Ok(path) => self.stream(home, &path)?,
                Err(error) => self.note(file, &format!("a stream that cannot be named: {error}")),
            }
        }
        Ok(())
    }

    fn own_dirs(&mut self, root: &dyn Directory) -> Result<(), StoreError> {
        let Some(own) = open_dir_if_any(root, OsStr::new(STORE_DIR))? else { return Ok(()) };
        for (name, reason) in [
            (TMP, "a stream that was being made"),
            (TRASH, "a deleted stream that was not removed yet"),
        ] {
            let Some(dir) = open_dir_if_any(own.as_ref(), OsStr::new(name))? else { continue };
            for entry in dir.list()? {
                self.note(dir.path().join(&entry.name), reason);
            }
        }
        Ok(())
    }

    fn stream(&mut self, home: &Home, path: &StreamPath) -> Result<(), StoreError> {
        self.totals.streams += 1;
        let stream = match home.stream(path) {
            Ok(stream) => stream,
            Err(
                error @ (StoreError::Damaged { .. }
                | StoreError::NotAStore { .. }
                | StoreError::Log(LogError::NoSegment { .. } | LogError::Gone { .. })),
            ) => {
                let file =
                    path.components().fold(home.path().to_path_buf(), |file, name| file.join(name));
                self.damage(file, error.to_string());
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let shared = stream.shared();
        let meta = shared.catalogue().meta().log().clone();
        for log in [meta, shared.cursors_log()] {
            self.log(&log)?;
        }
        self.stream_names(shared)?;
        self.topics(&stream)
    }

    /// Whether every name in a stream's directory is one that belongs there.
    fn stream_names(&mut self, shared: &Shared) -> Result<(), StoreError> {
        for entry in shared.dir.list()? {
            let text = entry.name.to_string_lossy();
            let expected = match text.as_ref() {
                GATE_LOCK => Kind::File,
                META | CURSORS | MEMBERS | TRASH | TOPICS => Kind::Directory,
                _ if number_in(&entry.name).is_some() => Kind::File,
                _ => Kind::Other,
            };
            if entry.kind == expected && expected != Kind::Other {
                continue;
            }
            let reason = if text.starts_with(".tmp-") {
                "a temporary file of a program that died"
            } else {
                "not a file of a stream"
            };
            self.note(shared.dir.path().join(&entry.name), reason);
        }
        for parent in [&shared.meta_parent, &shared.cursors_parent] {
            for entry in parent.list()? {
                if entry.name != OsStr::new(ONLY_PARTITION) {
                    self.note(parent.path().join(&entry.name), "not a file of a stream");
                }
            }
        }
        for entry in shared.trash.list()? {
            let file = shared.trash.path().join(&entry.name);
            self.note(file, "a deleted topic that was not removed yet");
        }
        Ok(())
    }

    fn topics(&mut self, stream: &Stream) -> Result<(), StoreError> {
        let shared = stream.shared();
        let (rows, settled, newest) = {
            let mut catalogue = shared.catalogue();
            let epoch = catalogue.epoch(None)?.map(|row| row.epoch);
            let settled = epoch.map_or(Ok(false), |epoch| shared.is_here(&epoch))?;
            let newest = catalogue.position()?.map(|end| end.next_offset - 1);
            // From the log, not from what an index says of it.
            (catalogue.doubted_topics()?, settled, newest)
        };
        self.totals.topics += rows.len() as u64;
        let mut known: HashMap<OsString, TopicRow> =
            rows.into_iter().map(|row| (topic_dir_name(&row.topic), row)).collect();
        let mut entries = shared.topics.list()?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        for entry in entries {
            let file = shared.topics.path().join(&entry.name);
            let Some(row) = known.remove(&entry.name) else {
                self.note(file, "the catalogue knows of no such topic");
                continue;
            };
            let Some(dir) = open_dir_if_any(shared.topics.as_ref(), &entry.name)? else {
                continue;
            };
            self.topic(shared, &row, &dir)?;
        }
        let mut missing: Vec<(OsString, TopicRow)> = known.into_iter().collect();
        missing.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, row) in missing {
            // The newest topic's maker may have died before making it. After a restart any new
            // directory may be lost, until an append begins the next epoch and makes it again. In
            // an epoch that has begun, somebody removed it.
            self.tell(Finding {
                file: shared.topics.path().join(name),
                byte: 0,
                offset: None,
                reason: "the topic's directory is missing".to_owned(),
                damaged: settled && newest != Some(row.at.offset),
            });
        }
        Ok(())
    }

    fn topic(&mut self, shared: &Shared, row: &TopicRow, dir: &Dir) -> Result<(), StoreError> {
        let mut entries = dir.list()?;
        entries.sort_by_key(|entry| partition_of(&entry.name));
        for entry in entries {
            let file = dir.path().join(&entry.name);
            let number = partition_of(&entry.name).filter(|_| entry.kind == Kind::Directory);
            let Some(number) = number else {
                let reason = if entry.name.to_string_lossy().starts_with(".tmp-") {
                    "a partition that was being made"
                } else {
                    "not a file of a topic"
                };
                self.note(file, reason);
                continue;
            };
            if number >= row.topic.partitions {
                let reason = format!("the topic has only {} partitions", row.topic.partitions);
                self.note(file, &reason);
            }
            let Some(partition) = open_dir_if_any(dir.as_ref(), &entry.name)? else { continue };
            let log = shared.partition_log(partition, dir.clone());
            if log.frozen_by().is_ok_and(|mark| mark.is_some()) {
                let reason = "marked by a deletion that did not take place; \
                              the next append takes the mark away";
                self.note(log.dir().path().to_path_buf(), reason);
            }
            self.log(&log)?;
        }
        Ok(())
    }

    fn log(&mut self, log: &PartitionLog) -> Result<(), StoreError> {
        self.totals.partitions += 1;
        let mut findings = Vec::new();
        let outcome = log.check(&mut |finding| findings.push(finding));
        for finding in findings {
            self.tell(Finding {
                file: finding.file,
                byte: finding.position,
                offset: finding.offset,
                reason: finding.reason,
                damaged: finding.damaged,
            });
        }
        match outcome {
            Ok(summary) => {
                self.add(&summary);
                if summary.damaged == 0 {
                    seal_closed(log);
                }
            }
            // Deleted while it was being read.
            Err(LogError::Io(error)) if is_missing(&error) => {}
            Err(error @ (LogError::Gone { .. } | LogError::NoSegment { .. })) => {
                self.damage(log.dir().path().to_path_buf(), error.to_string());
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn add(&mut self, summary: &CheckSummary) {
        self.totals.segments += summary.segments;
        self.totals.batches += summary.batches;
        self.totals.records += summary.records;
        self.totals.bytes += summary.bytes;
    }
}

/// Seals closed segments that have no seal. A store that cannot be written goes without.
fn seal_closed(log: &PartitionLog) {
    for segment in log.segments().unwrap_or_default() {
        if log.seal(segment.base).is_err() {
            return;
        }
    }
}
