//! The signature of a visitor's data: minted, and checked (`docs/vendor/tccc.md` §3).

use std::io::{Read, Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use crate::{tccc::centre::SDK_APP_ID, when::random_hex};

/// No signature inflates to more than this.
const LONGEST: u64 = 64 * 1024;
/// What stands before a visitor's id, with eight characters of chance between.
const IDENTIFIER: &str = "TCCC-EXTRA-UID-";

/// The members, in the order in which the vendor's sample has them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Members {
    #[serde(rename = "TLS.expire")]
    expire: i64,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u64,
    #[serde(rename = "TLS.sig")]
    sig: String,
    #[serde(rename = "TLS.time")]
    time: i64,
    #[serde(rename = "TLS.userbuf")]
    userbuf: String,
    #[serde(rename = "TLS.ver")]
    ver: String,
}

/// A `uid` as the vendor takes it: a text, or a whole number (its own example has one).
pub fn uid_of(value: &Value) -> Option<String> {
    let number = || value.is_i64().then(|| value.to_string());
    value.as_str().map(str::to_owned).or_else(number)
}

/// Signs a visitor's data for `life` seconds.
pub fn mint(
    key: &[u8],
    sdk_app_id: u64,
    uid: &str,
    client_data: &str,
    now: u64,
    life: i64,
) -> String {
    let mut members = Members {
        expire: life,
        identifier: format!("{IDENTIFIER}{}-{uid}", &random_hex()[..8]),
        sdk_app_id,
        sig: String::new(),
        time: i64::try_from(now).unwrap_or_default(),
        userbuf: STANDARD.encode(client_data),
        ver: "2.0".into(),
    };
    members.sig = STANDARD.encode(hmac(key, &members).finalize().into_bytes());
    members.packed()
}

/// Why a signature is not good for this text, by code: all that apply, or none if it is.
///
/// `format` · `expired` · `otherUser` · `otherText` · `otherApplication` · `signature`
pub fn check(key: &[u8], user_sig: &str, client_data: &str, now: u64) -> Vec<&'static str> {
    let Some(members) = Members::unpacked(user_sig) else {
        return vec!["format"];
    };
    let fields: Value = serde_json::from_str(client_data).unwrap_or_default();
    let uid = uid_of(&fields["uid"]);
    let end = members.time.saturating_add(members.expire);
    let sig = STANDARD.decode(&members.sig).unwrap_or_default();
    let checks = [
        ("expired", end > i64::try_from(now).unwrap_or(i64::MAX)),
        ("otherUser", uid.is_some_and(|uid| members.is_of(&uid))),
        (
            "otherText",
            STANDARD.decode(&members.userbuf).is_ok_and(|text| text == client_data.as_bytes()),
        ),
        ("otherApplication", members.sdk_app_id == SDK_APP_ID),
        ("signature", hmac(key, &members).verify_slice(&sig).is_ok()),
    ];
    checks.into_iter().filter(|(_, good)| !good).map(|(code, _)| code).collect()
}

impl Members {
    /// Whether the identifier is `TCCC-EXTRA-UID-`, eight characters, `-` and this id.
    fn is_of(&self, uid: &str) -> bool {
        let rest = self.identifier.strip_prefix(IDENTIFIER);
        let parts = rest.and_then(|rest| rest.split_at_checked(8));
        parts.is_some_and(|(_, end)| end.strip_prefix('-') == Some(uid))
    }

