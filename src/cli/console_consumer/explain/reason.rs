//! From facts to a sentence: why nothing is printed, and the command that would show something.

use crate::cli::console_consumer::run::counted;
use crate::cli::environment::quoted;

/// What is known of one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) partition: u32,
    /// The first offset that can be read.
    pub(super) first: i64,
    /// The offset behind the last record.
    pub(super) end: i64,
    /// Where reading begins.
    pub(super) from: i64,
    /// The largest timestamp, in milliseconds since 1970; `None` if there is no record.
    pub(super) newest: Option<i64>,
    /// Every record in it is older than the stream keeps records.
    pub(super) expired: bool,
}

/// Where reading was asked to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    Beginning,
    Latest,
    /// At a time. Milliseconds since 1970.
    Time(i64),
    /// At an offset, or so many before the end.
    Elsewhere,
}

/// What is known of a reader and its topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) topic: String,
    pub(super) stream: String,
    pub(super) group: Option<String>,
    pub(super) begin: Begin,
    pub(super) has_filter: bool,
    /// How many partitions the topic has.
    pub(super) partitions: u32,
    /// Those that are read.
    pub(super) parts: Vec<Part>,
    /// Records that were read and left out.
    pub(super) filtered: u64,
}

impl Facts {
    /// Returns the sentence, in one line.
    pub(super) fn reason(&self) -> String {
        let (reason, command) = self.found();
        match command {
            Some(command) => format!("{reason}; try: {command}"),
            None => reason,
        }
    }

    fn found(&self) -> (String, Option<String>) {
        let records = self.sum(|part| part.end - part.first);
        let ever = self.sum(|part| part.end);
        let consume = |more: &str| Some(format!("console-consumer --topic {}{more}", self.name()));
        if records == 0 && self.waited_for().is_none() {
            let (read, all) = (self.parts.len(), self.partitions);
            let what = match self.parts.as_slice() {
                parts if parts.len() >= all as usize => "topic".to_owned(),
                [part] => format!("partition {}", part.partition),
                _ => format!("what is read here, {read} of {all} partitions,"),
            };
            let removed = match ever {
                0 => String::new(),
                _ => format!(": {} that were in it are removed", counted(ever, "record")),
            };
            let produce = format!("echo hello | console-producer --topic {}", self.name());
            return (format!("{what} is empty{removed}"), Some(produce));
        }
        if self.filtered > 0 {
            let all = counted(self.filtered, "record");
            return (
                format!("all {all} read so far were filtered out"),
                consume(" --from-beginning"),
            );
        }
        if let Some(part) = self.waited_for() {
            let place = if self.parts.len() == 1 {
                String::new()
            } else {
                format!(" of partition {}", part.partition)
            };
            let text = format!("waiting for offset {}{place}, the end is {}", part.from, part.end);
            return (text, consume(" --from-beginning"));
        }
        let expired = self.sum(|part| if part.expired { part.end - part.first } else { 0 });
        if expired == records {
            let all = counted(records, "record");
            let text = if records == 1 {
                format!("the only {all} has")
            } else {
                format!("all {all} have")
            };
            let keep = format!("streamctl stream edit -path {} -ttl 0", quoted(&self.stream));
            return (format!("{text} expired"), Some(keep));
        }
        let ahead = self.sum(Part::ahead);
        if ahead > 0 && !self.is_before_start() {
            let rest = if self.has_filter { "; the filters may leave them out" } else { "" };
            // A batch may hold older ones, too: only reading it would tell.
            let most = if matches!(self.begin, Begin::Time(_)) { "at most " } else { "" };
            let all = counted(records, "record");
            return (format!("{most}{ahead} of {all} are from your start on{rest}"), None);
        }
        if let Some(group) = &self.group {
            return (format!("group {group} is at the end"), consume(" --from-beginning"));
        }
        let all = counted(records, "record");
        let every = if records == 1 { "" } else { "all " };
        let start = match self.begin {
            Begin::Latest => "your start at latest; add --from-beginning",
            _ => "your start",
        };
        (format!("{all}, {every}before {start}"), consume(" --from-beginning"))
    }

    fn name(&self) -> String {
        quoted(&self.topic)
    }

    fn sum(&self, count: impl Fn(&Part) -> i64) -> u64 {
        self.parts.iter().map(|part| u64::try_from(count(part)).unwrap_or(0)).sum()
    }

    /// A partition that is to be read from behind its end, if nothing else can come first.
    fn waited_for(&self) -> Option<&Part> {
        let behind = |part: &&Part| part.from > part.end;
        let none_ahead = self.parts.iter().all(|part| part.from >= part.end);
        self.parts.iter().find(behind).filter(|_| none_ahead)
    }

