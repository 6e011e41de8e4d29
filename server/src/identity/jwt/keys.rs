//! Fetches and caches a provider's keys.
//!
//! Tokens with unknown key ids cause at most one request to the provider in [`PAUSE`], and tokens with fresh
//! keys never wait for it. Where keys have expired, one token waits for them to be renewed. If the provider is
//! unavailable, cached keys stay valid for [`GRACE`].

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use calldock_contract::Code;
use calldock_service::header_parts;
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::Client;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::super::fetch::{self, refusal};
use super::JwtSettings;
use super::key_set::KeySet;
use crate::address::{self, PlainHttp};
use crate::fetch::Fetched;
use crate::problem::{Refusal, Remedy};

/// The time between two requests because of unknown keys.
pub const PAUSE: Duration = Duration::from_secs(30);

/// The time between two requests to a provider that returned no keys.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How long expired keys are used while no others can be fetched.
const GRACE: Duration = Duration::from_secs(60 * 60);

/// The lifetime of keys without Cache-Control.
const DEFAULT_AGE: Duration = Duration::from_secs(10 * 60);
const MIN_AGE: Duration = Duration::from_secs(60);
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The keys and their source. Clones share them.
#[derive(Clone)]
pub struct Keys(Arc<Shared>);

struct Shared {
    source: Source,
    client: Client,
    kept: RwLock<Option<Arc<Kept>>>,
    /// When the provider may be asked again. The holder of the lock asks.
    next: Mutex<Option<Instant>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Source {
    issuer: String,
    jwks_url: Option<Url>,
    plain: PlainHttp,
}

struct Kept {
    set: KeySet,
    fresh_until: Instant,
}

impl Keys {
    /// Returns the earlier keys where they are of the same source; otherwise builds a client.
    ///
    /// # Errors
    /// The system trusts no certificate authority.
    pub fn new(
        settings: &JwtSettings,
        mut earlier: impl Iterator<Item = Self>,
    ) -> Result<Self, reqwest::Error> {
        let source = Source {
            issuer: settings.issuer.clone(),
            jwks_url: settings.jwks_url.clone(),
            plain: settings.plain_http,
        };
        if let Some(kept) = earlier.find(|keys| keys.0.source == source) {
            return Ok(kept);
        }
        let client = fetch::client(settings.plain_http)?;
        Ok(Self(Arc::new(Shared {
            source,
            client,
            kept: RwLock::default(),
            next: Mutex::default(),
        })))
    }

    /// Returns whether there are any keys; fetches them if there are none, with the usual pauses.
    pub async fn ready(&self) -> bool {
        if self.0.kept().is_none() {
            let _ = self.find(None, Algorithm::RS256).await;
        }
        self.0.kept().is_some()
    }

    /// Finds the key for a token; `None` if the provider has no such key.
    ///
    /// # Errors
    /// A [`Refusal`]: 502 or 504 if there are no keys at all.
    pub async fn find(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Option<DecodingKey>, Refusal> {
        if let Some(key) = self.0.known(id, algorithm, Duration::ZERO) {
            return Ok(Some(key));
        }
        let (shared, id) = (Arc::clone(&self.0), id.map(str::to_owned));
        // A task of its own: the request goes on when the caller goes away.
        let looking = tokio::spawn(async move { shared.look(id.as_deref(), algorithm).await });
        looking.await.unwrap_or_else(|_| Err(Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR)))
    }
}

impl Shared {
    fn kept(&self) -> Option<Arc<Kept>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The kept keys, if they are fresh or have expired within this time.
    fn kept_within(&self, grace: Duration) -> Option<Arc<Kept>> {
        self.kept().filter(|kept| Instant::now() < kept.fresh_until + grace)
    }

    fn known(&self, id: Option<&str>, by: Algorithm, grace: Duration) -> Option<DecodingKey> {
        self.kept_within(grace)?.set.find(id, by).cloned()
    }

