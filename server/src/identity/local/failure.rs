//! Failures of the accounts as HTTP responses.

use axum::http::StatusCode;
use calldock_accounts::{Failure, strength};
use calldock_contract::Code;

use crate::problem::{Refusal, Remedy};
use crate::queue::seconds;

/// Describes a failure for the page, and logs what the operator should know.
pub fn refusal(failure: Failure) -> Refusal {
    match failure {
        Failure::SignedOut => signed_out(),
        Failure::WrongPassword => {
            tracing::info!("a sign-in failed");
            let detail = "The user or the password is wrong.";
            Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
                en: "Check both and try again; the operator can set a new password with `calldock-admin account password`.",
                zh: "请核对后重试；运维人员可用 `calldock-admin account password` 设置新密码。",
            })
        }
        Failure::TooManySignIns(wait) => {
            let seconds = seconds(wait);
            tracing::warn!(seconds, "a sign-in is locked out");
            let detail = "Too many sign-ins for this user or from this network.";
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::LoginFailed, detail)
                .with_remedy(Remedy {
                    en: "Wait as long as Retry-After says, then try again.",
                    zh: "请等待 Retry-After 所示的时间后重试。",
                })
                .with_retry_after(seconds)
        }
        Failure::WeakPassword => {
            let detail = format!("The new password is too weak: {}.", strength::EXPECTED);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Refusal::new(status, Code::InvalidOption, detail).with_remedy(Remedy {
                en: "Choose a longer one, of unrelated words.",
                zh: "请使用更长的密码，例如几个互不相关的词语，且不要包含自己的姓名或账号。",
            })
        }
        Failure::Busy => {
            let detail = "Too many users sign in at the same time.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::LoginFailed, detail)
                .with_remedy(Remedy {
                    en: "Try again in a few seconds.", zh: "请数秒后重试。"
                })
                .with_retry_after(Some(5))
        }
        Failure::Store(error) => {
            tracing::warn!(%error, "a session could not be read or kept");
            let detail = "The shared store (Redis) is unavailable.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::LoginFailed, detail)
                .with_remedy(Remedy {
                    en: "Try again in a few seconds. Operator: check [store] of the configuration, and that Redis runs.",
                    zh: "请数秒后重试。运维人员请检查服务端配置的 [store]，并确认 Redis 正在运行。",
                })
                .with_retry_after(Some(2))
        }
        Failure::Database(_) | Failure::System(_) => {
            tracing::error!(error = %failure, "the accounts failed");
            Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// The request has no session, or it has ended.
pub fn signed_out() -> Refusal {
    let detail = "No user is signed in.";
    Refusal::new(StatusCode::UNAUTHORIZED, Code::LoginFailed, detail).with_remedy(Remedy {
        en: "Sign in with POST /calldock/v1/session first, from a page of the same origin.",
        zh: "请先在同源页面通过 POST /calldock/v1/session 登录。",
    })
}
