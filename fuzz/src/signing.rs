//! Readers and signatures of `calldock-signing`.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use calldock_signing::auth_v2::canonical::{self, Request};
use calldock_signing::auth_v2::reading::PayloadMode;
use calldock_signing::auth_v2::{Reading, SignError, Signer, User, payload, timestamp};
use calldock_signing::user_sig::DecodeError;
use calldock_signing::{Members, UserSig, tc3};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use secrecy::SecretString;

use crate::input::{fields, text};

/// Both signatures over texts of any kind: every step has its form, and every part counts.
pub fn auth_v2(data: &[u8]) {
    let [access_key, secret, time, headers, body] = fields(data);
    let normalized = canonical::normalize(&body);
    assert_eq!(normalized, guides_normalize(&body));
    let secret_key = SecretString::from(secret.as_str());
    let headers: Vec<(&str, &str)> =
        headers.lines().filter_map(|line| line.split_once(':')).collect();
    let request = Request {
        method: "POST",
        uri: "/",
        access_key: &access_key,
        secret_key: &secret_key,
        timestamp: &time,
        headers: &headers,
        payload: &body,
    };
    let reading = Reading::default();
    let turned: Vec<_> = headers.iter().rev().copied().collect();
    let again = canonical::sign(&Request { headers: &turned, ..request_of(&request) }, &reading);
    match (canonical::sign(&request, &reading), again) {
        (Ok(signed), Ok(again)) => {
            assert_eq!(signed.authorization, again.authorization, "the order of headers");
            assert_eq!(signed.normalized_payload, normalized);
            assert!(is_hex(&signed.signature) && is_hex(&signed.signing_key));
            let prefix = format!("auth-v2/{access_key}/{time}/{}", signed.signed_headers);
            assert_eq!(signed.auth_string_prefix, prefix);
            assert_eq!(signed.authorization, format!("{prefix}/{}", signed.signature));
            let lines = 4 + signed.canonical_headers.lines().count().max(1);
            let names = signed.signed_headers.matches(['\n', '\r']).count();
            assert!(names > 0 || signed.canonical_request.split('\n').count() == lines);
            let more = format!("{body}0");
            let other =
                canonical::sign(&Request { payload: &more, ..request_of(&request) }, &reading);
            assert!(other.is_ok_and(|other| other.signature != signed.signature));
        }
        (Err(error), Err(again)) => {
            assert_eq!((error, again), (SignError::HeaderTwice, SignError::HeaderTwice));
        }
        _ => panic!("the order of headers decides whether a request is signed"),
    }
    let values = Reading { payload_mode: PayloadMode::NormalizeValues, ..Reading::default() };
    if let Ok(signed) = canonical::sign(&Request { headers: &[], ..request_of(&request) }, &values)
    {
        let plain =
            |text: &str| serde_json::from_str::<Members>(text).map(|members| members.0.len());
        assert!(body.is_empty() || plain(&body).ok() == plain(&signed.normalized_payload).ok());
    }
    of_a_user([&access_key, &secret, &time, &body]);
    by_tc3(&time, [&access_key, &secret, &body]);
}

fn request_of<'a>(request: &Request<'a>) -> Request<'a> {
    Request { ..*request }
}

/// The four fields as the page posts them.
fn of_a_user([access_key, secret, time, body]: [&str; 4]) {
    let mut signer = Signer::new(access_key, secret.into());
    let user = User { name: body, id: access_key, tenant_space_id: time, channel_config_id: body };
    let millis = time.parse().unwrap_or(1_724_036_645_678);
    let written =
        timestamp::write(millis, signer.reading.time_zone, signer.reading.timestamp_precision);
    match signer.sign(millis, &user) {
        Ok(signed) => {
            let time = written.expect("a signed time can be written");
            assert!(time.len() == 24 && time.ends_with('Z'), "{time}");
            let json = percent_encoding::percent_decode_str(&signed.normalized_payload);
            let json = json.decode_utf8().expect("JSON").into_owned();
            let members: Members = serde_json::from_str(&json).expect("an object");
            assert_eq!(members, user.members(), "CEC reads exactly what the page posts");
            assert!(
                signed.canonical_headers.starts_with(&format!("content-length:{}", json.len()))
            );
            signer.secret_key = format!("{secret}0").into();
            assert!(
                signer.sign(millis, &user).is_ok_and(|other| other.signature != signed.signature)
            );
        }
        Err(error) => assert!(error == SignError::Timestamp && written.is_err()),
    }
    let posted = user.members();
    for order in ["documented", "alphabetical", "hashMap", "given"] {
        signer.reading.set("payloadOrder", order).expect("an order");
        let payload = payload::payload(&posted, &signer.reading);
        let members: Members = serde_json::from_str(&payload).expect("an object");
        let mut names: Vec<_> = members.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["channelConfigId", "tenantSpaceId", "thirdUserId", "thirdUserName"]);
    }
}