    async fn look(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Option<DecodingKey>, Refusal> {
        let mut next = match self.next.try_lock() {
            Ok(next) => next,
            Err(_) => match self.known(id, algorithm, GRACE) {
                // Another request renews them; a provider that is away holds up no other.
                Some(key) => return Ok(Some(key)),
                None => self.next.lock().await,
            },
        };
        // The previous holder of the lock may have fetched it.
        if let Some(key) = self.known(id, algorithm, Duration::ZERO) {
            return Ok(Some(key));
        }
        let mut failure = unready();
        if next.is_none_or(|next| Instant::now() >= next) {
            let pause = match self.source.fetch(&self.client).await {
                Ok(kept) => {
                    let mut place = self.kept.write().unwrap_or_else(PoisonError::into_inner);
                    *place = Some(Arc::new(kept));
                    PAUSE
                }
                Err(refusal) => {
                    tracing::warn!("the provider's keys could not be fetched");
                    failure = refusal;
                    PAUSE_AFTER_FAILURE
                }
            };
            *next = Some(Instant::now() + pause);
        }
        match self.kept_within(GRACE) {
            Some(kept) => Ok(kept.set.find(id, algorithm).cloned()),
            None => Err(failure),
        }
    }
}

impl Source {
    async fn fetch(&self, client: &Client) -> Result<Kept, Refusal> {
        let url = match &self.jwks_url {
            Some(url) => url.clone(),
            None => self.discover(client).await?,
        };
        let answer = ask(client, &url).await?;
        let set = KeySet::parse(&answer.body).map_err(unusable)?;
        Ok(Kept { set, fresh_until: Instant::now() + age(&answer.headers) })
    }

    /// OpenID Connect Discovery 1.0, §4: the document must name this issuer.
    async fn discover(&self, client: &Client) -> Result<Url, Refusal> {
        #[derive(Deserialize)]
        struct Document {
            issuer: String,
            jwks_uri: String,
        }
        let issuer = self.issuer.trim_end_matches('/');
        let place = format!("{issuer}/.well-known/openid-configuration");
        let place = address::secure_url(&place, self.plain).map_err(unusable)?;
        let answer = ask(client, &place).await?;
        let document: Document = serde_json::from_slice(&answer.body)
            .map_err(|_| unusable("found no discovery document"))?;
        if document.issuer != self.issuer {
            return Err(unusable("found another issuer in the discovery document"));
        }
        address::secure_url(&document.jwks_uri, self.plain)
            .map_err(|_| unusable("found a jwks_uri that is not https"))
    }
}

async fn ask(client: &Client, url: &Url) -> Result<Fetched, Refusal> {
    let answer = fetch::get(client, url, None).await;
    let answer = answer.map_err(|error| refusal(error, "The identity provider", PROVIDER))?;
    if answer.status == StatusCode::OK {
        Ok(answer)
    } else {
        Err(unusable("found another status than 200"))
    }
}

/// Reads how long a response may be cached, between a minute and a day.
fn age(headers: &HeaderMap) -> Duration {
    let mut age = None;
    for directive in header_parts(headers, CACHE_CONTROL, b',') {
        if ["no-store", "no-cache"].iter().any(|none| directive.eq_ignore_ascii_case(none)) {
            return MIN_AGE;
        }
        let (name, value) = directive.split_once('=').unwrap_or_default();
        if name.eq_ignore_ascii_case("max-age") {
            age = value.trim_matches('"').parse().ok().map(Duration::from_secs);
        }
    }
    age.unwrap_or(DEFAULT_AGE).clamp(MIN_AGE, MAX_AGE)
}

const PROVIDER: Remedy = Remedy {
    en: "Try again in a few seconds; if it keeps happening, check jwt.issuer and jwt.jwks_url, and that this server may reach the provider.",
    zh: "请数秒后重试；若反复出现，请检查 jwt.issuer 与 jwt.jwks_url，并确认本服务可以访问身份提供方。",
};

fn unready() -> Refusal {
    unusable("the last attempt failed a few seconds ago")
}

fn unusable(found: &str) -> Refusal {
    let detail = format!("The identity provider: expected its keys, {found}.");
    Refusal::new(StatusCode::BAD_GATEWAY, Code::LoginFailed, detail).with_remedy(PROVIDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_cached_as_cache_control_says_between_a_minute_and_a_day() {
        for (value, seconds) in [
            ("public, max-age=3600", 3600),
            ("Max-Age=\"7200\"", 7200),
            ("max-age=1", 60),
            ("max-age=99999999", 86_400),
            ("max-age=x", 600),
            ("max-age=3600, no-cache", 60),
            ("no-store", 60),
            ("private", 600),
            ("x=é, max-age=3600", 3600),
            ("", 600),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_CONTROL, value.parse().unwrap());
            assert_eq!(age(&headers).as_secs(), seconds, "{value}");
        }
        assert_eq!(age(&HeaderMap::new()), DEFAULT_AGE);
    }
}
