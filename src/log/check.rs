//! Verifying every byte of one partition, without changing any of it.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::fs::Kind;

use super::error::LogError;
use super::partition::{APPEND_LOCK, PartitionLog};
use super::read::{BatchRun, Damage, Step};
use super::record_file::RecoveryRecord;
use super::seal::Surveyed;
use super::segment::{LOG_SUFFIX, SEAL_SUFFIX, SegmentEntry, base_in_name};

const READ_BYTES: usize = 1 << 20;

/// One thing worth telling about a partition's files.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// Where in it. Bytes.
    pub position: u64,
    /// The offset concerned, if there is one.
    pub offset: Option<i64>,
    /// What is the matter, in words.
    pub reason: String,
    /// Stored data is damaged; otherwise this is only worth knowing.
    pub damaged: bool,
}

/// What a check went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckSummary {
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
}

impl PartitionLog {
    /// Reads every batch, compares closed segments with their seals, and reports what is wrong
    /// or left over. Changes nothing and takes no lock.
    ///
    /// # Errors
    ///
    /// Only what keeps it from going on; damage is reported, not returned.
    pub fn check(&self, report: &mut dyn FnMut(Finding)) -> Result<CheckSummary, LogError> {
        let mut summary = CheckSummary::default();
        let mut tell = |finding: Finding, summary: &mut CheckSummary| {
            summary.damaged += u64::from(finding.damaged);
            report(finding);
        };
        let segments = self.segments()?;
        summary.segments = segments.len() as u64;
        self.check_batches(&mut summary, &mut tell)?;
        let last = segments.iter().rfind(|segment| segment.size_bytes > 0).map(|s| s.base);
        for segment in &segments {
            if last.is_some_and(|last| segment.base < last) {
                self.check_seal(segment, &mut summary, &mut tell)?;
            }
        }
        self.check_names(&mut summary, &mut tell)?;
        Ok(summary)
    }

    fn check_batches(
        &self,
        summary: &mut CheckSummary,
        tell: &mut impl FnMut(Finding, &mut CheckSummary),
    ) -> Result<(), LogError> {
        let mut reader = self.reader();
        let mut run = BatchRun::default();
        loop {
            match reader.read(&mut run, READ_BYTES)? {
                Step::Batches => {
                    for batch in run.batches() {
                        summary.batches += 1;
                        summary.records += u64::try_from(batch.header().records_count).unwrap_or(0);
                    }
                    summary.bytes += run.bytes().len() as u64;
                }
                Step::Damaged(damage) => tell(from_damage(damage), summary),
                Step::Trimmed { .. } => {}
                Step::WentBack { .. } | Step::Gone => return Ok(()),
                Step::End => break,
            }
        }
        let Some(file) = reader.segment_file() else { return Ok(()) };
        let position = reader.position();
        let size_bytes = file.size_bytes()?;
        if size_bytes > position {
            tell(
                Finding {
                    file: file.path().to_path_buf(),
                    position,
                    offset: Some(reader.offset()),
                    reason: format!(
                        "{} bytes of an unfinished append; the next writer cuts them",
                        size_bytes - position
                    ),
                    damaged: false,
                },
                summary,
            );
        }
        Ok(())
    }

    fn check_seal(
        &self,
        segment: &SegmentEntry,
        summary: &mut CheckSummary,
        tell: &mut impl FnMut(Finding, &mut CheckSummary),
    ) -> Result<(), LogError> {
        let file = self.segment_file(segment.base)?.path().to_path_buf();
        let seal = match self.read_seal(segment.base) {
            Ok(Some(seal)) => seal,
            Ok(None) => return Ok(()),
            Err(error @ (LogError::Corrupt { .. } | LogError::NewerFormat { .. })) => {
                let reason = format!("the segment's seal cannot be used: {error}");
                tell(Finding { file, position: 0, offset: None, reason, damaged: true }, summary);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let Surveyed { seal: found, fault } = self.survey(segment.base)?;
        // A fault was reported by the pass over the batches already.
        if fault.is_none() && found != seal {
            tell(
                Finding {
                    file,
                    position: 0,
                    offset: Some(segment.base),
                    reason: "the batch headers are not those that were sealed".to_owned(),
                    damaged: true,
                },
                summary,
            );
        }
        Ok(())
    }

    fn check_names(
        &self,
        summary: &mut CheckSummary,
        tell: &mut impl FnMut(Finding, &mut CheckSummary),
    ) -> Result<(), LogError> {
        for entry in self.dir.list()? {
            let name = entry.name.as_os_str();
            let ours = name == OsStr::new(APPEND_LOCK)
                || base_in_name(name, LOG_SUFFIX).is_some()
                || base_in_name(name, SEAL_SUFFIX).is_some();
            if ours && entry.kind == Kind::File {
                continue;
            }
            let text = name.to_string_lossy();
            let reason = if text.contains(".cut-") {
                "bytes that were cut off the end of the log and kept"
            } else if text.starts_with(".tmp-") {
                "a temporary file of a program that died"
            } else {
                "not a file of a partition"
            };
            let file = self.dir.path().join(name);
            let reason = reason.to_owned();
            tell(Finding { file, position: 0, offset: None, reason, damaged: false }, summary);
        }
        let record = RecoveryRecord::read(self.open_lock_file(crate::fs::Access::Read)?.as_ref())?;
        if self.failed(&record) {
            tell(
                Finding {
                    file: self.dir.path().join(APPEND_LOCK),
                    position: 0,
                    offset: None,
                    reason: "a sync failed: nothing is acknowledged here until a repair".to_owned(),
                    damaged: true,
                },
                summary,
            );
        }
        Ok(())
    }
}

fn from_damage(damage: Damage) -> Finding {
    let mut reason = damage.fault.to_string();
    if damage.length_bytes > 0 {
        reason.push_str(&format!("; {} bytes are skipped", damage.length_bytes));
    }
    if damage.to_offset > damage.from_offset {
        reason.push_str(&format!(
            "; offsets {} up to {} cannot be read",
            damage.from_offset, damage.to_offset
        ));
    }
    Finding {
        file: damage.file,
        position: damage.position,
        offset: Some(damage.from_offset),
        reason,
        damaged: true,
    }
}
