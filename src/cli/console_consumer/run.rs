//! The consumer's run, from the first record to the total.

mod bar;
mod closing;
mod fault;
mod grouped;
mod logged;
mod opened;
mod output;
mod sieve;

use std::io;
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use crate::cli::failure::{Exit, Failure};
use crate::cli::interrupts::Interrupts;
use crate::cli::place::Place;
use crate::cli::session::Session;
use crate::cli::terminal::cannot_write;
use crate::cli::watch_output;
use crate::consume::{
    ConsumeError, Consumer, Delivered, OnDamage, Position, Progress, Start, Woken,
};
use crate::group::Proof;
use crate::store::{StoreError, Stream};
use crate::time::Clock;

use super::arguments::Options;
use super::explain::Silence;
use super::filter::Filter;
use super::format::Appearance;
use super::formatter::{Formatter, Stamp};
use super::formatter_class::FormatterClass;
use bar::Bar;
use closing::{Counts, Why, unmet};
use fault::Fault;
use grouped::Grouped;
use opened::Begun;
use output::Output;
use sieve::{Halt, Sieve, Surroundings};

pub(super) use closing::counted;

/// Runs the consumer; `filter` says which records are printed.
pub(crate) fn run(
    options: &Options,
    filter: Option<Filter>,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let interrupts = Interrupts::catch()?;
    let Begun { mut consumer, ttl_ms, member } = Begun::of(options, session)?;
    let watching = &options.watching;
    let waker = consumer.waker().map_err(failure_of)?;
    let session = &*session;
    let mut group = match member {
        Some((group, stream, wanted)) => {
            let what = (&stream, wanted);
            Some(Grouped::join(group, what, &mut consumer, waker.clone(), session)?)
        }
        None => None,
    };
    let end = waker.signal_end().map_err(|error| {
        Failure::new(Exit::Failed, anyhow::Error::new(error).context("cannot catch signals"))
    })?;
    interrupts.also_wake(end)?;
    let is_heard = session.terminal.error_is_terminal && !watching.quiet;
    let silence = is_heard.then(|| Silence::new(&consumer, ttl_ms));
    let bar = Bar::new(options, &mut consumer, session).map_err(failure_of)?;
    let mut printer = Printer::new(options, session)?;
    if let Some(group) = &group {
        printer.proves(group.proof());
    }
    let within = watching.within.as_ref().map(|(within, _)| *within);
    let mut loop_ = Loop {
        consumer,
        clock: session.environment.clock.as_ref(),
        interrupts: &interrupts,
        options,
        until_time: match options.until {
            Some(Place::Time(time)) => Some(time.0),
            _ => None,
        },
        deadline: within.and_then(|within| Instant::now().checked_add(within)),
        session,
        group: group.as_mut(),
        sieve: Sieve::new(filter, options.count, watching.pacer),
        silence,
        bar,
        damaged: false,
        skipped: 0,
    };
    if !options.count {
        printer.appearance.begin(printer.output.buffer());
    }
    let outcome = loop_.run(&mut printer);
    // Nothing is told next to a bar.
    loop_.bar = None;
    let (damaged, positions) = (loop_.damaged, loop_.positions());
    loop_.skipped += printer.skipped;
    let mut counts = loop_.counts(printer.printed);
    let fault = printer.fault.take();
    if options.count && outcome.is_ok() {
        let count = format!("{}\n", counts.printed);
        printer.output.buffer().extend_from_slice(count.as_bytes());
    }
    let flushed = printer.close();
    if (flushed.is_err() || printer_failed(&outcome)) && !options.count && fault.is_none() {
        // What did not get out is not told as printed.
        counts.printed = printer.output.written();
    }
    let left = group.map(|mut group| {
        if flushed.is_ok() && (fault.is_some() || !printer_failed(&outcome)) {
            let before = |at| fault.as_ref().map_or(at, |fault| fault.before(at));
            group.flushed(positions.into_iter().map(before));
        }
        group.leave(outcome.as_ref().err().map(|failure| failure.exit))
    });
    tell_total(&counts, &outcome, options, session);
    if options.systest_events && flushed.is_ok() {
        session.terminal.write(b"shutdown_complete\n")?;
    }
    let why = outcome?;
    flushed?;
    left.transpose()?;
    let exit = if damaged { Exit::Damaged } else { Exit::Done };
    if let Some(mut failure) = unmet(watching, counts.printed, why) {
        failure.exit = exit.max(failure.exit);
        return Err(failure);
    }
    Ok(if why.exit() == Exit::Done { exit } else { why.exit() })
}

