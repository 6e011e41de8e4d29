//! CEC's stand-ins, an edge in front of them, and raw requests.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use calldock_edge::{Settings, State, router};
use calldock_service::{Bound, Place};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long CEC may stay silent: longer than any machine makes a test wait.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Serves CEC's stand-in on a port of its own, until the test's runtime ends.
pub async fn listen(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

pub fn settings_for(cec_at: SocketAddr, change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::new(format!("http://{cec_at}/").parse().unwrap());
    settings.cec.plain = true;
    settings.edge.timeout = PATIENCE;
    change(&mut settings);
    settings
}

/// An edge to that address; `cec.plain` without the demo's check of names.
pub async fn edge(cec_at: SocketAddr, change: impl FnOnce(&mut Settings)) -> SocketAddr {
    serve(Arc::new(State::new(settings_for(cec_at, change)).unwrap())).await
}

/// Serves as the program does: the same listener, bounds and deadlines.
pub async fn serve(state: Arc<State>) -> SocketAddr {
    let (bound, place) = Place::Address((Ipv4Addr::LOCALHOST, 0).into()).bind().unwrap();
    serve_at(bound, state);
    place.address().unwrap()
}

/// The same at a listener that is bound already.
pub fn serve_at(bound: Bound, state: Arc<State>) {
    let (listen, connections) =
        (state.current().settings.listen.clone(), state.connections.clone());
    drop(bound.serve(&listen, connections, router(state)).unwrap());
}

/// Responds with what it received.
pub async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]))
        .collect();
    let seen = json!({
        "method": parts.method.as_str(),
        "uri": parts.uri.to_string(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    });
    seen.to_string().into_response()
}

pub fn echoing() -> Router {
    Router::new().fallback(any(echo))
}

/// Sends a text as it stands and reads all that comes back. `{host}` is edge's own address.
pub async fn raw(at: SocketAddr, request: &str) -> String {
    let stream = TcpStream::connect(at).await.unwrap();
    raw_over(stream, &request.replace("{host}", &at.to_string())).await
}

/// The same over a connection that is open.
pub async fn raw_over(
    mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin,
    request: &str,
) -> String {
    let request = request.replace('\n', "\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    // Whether it ended well is for the test to see.
    let _ = tokio::time::timeout(PATIENCE, reading).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// What CEC received, from an answer of [`echo`].
pub fn seen(answer: &str) -> Value {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let text =
        if head.contains("transfer-encoding: chunked") { unchunked(body) } else { body.into() };
    serde_json::from_str(&text).unwrap()
}

fn unchunked(mut body: &str) -> String {
    let mut text = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        text.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
    text
}

/// All values of a header that CEC received.
pub fn all<'a>(seen: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = seen["headers"].as_array().unwrap().iter();
    headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap()).collect()
}

/// The values of a header of a raw answer.
pub fn headers<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split_once("\r\n\r\n").unwrap().0;
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

/// Sends a text exactly as it stands, and reads all that comes back.
pub async fn exchange(at: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(PATIENCE, reading).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}
