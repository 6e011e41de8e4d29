//! Every metric there is, and the only place that counts: names and labels are spelled here and nowhere
//! else, and every label's values are few and known, so that no request can make a new series.
//!
//! Counting costs next to nothing until [`start`] was called, which only an operator's listener does.

use std::cell::RefCell;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// What Prometheus calls its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Times in seconds, in [`BUCKETS`].
    Histogram,
}

impl Kind {
    /// As documents spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
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
    pub en: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
}

/// Seconds: from an answer out of memory to the vendor's deadline and beyond.
pub const BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

const BUILD_INFO: Metric = Metric {
    name: "calldock_build_info",
    kind: Kind::Gauge,
    labels: &["version"],
    en: "Always 1; tells which version runs.",
    zh: "恒为 1，用于标明运行的版本。",
};
const REQUESTS: Metric = Metric {
    name: "http_requests_total",
    kind: Kind::Counter,
    labels: &["route", "method", "status"],
    en: "Requests answered. `route` is the route's template or `unmatched`; `status` is `aborted` where the caller left first.",
    zh: "已应答的请求数。`route` 为路由模板或 `unmatched`；调用方提前断开时 `status` 为 `aborted`。",
};
const REQUEST_SECONDS: Metric = Metric {
    name: "http_request_duration_seconds",
    kind: Kind::Histogram,
    labels: &["route"],
    en: "From a request's head to its answer's head.",
    zh: "从收到请求头到发出应答头的时间。",
};
const IN_FLIGHT: Metric = Metric {
    name: "http_requests_in_flight",
    kind: Kind::Gauge,
    labels: &[],
    en: "Requests whose answer has not begun.",
    zh: "尚未开始应答的请求数。",
};
const VENDOR_CALLS: Metric = Metric {
    name: "vendor_calls_total",
    kind: Kind::Counter,
    labels: &["action", "outcome"],
    en: "Calls of TCCC's cloud API; `outcome` is one of `ok`, `rejected`, `timeout`, `unreachable`, `malformed`, `unsigned`, `queue`.",
    zh: "对 TCCC 云 API 的调用数；`outcome` 取 `ok`、`rejected`、`timeout`、`unreachable`、`malformed`、`unsigned`、`queue` 之一。",
};
const VENDOR_SECONDS: Metric = Metric {
    name: "vendor_call_duration_seconds",
    kind: Kind::Histogram,
    labels: &["action"],
    en: "How long such a call took, with its time in the queue.",
    zh: "上述调用的耗时，含排队时间。",
};
const VENDOR_QUEUE: Metric = Metric {
    name: "vendor_queue_depth",
    kind: Kind::Gauge,
    labels: &[],
    en: "Calls that wait for their turn within the vendor's requests per second.",
    zh: "因厂商每秒请求数限制而排队等待的调用数。",
};
const TOKENS_MINTED: Metric = Metric {
    name: "cec_tokens_minted_total",
    kind: Kind::Counter,
    labels: &[],
    en: "CEC tokens handed out.",
    zh: "已签发的 CEC 令牌数。",
};
const VALIDATIONS: Metric = Metric {
    name: "cec_validations_total",
    kind: Kind::Counter,
    labels: &["verdict"],
    en: "CEC's questions about a token; `verdict` is `valid` or `invalid`.",
    zh: "CEC 查询令牌的次数；`verdict` 为 `valid` 或 `invalid`。",
};
const LIMITS_REFUSED: Metric = Metric {
    name: "limits_refused_total",
    kind: Kind::Counter,
    labels: &["limit"],
    en: "Requests refused because a limit was reached: `address`, `identity`, `callback`, or one of the proxy's keys.",
    zh: "因达到限制而被拒绝的请求数；`limit` 取 `address`、`identity`、`callback` 或反向代理的配置键。",
};
const GUESSES_REFUSED: Metric = Metric {
    name: "guesses_refused_total",
    kind: Kind::Counter,
    labels: &[],
    en: "Passwords not even looked at, since too many before were wrong.",
    zh: "因此前错误次数过多而未予核对的口令尝试数。",
};
const STORE_ERRORS: Metric = Metric {
    name: "store_errors_total",
    kind: Kind::Counter,
    labels: &[],
    en: "Times the store could not say, and a request was refused for it.",
    zh: "存储不可用并因此拒绝请求的次数。",
};
const PROXY_FAILURES: Metric = Metric {
    name: "proxy_failures_total",
    kind: Kind::Counter,
    labels: &["cause"],
    en: "Requests that CEC's domain did not answer; `cause` is `timeout` or `unreachable`.",
    zh: "云客服域名未应答的请求数；`cause` 为 `timeout` 或 `unreachable`。",
};
const PROXY_TUNNELS: Metric = Metric {
    name: "proxy_tunnels_open",
    kind: Kind::Gauge,
    labels: &[],
    en: "WebSockets that are open through the proxy.",
    zh: "当前经由反向代理打开的 WebSocket 数。",
};

