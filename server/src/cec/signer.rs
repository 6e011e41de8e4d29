//! Signs for one visitor of the configured channel (seed 001, chapter 2.5.1).

use std::time::{SystemTime, UNIX_EPOCH};

use secrecy::SecretString;

use super::auth_v2::{self, Parts, Unsignable};
use super::members::{FOUR, Members, Selection};
use super::reading::{ContentLength, PayloadMembers, Reading};
use super::{Channel, timestamp};
use crate::identity::Visitor;

/// What CEC asks for and what it hashes: `POST` to this path, without any proxy's prefix.
pub const METHOD: &str = "POST";
/// See [`METHOD`].
pub const URI: &str = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js";
/// The member of the posted body the result travels in.
pub const BODY_MEMBER: &str = "thirdPartAuthorization";

/// The channel's key, and how the signature is read. `Debug` shows no key.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Names the key; the channel's id unless configured.
    pub access_key: String,
    /// Signs.
    pub secret_key: SecretString,
    /// Which reading of the guide.
    pub reading: Reading,
    /// What the page posts beside the four and the authorization, or something of the same length.
    /// Looked at only where Content-Length counts the body, or the payload is all of it.
    pub body_sample: Members,
}

/// Why nothing could be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// This machine's clock.
    #[error("this machine's clock is before 1970 or after 9999")]
    Clock,
    /// See [`Unsignable`].
    #[error(transparent)]
    Unsignable(#[from] Unsignable),
}

impl Signer {
    /// Vouches for a visitor, now: an authorization is for one page view.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn authorization(&self, channel: &Channel, visitor: &Visitor) -> Result<String, SignError> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            .ok_or(SignError::Clock)?;
        self.authorization_at(now, channel, visitor)
    }

    /// The same at a time of the caller's, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn authorization_at(
        &self,
        millis: i64,
        channel: &Channel,
        visitor: &Visitor,
    ) -> Result<String, SignError> {
        let reading = &self.reading;
        let timestamp = timestamp::write(millis, reading.time_zone, reading.timestamp_precision)
            .map_err(|_| SignError::Clock)?;
        let four = [&*visitor.name, &*visitor.id, &*channel.tenant, &*channel.id];
        let posted = Selection::of_four(four, &self.body_sample);
        let payload = payload(&posted, reading);
        let length = content_length(&payload, &posted, reading, &self.access_key, &timestamp);
        let parts = Parts {
            method: METHOD,
            uri: URI,
            access_key: &self.access_key,
            secret_key: &self.secret_key,
            timestamp: &timestamp,
            headers: &headers(&length, &reading.content_type),
            payload: &payload,
        };
        Ok(auth_v2::sign(&parts, &reading.form)?.into_authorization())
    }
}

/// The payload a reading makes of what is posted.
pub fn payload(posted: &Selection<'_>, reading: &Reading) -> String {
    let members = match reading.payload_members {
        PayloadMembers::Four => posted.only(|name| FOUR.contains(&name)),
        PayloadMembers::All => posted.only(|name| name != BODY_MEMBER),
    };
    members.ordered(reading.payload_order).json()
}

/// What a reading writes into Content-Length.
pub fn content_length(
    payload: &str,
    posted: &Selection<'_>,
    reading: &Reading,
    access_key: &str,
    timestamp: &str,
) -> String {
    let length = match reading.content_length {
        ContentLength::Payload => payload.len(),
        ContentLength::Characters => payload.encode_utf16().count(),
        ContentLength::Body => {
            let body = posted.only(|name| name != BODY_MEMBER).with(BODY_MEMBER, "");
            body.json().len() + auth_v2::authorization_length(access_key, timestamp)
        }
    };
    length.to_string()
}

/// The two headers that are signed.
pub fn headers<'a>(content_length: &'a str, content_type: &'a str) -> [(&'a str, &'a str); 2] {
    [(auth_v2::CONTENT_LENGTH, content_length), (auth_v2::CONTENT_TYPE, content_type)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_of_the_channel_gets_the_vectors_authorization() {
        let channel = Channel { tenant: "202007159031".into(), id: "817854979183314945".into() };
        let visitor = Visitor { id: "用户-0001".into(), name: "张三".into() };
        let signer = Signer {
            access_key: channel.id.clone(),
            secret_key: "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG".into(),
            reading: Reading::default(),
            body_sample: Members::default(),
        };
        // R02-chinese of the golden vectors.
        assert_eq!(
            signer.authorization_at(1_724_036_645_678, &channel, &visitor).unwrap(),
            "auth-v2/817854979183314945/2024-08-19T03:04:05.678Z/content-length;content-type/cb8d7d5af14a4e8f6bfd6e96a224c5b79d0bc18bb7a7d46efbecb39edcf45f45"
        );
        assert!(signer.authorization_at(-1, &channel, &visitor).is_err());
        assert!(!format!("{signer:?}").contains("AbCd"));
    }
}
