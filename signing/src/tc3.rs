//! TC3-HMAC-SHA256, the signature of Tencent Cloud's API 3.0 (`docs/vendor/tccc.md` §4).

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::digest::{hex, hmac_sha256, sha256_hex};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const SIGNED_HEADERS: &str = "content-type;host";

/// The parts of a `POST /` that the signature covers.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Seconds since 1970, as in `X-TC-Timestamp`.
    pub timestamp: i64,
    /// The vendor's product, `ccc`.
    pub service: &'a str,
    /// The `Host` header as it is sent.
    pub host: &'a str,
    /// The `Content-Type` header as it is sent.
    pub content_type: &'a str,
    /// The body as it is sent.
    pub body: &'a str,
}

/// A signature and the steps to it. No `Debug`: the header names the SecretId.
pub struct Signed {
    /// The request in the vendor's canonical form.
    pub canonical_request: String,
    /// The hash of the canonical request, with time and scope.
    pub string_to_sign: String,
    /// The signature, 64 hexadecimal digits.
    pub signature: String,
    /// The `Authorization` header.
    pub authorization: String,
}

/// The timestamp is outside the years that the scope can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("timestamp: expected seconds since 1970, before the year 10000")]
pub struct TimestampOutOfRange;

/// Signs a request with a SecretId and its SecretKey.
///
/// # Errors
/// [`TimestampOutOfRange`].
pub fn sign(
    secret_id: &SecretString,
    secret_key: &SecretString,
    request: &Request<'_>,
) -> Result<Signed, TimestampOutOfRange> {
    let Request { timestamp, service, host, content_type, body } = *request;
    let day = OffsetDateTime::from_unix_timestamp(timestamp)
        .ok()
        .filter(|at| timestamp >= 0 && at.year() < 10_000)
        .ok_or(TimestampOutOfRange)?
        .date();
    let canonical_request = format!(
        "POST\n/\n\ncontent-type:{content_type}\nhost:{host}\n\n{SIGNED_HEADERS}\n{}",
        sha256_hex(body)
    );
    let scope = format!("{day}/{service}/tc3_request");
    let string_to_sign =
        format!("{ALGORITHM}\n{timestamp}\n{scope}\n{}", sha256_hex(&canonical_request));
    let key = Zeroizing::new(format!("TC3{}", secret_key.expose_secret()));
    let key = hmac_sha256(key.as_bytes(), &day.to_string());
    let key = hmac_sha256(&*key, service);
    let key = hmac_sha256(&*key, "tc3_request");
    let signature = hex(&*hmac_sha256(&*key, &string_to_sign));
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}",
        secret_id.expose_secret()
    );
    Ok(Signed { canonical_request, string_to_sign, signature, authorization })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(timestamp: i64) -> Result<Signed, TimestampOutOfRange> {
        let request = Request {
            timestamp,
            service: "ccc",
            host: "ccc.tencentcloudapi.com",
            content_type: "application/json",
            body: r#"{"SdkAppId":1400000000,"SeatUserId":"agent@example.com"}"#,
        };
        sign(&"AKIDEXAMPLE".into(), &"SECRETKEYEXAMPLE".into(), &request)
    }

    /// The vector of `docs/vendor/tccc.md` §4.
    #[test]
    fn the_golden_vector_is_reproduced() {
        let signed = vector(1_700_000_000).unwrap();
        assert_eq!(
            signed.canonical_request,
            "POST\n/\n\ncontent-type:application/json\nhost:ccc.tencentcloudapi.com\n\n\
             content-type;host\n210f75dd6fd627c179c1859d9e6c20c7870147cfa2f76fe15f92cd43778b2262"
        );
        assert_eq!(
            signed.string_to_sign,
            "TC3-HMAC-SHA256\n1700000000\n2023-11-14/ccc/tc3_request\n\
             8f160900c24a62fdf1d22e0c75e0423df29fb582728c3b469af32386761df2f2"
        );
        assert_eq!(
            signed.signature,
            "16dc45a0329ee1961b63c4816be7faa24f784489f46b1cc71b8eddcde5641926"
        );
        assert_eq!(
            signed.authorization,
            format!(
                "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/ccc/tc3_request, \
                 SignedHeaders=content-type;host, Signature={}",
                signed.signature
            )
        );
    }

    #[test]
    fn the_scope_changes_at_midnight_utc() {
        let day = |at| vector(at).unwrap().string_to_sign.lines().nth(2).unwrap().to_owned();
        assert_eq!(day(1_700_006_399), "2023-11-14/ccc/tc3_request");
        assert_eq!(day(1_700_006_400), "2023-11-15/ccc/tc3_request");
        assert_eq!(day(0), "1970-01-01/ccc/tc3_request");
    }

    #[test]
    fn a_timestamp_without_a_four_digit_year_is_refused() {
        for timestamp in [-1, 253_402_300_800, i64::MAX, i64::MIN] {
            assert!(vector(timestamp).is_err(), "{timestamp}");
        }
        assert!(vector(253_402_300_799).is_ok());
    }
}
