//! A table for people: units, numbers on the right, no wider than the terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::cli::failure::printable;
use crate::time::TimestampMs;

use super::calendar::{duration, for_people};
use super::listing::{Cell, Column, Listing, Meaning, Moment, Page};

/// Above so many columns a single row is printed as a list of names and values; so is one that the
/// terminal is too narrow for.
const COLUMNS_MAX: usize = 9;

/// Returns a listing as a table for a terminal.
#[must_use]
pub(super) fn render(listing: &Listing, moment: &Moment, page: Page) -> String {
    if listing.rows.is_empty() {
        return String::new();
    }
    let titles: Vec<(usize, &str, &Column)> = listing
        .columns
        .iter()
        .enumerate()
        .filter_map(|(index, column)| Some((index, column.title?, column)))
        .collect();
    let as_list = match listing.rows.as_slice() {
        [row] => titles.len() > COLUMNS_MAX || width_of(row, &titles, moment) > page.width.into(),
        _ => false,
    };
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(page.width);
    if as_list {
        for (index, title, column) in &titles {
            let value = shown(&listing.rows[0][*index], column.meaning, moment);
            table.add_row([(*title).to_owned(), value]);
        }
    } else {
        if page.header {
            table.set_header(titles.iter().map(|(_, title, _)| *title));
        }
        for row in &listing.rows {
            let cells = titles.iter();
            table.add_row(
                cells.map(|(index, _, column)| shown(&row[*index], column.meaning, moment)),
            );
        }
        for (index, (_, _, column)) in titles.iter().enumerate() {
            if is_on_the_right(column)
                && let Some(column) = table.column_mut(index)
            {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    trimmed(&table.to_string(), page.colour && page.header && !as_list)
}

/// Returns how wide a table of one row is, with two blanks between its columns.
fn width_of(row: &[Cell], titles: &[(usize, &str, &Column)], moment: &Moment) -> usize {
    let cell = |(index, title, column): &(usize, &str, &Column)| {
        let value = shown(&row[*index], column.meaning, moment);
        value.chars().count().max(title.chars().count())
    };
    titles.iter().map(cell).sum::<usize>() + 2 * titles.len().saturating_sub(1)
}

/// Drops the blanks at the ends of lines and makes the first line bold if asked for.
fn trimmed(table: &str, bold_header: bool) -> String {
    let mut text = String::with_capacity(table.len());
    for (number, line) in table.lines().enumerate() {
        let line = line.trim_end();
        if number == 0 && bold_header {
            text.push_str("\u{1b}[1m");
            text.push_str(line);
            text.push_str("\u{1b}[0m");
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

fn is_on_the_right(column: &Column) -> bool {
    !matches!(column.meaning, Meaning::Text | Meaning::Instant)
}

fn shown(cell: &Cell, meaning: Meaning, moment: &Moment) -> String {
    let number = match cell {
        Cell::Text(text) => return printable(text),
        Cell::Truth(truth) => return if *truth { "yes" } else { "no" }.to_owned(),
        Cell::Absent => return "-".to_owned(),
        Cell::Number(number) => *number,
    };
    match meaning {
        Meaning::Text | Meaning::Count => number.to_string(),
        Meaning::Bytes => bytes(number),
        Meaning::Milliseconds => duration(number),
        Meaning::TimeToLive if number == 0 => "for ever".to_owned(),
        Meaning::TimeToLive => duration(number.saturating_mul(1000)),
        // MapR's way to say that there is none.
        Meaning::Instant if number <= 0 => "-".to_owned(),
        Meaning::Instant => for_people(TimestampMs(number), moment),
    }
}

/// Returns a number of bytes with its unit: `512 B`, `1.5 MiB`.
#[must_use]
pub(crate) fn bytes(number: i64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if number < 1024 {
        return format!("{number} B");
    }
    let mut tenths = i128::from(number) * 10 / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::super::listing::{Page, samples};
    use super::{bytes, render};

    #[test]
    fn numbers_have_units_and_stand_on_the_right() {
        let page = samples::PAGE;
        let expected = "\
topic            partitions  consumers  physicalsize  logicalsize  maxlag
fast-messages             3          0       1.5 MiB          0 B    0 ms
summary-markers           1          0           0 B          0 B    0 ms
";
        assert_eq!(render(&samples::topics(), &samples::moment(), page), expected);
    }

    #[test]
    fn a_narrow_terminal_is_respected_and_colour_only_when_asked() {
        let page = Page { width: 40, colour: true, ..samples::PAGE };
        let text = render(&samples::topics(), &samples::moment(), page);
        assert!(text.starts_with("\u{1b}[1m"), "{text:?}");
        let plain = text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        assert!(plain.lines().all(|line| line.chars().count() <= 40), "{plain}");
    }

    #[test]
    fn sizes_have_two_figures_of_sense() {
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(1024), "1.0 KiB");
        assert_eq!(bytes(i64::MAX), "7.9 EiB");
    }
}
