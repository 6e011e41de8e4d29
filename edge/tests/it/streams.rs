//! The proxy under slow and silent ends: what moves goes on, what stands still is given up.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Notify, mpsc};

use crate::support::{edge, headers, listen, raw};

/// How long CEC may stay silent, where a test is about that.
const TIMEOUT: Duration = Duration::from_secs(2);

#[tokio::test]
async fn an_answer_streams_and_does_not_wait_for_its_end() {
    let go_on = Arc::new(Notify::new());
    let stream = any(async |State(go_on): State<Arc<Notify>>| {
        let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
        tokio::spawn(async move {
            sender.send_data("first".into()).await.unwrap();
            go_on.notified().await;
            sender.send_data("second".into()).await.unwrap();
        });
        Response::new(Body::new(body))
    });
    let routes = Router::new().fallback(stream).with_state(Arc::clone(&go_on));
    let at = edge(listen(routes).await, |_| {}).await;
    let mut client = TcpStream::connect(at).await.unwrap();
    client
        .write_all(b"GET /service-cloud/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut read = String::new();
    while !read.contains("first") {
        let mut buffer = [0; 1024];
        let length = client.read(&mut buffer).await.unwrap();
        assert_ne!(length, 0, "{read}");
        read.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    assert!(!read.contains("second"));
    go_on.notify_one();
    client.read_to_string(&mut read).await.unwrap();
    assert!(read.contains("second"), "{read}");
}

#[tokio::test]
async fn a_request_streams_and_may_take_its_time_as_long_as_it_moves() {
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let count =
        any(async |State(arrived): State<mpsc::UnboundedSender<Bytes>>, request: Request| {
            let mut body = request.into_body();
            let mut length = 0;
            while let Some(frame) = body.frame().await {
                let data = frame.unwrap().into_data().unwrap();
                length += data.len();
                arrived.send(data).unwrap();
            }
            length.to_string()
        });
    let routes = Router::new().fallback(count).with_state(sender);
    let at = edge(listen(routes).await, |settings| settings.edge.timeout = TIMEOUT).await;
    let mut client = TcpStream::connect(at).await.unwrap();
    client.write_all(b"POST /service-cloud/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
    for letter in ["a", "b", "c"] {
        let part = letter.repeat(1024);
        client.write_all(format!("400\r\n{part}\r\n").as_bytes()).await.unwrap();
        // Each part is there before the next one is sent, and all take longer than the timeout.
        let mut there = Vec::new();
        while there.len() < part.len() {
            there.extend_from_slice(&arrived.recv().await.unwrap());
        }
        assert_eq!(there, part.as_bytes());
        tokio::time::sleep(TIMEOUT / 2).await;
    }
    client.write_all(b"0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\n3072"), "{answer}");
}

#[tokio::test]
async fn silence_ends_in_a_problem_and_a_stalled_answer_is_cut_off() {
    let routes = Router::new()
        .route("/service-cloud/hang", any(async || std::future::pending::<()>().await))
        .route(
            "/service-cloud/stall",
            any(async || {
                let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
                tokio::spawn(async move {
                    sender.send_data("first".into()).await.unwrap();
                    std::future::pending::<()>().await;
                });
                Response::new(Body::new(body))
            }),
        );
    let at = edge(listen(routes).await, |settings| settings.edge.timeout = TIMEOUT).await;
    let get = |path: &str| {
        format!("GET /service-cloud/{path} HTTP/1.1\nHost: {{host}}\nConnection: close\n\n")
    };
    let answer = raw(at, &get("hang")).await;
    assert!(
        answer.starts_with("HTTP/1.1 504") && answer.contains(r#""code":"TIMEOUT""#),
        "{answer}"
    );
    assert_eq!(headers(&answer, "cache-control"), ["no-store"]);
    let answer = raw(at, &get("stall")).await;
    assert!(answer.contains("first") && !answer.ends_with("0\r\n\r\n"), "{answer}");
    // Bound, and nobody listens: no other program gets this port meanwhile.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let at = edge(nobody.local_addr().unwrap(), |_| {}).await;
    let answer = raw(at, &get("x?token=SECRET")).await;
    assert!(
        answer.starts_with("HTTP/1.1 502") && answer.contains(r#""code":"NETWORK""#),
        "{answer}"
    );
    assert!(answer.contains("cec.origin") && !answer.contains("SECRET"), "{answer}");
}
