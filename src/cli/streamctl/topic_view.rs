//! What `topic describe` shows on a terminal: what the partitions hold, and how they compare.

use crate::cli::failure::printable;
use crate::cli::render::{Glyphs, Moment, bar, bytes, short_time, sparkline};
use crate::time::TimestampMs;

use super::topic_describe::{Described, Lately};

/// Columns that the second table takes beside the bars.
const BESIDE_BARS: usize = 60;

/// A topic as it is shown.
pub(super) struct View<'v> {
    /// Its path.
    pub(super) topic: String,
    /// All its partitions.
    pub(super) partitions: &'v [Described],
    /// Those that are shown, in this order.
    pub(super) shown: Vec<&'v Described>,
    pub(super) glyphs: Glyphs,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// The lines of names are wanted.
    pub(super) header: bool,
    /// They are to be bold.
    pub(super) bold: bool,
    pub(super) moment: &'v Moment,
}

/// On which side of its column a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

use Side::{Left, Right};

impl View<'_> {
    /// Returns the view as text.
    pub(super) fn text(&self) -> String {
        let mut text = self.title();
        text.push('\n');
        text.push_str(&self.contents());
        text.push('\n');
        text.push_str(&self.comparison());
        text
    }

    fn all_records(&self) -> u64 {
        self.partitions.iter().map(Described::records).sum()
    }

    fn most_records(&self) -> u64 {
        self.partitions.iter().map(Described::records).max().unwrap_or(0)
    }

    fn title(&self) -> String {
        let count = self.partitions.len();
        let records = self.all_records();
        let sizes = self.partitions.iter().map(|partition| partition.summary.physical_bytes);
        let size: u64 = sizes.sum();
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        let mut title = format!(
            "{}: {count} partition{}, {records} message{}, {}",
            printable(&self.topic),
            plural(count as u64),
            plural(records),
            bytes(i64::try_from(size).unwrap_or(i64::MAX)),
        );
        // In hundredths.
        let most = u128::from(self.most_records()) * count as u128 * 100;
        if let Some(skew) = most.checked_div(u128::from(records)) {
            title.push_str(&format!(", skew {}.{:02}", skew / 100, skew % 100));
        }
        title.push('\n');
        title
    }

    /// Offsets, sizes and times.
    fn contents(&self) -> String {
        let time = |ms: Option<i64>| match ms {
            Some(ms) => short_time(TimestampMs(ms), self.moment),
            None => "-".to_owned(),
        };
        let rows = self.shown.iter().map(|partition| {
            let summary = &partition.summary;
            vec![
                summary.partition.to_string(),
                summary.start_offset.to_string(),
                summary.end_offset.to_string(),
                partition.records().to_string(),
                bytes(i64::try_from(summary.physical_bytes).unwrap_or(i64::MAX)),
                time(summary.min_timestamp),
                time(summary.max_timestamp),
            ]
        });
        self.aligned(
            &["part", "start", "end", "messages", "size", "first", "last"],
            &[Right, Right, Right, Right, Right, Right, Right],
            rows.collect(),
        )
    }

    /// Shares and curves.
    fn comparison(&self) -> String {
        let (all, most) = (self.all_records(), self.most_records());
        let highest = |lately: fn(&Described) -> &Lately| -> u64 {
            let steps = self.partitions.iter().flat_map(|partition| lately(partition).steps);
            steps.max().unwrap_or(0)
        };
        let (minute, hour) = (highest(|it| &it.minute), highest(|it| &it.hour));
        let width = self.width.saturating_sub(BESIDE_BARS).clamp(6, 40);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for partition in &self.shown {
            let records = partition.records();
            let share = (u128::from(records) * 1000).checked_div(u128::from(all));
            rows.push(vec![
                partition.summary.partition.to_string(),
                share.map_or("-".to_owned(), |share| format!("{}.{}%", share / 10, share % 10)),
                format!("{:width$}", bar(records, most, width, self.glyphs)),
                sparkline(&partition.minute.steps, minute, self.glyphs),
                rate(&partition.minute),
                sparkline(&partition.hour.steps, hour, self.glyphs),
                rate(&partition.hour),
            ]);
        }
        if self.shown.len() > 1 && self.shown.len() == self.partitions.len() {
            rows.push(self.sums());
        }
        self.aligned(
            &["part", "share", "of the messages", "last minute", "", "last hour", ""],
            &[Right, Right, Left, Left, Right, Left, Right],
            rows,
        )
    }

    /// All partitions together.
    fn sums(&self) -> Vec<String> {
        let (mut minute, mut hour) = (Lately::MINUTE, Lately::HOUR);
        for partition in self.partitions {
            for (sum, steps) in [(&mut minute, &partition.minute), (&mut hour, &partition.hour)] {
                for (sum, step) in sum.steps.iter_mut().zip(steps.steps) {
                    *sum += step;
                }
            }
        }
        let curve = |lately: &Lately| {
            let most = lately.steps.iter().max().copied().unwrap_or(0);
            sparkline(&lately.steps, most, self.glyphs)
        };
        let nothing = String::new;
        let (minutes, hours) = (curve(&minute), curve(&hour));
        vec!["all".into(), nothing(), nothing(), minutes, rate(&minute), hours, rate(&hour)]
    }

    /// Lays a table out: two blanks between columns, none at the end of a line.
    fn aligned(&self, names: &[&str], sides: &[Side], rows: Vec<Vec<String>>) -> String {
        let mut lines: Vec<Vec<String>> = Vec::new();
        if self.header {
            lines.push(names.iter().map(ToString::to_string).collect());
        }
        lines.extend(rows);
        let width = |index: usize| lines.iter().map(|line| line[index].chars().count()).max();
        let widths: Vec<usize> = (0..names.len()).filter_map(width).collect();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            let mut shown = String::new();
            for ((cell, width), side) in line.iter().zip(&widths).zip(sides) {
                let blanks = " ".repeat(width - cell.chars().count());
                let (before, behind) =
                    if *side == Right { (blanks, String::new()) } else { (String::new(), blanks) };
                shown.push_str(&format!("{before}{cell}{behind}  "));
            }
            let shown = shown.trim_end();
            match self.bold && self.header && number == 0 {
                true => text.push_str(&format!("\u{1b}[1m{shown}\u{1b}[0m\n")),
                false => text.push_str(&format!("{shown}\n")),
            }
        }
        text
    }
}

