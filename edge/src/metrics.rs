//! Counts for `/metrics`, in Prometheus' text form. Labels have few and fixed values.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a request failed on the way to CEC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// CEC made no progress in time.
    Timeout,
    /// CEC could not be reached.
    Unreachable,
    /// CEC's response could not be relayed.
    InvalidResponse,
}

/// All counts of a process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By the first digit of the status, 1 to 5.
    responses: [AtomicU64; 5],
    failures: [AtomicU64; 3],
    reload_failed: AtomicU64,
    reloaded_at: AtomicU64,
}

impl Metrics {
    /// Counts a response.
    pub fn responded(&self, status: u16) {
        if let Some(count) = self.responses.get(usize::from(status / 100).wrapping_sub(1)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a failure.
    pub fn failed(&self, why: Failed) {
        self.failures[why as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Notes the outcome of a reload.
    pub fn reloaded(&self, success: bool) {
        self.reload_failed.store(u64::from(!success), Ordering::Relaxed);
        if success {
            self.reloaded_at.store(calldock_service::since_1970().as_secs(), Ordering::Relaxed);
        }
    }

    /// Writes everything, with what is counted elsewhere: names without `calldock_edge_`, with their labels.
    pub fn text(&self, others: &[(String, u64)]) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: u64| {
            // Writing into memory does not fail.
            let _ = writeln!(text, "calldock_edge_{name} {value}");
        };
        line(concat!("build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}"), 1);
        for (class, count) in (1..).zip(&self.responses) {
            line(&format!("responses_total{{class=\"{class}xx\"}}"), count.load(Ordering::Relaxed));
        }
        for (reason, count) in
            ["timeout", "unreachable", "invalid_response"].iter().zip(&self.failures)
        {
            line(&format!("failures_total{{reason=\"{reason}\"}}"), count.load(Ordering::Relaxed));
        }
        line("config_reload_success", 1 - self.reload_failed.load(Ordering::Relaxed).min(1));
        line("config_reload_time_seconds", self.reloaded_at.load(Ordering::Relaxed));
        for (name, value) in others {
            line(name, *value);
        }
        text
    }
}
