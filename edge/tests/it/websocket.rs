//! WebSockets through the proxy, with a real one at both ends.
#![expect(clippy::result_large_err, reason = "tungstenite's own type")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use calldock_edge::State;
use calldock_service::{Gateways, network};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

use crate::support::{edge, headers, listen, raw, serve, settings_for};

type Socket = WebSocketStream<TcpStream>;
type Verdict = Result<Response, ErrorResponse>;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// CEC: hands out each WebSocket it accepted, and the headers it was asked with.
async fn cec(
    consent: fn(&Request, Response) -> Verdict,
) -> (SocketAddr, mpsc::UnboundedReceiver<(Socket, HeaderMap)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (opened, sockets) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut asked = HeaderMap::new();
            let judge = |request: &Request, response: Response| {
                asked = request.headers().clone();
                consent(request, response)
            };
            if let Ok(socket) = accept_hdr_async(stream, judge).await {
                let _ = opened.send((socket, asked));
            }
        }
    });
    (address, sockets)
}

fn willing(_: &Request, response: Response) -> Verdict {
    Ok(response)
}

/// A page's WebSocket, by a handshake with these headers beside its own.
async fn open(at: SocketAddr, sent: &[(&'static str, &str)]) -> Result<(Socket, HeaderMap), Error> {
    let mut request = format!("ws://{at}/service-cloud/ws?u=1").into_client_request()?;
    for (name, value) in sent {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(at).await.unwrap();
    let (socket, answer) = client_async(request, stream).await?;
    Ok((socket, answer.into_parts().0.headers))
}

async fn read(socket: &mut Socket) -> Option<Result<Message, Error>> {
    tokio::time::timeout(PATIENCE, socket.next()).await.expect("an end or a message")
}

/// That a socket ends, however well.
async fn ends(socket: &mut Socket) {
    while let Some(Ok(_)) = read(socket).await {}
}

fn refused(outcome: Result<(Socket, HeaderMap), Error>) -> (u16, String) {
    match outcome {
        Err(Error::Http(answer)) => {
            let body = answer.body().clone().unwrap_or_default();
            (answer.status().as_u16(), String::from_utf8(body).unwrap())
        }
        other => panic!("{:?}", other.map(|_| "opened")),
    }
}

/// A handshake in letters, with this in the place of its protocol and options.
fn handshake(line: &str, middle: &str) -> String {
    format!(
        "{line}\nHost: {{host}}\n{middle}\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n"
    )
}

#[tokio::test]
async fn messages_of_every_kind_pass_both_ways_and_so_does_the_close() {
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |_| {}).await;
    let (mut page, _) = open(at, &[]).await.unwrap();
    let (mut cec, _) = sockets.recv().await.unwrap();
    let large: Vec<u8> = (0..1024 * 1024).map(|at: u32| at.to_le_bytes()[1]).collect();
    let messages = [
        Message::text("刘先生"),
        Message::binary(vec![0, 159, 146, 150]),
        Message::text(""),
        Message::binary(large),
    ];
    for message in messages {
        page.send(message.clone()).await.unwrap();
        assert_eq!(read(&mut cec).await.unwrap().unwrap(), message);
        cec.send(message.clone()).await.unwrap();
        assert_eq!(read(&mut page).await.unwrap().unwrap(), message);
    }
    page.send(Message::Ping("are you there".into())).await.unwrap();
    assert_eq!(read(&mut cec).await.unwrap().unwrap(), Message::Ping("are you there".into()));
    cec.flush().await.unwrap();
    assert_eq!(read(&mut page).await.unwrap().unwrap(), Message::Pong("are you there".into()));
    let bye = CloseFrame { code: CloseCode::Library(4001), reason: "bye".into() };
    page.send(Message::Close(Some(bye.clone()))).await.unwrap();
    assert_eq!(read(&mut cec).await.unwrap().unwrap(), Message::Close(Some(bye.clone())));
    ends(&mut cec).await;
    drop(cec);
    assert_eq!(read(&mut page).await.unwrap().unwrap(), Message::Close(Some(bye)));
    assert!(read(&mut page).await.is_none(), "closed and done");
}

#[tokio::test]
async fn the_handshake_passes_by_the_same_rules_as_any_request() {
    fn chooses(_: &Request, mut response: Response) -> Verdict {
        for (name, value) in [
            ("sec-websocket-protocol", "chat.v2"),
            ("set-cookie", "ccmessaging-token=abc; Domain=.besclouds.com; Path=/"),
            ("set-cookie", "JSESSIONID=stolen"),
            ("strict-transport-security", "max-age=1"),
        ] {
            response.headers_mut().append(name, HeaderValue::from_static(value));
        }
        Ok(response)
    }
    let (cec_at, mut sockets) = cec(chooses).await;
    let at = edge(cec_at, |_| {}).await;
    let sent = [
        ("sec-websocket-protocol", "chat.v1, chat.v2"),
        ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
        ("cookie", "JSESSIONID=shop; ccmessaging-token=old; __Host-calldock-guest=g"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-auth-request-email", "boss@shop.example"),
    ];
    let (_page, answered) = open(at, &sent).await.unwrap();
    let (_cec, asked) = sockets.recv().await.unwrap();
    for (name, value) in [
        ("host", cec_at.to_string().as_str()),
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-protocol", "chat.v1, chat.v2"),
        ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
        ("cookie", "ccmessaging-token=old"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
    ] {
        let values: Vec<_> = asked.get_all(name).iter().collect();
        assert_eq!(values, [value], "{name}");
    }
    assert!(!asked.contains_key("x-auth-request-email"));
    assert_eq!(answered["sec-websocket-protocol"], "chat.v2");
    let cookies: Vec<_> = answered.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["ccmessaging-token=abc; Path=/"]);
    assert!(!answered.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn no_page_of_another_site_opens_one() {
    const CRM: &str = "https://crm.example";
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |settings| {
        settings.edge.allowed_origins = vec![CRM.into()];
    })
    .await;
    for sent in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ] {
        let (status, body) = refused(open(at, sent).await);
        assert!(status == 403 && body.contains("ORIGIN_REFUSED"), "{sent:?}: {status} {body}");
    }
    assert!(sockets.try_recv().is_err(), "none reached CEC");
    let here = format!("http://{at}");
    for origin in [here.as_str(), CRM] {
        open(at, &[("origin", origin)]).await.unwrap();
        assert_eq!(sockets.recv().await.unwrap().1["origin"], origin, "CEC may judge it too");
    }
}

#[tokio::test]
async fn no_page_in_the_clear_opens_one_of_the_encrypted_site() {
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |settings| {
        settings.listen.gateways = Gateways::new([network("127.0.0.1").unwrap()]);
    })
    .await;
    let forwarded = |origin, scheme| {
        let host = ("x-forwarded-host", "shop.example");
        [("origin", origin), ("x-forwarded-proto", scheme), host]
    };
    // Some gateways write wss for a WebSocket.
    for scheme in ["https", "wss", "WSS"] {
        let (status, body) = refused(open(at, &forwarded("http://shop.example", scheme)).await);
        assert!(status == 403 && body.contains("ORIGIN_REFUSED"), "{scheme}: {status} {body}");
        open(at, &forwarded("https://shop.example", scheme)).await.unwrap();
        assert_eq!(sockets.recv().await.unwrap().1["x-forwarded-proto"], "https");
    }
}

#[tokio::test]
async fn a_refused_handshake_is_an_ordinary_response() {
    fn refuses(_: &Request, _: Response) -> Verdict {
        let mut answer = ErrorResponse::new(Some("not for you".to_owned()));
        *answer.status_mut() = StatusCode::FORBIDDEN;
        Err(answer)
    }
    let (cec_at, _) = cec(refuses).await;
    let at = edge(cec_at, |settings| settings.edge.websockets.total = 1).await;
    for _ in 0..3 {
        let (status, body) = refused(open(at, &[]).await);
        assert!(status == 403 && body.contains("not for you"), "no place stays taken: {status}");
    }
    let plain = listen(axum::Router::new().fallback(async || "no socket here")).await;
    let at = edge(plain, |_| {}).await;
    let line = "GET /service-cloud/ws HTTP/1.1";
    let answer = raw(at, &handshake(line, "Connection: Upgrade, close\nUpgrade: websocket")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("no socket here"), "{answer}");
    assert_eq!(headers(&answer, "upgrade"), Vec::<&str>::new());
}

#[tokio::test]
async fn another_upgrade_or_half_a_handshake_goes_nowhere() {
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |_| {}).await;
    let get = "GET /service-cloud/ws HTTP/1.1";
    for (line, middle, status) in [
        (get, "Connection: Upgrade, HTTP2-Settings, close\nUpgrade: h2c\nHTTP2-Settings: x", "501"),
        (get, "Connection: Upgrade, close\nUpgrade: websocket, h2c", "501"),
        (get, "Connection: Upgrade, close\nUpgrade: websocket\nUpgrade: h2c", "501"),
        (get, "Connection: Upgrade, close\nUpgrade: TLS/1.0", "501"),
        (get, "Connection: Upgrade, close\nUpgrade: ", "501"),
        (get, "Connection: close\nUpgrade: websocket", "400"),
        (get, "Connection: upgrades, close\nUpgrade: websocket", "400"),
        (get, "Connection: Upgrade, close\nUpgrade: websocket\nContent-Length: 3", "400"),
        (get, "Connection: Upgrade, close\nUpgrade: websocket\nTransfer-Encoding: chunked", "400"),
        (
            "POST /service-cloud/ws HTTP/1.1",
            "Connection: Upgrade, close\nUpgrade: websocket\nContent-Length: 0",
            "400",
        ),
        ("GET /service-cloud/ws HTTP/1.0", "Connection: Upgrade, close\nUpgrade: websocket", "400"),
        (
            "GET /service-cloud/../ws HTTP/1.1",
            "Connection: Upgrade, close\nUpgrade: websocket",
            "400",
        ),
    ] {
        let answer = raw(at, &handshake(line, middle)).await;
        assert!(answer[9..].starts_with(status), "{line} {middle}: {answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
    assert!(sockets.try_recv().is_err());
}

#[tokio::test]
async fn an_upgrade_that_was_not_requested_is_not_relayed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cec_at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nSECRET";
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let at = edge(cec_at, |_| {}).await;
    let line = "GET /service-cloud/ws HTTP/1.1";
    for middle in ["Connection: close", "Connection: Upgrade, close\nUpgrade: websocket"] {
        let answer = raw(at, &handshake(line, middle)).await;
        assert!(answer.starts_with("HTTP/1.1 502") && !answer.contains("SECRET"), "{answer}");
    }
}

#[tokio::test]
async fn an_idle_websocket_ends_and_pings_keep_it() {
    let (cec_at, mut sockets) = cec(willing).await;
    let idle = Duration::from_millis(1500);
    let at = edge(cec_at, |settings| settings.edge.websocket_idle = idle).await;
    let (mut page, _) = open(at, &[]).await.unwrap();
    let (mut cec, _) = sockets.recv().await.unwrap();
    for _ in 0..4 {
        tokio::time::sleep(idle / 3).await;
        page.send(Message::Ping("".into())).await.unwrap();
        assert!(matches!(read(&mut cec).await, Some(Ok(Message::Ping(_)))));
    }
    ends(&mut page).await;
    ends(&mut cec).await;
}

#[tokio::test]
async fn when_one_side_ends_the_other_ends() {
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |_| {}).await;
    let (page, _) = open(at, &[]).await.unwrap();
    let (mut cec, _) = sockets.recv().await.unwrap();
    drop(page);
    ends(&mut cec).await;
    let (mut page, _) = open(at, &[]).await.unwrap();
    drop(sockets.recv().await.unwrap());
    ends(&mut page).await;
}

#[tokio::test]
async fn websockets_are_bounded() {
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |settings| settings.edge.websockets.total = 1).await;
    let (page, _) = open(at, &[]).await.unwrap();
    let (_cec, _) = sockets.recv().await.unwrap();
    let line = "GET /service-cloud/ws HTTP/1.1";
    let answer = raw(at, &handshake(line, "Connection: Upgrade, close\nUpgrade: websocket")).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("edge.websockets"), "{answer}");
    assert_eq!(headers(&answer, "retry-after"), ["2"]);
    assert!(sockets.try_recv().is_err());
    drop((page, _cec));
    // The place is free once the tunnel's own end is through.
    tokio::time::timeout(PATIENCE, async {
        while open(at, &[]).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a free place");
    let none = edge(cec_at, |settings| settings.edge.websockets.total = 0).await;
    assert_eq!(refused(open(none, &[]).await).0, 503);
}

#[tokio::test]
async fn one_address_has_its_share_whatever_it_sends_as_forwarded_for() {
    let (cec_at, _sockets) = cec(willing).await;
    let behind = |gateway: &str| {
        let gateways = Gateways::new([network(gateway).unwrap()]);
        edge(cec_at, |settings| {
            settings.listen.gateways = gateways;
            settings.edge.websockets.per_address = 1;
        })
    };
    let (believed, unknown) = (behind("127.0.0.1").await, behind("10.0.0.1").await);
    let mut pages = Vec::new();
    for (at, sent, has_slot) in [
        (believed, "203.0.113.9", true),
        (believed, "203.0.113.9", false),
        (believed, "198.51.100.7, 203.0.113.9", false),
        (believed, "203.0.113.10", true),
        (believed, "2001:db8:1:2::1", true),
        (believed, "2001:db8:1:2:ffff::9", false),
        (believed, "2001:db8:1:3::1", true),
        (unknown, "203.0.113.9", true),
        (unknown, "203.0.113.10", false),
    ] {
        let outcome = open(at, &[("x-forwarded-for", sent)]).await;
        if has_slot {
            pages.push(outcome.unwrap());
            continue;
        }
        let (status, body) = refused(outcome);
        assert_eq!(status, 429, "{sent}: {body}");
        assert!(body.contains("edge.websockets_per_address"), "{body}");
        assert!(body.contains("listen.gateways"), "{body}");
    }
}

#[tokio::test]
async fn a_page_that_reads_slowly_gets_everything_and_slows_cec_down() {
    const MESSAGES: usize = 40;
    let (cec_at, mut sockets) = cec(willing).await;
    let at = edge(cec_at, |_| {}).await;
    let (mut page, _) = open(at, &[]).await.unwrap();
    let (mut cec, _) = sockets.recv().await.unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let sending = tokio::spawn(async move {
        for number in 0..MESSAGES {
            cec.send(Message::binary(vec![number as u8; 1024 * 1024])).await.unwrap();
            count.fetch_add(1, Relaxed);
        }
        cec
    });
    // No signal says that nothing more fits into the sockets between us: nothing is sent for a while then.
    let (mut before, mut still) = (0, 0);
    while still < 5 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = sent.load(Relaxed);
        still = if now == before { still + 1 } else { 0 };
        before = now;
    }
    assert!(before < MESSAGES, "the proxy keeps no more than the sockets do");
    for number in 0..MESSAGES {
        let message = read(&mut page).await.unwrap().unwrap().into_data();
        assert!(message.len() == 1024 * 1024 && message.iter().all(|byte| *byte == number as u8));
    }
    sending.await.unwrap();
}

