//! The shared store responds.

use calldock_server::store::Store;
use calldock_server::store::settings::StoreSettings;

use super::Running;
use crate::doctor::Context;
use crate::doctor::finding::{Finding, text};

const OF: &str = "store.kind";

/// Reports one row.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        if matches!(context.config.store, StoreSettings::Memory) {
            let found = text!("in memory: for one instance", "内存存储：仅供单实例使用");
            return vec![Finding::good(OF, found)];
        }
        let finding = match Store::open(&context.config.store).ready().await {
            Ok(()) => Finding::good(OF, text!("the store responds", "存储有响应")),
            Err(_) => Finding::failed(
                OF,
                text!("the store is unavailable", "无法访问存储"),
                text!(
                    "Check [store] (address, password, TLS), and that Redis runs and accepts this machine; until then each instance works with its own share of the limits.",
                    "请检查 [store]（地址、密码、TLS），并确认 Redis 正在运行且允许本机访问；在此之前各实例只按自己的份额工作。"
                ),
            ),
        };
        vec![finding]
    })
}
