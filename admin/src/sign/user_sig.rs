//! `sign user-sig`: decodes a userSig; only the vendor can make one.

use calldock_signing::{Members, UserSig};
use serde_json::{Map, Value, json};

use super::input::{only_known, text};

const MEMBERS: [&str; 4] = ["userSig", "clientData", "uid", "now"];

/// Decodes a userSig and compares it with what it should be for.
///
/// # Errors
/// One sentence that names a member.
pub fn decode(input: &Map<String, Value>) -> Result<Value, String> {
    only_known("standard input", input.keys(), &MEMBERS)?;
    let sig =
        UserSig::decode(text(input, "userSig")?).map_err(|error| format!("userSig: {error}"))?;
    let now = match input.get("now") {
        None => calldock_service::since_1970().as_secs(),
        Some(now) => now.as_u64().ok_or("now: expected a whole number of seconds since 1970")?,
    };
    let client_data = sig.client_data();
    let mut decoded = json!({
        "version": sig.version,
        "sdkAppId": sig.sdk_app_id,
        "identifier": sig.identifier,
        "uid": sig.uid(),
        "time": sig.time,
        "expire": sig.expire,
        "expiresAt": sig.expires_at(),
        "expired": now >= sig.expires_at(),
        "clientData": client_data,
        "sigBytes": sig.sig_length(),
    });
    // The text in a link must be the signed text, byte by byte.
    if input.contains_key("clientData") {
        let sent = text(input, "clientData")?;
        decoded["forThisClientData"] = (client_data.as_deref() == Some(sent)).into();
        let members: Option<Members> = serde_json::from_str(sent).ok();
        let uid = members.as_ref().and_then(|members| members.text("uid"));
        decoded["forThisUid"] = (uid.is_some() && sig.uid() == uid).into();
    }
    if input.contains_key("uid") {
        decoded["forThisUid"] = (sig.uid() == Some(text(input, "uid")?)).into();
    }
    Ok(decoded)
}
