//! `auth-v2`, the signature of CEC's Authorization mode (`docs/vendor/huawei.md` §1, the CEC guide, chapter 2.5.1).
//!
//! * [`canonical`]: the canonical request and its signature.
//! * [`payload`]: the signed payload and its length.
//! * [`reading`]: what the guide leaves open, each an option; the default is the recommended reading.
//! * [`timestamp`]: the time in the guide's format.
//!
//! ```
//! use calldock_signing::auth_v2::{Signer, User};
//!
//! let signer = Signer::new("817854979183314945", "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG".into());
//! let user = User {
//!     name: "Tom",
//!     id: "10010001",
//!     tenant_space_id: "202007159031",
//!     channel_config_id: "817854979183314945",
//! };
//! let signed = signer.sign(1_724_036_645_678, &user)?;
//! assert!(signed.authorization.starts_with("auth-v2/817854979183314945/2024-08-19T03:04:05.678Z/"));
//! # Ok::<(), calldock_signing::auth_v2::SignError>(())
//! ```

pub mod canonical;
pub mod payload;
pub mod reading;
pub mod timestamp;

use secrecy::SecretString;

pub use canonical::{Request, Signed};
pub use reading::Reading;

use crate::members::Members;

/// The method of the signed request.
pub const METHOD: &str = "POST";
/// The path of the signed request as CEC sees it: no proxy prefix, no query.
pub const URI: &str = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js";
/// The member of the posted body that carries the authorization.
pub const BODY_MEMBER: &str = "thirdPartAuthorization";

/// A request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The time has no four-digit year.
    #[error("timestamp: expected milliseconds since 1970, before the year 10000")]
    Timestamp,
    /// The same header is given twice; names are compared without regard to case.
    #[error("headers: expected every name once")]
    HeaderTwice,
    /// The payload has values that are not strings, or it is not an object.
    #[error("payload: expected a JSON object of strings, because payloadMode is normalizeValues")]
    PayloadNotStrings,
}

/// The four signed fields. The page must post exactly these.
#[derive(Clone, Copy)]
pub struct User<'a> {
    /// `thirdUserName`.
    pub name: &'a str,
    /// `thirdUserId`.
    pub id: &'a str,
    /// `tenantSpaceId`.
    pub tenant_space_id: &'a str,
    /// `channelConfigId`.
    pub channel_config_id: &'a str,
}

impl User<'_> {
    /// Returns the four fields as members, in the guide's order.
    pub fn members(&self) -> Members {
        let values = [self.name, self.id, self.tenant_space_id, self.channel_config_id];
        payload::FOUR.into_iter().zip(values).collect()
    }
}

/// A channel's key and the reading it signs in. `Debug` shows no key.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Names the key; by default the channel's id.
    pub access_key: String,
    /// The secret key.
    pub secret_key: SecretString,
    /// The reading of the guide.
    pub reading: Reading,
    /// What the page posts besides the four fields and the authorization, or a sample of the same length.
    /// Read only where Content-Length counts the body or the payload is the whole body.
    pub body_sample: Members,
}

impl Signer {
    /// Creates a signer in the recommended reading.
    pub fn new(access_key: impl Into<String>, secret_key: SecretString) -> Self {
        Self {
            access_key: access_key.into(),
            secret_key,
            reading: Reading::default(),
            body_sample: Members::default(),
        }
    }

    /// Signs the fields of a user at a time in milliseconds since 1970. Sign for every page view.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&self, millis: i64, user: &User<'_>) -> Result<Signed, SignError> {
        let reading = &self.reading;
        let timestamp = timestamp::write(millis, reading.time_zone, reading.timestamp_precision)?;
        let mut posted = user.members();
        posted.0.extend_from_slice(&self.body_sample.0);
        let payload = payload::payload(&posted, reading);
        let length =
            payload::content_length(&payload, &posted, reading, &self.access_key, &timestamp);
        let request = Request {
            method: METHOD,
            uri: URI,
            access_key: &self.access_key,
            secret_key: &self.secret_key,
            timestamp: &timestamp,
            headers: &canonical::headers(&length, &reading.content_type),
            payload: &payload,
        };
        canonical::sign(&request, reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_fields_are_signed_in_the_guides_order() {
        let user = User { name: "a", id: "b", tenant_space_id: "c", channel_config_id: "d" };
        assert_eq!(
            user.members().json(),
            r#"{"thirdUserName":"a","thirdUserId":"b","tenantSpaceId":"c","channelConfigId":"d"}"#
        );
    }

    #[test]
    fn numbers_of_the_body_are_counted_and_signed_as_a_browser_posts_them() {
        let sample = |text: &str| serde_json::from_str(text).unwrap();
        let signed = |body_sample, option, value| {
            let mut signer = Signer::new("AccessKey", "SECRETKEYEXAMPLE".into());
            signer.reading.set("payloadMode", "raw").unwrap();
            signer.reading.set(option, value).unwrap();
            signer.body_sample = body_sample;
            let user = User { name: "a", id: "b", tenant_space_id: "c", channel_config_id: "d" };
            signer.sign(1, &user).ok().unwrap().canonical_request
        };
        for (option, value) in [("contentLength", "body"), ("payloadMembers", "all")] {
            let written = signed(sample(r#"{"n":100.0,"m":{"o":[1e16]}}"#), option, value);
            let posted =
                signed(sample(r#"{"n":100,"m":{"o":[10000000000000000]}}"#), option, value);
            assert_eq!(written, posted, "{value}");
        }
    }

    #[test]
    fn debug_shows_no_key_and_an_impossible_time_is_refused() {
        let signer = Signer::new("AccessKey", "SECRETKEYEXAMPLE".into());
        assert!(!format!("{signer:?}").contains("SECRETKEYEXAMPLE"));
        let user = User { name: "", id: "", tenant_space_id: "", channel_config_id: "" };
        for millis in [-1, i64::MAX] {
            assert_eq!(signer.sign(millis, &user).err(), Some(SignError::Timestamp));
        }
    }
}
