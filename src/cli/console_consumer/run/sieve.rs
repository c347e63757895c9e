//! Everything between a record that was read and its line that is not printing: filters, counting,
//! and waiting until the record is due. A plain run has no sieve.

use std::ops::ControlFlow;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use crate::cli::console_consumer::filter::Filter;
use crate::cli::failure::Failure;
use crate::cli::interrupts::Interrupts;
use crate::cli::pace::Pacer;
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
pub(super) struct Surroundings<'s, 'g> {
    pub(super) interrupts: &'s Interrupts,
    /// When `--within` is over.
    pub(super) deadline: Option<Instant>,
    /// Standard output, if it is a pipe.
    pub(super) output: Option<BorrowedFd<'s>>,
    pub(super) group: Option<&'s mut Grouped<'g>>,
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
        around: &mut Surroundings<'_, '_>,
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
                if !keeps {
                    return ControlFlow::Continue(());
                }
                printer.print(delivered)?;
                printer.commit_each(&delivered, &mut around.group)
            });
        }
        consumer.read(now, |delivered| {
            if !keeps(&delivered) {
                return ControlFlow::Continue(());
            }
            if *counts_only { printer.count() } else { printer.print(delivered) }?;
            printer.commit_each(&delivered, &mut around.group)
        })
    }

    /// Returns why a wait was broken off, if one was.
    pub(super) fn take_halt(&mut self) -> Option<Halt> {
        let pacing = self.pacing.as_mut()?;
        let halt = pacing.halted.take()?;
        pacing.is_cut = matches!(halt, Halt::Ended(_));
        Some(halt)
    }

    /// Returns how far was read, if that is less than the consumer says: a wait was broken off.
    pub(super) fn positions(&self) -> Option<Vec<Position>> {
        Some(self.pacing.as_ref().filter(|pacing| pacing.is_cut)?.positions().collect())
    }
}

/// Why a wait between two records was broken off.
#[derive(Debug)]
pub(super) enum Halt {
    /// The run is over.
    Ended(Result<Why, Failure>),
    /// The group asks for something first; so far was printed.
    GroupChanged(Vec<Position>),
}

/// How long a wait goes on without a look at the group.
const GROUP_LOOK: Duration = Duration::from_millis(50);

/// Waiting between records.
#[derive(Debug)]
struct Pacing {
    pacer: Pacer,
    began: Instant,
    /// How far each partition is: as before the read that runs, and then with every
    /// record that passed.
    reached: Vec<Position>,
    /// A wait was broken off: the record that the consumer handed out last was not printed.
    is_cut: bool,
    /// Why it was.
    halted: Option<Halt>,
}

impl Pacing {
    fn new(pacer: Pacer) -> Self {
        Self { pacer, began: Instant::now(), reached: Vec::new(), is_cut: false, halted: None }
    }

    /// Remembers where a read begins, for it may take long.
    fn begin(&mut self, consumer: &Consumer) {
        self.reached.clear();
        self.reached.extend(consumer.positions());
    }

    /// Remembers that a record counts as read.
    fn passed(&mut self, delivered: &Delivered<'_>) {
        let place = (delivered.topic.object().id, delivered.partition);
        let is_its_own = |at: &&mut Position| (at.topic_id, at.partition) == place;
        if let Some(at) = self.reached.iter_mut().find(is_its_own) {
            at.offset = delivered.record.offset + 1;
            at.epoch = delivered.leader_epoch;
        }
    }

    fn positions(&self) -> impl Iterator<Item = Position> {
        self.reached.iter().copied()
    }

    /// Waits until a record is due, everything before it being with the kernel meanwhile.
    #[inline(never)]
    fn wait(
        &mut self,
        delivered: &Delivered<'_>,
        printer: &mut Printer<'_>,
        around: &mut Surroundings<'_, '_>,
    ) -> ControlFlow<()> {
        let wait = self.pacer.wait(delivered.record.timestamp, self.began.elapsed());
        if wait.is_zero() {
            return ControlFlow::Continue(());
        }
        // None: a time that nobody lives to see.
        let due = Instant::now().checked_add(wait);
        let halt = match self.wait_until(due, printer, around) {
            Ok(None) => return ControlFlow::Continue(()),
            Ok(Some(halt)) => halt,
            Err(failure) => Halt::Ended(Err(failure)),
        };
        self.is_cut = true;
        self.halted = Some(halt);
        ControlFlow::Break(())
    }

    fn wait_until(
        &self,
        due: Option<Instant>,
        printer: &mut Printer<'_>,
        around: &mut Surroundings<'_, '_>,
    ) -> Result<Option<Halt>, Failure> {
        printer.flush()?;
        if let Some(group) = &mut around.group {
            group.flushed(self.positions());
            group.waits();
        }
        let ended = |why| Ok(Some(Halt::Ended(Ok(why))));
        loop {
            if let Some(exit) = around.interrupts.asked() {
                return ended(Why::Signal(exit));
            }
            let now = Instant::now();
            if around.deadline.is_some_and(|deadline| deadline <= now) {
                return ended(Why::Late);
            }
            if due.is_some_and(|due| due <= now) {
                if let Some(group) = &around.group {
                    group.polled();
                }
                return Ok(None);
            }
            if around.group.as_ref().is_some_and(|group| group.has_changed()) {
                return Ok(Some(Halt::GroupChanged(self.positions().collect())));
            }
            if let Some(group) = around.group.as_mut().filter(|group| group.is_due()) {
                group.commit()?;
            }
            let commit = around.group.as_ref().and_then(|group| group.due_in());
            let ends = due.into_iter().chain(around.deadline).map(|end| end - now);
            let look = around.group.as_ref().map(|_| GROUP_LOOK);
            let timeout = ends.chain(commit).chain(look).min();
            if is_closed_within(timeout, around.interrupts.as_fd(), around.output) {
                return Err(Failure::closed_pipe());
            }
        }
    }
}
