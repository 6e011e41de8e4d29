//! When the next turn is: by this instance's clock, or granted by Redis to all instances together.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::key::random;
use crate::store::{Grant, Redis, Store};

/// Where turns are [`SHORT`], this instance may be late by this much without one being lost.
const SLACK: Duration = Duration::from_millis(50);
/// Turns closer than this are not timed one by one.
const SHORT: Duration = Duration::from_millis(10);
/// Turns that are further apart come closer to each other by no more than this part of their interval: what
/// the network between here and the vendor changes anyway.
const ALLOWANCE: u32 = 20;
/// After Redis could not be reached, this instance keeps to its own share, and asks again after this long.
const ALONE: Duration = Duration::from_secs(1);
/// Turns are granted this far ahead, and at least [`LEAST_AHEAD`] of them.
const AHEAD: Duration = Duration::from_millis(50);
const LEAST_AHEAD: u32 = 4;

/// The turns of one queue at one instance.
pub struct Gate {
    next: Instant,
    /// How many wait at other instances, as far as is known.
    others: u64,
    shared: Option<Shared>,
}

struct Shared {
    redis: Redis,
    queue: &'static str,
    instance: String,
    /// Turns that were granted and not yet taken.
    granted: u32,
    /// Where Redis could not be reached, a task that waits for it to come back: meanwhile this instance keeps to
    /// its own share.
    alone: JoinSet<()>,
}

impl Gate {
    /// A gate whose first turn is now.
    pub fn new(queue: &'static str, store: &Store) -> Self {
        let shared = match store {
            Store::Memory(_) => None,
            Store::Redis(redis) => Some(Shared {
                redis: redis.clone(),
                queue,
                // Two instances of one name would share a share.
                instance: base16ct::lower::encode_string(&random::<8>()),
                granted: 0,
                alone: JoinSet::new(),
            }),
        };
        Self { next: Instant::now(), others: 0, shared }
    }

    /// Takes a turn if there is one now and it is this instance's own to give.
    pub fn try_turn(&mut self, interval: Duration) -> bool {
        let now = Instant::now();
        if self.shared.is_some() || self.next > now {
            return false;
        }
        self.advance(now, interval);
        true
    }

    /// How many wait at other instances.
    pub fn others(&self) -> u64 {
        self.others
    }

    /// Waits for the next turn at the pace of the moment, with so many requests waiting here; `false` where they have
    /// gone away and Redis grants none. A turn that no request takes is lost.
    pub async fn turn(&mut self, pace: impl Fn() -> Duration, waiting: impl Fn() -> u32) -> bool {
        loop {
            let usual = pace();
            let interval = match self.granted(usual, &waiting).await {
                None | Some(Ok(())) => usual,
                // Where no request waits, Redis grants no turn, however often it is asked.
                Some(Err(Wait::Again(_))) if waiting() == 0 => return false,
                Some(Err(Wait::Again(delay))) => {
                    sleep(delay).await;
                    continue;
                }
                Some(Err(Wait::Alone(interval))) => interval,
            };
            // A timer takes a millisecond even for what is past.
            if self.next > Instant::now() {
                sleep_until(self.next).await;
            }
            self.advance(Instant::now(), interval);
            if let Some(shared) = &mut self.shared {
                shared.granted = shared.granted.saturating_sub(1);
            }
            return true;
        }
    }

    fn advance(&mut self, now: Instant, interval: Duration) {
        // A timer is late by a millisecond: without an allowance, a budget of 20 a second would be one of 19.6.
        let late = if interval < SHORT { SLACK } else { interval / ALLOWANCE };
        let earliest = now.checked_sub(late).unwrap_or(now);
        self.next = self.next.max(earliest) + interval;
    }

