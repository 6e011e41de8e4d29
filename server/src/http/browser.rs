//! Which pages may call the routes for browsers.
//!
//! A browser tells where a request comes from: `Sec-Fetch-Site` (only in secure contexts) and `Origin`. A
//! page of another site is refused unless its origin is listed; a listed one gets CORS. A client that sends
//! neither is not a current browser; it still has to prove who it is ([`crate::identity`]).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderName, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use calldock_contract::Code;
use calldock_listen::Caller;
use url::Url;

use crate::address;
use crate::problem::{Refusal, Remedy};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The pages that may call.
#[derive(Clone, Debug, Default)]
pub struct BrowserPolicy {
    /// Origins beside the server's own, in the form `https://host[:port]`.
    pub allowed_origins: Vec<String>,
    /// Whether only names of this machine are accepted in `Host`. In the demo everyone is the same agent,
    /// so a foreign name that was made to point here (DNS rebinding) must not work.
    pub loopback_names_only: bool,
}

/// A page that may call.
#[derive(Debug, PartialEq, Eq)]
enum Page {
    /// A page of this origin, or no page at all.
    Own,
    /// A page of a listed origin, which may read the response.
    Listed(HeaderValue),
}

impl BrowserPolicy {
    /// Decides about a request. Behind a gateway the caller knows the host that the page called, and whether
    /// its connection is encrypted.
    fn judge(&self, headers: &HeaderMap, caller: Option<&Caller>) -> Result<Page, Refusal> {
        let https = caller.is_some_and(|caller| caller.https);
        let own = only(headers, &HOST)?;
        let host = caller.and_then(|caller| caller.host.as_ref()).or(own);
        let origin = only(headers, &ORIGIN)?;
        let site = only(headers, &SEC_FETCH_SITE)?;
        self.judge_name(host)?;
        if let Some(origin) = origin.filter(|origin| self.lists(origin)) {
            return Ok(Page::Listed(origin.clone()));
        }
        let here = match (site.map(HeaderValue::as_bytes), origin) {
            (Some(b"same-origin" | b"none"), _) | (None, None) => true,
            (Some(_), _) => false,
            // A page that came over plain HTTP may have been changed on the way, whatever its name.
            (None, Some(origin)) if https && is_plain(origin) => false,
            (None, Some(origin)) => host.is_some_and(|host| is_same_origin(origin, host)),
        };
        match (here, origin) {
            (true, _) => Ok(Page::Own),
            (false, Some(_)) => Err(refuse(
                "The page's origin is neither this server's own nor one of browser.allowed_origins.",
            )),
            (false, None) => Err(refuse("The request comes from a page of another site.")),
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

    fn lists(&self, origin: &HeaderValue) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
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

/// Reads a header that must not come twice: another program on the way might read the other one.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => {
            let detail = format!("The {name} header: expected one, found several.");
            Err(Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail))
        }
    }
}

/// Whether an origin (`https://host[:port]`) is what a `Host` header (`host[:port]`) names.
fn is_same_origin(origin: &HeaderValue, host: &HeaderValue) -> bool {
    let (Ok(origin), Ok(host)) = (origin.to_str(), host.to_str()) else { return false };
    let Ok(origin) = Url::parse(origin) else { return false };
    // With the origin's scheme a default port in the Host header drops out.
    Url::parse(&format!("{}://{host}", origin.scheme()))
        .is_ok_and(|named| named.origin().is_tuple() && named.origin() == origin.origin())
}

fn is_plain(origin: &HeaderValue) -> bool {
    origin.as_bytes().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"http:"))
}

fn names_this_machine(host: &HeaderValue) -> bool {
    host.to_str()
        .ok()
        .and_then(|host| Url::parse(&format!("http://{host}")).ok())
        .is_some_and(|url| address::is_loopback(&url))
}

fn refuse(detail: &str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, Code::OriginRefused, detail).with_remedy(Remedy {
        en: "Call this server from a page of its own origin, or list the page's origin in browser.allowed_origins.",
        zh: "请从与本服务同源的页面调用，或将该页面的来源加入 browser.allowed_origins。",
    })
}

/// Middleware of the routes for browsers: decides by origin and fetch metadata, answers preflights, and adds
/// CORS headers for listed origins.
pub async fn check(
    State(policy): State<Arc<BrowserPolicy>>,
    request: Request,
    next: Next,
) -> Response {
    let judged = policy.judge(request.headers(), request.extensions().get::<Caller>());
    let judged = judged.and_then(|page| is_fetch(request.headers()).map(|()| page));
    let mut response = match judged {
        Err(refusal) => refusal.into_response(),
        Ok(page) => {
            let response = match preflight(&page, &request) {
                Some(response) => response,
                None => next.run(request).await,
            };
            page.readable(response)
        }
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("origin, sec-fetch-site"));
    response
}

/// Answers the preflight of a listed origin's page.
fn preflight(page: &Page, request: &Request) -> Option<Response> {
    let is_preflight = matches!(page, Page::Listed(_))
        && request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, x-calldock-ticket"),
        (ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    is_preflight.then(|| (StatusCode::NO_CONTENT, headers).into_response())
}

impl Page {
    /// Adds what a listed origin's page needs to read the response.
    fn readable(self, mut response: Response) -> Response {
        if let Self::Listed(origin) = self {
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(
                ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("retry-after, x-request-id"),
            );
        }
        response
    }
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
        policy.judge(&map, None)
    }

    #[test]
    fn without_fetch_metadata_the_origin_must_be_the_hosts() {
        let policy = BrowserPolicy::default();
        for (origin, host) in [
            ("http://localhost:8700", "localhost:8700"),
            ("https://a.example", "a.example"),
            ("https://a.example", "a.example:443"),
            ("https://a.example", "A.EXAMPLE"),
        ] {
            assert_eq!(
                judge(&policy, &[("origin", origin), ("host", host)]),
                Ok(Page::Own),
                "{origin}"
            );
        }
        for (origin, host) in [
            ("https://evil.example", "a.example"),
            ("https://a.example:444", "a.example"),
            ("http://a.example", "a.example:443"),
            ("https://a.example.evil.example", "a.example"),
            ("https://evil.example", "x@evil.example.a"),
            ("null", "null"),
            ("", ""),
            ("file://", ""),
        ] {
            assert!(
                judge(&policy, &[("origin", origin), ("host", host)]).is_err(),
                "{origin} {host}"
            );
        }
        assert!(judge(&policy, &[("origin", "https://a.example")]).is_err());
    }

    #[test]
    fn a_page_in_the_clear_is_another_one_than_the_encrypted_page_of_its_name() {
        let policy = BrowserPolicy::default();
        for (origin, https, here) in [
            ("https://a.example", true, true),
            ("http://a.example", true, false),
            ("HTTP://a.example", true, false),
            ("http://a.example", false, true),
            // Neither the listener nor a gateway reports encryption.
            ("https://a.example", false, true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
            headers.insert(HOST, HeaderValue::from_static("a.example"));
            let peer = std::net::IpAddr::from([203, 0, 113, 9]);
            let caller = Caller::new(peer, https, &headers, &calldock_listen::Gateways::default());
            assert_eq!(policy.judge(&headers, Some(&caller)).is_ok(), here, "{origin} {https}");
        }
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
            loopback_names_only: false,
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
