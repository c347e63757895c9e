//! Choosing from a listing: which rows, in what order, how many, and which columns.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;

use super::listing::{Cell, Column, Listing};

/// What is wanted of a listing; what is left out leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The columns, by name and in this order.
    pub(crate) columns: Option<Vec<String>>,
    /// The rows.
    pub(crate) filter: Option<Filter>,
    /// The column that the rows are sorted by.
    pub(crate) sort_by: Option<String>,
    /// The first row, counted from 0.
    pub(crate) start: usize,
    /// How many rows, at most.
    pub(crate) limit: Option<usize>,
}

/// A condition on rows: alternatives, each of comparisons that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    alternatives: Vec<Vec<Comparison>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    column: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The longer ones first, so that `>=` is not taken for `>`.
const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

/// Why nothing can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SelectionError {
    /// A name that no column has.
    NoColumn {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The text is no filter.
    NotAFilter {
        /// The rest of it, from where it cannot be read.
        at: String,
        /// What should stand there.
        wanted: &'static str,
    },
}

impl fmt::Display for SelectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColumn { name, known } => {
                write!(f, "there is no column `{name}`; there are {known}")
            }
            Self::NotAFilter { at, wanted } if at.is_empty() => {
                write!(f, "the filter ends where {wanted} should stand")
            }
            Self::NotAFilter { at, wanted } => {
                write!(f, "the filter has `{at}` where {wanted} should stand")
            }
        }
    }
}

impl Error for SelectionError {}

impl Selection {
    /// Applies the choice: rows that pass the filter, sorted, counted off; then the columns.
    /// The columns that are left are returned with the rows.
    ///
    /// # Errors
    ///
    /// A column is named that the listing does not have, whether it has rows or not.
    pub(crate) fn applied(
        &self,
        listing: Listing<'_>,
    ) -> Result<(Vec<Column>, Vec<Vec<Cell>>), SelectionError> {
        let Listing { columns, mut rows } = listing;
        if let Some(filter) = &self.filter {
            let places = filter.places(columns)?;
            rows.retain(|row| filter.passes(&places, row));
        }
        if let Some(name) = &self.sort_by {
            let at = place_of(columns, name)?;
            rows.sort_by(|one, other| order(&one[at], &other[at]));
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        let rows = rows.into_iter().skip(self.start).take(limit);
        let Some(names) = &self.columns else { return Ok((columns.to_vec(), rows.collect())) };
        let places: Vec<usize> =
            names.iter().map(|name| place_of(columns, name)).collect::<Result<_, _>>()?;
        let chosen = places.iter().map(|at| {
            let column = columns[*at];
            // Asked for by name, so shown everywhere.
            Column { title: column.title.or(Some(column.name)), is_extra: false, ..column }
        });
        let rows = rows.map(|row| places.iter().map(|at| row[*at].clone()).collect());
        Ok((chosen.collect(), rows.collect()))
    }
}

fn place_of(columns: &[Column], name: &str) -> Result<usize, SelectionError> {
    columns.iter().position(|column| column.name == name).ok_or_else(|| {
        let known: Vec<&str> = columns.iter().map(|column| column.name).collect();
        SelectionError::NoColumn { name: name.to_owned(), known: known.join(", ") }
    })
}

/// Numbers by size, then words by their letters; what is absent comes first.
fn order(one: &Cell, other: &Cell) -> Ordering {
    match (one, other) {
        (Cell::Number(one), Cell::Number(other)) => one.cmp(other),
        (one, other) => text_of(one).cmp(&text_of(other)),
    }
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Absent => String::new(),
    }
}

impl Filter {
    /// Reads `[field op "value"] and|or [field op "value"] …`, where brackets and quotes may be
    /// left out and `and` binds closer than `or`.
    ///
    /// # Errors
    ///
    /// The text is none.
    pub(crate) fn parse(text: &str) -> Result<Self, SelectionError> {
        let mut rest = text.trim_start();
        let mut alternatives = vec![Vec::new()];
        loop {
            let (comparison, behind) = comparison(rest)?;
            if let Some(all) = alternatives.last_mut() {
                all.push(comparison);
            }
            rest = behind.trim_start();
            if rest.is_empty() {
                return Ok(Self { alternatives });
            }
            if let Some(behind) = word(rest, "or") {
                alternatives.push(Vec::new());
                rest = behind;
            } else if let Some(behind) = word(rest, "and") {
                rest = behind;
            } else {
                return Err(not_a_filter(rest, "`and` or `or`"));
            }
        }
    }

