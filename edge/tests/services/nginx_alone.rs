//! `deploy/nginx/service-cloud.conf` and `service-cloud-njs.conf` in Debian's nginx, by the same table of cases
//! as calldock-edge. (What pages see of it is in `tests/e2e/cec-nginx.test.mjs`.)

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::authority::Authority;
use crate::pages::{BOTH, Pages, Variant};
use crate::table::{FROM_CEC, FROM_PAGE, LOCATIONS, PATHS, SET_COOKIE};
use crate::{cec_tls, pages, resolver};

const CEC: &str = "cec.test";
const MIB: usize = 1024 * 1024;

/// Responds with what CEC received, in JSON.
async fn echo(request: Request) -> axum::response::Response {
    let (parts, body) = request.into_parts();
    let length = axum::body::to_bytes(body, 64 * MIB).await.unwrap().len();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), value.to_str().unwrap()]))
        .collect();
    json!({ "uri": parts.uri.to_string(), "headers": headers, "length": length })
        .to_string()
        .into_response()
}

/// CEC: every header of the table at `/service-cloud/table`, with a cookie of its own or a foreign one first, and one
/// header of the test's choice at `/service-cloud/a/x`.
fn cec() -> Router {
    let chosen = any(async |headers: HeaderMap| {
        let [name, value] = ["accept", "x-requested-with"].map(|name| headers[name].clone());
        (StatusCode::FOUND, [(name.to_str().unwrap().to_owned(), value)])
    });
    let table = |foreign: usize| {
        any(async move |request: Request| {
            let mut response = echo(request).await;
            for (name, value, _) in FROM_CEC {
                response.headers_mut().append(*name, HeaderValue::from_static(value));
            }
            let mut cookies: Vec<_> = SET_COOKIE.iter().map(|(cookie, _)| *cookie).collect();
            cookies.rotate_left(foreign);
            for cookie in cookies {
                response.headers_mut().append("set-cookie", HeaderValue::from_static(cookie));
            }
            response
        })
    };
    Router::new()
        .route("/service-cloud/table", table(0))
        .route("/service-cloud/foreign", table(1))
        .route("/service-cloud/a/x", chosen)
        .route("/service-cloud/ws", get(cec_tls::echo_socket))
        .fallback(any(echo))
}

async fn start(variant: Variant) -> (Pages, SocketAddr) {
    let authority = Authority::new();
    let cec_at = cec_tls::serve(cec(), authority.certify(CEC)).await;
    let (resolver, _) = resolver::start(CEC).await;
    (pages::start(variant, CEC, resolver, cec_at, &authority), cec_at)
}

async fn raw(at: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(10), reading).await.expect("an end");
    String::from_utf8(answer).unwrap()
}

fn headers<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split_once("\r\n\r\n").unwrap().0;
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

fn seen(answer: &str) -> Value {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let (start, end) = (body.find('{').unwrap(), body.rfind('}').unwrap());
    serde_json::from_str(&body[start..=end]).unwrap()
}

fn all<'a>(seen: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = seen["headers"].as_array().unwrap().iter();
    headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_table_holds_in_both_directions() {
    for variant in BOTH {
        let (pages, _) = start(variant).await;
        let lines: String =
            FROM_PAGE.iter().map(|(name, value, _)| format!("{name}: {value}\n")).collect();
        let get = |path: &str| {
            format!(
                "GET /service-cloud/{path} HTTP/1.1\nHost: shop.example\nConnection: close\n{lines}\n"
            )
        };
        let answer = raw(pages.at, &get("table")).await;
        let seen = seen(&answer);
        for (name, value, arrives) in FROM_PAGE {
            let expected: Vec<_> = arrives.as_str(value).into_iter().collect();
            assert_eq!(all(&seen, name), expected, "{variant:?}: {name}");
        }
        for (name, value, passes) in FROM_CEC {
            let expected: &[&str] = if *passes { &[value] } else { &[] };
            assert_eq!(headers(&answer, name), expected, "{variant:?}: {name}");
        }
        let kept: Vec<_> = SET_COOKIE.iter().filter_map(|(_, kept)| *kept).collect();
        match variant {
            Variant::Njs => assert_eq!(headers(&answer, "set-cookie"), kept),
            // Stock nginx sees the first Set-Cookie only: the gap that its file names.
            Variant::Stock => assert_eq!(headers(&answer, "set-cookie"), kept[..1]),
        }
        let answer = raw(pages.at, &get("foreign")).await;
        match variant {
            Variant::Njs => assert_eq!(headers(&answer, "set-cookie").len(), kept.len()),
            Variant::Stock => assert_eq!(headers(&answer, "set-cookie"), Vec::<&str>::new()),
        }
    }
}

