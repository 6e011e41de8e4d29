//! Answers kept for seconds, and one question for all who ask the same at once.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use calldock_contract::Code;
use tokio::sync::watch;
use tokio::time::Instant;

use super::super::Person;
use crate::problem::{Refusal, Remedy};

/// What the answer is to: a hash, so that no cookie is kept.
pub type Key = [u8; 32];

type Answer = Result<Person, Refusal>;

/// At so many kept answers the oldest goes.
const MOST_KEPT: usize = 10_000;

/// At so many questions on the way, further ones are refused: whoever is asked has trouble enough.
const MOST_ASKED: usize = 512;

/// The answers. Clones share them.
#[derive(Clone, Debug)]
pub struct Joined {
    lifetime: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    kept: HashMap<Key, (Person, Instant)>,
    /// Which ends when; all live equally long, so the first is the next.
    ends: VecDeque<(Instant, Key)>,
    asked: HashMap<Key, watch::Receiver<Option<Answer>>>,
}

impl Joined {
    /// Answers that live so long; only good ones are kept at all.
    pub fn new(lifetime: Duration) -> Self {
        Self { lifetime, state: Arc::default() }
    }

    /// The kept answer, or the one that is on its way, or a new one. The question goes on when whoever
    /// asked first has gone.
    ///
    /// # Errors
    /// The question's own [`Refusal`], or 503 where too many are on their way.
    pub async fn answer(
        &self,
        key: Key,
        ask: impl Future<Output = Answer> + Send + 'static,
    ) -> Answer {
        let mut coming = {
            let mut state = self.state();
            let now = Instant::now();
            state.forget(now);
            if let Some((person, _)) = state.kept.get(&key) {
                return Ok(person.clone());
            }
            match state.asked.get(&key) {
                Some(coming) => coming.clone(),
                None if state.asked.len() >= MOST_ASKED => return Err(busy()),
                None => self.ask(&mut state, key, ask),
            }
        };
        match coming.wait_for(Option::is_some).await {
            Ok(answer) => answer.clone().unwrap_or_else(|| Err(broken())),
            Err(_) => Err(broken()),
        }
    }

    fn ask(
        &self,
        state: &mut State,
        key: Key,
        ask: impl Future<Output = Answer> + Send + 'static,
    ) -> watch::Receiver<Option<Answer>> {
        let (sender, receiver) = watch::channel(None);
        state.asked.insert(key, receiver.clone());
        // Dropped however the question ends, so that the next one asks anew.
        let on_its_way = OnItsWay { joined: self.clone(), key };
        tokio::spawn(async move {
            let answer = ask.await;
            if let Ok(person) = &answer {
                on_its_way.joined.keep(key, person.clone());
            }
            drop(on_its_way);
            let _ = sender.send(Some(answer));
        });
        receiver
    }

    fn keep(&self, key: Key, person: Person) {
        let mut state = self.state();
        let end = Instant::now() + self.lifetime;
        while state.kept.len() >= MOST_KEPT {
            let Some((_, oldest)) = state.ends.pop_front() else { break };
            state.kept.remove(&oldest);
        }
        state.kept.insert(key, (person, end));
        state.ends.push_back((end, key));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, now: Instant) {
        while let Some((_, key)) = self.ends.pop_front_if(|(end, _)| *end <= now) {
            self.kept.remove(&key);
        }
    }
}

struct OnItsWay {
    joined: Joined,
    key: Key,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.joined.state().asked.remove(&self.key);
    }
}

fn busy() -> Refusal {
    let detail = "Too many people wait for the application to say who they are.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::LoginFailed, detail)
        .with_remedy(Remedy { en: "Try again in a few seconds.", zh: "请数秒后重试。" })
        .with_retry_after(Some(3))
}

fn broken() -> Refusal {
    Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn tom() -> Person {
        Person::new("10010001", Some("Tom")).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_good_answer_is_kept_as_long_as_it_lives() {
        let joined = Joined::new(Duration::from_secs(5));
        let asked = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let asked = Arc::clone(&asked);
            async move {
                asked.fetch_add(1, Ordering::Relaxed);
                Ok(tom())
            }
        };
        for _ in 0..3 {
            assert_eq!(joined.answer([1; 32], ask()).await, Ok(tom()));
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        joined.answer([2; 32], ask()).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 2, "somebody else");
        tokio::time::advance(Duration::from_secs(5)).await;
        joined.answer([1; 32], ask()).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 3);
        assert_eq!(joined.state().kept.len(), 1, "the other one is forgotten");
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_the_same_at_once_waits_for_one_answer_even_if_the_first_goes_away() {
        let joined = Joined::new(Duration::from_secs(5));
        let asked = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let asked = Arc::clone(&asked);
            async move {
                asked.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(tom())
            }
        };
        let impatient =
            tokio::time::timeout(Duration::from_millis(10), joined.answer([1; 32], ask())).await;
        assert!(impatient.is_err());
        let (one, other) =
            tokio::join!(joined.answer([1; 32], ask()), joined.answer([1; 32], ask()));
        assert_eq!((one, other), (Ok(tom()), Ok(tom())));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all_who_wait_and_never_kept() {
        let joined = Joined::new(Duration::from_secs(60));
        let fail = async || Err(busy());
        let (one, other) =
            tokio::join!(joined.answer([1; 32], fail()), joined.answer([1; 32], fail()));
        assert!(one.is_err() && other.is_err());
        assert_eq!(joined.answer([1; 32], async { Ok(tom()) }).await, Ok(tom()));
        let panicking = async { panic!("a question that breaks") };
        assert!(joined.answer([2; 32], panicking).await.is_err());
        assert_eq!(joined.answer([2; 32], async { Ok(tom()) }).await, Ok(tom()));
    }

    #[tokio::test]
    async fn neither_answers_nor_questions_grow_without_end() {
        let joined = Joined::new(Duration::from_secs(60));
        let key = |number: usize| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_le_bytes());
            key
        };
        for number in 0..MOST_KEPT + 10 {
            joined.keep(key(number), tom());
        }
        assert_eq!(joined.state().kept.len(), MOST_KEPT);
        assert!(!joined.state().kept.contains_key(&key(9)), "the oldest goes");
        for number in 0..MOST_ASKED {
            let _ = joined.ask(&mut joined.state(), key(20_000 + number), std::future::pending());
        }
        let refused = joined.answer(key(30_000), async { Ok(tom()) }).await.unwrap_err();
        assert_eq!(refused, busy());
        assert!(joined.answer(key(MOST_KEPT), async { Err(busy()) }).await.is_ok(), "still known");
    }
}
