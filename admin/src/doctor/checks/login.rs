//! A login for one agent: the host of its SdkURL must be one that the server hands out. Runs only with
//! `--agent`, because each run makes a login.

use super::Running;
use super::credentials::{api, failed, is_reached};
use crate::doctor::Context;
use crate::doctor::finding::{Finding, text};

const OF: &str = "tccc.sdk_hosts";

/// Reports one row.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let (Some(api), Some(agent)) = (api(context), &context.options.agent) else {
            return Vec::new();
        };
        if !is_reached(context) || context.has_failed("credentials") {
            return vec![Finding::after(OF, "credentials")];
        }
        vec![match api.login(agent).await {
            Ok(_) => Finding::good(
                OF,
                text!(
                    "the vendor gives a login, and its SdkURL is from an expected host",
                    "厂商返回登录信息，SdkURL 的主机在允许列表中"
                ),
            ),
            Err(failure) => failed(OF, failure),
        }]
    })
}
