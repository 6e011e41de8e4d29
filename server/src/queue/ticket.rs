//! Tickets: the signed time of a client's first request.
//!
//! A ticket holds the time of the first request and its own end, and is bound to the queue and the person by
//! an HMAC. Nothing is stored for it; every instance that has the server key accepts it. A request that passes
//! several queues has a ticket of each, separated by dots.

use axum::http::HeaderMap;

use super::promises::Promise;
use super::tree::Micros;
use super::who::Who;
use crate::key::{Label, ServerKey};

/// The header a page sends its ticket in.
pub const HEADER: &str = "x-calldock-ticket";

/// The length of a ticket.
const LETTERS: usize = 43;
/// Tickets of other queues that a full queue gives back.
const OTHERS: usize = 2;

/// Returns the text of a request's tickets, if it has any.
pub fn sent(headers: &HeaderMap) -> Option<&str> {
    headers.get(HEADER)?.to_str().ok()
}

/// Returns each of a request's tickets.
pub fn each(sent: Option<&str>) -> impl Iterator<Item = &str> {
    let all = sent.into_iter().flat_map(|sent| sent.split('.'));
    all.filter(|text| text.len() == LETTERS).take(1 + OTHERS)
}

/// Joins a full queue's ticket with those of other queues, in which the turn is kept as well.
pub fn with_others<'a>(own: &'a str, others: impl Iterator<Item = &'a str>) -> String {
    std::iter::once(own).chain(others.take(OTHERS)).collect::<Vec<_>>().join(".")
}

/// A ticket that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// When its holder first asked.
    pub since: Micros,
    /// When it ends.
    pub end: Micros,
}

/// Writes the ticket of a promise, 43 letters of base64url.
pub fn write(key: &ServerKey, queue: &str, who: &Who, promise: Promise) -> String {
    let message = [promise.since.to_be_bytes(), promise.end.to_be_bytes()].concat();
    key.seal(Label::Ticket, &[queue.as_bytes(), who.id()], &message)
}

/// Reads a ticket; none that is another queue's or person's, forged or ended.
pub fn read(key: &ServerKey, queue: &str, who: &Who, text: &str, now: Micros) -> Option<Ticket> {
    let message = key.open::<16>(Label::Ticket, &[queue.as_bytes(), who.id()], text)?;
    let [since, end] =
        [message.first_chunk()?, message.last_chunk()?].map(|at| u64::from_be_bytes(*at));
    Some(Ticket { since, end }).filter(|ticket| now < ticket.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_person_and_one_queue_until_its_end() {
        let key = ServerKey::random();
        let address = "203.0.113.9".parse().unwrap();
        let agent = Who::person("agent@example.com", address);
        let promise = Promise { since: 7, due: 50, end: 100 };
        let text = write(&key, "login", &agent, promise);
        assert_eq!(text.len(), 43);
        let read = |queue, who: &Who, text: &str, now| read(&key, queue, who, text, now);
        assert_eq!(read("login", &agent, &text, 99), Some(Ticket { since: 7, end: 100 }));
        let moved = Who::person("agent@example.com", "2001:db8::1".parse().unwrap());
        assert!(read("login", &moved, &text, 99).is_some(), "from another network");
        assert_eq!(read("login", &agent, &text, 100), None);
        assert_eq!(read("chat", &agent, &text, 99), None);
        assert_eq!(read("login", &Who::person("other@example.com", address), &text, 99), None);
        for at in 0..text.len() {
            let mut forged = text.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            // The last letter has bits that mean nothing; base64 refuses those too.
            assert_eq!(read("login", &agent, &forged, 99), None, "{at}");
        }
        for text in ["", "x", &"é".repeat(43), &"A".repeat(43), &text[1..], &format!("{text}A")] {
            assert_eq!(read("login", &agent, text, 0), None);
        }
    }

    #[test]
    fn tickets_of_two_other_queues_are_given_back() {
        let [own, one, two, three] = ["a", "b", "c", "d"].map(|letter| letter.repeat(LETTERS));
        let others = [&*one, &two, &three];
        let joined = with_others(&own, others.into_iter());
        assert_eq!(each(Some(&joined)).collect::<Vec<_>>(), [&*own, &one, &two]);
        let sent = format!("made-up.{one}.{}", "e".repeat(4096));
        assert_eq!(each(Some(&sent)).collect::<Vec<_>>(), [&*one]);
        assert_eq!(each(None).count(), 0);
    }
}
