//! Bounds and deadlines over real sockets.
#![allow(clippy::unwrap_used, missing_docs)]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{any, get, post};
use calldock_service::{Bounded, Bounds, Connections, Deadlines, Gateways, Limits, http1, network};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Semaphore;

/// Long for a test, short for a person.
const PATIENCE: Duration = Duration::from_secs(10);

const SHORT: Duration = Duration::from_millis(300);

struct Served {
    at: SocketAddr,
    connections: Connections,
    /// A permit for each request of `/wait` that has arrived.
    waiting: Arc<Semaphore>,
    /// A permit lets one of them go on.
    go: Arc<Semaphore>,
}

async fn serve(total: u32, per_address: u32, exempt: &[&str], deadlines: Deadlines) -> Served {
    let exempt = Gateways::new(exempt.iter().map(|text| network(text).unwrap()));
    let limits = Limits { total, per_address };
    let connections = Connections::new(Bounds { limits, exempt });
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let at = listener.local_addr().unwrap();
    let [waiting, go] = [(); 2].map(|()| Arc::new(Semaphore::new(0)));
    let (arrived, may_go) = (waiting.clone(), go.clone());
    let wait = async move |_: Bytes| {
        arrived.add_permits(1);
        may_go.acquire().await.unwrap().forget();
        "ok"
    };
    let router = Router::new()
        .route("/", get(async || "ok"))
        .route("/large", get(async || vec![7; 64 * 1024 * 1024]))
        .route("/wait", any(wait))
        .route("/upload", post(async |body: Bytes| body.len().to_string()));
    let server = http1(axum_server::from_tcp(listener).unwrap(), 16 * 1024)
        .acceptor(Bounded::new(connections.clone(), deadlines));
    tokio::spawn(server.serve(router.into_make_service()));
    Served { at, connections, waiting, go }
}

const WAIT: &[u8] = b"GET /wait HTTP/1.1\r\nHost: h\r\n\r\n";
const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";

async fn connect(at: SocketAddr) -> TcpStream {
    TcpStream::connect(at).await.unwrap()
}

/// Sends a request and reads its response; whether there was one.
async fn ask(stream: &mut TcpStream) -> bool {
    if stream.write_all(GET).await.is_err() {
        return false;
    }
    read_ok(stream).await
}

/// Waits until the server closes a connection.
async fn closes(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("an end");
}

#[tokio::test]
async fn one_address_has_its_share_and_an_idle_connection_makes_room() {
    let served = serve(100, 2, &[], Deadlines::default()).await;
    let mut working = [connect(served.at).await, connect(served.at).await];
    for stream in &mut working {
        stream.write_all(WAIT).await.unwrap();
        served.waiting.acquire().await.unwrap().forget();
    }
    // Both have a complete request: a third is refused.
    let mut third = connect(served.at).await;
    assert!(!ask(&mut third).await, "refused");
    served.go.add_permits(2);
    for stream in &mut working {
        assert!(read_ok(stream).await);
    }
    // Both are idle now: the one that is idle longest makes room.
    let mut fourth = connect(served.at).await;
    assert!(ask(&mut fourth).await);
    closes(&mut working[0]).await;
    assert!(ask(&mut working[1]).await, "the other one stays");
    assert_eq!(served.connections.open(), 2);
}

/// No deadline ends a connection in these tests: what is closed was closed for a newer one.
const PATIENT: Deadlines =
    Deadlines { head: Duration::from_secs(600), idle: Duration::from_secs(600), stall: PATIENCE };

/// Connects from an address of this machine.
async fn connect_from(from: [u8; 4], at: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::from(from), 0).into()).unwrap();
    socket.connect(at).await.unwrap()
}

/// Fills the listener: each address opens as many connections as it may, and begins a request.
async fn fill(served: &Served, addresses: &[[u8; 4]], each: usize, begin: &[u8]) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    let before = served.connections.open();
    for from in addresses {
        for _ in 0..each {
            let mut stream = connect_from(*from, served.at).await;
            stream.write_all(begin).await.unwrap();
            streams.push(stream);
        }
    }
    let all = before + u32::try_from(streams.len()).unwrap();
    let filled = async {
        while served.connections.open() < all {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, filled).await.expect("all to be open");
    streams
}

