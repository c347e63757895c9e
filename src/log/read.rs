//! Reading whole, checked batches in order, without a lock.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::fs::{Access, File, FileId};
use crate::record::{Batch, BatchHeader};

use super::error::LogError;
use super::options::Gaps;
use super::partition::PartitionLog;
use super::record_file::{RecoveryRecord, Slot};
use super::resync::{Found, Stretch, find, read_up_to};
use super::segment::{SegmentEntry, list};
use super::verdict::{Depth, Expect, Fault, Verdict, examine};

/// A run of whole batches, each checked, as they stand in one segment. Reused between reads.
#[derive(Debug, Default)]
pub struct BatchRun {
    bytes: Vec<u8>,
    len: usize,
    /// Base offset of the segment.
    pub segment_base: i64,
    /// Where the run starts in the segment. Bytes.
    pub position: u64,
    /// Base offset of the first batch.
    pub first_offset: i64,
    /// The offset after the last record.
    pub next_offset: i64,
}

impl BatchRun {
    /// The bytes of the batches, end to end.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The batches, in order.
    pub fn batches(&self) -> impl Iterator<Item = Batch<'_>> {
        let mut rest = self.bytes();
        std::iter::from_fn(move || {
            let batch = Batch::trusted(rest).ok()?;
            rest = rest.get(batch.bytes().len()..)?;
            Some(batch)
        })
    }
}

/// A stretch of the log that could not be read.
#[derive(Clone, Debug)]
pub struct Damage {
    /// The damaged file.
    pub file: PathBuf,
    /// Where the damage starts. Bytes.
    pub position: u64,
    /// How far it reaches. Bytes; 0 when only a header field is wrong or offsets are missing.
    pub length_bytes: u64,
    /// First offset that could not be delivered.
    pub from_offset: i64,
    /// The offset at which reading goes on.
    pub to_offset: i64,
    /// What is wrong.
    pub fault: Fault,
}

/// What a read found.
#[derive(Debug)]
pub enum Step {
    /// Batches were put into the run.
    Batches,
    /// Nothing more for now: wait for the log to change.
    End,
    /// Damage was stepped over; the next read goes on behind it.
    Damaged(Damage),
    /// Retention removed records before they were read; the next read goes on behind them.
    Trimmed {
        /// The offset that was to be read.
        from: i64,
        /// The offset at which reading goes on.
        to: i64,
    },
    /// The log is shorter than what was already read: it was repaired or replaced. The next read
    /// goes on at `to`.
    WentBack {
        /// The offset that was to be read.
        from: i64,
        /// Where the log ends now.
        to: i64,
    },
    /// The topic was deleted.
    Gone,
}

#[derive(Debug)]
struct Open {
    file: File,
    id: FileId,
    base: i64,
    position: u64,
}

/// Reads one partition forward. Any number of them, none of which ever waits for a writer.
#[derive(Debug)]
pub struct Reader {
    pub(super) log: PartitionLog,
    open: Option<Open>,
    /// The offset that continues the log.
    expected: i64,
    epoch: i32,
    /// Nothing was read yet, so the first batch may be of any offset at or above the start.
    fresh: bool,
}

enum Boundary {
    Again,
    Done(Step),
}

impl Reader {
    pub(super) fn new(log: PartitionLog) -> Self {
        Self { log, open: None, expected: 0, epoch: -1, fresh: true }
    }

    /// The log this reads.
    pub fn log(&self) -> &PartitionLog {
        &self.log
    }

    /// The offset of the next record.
    pub fn offset(&self) -> i64 {
        self.expected
    }

