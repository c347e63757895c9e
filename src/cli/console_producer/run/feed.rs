//! Standard input, or files, on their way to the producers.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cli::failure::{Exit, Failure};
use crate::cli::interrupts::Interrupts;
use crate::cli::on_error::OnError;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::produce::{Acks, ProducerConfig};

use super::super::arguments::Options;
use super::super::own_options::Source;
use super::Stop;
use super::acks::ReportState;
use super::input::{self, Ready};
use super::lines::{Fill, Lines};
use super::pacing::Pacing;
use super::send::{FileSender, JsonSender, LineSender, Refusal, line_name};
use super::tally::Tally;
use super::topics::Topics;

/// What a line may have besides key, value and headers: separators. Bytes.
const SEPARATORS_BYTES_MAX: usize = 1 << 20;
/// A line of JSON may need six bytes for one of the record's.
const JSON_BYTES_A_BYTE: usize = 6;

/// Input on its way to the producers.
pub(super) struct Feed<'s> {
    options: &'s Options,
    session: &'s Session,
    interrupts: &'s Interrupts,
    report: &'s ReportState,
    pub(super) topics: Topics<'s>,
    pub(super) tally: Tally,
    lines: Lines,
    line_bytes_max: usize,
    form: Form<'s>,
    /// Records are sent when they are due.
    pacing: Option<Pacing<'s>>,
    /// Every record is waited for.
    sync: bool,
    prompts: bool,
    /// Since when a record that was sent may wait for others.
    lingers_since: Option<Instant>,
}

/// What is done with a line.
enum Form<'s> {
    /// It is the value and nothing else.
    Plain,
    Lines(LineSender<'s>),
    Json(Box<JsonSender>),
    /// It is the path of a file, unless files were named.
    Files(FileSender<'s>, &'s [PathBuf]),
}

impl<'s> Feed<'s> {
    pub(super) fn new(
        options: &'s Options,
        session: &'s Session,
        topics: Topics<'s>,
        interrupts: &'s Interrupts,
        report: &'s ReportState,
    ) -> Self {
        let (reader, fixed) = (&options.reader, &options.fixed);
        let sync = options.sync && options.settings.acks != Acks::None;
        let clock = session.environment.clock.as_ref();
        let pacing =
            options.pacer.map(|pacer| Pacing::new(pacer, clock, interrupts, options.report_acks));
        let mut line_bytes_max = ProducerConfig::MESSAGE_BYTES_MAX_DEFAULT + SEPARATORS_BYTES_MAX;
        let form = match &options.source {
            Source::Lines
                if reader.is_plain() && fixed.is_nothing() && !sync && pacing.is_none() =>
            {
                Form::Plain
            }
            Source::Lines => Form::Lines(LineSender::new(reader, fixed)),
            Source::Json { repartition, restamp } => {
                line_bytes_max = ProducerConfig::MESSAGE_BYTES_MAX_DEFAULT * JSON_BYTES_A_BYTE
                    + SEPARATORS_BYTES_MAX;
                let has_topic = options.destination.is_some();
                Form::Json(Box::new(JsonSender::new(!repartition, !restamp, has_topic)))
            }
            Source::Files(files) => Form::Files(FileSender::new(fixed), files),
        };
        let lines = Lines::new(line_bytes_max);
        let terminal = &session.terminal;
        Self {
            lines: match &options.delimiter {
                Some(delimiter) => lines.with_delimiter(delimiter),
                None => lines,
            },
            options,
            session,
            interrupts,
            report,
            topics,
            tally: Tally::default(),
            line_bytes_max,
            form,
            pacing,
            sync,
            prompts: terminal.input_is_terminal && terminal.output_is_terminal,
            lingers_since: None,
        }
    }

    /// Sends everything, until the end or until something stops it.
    pub(super) fn run(&mut self) -> Stop {
        let outcome = match &self.form {
            Form::Files(_, files) if !files.is_empty() => self.send_named_files(),
            _ => self.read_all(),
        };
        outcome.err().unwrap_or(Stop::End)
    }

    /// Returns how much was read of a line that has not ended, if nothing but that is left.
    ///
    /// Whole lines are left where a record was waited for: they are as good as never read.
    pub(super) fn unfinished_bytes(&mut self) -> usize {
        if self.lines.next().is_some() { 0 } else { self.lines.unfinished_bytes() }
    }

