//! What the values mean.

pub use calldock_service::settings::values::{cookie_name, listen_or_off, origin, path, word};
use secrecy::SecretString;

use crate::key::LEAST_BYTES;

/// The SecretId of `--demo`.
pub const DEMO_SECRET_ID: &str = "AKIDdemo-calldock-not-a-secret";
/// The SecretKey of `--demo`.
pub const DEMO_SECRET_KEY: &str = "demo-calldock-not-a-secret";
/// The CEC key of `--demo`, which is that of the public golden vectors.
pub const DEMO_CEC_SECRET_KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";

/// These are public: no configuration may have them.
const DEMO_SECRETS: [&str; 3] = [DEMO_SECRET_ID, DEMO_SECRET_KEY, DEMO_CEC_SECRET_KEY];

/// Reads a region.
pub fn region(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected a region's name, like ap-singapore";
    let region = word(text, 64, "-", EXPECTED)?;
    if region.bytes().any(|byte| byte.is_ascii_uppercase()) { Err(EXPECTED) } else { Ok(region) }
}

/// Reads a secret. It must fit into a header; a very short one would be found in any text.
pub fn credential(text: &str) -> Result<SecretString, &'static str> {
    secret(text, 8, "expected 8 to 4096 visible ASCII characters without spaces")
}

/// Reads the secret that the server's key is made of.
pub fn server_secret(text: &str) -> Result<SecretString, &'static str> {
    const EXPECTED: &str = "expected 32 to 4096 visible ASCII characters without spaces, for example by `openssl rand -base64 32`";
    secret(text, LEAST_BYTES, EXPECTED)
}

fn secret(text: &str, least: usize, expected: &'static str) -> Result<SecretString, &'static str> {
    if DEMO_SECRETS.contains(&text) {
        Err("expected a secret of your own, not this one of --demo, which is public")
    } else if (least..=4096).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(text.into())
    } else {
        Err(expected)
    }
}

/// Reads an id that the vendor assigned: a tenant, a channel.
pub fn vendor_id(text: &str) -> Result<String, &'static str> {
    word(text, 64, "-_", "expected the vendor's id: 1 to 64 letters, digits, - or _")
}

/// Reads the name of a chat's field.
pub fn field(text: &str) -> Result<String, &'static str> {
    word(
        text,
        64,
        "-_.",
        "expected names of 1 to 64 letters, digits, -, _ or ., like extra_orderId",
    )
}
