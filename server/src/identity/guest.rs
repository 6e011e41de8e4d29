//! An id for somebody nobody knows, kept in a cookie.
//!
//! The cookie holds a secret of 256 bits, the visitor's id is a part of its hash: a page, an agent and
//! the vendor read the id, and none of them can become that guest with it.

use axum::http::header::{COOKIE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use calldock_contract::Code;
use sha2::{Digest, Sha256};

use super::{Recognised, Visitor};
use crate::digest::hex;
use crate::problem::Refusal;

/// The cookie where it can be Secure: no subdomain and no plain page can plant one.
pub const SECURE_COOKIE: &str = "__Host-calldock-guest";
/// The cookie of a page that was delivered over plain HTTP, where browsers drop Secure ones.
pub const PLAIN_COOKIE: &str = "calldock-guest";

/// A guest comes back to the same chat for half a year.
const MAX_AGE: u32 = 180 * 24 * 60 * 60;

/// Knows a guest by the cookie, or makes a new one.
///
/// # Errors
/// A [`Refusal`] if the system gives no random bytes.
pub fn recognise(headers: &HeaderMap, name: &str) -> Result<Recognised, Refusal> {
    let secure = !comes_from_plain_page(headers);
    let cookie = if secure { SECURE_COOKIE } else { PLAIN_COOKIE };
    if let Some(secret) = cookie_value(headers, cookie).filter(|value| is_secret(value)) {
        return Ok(Recognised { visitor: guest(secret, name), set_cookie: None });
    }
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|_| {
        let detail = "The system gave no random bytes for a guest's id.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
    })?;
    let secret = BASE64_URL_SAFE_NO_PAD.encode(bits);
    let attributes = if secure { "; Secure" } else { "" };
    let set_cookie = HeaderValue::from_str(&format!(
        "{cookie}={secret}; Path=/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax{attributes}"
    ))
    .ok()
    .map(|mut value| {
        value.set_sensitive(true);
        value
    });
    Ok(Recognised { visitor: guest(&secret, name), set_cookie })
}

fn guest(secret: &str, name: &str) -> Visitor {
    let hash = Sha256::new().chain_update("calldock guest\n").chain_update(secret).finalize();
    // With its prefix as long as CEC surely takes (`USER_ID_ADVICE`); 104 bits are no guest's twice.
    let id = hex(&hash[..13]);
    Visitor { name: format!("{name} {}", &id[..6]), id: format!("guest-{id}") }
}

/// Only what this server made: 43 letters of base64url.
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

/// The value of a cookie that came once; of two, one was planted.
fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(known, value)| (known == name).then_some(value));
    let value = found.next()?;
    found.next().is_none().then_some(value)
}
