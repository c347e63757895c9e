//! MapR's text table: field names in the order of a Java `HashMap`, two blanks between columns.
//!
//! Columns are padded to their widest cell, the last one is not: the printed samples of the real
//! tool have no blanks at the end of a line. Without rows nothing is printed, not even the names.

use crate::cli::failure::printable;
use crate::time::TimestampMs;

use super::calendar::one_word;
use super::column_order::hash_map_order;
use super::listing::{Cell, Listing, Meaning, Moment, Page};

/// Returns a listing as MapR's tool prints it.
#[must_use]
pub(super) fn render(listing: &Listing, moment: &Moment, page: Page) -> String {
    if listing.rows.is_empty() {
        return String::new();
    }
    let own: Vec<usize> =
        (0..listing.columns.len()).filter(|index| !listing.columns[*index].is_extra).collect();
    let names: Vec<&str> = own.iter().map(|index| listing.columns[*index].name).collect();
    let order: Vec<usize> = if page.as_named {
        own
    } else {
        hash_map_order(&names).into_iter().map(|index| own[index]).collect()
    };
    let mut lines: Vec<Vec<String>> = Vec::with_capacity(listing.rows.len() + 1);
    if page.header {
        let names = order.iter().map(|index| listing.columns[*index].name.to_owned());
        lines.push(names.collect());
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
        // One word, so that the columns can still be counted.
        (Cell::Text(text), _) if text.is_empty() => "-".to_owned(),
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
    use super::super::listing::{Column, Listing, Meaning, Page, samples};
    use super::render;

    #[test]
    fn topics_are_listed_as_in_the_tutorial() {
        let expected = "\
partitions  maxlag  logicalsize  topic            consumers  physicalsize
3           0       0            fast-messages    0          1572864
1           0       0            summary-markers  0          0
";
        assert_eq!(render(&samples::topics(), &samples::moment(), samples::PAGE), expected);
        let page = Page { header: false, ..samples::PAGE };
        let without = render(&samples::topics(), &samples::moment(), page);
        assert!(without.starts_with("3  0  0  fast-messages    0  1572864\n"), "{without}");
    }

    #[test]
    fn what_mapr_does_not_have_is_left_out_and_what_is_named_keeps_its_order() {
        let columns = [
            Column::new("topic", Meaning::Text),
            Column::new("partitions", Meaning::Count),
            Column::new("ours", Meaning::Count).extra(),
        ];
        let rows = || vec![vec!["t".into(), 3_u32.into(), 7_u32.into()]];
        let listing = Listing { columns: &columns, rows: rows() };
        let text = render(&listing, &samples::moment(), samples::PAGE);
        assert_eq!(text, "partitions  topic\n3           t\n");
        let page = Page { as_named: true, ..samples::PAGE };
        let text = render(&listing, &samples::moment(), page);
        assert_eq!(text, "topic  partitions\nt      3\n");
    }

    #[test]
    fn nothing_found_prints_nothing() {
        let listing = Listing { columns: samples::TOPICS, rows: Vec::new() };
        assert_eq!(render(&listing, &samples::moment(), samples::PAGE), "");
    }
}
