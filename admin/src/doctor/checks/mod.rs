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
use std::time::Duration;

use calldock_server::problem::Remedy;

use super::Context;
use super::finding::{Finding, text};

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
pub static CHECKS: [Check; 11] = [
    check("configuration", "configuration", "配置", configuration::run),
    check("reach", "vendor reachable", "可访问厂商", reach::run),
    check("clock", "clock", "时钟", clock::run),
    check("credentials", "credentials", "密钥", credentials::run),
    check("login", "agent login", "坐席登录", login::run),
    check("store", "store", "存储", store::run),
    check("identity", "authenticator", "身份", identity::run),
    check("proxy", "CEC under the site", "站点下的云客服", under_site::run),
    check("cookie", "CEC's cookie", "云客服 cookie", cookie::run),
    check("edge", "edge", "边缘代理", refused::run),
    check("callback", "callback", "回调", callback::run),
];

/// The deadline of one check.
const DEADLINE: Duration = Duration::from_secs(20);
/// The deadline of all checks together.
const DEADLINE_OF_ALL: Duration = Duration::from_secs(60);

/// Runs all checks in order, each within its deadline.
pub async fn run(context: &Context) -> Vec<(&'static Check, Finding)> {
    let end = tokio::time::Instant::now() + DEADLINE_OF_ALL;
    let mut rows = Vec::new();
    for check in &CHECKS {
        let deadline = end.min(tokio::time::Instant::now() + DEADLINE);
        let findings = match tokio::time::timeout_at(deadline, (check.run)(context)).await {
            Ok(findings) => findings,
            Err(_) => vec![late(check)],
        };
        if findings.iter().any(Finding::is_failed) {
            context.set_failed(check.name);
        }
        rows.extend(findings.into_iter().map(|finding| (check, finding)));
    }
    rows
}

fn late(check: &Check) -> Finding {
    Finding::failed(
        check.name,
        text!("the check did not end in time", "未在时限内完成"),
        text!(
            "Try again; if it keeps happening, find out what is slow between this machine and the vendor.",
            "请重试；若反复出现，请查找本机与厂商之间的缓慢环节。"
        ),
    )
}