    /// JSON, deflated, in base64 with the three characters of a query replaced.
    fn packed(&self) -> String {
        let json = serde_json::to_string(self).expect("texts and numbers are JSON");
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        let deflated = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish());
        let deflated = deflated.expect("writing into memory does not fail");
        STANDARD.encode(deflated).replace('+', "*").replace('/', "-").replace('=', "_")
    }

    fn unpacked(user_sig: &str) -> Option<Self> {
        // Their place is taken; here they are what a mistaken decoding left.
        if user_sig.contains(['+', '/', '=']) {
            return None;
        }
        let base64 = user_sig.replace('*', "+").replace('-', "/").replace('_', "=");
        let deflated = STANDARD.decode(base64).ok()?;
        let mut json = Vec::new();
        ZlibDecoder::new(&deflated[..]).take(LONGEST).read_to_end(&mut json).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Over the lines that the vendor's public signer signs, in its order.
fn hmac(key: &[u8], members: &Members) -> Hmac<Sha256> {
    let Members { identifier, sdk_app_id, time, expire, userbuf, .. } = members;
    let text = format!(
        "TLS.identifier:{identifier}\nTLS.sdkappid:{sdk_app_id}\nTLS.time:{time}\nTLS.expire:{expire}\nTLS.userbuf:{userbuf}\n"
    );
    let mac = Hmac::<Sha256>::new_from_slice(key);
    mac.expect("HMAC takes a key of any length").chain_update(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"key";
    const NOW: u64 = 1_700_000_000;
    const DATA: &str = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_questionGroup":"投诉"}"#;
    /// The chat guide's own sample.
    const SAMPLE: &str = "eJxUkEtvm0AQx7-Lnut0WWArkHJw1qm82Os07rI8bhDWYcwjxJiXqn73CuMeMtLv8h-NTzPzB8n97wc9NnDRyDUpxt9uCWS6vsIJ9AW5SDLGVs*hPK5XPt*szN36k*bhr9V4L7TMtFmRNA1kyDUsjAm1iGHdO-COXDQ2PtDWUd-H3Vs9mJwOqt7k9md8wF68SQbzXbDJd9onyh-vyitUGrkGJRT-sB3iLGnX6kvanZCL9OQNcaAmnzjGW3Uo*fkD7JgJO4KUcnLiMEBalecE23ka*PAC*7LfbYqOF7BnnpEEr-ACnqW3*QLjLa*UlW29PDSfPlJil7JW16hS0*wWUlgLfBRSzI5Sb49TpBzvyDjl52gU0jdmDvJ5FCqPgi-On0YcHnASON3R9PosXM87VdCERW9jOL0*-j*9v72ePGD0918AAAD--2wfhLY_";

    fn minted() -> String {
        mint(KEY, SDK_APP_ID, "zhangsan", DATA, NOW, 600)
    }

    #[test]
    fn a_signature_is_good_for_its_own_text_and_time() {
        assert_eq!(check(KEY, &minted(), DATA, NOW), [""; 0]);
        assert_eq!(check(KEY, &minted(), DATA, NOW + 599), [""; 0]);
        assert_eq!(check(KEY, &minted(), DATA, NOW + 600), ["expired"]);
        assert_eq!(check(KEY, &minted(), &DATA.replace("投诉", "咨询"), NOW), ["otherText"]);
        let other = DATA.replace("zhangsan", "lisi");
        assert_eq!(check(KEY, &minted(), &other, NOW), ["otherUser", "otherText"]);
        assert_eq!(check(KEY, &minted(), "", NOW), ["otherUser", "otherText"]);
        assert_eq!(check(b"another", &minted(), DATA, NOW), ["signature"]);
    }

    #[test]
    fn it_has_the_form_of_the_vendors() {
        let members = Members::unpacked(&minted()).unwrap();
        assert_eq!(members.identifier.len(), "TCCC-EXTRA-UID-3KAq6hXP-zhangsan".len());
        assert_eq!(STANDARD.decode(&members.sig).unwrap().len(), 32);
        assert!(
            minted().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*-_".contains(&byte))
        );
    }

    #[test]
    fn seed_000s_sample_decodes_and_is_refused_for_all_that_is_wrong_with_it() {
        let members = Members::unpacked(SAMPLE).unwrap();
        assert_eq!(members.identifier, "TCCC-EXTRA-UID-3KAq6hXP-xxxxxxxx");
        assert_eq!((members.time, members.expire), (1_626_075_929, 3600));
        assert_eq!(
            check(KEY, SAMPLE, DATA, NOW),
            ["expired", "otherUser", "otherText", "otherApplication", "signature"]
        );
    }

    #[test]
    fn a_user_whose_id_ends_like_another_is_another() {
        let sig = mint(KEY, SDK_APP_ID, "a-b", r#"{"uid":"a-b"}"#, NOW, 600);
        assert_eq!(check(KEY, &sig, r#"{"uid":"a-b"}"#, NOW), [""; 0]);
        assert!(check(KEY, &sig, r#"{"uid":"b"}"#, NOW).contains(&"otherUser"));
    }

    #[test]
    fn what_is_no_signature_is_said_to_have_no_form() {
        let plain = minted().replace('*', "+").replace('-', "/").replace('_', "=");
        let cut = &minted()[..100];
        for bad in ["", "x", "eJw_", cut, &format!("{}=", minted())] {
            assert_eq!(check(KEY, bad, DATA, NOW), ["format"], "{bad}");
        }
        assert!(!plain.contains(['+', '/', '=']) || check(KEY, &plain, DATA, NOW) == ["format"]);
    }

    #[test]
    fn an_id_may_be_a_number_as_in_the_vendors_example() {
        let data = r#"{"uid":1846526}"#;
        let sig = mint(KEY, SDK_APP_ID, "1846526", data, NOW, 600);
        assert_eq!(check(KEY, &sig, data, NOW), [""; 0]);
        assert_eq!(uid_of(&Value::from(1.5)), None);
    }
}
