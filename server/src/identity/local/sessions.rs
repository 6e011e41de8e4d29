//! The cookie of somebody who is signed in.

use axum::http::HeaderValue;
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};

use super::super::cookies;
use super::super::secret::Names;
use crate::caller::Caller;
use crate::store::Hash;

/// The cookie where it can be Secure.
pub const SECURE_COOKIE: &str = "__Host-calldock-session";
/// The cookie of a page that was delivered over plain HTTP.
pub const PLAIN_COOKIE: &str = "calldock-session";

const COOKIE: Names = Names { secure: SECURE_COOKIE, plain: PLAIN_COOKIE };

/// What the store knows a request's session by.
pub fn id(request: &Parts) -> Option<Hash> {
    let headers = &request.headers;
    let secret = COOKIE.read(headers).or_else(|| {
        // With a GET no browser says which page it comes from; and it changes nothing. Where the page is
        // known to be encrypted, the plain cookie is one that a neighbour planted.
        let https = Caller::of(&request.extensions).is_ok_and(|caller| caller.https);
        let unsaid = request.method.is_safe() && !headers.contains_key(ORIGIN) && !https;
        cookies::only(headers, PLAIN_COOKIE).filter(|_| unsaid)
    });
    secret.map(hash)
}

/// The store never sees the secret itself.
pub fn hash(secret: &str) -> Hash {
    Sha256::new().chain_update("session\n").chain_update(secret).finalize().into()
}

/// A `Set-Cookie` for a new session, or for none with an empty secret and no time left.
pub fn cookie(request: &Parts, secret: &str, seconds: u64) -> Option<HeaderValue> {
    COOKIE.set(&request.headers, secret, seconds)
}
