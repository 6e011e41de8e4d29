//! The readings of the guide that a tenant may be made to have, one at a time (`signing/tests/fixtures/huawei-auth-v2.json`,
//! `variant`). Without one the tenant reads as recommended, and looks at no clock.

use super::{
    auth_v2::{Covered, normalize},
    login::Login,
};

/// What is signed, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its name.
    pub name: &'static str,
    /// Between the names of the signed headers.
    pub separator: &'static str,
    /// At the end of a line.
    pub line: &'static str,
    /// Before the signed headers.
    pub query: &'static str,
    /// The Content-Type that is signed.
    pub content_type: &'static str,
    /// Whether header values are percent-encoded.
    pub encodes_values: bool,
    /// The form of the time.
    pub timestamp: &'static str,
    /// Hours between UTC and the signer's clock; with none the time is not looked at.
    pub clock: Option<i64>,
    /// What Content-Length counts.
    pub length: Length,
    /// The members, in order.
    pub payload: Payload,
    /// How they are encoded.
    pub encoding: Encoding,
}

/// What Content-Length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// The payload's bytes.
    Bytes,
    /// Its UTF-16 units.
    Characters,
    /// The bytes of the body that was posted.
    Posted,
}

/// The members that are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The four, in the order of these places in the guide's.
    Four([usize; 4]),
    /// The whole body without the authorization.
    Posted,
}

/// How the payload is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As a whole.
    Whole,
    /// As a whole but for slashes.
    Path,
    /// Only its values.
    Values,
    /// Not at all.
    Raw,
}

/// The recommended one.
pub const RECOMMENDED: Reading = Reading {
    name: "recommended",
    separator: ";",
    line: "\n",
    query: "",
    content_type: "application/json;charset=UTF-8",
    encodes_values: true,
    timestamp: "0000-00-00T00:00:00.000Z",
    clock: None,
    length: Length::Bytes,
    payload: Payload::Four([0, 1, 2, 3]),
    encoding: Encoding::Whole,
};

const R: Reading = Reading { clock: Some(0), ..RECOMMENDED };

/// Those that can be asked for.
pub const READINGS: [Reading; 17] = [
    R,
    Reading { name: "separator-colon", separator: ":", ..R },
    Reading { name: "header-value-raw", encodes_values: false, ..R },
    Reading {
        name: "content-type-actual-jquery",
        content_type: "application/x-www-form-urlencoded; charset=UTF-8",
        ..R
    },
    Reading { name: "content-type-json", content_type: "application/json", ..R },
    Reading { name: "timestamp-local-time", clock: Some(8), ..R },
    Reading { name: "timestamp-seconds", timestamp: "0000-00-00T00:00:00Z", ..R },
    Reading { name: "payload-order-java-hashmap", payload: Payload::Four([1, 2, 0, 3]), ..R },
    Reading { name: "payload-order-alphabetical", payload: Payload::Four([3, 2, 1, 0]), ..R },
    Reading { name: "content-length-chars", length: Length::Characters, ..R },
    Reading { name: "content-length-of-actual-body", length: Length::Posted, ..R },
    Reading { name: "crlf", line: "\r\n", ..R },
    Reading { name: "empty-query-line", query: "\n", ..R },
    Reading { name: "payload-normalizePath", encoding: Encoding::Path, ..R },
    Reading { name: "payload-values-only-encoded", encoding: Encoding::Values, ..R },
    Reading { name: "payload-raw", encoding: Encoding::Raw, ..R },
    Reading { name: "payload-all-fields", payload: Payload::Posted, ..R },
];

impl Reading {
    /// The reading of that name.
    pub fn named(name: &str) -> Option<Self> {
        READINGS.into_iter().find(|reading| reading.name == name)
    }

    /// What the signature of a request covers.
    pub fn covered(&self, login: &Login) -> Covered {
        Covered { payload: self.encoded(login), length: self.length(login) }
    }

    /// The payload before it is encoded as a whole: only the values may be encoded already.
    fn payload(&self, login: &Login) -> String {
        match self.payload {
            Payload::Posted => login.without_authorization(),
            Payload::Four(places) => {
                let four = login.four();
                let member = |place: usize| {
                    let (name, value) = &four[place];
                    let value = match self.encoding {
                        Encoding::Values => normalize(value),
                        _ => (*value).to_owned(),
                    };
                    format!("\"{name}\":{}", serde_json::Value::from(value))
                };
                format!("{{{}}}", places.map(member).join(","))
            }
        }
    }

    /// What Content-Length says.
    fn length(&self, login: &Login) -> usize {
        // Counted before the values are encoded.
        let payload = Self { encoding: Encoding::Raw, ..*self }.payload(login);
        match self.length {
            Length::Bytes => payload.len(),
            Length::Characters => payload.encode_utf16().count(),
            Length::Posted => login.posted.len(),
        }
    }

    /// The payload as it is signed.
    fn encoded(&self, login: &Login) -> String {
        let payload = self.payload(login);
        match self.encoding {
            Encoding::Whole => normalize(&payload),
            Encoding::Path => normalize(&payload).replace("%2F", "/"),
            Encoding::Values | Encoding::Raw => payload,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::cec::{
        auth_v2::verify,
        login::Proof,
        state::{CHANNEL, SECRET_KEY},
    };

    /// The variants of the golden vectors: `[{variant, posted, authorization}]`.
    const VECTORS: &str = include_str!("tests/readings.json");

    #[test]
    fn every_variant_verifies_under_its_own_reading_and_no_other() {
        let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
        assert_eq!(vectors.len(), 14);
        for vector in vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let members: Value = serde_json::from_str(text("posted")).unwrap();
            let member = |name: &str| members[name].as_str().unwrap().to_owned();
            let login = Login {
                user_name: member("thirdUserName"),
                user_id: member("thirdUserId"),
                locale: "zh".into(),
                proof: Proof::Authorization(member("thirdPartAuthorization")),
                unknown: Vec::new(),
                posted: text("posted").into(),
            };
            let verifies = |reading: Reading| {
                let reading = Reading { clock: None, ..reading };
                let covered = reading.covered(&login);
                verify(text("authorization"), &covered, CHANNEL, SECRET_KEY, &reading).is_ok()
            };
            let variant = text("variant");
            assert!(verifies(Reading::named(variant).unwrap()), "{variant}");
            // Tom has neither a slash nor a letter that is encoded, and the clock is not looked at here.
            let alike = [
                &["recommended", "payload-normalizePath", "content-length-chars"][..],
                &["payload-values-only-encoded", "payload-raw"],
            ];
            for other in READINGS {
                let both =
                    |names: &&[&str]| names.contains(&other.name) && names.contains(&variant);
                let equal = other.name == variant || alike.iter().any(both);
                let untold = other.name == "timestamp-local-time";
                assert!(untold || verifies(other) == equal, "{variant} under {}", other.name);
            }
        }
    }
}