/// 32 addresses, each in a network of its own.
fn unknown_callers() -> Vec<[u8; 4]> {
    (1..=32).map(|number| [127, 1, number, 1]).collect()
}

const HONEST: [u8; 4] = [127, 2, 0, 1];

async fn is_served_at_once(served: &Served, from: [u8; 4]) {
    let mut stream = connect_from(from, served.at).await;
    let served = tokio::time::timeout(PATIENCE, ask(&mut stream)).await;
    assert!(served.expect("a response at once"));
}

#[tokio::test]
async fn requests_that_never_end_do_not_keep_a_newcomer_out() {
    const POST: &[u8] = b"POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nbody";
    for begin in [b"".as_slice(), &GET[..10], POST] {
        let served = serve(257, 8, &[], PATIENT).await;
        let mut known = connect_from(HONEST, served.at).await;
        assert!(ask(&mut known).await);
        let open = fill(&served, &unknown_callers(), 8, begin).await;
        for number in 0..40 {
            is_served_at_once(&served, [127, 2, number, 2]).await;
        }
        assert!(ask(&mut known).await, "the address that holds one keeps it");
        drop(open);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_that_trickle_in_and_come_back_do_not_keep_a_newcomer_out() {
    let served = serve(256, 8, &[], PATIENT).await;
    let mut open = fill(&served, &unknown_callers(), 8, &GET[..4]).await;
    let at = served.at;
    let attack = tokio::spawn(async move {
        loop {
            for (number, stream) in open.iter_mut().enumerate() {
                if stream.try_write(b"x").is_err() {
                    *stream = connect_from(unknown_callers()[number / 8], at).await;
                }
            }
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..50 {
        is_served_at_once(&served, HONEST).await;
    }
    attack.abort();
}

#[tokio::test]
async fn a_network_of_many_addresses_counts_as_one() {
    let served = serve(66, 8, &[], PATIENT).await;
    let mut known = [connect_from(HONEST, served.at).await, connect_from(HONEST, served.at).await];
    for stream in &mut known {
        assert!(ask(stream).await);
    }
    let network: Vec<_> = (1..=64).map(|host| [127, 1, 1, host]).collect();
    let open = fill(&served, &network, 1, &GET[..10]).await;
    for host in 100..150 {
        is_served_at_once(&served, [127, 1, 1, host]).await;
    }
    for stream in &mut known {
        assert!(ask(stream).await, "another network keeps its connections");
    }
    drop(open);
}

#[tokio::test]
async fn a_request_that_is_being_handled_is_not_dropped() {
    let served = serve(8, 8, &[], PATIENT).await;
    // The heaviest address has the oldest connections, all at work but one.
    let mut working = fill(&served, &[HONEST; 6], 1, WAIT).await;
    served.waiting.acquire_many(6).await.unwrap().forget();
    let mut upload = connect_from(HONEST, served.at).await;
    upload
        .write_all(b"POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab")
        .await
        .unwrap();
    served.waiting.acquire().await.unwrap().forget();
    let stalled = fill(&served, &[HONEST], 1, &GET[..10]).await;
    for number in 1..10 {
        is_served_at_once(&served, [127, 1, number, 1]).await;
    }
    served.go.add_permits(7);
    for stream in working.iter_mut().chain([&mut upload]) {
        assert!(read_ok(stream).await);
    }
    drop(stalled);
}

/// Reads a response that ends with `ok`.
async fn read_ok(stream: &mut TcpStream) -> bool {
    let mut read = Vec::new();
    while !read.ends_with(b"ok") {
        let mut part = [0; 1024];
        match tokio::time::timeout(PATIENCE, stream.read(&mut part)).await.unwrap() {
            Ok(length @ 1..) => read.extend_from_slice(&part[..length]),
            _ => return false,
        }
    }
    true
}

#[tokio::test]
async fn a_gateway_is_bound_by_the_total_only() {
    let served = serve(3, 1, &["127.0.0.1"], Deadlines::default()).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(served.at).await;
        assert!(ask(&mut stream).await);
        open.push(stream);
    }
    let mut newcomer = connect(served.at).await;
    assert!(ask(&mut newcomer).await, "the longest idle one made room");
    closes(&mut open[0]).await;
    drop((open, newcomer));
    while served.connections.open() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_slow_head_ends_and_an_idle_connection_has_a_deadline_of_its_own() {
    let deadlines = Deadlines { head: SHORT, idle: 10 * SHORT, stall: SHORT };
    let served = serve(10, 10, &[], deadlines).await;
    let mut slow = connect(served.at).await;
    slow.write_all(&GET[..10]).await.unwrap();
    let mut silent = connect(served.at).await;
    let mut idle = connect(served.at).await;
    assert!(ask(&mut idle).await);
    closes(&mut slow).await;
    closes(&mut silent).await;
    tokio::time::sleep(3 * SHORT).await;
    assert!(ask(&mut idle).await, "idle for longer than a head may take");
    // A later head is as bounded as the first one.
    idle.write_all(&GET[..10]).await.unwrap();
    let began = std::time::Instant::now();
    closes(&mut idle).await;
    assert!(began.elapsed() < 9 * SHORT, "the head's deadline, not the idle one");
    let mut idle = connect(served.at).await;
    assert!(ask(&mut idle).await);
    closes(&mut idle).await;
}

/// HTTP/2 by prior knowledge: SETTINGS with a window of 0, so that no response could be sent, and `GET /`.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\
    \0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\0\
    \0\0\x06\x01\x05\0\0\0\x01\x82\x86\x84\x41\x01h";

#[tokio::test]
async fn http_2_begins_no_request() {
    let deadlines = Deadlines { head: SHORT, ..PATIENT };
    let served = serve(1, 1, &[], deadlines).await;
    let mut stream = connect(served.at).await;
    stream.write_all(HTTP2).await.unwrap();
    let mut received = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut received)).await;
    let _ = read.expect("the head's deadline to end it");
    // The type of each frame: no HEADERS (1).
    let mut frames = &received[..];
    while let [_, high, low, kind, ..] = frames {
        assert_ne!(*kind, 1, "{received:?}");
        frames = &frames[9 + usize::from(u16::from_be_bytes([*high, *low]))..];
    }
    is_served_at_once(&served, HONEST).await;

    // Before the deadline it makes room, as any connection without a request does.
    let served = serve(1, 1, &[], PATIENT).await;
    let mut stream = fill(&served, &[HONEST], 1, HTTP2).await.remove(0);
    let mut first = [0; 9];
    stream.read_exact(&mut first).await.unwrap();
    is_served_at_once(&served, HONEST).await;
    closes(&mut stream).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped() {
    let deadlines = Deadlines { stall: SHORT, ..Deadlines::default() };
    let served = serve(10, 10, &[], deadlines).await;
    let mut stream = connect(served.at).await;
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    while served.connections.open() == 0 {
        tokio::task::yield_now().await;
    }
    let closed = async {
        while served.connections.open() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, closed).await.expect("the connection to end");
}

#[tokio::test]
async fn a_head_beyond_its_bound_is_refused() {
    let served = serve(10, 10, &[], Deadlines::default()).await;
    let mut stream = connect(served.at).await;
    let head = format!("GET / HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n", "x".repeat(20 * 1024));
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
}

#[tokio::test]
async fn requests_that_come_at_once_are_handled_one_at_a_time() {
    const REQUESTS: usize = 1000;
    let served = serve(100, 2, &[], Deadlines::default()).await;
    let mut stream = connect(served.at).await;
    let (mut reader, mut writer) = stream.split();
    let read = async {
        let (mut received, mut buffer, mut answered) = (String::new(), vec![0; 64 * 1024], 0);
        while answered < REQUESTS {
            // All but the first wait unread or unhandled until the one before them has its response.
            served.waiting.acquire().await.unwrap().forget();
            assert_eq!(served.waiting.available_permits(), 0, "one at a time");
            served.go.add_permits(1);
            answered += 1;
            while received.matches("HTTP/1.1 200").count() < answered {
                let length = reader.read(&mut buffer).await.unwrap();
                assert_ne!(length, 0, "{answered}");
                received.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
            }
        }
        received
    };
    let all = WAIT.repeat(REQUESTS);
    let (written, received) =
        tokio::time::timeout(PATIENCE * 6, async { tokio::join!(writer.write_all(&all), read) })
            .await
            .expect("all responses");
    written.unwrap();
    assert_eq!(received.matches("HTTP/1.1 200").count(), REQUESTS);
    assert_eq!(served.waiting.available_permits(), 0);
}
