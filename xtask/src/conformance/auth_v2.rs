//! The signature of CEC's Authorization mode, read again from the guide (CEC guide, chapter 2.5.1).
//!
//! Not the server's own code: what signs wrongly must not be checked by the same mistake.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const URI: &str = "/service-cloud/webclient/chat_client/js/newThirdPartyClient.js";
const SIGNED_HEADERS: &str = "content-length;content-type";
const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// The five parts of an authorization.
pub struct Authorization<'a> {
    /// Names the key.
    access_key: &'a str,
    /// When it was signed, as it stands.
    pub timestamp: &'a str,
    /// Names in order.
    pub headers: &'a str,
    /// 64 hexadecimal digits.
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Takes one apart.
    pub fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<_> = text.split('/').collect();
        let ["auth-v2", access_key, timestamp, headers, signature] = parts[..] else { return None };
        Some(Self { access_key, timestamp, headers, signature })
    }

    /// Whether it signs name, id, tenant and channel with this key, in the recommended reading.
    pub fn signs(&self, four: [&str; 4], secret_key: &str) -> bool {
        signature(self.access_key, self.timestamp, four, secret_key) == self.signature
    }
}

/// The signature of the recommended reading, 64 hexadecimal digits.
pub fn signature(access_key: &str, timestamp: &str, four: [&str; 4], secret_key: &str) -> String {
    let payload = payload(four);
    let prefix = ["auth-v2", access_key, timestamp, SIGNED_HEADERS].join("/");
    let content_type = normalize(CONTENT_TYPE);
    let headers = format!("content-length:{}\ncontent-type:{content_type}", payload.len());
    let request = format!("POST\n{URI}\n{SIGNED_HEADERS}\n{headers}\n{}", normalize(&payload));
    // The second key is the first result's 64 hexadecimal characters, not its 32 bytes.
    hmac_hex(&hmac_hex(secret_key, &prefix), &request)
}

/// The four members in the guide's order, without spaces.
fn payload([name, id, tenant, channel]: [&str; 4]) -> String {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        r#"{{"thirdUserName":{},"thirdUserId":{},"tenantSpaceId":{},"channelConfigId":{}}}"#,
        json(name),
        json(id),
        json(tenant),
        json(channel)
    )
}

fn hmac_hex(key: &str, message: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mac = mac.expect("HMAC takes a key of any length").chain_update(message);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Percent-encodes every byte but the unreserved ones; `/` too.
fn normalize(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_recommended_golden_vectors_are_signatures_and_with_another_name_they_are_none() {
        let vectors = include_str!("../../../signing/tests/fixtures/huawei-auth-v2.json");
        let vectors: Vec<Value> = serde_json::from_str(vectors).unwrap();
        let mut seen = 0;
        for vector in vectors.iter().filter(|vector| vector["variant"] == "recommended") {
            let input = &vector["input"];
            // One is over nothing at all: no login is.
            if input["user"].is_null() {
                continue;
            }
            let user = |name: &str| input["user"][name].as_str().unwrap();
            let four =
                ["thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"].map(user);
            let text = vector["authorization"].as_str().unwrap();
            let authorization = Authorization::parse(text).unwrap();
            let key = input["secretKey"].as_str().unwrap();
            assert!(authorization.signs(four, key), "{}", vector["id"]);
            assert!(!authorization.signs(["Tim", four[1], four[2], four[3]], key));
            assert!(!authorization.signs(four, "another key"));
            seen += 1;
        }
        assert!(seen >= 4, "{seen} recommended vectors");
    }
}
