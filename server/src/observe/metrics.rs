//! Every metric: names and labels are spelled here and nowhere else, and every label has few, known
//! values, so that no request can create a series.
//!
//! Counting costs next to nothing until [`start`] was called.

use std::thread;
use std::time::Duration;

use calldock_service::since_1970;
use metrics::{Gauge, counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// The type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Durations in seconds, in [`BUCKETS`].
    Histogram,
}

/// A metric as it is documented.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it counts.
    pub meaning: &'static str,
}

/// Seconds: from a response out of memory to the vendor's deadline and beyond.
pub const BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Declares the metrics once: constant, name, type, labels and meaning.
macro_rules! metrics {
    ($($constant:ident = $name:literal $kind:ident [$($label:literal),*] $meaning:literal;)*) => {
        $(#[doc = $meaning]
        pub const $constant: Metric = Metric {
            name: $name,
            kind: Kind::$kind,
            labels: &[$($label),*],
            meaning: $meaning,
        };)*
        /// All metrics, in the order of the documents.
        pub const ALL: &[Metric] = &[$($constant),*];
    };
}

metrics! {
    REQUESTS = "calldock_http_requests_total" Counter ["route", "method", "status"]
        "Requests with their responses. `route` is the route's template or `unmatched`; `status` is `aborted` where the client disconnected first.";
    REQUEST_SECONDS = "calldock_http_request_duration_seconds" Histogram ["route"]
        "From a request's head to its response's head.";
    IN_FLIGHT = "calldock_http_requests_in_flight" Gauge []
        "Requests whose response has not begun.";
    CONNECTIONS = "calldock_connections_open" Gauge ["listener"]
        "Open connections; `listener` is `pages` or `callback`.";
    VENDOR_CALLS = "calldock_vendor_calls_total" Counter ["action", "outcome"]
        "Calls of TCCC's cloud API; `outcome` is one of `ok`, `rejected`, `timeout`, `unreachable`, `malformed`, `unusable`, `unsigned`, `no-credentials`.";
    VENDOR_SECONDS = "calldock_vendor_call_duration_seconds" Histogram ["action"]
        "How long the vendor took for such a call, without the queue.";
    QUEUE_SECONDS = "calldock_queue_wait_seconds" Histogram ["budget"]
        "How long a request waited for its turn.";
    QUEUE_WAITING = "calldock_queue_waiting" Gauge ["budget"]
        "Requests that wait for their turn.";
    QUEUE_FULL = "calldock_queue_full_total" Counter ["budget"]
        "Requests that were given a ticket because the queue was full.";
    TOKENS_MINTED = "calldock_cec_tokens_minted_total" Counter []
        "CEC tokens handed out.";
    VALIDATIONS = "calldock_cec_validations_total" Counter ["verdict"]
        "CEC's questions about a token; `verdict` is `valid` or `invalid`.";
    LIMITS_REFUSED = "calldock_limits_refused_total" Counter ["limit"]
        "Requests refused because a limit was reached: `callback`, `failures`, `requests` or `audit`.";
    LIMITER_NETWORKS = "calldock_limiter_networks" Gauge ["limit"]
        "Networks that a limit has counted lately; `limit` is `failures` or `callback`.";
    STORE_ENTRIES = "calldock_store_entries" Gauge ["kind"]
        "Entries of the store in memory; `kind` is `asked_tokens`, `spent_tickets`, `sessions` or `guessers`. Redis has its own metrics.";
    STORE_ERRORS = "calldock_store_errors_total" Counter []
        "Operations of the shared store (Redis) that failed.";
    LOG_DROPPED = "calldock_log_dropped_lines_total" Counter []
        "Lines of the log that were dropped because the reader of stderr stalled.";
    AUDIT_MISSING = "calldock_audit_missing_lines_total" Counter []
        "Lines of the audit that could not be queued.";
    RELOAD_SUCCESS = "calldock_config_reload_success" Gauge []
        "1 where the configuration was read successfully the last time, else 0.";
    RELOAD_SECONDS = "calldock_config_last_reload_success_timestamp_seconds" Gauge []
        "When the configuration was read successfully the last time, in seconds since 1970.";
    BUILD_INFO = "calldock_build_info" Gauge ["version"]
        "Always 1; the version is its label.";
}

/// Creates what keeps the counts.
///
/// # Errors
/// None in practice: [`BUCKETS`] is not empty.
pub fn recorder() -> Result<metrics_exporter_prometheus::PrometheusRecorder, BuildError> {
    Ok(PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder())
}

/// How often the durations since the last time are added to their buckets. Each takes 16 bytes until then.
const UPKEEP: Duration = Duration::from_secs(1);

