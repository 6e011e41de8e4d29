//! An OpenID Connect provider's token knows who is asking.
//!
//! * [`claims`]: what a token must say, and whom it names.
//! * [`key_set`]: a provider's published keys (RFC 7517).
//! * [`keys`]: those keys, fetched when they are needed and no more often than they may be.

mod claims;
mod key_set;
mod keys;

use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use calldock_contract::Code;
use jsonwebtoken::{Algorithm, decode_header};
use url::Url;

use super::{Person, cookies};
use crate::address::PlainHttp;
use crate::problem::{Refusal, Remedy};
use keys::Keys;

/// Whose tokens are believed, and where they are.
#[derive(Clone, Debug)]
pub struct JwtConfig {
    /// `jwt.issuer`, letter by letter as tokens have it (`iss`).
    pub issuer: String,
    /// `jwt.audience`: a token is for one of these (`aud`).
    pub audience: Vec<String>,
    /// `jwt.jwks_url`: the provider's keys; without it the provider is asked where they are.
    pub jwks_url: Option<Url>,
    /// `jwt.algorithms`: public keys only, never `none` and never HMAC.
    pub algorithms: Vec<Algorithm>,
    /// `jwt.cookie`: where the token is, if not in `Authorization: Bearer`.
    pub cookie: Option<String>,
    /// `jwt.id_claim`.
    pub id_claim: String,
    /// `jwt.name_claim`.
    pub name_claim: String,
    /// `jwt.leeway`: how far the provider's clock may be off.
    pub leeway: Duration,
    /// Whether `http:` will do for the provider; a configuration file cannot say so.
    pub plain_http: PlainHttp,
}

/// A token longer than this is none: browsers and gateways give up before.
const LONGEST: usize = 16 * 1024;

/// A provider that can be asked.
#[derive(Debug)]
pub struct Jwt {
    config: JwtConfig,
    keys: Keys,
}

impl Jwt {
    /// Makes the client; the provider is asked with the first token.
    ///
    /// # Errors
    /// The system has no certificate authorities to trust.
    pub fn new(config: JwtConfig) -> Result<Self, reqwest::Error> {
        Ok(Self { keys: Keys::new(&config)?, config })
    }

    /// Whether tokens can be read: the provider gave its keys at least once.
    pub async fn ready(&self) -> bool {
        self.keys.ready().await
    }

    /// The person a request's token names.
    ///
    /// # Errors
    /// A [`Refusal`]: 401 without a token that holds, 502 or 504 where the provider's keys cannot be had.
    pub async fn person(&self, request: &Parts) -> Result<Person, Refusal> {
        let token = self.token(&request.headers)?;
        let header = decode_header(token).map_err(|_| refuse("it is no signed token"))?;
        // What a provider marks as critical must be understood, and nothing of that kind is here.
        if header.crit.is_some() {
            return Err(refuse("its header has extensions that are not understood"));
        }
        if !self.config.algorithms.contains(&header.alg) {
            return Err(refuse("its algorithm is not in jwt.algorithms"));
        }
        let keys = self.keys.find(header.kid.as_deref(), header.alg).await?;
        let key = keys.ok_or_else(|| refuse("the provider has no such key"))?;
        claims::read(&self.config, token, &key, header.alg).map_err(refuse)
    }

    fn token<'a>(&self, headers: &'a HeaderMap) -> Result<&'a str, Refusal> {
        let token = match &self.config.cookie {
            Some(name) => cookies::only(headers, name),
            None => bearer(headers),
        };
        token.filter(|token| !token.is_empty() && token.len() <= LONGEST).ok_or_else(|| {
            let detail = "The request has no token.";
            Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(TOKEN)
        })
    }
}

/// The one `Authorization` header's token.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none());
    let (scheme, token) =
        value.and_then(|value: &HeaderValue| value.to_str().ok())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

const TOKEN: Remedy = Remedy {
    en: "Sign in again. The page's part: send the provider's current token as the server's [jwt] says, in Authorization: Bearer or in the cookie of jwt.cookie.",
    zh: "请重新登录。页面开发者请按服务端 [jwt] 的约定发送身份提供方的最新令牌：Authorization: Bearer，或 jwt.cookie 所指的 cookie。",
};

/// A token that is not believed, and why: its holder may know, and nobody else reads it.
fn refuse(why: &'static str) -> Refusal {
    tracing::info!(why, "a token is not believed");
    let detail = format!("The token is not believed: {why}.");
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(TOKEN)
}
