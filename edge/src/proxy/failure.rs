//! What is reported where a request does not reach CEC, or CEC's response cannot be relayed.

use std::error::Error;

use axum::http::StatusCode;
use calldock_contract::Code;
use calldock_service::Full;
use http_body_util::LengthLimitError;

use crate::metrics::{Failed, Metrics};
use calldock_service::problem::{Refusal, Remedy};

const UNREACHABLE: Remedy = Remedy {
    en: "Try again; if it keeps failing, check that calldock-edge can reach cec.origin: name resolution, firewall, proxy.",
    zh: "请重试；若仍失败，请检查 calldock-edge 能否访问 cec.origin：域名解析、防火墙与代理。",
};
const REQUEST: Remedy = Remedy {
    en: "Check the address, the method and the headers of the request; and what the gateway in front changes.",
    zh: "请检查请求的地址、方法与请求头，以及前置网关对请求的改写。",
};
const BUSY: Remedy = Remedy { en: "Try again in a few seconds.", zh: "请数秒后重试。" };
const SHARED_ADDRESS: Remedy = Remedy {
    en: "Close another chat, then try again. If many people share that address or network, list the gateway in listen.gateways or raise the limit.",
    zh: "请关闭其他会话后重试。若多人共用该地址或网段，请在 listen.gateways 中列出网关，或调大该上限。",
};

/// The request's form is not one that edge relays.
pub fn malformed(detail: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidOption, detail).with_remedy(REQUEST)
}

/// Nothing is served at this path.
pub fn not_found() -> Refusal {
    let detail = "calldock-edge serves only what lies below /service-cloud.";
    Refusal::new(
        StatusCode::NOT_FOUND,
        Code::InvalidOption,
        detail).with_remedy(Remedy {
            en: "Send only /service-cloud (with edge.prefix before it) to calldock-edge, and /calldock to calldock-server.",
            zh: "请仅将 /service-cloud（含 edge.prefix 前缀）转发给 calldock-edge，将 /calldock 转发给 calldock-server。",
        })
}

/// CEC sent nothing in time.
pub fn timed_out(metrics: &Metrics) -> Refusal {
    metrics.failed(Failed::Timeout);
    tracing::warn!("cec_timeout");
    let detail = "CEC's domain did not respond in time.";
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, detail)
        .with_remedy(UNREACHABLE)
        .with_retry_after(2)
}

/// The request failed: its body was too large, or CEC could not be reached.
pub fn unreachable(error: &reqwest::Error, body_bytes: u64, metrics: &Metrics) -> Refusal {
    let causes = || std::iter::successors(error.source(), |&cause| cause.source());
    if causes().any(|cause| cause.is::<LengthLimitError>()) {
        return too_large(body_bytes);
    }
    // The only such cause is the page's body.
    if causes().any(|cause| cause.is::<axum::Error>()) {
        return malformed("The body: expected all of it, found that it broke off.");
    }
    if error.is_timeout() {
        return timed_out(metrics);
    }
    metrics.failed(Failed::Unreachable);
    // The outer errors quote the address, whose query may hold a token; the innermost cause does not.
    let cause = causes().last().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    tracing::warn!(cause, "cec_unreachable");
    let detail = "CEC's domain could not be reached.";
    Refusal::new(StatusCode::BAD_GATEWAY, Code::Network, detail).with_remedy(UNREACHABLE)
}

/// CEC's response cannot be relayed.
pub fn invalid_response(what: &'static str, metrics: &Metrics) -> Refusal {
    metrics.failed(Failed::InvalidResponse);
    tracing::warn!(what, "cec_response_invalid");
    let detail = format!("CEC's response: {what}.");
    Refusal::new(StatusCode::BAD_GATEWAY, Code::VendorRejected, detail).with_remedy(Remedy {
        en: "Check that cec.origin is CEC's domain; if it is, show this to the vendor's support.",
        zh: "请确认 cec.origin 是云客服域名；若无误，请联系厂商技术支持。",
    })
}

/// The request's body is too large.
pub fn too_large(body_bytes: u64) -> Refusal {
    let detail = format!("The body: expected at most {body_bytes} bytes, found more.");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidOption, detail).with_remedy(Remedy {
        en: "Send a smaller file; the operator may raise edge.body_mib.",
        zh: "请发送更小的文件；运维人员可调大 edge.body_mib。",
    })
}

/// No slot was free. `key` is the setting of the total; its limit per address has the same name with
/// `_per_address`.
pub fn full(full: Full, what: &str, key: &'static str) -> Refusal {
    let (limit, key) = match full {
        Full::Total => return busy(format!("Too many {what} are open (see {key}).")),
        Full::Address => ("Too many", format!("of one address are open (see {key}_per_address)")),
        Full::Network => {
            ("More than its share of", format!("are open from one /24 or /48 (see {key})"))
        }
    };
    let detail = format!("{limit} {what} {key}.");
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::TooMany, detail)
        .with_remedy(SHARED_ADDRESS)
        .with_retry_after(2)
}

/// The process is stopping.
pub fn stopping() -> Refusal {
    busy("calldock-edge is stopping.")
}

fn busy(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Network, detail)
        .with_remedy(BUSY)
        .with_retry_after(2)
}
