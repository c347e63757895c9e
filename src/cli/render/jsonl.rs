//! One plain JSON object a row, in the order of the columns; times in milliseconds.

use super::envelope::{plain, quoted};
use super::listing::Listing;

/// Returns a listing as JSON lines.
#[must_use]
pub(super) fn render(listing: &Listing) -> String {
    let mut text = String::new();
    for row in &listing.rows {
        text.push('{');
        for (index, (column, cell)) in listing.columns.iter().zip(row).enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&quoted(column.name));
            text.push(':');
            text.push_str(&plain(cell));
        }
        text.push_str("}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::listing::samples;
    use super::render;

    #[test]
    fn a_row_is_an_object_on_one_line() {
        let text = render(&samples::topics());
        assert_eq!(
            text.lines().next(),
            Some(
                r#"{"topic":"fast-messages","partitions":3,"consumers":0,"physicalsize":1572864,"logicalsize":0,"maxlag":0}"#
            )
        );
        assert_eq!(text.lines().count(), 2);
    }
}
