//! How often each network may do something that no queue can put off, like asking about tokens.
//!
//! A bucket for each address or /64 in a bounded table. When that is full, new addresses share the bucket
//! of their /24 or /48, and then one bucket for all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::who::Path;

/// Buckets of each of the two levels.
const CAPACITY: usize = 1 << 16;

/// So many within a time; all of them may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: NonZeroU32,
    /// Within which time.
    pub within: Duration,
}

impl Rate {
    /// Reads `60/m`: so many a second (`s`), minute (`m`) or hour (`h`).
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected a rate, like 5/s, 60/m or 1000/h, or \"off\"";
        let (count, unit) = text.split_once('/').ok_or(EXPECTED)?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(EXPECTED),
        };
        let count = count.trim().parse().ok().and_then(NonZeroU32::new).ok_or(EXPECTED)?;
        if count.get() > 1_000_000 {
            return Err("expected at most a million, or \"off\"");
        }
        Ok(Self { count, within: Duration::from_secs(seconds) })
    }
}

/// The buckets. Every one leaks evenly.
pub struct Buckets {
    start: Instant,
    levels: Mutex<Levels>,
}

#[derive(Default)]
struct Levels {
    /// `None`: as often as they like.
    rate: Option<Rate>,
    /// When each bucket will be empty: of addresses, of wide networks, of all others.
    narrow: HashMap<u64, Duration>,
    wide: HashMap<u64, Duration>,
    rest: Duration,
    swept: Duration,
}

impl Buckets {
    /// Empty buckets.
    pub fn new(rate: impl Into<Option<Rate>>) -> Self {
        let levels = Levels { rate: rate.into(), ..Levels::default() };
        Self { start: Instant::now(), levels: Mutex::new(levels) }
    }

    /// Changes the rate. What was counted is kept where it is the same.
    pub fn set_rate(&self, rate: Option<Rate>) {
        let mut levels = self.levels();
        if levels.rate != rate {
            *levels = Levels { rate, ..Levels::default() };
        }
    }

    fn levels(&self) -> MutexGuard<'_, Levels> {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many networks have a bucket.
    pub fn networks(&self) -> usize {
        let levels = self.levels();
        levels.narrow.len() + levels.wide.len()
    }

    /// Takes one for an address.
    ///
    /// # Errors
    /// How long to wait.
    pub fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let now = self.start.elapsed();
        let path = Path::of(address);
        let (wide, narrow) = (path.keys()[0], path.keys()[path.keys().len() - 1]);
        let mut levels = self.levels();
        let Some(Rate { count, within }) = levels.rate else { return Ok(()) };
        levels.sweep(now);
        let levels = &mut *levels;
        let bucket = if has_room(&levels.narrow, narrow) {
            levels.narrow.entry(narrow).or_default()
        } else if has_room(&levels.wide, wide) {
            levels.wide.entry(wide).or_default()
        } else {
            &mut levels.rest
        };
        let interval = within / count.get();
        let full = (*bucket).max(now) + interval;
        match full.checked_sub(now + within).filter(|wait| !wait.is_zero()) {
            Some(wait) => Err(wait),
            None => {
                *bucket = full;
                Ok(())
            }
        }
    }
}

fn has_room(level: &HashMap<u64, Duration>, key: u64) -> bool {
    level.len() < CAPACITY || level.contains_key(&key)
}

impl Levels {
    /// Drops empty buckets where there is no room; once a second at most, since it looks at all.
    fn sweep(&mut self, now: Duration) {
        let full = self.narrow.len() >= CAPACITY || self.wide.len() >= CAPACITY;
        if full && now.saturating_sub(self.swept) >= Duration::from_secs(1) {
            self.swept = now;
            self.narrow.retain(|_, empty| *empty > now);
            self.wide.retain(|_, empty| *empty > now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v6(network: u64) -> IpAddr {
        std::net::Ipv6Addr::from_bits(u128::from(network) << 64).into()
    }

    #[test]
    fn a_rate_is_a_number_within_a_time() {
        let rate = Rate::parse("60/m").unwrap();
        assert_eq!((rate.count.get(), rate.within.as_secs()), (60, 60));
        assert_eq!(Rate::parse(" 5 / s ").unwrap().count.get(), 5);
        for text in ["", "60", "0/m", "-1/m", "60/d", "1.5/s", "60/", "/m", "2000000/s", "off"] {
            assert!(Rate::parse(text).is_err(), "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_address_has_a_bucket_and_learns_how_long_to_wait() {
        let buckets = Buckets::new(Rate::parse("2/s").unwrap());
        let [one, other] = ["203.0.113.9", "203.0.113.10"].map(|text| text.parse().unwrap());
        assert_eq!([buckets.take(one), buckets.take(one)], [Ok(()), Ok(())]);
        assert_eq!(buckets.take(one), Err(Duration::from_millis(500)));
        assert_eq!(buckets.take(other), Ok(()));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!(buckets.take(one), Ok(()));
        assert!(buckets.take(one).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn another_rate_begins_anew_and_none_limits_nothing() {
        let [rate, other] = ["1/m", "2/m"].map(|text| Rate::parse(text).ok());
        let buckets = Buckets::new(rate);
        let take = || buckets.take(v6(1)).is_ok();
        assert_eq!([take(), take()], [true, false]);
        buckets.set_rate(rate);
        assert!(!take(), "the same rate keeps its counts");
        buckets.set_rate(other);
        assert_eq!([take(), take(), take()], [true, true, false]);
        buckets.set_rate(None);
        assert!((0..100).all(|_| take()));
        assert_eq!(buckets.networks(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_table_makes_new_addresses_share_and_recovers() {
        let buckets = Buckets::new(Rate::parse("1/m").unwrap());
        for network in 0..CAPACITY as u64 {
            assert_eq!(buckets.take(v6(network << 8)), Ok(()));
        }
        // All of one /48, which has no bucket yet.
        let late = |number: u64| v6(0x2001_0db8_0001_0000 + number);
        assert_eq!(buckets.take(late(1)), Ok(()));
        assert!(buckets.take(late(2)).is_err(), "its network shares");
        assert_eq!(buckets.take(v6(0x2001_0db8_0002_0000)), Ok(()), "another network");
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!([buckets.take(late(1)), buckets.take(late(2))], [Ok(()), Ok(())]);
    }
}