/// The header that a page receives where CEC sends this one.
async fn received(pages: &Pages, name: &str, value: &str) -> Option<String> {
    let request = format!(
        "GET /service-cloud/a/x HTTP/1.1\nHost: shop.example\nConnection: close\nAccept: {name}\nX-Requested-With: {value}\n\n"
    );
    let answer = raw(pages.at, &request).await;
    assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
    headers(&answer, name).first().map(|value| (*value).to_owned())
}

#[tokio::test]
async fn a_cookie_of_cec_is_one_of_the_pages_host() {
    for variant in BOTH {
        let (pages, _) = start(variant).await;
        for (sent, kept) in SET_COOKIE {
            let found = received(&pages, "set-cookie", sent).await;
            assert_eq!(found.as_deref(), *kept, "{variant:?}: {sent}");
        }
        let three = "HWWAFSESID=1; Domain=a; Domain=b; Domain=c";
        let found = received(&pages, "set-cookie", three).await;
        assert!(found.is_none_or(|cookie| cookie == "HWWAFSESID=1"), "{variant:?}");
    }
}

#[tokio::test]
async fn a_redirect_of_cec_leads_to_no_page_of_the_site() {
    let page = url::Url::parse("https://shop.example/service-cloud/a/x").unwrap();
    for variant in BOTH {
        let (pages, cec_at) = start(variant).await;
        let cec = format!("https://{CEC}:{}", cec_at.port());
        let plain = cec.replace("https:", "http:") + "/service-cloud/b";
        for (sent, place) in LOCATIONS.iter().copied().chain([
            (&*plain, &*plain),
            ("https:/admin", "{cec}/service-cloud/a/https:/admin"),
            ("/\\evil.example", "{cec}//evil.example"),
            ("\\admin", "{cec}/service-cloud/a//admin"),
        ]) {
            let [sent, place] = [sent, place].map(|text| text.replace("{cec}", &cec));
            let found = received(&pages, "location", &sent).await.unwrap();
            assert_eq!(page.join(&found), page.join(&place), "{variant:?}: {sent}: {found}");
        }
    }
}

#[tokio::test]
async fn only_what_lies_below_service_cloud_is_asked_for() {
    for variant in BOTH {
        let (pages, _) = start(variant).await;
        for (path, passes) in PATHS {
            let request = format!("GET {path} HTTP/1.1\nHost: shop.example\nConnection: close\n\n");
            let answer = raw(pages.at, &request).await;
            if *passes {
                assert_eq!(seen(&answer)["uri"], *path, "{variant:?}");
            } else {
                assert!(answer.starts_with("HTTP/1.1 4"), "{variant:?} {path}: {answer}");
                assert!(!answer.contains("\"uri\""), "{variant:?} {path}: {answer}");
            }
        }
    }
}

#[tokio::test]
async fn cookies_are_chosen_by_name_in_every_combination() {
    let (pages, _) = start(Variant::Stock).await;
    for (sent, arrives) in [
        ("session=1", &[][..]),
        ("xccmessaging-token=1; ccmessaging-tokenx=2", &[]),
        ("ccmessaging-token=a|b; session=1", &["ccmessaging-token=a|b"]),
        ("session=1; HWWAFSESTIME=3", &["HWWAFSESTIME=3"]),
        ("HWWAFSESID=2;HWWAFSESTIME=3", &["HWWAFSESID=2; HWWAFSESTIME=3"]),
        ("HWWAFSESTIME=3; ccmessaging-token=1", &["ccmessaging-token=1; HWWAFSESTIME=3"]),
        (
            "HWWAFSESTIME=3; HWWAFSESID=2; session=9; ccmessaging-token=1",
            &["ccmessaging-token=1; HWWAFSESID=2; HWWAFSESTIME=3"],
        ),
    ] {
        let request = format!(
            "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\nCookie: {sent}\n\n"
        );
        assert_eq!(all(&seen(&raw(pages.at, &request).await), "cookie"), arrives, "{sent}");
    }
}

#[tokio::test]
async fn cec_cannot_make_nginx_serve_internal_files() {
    for variant in BOTH {
        let (pages, _) = start(variant).await;
        // The table's response has X-Accel-Redirect: /private/secret.txt.
        let get = "GET /service-cloud/table HTTP/1.1\nHost: shop.example\nConnection: close\n\n";
        let answer = raw(pages.at, get).await;
        assert!(
            answer.contains("\"uri\"") && !answer.contains("INTERNAL"),
            "{variant:?}: {answer}"
        );
    }
}

