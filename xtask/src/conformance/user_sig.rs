//! A `userSig`, as far as it can be read without a key: base64 with `*`, `-` and `_` for `+`, `/` and
//! `=`; inside zlib; inside JSON.

use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use serde::Deserialize;

/// What a signature says of itself.
#[derive(Deserialize)]
pub struct UserSig {
    /// Who it is for: `TCCC-EXTRA-UID-<8 characters>-<uid>`.
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    /// When it was made, in seconds since 1970.
    #[serde(rename = "TLS.time")]
    time: u64,
    /// How long it is good, in seconds.
    #[serde(rename = "TLS.expire")]
    pub expire: u64,
    /// The text that was signed, in base64.
    #[serde(rename = "TLS.userbuf", default)]
    userbuf: String,
}

/// No signature inflates to more than this.
const LIMIT: u64 = 64 * 1024;

impl UserSig {
    /// Reads one; the error says at which step it turned out to be none.
    pub fn decode(text: &str) -> Result<Self, &'static str> {
        let plain = |letter| match letter {
            '*' => '+',
            '-' => '/',
            '_' => '=',
            other => other,
        };
        let base64: String = text.chars().map(plain).collect();
        let zlib = BASE64_STANDARD.decode(base64).map_err(|_| "a text that is not base64")?;
        let mut json = Vec::new();
        let read = ZlibDecoder::new(zlib.as_slice()).take(LIMIT).read_to_end(&mut json);
        read.map_err(|_| "base64 of something that is not zlib")?;
        serde_json::from_slice(&json).map_err(|_| "zlib data without the signature's members")
    }

    /// When it ends, in seconds since 1970.
    pub fn ends_at(&self) -> u64 {
        self.time.saturating_add(self.expire)
    }

    /// The visitor's id.
    pub fn uid(&self) -> Option<&str> {
        let (chance, uid) = self.identifier.strip_prefix("TCCC-EXTRA-UID-")?.split_once('-')?;
        (chance.len() == 8).then_some(uid)
    }

    /// The text that was signed.
    pub fn client_data(&self) -> Option<String> {
        String::from_utf8(BASE64_STANDARD.decode(&self.userbuf).ok()?).ok()
    }
}
