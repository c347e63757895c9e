//! MapR's text table: field names in the order of a Java `HashMap`, two blanks between columns.
//!
//! Columns are padded to their widest cell, the last one is not: the printed samples of the real
//! tool have no blanks at the end of a line. Without rows nothing is printed, not even the names.

use crate::cli::failure::printable;
use crate::time::TimestampMs;

use super::calendar::one_word;
use super::column_order::hash_map_order;
use super::listing::{Cell, Listing, Meaning, Moment};

/// Returns a listing as MapR's tool prints it.
#[must_use]
pub(super) fn render(listing: &Listing, moment: &Moment, header: bool) -> String {
    if listing.rows.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = listing.columns.iter().map(|column| column.name).collect();
    let order = hash_map_order(&names);
    let mut lines: Vec<Vec<String>> = Vec::with_capacity(listing.rows.len() + 1);
    if header {
        lines.push(order.iter().map(|index| names[*index].to_owned()).collect());
    }
    for row in &listing.rows {
        let shown = order.iter().map(|index| {
            let meaning = listing.columns[*index].meaning;
            shown(&row[*index], meaning, moment)
        });
        lines.push(shown.collect());
    }
    let widths: Vec<usize> = (0..order.len())
        .map(|index| lines.iter().map(|line| line[index].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for line in &lines {
        let start = text.len();
        for (cell, width) in line.iter().zip(&widths) {
            text.push_str(cell);
            let blanks = width + 2 - cell.chars().count();
            text.extend(std::iter::repeat_n(' ', blanks));
        }
        let end = text[start..].trim_end_matches(' ').len();
        text.truncate(start + end);
        text.push('\n');
    }
    text
}

fn shown(cell: &Cell, meaning: Meaning, moment: &Moment) -> String {
    match (cell, meaning) {
        (Cell::Text(text), _) => printable(text),
        (Cell::Number(ms), Meaning::Instant) => one_word(TimestampMs(*ms), moment),
        (Cell::Number(number), _) => number.to_string(),
        (Cell::Truth(truth), _) => truth.to_string(),
        // One word, so that the columns can still be counted.
        (Cell::Absent, _) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::listing::{Listing, samples};
    use super::render;

    #[test]
    fn topics_are_listed_as_in_the_tutorial() {
        let expected = "\
partitions  maxlag  logicalsize  topic            consumers  physicalsize
3           0       0            fast-messages    0          1572864
1           0       0            summary-markers  0          0
";
        assert_eq!(render(&samples::topics(), &samples::moment(), true), expected);
        let without = render(&samples::topics(), &samples::moment(), false);
        assert!(without.starts_with("3  0  0  fast-messages    0  1572864\n"), "{without}");
    }

    #[test]
    fn nothing_found_prints_nothing() {
        let listing = Listing { columns: samples::TOPICS, rows: Vec::new() };
        assert_eq!(render(&listing, &samples::moment(), true), "");
    }
}
