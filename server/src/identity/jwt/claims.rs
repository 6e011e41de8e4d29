//! What a token must contain, and whom it names.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Map, Value};

use super::super::Person;
use super::{JwtSettings, Place};

/// Checks the signature, the issuer, the audience and the times; then reads the person.
///
/// # Errors
/// Why the token is refused, without any of its content.
pub fn read(
    settings: &JwtSettings,
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Result<Person, &'static str> {
    let mut validation = Validation::new(algorithm);
    validation.leeway = settings.leeway.as_secs();
    validation.validate_nbf = true;
    validation.set_issuer(&[&settings.issuer]);
    validation.set_audience(&settings.audience);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    let claims = decode::<Map<String, Value>>(token, key, &validation);
    let claims = claims.map_err(|error| why(error.kind()))?.claims;
    // The library also accepts a list that contains the issuer; a token has one (RFC 7519 §4.1.1).
    if claims.get("iss").and_then(Value::as_str) != Some(settings.issuer.as_str()) {
        return Err("its issuer is not jwt.issuer");
    }
    person(settings, &claims)
}

fn person(settings: &JwtSettings, claims: &Map<String, Value>) -> Result<Person, &'static str> {
    let id = claims.get(&settings.id_claim).and_then(Value::as_str);
    let id = id.ok_or("it lacks the claim of jwt.id_claim")?;
    if settings.id_claim == "email" && !is_verified(settings, claims.get("email_verified")) {
        return Err("its email is not verified");
    }
    let name = claims.get(&settings.name_claim).and_then(Value::as_str);
    Person::new(id, name).map_err(|_| "the claim of jwt.id_claim is not a valid id")
}

/// Without the claim, anyone at the provider may have registered with that address. Only a gateway's own
/// assertion needs no claim: the gateway has checked the user. Some providers write the boolean as a string.
fn is_verified(settings: &JwtSettings, claim: Option<&Value>) -> bool {
    match claim {
        None => matches!(settings.place, Place::Header(_)),
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        Some(value) => *value == Value::Bool(true),
    }
}

fn why(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::ImmatureSignature => "it is not valid yet",
        ErrorKind::InvalidIssuer => "its issuer is not jwt.issuer",
        ErrorKind::InvalidAudience => "its audience is not in jwt.audience",
        ErrorKind::InvalidSignature => "its signature is wrong",
        ErrorKind::MissingRequiredClaim(_) => "it lacks exp, iss or aud",
        _ => "it is not a valid token of the provider",
    }
}