/// Prints Kafka's last line, whatever ended the run, and ours if it has more to say.
fn tell_total(
    counts: &Counts,
    outcome: &Result<Why, Failure>,
    options: &Options,
    session: &Session,
) {
    let watching = &options.watching;
    if watching.quiet {
        return;
    }
    session.terminal.note(&format!("Processed a total of {} messages", counts.printed));
    let asked = watching.summary || watching.expect.is_some() || options.filters;
    if asked || counts.skipped > 0 {
        let summary = counts.summary(outcome, watching);
        session.terminal.note(&format!("{}: {summary}", session.name));
    }
}

/// Returns for how long records of a stream are visible; `None` is for ever. Milliseconds.
pub(super) fn ttl_ms(stream: &Stream) -> Result<Option<i64>, StoreError> {
    let ttl_s = stream.attributes()?.ttl_s;
    Ok(i64::try_from(ttl_s).ok().filter(|s| *s > 0).map(|s| s.saturating_mul(1000)))
}

fn failure_of(error: ConsumeError) -> Failure {
    match error {
        ConsumeError::Read(error) => error.into(),
        ConsumeError::Gone { .. } => Failure::new(Exit::NotFound, anyhow::Error::new(error)),
        ConsumeError::Damaged(_) => Failure::new(Exit::Damaged, anyhow::Error::new(error))
            .with_hint("streamctl store check (or go on behind it: --skip-corrupt)"),
        error => Failure::new(Exit::Failed, anyhow::Error::new(error)),
    }
}

/// True if the run ended because standard output could not be written: what was not flushed before
/// may never have arrived.
fn printer_failed(outcome: &Result<Why, Failure>) -> bool {
    outcome.as_ref().is_err_and(|failure| matches!(failure.exit, Exit::Done | Exit::Failed))
}

/// Prints records as they come.
struct Printer<'s> {
    output: Output,
    formatter: &'s Formatter,
    class: FormatterClass,
    is_plain: bool,
    appearance: Appearance,
    /// How many records may still be printed before [`Printer::hand_on`].
    left: u64,
    /// How many may be printed after that.
    beyond: u64,
    /// How many at a time.
    at_once: u64,
    printed: u64,
    error: Option<Failure>,
    /// Asks whether this process may still print what it read for its group.
    proof: Option<Proof>,
    skips_faults: bool,
    /// Records that could not be printed and were passed over.
    skipped: u64,
    /// The record that could not be printed, if that ends the run.
    fault: Option<Fault>,
    session: &'s Session,
}

impl<'s> Printer<'s> {
    fn new(options: &'s Options, session: &'s Session) -> Result<Self, Failure> {
        let records_max = options.records_max.unwrap_or(u64::MAX);
        let at_once = options.records_at_once.unwrap_or(u64::MAX);
        let left = records_max.min(at_once);
        let appearance = Appearance::new(&options.format, session.terminal.output_is_terminal);
        Ok(Self {
            output: Output::new(session.terminal.writer()?),
            formatter: &options.formatter,
            class: options.class,
            is_plain: options.class == FormatterClass::Default
                && options.formatter.is_plain()
                && appearance.is_kafkas(),
            appearance,
            left,
            beyond: records_max - left,
            at_once,
            printed: 0,
            error: None,
            proof: None,
            skips_faults: match options.watching.on_damage {
                Some(on_damage) => on_damage == OnDamage::StepOver,
                None => options.skip_message_on_error,
            },
            skipped: 0,
            fault: None,
            session,
        })
    }

