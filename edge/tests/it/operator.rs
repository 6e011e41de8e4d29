//! The operator's listener, on its own thread.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use calldock_edge::State;
use calldock_edge::operator;

use crate::support::settings_for;

fn get(at: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_answers_without_the_runtime_of_the_pages() {
    let settings = settings_for("127.0.0.1:9".parse().unwrap(), |_| {});
    let (state, draining) =
        (Arc::new(State::new(settings).unwrap()), Arc::new(AtomicBool::new(false)));
    let routes = operator::router(state, Arc::clone(&draining), || 3);
    // No runtime runs on this thread: the listener has its own.
    let at = calldock_service::operator::start((Ipv4Addr::LOCALHOST, 0).into(), routes).unwrap();
    assert!(get(at, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(at, "/readyz").starts_with("HTTP/1.1 200"));
    let metrics = get(at, "/metrics");
    for line in [
        "calldock_edge_build_info{version=\"",
        "calldock_edge_connections 0",
        "calldock_edge_streams 0",
        "calldock_edge_websockets 0",
        "calldock_edge_log_lines_dropped_total 3",
        "calldock_edge_config_reload_success 1",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert!(get(at, "/refused").contains("\"add\":[]"));
    draining.store(true, Ordering::Relaxed);
    assert!(get(at, "/readyz").starts_with("HTTP/1.1 503"));
    assert!(get(at, "/healthz").starts_with("HTTP/1.1 200"));
}
