//! `streamctl stream topic describe`.

use std::fmt::Write as _;

use clap::Args;

use crate::store::{PartitionSummary, Topic};

use crate::cli::failure::{Exit, Failure};
use crate::cli::render::{Cell, Column, Format, Glyphs, Listing, Meaning};
use crate::cli::session::Session;

use super::choice::ListOptions;
use super::names::TopicOfStream;
use super::repetition::WatchOptions;
use super::topic_view::View;

/// Show how a topic's messages are spread over its partitions, and how many come
///
/// For each partition: the first offset, the one behind the last, size on the disk, times of the first
/// and the last message, its share of all messages as a bar, and how many came in the last minute (in
/// steps of 5 seconds) and in the last hour (in steps of 5 minutes), the newest on the right. The skew
/// is how many times the average the largest partition holds: 1.00 is even.
///
/// What came lately is counted by batches: every message of a batch counts at the time of the newest
/// one in it. Where the last hour holds more than about 64 MiB of a partition, it is counted in steps
/// of 256 KiB. Messages from the future are not counted. Bars and curves are ASCII unless the locale
/// (LC_ALL, LC_CTYPE, LANG) is one of UTF-8.
///
/// The view is that of -format table; the other formats, and -columns, list the same numbers: share in
/// thousandths, skew in percent of the average, and the messages of each step, the oldest first.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: TopicOfStream,

    #[command(flatten)]
    list: ListOptions,

    #[command(flatten)]
    watch: WatchOptions,
}

const COLUMNS: &[Column] = &[
    Column::new("partitionid", Meaning::Count).titled(Some("partition")),
    Column::new("startoffset", Meaning::Count),
    Column::new("endoffset", Meaning::Count),
    Column::new("records", Meaning::Count),
    Column::new("physicalsize", Meaning::Bytes),
    Column::new("mintimestamp", Meaning::Instant),
    Column::new("maxtimestamp", Meaning::Instant),
    Column::new("sharepermille", Meaning::Count),
    Column::new("skewpercent", Meaning::Count),
    Column::new("lastminute", Meaning::Count),
    Column::new("lasthour", Meaning::Count),
    Column::new("lastminutesteps", Meaning::Text),
    Column::new("lasthoursteps", Meaning::Text),
];

/// Steps of a curve.
const STEPS: usize = 12;

/// A stretch of time that ends now, in steps of equal length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lately {
    step_ms: i64,
    /// Records of each step, the oldest first.
    pub(super) steps: [u64; STEPS],
}

/// One partition: what it holds, and what came lately.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) summary: PartitionSummary,
    pub(super) minute: Lately,
    pub(super) hour: Lately,
}

impl Lately {
    pub(super) const MINUTE: Self = Self { step_ms: 5_000, steps: [0; STEPS] };
    pub(super) const HOUR: Self = Self { step_ms: 300_000, steps: [0; STEPS] };

    /// How long it is.
    pub(super) fn seconds(&self) -> u64 {
        self.step_ms.unsigned_abs() * STEPS as u64 / 1000
    }

    pub(super) fn records(&self) -> u64 {
        self.steps.iter().sum()
    }

    /// Counts records that came so long ago.
    pub(super) fn add(&mut self, age_ms: i64, records: u64) {
        let Ok(steps_ago) = usize::try_from(age_ms.div_euclid(self.step_ms)) else { return };
        if let Some(step) = self.steps.iter_mut().rev().nth(steps_ago) {
            *step += records;
        }
    }

    fn listed(&self) -> String {
        let mut text = String::new();
        for (index, step) in self.steps.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            // Writing to a String cannot fail.
            let _ = write!(text, "{comma}{step}");
        }
        text
    }
}

impl Described {
    pub(super) fn records(&self) -> u64 {
        u64::try_from(self.summary.end_offset - self.summary.start_offset).unwrap_or(0)
    }

    fn of(topic: &Topic, partition: u32, now: i64) -> Result<Self, Failure> {
        let summary = topic.partition_summary(partition)?;
        let (mut minute, mut hour) = (Lately::MINUTE, Lately::HOUR);
        let since = now.saturating_sub(hour.seconds().cast_signed() * 1000);
        topic.activity(partition, since, &mut |timestamp, records| {
            let age_ms = now.saturating_sub(timestamp);
            minute.add(age_ms, records);
            hour.add(age_ms, records);
        })?;
        Ok(Self { summary, minute, hour })
    }

    fn row(&self, all_records: u64, partitions: u64) -> Vec<Cell> {
        let of_all = |times: u64| -> Cell {
            let part = u128::from(self.records()) * u128::from(times);
            let part = part.checked_div(u128::from(all_records));
            part.map_or(Cell::Absent, |part| u64::try_from(part).unwrap_or(u64::MAX).into())
        };
        vec![
            self.summary.partition.into(),
            self.summary.start_offset.into(),
            self.summary.end_offset.into(),
            self.records().into(),
            self.summary.physical_bytes.into(),
            self.summary.min_timestamp.unwrap_or(0).into(),
            self.summary.max_timestamp.unwrap_or(0).into(),
            of_all(1000),
            of_all(100 * partitions),
            self.minute.records().into(),
            self.hour.records().into(),
            self.minute.listed().into(),
            self.hour.listed().into(),
        ]
    }
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let target = self.name.target("streamctl stream topic describe")?;
        let stream = session.home()?.stream(&target.stream)?;
        let topic = stream.topic(&target.topic)?;
        self.watch.print(session, || {
            let topic = topic.refreshed()?;
            let moment = session.moment();
            let partitions: Vec<Described> = (0..topic.partitions())
                .map(|partition| Described::of(&topic, partition, moment.now.0))
                .collect::<Result<_, _>>()?;
            let all_records = partitions.iter().map(Described::records).sum();
            let count = u64::from(topic.partitions());
            let rows: Vec<_> =
                partitions.iter().map(|partition| partition.row(all_records, count)).collect();
            let listing = Listing { columns: COLUMNS, rows };
            if session.format_chosen() != Format::Table || self.list.names_columns() {
                return self.list.chosen(session, listing);
            }
            let (_, rows) = self.list.selected(listing)?;
            let shown = |row: &Vec<Cell>| match row.first() {
                Some(Cell::Number(number)) => partitions
                    .iter()
                    .find(|partition| i64::from(partition.summary.partition) == *number),
                _ => None,
            };
            let view = View {
                topic: target.to_string(),
                partitions: &partitions,
                shown: rows.iter().filter_map(shown).collect(),
                glyphs: match session.environment.is_utf8 {
                    true => Glyphs::Blocks,
                    false => Glyphs::Ascii,
                },
                width: session.terminal.width.into(),
                header: session.header,
                bold: session.terminal.colours_output(),
                moment: &moment,
            };
            Ok(view.text())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Lately;

    #[test]
    fn steps_are_counted_back_from_now() {
        let mut minute = Lately::MINUTE;
        for (age_ms, records) in [(0, 1), (4_999, 2), (5_000, 4), (59_999, 8), (60_000, 16)] {
            minute.add(age_ms, records);
        }
        // From the future, and from before all times.
        minute.add(-1, 32);
        minute.add(i64::MAX, 64);
        assert_eq!(minute.listed(), "8,0,0,0,0,0,0,0,0,0,4,3");
        assert_eq!((minute.records(), minute.seconds()), (15, 60));
        assert_eq!(Lately::HOUR.seconds(), 3600);
    }
}
