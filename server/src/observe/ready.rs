//! Whether this server can take requests. The vendor is not asked: its failure is no reason to send the
//! pages elsewhere, where the same vendor fails.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer stands: anybody may ask, as often as he likes, and Redis is not to feel it.
const FRESH: Duration = Duration::from_secs(1);

type Asked = Pin<Box<dyn Future<Output = bool> + Send>>;
type Ask = Arc<dyn Fn() -> Asked + Send + Sync>;

/// What must be well, each under a name. Clones are of one server.
#[derive(Clone, Default)]
pub struct Readiness {
    stopping: Arc<AtomicBool>,
    checks: Arc<RwLock<Arc<Checks>>>,
}

/// What is asked, and what came of it last.
#[derive(Default)]
struct Checks {
    asks: Vec<(&'static str, Ask)>,
    last: Mutex<Option<(Instant, Vec<Checked>)>>,
}

/// What came of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What was asked.
    pub name: &'static str,
    /// Whether it is well.
    pub ok: bool,
}

impl Readiness {
    /// Adds a check.
    pub fn add<F>(&mut self, name: &'static str, ask: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = bool> + Send + 'static,
    {
        let mut checks = self.checks.write().unwrap_or_else(PoisonError::into_inner);
        let mut asks = checks.asks.clone();
        asks.push((name, Arc::new(move || Box::pin(ask()))));
        *checks = Arc::new(Checks { asks, last: Mutex::default() });
    }

    /// Asks what another one asks, from now on: a configuration was read again, and what the former one
    /// needed need not be there any more.
    pub fn adopt(&self, other: &Self) {
        let checks = other.checks();
        *self.checks.write().unwrap_or_else(PoisonError::into_inner) = checks;
    }

    fn checks(&self) -> Arc<Checks> {
        Arc::clone(&self.checks.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on this server is not ready: it finishes what it has.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// How everything is, as of [`FRESH`]. A server that answers has read its configuration.
    pub async fn check(&self) -> Vec<Checked> {
        let checked = self.checks().ask().await;
        let running = !self.stopping.load(Ordering::Acquire);
        let own =
            [Checked { name: "configuration", ok: true }, Checked { name: "running", ok: running }];
        own.into_iter().chain(checked).collect()
    }

    /// Whether everything is well.
    pub async fn is_ready(&self) -> bool {
        self.check().await.iter().all(|checked| checked.ok)
    }
}

impl Checks {
    /// Asks everything, one after the other. Who comes meanwhile waits for the same answer.
    async fn ask(&self) -> Vec<Checked> {
        let mut last = self.last.lock().await;
        if let Some((at, checked)) = &*last
            && at.elapsed() < FRESH
        {
            return checked.clone();
        }
        let mut checked = Vec::new();
        for (name, ask) in &self.asks {
            let ok = tokio::time::timeout(PATIENCE, ask()).await.unwrap_or(false);
            checked.push(Checked { name, ok });
        }
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.checks().asks.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_must_be_well_in_time_and_nobody_stopping() {
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
    async fn many_who_ask_are_one_who_asks() {
        let asked = Arc::new(AtomicUsize::new(0));
        let (mut readiness, count) = (Readiness::default(), Arc::clone(&asked));
        readiness.add("store", move || {
            count.fetch_add(1, Ordering::Relaxed);
            async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                true
            }
        });
        let all = (0..100).map(|_| readiness.is_ready());
        assert!(futures_util::future::join_all(all).await.into_iter().all(|ready| ready));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::advance(FRESH).await;
        assert!(readiness.is_ready().await);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}