fn by_tc3(time: &str, [id, key, body]: [&str; 3]) {
    let at = time.parse().unwrap_or(1_700_000_000);
    let request = tc3::Request {
        timestamp: at,
        service: "ccc",
        host: "ccc.tencentcloudapi.com",
        content_type: "application/json",
        body,
    };
    let (id, key) = (SecretString::from(id), SecretString::from(key));
    let Ok(signed) = tc3::sign(&id, &key, &request) else {
        assert!(!(0..253_402_300_800).contains(&at), "{at}");
        return;
    };
    assert!((0..253_402_300_800).contains(&at) && is_hex(&signed.signature));
    assert_eq!(signed.canonical_request.lines().count(), 8, "{}", signed.canonical_request);
    assert_eq!(signed.string_to_sign.lines().nth(1), Some(&*at.to_string()));
    assert!(signed.authorization.ends_with(&signed.signature));
    let more = format!("{body} ");
    let other = tc3::sign(&id, &key, &tc3::Request { body: &more, ..request });
    assert!(other.is_ok_and(|other| other.signature != signed.signature));
}

/// `PathUtils.normalize` of CEC guide, line by line.
fn guides_normalize(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            97..=122 | 65..=90 | 48..=57 | 45 | 46 | 95 | 126 => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn is_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Objects that keep their order: what is read is written the same, and no name is there twice.
pub fn members(data: &[u8]) {
    let text = text(data);
    let Ok(members) = serde_json::from_str::<Members>(&text) else { return };
    let written = members.json();
    let again: Members = serde_json::from_str(&written).expect("what was written");
    assert_eq!(again.json(), written, "writing again changes nothing");
    let names = |members: &Members| -> Vec<String> {
        members.0.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&again), names(&members));
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).expect("an object");
    assert_eq!(object.len(), members.0.len(), "no name is there twice");
    let read = serde_json::to_value(&members).expect("JSON");
    assert_eq!(read.as_object(), Some(&object));
}

/// The options of a reading: a value is taken and keeps its meaning, or the error says what is expected.
pub fn reading(data: &[u8]) {
    let [option, value] = fields(data);
    let mut reading = Reading::default();
    match reading.set(&option, &value) {
        Ok(()) => {
            let once = reading.clone();
            assert_eq!(reading.set(&option, &value), Ok(()));
            assert_eq!(reading, once);
            assert!(Reading::OPTIONS.contains(&&*option));
            assert!(reading.content_type.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            assert!(reading.time_zone.whole_minutes().abs() < 15 * 60);
            let key = Reading::key(&option);
            assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{key}");
        }
        Err(expected) => {
            assert!(expected.starts_with("expected "));
            assert_eq!(reading, Reading::default(), "what is refused changes nothing");
        }
    }
}

/// The longest JSON that is unpacked.
const UNPACKED: usize = 64 * 1024;

/// A userSig: an error names its layer, and what is packed as the vendor packs it is read.
pub fn user_sig(data: &[u8]) {
    let text = text(data);
    let given = UserSig::decode(&text);
    assert!(given == UserSig::decode(&format!(" {text}\n")), "spaces around it change nothing");
    if let Ok(sig) = &given {
        assert!(sig.expires_at() >= sig.time);
        assert!(sig.uid().is_none_or(|uid| sig.identifier.ends_with(uid)));
        let text = sig.client_data();
        assert!(text.is_none_or(|text| BASE64_STANDARD.encode(text) == sig.userbuf));
        let length = sig.sig_length();
        assert!(length.is_none_or(|bytes| bytes.div_ceil(3) * 4 == sig.sig.len()));
    }
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(data).expect("memory takes everything");
    let packed = BASE64_STANDARD.encode(zlib.finish().expect("memory takes everything"));
    let packed = packed.replace('+', "*").replace('/', "-").replace('=', "_");
    let read = UserSig::decode(&packed);
    match serde_json::from_slice::<UserSig>(data) {
        _ if data.len() > UNPACKED => assert!(matches!(read, Err(DecodeError::Zlib))),
        Ok(sig) => assert!(read.is_ok_and(|read| read == sig)),
        Err(_) => assert!(matches!(read, Err(DecodeError::Json))),
    }
}
