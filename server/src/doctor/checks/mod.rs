//! The checks, in the order in which they build on each other.
//!
//! * [`callback`]: CEC's question about a token is answered, and garbage is refused.
//! * [`clock`]: this machine's clock against the vendors'.
//! * [`configuration`]: what is allowed and may still be a mistake.
//! * [`cookie`]: CEC's cookie reaches a page and comes back.
//! * [`credentials`]: the key is TCCC's, by a call that only reads.
//! * [`identity`]: what knows who is asking can be asked.
//! * [`proxy`]: CEC answers under the context path.
//! * [`reach`]: the vendors' addresses answer.
//! * [`store`]: what several instances share can be asked.

pub mod callback;
pub mod clock;
pub mod configuration;
pub mod cookie;
pub mod credentials;
pub mod identity;
pub mod proxy;
pub mod reach;
pub mod store;

use std::future::Future;
use std::pin::Pin;

use super::Examination;
use super::finding::Finding;
use crate::problem::Remedy;

/// What a check gives: a row for each thing it looked at, none if there was nothing to look at.
pub type Running<'a> = Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>;

/// A check.
pub struct Check {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name in the table.
    pub title: Remedy,
    /// Looks.
    pub run: fn(&Examination) -> Running<'_>,
}

const fn check(
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    run: fn(&Examination) -> Running<'_>,
) -> Check {
    Check { name, title: Remedy { en, zh }, run }
}

/// All of them.
pub const CHECKS: [Check; 9] = [
    check("configuration", "configuration", "配置", configuration::run),
    check("reach", "vendor reached", "可访问厂商", reach::run),
    check("clock", "clock", "时钟", clock::run),
    check("credentials", "credentials", "密钥", credentials::run),
    check("store", "store", "存储", store::run),
    check("identity", "who is asking", "身份", identity::run),
    check("proxy", "CEC under the site", "站点下的云客服", proxy::run),
    check("cookie", "CEC's cookie", "云客服 cookie", cookie::run),
    check("callback", "callback", "回调", callback::run),
];
