//! The producer's run, from the first line to the last acknowledgement.

mod acks;
mod input;
mod lines;
mod progress;

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::time::Duration;

use crate::cli::failure::{Exit, Failure};
use crate::cli::interrupts::Interrupts;
use crate::cli::session::Session;
use crate::cli::terminal::cannot_write;
use crate::produce::{Acks, ProduceError, Producer, ProducerConfig, Totals};
use crate::record::{Compression, NewRecord};
use crate::time::Clock;

use super::arguments::{self, Codec, Options};
use super::line_reader::LineReader;
use acks::{ReportState, reporter};
use input::Ready;
use lines::{Fill, Lines};
use progress::Progress;

/// What a line may have besides key, value and headers: separators. Bytes.
const SEPARATORS_BYTES_MAX: usize = 1 << 20;

/// Runs the producer.
pub(crate) fn run(options: &Options, session: &mut Session) -> Result<Exit, Failure> {
    let interrupts = Interrupts::catch()?;
    let (stream, topic) = options.destination.to_write(session)?;
    let config = config(options, stream.attributes()?.compression);
    let report = Arc::new(ReportState::default());
    let clock = Arc::clone(&session.environment.clock);
    let listener = if options.report_acks {
        let output = session.terminal.writer()?;
        let topic = options.destination.target.to_string();
        Some(reporter(output, &topic, Arc::clone(&clock), Arc::clone(&report)))
    } else {
        None
    };
    let mut feed = Feed {
        producer: session.environment.seeded(|| Producer::new(stream, topic, config, listener)),
        lines: Lines::new(config.message_bytes_max + SEPARATORS_BYTES_MAX),
        clock: clock.as_ref(),
        reader: &options.reader,
        sync: options.sync && config.acks != Acks::None,
        interrupts: &interrupts,
        report: &report,
        session,
        prompts: session.terminal.input_is_terminal && session.terminal.output_is_terminal,
    };
    let stop = feed.run(options.report_acks);
    let unfinished_bytes = feed.lines.unfinished_bytes();
    let (totals, outcome) = feed.producer.finish();
    let stop = match (stop, interrupts.asked()) {
        (Stop::End, Some(exit)) => Stop::Signal(exit),
        (stop, _) => stop,
    };
    end(stop, totals, outcome, unfinished_bytes, session, &report)
}

/// An explicit codec beats the stream's.
fn config(options: &Options, stream_compression: Compression) -> ProducerConfig {
    ProducerConfig {
        acks: match options.acks {
            arguments::Acks::None => Acks::None,
            arguments::Acks::One => Acks::Leader,
            arguments::Acks::All => Acks::All,
        },
        compression: match options.codec {
            None => stream_compression,
            Some(Codec::None) => Compression::None,
            Some(Codec::Gzip) => Compression::Gzip,
            Some(Codec::Snappy) => Compression::Snappy,
            Some(Codec::Lz4) => Compression::Lz4,
            Some(Codec::Zstd) => Compression::Zstd,
        },
        ..ProducerConfig::default()
    }
}

/// Why no more lines are read.
#[derive(Debug)]
enum Stop {
    /// The input has ended.
    End,
    /// A signal came.
    Signal(Exit),
    /// Nobody reads the report.
    OutputClosed,
    /// A line or the input is bad: everything before it is sent.
    Input(Failure),
    /// The producer refused.
    Producer(ProduceError),
}

/// Lines on their way from standard input to the producer.
struct Feed<'s> {
    producer: Producer,
    lines: Lines,
    clock: &'s dyn Clock,
    reader: &'s LineReader,
    /// Every record is waited for.
    sync: bool,
    interrupts: &'s Interrupts,
    report: &'s ReportState,
    session: &'s Session,
    prompts: bool,
}