/// Starts counting, in the whole process. Memory does not grow where nothing reads the metrics.
///
/// # Errors
/// One sentence; it was started before.
pub fn start() -> Result<PrometheusHandle, &'static str> {
    let recorder = recorder().map_err(|_| "the metrics' buckets are empty")?;
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| "metrics were started twice")?;
    describe();
    let upkeep = handle.clone();
    thread::spawn(move || {
        loop {
            thread::sleep(UPKEEP);
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// Tells the present recorder what each metric means, and which version runs.
pub fn describe() {
    for metric in ALL {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.meaning),
            Kind::Gauge => metrics::describe_gauge!(metric.name, metric.meaning),
            Kind::Histogram => metrics::describe_histogram!(metric.name, metric.meaning),
        }
    }
    gauge!(BUILD_INFO.name, "version" => env!("CARGO_PKG_VERSION")).set(1);
}

/// A request that is being handled, until it is dropped.
pub struct InFlight(Gauge);

impl InFlight {
    /// Counts one more.
    pub fn start() -> Self {
        let gauge = gauge!(IN_FLIGHT.name);
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// Counts a response, or a client that disconnected first. `route` is a template, never the path asked for.
pub fn responded(route: &str, method: &'static str, status: Option<u16>, took: Duration) {
    let route = route.to_owned();
    let status = status.map_or_else(|| "aborted".to_owned(), |status| status.to_string());
    counter!(REQUESTS.name, "route" => route.clone(), "method" => method, "status" => status)
        .increment(1);
    histogram!(REQUEST_SECONDS.name, "route" => route).record(took);
}

/// Sets a gauge of what is counted elsewhere, by the value of its label.
pub fn set(gauge: Metric, label: &'static str, count: usize) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    gauge!(gauge.name, gauge.labels[0] => label).set(count);
}

/// Counts a call of the vendor and the time the vendor took.
pub fn vendor_called(action: &'static str, outcome: &'static str, took: Duration) {
    counter!(VENDOR_CALLS.name, "action" => action, "outcome" => outcome).increment(1);
    histogram!(VENDOR_SECONDS.name, "action" => action).record(took);
}

/// Records how long a request waited for its turn of a budget.
pub fn queue_waited(budget: &'static str, waited: Duration) {
    histogram!(QUEUE_SECONDS.name, "budget" => budget).record(waited);
}

/// Counts a request that was given a ticket because a budget's queue was full.
pub fn queue_full(budget: &'static str) {
    counter!(QUEUE_FULL.name, "budget" => budget).increment(1);
}

/// Counts a CEC token that was handed out.
pub fn token_minted() {
    counter!(TOKENS_MINTED.name).increment(1);
}

/// Counts a question of CEC about a token.
pub fn validated(valid: bool) {
    let verdict = if valid { "valid" } else { "invalid" };
    counter!(VALIDATIONS.name, "verdict" => verdict).increment(1);
}

/// Counts a request that reached a limit; `limit` is the limit's name.
pub fn limit_refused(limit: &'static str) {
    counter!(LIMITS_REFUSED.name, "limit" => limit).increment(1);
}

/// Counts a failed operation of the shared store.
pub fn store_failed() {
    counter!(STORE_ERRORS.name).increment(1);
}

/// Sets the lines that the log and the audit have lost so far.
pub fn lost_lines(log: u64, audit: u64) {
    counter!(LOG_DROPPED.name).absolute(log);
    counter!(AUDIT_MISSING.name).absolute(audit);
}

/// Records that the configuration was read, at the start or again.
pub fn reloaded(success: bool) {
    gauge!(RELOAD_SUCCESS.name).set(u8::from(success));
    if success {
        gauge!(RELOAD_SECONDS.name).set(since_1970().as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Counts everything once and renders it as Prometheus reads it.
    fn everything() -> String {
        let recorder = recorder().unwrap();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            let took = Duration::from_millis(7);
            drop(InFlight::start());
            responded("/healthz", "GET", Some(200), took);
            responded("/healthz", "GET", None, took);
            set(CONNECTIONS, "pages", 3);
            vendor_called("CreateUserSig", "ok", took);
            queue_waited("login", took);
            set(QUEUE_WAITING, "login", 1);
            queue_full("login");
            token_minted();
            validated(true);
            limit_refused("callback");
            set(LIMITER_NETWORKS, "callback", 1);
            set(STORE_ENTRIES, "sessions", 1);
            store_failed();
            lost_lines(1, 2);
            reloaded(true);
        });
        handle.render()
    }

    #[test]
    fn what_is_counted_is_what_is_listed_with_the_same_labels() {
        let text = everything();
        let mut counted = BTreeSet::new();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let series = line.rsplit_once(' ').unwrap().0;
            let (name, labels) = series.split_once('{').unwrap_or((series, ""));
            let name = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| name.strip_suffix(end))
                .unwrap_or(name);
            let labels: BTreeSet<_> = labels
                .split(',')
                .filter_map(|label| Some(label.split_once('=')?.0.to_owned()))
                .filter(|label| label != "le")
                .collect();
            counted.insert((name.to_owned(), labels));
        }
        let listed: BTreeSet<_> = ALL
            .iter()
            .map(|metric| {
                let labels = metric.labels.iter().map(|label| (*label).to_owned());
                (metric.name.to_owned(), labels.collect::<BTreeSet<_>>())
            })
            .collect();
        assert_eq!(counted, listed);
    }

    #[test]
    fn types_and_meanings_are_rendered() {
        let text = everything();
        for metric in ALL {
            let kind =
                format!("# TYPE {} {}\n", metric.name, format!("{:?}", metric.kind).to_lowercase());
            assert!(text.contains(&kind), "{kind}{text}");
            assert!(text.contains(&format!("# HELP {} ", metric.name)), "{}", metric.name);
        }
        assert!(text.contains(
            "calldock_http_request_duration_seconds_bucket{route=\"/healthz\",le=\"0.01\"} 2"
        ));
        assert!(text.contains("calldock_http_requests_in_flight 0"));
    }
}
