//! Which records are kept: patterns on key, value and headers, and conditions on JSON values.

use clap::{ArgAction, Args};
use regex::bytes::Regex;

use crate::cli::failure::Failure;
use crate::record::Record;

use super::select::{Select, Verdict};

/// The options that choose among the records.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct FilterArguments {
    /// Keep the records whose value matches a regular expression
    ///
    /// Each of --grep, --grep-key, --grep-header and --select may be given several times, and together: all must hold. A pattern
    /// matches anywhere in the value, whose bytes need not be UTF-8; (?i) in front ignores case. A
    /// null value or key matches no pattern. Records that are left out count as read by a group, but
    /// not for --max-messages, --expect and --timeout-ms.
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    grep: Vec<String>,

    /// Keep the records whose key matches a regular expression
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    grep_key: Vec<String>,

    /// Keep the records with a header that matches a regular expression, as key:value
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    grep_header: Vec<String>,

    /// Keep the records whose value is JSON for which an expression of jq holds
    ///
    /// It holds if its first result is neither false nor null: .truck == 17, .speed > 80,
    /// .a.b and (.c | test("x")). For a value that is not JSON, or on which it fails, it does not
    /// hold; how many those were is told at the end.
    #[arg(long, value_name = "EXPRESSION", allow_hyphen_values = true)]
    select: Vec<String>,

    /// Keep the records that would be left out, and leave out those that would be kept; -v for short
    #[arg(long, short_alias = 'v', action = ArgAction::SetTrue)]
    invert_match: bool,

    /// Print only how many records there were, of those kept, when the program ends; -c for short
    #[arg(long, short_alias = 'c', action = ArgAction::SetTrue)]
    pub(super) count: bool,
}

impl FilterArguments {
    /// True if there are conditions.
    pub(super) fn is_given(&self) -> bool {
        [&self.grep, &self.grep_key, &self.grep_header, &self.select]
            .iter()
            .any(|texts| !texts.is_empty())
    }

    /// Compiles the conditions; `None` if there are none.
    ///
    /// # Errors
    ///
    /// One of them is none, or there is nothing to invert: exit 2.
    pub(super) fn checked(&self) -> Result<Option<Filter>, Failure> {
        if self.invert_match && !self.is_given() {
            return Err(Failure::usage("option --invert-match needs something to invert")
                .with_hint("add --grep, --grep-key, --grep-header or --select"));
        }
        let filter = Filter {
            value: patterns("grep", &self.grep)?,
            key: patterns("grep-key", &self.grep_key)?,
            header: patterns("grep-header", &self.grep_header)?,
            select: self
                .select
                .iter()
                .map(|expression| Select::compile(expression))
                .collect::<Result<_, _>>()
                .map_err(|error| Failure::usage(format!("option --select: {error}")))?,
            invert: self.invert_match,
            line: Vec::new(),
            not_json: 0,
            failed: 0,
        };
        Ok(self.is_given().then_some(filter))
    }
}

fn patterns(option: &str, texts: &[String]) -> Result<Vec<Regex>, Failure> {
    let compile = |text: &String| {
        Regex::new(text).map_err(|error| {
            // The library draws its message over several lines; the last one says what is wrong.
            let error = error.to_string();
            let last = error.lines().last().unwrap_or_default();
            let reason = last.strip_prefix("error: ").unwrap_or(last);
            let text = format!("option --{option}: `{text}` is not a regular expression: {reason}");
            Failure::usage(text)
        })
    };
    texts.iter().map(compile).collect()
}

/// Compiled conditions, all of which must hold.
#[derive(Debug)]
pub(crate) struct Filter {
    value: Vec<Regex>,
    key: Vec<Regex>,
    header: Vec<Regex>,
    select: Vec<Select>,
    invert: bool,
    /// A header as text; kept for its memory.
    line: Vec<u8>,
    /// How many values were not JSON although `--select` asked.
    pub(super) not_json: u64,
    /// On how many an expression failed.
    pub(super) failed: u64,
}

impl Filter {
    /// Decides whether a record is kept. What is cheap is looked at first. `now` is in milliseconds
    /// since 1970.
    pub(super) fn keeps(&mut self, record: &Record<'_>, now: i64) -> bool {
        self.holds(record, now) != self.invert
    }

    fn holds(&mut self, record: &Record<'_>, now: i64) -> bool {
        matches_all(&self.key, record.key)
            && matches_all(&self.value, record.value)
            && (self.header.is_empty() || self.headers_match(record))
            && self.selects(record, now)
    }

    fn headers_match(&mut self, record: &Record<'_>) -> bool {
        let Self { header, line, .. } = self;
        header.iter().all(|pattern| {
            record.headers.iter().any(|(key, value)| {
                line.clear();
                line.extend_from_slice(key);
                line.push(b':');
                line.extend_from_slice(value.unwrap_or_default());
                pattern.is_match(line)
            })
        })
    }

    fn selects(&mut self, record: &Record<'_>, now: i64) -> bool {
        for select in &self.select {
            match select.verdict(record.value, now) {
                Verdict::Yes => continue,
                Verdict::No => {}
                Verdict::NotJson => self.not_json += 1,
                Verdict::Failed => self.failed += 1,
            }
            return false;
        }
        true
    }
}

fn matches_all(patterns: &[Regex], bytes: Option<&[u8]>) -> bool {
    patterns.iter().all(|pattern| bytes.is_some_and(|bytes| pattern.is_match(bytes)))
}