#[tokio::test]
async fn stopping_ends_websockets_and_opens_no_more() {
    let (cec_at, mut sockets) = cec(willing).await;
    let state = Arc::new(State::new(settings_for(cec_at, |_| {})).unwrap());
    let at = serve(Arc::clone(&state)).await;
    let (mut page, _) = open(at, &[]).await.unwrap();
    let (mut cec, _) = sockets.recv().await.unwrap();
    tokio::time::timeout(PATIENCE, state.tunnels.end()).await.expect("the last tunnel's end");
    ends(&mut page).await;
    ends(&mut cec).await;
    assert_eq!(refused(open(at, &[]).await).0, 503);
}

#[tokio::test]
async fn a_websocket_survives_a_reload() {
    let (cec_at, mut sockets) = cec(willing).await;
    let state = Arc::new(State::new(settings_for(cec_at, |_| {})).unwrap());
    let at = serve(Arc::clone(&state)).await;
    let (mut page, _) = open(at, &[]).await.unwrap();
    let (mut cec_end, _) = sockets.recv().await.unwrap();
    // The new settings have no room for another one, and lead elsewhere.
    let nowhere = "127.0.0.1:1".parse().unwrap();
    state.replace(settings_for(nowhere, |settings| settings.edge.websockets.total = 0)).unwrap();
    for text in ["one", "two"] {
        page.send(Message::text(text)).await.unwrap();
        let received = read(&mut cec_end).await.unwrap().unwrap();
        assert_eq!(received, Message::text(text));
        cec_end.send(received).await.unwrap();
        assert_eq!(read(&mut page).await.unwrap().unwrap(), Message::text(text));
    }
    assert_eq!(refused(open(at, &[]).await).0, 503);
}