    /// Nothing without Redis.
    async fn granted(
        &mut self,
        interval: Duration,
        waiting: impl Fn() -> u32,
    ) -> Option<Result<(), Wait>> {
        let shared = self.shared.as_mut()?;
        // Turns that no request took in time are lost: other instances may have used them.
        if shared.granted > 0 && Instant::now() <= self.next + interval.max(SLACK) {
            return Some(Ok(()));
        }
        let Shared { redis, queue, instance, alone, .. } = shared;
        alone.try_join_next();
        if alone.is_empty() {
            let ahead = (AHEAD.as_micros() / interval.as_micros().max(1)) as u32;
            let ahead = ahead.max(LEAST_AHEAD);
            if let Ok(grant) = redis.pace(queue, interval, ahead, instance, waiting()).await {
                let Grant { count, delay, others } = grant;
                self.others = others;
                if count == 0 {
                    return Some(Err(Wait::Again(delay)));
                }
                (shared.granted, self.next) = (count, Instant::now() + delay);
                return Some(Ok(()));
            }
            tracing::warn!(queue, "Redis is unavailable: this instance keeps its share");
            let (redis, queue) = (redis.clone(), *queue);
            // Where it is silent, each question takes a second, in which turns are due.
            alone.spawn(async move {
                sleep(ALONE).await;
                while redis.ready().await.is_err() {
                    sleep(ALONE).await;
                }
                tracing::info!(queue, "Redis is back: turns are shared again");
            });
        }
        let instances = redis.instances().get();
        self.others = u64::from(waiting()) * u64::from(instances - 1);
        Some(Err(Wait::Alone(interval * instances)))
    }
}

enum Wait {
    /// Redis grants nothing yet.
    Again(Duration),
    /// Redis is unavailable: the turns of one of the instances.
    Alone(Duration),
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::store::StoreSettings;
    use crate::store::settings::{INSTANCES, PREFIX, RedisSettings, Topology};

    const INTERVAL: Duration = Duration::from_millis(50);

    /// The store of a Redis that two instances share.
    fn store(redis: &TcpListener) -> Store {
        let url = format!("redis://{}", redis.local_addr().unwrap());
        let topology = Topology::Single(redis::Client::open(url).unwrap());
        let (prefix, instances) = (PREFIX.into(), INSTANCES);
        let settings = RedisSettings { topology, prefix, instances, in_the_clear: false };
        Store::open(&StoreSettings::Redis(Box::new(settings)))
    }

    /// A Redis that grants no turn and says to ask again after a millisecond.
    async fn refusing() -> Store {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let store = store(&listener);
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 16 * 1024];
            while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                let text = String::from_utf8_lossy(&bytes[..length]);
                let greetings = text.matches("CLIENT\r\n").count();
                let asked = text.matches("EVAL\r\n").count();
                let reply =
                    "+OK\r\n".repeat(greetings) + &"*3\r\n:0\r\n:1000\r\n:0\r\n".repeat(asked);
                stream.write_all(reply.as_bytes()).await.unwrap();
            }
        });
        store
    }

    #[tokio::test]
    async fn a_gate_where_nobody_waits_any_more_stops_asking_redis() {
        let mut gate = Gate::new("test", &refusing().await);
        let waiting = std::cell::Cell::new(4u32);
        // One goes away after each question.
        let leave = || waiting.replace(waiting.get().saturating_sub(1));
        let turn =
            tokio::time::timeout(Duration::from_secs(10), gate.turn(|| INTERVAL, leave)).await;
        assert_eq!(turn, Ok(false));
    }

    #[tokio::test(start_paused = true)]
    async fn while_redis_is_silent_an_instance_uses_its_whole_share_and_no_more() {
        // It accepts connections and never responds.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut gate = Gate::new("test", &store(&listener));
        let (start, mut turns) = (Instant::now(), 0);
        while start.elapsed() < Duration::from_secs(20) {
            assert!(gate.turn(|| INTERVAL, || 1).await);
            turns += 1;
        }
        // Half of 20 a second.
        assert!((180..=205).contains(&turns), "{turns} of 200");
    }
}
