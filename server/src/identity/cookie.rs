//! The cookies that this server sets, and cookies of a request.

use axum::http::header::{COOKIE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};
use calldock_service::header_parts;

/// Returns all cookies of a request as `name, value`, in order. One that is not ASCII is ignored.
pub fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    header_parts(headers, COOKIE, b';').filter_map(|pair| pair.split_once('='))
}

/// Returns the value of a cookie that is sent once; of two, one may have been planted by another host.
pub fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = all(headers).filter(|(known, _)| *known == name);
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

/// The two names of one cookie.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The name over HTTPS, with the prefix `__Host-`: no subdomain and no plain page can plant it.
    pub secure: &'static str,
    /// The name on a page that came over plain HTTP, where browsers drop Secure cookies.
    pub plain: &'static str,
}

impl Names {
    /// Returns the cookie's name for the page behind a request.
    pub fn of_page(self, headers: &HeaderMap) -> &'static str {
        if comes_from_plain_page(headers) { self.plain } else { self.secure }
    }

    /// Returns the cookie's value for the page behind a request.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        only(headers, self.of_page(headers))
    }

    /// Writes a `Set-Cookie` for the page behind a request; scripts cannot read it, logs do not show it.
    pub fn set(self, headers: &HeaderMap, value: &str, max_age: u64) -> Option<HeaderValue> {
        let cookie = self.of_page(headers);
        let attributes = if cookie == self.secure { "; Secure" } else { "" };
        let value = format!(
            "{cookie}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{attributes}"
        );
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// A browser sends the page's origin with every POST. Another client may send any origin: it only decides
/// about the cookie that it gets itself.
fn comes_from_plain_page(headers: &HeaderMap) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"http://"))
}
