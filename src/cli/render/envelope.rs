//! MapR's JSON envelope, byte for byte: tabs, no blank after a colon, keys in order.

use std::fmt::Write;

use crate::cli::failure::Failure;
use crate::time::TimestampMs;

use super::calendar::{mapr_instant, time_of_day};
use super::listing::{Cell, Listing, Meaning, Moment};

/// Returns a listing in the envelope.
#[must_use]
pub(super) fn render(listing: &Listing, moment: &Moment) -> String {
    let mut text = opening(moment, "OK");
    // Writing to a String cannot fail.
    let _ = write!(text, "\t\"total\":{},\n\t\"data\":[\n", listing.rows.len());
    if listing.rows.is_empty() {
        text.push('\n');
    }
    for (number, row) in listing.rows.iter().enumerate() {
        text.push_str(if number == 0 { "\t\t{\n" } else { ",\n\t\t{\n" });
        for (index, (column, cell)) in listing.columns.iter().zip(row).enumerate() {
            let comma = if index == 0 { "" } else { ",\n" };
            let value = match (cell, column.meaning) {
                (Cell::Number(ms), Meaning::Instant) => {
                    quoted(&mapr_instant(TimestampMs(*ms), moment))
                }
                (cell, _) => plain(cell),
            };
            let _ = write!(text, "{comma}\t\t\t{}:{value}", quoted(column.name));
        }
        text.push_str("\n\t\t}");
    }
    if !listing.rows.is_empty() {
        text.push('\n');
    }
    text.push_str("\t]\n}\n");
    text
}

/// Returns the envelope of a command that failed.
#[must_use]
pub(crate) fn error_envelope(failure: &Failure, moment: &Moment) -> String {
    let mut text = opening(moment, "ERROR");
    let _ = write!(
        text,
        "\t\"errors\":[\n\t\t{{\n\t\t\t\"id\":{},\n\t\t\t\"desc\":{}\n\t\t}}\n\t]\n}}\n",
        failure.exit.mapr_id(),
        quoted(&failure.to_string())
    );
    text
}

fn opening(moment: &Moment, status: &str) -> String {
    format!(
        "{{\n\t\"timestamp\":{},\n\t\"timeofday\":\"{}\",\n\t\"status\":\"{status}\",\n",
        moment.now,
        time_of_day(moment)
    )
}

/// Returns a cell as a JSON value.
#[must_use]
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => quoted(text),
        Cell::Number(number) => number.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Absent => "null".to_owned(),
    }
}

/// Returns a JSON string.
#[must_use]
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::listing::{Listing, samples};
    use super::{error_envelope, render};
    use crate::cli::failure::{Exit, Failure};

    #[test]
    fn an_empty_answer_is_the_sample_of_the_real_tool() {
        let expected = "{\n\t\"timestamp\":1531753300025,\n\t\"timeofday\":\"2018-07-16 03:01:40.025 \
                        GMT+0000 PM\",\n\t\"status\":\"OK\",\n\t\"total\":0,\n\t\"data\":[\n\n\t]\n}\n";
        assert_eq!(render(&Listing::empty(), &samples::moment()), expected);
    }

    #[test]
    fn rows_are_indented_and_each_field_has_its_line() {
        let text = render(&samples::topics(), &samples::moment());
        let data = text.split_once("\"data\":[\n").unwrap().1;
        let first = "\t\t{\n\t\t\t\"topic\":\"fast-messages\",\n\t\t\t\"partitions\":3,\n";
        assert!(data.starts_with(first), "{data}");
        assert!(data.contains("\t\t\t\"maxlag\":0\n\t\t},\n\t\t{\n"), "{data}");
        assert!(data.ends_with("\t\t\t\"maxlag\":0\n\t\t}\n\t]\n}\n"), "{data}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["total"], 2);
        assert_eq!(value["data"][1]["topic"], "summary-markers");
    }

    #[test]
    fn a_failure_has_its_errno_and_sentence() {
        let failure = Failure::message(Exit::NotFound, "stream `/s\"` does not exist");
        let text = error_envelope(&failure, &samples::moment());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["status"], "ERROR");
        assert_eq!(value["errors"][0]["id"], 2);
        assert_eq!(value["errors"][0]["desc"], "stream `/s\"` does not exist");
    }
}