impl Feed<'_> {
    fn run(&mut self, reports: bool) -> Stop {
        let stdin = io::stdin();
        let stdout = io::stdout();
        let input = stdin.as_fd();
        let output = reports.then(|| stdout.as_fd());
        self.read_all(input, output).err().unwrap_or(Stop::End)
    }

    fn read_all(
        &mut self,
        input: BorrowedFd<'_>,
        output: Option<BorrowedFd<'_>>,
    ) -> Result<(), Stop> {
        let file_bytes = input::file_bytes(input);
        let mut progress =
            file_bytes.filter(|_| self.session.terminal.error_is_terminal).map(Progress::new);
        loop {
            self.send_lines()?;
            if let Some(exit) = self.interrupts.asked() {
                return Err(Stop::Signal(exit));
            }
            if self.report.is_broken() {
                return Err(Stop::OutputClosed);
            }
            if file_bytes.is_none() {
                self.wait_for_input(input, output)?;
            }
            match self.lines.fill(input) {
                Ok(Ok(Fill::Some(bytes))) => {
                    if let Some(progress) = &mut progress {
                        progress.add(bytes);
                    }
                }
                // Who is interrupted with us ends our input, and that may come first.
                Ok(Ok(Fill::End)) => {
                    return match self.interrupts.asked() {
                        Some(exit) => Err(Stop::Signal(exit)),
                        None => self.send_last_line(),
                    };
                }
                Ok(Err(too_long)) => {
                    let limit = ProducerConfig::MESSAGE_BYTES_MAX_DEFAULT;
                    return Err(Stop::Input(Failure::message(
                        Exit::Failed,
                        format!(
                            "line {} has more than {} bytes; the limit of a message is {limit}",
                            too_long.line_number,
                            limit + SEPARATORS_BYTES_MAX
                        ),
                    )));
                }
                Err(error) => {
                    let error = anyhow::Error::new(error).context("cannot read standard input");
                    return Err(Stop::Input(Failure::new(Exit::Failed, error)));
                }
            }
        }
    }

    /// Sends every whole line that is in the buffer.
    fn send_lines(&mut self) -> Result<(), Stop> {
        let timestamp = self.clock.now().0;
        if self.sync || !self.reader.is_plain() {
            return self.send_parsed_lines(timestamp);
        }
        while let Some(line) = self.lines.next_line() {
            if let Err(error) = self.producer.send_value(timestamp, line) {
                return Err(refused(error, self.lines.line_number()));
            }
        }
        Ok(())
    }

    fn send_parsed_lines(&mut self, timestamp: i64) -> Result<(), Stop> {
        let mut headers = Vec::new();
        loop {
            let line_number = self.lines.line_number() + 1;
            let Some(line) = self.lines.next_line() else { return Ok(()) };
            headers.clear();
            let sent = send_line(
                &mut self.producer,
                self.reader,
                line,
                line_number,
                timestamp,
                &mut headers,
            );
            sent?;
            // What the headers name is the line's, which is about to go.
            headers = Vec::new();
            if self.sync {
                self.producer.wait().map_err(Stop::Producer)?;
                if let Some(exit) = self.interrupts.asked() {
                    return Err(Stop::Signal(exit));
                }
            }
        }
    }

    fn send_last_line(&mut self) -> Result<(), Stop> {
        let timestamp = self.clock.now().0;
        let line_number = self.lines.line_number() + 1;
        let Some(line) = self.lines.last_line() else { return Ok(()) };
        send_line(&mut self.producer, self.reader, line, line_number, timestamp, &mut Vec::new())
    }

    /// Lets what was sent go out if the input pauses, and waits for more.
    fn wait_for_input(
        &mut self,
        input: BorrowedFd<'_>,
        output: Option<BorrowedFd<'_>>,
    ) -> Result<(), Stop> {
        let broken = |error| {
            let error = anyhow::Error::new(error).context("cannot wait for standard input");
            Stop::Input(Failure::new(Exit::Failed, error))
        };
        let mut timeout = Some(Duration::ZERO);
        loop {
            match input::wait(input, self.interrupts, output, timeout).map_err(broken)? {
                Ready::Input => return Ok(()),
                Ready::OutputClosed => return Err(Stop::OutputClosed),
                Ready::Signal | Ready::Nothing => {
                    if let Some(exit) = self.interrupts.asked() {
                        return Err(Stop::Signal(exit));
                    }
                }
            }
            if timeout.take().is_some() {
                self.producer.flush().map_err(Stop::Producer)?;
                if self.prompts {
                    self.session.terminal.prompt(">").map_err(Stop::Input)?;
                }
            }
        }
    }
}

