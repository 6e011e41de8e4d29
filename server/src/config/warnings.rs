//! What is allowed and may still be a mistake: said once, at the start.

use secrecy::ExposeSecret;

use super::{CecConfig, CecMode, Config, StoreConfig};
use crate::address;
use crate::identity::{Identity, Visitors};

impl Config {
    /// One sentence for each, without a value that may be secret.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.operator.is_some_and(|address| !address::is_private(address.ip())) {
            warnings.push(
                "operator.address is neither of this machine nor of a private network: let no stranger reach it",
            );
        }
        if self.listen.ip().is_loopback()
            && self.gateways.is_empty()
            && self.limits.per_address.is_some()
        {
            warnings.push(
                "listen.gateways is empty: to this server everybody who comes through a gateway on this machine is one caller, with one limit",
            );
        }
        if matches!(self.identity, Some(Identity::Fixed(_))) {
            warnings.push(
                "identity.kind is \"fixed\": whoever reaches this server logs in as that one agent",
            );
        }
        let logins = self.cec.iter().flat_map(|cec| &cec.logins);
        let chats = self.chat.iter().map(|chat| &chat.visitors);
        for visitors in logins.clone().map(|login| &login.visitors).chain(chats).take(1) {
            if let Visitors::Fixed(visitor) = visitors {
                warnings.push(
                    "visitor.kind is \"fixed\": whoever reaches this server chats as that one customer",
                );
                if visitor.has_long_id() {
                    warnings.push(
                        "visitor.user_id is longer than 64 bytes: a vendor may cut it or refuse it",
                    );
                }
            }
        }
        for login in logins {
            match &login.mode {
                CecMode::Authorization(signer) if !is_usual(signer.secret_key.expose_secret()) => {
                    warnings.push(
                        "cec.secret_key: the vendor's rule is 43 letters and digits, and this is something else",
                    );
                }
                CecMode::Token(policy) if policy.uses > 1 => warnings.push(
                    "cec.token_uses is more than 1: a token that leaks within its lifetime can be used",
                ),
                _ => {}
            }
        }
        if self.cec.as_ref().is_some_and(CecConfig::mints_tokens) {
            let by_certificate = self
                .callback
                .listener
                .as_ref()
                .is_some_and(|listener| listener.files.client_ca.is_some());
            if self.callback.callers.is_none() && !by_certificate {
                warnings.push(
                    "callback.callers is empty and there is no callback.client_ca_file: anybody who knows the path may ask about tokens",
                );
            }
            if matches!(self.store, StoreConfig::Memory) {
                warnings.push(
                    "store.kind is \"memory\": a token of one process is unknown to every other; for more than one use \"redis\"",
                );
            }
        }
        if let Some(proxy) = self.cec.as_ref().and_then(|cec| cec.proxy.as_ref())
            && u64::from(proxy.requests) + u64::from(proxy.websockets)
                >= self.rules.connections as u64
        {
            warnings.push(
                "cec.proxy_requests and cec.proxy_websockets together are not below listen.connections: when they are used up, logins find no place",
            );
        }
        if let StoreConfig::Redis(redis) = &self.store
            && redis.in_the_clear
        {
            warnings.push(
                "store.url begins with redis:// and is not of this machine: others on the way can read the password; use rediss://",
            );
        }
        warnings
    }
}

/// Seed 001, chapter 2: "长度为43，只能包含A-Z\ a-z\ 0-9"; another edition says "at most 43".
fn is_usual(secret: &str) -> bool {
    secret.len() == 43 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
