//! The listener under slow, greedy and countless clients, and its end.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use calldock_server::listener::{self, Ended, Incoming, Plain, Routes, Rules, Threads};
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::support::{GOOD, LOGIN, Vendor, server, settings};

const SHORT: Duration = Duration::from_millis(200);
const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A listener of a test, ended by [`Served::end`].
pub struct Served {
    pub at: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Ended>,
}

impl Served {
    pub async fn start(routes: impl Into<Routes>, rules: Rules) -> Self {
        let incoming = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = incoming.local_addr().unwrap();
        Self::on(at, incoming, routes, rules)
    }

    fn on(
        at: SocketAddr,
        incoming: impl Incoming + 'static,
        routes: impl Into<Routes>,
        rules: Rules,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let routes = routes.into();
        let serving = tokio::spawn(async move {
            listener::serve(incoming, Plain, routes, rules, &Threads::here(), stopped).await
        });
        Self { at, stop, serving }
    }

    async fn end(self) -> Ended {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap()
    }
}

/// Sends a text and reads until the server ends the connection.
pub async fn exchange(at: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    // A server that has refused already reads no further.
    let _ = stream.write_all(text.as_bytes()).await;
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(10), reading).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads one answer with a `content-length`, without waiting for the end of the connection.
async fn one(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lengths = head.lines().filter_map(|line| line.strip_prefix("content-length: "));
            let length: usize = lengths.next_back().map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text.into_owned();
            }
        }
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.unwrap();
        assert!(count > 0, "ended in the middle of: {text}");
        answer.extend_from_slice(&part[..count]);
    }
}

fn hello() -> Router {
    Router::new().fallback(any(async || "hello"))
}

fn api() -> Router {
    server(settings(), Vendor::saying(GOOD))
}

#[tokio::test]
async fn a_head_that_is_sent_too_slowly_ends_the_connection() {
    let rules = Rules { header_deadline: SHORT, ..Rules::default() };
    let served = Served::start(hello(), rules).await;
    for beginning in ["", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-A: "] {
        let started = Instant::now();
        assert_eq!(exchange(served.at, beginning).await, "", "{beginning:?}");
        assert!(started.elapsed() >= SHORT, "{beginning:?}");
    }
    // A letter now and then is no progress.
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let drip = async {
        while writing.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
        std::future::pending::<()>().await;
    };
    let mut nothing = Vec::new();
    tokio::select! {
        () = drip => {}
        _ = reading.read_to_end(&mut nothing) => {}
    }
    assert!(nothing.is_empty());
}

