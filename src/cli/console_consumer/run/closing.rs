//! How a run ended: why, what it says of itself, and the status that follows.

use crate::cli::console_consumer::watching::Watching;
use crate::cli::failure::{Exit, Failure};

/// Why reading stopped, if nothing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Every partition has reached its stop.
    End,
    /// So many records were wanted, and no more.
    Limit,
    /// No record came for as long as `--timeout-ms` says.
    Silence,
    /// What was expected did not come in time.
    Late,
    /// A signal.
    Signal(Exit),
}

impl Why {
    /// The status if all else is well.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Signal(exit) => exit,
            Self::End | Self::Limit | Self::Silence | Self::Late => Exit::Done,
        }
    }
}

/// What became of the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Printed, or counted with `--count`.
    pub(super) printed: u64,
    /// Left out by a filter.
    pub(super) filtered: u64,
    /// Of those, values that were not JSON.
    pub(super) not_json: u64,
    /// Of those, on which an expression failed.
    pub(super) failed: u64,
    /// Invisible because of their age.
    pub(super) expired: u64,
    /// Offsets of damaged or undecodable batches that were stepped over.
    pub(super) skipped: u64,
}

impl Counts {
    /// Says it in one line.
    pub(super) fn summary(&self, outcome: &Result<Why, Failure>, watching: &Watching) -> String {
        let read = self.printed + self.filtered;
        let mut text = format!("read {}: {} printed", counted(read, "record"), self.printed);
        if self.filtered > 0 {
            text.push_str(&format!(", {} filtered out", self.filtered));
            let reasons = [(self.not_json, "not JSON"), (self.failed, "failed in --select")];
            let reasons: Vec<String> = reasons
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, reason)| format!("{count} {reason}"))
                .collect();
            if !reasons.is_empty() {
                text.push_str(&format!(" ({})", reasons.join(", ")));
            }
        }
        for (count, what) in [(self.expired, "expired"), (self.skipped, "damaged and skipped")] {
            if count > 0 {
                text.push_str(&format!("; {count} {what}"));
            }
        }
        let why = match outcome {
            Ok(Why::End) => "the end was reached",
            Ok(Why::Limit) if watching.expect == Some(self.printed) => {
                "all that were expected came"
            }
            Ok(Why::Limit) if watching.expect == Some(0) => "none was expected",
            Ok(Why::Limit) => "no more were wanted",
            Ok(Why::Silence) => "no record came for as long as --timeout-ms says",
            Ok(Why::Late) => "the time of --within is over",
            Ok(Why::Signal(Exit::Terminated)) => "SIGTERM",
            Ok(Why::Signal(_)) => "SIGINT",
            Err(failure) if failure.is_quiet() => "nobody reads the output any more",
            Err(_) => "an error",
        };
        format!("{text}; stopped: {why}")
    }
}

/// Returns what to say if an expectation was not met.
pub(super) fn unmet(watching: &Watching, printed: u64, why: Why) -> Option<Failure> {
    let expect = watching.expect.filter(|_| !watching.is_met(printed))?;
    let within = match (&watching.within, why) {
        (Some((_, text)), Why::Late) => format!(" within {text}"),
        _ => String::new(),
    };
    let text = if expect == 0 {
        "a record came, and none was expected".to_owned()
    } else {
        format!("{printed} of {expect} expected records came{within}")
    };
    match why {
        Why::Signal(_) => None,
        _ => Some(Failure::message(Exit::Unmet, text)),
    }
}

/// Returns a number with a noun in the right number.
pub(in crate::cli::console_consumer) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::{Counts, Why, unmet};
    use crate::cli::console_consumer::watching::Watching;
    use crate::cli::failure::{Exit, Failure};

    fn watching(expect: Option<u64>) -> Watching {
        Watching {
            expect,
            within: Some((std::time::Duration::from_secs(5), "5s".to_owned())),
            on_damage: None,
            pacer: None,
            summary: false,
            quiet: false,
            explain: false,
        }
    }

    #[test]
    fn a_summary_tells_what_there_is_to_tell() {
        let plain = Counts { printed: 1, ..Counts::default() };
        let none = watching(None);
        assert_eq!(
            plain.summary(&Ok(Why::End), &none),
            "read 1 record: 1 printed; stopped: the end was reached"
        );
        let counts =
            Counts { printed: 3, filtered: 7, not_json: 2, failed: 1, expired: 4, skipped: 50 };
        assert_eq!(
            counts.summary(&Ok(Why::Signal(Exit::Interrupted)), &none),
            "read 10 records: 3 printed, 7 filtered out (2 not JSON, 1 failed in --select); 4 \
             expired; 50 damaged and skipped; stopped: SIGINT"
        );
        let told = |outcome, expect| {
            let text = counts.summary(&outcome, &watching(expect));
            text.rsplit_once(": ").unwrap().1.to_owned()
        };
        assert_eq!(told(Ok(Why::Limit), Some(3)), "all that were expected came");
        assert_eq!(told(Ok(Why::Limit), None), "no more were wanted");
        assert_eq!(told(Err(Failure::closed_pipe()), None), "nobody reads the output any more");
        assert_eq!(told(Err(Failure::usage("x")), None), "an error");
    }

    #[test]
    fn an_expectation_is_exact_and_a_signal_is_nobodys_fault() {
        let text = |expect, printed, why| {
            unmet(&watching(Some(expect)), printed, why).map(|failure| failure.to_string())
        };
        assert_eq!(text(5, 5, Why::Limit), None);
        let late = Some("2 of 5 expected records came within 5s".to_owned());
        assert_eq!(text(5, 2, Why::Late), late);
        assert_eq!(text(5, 2, Why::End), Some("2 of 5 expected records came".to_owned()));
        assert_eq!(text(0, 0, Why::Late), None);
        assert!(text(0, 1, Why::Limit).unwrap().starts_with("a record came"));
        assert_eq!(text(5, 2, Why::Signal(Exit::Interrupted)), None);
    }
}
