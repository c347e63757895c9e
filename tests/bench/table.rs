//! One figure beside its target, and the table of all in `BENCHMARKS.md`.

use std::fmt::Write as _;
use std::path::Path;

use crate::spread::Spread;

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// Something that was measured and has an upper bound.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) measured: Spread,
    /// The value that counts; usually the median.
    pub(crate) value: f64,
    pub(crate) target: f64,
    /// What stands behind the number: ` ×`, ` ms`, …
    pub(crate) unit: &'static str,
}

impl Figure {
    pub(crate) fn new(
        name: impl Into<String>,
        measured: Spread,
        target: f64,
        unit: &'static str,
    ) -> Self {
        let value = measured.median();
        Self { name: name.into(), measured, value, target, unit }
    }

    pub(crate) fn is_met(&self, allowance: f64) -> bool {
        self.value <= self.target * allowance
    }

    pub(crate) fn line(&self, allowance: f64) -> String {
        let verdict = if self.is_met(allowance) { "" } else { "   MISSED" };
        let Self { name, unit, .. } = self;
        format!(
            "{name:<58} {:>9}{unit}  (quartiles {} to {}; at most {}{unit}){verdict}",
            number(self.value),
            number(self.measured.lower_quartile()),
            number(self.measured.upper_quartile()),
            number(self.target),
        )
    }

    fn row(&self) -> String {
        let Self { name, unit, .. } = self;
        format!(
            "| {name} | {}{unit} | {} to {} | {}{unit} | {} |",
            number(self.value),
            number(self.measured.lower_quartile()),
            number(self.measured.upper_quartile()),
            number(self.target),
            if self.is_met(1.0) { "yes" } else { "**no**" },
        )
    }
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Replaces the table between the markers.
pub(crate) fn write(ground: &str, figures: &[Figure]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("BENCHMARKS.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the marker before the table");
    let (_, after) = rest.split_once(END).expect("the marker behind the table");
    let mut table = format!("{BEGIN}\n{ground}\n\n");
    table.push_str("| what | measured | quartiles | at most | met |\n|---|---|---|---|---|\n");
    for figure in figures {
        writeln!(table, "{}", figure.row()).unwrap();
    }
    std::fs::write(&path, format!("{before}{table}\n{END}{after}")).unwrap();
}
