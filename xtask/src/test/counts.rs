//! Reads the totals that the test runners print.

use std::fmt;
use std::ops::Add;

/// How many tests passed, failed and were skipped, and what the runner said of those that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed; a check without tests of its own is one.
    pub passed: u64,
    /// Tests that failed or did not come to an end.
    pub failed: u64,
    /// Tests that were left out.
    pub skipped: u64,
    /// The runner's own words, to be read again at the end of a long run.
    pub failures: String,
    /// What a tool that is missing would have run, each with how to install it.
    pub not_run: Vec<String>,
}

impl Counts {
    /// A check that passed and has no tests of its own.
    pub fn one() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// A test that was left out for want of a tool.
    pub fn not_run(reason: &str) -> Self {
        Self { skipped: 1, not_run: vec![reason.to_owned()], ..Self::default() }
    }

    /// Sums cargo's and wasm-bindgen's lines:
    /// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; …`.
    pub fn of_cargo(output: &str) -> Self {
        let results = output.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
        // What the failed tests printed, then their names, each under `failures:`.
        let is_head = |line: &&str| *line == "failures:";
        let is_end = |line: &&str| line.starts_with("test result: ");
        let none = Self { failures: between(output, is_head, is_end), ..Self::default() };
        results.fold(none, |sum, result| {
            let words: Vec<&str> = result.split([' ', ';']).filter(|w| !w.is_empty()).collect();
            let before = |name: &str| {
                let at = words.iter().position(|word| *word == name);
                at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
            };
            let (passed, failed) = (before("passed"), before("failed"));
            sum + Self { passed, failed, skipped: before("ignored"), ..Self::default() }
        })
    }

    /// Sums the closing lines of Node's runner: `ℹ pass 12`, `ℹ fail 0`, `ℹ cancelled 0`, …
    pub fn of_node(output: &str) -> Self {
        let is_head = |line: &&str| line.ends_with("failing tests:");
        let none = Self { failures: between(output, is_head, |_| false), ..Self::default() };
        output.lines().fold(none, |sum, line| {
            let mut words = line.trim_start_matches(['ℹ', '#', ' ']).split_whitespace();
            let (Some(name), Some(Ok(count)), None) =
                (words.next(), words.next().map(str::parse), words.next())
            else {
                return sum;
            };
            sum + match name {
                "pass" => Self { passed: count, ..Self::default() },
                "fail" | "cancelled" => Self { failed: count, ..Self::default() },
                "skipped" | "todo" => Self { skipped: count, ..Self::default() },
                _ => Self::default(),
            }
        })
    }

    /// The same, with a failure more where the runner itself failed and counted none.
    pub fn unless_failed(self, success: bool) -> Self {
        let uncounted = u64::from(!success && self.failed == 0);
        Self { failed: self.failed + uncounted, ..self }
    }
}

/// The lines from each head to the next end, without these two.
fn between(output: &str, head: impl Fn(&&str) -> bool, end: impl Fn(&&str) -> bool) -> String {
    let mut within = false;
    let mut text = String::new();
    for line in output.lines() {
        if head(&line) || end(&line) {
            within = head(&line);
        } else if within {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
            failures: self.failures + &other.failures,
            not_run: [self.not_run, other.not_run].concat(),
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(out, ", {skipped} skipped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_totals_are_summed() {
        let output = "test a ... ok\n\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out; finished in 1s\n";
        let counts = Counts { passed: 15, failed: 2, skipped: 1, ..Counts::default() };
        assert_eq!(Counts::of_cargo(output), counts);
    }

    #[test]
    fn nodes_totals_are_read_in_either_form() {
        let output = "✔ a call (12ms)\nℹ tests 9\nℹ pass 7\nℹ fail 1\nℹ cancelled 1\nℹ skipped 2\n";
        let counts = Counts { passed: 7, failed: 2, skipped: 2, ..Counts::default() };
        assert_eq!(Counts::of_node(output), counts);
        assert_eq!(Counts::of_node(&output.replace('ℹ', "#")), counts);
    }

    #[test]
    fn a_runner_that_dies_without_a_total_has_failed_once() {
        assert_eq!(Counts::of_cargo("error: could not compile").unless_failed(false).failed, 1);
        assert_eq!(Counts::one().unless_failed(true), Counts::one());
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_if_there_are_any() {
        let mut counts = Counts { passed: 3, failed: 1, ..Counts::default() };
        assert_eq!(counts.to_string(), "3 passed, 1 failed");
        counts.skipped = 2;
        assert_eq!(counts.to_string(), "3 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn the_words_of_a_failure_are_kept() {
        let cargo = "running 2 tests\ntest a ... FAILED\n\nfailures:\n\n---- a stdout ----\nleft: 1\n\n\
            failures:\n    a\n\ntest result: FAILED. 1 passed; 1 failed\n\nrunning 1 test\n";
        assert_eq!(Counts::of_cargo(cargo).failures, "\n---- a stdout ----\nleft: 1\n\n    a\n\n");
        let node = "✔ a (1ms)\nℹ fail 1\n\n✖ failing tests:\n\ntest at b.mjs:1:1\n✖ b (2ms)\n";
        assert_eq!(Counts::of_node(node).failures, "\ntest at b.mjs:1:1\n✖ b (2ms)\n");
        assert_eq!(Counts::of_node("✔ a (1ms)\nℹ fail 0\n").failures, "");
    }
}