    /// Has each write ask whether this process may still print what it read for its group.
    fn proves(&mut self, proof: Proof) {
        self.proof = Some(proof.clone());
        self.output.ask(move || proof.verify().is_ok());
    }

    #[inline(always)]
    fn print(&mut self, delivered: Delivered<'_>) -> ControlFlow<()> {
        let record = delivered.record;
        self.printed += 1;
        if self.is_plain {
            self.formatter.write_value(record.value, self.output.buffer());
        } else {
            self.print_columns(delivered)?;
        }
        self.left -= 1;
        if self.output.is_full() {
            self.push()?;
        }
        if self.left == 0 { self.hand_on() } else { ControlFlow::Continue(()) }
    }

    /// Lets everything go out once so many records were collected as there may be at once.
    #[cold]
    #[inline(never)]
    fn hand_on(&mut self) -> ControlFlow<()> {
        if self.beyond == 0 {
            return ControlFlow::Break(());
        }
        self.left = self.beyond.min(self.at_once);
        self.beyond -= self.left;
        let flushed = self.flush();
        self.go_on(flushed)
    }

    /// Lets a full buffer go out.
    #[cold]
    #[inline(never)]
    fn push(&mut self) -> ControlFlow<()> {
        let pushed = self.output.push(self.printed).or_else(|error| self.not_written(error));
        self.go_on(pushed)
    }

    /// Returns when everything is with the kernel.
    fn flush(&mut self) -> Result<(), Failure> {
        self.output.flush(self.printed).or_else(|error| self.not_written(error))
    }

    /// Lets what is left go out, if it may.
    fn close(&mut self) -> Result<(), Failure> {
        self.output.close(self.printed).or_else(|error| self.not_written(error))
    }

    /// Says why something was not written: it could not be, or another process took over what this
    /// one read, and nothing more of it is printed.
    fn not_written(&mut self, error: io::Error) -> Result<(), Failure> {
        match self.proof.as_ref().map(Proof::verify) {
            Some(Err(error)) => {
                self.output.discard();
                Err(grouped::failure_of(error))
            }
            Some(Ok(())) | None => Err(cannot_write(error)),
        }
    }

    fn go_on(&mut self, outcome: Result<(), Failure>) -> ControlFlow<()> {
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.error = Some(failure);
                ControlFlow::Break(())
            }
        }
    }

    /// Commits a record that was just printed, if each is committed by itself.
    fn commit_each(
        &mut self,
        delivered: &Delivered<'_>,
        group: &mut Option<&mut Grouped<'_>>,
    ) -> ControlFlow<()> {
        let Some(group) = group.as_mut().filter(|group| group.commits_each()) else {
            return ControlFlow::Continue(());
        };
        let committed = self.flush().and_then(|()| group.commit_record(delivered));
        self.go_on(committed)
    }

    /// Lets a record count as printed.
    fn count(&mut self) -> ControlFlow<()> {
        self.printed += 1;
        self.left -= 1;
        if self.left == 0 { self.hand_on() } else { ControlFlow::Continue(()) }
    }

    #[inline(never)]
    fn print_columns(&mut self, delivered: Delivered<'_>) -> ControlFlow<()> {
        if self.class == FormatterClass::NoOp {
            return ControlFlow::Continue(());
        }
        let record = delivered.record;
        match self.appearance.write(delivered, self.formatter, self.output.buffer()) {
            Ok(()) if self.class == FormatterClass::Logging => {
                let stamp = Stamp::of(record.timestamp, delivered.timestamp_type);
                logged::log(self.session, stamp, record.key, record.value);
            }
            Ok(()) => {}
            Err(error) => {
                let topic_id = delivered.topic.object().id;
                let (partition, offset) = (delivered.partition, record.offset);
                let fault = Fault { topic_id, partition, offset, error };
                if !self.skips_faults {
                    self.fault = Some(fault);
                    return ControlFlow::Break(());
                }
                self.skipped += 1;
                let name = &self.session.name;
                self.session.terminal.note(&format!("{name}: {}", fault.skipped()));
            }
        }
        ControlFlow::Continue(())
    }
}

