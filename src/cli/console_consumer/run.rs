//! The consumer's run, from the first record to the total.

mod fault;
mod grouped;
mod logged;
mod output;
mod watch_output;

use std::io;
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use crate::cli::failure::{Exit, Failure};
use crate::cli::interrupts::Interrupts;
use crate::cli::place::Place;
use crate::cli::session::Session;
use crate::cli::terminal::cannot_write;
use crate::consume::{
    ConsumeError, Consumer, ConsumerConfig, Delivered, OnDamage, Progress, Start, Until, Woken,
};
use crate::time::Clock;

use super::arguments::Options;
use super::format::Appearance;
use super::formatter::{Formatter, Stamp};
use super::formatter_class::FormatterClass;
use fault::Fault;
use grouped::Grouped;
use output::Output;

/// Runs the consumer.
pub(crate) fn run(options: &Options, session: &mut Session) -> Result<Exit, Failure> {
    let interrupts = Interrupts::catch()?;
    let (stream, topic) = options.destination.to_read(session)?;
    let ttl_s = stream.attributes()?.ttl_s;
    let mut group = match &options.group {
        Some(group) => Some(Grouped::join(group, &stream, &topic, session)?),
        None => None,
    };
    let on_damage = match &group {
        Some(_) if !options.skip_corrupt => OnDamage::Stop,
        _ => OnDamage::StepOver,
    };
    let config = ConsumerConfig {
        on_damage,
        partition: options.partition,
        start: start(options.from),
        until: options.until.map(until),
        read_bytes: options.read_bytes,
        committed_only: options.committed_only,
        ttl_ms: i64::try_from(ttl_s).ok().filter(|s| *s > 0).map(|s| s.saturating_mul(1000)),
    };
    let mut consumer = match &group {
        Some(group) => Consumer::starting(topic, config, |partition| group.start(partition)),
        None => Consumer::new(topic, config),
    }
    .map_err(failure_of)?;
    if let Some(group) = &mut group {
        group.flushed(consumer.positions());
    }
    let waker = consumer.waker().map_err(failure_of)?;
    let end = waker.signal_end().map_err(|error| {
        Failure::new(Exit::Failed, anyhow::Error::new(error).context("cannot catch signals"))
    })?;
    interrupts.also_wake(end)?;
    let mut printer = Printer::new(options, session)?;
    let mut loop_ = Loop {
        consumer,
        clock: session.environment.clock.as_ref(),
        interrupts: &interrupts,
        silence_max: options.silence_max,
        until_time: match options.until {
            Some(Place::Time(time)) => Some(time.0),
            _ => None,
        },
        session,
        group: group.as_mut(),
        damaged: false,
    };
    printer.appearance.begin(printer.output.buffer());
    let outcome = loop_.run(&mut printer);
    let (damaged, positions) = (loop_.damaged, loop_.consumer.positions().collect::<Vec<_>>());
    let (printed, fault) = (printer.printed, printer.fault);
    let flushed = printer.output.close();
    let left = group.map(|mut group| {
        // A lock that was waited for in vain is not waited for again.
        let in_vain = |failure: &Failure| matches!(failure.exit, Exit::NotFound | Exit::Busy);
        let is_gone = outcome.as_ref().is_err_and(in_vain);
        if flushed.is_ok() && (fault.is_some() || !printer_failed(&outcome)) {
            let before = |at| fault.as_ref().map_or(at, |fault| fault.before(at));
            group.flushed(positions.into_iter().map(before));
        }
        group.leave(is_gone)
    });
    // Kafka's last line, whatever ended the run.
    session.terminal.note(&format!("Processed a total of {printed} messages"));
    if options.systest_events && flushed.is_ok() {
        session.terminal.write(b"shutdown_complete\n")?;
    }
    let exit = outcome?;
    flushed.map_err(cannot_write)?;
    left.transpose()?;
    if damaged && exit == Exit::Done { Ok(Exit::Damaged) } else { Ok(exit) }
}

fn start(place: Place) -> Start {
    match place {
        Place::Beginning => Start::Beginning,
        Place::End => Start::End,
        Place::Offset(offset) => Start::Offset(offset),
        Place::BeforeEnd(count) => Start::BeforeEnd(count),
        Place::Time(time) => Start::Time(time.0),
    }
}

