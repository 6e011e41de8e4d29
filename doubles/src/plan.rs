//! Faults that are planned for a number of uses, and how their words are read.

/// A fault, and for how many uses more; `None`: until the reset.
struct Planned<T> {
    what: T,
    left: Option<u32>,
}

/// The fault planned at one place, if any.
pub struct Plan<T>(Option<Planned<T>>);

impl<T> Default for Plan<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Clone> Plan<T> {
    /// Plans a fault for the next `times` uses, or until the reset; `None` ends what was planned.
    pub fn set(&mut self, what: Option<T>, times: Option<u32>) {
        self.0 = what.map(|what| Planned { what, left: times });
    }

    /// The fault of this use, which counts.
    pub fn next(&mut self) -> Option<T> {
        let plan = self.0.as_mut().filter(|plan| plan.left != Some(0))?;
        let what = plan.what.clone();
        plan.left = plan.left.map(|left| left - 1);
        if plan.left == Some(0) {
            self.0 = None;
        }
        Some(what)
    }

    /// The fault of the next use, which does not count yet.
    pub fn peek(&self) -> Option<&T> {
        self.0.as_ref().filter(|plan| plan.left != Some(0)).map(|plan| &plan.what)
    }

    /// For how many uses more; `None`: until the reset.
    pub fn left(&self) -> Option<u32> {
        self.0.as_ref().and_then(|plan| plan.left)
    }
}

/// One of the known words, or a refusal that names the option and them.
pub fn one_of<'a>(name: &str, value: &'a str, known: &[&str]) -> Result<&'a str, String> {
    if known.contains(&value) {
        Ok(value)
    } else {
        Err(format!("{name}: expected one of {}, found {value:?}", known.join(", ")))
    }
}

/// Whole milliseconds, or a refusal that names the option.
pub fn milliseconds(name: &str, value: &str) -> Result<u64, String> {
    let parsed = value.parse::<u32>().map(u64::from);
    parsed.map_err(|_| format!("{name}: expected milliseconds, found {value:?}"))
}

/// Seconds from now, at most ten years, with or without a sign; or a refusal that names the option.
pub fn seconds_from_now(name: &str, value: &str) -> Result<i64, String> {
    let parsed = value.parse::<i64>().ok().filter(|seconds| seconds.abs() <= 315_360_000);
    parsed.ok_or_else(|| format!("{name}: expected seconds from now, like +600, found {value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_lasts_as_many_uses_as_asked() {
        let mut plan = Plan::default();
        plan.set(Some("html"), Some(2));
        assert_eq!(plan.peek(), Some(&"html"));
        assert_eq!([plan.next(), plan.next(), plan.next()], [Some("html"), Some("html"), None]);
        plan.set(Some("hang"), None);
        assert!((0..10).all(|_| plan.next() == Some("hang")));
        plan.set(None, None);
        assert_eq!(plan.next(), None);
        plan.set(Some("html"), Some(0));
        assert_eq!(plan.peek(), None);
        assert_eq!(plan.next(), None);
    }
}
