//! TC3-HMAC-SHA256, verified (`docs/vendor/tccc.md` §4).

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::when::{hex, utc_date};

/// How far a client's clock may be off, in seconds.
const CLOCK_TOLERANCE: u64 = 300;
const ALGORITHM: &str = "TC3-HMAC-SHA256";
const SERVICE: &str = "ccc";

/// A request as it came in, before anything of it is believed.
pub struct Signed<'a> {
    /// `Authorization`.
    pub authorization: &'a str,
    /// `X-TC-Timestamp`, in seconds.
    pub timestamp: u64,
    /// All headers that were sent.
    pub headers: &'a HeaderMap,
    /// The body's bytes.
    pub body: &'a [u8],
}

/// The `Authorization` header, taken apart.
struct Claim<'a> {
    secret_id: &'a str,
    scope: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// A refusal: the vendor's error code and its message.
pub type Refusal = (&'static str, String);

/// Says whether a request was signed with the key that belongs to its secret id, at about this time.
///
/// `key_of` gives the secret key of a secret id. A refusal holds nothing secret.
pub fn verify(
    request: &Signed,
    key_of: impl Fn(&str) -> Option<&'static str>,
    now: u64,
) -> Result<(), Refusal> {
    let malformed = |why: &str| ("AuthFailure.InvalidAuthorization", why.to_owned());
    let claim = Claim::parse(request.authorization).ok_or_else(|| {
        malformed(
            "Authorization: expected TC3-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…",
        )
    })?;
    let key = key_of(claim.secret_id)
        .ok_or_else(|| ("AuthFailure.SecretIdNotFound", "The SecretId is not found.".to_owned()))?;
    if now.abs_diff(request.timestamp) > CLOCK_TOLERANCE {
        let message = format!("X-TC-Timestamp is more than {CLOCK_TOLERANCE} seconds off.");
        return Err(("AuthFailure.SignatureExpire", message));
    }
    let date = utc_date(request.timestamp);
    if claim.scope != format!("{date}/{SERVICE}/tc3_request") {
        return Err(malformed(
            "the credential scope is not the timestamp's UTC date, the service and tc3_request",
        ));
    }
    let headers = canonical_headers(claim.signed_headers, request.headers).ok_or_else(|| {
        malformed("SignedHeaders: expected sent headers, lower-case and sorted, content-type and host among them")
    })?;
    let canonical = canonical_request(&headers, claim.signed_headers, request.body);
    let text = string_to_sign(request.timestamp, claim.scope, &canonical);
    if signature_matches(key, &date, &text, claim.signature) {
        Ok(())
    } else {
        let message =
            "The provided credentials could not be validated because of a wrong signature.";
        Err(("AuthFailure.SignatureFailure", message.to_owned()))
    }
}

impl<'a> Claim<'a> {
    fn parse(authorization: &'a str) -> Option<Self> {
        let mut parts =
            authorization.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(',').map(str::trim);
        let (secret_id, scope) = parts.next()?.strip_prefix("Credential=")?.split_once('/')?;
        let signed_headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        parts.next().is_none().then_some(Self { secret_id, scope, signed_headers, signature })
    }
}

/// A header's value, where it was sent and is text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn canonical_headers(names: &str, sent: &HeaderMap) -> Option<String> {
    let names: Vec<&str> = names.split(';').collect();
    let sorted = names.windows(2).all(|pair| pair[0] < pair[1]);
    if !sorted || !names.contains(&"content-type") || !names.contains(&"host") {
        return None;
    }
    let line =
        |name: &&str| Some(format!("{name}:{}\n", header(sent, name)?.trim().to_lowercase()));
    names.iter().map(line).collect()
}

fn canonical_request(headers: &str, names: &str, body: &[u8]) -> String {
    format!("POST\n/\n\n{headers}\n{names}\n{}", hex(&Sha256::digest(body)))
}

