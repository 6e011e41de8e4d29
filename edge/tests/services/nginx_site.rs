//! `deploy/nginx/calldock.conf` in Debian's nginx: pages, WebSockets, uploads and CEC's question come through.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::routing::{any, get, post};
use futures_util::{SinkExt, StreamExt};
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::cec_tls;
use crate::front::{Front, NAME};

const LOGIN: &str = "/calldock/v1/cec/login";
const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";
const FORGED_ID: &str = "chosen-by-a-client";
const MIB: usize = 1024 * 1024;
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Responds with the headers that CEC received.
async fn echo(request: Request) -> String {
    let headers = request.headers().iter();
    let pairs = headers.map(|(name, value)| json!([name.as_str(), value.to_str().unwrap()]));
    Value::Array(pairs.collect()).to_string()
}

fn cec() -> Router {
    let accelerated = || async { ([("x-accel-redirect", "/private/secret.txt")], "from CEC") };
    Router::new()
        .route("/service-cloud/accelerated", get(accelerated))
        .route("/service-cloud/echo", any(echo))
        .route("/service-cloud/client.js", any(echo))
        .route("/service-cloud/ws", get(cec_tls::echo_socket))
}

fn all(seen: &Value, name: &str) -> Vec<String> {
    let pairs = seen.as_array().unwrap().iter().filter(|pair| pair[0] == name);
    pairs.map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
}

async fn json_of(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// A login by a page of this origin.
async fn login(front: &Front, origin: &str) -> Response {
    let asking = front.client().post(format!("{}{LOGIN}", front.origin));
    asking.header("origin", origin).header("x-request-id", FORGED_ID).send().await.unwrap()
}

#[tokio::test]
async fn a_page_logs_in_and_another_sites_page_does_not() {
    let front = Front::start(cec()).await;
    let answer = login(&front, &front.origin).await;
    assert_eq!(answer.status(), 200);
    let headers = answer.headers();
    assert_eq!(headers["strict-transport-security"], "max-age=31536000");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "no-store");
    assert_ne!(headers["x-request-id"], FORGED_ID);
    let cookie = headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "the page's own is https");
    assert_eq!(json_of(answer).await["mode"], "token");
    for path in [LOGIN, "/service-cloud/echo"] {
        let evil = front.client().post(format!("{}{path}", front.origin));
        let evil = evil.header("origin", "https://evil.example").send().await.unwrap();
        assert_eq!(evil.status(), 403, "{path}");
        assert_eq!(json_of(evil).await["code"], "ORIGIN_REFUSED");
    }
}

#[tokio::test]
async fn forged_forwarding_headers_are_dropped() {
    let front = Front::start(cec()).await;
    let asking = front.client().get(format!("{}/service-cloud/echo", front.origin));
    let answer = asking
        .header("x-forwarded-for", "203.0.113.9, 127.0.0.1")
        .header("x-real-ip", "203.0.113.9")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "http")
        .header("x-forwarded-port", "1")
        .header("forwarded", "for=203.0.113.9")
        .header("cookie", "JSESSIONID=shop; ccmessaging-token=abc")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    let seen = json_of(answer).await;
    let host = front.origin.strip_prefix("https://").unwrap();
    for (name, expected) in [
        ("host", vec!["cec.test"]),
        ("x-real-ip", vec!["127.0.0.2"]),
        ("x-forwarded-for", vec!["127.0.0.2, 127.0.0.1"]),
        ("x-request-id", vec![]),
        ("x-forwarded-host", vec![host]),
        ("x-forwarded-proto", vec!["https"]),
        ("x-forwarded-port", vec![]),
        ("forwarded", vec![]),
        ("cookie", vec!["ccmessaging-token=abc"]),
    ] {
        assert_eq!(all(&seen, name), expected, "{name}");
    }
    assert!(!seen.to_string().contains("203.0.113.9") && !seen.to_string().contains("evil"));
}

#[tokio::test]
async fn a_websocket_passes_both_proxies() {
    let front = Front::start(cec()).await;
    let handshake = |origin: &str| {
        let address = format!("{}/service-cloud/ws", front.origin.replace("https:", "wss:"));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request
    };
    let stream = front.stream().await;
    let (mut socket, _) = client_async(handshake(&front.origin), stream).await.unwrap();
    for message in [Message::text("刘先生"), Message::binary(vec![7; MIB])] {
        socket.send(message.clone()).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), message);
    }
    socket.close(None).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
    let evil = handshake("https://evil.example");
    match client_async(evil, front.stream().await).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 403),
        other => panic!("{:?}", other.map(|_| "opened")),
    }
}