    fn read_all(&mut self) -> Result<(), Stop> {
        let (stdin, stdout) = (io::stdin(), io::stdout());
        let input = stdin.as_fd();
        let output = self.options.report_acks.then(|| stdout.as_fd());
        let file_bytes = input::file_bytes(input);
        let mut progress =
            file_bytes.filter(|_| self.session.terminal.error_is_terminal).map(Progress::bytes);
        loop {
            self.send_lines()?;
            self.go_on()?;
            if file_bytes.is_none() {
                self.wait_for_input(input, output)?;
            }
            match self.lines.fill(input).map_err(unreadable)? {
                Ok(Fill::Some(bytes)) => {
                    if let Some(progress) = &mut progress {
                        progress.add(bytes);
                    }
                }
                // Who is interrupted with us ends our input, and that may come first.
                Ok(Fill::End) => {
                    return match self.interrupts.asked() {
                        Some(exit) => Err(Stop::Signal(exit)),
                        None => self.send_last_line(),
                    };
                }
                Err(too_long) => {
                    let limit = ProducerConfig::MESSAGE_BYTES_MAX_DEFAULT;
                    let failure = Failure::message(
                        Exit::Failed,
                        format!(
                            "line {} has more than {} bytes; the limit of a message is {limit}",
                            too_long.line_number, self.line_bytes_max
                        ),
                    );
                    self.refuse(&line_name(too_long.line_number), Refusal::Record(failure))?;
                    let interrupts = self.interrupts;
                    let is_enough = || interrupts.asked().is_some();
                    self.lines.pass_over(input, is_enough).map_err(unreadable)?;
                }
            }
        }
    }

    /// Asks whether anything but the input says that it is over.
    fn go_on(&self) -> Result<(), Stop> {
        if let Some(exit) = self.interrupts.asked() {
            return Err(Stop::Signal(exit));
        }
        if self.report.is_broken() { Err(Stop::OutputClosed) } else { Ok(()) }
    }

    /// Sends every whole line that is in the buffer.
    fn send_lines(&mut self) -> Result<(), Stop> {
        let before = self.lines.line_number();
        let now = self.session.environment.clock.now().0;
        if matches!(self.form, Form::Plain) {
            while let Some(refusal) = self.send_plain_lines(now) {
                self.refuse(&line_name(self.lines.line_number()), refusal)?;
            }
        } else {
            self.send_other_lines(now)?;
        }
        if self.lingers_since.is_none() && self.lines.line_number() > before {
            let lingers = !self.options.settings.linger.is_zero();
            self.lingers_since = lingers.then(Instant::now);
        }
        if self.lingers_since.is_some() && self.linger_left().is_zero() {
            self.flush()?;
        }
        Ok(())
    }

    /// Sends lines that are values, up to one that is refused.
    fn send_plain_lines(&mut self, now: i64) -> Option<Refusal> {
        let producer = self.topics.current();
        let lines = &mut self.lines;
        let mut failed = None;
        if lines.has_usual_ends() {
            while let Some(line) = lines.next_line() {
                if let Err(error) = producer.send_value(now, line) {
                    failed = Some(error);
                    break;
                }
            }
        } else {
            while let Some(line) = lines.next() {
                if let Err(error) = producer.send_value(now, line) {
                    failed = Some(error);
                    break;
                }
            }
        }
        failed.map(|error| Refusal::of(error, &line_name(lines.line_number())))
    }

    fn send_other_lines(&mut self, now: i64) -> Result<(), Stop> {
        loop {
            let line_number = self.lines.line_number() + 1;
            let Some(line) = self.lines.next() else { return Ok(()) };
            let (form, topics, pacing) = (&mut self.form, &mut self.topics, self.pacing.as_mut());
            let sent = send_line(form, topics, line, line_number, now, pacing);
            self.sent(line_number, sent)?;
        }
    }

    /// Goes on behind a line, sent or not, or stops there.
    fn sent(&mut self, line_number: u64, sent: Result<bool, Refusal>) -> Result<(), Stop> {
        match sent {
            Ok(true) if self.sync => {
                self.topics.current().wait().map_err(Stop::Producer)?;
                match self.interrupts.asked() {
                    Some(exit) => Err(Stop::Signal(exit)),
                    None => Ok(()),
                }
            }
            Ok(_) => Ok(()),
            Err(refusal) => self.refuse(&line_name(line_number), refusal),
        }
    }

    fn send_last_line(&mut self) -> Result<(), Stop> {
        let now = self.session.environment.clock.now().0;
        let line_number = self.lines.line_number() + 1;
        let Some(line) = self.lines.last_line() else { return Ok(()) };
        let (form, topics, pacing) = (&mut self.form, &mut self.topics, self.pacing.as_mut());
        let sent = send_line(form, topics, line, line_number, now, pacing);
        self.sent(line_number, sent)
    }

