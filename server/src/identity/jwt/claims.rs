//! What a token must say, and whom it names.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Map, Value};

use super::super::Person;
use super::JwtConfig;

/// Checks the signature, the issuer, the audience and the times; then reads the person.
///
/// # Errors
/// Why the token is not believed; nothing of the token is in it.
pub fn read(
    config: &JwtConfig,
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Result<Person, &'static str> {
    let mut validation = Validation::new(algorithm);
    validation.leeway = config.leeway.as_secs();
    validation.validate_nbf = true;
    validation.set_issuer(&[&config.issuer]);
    validation.set_audience(&config.audience);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    let claims = decode::<Map<String, Value>>(token, key, &validation);
    let claims = claims.map_err(|error| why(error.kind()))?.claims;
    // The library takes a list with the issuer in it, too; a token has one (RFC 7519 §4.1.1).
    if claims.get("iss").and_then(Value::as_str) != Some(config.issuer.as_str()) {
        return Err("its issuer is not jwt.issuer");
    }
    person(config, &claims)
}

fn person(config: &JwtConfig, claims: &Map<String, Value>) -> Result<Person, &'static str> {
    let id = claims.get(&config.id_claim).and_then(Value::as_str);
    let id = id.ok_or("it lacks the claim of jwt.id_claim")?;
    if config.id_claim == "email" && is_unverified(claims.get("email_verified")) {
        return Err("its email is not verified");
    }
    let name = claims.get(&config.name_claim).and_then(Value::as_str);
    Person::new(id, name).map_err(|_| "the claim of jwt.id_claim is no id")
}

/// Some providers write the truth as a text. Without a word about it the provider vouches.
fn is_unverified(claim: Option<&Value>) -> bool {
    match claim {
        None => false,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("true"),
        Some(value) => *value != Value::Bool(true),
    }
}

fn why(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::ImmatureSignature => "it is not valid yet",
        ErrorKind::InvalidIssuer => "its issuer is not jwt.issuer",
        ErrorKind::InvalidAudience => "its audience is not in jwt.audience",
        ErrorKind::InvalidSignature => "its signature does not fit",
        ErrorKind::MissingRequiredClaim(_) => "it lacks exp, iss or aud",
        _ => "it is no token of the provider's",
    }
}
