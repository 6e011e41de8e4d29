//! The body that a page posts to get a script (`docs/vendor/huawei.md` §2).

use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::state::{CHANNEL, TENANT};

/// What shows that the integrator knows the visitor.
pub enum Proof {
    /// Token mode: the integrator is asked back.
    Token(String),
    /// Authorization mode: the integrator has signed.
    Authorization(String),
}

impl Proof {
    /// `token` or `authorization`.
    pub fn mode(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Authorization(_) => "authorization",
        }
    }
}

/// A visitor as the page describes him.
pub struct Login {
    /// The visitor's name.
    pub user_name: String,
    /// The visitor's id at the integrator's.
    pub user_id: String,
    /// `zh`, `en`, `ar`, `es`, `pt` or `fr`.
    pub locale: String,
    /// The proof of the identity.
    pub proof: Proof,
    /// Members that nobody asked for; the guide's second sample sends its secret key this way.
    pub unknown: Vec<String>,
    /// The body itself.
    pub posted: String,
}

/// A refusal before anything is checked with anybody: a status, and a phrase free of secrets.
pub type Refusal = (StatusCode, String);

const KNOWN: [&str; 9] = [
    "thirdUserToken",
    "thirdPartAuthorization",
    "thirdUserName",
    "thirdUserId",
    "tenantSpaceId",
    "channelConfigId",
    "locale",
    "timestamp",
    "mapService",
];
const LOCALES: [&str; 6] = ["zh", "en", "ar", "es", "pt", "fr"];

impl Login {
    /// Reads a body of JSON text, under the form type of the guide's samples or JSON's own.
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(is_accepted) {
            let message = "Content-Type: expected application/x-www-form-urlencoded or application/json, in UTF-8";
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message.into()));
        }
        let members = match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => members,
            _ => return Err(wrong("the body is not the text of a JSON object")),
        };
        let user_name = text(&members, "thirdUserName")?;
        let user_id = text(&members, "thirdUserId")?;
        let tenant = text(&members, "tenantSpaceId")?;
        let channel = text(&members, "channelConfigId")?;
        let locale = one_of(&members, "locale", &LOCALES)?;
        if !members.get("timestamp").is_some_and(Value::is_u64) {
            return Err(wrong("timestamp: expected milliseconds since 1970, a number"));
        }
        if members.contains_key("mapService") {
            one_of(&members, "mapService", &["tencent", "google"])?;
        }
        let has = |name| members.contains_key(name);
        let proof = match (has("thirdUserToken"), has("thirdPartAuthorization")) {
            (true, false) => Proof::Token(text(&members, "thirdUserToken")?),
            (false, true) => Proof::Authorization(text(&members, "thirdPartAuthorization")?),
            _ => return Err(wrong("expected one of thirdUserToken and thirdPartAuthorization")),
        };
        if tenant != TENANT || channel != CHANNEL {
            return Err((StatusCode::FORBIDDEN, "no such tenant or channel".into()));
        }
        let unknown = members.keys().filter(|name| !KNOWN.contains(&name.as_str()));
        let unknown = unknown.cloned().collect();
        let posted = String::from_utf8_lossy(body).into_owned();
        Ok(Self { user_name, user_id, locale, proof, unknown, posted })
    }

    /// The four members that are signed, in the guide's order.
    pub fn four(&self) -> [(&'static str, &str); 4] {
        [
            ("thirdUserName", &self.user_name),
            ("thirdUserId", &self.user_id),
            ("tenantSpaceId", TENANT),
            ("channelConfigId", CHANNEL),
        ]
    }

    /// The body as it was posted, but for the authorization.
    pub fn without_authorization(&self) -> String {
        let Proof::Authorization(authorization) = &self.proof else { return self.posted.clone() };
        let member = format!("\"thirdPartAuthorization\":\"{authorization}\"");
        let text = self.posted.replace(&format!("{member},"), "");
        text.replace(&format!(",{member}"), "")
    }

    /// Chinese is spoken; else the double speaks English.
    pub fn zh(&self) -> bool {
        self.locale == "zh"
    }
}

/// The form type as the samples send it, or JSON; another charset would garble names.
fn is_accepted(kind: &str) -> bool {
    let mut parts = kind.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = parts.next().unwrap_or_default();
    let known = ["application/x-www-form-urlencoded", "application/json"].contains(&media.as_str());
    known && parts.all(|part| part.is_empty() || part == "charset=utf-8")
}

fn wrong(message: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, message.to_owned())
}

fn text(members: &Map<String, Value>, name: &str) -> Result<String, Refusal> {
    let text = members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.map(str::to_owned)
        .ok_or_else(|| wrong(&format!("{name}: expected a text that is not empty")))
}

fn one_of(members: &Map<String, Value>, name: &str, known: &[&str]) -> Result<String, Refusal> {
    let value = text(members, name)?;
    if known.contains(&value.as_str()) {
        Ok(value)
    } else {
        Err(wrong(&format!("{name}: expected one of {}", known.join(", "))))
    }
}
