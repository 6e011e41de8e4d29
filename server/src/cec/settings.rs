//! `[cec]` and `[signature]`.

use std::time::Duration;

use calldock_signing::Members;
use calldock_signing::auth_v2::{Reading, Signer};

use super::Channel;
use crate::settings::{Reader, values};

/// One CEC channel, and how its visitors' identity is proved.
#[derive(Clone, Debug)]
pub struct CecSettings {
    /// Tenant and channel.
    pub channel: Channel,
    /// Where pages ask for a login.
    pub path: String,
    /// The kind of proof.
    pub mode: CecMode,
    /// Where CEC asks about tokens; served where the login mints them.
    pub validate_path: String,
}

impl CecSettings {
    /// Whether CEC will ask about tokens.
    pub fn mints_tokens(&self) -> bool {
        matches!(self.mode, CecMode::Token { .. })
    }
}

/// The guide's two modes, each with what it needs.
#[derive(Clone, Debug)]
pub enum CecMode {
    /// The CEC guide, chapter 1.
    Token {
        /// How long tokens live.
        lifetime: Duration,
        /// `cec.token_uses`; [`super::TokenPolicy::new`] says what counts.
        uses: Option<u8>,
    },
    /// The CEC guide, chapter 2.
    Authorization(Box<Signer>),
}

/// The route pages know.
pub const LOGIN: &str = "/calldock/v1/cec/login";
/// The guide's path for CEC's question (`docs/vendor/huawei.md` §5).
pub const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";
/// The default of `cec.token_lifetime`.
pub const LIFETIME: Duration = Duration::from_secs(120);
/// What `openChat` posts beside the four, in length at least: a locale has two letters, a time 13 digits.
const BODY_SAMPLE: &str = r#"{"locale":"zh","timestamp":1724036645678}"#;

#[derive(Clone)]
enum ModeName {
    Token,
    Authorization,
}

/// Reads both sections.
pub fn read(reader: &mut Reader) -> Option<CecSettings> {
    let tenant = reader.parsed("cec.tenant_space_id", None, values::vendor_id);
    let id = reader.parsed("cec.channel_config_id", None, values::vendor_id);
    let modes = [("token", ModeName::Token), ("authorization", ModeName::Authorization)];
    let mode = reader.choice("cec.mode", &modes, true);
    let mut validate_path = None;
    let mode = match mode {
        Some(ModeName::Token) => {
            validate_path = reader.optional("cec.validate_path", validate);
            Some(tokens(reader))
        }
        Some(ModeName::Authorization) => {
            signer(reader, id.as_deref()).map(Box::new).map(CecMode::Authorization)
        }
        None => {
            // What has not been read by now is of one mode.
            reader.pass_over(&["cec", "signature"]);
            None
        }
    };
    Some(CecSettings {
        channel: Channel { tenant: tenant?, id: id? },
        path: LOGIN.into(),
        mode: mode?,
        validate_path: validate_path.unwrap_or_else(|| VALIDATE.to_owned()),
    })
}

/// CEC's question has a path of its own.
fn validate(text: &str) -> Result<String, &'static str> {
    let path = values::path(text)?;
    let first = path.split('/').nth(1).unwrap_or_default();
    if matches!(first, "calldock" | "healthz" | "readyz" | "service-cloud" | "demo.json") {
        Err("expected a path that no other route of this server begins with")
    } else {
        Ok(path)
    }
}

fn tokens(reader: &mut Reader) -> CecMode {
    let lifetime = reader.seconds("cec.token_lifetime", 10..=600);
    let uses = reader.number("cec.token_uses", 1..=2, "uses");
    CecMode::Token { lifetime: lifetime.unwrap_or(LIFETIME), uses }
}

fn signer(reader: &mut Reader, channel: Option<&str>) -> Option<Signer> {
    let access_key = reader.optional("cec.access_key", values::vendor_id);
    let secret_key = reader.secret("cec.secret_key", values::credential);
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
    let access_key = access_key.or_else(|| channel.map(str::to_owned))?;
    Some(Signer { reading, body_sample: body_sample?, ..Signer::new(access_key, secret_key?) })
}