    /// Where the next batch starts in the segment being read. Bytes.
    pub fn position(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.position)
    }

    /// The segment file being read, to watch it for changes.
    pub fn segment_file(&self) -> Option<&File> {
        self.open.as_ref().map(|open| &open.file)
    }

    /// Puts the reader on a batch boundary.
    pub(super) fn place(
        &mut self,
        base: i64,
        position: u64,
        expect: Expect,
    ) -> Result<(), LogError> {
        let file = self.log.open_segment(base, Access::Read)?;
        let id = file.stat()?.id;
        self.open = Some(Open { file, id, base, position });
        self.expected = expect.offset;
        self.epoch = expect.epoch;
        self.fresh = false;
        Ok(())
    }

    /// Goes back to a batch of `run`, the last run this reader read: the one whose bytes start at
    /// byte `at` of it.
    pub fn unread(&mut self, run: &BatchRun, batch: &BatchHeader, at: usize) {
        let Some(open) = self.open.as_mut().filter(|open| open.base == run.segment_base) else {
            return;
        };
        open.position = run.position + at as u64;
        self.expected = batch.base_offset;
        self.epoch = batch.leader_epoch;
    }

    /// Reads up to `want_bytes` of whole batches into `run`; more only if a single batch needs it.
    ///
    /// # Errors
    ///
    /// The operating system's. The reader stays where it was.
    pub fn read(&mut self, run: &mut BatchRun, want_bytes: usize) -> Result<Step, LogError> {
        run.len = 0;
        loop {
            if self.open.is_none() && !self.open_first()? {
                return Ok(Step::End);
            }
            if self.fill(run, want_bytes)? {
                return Ok(Step::Batches);
            }
            match self.at_boundary(run)? {
                Boundary::Again => {}
                Boundary::Done(step) => return Ok(step),
            }
        }
    }

    fn open_first(&mut self) -> Result<bool, LogError> {
        let segments = match list(self.log.dir.as_ref()) {
            Ok(segments) => segments,
            Err(error) if error.source.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let first = segments.iter().find(|s| s.size_bytes > 0).or_else(|| segments.first());
        let Some(first) = first else { return Err(self.log.gone()) };
        if self.fresh {
            self.expected = first.base;
        }
        let expect = self.expect();
        match self.place(first.base, 0, Expect { offset: first.base, ..expect }) {
            Ok(()) => Ok(true),
            Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => Err(self.log.gone()),
            Err(error) => Err(error),
        }
    }

    fn expect(&self) -> Expect {
        Expect { offset: self.expected, epoch: self.epoch, gaps: self.log.options.gaps }
    }

    /// Reads from the position and keeps the whole batches. `false` if there is not even one.
    fn fill(&mut self, run: &mut BatchRun, want_bytes: usize) -> Result<bool, LogError> {
        let mut expect = self.expect();
        let Some(open) = self.open.as_mut() else { return Ok(false) };
        if run.bytes.len() < want_bytes {
            run.bytes.resize(want_bytes, 0);
        }
        let mut filled = open.file.read_at(&mut run.bytes[..want_bytes], open.position)?;
        let mut at = 0;
        while at < filled {
            match examine(&run.bytes[at..filled], u64::MAX, expect, Depth::WithCrc) {
                Verdict::Whole(header) => {
                    at += header.total_bytes();
                    expect = expect.after(&header);
                }
                Verdict::Short { needed_bytes } if at == 0 && filled < needed_bytes => {
                    if run.bytes.len() < needed_bytes {
                        // A length that the file does not have is not worth the memory.
                        let size_bytes = open.file.size_bytes()?;
                        if open.position.saturating_add(needed_bytes as u64) > size_bytes {
                            break;
                        }
                        run.bytes.resize(needed_bytes, 0);
                    }
                    let more = read_up_to(
                        open.file.as_ref(),
                        &mut run.bytes[filled..needed_bytes],
                        open.position + filled as u64,
                    )?;
                    if more == 0 {
                        break;
                    }
                    filled += more;
                }
                Verdict::Short { .. } | Verdict::Invalid(_) => break,
            }
        }
        if at == 0 {
            return Ok(false);
        }
        run.len = at;
        run.segment_base = open.base;
        run.position = open.position;
        run.next_offset = expect.offset;
        let first = run.batches().next().map(|batch| batch.header().base_offset);
        run.first_offset = first.unwrap_or(self.expected);
        open.position += at as u64;
        self.expected = expect.offset;
        self.epoch = expect.epoch;
        Ok(true)
    }

    /// Nothing whole at the position: is it the end, the next segment, or damage?
    fn at_boundary(&mut self, run: &mut BatchRun) -> Result<Boundary, LogError> {
        let Some(open) = self.open.as_ref() else { return Ok(Boundary::Again) };
        let (file, base, id, position) = (open.file.clone(), open.base, open.id, open.position);
        let segments = match list(self.log.dir.as_ref()) {
            Ok(segments) => segments,
            Err(error) if error.source.kind() == ErrorKind::NotFound => {
                return Ok(Boundary::Done(Step::Gone));
            }
            Err(error) => return Err(error.into()),
        };
        let successor = segments.iter().find(|s| s.base > base && s.size_bytes > 0).copied();
        let record = self.recovery_record()?;
        let known = known_end(&record, self.log.boot, base, id, file.size_bytes()?);
        if successor.is_none() && known.is_none_or(|slot| position >= slot.position) {
            return self.at_end(&segments, &file, id, position);
        }
        // What is here is known to be over: judge it by reading it once more.
        let Some(fault) = self.look_again(run, &file, position)? else {
            return Ok(Boundary::Again);
        };
        match successor {
            Some(successor) => self.leave_segment(&file, position, successor, &segments, fault),
            None => match known {
                Some(slot) => {
                    self.step_over(&file, position, (slot.position, slot.next_offset), fault, None)
                }
                None => Ok(Boundary::Done(Step::End)),
            },
        }
    }

    fn recovery_record(&self) -> Result<RecoveryRecord, LogError> {
        match self.log.open_lock_file(Access::Read) {
            Ok(lock_file) => Ok(RecoveryRecord::read(lock_file.as_ref())?),
            Err(LogError::Gone { .. }) => Ok(RecoveryRecord::default()),
            Err(error) => Err(error),
        }
    }

    /// The active segment has nothing more. Is it still the one in the directory?
    fn at_end(
        &mut self,
        segments: &[SegmentEntry],
        file: &File,
        id: FileId,
        position: u64,
    ) -> Result<Boundary, LogError> {
        let stat = file.stat()?;
        if stat.links > 0 && stat.size_bytes >= position {
            return Ok(Boundary::Done(Step::End));
        }
        let Some(current) = segments.iter().rfind(|segment| segment.base <= self.expected) else {
            return Ok(Boundary::Done(Step::Gone));
        };
        if current.id == id && stat.size_bytes >= position {
            return Ok(Boundary::Done(Step::End));
        }
        let end = match self.log.end() {
            Ok(end) => end,
            Err(LogError::Gone { .. }) => return Ok(Boundary::Done(Step::Gone)),
            Err(error) => return Err(error),
        };
        let from = self.expected;
        self.seek(from.min(end.next_offset), None)?;
        if end.next_offset < from {
            return Ok(Boundary::Done(Step::WentBack { from, to: end.next_offset }));
        }
        Ok(Boundary::Again)
    }

    /// Reads the batch at the position again. `None` if it is whole now, else what is wrong.
    fn look_again(
        &self,
        run: &mut BatchRun,
        file: &File,
        position: u64,
    ) -> Result<Option<Fault>, LogError> {
        let size_bytes = file.size_bytes()?;
        let remaining_bytes = size_bytes.saturating_sub(position);
        if remaining_bytes == 0 {
            return Ok(Some(Fault::Missing { from: self.expected, to: self.expected }));
        }
        loop {
            let filled = read_up_to(file.as_ref(), &mut run.bytes, position)?;
            let verdict =
                examine(&run.bytes[..filled], remaining_bytes, self.expect(), Depth::WithCrc);
            match verdict {
                Verdict::Whole(_) => return Ok(None),
                Verdict::Short { needed_bytes } if needed_bytes > run.bytes.len() => {
                    run.bytes.resize(needed_bytes, 0);
                }
                Verdict::Short { needed_bytes } => {
                    return Ok(Some(Fault::Truncated {
                        needed_bytes: needed_bytes as u64,
                        have_bytes: filled as u64,
                    }));
                }
                Verdict::Invalid(fault) => return Ok(Some(fault)),
            }
        }
    }

    /// The segment is closed and its successor's name is its end.
    fn leave_segment(
        &mut self,
        file: &File,
        position: u64,
        successor: SegmentEntry,
        segments: &[SegmentEntry],
        fault: Fault,
    ) -> Result<Boundary, LogError> {
        let size_bytes = file.size_bytes()?;
        if position < size_bytes {
            let limit = (size_bytes, successor.base);
            return self.step_over(file, position, limit, fault, Some(successor));
        }
        let from = self.expected;
        let complete = match self.log.options.gaps {
            Gaps::Contiguous => from == successor.base,
            Gaps::Rising => from <= successor.base,
        };
        self.enter(successor)?;
        if complete {
            return Ok(Boundary::Again);
        }
        let to = successor.base;
        // Whole segments missing in front of the lowest one: retention was faster than the reader.
        if segments.first().is_some_and(|first| first.base > from) {
            return Ok(Boundary::Done(Step::Trimmed { from, to }));
        }
        Ok(Boundary::Done(Step::Damaged(Damage {
            file: file.path().to_path_buf(),
            position,
            length_bytes: 0,
            from_offset: from,
            to_offset: to,
            fault: Fault::Missing { from, to },
        })))
    }

    fn enter(&mut self, successor: SegmentEntry) -> Result<(), LogError> {
        let expect = Expect { offset: successor.base, ..self.expect() };
        self.place(successor.base, 0, expect)
    }

    /// Goes to the next good batch below `limit` (a position and the offset there), or to the
    /// limit itself, and says what was left out.
    fn step_over(
        &mut self,
        file: &File,
        position: u64,
        (limit, limit_offset): (u64, i64),
        fault: Fault,
        successor: Option<SegmentEntry>,
    ) -> Result<Boundary, LogError> {
        let from = self.expected;
        let mut damage = Damage {
            file: file.path().to_path_buf(),
            position,
            length_bytes: 0,
            from_offset: from,
            to_offset: from,
            fault,
        };
        // Only the epoch is wrong: the records are whole. Say so, and deliver them.
        if let Fault::Epoch { found, .. } = damage.fault {
            self.epoch = found;
            return Ok(Boundary::Done(Step::Damaged(damage)));
        }
        let stretch = Stretch { position, limit, offset: from, offset_limit: limit_offset };
        let found = find(file.as_ref(), stretch)?;
        let to = match found {
            Some(Found { position: to, base_offset, epoch }) => {
                if let Some(open) = self.open.as_mut() {
                    open.position = to;
                }
                self.expected = base_offset;
                self.epoch = self.epoch.min(epoch);
                to
            }
            None => {
                match (successor, self.open.as_mut()) {
                    (Some(successor), _) => self.enter(successor)?,
                    (None, Some(open)) => open.position = limit,
                    (None, None) => {}
                }
                self.expected = limit_offset;
                limit
            }
        };
        damage.length_bytes = to - position;
        damage.to_offset = self.expected;
        Ok(Boundary::Done(Step::Damaged(damage)))
    }
}

/// The highest end that a slot proves for this segment.
fn known_end(
    record: &RecoveryRecord,
    boot: Option<[u8; 16]>,
    base: i64,
    id: FileId,
    size_bytes: u64,
) -> Option<Slot> {
    let names =
        |slot: &Slot| slot.base == base && slot.segment == id && slot.position <= size_bytes;
    let tail = record.tail.filter(|slot| boot == Some(slot.boot) && names(slot));
    let durable = record.durable.filter(names);
    match (tail, durable) {
        (Some(tail), Some(durable)) if durable.position > tail.position => Some(durable),
        (Some(tail), _) => Some(tail),
        (None, durable) => durable,
    }
}
