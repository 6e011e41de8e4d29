//! The OpenAPI document is complete: every route of the router, and every response of a route.

use std::collections::BTreeSet;

use axum::Router;
use calldock_server::config::Config;
use calldock_server::http::openapi;
use serde_json::Value;

use crate::support::{GOOD, Vendor, ask, request, server};

fn document() -> Value {
    serde_json::from_str(&openapi::json()).unwrap()
}

/// The example's configuration, with the routes of the chat, of CEC's tokens and of accounts.
fn everything() -> Router {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("accounts").display().to_string();
    let variables = [
        ("CALLDOCK_TCCC_SECRET_ID", "AKIDEXAMPLE"),
        ("CALLDOCK_TCCC_SECRET_KEY", "SECRETKEYEXAMPLE"),
        ("CALLDOCK_CHAT_WEB_APP_ID", "9903496b6be2e67ad291dd2323f3ae9f"),
        ("CALLDOCK_CHAT_PEER_SOURCE", "shop"),
        ("CALLDOCK_CEC_MODE", "token"),
        ("CALLDOCK_CEC_TENANT_SPACE_ID", "202007159031"),
        ("CALLDOCK_CEC_CHANNEL_CONFIG_ID", "817854979183314945"),
        ("CALLDOCK_VISITOR_KIND", "local"),
        ("CALLDOCK_LOCAL_DATABASE", &database),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let file = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/calldock.example.toml"));
    let config = Config::load(Some(file), variables).unwrap();
    server(config, Vendor::saying(GOOD))
}

/// The templates of all routes. axum lists them nowhere but in the router's `Debug`.
fn paths(app: &Router) -> BTreeSet<String> {
    let shown = format!("{app:?}");
    let templates = shown.split('"').filter(|text| text.starts_with('/'));
    // What is left is where axum itself answers 404.
    let own = |text: &&str| *text != "/" && !text.contains("__private__");
    templates.filter(own).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_with_every_method_is_documented() {
    let app = everything();
    let paths = paths(&app);
    assert!(paths.len() >= 8, "{paths:?}");
    let document = document();
    for template in paths {
        let item = &document["paths"][&template];
        assert!(item.is_object(), "{template} is not documented: see server/src/http/mod.rs");
        // Whatever no route takes is answered with the methods it does take.
        let allowed = ask(&app, request("BREW", &template, &[])).await;
        assert_eq!(allowed.status, 405, "{template}");
        for method in allowed.header("allow").split(',').filter(|method| *method != "HEAD") {
            let method = method.to_ascii_lowercase();
            assert!(item[&method].is_object(), "{method} {template} is not documented");
        }
    }
}

#[tokio::test]
async fn every_documented_route_is_there() {
    let app = everything();
    let templates = paths(&app);
    for path in document()["paths"].as_object().unwrap().keys() {
        assert!(templates.contains(path), "{path} is no route");
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_answer_names_the_request() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} comes twice");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let header = &response["headers"]["X-Request-Id"];
                assert!(header.is_object(), "{method} {path} {status}");
            }
        }
    }
}