/// All of them, in the order of the documents.
pub const ALL: [Metric; 14] = [
    REQUESTS,
    REQUEST_SECONDS,
    IN_FLIGHT,
    VENDOR_CALLS,
    VENDOR_SECONDS,
    VENDOR_QUEUE,
    TOKENS_MINTED,
    VALIDATIONS,
    LIMITS_REFUSED,
    GUESSES_REFUSED,
    STORE_ERRORS,
    PROXY_FAILURES,
    PROXY_TUNNELS,
    BUILD_INFO,
];

/// What keeps the counts, and the handle that prints them.
///
/// # Errors
/// None in practice: [`BUCKETS`] is not empty.
pub fn recorder() -> Result<metrics_exporter_prometheus::PrometheusRecorder, BuildError> {
    Ok(PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder())
}

/// From now on everything is counted, in the whole process.
///
/// # Errors
/// One sentence; it was started before.
pub fn start() -> Result<PrometheusHandle, &'static str> {
    let recorder = recorder().map_err(|_| "the metrics' buckets are empty")?;
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| "metrics were started twice")?;
    describe();
    Ok(handle)
}

/// Tells the present recorder what each metric means, and which version runs.
pub fn describe() {
    for metric in ALL {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.en),
            Kind::Gauge => metrics::describe_gauge!(metric.name, metric.en),
            Kind::Histogram => metrics::describe_histogram!(metric.name, metric.en),
        }
    }
    gauge!(BUILD_INFO.name, "version" => env!("CARGO_PKG_VERSION")).set(1);
}

fn one_more(metric: Metric) -> Gauge {
    let gauge = gauge!(metric.name);
    gauge.increment(1);
    gauge
}

thread_local! {
    /// To find it costs more than to count.
    static IN_FLIGHT_HERE: Gauge = gauge!(IN_FLIGHT.name);
}

/// A request that is being answered, until it is dropped.
#[derive(Debug)]
pub struct InFlight(());

impl InFlight {
    /// One more.
    pub fn start() -> Self {
        IN_FLIGHT_HERE.with(|gauge| gauge.increment(1));
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        // A thread that ends has nothing in flight that anybody still counts.
        let _ = IN_FLIGHT_HERE.try_with(|gauge| gauge.decrement(1));
    }
}

/// One row of [`REQUESTS`] with its [`REQUEST_SECONDS`].
struct Answered {
    route: String,
    method: &'static str,
    status: Option<u16>,
    requests: Counter,
    seconds: Histogram,
}

impl Answered {
    fn new(route: &str, method: &'static str, status: Option<u16>) -> Self {
        let route = route.to_owned();
        let said = status.map_or_else(|| "aborted".to_owned(), |status| status.to_string());
        let requests =
            counter!(REQUESTS.name, "route" => route.clone(), "method" => method, "status" => said);
        let seconds = histogram!(REQUEST_SECONDS.name, "route" => route.clone());
        Self { route, method, status, requests, seconds }
    }
}

