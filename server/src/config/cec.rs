//! `[cec]` and `[signature]`.

use std::path::Path;
use std::time::Duration;

use super::proxy::{self, ProxyConfig};
use super::reader::Reader;
use super::values;
use crate::cec::members::Members;
use crate::cec::tokens::TokenPolicy;
use crate::cec::{Channel, Reading, Signer};
use crate::identity::Visitors;

/// One CEC channel, how its visitors are vouched for, and the way to its domain.
#[derive(Clone, Debug)]
pub struct CecConfig {
    /// Tenant and channel.
    pub channel: Channel,
    /// Where pages ask for a login; a configuration file has one, the demo one for each mode.
    pub logins: Vec<CecLoginConfig>,
    /// Where CEC asks whether a token is ours; served where a login mints tokens.
    pub validate_path: String,
    /// The reverse proxy, if this server is to be it.
    pub proxy: Option<ProxyConfig>,
}

impl CecConfig {
    /// Whether CEC will ask about tokens.
    pub fn mints_tokens(&self) -> bool {
        self.logins.iter().any(|login| matches!(login.mode, CecMode::Token(_)))
    }
}

/// One login route.
#[derive(Clone, Debug)]
pub struct CecLoginConfig {
    /// Its path.
    pub path: String,
    /// What vouches.
    pub mode: CecMode,
    /// Who is asking.
    pub visitors: Visitors,
}

/// The guide's two modes, each with what it needs.
#[derive(Clone, Debug)]
pub enum CecMode {
    /// Seed 001, chapter 1.
    Token(TokenPolicy),
    /// Seed 001, chapter 2.
    Authorization(Signer),
}

/// The route pages know.
pub const LOGIN: &str = "/calldock/v1/cec/login";
/// The guide's path for CEC's question.
pub const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";
/// What `openChat` posts beside the four, in length at least: a locale has two letters, a time 13 digits.
const BODY_SAMPLE: &str = r#"{"locale":"zh","timestamp":1724036645678}"#;

/// Which of these are of use depends on the mode.
const OF_ONE_MODE: [&str; 7] = [
    "cec.access_key",
    "cec.secret_key",
    "cec.secret_key_file",
    "cec.token_lifetime",
    "cec.token_uses",
    "cec.validate_path",
    "signature",
];

enum ModeName {
    Token,
    Authorization,
}

/// Both sections.
pub fn read(
    reader: &mut Reader,
    file: Option<&Path>,
    visitors: Option<Visitors>,
) -> Option<CecConfig> {
    let tenant = reader.parsed("cec.tenant_space_id", None, values::vendor_id);
    let id = reader.parsed("cec.channel_config_id", None, values::vendor_id);
    let mode = reader.parsed("cec.mode", None, |text| match text {
        "token" => Ok(ModeName::Token),
        "authorization" => Ok(ModeName::Authorization),
        _ => Err("expected \"token\" or \"authorization\""),
    });
    let mut validate_path = None;
    let mode = match mode {
        Some(ModeName::Token) => {
            validate_path = reader.optional("cec.validate_path", callback_path);
            Some(CecMode::Token(tokens(reader)))
        }
        Some(ModeName::Authorization) => {
            signer(reader, file, id.as_deref()).map(CecMode::Authorization)
        }
        None => {
            reader.pass_over(&OF_ONE_MODE);
            None
        }
    };
    let proxy = if reader.has_key("cec.origin") { Some(proxy::read(reader, file)?) } else { None };
    Some(CecConfig {
        channel: Channel { tenant: tenant?, id: id? },
        logins: vec![CecLoginConfig { path: LOGIN.into(), mode: mode?, visitors: visitors? }],
        validate_path: validate_path.unwrap_or_else(|| VALIDATE.to_owned()),
        proxy,
    })
}

/// The callback has a path to itself.
fn callback_path(text: &str) -> Result<String, &'static str> {
    let path = values::path(text)?;
    let first = path.split('/').nth(1).unwrap_or_default();
    if matches!(first, "calldock" | "healthz" | "readyz" | "service-cloud" | "demo.json") {
        Err("expected a path that no other route of this server begins with")
    } else {
        Ok(path)
    }
}

fn tokens(reader: &mut Reader) -> TokenPolicy {
    let lifetime = reader.scalar("cec.token_lifetime", |text| {
        values::seconds(text, 10, 600, "expected 10 to 600 seconds")
    });
    let uses = reader.scalar("cec.token_uses", |text| match text.parse() {
        Ok(uses @ 1..=4u8) => Ok(uses),
        _ => Err("expected 1 to 4 uses"),
    });
    TokenPolicy { lifetime: lifetime.unwrap_or(Duration::from_secs(120)), uses: uses.unwrap_or(1) }
}

fn signer(reader: &mut Reader, file: Option<&Path>, channel: Option<&str>) -> Option<Signer> {
    let access_key = reader.optional("cec.access_key", values::vendor_id);
    let secret_key = reader.secret_or_file("cec.secret_key", "cec.secret_key_file", file);
    let mut reading = Reading::default();
    for option in Reading::OPTIONS {
        // What the page really posts is not known here: only the four can be signed.
        if option != "payloadMembers" {
            let key = format!("signature.{}", Reading::key(option));
            reader.scalar(&key, |text| reading.set(option, text));
        }
    }
    let body_sample = reader.parsed("signature.body_sample", Some(BODY_SAMPLE), |text| {
        serde_json::from_str::<Members>(text)
            .map_err(|_| "expected a JSON object of what the page posts beside the four members")
    });
    Some(Signer {
        access_key: access_key.or_else(|| channel.map(str::to_owned))?,
        secret_key: secret_key?,
        reading,
        body_sample: body_sample?,
    })
}
