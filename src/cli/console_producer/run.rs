//! The producer's run, from the first line to the last acknowledgement.

mod acks;
mod feed;
mod input;
mod lines;
mod pacing;
mod send;
mod tally;
mod topics;

use std::sync::Arc;

use crate::cli::failure::{Exit, Failure};
use crate::cli::interrupts::Interrupts;
use crate::cli::session::Session;
use crate::cli::terminal::cannot_write;
use crate::produce::{ProduceError, Totals};

use super::arguments::Options;
use super::own_options::Source;
use acks::ReportState;
use feed::Feed;
use tally::{Tally, ended_by};
use topics::Topics;

/// Runs the producer.
pub(crate) fn run(options: &Options, session: &mut Session) -> Result<Exit, Failure> {
    let interrupts = Interrupts::catch()?;
    let report = Arc::new(ReportState::default());
    let address = options.address.as_deref();
    let tells = (options.report_acks, options.quiet);
    let mut topics = Topics::new(session, options.settings, address, Arc::clone(&report), tells)?;
    if let Some(destination) = &options.destination {
        topics.open(destination, options.fixed.partition)?;
        options.fixed.timestamp.into_iter().for_each(|time| topics.look_at_time(time));
    }
    let mut feed = Feed::new(options, session, topics, &interrupts, &report);
    let stop = feed.run();
    let unfinished_bytes = feed.unfinished_bytes();
    let Feed { topics, tally, .. } = feed;
    let (totals, outcome) = topics.finish();
    let stop = match (stop, interrupts.asked()) {
        (Stop::End, Some(exit)) => Stop::Signal(exit),
        (stop, _) => stop,
    };
    if let Stop::Signal(_) = stop
        && unfinished_bytes > 0
    {
        session.terminal.note(&format!(
            "{}: not written: {unfinished_bytes} bytes of a line that had not ended",
            session.name
        ));
    }
    tell_summary(options, session, &stop, &totals, &tally);
    end(stop, &totals, outcome, &tally, &report)
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
    /// A record or the input is bad: everything before it is sent.
    Input(Failure),
    /// The producer refused.
    Producer(ProduceError),
}

/// Says what was stored where it was asked for, or where it is not all that was given.
fn tell_summary(options: &Options, session: &Session, stop: &Stop, totals: &Totals, tally: &Tally) {
    let is_wanted = options.summary
        || matches!(options.source, Source::Json { .. })
        || matches!(stop, Stop::Signal(_))
        || tally.is_any()
        || totals.unacknowledged_records() > 0;
    if options.quiet || !is_wanted {
        return;
    }
    let why = match stop {
        Stop::End => ended_by(Exit::Done),
        Stop::Signal(exit) => ended_by(*exit),
        Stop::OutputClosed => "the reader of standard output went away",
        Stop::Input(_) => "stopped there",
        Stop::Producer(_) => "the topic took no more",
    };
    let why = match stop {
        Stop::End if totals.unacknowledged_records() > 0 => "the topic took no more",
        Stop::Input(_) if !tally.is_any() => "the input could not be read",
        _ => why,
    };
    session.terminal.note(&format!("{}: {}", session.name, tally.summary(totals, why)));
}

/// Turns how it went into an exit status and says what was not stored.
fn end(
    stop: Stop,
    totals: &Totals,
    outcome: Result<(), ProduceError>,
    tally: &Tally,
    report: &ReportState,
) -> Result<Exit, Failure> {
    let (stop_exit, input_failure, told) = match stop {
        Stop::End if tally.is_any() => (Exit::Failed, None, None),
        Stop::End | Stop::OutputClosed => (Exit::Done, None, None),
        Stop::Signal(exit) => (exit, None, None),
        Stop::Input(failure) => (Exit::Failed, Some(failure), None),
        Stop::Producer(error) => (Exit::Failed, None, Some(error)),
    };
    // Whichever was told first is the reason; `Stopped` only repeats it.
    let failure = told.or(outcome.err().filter(|error| !matches!(error, ProduceError::Stopped)));
    if let Some(error) = failure {
        let failure = failure_of(error);
        let error = failure.error.context(counts(totals));
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
