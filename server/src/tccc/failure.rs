//! What may go wrong between this server and the vendor, and what to do about each.

use std::time::Duration;

use axum::http::StatusCode;
use calldock_contract::Code;

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
    let known = KNOWN.iter().find(|known| {
        code.strip_prefix(known.code).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
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

/// A code of the vendor's that is worth a remedy of its own.
struct Known {
    code: &'static str,
    status: StatusCode,
    meaning: &'static str,
    remedy: Remedy,
    retry_after: Option<u32>,
}

const fn known(code: &'static str, meaning: &'static str, remedy: Remedy) -> Known {
    Known { code, status: StatusCode::BAD_GATEWAY, meaning, remedy, retry_after: None }
}

const KNOWN: &[Known] = &[
    known(
        "AuthFailure.SignatureExpire",
        "the signature's time is more than 5 minutes away from the vendor's clock",
        CLOCK,
    ),
    known(
        "AuthFailure.SignatureFailure",
        "the signature does not fit the key",
        Remedy {
            en: "Check that tccc.secret_key belongs to tccc.secret_id and holds no stray character, and that no proxy changes the Host header on the way to tccc.endpoint.",
            zh: "请确认 tccc.secret_key 与 tccc.secret_id 配套且没有多余字符，并确认没有代理改写发往 tccc.endpoint 的 Host 请求头。",
        },
    ),
    known(
        "AuthFailure.SecretIdNotFound",
        "the key is not known, or is disabled",
        Remedy {
            en: "Check tccc.secret_id; create or enable the key in the vendor's console.",
            zh: "请检查 tccc.secret_id，并在厂商控制台创建或启用该密钥。",
        },
    ),
    known(
        "AuthFailure.TokenFailure",
        "the session token of the temporary credentials is not valid",
        Remedy {
            en: "Fetch new temporary credentials, or remove tccc.token if the key is a permanent one.",
            zh: "请重新获取临时密钥；若使用永久密钥，请删除 tccc.token。",
        },
    ),
    Known {
        status: StatusCode::FORBIDDEN,
        ..known(
            "InvalidParameterValue.AccountNotExist",
            "the agent does not exist in this contact centre",
            Remedy {
                en: "Add the agent to the contact centre with the same mail address, or correct the identity this server maps the visitor to.",
                zh: "请在呼叫中心以相同邮箱添加该客服，或修正本服务为该用户映射的身份。",
            },
        )
    },
    known(
        "InvalidParameterValue.InstanceNotExist",
        "the application does not exist",
        Remedy {
            en: "Check tccc.sdk_app_id, and that tccc.endpoint and tccc.region are of the site (China or international) the application was made on.",
            zh: "请检查 tccc.sdk_app_id，并确认 tccc.endpoint 与 tccc.region 属于创建该应用的站点（国内或国际）。",
        },
    ),
    known(
        "FailedOperation.PermissionDenied",
        "the key may not do this",
        Remedy {
            en: "Give the key's account the right to call CreateSDKLoginToken and CreateUserSig for this application.",
            zh: "请为该密钥所属账号授予对此应用调用 CreateSDKLoginToken 与 CreateUserSig 的权限。",
        },
    ),
    known(
        "LimitExceeded.InsufficientLicense",
        "there are not enough licences",
        Remedy {
            en: "Buy more agent licences, or take one from an agent who no longer needs it.",
            zh: "请增购客服许可，或收回不再使用的客服许可。",
        },
    ),
    known(
        "LimitExceeded.BasePackageExpired",
        "the contact centre's package has expired",
        Remedy {
            en: "Renew the contact centre's package in the vendor's console.",
            zh: "请在厂商控制台续费呼叫中心套餐。",
        },
    ),
    Known {
        status: StatusCode::SERVICE_UNAVAILABLE,
        // The limit is 20 requests per second (vendor/tccc.md §4): the next second has room.
        retry_after: Some(1),
        ..known(
            "RequestLimitExceeded",
            "too many requests within one second",
            Remedy {
                en: "Try again in a second; the vendor takes 20 requests a second.",
                zh: "请一秒后重试；厂商限制每秒 20 次请求。",
            },
        )
    },
];

const CROWDED: Remedy = Remedy {
    en: "Try again after the seconds Retry-After names; if it keeps happening, ask the vendor for more requests a second and raise tccc.requests_per_second.",
    zh: "请在 Retry-After 所示秒数后重试；若反复出现，请向厂商申请更高的每秒请求数，并调大 tccc.requests_per_second。",
};

const CLOCK: Remedy = Remedy {
    en: "Set the clock of the machine calldock-server runs on, for example by NTP; it is off by more than 5 minutes.",
    zh: "请校准运行 calldock-server 的机器的时钟（例如使用 NTP），其误差已超过 5 分钟。",
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
