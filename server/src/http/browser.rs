//! Which pages may call the routes for browsers.
//!
//! A browser tells where a request comes from: `Sec-Fetch-Site` (only in secure contexts) and `Origin`. A
//! page of another site is refused unless its origin is listed; a listed one gets CORS. A client that sends
//! neither is not a current browser; it still has to prove who it is ([`crate::identity`]).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HeaderName, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use calldock_contract::Code;
use calldock_service::pages::{Page, only};
use calldock_service::{Caller, PublicOrigins, names_this_machine};

use crate::problem::{Refusal, Remedy};

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Headers that pages of listed origins may send.
const MAY_SEND: &str = "authorization, content-type, x-calldock-ticket";

/// The pages that may call.
#[derive(Clone, Debug, Default)]
pub struct BrowserPolicy {
    /// Origins beside the server's own, in the form `https://host[:port]`.
    pub allowed_origins: Vec<String>,
    /// The server's own origins.
    pub public_origins: PublicOrigins,
    /// Whether only names of this machine are accepted in `Host`. In the demo everyone is the same agent,
    /// so a foreign name that was made to point here (DNS rebinding) must not work.
    pub loopback_names_only: bool,
}

impl BrowserPolicy {
    /// Decides about a request. The caller knows the host that the page called.
    fn judge(&self, headers: &HeaderMap, caller: &Caller) -> Result<Page, Refusal> {
        let page = Page::of(headers, caller, &self.allowed_origins, &self.public_origins)?;
        self.judge_name(caller.host.as_ref())?;
        match page {
            Page::Other(true) => Err(refuse(
                "The page's origin is neither one of this server's own (browser.public_origins) nor one of browser.allowed_origins.",
            )),
            Page::Other(false) => Err(refuse("The request comes from a page of another site.")),
            page => Ok(page),
        }
    }

    fn judge_name(&self, host: Option<&HeaderValue>) -> Result<(), Refusal> {
        if self.loopback_names_only && !host.is_some_and(names_this_machine) {
            return Err(refuse(
                "The demo accepts the names localhost, 127.0.0.1 and [::1] only, and was called by another one.",
            ));
        }
        Ok(())
    }
}

/// Refuses requests of forms, links, images and frames: only a script's fetch is accepted. Clients that are
/// not browsers send no fetch metadata.
fn is_fetch(headers: &HeaderMap) -> Result<(), Refusal> {
    let mode = only(headers, &SEC_FETCH_MODE)?.map(HeaderValue::as_bytes);
    let destination = only(headers, &SEC_FETCH_DEST)?.map(HeaderValue::as_bytes);
    let by_script = matches!(mode, None | Some(b"cors" | b"same-origin"));
    if by_script && matches!(destination, None | Some(b"empty")) {
        return Ok(());
    }
    let detail =
        "The request comes from a form, a link or an element of a page: expected a script's fetch.";
    Err(Refusal::new(StatusCode::FORBIDDEN, Code::OriginRefused, detail).with_remedy(Remedy {
        en: "Call it with fetch() from a script of the page, as Calldock does.",
        zh: "请像 Calldock 那样，在页面脚本中通过 fetch() 发起请求。",
    }))
}

fn refuse(detail: &str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, Code::OriginRefused, detail).with_remedy(Remedy {
        en: "List this server's own origin in browser.public_origins, or another page's origin in browser.allowed_origins.",
        zh: "请将本服务自身的来源加入 browser.public_origins，或将其他页面的来源加入 browser.allowed_origins。",
    })
}