fn until(place: Place) -> Until {
    match place {
        Place::Beginning => Until::Beginning,
        Place::End => Until::End,
        Place::Offset(offset) => Until::Offset(offset),
        Place::BeforeEnd(count) => Until::BeforeEnd(count),
        Place::Time(time) => Until::Time(time.0),
    }
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
fn printer_failed(outcome: &Result<Exit, Failure>) -> bool {
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
    error: Option<io::Error>,
    skips_faults: bool,
    /// The record that could not be printed, if that ends the run.
    fault: Option<Fault>,
    session: &'s Session,
}

impl<'s> Printer<'s> {
    fn new(options: &'s Options, session: &'s Session) -> Result<Self, Failure> {
        let records_max = options.records_max.unwrap_or(u64::MAX);
        let at_once = options.records_at_once.unwrap_or(u64::MAX);
        let left = records_max.min(at_once);
        let topic = options.destination.target.to_string();
        let is_terminal = session.terminal.output_is_terminal;
        let appearance = Appearance::new(&options.format, topic, is_terminal);
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
            skips_faults: options.skip_message_on_error,
            fault: None,
            session,
        })
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
        if self.output.is_full()
            && let Err(error) = self.output.push()
        {
            self.error = Some(error);
            return ControlFlow::Break(());
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
        match self.output.flush() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(())
            }
        }
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
                let fault = Fault { partition: delivered.partition, offset: record.offset, error };
                if !self.skips_faults {
                    self.fault = Some(fault);
                    return ControlFlow::Break(());
                }
                let name = &self.session.name;
                self.session.terminal.note(&format!("{name}: {}", fault.skipped()));
            }
        }
        ControlFlow::Continue(())
    }
}

/// Reads, prints, waits.
struct Loop<'s> {
    consumer: Consumer,
    clock: &'s dyn Clock,
    interrupts: &'s Interrupts,
    silence_max: Option<Duration>,
    /// When reading is to end, if that is a time. Milliseconds since 1970.
    until_time: Option<i64>,
    session: &'s Session,
    group: Option<&'s mut Grouped>,
    damaged: bool,
}

impl Loop<'_> {
    fn run(&mut self, printer: &mut Printer<'_>) -> Result<Exit, Failure> {
        if printer.left == 0 {
            return Ok(Exit::Done);
        }
        let stdout = io::stdout();
        let mut output = Some(stdout.as_fd()).filter(|fd| watch_output::can_close(*fd));
        let mut last_record = Instant::now();
        loop {
            if let Some(exit) = self.interrupts.asked() {
                return Ok(exit);
            }
            let printed = printer.printed;
            let now = self.clock.now().0;
            let read = self.consumer.read(now, |delivered| printer.print(delivered));
            self.tell();
            if let Some(error) = printer.error.take() {
                return Err(cannot_write(error));
            }
            if let Some(fault) = &printer.fault {
                return Err(fault.failure());
            }
            let progress = read.map_err(failure_of)?;
            if printer.printed > printed && self.silence_max.is_some() {
                last_record = Instant::now();
            }
            self.commit_if_due(printer)?;
            match progress {
                Progress::Done | Progress::Stopped => return Ok(Exit::Done),
                Progress::Some => continue,
                Progress::CaughtUp => {}
            }
            printer.output.flush().map_err(cannot_write)?;
            if let Some(group) = &mut self.group {
                group.flushed(self.consumer.positions());
            }
            let left = self.silence_max.map(|max| max.saturating_sub(last_record.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(Exit::Done);
            }
            let due = self.group.as_ref().and_then(|group| group.due_in());
            let timeout = left.into_iter().chain(self.time_left(now)).chain(due).min();
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

    /// Commits what was printed if it is time to, once it is with the kernel.
    fn commit_if_due(&mut self, printer: &mut Printer<'_>) -> Result<(), Failure> {
        let Some(group) = self.group.as_mut().filter(|group| group.is_due()) else {
            return Ok(());
        };
        printer.output.flush().map_err(cannot_write)?;
        group.flushed(self.consumer.positions());
        group.commit()
    }

    /// How long until the time at which reading is to end.
    fn time_left(&self, now: i64) -> Option<Duration> {
        let ms = u64::try_from(self.until_time?.saturating_sub(now)).unwrap_or(0);
        Some(Duration::from_millis(ms.max(1)))
    }

    /// Says what was not delivered as asked.
    fn tell(&mut self) {
        for notice in self.consumer.take_notices() {
            self.damaged |= notice.is_damage();
            self.session.terminal.note(&format!("{}: {notice}", self.session.name));
        }
    }
}
