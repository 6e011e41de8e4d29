//! Who is served while more is asked for than the budget allows, over real connections.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use serde::Serialize;

use super::programs::{Programs, agent, login_of};

/// Networks that ask without end, each from one address.
const KEYS: usize = 8;
/// The connections of every second network, and of the others: who asks more gets no more.
const CONNECTIONS: [usize; 2] = [4, 16];
/// CEC logins a second that they share.
const SHARED: u32 = 80;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(10);

/// People behind one address, all at once.
const OFFICE: usize = 500;
/// Logins a second, as TCCC allows.
const RATE: u32 = 20;
/// People elsewhere who ask once a second meanwhile.
const OTHERS: usize = 3;

/// The least share of a network, of what equal shares would be.
const LEAST: f64 = 0.8;
const OFFICE_SECONDS: f64 = 30.0;
const OTHERS_MS: f64 = 1000.0;

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Fairness {
    /// Responses with a login for each network.
    pub served: Vec<usize>,
    /// The smallest of them, of an equal share of the budget.
    pub least: f64,
    /// When the last one of the office was served, in seconds.
    pub office_seconds: f64,
    /// The longest wait of somebody elsewhere, in milliseconds.
    pub others_ms: f64,
}

impl Fairness {
    /// Fails where a goal is missed.
    ///
    /// # Errors
    /// Names the goal.
    pub fn check(&self) -> Result<()> {
        let Self { least, office_seconds, others_ms, .. } = *self;
        if least < LEAST {
            bail!("a network got {least:.2} of an equal share, expected {LEAST} at least");
        }
        if office_seconds > OFFICE_SECONDS || others_ms > OTHERS_MS {
            bail!(
                "an office of {OFFICE} took {office_seconds:.1} s and others waited {others_ms:.0} ms, expected at most {OFFICE_SECONDS} s and {OTHERS_MS} ms"
            );
        }
        Ok(())
    }
}

/// Measures both.
///
/// # Errors
/// A server cannot be started, or a thread panicked.
pub fn measure(programs: &Programs) -> Result<Fairness> {
    let served = shares(programs)?;
    let equal = f64::from(SHARED) * MEASURED.as_secs_f64() / KEYS as f64;
    let least = served.iter().copied().min().unwrap_or_default() as f64 / equal;
    let (office_seconds, others_ms) = office(programs)?;
    Ok(Fairness { served, least, office_seconds, others_ms })
}

fn shares(programs: &Programs) -> Result<Vec<usize>> {
    let server = programs.budget(SHARED, "kind = \"guest\"\nname = \"Guest\"")?;
    let url = login_of(&server);
    let start = Instant::now() + WARM_UP;
    let end = start + MEASURED;
    let count = |key: usize| {
        let agent = agent();
        let address = format!("203.0.{key}.7");
        let mut served = 0;
        while Instant::now() < end {
            match ask(&agent, &url, &address, &[]) {
                Outcome::Served if (start..end).contains(&Instant::now()) => served += 1,
                Outcome::Served => {}
                // Who keeps asking does not wait as long as it is told to.
                Outcome::Later { .. } => thread::sleep(Duration::from_millis(100)),
            }
        }
        served
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..KEYS)
            .flat_map(|key| (0..CONNECTIONS[key % 2]).map(move |_| key))
            .map(|key| (key, scope.spawn(move || count(key))))
            .collect();
        let mut served = vec![0; KEYS];
        for (key, thread) in threads {
            served[key] += thread.join().map_err(|_| anyhow!("a thread panicked"))?;
        }
        Ok(served)
    })
}

fn office(programs: &Programs) -> Result<(f64, f64)> {
    let visitors = "kind = \"gateway\"\n[gateway]\nheader = \"X-Remote-User\"";
    let server = programs.budget(RATE, visitors)?;
    let url = login_of(&server);
    let (start, done) = (Instant::now(), AtomicBool::new(false));
    let log_in = |person: &str, address: &str| {
        let (agent, since) = (agent(), Instant::now());
        let mut ticket = None::<String>;
        loop {
            let mut headers = vec![("x-remote-user", person)];
            headers.extend(ticket.as_deref().map(|ticket| ("x-calldock-ticket", ticket)));
            match ask(&agent, &url, address, &headers) {
                Outcome::Served => return since.elapsed(),
                Outcome::Later { given, wait } => {
                    ticket = given.or(ticket);
                    thread::sleep(wait);
                }
            }
        }
    };
    let log_in = &log_in;
    thread::scope(|scope| {
        let office: Vec<_> = (0..OFFICE)
            .map(|n| scope.spawn(move || log_in(&format!("agent{n}@example.com"), "203.0.113.9")))
            .collect();
        let done = &done;
        let others: Vec<_> = (0..OTHERS)
            .map(|n| {
                scope.spawn(move || {
                    let (person, address) =
                        (format!("other{n}@example.com"), format!("198.51.{n}.7"));
                    let mut longest = Duration::ZERO;
                    while !done.load(Ordering::Relaxed) {
                        longest = longest.max(log_in(&person, &address));
                        thread::sleep(Duration::from_secs(1));
                    }
                    longest
                })
            })
            .collect();
        let joined: Vec<_> = office.into_iter().map(thread::ScopedJoinHandle::join).collect();
        let office = start.elapsed();
        done.store(true, Ordering::Relaxed);
        let mut longest = Duration::ZERO;
        for other in others {
            longest = longest.max(other.join().map_err(|_| anyhow!("a thread panicked"))?);
        }
        if joined.iter().any(Result::is_err) {
            bail!("a thread panicked");
        }
        Ok((office.as_secs_f64(), longest.as_secs_f64() * 1e3))
    })
}

enum Outcome {
    Served,
    /// Refused, or not connected.
    Later {
        given: Option<String>,
        wait: Duration,
    },
}

fn ask(agent: &ureq::Agent, url: &str, address: &str, headers: &[(&str, &str)]) -> Outcome {
    let mut request = agent
        .post(url)
        .header("content-type", "application/json")
        .header("host", "shop.example")
        .header("origin", "https://shop.example")
        .header("x-forwarded-for", address)
        .header("x-forwarded-proto", "https");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let later = |given, seconds| Outcome::Later { given, wait: Duration::from_secs(seconds) };
    let Ok(mut response) = request.send("{}") else { return later(None, 1) };
    let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let wait = wait.and_then(|text| text.parse().ok()).unwrap_or(1);
    let served = response.status() == 200;
    let body = response.body_mut().read_to_string().unwrap_or_default();
    if served {
        return Outcome::Served;
    }
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    later(problem["ticket"].as_str().map(str::to_owned), wait)
}
