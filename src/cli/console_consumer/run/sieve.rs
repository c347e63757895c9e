//! Everything between a record that was read and its line that is not printing: filters, counting,
//! and waiting until the record is due. A plain run has no sieve.

use std::ops::ControlFlow;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Instant;

use crate::catalog::ObjectId;

use crate::cli::console_consumer::filter::Filter;
use crate::cli::failure::Failure;
use crate::cli::interrupts::Interrupts;
use crate::cli::pace::Pacer;
use crate::cli::terminal::cannot_write;
use crate::cli::watch_output::is_closed_within;
use crate::consume::{ConsumeError, Consumer, Delivered, Position, Progress};

use super::Printer;
use super::closing::Why;
use super::grouped::Grouped;

/// What is done with records before they are printed.
#[derive(Debug)]
pub(super) struct Sieve {
    filter: Option<Filter>,
    /// Records are counted and not printed.
    counts_only: bool,
    pacing: Option<Pacing>,
    /// Records that the filter left out.
    pub(super) filtered: u64,
}

/// What a wait looks at besides the time.
pub(super) struct Surroundings<'s> {
    pub(super) interrupts: &'s Interrupts,
    /// When `--within` is over.
    pub(super) deadline: Option<Instant>,
    /// Standard output, if it is a pipe.
    pub(super) output: Option<BorrowedFd<'s>>,
    pub(super) group: Option<&'s mut Grouped>,
}

impl Sieve {
    /// Makes what the options ask for; `None` if records are only to be printed.
    pub(super) fn new(
        filter: Option<Filter>,
        counts_only: bool,
        pacer: Option<Pacer>,
    ) -> Option<Self> {
        let pacing = pacer.map(Pacing::new);
        let is_wanted = filter.is_some() || counts_only || pacing.is_some();
        is_wanted.then_some(Self { filter, counts_only, pacing, filtered: 0 })
    }

    /// Returns how many values were not JSON, and on how many an expression failed.
    pub(super) fn doubts(&self) -> (u64, u64) {
        self.filter.as_ref().map_or((0, 0), |filter| (filter.not_json, filter.failed))
    }

    /// Reads on, as [`Consumer::read`].
    pub(super) fn read(
        &mut self,
        consumer: &mut Consumer,
        now: i64,
        printer: &mut Printer<'_>,
        around: &mut Surroundings<'_>,
    ) -> Result<Progress, ConsumeError> {
        let Self { filter, counts_only, pacing, filtered } = self;
        let mut keeps = |delivered: &Delivered<'_>| {
            let keeps = filter.as_mut().is_none_or(|filter| filter.keeps(&delivered.record, now));
            *filtered += u64::from(!keeps);
            keeps
        };
        if let Some(pacing) = pacing {
            pacing.begin(consumer);
            return consumer.read(now, |delivered| {
                let keeps = keeps(&delivered);
                if keeps && pacing.wait(&delivered, printer, around).is_break() {
                    return ControlFlow::Break(());
                }
                pacing.passed(&delivered);
                if keeps { printer.print(delivered) } else { ControlFlow::Continue(()) }
            });
        }
        consumer.read(now, |delivered| {
            if !keeps(&delivered) {
                return ControlFlow::Continue(());
            }
            if *counts_only { printer.count() } else { printer.print(delivered) }
        })
    }

    /// Returns why a wait was broken off, if one was.
    pub(super) fn take_halt(&mut self) -> Option<Result<Why, Failure>> {
        self.pacing.as_mut()?.halted.take()
    }

    /// Returns how far was read, if that is less than the consumer says: a wait was broken off.
    pub(super) fn positions(&self) -> Option<Vec<Position>> {
        Some(self.pacing.as_ref().filter(|pacing| pacing.is_cut)?.positions().collect())
    }
}

/// Waiting between records.
#[derive(Debug)]
struct Pacing {
    pacer: Pacer,
    began: Instant,
    /// How far each partition is, of which topic: as before the read that runs, and then with every
    /// record that passed.
    reached: Vec<(ObjectId, Position)>,
    /// A wait was broken off: the record that the consumer handed out last was not printed.
    is_cut: bool,
    /// Why it was.
    halted: Option<Result<Why, Failure>>,
}

impl Pacing {
    fn new(pacer: Pacer) -> Self {
        Self { pacer, began: Instant::now(), reached: Vec::new(), is_cut: false, halted: None }
    }

    /// Remembers where a read begins, for it may take long.
    fn begin(&mut self, consumer: &Consumer) {
        self.reached.clear();
        let place = |at: Position| (consumer.topic(at.topic).object().id, at);
        self.reached.extend(consumer.positions().map(place));
    }

    /// Remembers that a record counts as read.
    fn passed(&mut self, delivered: &Delivered<'_>) {
        let topic = delivered.topic.object().id;
        let is_its_own = |(id, at): &&mut (ObjectId, Position)| {
            *id == topic && at.partition == delivered.partition
        };
        if let Some((_, at)) = self.reached.iter_mut().find(is_its_own) {
            at.offset = delivered.record.offset + 1;
            at.epoch = delivered.leader_epoch;
        }
    }

    fn positions(&self) -> impl Iterator<Item = Position> {
        self.reached.iter().map(|(_, at)| *at)
    }

    /// Waits until a record is due, everything before it being with the kernel meanwhile.
    #[inline(never)]
    fn wait(
        &mut self,
        delivered: &Delivered<'_>,
        printer: &mut Printer<'_>,
        around: &mut Surroundings<'_>,
    ) -> ControlFlow<()> {
        let wait = self.pacer.wait(delivered.record.timestamp, self.began.elapsed());
        if wait.is_zero() {
            return ControlFlow::Continue(());
        }
        // None: a time that nobody lives to see.
        let due = Instant::now().checked_add(wait);
        let halt = match self.wait_until(due, printer, around) {
            Ok(None) => return ControlFlow::Continue(()),
            Ok(Some(why)) => Ok(why),
            Err(failure) => Err(failure),
        };
        self.is_cut = true;
        self.halted = Some(halt);
        ControlFlow::Break(())
    }

    fn wait_until(
        &self,
        due: Option<Instant>,
        printer: &mut Printer<'_>,
        around: &mut Surroundings<'_>,
    ) -> Result<Option<Why>, Failure> {
        printer.flush().map_err(cannot_write)?;
        if let Some(group) = &mut around.group {
            group.flushed(self.positions());
        }
        loop {
            if let Some(exit) = around.interrupts.asked() {
                return Ok(Some(Why::Signal(exit)));
            }
            let now = Instant::now();
            if around.deadline.is_some_and(|deadline| deadline <= now) {
                return Ok(Some(Why::Late));
            }
            if due.is_some_and(|due| due <= now) {
                return Ok(None);
            }
            if let Some(group) = around.group.as_mut().filter(|group| group.is_due()) {
                group.commit()?;
            }
            let commit = around.group.as_ref().and_then(|group| group.due_in());
            let ends = due.into_iter().chain(around.deadline).map(|end| end - now);
            let timeout = ends.chain(commit).min();
            if is_closed_within(timeout, around.interrupts.as_fd(), around.output) {
                return Err(Failure::closed_pipe());
            }
        }
    }
}
