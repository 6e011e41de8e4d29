#![allow(clippy::unwrap_used)]

use std::path::Path;

use axum::{Router, body::Body, http::Request, response::Response, routing::any};
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::*;

const VENDOR: &str = "http://127.0.0.1:8701";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("zh")).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html>"),
        ("zh/index.html", "<!doctype html>"),
        ("main.js", "export {}"),
        ("style.css", ""),
        ("calldock_bg.wasm", "\0asm"),
        ("../outside.txt", "outside"),
    ] {
        std::fs::write(site.join(name), text).unwrap();
    }
    folder
}

fn site(folder: &Path) -> Site {
    Site::new(folder.join("site"), VENDOR.into())
}

async fn get_from(router: Router, path: &str) -> Response {
    router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1024 * 1024).await.unwrap();
    String::from_utf8(bytes.into()).unwrap()
}

#[tokio::test]
async fn files_have_their_types_and_the_strict_policy() {
    let folder = folder();
    for (path, content_type) in [
        ("/", "text/html"),
        ("/zh/", "text/html"),
        ("/main.js", "text/javascript"),
        ("/style.css", "text/css"),
        ("/calldock_bg.wasm", "application/wasm"),
    ] {
        let response = get_from(site(folder.path()).router(), path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap();
        assert!(header("content-type").starts_with(content_type), "{path}");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' http://127.0.0.1:8701; \
             style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self' http://127.0.0.1:8701; frame-src 'self' http://127.0.0.1:8701; \
             frame-ancestors 'self' http://127.0.0.1:8701; base-uri 'none'; form-action 'none'; \
             require-trusted-types-for 'script'; trusted-types calldock"
        );
    }
}

#[tokio::test]
async fn the_shop_has_a_new_nonce_in_every_response_and_no_foreign_script() {
    let between = |text: &str, start: &str, end: &str| {
        text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap().0.to_owned()
    };
    let folder = folder();
    let none = get_from(site(folder.path()).router(), "/shop.html").await;
    assert_eq!(none.status(), StatusCode::NOT_FOUND, "there is none yet");
    let page = folder.path().join("site/shop.html");
    std::fs::write(page, "<script nonce=\"{{nonce}}\"></script>").unwrap();
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let response = get_from(site(folder.path()).router(), "/shop.html").await;
        assert_eq!(response.headers()["cache-control"], "no-store");
        let csp = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = between(&csp, "'nonce-", "'");
        assert!(nonce.len() >= 22, "{csp}");
        assert_eq!(csp.matches("127.0.0.1").count(), 1, "only connect-src: {csp}");
        assert_eq!(between(&text(response).await, "nonce=\"", "\""), nonce);
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let folder = folder();
    for path in [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/zh/../../outside.txt",
        "/..%2foutside.txt",
        "/nothing",
    ] {
        let response = get_from(site(folder.path()).router(), path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn each_path_has_its_program_once_they_are_named() {
    let upstream = async |name: &'static str| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes =
            any(async move |request: axum::extract::Request| format!("{name} {}", request.uri()));
        tokio::spawn(axum::serve(listener, Router::new().fallback(routes)).into_future());
        format!("http://{address}")
    };
    let folder = folder();
    let site = site(folder.path());
    let early = get_from(site.clone().router(), "/calldock/v1/x").await;
    assert_eq!(early.status(), StatusCode::SERVICE_UNAVAILABLE);
    let name = async |body: String| {
        let request = Request::post("/control/upstreams").body(Body::from(body)).unwrap();
        site.clone().control().oneshot(request).await.unwrap().status()
    };
    let elsewhere = json!({ "server": "http://192.0.2.1", "edge": "http://127.0.0.1:1" });
    assert_eq!(name(elsewhere.to_string()).await, StatusCode::BAD_REQUEST);
    let named = json!({ "server": upstream("server").await, "edge": upstream("edge").await });
    assert_eq!(name(named.to_string()).await, StatusCode::OK);
    assert_eq!(name(named.to_string()).await, StatusCode::BAD_REQUEST, "once");
    for (path, expected) in [
        ("/calldock/v1/tccc/login?a=b", "server /calldock/v1/tccc/login?a=b"),
        ("/rest/cc-messaging/x", "server /rest/cc-messaging/x"),
        ("/service-cloud/a.js?&t=1", "edge /service-cloud/a.js?&t=1"),
        ("/main.js", "export {}"),
        ("/demo.json", r#"{"vendor":"http://127.0.0.1:8701","visitors":["liu","nasty"]}"#),
    ] {
        assert_eq!(text(get_from(site.clone().router(), path).await).await, expected);
    }
}