/// Reads, prints, waits.
struct Loop<'s, 'g> {
    consumer: Consumer,
    clock: &'s dyn Clock,
    interrupts: &'s Interrupts,
    options: &'s Options,
    /// When reading is to end, if that is a time. Milliseconds since 1970.
    until_time: Option<i64>,
    /// When `--within` is over.
    deadline: Option<Instant>,
    session: &'s Session,
    group: Option<&'s mut Grouped<'g>>,
    sieve: Option<Sieve>,
    /// Until something was printed, or it was explained why not.
    silence: Option<Silence>,
    bar: Option<Bar>,
    damaged: bool,
    /// Offsets that were stepped over as damaged.
    skipped: u64,
}

impl Loop<'_, '_> {
    fn run(&mut self, printer: &mut Printer<'_>) -> Result<Why, Failure> {
        if printer.left == 0 {
            return Ok(Why::Limit);
        }
        let silence_max = self.options.silence_max;
        let stdout = io::stdout();
        let mut output = Some(stdout.as_fd()).filter(|fd| watch_output::can_close(*fd));
        let mut last_record = Instant::now();
        let commits_each = self.group.as_ref().is_some_and(|group| group.commits_each());
        loop {
            if let Some(exit) = self.interrupts.asked() {
                return Ok(Why::Signal(exit));
            }
            if let Some(group) = &mut self.group {
                group.attend(&mut self.consumer, printer)?;
            }
            let printed = printer.printed;
            let now = self.clock.now().0;
            let read = match &mut self.sieve {
                None if commits_each => self.consumer.read(now, |delivered| {
                    printer.print(delivered)?;
                    printer.commit_each(&delivered, &mut self.group)
                }),
                None => self.consumer.read(now, |delivered| printer.print(delivered)),
                Some(sieve) => {
                    let mut around = Surroundings {
                        interrupts: self.interrupts,
                        deadline: self.deadline,
                        output,
                        group: self.group.as_deref_mut(),
                    };
                    sieve.read(&mut self.consumer, now, printer, &mut around)
                }
            };
            self.tell();
            if let Some(halt) = self.sieve.as_mut().and_then(Sieve::take_halt) {
                match halt {
                    Halt::Ended(outcome) => return outcome,
                    Halt::GroupChanged(positions) => {
                        self.reread(&positions)?;
                        continue;
                    }
                }
            }
            if let Some(error) = printer.error.take() {
                return Err(error);
            }
            if let Some(fault) = &printer.fault {
                return Err(fault.failure());
            }
            let progress = read.map_err(failure_of)?;
            if printer.printed > printed && silence_max.is_some() {
                last_record = Instant::now();
            }
            self.commit_if_due(printer)?;
            if let Some(bar) = &mut self.bar {
                bar.update(&self.consumer, printer.printed);
            }
            self.explain_silence(printer.printed, progress);
            match progress {
                // Others have not let go of its share yet.
                Progress::Done if self.group.as_ref().is_some_and(|group| !group.is_settled()) => {}
                Progress::Done => return Ok(Why::End),
                Progress::Stopped => return Ok(Why::Limit),
                _ if self.deadline.is_some_and(|end| end <= Instant::now()) => {
                    return Ok(Why::Late);
                }
                Progress::Some => continue,
                Progress::CaughtUp => {}
            }
            printer.flush()?;
            if let Some(group) = &mut self.group {
                group.flushed(self.consumer.positions());
                group.waits();
            }
            let left = silence_max.map(|max| max.saturating_sub(last_record.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(Why::Silence);
            }
            let timeout = left.into_iter().chain(self.time_left(now)).min();
            match self.consumer.wait(output, timeout).map_err(failure_of)? {
                Woken::Changed | Woken::Signal => {}
                Woken::TimedOut => self.consumer.look_at_the_time(),
                Woken::Other => match output {
                    Some(fd) if watch_output::is_closed(fd) => {
                        return Err(Failure::closed_pipe());
                    }
                    _ => output = None,
                },
            }
        }
    }

    /// Reads on from where printing was broken off.
    fn reread(&mut self, positions: &[Position]) -> Result<(), Failure> {
        for at in positions {
            let topic = self.consumer.topic(at.topic).refreshed()?;
            self.consumer.revoke(topic.object().id, at.partition);
            let start = Start::Offset(at.offset);
            self.consumer.assign(&topic, at.partition, start).map_err(failure_of)?;
        }
        Ok(())
    }

    /// Commits what was printed if it is time to, once it is with the kernel.
    fn commit_if_due(&mut self, printer: &mut Printer<'_>) -> Result<(), Failure> {
        let Some(group) = self.group.as_mut().filter(|group| group.is_due()) else {
            return Ok(());
        };
        printer.flush()?;
        group.flushed(self.consumer.positions());
        group.commit()
    }

    /// How long until there is something to do although nothing comes: the time at which reading
    /// is to end, a commit, an explanation.
    fn time_left(&self, now: i64) -> Option<Duration> {
        let until = self.until_time.map(|until| {
            let ms = u64::try_from(until.saturating_sub(now)).unwrap_or(0);
            Duration::from_millis(ms.max(1))
        });
        let commit = self.group.as_ref().and_then(|group| group.due_in());
        let late = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let silence = self.silence.as_ref().map(Silence::left);
        until.into_iter().chain(commit).chain(late).chain(silence).min()
    }

    /// Says why nothing was printed, once, when that has lasted.
    fn explain_silence(&mut self, printed: u64, progress: Progress) {
        if self.silence.is_none() {
            return;
        }
        let filtered = self.sieve.as_ref().map_or(0, |sieve| sieve.filtered);
        let can_tell = filtered > 0 || progress == Progress::CaughtUp;
        let is_time = |silence: &mut Silence| printed > 0 || silence.left().is_zero() && can_tell;
        let Some(mut silence) = self.silence.take_if(is_time).filter(|_| printed == 0) else {
            return;
        };
        if self.group.is_some() {
            silence.look_again(&self.consumer);
        }
        // What cannot be read here is told where it stops the reading.
        let reason = silence.reason(self.options, filtered, self.session);
        if let Some(reason) = reason.ok().filter(|reason| !reason.is_empty()) {
            self.note(&format!("nothing printed yet: {reason}"));
        }
    }

    /// How far was read, to be committed.
    fn positions(&self) -> Vec<Position> {
        let cut = self.sieve.as_ref().and_then(Sieve::positions);
        cut.unwrap_or_else(|| self.consumer.positions().collect())
    }

    fn counts(&self, printed: u64) -> Counts {
        let sieve = self.sieve.as_ref();
        let (not_json, failed) = sieve.map_or((0, 0), Sieve::doubts);
        Counts {
            printed,
            filtered: sieve.map_or(0, |sieve| sieve.filtered),
            not_json,
            failed,
            expired: self.consumer.expired(),
            skipped: self.skipped,
        }
    }

    fn note(&self, text: &str) {
        let note = || self.session.terminal.note(&format!("{}: {text}", self.session.name));
        match &self.bar {
            Some(bar) => bar.aside(note),
            None => note(),
        }
    }

    /// Says what was not delivered as asked.
    fn tell(&mut self) {
        for notice in self.consumer.take_notices() {
            self.damaged |= notice.is_damage();
            self.skipped += notice.skipped();
            self.note(&notice.to_string());
        }
        for news in self.consumer.take_topic_news() {
            self.note(&news.to_string());
        }
    }
}