fn string_to_sign(timestamp: u64, scope: &str, canonical: &str) -> String {
    format!("{ALGORITHM}\n{timestamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)))
}

fn signature_matches(key: &str, date: &str, text: &str, signature: &str) -> bool {
    let dated = hmac(format!("TC3{key}").as_bytes(), date).finalize().into_bytes();
    let service = hmac(&dated, SERVICE).finalize().into_bytes();
    let signing = hmac(&service, "tc3_request").finalize().into_bytes();
    let lower_case = !signature.bytes().any(|byte| byte.is_ascii_uppercase());
    lower_case
        && from_hex(signature)
            .is_some_and(|bytes| hmac(&signing, text).verify_slice(&bytes).is_ok())
}

fn hmac(key: &[u8], text: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length").chain_update(text)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// Signs as a client does; the tests' other half.
#[cfg(test)]
pub fn sign(
    secret: (&str, &str),
    timestamp: u64,
    host: &str,
    content_type: &str,
    body: &[u8],
) -> String {
    let scope = format!("{}/{SERVICE}/tc3_request", utc_date(timestamp));
    let headers = format!("content-type:{content_type}\nhost:{host}\n");
    let canonical = canonical_request(&headers, "content-type;host", body);
    let text = string_to_sign(timestamp, &scope, &canonical);
    let mut key = format!("TC3{}", secret.1).into_bytes();
    for part in [&utc_date(timestamp), SERVICE, "tc3_request"] {
        key = hmac(&key, part).finalize().into_bytes().to_vec();
    }
    let signature = hex(&hmac(&key, &text).finalize().into_bytes());
    format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders=content-type;host, Signature={signature}",
        secret.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "ccc.tencentcloudapi.com";
    const BODY: &[u8] = br#"{"SdkAppId":1400000000,"SeatUserId":"agent@example.com"}"#;
    const SIGNATURE: &str = "16dc45a0329ee1961b63c4816be7faa24f784489f46b1cc71b8eddcde5641926";
    const AT: u64 = 1_700_000_000;

    fn key_of(id: &str) -> Option<&'static str> {
        (id == "AKIDEXAMPLE").then_some("SECRETKEYEXAMPLE")
    }

    fn check(
        authorization: &str,
        host: &str,
        body: &[u8],
        timestamp: u64,
        now: u64,
    ) -> Result<(), &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert("host", host.parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        let request = Signed { authorization, timestamp, headers: &headers, body };
        verify(&request, key_of, now).map_err(|(code, _)| code)
    }

    fn vector() -> String {
        format!(
            "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/ccc/tc3_request, \
             SignedHeaders=content-type;host, Signature={SIGNATURE}"
        )
    }

    #[test]
    fn the_vendors_vector_verifies() {
        assert_eq!(
            hex(&Sha256::digest(BODY)),
            "210f75dd6fd627c179c1859d9e6c20c7870147cfa2f76fe15f92cd43778b2262"
        );
        let headers = format!("content-type:application/json\nhost:{HOST}\n");
        let canonical = canonical_request(&headers, "content-type;host", BODY);
        assert_eq!(
            hex(&Sha256::digest(canonical)),
            "8f160900c24a62fdf1d22e0c75e0423df29fb582728c3b469af32386761df2f2"
        );
        assert_eq!(check(&vector(), HOST, BODY, AT, AT), Ok(()));
        assert_eq!(
            sign(("AKIDEXAMPLE", "SECRETKEYEXAMPLE"), AT, HOST, "application/json", BODY),
            vector()
        );
    }

    #[test]
    fn anything_else_than_what_was_signed_is_refused() {
        let failure = Err("AuthFailure.SignatureFailure");
        assert_eq!(check(&vector(), "127.0.0.1:8701", BODY, AT, AT), failure);
        assert_eq!(check(&vector(), HOST, b"{}", AT, AT), failure);
        assert_eq!(check(&vector(), HOST, BODY, AT + 1, AT), failure);
        assert_eq!(check(&vector().replace("=16dc", "=16dd"), HOST, BODY, AT, AT), failure);
        assert_eq!(check(&vector().replace("16dc45a0", "16DC45A0"), HOST, BODY, AT, AT), failure);
        let short = vector().replace(SIGNATURE, "16dc");
        assert_eq!(check(&short, HOST, BODY, AT, AT), failure);
    }

    #[test]
    fn the_clock_may_be_five_minutes_off_and_no_more() {
        assert_eq!(check(&vector(), HOST, BODY, AT, AT + 300), Ok(()));
        assert_eq!(check(&vector(), HOST, BODY, AT, AT - 300), Ok(()));
        assert_eq!(check(&vector(), HOST, BODY, AT, AT + 301), Err("AuthFailure.SignatureExpire"));
        assert_eq!(check(&vector(), HOST, BODY, AT, AT - 301), Err("AuthFailure.SignatureExpire"));
    }

    #[test]
    fn a_wrong_scope_secret_id_or_shape_is_refused_by_its_code() {
        let invalid = Err("AuthFailure.InvalidAuthorization");
        for (from, to) in [
            ("2023-11-14", "2023-11-15"),
            ("/ccc/", "/cvm/"),
            ("tc3_request", "tc2_request"),
            ("content-type;host", "host;content-type"),
            ("content-type;host", "host"),
            ("content-type;host", "content-type;host;x-missing"),
            ("TC3-HMAC-SHA256", "TC3-HMAC-SHA1"),
            ("Credential=", "credential="),
        ] {
            assert_eq!(check(&vector().replace(from, to), HOST, BODY, AT, AT), invalid, "{to}");
        }
        assert_eq!(check("", HOST, BODY, AT, AT), invalid);
        let unknown = vector().replace("AKIDEXAMPLE", "AKIDOTHER");
        assert_eq!(check(&unknown, HOST, BODY, AT, AT), Err("AuthFailure.SecretIdNotFound"));
    }
}