    /// Where the columns of the comparisons are, in their order.
    fn places(&self, columns: &[Column]) -> Result<Vec<usize>, SelectionError> {
        let all = self.alternatives.iter().flatten();
        all.map(|comparison| place_of(columns, &comparison.column)).collect()
    }

    fn passes(&self, places: &[usize], row: &[Cell]) -> bool {
        let mut places = places.iter();
        let mut any = false;
        for all in &self.alternatives {
            let mut holds = true;
            for (comparison, place) in all.iter().zip(&mut places) {
                holds &= comparison.holds(&row[*place]);
            }
            any |= holds;
        }
        any
    }
}

impl Comparison {
    fn holds(&self, cell: &Cell) -> bool {
        let order = match (cell, self.value.parse::<i64>()) {
            (Cell::Number(number), Ok(value)) => number.cmp(&value),
            (cell, _) => text_of(cell).as_str().cmp(self.value.as_str()),
        };
        match self.operator {
            Operator::Equal => order.is_eq() || is_like(&text_of(cell), &self.value),
            Operator::NotEqual => order.is_ne() && !is_like(&text_of(cell), &self.value),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Whether `*` in the pattern can stand for something so that it becomes the text.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((front, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(front) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    true
}

/// Reads one comparison and returns it with what is behind it.
fn comparison(text: &str) -> Result<(Comparison, &str), SelectionError> {
    let (is_bracketed, text) = match text.strip_prefix('[') {
        Some(inside) => (true, inside.trim_start()),
        None => (false, text),
    };
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (column, behind) = text.split_at(end);
    if column.is_empty() {
        return Err(not_a_filter(text, "the name of a column"));
    }
    let behind = behind.trim_start();
    let found = OPERATORS.iter().find_map(|(sign, operator)| {
        behind.strip_prefix(sign).map(|behind| (*operator, behind.trim_start()))
    });
    let Some((operator, behind)) = found else {
        return Err(not_a_filter(behind, "one of == != > < >= <="));
    };
    let (value, behind) = value(behind, is_bracketed)?;
    let behind = if is_bracketed {
        let behind = behind.trim_start();
        behind.strip_prefix(']').ok_or_else(|| not_a_filter(behind, "`]`"))?
    } else {
        behind
    };
    Ok((Comparison { column: column.to_owned(), operator, value: value.to_owned() }, behind))
}

/// Reads a value: in quotes, else up to a blank, or up to the bracket if there is one.
fn value(text: &str, is_bracketed: bool) -> Result<(&str, &str), SelectionError> {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            let closed = inside.split_once(quote);
            return closed.ok_or_else(|| not_a_filter("", "the quote that closes the value"));
        }
    }
    let ends = |c: char| c.is_whitespace() || (is_bracketed && c == ']');
    let (value, behind) = text.split_at(text.find(ends).unwrap_or(text.len()));
    if value.is_empty() {
        return Err(not_a_filter(text, "a value"));
    }
    Ok((value, behind))
}

/// Returns what is behind `word`, if the text begins with it and something else follows.
fn word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let front = text.get(..word.len())?;
    let behind = &text[word.len()..];
    let ends = behind.starts_with(|c: char| c.is_whitespace() || c == '[') || behind.is_empty();
    (front.eq_ignore_ascii_case(word) && ends).then(|| behind.trim_start())
}

fn not_a_filter(at: &str, wanted: &'static str) -> SelectionError {
    SelectionError::NotAFilter { at: at.to_owned(), wanted }
}

#[cfg(test)]
mod tests {
    use super::super::listing::{Cell, Column, Listing, Meaning};
    use super::{Filter, Selection, is_like};

    const COLUMNS: &[Column] = &[
        Column::new("topic", Meaning::Text),
        Column::new("partitions", Meaning::Count),
        Column::new("busy", Meaning::Text).titled(None).extra(),
    ];

    fn listing() -> Listing<'static> {
        let row = |name: &str, partitions: u32, busy: bool| -> Vec<Cell> {
            vec![name.into(), partitions.into(), busy.into()]
        };
        let rows = vec![
            row("b-trucks", 10, true),
            row("a", 9, false),
            row("b-cars", 9, true),
            vec![Cell::Absent, 0_u32.into(), false.into()],
        ];
        Listing { columns: COLUMNS, rows }
    }

    fn chosen(selection: &Selection) -> String {
        let (_, rows) = selection.applied(listing()).unwrap();
        let names = rows.iter().map(|row| super::text_of(&row[0]));
        names.collect::<Vec<_>>().join(" ")
    }

