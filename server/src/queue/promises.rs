//! When those who found the queue full are to come back.
//!
//! A promise holds no place: the ticket does, by the time its holder first asked. It only spreads the
//! returns, so that each comes back about when its turn is due, and it is remembered for each person so
//! that asking again neither loses the turn nor makes others wait.

use std::collections::HashMap;

use super::tree::Micros;

/// At most so many are remembered. More still get tickets; only one who asks again without it starts over.
const CAPACITY: usize = 1 << 17;
/// At most so many networks have a time of their own.
const NETWORKS: usize = 1 << 16;
/// The shortest time to come back after, in microseconds.
const LEAST: Micros = 1_000_000;
/// The longest: 100,000 at 20 a second need 5,000 s.
const MOST: Micros = 7_200_000_000;

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// When its holder first asked.
    pub since: Micros,
    /// When it is to come back.
    pub due: Micros,
    /// When the ticket ends: twice the wait.
    pub end: Micros,
}

/// The promises of one queue.
#[derive(Default)]
pub struct Promises {
    made: HashMap<u64, Promise>,
    /// The latest due turn of each widest network, or of all persons.
    latest: HashMap<u64, Micros>,
    /// When ended ones were looked for last.
    swept: Micros,
}

/// What a promise is made from.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Who shares the time: the widest network, or one key for all persons.
    pub share: u64,
    /// How long the requests that wait here need.
    pub ahead: Micros,
    /// How long a turn of this share takes on average.
    pub interval: Micros,
    /// Whether it stood in the queue or has a ticket, so that all who are before it were counted already.
    pub returns: bool,
    /// So much earlier than its turn one comes back, to stand in the queue in time.
    pub lead: Micros,
}

impl Promises {
    /// The promise of a person, if it still holds.
    pub fn of(&self, person: u64, now: Micros) -> Option<Promise> {
        self.made.get(&person).copied().filter(|promise| now < promise.end)
    }

    /// Makes a promise, or keeps the one there is.
    pub fn make(&mut self, person: u64, since: Micros, now: Micros, terms: Terms) -> Promise {
        let known = self.of(person, now);
        let turn = match known {
            // Not due yet: it came early.
            Some(known) if known.due > now => return Promise { since, ..known },
            // It came in time and still finds others before it, who were counted already.
            Some(_) => now + terms.ahead,
            None if terms.returns => now + terms.ahead,
            None => self.next(now, terms),
        };
        let wait = (turn - now).saturating_sub(terms.lead).max(LEAST);
        // A ticket tells whole seconds.
        let wait = wait.div_ceil(1_000_000) * 1_000_000;
        let promise = Promise { since, due: now + wait, end: now + 2 * wait };
        self.remember(person, promise, now);
        promise
    }

    /// The person was served, or asks no more.
    pub fn forget(&mut self, person: u64) {
        self.made.remove(&person);
    }

    /// How many are remembered.
    pub fn count(&self) -> usize {
        self.made.len()
    }

    fn next(&mut self, now: Micros, terms: Terms) -> Micros {
        let known = self.latest.contains_key(&terms.share);
        if !known && self.latest.len() >= NETWORKS {
            self.sweep(now);
        }
        let turn = now + terms.ahead + terms.interval;
        if !known && self.latest.len() >= NETWORKS {
            return turn;
        }
        let latest = self.latest.entry(terms.share).or_default();
        *latest = turn.max(*latest + terms.interval).min(now + MOST);
        *latest
    }

    fn remember(&mut self, person: u64, promise: Promise, now: Micros) {
        if self.made.len() >= CAPACITY {
            self.sweep(now);
        }
        if self.made.len() < CAPACITY || self.made.contains_key(&person) {
            self.made.insert(person, promise);
        }
    }

    /// Drops what has ended; once a second at most, since it looks at everything.
    fn sweep(&mut self, now: Micros) {
        if now.saturating_sub(self.swept) >= LEAST {
            self.swept = now;
            self.made.retain(|_, promise| now < promise.end);
            self.latest.retain(|_, latest| *latest > now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Micros = 1_000_000;
    const TERMS: Terms =
        Terms { share: 1, ahead: 5 * SECOND, interval: SECOND, returns: false, lead: 2 * SECOND };

    #[test]
    fn each_is_told_a_later_time_and_asking_again_changes_nothing() {
        let mut promises = Promises::default();
        let due = |promise: Promise| promise.due / SECOND;
        assert_eq!(due(promises.make(1, 0, 0, TERMS)), 4);
        assert_eq!(due(promises.make(2, 0, 0, TERMS)), 5);
        for _ in 0..100 {
            assert_eq!(due(promises.make(1, 0, SECOND, TERMS)), 4);
        }
        assert_eq!(due(promises.make(3, 0, 0, TERMS)), 6);
        assert_eq!(due(promises.make(4, 0, 0, Terms { share: 2, ..TERMS })), 4, "another network");
        let back = promises.make(1, 0, 4 * SECOND, Terms { ahead: 3 * SECOND, ..TERMS });
        assert_eq!((due(back), back.since), (5, 0));
    }

    #[test]
    fn a_promise_ends_after_twice_the_wait() {
        let mut promises = Promises::default();
        let promise = promises.make(1, 0, 0, TERMS);
        assert_eq!(promise.end, 8 * SECOND);
        assert!(promises.of(1, 8 * SECOND - 1).is_some() && promises.of(1, 8 * SECOND).is_none());
    }

    #[test]
    fn a_crowd_that_never_comes_back_fills_no_memory() {
        let mut promises = Promises::default();
        for person in 0..1_000_000 {
            promises.make(person, 0, person, Terms { share: person, ..TERMS });
        }
        assert!(promises.count() <= CAPACITY && promises.latest.len() <= NETWORKS);
        // A second after the last of them has ended there is room again.
        promises.make(u64::MAX, 0, 100 * SECOND, Terms { share: 7, ..TERMS });
        assert!(promises.count() <= 2 && promises.latest.len() <= 2);
    }
}
