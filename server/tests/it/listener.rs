//! The listener under slow, greedy and too many clients, and its graceful end.

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
use calldock_server::http::serve::Routes;
use calldock_server::http::settings::usual_listen;
use calldock_service::settings::Listen;
use calldock_service::{Bound, Connections, Deadlines, Gateways, Limits, Place, Serving, network};
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::{Notify, Semaphore, mpsc};

use crate::support::{
    CEC_LOGIN, GOOD, LOGIN, SilentVendor, Vendor, cec, guests, server, settings, signing,
};

const SHORT: Duration = Duration::from_millis(200);
const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// The listener of a test.
pub struct Served {
    pub at: SocketAddr,
    serving: Serving,
}

impl Served {
    pub async fn start(routes: Router, settings: Listen) -> Self {
        Self::replaceable(&Routes::new(routes), settings)
    }

    fn replaceable(routes: &Routes, settings: Listen) -> Self {
        let (bound, place) = settings.address.bind().unwrap();
        Self { at: place.address().unwrap(), serving: serving(bound, &settings, routes) }
    }

    async fn end(mut self, grace: Duration) {
        self.serving.stop(grace);
        self.serving.ended().await.unwrap();
    }
}

fn serving(bound: Bound, settings: &Listen, routes: &Routes) -> Serving {
    bound.serve(settings, Connections::new(settings.bounds()), routes.service()).unwrap()
}

/// Settings with a port that the system chooses.
pub fn listen() -> Listen {
    let place = Place::Address(SocketAddr::from(([127, 0, 0, 1], 0)));
    Listen { address: place, ..usual_listen() }
}

fn deadlines(head: Duration, idle: Duration, stall: Duration) -> Listen {
    Listen { deadlines: Deadlines { head, idle, stall }, ..listen() }
}

fn connections(total: u32, per_address: u32) -> Listen {
    Listen { connections: Limits { total, per_address }, ..listen() }
}

const LONG: Duration = Duration::from_secs(60);

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
    let served = Served::start(hello(), deadlines(SHORT, LONG, LONG)).await;
    for beginning in ["", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-A: "] {
        let started = Instant::now();
        assert_eq!(exchange(served.at, beginning).await, "", "{beginning:?}");
        assert!(started.elapsed() >= SHORT, "{beginning:?}");
    }
    // The deadline is for the whole head, not for each byte.
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
    const IDLE: Duration = Duration::from_secs(3);
    let served = Served::start(hello(), deadlines(SHORT, IDLE, LONG)).await;
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
    assert!(started.elapsed() >= SHORT && started.elapsed() < IDLE);
    let mut idle = TcpStream::connect(served.at).await.unwrap();
    let started = Instant::now();
    idle.write_all(GET.as_bytes()).await.unwrap();
    assert!(rest(&mut idle).await.ends_with("hello"));
    assert!(started.elapsed() >= IDLE);
}

#[tokio::test]
async fn a_client_that_does_not_read_its_response_is_disconnected() {
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
    let settings = deadlines(LONG, LONG, SHORT);
    let served = Served::start(Router::new().route("/", endless), settings).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(GET.as_bytes()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), gone.notified()).await.expect("disconnected");
}

