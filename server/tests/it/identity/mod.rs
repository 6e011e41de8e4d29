//! Who is asking, for each kind that knows people.
//!
//! * [`attacks`]: ten thousand guesses.
//! * [`call_back`]: `gateway`, by the application's own answer, over real sockets.
//! * [`config`]: the sections, and all their mistakes.
//! * [`header`]: `gateway`, by a header.
//! * [`jwt`]: `jwt`, with a provider over real sockets.
//! * [`local`]: `local`, its routes and its sessions.
//! * [`privacy`]: what makes somebody known stays here: not in the log, not at CEC.
//! * [`provider`]: an OpenID Connect provider with keys for tests only.

mod attacks;
mod call_back;
mod config;
mod header;
mod jwt;
mod local;
mod privacy;
pub mod provider;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, Request};
use calldock_server::config::Config;
use calldock_server::identity::{Identity, KnownBy, Visitors};

use crate::support::{Answer, CEC_LOGIN, GOOD, LOGIN, Vendor, ask, cec, request, server, signing};

/// Agents and visitors alike are known by this.
pub fn known_by(by: &KnownBy) -> Config {
    let visitors = Visitors::Known { by: by.clone(), name: "Customer".into() };
    let mut config = cec(signing(), visitors);
    config.identity = Some(Identity::Known(by.clone()));
    config
}

fn app(by: &KnownBy) -> Router {
    server(known_by(by), Vendor::saying(GOOD))
}

/// The same with the vendor at hand.
fn app_and_vendor(by: &KnownBy) -> (Router, Arc<Vendor>) {
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
