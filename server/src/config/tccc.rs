//! `[tccc]` and `[chat]`.

use std::path::Path;
use std::time::Duration;

use url::Url;

use super::reader::Reader;
use super::values;
use crate::address::PlainHttp;
use crate::identity::{Visitor, Visitors};
use crate::tccc::{Credentials, Pace};

/// One contact centre and the key to it.
#[derive(Clone, Debug)]
pub struct TcccConfig {
    /// The cloud API.
    pub endpoint: Url,
    /// `X-TC-Region`, which only the international site asks for.
    pub region: Option<String>,
    /// The application.
    pub sdk_app_id: u64,
    /// What calls are signed with.
    pub credentials: Credentials,
    /// Whether a login token is to be good for one check only (`OnlyOnce`). The guides leave it out.
    pub only_once: bool,
    /// This instance's share of the vendor's requests a second.
    pub pace: Pace,
    /// Whether `http:` will do for the endpoint and the script; a configuration file cannot say so.
    pub plain_http: PlainHttp,
}

/// TCCC's online chat (seed 000).
#[derive(Clone, Debug)]
pub struct ChatConfig {
    /// The web application the chat arrives at.
    pub web_app_id: String,
    /// What agents read of where the visitor comes from (`peerSource`).
    pub peer_source: String,
    /// What else agents are to see, the same for everyone (`extra_…`).
    pub extra: Vec<(String, String)>,
    /// What a page may add of its own, by name.
    pub allowed_fields: Vec<String>,
    /// How long a signature is good, at most an hour.
    pub expires_in: Duration,
    /// Who is asking.
    pub visitors: Visitors,
}

const ENDPOINT: &str = "https://ccc.tencentcloudapi.com/";

/// The members a chat has anyway (seed 000).
pub const FIXED_FIELDS: [&str; 3] = ["peerSource", "nickName", "uid"];

/// They go into an address, together with as much of the page's.
const EXTRA_LIMIT: usize = 2048;

/// `[tccc]`.
pub fn api(reader: &mut Reader, file: Option<&Path>) -> Option<TcccConfig> {
    let endpoint = reader.parsed("tccc.endpoint", Some(ENDPOINT), values::bare_host);
    let region = reader.optional("tccc.region", values::region);
    let sdk_app_id = reader.sdk_app_id("tccc.sdk_app_id");
    let secret_id = reader.secret_or_file("tccc.secret_id", "tccc.secret_id_file", file);
    let secret_key = reader.secret_or_file("tccc.secret_key", "tccc.secret_key_file", file);
    let token = reader.optional_secret_or_file("tccc.token", "tccc.token_file", file);
    let only_once = reader.scalar("tccc.only_once", values::truth);
    let pace = pace(reader);
    Some(TcccConfig {
        endpoint: endpoint?,
        region,
        sdk_app_id: sdk_app_id?,
        credentials: Credentials { secret_id: secret_id?, secret_key: secret_key?, token },
        only_once: only_once.unwrap_or(false),
        pace,
        plain_http: PlainHttp::Refused,
    })
}

fn pace(reader: &mut Reader) -> Pace {
    let default = Pace::default();
    let per_second = reader.scalar("tccc.requests_per_second", |text| match text.parse() {
        Ok(rate @ 1..=1000u32) => Ok(rate),
        _ => Err("expected 1 to 1000 requests a second"),
    });
    // With the vendor's own time for an answer it must be over before a page gives up, at 15 s.
    let deadline = reader.scalar("tccc.queue_deadline", |text| {
        values::seconds(text, 1, 6, "expected 1 to 6 seconds")
    });
    Pace {
        per_second: per_second.unwrap_or(default.per_second),
        deadline: deadline.unwrap_or(default.deadline),
    }
}

/// `[chat]`.
pub fn chat(reader: &mut Reader, visitors: Option<Visitors>) -> Option<ChatConfig> {
    let web_app_id = reader.parsed("chat.web_app_id", None, values::vendor_id);
    let peer_source = reader.parsed("chat.peer_source", None, Visitor::part);
    let expires_in = reader.scalar("chat.expires_in", |text| {
        values::seconds(text, 60, 3600, "expected 60 to 3600 seconds")
    });
    let extra = reader.table("chat.extra");
    for (name, value) in &extra {
        let key = format!("chat.extra.{name}");
        if FIXED_FIELDS.contains(&name.as_str()) {
            reader.wrong(&key, "expected another name: the server fills this one in itself");
        } else if Visitor::part(name).and(Visitor::part(value)).is_err() {
            reader.wrong(&key, "expected texts of 1 to 256 bytes without control characters");
        }
    }
    if extra.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > EXTRA_LIMIT {
        reader.wrong("chat.extra", "expected at most 2048 bytes of names and values together");
    }
    let allowed_fields = reader.list("chat.allowed_fields", values::field);
    if allowed_fields.iter().any(|name| FIXED_FIELDS.contains(&name.as_str())) {
        let what =
            "expected other names than peerSource, nickName and uid: the server fills these in";
        reader.wrong("chat.allowed_fields", what);
    }
    if allowed_fields.iter().any(|name| extra.iter().any(|(known, _)| known == name)) {
        let what = "expected names that chat.extra does not have";
        reader.wrong("chat.allowed_fields", what);
    }
    Some(ChatConfig {
        web_app_id: web_app_id?,
        peer_source: peer_source?,
        extra,
        allowed_fields,
        expires_in: expires_in.unwrap_or(Duration::from_secs(3600)),
        visitors: visitors?,
    })
}
