//! What `--demo` uses instead of a configuration: made-up credentials, known to the vendor's stand-in and to
//! no one else. Only [`crate::cli`] comes here, and only with the flag set.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use calldock_service::Place;
use calldock_signing::auth_v2::Signer;
use url::Url;

use crate::address::{self, PlainHttp};
use crate::cec::settings::{CecMode, CecSettings, LOGIN, VALIDATE};
use crate::cec::{self, Channel, TokenPolicy};
use crate::config::Config;
use crate::http::App;
use crate::http::browser::BrowserPolicy;
use crate::http::routes::cec_login::CecState;
use crate::http::settings::{CallbackSettings, HttpSettings, usual_listen};
use crate::identity::visitors::{VisitorKind, VisitorSettings};
use crate::identity::{AgentId, Agents, Visitor};
use crate::observe::LogFormat;
use crate::observe::audit::{AuditSettings, Target};
use crate::queue::settings::QueueSettings;
use crate::settings::values::{
    DEMO_CEC_SECRET_KEY as CEC_SECRET_KEY, DEMO_SECRET_ID as SECRET_ID,
    DEMO_SECRET_KEY as SECRET_KEY,
};
use crate::start::{Kept, StartError};
use crate::store::settings::StoreSettings;
use crate::tccc::credentials::{CredentialSource, Credentials};
use crate::tccc::hosts::Hosts;
use crate::tccc::settings::{ChatSettings, TcccSettings};

const SDK_APP_ID: u64 = 1_400_000_000;
const AGENT: &str = "agent@example.com";

/// The CEC guide's tenant, and the channel and key of the public golden vectors.
const TENANT: &str = "202007159031";
const CHANNEL: &str = "817854979183314945";

/// CEC's Token mode in the demo; [`LOGIN`] is the Authorization mode, so that both are there at once.
pub const TOKEN_LOGIN: &str = "/calldock/v1/cec/login/token";
/// The same as [`LOGIN`], under a name that says so.
pub const AUTHORIZATION_LOGIN: &str = "/calldock/v1/cec/login/authorization";

/// More customers of the demo, in both modes, each under a name at the end of the mode's path: the name of
/// the guides, and one that breaks a page which builds source text from it.
pub const OFFERED: [(&str, &str, &str); 2] = [
    ("liu", "10010002", "刘先生"),
    ("nasty", "O'Brien/1", "O'Brien \"x\" </script> \u{2028} \u{1f600}"),
];

/// The chat guide's web application, and its sample's texts about the visitor.
const WEB_APP_ID: &str = "9903496b6be2e67ad291dd2323f3ae9f";
const PEER_SOURCE: &str = "XX商城";
const EXTRA: [(&str, &str); 3] = [
    ("extra_phoneNumber", "15813812110"),
    ("extra_ID", "611551555111XXX"),
    ("extra_questionGroup", "投诉"),
];

/// The default address of the demo.
pub const LISTEN: &str = "127.0.0.1:8700";

/// The default address of the vendor's stand-in.
pub const VENDOR: &str = "http://127.0.0.1:8701";

