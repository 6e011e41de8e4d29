//! Requests at a fixed rate, whatever the responses take: each one is timed from when it was due.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use serde::Serialize;

use super::programs::agent;

/// Connections that share the rate.
const THREADS: u32 = 16;

/// What came of it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Paced {
    /// Requests a second, as configured.
    pub rate: u32,
    /// All requests.
    pub requests: usize,
    /// Responses of another status than 200, and failed connections.
    pub failures: usize,
    /// Half of the responses came sooner.
    pub median_ms: f64,
    /// 99 of 100 came sooner.
    pub p99_ms: f64,
    /// The slowest.
    pub longest_ms: f64,
}

/// Sends `rate` requests a second with a guest's cookie.
///
/// # Errors
/// A thread panicked.
pub fn run(url: &str, cookie: &str, rate: u32, seconds: u32) -> Result<Paced> {
    let start = Instant::now() + Duration::from_millis(100);
    let total = rate * seconds;
    let outcomes: Result<Vec<_>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|first| scope.spawn(move || one(url, cookie, rate, start, first, total)))
            .collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a thread panicked")));
        joined.collect()
    });
    let (mut times, mut failures) = (Vec::new(), 0);
    for (taken, failed) in outcomes? {
        times.extend(taken);
        failures += failed;
    }
    times.sort_by(f64::total_cmp);
    Ok(Paced {
        rate,
        requests: times.len() + failures,
        failures,
        median_ms: percentile(&times, 50),
        p99_ms: percentile(&times, 99),
        longest_ms: times.last().copied().unwrap_or_default(),
    })
}

/// One connection's share: every [`THREADS`]th request. Returns times in milliseconds, and the failures.
fn one(
    url: &str,
    cookie: &str,
    rate: u32,
    start: Instant,
    first: u32,
    total: u32,
) -> (Vec<f64>, usize) {
    let agent = agent();
    let (mut times, mut failures) = (Vec::new(), 0);
    for number in (first..total).step_by(THREADS as usize) {
        let due = start + Duration::from_secs_f64(f64::from(number) / f64::from(rate));
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let request = agent
            .post(url)
            .header("content-type", "application/json")
            .header("host", "shop.example")
            .header("origin", "https://shop.example")
            .header("x-forwarded-for", "203.0.113.7")
            .header("x-forwarded-proto", "https")
            .header("cookie", cookie);
        let ok = match request.send("{}") {
            Ok(mut response) => {
                response.status() == 200 && response.body_mut().read_to_string().is_ok()
            }
            Err(_) => false,
        };
        if ok {
            times.push(due.elapsed().as_secs_f64() * 1e3);
        } else {
            failures += 1;
        }
    }
    (times, failures)
}

/// The time below which so many of a hundred are; 0 of none.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_time_below_which_that_many_are() {
        let times: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((percentile(&times, 50), percentile(&times, 99)), (51.0, 100.0));
        assert_eq!(percentile(&[], 99), 0.0);
    }
}