    /// True if reading begins at a time at which, and after which, nothing was written.
    fn is_before_start(&self) -> bool {
        match self.begin {
            Begin::Time(time) if self.group.is_none() => {
                self.parts.iter().all(|part| part.newest.is_none_or(|newest| newest < time))
            }
            _ => false,
        }
    }
}

impl Part {
    /// Records from the start on.
    fn ahead(&self) -> i64 {
        if self.expired { 0 } else { self.end - self.from.max(self.first) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Begin, Facts, Part};

    fn part(partition: u32, first: i64, end: i64, from: i64) -> Part {
        let newest = (end > first).then_some(1000);
        Part { partition, first, end, from, newest, expired: false }
    }

    fn facts(begin: Begin, parts: &[Part]) -> Facts {
        Facts {
            topic: "/s:t".to_owned(),
            stream: "/s".to_owned(),
            group: None,
            begin,
            has_filter: false,
            partitions: parts.iter().map(|part| part.partition + 1).max().unwrap(),
            parts: parts.to_vec(),
            filtered: 0,
        }
    }

    #[test]
    fn an_empty_topic() {
        let say = "; try: echo hello | console-producer --topic /s:t";
        let empty = facts(Begin::Latest, &[part(0, 0, 0, 0), part(1, 0, 0, 0)]);
        assert_eq!(empty.reason(), format!("topic is empty{say}"));
        let purged = facts(Begin::Beginning, &[part(0, 12, 12, 12)]);
        let text = format!("topic is empty: 12 records that were in it are removed{say}");
        assert_eq!(purged.reason(), text);
        let one = facts(Begin::Latest, &[part(2, 0, 0, 0)]);
        assert_eq!(one.reason(), format!("partition 2 is empty{say}"));
        let share = facts(Begin::Latest, &[part(2, 0, 0, 0), part(3, 0, 0, 0)]);
        let text = "what is read here, 2 of 4 partitions, is empty";
        assert_eq!(share.reason(), format!("{text}{say}"));
    }

    #[test]
    fn a_start_behind_the_records() {
        let all = "; try: console-consumer --topic /s:t --from-beginning";
        let latest = facts(Begin::Latest, &[part(0, 0, 2, 2), part(1, 0, 1, 1)]);
        let text = "3 records, all before your start at latest; add --from-beginning";
        assert_eq!(latest.reason(), format!("{text}{all}"));
        let one = facts(Begin::Latest, &[part(0, 0, 1, 1)]);
        let text = "1 record, before your start at latest; add --from-beginning";
        assert_eq!(one.reason(), format!("{text}{all}"));
        let time = facts(Begin::Time(1001), &[part(0, 0, 3, 0)]);
        assert_eq!(time.reason(), format!("3 records, all before your start{all}"));
        let offset = facts(Begin::Elsewhere, &[part(0, 0, 10, 42)]);
        assert_eq!(offset.reason(), format!("waiting for offset 42, the end is 10{all}"));
        let two = facts(Begin::Elsewhere, &[part(0, 0, 5, 5), part(1, 0, 0, 5)]);
        assert_eq!(two.reason(), format!("waiting for offset 5 of partition 1, the end is 0{all}"));
    }

    #[test]
    fn a_group_at_the_end() {
        let mut facts = facts(Begin::Latest, &[part(0, 0, 3, 3)]);
        facts.group = Some("g".to_owned());
        let text = "group g is at the end; try: console-consumer --topic /s:t --from-beginning";
        assert_eq!(facts.reason(), text);
    }

    #[test]
    fn expired_and_filtered_records() {
        let mut old = part(0, 0, 12, 0);
        old.expired = true;
        let mut expired = facts(Begin::Beginning, &[old, part(1, 0, 0, 0)]);
        expired.stream = "/my s".to_owned();
        let text = "all 12 records have expired; try: streamctl stream edit -path '/my s' -ttl 0";
        assert_eq!(expired.reason(), text);
        let mut filtered = facts(Begin::Beginning, &[part(0, 0, 12, 0)]);
        filtered.filtered = 12;
        assert!(filtered.reason().starts_with("all 12 records read so far were filtered out; try"));
    }

    #[test]
    fn nothing_in_the_way() {
        let mut facts = facts(Begin::Elsewhere, &[part(0, 0, 8, 3), part(1, 0, 2, 2)]);
        assert_eq!(facts.reason(), "5 of 10 records are from your start on");
        facts.has_filter = true;
        let text = "5 of 10 records are from your start on; the filters may leave them out";
        assert_eq!(facts.reason(), text);
        facts.begin = Begin::Time(1000);
        assert!(facts.reason().starts_with("at most 5 of 10 records are from your start on"));
    }
}
