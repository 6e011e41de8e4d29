//! The checks, in the order in which they build on each other.
//!
//! * [`callback`]: the URL for CEC's questions about tokens refuses an invalid token.
//! * [`clock`]: this machine's clock against the vendors'.
//! * [`configuration`]: values that are allowed and may still be a mistake.
//! * [`cookie`]: CEC's cookie reaches a page and comes back.
//! * [`credentials`]: TCCC accepts the key.
//! * [`identity`]: the configured authenticators can be reached and refuse a made-up request.
//! * [`login`]: the SdkURL of a login is from an expected host.
//! * [`reach`]: the vendors' addresses respond.
//! * [`refused`]: header and cookie names that the edge refused.
//! * [`store`]: the shared store responds.
//! * [`under_site`]: CEC responds under the site's own origin.

pub mod callback;
pub mod clock;
pub mod configuration;
pub mod cookie;
pub mod credentials;
pub mod identity;
pub mod login;
pub mod reach;
pub mod refused;
pub mod store;
pub mod under_site;

use std::pin::Pin;

use calldock_server::problem::Remedy;

use super::Context;
use super::finding::Finding;

/// A running check: it returns a row for each thing it checked.
pub type Running<'a> = Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>;

/// A check.
pub struct Check {
    /// The name in JSON.
    pub name: &'static str,
    /// The name in the table.
    pub title: Remedy,
    /// Runs it.
    pub run: fn(&Context) -> Running<'_>,
}

const fn check(
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    run: fn(&Context) -> Running<'_>,
) -> Check {
    Check { name, title: Remedy { en, zh }, run }
}

/// All checks.
pub const CHECKS: [Check; 11] = [
    check("configuration", "configuration", "配置", configuration::run),
    check("reach", "vendor reachable", "可访问厂商", reach::run),
    check("clock", "clock", "时钟", clock::run),
    check("credentials", "credentials", "密钥", credentials::run),
    check("login", "agent login", "座席登录", login::run),
    check("store", "store", "存储", store::run),
    check("identity", "authenticator", "身份", identity::run),
    check("proxy", "CEC under the site", "站点下的云客服", under_site::run),
    check("cookie", "CEC's cookie", "云客服 cookie", cookie::run),
    check("edge", "edge", "边缘代理", refused::run),
    check("callback", "callback", "回调", callback::run),
];
