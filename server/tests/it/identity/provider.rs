//! An OpenID Connect provider with keys for tests only.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use calldock_server::address::PlainHttp;
use calldock_server::identity::jwt::{JwtSettings, Place};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519};
use serde_json::{Value, json};

use super::listen;

/// A key that signs, and its public half as the provider publishes it.
#[derive(Clone)]
pub struct Key {
    pub algorithm: Algorithm,
    pub private: EncodingKey,
    pub public: Value,
}

impl Key {
    /// The one RSA key of the tests: making one takes seconds.
    pub fn rsa(id: &str) -> Self {
        let text = include_str!("../../fixtures/test-only-rsa-2048.txt").replace('\n', "");
        let private = EncodingKey::from_rsa_der(&BASE64_STANDARD.decode(text).unwrap());
        let public = Jwk::from_encoding_key(&private, Algorithm::RS256).unwrap();
        let mut public = serde_json::to_value(public).unwrap();
        public["kid"] = id.into();
        Self { algorithm: Algorithm::RS256, private, public }
    }

    /// A new one each time.
    pub fn ec(id: &str) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let (x, y) = pair.public_key_raw()[1..].split_at(32);
        let [x, y] = [x, y].map(|half| BASE64_URL_SAFE_NO_PAD.encode(half));
        let private = EncodingKey::from_ec_der(pair.serialized_der());
        let public =
            json!({ "kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "x": x, "y": y });
        Self { algorithm: Algorithm::ES256, private, public }
    }

    /// A new one each time.
    pub fn ed(id: &str) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let x = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key_raw());
        let private = EncodingKey::from_ed_der(pair.serialized_der());
        let public = json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": x });
        Self { algorithm: Algorithm::EdDSA, private, public }
    }

    pub fn id(&self) -> String {
        self.public["kid"].as_str().unwrap().to_owned()
    }

    /// A token of this key's with these claims.
    pub fn token(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id()), ..Header::new(self.algorithm) };
        self.token_with(&header, claims)
    }

    pub fn token_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.private).unwrap()
    }
}

/// Path → status, `Cache-Control`, body.
type Pages = Arc<Mutex<HashMap<&'static str, (u16, String, Value)>>>;

/// The provider: what it answers may change while it runs.
pub struct Provider {
    pub at: SocketAddr,
    pub asked: Arc<AtomicUsize>,
    pages: Pages,
}

const DISCOVERY: &str = "/realms/shop/.well-known/openid-configuration";
const KEYS: &str = "/keys";
/// In the place of a status: there is no response.
const HANGING: u16 = 0;

impl Provider {
    pub async fn publishing(keys: &[&Key]) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let pages: Pages = Arc::default();
        let page = |path: &'static str| {
            let (asked, pages) = (Arc::clone(&asked), Arc::clone(&pages));
            get(move || async move {
                asked.fetch_add(1, Ordering::Relaxed);
                let (status, cache, body) = pages.lock().unwrap()[path].clone();
                if status == HANGING {
                    std::future::pending::<()>().await;
                }
                let status = StatusCode::from_u16(status).unwrap();
                (status, [("cache-control", cache)], body.to_string()).into_response()
            })
        };
        let routes = Router::new().route(DISCOVERY, page(DISCOVERY)).route(KEYS, page(KEYS));
        let at = listen(routes).await;
        let provider = Self { at, asked: Arc::clone(&asked), pages: Arc::clone(&pages) };
        provider.say_where(&provider.issuer(), &format!("http://{at}{KEYS}"));
        provider.publish(keys);
        provider
    }

    pub fn issuer(&self) -> String {
        format!("http://{}/realms/shop", self.at)
    }

    pub fn say_where(&self, issuer: &str, keys: &str) {
        let document = json!({ "issuer": issuer, "jwks_uri": keys, "scopes_supported": [] });
        self.pages.lock().unwrap().insert(DISCOVERY, (200, String::new(), document));
    }

    pub fn publish(&self, keys: &[&Key]) {
        let keys: Vec<_> = keys.iter().map(|key| &key.public).collect();
        let page = (200, "max-age=600".to_owned(), json!({ "keys": keys }));
        self.pages.lock().unwrap().insert(KEYS, page);
    }

    pub fn fail(&self) {
        self.pages.lock().unwrap().insert(KEYS, (500, String::new(), Value::Null));
    }

    /// Responds to nobody who asks from now on.
    pub fn hang(&self) {
        self.pages.lock().unwrap().insert(KEYS, (HANGING, String::new(), Value::Null));
    }

    /// How often it was asked since the last time.
    pub fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::Relaxed)
    }

    pub fn config(&self) -> JwtSettings {
        JwtSettings {
            issuer: self.issuer(),
            audience: vec!["calldock".into(), "shop".into()],
            jwks_url: Some(format!("http://{}{KEYS}", self.at).parse().unwrap()),
            algorithms: vec![Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA],
            place: Place::Bearer,
            id_claim: "sub".into(),
            name_claim: "name".into(),
            leeway: Duration::from_secs(30),
            plain_http: PlainHttp::OnLoopback,
        }
    }

    /// Good claims, with some changed; null takes one away.
    pub fn claims(&self, changes: &Value) -> Value {
        let mut claims = json!({
            "iss": self.issuer(), "aud": "calldock", "sub": "10010001", "name": "刘先生",
            "email": "agent@example.com", "exp": now() + 300, "iat": now(),
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}
