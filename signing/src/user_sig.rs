//! Reads a TCCC `userSig` (`docs/vendor/tccc.md` §3): base64 with `*`, `-` and `_` for `+`, `/` and `=`, inside
//! it zlib, inside that JSON. It is signed and not encrypted: its holder can read the visitor's data.

use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use serde::Deserialize;

/// What a userSig contains. No `Debug`: it holds the visitor's data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct UserSig {
    /// The version of the format, `2.0`.
    #[serde(rename = "TLS.ver")]
    pub version: String,
    /// The application.
    #[serde(rename = "TLS.sdkappid")]
    pub sdk_app_id: u64,
    /// The user: `TCCC-EXTRA-UID-<8 characters>-<uid>`.
    #[serde(rename = "TLS.identifier")]
    pub identifier: String,
    /// The time of issue, in seconds since 1970.
    #[serde(rename = "TLS.time")]
    pub time: u64,
    /// The lifetime, in seconds.
    #[serde(rename = "TLS.expire")]
    pub expire: u64,
    /// The signature, in base64.
    #[serde(rename = "TLS.sig")]
    pub sig: String,
    /// The signed text, in base64.
    #[serde(rename = "TLS.userbuf", default)]
    pub userbuf: String,
}

/// The layer at which a text turned out not to be a userSig.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The outermost layer.
    #[error("expected base64 with * - _ for + / =")]
    Base64,
    /// The layer inside the base64.
    #[error("expected zlib data of at most 64 KiB inside the base64")]
    Zlib,
    /// The innermost layer.
    #[error(
        "expected JSON with TLS.ver, TLS.sdkappid, TLS.identifier, TLS.time, TLS.expire and TLS.sig inside the zlib data"
    )]
    Json,
}

/// Bytes after unpacking. The sample of the chat guide has 447.
const LIMIT: u64 = 64 * 1024;

impl UserSig {
    /// Decodes a userSig. It checks no signature: that needs the vendor's key.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let base64 = text.trim().replace('*', "+").replace('-', "/").replace('_', "=");
        let zlib = BASE64_STANDARD.decode(base64).map_err(|_| DecodeError::Base64)?;
        let mut json = Vec::new();
        let read = ZlibDecoder::new(zlib.as_slice()).take(LIMIT + 1).read_to_end(&mut json);
        if read.is_err() || json.len() as u64 > LIMIT {
            return Err(DecodeError::Zlib);
        }
        serde_json::from_slice(&json).map_err(|_| DecodeError::Json)
    }

    /// Returns the time of expiry, in seconds since 1970.
    pub fn expires_at(&self) -> u64 {
        self.time.saturating_add(self.expire)
    }

    /// Returns the visitor's id, if the identifier has the vendor's form.
    pub fn uid(&self) -> Option<&str> {
        let (random, uid) = self.identifier.strip_prefix("TCCC-EXTRA-UID-")?.split_once('-')?;
        (random.len() == 8).then_some(uid)
    }

    /// Returns the signed text, if it is UTF-8.
    pub fn client_data(&self) -> Option<String> {
        String::from_utf8(BASE64_STANDARD.decode(&self.userbuf).ok()?).ok()
    }

    /// Returns the signature's length in bytes; 32 in the vendor's sample.
    pub fn sig_length(&self) -> Option<usize> {
        BASE64_STANDARD.decode(&self.sig).ok().map(|bytes| bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample of the chat guide.
    const SAMPLE: &str = include_str!("../tests/fixtures/chat-guide-user-sig.txt");

    #[test]
    fn the_guides_sample_is_decoded() {
        let sig = UserSig::decode(SAMPLE).ok().unwrap();
        assert_eq!((sig.version.as_str(), sig.sdk_app_id), ("2.0", 1_400_264_214));
        assert_eq!((sig.time, sig.expire, sig.expires_at()), (1_626_075_929, 3600, 1_626_079_529));
        assert_eq!(sig.uid(), Some("xxxxxxxx"));
        assert_eq!(sig.sig_length(), Some(32));
        assert!(sig.client_data().unwrap().starts_with(r#"{"peerSource":"同创荟","#));
    }

    #[test]
    fn an_error_names_the_layer() {
        let error = |text: &str| UserSig::decode(text).err();
        assert_eq!(error("!"), Some(DecodeError::Base64));
        assert_eq!(error(""), Some(DecodeError::Zlib));
        assert_eq!(error(&BASE64_STANDARD.encode("plain")), Some(DecodeError::Zlib));
        // `{}` in zlib.
        assert_eq!(error("eJyrrgUAAXUA*Q__"), Some(DecodeError::Json));
    }

    #[test]
    fn at_most_64_kib_are_unpacked() {
        for (length, expected) in
            [(64 * 1024, DecodeError::Json), (64 * 1024 + 1, DecodeError::Zlib)]
        {
            let mut packer =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            std::io::Write::write_all(&mut packer, &vec![b' '; length]).unwrap();
            let packed = BASE64_STANDARD.encode(packer.finish().unwrap());
            let packed = packed.replace('+', "*").replace('/', "-").replace('=', "_");
            assert_eq!(UserSig::decode(&packed).err(), Some(expected), "{length}");
        }
    }

    #[test]
    fn a_decompression_bomb_is_refused() {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packer, &vec![b' '; 10_000_000]).unwrap();
        let bomb = BASE64_STANDARD.encode(packer.finish().unwrap());
        assert_eq!(UserSig::decode(&bomb).err(), Some(DecodeError::Zlib));
    }
}