/// Middleware of the routes for browsers: decides by origin and fetch metadata, answers preflights, and adds
/// CORS headers for listed origins.
pub async fn check(
    State(policy): State<Arc<BrowserPolicy>>,
    request: Request,
    next: Next,
) -> Response {
    let judged = match request.extensions().get::<Caller>() {
        Some(caller) => policy.judge(request.headers(), caller),
        None => Err(Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR)),
    };
    let judged = judged.and_then(|page| is_fetch(request.headers()).map(|()| page));
    let mut response = match judged {
        Err(refusal) => refusal.into_response(),
        Ok(page) => {
            let (method, headers) = (request.method(), request.headers());
            let mut response = match page.preflight(method, headers, MAY_SEND) {
                Some(response) => response,
                None => next.run(request).await,
            };
            page.may_read(&mut response, "retry-after, x-request-id");
            response
        }
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("origin, sec-fetch-site"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(
        policy: &BrowserPolicy,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Page, Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let peer = std::net::IpAddr::from([203, 0, 113, 9]);
        let caller = Caller::new(peer, false, &map, &calldock_service::Gateways::default());
        policy.judge(&map, &caller)
    }

    #[test]
    fn the_name_that_an_unknown_caller_writes_into_host_is_not_an_own_origin() {
        let written = [("origin", "https://evil.example"), ("host", "evil.example")];
        let mut policy = BrowserPolicy::default();
        assert!(judge(&policy, &written).is_err());
        assert!(
            judge(&policy, &[("origin", "http://localhost:1"), ("host", "localhost:1")]).is_ok()
        );
        policy.public_origins = PublicOrigins::new(vec!["https://a.example".into()]);
        assert!(judge(&policy, &written).is_err());
        assert!(judge(&policy, &[("origin", "https://a.example"), ("host", "internal")]).is_ok());
        // A name of the attacker's that was made to point here (DNS rebinding) is its page's own origin.
        let rebound = [written[0], written[1], ("sec-fetch-site", "same-origin")];
        assert!(judge(&policy, &rebound).is_err());
        let own = [("sec-fetch-site", "same-origin"), ("host", "a.example")];
        assert!(judge(&policy, &own).is_ok());
        // A program is no page.
        assert!(judge(&policy, &[("host", "internal")]).is_ok());
    }

    #[test]
    fn fetch_metadata_is_believed_before_the_origin() {
        let policy = BrowserPolicy::default();
        for site in ["same-origin", "none"] {
            assert_eq!(judge(&policy, &[("sec-fetch-site", site)]), Ok(Page::Own));
        }
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
            let headers =
                [("sec-fetch-site", site), ("origin", "https://a.example"), ("host", "a.example")];
            assert!(judge(&policy, &headers).is_err(), "{site}");
        }
    }

    #[test]
    fn a_listed_origin_is_compared_letter_by_letter() {
        let policy = BrowserPolicy {
            allowed_origins: vec!["https://crm.example".into()],
            ..BrowserPolicy::default()
        };
        let listed = [("origin", "https://crm.example"), ("sec-fetch-site", "cross-site")];
        assert!(matches!(judge(&policy, &listed), Ok(Page::Listed(_))));
        for origin in
            ["https://crm.example.evil.example", "http://crm.example", "https://crm.example/"]
        {
            assert!(
                judge(&policy, &[("origin", origin), ("sec-fetch-site", "cross-site")]).is_err()
            );
        }
    }

    #[test]
    fn a_header_that_comes_twice_is_refused() {
        let twice = [("origin", "https://a.example"), ("origin", "https://b.example")];
        assert!(judge(&BrowserPolicy::default(), &twice).is_err());
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert!(judge(&BrowserPolicy::default(), &twice).is_err());
    }

    #[test]
    fn the_demo_answers_to_this_machines_names_only() {
        let policy = BrowserPolicy { loopback_names_only: true, ..BrowserPolicy::default() };
        for host in ["localhost:8700", "127.0.0.1:8700", "[::1]:8700", "localhost"] {
            assert!(judge(&policy, &[("host", host)]).is_ok(), "{host}");
        }
        for host in ["evil.example:8700", "localhost.evil.example", "localhost@evil.example", ""] {
            assert!(
                judge(&policy, &[("host", host), ("sec-fetch-site", "same-origin")]).is_err(),
                "{host}"
            );
        }
        assert!(judge(&policy, &[]).is_err());
    }
}
