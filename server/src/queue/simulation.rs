//! The queue in simulated time: what the design promises, in numbers.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use super::fair::{Fair, Number, Rules};
use super::tree::Micros;
use super::who::Who;

const SECOND: Micros = 1_000_000;
/// The vendor's 20 requests a second, and five seconds in the queue.
const RULES: Rules = Rules { interval: SECOND / 20, deadline: 5 * SECOND };

fn v4(a: u8, b: u8, c: u8) -> IpAddr {
    IpAddr::from([203, a, b, c])
}

/// A client of the simulation.
struct Client {
    who: Who,
    /// Requests it keeps in the queue at once; 0: it asks once.
    keeps: u32,
    /// How often it asks, where it does not keep asking.
    every: Option<Micros>,
    /// First asks at.
    from: Micros,
}

/// What became of a client's requests.
#[derive(Default)]
struct Outcome {
    /// From the first asking to being served, tickets included.
    waits: Vec<Micros>,
    refusals: usize,
}

struct World {
    fair: Fair,
    now: Micros,
    next_turn: Micros,
    clients: Vec<Client>,
    outcomes: Vec<Outcome>,
    /// Who asks when: client, first asked at, with a ticket of that time.
    events: BTreeMap<(Micros, usize), (usize, Micros, bool)>,
    events_made: usize,
    in_queue: HashMap<Number, (usize, Micros, Micros)>,
    deadlines: BTreeMap<(Micros, Number), Micros>,
}

impl World {
    fn new(rules: Rules, clients: Vec<Client>) -> Self {
        let mut world = Self {
            fair: Fair::new(rules),
            now: 0,
            next_turn: 0,
            outcomes: clients.iter().map(|_| Outcome::default()).collect(),
            clients,
            events: BTreeMap::new(),
            events_made: 0,
            in_queue: HashMap::new(),
            deadlines: BTreeMap::new(),
        };
        for number in 0..world.clients.len() {
            let (from, keeps) = (world.clients[number].from, world.clients[number].keeps);
            for _ in 0..keeps.max(1) {
                world.at(from, number, from, false);
            }
        }
        world
    }

    fn at(&mut self, time: Micros, client: usize, since: Micros, ticket: bool) {
        self.events.insert((time, self.events_made), (client, since, ticket));
        self.events_made += 1;
    }

    fn run(&mut self, rules: Rules, until: Micros) {
        loop {
            let event = self.events.keys().next().map(|key| key.0);
            let deadline = self.deadlines.keys().next().map(|key| key.0);
            let turn = (!self.fair.is_empty()).then_some(self.next_turn);
            let Some(next) = [event, deadline, turn].into_iter().flatten().min() else { return };
            self.now = self.now.max(next);
            if self.now > until {
                return;
            }
            if event == Some(next) {
                let (_, (client, since, ticket)) = self.events.pop_first().unwrap();
                self.ask(client, since, ticket);
            } else if turn == Some(next) {
                let number = self.fair.next(self.now).expect("somebody waits");
                let (client, since, end) = self.in_queue.remove(&number).unwrap();
                self.deadlines.remove(&(end, number));
                self.outcomes[client].waits.push(self.now - since);
                self.next_turn = self.now + rules.interval;
                if self.clients[client].keeps > 0 {
                    // As soon as it has the response, a millisecond later.
                    self.at(self.now + 1000, client, self.now + 1000, false);
                }
            } else {
                let ((_, number), _) = self.deadlines.pop_first().unwrap();
                let (client, since, _) = self.in_queue.remove(&number).unwrap();
                let who = self.clients[client].who.clone();
                let promise = self.fair.give_up(number, &who, self.now);
                self.outcomes[client].refusals += 1;
                self.at(promise.due, client, since, true);
            }
        }
    }

    fn ask(&mut self, client: usize, since: Micros, ticket: bool) {
        if !ticket && let Some(every) = self.clients[client].every {
            self.at(self.now + every, client, self.now + every, false);
        }
        let who = self.clients[client].who.clone();
        match self.fair.enter(&who, ticket.then_some(since), self.now) {
            Ok(number) => {
                let end = self.now + RULES.deadline;
                self.in_queue.insert(number, (client, since, end));
                self.deadlines.insert((end, number), since);
                self.next_turn = self.next_turn.max(self.now);
            }
            Err(promise) => {
                assert!(promise.due > self.now && promise.end >= promise.due);
                self.outcomes[client].refusals += 1;
                self.at(promise.due, client, since, true);
            }
        }
    }
}

