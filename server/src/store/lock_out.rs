//! How long a client has to wait after wrong passwords.

use std::time::Duration;

/// A growing lock-out: some guesses are free, each further one doubles the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockOut {
    /// How many guesses follow each other without a wait, at least one.
    pub free: u32,
    /// The wait after the last free guess.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// How long after the last guess, and after its wait, all are forgotten.
    pub memory: Duration,
}

impl LockOut {
    /// The wait that follows the `count`-th guess.
    pub fn wait_after(&self, count: u32) -> Duration {
        match count.checked_sub(self.free.max(1)) {
            None => Duration::ZERO,
            Some(doublings) => {
                let factor = 1u32.checked_shl(doublings).unwrap_or(u32::MAX);
                self.first.saturating_mul(factor).min(self.longest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_the_longest() {
        let rule = LockOut {
            free: 5,
            first: Duration::from_secs(30),
            longest: Duration::from_secs(3600),
            memory: Duration::from_secs(86_400),
        };
        let waits = [1, 4, 5, 6, 7, 11, 12, 13, 36, 37, 38, u32::MAX]
            .map(|count| rule.wait_after(count).as_secs());
        assert_eq!(waits, [0, 0, 30, 60, 120, 1920, 3600, 3600, 3600, 3600, 3600, 3600]);
        assert_eq!(LockOut { free: 0, ..rule }.wait_after(1), rule.first);
    }
}