fn send_line<'l>(
    producer: &mut Producer,
    reader: &LineReader,
    line: &'l [u8],
    line_number: u64,
    timestamp: i64,
    headers: &mut Vec<super::line_reader::Header<'l>>,
) -> Result<(), Stop> {
    let parts = reader
        .parse(line, line_number, headers)
        .map_err(|error| Stop::Input(Failure::new(Exit::Failed, anyhow::Error::new(error))))?;
    let record = NewRecord { timestamp, key: parts.key, value: parts.value, headers };
    producer.send(None, &record).map_err(|error| refused(error, line_number))
}

/// A record that is too large is the input's fault, anything else the topic's.
fn refused(error: ProduceError, line_number: u64) -> Stop {
    match error {
        ProduceError::MessageTooLarge { .. } => {
            let error =
                anyhow::Error::new(error).context(format!("cannot send line {line_number}"));
            let next = line_number + 1;
            let hint = format!("what stands before it is sent; behind it: tail -n +{next} FILE");
            Stop::Input(Failure::new(Exit::Failed, error).with_hint(hint))
        }
        error => Stop::Producer(error),
    }
}

/// Turns how it went into an exit status and says what was not stored.
fn end(
    stop: Stop,
    totals: Totals,
    outcome: Result<(), ProduceError>,
    unfinished_bytes: usize,
    session: &Session,
    report: &ReportState,
) -> Result<Exit, Failure> {
    let (stop_exit, input_failure, told) = match stop {
        Stop::End => (Exit::Done, None, None),
        Stop::Signal(exit) => {
            if unfinished_bytes > 0 {
                session.terminal.note(&format!(
                    "{}: not written: {unfinished_bytes} bytes of a line that had not ended",
                    session.name
                ));
            }
            (exit, None, None)
        }
        Stop::OutputClosed => (Exit::Done, None, None),
        Stop::Input(failure) => (Exit::Failed, Some(failure), None),
        Stop::Producer(error) => (Exit::Failed, None, Some(error)),
    };
    // Whichever was told first is the reason; `Stopped` only repeats it.
    let failure = told.or(outcome.err().filter(|error| !matches!(error, ProduceError::Stopped)));
    if let Some(error) = failure {
        let failure = failure_of(error);
        let error = failure.error.context(counts(&totals));
        return Err(Failure { error, ..failure });
    }
    if let Some(failure) = input_failure {
        return Err(failure);
    }
    if let Some(error) = report.take_error() {
        return Err(cannot_write(error));
    }
    Ok(stop_exit)
}

/// What the shell is told of a producer's failure.
fn failure_of(error: ProduceError) -> Failure {
    match error {
        ProduceError::Append { partition, source } => {
            let failure = Failure::from(source);
            let error = failure.error.context(format!("cannot append to partition {partition}"));
            Failure { error, ..failure }
        }
        ProduceError::Busy { .. } => Failure::new(Exit::Busy, anyhow::Error::new(error)),
        error => Failure::new(Exit::Failed, anyhow::Error::new(error)),
    }
}

/// Says how many of the records did not make it.
fn counts(totals: &Totals) -> String {
    let lost = totals.lost_records();
    let unacknowledged = totals.unacknowledged_records();
    let sent = totals.sent_records;
    if lost == unacknowledged {
        format!("{lost} of {sent} records were not stored")
    } else {
        format!(
            "{lost} of {sent} records were not stored and {} more were not acknowledged",
            unacknowledged - lost
        )
    }
}