#[tokio::test]
async fn a_connection_may_wait_longer_for_its_next_request_than_its_head_may_take() {
    let rules = Rules { header_deadline: SHORT, idle_deadline: SHORT * 5, ..Rules::default() };
    let served = Served::start(hello(), rules).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    for _ in 0..2 {
        stream.write_all(GET.as_bytes()).await.unwrap();
        assert!(one(&mut stream).await.ends_with("hello"));
        tokio::time::sleep(SHORT * 2).await;
    }
    // The second head has its own deadline, however long the connection might still be idle.
    let started = Instant::now();
    stream.write_all(b"GET / HTT").await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
    assert!(started.elapsed() >= SHORT && started.elapsed() < SHORT * 5);
    let mut idle = TcpStream::connect(served.at).await.unwrap();
    idle.write_all(GET.as_bytes()).await.unwrap();
    let started = Instant::now();
    assert!(rest(&mut idle).await.ends_with("hello"));
    assert!(started.elapsed() >= SHORT * 5);
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_given_up() {
    let gone = Arc::new(Notify::new());
    struct Endless(Arc<Notify>);
    impl Drop for Endless {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let told = Arc::clone(&gone);
    let endless = get(async move || {
        let (mut sender, body) = http_body_util::channel::Channel::<_, io::Error>::new(1);
        let kept = Endless(told);
        tokio::spawn(async move {
            let _kept = kept;
            while sender.send_data(vec![0; 65536].into()).await.is_ok() {}
        });
        Response::new(Body::new(BodyExt::map_err(body, axum::Error::new)))
    });
    let rules = Rules { stall_deadline: SHORT, ..Rules::default() };
    let served = Served::start(Router::new().route("/", endless), rules).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(GET.as_bytes()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), gone.notified()).await.expect("given up");
}

#[tokio::test]
async fn long_heads_and_many_headers_are_refused() {
    let served = Served::start(api(), Rules { header_bytes: 8192, ..Rules::default() }).await;
    let head = |headers: &str| format!("POST {LOGIN} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
    let many = |count: usize| "X-A: 1\r\n".repeat(count);
    for (headers, status) in [
        (format!("X-A: {}\r\nConnection: close\r\n", "a".repeat(7000)), "200"),
        (format!("X-A: {}\r\n", "a".repeat(9000)), "431"),
        // Without an end: what is collected is bounded all the same.
        (format!("X-A: {}", "a".repeat(2_000_000)), "431"),
        (many(95) + "Connection: close\r\n", "200"),
        (many(101), "431"),
    ] {
        let answer = exchange(served.at, &head(&headers)).await;
        // Where much is still on its way, the system may drop the answer with it.
        let reset = headers.len() > 100_000 && answer.is_empty();
        assert!(reset || answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
    }
    let answer =
        exchange(served.at, &format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(70_000))).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn bodies_that_are_long_or_slow_are_refused() {
    let served = Served::start(api(), Rules::default()).await;
    let head = format!("POST {LOGIN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    let long = format!("{head}Content-Length: 5000\r\n\r\n{}", "x".repeat(5000));
    assert!(exchange(served.at, &long).await.starts_with("HTTP/1.1 413 "));
    let chunks = format!("{:x}\r\n{}\r\n", 1000, "x".repeat(1000)).repeat(5);
    let long = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    assert!(exchange(served.at, &long).await.starts_with("HTTP/1.1 413 "));
    let slow = exchange(served.at, &format!("{head}Content-Length: 5\r\n\r\n{{")).await;
    assert!(slow.starts_with("HTTP/1.1 408 ") && slow.contains("TIMEOUT"), "{slow}");
}

#[tokio::test]
async fn a_thousand_idle_connections_do_not_stop_a_good_request() {
    let rules = Rules { connections: 100, ..Rules::default() };
    let served = Served::start(hello(), rules).await;
    let busy = TcpStream::connect(served.at).await.unwrap();
    // Only as many are kept as a process may have files; the server has closed the others long ago.
    let mut idle = VecDeque::from([busy]);
    for number in 0..1000 {
        let mut stream = TcpStream::connect(served.at).await.unwrap();
        if number % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-").await.unwrap();
        }
        idle.push_back(stream);
        if idle.len() > 200 {
            idle.pop_front();
        }
        if number % 100 == 99 {
            let request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            assert!(exchange(served.at, &request).await.ends_with("hello"), "after {number}");
        }
    }
}

#[tokio::test]
async fn who_is_being_served_keeps_its_place_and_newcomers_wait() {
    let (entered, mut entering) = mpsc::channel(4);
    let leave = Arc::new(Notify::new());
    let told = Arc::clone(&leave);
    let slow = any(async move || {
        entered.send(()).await.unwrap();
        told.notified().await;
        "slow"
    });
    let rules = Rules { connections: 2, ..Rules::default() };
    let served = Served::start(Router::new().fallback(slow), rules).await;
    let request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let ask = || {
        let (at, request) = (served.at, request.clone());
        tokio::spawn(async move { exchange(at, &request).await })
    };
    let mut asking = Vec::new();
    for _ in 0..2 {
        asking.push(ask());
        entering.recv().await.unwrap();
    }
    asking.push(ask());
    assert!(tokio::time::timeout(SHORT, entering.recv()).await.is_err(), "the third waits");
    leave.notify_one();
    entering.recv().await.unwrap();
    leave.notify_waiters();
    for asked in asking {
        assert!(asked.await.unwrap().ends_with("slow"));
    }
}

/// A source of connections that fails for a while, as where files run out.
struct Failing {
    listener: TcpListener,
    failures: u32,
    tried: mpsc::UnboundedSender<u32>,
}

impl Incoming for Failing {
    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        if self.failures > 0 {
            self.failures -= 1;
            self.tried.send(self.failures).unwrap();
            // EMFILE on Linux and macOS.
            return Err(io::Error::from_raw_os_error(24));
        }
        Incoming::accept(&mut self.listener).await
    }
}

#[tokio::test(start_paused = true)]
async fn where_files_run_out_it_is_tried_again_and_not_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (tried, mut trying) = mpsc::unbounded_channel();
    let started = tokio::time::Instant::now();
    let served =
        Served::on(at, Failing { listener, failures: 20, tried }, hello(), Rules::default());
    while trying.recv().await.unwrap() > 0 {}
    assert!(started.elapsed() >= Duration::from_millis(1900), "{:?}", started.elapsed());
    tokio::time::resume();
    let request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    assert!(exchange(served.at, &request).await.ends_with("hello"));
}

/// Answers with what was posted, after saying that it began.
fn patient(entered: mpsc::UnboundedSender<()>) -> Router {
    let echo = post(async move |request: Request| {
        entered.send(()).unwrap();
        request.into_body().collect().await.map_or_else(
            |_| StatusCode::BAD_REQUEST.into_response(),
            |body| Response::new(Body::from(body.to_bytes())),
        )
    });
    Router::new().route("/", echo)
}

#[tokio::test]
async fn the_end_finishes_what_is_in_flight_bodies_too() {
    let (entered, mut entering) = mpsc::unbounded_channel();
    let served = Served::start(patient(entered), Rules::default()).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    let idle = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab").await.unwrap();
    entering.recv().await.unwrap();
    let at = served.at;
    let ending = tokio::spawn(served.end());
    // From its end on, nobody else is let in.
    while TcpStream::connect(at).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(b"cd").await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("abcd"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(ending.await.unwrap(), Ended { cut_off: 0 });
    drop(idle);
}

#[tokio::test]
async fn the_end_says_how_many_were_cut_off() {
    let (entered, mut entering) = mpsc::unbounded_channel();
    let served = Served::start(patient(entered), Rules { grace: SHORT, ..Rules::default() }).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab").await.unwrap();
    entering.recv().await.unwrap();
    let started = Instant::now();
    assert_eq!(served.end().await, Ended { cut_off: 1 });
    assert!(started.elapsed() >= SHORT);
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn another_router_answers_from_the_next_request_on() {
    let routes = Routes::from(hello());
    let served = Served::start(routes.clone(), Rules::default()).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(GET.as_bytes()).await.unwrap();
    assert!(one(&mut stream).await.ends_with("hello"));
    routes.replace(Router::new().fallback(any(async || "other")));
    stream.write_all(GET.as_bytes()).await.unwrap();
    assert!(one(&mut stream).await.ends_with("other"), "on the same connection");
}

#[tokio::test]
async fn an_upgraded_connection_is_left_alone_by_the_deadlines() {
    let tunnel = any(async |mut request: Request| {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut stream = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
            let mut word = [0; 4];
            while stream.read_exact(&mut word).await.is_ok() {
                stream.write_all(&word).await.unwrap();
            }
        });
        let headers = [("connection", "upgrade"), ("upgrade", "echo")];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    });
    let rules =
        Rules { header_deadline: SHORT, idle_deadline: SHORT, grace: SHORT, ..Rules::default() };
    let served = Served::start(Router::new().fallback(tunnel), rules).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(one(&mut stream).await.starts_with("HTTP/1.1 101"));
    for _ in 0..3 {
        tokio::time::sleep(SHORT).await;
        stream.write_all(b"ping").await.unwrap();
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.unwrap();
        assert_eq!(&word, b"ping");
    }
    assert_eq!(served.end().await, Ended { cut_off: 1 }, "a tunnel counts as in flight");
}