fn run(rules: Rules, clients: Vec<Client>, until: Micros) -> (Vec<Outcome>, Fair) {
    let mut world = World::new(rules, clients);
    world.run(rules, until);
    (world.outcomes, world.fair)
}

fn asks(who: Who, keeps: u32) -> Client {
    Client { who, keeps, every: None, from: 0 }
}

fn once_a_second(who: Who, from: Micros) -> Client {
    Client { who, keeps: 0, every: Some(SECOND), from }
}

fn person(number: u32, address: IpAddr) -> Who {
    Who::person(&format!("agent{number}@example.com"), address)
}

fn unknown(number: u32, address: IpAddr) -> Who {
    Who::guest(&format!("guest-{number}"), false, address)
}

#[test]
fn keys_that_keep_asking_get_equal_shares() {
    type Maker = fn(u32) -> Who;
    let kinds: [(&str, Maker); 6] = [
        ("persons of one address", |n| person(n, v4(0, 0, 1))),
        ("persons of many addresses", |n| person(n, v4(n as u8, 0, 1))),
        ("persons, one of them alone at its address", |n| person(n, v4(u8::from(n == 0), 0, 1))),
        ("addresses", |n| unknown(n, v4(0, n as u8, 1))),
        ("known guests of one address", |n| Who::guest(&n.to_string(), true, v4(0, 0, 1))),
        ("/64 of one /56", |n| unknown(n, format!("2001:db8:0:{n:x}::1").parse().unwrap())),
    ];
    for (kind, make) in kinds {
        for keys in [1, 2, 5, 20, 40] {
            for keeps in [1, 3] {
                let clients = (0..keys).map(|n| asks(make(n), keeps)).collect();
                let (outcomes, _) = run(RULES, clients, 10 * SECOND);
                let least = outcomes.iter().map(|outcome| outcome.waits.len()).min().unwrap();
                let fair = 200.0 / f64::from(keys);
                assert!(least as f64 >= 0.8 * fair, "{kind}: {least} of {fair} ({keeps} at once)");
                let all: usize = outcomes.iter().map(|outcome| outcome.waits.len()).sum();
                // One request at a time leaves the time between a response and the next request unused.
                assert!(all >= 195 || keys * keeps == 1, "{kind}: {all} of 200 were used");
            }
        }
    }
}

#[test]
fn who_keeps_many_requests_waiting_gets_no_more_than_one_at_a_time() {
    let greedy = asks(person(0, v4(0, 0, 1)), 50);
    let modest = (1..10).map(|n| asks(person(n, v4(0, 0, 1)), 1));
    let (outcomes, _) = run(RULES, std::iter::once(greedy).chain(modest).collect(), 10 * SECOND);
    let served: Vec<_> = outcomes.iter().map(|outcome| outcome.waits.len()).collect();
    assert!(served.iter().all(|served| (19..=21).contains(served)), "{served:?}");
}

#[test]
fn one_key_alone_gets_everything() {
    for who in [person(0, v4(0, 0, 1)), unknown(0, v4(0, 0, 1))] {
        let (outcomes, _) = run(RULES, vec![asks(who, 10)], 10 * SECOND);
        assert!(outcomes[0].waits.len() >= 200, "{}", outcomes[0].waits.len());
        assert_eq!(outcomes[0].refusals, 0);
    }
}

#[test]
fn an_office_of_500_is_served_within_30_s_and_others_wait_under_1_s() {
    let office = (0..500).map(|n| asks_once(person(n, v4(0, 0, 1)), 0));
    let others =
        (0..3).map(|n| once_a_second(person(1000 + n, v4(1 + n as u8, 0, 1)), SECOND / 10));
    let (outcomes, _) = run(RULES, office.chain(others).collect(), 30 * SECOND);
    for (number, outcome) in outcomes[..500].iter().enumerate() {
        assert_eq!(outcome.waits.len(), 1, "agent {number} was not served within 30 s");
    }
    for outcome in &outcomes[500..] {
        assert!(outcome.waits.len() >= 29 && outcome.refusals == 0, "{:?}", outcome.waits);
        let longest = outcome.waits.iter().max().unwrap();
        assert!(*longest < SECOND, "{longest} µs");
    }
}

fn asks_once(who: Who, from: Micros) -> Client {
    Client { who, keeps: 0, every: None, from }
}

