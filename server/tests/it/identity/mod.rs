//! The identity port: each kind of authenticator behind the routes.
//!
//! * [`attacks`]: ten thousand guesses.
//! * [`ask`]: `gateway`, by the application's own answer, over real sockets.
//! * [`config`]: the sections, and all their mistakes.
//! * [`header`]: `gateway`, by a header.
//! * [`jwt`]: `jwt`, with a provider over real sockets.
//! * [`local`]: `local`, its routes and its sessions.
//! * [`privacy`]: what makes somebody known stays here: not in the log, not at CEC.
//! * [`provider`]: an OpenID Connect provider with keys for tests only.

mod ask;
mod attacks;
mod config;
mod header;
mod jwt;
mod local;
mod privacy;
pub mod provider;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, Request};
use calldock_server::config::Config;
use calldock_server::identity::{AgentSettings, AuthenticatorSettings, VisitorSettings};

use crate::support::{
    Answer, CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, public, request, server, signing,
};

/// Agents and visitors are identified by the same authenticator.
pub fn known_by(by: &AuthenticatorSettings) -> Config {
    let visitors = VisitorSettings::By { authenticator: by.clone(), name: "Customer".into() };
    let mut config = cec(signing(), visitors);
    config.agents = Some(AgentSettings::By(by.clone()));
    // Tests send many requests without identity.
    config.queue.failures = None;
    public(&mut config, &["https://shop.example", "http://localhost:8700"]);
    config
}

/// Serves these routes on this machine.
pub async fn listen(routes: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

fn app(by: &AuthenticatorSettings) -> Router {
    server(known_by(by), Vendor::saying(GOOD))
}

/// The same with the vendor at hand.
fn app_and_vendor(by: &AuthenticatorSettings) -> (Router, Arc<Vendor>) {
    let vendor = Vendor::saying(GOOD);
    let transport: Arc<dyn calldock_server::tccc::Transport> = vendor.clone();
    (server(known_by(by), transport), vendor)
}

/// A visitor's login with these headers; values may be any bytes.
async fn visit(app: &Router, headers: &[(&str, &str)]) -> Answer {
    ask(app, with_bytes(request("POST", CEC_LOGIN, &[]), headers)).await
}

async fn agent(app: &Router, headers: &[(&str, &str)]) -> Answer {
    ask(app, with_bytes(request("POST", LOGIN, &[]), headers)).await
}

fn with_bytes<B>(mut request: Request<B>, headers: &[(&str, &str)]) -> Request<B> {
    for (name, value) in headers {
        let name: axum::http::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    request
}

/// Whom the contact centre is told of.
fn visitor(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
    (text("thirdUserId"), text("thirdUserName"))
}

/// A refusal's status and code; it is a whole problem in both languages.
fn refused(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.problem().code)
}
