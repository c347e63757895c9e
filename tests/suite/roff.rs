//! Plain text as roff and back.

/// The longest line of a page's source.
const LINE_CHARS_MAX: usize = 78;

/// Characters that roff takes for its own, each with how it is written.
const ESCAPES: [(char, &str); 7] = [
    ('\\', "\\e"),
    ('-', "\\-"),
    ('\'', "\\(aq"),
    ('`', "\\(ga"),
    ('^', "\\(ha"),
    ('~', "\\(ti"),
    ('…', "\\[u2026]"),
];

/// Escapes what roff would take for its own inside a line.
pub(crate) fn prose(plain: &str) -> String {
    let mut text = String::with_capacity(plain.len());
    for character in plain.chars() {
        match ESCAPES.iter().find(|(special, _)| *special == character) {
            Some((_, escape)) => text.push_str(escape),
            None => text.push(character),
        }
    }
    text
}

/// Returns roff as the argument of a request.
pub(crate) fn quoted(roff: &str) -> String {
    if roff.contains(' ') { format!("\"{roff}\"") } else { roff.to_owned() }
}

/// Returns a session as the lines of an example.
pub(crate) fn example(session: &str) -> String {
    session.lines().map(|line| format!("{}\n", guarded(&prose(line)))).collect()
}

/// Breaks roff into lines: one at least for each sentence, none too long or taken for a request.
pub(crate) fn request(roff: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = roff.split(' ').peekable();
    while let Some(word) = words.next() {
        if !line.is_empty() && line.len() + 1 + word.len() > LINE_CHARS_MAX {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        let next_is_capital = words.peek().is_some_and(|next| {
            let letters = next.trim_start_matches("\\fB").trim_start_matches("\\fI");
            letters.starts_with(|first: char| !first.is_ascii_lowercase())
        });
        if word.ends_with('.') && !word.ends_with("..") && next_is_capital {
            lines.push(std::mem::take(&mut line));
        }
    }
    lines.push(line);
    lines.iter().map(|line| guarded(line)).collect::<Vec<_>>().join("\n")
}

/// Keeps a line from being taken for a request.
fn guarded(line: &str) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() }
}

/// Returns a line of a manual page as a reader sees it.
pub(crate) fn unroffed(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let escape = format!("\\{escape}");
        let known = ESCAPES.iter().find(|(_, written)| escape.starts_with(written));
        let (shown, written) = match known {
            Some((character, written)) => (character.to_string(), written.len()),
            None if escape.starts_with("\\&") || escape.starts_with("\\%") => (String::new(), 2),
            None if escape.starts_with("\\f") => (String::new(), 3),
            None => ("\\".to_owned(), 1),
        };
        text.push_str(&shown);
        rest = &rest[before.len() + written..];
    }
    text + rest
}

#[test]
fn what_is_written_is_read_back() {
    for text in ["a -x 'b' `c` ~/^ \\n \\", "Offset:0\tde…", "plain"] {
        assert_eq!(unroffed(&prose(text)), text);
    }
    assert_eq!(unroffed("\\&.so \\fB\\-x\\fR"), ".so -x");
}

#[test]
fn a_sentence_begins_a_line_and_none_is_a_request() {
    assert_eq!(request("One. Two, e.g. this. .x"), "One.\nTwo, e.g. this.\n\\&.x");
}
