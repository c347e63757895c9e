//! What was refused on the way, and what is told of it: as it happens and at the end.

use crate::cli::failure::{Exit, Failure};
use crate::produce::Totals;

/// So many refused records are told one by one, and named at the end.
const NAMED_MAX: usize = 5;

/// Records that were not taken.
#[derive(Debug, Default)]
pub(super) struct Tally {
    refused_records: u64,
    first: Vec<String>,
}

impl Tally {
    /// Counts a record that was refused; `what` is its line or file.
    ///
    /// Returns what to tell of it, unless enough was told of others.
    pub(super) fn refuse(&mut self, what: &str, failure: &Failure) -> Option<String> {
        self.refused_records += 1;
        if self.first.len() == NAMED_MAX {
            return None;
        }
        self.first.push(what.to_owned());
        let further = if self.first.len() == NAMED_MAX { " (others are only counted)" } else { "" };
        Some(format!("skipped: {failure}{further}"))
    }

    /// Counts the record at which the program stops.
    pub(super) fn stop_at(&mut self, what: &str) {
        self.refused_records += 1;
        if self.first.len() < NAMED_MAX {
            self.first.push(what.to_owned());
        }
    }

    /// True if a record was not taken.
    pub(super) fn is_any(&self) -> bool {
        self.refused_records > 0
    }

    /// Says what became of all records, and why there were no more.
    pub(super) fn summary(&self, totals: &Totals, why: &str) -> String {
        let stored = totals.stored_records;
        let records = if stored == 1 { "record" } else { "records" };
        let mut text = format!("stored {stored} {records}");
        let unacknowledged = stored.saturating_sub(totals.acknowledged_records);
        if unacknowledged > 0 {
            text.push_str(&format!(" ({unacknowledged} of them not acknowledged)"));
        }
        let lost = totals.lost_records();
        if lost > 0 {
            text.push_str(&format!(", {lost} not stored"));
        }
        if self.refused_records > 0 {
            text.push_str(&format!(", refused {}: {}", self.refused_records, self.named()));
        }
        format!("{text}; {why}")
    }

    fn named(&self) -> String {
        let more = if self.refused_records > self.first.len() as u64 { ", …" } else { "" };
        format!("{}{more}", self.first.join(", "))
    }
}

/// Says why a program ended.
pub(super) fn ended_by(exit: Exit) -> &'static str {
    match exit {
        Exit::Interrupted => "interrupted",
        Exit::Terminated => "terminated",
        _ => "end of input",
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::cli::failure::Failure;
    use crate::produce::Totals;

    #[test]
    fn the_first_few_are_named() {
        let mut tally = Tally::default();
        let failure = Failure::usage("bad");
        let told: Vec<_> =
            (1..=7).filter_map(|line| tally.refuse(&format!("line {line}"), &failure)).collect();
        assert_eq!(told.len(), 5);
        assert_eq!(told[0], "skipped: bad");
        assert_eq!(told[4], "skipped: bad (others are only counted)");
        let totals =
            Totals { sent_records: 10, sent_bytes: 0, stored_records: 8, acknowledged_records: 7 };
        assert_eq!(
            tally.summary(&totals, "end of input"),
            "stored 8 records (1 of them not acknowledged), 2 not stored, refused 7: line 1, line \
             2, line 3, line 4, line 5, …; end of input"
        );
    }
}
