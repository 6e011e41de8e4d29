//! `[jwt]`.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use url::Url;

use super::reader::Reader;
use super::values;
use crate::address::{self, PlainHttp};
use crate::identity::jwt::JwtConfig;

/// What providers sign with by default; the keys decide which of them can be.
const USUAL: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// The section.
pub fn read(reader: &mut Reader) -> Option<JwtConfig> {
    let issuer = reader.parsed("jwt.issuer", None, issuer);
    let audience = reader.list("jwt.audience", claim);
    if audience.is_empty() && !reader.is_wrong("jwt.audience") {
        reader.wrong(
            "jwt.audience",
            "expected whom tokens are for, mostly the client's id at the provider: without it any application's token would do",
        );
    }
    let jwks_url = reader.optional("jwt.jwks_url", https);
    let algorithms = reader.list("jwt.algorithms", algorithm);
    let cookie = reader.optional("jwt.cookie", values::cookie_name);
    let id_claim = reader.parsed("jwt.id_claim", Some("sub"), claim);
    let name_claim = reader.parsed("jwt.name_claim", Some("name"), claim);
    let leeway = reader
        .scalar("jwt.leeway", |text| values::seconds(text, 0, 300, "expected 0 to 300 seconds"));
    Some(JwtConfig {
        issuer: issuer?,
        audience,
        jwks_url,
        algorithms: if algorithms.is_empty() { USUAL.to_vec() } else { algorithms },
        cookie,
        id_claim: id_claim?,
        name_claim: name_claim?,
        leeway: leeway.unwrap_or(Duration::from_secs(30)),
        plain_http: PlainHttp::Refused,
    })
}

/// Compared letter by letter, so it is kept as it is written.
fn issuer(text: &str) -> Result<String, &'static str> {
    let url = address::secure_url(text, PlainHttp::Refused)?;
    if url.query().is_none() && url.fragment().is_none() {
        Ok(text.to_owned())
    } else {
        Err("expected the issuer just as tokens have it, an https: address without query and hash")
    }
}

fn https(text: &str) -> Result<Url, &'static str> {
    address::secure_url(text, PlainHttp::Refused)
}

fn claim(text: &str) -> Result<String, &'static str> {
    if (1..=256).contains(&text.len()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 256 bytes without control characters")
    }
}

/// Those whose keys are public. With HMAC, whoever can check a token could make one.
fn algorithm(text: &str) -> Result<Algorithm, &'static str> {
    let known: Option<Algorithm> = text.parse().ok();
    let public = |algorithm: &Algorithm| {
        !matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
    };
    known
        .filter(public)
        .ok_or("expected some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA")
}
