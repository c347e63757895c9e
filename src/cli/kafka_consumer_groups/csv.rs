//! The plans that `--export` prints and `--from-file` reads: comma-separated values, no heading.

/// Returns a line of fields; they are quoted only where they have to be.
#[must_use]
pub(super) fn line(fields: &[&str]) -> String {
    let quoted = |field: &&str| match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => (*field).to_owned(),
    };
    let mut text = fields.iter().map(quoted).collect::<Vec<_>>().join(",");
    text.push('\n');
    text
}

/// Reads lines of fields, blank ones left out; `None` for a quote that is not closed.
#[must_use]
pub(super) fn parse(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.is_empty() => quoted = !quoted,
            _ if quoted => field.push(character),
            ',' => row.push(std::mem::take(&mut field)),
            '\n' => end_row(&mut rows, &mut row, &mut field),
            '\r' if matches!(rest.peek(), None | Some('\n')) => {}
            _ => field.push(character),
        }
    }
    end_row(&mut rows, &mut row, &mut field);
    (!quoted).then_some(rows)
}

fn end_row(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, field: &mut String) {
    row.push(std::mem::take(field));
    let row = std::mem::take(row);
    if row.len() > 1 || row.iter().any(|field| !field.trim().is_empty()) {
        rows.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::{line, parse};

    #[test]
    fn what_is_printed_is_read_back() {
        let text = line(&["a,b", "say \"x\"", "t", "0"]) + &line(&["g", "t", "1", "2"]) + "\n";
        assert!(text.starts_with("\"a,b\",\"say \"\"x\"\"\",t,0\n"), "{text}");
        let rows = parse(&text).unwrap();
        assert_eq!(rows, [["a,b", "say \"x\"", "t", "0"], ["g", "t", "1", "2"]]);
        assert_eq!(parse("a,b\r\n\r\nc,").unwrap(), [["a", "b"], ["c", ""]]);
        assert_eq!(parse("a,\"b\n"), None);
    }
}
