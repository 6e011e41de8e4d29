//! Whether this server can handle requests. The vendor is not checked: where it fails, it fails for every
//! instance, and another instance would not help.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// A check that takes longer has failed.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long a result is cached: however often `/readyz` is called, Redis gets one request a second.
const FRESH: Duration = Duration::from_secs(1);

type Running = Pin<Box<dyn Future<Output = bool> + Send>>;
type Check = Arc<dyn Fn() -> Running + Send + Sync>;

/// Named checks. Clones share them.
#[derive(Clone, Default)]
pub struct Readiness {
    stopping: Arc<AtomicBool>,
    checks: Arc<RwLock<Arc<Checks>>>,
}

/// The checks, and their last results.
#[derive(Default)]
struct Checks {
    all: Vec<(&'static str, Check)>,
    last: Mutex<Option<(Instant, Vec<Checked>)>>,
}

/// The result of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The check's name.
    pub name: &'static str,
    /// Whether it passed.
    pub ok: bool,
}

impl Readiness {
    /// Adds a check.
    pub fn add<F>(&mut self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = bool> + Send + 'static,
    {
        let mut checks = self.checks.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = checks.all.clone();
        all.push((name, Arc::new(move || Box::pin(check()))));
        *checks = Arc::new(Checks { all, last: Mutex::default() });
    }

    /// Takes over the checks of another one: after a reload, what the previous configuration needed may be gone.
    pub fn adopt(&self, other: &Self) {
        let checks = other.checks();
        *self.checks.write().unwrap_or_else(PoisonError::into_inner) = checks;
    }

    fn checks(&self) -> Arc<Checks> {
        Arc::clone(&self.checks.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reports unready from now on: the server is stopping.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Returns every check's result, at most [`FRESH`] old. A server that responds has read its configuration.
    pub async fn check(&self) -> Vec<Checked> {
        let checked = self.checks().run().await;
        let running = !self.stopping.load(Ordering::Acquire);
        let own =
            [Checked { name: "configuration", ok: true }, Checked { name: "running", ok: running }];
        own.into_iter().chain(checked).collect()
    }

    /// Whether every check passes.
    pub async fn is_ready(&self) -> bool {
        self.check().await.iter().all(|checked| checked.ok)
    }
}

impl Checks {
    /// Runs all checks, one after the other. Concurrent calls wait for the same results.
    async fn run(&self) -> Vec<Checked> {
        let mut last = self.last.lock().await;
        if let Some((at, checked)) = &*last
            && at.elapsed() < FRESH
        {
            return checked.clone();
        }
        let mut checked = Vec::new();
        for (name, run) in &self.all {
            let ok = tokio::time::timeout(TIMEOUT, run()).await.unwrap_or(false);
            checked.push(Checked { name, ok });
        }
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.checks().all.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn every_check_must_pass_in_time_and_the_server_must_not_be_stopping() {
        let mut readiness = Readiness::default();
        readiness.add("store", || async { true });
        let same = readiness.clone();
        assert!(readiness.is_ready().await);
        same.stop();
        assert!(!readiness.is_ready().await);
        let mut other = Readiness::default();
        other.add("jwks", || async { true });
        same.adopt(&other);
        let names: Vec<_> = readiness.check().await.iter().map(|checked| checked.name).collect();
        assert_eq!(names, ["configuration", "running", "jwks"]);
        for slow in [false, true] {
            let mut readiness = Readiness::default();
            readiness.add("store", move || async move {
                if slow {
                    std::future::pending::<()>().await;
                }
                false
            });
            let failed: Vec<_> =
                readiness.check().await.into_iter().filter(|checked| !checked.ok).collect();
            assert_eq!(failed, [Checked { name: "store", ok: false }]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_calls_run_the_checks_once() {
        let checks = Arc::new(AtomicUsize::new(0));
        let (mut readiness, count) = (Readiness::default(), Arc::clone(&checks));
        readiness.add("store", move || {
            count.fetch_add(1, Ordering::Relaxed);
            async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                true
            }
        });
        let all = (0..100).map(|_| readiness.is_ready());
        assert!(futures_util::future::join_all(all).await.into_iter().all(|ready| ready));
        assert_eq!(checks.load(Ordering::Relaxed), 1);
        tokio::time::advance(FRESH).await;
        assert!(readiness.is_ready().await);
        assert_eq!(checks.load(Ordering::Relaxed), 2);
    }
}
