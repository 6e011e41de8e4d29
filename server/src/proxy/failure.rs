//! What is said where CEC was not reached, or would not be.

use std::error::Error;

use axum::http::StatusCode;
use calldock_contract::Code;
use http_body_util::LengthLimitError;

use super::tunnels::Full;
use crate::observe::metrics;
use crate::problem::{Refusal, Remedy};

/// CEC said nothing in time.
pub fn unanswered() -> Refusal {
    metrics::proxy_failed("timeout");
    tracing::warn!("CEC did not answer in time");
    let detail = "CEC's domain did not answer in time.";
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, detail).with_remedy(UNREACHABLE)
}

/// A request that came to nothing: what it carried was too much, or CEC was not there.
pub fn unreached(error: &reqwest::Error, body_limit: u64) -> Refusal {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    if causes.any(|cause| cause.is::<LengthLimitError>()) {
        return too_much(body_limit);
    }
    // The outer errors quote the address, whose query may hold a token; the innermost cause does not.
    let cause = std::iter::successors(error.source(), |&cause| cause.source()).last();
    let cause = cause.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    tracing::warn!(timeout = error.is_timeout(), cause, "a request to CEC failed");
    if error.is_timeout() {
        return unanswered();
    }
    metrics::proxy_failed("unreachable");
    let detail = "CEC's domain could not be reached.";
    Refusal::new(StatusCode::BAD_GATEWAY, Code::Network, detail).with_remedy(UNREACHABLE)
}

/// CEC's answer is not one to hand on.
pub fn unfit(what: &'static str) -> Refusal {
    tracing::warn!(what, "an answer of CEC's cannot be handed on");
    let detail = format!("CEC's answer: {what}.");
    Refusal::new(StatusCode::BAD_GATEWAY, Code::VendorRejected, detail).with_remedy(Remedy {
        en: "Check that cec.origin is CEC's domain; if it is, show this to the vendor's support.",
        zh: "请确认 cec.origin 是云客服域名；若无误，请联系厂商技术支持。",
    })
}

/// The page's request carries more than it may.
pub fn too_much(body_limit: u64) -> Refusal {
    let detail = format!("The body: expected at most {body_limit} bytes, found more.");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidOption, detail).with_remedy(Remedy {
        en: "Send a smaller file; the operator may raise cec.proxy_body_limit.",
        zh: "请发送更小的文件；运维人员可调大 cec.proxy_body_limit。",
    })
}

/// There is no place for another WebSocket.
pub fn full(full: Full) -> Refusal {
    match full {
        Full::All => busy("WebSockets", "cec.proxy_websockets"),
        Full::OfAddress => busy(
            "WebSockets of one address",
            "cec.proxy_websockets_per_address",
        )
        .with_remedy(Remedy {
            en: "Close another chat, then try again. If many people share that address, list the gateway in listen.gateways or raise cec.proxy_websockets_per_address.",
            zh: "请关闭其他会话后重试。若多人共用该地址，请在 listen.gateways 中列出网关，或调大 cec.proxy_websockets_per_address。",
        }),
    }
}

/// As many are at CEC as may be there at once. `key` is the one that says how many.
pub fn busy(what: &'static str, key: &'static str) -> Refusal {
    metrics::limit_refused(key);
    tracing::warn!(key, "too many at once");
    let detail = format!("Too many {what} are open to CEC at once (see {key}).");
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Network, detail)
        .with_remedy(Remedy { en: "Try again in a few seconds.", zh: "请数秒后重试。" })
        .with_retry_after(Some(2))
}

const UNREACHABLE: Remedy = Remedy {
    en: "Try again; if it keeps happening, check that calldock-server can reach cec.origin: name resolution, firewall, proxy.",
    zh: "请重试；若反复出现，请检查 calldock-server 能否访问 cec.origin：域名解析、防火墙与代理。",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_place_is_counted_under_the_key_that_says_how_many() {
        let recorder = metrics::recorder().unwrap();
        let counts = recorder.handle();
        ::metrics::with_local_recorder(&recorder, || {
            for (reason, key) in [
                (Full::All, "cec.proxy_websockets"),
                (Full::OfAddress, "cec.proxy_websockets_per_address"),
            ] {
                assert!(full(reason).detail().contains(key));
                let counted = format!("limits_refused_total{{limit=\"{key}\"}} 1");
                assert!(counts.render().contains(&counted), "{}", counts.render());
            }
        });
    }
}