#[test]
fn an_agent_with_a_48_of_addresses_is_one_network_among_others() {
    let office = (0..400).map(|n| asks_once(person(n, v4(0, 0, 1)), 0));
    let others = (0..3).map(|n| asks(person(1000 + n, v4(1 + n as u8, 0, 1)), 4));
    // It asks from 200 /64 of its /48.
    let of = |n: u32| format!("2001:db8:0:{n:x}::1").parse().unwrap();
    let wide = (0..200).map(|n| asks(person(9999, of(n)), 1));
    let (outcomes, _) = run(RULES, office.chain(others).chain(wide).collect(), 20 * SECOND);
    let served = |of: &[Outcome]| of.iter().map(|outcome| outcome.waits.len()).sum::<usize>();
    let (others, wide) = (&outcomes[400..403], served(&outcomes[403..]));
    for other in others {
        assert!(served(std::slice::from_ref(other)).abs_diff(wide) < 8, "{wide}");
    }
}

#[test]
fn four_addresses_at_the_chat_leave_others_under_1_s() {
    let attack = (0..4).map(|n| asks(unknown(n, v4(200 + n as u8, 0, 1)), 100));
    // Nineteen others, one every half second.
    let others = (0..19u8).map(|n| {
        asks_once(unknown(100 + u32::from(n), v4(0, n, 1)), SECOND + u64::from(n) * SECOND / 2)
    });
    let (outcomes, _) = run(RULES, attack.chain(others).collect(), 20 * SECOND);
    for outcome in &outcomes[4..] {
        assert_eq!((outcome.waits.len(), outcome.refusals), (1, 0));
        assert!(outcome.waits[0] < SECOND / 2, "{:?}", outcome.waits);
    }
    // At once, they are served as fast as there are turns.
    let attack = (0..4).map(|n| asks(unknown(n, v4(200 + n as u8, 0, 1)), 100));
    let others = (0..19u8).map(|n| asks_once(unknown(100 + u32::from(n), v4(0, n, 1)), 2 * SECOND));
    let (outcomes, _) = run(RULES, attack.chain(others).collect(), 20 * SECOND);
    for outcome in &outcomes[4..] {
        assert!(outcome.waits[0] <= SECOND, "{:?}", outcome.waits);
    }
}

#[test]
fn a_56_of_ipv6_is_one_among_others() {
    let attack =
        (0..256u32).map(|n| asks(unknown(n, format!("2001:db8:0:{n:x}::1").parse().unwrap()), 20));
    let others = (0..5).map(|n| once_a_second(unknown(1000 + n, v4(0, n as u8, 1)), SECOND));
    let rules = Rules { interval: SECOND / 50, ..RULES };
    let (outcomes, _) = run(rules, attack.chain(others).collect(), 30 * SECOND);
    for outcome in &outcomes[256..] {
        assert!(outcome.waits.len() >= 28 && outcome.refusals == 0);
        assert!(outcome.waits.iter().all(|wait| *wait < SECOND / 5), "{:?}", outcome.waits);
    }
}

#[test]
fn unknown_callers_of_an_address_do_not_hold_up_its_known_guests() {
    let address = v4(0, 0, 1);
    let attack = (0..200).map(|n| asks(unknown(n, address), 1));
    let guests =
        (0..5).map(|n| once_a_second(Who::guest(&format!("known-{n}"), true, address), SECOND));
    let (outcomes, _) = run(RULES, attack.chain(guests).collect(), 20 * SECOND);
    for outcome in &outcomes[200..] {
        assert!(outcome.waits.iter().all(|wait| *wait < SECOND), "{:?}", outcome.waits);
    }
}

#[test]
fn of_100_000_agents_none_starves() {
    let agents: Vec<_> = (0..100_000u32)
        .map(|n| asks_once(person(n, v4(0, (n % 7) as u8, 1)), u64::from(n % 1000) * 1000))
        .collect();
    let (outcomes, fair) = run(RULES, agents, 6000 * SECOND);
    let mut waits: Vec<_> = outcomes.iter().flat_map(|outcome| outcome.waits.clone()).collect();
    assert_eq!(waits.len(), 100_000, "each is served once");
    waits.sort_unstable();
    // 100,000 at 20 a second need 5,000 s; no turn is left unused for long.
    assert!(waits[99_999] < 5_300 * SECOND, "{} s", waits[99_999] / SECOND);
    let returns: usize = outcomes.iter().map(|outcome| outcome.refusals).sum();
    assert!(returns < 300_000, "{returns} refusals");
    assert_eq!((fair.len(), fair.promised(), fair.keys()), (0, 0, 0));
}

#[test]
fn who_comes_first_is_served_first_also_by_tickets() {
    let agents = (0..2000u32).map(|n| asks_once(person(n, v4(0, 0, 1)), u64::from(n) * 100));
    let (outcomes, _) = run(RULES, agents.collect(), 200 * SECOND);
    for (number, outcome) in outcomes.iter().enumerate() {
        let place = (number as u64) * RULES.interval;
        let wait = outcome.waits[0] + number as u64 * 100;
        assert!(wait.abs_diff(place) < 7 * SECOND, "{number}: {wait} instead of {place}");
    }
}

