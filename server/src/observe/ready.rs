//! Whether this server can handle requests. The vendor is not checked: where it fails, it fails for every
//! instance, and another instance would not help.

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
    all: Vec<(&'static str, bool, Check)>,
    last: Mutex<Option<(Instant, Vec<Checked>)>>,
}

/// The result of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The check's name.
    pub name: &'static str,
    /// Whether it passed.
    pub ok: bool,
    /// Whether the server is unready where it has failed.
    pub needed: bool,
}

impl Readiness {
    /// Adds a check. One that is not `needed` is only shown: what all instances share fails for all of them at
    /// once, and a balancer would then have none left.
    pub fn add<F>(
        &mut self,
        name: &'static str,
        needed: bool,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = bool> + Send + 'static,
    {
        let mut checks = self.checks.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = checks.all.clone();
        all.push((name, needed, Arc::new(move || Box::pin(check()))));
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

    /// Returns whether every needed check passes, and all results, at most [`FRESH`] old. A server that responds
    /// has read its configuration.
    pub async fn check(&self) -> (bool, Vec<Checked>) {
        let shared = self.checks().run().await;
        let running = !self.stopping.load(Ordering::Acquire);
        let own = [("configuration", true), ("running", running)];
        let own = own.map(|(name, ok)| Checked { name, ok, needed: true });
        let all: Vec<_> = own.into_iter().chain(shared).collect();
        (all.iter().all(|checked| checked.ok || !checked.needed), all)
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
        for (name, needed, run) in &self.all {
            let ok = tokio::time::timeout(TIMEOUT, run()).await.unwrap_or(false);
            checked.push(Checked { name, ok, needed: *needed });
        }
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn every_needed_check_must_pass_in_time_and_the_server_must_not_be_stopping() {
        let mut readiness = Readiness::default();
        readiness.add("store", true, || async { true });
        let same = readiness.clone();
        assert!(readiness.check().await.0);
        same.stop();
        assert!(!readiness.check().await.0);
        let mut other = Readiness::default();
        other.add("jwks", true, || async { true });
        same.adopt(&other);
        let names: Vec<_> = readiness.check().await.1.iter().map(|checked| checked.name).collect();
        assert_eq!(names, ["configuration", "running", "jwks"]);
        for (slow, needed) in [(false, true), (true, true), (false, false)] {
            let mut readiness = Readiness::default();
            readiness.add("store", needed, move || async move {
                if slow {
                    std::future::pending::<()>().await;
                }
                false
            });
            let (ready, all) = readiness.check().await;
            let failed: Vec<_> = all.into_iter().filter(|checked| !checked.ok).collect();
            assert_eq!(failed, [Checked { name: "store", ok: false, needed }]);
            assert_eq!(ready, !needed, "what is not needed is only shown");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_calls_run_the_checks_once() {
        let checks = Arc::new(AtomicUsize::new(0));
        let (mut readiness, count) = (Readiness::default(), Arc::clone(&checks));
        readiness.add("store", true, move || {
            count.fetch_add(1, Ordering::Relaxed);
            async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                true
            }
        });
        let all = (0..100).map(|_| readiness.check());
        assert!(futures_util::future::join_all(all).await.into_iter().all(|(ready, _)| ready));
        assert_eq!(checks.load(Ordering::Relaxed), 1);
        tokio::time::advance(FRESH).await;
        assert!(readiness.check().await.0);
        assert_eq!(checks.load(Ordering::Relaxed), 2);
    }
}