#[tokio::test]
async fn cecs_question_needs_a_certificate_and_its_own_listener() {
    let front = Front::start(cec()).await;
    let login = json_of(login(&front, &front.origin).await).await;
    let question = json!({
        "Token": login["token"],
        "userName": login["thirdUserName"],
        "userId": login["thirdUserId"],
        "tenantSpaceId": login["tenantSpaceId"],
    });
    let ask = async |client: Client, base: &str, path: &str| {
        let asking = client.post(format!("{base}{path}")).body(question.to_string());
        let asking = asking.header("x-request-id", FORGED_ID);
        asking.header("content-type", "application/json").send().await.unwrap()
    };
    let without = ask(front.client(), &front.callback, VALIDATE).await;
    assert_eq!(without.status(), 400, "nginx: no required certificate was sent");
    for path in [VALIDATE, "/healthz"] {
        let answer = ask(front.certified(), &front.origin, path).await;
        assert!(matches!(answer.status().as_u16(), 404 | 405), "served by the site: {path}");
    }
    let other = ask(front.certified(), &front.callback, LOGIN).await;
    assert_eq!(other.status(), 404, "this listener serves one path");
    let answer = ask(front.certified(), &front.callback, VALIDATE).await;
    assert_eq!(answer.status(), 200);
    assert_ne!(answer.headers()["x-request-id"], FORGED_ID);
    assert_eq!(json_of(answer).await["retCode"], 0, "and none of those before spent the token");
    let again = ask(front.certified(), &front.callback, VALIDATE).await;
    assert_ne!(json_of(again).await["retCode"], 0);
}

#[tokio::test]
async fn an_upload_passes_while_it_arrives_and_a_larger_one_does_not() {
    static COUNTED: AtomicUsize = AtomicUsize::new(0);
    let (arrived, mut parts) = mpsc::unbounded_channel::<usize>();
    let count =
        post(async |State(arrived): State<mpsc::UnboundedSender<usize>>, request: Request| {
            let mut body = request.into_body();
            while let Some(Ok(frame)) = body.frame().await {
                let length = frame.into_data().map_or(0, |data| data.len());
                COUNTED.fetch_add(length, Ordering::SeqCst);
                let _ = arrived.send(length);
            }
            COUNTED.load(Ordering::SeqCst).to_string()
        });
    let routes = Router::new().route("/service-cloud/upload", count).with_state(arrived);
    let front = Front::start(routes).await;
    let address = format!("{}/service-cloud/upload", front.origin);
    let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
    let asking = front.client().post(&address).header("origin", &front.origin);
    let asking = asking.body(reqwest::Body::wrap(body));
    let answer = tokio::spawn(asking.send());
    sender.send_data(vec![7; MIB].into()).await.unwrap();
    let mut first = 0;
    while first < MIB {
        let part = tokio::time::timeout(PATIENCE, parts.recv()).await;
        first += part.expect("the first part, before there is a second one").unwrap();
    }
    for _ in 1..20 {
        sender.send_data(vec![7; MIB].into()).await.unwrap();
    }
    drop(sender);
    let answer = answer.await.unwrap().unwrap();
    assert_eq!(answer.text().await.unwrap(), (20 * MIB).to_string());
    let whole = front.client().post(&address).header("origin", &front.origin);
    let refused = whole.body(vec![7; 34 * MIB]).send().await;
    // nginx answers and closes while the rest is still being sent; either is a refusal.
    assert!(refused.is_err() || refused.is_ok_and(|answer| answer.status() == 413));
    assert_eq!(COUNTED.load(Ordering::SeqCst), 20 * MIB, "CEC saw nothing of the larger one");
}

#[tokio::test]
async fn the_site_is_served_over_https_only_and_its_locations_take_no_part_of_ours() {
    let front = Front::start(cec()).await;
    let client = front.client();
    let plain = client.get(format!("http://{NAME}:{}/a?b=c", front.plain.port()));
    let answer = plain.send().await.unwrap();
    assert_eq!(answer.status(), 308);
    assert_eq!(answer.headers()["location"], "https://shop.example.com/a?b=c");
    let site = client.get(format!("{}/", front.origin)).send().await.unwrap();
    assert_eq!(site.text().await.unwrap(), "the shop");
    for (path, status) in [("/client.js", 404), ("/service-cloud/client.js", 200)] {
        let answer = client.get(format!("{}{path}", front.origin)).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
}

#[tokio::test]
async fn an_office_behind_one_address_logs_in_at_once() {
    let front = Front::start(cec()).await;
    let client = front.client();
    let mut logins = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let post = client.post(format!("{}{LOGIN}", front.origin)).header("origin", &front.origin);
        logins.spawn(post.send());
    }
    let answers = logins.join_all().await.into_iter();
    let statuses: Vec<_> = answers.map(|answer| answer.unwrap().status().as_u16()).collect();
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
}

#[tokio::test]
async fn cec_cannot_make_nginx_serve_internal_files() {
    let front = Front::start(cec()).await;
    let answer = front.client().get(format!("{}/service-cloud/accelerated", front.origin));
    let answer = answer.send().await.unwrap();
    assert!(!answer.headers().contains_key("x-accel-redirect"));
    assert_eq!(answer.text().await.unwrap(), "from CEC");
}