thread_local! {
    /// The rows this thread has written to. To find one among all of the process costs more than to count,
    /// and there are few.
    static ANSWERED: RefCell<Vec<Answered>> = const { RefCell::new(Vec::new()) };
}

/// A request was answered, or left by its caller. `route` is a template, never a path that was asked for.
pub fn answered(route: &str, method: &'static str, status: Option<u16>, took: Duration) {
    ANSWERED.with_borrow_mut(|rows| {
        let is_it =
            |row: &Answered| row.status == status && row.method == method && row.route == route;
        let at = rows.iter().position(is_it).unwrap_or_else(|| {
            rows.push(Answered::new(route, method, status));
            rows.len() - 1
        });
        rows[at].requests.increment(1);
        rows[at].seconds.record(took);
    });
}

/// A call of the vendor's came to its end.
pub fn vendor_called(action: &'static str, outcome: &'static str, took: Duration) {
    counter!(VENDOR_CALLS.name, "action" => action, "outcome" => outcome).increment(1);
    histogram!(VENDOR_SECONDS.name, "action" => action).record(took);
}

/// A call that waits for its turn, until it is dropped.
#[derive(Debug)]
pub struct Queued(Gauge);

impl Queued {
    /// One more.
    pub fn start() -> Self {
        Self(one_more(VENDOR_QUEUE))
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// A CEC token was handed out.
pub fn token_minted() {
    counter!(TOKENS_MINTED.name).increment(1);
}

/// CEC asked about a token.
pub fn validated(valid: bool) {
    let verdict = if valid { "valid" } else { "invalid" };
    counter!(VALIDATIONS.name, "verdict" => verdict).increment(1);
}

/// A request went beyond a rate limit; `limit` is the limit's name.
pub fn limit_refused(limit: &'static str) {
    counter!(LIMITS_REFUSED.name, "limit" => limit).increment(1);
}

/// A password was refused unread.
pub fn guess_refused() {
    counter!(GUESSES_REFUSED.name).increment(1);
}

/// The store could not say.
pub fn store_failed() {
    counter!(STORE_ERRORS.name).increment(1);
}

/// CEC's domain gave no answer; `cause` is `timeout` or `unreachable`.
pub fn proxy_failed(cause: &'static str) {
    counter!(PROXY_FAILURES.name, "cause" => cause).increment(1);
}

/// A WebSocket through the proxy, until it is dropped.
#[derive(Debug)]
pub struct Tunnel(Gauge);

impl Tunnel {
    /// One more.
    pub fn start() -> Self {
        Self(one_more(PROXY_TUNNELS))
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Everything that can be counted, once, as Prometheus reads it. On a thread of its own, since threads
    /// keep what they have counted with.
    fn everything() -> String {
        std::thread::spawn(count_everything).join().unwrap()
    }

    fn count_everything() -> String {
        let recorder = recorder().unwrap();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            let took = Duration::from_millis(7);
            drop((InFlight::start(), Queued::start(), Tunnel::start()));
            answered("/healthz", "GET", Some(200), took);
            answered("/healthz", "GET", None, took);
            vendor_called("CreateUserSig", "ok", took);
            token_minted();
            validated(true);
            limit_refused("address");
            guess_refused();
            store_failed();
            proxy_failed("timeout");
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
    fn the_types_and_the_meanings_are_told() {
        let text = everything();
        for metric in ALL {
            let kind = format!("# TYPE {} {}\n", metric.name, metric.kind.as_str());
            assert!(text.contains(&kind), "{kind}{text}");
            assert!(text.contains(&format!("# HELP {} ", metric.name)), "{}", metric.name);
        }
        assert!(
            text.contains("http_request_duration_seconds_bucket{route=\"/healthz\",le=\"0.01\"} 2")
        );
        assert!(text.contains("http_requests_in_flight 0"));
    }
}
