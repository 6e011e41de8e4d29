//! Signed tokens: of an OpenID Connect provider, or a gateway's assertion in a header.
//!
//! * `claims`: what a token must contain, and whom it names.
//! * `key_set`: a provider's published keys (RFC 7517).
//! * `keys`: fetches and caches those keys.
//! * `settings`: `[jwt]`.

mod claims;
mod key_set;
mod keys;
pub mod settings;

use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use calldock_contract::Code;
use jsonwebtoken::{Algorithm, decode_header};
use url::Url;

use super::{Person, cookie};
use crate::address::PlainHttp;
use crate::problem::{Refusal, Remedy};
use keys::Keys;

/// Whose tokens are accepted, and where they are in a request.
#[derive(Clone, Debug, PartialEq)]
pub struct JwtSettings {
    /// `jwt.issuer`, exactly as tokens have it (`iss`).
    pub issuer: String,
    /// `jwt.audience`: a token must be for one of these (`aud`).
    pub audience: Vec<String>,
    /// `jwt.jwks_url`: the provider's keys; without it, OpenID Connect Discovery finds them.
    pub jwks_url: Option<Url>,
    /// `jwt.algorithms`: with public keys only, never `none` or HMAC.
    pub algorithms: Vec<Algorithm>,
    /// Where the token is.
    pub place: Place,
    /// `jwt.id_claim`.
    pub id_claim: String,
    /// `jwt.name_claim`.
    pub name_claim: String,
    /// `jwt.leeway`: the accepted difference to the provider's clock.
    pub leeway: Duration,
    /// Whether the provider may be reached by `http:`; no configuration file can allow it.
    pub plain_http: PlainHttp,
}

/// Where a token is in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `Authorization: Bearer`.
    Bearer,
    /// `jwt.cookie`.
    Cookie(String),
    /// `jwt.header`: a header that contains only the token, such as `Cf-Access-Jwt-Assertion` of
    /// Cloudflare or `X-Pomerium-Jwt-Assertion`. The gateway that signed it has verified the user.
    Header(HeaderName),
}

/// Longer tokens are refused: browsers and gateways accept no longer headers.
const MAX_LENGTH: usize = 16 * 1024;

/// Checks tokens.
pub struct Jwt {
    settings: JwtSettings,
    keys: Keys,
}

impl Jwt {
    /// Takes the keys of an earlier one with the same source; others are fetched with the first token.
    ///
    /// # Errors
    /// The system trusts no certificate authority.
    pub fn new<'a>(
        settings: JwtSettings,
        earlier: impl Iterator<Item = &'a Self>,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self { keys: Keys::new(&settings, earlier.map(|jwt| jwt.keys.clone()))?, settings })
    }

    /// Returns whether tokens can be checked: the keys have been fetched at least once.
    pub async fn ready(&self) -> bool {
        self.keys.ready().await
    }

    /// Returns the person that a request's token names.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 without a valid token, 502 or 504 if the keys cannot be fetched.
    pub async fn authenticate(&self, request: &Parts) -> Result<Person, Refusal> {
        let token = self.token(&request.headers)?;
        let header = decode_header(token).map_err(|_| refuse("it is not a signed token"))?;
        // Extensions marked as critical must be understood, and none are.
        if header.crit.is_some() {
            return Err(refuse("its header has extensions that are not supported"));
        }
        if !self.settings.algorithms.contains(&header.alg) {
            return Err(refuse("its algorithm is not in jwt.algorithms"));
        }
        let keys = self.keys.find(header.kid.as_deref(), header.alg).await?;
        let key = keys.ok_or_else(|| refuse("the provider has no such key"))?;
        claims::read(&self.settings, token, &key, header.alg).map_err(refuse)
    }

    fn token<'a>(&self, headers: &'a HeaderMap) -> Result<&'a str, Refusal> {
        let token = match &self.settings.place {
            Place::Bearer => bearer(headers),
            Place::Cookie(name) => cookie::only(headers, name),
            Place::Header(name) => single(headers, name),
        };
        token.filter(|token| !token.is_empty() && token.len() <= MAX_LENGTH).ok_or_else(|| {
            let detail = "The request has no token.";
            Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(TOKEN)
        })
    }
}

/// Returns a header's value if the header is sent once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none());
    value.and_then(|value: &HeaderValue| value.to_str().ok()).map(str::trim)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = single(headers, &AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

const TOKEN: Remedy = Remedy {
    en: "Sign in again. Developer: send the provider's current token as the server's [jwt] says, in Authorization: Bearer, in the cookie of jwt.cookie, or have the gateway send it in the header of jwt.header.",
    zh: "请重新登录。开发者请按服务端 [jwt] 的约定发送身份提供方的最新令牌：Authorization: Bearer、jwt.cookie 所指的 cookie，或由网关通过 jwt.header 所指的请求头发送。",
};

/// The holder of a refused token may know why; no other client sees it.
fn refuse(why: &'static str) -> Refusal {
    tracing::info!(why, "a token was refused");
    let detail = format!("The token was refused: {why}.");
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(TOKEN)
}
