//! A `userSig`, as far as it can be read without a key (`vendor/tccc.md` §3).
//!
//! base64 with `*`, `-` and `_` for `+`, `/` and `=`; inside zlib; inside JSON. It is signed, not
//! encrypted: whoever holds it reads the visitor's data.

use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use serde::Deserialize;

/// What a signature says. No `Debug`: it holds the visitor's data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct UserSig {
    /// The form's version, `2.0`.
    #[serde(rename = "TLS.ver")]
    pub version: String,
    /// The application.
    #[serde(rename = "TLS.sdkappid")]
    pub sdk_app_id: u64,
    /// Who it is for: `TCCC-EXTRA-UID-<8 characters>-<uid>`.
    #[serde(rename = "TLS.identifier")]
    pub identifier: String,
    /// When it was made, in seconds since 1970.
    #[serde(rename = "TLS.time")]
    pub time: u64,
    /// How long it is good, in seconds.
    #[serde(rename = "TLS.expire")]
    pub expire: u64,
    /// The signature itself, in base64.
    #[serde(rename = "TLS.sig")]
    pub sig: String,
    /// The text that was signed, in base64.
    #[serde(rename = "TLS.userbuf", default)]
    pub userbuf: String,
}

/// At which step a text turned out to be no userSig.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoUserSig {
    /// The outermost form.
    #[error("expected base64 with * - _ for + / =")]
    Base64,
    /// The form inside.
    #[error("expected zlib data of at most 64 KiB inside the base64")]
    Zlib,
    /// The innermost form.
    #[error(
        "expected JSON with TLS.ver, TLS.sdkappid, TLS.identifier, TLS.time, TLS.expire and TLS.sig inside the zlib data"
    )]
    Json,
}

/// The sample of seed 000 has 447 bytes inside; a hundred times that is none.
const LIMIT: u64 = 64 * 1024;

impl UserSig {
    /// Reads one.
    ///
    /// # Errors
    /// [`NoUserSig`].
    pub fn decode(text: &str) -> Result<Self, NoUserSig> {
        let base64: String = text
            .trim()
            .chars()
            .map(|letter| match letter {
                '*' => '+',
                '-' => '/',
                '_' => '=',
                other => other,
            })
            .collect();
        let zlib = BASE64_STANDARD.decode(base64).map_err(|_| NoUserSig::Base64)?;
        let mut json = Vec::new();
        let read = ZlibDecoder::new(zlib.as_slice()).take(LIMIT + 1).read_to_end(&mut json);
        if read.is_err() || json.len() as u64 > LIMIT {
            return Err(NoUserSig::Zlib);
        }
        serde_json::from_slice(&json).map_err(|_| NoUserSig::Json)
    }

    /// When it ends, in seconds since 1970.
    pub fn expires_at(&self) -> u64 {
        self.time.saturating_add(self.expire)
    }

    /// The visitor's id, if the identifier has the vendor's form.
    pub fn uid(&self) -> Option<&str> {
        let (random, uid) = self.identifier.strip_prefix("TCCC-EXTRA-UID-")?.split_once('-')?;
        (random.len() == 8).then_some(uid)
    }

    /// The text that was signed, if it is one.
    pub fn client_data(&self) -> Option<String> {
        String::from_utf8(BASE64_STANDARD.decode(&self.userbuf).ok()?).ok()
    }

    /// How many bytes the signature has; 32 in the vendor's sample.
    pub fn sig_length(&self) -> Option<usize> {
        BASE64_STANDARD.decode(&self.sig).ok().map(|bytes| bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seed 000's.
    const SAMPLE: &str = include_str!("../../tests/fixtures/seed-000-user-sig.txt");

    #[test]
    fn the_guides_own_sample_is_for_another_text() {
        let sig = UserSig::decode(SAMPLE).ok().unwrap();
        assert_eq!((sig.version.as_str(), sig.sdk_app_id), ("2.0", 1_400_264_214));
        assert_eq!((sig.time, sig.expire, sig.expires_at()), (1_626_075_929, 3600, 1_626_079_529));
        assert_eq!(sig.uid(), Some("xxxxxxxx"));
        assert_eq!(sig.sig_length(), Some(32));
        assert!(sig.client_data().unwrap().starts_with(r#"{"peerSource":"同创荟","#));
    }

    #[test]
    fn what_is_no_user_sig_is_told_by_its_step() {
        let no = |text: &str| UserSig::decode(text).err();
        assert_eq!(no("!"), Some(NoUserSig::Base64));
        assert_eq!(no(""), Some(NoUserSig::Zlib));
        assert_eq!(no(&BASE64_STANDARD.encode("plain")), Some(NoUserSig::Zlib));
        // `{}` in zlib.
        assert_eq!(no("eJyrrgUAAXUA*Q__"), Some(NoUserSig::Json));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packer, &vec![b' '; 10_000_000]).unwrap();
        let bomb = BASE64_STANDARD.encode(packer.finish().unwrap());
        assert_eq!(UserSig::decode(&bomb).err(), Some(NoUserSig::Zlib));
    }
}
