//! What is allowed and may still be a mistake: reported once, at the start and after a reload.

use std::net::IpAddr;

use secrecy::ExposeSecret;

use super::Config;
use crate::address;
use crate::cec::settings::CecMode;
use crate::identity::Agents;
use crate::identity::visitors::VisitorKind;
use crate::store::settings::StoreSettings;

impl Config {
    /// Returns one sentence for each, without a value that may be secret.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        let mut warn = |applies: bool, sentence| warnings.extend(applies.then_some(sentence));
        let listen = &self.http.listen;
        let is_at = |which: fn(&IpAddr) -> bool| {
            listen.address.address().is_some_and(|address| which(&address.ip()))
        };
        warn(
            self.http.operator.is_some_and(|address| !address::is_private(address.ip())),
            "operator.address is neither of this machine nor of a private network: unknown clients must not reach it",
        );
        warn(
            is_at(IpAddr::is_unspecified) && listen.gateways.is_empty(),
            "listen.address accepts connections from everywhere, without TLS: let only the gateway reach it, and list the gateway in listen.gateways",
        );
        warn(
            is_at(IpAddr::is_loopback) && listen.gateways.is_empty(),
            "listen.gateways is empty: all callers behind a gateway on this machine share one limit",
        );
        warn(
            matches!(self.agents, Some(Agents::Fixed(_))),
            "identity.kind is \"fixed\": every caller logs in as that one agent",
        );
        if let Some(VisitorKind::Fixed(visitor)) = &self.visitors {
            warn(true, "visitor.kind is \"fixed\": every caller chats as that one customer");
            warn(
                visitor.has_long_id(),
                "visitor.user_id is longer than 32 bytes: a vendor may cut or refuse it",
            );
        }
        let cec = self.cec.as_ref();
        if let Some(CecMode::Authorization(signer)) = cec.map(|cec| &cec.mode) {
            warn(
                !is_usual(signer.secret_key.expose_secret()),
                "cec.secret_key: the vendor's rule is 43 letters and digits, and this is something else",
            );
        }
        let mints = cec.is_some_and(|cec| cec.mints_tokens());
        warn(
            mints && !self.http.callback.knows_callers(),
            "callback.callers is empty and there is no callback.client_ca_file: any caller who knows the path may ask about tokens",
        );
        warn(
            self.key.is_none(),
            "key.secret is not set: guests, tokens and tickets are forgotten when this process ends, and no other instance knows them",
        );
        warn(
            matches!(&self.store, StoreSettings::Redis(redis) if redis.in_the_clear),
            "store.url begins with redis:// and is not of this machine: the password can be read on the way; use rediss://",
        );
        warnings
    }
}

/// The CEC guide, chapter 2: "长度为43，只能包含A-Z\\ a-z\\ 0-9"; another edition says "at most 43".
fn is_usual(secret: &str) -> bool {
    secret.len() == 43 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