#[test]
fn refusals_count_against_nobody() {
    // One agent asks without its ticket a hundred times a second while a crowd waits.
    let crowd = (0..400).map(|n| asks_once(person(n, v4(0, 0, 1)), 0));
    let mut eager = once_a_second(person(9999, v4(0, 0, 1)), 1000);
    eager.every = Some(SECOND / 100);
    let (outcomes, _) = run(RULES, crowd.chain([eager]).collect(), 26 * SECOND);
    assert!(
        outcomes[..400].iter().all(|outcome| outcome.waits.len() == 1),
        "the crowd is not held up"
    );
    assert!(!outcomes[400].waits.is_empty(), "nor is the one who asks too often");
    // An hour of refusals later, one who comes to an empty queue is served at once.
    let mut fair = Fair::new(Rules { interval: SECOND, deadline: 0 });
    let who = person(1, v4(0, 0, 1));
    let first = fair.enter(&person(2, v4(0, 0, 1)), None, 0).unwrap();
    for second in 0..3600 {
        assert!(fair.enter(&who, None, second * SECOND).is_err());
    }
    fair.leave(first);
    assert!(fair.enter(&who, None, 3600 * SECOND).is_ok());
}

#[test]
fn nothing_is_refused_while_a_turn_is_free() {
    let mut fair = Fair::new(RULES);
    for number in 0..100_000u32 {
        let address =
            format!("2001:db8:{:x}:{:x}::1", number % 4000, number / 4000).parse().unwrap();
        fair.enter(&unknown(number, address), None, u64::from(number)).expect("nobody waits");
        assert!(fair.next(u64::from(number)).is_some());
    }
    assert_eq!(fair.keys(), 0, "who does not wait takes no room");
}

#[test]
fn unknown_callers_of_an_address_share_a_promise_and_who_returns_as_known_keeps_its_turn() {
    let mut fair = Fair::new(RULES);
    for n in 0..240u32 {
        let _ = fair.enter(&unknown(n, v4(0, 0, n as u8)), None, 0);
    }
    let (address, promised) = (v4(0, 0, 250), fair.promised());
    let mut last = None;
    for n in 0..1000 {
        last = fair.enter(&unknown(1000 + n, address), None, 0).err();
    }
    assert!(fair.promised() <= promised + 1, "{} promises", fair.promised());
    let told = last.expect("it is refused");
    let known = Who::guest("guest-1999", true, address);
    if let Err(later) = fair.enter(&known, Some(told.since), told.due) {
        assert!(later.due - told.due <= RULES.deadline, "{} µs later", later.due - told.due);
    }
}

#[test]
fn guests_behind_one_address_are_told_when_their_turn_is() {
    let guests = (0..60).map(|n| asks_once(unknown(n, v4(0, 0, 1)), 0)).collect();
    let rules = Rules { interval: SECOND / 2, deadline: 5 * SECOND };
    let (outcomes, fair) = run(rules, guests, 100 * SECOND);
    let last = outcomes.iter().map(|outcome| outcome.waits[0]).max().unwrap();
    assert!(last < 35 * SECOND, "60 at 2 a second need 30 s: {} s", last / SECOND);
    for Outcome { refusals, .. } in &outcomes {
        assert!(*refusals <= 4, "it came {refusals} times in vain");
    }
    assert_eq!(fair.len(), 0);
}

#[test]
fn who_is_served_at_once_has_used_its_place() {
    let mut fair = Fair::new(RULES);
    let agent = person(1, v4(0, 0, 1));
    for n in 2..1000 {
        let _ = fair.enter(&person(n, v4(0, 0, 1)), None, 0);
    }
    let told = fair.enter(&agent, None, 0).expect_err("the queue is full");
    fair.served(&agent, true);
    let again = fair.enter(&agent, None, told.due).expect_err("the queue is full");
    assert_eq!(again.since, told.due, "as one who asks for the first time");
}

#[test]
fn a_wait_beyond_the_deadline_is_refused_at_1000_a_second_too() {
    let rules = Rules { interval: 1000, deadline: 5 * SECOND };
    for make in [unknown, |n: u32, address| Who::guest(&n.to_string(), true, address)] {
        let mut fair = Fair::new(rules);
        let accepted = (0..20_000).filter(|n| fair.enter(&make(*n, v4(0, 0, 1)), None, 0).is_ok());
        assert!((4_900..=5_001).contains(&accepted.count()), "{}", fair.len());
    }
}
