//! How much and how many pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::response::Response;
use axum::routing::any;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::support::{edge, headers, listen, raw};

const LIMIT: usize = 1000;

/// CEC, which says how many bytes it was sent and counts whole bodies.
fn weighing(whole: Arc<AtomicUsize>) -> Router {
    let weigh =
        any(async |State(whole): State<Arc<AtomicUsize>>, request: Request| {
            match request.into_body().collect().await {
                Ok(body) => {
                    whole.fetch_add(1, Ordering::SeqCst);
                    format!("{} bytes", body.to_bytes().len())
                }
                Err(_) => "broken off".to_owned(),
            }
        });
    Router::new().fallback(weigh).with_state(whole)
}

#[tokio::test]
async fn a_body_is_bounded_in_either_form() {
    let whole = Arc::new(AtomicUsize::new(0));
    let cec_at = listen(weighing(Arc::clone(&whole))).await;
    let at = edge(cec_at, |settings| settings.edge.body_bytes = LIMIT as u64).await;
    let post = |framing: String| {
        format!("POST /service-cloud/x HTTP/1.1\nHost: {{host}}\nConnection: close\n{framing}")
    };
    let sized = |length: usize| post(format!("Content-Length: {length}\n\n{}", "x".repeat(length)));
    let chunked = |length: usize| {
        let half = length / 2;
        let chunks = [half, length - half].map(|size| format!("{size:x}\n{}\n", "x".repeat(size)));
        post(format!("Transfer-Encoding: chunked\n\n{}0\n\n", chunks.concat()))
    };
    for text in [sized(LIMIT), chunked(LIMIT)] {
        let answer = raw(at, &text).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("1000 bytes"), "{answer}");
    }
    assert_eq!(whole.load(Ordering::SeqCst), 2);
    for text in [sized(LIMIT + 1), chunked(LIMIT + 1)] {
        let answer = raw(at, &text).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("edge.body_mib") && answer.contains("1000"), "{answer}");
    }
    assert_eq!(whole.load(Ordering::SeqCst), 2, "CEC got none of the larger ones whole");
}

#[tokio::test]
async fn requests_at_cec_are_bounded() {
    let go_on = Arc::new(Notify::new());
    let slow = any(async |State(go_on): State<Arc<Notify>>| {
        let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
        tokio::spawn(async move {
            sender.send_data("first".into()).await.unwrap();
            go_on.notified().await;
        });
        Response::new(Body::new(body))
    });
    let routes = Router::new()
        .route("/service-cloud/slow", slow)
        .fallback(async || "fast")
        .with_state(Arc::clone(&go_on));
    let at = edge(listen(routes).await, |settings| settings.edge.streams.total = 1).await;
    let get =
        |path: &str| format!("GET /service-cloud/{path} HTTP/1.1\nHost: h\nConnection: close\n\n");
    let mut reader = TcpStream::connect(at).await.unwrap();
    reader.write_all(get("slow").replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut read = String::new();
    while !read.contains("first") {
        let mut buffer = [0; 1024];
        let length = reader.read(&mut buffer).await.unwrap();
        assert_ne!(length, 0, "{read}");
        read.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    let answer = raw(at, &get("x")).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "an answer that is read is still open: {answer}");
    assert!(answer.contains("edge.streams"), "{answer}");
    assert_eq!(headers(&answer, "retry-after"), ["2"]);
    go_on.notify_one();
    reader.read_to_string(&mut read).await.unwrap();
    let answer = raw(at, &get("x")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("fast"), "{answer}");
}

#[tokio::test]
async fn a_response_with_too_many_or_too_large_headers_is_not_relayed() {
    let routes = Router::new().fallback(any(async |request: Request| {
        let (number, size) = match request.uri().path() {
            "/service-cloud/many" => (200, 1),
            "/service-cloud/large" => (1, 70 * 1024),
            _ => (80, 100),
        };
        let mut response = Response::new(Body::from("whole"));
        for number in 0..number {
            let name = format!("x-{number}").parse::<axum::http::HeaderName>().unwrap();
            let value = HeaderValue::from_str(&"v".repeat(size)).unwrap();
            response.headers_mut().insert(name, value);
        }
        response
    }));
    let at = edge(listen(routes).await, |_| {}).await;
    for (path, status) in [("many", "502"), ("large", "502"), ("usual", "200")] {
        let text = format!("GET /service-cloud/{path} HTTP/1.1\nHost: h\nConnection: close\n\n");
        let answer = raw(at, &text).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
        assert_eq!(answer.contains("whole"), status == "200");
    }
}

/// An edge in front of a CEC that never responds, and what arrives there.
async fn hanging(
    change: impl FnOnce(&mut calldock_edge::Settings),
) -> (std::net::SocketAddr, tokio::sync::mpsc::UnboundedReceiver<()>) {
    let (arrived, waiting) = tokio::sync::mpsc::unbounded_channel();
    let hang = any(move || {
        arrived.send(()).unwrap();
        std::future::pending::<()>()
    });
    let cec_at = listen(Router::new().fallback(hang)).await;
    let at = edge(cec_at, |settings| {
        settings.listen.gateways =
            calldock_service::Gateways::new([calldock_service::network("127.0.0.1").unwrap()]);
        change(settings);
    });
    (at.await, waiting)
}

fn get(from: &str) -> String {
    format!(
        "GET /service-cloud/x HTTP/1.1\nHost: h\nConnection: close\nX-Forwarded-For: {from}\n\n"
    )
}

#[tokio::test]
async fn one_address_leaves_requests_to_others() {
    let (at, mut waiting) = hanging(|settings| settings.edge.streams.per_address = 2).await;
    let mut held = Vec::new();
    for from in ["203.0.113.9", "203.0.113.9", "198.51.100.7"] {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(get(from).replace('\n', "\r\n").as_bytes()).await.unwrap();
        waiting.recv().await.unwrap();
        held.push(stream);
    }
    let refused = raw(at, &get("203.0.113.9")).await;
    assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
    assert!(refused.contains("edge.streams_per_address"), "{refused}");
    assert_eq!(headers(&refused, "retry-after"), ["2"]);
}

#[tokio::test]
async fn the_addresses_of_one_prefix_leave_requests_to_others() {
    let (at, mut waiting) = hanging(|settings| {
        settings.edge.streams = calldock_service::Limits { total: 4, per_address: 1 }
    })
    .await;
    let mut held = Vec::new();
    for from in ["2001:db8:0:1::1", "2001:db8:0:200::1", "203.0.113.9"] {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(get(from).replace('\n', "\r\n").as_bytes()).await.unwrap();
        waiting.recv().await.unwrap();
        held.push(stream);
        if held.len() == 2 {
            let refused = raw(at, &get("2001:db8:0:3::1")).await;
            assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
            assert!(refused.contains("/48") && refused.contains("edge.streams"), "{refused}");
        }
    }
}