/// Responds with the status of a request that a page sends. An opened WebSocket is left open by CEC.
async fn status(pages: &Pages, method: &str, upgrade: bool, headers: &str) -> String {
    const UPGRADE: &str = "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n";
    let (path, connection) = if upgrade { ("ws", UPGRADE) } else { ("x", "Connection: close\n") };
    let host = if headers.contains("Host: ") { "" } else { "Host: shop.example:8443\n" };
    let request = format!(
        "{method} /service-cloud/{path} HTTP/1.1\n{host}Content-Length: 0\n{connection}{headers}\n"
    );
    let mut stream = TcpStream::connect(pages.at).await.unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    String::from_utf8_lossy(&start[9..]).into_owned()
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_and_open_no_websocket() {
    for variant in BOTH {
        let (pages, _) = start(variant).await;
        for (headers, may_write) in [
            ("", true),
            ("Sec-Fetch-Site: same-origin\n", true),
            ("Sec-Fetch-Site: none\n", true),
            ("Sec-Fetch-Site: cross-site\n", false),
            ("Sec-Fetch-Site: same-site\n", false),
            ("Sec-Fetch-Site: unknown\n", false),
            ("Sec-Fetch-Site: same-origin\nOrigin: https://shop.example\n", true),
            ("Sec-Fetch-Site: cross-site\nOrigin: https://shop.example:8443\n", false),
            // Chromium sends no Sec-Fetch-Site with a WebSocket, older browsers with nothing.
            ("Origin: https://shop.example:8443\n", true),
            ("Origin: http://shop.example:8443\n", true),
            ("Origin: https://SHOP.example:8443\n", true),
            ("Origin: https://evil.example\n", false),
            ("Origin: https://shop.example\n", false),
            ("Origin: https://shop.example:8443.evil.example\n", false),
            ("Origin: https://evil.example/?https://shop.example:8443\n", false),
            ("Origin: https://shopxexample:8443\n", false),
            ("Origin: null\n", false),
            // As gateways write it.
            ("Host: shop.example:443\nOrigin: https://shop.example\n", true),
            ("Host: shop.example:80\nOrigin: http://shop.example\n", true),
            ("Host: shop.example:443\nOrigin: https://shop.example:8443\n", false),
        ] {
            let case = format!("{variant:?} {headers}");
            let write = status(&pages, "POST", false, headers).await;
            assert_eq!(write, if may_write { "200" } else { "403" }, "{case}");
            let socket = status(&pages, "GET", true, headers).await;
            assert_eq!(socket, if may_write { "101" } else { "403" }, "{case}");
            assert_eq!(status(&pages, "GET", false, headers).await, "200", "{case}");
        }
    }
}

#[tokio::test]
async fn cec_is_resolved_by_name_and_receives_the_callers_address() {
    for variant in BOTH {
        let authority = Authority::new();
        let cec_at = cec_tls::serve(cec(), authority.certify(CEC)).await;
        let (resolver, asked) = resolver::start(CEC).await;
        let pages = pages::start(variant, CEC, resolver, cec_at, &authority);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let post = client.post(format!("http://{}/service-cloud/webclient/a.js?&t=1", pages.at));
        let post = post.header("x-forwarded-for", "203.0.113.9").header("x-real-ip", "203.0.113.9");
        let answer = post.body(vec![7; 4 * MIB]).send().await.unwrap();
        let seen: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(seen["uri"], "/service-cloud/webclient/a.js?&t=1");
        assert_eq!(seen["length"], 4 * MIB);
        for (name, value) in [
            ("host", CEC),
            ("x-real-ip", "127.0.0.1"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "http"),
        ] {
            assert_eq!(all(&seen, name), [value], "{variant:?}: {name}");
        }
        let asked = asked.lock().unwrap();
        assert!(!asked.is_empty() && asked.iter().all(|name| name == CEC));
    }
}

#[tokio::test]
async fn nginx_starts_without_cec_and_accepts_no_other_certificate() {
    let authority = Authority::new();
    let cec_at = cec_tls::serve(cec(), authority.certify(CEC)).await;
    let (resolver, _) = resolver::start(CEC).await;
    for variant in BOTH {
        for (host, trusted) in [("away.test", &authority), (CEC, &Authority::new())] {
            let pages = pages::start(variant, host, resolver, cec_at, trusted);
            let get = "GET /service-cloud/x HTTP/1.1\nHost: shop.example\nConnection: close\n\n";
            let answer = raw(pages.at, get).await;
            assert!(answer.starts_with("HTTP/1.1 502"), "{variant:?} {host}: {answer}");
        }
    }
}