/// Returns how many records came, in the unit in which that is at least one.
fn rate(lately: &Lately) -> String {
    let records = lately.records();
    if records == 0 {
        return "0".to_owned();
    }
    for (unit, seconds) in [("s", 1), ("min", 60)] {
        let tenths = records.saturating_mul(10 * seconds) / lately.seconds();
        if tenths >= 10 {
            return format!("{}.{}/{unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{}/h", records.saturating_mul(3600) / lately.seconds())
}

#[cfg(test)]
mod tests {
    use super::{Lately, rate};

    #[test]
    fn a_rate_has_the_unit_in_which_it_is_at_least_one() {
        let of = |mut lately: Lately, records: u64| {
            lately.add(0, records);
            rate(&lately)
        };
        assert_eq!(of(Lately::MINUTE, 0), "0");
        assert_eq!(of(Lately::MINUTE, 1), "1.0/min");
        assert_eq!(of(Lately::MINUTE, 59), "59.0/min");
        assert_eq!(of(Lately::MINUTE, 60), "1.0/s");
        assert_eq!(of(Lately::MINUTE, 615), "10.2/s");
        assert_eq!(of(Lately::HOUR, 59), "59/h");
        assert_eq!(of(Lately::HOUR, 90), "1.5/min");
        assert_eq!(of(Lately::HOUR, 36_000_000), "10000.0/s");
    }
}
