//! The consumer's run, from the first record to the total.

mod grouped;
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
use super::formatter::Formatter;
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
        ttl_ms: i64::try_from(ttl_s).ok().filter(|s| *s > 0).map(|s| s.saturating_mul(1000)),
        ..ConsumerConfig::default()
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
    let topic = options.destination.target.to_string();
    let appearance = Appearance::new(&options.format, topic, session.terminal.output_is_terminal);
    let mut printer = Printer {
        output: Output::new(session.terminal.writer()?),
        formatter: &options.formatter,
        is_plain: options.formatter.is_plain() && appearance.is_kafkas(),
        appearance,
        left: options.records_max.unwrap_or(u64::MAX),
        printed: 0,
        error: None,
    };
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
    let printed = printer.printed;
    let flushed = printer.output.close();
    let left = group.map(|mut group| {
        // A lock that was waited for in vain is not waited for again.
        let in_vain = |failure: &Failure| matches!(failure.exit, Exit::NotFound | Exit::Busy);
        let is_gone = outcome.as_ref().is_err_and(in_vain);
        if flushed.is_ok() && !printer_failed(&outcome) {
            group.flushed(positions.into_iter());
        }
        group.leave(is_gone)
    });
    // Kafka's last line, whatever ended the run.
    session.terminal.note(&format!("Processed a total of {printed} messages"));
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
    is_plain: bool,
    appearance: Appearance,
    /// How many records may still be printed.
    left: u64,
    printed: u64,
    error: Option<io::Error>,
}

impl Printer<'_> {
    #[inline(always)]
    fn print(&mut self, delivered: Delivered<'_>) -> ControlFlow<()> {
        let record = delivered.record;
        if self.is_plain {
            self.formatter.write_value(record.value, self.output.buffer());
        } else {
            self.print_columns(delivered);
        }
        self.printed += 1;
        self.left -= 1;
        if self.output.is_full()
            && let Err(error) = self.output.push()
        {
            self.error = Some(error);
            return ControlFlow::Break(());
        }
        if self.left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    #[inline(never)]
    fn print_columns(&mut self, delivered: Delivered<'_>) {
        self.appearance.write(delivered, self.formatter, self.output.buffer());
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
