//! What may go wrong between this server and the vendor, and what to do about each.

use axum::http::StatusCode;
use calldock_contract::Code;
use calldock_contract::tables::cloud_errors::{self, CLOCK, Fix};

use super::credentials::NoCredentials;
use super::transport::TransportError;
use crate::problem::{Refusal, Remedy};

/// Why a call to the vendor gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There are no credentials to sign it with; has the reason.
    NoCredentials(NoCredentials),
    /// It could not be signed; has the reason.
    Unsigned(&'static str),
    /// There was no response.
    Transport(TransportError),
    /// It came back in another form than the vendor's.
    Malformed {
        /// The HTTP status.
        status: u16,
        /// The form it had.
        found: &'static str,
    },
    /// The login was received and must not be passed to the page; has the reason.
    Unusable(&'static str),
    /// SdkURL is at a host that is not listed; has the host and the line to add.
    SdkHost(String),
    /// The vendor refused the request.
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
            Self::NoCredentials(_) => "no-credentials",
            Self::Unsigned(_) => "unsigned",
            Self::Transport(TransportError::Timeout) => "timeout",
            Self::Transport(TransportError::Unreachable) => "unreachable",
            Self::Transport(TransportError::TooLarge) | Self::Malformed { .. } => "malformed",
            Self::Unusable(_) | Self::SdkHost(_) => "unusable",
            Self::Rejected(_) => "rejected",
        }
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let bad_gateway = |code, detail: &str| Self::new(StatusCode::BAD_GATEWAY, code, detail);
        match failure {
            Failure::NoCredentials(NoCredentials(why)) => {
                let detail = format!("There are no credentials to sign with: {why}.");
                bad_gateway(Code::LoginFailed, &detail).with_remedy(ROLE)
            }
            Failure::Unsigned(why) => {
                let detail = format!("The call to the vendor could not be signed: {why}.");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
                    .with_remedy(remedy(CLOCK))
            }
            Failure::Transport(TransportError::Timeout) => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                Code::Timeout,
                "The vendor's cloud API did not respond in time.",
            )
            .with_remedy(UNREACHABLE),
            Failure::Transport(TransportError::Unreachable) => {
                bad_gateway(Code::Network, "The vendor's cloud API could not be reached.")
                    .with_remedy(UNREACHABLE)
            }
            Failure::Transport(TransportError::TooLarge) => bad_gateway(
                Code::LoginFailed,
                "The vendor's cloud API: expected a short JSON response, found a longer response than the action has.",
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
                &format!("The vendor's response was not passed on: {why}."),
            )
            .with_remedy(ENDPOINT),
            Failure::SdkHost(found) => bad_gateway(
                Code::LoginFailed,
                &format!("SdkURL is at a host that is not listed: {found}."),
            )
            .with_remedy(HOST),
            Failure::Rejected(rejection) => rejected(&rejection),
        }
    }
}

fn rejected(rejection: &Rejection) -> Refusal {
    let code = rejection.code.as_deref().unwrap_or("an error without a code");
    let known = cloud_errors::find(code);
    let mut detail = format!("The vendor responded {code}");
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
    let (status, fix, retry_after) = match known {
        Some(known) => {
            let status = StatusCode::from_u16(known.status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, remedy(known.fix), known.retry_after)
        }
        None => (StatusCode::BAD_GATEWAY, SUPPORT, None),
    };
    Refusal::new(status, Code::VendorRejected, detail)
        .with_remedy(fix)
        .with_retry_after(retry_after)
}

fn remedy(Fix { en, zh }: Fix) -> Remedy {
    Remedy { en, zh }
}

const ROLE: Remedy = Remedy {
    en: "Check tccc.credentials and tccc.role; a key in tccc.secret_id and tccc.secret_key does without a role.",
    zh: "请检查 tccc.credentials 与 tccc.role；也可不使用角色，直接在 tccc.secret_id 和 tccc.secret_key 中配置密钥。",
};

const HOST: Remedy = Remedy {
    en: "Check that tccc.endpoint is the vendor's cloud API itself; if it is, add the host to tccc.sdk_hosts.",
    zh: "请确认 tccc.endpoint 就是厂商的云 API；若确认无误，请将该主机加入 tccc.sdk_hosts。",
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