#[tokio::test]
async fn long_heads_and_many_headers_are_refused() {
    let served = Served::start(api(), Listen { header_bytes: 8192, ..listen() }).await;
    let head = |headers: &str| format!("POST {LOGIN} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
    let many = |count: usize| "X-A: 1\r\n".repeat(count);
    for (headers, status) in [
        (format!("X-A: {}\r\nConnection: close\r\n", "a".repeat(7000)), "200"),
        (format!("X-A: {}\r\n", "a".repeat(9000)), "431"),
        // A head without an end: the buffer is bounded too.
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
    let served = Served::start(api(), listen()).await;
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
async fn a_thousand_idle_connections_do_not_stop_a_request() {
    let served = Served::start(hello(), connections(100, 100)).await;
    // The newest 200 stay open here; the server closes those that are idle longest.
    let mut idle = VecDeque::new();
    for number in 0..1000 {
        let mut stream = TcpStream::connect(served.at).await.unwrap();
        stream.write_all(GET.as_bytes()).await.unwrap();
        assert!(one(&mut stream).await.ends_with("hello"), "after {number}");
        idle.push_back(stream);
        if idle.len() > 200 {
            idle.pop_front();
        }
    }
    assert!(served.serving.connections().open() <= 100);
}

#[tokio::test]
async fn connections_with_a_request_are_kept_and_new_ones_are_refused() {
    let (entered, mut entering) = mpsc::channel(4);
    let leave = Arc::new(Semaphore::new(0));
    let permits = Arc::clone(&leave);
    let slow = any(async move || {
        entered.send(()).await.unwrap();
        permits.acquire().await.unwrap().forget();
        "slow"
    });
    let served = Served::start(Router::new().fallback(slow), connections(2, 2)).await;
    let request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let mut asking = Vec::new();
    for _ in 0..2 {
        let (at, request) = (served.at, request.clone());
        asking.push(tokio::spawn(async move { exchange(at, &request).await }));
        entering.recv().await.unwrap();
    }
    assert_eq!(exchange(served.at, &request).await, "");
    leave.add_permits(2);
    for asked in asking {
        assert!(asked.await.unwrap().ends_with("slow"));
    }
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
async fn a_graceful_end_finishes_open_requests_with_their_bodies() {
    let (entered, mut entering) = mpsc::unbounded_channel();
    let served = Served::start(patient(entered), listen()).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    let idle = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab").await.unwrap();
    entering.recv().await.unwrap();
    let at = served.at;
    let ending = tokio::spawn(served.end(LONG));
    // From its end on, no connection is accepted.
    while TcpStream::connect(at).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(b"cd").await.unwrap();
    let response = rest(&mut stream).await;
    assert!(response.starts_with("HTTP/1.1 200") && response.ends_with("abcd"), "{response}");
    assert!(response.contains("connection: close"), "{response}");
    tokio::time::timeout(SHORT * 20, ending).await.expect("idle connections are closed").unwrap();
    drop(idle);
}

#[tokio::test]
async fn requests_that_take_longer_than_the_grace_are_cut_off() {
    let (entered, mut entering) = mpsc::unbounded_channel();
    let served = Served::start(patient(entered), listen()).await;
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab").await.unwrap();
    entering.recv().await.unwrap();
    let started = Instant::now();
    served.end(SHORT).await;
    assert!(started.elapsed() >= SHORT && started.elapsed() < LONG / 2);
    drop(stream);
}

#[tokio::test]
async fn a_replaced_router_serves_from_the_next_request_on() {
    let routes = Routes::new(hello());
    let served = Served::replaceable(&routes, listen());
    let mut stream = TcpStream::connect(served.at).await.unwrap();
    stream.write_all(GET.as_bytes()).await.unwrap();
    assert!(one(&mut stream).await.ends_with("hello"));
    routes.replace(Router::new().fallback(any(async || "other")));
    stream.write_all(GET.as_bytes()).await.unwrap();
    assert!(one(&mut stream).await.ends_with("other"), "on the same connection");
}

/// Opens connections that send half a head each, until one is closed by the server or `most` are open.
async fn half_open(at: SocketAddr, most: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for _ in 0..most {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nX-").await.unwrap();
        open.push(stream);
    }
    open
}

#[tokio::test]
async fn one_address_cannot_take_the_connections_of_others() {
    let served = Served::start(hello(), connections(100, 10)).await;
    // 127.0.0.1 opens many more than it may have.
    let _held = half_open(served.at, 60).await;
    let open = || served.serving.connections().open();
    let until = Instant::now() + SHORT * 50;
    while open() > 10 && Instant::now() < until {
        tokio::task::yield_now().await;
    }
    assert!(open() <= 10, "{} connections of one address", open());
    // Another address of this machine is served at once.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 2], 0))).unwrap();
    let mut other = socket.connect(served.at).await.unwrap();
    let request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    other.write_all(request.as_bytes()).await.unwrap();
    let response = tokio::time::timeout(SHORT * 20, rest(&mut other)).await.unwrap();
    assert!(response.ends_with("hello"), "{response}");
}

#[tokio::test]
async fn a_gateway_may_have_more_connections_than_one_address() {
    let gateways = Gateways::new([network("127.0.0.1").unwrap()]);
    let served = Served::start(hello(), Listen { gateways, ..connections(100, 8) }).await;
    let mut open = Vec::new();
    for _ in 0..30 {
        let mut stream = TcpStream::connect(served.at).await.unwrap();
        stream.write_all(GET.as_bytes()).await.unwrap();
        assert!(one(&mut stream).await.ends_with("hello"));
        open.push(stream);
    }
    assert_eq!(served.serving.connections().open(), 30);
}

#[tokio::test]
async fn callers_over_a_unix_socket_are_gateways() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calldock.sock");
    let place = Place::Socket(path.clone());
    let settings = Listen { address: place, ..connections(100, 8) };
    let app = server(cec(signing(), guests()), Vendor::saying(GOOD));
    // A socket that a killed server has left is replaced.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let (bound, _) = settings.address.bind().unwrap();
    let mut serving = serving(bound, &settings, &Routes::new(app));
    // Forwarded headers count: the page is https, so the guest's cookie is the secure one.
    let request = format!(
        "POST {CEC_LOGIN} HTTP/1.1\r\nHost: shop.example\r\nOrigin: https://shop.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.7\r\nX-Request-Id: gw-1\r\n\r\n"
    );
    let mut open = Vec::new();
    for _ in 0..20 {
        let mut stream = UnixStream::connect(&path).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut start = vec![0; 4096];
        let count = stream.read(&mut start).await.unwrap();
        let response = String::from_utf8_lossy(&start[..count]).into_owned();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        assert!(
            response.contains("x-request-id: gw-1") && response.contains("__Host-"),
            "{response}"
        );
        open.push(stream);
    }
    drop(open);
    serving.stop(SHORT);
    serving.ended().await.unwrap();
}

#[tokio::test]
async fn one_network_behind_a_gateway_takes_half_of_the_requests_and_others_are_served() {
    let gateways = Gateways::new([network("127.0.0.1").unwrap()]);
    let settings = Listen { gateways, ..connections(16, 16) };
    let mut config = cec(signing(), guests());
    config.http.listen = settings.clone();
    let (vendor, mut called) = SilentVendor::new();
    let served = Served::start(server(config, vendor), settings).await;
    let from = |address: &str, path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\nConnection: close\r\n\r\n"
        )
    };
    let mut held = Vec::new();
    for number in 0..8 {
        let mut stream = TcpStream::connect(served.at).await.unwrap();
        let request = from(&format!("203.0.113.{number}"), LOGIN);
        stream.write_all(request.as_bytes()).await.unwrap();
        held.push(stream);
        called.recv().await.unwrap();
    }
    for path in [LOGIN, CEC_LOGIN] {
        let refused = exchange(served.at, &from("203.0.113.200", path)).await;
        assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
        assert!(refused.contains("retry-after: 2\r\n"), "{refused}");
        assert!(refused.contains("application/problem+json"), "{refused}");
    }
    let other = exchange(served.at, &from("198.51.100.7", CEC_LOGIN)).await;
    assert!(other.starts_with("HTTP/1.1 200"), "{other}");
    // A client that has gone away holds nothing.
    drop(held);
    let again = async {
        while !exchange(served.at, &from("203.0.113.200", CEC_LOGIN)).await.contains(" 200 ") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SHORT * 100, again).await.expect("its slots are free again");
}
