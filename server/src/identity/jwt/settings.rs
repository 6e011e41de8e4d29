//! `[jwt]`.

use std::time::Duration;

use axum::http::{HeaderName, header};
use jsonwebtoken::Algorithm;
use url::Url;

use super::{JwtSettings, Place};
use crate::address::{self, PlainHttp};
use crate::settings::{Reader, values};

/// The algorithms of most providers; the keys decide which of them apply.
const DEFAULT: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// Reads the section.
pub fn read(reader: &mut Reader) -> Option<JwtSettings> {
    let jwks_url = reader.optional("jwt.jwks_url", https);
    // Without its keys' URL the provider is found by its issuer; a gateway's assertion may have any name.
    let has_keys = jwks_url.is_some() || reader.is_wrong("jwt.jwks_url");
    let issuer = reader.parsed("jwt.issuer", None, if has_keys { claim } else { issuer });
    let audience = reader.list("jwt.audience", claim);
    if audience.is_empty() && !reader.is_wrong("jwt.audience") {
        reader.wrong(
            "jwt.audience",
            "expected the audience of tokens, mostly the client id at the provider: without it a token for any application would be accepted",
        );
    }
    let algorithms = reader.list("jwt.algorithms", algorithm);
    let place = place(reader);
    let id_claim = id_claim(reader);
    let name_claim = reader.parsed("jwt.name_claim", Some("name"), claim);
    let leeway = reader.seconds("jwt.leeway", 0..=300);
    Some(JwtSettings {
        issuer: issuer?,
        audience,
        jwks_url,
        algorithms: if algorithms.is_empty() { DEFAULT.to_vec() } else { algorithms },
        place: place?,
        id_claim: id_claim?,
        name_claim: name_claim?,
        leeway: leeway.unwrap_or(Duration::from_secs(30)),
        plain_http: PlainHttp::Refused,
    })
}

fn place(reader: &mut Reader) -> Option<Place> {
    let cookie = reader.optional("jwt.cookie", values::cookie_name);
    let header = reader.optional("jwt.header", |text| {
        text.parse::<HeaderName>()
            .map_err(|_| "expected a header's name such as Cf-Access-Jwt-Assertion")
    });
    if reader.is_wrong("jwt.cookie") || reader.is_wrong("jwt.header") {
        return None;
    }
    match (cookie, header) {
        (None, None) => Some(Place::Bearer),
        (Some(name), None) => Some(Place::Cookie(name)),
        (None, Some(header::AUTHORIZATION)) => Some(Place::Bearer),
        (None, Some(name)) => Some(Place::Header(name)),
        (Some(_), Some(_)) => {
            reader.wrong("jwt.header", "expected one of jwt.cookie and jwt.header, found both");
            None
        }
    }
}

/// `sub` and `oid` never change and are never given to another user. A mail address or a user name may be,
/// or the user may choose it: the operator must confirm that the provider prevents both.
fn id_claim(reader: &mut Reader) -> Option<String> {
    let id_claim = reader.parsed("jwt.id_claim", Some("sub"), claim);
    let is_stable = reader.truth("jwt.id_claim_is_stable").unwrap_or(false);
    let id_claim = id_claim?;
    if matches!(id_claim.as_str(), "sub" | "oid") || is_stable {
        return Some(id_claim);
    }
    if !reader.is_wrong("jwt.id_claim_is_stable") {
        reader.wrong_text(
            "jwt.id_claim",
            "expected \"sub\" or \"oid\": another claim may be changed by the user or given to another one; if your provider prevents both, set jwt.id_claim_is_stable = true",
            &id_claim,
        );
    }
    None
}

/// Compared exactly, so it is kept as it is written.
fn issuer(text: &str) -> Result<String, &'static str> {
    let url = address::secure_url(text, PlainHttp::Refused)?;
    if url.query().is_none() && url.fragment().is_none() {
        Ok(text.to_owned())
    } else {
        Err(
            "expected the issuer exactly as tokens have it, an https: URL without query and hash; with jwt.jwks_url any text",
        )
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

/// With HMAC, a party that can verify a token could also make one.
fn algorithm(text: &str) -> Result<Algorithm, &'static str> {
    let known: Option<Algorithm> = text.parse().ok();
    let public = |algorithm: &Algorithm| {
        !matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
    };
    known
        .filter(public)
        .ok_or("expected some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA")
}
