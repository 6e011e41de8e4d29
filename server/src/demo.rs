//! What `--demo` puts in the place of a configuration: made-up credentials, known to the vendor's
//! stand-in and to nobody else. Only [`crate::cli`] comes here, and only with the flag set.

use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

use crate::address::{self, PlainHttp};
use crate::caller::Gateways;
use crate::cec::members::Members;
use crate::cec::tokens::TokenPolicy;
use crate::cec::{Channel, Reading, Signer};
use crate::config::{
    CallbackConfig, CecConfig, CecLoginConfig, CecMode, ChatConfig, Config, LOGIN, ProxyConfig,
    StoreConfig, TcccConfig, VALIDATE,
};
use crate::guard::BrowserPolicy;
use crate::identity::{AgentId, Identity, Visitor, Visitors};
use crate::limits::LimitsConfig;
use crate::listener::Rules;
use crate::observe::LogFormat;
use crate::tccc::{Credentials, Pace};

const SECRET_ID: &str = "AKIDdemo-calldock-not-a-secret";
const SECRET_KEY: &str = "demo-calldock-not-a-secret";
const SDK_APP_ID: u64 = 1_400_000_000;
const AGENT: &str = "agent@example.com";

/// Seed 001's tenant, and the channel and key of the public golden vectors.
const TENANT: &str = "202007159031";
const CHANNEL: &str = "817854979183314945";
const CEC_SECRET_KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";

/// Whether a text is one of the demo's secrets. They are published, so a configuration may not have them.
pub fn is_secret(text: &str) -> bool {
    [SECRET_ID, SECRET_KEY, CEC_SECRET_KEY].contains(&text)
}

/// CEC's Token mode in the demo; [`LOGIN`] is the Authorization mode, so that both are there at once.
pub const TOKEN_LOGIN: &str = "/calldock/v1/cec/login/token";
/// The same as [`LOGIN`], under a name that says so.
pub const AUTHORIZATION_LOGIN: &str = "/calldock/v1/cec/login/authorization";

/// Further customers the demo vouches for, in both modes, each under a name at the end of the mode's
/// path: the name of the seeds, and one that a careless page would trip over.
pub const OFFERED: [(&str, &str, &str); 2] = [
    ("liu", "10010002", "刘先生"),
    ("nasty", "O'Brien/1", "O'Brien \"x\" </script> \u{2028} \u{1f600}"),
];

/// Seed 000's web application, and what its sample tells of the visitor.
const WEB_APP_ID: &str = "9903496b6be2e67ad291dd2323f3ae9f";
const PEER_SOURCE: &str = "XX商城";
const EXTRA: [(&str, &str); 3] = [
    ("extra_phoneNumber", "15813812110"),
    ("extra_ID", "611551555111XXX"),
    ("extra_questionGroup", "投诉"),
];

/// Where the demo listens unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:8700";

/// Where the vendor's stand-in is unless told otherwise.
pub const VENDOR: &str = "http://127.0.0.1:8701";

/// The demo's configuration. Everyone is the one agent and the one customer, so nobody beyond this
/// machine may ask.
///
/// # Errors
/// One sentence: the listener or the vendor is not on this machine.
pub fn config(listen: SocketAddr, vendor: &Url) -> Result<Config, &'static str> {
    if !address::listens_on_loopback(listen) {
        return Err(
            "--listen: with --demo expected an address of this machine only, like 127.0.0.1:8700",
        );
    }
    if !address::is_loopback(vendor) {
        return Err(
            "--vendor: with --demo expected an address on this machine, like http://127.0.0.1:8701",
        );
    }
    Ok(Config {
        listen,
        gateways: Gateways::default(),
        operator: None,
        log: LogFormat::Text,
        rules: Rules::default(),
        limits: LimitsConfig::default(),
        tccc: Some(TcccConfig {
            endpoint: vendor.clone(),
            region: None,
            sdk_app_id: SDK_APP_ID,
            credentials: Credentials {
                secret_id: SECRET_ID.into(),
                secret_key: SECRET_KEY.into(),
                token: None,
            },
            only_once: false,
            pace: Pace::default(),
            plain_http: PlainHttp::OnLoopback,
        }),
        identity: Some(Identity::Fixed(AgentId::parse(AGENT)?)),
        chat: Some(chat()),
        cec: Some(cec(vendor)),
        callback: CallbackConfig::default(),
        store: StoreConfig::Memory,
        browser: BrowserPolicy { allowed_origins: Vec::new(), loopback_names_only: true },
    })
}

/// The chat of seed 000, for its signed-in customer.
fn chat() -> ChatConfig {
    ChatConfig {
        web_app_id: WEB_APP_ID.into(),
        peer_source: PEER_SOURCE.into(),
        extra: EXTRA.map(|(name, value)| (name.into(), value.into())).into(),
        allowed_fields: vec!["extra_orderId".into()],
        expires_in: Duration::from_secs(3600),
        visitors: fixed("zhangsan", "张三"),
    }
}

/// Both modes of seed 001: the signature for guests, the token for its signed-in customer.
fn cec(vendor: &Url) -> CecConfig {
    let signer = Signer {
        access_key: CHANNEL.into(),
        secret_key: CEC_SECRET_KEY.into(),
        reading: Reading::default(),
        body_sample: Members::default(),
    };
    let login = |path: String, mode, visitors| CecLoginConfig { path, mode, visitors };
    let guest = || Visitors::Guest { name: "Guest".into() };
    let signed = || CecMode::Authorization(signer.clone());
    let token = || CecMode::Token(TokenPolicy { lifetime: Duration::from_secs(120), uses: 1 });
    let mut logins = vec![
        login(LOGIN.into(), signed(), guest()),
        login(AUTHORIZATION_LOGIN.into(), signed(), guest()),
        login(TOKEN_LOGIN.into(), token(), fixed("10010001", "Tom")),
    ];
    for (path, id, name) in OFFERED {
        logins.push(login(format!("{AUTHORIZATION_LOGIN}/{path}"), signed(), fixed(id, name)));
        logins.push(login(format!("{TOKEN_LOGIN}/{path}"), token(), fixed(id, name)));
    }
    CecConfig {
        channel: Channel { tenant: TENANT.into(), id: CHANNEL.into() },
        logins,
        validate_path: VALIDATE.into(),
        proxy: Some(ProxyConfig {
            plain_http: PlainHttp::OnLoopback,
            ..ProxyConfig::to(vendor.clone())
        }),
    }
}

fn fixed(id: &str, name: &str) -> Visitors {
    Visitors::Fixed(Visitor { id: id.into(), name: name.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_stays_on_this_machine() {
        let vendor = Url::parse(VENDOR).unwrap();
        let here = address::listen(LISTEN).unwrap();
        assert!(config(here, &vendor).is_ok());
        for listen in ["0.0.0.0:8700", "[::]:8700", "192.0.2.1:8700"] {
            assert!(config(listen.parse().unwrap(), &vendor).is_err(), "{listen}");
        }
        assert!(config(here, &Url::parse("https://ccc.tencentcloudapi.com").unwrap()).is_err());
    }
}
