//! One queue: who is served next, who waits, and who is to come back with a ticket.
//!
//! Persons are served in rounds, one request each. Every fifth turn belongs to the network that was served
//! least in its round, so that a few who ask from elsewhere do not wait behind an office of 500; the other
//! four fifths are shared by person alone. Visitors are served by network, see [`super::Who`].

use super::promises::{Promise, Promises, Terms};
use super::tree::{Micros, Place, Request, Tree};
use super::who::Who;

/// Every so many turns, one goes by network and not by person.
const NETWORK_TURN: u64 = 5;
/// Keys of all levels; more share their parents' buckets.
pub const KEYS: usize = 1 << 17;
/// How long the count of others' requests is believed.
const OTHERS: Micros = 1_000_000;
/// Requests that wait at once; a connection each.
const REQUESTS: usize = 1 << 16;

/// A request that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    by_person: Option<Place>,
    by_network: Place,
    person: u64,
    since: Micros,
}

/// A request's number in the queue.
pub type Number = Request;

/// How fast a queue is served, and how long one may wait in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The time between two turns.
    pub interval: Micros,
    /// A request that would wait longer is given a ticket.
    pub deadline: Micros,
}

/// A queue, as a pure function of its caller's clock.
pub struct Fair {
    rules: Rules,
    by_person: Tree,
    by_network: Tree,
    waiting: Vec<Option<Waiting>>,
    free: Vec<Number>,
    promises: Promises,
    turns: u64,
    others: (u64, Micros),
}

impl Fair {
    /// An empty queue.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            by_person: Tree::new(KEYS),
            by_network: Tree::new(KEYS),
            waiting: Vec::new(),
            free: Vec::new(),
            promises: Promises::default(),
            turns: 0,
            others: (0, 0),
        }
    }

    /// Changes how fast it is served. Those who wait stay.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Notes how many wait at other instances that share the budget. Counts for a second.
    pub fn set_others(&mut self, others: u64, now: Micros) {
        self.others = (others, now);
    }

    fn others(&self, now: Micros) -> u64 {
        let (others, noted) = self.others;
        if now.saturating_sub(noted) < OTHERS { others } else { 0 }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.by_network.waiting()
    }

    /// Whether no request waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many keys the tables hold.
    pub fn keys(&self) -> usize {
        self.by_network.keys() + self.by_person.keys()
    }

    /// How many are to come back.
    pub fn promised(&self) -> usize {
        self.promises.count()
    }

    /// Puts a request in. `since` is the time of its ticket, if it has one.
    ///
    /// # Errors
    /// A [`Promise`] where it would wait longer than the deadline.
    pub fn enter(
        &mut self,
        who: &Who,
        since: Option<Micros>,
        now: Micros,
    ) -> Result<Number, Promise> {
        let has_ticket = since.is_some();
        let person = who.key(has_ticket);
        let promise = self.promises.of(person, now).filter(|_| !who.is_unknown());
        let since = since.or(promise.map(|promise| promise.since)).unwrap_or(now).min(now);
        if self.len() >= REQUESTS {
            return Err(self.promise(who, since, now, self.rules.deadline, has_ticket, has_ticket));
        }
        let number = self.number();
        let by_network = self.by_network.push(who.path(), number, since);
        let by_person = who.is_person().then(|| self.by_person.push(&[person], number, since));
        let waiting = Waiting { by_person, by_network, person, since };
        self.waiting[number as usize] = Some(waiting);
        let ahead = self.wait(number, now);
        // The turn before may have been given a moment ago.
        if ahead > 0 && ahead + self.rules.interval >= self.rules.deadline {
            self.leave(number);
            return Err(self.promise(who, since, now, ahead, has_ticket, has_ticket));
        }
        Ok(number)
    }

    /// How long a request that waits still has to, if no other request arrives.
    pub fn wait(&self, number: Number, now: Micros) -> Micros {
        let Some(waiting) = self.waiting[number as usize] else { return 0 };
        let by_network = self.by_network.turns(waiting.by_network);
        let turns = match waiting.by_person {
            Some(place) => self.by_person.turns(place).min(by_network * NETWORK_TURN as usize),
            None => by_network,
        };
        // Instances are served in proportion to how many wait at each.
        let (ahead, here) = (turns.saturating_sub(1) as u64, self.len().max(1) as u64);
        let ahead = ahead.saturating_mul(here + self.others(now)) / here;
        self.rules.interval.saturating_mul(ahead)
    }

    /// Takes the request whose turn it is.
    pub fn next(&mut self, now: Micros) -> Option<Number> {
        self.turns += 1;
        let by_network = self.by_person.waiting() == 0 || self.turns.is_multiple_of(NETWORK_TURN);
        let number = if by_network { self.by_network.pop(now) } else { self.by_person.pop(now) }?;
        let waiting = self.waiting[number as usize].take()?;
        match waiting.by_person {
            Some(_) if !by_network => self.by_network.charge(waiting.by_network, now),
            Some(place) => self.by_person.charge(place, now),
            None => {}
        }
        self.promises.forget(waiting.person);
        self.free.push(number);
        Some(number)
    }

    /// Takes a request out whose caller has gone away.
    pub fn leave(&mut self, number: Number) {
        let Some(waiting) = self.waiting[number as usize].take() else { return };
        self.by_network.remove(waiting.by_network);
        if let Some(place) = waiting.by_person {
            self.by_person.remove(place);
        }
        self.free.push(number);
    }

    /// Takes a request out that has waited for too long, and tells it when to come back.
    pub fn give_up(&mut self, number: Number, who: &Who, now: Micros) -> Promise {
        let waiting = self.waiting[number as usize];
        let (since, key) = waiting.map_or((now, 0), |waiting| (waiting.since, waiting.person));
        let ahead = self.wait(number, now).max(self.rules.interval);
        self.leave(number);
        self.promise(who, since, now, ahead, true, key == who.key(true))
    }

    fn promise(
        &mut self,
        who: &Who,
        since: Micros,
        now: Micros,
        ahead: Micros,
        returns: bool,
        has_ticket: bool,
    ) -> Promise {
        let Rules { interval, deadline } = self.rules;
        let known = self.promises.of(who.key(has_ticket), now).is_some();
        // By its first ticket an unknown caller has a time of its own, among those of its network.
        let is_first = has_ticket && who.is_unknown() && !known;
        let (share, others) = if who.is_person() {
            (u64::MAX, 1)
        } else {
            // The lowest bit of a network's key is free.
            let share = who.path()[0] | u64::from(who.is_unknown());
            (share, self.by_network.active().max(1) as u64)
        };
        // Who is new comes after all persons that wait; a returning one knows its place.
        let all = interval.saturating_mul(self.by_person.waiting() as u64 + self.others(now));
        let ahead = if returns || known { ahead } else { ahead.max(all) };
        let interval = interval.saturating_mul(others);
        let returns = returns && !is_first;
        let terms = Terms { share, ahead, interval, returns, lead: deadline / 2 };
        self.promises.make(who.key(has_ticket), since, now, terms)
    }

    /// Notes that a request was served without waiting.
    pub fn served(&mut self, who: &Who, has_ticket: bool) {
        self.promises.forget(who.key(has_ticket));
    }

    fn number(&mut self) -> Number {
        self.free.pop().unwrap_or_else(|| {
            self.waiting.push(None);
            u32::try_from(self.waiting.len() - 1).unwrap_or(u32::MAX >> 1)
        })
    }
}
