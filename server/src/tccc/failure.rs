//! What may go wrong between this server and the vendor, and what to do about each.

use std::time::Duration;

use axum::http::StatusCode;
use calldock_contract::Code;

use super::known::{self, CLOCK};
use super::pacer::Overfull;
use super::transport::TransportError;
use crate::problem::{Refusal, Remedy};

/// Why a call to the vendor gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Too many others were waiting for the vendor's pace; there is room again after this time.
    Overfull(Duration),
    /// It could not be signed; says why.
    Unsigned(&'static str),
    /// It did not come back.
    Transport(TransportError),
    /// It came back in another form than the vendor's.
    Malformed {
        /// The HTTP status.
        status: u16,
        /// The form it had.
        found: &'static str,
    },
    /// The login came back, and the page must not be given it; says why.
    Unusable(&'static str),
    /// The vendor said no.
    Rejected(Rejection),
}

/// The vendor's error envelope without its free text, which may repeat what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// For example `AuthFailure.SignatureExpire`; nothing if it is not of that form.
    pub code: Option<String>,
    /// What the vendor's support asks for.
    pub request_id: Option<String>,
}

impl Failure {
    /// What is counted of it.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Overfull(_) => "queue",
            Self::Unsigned(_) => "unsigned",
            Self::Transport(TransportError::Timeout) => "timeout",
            Self::Transport(TransportError::Unreachable) => "unreachable",
            Self::Transport(TransportError::TooLarge) | Self::Malformed { .. } => "malformed",
            Self::Unusable(_) => "unusable",
            Self::Rejected(_) => "rejected",
        }
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl From<Overfull> for Failure {
    fn from(Overfull(wait): Overfull) -> Self {
        Self::Overfull(wait)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let bad_gateway = |code, detail: &str| Self::new(StatusCode::BAD_GATEWAY, code, detail);
        match failure {
            Failure::Overfull(wait) => {
                let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Code::LoginFailed,
                    "More calls to the vendor are waiting than the vendor takes within tccc.queue_deadline.",
                )
                .with_remedy(CROWDED)
                .with_retry_after(Some(seconds.max(1)))
            }
            Failure::Unsigned(why) => {
                let detail = format!("The call to the vendor could not be signed: {why}.");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
                    .with_remedy(CLOCK)
            }
            Failure::Transport(TransportError::Timeout) => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                Code::Timeout,
                "The vendor's cloud API did not answer in time.",
            )
            .with_remedy(UNREACHABLE),
            Failure::Transport(TransportError::Unreachable) => {
                bad_gateway(Code::Network, "The vendor's cloud API could not be reached.")
                    .with_remedy(UNREACHABLE)
            }
            Failure::Transport(TransportError::TooLarge) => bad_gateway(
                Code::LoginFailed,
                "The vendor's cloud API: expected a short JSON answer, found more than 64 KiB.",
            )
            .with_remedy(ENDPOINT),
            Failure::Malformed { status, found } => bad_gateway(
                Code::LoginFailed,
                &format!(
                    "The vendor's cloud API: expected its JSON envelope, found {found} (HTTP {status})."
                ),
            )
            .with_remedy(ENDPOINT),
            Failure::Unusable(why) => bad_gateway(
                Code::LoginFailed,
                &format!("The vendor's answer was not passed on: {why}."),
            )
            .with_remedy(ENDPOINT),
            Failure::Rejected(rejection) => rejected(&rejection),
        }
    }
}

fn rejected(rejection: &Rejection) -> Refusal {
    let code = rejection.code.as_deref().unwrap_or("an error without a code");
    let known = known::find(code);
    let mut detail = format!("The vendor answered {code}");
    if let Some(known) = known {
        detail.push_str(": ");
        detail.push_str(known.meaning);
    }
    if let Some(id) = &rejection.request_id {
        detail.push_str(" (RequestId ");
        detail.push_str(id);
        detail.push(')');
    }
    detail.push('.');
    let (status, remedy, retry_after) = match known {
        Some(known) => (known.status, known.remedy, known.retry_after),
        None => (StatusCode::BAD_GATEWAY, SUPPORT, None),
    };
    Refusal::new(status, Code::VendorRejected, detail)
        .with_remedy(remedy)
        .with_retry_after(retry_after)
}

const CROWDED: Remedy = Remedy {
    en: "Try again after the seconds Retry-After names; if it keeps happening, ask the vendor for more requests a second and raise tccc.requests_per_second.",
    zh: "请在 Retry-After 所示秒数后重试；若反复出现，请向厂商申请更高的每秒请求数，并调大 tccc.requests_per_second。",
};

const UNREACHABLE: Remedy = Remedy {
    en: "Try again; if it keeps happening, check that calldock-server can reach tccc.endpoint: name resolution, firewall, proxy.",
    zh: "请重试；若反复出现，请检查 calldock-server 能否访问 tccc.endpoint：域名解析、防火墙与代理。",
};

const ENDPOINT: Remedy = Remedy {
    en: "Check that tccc.endpoint is the vendor's cloud API itself, and that no proxy or login page answers in its place.",
    zh: "请确认 tccc.endpoint 就是厂商的云 API 地址，且没有代理或登录页代为应答。",
};

const SUPPORT: Remedy = Remedy {
    en: "Look the vendor's code up in its documentation of the cloud API, or give the RequestId to its support.",
    zh: "请在厂商云 API 文档中查询该错误码，或将 RequestId 提供给厂商技术支持。",
};
