//! The demo's files.

use std::path::Path;

use axum::Router;
use axum::http::StatusCode;
use calldock_server::routes::site::Site;
use calldock_server::{App, router};

use crate::support::{GOOD, LOGIN, Vendor, ask, request, settings};

fn app(dir: &Path) -> Router {
    let site = Site::new(dir.to_owned(), "http://127.0.0.1:8701").unwrap();
    let site = site.with_visitors(vec!["liu"]);
    router(App::new(settings(), Vendor::saying(GOOD), Some(site)).unwrap())
}

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

#[tokio::test]
async fn files_have_their_types_and_the_strict_policy() {
    let folder = folder();
    let app = app(&folder.path().join("site"));
    for (path, content_type) in [
        ("/", "text/html"),
        ("/zh/", "text/html"),
        ("/main.js", "text/javascript"),
        ("/style.css", "text/css"),
        ("/calldock_bg.wasm", "application/wasm"),
    ] {
        let answer = ask(&app, request("GET", path, &[])).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("content-type").starts_with(content_type), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' http://127.0.0.1:8701; \
             style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self' http://127.0.0.1:8701; frame-src 'self' http://127.0.0.1:8701; \
             frame-ancestors 'self' http://127.0.0.1:8701; base-uri 'none'; form-action 'none'; \
             require-trusted-types-for 'script'; trusted-types calldock"
        );
    }
}

/// What stands between two texts.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map_or("", |(it, _)| it)
}

#[tokio::test]
async fn the_shop_has_a_new_nonce_in_every_answer_and_no_foreign_script() {
    let folder = folder();
    let site = folder.path().join("site");
    let app = app(&site);
    assert_eq!(
        ask(&app, request("GET", "/shop.html", &[])).await.status,
        StatusCode::NOT_FOUND,
        "there is none yet"
    );
    std::fs::write(site.join("shop.html"), "<script nonce=\"{{nonce}}\"></script>").unwrap();
    let mut nonces = Vec::new();
    for _ in 0..2 {
        // An old page would not fit a new policy, so nothing is answered with 304.
        let known = [("if-modified-since", "Fri, 31 Dec 2100 00:00:00 GMT")];
        let answer = ask(&app, request("GET", "/shop.html", &known)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), "no-store");
        let csp = answer.header("content-security-policy");
        let nonce = between(csp, "'nonce-", "'").to_owned();
        assert!(nonce.len() >= 22, "{csp}");
        assert!(csp.contains("script-src 'self' 'nonce-"), "{csp}");
        assert_eq!(csp.matches("127.0.0.1").count(), 1, "only connect-src: {csp}");
        assert!(csp.ends_with("require-trusted-types-for 'script'; trusted-types calldock"));
        assert_eq!(between(&answer.text, "nonce=\"", "\""), nonce);
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let folder = folder();
    let app = app(&folder.path().join("site"));
    for path in [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/zh/../../outside.txt",
        "/..%2foutside.txt",
        "/nothing",
    ] {
        let answer = ask(&app, request("GET", path, &[])).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.problem();
    }
    let answer = ask(&app, request("POST", "/main.js", &[])).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    answer.problem();
    let answer = ask(&app, request("GET", "/main.js", &[("range", "bytes=99-")])).await;
    assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE);
    answer.problem();
}

#[tokio::test]
async fn the_pages_learn_where_the_vendor_is_and_the_api_stays_reachable() {
    let folder = folder();
    let app = app(&folder.path().join("site"));
    let answer = ask(&app, request("GET", "/demo.json", &[])).await;
    assert_eq!(answer.text, r#"{"vendor":"http://127.0.0.1:8701","visitors":["liu"]}"#);
    assert_eq!(ask(&app, request("POST", LOGIN, &[])).await.status, StatusCode::OK);
    assert_eq!(ask(&app, request("GET", "/healthz", &[])).await.status, StatusCode::OK);
}
