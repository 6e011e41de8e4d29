//! Many runs become a median and a spread.

use serde::Serialize;

/// The middle of some figures, with the least and the most of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// The smallest.
    pub least: f64,
    /// The one in the middle, or between the two there.
    pub median: f64,
    /// The largest.
    pub most: f64,
}

impl Figures {
    /// Of at least one; all zero of none.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else {
            return Self { least: 0.0, median: 0.0, most: 0.0 };
        };
        let middle = sorted.len() / 2;
        let median = if sorted.len().is_multiple_of(2) {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        } else {
            sorted[middle]
        };
        Self { least, median, most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_of_whatever_order() {
        assert_eq!(Figures::of([3.0, 1.0, 2.0]), Figures { least: 1.0, median: 2.0, most: 3.0 });
        assert_eq!(Figures::of([4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(Figures::of([]).median, 0.0);
    }
}
