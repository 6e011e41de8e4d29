//! A secret of 256 bits in a cookie, which makes its holder somebody.

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use calldock_contract::Code;

use super::cookies;
use crate::problem::Refusal;

/// The two names of one cookie.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// Where it can be Secure, with the prefix `__Host-`: no subdomain and no plain page can plant one.
    pub secure: &'static str,
    /// On a page that was delivered over plain HTTP, where browsers drop Secure ones.
    pub plain: &'static str,
}

impl Names {
    /// The cookie that the page behind a request has or is to get.
    pub fn of_page(self, headers: &HeaderMap) -> &'static str {
        if comes_from_plain_page(headers) { self.plain } else { self.secure }
    }

    /// The secret the page came with, if this server can have made it.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        cookies::only(headers, self.of_page(headers)).filter(|value| is_secret(value))
    }

    /// A `Set-Cookie` for the page behind a request; no page can read it, no log shows it.
    pub fn set(self, headers: &HeaderMap, secret: &str, max_age: u64) -> Option<HeaderValue> {
        let cookie = self.of_page(headers);
        let attributes = if cookie == self.secure { "; Secure" } else { "" };
        let value = format!(
            "{cookie}={secret}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{attributes}"
        );
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// A new one, as 43 letters of base64url.
///
/// # Errors
/// A [`Refusal`] if the system gives no random bytes.
pub fn new() -> Result<String, Refusal> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|_| {
        let detail = "The system gave no random bytes for a cookie.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
    })?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bits))
}

/// Only what this server made.
fn is_secret(value: &str) -> bool {
    value.len() == 43
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// A browser says with every POST which page it comes from. A caller that is no browser may say what it
/// likes: it only decides about the cookie it is given itself.
fn comes_from_plain_page(headers: &HeaderMap) -> bool {
    match headers.get(ORIGIN) {
        Some(origin) => origin.as_bytes().starts_with(b"http://"),
        None => false,
    }
}
