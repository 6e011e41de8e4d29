//! What xtask says while it works: on stderr, so that stdout holds results only.

use std::time::Duration;

/// Announces a step before it starts.
pub fn step(what: &str) {
    eprintln!("→ {what}");
}

/// A remark about the step before it.
pub fn note(what: &str) {
    eprintln!("  {what}");
}

/// A duration as people say it: `0.4 s`, `38 s`, `4 min 05 s`.
pub fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..100 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_unit_that_fits() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(38)), "38 s");
        assert_eq!(spoken(Duration::from_secs(245)), "4 min 05 s");
    }
}