/// Makes the demo's configuration. Every caller is the one agent and the one customer, so it listens on this
/// machine only.
///
/// # Errors
/// One sentence: the listener or the vendor is not on this machine.
pub fn config(listen: SocketAddr, vendor: &Url) -> Result<Config, &'static str> {
    if !listen.ip().is_loopback() {
        return Err(
            "--listen: with --demo expected an address of this machine only, like 127.0.0.1:8700",
        );
    }
    if !address::is_loopback(vendor) {
        return Err(
            "--vendor: with --demo expected an address on this machine, like http://127.0.0.1:8701",
        );
    }
    let mut listener = usual_listen();
    listener.address = Place::Address(listen);
    listener.drain = Duration::ZERO;
    // All requests come from this machine; a demo must not be stopped by its own limits.
    listener.connections.per_address = listener.connections.total;
    Ok(Config {
        http: HttpSettings {
            listen: listener,
            operator: None,
            browser: BrowserPolicy { loopback_names_only: true, ..BrowserPolicy::default() },
            callback: CallbackSettings::default(),
        },
        log: LogFormat::Text,
        audit: AuditSettings { target: Target::Off, ..AuditSettings::default() },
        key: None,
        store: StoreSettings::Memory,
        queue: QueueSettings { failures: None, ..QueueSettings::default() },
        tccc: Some(TcccSettings {
            endpoint: vendor.clone(),
            region: None,
            sdk_app_id: SDK_APP_ID,
            credentials: CredentialSource::Fixed(Credentials {
                secret_id: SECRET_ID.into(),
                secret_key: SECRET_KEY.into(),
                token: None,
            }),
            only_once: false,
            sdk_hosts: Hosts::default(),
            plain_http: PlainHttp::OnLoopback,
        }),
        chat: Some(chat()),
        cec: Some(CecSettings {
            channel: channel(),
            path: TOKEN_LOGIN.into(),
            mode: CecMode::Token { lifetime: LIFETIME, uses: None },
            validate_path: VALIDATE.into(),
        }),
        agents: Some(Agents::Fixed(AgentId::parse(AGENT)?)),
        visitors: Some(fixed("zhangsan", "张三")),
    })
}

/// How long the demo's tokens live.
const LIFETIME: Duration = Duration::from_secs(120);

/// Builds the demo's routes: the configuration's, and both of CEC's modes for several customers at once.
///
/// # Errors
/// [`StartError`].
pub fn app(kept: &mut Kept, config: Config) -> Result<App, StartError> {
    let mut app = kept.app(config)?;
    let Some((_, first)) = app.cec.pop() else { return Ok(app) };
    let tokens = kept.tokens(TokenPolicy::new(LIFETIME, None, false));
    if let Some((_, validate)) = &mut app.validate {
        *validate = Arc::new(kept.question(tokens.clone()));
    }
    let token = || cec::Login::token(channel(), tokens.clone());
    let signer = || Signer::new(CHANNEL.to_owned(), CEC_SECRET_KEY.into());
    let signed = || cec::Login::authorization(channel(), signer());
    let guest = || VisitorKind::Guest { name: "Guest".to_owned() };
    let mut logins: Vec<(String, cec::Login, VisitorSettings)> = vec![
        (LOGIN.into(), signed(), guest()),
        (AUTHORIZATION_LOGIN.into(), signed(), guest()),
        (TOKEN_LOGIN.into(), token(), fixed("10010001", "Tom")),
    ];
    for (path, id, name) in OFFERED {
        logins.push((format!("{AUTHORIZATION_LOGIN}/{path}"), signed(), fixed(id, name)));
        logins.push((format!("{TOKEN_LOGIN}/{path}"), token(), fixed(id, name)));
    }
    for (path, logins, visitors) in logins {
        let who = kept.visitors(visitors)?;
        let (budget, access) = (first.budget.clone(), Arc::clone(&first.access));
        app.cec.push((path, Arc::new(CecState { logins, who, budget, access })));
    }
    Ok(app)
}

/// The chat of the chat guide, for its signed-in customer.
fn chat() -> ChatSettings {
    ChatSettings {
        web_app_id: WEB_APP_ID.into(),
        peer_source: PEER_SOURCE.into(),
        extra: EXTRA.map(|(name, value)| (name.into(), value.into())).into(),
        allowed_fields: vec!["extra_orderId".into()],
        expires_in: Duration::from_secs(3600),
    }
}

fn channel() -> Channel {
    Channel { tenant: TENANT.into(), id: CHANNEL.into() }
}

fn fixed(id: &str, name: &str) -> VisitorSettings {
    VisitorKind::Fixed(Visitor { id: id.into(), name: name.into() })
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
