//! What several instances share can be asked.

use super::Running;
use crate::config::StoreConfig;
use crate::doctor::Examination;
use crate::doctor::finding::{Finding, said};
use crate::store::Store;

const OF: &str = "store.kind";

/// One row.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        if matches!(exam.config.store, StoreConfig::Memory) {
            let found = said!("in memory: for one instance", "内存存储：仅供单实例使用");
            return vec![Finding::good(OF, found)];
        }
        let finding = match Store::open(&exam.config.store).ready().await {
            Ok(()) => Finding::good(OF, said!("the store answers", "存储有应答")),
            Err(_) => Finding::failed(
                OF,
                said!("the store cannot be asked", "无法访问存储"),
                said!(
                    "Check store.url or store.url_file (address, password, TLS), and that Redis runs and lets this machine in; until then every login that needs it is refused.",
                    "请检查 store.url 或 store.url_file（地址、密码、TLS），并确认 Redis 正在运行且允许本机访问；在此之前依赖它的登录都会被拒绝。"
                ),
            ),
        };
        vec![finding]
    })
}
