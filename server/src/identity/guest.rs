//! An id for somebody nobody knows, kept in a cookie.
//!
//! The cookie holds a secret of 256 bits, the visitor's id is a part of its hash: a page, an agent and
//! the vendor read the id, and none of them can become that guest with it.

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use super::secret::{self, Names};
use super::{Recognised, Visitor};
use crate::digest::hex;
use crate::problem::Refusal;

/// The cookie where it can be Secure.
pub const SECURE_COOKIE: &str = "__Host-calldock-guest";
/// The cookie of a page that was delivered over plain HTTP.
pub const PLAIN_COOKIE: &str = "calldock-guest";

const COOKIE: Names = Names { secure: SECURE_COOKIE, plain: PLAIN_COOKIE };

/// A guest comes back to the same chat for half a year.
const MAX_AGE: u64 = 180 * 24 * 60 * 60;

/// Knows a guest by the cookie, or makes a new one.
///
/// # Errors
/// A [`Refusal`] if the system gives no random bytes.
pub fn recognise(headers: &HeaderMap, name: &str) -> Result<Recognised, Refusal> {
    if let Some(secret) = COOKIE.read(headers) {
        return Ok(Recognised { visitor: guest(secret, name), set_cookie: None });
    }
    let secret = secret::new()?;
    let set_cookie = COOKIE.set(headers, &secret, MAX_AGE);
    Ok(Recognised { visitor: guest(&secret, name), set_cookie })
}

fn guest(secret: &str, name: &str) -> Visitor {
    let hash = Sha256::new().chain_update("guest\n").chain_update(secret).finalize();
    // With its prefix as long as CEC surely takes (`USER_ID_ADVICE`); 104 bits are no guest's twice.
    let id = hex(&hash[..13]);
    Visitor { name: [name, " ", &id[..6]].concat(), id: ["guest-", &id].concat() }
}
