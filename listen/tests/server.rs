//! Bounds and deadlines over real sockets.
#![allow(clippy::unwrap_used, missing_docs)]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use calldock_listen::{Bounded, Bounds, Connections, Deadlines, Gateways, Limits, http1, network};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Long for a test, short for a person.
const PATIENCE: Duration = Duration::from_secs(10);

const SHORT: Duration = Duration::from_millis(300);

struct Served {
    at: SocketAddr,
    connections: Connections,
}

async fn serve(total: u32, per_address: u32, exempt: &[&str], deadlines: Deadlines) -> Served {
    let exempt = Gateways::new(exempt.iter().map(|text| network(text).unwrap()));
    let limits = Limits { total, per_address };
    let connections = Connections::new(Bounds { limits, exempt });
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let at = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/", get(async || "ok"))
        .route("/large", get(async || vec![7; 64 * 1024 * 1024]))
        .route("/upload", post(async |body: Bytes| body.len().to_string()));
    let server = http1(axum_server::from_tcp(listener).unwrap(), 16 * 1024)
        .acceptor(Bounded::new(connections.clone(), deadlines));
    tokio::spawn(server.serve(router.into_make_service()));
    Served { at, connections }
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";

async fn connect(at: SocketAddr) -> TcpStream {
    TcpStream::connect(at).await.unwrap()
}

/// Sends a request and reads its response; whether there was one.
async fn ask(stream: &mut TcpStream) -> bool {
    if stream.write_all(GET).await.is_err() {
        return false;
    }
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

/// Waits until the server closes a connection.
async fn closes(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("an end");
}

#[tokio::test]
async fn one_address_has_its_share_and_an_idle_connection_makes_room() {
    let served = serve(100, 2, &[], Deadlines::default()).await;
    // Two that send half a head are not idle: a third is refused.
    let mut half = [connect(served.at).await, connect(served.at).await];
    for stream in &mut half {
        stream.write_all(&GET[..10]).await.unwrap();
    }
    while served.connections.open() < 2 {
        tokio::task::yield_now().await;
    }
    let mut third = connect(served.at).await;
    assert!(!ask(&mut third).await, "refused");
    for stream in &mut half {
        stream.write_all(&GET[10..]).await.unwrap();
        assert!(read_ok(stream).await);
    }
    // Both are idle now: the one that is idle longest makes room.
    let mut fourth = connect(served.at).await;
    assert!(ask(&mut fourth).await);
    closes(&mut half[0]).await;
    assert!(ask(&mut half[1]).await, "the other one stays");
    assert_eq!(served.connections.open(), 2);
}

async fn read_ok(stream: &mut TcpStream) -> bool {
    let mut read = Vec::new();
    while !read.ends_with(b"ok") {
        let mut part = [0; 1024];
        let Ok(length @ 1..) = stream.read(&mut part).await else { return false };
        read.extend_from_slice(&part[..length]);
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
    assert!(began.elapsed() < 5 * SHORT, "the head's deadline, not the idle one");
    let mut idle = connect(served.at).await;
    assert!(ask(&mut idle).await);
    closes(&mut idle).await;
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
