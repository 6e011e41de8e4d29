//! Which pages a request may come from: the server's own, and those of listed origins, which get CORS.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderName, ORIGIN,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use calldock_contract::Code;

use crate::problem::Refusal;
use crate::{Caller, PublicOrigins};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The page that a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// A page of this origin, or no page at all.
    Own,
    /// A page of a listed origin, which may read the response.
    Listed(HeaderValue),
    /// A page of another origin, and whether the request names that origin.
    Other(bool),
}

impl Page {
    /// Returns the page of a request: by `Sec-Fetch-Site` and `Origin`, as browsers send them.
    ///
    /// # Errors
    /// 400 for a header that is present twice.
    pub fn of(
        headers: &HeaderMap,
        caller: &Caller,
        allowed: &[String],
        public: &PublicOrigins,
    ) -> Result<Self, Refusal> {
        only(headers, &HOST)?;
        let origin = only(headers, &ORIGIN)?;
        let site = only(headers, &SEC_FETCH_SITE)?;
        let is_listed = |origin: &&HeaderValue| {
            allowed.iter().any(|listed| listed.as_bytes() == origin.as_bytes())
        };
        if let Some(origin) = origin.filter(is_listed) {
            return Ok(Self::Listed(origin.clone()));
        }
        let is_own = match (site.map(HeaderValue::as_bytes), origin) {
            (Some(b"same-origin" | b"none"), _) => public.has_host(caller),
            (Some(_), _) => false,
            (None, None) => true,
            (None, Some(origin)) => public.is_own(origin, caller),
        };
        Ok(if is_own { Self::Own } else { Self::Other(origin.is_some()) })
    }

    /// Returns the response to the preflight request of a listed page; `sent` are the headers it may send.
    pub fn preflight(&self, method: &Method, headers: &HeaderMap, sent: &str) -> Option<Response> {
        let is_preflight = matches!(self, Self::Listed(_))
            && method == Method::OPTIONS
            && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let allow = [
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
            (ACCESS_CONTROL_ALLOW_HEADERS, sent),
            (ACCESS_CONTROL_MAX_AGE, "600"),
        ];
        is_preflight.then(|| (StatusCode::NO_CONTENT, allow).into_response())
    }

    /// Lets a listed page read the response, and these headers of it.
    pub fn may_read(self, response: &mut Response, exposed: &'static str) {
        if let Self::Listed(origin) = self {
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
        }
    }
}

/// Reads a header that must not be present twice: another program on the way might read the other one.
///
/// # Errors
/// 400.
pub fn only<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => {
            let detail = format!("The {name} header: expected one, found several.");
            Err(Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail))
        }
    }
}