    fn filtered(text: &str) -> String {
        let filter = Some(Filter::parse(text).unwrap());
        chosen(&Selection { filter, ..Selection::default() })
    }

    #[test]
    fn rows_are_filtered_as_mapr_writes_it() {
        assert_eq!(filtered("[topic==\"b-*\"]"), "b-trucks b-cars");
        assert_eq!(filtered("[topic == \"b-*\"] and [partitions < 10]"), "b-cars");
        assert_eq!(filtered("[topic==b-*]and[partitions>=10]"), "b-trucks");
        assert_eq!(filtered("topic==a"), "a");
        assert_eq!(filtered("topic==a or partitions>9"), "b-trucks a");
        assert_eq!(filtered("partitions > 9"), "b-trucks", "10 is more than 9 as a number");
        assert_eq!(filtered("[topic!=\"b*\"] AND [partitions != 0]"), "a");
        assert_eq!(filtered("topic==''"), "", "the absent one's name is empty, and it passes");
        assert_eq!(filtered("busy==true and partitions<=9 or topic==a"), "a b-cars");
        assert_eq!(filtered("topic==nothing"), "");
    }

    #[test]
    fn what_is_no_filter_is_refused_where_it_stops_being_one() {
        let text = |text| Filter::parse(text).unwrap_err().to_string();
        assert_eq!(text(""), "the filter ends where the name of a column should stand");
        assert_eq!(text("topic"), "the filter ends where one of == != > < >= <= should stand");
        assert_eq!(
            text("topic = a"),
            "the filter has `= a` where one of == != > < >= <= should stand"
        );
        assert_eq!(text("topic=="), "the filter ends where a value should stand");
        assert_eq!(
            text("topic==\"a"),
            "the filter ends where the quote that closes the value should stand"
        );
        assert_eq!(text("[topic==a"), "the filter ends where `]` should stand");
        assert_eq!(
            text("topic==a xor b==c"),
            "the filter has `xor b==c` where `and` or `or` should stand"
        );
        assert_eq!(text("topic==a and"), "the filter ends where the name of a column should stand");
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (text, pattern) in [
            ("", "*"),
            ("abc", "*"),
            ("abc", "a*c"),
            ("abc", "a*b*c"),
            ("aXbXbc", "a*bc"),
            ("a", "a*"),
        ] {
            assert!(is_like(text, pattern), "{text} {pattern}");
        }
        for (text, pattern) in
            [("abc", "a*b"), ("ab", "ab*b"), ("a", "b*"), ("aa", "a"), ("x", "*y*")]
        {
            assert!(!is_like(text, pattern), "{text} {pattern}");
        }
    }

    #[test]
    fn rows_are_sorted_and_counted_off_and_columns_chosen() {
        let all = Selection { sort_by: Some("partitions".to_owned()), ..Selection::default() };
        assert_eq!(chosen(&all), " a b-cars b-trucks", "numbers by size, ties as they were");
        let two = Selection { start: 1, limit: Some(2), ..all.clone() };
        assert_eq!(chosen(&two), "a b-cars");
        assert_eq!(chosen(&Selection { start: 9, ..all.clone() }), "");
        assert_eq!(chosen(&Selection { limit: Some(0), ..all }), "");
        let names = Some(vec!["busy".to_owned(), "topic".to_owned()]);
        let selection = Selection { columns: names, limit: Some(1), ..Selection::default() };
        let (columns, rows) = selection.applied(listing()).unwrap();
        let shown: Vec<_> = columns.iter().map(|column| (column.name, column.title)).collect();
        assert_eq!(shown, [("busy", Some("busy")), ("topic", Some("topic"))]);
        assert!(!columns[0].is_extra);
        assert_eq!(rows, [vec![Cell::Truth(true), "b-trucks".into()]]);
    }

    #[test]
    fn an_unknown_column_is_answered_with_those_that_exist() {
        let empty = || Listing { columns: COLUMNS, rows: Vec::new() };
        let name = || "size".to_owned();
        for selection in [
            Selection { columns: Some(vec![name()]), ..Selection::default() },
            Selection { sort_by: Some(name()), ..Selection::default() },
            Selection { filter: Some(Filter::parse("size>1").unwrap()), ..Selection::default() },
        ] {
            let error = selection.applied(empty()).unwrap_err().to_string();
            assert_eq!(error, "there is no column `size`; there are topic, partitions, busy");
        }
    }
}
