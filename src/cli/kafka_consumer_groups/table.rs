//! The tables of Kafka's tool: every row begins with the end of a line.

/// A column: its heading, and how wide it is at least.
pub(super) type Heading = (&'static str, usize);

/// How narrow a column of names may be.
pub(super) const NAME_WIDTH: usize = 15;

/// Returns a table; the last column is not filled up. It is followed by an end of a line.
#[must_use]
pub(super) fn table(headings: &[Heading], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(index, (_, least))| {
            let widest = rows.iter().map(|row| row[index].chars().count()).max();
            widest.unwrap_or(0).max(*least)
        })
        .collect();
    let mut text = String::new();
    let mut add = |cells: &mut dyn Iterator<Item = &str>| {
        text.push('\n');
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(cell);
            if index + 1 < widths.len() {
                let missing = widths[index].saturating_sub(cell.chars().count());
                text.extend(std::iter::repeat_n(' ', missing));
            }
        }
    };
    add(&mut headings.iter().map(|(title, _)| *title));
    for row in rows {
        add(&mut row.iter().map(String::as_str));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_at_least_so_wide() {
        let rows = vec![vec!["abc".to_owned(), "1".to_owned()]];
        assert_eq!(table(&[("A", 2), ("B", 9)], &rows), "\nA   B\nabc 1\n");
        assert_eq!(table(&[("A", 5), ("B", 9)], &[]), "\nA     B\n");
    }
}
