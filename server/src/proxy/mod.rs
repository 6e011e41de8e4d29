//! `ANY [prefix]/service-cloud/*`: CEC under the page's own origin, which is the deployment that works
//! with its cookies (seed 001, chapters 1.7 and 2.7; `vendor/huawei.md` §2).
//!
//! * [`cookies`]: CEC's cookies become the page's own, the site's own stay at home.
//! * [`headers`]: what goes on and what does not, in both directions.
//! * [`patience`]: how long nothing may happen.
//! * [`target`]: a path of ours becomes an address at CEC, and nowhere else.
//!
//! A protocol upgrade (WebSocket) is refused: it needs a tunnel, which this proxy does not have.

pub mod cookies;
pub mod headers;
mod patience;
pub mod target;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::UPGRADE;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use calldock_contract::Code;
use http_body_util::{BodyDataStream, BodyExt};
use reqwest::{Client, redirect};
use tower_http::timeout::TimeoutBody;

use crate::address::PlainHttp;
use crate::caller::Caller;
use crate::config::ProxyConfig;
use crate::operation::metrics;
use crate::problem::{Refusal, Remedy};
use patience::Activity;

/// The way to CEC's domain.
pub struct Proxy {
    client: Client,
    config: ProxyConfig,
}

impl Proxy {
    /// A proxy to the configured host. It follows no redirect, keeps no cookie and repeats no request.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(config: ProxyConfig) -> Result<Self, reqwest::Error> {
        // A second installation fails and changes nothing; it is the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(config.timeout.min(std::time::Duration::from_secs(5)));
        let builder = match config.plain_http {
            PlainHttp::Refused => builder.https_only(true),
            PlainHttp::OnLoopback => builder.no_proxy().tls_certs_only([]),
        };
        Ok(Self { client: builder.build()?, config })
    }

    /// The routes, without the guard before them.
    pub fn router(self) -> Router {
        let base = format!("{}{}", self.config.prefix, target::BASE);
        Router::new()
            .route(&base, any(forward))
            .route(&format!("{base}/"), any(forward))
            .route(&format!("{base}/{{*rest}}"), any(forward))
            .with_state(Arc::new(self))
    }
}

/// Sends a request on and its answer back, both as they come.
///
/// # Errors
/// A [`Refusal`]: 400 for a path that could mean two places, 405, 501 for an upgrade, 502 and 504 for CEC.
async fn forward(State(proxy): State<Arc<Proxy>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if parts.method == Method::CONNECT || parts.method == Method::TRACE {
        return Err(Refusal::bare(StatusCode::METHOD_NOT_ALLOWED));
    }
    if parts.headers.contains_key(UPGRADE) {
        let detail = "A protocol upgrade (WebSocket) was asked for, and this proxy carries none.";
        return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, Code::InvalidOption, detail)
            .with_remedy(UPGRADES));
    }
    let config = &proxy.config;
    let url = target::at_vendor(&config.origin, &config.prefix, &parts.uri).ok_or_else(|| {
        let detail = "The path: expected plain segments below /service-cloud, found dots, backslashes or encoded slashes.";
        Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail)
    })?;
    let caller = Caller::of(&parts.extensions)?;
    let sent = headers::to_vendor(&parts.headers, config, caller);
    let activity = Activity::start();
    let mut call = proxy.client.request(parts.method, url.clone()).headers(sent);
    if !axum::body::HttpBody::is_end_stream(&body) {
        let noted = activity.clone();
        let body = body.map_frame(move |frame| {
            noted.note();
            frame
        });
        call = call.body(reqwest::Body::wrap_stream(BodyDataStream::new(body)));
    }
    let answer = patience::patiently(&activity, config.timeout, call.send())
        .await
        .map_err(|_| unanswered())?
        .map_err(|error| unreached(&error))?;
    let (answered, body) = axum::http::Response::<reqwest::Body>::from(answer).into_parts();
    let mut response = Response::new(Body::new(TimeoutBody::new(config.timeout, body)));
    *response.status_mut() = answered.status;
    *response.headers_mut() = headers::to_page(answered.headers, config, &url, &parts.headers);
    Ok(response)
}

fn unanswered() -> Refusal {
    metrics::proxy_failed("timeout");
    tracing::warn!("CEC did not answer in time");
    let detail = "CEC's domain did not answer in time.";
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, detail).with_remedy(UNREACHABLE)
}

fn unreached(error: &reqwest::Error) -> Refusal {
    // The outer errors quote the address, whose query may hold a token; the innermost cause does not.
    let cause = std::iter::successors(error.source(), |&cause| cause.source()).last();
    let cause = cause.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    tracing::warn!(timeout = error.is_timeout(), cause, "a request to CEC failed");
    if error.is_timeout() {
        return unanswered();
    }
    metrics::proxy_failed("unreachable");
    let detail = "CEC's domain could not be reached.";
    Refusal::new(StatusCode::BAD_GATEWAY, Code::Network, detail).with_remedy(UNREACHABLE)
}

const UNREACHABLE: Remedy = Remedy {
    en: "Try again; if it keeps happening, check that calldock-server can reach cec.origin: name resolution, firewall, proxy.",
    zh: "请重试；若反复出现，请检查 calldock-server 能否访问 cec.origin：域名解析、防火墙与代理。",
};

const UPGRADES: Remedy = Remedy {
    en: "Let the web server in front pass upgrades under /service-cloud/ to CEC's domain itself.",
    zh: "请让前置 Web 服务器将 /service-cloud/ 下的协议升级请求直接转发至云客服域名。",
};
