//! The middle of several measurements and how far they lie apart.

/// Measurements in rising order; at least one.
#[derive(Clone, Debug)]
pub(crate) struct Spread(Vec<f64>);

impl Spread {
    pub(crate) fn of(measured: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = measured.into_iter().collect();
        assert!(!sorted.is_empty(), "something was measured");
        sorted.sort_by(f64::total_cmp);
        Self(sorted)
    }

    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    pub(crate) fn lower_quartile(&self) -> f64 {
        self.at(0.25)
    }

    pub(crate) fn upper_quartile(&self) -> f64 {
        self.at(0.75)
    }

    pub(crate) fn least(&self) -> f64 {
        self.0[0]
    }

    /// The value below which `part` of the measurements lie.
    pub(crate) fn at(&self, part: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(part * last as f64).round() as usize]
    }
}
