//! `[tccc]` and `[chat]`.

use std::time::Duration;

use calldock_contract::text::chat_link::check_web_app_id;
use url::Url;

use super::credentials::{CredentialSource, Credentials};
use super::hosts::{self, Hosts};
use crate::address::{PlainHttp, bare_url};
use crate::identity::Visitor;
use crate::settings::{Reader, values};

/// One contact centre and the key to it.
#[derive(Clone, Debug)]
pub struct TcccSettings {
    /// The cloud API.
    pub endpoint: Url,
    /// `X-TC-Region`, which only the international site asks for.
    pub region: Option<String>,
    /// The application.
    pub sdk_app_id: u64,
    /// What calls are signed with.
    pub credentials: CredentialSource,
    /// Whether a login token is to be good for one check only (`OnlyOnce`). The guides leave it out.
    pub only_once: bool,
    /// Where the agent's script may come from.
    pub sdk_hosts: Hosts,
    /// Whether `http:` on this machine is accepted for the endpoint and the script; only the demo's.
    pub plain_http: PlainHttp,
}

/// TCCC's online chat (chat guide).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatSettings {
    /// The web application the chat arrives at.
    pub web_app_id: String,
    /// What agents read of where the visitor comes from (`peerSource`).
    pub peer_source: String,
    /// What else agents are to see, the same for everyone (`extra_…`).
    pub extra: Vec<(String, String)>,
    /// What a page may add, by name.
    pub allowed_fields: Vec<String>,
    /// How long a signature is good, at most an hour.
    pub expires_in: Duration,
}

const ENDPOINT: &str = "https://ccc.tencentcloudapi.com/";
const STS: &str = "https://sts.tencentcloudapi.com/";
const METADATA: &str = "http://metadata.tencentyun.com/";
/// Where STS is asked if `tccc.region` does not say.
const STS_REGION: &str = "ap-guangzhou";

/// The members a chat has anyway (chat guide).
pub const FIXED_FIELDS: [&str; 3] = ["peerSource", "nickName", "uid"];

/// They go into a URL, together with as much of the page's, in bytes.
const EXTRA_LIMIT: usize = 2048;

#[derive(Clone)]
enum Kind {
    Key,
    Cvm,
    WebIdentity,
}

fn host(text: &str) -> Result<Url, &'static str> {
    bare_url(text, PlainHttp::Refused)
}

/// Reads `[tccc]`.
pub fn read(reader: &mut Reader) -> Option<TcccSettings> {
    let endpoint = reader.parsed("tccc.endpoint", Some(ENDPOINT), host);
    let region = reader.optional("tccc.region", values::region);
    let sdk_app_id = sdk_app_id(reader);
    let only_once = reader.truth("tccc.only_once");
    let sdk_hosts = reader.list("tccc.sdk_hosts", hosts::parse);
    let credentials = credentials(reader, region.as_deref());
    Some(TcccSettings {
        endpoint: endpoint?,
        region,
        sdk_app_id: sdk_app_id?,
        credentials: credentials?,
        only_once: only_once.unwrap_or(false),
        sdk_hosts: if sdk_hosts.is_empty() { Hosts::default() } else { Hosts::new(sdk_hosts) },
        plain_http: PlainHttp::Refused,
    })
}

/// Reads the application's number, as a number or as digits.
fn sdk_app_id(reader: &mut Reader) -> Option<u64> {
    let key = "tccc.sdk_app_id";
    if !reader.has_key(key) {
        return reader.missing(key);
    }
    reader.scalar(key, |text| {
        let number = text.parse().ok().filter(|number| *number > 0);
        number.ok_or("expected the application's number, such as 1400000000")
    })
}

fn credentials(reader: &mut Reader, region: Option<&str>) -> Option<CredentialSource> {
    let kinds = [("key", Kind::Key), ("cvm", Kind::Cvm), ("web-identity", Kind::WebIdentity)];
    let kind = reader.choice("tccc.credentials", &kinds, false);
    const EXPECTED: &str = "expected a name as the vendor's console shows it";
    let name = |text: &str| values::word(text, 256, "-_./:@+=", EXPECTED);
    match kind {
        None => {
            // What has not been read by now is of one source.
            reader.pass_over(&["tccc"]);
            None
        }
        Some(Kind::Key) => {
            let secret_id = reader.secret("tccc.secret_id", values::credential);
            let secret_key = reader.secret("tccc.secret_key", values::credential);
            let token = reader.optional_secret("tccc.token", values::credential);
            let (secret_id, secret_key) = (secret_id?, secret_key?);
            Some(CredentialSource::Fixed(Credentials { secret_id, secret_key, token }))
        }
        Some(Kind::Cvm) => {
            let role = reader.optional("tccc.role", |text| {
                // A part of a path.
                name(text).and_then(|role| {
                    if role.contains('/') {
                        Err("expected a role's name, not its ARN")
                    } else {
                        Ok(role)
                    }
                })
            });
            let metadata = METADATA.parse().ok()?;
            Some(CredentialSource::Cvm { metadata, role })
        }
        Some(Kind::WebIdentity) => {
            let role_arn = reader.parsed("tccc.role", None, name);
            let provider_id = reader.parsed("tccc.provider_id", None, name);
            let token_file = reader.required_path("tccc.web_identity_token_file");
            let sts = reader.parsed("tccc.sts_endpoint", Some(STS), host);
            Some(CredentialSource::WebIdentity {
                sts: sts?,
                region: region.unwrap_or(STS_REGION).to_owned(),
                provider_id: provider_id?,
                role_arn: role_arn?,
                token_file: token_file?,
            })
        }
    }
}

/// Reads the id of a web channel, as every page checks it.
fn web_app_id(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected the id of the console's web channel: 32 hexadecimal digits";
    check_web_app_id(text).map(|()| text.into()).map_err(|_| EXPECTED)
}

/// Reads `[chat]`.
pub fn read_chat(reader: &mut Reader) -> Option<ChatSettings> {
    let web_app_id = reader.parsed("chat.web_app_id", None, web_app_id);
    let peer_source = reader.parsed("chat.peer_source", None, Visitor::part);
    let expires_in = reader.seconds("chat.expires_in", 60..=3600);
    let extra = reader.table("chat.extra");
    for (name, value) in &extra {
        let key = format!("chat.extra.{name}");
        if FIXED_FIELDS.contains(&name.as_str()) {
            reader.wrong(&key, "expected another name: the server fills this one in itself");
        } else if Visitor::part(name).and(Visitor::part(value)).is_err() {
            let expected = "expected texts of 1 to 256 bytes without control characters";
            reader.wrong_text(&key, expected, value);
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
        reader.wrong("chat.allowed_fields", "expected names that chat.extra does not have");
    }
    Some(ChatSettings {
        web_app_id: web_app_id?,
        peer_source: peer_source?,
        extra,
        allowed_fields,
        expires_in: expires_in.unwrap_or(Duration::from_secs(3600)),
    })
}
