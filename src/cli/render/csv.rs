//! Comma-separated values as RFC 4180 has them, in the order of the columns, lines ended by LF.

use super::listing::{Cell, Listing};

/// Returns a listing as CSV, its names first if asked for.
#[must_use]
pub(super) fn render(listing: &Listing, header: bool) -> String {
    let mut text = String::new();
    if header && !listing.columns.is_empty() {
        line(&mut text, listing.columns.iter().map(|column| column.name.to_owned()));
    }
    for row in &listing.rows {
        line(&mut text, row.iter().map(field));
    }
    text
}

fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push('\n');
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Absent => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::listing::{Column, Listing, Meaning, samples};
    use super::render;

    #[test]
    fn names_first_and_fields_quoted_when_they_must_be() {
        const PATHS: &[Column] =
            &[Column::new("path", Meaning::Text), Column::new("ttl", Meaning::Count)];
        let listing =
            Listing { columns: PATHS, rows: vec![vec!["/a,\"b\"\nc".into(), 5_u32.into()]] };
        assert_eq!(render(&listing, true), "path,ttl\n\"/a,\"\"b\"\"\nc\",5\n");
        assert_eq!(render(&samples::topics(), false).lines().count(), 2);
    }
}
