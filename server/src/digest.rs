//! HMAC-SHA256 and hexadecimal digits: what both vendors' signatures are made of.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

/// HMAC-SHA256 of a text. The result may be a key, so it is wiped.
pub fn hmac_sha256(key: &[u8], text: &str) -> Zeroizing<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Two lower-case digits a byte, in constant time: some of them are keys.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