    fn send_named_files(&mut self) -> Result<(), Stop> {
        let Form::Files(_, files) = self.form else { return Ok(()) };
        for path in files {
            let now = match &mut self.pacing {
                Some(pacing) => pacing.wait(None, &mut self.topics)?,
                None => self.session.environment.clock.now().0,
            };
            let Form::Files(sender, _) = &mut self.form else { return Ok(()) };
            let sent = sender.send(self.topics.current(), path, now);
            match sent {
                Ok(()) if self.sync => self.topics.current().wait().map_err(Stop::Producer)?,
                Ok(()) => {}
                Err(refusal) => self.refuse(&path.display().to_string(), refusal)?,
            }
            self.go_on()?;
        }
        Ok(())
    }

    /// Counts a record that was not taken, and goes on if that is wanted and possible.
    fn refuse(&mut self, what: &str, refusal: Refusal) -> Result<(), Stop> {
        let failure = match refusal {
            Refusal::Producer(error) => return Err(Stop::Producer(error)),
            Refusal::Over(stop) => return Err(stop),
            Refusal::Record(failure) => failure,
        };
        if self.options.on_error == OnError::Skip {
            let told = self.tally.refuse(what, &failure).filter(|_| !self.options.quiet);
            if let Some(told) = told {
                self.session.terminal.note(&format!("{}: {told}", self.session.name));
            }
            return Ok(());
        }
        self.tally.stop_at(what);
        let next = self.lines.line_number() + 1;
        // A line that is too long has not been counted yet.
        let next = if what == line_name(next) { next + 1 } else { next };
        let from_lines = what == line_name(next - 1);
        let failure = match failure.hint {
            None if from_lines && self.lines.has_usual_ends() => failure.with_hint(format!(
                "what stands before it is sent; behind it: tail -n +{next} FILE"
            )),
            _ => failure,
        };
        Err(Stop::Input(failure))
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.lingers_since = None;
        self.topics.flush().map_err(Stop::Producer)
    }

    /// Returns how long the records that wait may go on waiting.
    fn linger_left(&self) -> Duration {
        let Some(since) = self.lingers_since else { return Duration::ZERO };
        self.options.settings.linger.saturating_sub(since.elapsed())
    }

    /// Lets what was sent go out if the input pauses, and waits for more.
    fn wait_for_input(
        &mut self,
        input: BorrowedFd<'_>,
        output: Option<BorrowedFd<'_>>,
    ) -> Result<(), Stop> {
        let mut pauses = false;
        let mut is_flushed = false;
        loop {
            let timeout = match (pauses, is_flushed) {
                (false, _) => Some(Duration::ZERO),
                (true, false) => Some(self.linger_left()),
                (true, true) => None,
            };
            match input::wait(input, self.interrupts, output, timeout).map_err(|error| {
                let error = anyhow::Error::new(error).context("cannot wait for standard input");
                Stop::Input(Failure::new(Exit::Failed, error))
            })? {
                Ready::Input => return Ok(()),
                Ready::OutputClosed => return Err(Stop::OutputClosed),
                Ready::Signal | Ready::Nothing => {
                    if let Some(exit) = self.interrupts.asked() {
                        return Err(Stop::Signal(exit));
                    }
                }
            }
            if !is_flushed && self.linger_left().is_zero() {
                self.flush()?;
                is_flushed = true;
            }
            if !pauses && self.prompts {
                self.session.terminal.prompt(">").map_err(Stop::Input)?;
            }
            pauses = true;
        }
    }
}

/// Sends a line; false if there was nothing in it to send.
fn send_line(
    form: &mut Form<'_>,
    topics: &mut Topics<'_>,
    line: &[u8],
    line_number: u64,
    mut now: i64,
    mut pacing: Option<&mut Pacing<'_>>,
) -> Result<bool, Refusal> {
    if let Some(pacing) = pacing.take_if(|_| !matches!(form, Form::Json(_))) {
        now = pacing.wait(None, topics).map_err(Refusal::Over)?;
    }
    match form {
        Form::Plain => {
            let sent = topics.current().send_value(now, line);
            sent.map_err(|error| Refusal::of(error, &line_name(line_number)))?;
        }
        Form::Lines(sender) => sender.send(topics.current(), line, line_number, now)?,
        Form::Json(sender) => {
            // As readers of JSON lines do: a file may end with an empty one.
            if line.trim_ascii().is_empty() {
                return Ok(false);
            }
            sender.send(topics, line, line_number, now, pacing)?;
        }
        Form::Files(sender, _) => {
            let path = Path::new(OsStr::from_bytes(line));
            sender.send(topics.current(), path, now)?;
        }
    }
    Ok(true)
}

fn unreadable(error: io::Error) -> Stop {
    let error = anyhow::Error::new(error).context("cannot read standard input");
    Stop::Input(Failure::new(Exit::Failed, error))
}
